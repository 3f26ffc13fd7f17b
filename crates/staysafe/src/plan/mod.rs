//! What will be calculated: which indicators, in which periods, from which fields.

mod by;
pub(crate) mod cycle;
mod division;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::calendar::Days;
use crate::check::breakdown::CheckedBreakdown;
use crate::check::tree::Need;
use crate::check::{Checked, CheckedIndicator};
use crate::period::{Period, PeriodKind, View};
use crate::record::{Cover, Data, PartnerCounts};
use crate::value::{Datum, Value};

pub(crate) use by::narrowest;
pub use by::{By, by};
pub use cycle::Speaks;
pub use division::{BUCKETS, Divided, Division, Share, bucket, division};

/// How many cells one indicator may be broken down into in one area and period.
const MOST_CELLS: usize = 20_000;

/// What the caller asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Ids of indicators, and of second readings of them: `cs-04@same-carer`. None means all indicators.
    pub indicators: Vec<String>,
    /// Whether every reading of the indicators that are calculated is calculated beside them.
    pub readings: bool,
    /// The periods, in any order.
    pub periods: Vec<Period>,
    /// By what figures are kept apart: `area`, a level of areas such as `region`, names of breakdowns. Areas that
    /// are not asked for are added up.
    pub by: Vec<String>,
    /// Whether rows outside a return's cover are let in: what is left of older cases, marked so.
    pub beyond_cover: bool,
}

/// A plan: everything that decides the figures but the records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    indicators: Vec<Planned>,
    periods: Vec<Period>,
    by: Vec<By>,
    beyond_cover: bool,
    reads: Need,
    hash: String,
}

/// One indicator of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// Periods to calculate: of each that was asked for, what its definition says that it shows.
    pub speaks: Vec<Speaks>,
    /// Whether figures can be worked out from records.
    pub computable: bool,
    /// What it uses that cannot be calculated yet.
    pub not_supported: Vec<String>,
    /// Fields by dataset that it reads.
    pub reads: Need,
    /// Hash of its definition.
    pub definition: String,
    /// Whether its figures are kept apart by each of [`Plan::by`]: by what was asked for, and by what its
    /// definition requires.
    pub applies: Vec<bool>,
    /// Its breakdowns by name, or why it cannot be broken down so.
    pub breakdowns: BTreeMap<String, Result<CheckedBreakdown, String>>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No indicator goes by this id.
    #[error("no indicator is called '{id}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownIndicator {
        /// The id that was asked for.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// Figures cannot be kept apart by this.
    #[error("figures cannot be kept apart by '{name}'{}; by {known}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownBy {
        /// The name that was asked for.
        name: String,
        /// The nearest name there is.
        near: Option<String>,
        /// Every name there is.
        known: String,
    },
    /// The framework names this breakdown and does not say how records are sorted by it.
    #[error(
        "figures cannot be kept apart by '{name}': the framework has words for it and no rule that sorts records; by {known}"
    )]
    OnlyWords {
        /// The name that was asked for.
        name: String,
        /// Every name there is.
        known: String,
    },
    /// More cells than anybody could read.
    #[error(
        "'{indicator}' would have {cells} cells in one area and period, and {MOST_CELLS} is the most: ask by fewer breakdowns at once"
    )]
    TooFine {
        /// The indicator.
        indicator: String,
        /// Its cells.
        cells: usize,
    },
    /// No period was asked for.
    #[error(
        "no period to calculate: name one, such as '2010-11 Q1', or give returns with records in them whose cover holds a whole one; the tables of a looked-after return have a cover once their year is given"
    )]
    NoPeriod,
}

/// Plans a calculation.
///
/// # Errors
/// An id that no indicator goes by, with the nearest; no period.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read, plan::{Request, plan}};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let (checked, _) = check(framework);
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// assert!(plan(&checked.unwrap(), &request).is_ok());
/// ```
pub fn plan(checked: &Checked, request: &Request) -> Result<Plan, PlanError> {
    let asked: BTreeSet<&str> = request.indicators.iter().map(String::as_str).collect();
    for id in &asked {
        if checked.indicator(id).is_none() {
            let near = checked.nearest(id).map(str::to_owned);
            return Err(PlanError::UnknownIndicator { id: (*id).to_owned(), near });
        }
    }
    let mut periods = request.periods.clone();
    periods.sort();
    periods.dedup();
    if periods.is_empty() {
        return Err(PlanError::NoPeriod);
    }
    let asked_by = by(checked, &request.by)?;
    let by = with_required(checked, &asked_by, request, &asked);
    let mut reads = Need::new();
    let mut indicators = Vec::new();
    for indicator in wanted(checked, request, &asked) {
        for (dataset, fields) in indicator.reads() {
            reads.entry(dataset.clone()).or_default().extend(fields.iter().cloned());
        }
        let definition = checked.definition(indicator.id());
        let applies: Vec<bool> = by
            .iter()
            .map(|one| asked_by.contains(one) || required(checked, indicator.id()).as_ref() == Some(one))
            .collect();
        let used = by.iter().zip(&applies).filter(|(_, applies)| **applies).map(|(one, _)| one);
        let breakdowns = breakdowns(checked, indicator.id(), used)?;
        for (dataset, fields) in breakdowns.values().flatten().flat_map(|breakdown| &breakdown.reads) {
            reads.entry(dataset.clone()).or_default().extend(fields.iter().cloned());
        }
        indicators.push(Planned {
            applies,
            breakdowns,
            id: indicator.id().to_owned(),
            speaks: definition.map(|d| cycle::speaks(d, &periods)).unwrap_or_default(),
            computable: indicator.is_computable(),
            not_supported: indicator.not_supported().to_vec(),
            reads: indicator.reads().clone(),
            definition: indicator.hash().to_owned(),
        });
    }
    let hash = hash(&indicators, &periods, &by, request, checked);
    Ok(Plan { indicators, periods, by, beyond_cover: request.beyond_cover, reads, hash })
}

/// The indicators and readings to calculate, in order of id.
fn wanted<'a>(
    checked: &'a Checked,
    request: &Request,
    asked: &BTreeSet<&str>,
) -> impl Iterator<Item = &'a CheckedIndicator> {
    let is_wanted = |id: &str| asked.is_empty() || asked.contains(id);
    let indicators = checked.indicators().values().filter(move |indicator| is_wanted(indicator.id()));
    let readings = checked.readings().values().filter(move |reading| {
        let of_wanted = request.readings && reading.reading().is_some_and(|reading| is_wanted(reading.of()));
        of_wanted || asked.contains(reading.id())
    });
    let both: BTreeMap<&str, &CheckedIndicator> =
        indicators.chain(readings).map(|indicator| (indicator.id(), indicator)).collect();
    both.into_values()
}

/// What is asked for, and behind it what definitions require.
fn with_required(checked: &Checked, asked_by: &[By], request: &Request, asked: &BTreeSet<&str>) -> Vec<By> {
    let mut by = asked_by.to_vec();
    for indicator in wanted(checked, request, asked) {
        if let Some(required) = required(checked, indicator.id())
            && !by.contains(&required)
        {
            by.push(required);
        }
    }
    by
}

/// What a definition's figures are never shown without.
fn required(checked: &Checked, id: &str) -> Option<By> {
    let name = checked.definition(id)?.required_breakdown.as_ref()?;
    by::named(checked.framework(), &name.value)
}

/// The breakdowns of one indicator, for its calculation or that of the one it stands for.
fn breakdowns<'b>(
    checked: &Checked,
    id: &str,
    by: impl Iterator<Item = &'b By>,
) -> Result<BTreeMap<String, Result<CheckedBreakdown, String>>, PlanError> {
    let mut found = BTreeMap::new();
    let mut cells: usize = 1;
    for name in by.filter_map(|by| match by {
        By::Breakdown(name) => Some(name),
        By::Area | By::Level(_) => None,
    }) {
        let Some(calculation) = checked.calculation_of(id) else { continue };
        let breakdown = checked.breakdown(name, calculation);
        cells = cells.saturating_mul(breakdown.as_ref().map_or(1, |of| of.categories.len() + 1));
        found.insert(name.clone(), breakdown);
    }
    if cells > MOST_CELLS {
        return Err(PlanError::TooFine { indicator: id.to_owned(), cells });
    }
    Ok(found)
}

/// Every whole quarter and financial year inside the cover of any table of any return, in order.
///
/// # Example
/// ```
/// assert!(staysafe::plan::periods_inside(&staysafe::record::Data::default()).is_empty());
/// ```
pub fn periods_inside(data: &Data) -> Vec<Period> {
    let covers: BTreeSet<(chrono::NaiveDate, chrono::NaiveDate)> = data
        .returns
        .iter()
        .flat_map(|of| of.tables.values())
        .filter_map(|table| table.cover.events.or(table.cover.stocks))
        .map(|Days { first, last }| (first, last))
        .collect();
    let mut periods = BTreeSet::new();
    for (first, last) in covers {
        for kind in [PeriodKind::Quarter, PeriodKind::FinancialYear] {
            let mut next = Period::of(kind, first).ok();
            while let Some(period) = next.filter(|period: &Period| period.last_day() <= last) {
                if period.first_day() >= first {
                    periods.insert(period);
                }
                next = period.next();
            }
        }
    }
    // Counts of partners speak for the periods that they name.
    periods.extend(PartnerCounts::of(data).entries.into_iter().map(|entry| entry.period));
    periods.into_iter().collect()
}

/// Every financial year from the first day that any record of work names to the last day of any cover.
///
/// Figures outside the cover count what is left of older cases.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read, plan::financial_years_of, record::Data};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// assert!(financial_years_of(&checked, &Data::default()).is_empty());
/// ```
pub fn financial_years_of(checked: &Checked, data: &Data) -> Vec<Period> {
    let tables = || data.returns.iter().flat_map(|of| &of.tables);
    let known = |cover: &Cover| !cover.is_year_unknown();
    let covers = tables().map(|(_, table)| table.cover).filter(known);
    let last = covers.filter_map(|cover| cover.events.map(|days| days.last)).max();
    let mut years = BTreeSet::new();
    for (id, table) in tables() {
        let Some(dataset) = checked.framework().datasets.get(id) else { continue };
        let work: BTreeSet<&str> = dataset
            .fields
            .iter()
            .filter(|field| !field.personal)
            .map(|field| field.name.value.as_str())
            .collect();
        for row in &table.rows {
            for (field, value) in table.fields.iter().zip(&row.values) {
                if let Datum::Known(Value::Date(day)) = value
                    && work.contains(field.as_ref())
                    && last.is_none_or(|last| *day <= last)
                {
                    years.extend(Period::of(PeriodKind::FinancialYear, *day).ok());
                }
            }
        }
    }
    let first = years.first().copied();
    first
        .zip(years.last().copied())
        .and_then(|(first, last)| Period::range(first, last).ok())
        .unwrap_or_default()
}

impl Default for Request {
    fn default() -> Self {
        Self {
            indicators: Vec::new(),
            readings: false,
            periods: Vec::new(),
            by: vec!["area".to_owned()],
            beyond_cover: false,
        }
    }
}

impl Plan {
    /// The indicators, in order of id.
    pub fn indicators(&self) -> &[Planned] {
        &self.indicators
    }

    /// The periods, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// By what figures are kept apart.
    pub fn by(&self) -> &[By] {
        &self.by
    }

    /// Whether every indicator's areas, or those of a level, stay apart.
    pub fn keeps_areas(&self) -> bool {
        self.by.iter().enumerate().any(|(place, by)| {
            let applies = |planned: &Planned| planned.applies.get(place).copied().unwrap_or(false);
            !matches!(by, By::Breakdown(_)) && self.indicators.iter().all(applies)
        })
    }

    /// Whether rows outside the cover are let in.
    pub fn beyond_cover(&self) -> bool {
        self.beyond_cover
    }

    /// Fields by dataset that are read.
    pub fn reads(&self) -> &Need {
        &self.reads
    }

    /// Hash of the plan: definitions, periods and how areas and cover are treated.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The plan for a person to read: what is calculated, from which datasets and fields, and what is not
    /// and why.
    pub fn explain(&self) -> String {
        let mut text = String::new();
        let names: Vec<String> = self.periods.iter().map(ToString::to_string).collect();
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line(format!("periods: {}", names.join(", ")));
        let apart = self.by.contains(&By::Area);
        let level = self.by.iter().any(|by| matches!(by, By::Level(_)));
        line(format!(
            "areas: {}",
            if apart {
                "each apart"
            } else if level {
                "added up by level"
            } else {
                "added up"
            }
        ));
        let columns: Vec<&str> = self.by.iter().filter_map(By::column).collect();
        if !columns.is_empty() {
            line(format!("kept apart by: {}", columns.join(", ")));
        }
        line(format!(
            "rows outside the cover: {}",
            if self.beyond_cover { "let in, marked" } else { "left out" }
        ));
        line("reads:".to_owned());
        for (dataset, fields) in &self.reads {
            line(format!(
                "  {dataset}: {}",
                fields.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
            ));
        }
        line("indicators:".to_owned());
        for planned in &self.indicators {
            let from = planned.reads.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            line(match (planned.computable, planned.not_supported.is_empty()) {
                (true, _) => format!("  {}: from {from}", planned.id),
                (false, true) => format!("  {}: no calculation is written yet", planned.id),
                (false, false) => format!("  {}: not yet: {}", planned.id, planned.not_supported.join(", ")),
            });
            for Speaks { period, shown } in planned.speaks.iter().filter(|_| planned.computable) {
                if shown.view == View::NotDue {
                    line(format!("    {period}: not due"));
                } else if let Some(words) = shown.words() {
                    line(format!("    {period}: {words}"));
                }
            }
            for why in planned.breakdowns.values().filter_map(|found| found.as_ref().err()) {
                line(format!("    not broken down: {why}"));
            }
        }
        text
    }
}

fn hash(
    indicators: &[Planned],
    periods: &[Period],
    by: &[By],
    request: &Request,
    checked: &Checked,
) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    for planned in indicators {
        add(&planned.id);
        add(&planned.definition);
        // A breakdown is part of what was calculated only where it was asked for.
        for (name, breakdown) in &planned.breakdowns {
            add(name);
            add(breakdown.as_ref().map_or_else(String::as_str, |breakdown| &breakdown.hash));
        }
    }
    for period in periods {
        add(&period.to_string());
    }
    add(if by.contains(&By::Area) { "by area" } else { "added up" });
    for column in by.iter().filter_map(By::column) {
        add(column);
    }
    add(if request.beyond_cover { "beyond cover" } else { "inside cover" });
    add(checked.calendar().version());
    crate::value::hex(&digest.finalize())
}
