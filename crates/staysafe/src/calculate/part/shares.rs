//! Whose records a part holds, and which of them: what must not be counted twice.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::MergeError;
use crate::plan::{Division, Share, bucket};
use crate::record::{Return, Row};
use crate::value::Datum;

/// Whose records were counted, and which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares {
    /// Authorities of which all records are here.
    pub whole: BTreeSet<String>,
    /// Authorities of which some rows are here.
    pub rows: BTreeMap<String, Rows>,
}

/// Which rows of an authority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// What the rows' returns call the authority: the buckets go by it.
    pub code: String,
    /// Of tables that are held together, by the first of them: the buckets that they have rows of.
    pub buckets: BTreeMap<String, BTreeSet<u32>>,
    /// The parts that rows came in which are counted one by one.
    pub parts: BTreeSet<String>,
}

impl Shares {
    pub(super) fn whole(whole: BTreeSet<String>) -> Self {
        Self { whole, rows: BTreeMap::new() }
    }

    /// An authority of which no row has to be here, by what its return calls it.
    ///
    /// # Errors
    /// It goes by another code as well.
    pub(super) fn knows(&mut self, area: &str, code: &str) -> Result<(), MergeError> {
        let rows = self.rows.entry(area.to_owned()).or_default();
        if rows.code.is_empty() {
            code.clone_into(&mut rows.code);
        }
        same_code(area, &rows.code, code)
    }

    /// Notes which rows of a table are here. `buckets` are those of its rows by a field, or without one; none where it has no row.
    pub(super) fn add(
        &mut self,
        area: &str,
        part: &str,
        dataset: &str,
        division: &Division,
        buckets: impl FnOnce(Option<&str>) -> Option<BTreeSet<u32>>,
    ) {
        let (Some(rows), Some(divided)) = (self.rows.get_mut(area), division.tables().get(dataset)) else {
            return;
        };
        let field = match &divided.share {
            Share::By(field) => Some(field.as_str()),
            Share::Anyhow | Share::Whole(_) => None,
        };
        let Some(found) = buckets(field) else { return };
        if divided.share == Share::Anyhow {
            rows.parts.insert(part.to_owned());
            return;
        }
        let mut together = division.tables().iter().filter(|(_, of)| of.together == divided.together);
        let first = together.next().map_or(dataset, |(first, _)| first);
        rows.buckets.entry(first.to_owned()).or_default().extend(found);
    }

    /// The authorities of which anything is here.
    pub fn authorities(&self) -> impl Iterator<Item = &String> {
        self.whole.iter().chain(self.rows.keys())
    }

    /// Whether anything of an authority is here.
    pub fn holds(&self, area: &str) -> bool {
        self.whole.contains(area) || self.rows.contains_key(area)
    }

    /// Both together.
    ///
    /// # Errors
    /// What is in both.
    pub(super) fn merge(mut self, other: Self) -> Result<Self, MergeError> {
        let twice = |area: &str, what: String| MergeError::Overlap { area: area.to_owned(), what };
        if let Some(area) = other.whole.iter().find(|area| self.holds(area)) {
            return Err(twice(area, "all of its records are in one of them".to_owned()));
        }
        if let Some(area) = self.whole.iter().find(|area| other.holds(area)) {
            return Err(twice(area, "all of its records are in one of them".to_owned()));
        }
        self.whole.extend(other.whole);
        for (area, theirs) in other.rows {
            let Some(ours) = self.rows.get_mut(&area) else {
                self.rows.insert(area, theirs);
                continue;
            };
            same_code(&area, &ours.code, &theirs.code)?;
            if let Some(part) = ours.parts.intersection(&theirs.parts).next() {
                return Err(twice(&area, format!("the rows of part '{part}' are in both")));
            }
            ours.parts.extend(theirs.parts);
            for (table, buckets) in theirs.buckets {
                let held = ours.buckets.entry(table.clone()).or_default();
                if let Some(bucket) = held.intersection(&buckets).next() {
                    let what = format!(
                        "rows of '{table}', and of what is looked at together with it, that belong together (bucket {bucket}) are in both"
                    );
                    return Err(twice(&area, what));
                }
                held.extend(buckets);
            }
        }
        Ok(self)
    }
}

/// The buckets of a table's rows, by a field or without one; none where it has no row.
pub(super) fn buckets(of: &Return, dataset: &str, field: Option<&str>) -> Option<BTreeSet<u32>> {
    let table = of.tables.get(dataset).filter(|table| !table.rows.is_empty())?;
    let column = field.and_then(|field| table.fields.iter().position(|name| **name == *field));
    let value = |row: &Row| column.and_then(|column| row.values.get(column)).cloned();
    Some(table.rows.iter().map(|row| bucket(&of.area, &value(row).unwrap_or(Datum::Missing))).collect())
}

/// Rows of an authority fall into buckets by what it is called: under two codes, what belongs together would lie apart.
fn same_code(area: &str, ours: &str, theirs: &str) -> Result<(), MergeError> {
    if ours == theirs {
        return Ok(());
    }
    Err(MergeError::TwoCodes { area: area.to_owned(), ours: ours.to_owned(), theirs: theirs.to_owned() })
}
