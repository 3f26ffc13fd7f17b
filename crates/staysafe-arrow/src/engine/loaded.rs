//! Records made ready in columns, once for many calculations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::ArrowError;
use staysafe::check::Checked;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::record::{Cover, Data};
use staysafe::value::Type;

use super::column::Column;
use super::frame::Frame;
use super::keys::{Cell, NO_GROUP, cell};
use super::words::Words;
use crate::BindError;

/// Returns whose records lie in columns, for [`calculate_loaded`](crate::calculate_loaded).
///
/// Loading is what takes longest; what was loaded can be calculated from as often as definitions change, as long as the
/// datasets stay as they were.
#[derive(Debug)]
pub struct Loaded {
    /// The returns without their rows.
    pub(crate) shells: Data,
    /// Of each return its columns, by dataset.
    pub(crate) held: Vec<BTreeMap<String, Held>>,
    pub(crate) words: Arc<Words>,
    /// The fingerprint of each return.
    pub(crate) fingerprints: BTreeSet<String>,
}

/// The columns of one table, in the order of its dataset's fields.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) columns: Vec<Option<Column>>,
    pub(crate) rows: usize,
    pub(super) fields: Vec<Declared>,
}

/// How a field was declared when it was loaded.
pub(super) type Declared = (String, Type, Missing);

/// Why records cannot be loaded, or what was loaded not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A table that the framework does not know.
    #[error("the framework has no dataset '{0}'")]
    UnknownDataset(String),
    /// A table that does not fit its dataset.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A batch that cannot be read, or whose columns are not those of the first.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    /// A table before any return.
    #[error("a table was given before the return it stands in")]
    NoReturn,
    /// Two tables of one dataset in one return.
    #[error("'{name}' was given two tables for '{dataset}'; give its batches as one table")]
    TwoTables {
        /// The return.
        name: String,
        /// The dataset.
        dataset: String,
    },
    /// Several returns of one authority: which of them decides is a matter of records.
    #[error(
        "'{first}' and '{second}' are both from '{area}'; several returns of one authority are joined record by record: read them as records"
    )]
    SeveralReturns {
        /// One return.
        first: String,
        /// Another.
        second: String,
        /// The authority.
        area: String,
    },
    /// Rows that stand twice under one key: which of them decides is a matter of records.
    #[error(
        "'{name}' holds {rows} rows of '{dataset}' under keys that other rows of it have; they are settled record by record: read it as records"
    )]
    SameKeys {
        /// The return.
        name: String,
        /// The dataset.
        dataset: String,
        /// How many rows share their key with an earlier one.
        rows: usize,
    },
    /// What was loaded is not what the definitions declare now.
    #[error("the fields of '{0}' are not declared as they were when it was loaded; load it again")]
    Changed(String),
}

impl Loaded {
    /// How many rows there are, of all tables.
    pub fn rows(&self) -> usize {
        let held = self.held.iter().flat_map(BTreeMap::values).map(|held| held.rows);
        let kept = self.shells.returns.iter().flat_map(|of| of.tables.values()).map(|table| table.rows.len());
        held.chain(kept).sum()
    }

    /// Whether the datasets are declared as they were.
    pub(crate) fn fits(&self, checked: &Checked) -> Result<(), LoadError> {
        for (id, held) in self.held.iter().flatten() {
            let dataset = checked.framework().datasets.get(id);
            let dataset = dataset.ok_or_else(|| LoadError::UnknownDataset(id.clone()))?;
            if held.fields != declared(dataset) {
                return Err(LoadError::Changed(id.clone()));
            }
        }
        Ok(())
    }
}

impl Held {
    /// How many rows are settled with an earlier one: those of its key, and those that say the same.
    pub(super) fn under_one_key(&self, dataset: &Dataset) -> usize {
        let Some(key) = &dataset.key else { return 0 };
        let at = |name: &String| dataset.fields.iter().position(|field| field.name.value == *name);
        let Some(fields) = key.value.iter().map(at).collect::<Option<Vec<usize>>>() else { return 0 };
        let frame = Frame::of_columns(dataset, &self.columns, self.rows, &Cover::UNLIMITED, None);
        let index = frame.index(&fields);
        let mut without: Vec<usize> =
            (0..self.rows).filter(|row| index.of_row.get(*row) == Some(&NO_GROUP)).collect();
        let keyed = self.rows - without.len();
        // Rows of which the key is not whole are one where they say the same throughout.
        without.sort_unstable_by(|a, b| self.says(*a).cmp(self.says(*b)));
        let same = without.windows(2).filter(|pair| match pair {
            [a, b] => self.says(*a).eq(self.says(*b)),
            _ => false,
        });
        keyed - index.len() + same.count()
    }

    /// Everything that a row says.
    fn says(&self, row: usize) -> impl Iterator<Item = (u8, Option<Cell>)> {
        self.columns.iter().flatten().map(move |column| (column.standing(row), cell(Some(column), row)))
    }
}

/// How the fields of a dataset are declared.
pub(super) fn declared(dataset: &Dataset) -> Vec<Declared> {
    dataset.fields.iter().map(|field| (field.name.value.clone(), field.ty.value, field.missing)).collect()
}
