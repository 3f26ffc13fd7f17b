//! Rows of many tables and authorities that come as one stream, gathered into returns: what a cluster hands to each of its tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray, StructArray, UInt32Array};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Schema};
use arrow_select::take::take;
use staysafe::calculate::part::{Given, Part};
use staysafe::check::Checked;
use staysafe::definition::framework::Framework;
use staysafe::plan::Plan;
use staysafe::record::{Cover, Data, Lost, Reject, Return, Submission};

use crate::bind::{BindError, bind};
use crate::engine::{
    CalculateLoadedError, LoadError, Loaded, Loading, Work, calculate_part, calculate_part_loaded,
};

/// The column that names a row's dataset.
pub const DATASET: &str = "dataset";
/// The column that names a row's authority.
pub const AUTHORITY: &str = "authority";

/// Rows of many tables and authorities, as they come; no record is made of them.
///
/// A batch has a column [`DATASET`], a column [`AUTHORITY`], and for each dataset a column of its name that holds its fields as a
/// struct, null in the rows of others. Whoever has a row in any table carries all of them: a table without rows is then an empty one.
#[derive(Debug)]
pub struct Gathered<'f> {
    framework: &'f Framework,
    cover: Cover,
    /// By dataset its columns.
    schemas: BTreeMap<String, Arc<Schema>>,
    /// By authority and dataset.
    rows: BTreeMap<String, BTreeMap<String, Vec<RecordBatch>>>,
    rejected: BTreeMap<String, u64>,
}

/// What was gathered.
#[derive(Debug)]
pub enum Stream {
    /// In columns.
    Columns(Loaded),
    /// As records, where rows stand twice under one key: which of them decides is a matter of records.
    Records(Data),
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
    /// A table cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// What Arrow says.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

impl<'f> Gathered<'f> {
    /// Nothing yet; `cover` is what all tables can speak for.
    pub fn new(framework: &'f Framework, cover: Cover) -> Self {
        let (schemas, rows, rejected) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { framework, cover, schemas, rows, rejected }
    }

    /// Takes the rows of a batch. A row without an authority is a reject: nobody can say whose it is.
    ///
    /// # Errors
    /// A column that is missing or does not fit its dataset.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<(), GatherError> {
        let datasets = text(batch, DATASET)?;
        let authorities = text(batch, AUTHORITY)?;
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let DataType::Struct(fields) = field.data_type() else { continue };
            let id = field.name();
            let Some(dataset) = self.framework.datasets.get(id) else {
                return Err(GatherError::Dataset(id.clone()));
            };
            if !self.schemas.contains_key(id) {
                let schema = Schema::new(fields.clone());
                bind(&schema, dataset)?;
                self.schemas.insert(id.clone(), Arc::new(schema));
            }
            let table = column.as_struct_opt().ok_or_else(|| GatherError::Column(id.clone()))?;
            let mut of: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
            for (at, (named, whose)) in (0_u32..).zip(datasets.iter().zip(&authorities)) {
                match whose {
                    _ if named != Some(id.as_str()) => {}
                    Some(whose) => of.entry(whose).or_default().push(at),
                    None => *self.rejected.entry(format!("{id}: no authority (record)")).or_default() += 1,
                }
            }
            for (whose, places) in of {
                let own = taken(table, places)?.ok_or_else(|| GatherError::Column(id.clone()))?;
                let held = self.rows.entry(whose.to_owned()).or_default();
                held.entry(id.clone()).or_default().push(own);
            }
        }
        Ok(())
    }

    /// The returns, one of each kind and authority, and how often something could not be used.
    ///
    /// # Errors
    /// A table that cannot be loaded.
    pub fn finish(self) -> Result<(Stream, BTreeMap<String, u64>), GatherError> {
        let Self { framework, cover, schemas, rows, mut rejected } = self;
        let mut kinds: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for id in schemas.keys() {
            if let Some(dataset) = framework.datasets.get(id) {
                kinds.entry(&dataset.carried_by.value).or_default().push(id);
            }
        }
        let mut loading = Loading::new(framework);
        for (area, mut held) in rows {
            for (kind, datasets) in &kinds {
                loading.begin(returned(kind, &area));
                for id in datasets {
                    let Some(schema) = schemas.get(*id) else { continue };
                    let batches = held.remove(*id).unwrap_or_default();
                    loading.table(id, cover, schema, batches.into_iter().map(Ok))?;
                }
            }
        }
        for reject in loading.rejects() {
            *rejected.entry(told(reject)).or_default() += reject.times;
        }
        let stream = match loading.is_settled() {
            Ok(()) => Stream::Columns(loading.finish()?),
            Err(_) => Stream::Records(loading.into_records().0),
        };
        Ok((stream, rejected))
    }
}

impl Stream {
    /// Counts it as a part of a calculation.
    ///
    /// # Errors
    /// As for [`calculate_part`].
    pub fn calculate_part(
        &self,
        checked: &Checked,
        plan: &Plan,
        given: Given<'_>,
        work: &Work<'_>,
    ) -> Result<Part, CalculateLoadedError> {
        match self {
            Self::Columns(loaded) => calculate_part_loaded(checked, plan, loaded, given, work),
            Self::Records(data) => Ok(calculate_part(checked, plan, data, given, work)?),
        }
    }
}

/// Some rows of a table; nothing where one of them is none.
fn taken(table: &StructArray, places: Vec<u32>) -> Result<Option<RecordBatch>, ArrowError> {
    let own = take(table, &UInt32Array::from(places), None)?;
    Ok(own.as_struct_opt().filter(|own| own.null_count() == 0).map(RecordBatch::from))
}

fn returned(kind: &str, area: &str) -> Return {
    Return {
        name: format!("{kind} of {area}"),
        kind: kind.to_owned(),
        area: area.to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: BTreeMap::new(),
    }
}

/// What could not be used: its message may repeat a value, its code does not.
fn told(reject: &Reject) -> String {
    let lost = match reject.lost {
        Lost::Value => "value",
        Lost::Record => "record",
        Lost::Child => "child",
        Lost::Nothing => "nothing lost",
    };
    format!("{}.{}: {} ({lost})", reject.dataset.as_deref().unwrap_or_default(), reject.element, reject.code)
}

fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, GatherError> {
    let column = batch.column_by_name(name).ok_or_else(|| GatherError::Column(name.to_owned()))?;
    let column = cast(column, &DataType::Utf8)?;
    column.as_string_opt::<i32>().cloned().ok_or_else(|| GatherError::Column(name.to_owned()))
}

#[cfg(test)]
mod tests;
