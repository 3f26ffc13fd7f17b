//! What arrived, as a row of the plan asks for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::definition::board::Row;
use crate::definition::dataset::Missing;
use crate::definition::framework::Framework;
use crate::gap::{Arrived, Delivery};
use crate::period::{Days, Period};
use crate::record::{ExpectedReturns, Standing};

/// A table that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The authority it speaks of.
    pub area: String,
    /// The dataset's id.
    pub dataset: String,
    /// The days it can speak for; `None` for all of them.
    pub days: Option<Days>,
    /// Its rows; a table without any is a nil return.
    pub rows: u64,
    /// Rows with a value, by field; a field that the table has not is not here.
    pub known: BTreeMap<String, u64>,
}

/// All tables that arrived, and what was declared to be nothing.
///
/// Of a dataset that several authorities send, each that ever sent it must send it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Arrivals {
    tables: Vec<Arrival>,
    nil: Vec<Nil>,
}

/// That somebody declared that there is nothing to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Nil {
    area: Option<String>,
    dataset: String,
    period: Period,
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
        Self { tables, nil: Vec::new() }
    }

    /// What arrived, as the gap analysis knows it.
    pub fn of(arrived: &Arrived) -> Self {
        let of_area = |(area, dataset, delivery): (&String, &String, &Delivery)| Arrival {
            area: area.clone(),
            dataset: dataset.clone(),
            days: spoken_for(delivery),
            rows: delivery.rows,
            known: delivery
                .fields()
                .map(|(field, filled)| (field.to_owned(), filled.known + filled.suppressed))
                .collect(),
        };
        let all = arrived.areas.iter().flat_map(|(area, from)| {
            let deliveries = from.deliveries.iter();
            deliveries
                .flat_map(move |(dataset, all)| all.iter().map(move |delivery| (area, dataset, delivery)))
        });
        Self::new(all.map(of_area).collect())
    }

    /// Besides, what agencies declared to be nothing, by the register of returns that were asked for.
    #[must_use]
    pub fn with_nil(mut self, register: &ExpectedReturns, as_of: NaiveDate) -> Self {
        let nil = register.entries.iter().filter(|entry| entry.standing(as_of) == Standing::Nil);
        self.nil.extend(nil.map(|entry| Nil {
            area: entry.area.clone(),
            dataset: entry.dataset.clone(),
            period: entry.period,
        }));
        self
    }

    /// Whether what a row asks for was seen: for a period, or at all.
    pub(super) fn seen(
        &self,
        framework: &Framework,
        row: &Row,
        threshold: Decimal,
        period: Option<Period>,
    ) -> Seen {
        let tables = || self.tables.iter().filter(|table| table.dataset == row.dataset);
        let areas: BTreeSet<&str> = tables().map(|table| table.area.as_str()).collect();
        let nil = |area: Option<&str>| {
            let of = |nil: &Nil| nil.area.is_none() || area.is_none() || nil.area.as_deref() == area;
            let holds = |nil: &Nil| period.is_none_or(|period| nil.period.contains_period(period));
            self.nil.iter().any(|nil| nil.dataset == row.dataset && of(nil) && holds(nil))
        };
        if areas.is_empty() {
            return if nil(None) { Seen::Yes } else { Seen::NotArrived };
        }
        let blank = blank_is_an_answer(framework, &row.dataset);
        let of_area = |area: &str| {
            let tables = tables().filter(|table| table.area == area);
            let seen = seen_of(tables, row, threshold, period, &blank);
            if seen != Seen::Yes && nil(Some(area)) { Seen::Yes } else { seen }
        };
        areas.into_iter().map(of_area).find(|seen| *seen != Seen::Yes).unwrap_or(Seen::Yes)
    }
}

/// The days that a delivery speaks for, whether things happen, start or end in them.
fn spoken_for(delivery: &Delivery) -> Option<Days> {
    let cover = delivery.cover;
    let all = cover.events.into_iter().chain(cover.starts).chain(cover.ends);
    all.reduce(|a, b| Days { first: a.first.max(b.first), last: a.last.min(b.last) })
}

/// Whether what a row asks for was seen in the tables of one authority.
fn seen_of<'t>(
    tables: impl Iterator<Item = &'t Arrival>,
    row: &Row,
    threshold: Decimal,
    period: Option<Period>,
    blank: &BTreeSet<String>,
) -> Seen {
    let speaks = |table: &&Arrival| match (period, table.days) {
        (Some(period), Some(days)) => days.first <= period.last_day() && period.first_day() <= days.last,
        (_, Some(days)) => days.first <= days.last,
        (_, None) => true,
    };
    let mut spans = Vec::new();
    let mut fault: Option<Seen> = None;
    for table in tables.filter(speaks) {
        match short_of(table, row, threshold, blank) {
            None => spans.push(table.days),
            Some(short) => fault = fault.or(Some(short)),
        }
    }
    if spans.is_empty() {
        return fault.unwrap_or(Seen::NotArrived);
    }
    let whole = period.is_none_or(|period| period.days().are_held_by(|| spans.iter().copied()));
    if whole { Seen::Yes } else { fault.unwrap_or(Seen::PartOfPeriod) }
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
