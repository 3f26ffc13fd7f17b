//! Need and supply laid side by side as rows: what each entry asks of each dataset, and how far each field of each
//! delivery is filled in. What is said to be supplied is [`supplied`](super::supplied::supplied).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::arrived::{Arrived, Filled};
use super::asked::Side;
use super::entry::holder;
use super::need::{Because, Need, base, needs};
use super::supplied::{SupplySaid, supplied};
use crate::check::Checked;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Cycle, Stretch};
use crate::describe::describe_stretch;

/// What one entry asks of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedRow {
    /// The indicator's id.
    pub indicator: String,
    /// The dataset's id.
    pub dataset: String,
    /// The agency that holds it, where one is known.
    pub holder: Option<String>,
    /// The fields of it.
    pub fields: BTreeSet<String>,
    /// Datasets whose rows its rows must find.
    pub finds: BTreeSet<String>,
    /// Whether it is the population below the line of a rate.
    pub population: bool,
    /// How often the entry is due: `quarter`, `financial-year`, …, or the day of a yearly snapshot.
    pub due: String,
    /// How far the entry's records must reach back, and why: `12 months (rolling-year)`.
    pub reaches_back: Vec<String>,
    /// Whether some of the entry's answers hang on earlier returns.
    pub earlier_returns: bool,
    /// By what the entry is to be broken down.
    pub breakdowns: Vec<String>,
}

/// How far one field of one dataset of one return is filled in, after joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArrivedRow {
    /// The authority's code.
    pub area: String,
    /// Who handed it in, where that is said.
    pub agency: Option<String>,
    /// The dataset's id.
    pub dataset: String,
    /// What the caller calls the return.
    pub name: String,
    /// The first day it speaks for; `None`: it has no limit.
    pub first: Option<NaiveDate>,
    /// The last day it speaks for.
    pub last: Option<NaiveDate>,
    /// The day by which more should be there by the supplier's own rhythm, where it names one.
    pub more_by: Option<NaiveDate>,
    /// Rows.
    pub rows: u64,
    /// Whole records of the return that could not be used; `None` where that is not known.
    pub rejected_records: Option<u64>,
    /// The field.
    pub field: String,
    /// Of the rows, how many have a value, have none, have one that could not be used, have one that is hidden.
    #[serde(flatten)]
    pub filled: Filled,
}

/// What each entry asks of each dataset, in order of id.
///
/// # Example
/// ```
/// use staysafe::gap::needed;
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nbetween = 'rolling-12-months'\nholder = 'yjb'\n[[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let rows = needed(&check(read(files).0).0.unwrap());
/// assert_eq!((rows[0].dataset.as_str(), rows[0].holder.as_deref()), ("restraint", Some("yjb")));
/// assert_eq!(rows[0].reaches_back, ["12 months (rolling-year)"]);
/// ```
pub fn needed(checked: &Checked) -> Vec<NeedRow> {
    let framework = checked.framework();
    let of = |(id, need): (String, Need)| {
        let indicator = framework.indicators.get(&id);
        let finds = finds(checked, &need);
        let reaches: Vec<String> =
            need.history.reaches.iter().map(|reach| back(reach.stretch, reach.because)).collect();
        let row = |(dataset, fields): (&String, &BTreeSet<String>)| NeedRow {
            indicator: id.clone(),
            dataset: dataset.clone(),
            holder: indicator.and_then(|of| holder(framework, of, dataset)).map(str::to_owned),
            fields: fields.clone(),
            finds: finds.get(dataset.as_str()).cloned().unwrap_or_default(),
            population: need.populations.contains(dataset),
            due: due(&need.frequency),
            reaches_back: reaches.clone(),
            earlier_returns: need.history.earlier_returns,
            breakdowns: need.breakdowns.clone(),
        };
        need.fields.iter().map(row).collect::<Vec<_>>()
    };
    needs(checked).into_iter().flat_map(of).collect()
}

/// How far each field of each delivery is filled in, in order of authority, dataset and day.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, arrived_rows};
/// use staysafe::definition::framework::Framework;
/// assert!(arrived_rows(&Framework::default(), &Arrived::default()).is_empty());
/// ```
pub fn arrived_rows(framework: &Framework, arrived: &Arrived) -> Vec<ArrivedRow> {
    let said = supplied(framework);
    let mut rows = Vec::new();
    for (area, from) in &arrived.areas {
        for (dataset, all) in &from.deliveries {
            for delivery in all {
                let days = Side::Any.of(&delivery.cover);
                let came = from.returns.iter().find(|came| came.name == delivery.name);
                let last = days.filter(|_| !delivery.cover.is_year_unknown()).map(|days| days.last);
                rows.extend(delivery.fields().map(|(field, filled)| ArrivedRow {
                    area: area.clone(),
                    agency: delivery.agency.clone(),
                    dataset: dataset.clone(),
                    name: delivery.name.clone(),
                    first: last.and(days).map(|days| days.first),
                    last,
                    more_by: last.and_then(|last| more_by(&said, dataset, last)),
                    rows: delivery.rows,
                    rejected_records: came.and_then(|came| came.rejected_records),
                    field: field.to_owned(),
                    filled,
                }));
            }
        }
    }
    rows
}

/// The day by which more of a dataset should be there than what speaks up to a day, by the first of its suppliers.
pub(super) fn more_by<'s>(
    said: impl IntoIterator<Item = &'s SupplySaid>,
    dataset: &str,
    last: NaiveDate,
) -> Option<NaiveDate> {
    let of_dataset = said.into_iter().filter(|said| said.dataset == dataset);
    of_dataset.filter_map(|said| said.more_by(last)).min()
}

/// By dataset, the datasets whose rows its rows must find; through derived tables.
fn finds<'n>(checked: &'n Checked, need: &'n Need) -> BTreeMap<&'n str, BTreeSet<String>> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for link in &need.links {
        let (from, to) = (base(checked, &link.from), base(checked, &link.to));
        if from != to {
            found.entry(from).or_default().insert(to.to_owned());
        }
    }
    found
}

fn due(cycle: &Cycle) -> String {
    match cycle {
        Cycle::Quarter => "quarter".to_owned(),
        Cycle::FinancialYear => "financial-year".to_owned(),
        Cycle::CalendarYear => "calendar-year".to_owned(),
        Cycle::AcademicYear => "academic-year".to_owned(),
        Cycle::Snapshot(day) => day.clone(),
    }
}

fn back(stretch: Stretch, because: Because) -> String {
    let because = match because {
        Because::RollingYear => "rolling-year",
        Because::Window => "window",
        Because::Lag => "lag",
        Because::LooksBack => "looks-back",
        Because::Anniversary => "anniversary",
        Because::Schedule => "schedule",
    };
    format!("{} ({because})", describe_stretch(stretch))
}
