//! What changed since the last run, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words;
use crate::disclosure::{Disclosed, SMALL};
use crate::gap::GapAnalysis;
use crate::period::{Period, View};
use crate::result::{ALL, Cell, Flag, Observation, Outcome, Results, Statistic, printed_count};
use crate::value::{Exact, Name};

const PUBLICATION: &str = "publication";

/// What is kept of a run, beside its report: what its audience saw, and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The day it was prepared.
    pub prepared: NaiveDate,
    /// `board` or `publication`: a figure that one hides the other may show.
    pub audience: String,
    /// What was shown.
    pub results: Results,
    /// The headline of each entry, by id.
    pub headlines: BTreeMap<String, String>,
}

/// Why a figure may differ from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The indicator's definition is another.
    Definition,
    /// The records are others.
    Data,
    /// A parameter is another.
    Parameters,
    /// The working-day calendar is another.
    Calendar,
    /// The library is another.
    Library,
    /// The audience is another.
    Audience,
    /// Other rows had to be hidden.
    Disclosure,
    /// None of these: a fault.
    Unexplained,
}

/// What changed between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// When the earlier run was prepared.
    pub since: NaiveDate,
    /// What differs between what the two were made of.
    pub causes: BTreeSet<Cause>,
    /// Indicators whose definition is another.
    pub definitions: BTreeSet<String>,
    /// Parameters that differ: before and now.
    pub parameters: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Cells that differ.
    pub cells: Vec<CellChange>,
    /// How many figures differ and are not compared: of low reliability, or of part of a period beside the whole.
    pub not_compared: usize,
    /// Entries whose headline differs: before and now.
    pub headlines: BTreeMap<String, (String, String)>,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// The indicator's id.
    pub indicator: String,
    /// The category of a distribution.
    pub category: Option<String>,
    /// The area's code.
    pub area: String,
    /// What it is kept apart by besides: levels of areas and categories of breakdowns.
    pub by: Vec<String>,
    /// The period.
    pub period: Period,
    /// What stood there; `None` where there was no such cell.
    pub before: Option<String>,
    /// What stands there; `None` where there is no such cell now.
    pub now: Option<String>,
    /// What may explain it.
    pub why: BTreeSet<Cause>,
}

impl CellChange {
    /// What the cell is of, besides its indicator and period: category and what it is kept apart by.
    pub fn of(&self) -> Option<String> {
        let by = self.by.iter().filter(|value| *value != ALL);
        let parts: Vec<&str> = self.category.iter().chain(by).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl Run {
    /// What to keep of a run. It is taken from what was disclosed, so that keeping it beside a
    /// publication gives nothing away. Full figures that were stored elsewhere are disclosed first, by
    /// the rule of today.
    pub fn of(disclosed: &Disclosed, gaps: Option<&GapAnalysis>, prepared: NaiveDate) -> Self {
        let gaps = gaps.into_iter().flat_map(|analysis| &analysis.gaps);
        let headlines = gaps.map(|(id, gap)| (id.clone(), words::headline(gap.headline).to_owned()));
        Self {
            prepared,
            audience: disclosed.audience().word().to_owned(),
            results: disclosed.results().clone(),
            headlines: headlines.collect(),
        }
    }
}

/// Compares two runs: which cells differ, and what of that which they were made of differs.
///
/// A cell is the same when its outcome, flags and coverage are; only a cell that differs is listed. A figure
/// stands under the period that it speaks of, so like is set beside like: a rolling window beside the same
/// window. Figures of low reliability are not compared, nor one of part of a period with one of the whole; they
/// are counted. A period or an area that only one of the two runs asked for is no change and is not listed, nor
/// is a figure that one of them carried (`last-known`) and the other did not. A publication
/// lists no cell of a run that was not one, and no earlier figure from which a few children could be told.
pub fn changes(previous: &Run, current: &Run) -> Changes {
    let (before, now) = (&previous.results.made_of, &current.results.made_of);
    let mut causes = BTreeSet::new();
    let mut differs = |cause, differs: bool| {
        if differs {
            causes.insert(cause);
        }
    };
    differs(Cause::Definition, before.definitions != now.definitions);
    differs(Cause::Data, before.data != now.data);
    differs(Cause::Parameters, before.parameters != now.parameters);
    differs(Cause::Calendar, before.calendar != now.calendar);
    differs(Cause::Library, before.library != now.library);
    differs(Cause::Audience, previous.audience != current.audience);
    let definitions: BTreeSet<String> = keys(&before.definitions, &now.definitions)
        .filter(|id| before.definitions.get(*id) != now.definitions.get(*id))
        .cloned()
        .collect();
    let parameters = keys(&before.parameters, &now.parameters)
        .map(|name| (name.clone(), (before.parameters.get(name).cloned(), now.parameters.get(name).cloned())))
        .filter(|(_, (before, now))| before != now)
        .collect();
    let headlines = current
        .headlines
        .iter()
        .filter_map(|(id, now)| {
            let before = previous.headlines.get(id)?;
            (before != now).then(|| (id.clone(), (before.clone(), now.clone())))
        })
        .collect();
    // What only a board saw is set beside nothing that everybody sees.
    let for_all = current.audience == PUBLICATION && previous.audience != PUBLICATION;
    let (cells, not_compared) =
        if for_all { (Vec::new(), 0) } else { cells(previous, current, &causes, &definitions) };
    Changes { since: previous.prepared, causes, definitions, parameters, cells, not_compared, headlines }
}

fn keys<'a, V>(a: &'a BTreeMap<String, V>, b: &'a BTreeMap<String, V>) -> impl Iterator<Item = &'a String> {
    a.keys().chain(b.keys()).collect::<BTreeSet<_>>().into_iter()
}

type Key<'a> = (&'a str, Statistic, Option<&'a str>, &'a str, &'a [Name], Period);

fn cells(
    previous: &Run,
    current: &Run,
    causes: &BTreeSet<Cause>,
    definitions: &BTreeSet<String>,
) -> (Vec<CellChange>, usize) {
    // Kept apart by other things, no cell of the one is a cell of the other.
    if previous.results.by != current.results.by {
        return (Vec::new(), 0);
    }
    let public = current.audience == PUBLICATION;
    let (before, now) = (by_key(&previous.results), by_key(&current.results));
    let asked = |cells: &BTreeMap<Key<'_>, &Observation>| -> BTreeSet<(String, Period)> {
        cells.keys().map(|(_, _, _, area, _, period)| ((*area).to_owned(), *period)).collect()
    };
    let (asked_before, asked_now) = (asked(&before), asked(&now));
    let keys: BTreeSet<&Key<'_>> = before.keys().chain(now.keys()).collect();
    let mut keys: Vec<&Key<'_>> = keys.into_iter().collect();
    keys.sort_by_key(|(id, statistic, category, area, by, period)| {
        (*id, *statistic, *category, *area, *by, period.kind(), period.first_day())
    });
    let mut not_compared = 0;
    let cells = keys
        .into_iter()
        .filter(|(_, _, _, area, _, period)| {
            let asked = ((*area).to_owned(), *period);
            asked_before.contains(&asked) && asked_now.contains(&asked)
        })
        .filter_map(|key| {
            let (old, new) = (before.get(key), now.get(key));
            let same = match (old, new) {
                (Some(old), Some(new)) => {
                    let (old, new) = (&old.cell, &new.cell);
                    (&old.outcome, &old.flags, &old.coverage) == (&new.outcome, &new.flags, &new.coverage)
                }
                _ => false,
            };
            let carried = |one: Option<&&Observation>, other: Option<&&Observation>| {
                other.is_none() && one.is_some_and(|seen| seen.shown.view == View::LastKnown)
            };
            let differs = !same && !carried(old, new) && !carried(new, old);
            if differs && !may_be_compared(old, new) {
                not_compared += 1;
                return None;
            }
            differs.then(|| {
                let (indicator, statistic, category, area, by, period) = key;
                let shown = |seen: Option<&&Observation>| seen.map(|seen| print(*statistic, &seen.cell));
                let before = if public && differ_by_few(old, new) {
                    Some("not shown: small numbers".to_owned())
                } else {
                    shown(old)
                };
                CellChange {
                    indicator: (*indicator).to_owned(),
                    category: category.map(str::to_owned),
                    area: (*area).to_owned(),
                    by: by.iter().map(Name::to_string).collect(),
                    period: *period,
                    before,
                    now: shown(new),
                    why: why(indicator, old, new, causes, definitions),
                }
            })
        })
        .collect();
    (cells, not_compared)
}

/// Whether two figures may be set beside each other; what is no figure says so itself.
fn may_be_compared(old: Option<&&Observation>, new: Option<&&Observation>) -> bool {
    let (Some(old), Some(new)) = (old.map(|seen| &seen.cell), new.map(|seen| &seen.cell)) else {
        return true;
    };
    let figure = |cell: &Cell| matches!(cell.outcome, Outcome::Figure { .. });
    if !figure(old) || !figure(new) {
        return true;
    }
    let either = |flag| old.flags.contains(&flag) || new.flags.contains(&flag);
    let one_only = |flag| old.flags.contains(&flag) != new.flags.contains(&flag);
    let parts = [Flag::PartlyCovered, Flag::PartlyReported, Flag::SurvivorsOnly];
    !either(Flag::LowReliability) && !parts.into_iter().any(one_only)
}

/// Whether a count and the one before it differ by a small number of people: side by side on a page they
/// would tell it.
fn differ_by_few(old: Option<&&Observation>, new: Option<&&Observation>) -> bool {
    let counts = |seen: Option<&&Observation>| match seen.map(|seen| (seen.statistic, &seen.cell.outcome)) {
        Some((statistic, Outcome::Figure { value, numerator, denominator })) => {
            let above = numerator.or_else(|| (statistic == Statistic::Count).then_some(*value));
            let whole = |count: Option<Exact>| count.and_then(|count| count.whole());
            let (above, below) = (whole(above), whole(*denominator));
            [above, below, below.zip(above).map(|(below, above)| below - above)]
        }
        _ => [None; 3],
    };
    let pairs = counts(old).into_iter().zip(counts(new));
    pairs.filter_map(|(old, new)| old.zip(new)).any(|(old, new)| SMALL.contains(&(old - new).abs()))
}

fn by_key(results: &Results) -> BTreeMap<Key<'_>, &Observation> {
    results
        .observations
        .iter()
        .map(|seen| {
            let (category, area) = (seen.category.as_deref(), seen.area.as_str());
            ((seen.indicator.as_str(), seen.statistic, category, area, seen.by.as_slice(), seen.period), seen)
        })
        .collect()
}

fn why(
    indicator: &str,
    old: Option<&&Observation>,
    new: Option<&&Observation>,
    causes: &BTreeSet<Cause>,
    definitions: &BTreeSet<String>,
) -> BTreeSet<Cause> {
    let hidden = |seen: Option<&&Observation>| {
        seen.is_some_and(|seen| seen.cell.outcome == Outcome::Absent(crate::result::Reason::Suppressed))
    };
    if hidden(old) != hidden(new) {
        let audience = causes.contains(&Cause::Audience);
        return BTreeSet::from([if audience { Cause::Audience } else { Cause::Disclosure }]);
    }
    let mut why: BTreeSet<Cause> = causes
        .iter()
        .filter(|cause| **cause != Cause::Audience)
        .filter(|cause| **cause != Cause::Definition || definitions.contains(indicator))
        .copied()
        .collect();
    if why.is_empty() {
        why.insert(Cause::Unexplained);
    }
    why
}

fn print(statistic: Statistic, cell: &Cell) -> String {
    match &cell.outcome {
        Outcome::Figure { value, numerator: Some(above), denominator: Some(below) } => {
            let value = statistic.printed(value, None);
            format!("{value} ({} of {})", printed_count(above), printed_count(below))
        }
        Outcome::Figure { value, .. } => statistic.printed(value, None),
        Outcome::Absent(reason) => words::short_reason(reason).to_owned(),
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Definition => "the definition changed",
            Self::Data => "the records changed",
            Self::Parameters => "a parameter changed",
            Self::Calendar => "the working-day calendar changed",
            Self::Library => "the library changed",
            Self::Audience => "it was prepared for another audience",
            Self::Disclosure => "other rows are hidden",
            Self::Unexplained => "nothing that explains it: please report it as a fault",
        })
    }
}
