//! Records made ready in columns, once for many calculations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::ArrowError;
use staysafe::calculate::join::authority_of;
use staysafe::definition::dataset::{Dataset, Field, Missing};
use staysafe::definition::framework::Framework;
use staysafe::record::{Cover, Data, Reject, Return};
use staysafe::value::Type;

use super::column::Column;
use super::frame::{Frame, Kept};
use super::keys::{Cell, NO_GROUP, cell};
use super::rows::with_rows;
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
    /// Of each return what could not be used.
    pub(super) rejects: Vec<Vec<Reject>>,
    /// The places of the returns of each authority, in order of its code.
    pub(super) groups: Groups,
}

/// The places of returns, authority by authority.
pub(super) type Groups = Vec<Vec<usize>>;

/// The columns of one table, in the order of its dataset's fields.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) columns: Vec<Option<Column>>,
    pub(crate) rows: usize,
    /// The same where the returns of one authority are joined, and numbers of rows are given anew.
    pub(super) joined: Option<Vec<Option<Column>>>,
    pub(super) declared: Declared,
    /// Of each row its place in the source, where that is not its place here.
    pub(super) origins: Option<Vec<u32>>,
    /// Of columns of decimals, by field, from which rows on the numbers were whole ones, or were not.
    pub(super) whole: BTreeMap<usize, Vec<(usize, bool)>>,
    /// How many rows are settled with an earlier one: those of its key, and those that say the same.
    pub(super) under_one_key: usize,
    /// What is worked out of the columns that are counted from.
    pub(crate) kept: Arc<Kept>,
}

/// What of a dataset decides how it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declared {
    fields: Vec<(String, Type, Missing, Option<String>)>,
    key: Option<Vec<String>>,
    goes_with: Option<(String, Vec<(String, String)>)>,
}

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
    /// Several returns of one authority that carry one dataset: which of them decides is a matter of records.
    #[error(
        "'{first}' and '{second}' are both from '{area}' and both carry '{dataset}'; they are joined record by record: read them as records"
    )]
    SeveralReturns {
        /// One return.
        first: String,
        /// Another.
        second: String,
        /// The authority.
        area: String,
        /// The dataset.
        dataset: String,
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
    #[error("'{0}' is not declared as it was when it was loaded; load it again")]
    Changed(String),
    /// Codes of areas mean other authorities now.
    #[error("the areas are not those that there were when the returns were loaded; load them again")]
    Areas,
}

impl Loaded {
    /// How many rows there are, of all tables.
    pub fn rows(&self) -> usize {
        let held = self.held.iter().flat_map(BTreeMap::values).map(|held| held.rows);
        let kept = self.shells.returns.iter().flat_map(|of| of.tables.values()).map(|table| table.rows.len());
        held.chain(kept).sum()
    }

    /// The returns: what each is of, and which tables it carries, without the rows that lie in columns.
    pub fn returns(&self) -> &Data {
        &self.shells
    }

    /// The fingerprint of each return, as [`fingerprints`](staysafe::record::fingerprints) gives it.
    pub fn fingerprints(&self) -> &BTreeSet<String> {
        &self.fingerprints
    }

    /// What in the tables could not be used, return by return; of returns that were records before, whoever read them has it.
    pub fn rejects(&self) -> impl Iterator<Item = &Reject> {
        self.rejects.iter().flatten()
    }

    /// The same returns as records, with every row as it was.
    ///
    /// # Errors
    /// The datasets are declared otherwise than when they were loaded.
    pub fn to_records(&self, framework: &Framework) -> Result<Data, LoadError> {
        self.fits(framework)?;
        Ok(Data { returns: with_rows(framework, &self.shells.returns, &self.held, &self.words) })
    }

    /// Whether the datasets are declared as they were, and codes mean the authorities that they meant.
    pub(crate) fn fits(&self, framework: &Framework) -> Result<(), LoadError> {
        for (id, held) in self.held.iter().flatten() {
            let dataset = framework.datasets.get(id);
            let dataset = dataset.ok_or_else(|| LoadError::UnknownDataset(id.clone()))?;
            if held.declared != Declared::of(dataset) {
                return Err(LoadError::Changed(id.clone()));
            }
        }
        if self.groups == groups(framework, &self.shells.returns) { Ok(()) } else { Err(LoadError::Areas) }
    }
}

/// The returns of each authority.
pub(super) fn groups(framework: &Framework, returns: &[Return]) -> Groups {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, of) in returns.iter().enumerate() {
        groups.entry(authority_of(framework, of)).or_default().push(place);
    }
    groups.into_values().collect()
}

impl Declared {
    pub(super) fn of(dataset: &Dataset) -> Self {
        let number = |field: &Field| field.number_of.as_ref().map(|of| of.value.clone());
        let field = |field: &Field| (field.name.value.clone(), field.ty.value, field.missing, number(field));
        let leader = dataset.goes_with.as_ref().and_then(|with| {
            let link = dataset.links.iter().find(|link| link.name.value == with.value)?;
            let on = link.on.iter().map(|(our, their)| (our.value.clone(), their.value.clone()));
            Some((link.to.value.clone(), on.collect()))
        });
        Self {
            fields: dataset.fields.iter().map(field).collect(),
            key: dataset.key.as_ref().map(|key| key.value.clone()),
            goes_with: leader,
        }
    }
}

impl Held {
    /// Columns as they were loaded.
    pub(super) fn new(dataset: &Dataset, columns: Vec<Option<Column>>, rows: usize) -> Self {
        let declared = Declared::of(dataset);
        let (origins, whole) = (None, BTreeMap::new());
        let mut made = Self {
            columns,
            rows,
            joined: None,
            declared,
            origins,
            whole,
            under_one_key: 0,
            kept: Arc::new(Kept::lasting()),
        };
        made.under_one_key = made.settled(dataset);
        made
    }

    /// The columns as they stand beside the other returns of their authority.
    pub(crate) fn joined(&self) -> &[Option<Column>] {
        self.joined.as_ref().unwrap_or(&self.columns)
    }

    fn settled(&self, dataset: &Dataset) -> usize {
        let Some(key) = &dataset.key else { return 0 };
        let at = |name: &String| dataset.fields.iter().position(|field| field.name.value == *name);
        let Some(fields) = key.value.iter().map(at).collect::<Option<Vec<usize>>>() else { return 0 };
        let frame = self.frame(dataset);
        let index = frame.index(&fields);
        let mut without: Vec<usize> =
            (0..self.rows).filter(|row| index.of_row().get(*row) == Some(&NO_GROUP)).collect();
        let keyed = self.rows - without.len();
        // Rows of which the key is not whole are one where they say the same throughout.
        without.sort_unstable_by(|a, b| self.says(*a).cmp(self.says(*b)));
        let same = without.windows(2).filter(|pair| match pair {
            [a, b] => self.says(*a).eq(self.says(*b)),
            _ => false,
        });
        keyed - index.len() + same.count()
    }

    /// The table as it was loaded.
    pub(super) fn frame<'a>(&self, dataset: &'a Dataset) -> Frame<'a> {
        Frame::of_columns(dataset, &self.columns, (self.rows, &Arc::default()), &Cover::UNLIMITED, None)
    }

    /// Everything that a row says.
    fn says(&self, row: usize) -> impl Iterator<Item = (u8, Option<Cell>)> {
        self.columns.iter().flatten().map(move |column| (column.standing(row), cell(Some(column), row)))
    }
}
