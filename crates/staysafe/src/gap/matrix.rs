//! The matrix: a status for every indicator, period, authority and agency.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::asked::{Asked, Part, at_any_time, in_period};
use super::blanks::Blanks;
use super::entry::{applies, has_calculation, holder, substitutes, superseded};
use super::judge::Judge;
use super::{Arrived, ArrivedFrom, Circumstances, Headline, Need, Status, Supply, areas, needs};
use crate::check::Checked;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Indicator, Kind};
use crate::period::Period;

/// What an agency that nobody knows is called.
pub const NOBODY_KNOWN: &str = "(no holder is known)";

/// A status for every indicator, period, authority and agency: one word for each, in one row of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    indicators: Vec<String>,
    /// `None`: whatever the period.
    periods: Vec<Option<Period>>,
    areas: Vec<String>,
    agencies: Vec<String>,
    /// By indicator, then period, then authority, then agency.
    cells: Vec<Status>,
    standings: Vec<Standing>,
}

/// What is true of an indicator whatever arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Standing {
    listed: bool,
    /// Out of scope, or superseded.
    fixed: Option<Headline>,
    /// The collection has ended: the last day that it spoke for, or the first day there is where nobody says.
    ended: Option<NaiveDate>,
    planned: bool,
    calculable: bool,
    substitutes: Vec<usize>,
}

/// By what a matrix is told; what is left out is rolled up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Grain {
    /// Period by period.
    pub period: bool,
    /// Authority by authority.
    pub area: bool,
    /// Agency by agency.
    pub agency: bool,
}

impl Grain {
    /// By these: `period`, `area`, `agency`.
    ///
    /// # Errors
    /// A name that is none of them.
    ///
    /// # Example
    /// ```
    /// use staysafe::gap::Grain;
    /// assert!(Grain::by(["period", "agency"]).unwrap().agency);
    /// assert!(Grain::by(["ward"]).unwrap_err().contains("period, area"));
    /// ```
    pub fn by<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, String> {
        let mut grain = Self::default();
        for name in names {
            match name {
                "period" => grain.period = true,
                "area" => grain.area = true,
                "agency" => grain.agency = true,
                other => {
                    return Err(format!("gaps cannot be kept apart by '{other}'; by period, area, agency"));
                }
            }
        }
        Ok(grain)
    }
}

/// One row of a matrix: cells rolled up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MatrixRow<'m> {
    /// The indicator's id.
    pub indicator: &'m str,
    /// Whether it is one of the board's listed entries.
    pub listed: bool,
    /// The period, where periods are kept apart and named.
    pub period: Option<Period>,
    /// The authority, where authorities are kept apart.
    pub area: Option<&'m str>,
    /// The agency, where agencies are kept apart.
    pub agency: Option<&'m str>,
    /// The facts of the cells.
    pub status: Status,
    /// The headline; `None` where nothing is asked, because the measure is not due.
    pub headline: Option<Headline>,
}

/// The statuses of a framework.
///
/// Cells of agencies of which an indicator asks nothing are empty. Who is asked: the agencies of which the returns were
/// asked for by name, or else the holder.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, Circumstances, Grain, Headline, matrix};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\n[[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let mut when = Circumstances::on("2010-07-01".parse().unwrap());
/// when.periods = vec!["2010-11 Q1".parse().unwrap(), "2010-11 Q2".parse().unwrap()];
/// let matrix = matrix(&checked, &Arrived::default(), &when);
/// let rows = matrix.rows(Grain { period: true, agency: true, ..Grain::default() });
/// assert_eq!(rows.len(), 2);
/// assert_eq!((rows[0].agency, rows[0].headline), (Some("yjb"), Some(Headline::Gap)));
/// ```
pub fn matrix(checked: &Checked, arrived: &Arrived, circumstances: &Circumstances) -> Matrix {
    let framework = checked.framework();
    let needs = needs(checked);
    let mut periods: Vec<Option<Period>> = circumstances.periods.iter().copied().map(Some).collect();
    periods.sort();
    periods.dedup();
    if periods.is_empty() {
        periods.push(None);
    }
    let areas = areas(arrived, circumstances);
    let agencies = agencies(framework, arrived, &needs);
    let indicators: Vec<String> = needs.keys().cloned().collect();
    let mut matrix = Matrix {
        cells: vec![Status::NOTHING_ASKED; indicators.len() * periods.len() * areas.len() * agencies.len()],
        standings: standings(framework, arrived, circumstances, &needs, &indicators),
        indicators,
        periods,
        areas,
        agencies,
    };
    for (number, (id, need)) in needs.iter().enumerate() {
        if let Some(indicator) = framework.indicators.get(id) {
            matrix.fill(number, checked, arrived, circumstances, indicator, need);
        }
    }
    matrix.fill_groups(framework);
    matrix
}

impl Matrix {
    fn fill(
        &mut self,
        number: usize,
        checked: &Checked,
        arrived: &Arrived,
        circumstances: &Circumstances,
        indicator: &Indicator,
        need: &Need,
    ) {
        if indicator.kind.value == Kind::Group {
            return;
        }
        let framework = checked.framework();
        let blanks = Blanks::of(framework, indicator);
        let nothing = ArrivedFrom::default();
        let from: Vec<&ArrivedFrom> =
            self.areas.iter().map(|area| arrived.areas.get(area).unwrap_or(&nothing)).collect();
        let applicable: Vec<bool> =
            self.areas.iter().map(|area| applies(framework, indicator, Some(area))).collect();
        let not_defined = Status::SOME_MISSING.and(Status::NOT_DEFINED);
        for period in 0..self.periods.len() {
            let asked =
                match (self.periods.get(period).copied().flatten(), checked.indicator(&indicator.id.value)) {
                    (Some(period), Some(of)) => in_period(checked, of, need, period),
                    _ => Asked::Parts(at_any_time(need)),
                };
            let everywhere = match &asked {
                Asked::NotDue => Status::NOT_DUE,
                Asked::Outside(_) => not_defined,
                Asked::Parts(parts) if parts.is_empty() => not_defined,
                Asked::Parts(_) => Status::NOTHING_ASKED,
            };
            let parts = match asked {
                Asked::Parts(parts) => parts,
                Asked::NotDue | Asked::Outside(_) => Vec::new(),
            };
            let judges: Vec<(Judge<'_>, Asks<'_>)> = parts
                .into_iter()
                .map(|part| {
                    let asked = self.asked_of(framework, indicator, &part);
                    let judge = Judge::new(framework, &blanks, arrived, part, circumstances.as_of);
                    let named = judge.asked_by_name();
                    let named: Vec<_> =
                        named.into_iter().filter_map(|name| Some((self.agency(name)?, Some(name)))).collect();
                    (judge, if named.is_empty() { vec![(asked, None)] } else { named })
                })
                .collect();
            for (area, (from, applies)) in from.iter().zip(&applicable).enumerate() {
                let (own, name) = (*from, self.areas.get(area).map_or("", String::as_str));
                let mut found = Vec::with_capacity(judges.len());
                for (judge, asked) in judges.iter().filter(|_| *applies) {
                    for (agency, named) in asked {
                        found.push((*agency, judge.of((name, own), *named, &mut |_| {})));
                    }
                }
                let everywhere = if *applies { everywhere } else { Status::NOT_APPLICABLE };
                let Some(cells) = self.of_area_mut(number, period, area) else { continue };
                for cell in cells.iter_mut() {
                    *cell = everywhere;
                }
                for (agency, status) in found {
                    if let Some(cell) = cells.get_mut(agency) {
                        *cell = cell.and(status);
                    }
                }
            }
        }
    }

    /// A heading's facts are those of its members.
    fn fill_groups(&mut self, framework: &Framework) {
        for group in 0..self.indicators.len() {
            let Some(id) = self.indicators.get(group).cloned() else { continue };
            let is_group = framework.indicators.get(&id).is_some_and(|of| of.kind.value == Kind::Group);
            let member = |of: &&String| {
                let parent = framework.indicators.get(*of).and_then(|of| of.parent.as_ref());
                is_group && parent.is_some_and(|parent| parent.value == id)
            };
            let members: Vec<usize> =
                self.indicators.iter().enumerate().filter(|(_, of)| member(of)).map(|(at, _)| at).collect();
            let size = self.periods.len() * self.areas.len() * self.agencies.len();
            for member in members {
                let of_member: Vec<Status> =
                    self.cells.iter().skip(member * size).take(size).copied().collect();
                for (cell, more) in self.cells.iter_mut().skip(group * size).zip(of_member) {
                    *cell = cell.and(more);
                }
            }
        }
    }

    fn asked_of(&self, framework: &Framework, indicator: &Indicator, part: &Part) -> usize {
        let name = holder(framework, indicator, &part.dataset).unwrap_or(NOBODY_KNOWN);
        self.agency(name).unwrap_or_default()
    }

    fn agency(&self, name: &str) -> Option<usize> {
        self.agencies.binary_search_by(|held| held.as_str().cmp(name)).ok()
    }

    fn of_area_mut(&mut self, indicator: usize, period: usize, area: usize) -> Option<&mut [Status]> {
        let first = self.first(indicator, period, area);
        self.cells.get_mut(first..first + self.agencies.len())
    }

    fn first(&self, indicator: usize, period: usize, area: usize) -> usize {
        ((indicator * self.periods.len() + period) * self.areas.len() + area) * self.agencies.len()
    }

    /// The indicators, in order of id.
    pub fn indicators(&self) -> &[String] {
        &self.indicators
    }

    /// The authorities, in order.
    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// The agencies, in order of id.
    pub fn agencies(&self) -> &[String] {
        &self.agencies
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The status of one cell.
    pub fn status(
        &self,
        indicator: &str,
        period: Option<Period>,
        area: &str,
        agency: &str,
    ) -> Option<Status> {
        let indicator = self.indicators.binary_search_by(|held| held.as_str().cmp(indicator)).ok()?;
        let period = self.periods.binary_search(&period).ok()?;
        let area = self.areas.binary_search_by(|held| held.as_str().cmp(area)).ok()?;
        self.cells.get(self.first(indicator, period, area) + self.agency(agency)?).copied()
    }

    /// The matrix rolled up, by indicator and whatever else is kept apart; [`Status`] has the rule. Agencies of which
    /// nothing is asked have no row.
    pub fn rows(&self, by: Grain) -> Vec<MatrixRow<'_>> {
        let choose = |apart: bool, all: usize| -> Vec<Option<usize>> {
            if apart { (0..all).map(Some).collect() } else { vec![None] }
        };
        let periods = choose(by.period, self.periods.len());
        let areas = choose(by.area, self.areas.len());
        let agencies = choose(by.agency, self.agencies.len());
        let mut rows = Vec::new();
        for (number, indicator) in self.indicators.iter().enumerate() {
            for period in &periods {
                for area in &areas {
                    for agency in &agencies {
                        let at = Place { indicator: number, period: *period, area: *area, agency: *agency };
                        let status = self.rolled(at);
                        let empty = status.supply().is_none();
                        if by.agency && empty {
                            continue;
                        }
                        rows.push(MatrixRow {
                            indicator,
                            listed: self.standings.get(number).is_some_and(|standing| standing.listed),
                            period: period.and_then(|at| self.periods.get(at).copied().flatten()),
                            area: area.and_then(|at| self.areas.get(at)).map(String::as_str),
                            agency: agency.and_then(|at| self.agencies.get(at)).map(String::as_str),
                            status,
                            headline: self.headline(at, status),
                        });
                    }
                }
            }
        }
        rows
    }

    fn rolled(&self, at: Place) -> Status {
        let range = |one: Option<usize>, all: usize| one.map_or(0..all, |one| one..one + 1);
        let mut status = Status::NOTHING_ASKED;
        for period in range(at.period, self.periods.len()) {
            for area in range(at.area, self.areas.len()) {
                let first = self.first(at.indicator, period, area);
                let agencies = range(at.agency, self.agencies.len());
                let cells = self.cells.get(first + agencies.start..first + agencies.end);
                status = cells.into_iter().flatten().fold(status, |status, cell| status.and(*cell));
            }
        }
        status
    }

    /// The first state that holds; `None` where nothing is asked, because the measure is not due.
    fn headline(&self, at: Place, status: Status) -> Option<Headline> {
        let standing = self.standings.get(at.indicator)?;
        let asked = status.supply();
        let first = Headline::first(|headline| match headline {
            Headline::NotApplicable => asked.is_none() && status.has(Status::NOT_APPLICABLE),
            Headline::OutOfScope | Headline::Superseded => standing.fixed == Some(headline),
            Headline::Discontinued => standing.ended.is_some_and(|last| !self.all_end_by(at, last)),
            Headline::Available => asked == Some(Supply::Available),
            Headline::Partial => asked == Some(Supply::Partial),
            Headline::Proxy => asked == Some(Supply::None) && self.has_proxy(at, standing),
            Headline::Planned => asked == Some(Supply::None) && standing.planned,
            Headline::Gap => true,
        });
        (first != Headline::Gap || asked.is_some()).then_some(first)
    }

    fn has_proxy(&self, at: Place, standing: &Standing) -> bool {
        standing.substitutes.iter().any(|substitute| {
            let beside = Place { indicator: *substitute, agency: None, ..at };
            self.standings.get(*substitute).is_some_and(|standing| standing.calculable)
                && self.rolled(beside).supply() == Some(Supply::Available)
        })
    }

    fn all_end_by(&self, at: Place, last: NaiveDate) -> bool {
        let chosen = |number: usize| at.period.is_none_or(|period| period == number);
        let mut periods = self.periods.iter().enumerate().filter(|(number, _)| chosen(*number));
        periods.all(|(_, period)| period.is_some_and(|period| period.last_day() <= last))
    }
}

/// The agencies that a part is asked of, by their place, and by name where they were asked by name.
type Asks<'a> = Vec<(usize, Option<&'a str>)>;

#[derive(Debug, Clone, Copy)]
struct Place {
    indicator: usize,
    period: Option<usize>,
    area: Option<usize>,
    agency: Option<usize>,
}

/// Every agency that something is asked of, and the one that nobody knows.
fn agencies(framework: &Framework, arrived: &Arrived, needs: &BTreeMap<String, Need>) -> Vec<String> {
    let mut found: BTreeSet<&str> = arrived.expected.iter().map(|entry| entry.agency.as_str()).collect();
    for (id, need) in needs {
        let Some(indicator) = framework.indicators.get(id) else { continue };
        for dataset in need.fields.keys() {
            found.insert(holder(framework, indicator, dataset).unwrap_or(NOBODY_KNOWN));
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

fn standings(
    framework: &Framework,
    arrived: &Arrived,
    circumstances: &Circumstances,
    needs: &BTreeMap<String, Need>,
    ids: &[String],
) -> Vec<Standing> {
    let promised =
        |dataset: &String| circumstances.promised.iter().any(|promise| promise.dataset == *dataset);
    let of = |id: &String| {
        let (Some(indicator), Some(need)) = (framework.indicators.get(id), needs.get(id)) else {
            return Standing::default();
        };
        let mut missing = need.fields.keys().filter(|dataset| !arrived.has(dataset)).peekable();
        let ended = indicator.discontinued.as_ref().map(|ended| {
            let last = ended.last_period.as_ref().and_then(|last| last.value.parse::<Period>().ok());
            last.map_or(NaiveDate::MIN, Period::last_day)
        });
        let superseded = superseded(framework, indicator).map(|_| Headline::Superseded);
        Standing {
            fixed: indicator.out_of_scope.as_ref().map(|_| Headline::OutOfScope).or(superseded),
            listed: framework.is_listed(indicator),
            ended,
            planned: missing.peek().is_some() && missing.all(promised),
            calculable: has_calculation(framework, indicator) && need.not_supported.is_empty(),
            substitutes: substitutes(indicator)
                .filter_map(|proxy| ids.binary_search(&proxy.indicator).ok())
                .collect(),
        }
    };
    ids.iter().map(of).collect()
}
