//! The roles of a dataset's fields, by their positions in it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::definition::dataset::Dataset;
use crate::record::{Cover, Days, Return};
use crate::value::{Datum, Value};

/// How rows of a dataset are told apart, dated and recognised. Positions are those of the dataset's fields.
#[derive(Debug)]
pub(super) struct Roles<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) key: Option<Vec<usize>>,
    pub(super) version: Option<usize>,
    /// What a row is recognised by from one return to the next: its key, or what stands in for one.
    pub(super) recognised_by: Option<Vec<usize>>,
    pub(super) dates: Dated,
    /// Fields that number rows of a dataset inside one return.
    pub(super) numbers: Vec<(usize, &'a str)>,
    pub(super) goes_with: Option<GoesWith<'a>>,
}

/// The dates of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dated {
    event: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
}

/// The record that a row goes with.
#[derive(Debug)]
pub(super) struct GoesWith<'a> {
    pub(super) to: &'a String,
    pub(super) ours: Vec<usize>,
    pub(super) theirs: Vec<usize>,
}

/// The roles of every dataset that a return carries; what a dataset goes with stands before it.
pub(super) fn in_order<'a>(
    datasets: &'a BTreeMap<String, Dataset>,
    returns: &[&Return],
) -> impl Iterator<Item = Roles<'a>> {
    let carried: BTreeSet<&str> =
        returns.iter().flat_map(|of| of.tables.keys().map(String::as_str)).collect();
    let mut placed: Vec<(usize, Roles<'a>)> = carried
        .into_iter()
        .filter_map(|id| datasets.get(id))
        .map(|dataset| (depth(datasets, dataset), Roles::new(datasets, dataset)))
        .collect();
    placed.sort_by_key(|(depth, _)| *depth);
    placed.into_iter().map(|(_, roles)| roles)
}

/// How many datasets a dataset goes with, one after the other; checked definitions have no circle.
fn depth(datasets: &BTreeMap<String, Dataset>, dataset: &Dataset) -> usize {
    let mut at = dataset;
    for depth in 0..datasets.len() {
        match leader(datasets, at) {
            Some(next) => at = next,
            None => return depth,
        }
    }
    datasets.len()
}

fn leader<'a>(datasets: &'a BTreeMap<String, Dataset>, of: &Dataset) -> Option<&'a Dataset> {
    let name = of.goes_with.as_ref()?;
    let link = of.links.iter().find(|link| link.name.value == name.value)?;
    datasets.get(&link.to.value)
}

impl<'a> Roles<'a> {
    fn new(datasets: &'a BTreeMap<String, Dataset>, dataset: &'a Dataset) -> Self {
        let at = |name: &str| dataset.fields.iter().position(|field| field.name.value == name);
        let all = |names: &Vec<String>| names.iter().map(|name| at(name)).collect::<Option<Vec<usize>>>();
        let one =
            |name: &Option<crate::diagnostic::Spanned<String>>| name.as_ref().and_then(|n| at(&n.value));
        let key = dataset.key.as_ref().and_then(|key| all(&key.value));
        let recognised = dataset.recognised_by.as_ref().and_then(|fields| all(&fields.value));
        Self {
            dataset,
            version: one(&dataset.version),
            recognised_by: key.clone().or(recognised),
            key,
            dates: Dated {
                event: one(&dataset.dates.event),
                start: one(&dataset.dates.start),
                end: one(&dataset.dates.end),
            },
            numbers: dataset
                .fields
                .iter()
                .enumerate()
                .filter_map(|(at, field)| Some((at, field.number_of.as_ref()?.value.as_str())))
                .collect(),
            goes_with: goes_with(datasets, dataset),
        }
    }

    /// Whether a field only numbers rows, anew in each return.
    pub(super) fn is_number(&self, field: usize) -> bool {
        self.numbers.iter().any(|(at, _)| *at == field)
    }

    /// The position of a row's own number.
    pub(super) fn own_number(&self) -> Option<usize> {
        self.numbers.iter().find(|(_, of)| *of == self.dataset.id.value).map(|(at, _)| *at)
    }

    /// What a row is recognised by: fields that say so, or else everything it says.
    pub(super) fn recognised(&self, values: &[Datum]) -> Vec<Datum> {
        match &self.recognised_by {
            Some(fields) => pick(values, fields),
            None => self.lasting(values),
        }
    }

    /// Everything a row says but numbers that hold in one return only.
    pub(super) fn lasting(&self, values: &[Datum]) -> Vec<Datum> {
        let kept = values.iter().enumerate().filter(|(at, _)| !self.is_number(*at));
        kept.map(|(_, datum)| datum.clone()).collect()
    }
}

fn goes_with<'a>(datasets: &'a BTreeMap<String, Dataset>, dataset: &'a Dataset) -> Option<GoesWith<'a>> {
    let name = dataset.goes_with.as_ref()?;
    let link = dataset.links.iter().find(|link| link.name.value == name.value)?;
    let to = datasets.get(&link.to.value)?;
    let at = |of: &Dataset, name: &str| of.fields.iter().position(|field| field.name.value == name);
    let ours = link.on.iter().map(|(our, _)| at(dataset, &our.value)).collect::<Option<_>>()?;
    let theirs = link.on.iter().map(|(_, their)| at(to, &their.value)).collect::<Option<_>>()?;
    Some(GoesWith { to: &to.id.value, ours, theirs })
}

/// The values at some positions.
pub(super) fn pick(values: &[Datum], fields: &[usize]) -> Vec<Datum> {
    fields.iter().map(|at| values.get(*at).cloned().unwrap_or_default()).collect()
}

impl Dated {
    /// Whether a return with this cover would hold a row of these dates, had it been there to hold.
    ///
    /// Rows of a dataset without dates lie in no cover: nobody can say that they should be there. A row whose dates
    /// are all unknown may lie in any.
    pub(super) fn inside(self, cover: &Cover, values: &[Datum]) -> bool {
        let day = |field: Option<usize>| match field.and_then(|at| values.get(at)) {
            Some(Datum::Known(Value::Date(day))) => Some(*day),
            _ => None,
        };
        let (event, start, end) = (day(self.event), day(self.start), day(self.end));
        if event.is_none() && start.is_none() && end.is_none() {
            return self.event.is_some() || self.start.is_some();
        }
        let on = |day: Option<NaiveDate>, side: Option<Days>| {
            day.is_some_and(|day| side.is_none_or(|days| days.contains(day)))
        };
        let running = |start: NaiveDate| {
            cover.stocks.is_none_or(|days| start <= days.last && end.is_none_or(|end| end > days.first))
        };
        on(event, cover.events)
            || on(start, cover.starts)
            || on(end, cover.ends)
            || (self.end.is_some() && start.is_some_and(running))
    }
}
