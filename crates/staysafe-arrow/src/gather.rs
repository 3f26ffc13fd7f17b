//! Rows of many tables and authorities that come as one stream, gathered into returns: what a cluster hands to each of its tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch, StringArray};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType};
use arrow_select::filter::filter_record_batch;
use staysafe::definition::framework::Framework;
use staysafe::record::{Cover, Data, Lost, Reject, Return, Row, Submission, Table};

use crate::bind::{BindError, bind};
use crate::records::{records, without_blanks};

/// The column that names a row's dataset.
pub const DATASET: &str = "dataset";
/// The column that names a row's authority.
pub const AUTHORITY: &str = "authority";

/// Rows of many tables and authorities, as they come.
///
/// A batch has a column [`DATASET`], a column [`AUTHORITY`], and for each dataset a column of its name that holds its fields as a
/// struct, null in the rows of others. Whoever has a row in any table carries all of them: a table without rows is then an empty one.
#[derive(Debug)]
pub struct Gathered<'f> {
    framework: &'f Framework,
    cover: Cover,
    /// By dataset its fields.
    fields: BTreeMap<String, Vec<Arc<str>>>,
    /// By authority and dataset.
    rows: BTreeMap<String, BTreeMap<String, Vec<Row>>>,
    rejected: BTreeMap<String, u64>,
}

/// Why rows cannot be gathered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatherError {
    /// A column of the stream is not there, or holds something else.
    #[error("the stream has no column '{0}' of the kind that is due")]
    Column(String),
    /// The framework has no such dataset.
    #[error("the framework has no dataset '{0}'")]
    Dataset(String),
    /// A table does not fit its dataset.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// What Arrow says.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

impl<'f> Gathered<'f> {
    /// Nothing yet; `cover` is what all tables can speak for.
    pub fn new(framework: &'f Framework, cover: Cover) -> Self {
        let (fields, rows, rejected) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { framework, cover, fields, rows, rejected }
    }

    /// Takes the rows of a batch. A row without an authority is a reject: nobody can say whose it is.
    ///
    /// # Errors
    /// A column that is missing or does not fit its dataset.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<(), GatherError> {
        let datasets = text(batch, DATASET)?;
        let authorities = text(batch, AUTHORITY)?;
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let DataType::Struct(_) = field.data_type() else { continue };
            let id = field.name();
            let Some(dataset) = self.framework.datasets.get(id) else {
                return Err(GatherError::Dataset(id.clone()));
            };
            let mine: BooleanArray = datasets.iter().map(|of| Some(of == Some(id.as_str()))).collect();
            let both = RecordBatch::try_from_iter([
                (AUTHORITY, Arc::new(authorities.clone()) as _),
                (id.as_str(), Arc::clone(column)),
            ])?;
            let own = filter_record_batch(&both, &mine)?;
            let whose = text(&own, AUTHORITY)?;
            let table = own.column_by_name(id).and_then(|of| of.as_struct_opt());
            let table = table.filter(|table| table.null_count() == 0);
            let table = RecordBatch::from(table.ok_or_else(|| GatherError::Column(id.clone()))?);
            let binding = bind(table.schema_ref(), dataset)?;
            self.fields
                .entry(id.clone())
                .or_insert_with(|| binding.fields.iter().map(|field| Arc::clone(&field.name)).collect());
            let (mut rows, mut rejects) = records(id, &table, &binding, 1)?;
            // Places in the stream tell which rows are left, so that each keeps its authority.
            without_blanks(id, dataset, &binding, &mut rows, &mut rejects);
            for reject in &rejects {
                self.reject(reject, id);
            }
            for row in rows {
                let at = usize::try_from(row.origin).unwrap_or(usize::MAX).wrapping_sub(1);
                if at >= whose.len() || whose.is_null(at) {
                    *self.rejected.entry(format!("{id}: no authority (record)")).or_default() += 1;
                    continue;
                }
                let of = self.rows.entry(whose.value(at).to_owned()).or_default();
                of.entry(id.clone()).or_default().push(row);
            }
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject, dataset: &str) {
        let lost = match reject.lost {
            Lost::Value => "value",
            Lost::Record => "record",
            Lost::Child => "child",
            Lost::Nothing => "nothing lost",
        };
        // The message may repeat a value; the code does not.
        let what = format!("{dataset}.{}: {} ({lost})", reject.element, reject.code);
        *self.rejected.entry(what).or_default() += reject.times;
    }

    /// The returns, one of each kind and authority, and how often something could not be used.
    pub fn finish(self) -> (Data, BTreeMap<String, u64>) {
        let mut kinds: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for id in self.fields.keys() {
            if let Some(dataset) = self.framework.datasets.get(id) {
                kinds.entry(&dataset.carried_by.value).or_default().push(id);
            }
        }
        let mut returns = Vec::new();
        for (area, mut held) in self.rows {
            for (kind, datasets) in &kinds {
                let tables = datasets.iter().map(|id| {
                    let rows = held.remove(*id).unwrap_or_default();
                    let fields = self.fields.get(*id).cloned().unwrap_or_default();
                    ((*id).clone(), Table { fields, rows, cover: self.cover })
                });
                returns.push(Return {
                    name: format!("{kind} of {area}"),
                    kind: (*kind).to_owned(),
                    area: area.clone(),
                    reference_date: None,
                    serial: None,
                    made_at: None,
                    submission: Submission::default(),
                    truncated: false,
                    tables: tables.collect(),
                });
            }
        }
        (Data { returns }, self.rejected)
    }
}

fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, GatherError> {
    let column = batch.column_by_name(name).ok_or_else(|| GatherError::Column(name.to_owned()))?;
    let column = cast(column, &DataType::Utf8)?;
    column.as_string_opt::<i32>().cloned().ok_or_else(|| GatherError::Column(name.to_owned()))
}
