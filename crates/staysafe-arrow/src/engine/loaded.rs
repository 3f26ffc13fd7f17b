//! Records made ready in columns, once for many calculations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use staysafe::check::Checked;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::record::{Cover, Data, Fingerprint, Reject, Return, Table};
use staysafe::value::Type;

use super::column::{Builder, Column, blank};
use super::frame::Frame;
use super::keys::{NO_GROUP, cell};
use super::standing::BLANK;
use super::words::Words;
use crate::{BindError, Binding, bind, records};

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
    fields: Vec<Declared>,
}

/// How a field was declared when it was loaded.
type Declared = (String, Type, Missing);

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

/// Returns while they are loaded.
///
/// # Example
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Date32Array, RecordBatch};
/// use staysafe::definition::read::read;
/// use staysafe::record::{Cover, Return, Submission};
/// use staysafe_arrow::Loading;
///
/// let cases = "id = \"cases\"\ntitle = \"C\"\ncarried_by = \"cases\"\nholder = \"h\"\narea = \"given\"\nfield = [{ name = \"opened\", type = \"date\" }]";
/// let framework = "id = \"f\"\ntitle = \"F\"\nscope = \"all\"";
/// let agencies = "[[agency]]\nid = \"h\"\nname = \"H\"";
/// let files = [("framework.toml", framework), ("agencies.toml", agencies), ("datasets/cases.toml", cases)];
/// let checked = staysafe::check::check(read(files).0).0.unwrap();
///
/// let days: ArrayRef = Arc::new(Date32Array::from(vec![14_700, 14_701]));
/// let batch = RecordBatch::try_from_iter([("opened", days)])?;
/// let mut loading = Loading::new(&checked);
/// loading.begin(Return {
///     name: "cases.parquet".to_owned(), kind: "cases".to_owned(), area: "E06000001".to_owned(), reference_date: None,
///     serial: None, made_at: None, submission: Submission::default(), truncated: false, tables: Default::default(),
/// });
/// let rejects = loading.table("cases", Cover::UNLIMITED, &batch.schema(), [Ok(batch.clone())])?;
/// assert!(rejects.is_empty());
/// assert_eq!(loading.finish()?.rows(), 2);
/// # Ok::<(), staysafe_arrow::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Loading<'c> {
    checked: &'c Checked,
    shells: Vec<Return>,
    held: Vec<BTreeMap<String, Held>>,
    words: Words,
    fingerprint: Fingerprint,
}

impl Loaded {
    /// How many rows there are, of all tables.
    pub fn rows(&self) -> usize {
        self.held.iter().flat_map(BTreeMap::values).map(|held| held.rows).sum()
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

impl<'c> Loading<'c> {
    /// Nothing yet.
    pub fn new(checked: &'c Checked) -> Self {
        let fingerprint = Fingerprint::default();
        Self { checked, shells: Vec::new(), held: Vec::new(), words: Words::default(), fingerprint }
    }

    /// Begins a return; its tables follow, in order of their datasets. Tables that it holds already are left out.
    pub fn begin(&mut self, of: Return) {
        self.fingerprint.begin(&of);
        self.shells.push(Return { tables: BTreeMap::new(), ..of });
        self.held.push(BTreeMap::new());
    }

    /// A table of the return, batch by batch, with a reject for each value that is not a value of its field.
    ///
    /// # Errors
    /// A table that does not fit its dataset, a batch that cannot be read, a second table of one dataset.
    pub fn table(
        &mut self,
        dataset: &str,
        cover: Cover,
        schema: &Schema,
        batches: impl IntoIterator<Item = Result<RecordBatch, ArrowError>>,
    ) -> Result<Vec<Reject>, LoadError> {
        let of = self.checked.framework().datasets.get(dataset);
        let of = of.ok_or_else(|| LoadError::UnknownDataset(dataset.to_owned()))?;
        let (Some(shell), Some(held)) = (self.shells.last_mut(), self.held.last_mut()) else {
            return Err(LoadError::NoReturn);
        };
        if held.contains_key(dataset) {
            return Err(LoadError::TwoTables { name: shell.name.clone(), dataset: dataset.to_owned() });
        }
        let binding = bind(schema, of)?;
        let fields: Vec<Arc<str>> = binding.fields.iter().map(|field| Arc::clone(&field.name)).collect();
        self.fingerprint.table(dataset, &fields, cover);
        let mut growing = Growing::new(of, &binding);
        let mut rejects = Vec::new();
        for batch in batches {
            let first = u32::try_from(growing.rows + 1).unwrap_or(u32::MAX);
            let (rows, wrong) = records(&shell.name, &batch?, &binding, first)?;
            self.fingerprint.rows(&rows);
            for row in &rows {
                growing.push(&row.values, &mut self.words);
            }
            rejects.extend(wrong);
        }
        held.insert(dataset.to_owned(), growing.finish(of));
        shell.tables.insert(dataset.to_owned(), Table { fields, rows: Vec::new(), cover });
        Ok(rejects)
    }

    /// What was loaded.
    ///
    /// # Errors
    /// What only records can settle: several returns of one authority, rows that stand twice under one key.
    pub fn finish(self) -> Result<Loaded, LoadError> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (shell, held) in self.shells.iter().zip(&self.held) {
            if let Some(first) = seen.insert(&shell.area, &shell.name) {
                let (first, second) = (first.to_owned(), shell.name.clone());
                return Err(LoadError::SeveralReturns { first, second, area: shell.area.clone() });
            }
            for (id, held) in held {
                let dataset = self.checked.framework().datasets.get(id);
                let rows = dataset.map_or(0, |dataset| held.under_one_key(dataset));
                if rows > 0 {
                    return Err(LoadError::SameKeys { name: shell.name.clone(), dataset: id.clone(), rows });
                }
            }
        }
        Ok(Loaded {
            shells: Data { returns: self.shells },
            held: self.held,
            words: Arc::new(self.words),
            fingerprints: self.fingerprint.finish(),
        })
    }
}

/// A table while its rows come in.
struct Growing {
    /// Of each column of the table its field, its builder and how a blank stands.
    columns: Vec<(usize, Builder, u8)>,
    rows: usize,
}

impl Growing {
    fn new(dataset: &Dataset, binding: &Binding) -> Self {
        let column = |bound: &crate::BoundField| {
            let at = dataset.fields.iter().position(|field| field.name.value == *bound.name)?;
            let field = dataset.fields.get(at)?;
            Some((at, Builder::new(field.ty.value), blank(field.missing)))
        };
        Self { columns: binding.fields.iter().filter_map(column).collect(), rows: 0 }
    }

    fn push(&mut self, values: &[staysafe::value::Datum], words: &mut Words) {
        for ((_, builder, blank), datum) in self.columns.iter_mut().zip(values) {
            builder.push(datum, *blank, words);
        }
        self.rows += 1;
    }

    fn finish(self, dataset: &Dataset) -> Held {
        let mut columns: Vec<Option<Column>> = dataset.fields.iter().map(|_| None).collect();
        for (at, builder, _) in self.columns {
            if let Some(column) = columns.get_mut(at) {
                *column = Some(builder.finish());
            }
        }
        Held { columns, rows: self.rows, fields: declared(dataset) }
    }
}

impl Held {
    /// How many rows share what there is of their key with an earlier one.
    fn under_one_key(&self, dataset: &Dataset) -> usize {
        let Some(key) = &dataset.key else { return 0 };
        let at = |name: &String| dataset.fields.iter().position(|field| field.name.value == *name);
        let Some(fields) = key.value.iter().map(at).collect::<Option<Vec<usize>>>() else { return 0 };
        let frame = Frame::of_columns(dataset, &self.columns, self.rows, &Cover::UNLIMITED);
        let index = frame.index(&fields);
        let part = |field: usize, row: usize| {
            let column = frame.column(field);
            (column.map_or(BLANK, |column| column.standing(row)), cell(column, row))
        };
        let partly = |row: usize| fields.iter().map(|field| part(*field, row)).collect::<Vec<_>>();
        let without: Vec<usize> =
            (0..self.rows).filter(|row| index.of_row.get(*row) == Some(&NO_GROUP)).collect();
        let different: BTreeSet<_> = without.iter().map(|row| partly(*row)).collect();
        self.rows - index.len() - different.len()
    }
}

fn declared(dataset: &Dataset) -> Vec<Declared> {
    dataset.fields.iter().map(|field| (field.name.value.clone(), field.ty.value, field.missing)).collect()
}
