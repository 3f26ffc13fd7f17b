//! What arrived, as a row of the plan asks for it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use crate::definition::board::Row;
use crate::definition::dataset::Missing;
use crate::definition::framework::Framework;
use crate::period::{Days, Period};
use crate::record::Profile;

/// A table that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The dataset's id.
    pub dataset: String,
    /// The days it can speak for; `None` for all of them.
    pub days: Option<Days>,
    /// Its rows; a table without any is a nil return.
    pub rows: u64,
    /// Rows with a value, by field; a field that the table has not is not here.
    pub known: BTreeMap<String, u64>,
}

/// All tables that arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Arrivals {
    tables: Vec<Arrival>,
}

/// Whether data was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "seen")]
pub enum Seen {
    /// All that was asked for, filled in as far as the plan asks.
    Yes,
    /// Nothing that speaks for the period.
    NotArrived,
    /// It arrived without a field.
    Without {
        /// The field.
        field: String,
    },
    /// A field is filled in in fewer rows than the plan asks.
    Incomplete {
        /// The field.
        field: String,
        /// Rows with a value.
        known: u64,
        /// All rows.
        rows: u64,
    },
    /// What arrived speaks for a part of the period.
    PartOfPeriod,
}

impl Arrivals {
    /// Tables that arrived.
    pub fn new(tables: Vec<Arrival>) -> Self {
        Self { tables }
    }

    /// The tables that returns carry.
    pub fn of(profiles: &[Profile]) -> Self {
        let carried = profiles.iter().flat_map(|profile| &profile.modules).filter(|module| module.carried);
        let tables = carried.map(|module| Arrival {
            dataset: module.dataset.clone(),
            days: module
                .cover
                .events
                .into_iter()
                .chain(module.cover.starts)
                .chain(module.cover.ends)
                .reduce(|a, b| Days { first: a.first.max(b.first), last: a.last.min(b.last) }),
            rows: module.rows,
            known: module.fields.iter().map(|field| (field.field.to_string(), field.known)).collect(),
        });
        Self { tables: tables.collect() }
    }

    /// Whether what a row asks for was seen: for a period, or at all.
    pub(super) fn seen(
        &self,
        framework: &Framework,
        row: &Row,
        threshold: Decimal,
        period: Option<Period>,
    ) -> Seen {
        let speaks = |table: &&Arrival| {
            let overlaps = |period: Period, days: Days| {
                days.first <= period.last_day() && period.first_day() <= days.last
            };
            table.dataset == row.dataset
                && match (period, table.days) {
                    (Some(period), Some(days)) => overlaps(period, days),
                    (_, Some(days)) => days.first <= days.last,
                    (_, None) => true,
                }
        };
        let blank = blank_is_an_answer(framework, &row.dataset);
        let mut spans = Vec::new();
        let mut fault: Option<Seen> = None;
        for table in self.tables.iter().filter(speaks) {
            match short_of(table, row, threshold, &blank) {
                None => spans.push(table.days),
                Some(short) => fault = fault.or(Some(short)),
            }
        }
        if spans.is_empty() {
            return fault.unwrap_or(Seen::NotArrived);
        }
        if period.is_none_or(|period| covers(spans, period)) {
            Seen::Yes
        } else {
            fault.unwrap_or(Seen::PartOfPeriod)
        }
    }
}

/// What a table lacks of what a row asks for.
fn short_of(table: &Arrival, row: &Row, threshold: Decimal, blank: &BTreeSet<String>) -> Option<Seen> {
    row.fields.iter().find_map(|field| {
        let Some(known) = table.known.get(field).copied() else {
            return Some(Seen::Without { field: field.clone() });
        };
        let least = threshold.checked_mul(Decimal::from(table.rows));
        let enough = table.rows == 0 || least.is_some_and(|least| Decimal::from(known) >= least);
        let full = enough && (known > 0 || table.rows == 0);
        let incomplete = Seen::Incomplete { field: field.clone(), known, rows: table.rows };
        (!full && !blank.contains(field)).then_some(incomplete)
    })
}

/// Fields of which a blank says something: the end of what still runs, the reason of what did not happen.
fn blank_is_an_answer(framework: &Framework, dataset: &str) -> BTreeSet<String> {
    let Some(dataset) = framework.datasets.get(dataset) else { return BTreeSet::new() };
    let said =
        dataset.fields.iter().filter(|field| field.missing == Missing::No || field.reason_of.is_some());
    let ends = dataset.dates.end.iter().map(|end| end.value.clone());
    said.map(|field| field.name.value.clone()).chain(ends).collect()
}

/// Whether spans of days, put together, hold a whole period.
fn covers(spans: Vec<Option<Days>>, period: Period) -> bool {
    let Some(mut spans) = spans.into_iter().collect::<Option<Vec<Days>>>() else { return true };
    spans.sort_by_key(|days| (days.first, days.last));
    let mut wanted = period.first_day();
    for days in spans {
        if days.first > wanted {
            return false;
        }
        if days.last >= period.last_day() {
            return true;
        }
        wanted = wanted.max(days.last.succ_opt().unwrap_or(days.last));
    }
    false
}
