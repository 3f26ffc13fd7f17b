//! Records on their way into columns, without a record being made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use staysafe::definition::dataset::Dataset;
use staysafe::definition::framework::Framework;
use staysafe::record::{
    Cover, Data, EXPECTED_RETURN, Fingerprint, Lost, PARTNER_COUNT, Reject, Return, Row, Table,
};
use staysafe::value::{Datum, Type};

use super::builder::Builder;
use super::column::{Column, blank};
use super::frame::Kept;
use super::loaded::{Groups, Held, LoadError, Loaded, groups};
use super::renumber::renumbered;
use super::rows::with_rows;
use super::standing::{KNOWN, is_blank};
use super::words::Words;
use crate::records::{blank as blank_reject, may_not_be_blank, reject};
use crate::{Binding, BoundField, bind, records, without_blanks};

/// Datasets that are no child's records: what they say is read row by row.
const AS_RECORDS: [&str; 2] = [PARTNER_COUNT, EXPECTED_RETURN];

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
/// let mut loading = Loading::new(checked.framework());
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
    pub(super) framework: &'c Framework,
    pub(super) shells: Vec<Return>,
    pub(super) held: Vec<BTreeMap<String, Held>>,
    words: Words,
    fingerprint: Fingerprint,
    /// The fingerprints of what was loaded elsewhere.
    fingerprints: BTreeSet<String>,
    pub(super) rejects: Vec<Vec<Reject>>,
}

impl<'c> Loading<'c> {
    /// Nothing yet, of the datasets of a framework.
    pub fn new(framework: &'c Framework) -> Self {
        Self {
            framework,
            shells: Vec::new(),
            held: Vec::new(),
            words: Words::default(),
            fingerprint: Fingerprint::default(),
            fingerprints: BTreeSet::new(),
            rejects: Vec::new(),
        }
    }

    /// Begins a return; its tables follow, in order of their datasets. Tables that it holds already are left out.
    pub fn begin(&mut self, of: Return) {
        self.fingerprint.begin(&of);
        self.shells.push(Return { tables: BTreeMap::new(), ..of });
        self.held.push(BTreeMap::new());
        self.rejects.push(Vec::new());
    }

    /// A table of the return, batch by batch, with a reject for each value that is not a value of its field and for each
    /// record that is left out because a field is blank which may not be.
    ///
    /// # Errors
    /// A table that does not fit its dataset, a batch that cannot be read, a second table of one dataset.
    pub fn table(
        &mut self,
        dataset: &str,
        cover: Cover,
        schema: &Schema,
        batches: impl IntoIterator<Item = Result<RecordBatch, ArrowError>>,
    ) -> Result<&[Reject], LoadError> {
        let of = self.framework.datasets.get(dataset);
        let of = of.ok_or_else(|| LoadError::UnknownDataset(dataset.to_owned()))?;
        let (Some(shell), Some(held)) = (self.shells.last_mut(), self.held.last_mut()) else {
            return Err(LoadError::NoReturn);
        };
        if shell.tables.contains_key(dataset) {
            return Err(LoadError::TwoTables { name: shell.name.clone(), dataset: dataset.to_owned() });
        }
        let binding = bind(schema, of)?;
        let fields: Vec<Arc<str>> = binding.fields.iter().map(|field| Arc::clone(&field.name)).collect();
        self.fingerprint.table(dataset, &fields, cover);
        let batches = batches.into_iter().map(|batch| {
            let batch = batch?;
            fits(schema, &batch, &binding)?;
            Ok::<_, ArrowError>(batch)
        });
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        if AS_RECORDS.contains(&dataset) {
            for batch in batches {
                let first = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
                let (more, wrong) = records(&shell.name, &batch?, &binding, first)?;
                rows.extend(more);
                rejects.extend(wrong);
            }
            without_blanks(&shell.name, of, &binding, &mut rows, &mut rejects);
            self.fingerprint.rows(&rows);
        } else {
            let mut growing = Growing::new(of, &binding, &shell.name);
            for batch in batches {
                growing.extend(&batch?, &mut self.words, &mut self.fingerprint)?;
            }
            let columns;
            (columns, rejects) = growing.finish(of);
            held.insert(dataset.to_owned(), columns);
        }
        shell.tables.insert(dataset.to_owned(), Table { fields, rows, cover });
        let Some(all) = self.rejects.last_mut() else { return Err(LoadError::NoReturn) };
        let before = all.len();
        all.append(&mut rejects);
        Ok(all.get(before..).unwrap_or_default())
    }

    /// A return that was read as records, with all its tables.
    ///
    /// # Errors
    /// A table of no dataset that the framework knows.
    pub fn add(&mut self, of: &Return) -> Result<(), LoadError> {
        let tables = &of.tables;
        let shell = Return {
            name: of.name.clone(),
            kind: of.kind.clone(),
            area: of.area.clone(),
            submission: of.submission.clone(),
            tables: BTreeMap::new(),
            ..*of
        };
        self.begin(shell);
        for (id, table) in tables {
            let dataset = self.framework.datasets.get(id);
            let dataset = dataset.ok_or_else(|| LoadError::UnknownDataset(id.clone()))?;
            let (Some(shell), Some(held)) = (self.shells.last_mut(), self.held.last_mut()) else { continue };
            self.fingerprint.table(id, &table.fields, table.cover);
            self.fingerprint.rows(&table.rows);
            let left = if AS_RECORDS.contains(&id.as_str()) {
                table.rows.clone()
            } else {
                held.insert(id.clone(), of_rows(dataset, table, &mut self.words));
                Vec::new()
            };
            let table = Table { fields: table.fields.clone(), rows: left, cover: table.cover };
            shell.tables.insert(id.clone(), table);
        }
        Ok(())
    }

    /// Returns that were loaded before, beside these.
    ///
    /// # Errors
    /// They were loaded for datasets that are declared otherwise.
    pub fn loaded(&mut self, other: &Loaded) -> Result<(), LoadError> {
        other.fits(self.framework)?;
        let is_first = self.shells.is_empty();
        if is_first {
            self.words = Words::after(&other.words);
        }
        let words = &mut self.words;
        let held = other.held.iter().map(|tables| {
            let table = |(id, held): (&String, &Held)| {
                let columns = held.columns.iter().map(|column| match column {
                    Some(column) if !is_first => Some(column.in_other_words(&other.words, words)),
                    same => same.clone(),
                });
                (
                    id.clone(),
                    Held { columns: columns.collect(), kept: Arc::new(Kept::lasting()), ..held.clone() },
                )
            };
            tables.iter().map(table).collect::<BTreeMap<_, _>>()
        });
        self.held.extend(held);
        self.shells.extend(other.shells.returns.iter().cloned());
        self.fingerprints.extend(other.fingerprints.iter().cloned());
        self.rejects.extend(other.rejects.iter().cloned());
        Ok(())
    }

    /// Whether nothing is left that only records can settle.
    ///
    /// # Errors
    /// Several returns of one authority that carry one dataset; rows that stand twice under one key.
    pub fn is_settled(&self) -> Result<(), LoadError> {
        for (shell, held) in self.shells.iter().zip(&self.held) {
            for (id, held) in held {
                let rows = held.under_one_key;
                if rows > 0 {
                    return Err(LoadError::SameKeys { name: shell.name.clone(), dataset: id.clone(), rows });
                }
            }
        }
        self.each_dataset_once(&groups(self.framework, &self.shells))
    }

    /// What came in as records, for what only records can settle, and the fingerprint of each return.
    pub fn into_records(self) -> (Data, BTreeSet<String>) {
        let Self { framework, shells, held, words, fingerprint, mut fingerprints, .. } = self;
        fingerprints.extend(fingerprint.finish());
        (Data { returns: with_rows(framework, &shells, &held, &words) }, fingerprints)
    }

    /// What in the tables could not be used, so far.
    pub fn rejects(&self) -> impl Iterator<Item = &Reject> {
        self.rejects.iter().flatten()
    }

    /// What was loaded.
    ///
    /// # Errors
    /// What only records can settle, as [`is_settled`](Self::is_settled) has it.
    pub fn finish(mut self) -> Result<Loaded, LoadError> {
        self.is_settled()?;
        let (datasets, groups) = (&self.framework.datasets, groups(self.framework, &self.shells));
        for group in &groups {
            for (place, id, columns) in renumbered(datasets, &self.held, group) {
                if let Some(held) = self.held.get_mut(place).and_then(|tables| tables.get_mut(&id)) {
                    held.joined = columns;
                }
            }
        }
        self.fingerprints.extend(self.fingerprint.finish());
        Ok(Loaded {
            shells: Data { returns: self.shells },
            held: self.held,
            words: Arc::new(self.words),
            fingerprints: self.fingerprints,
            rejects: self.rejects,
            groups,
        })
    }

    /// Whether no two returns of one authority carry one dataset.
    fn each_dataset_once(&self, groups: &Groups) -> Result<(), LoadError> {
        for group in groups {
            let mut carriers: BTreeMap<&str, &Return> = BTreeMap::new();
            let returns =
                group.iter().filter_map(|place| Some((self.shells.get(*place)?, self.held.get(*place)?)));
            for (shell, id) in returns.flat_map(|(shell, held)| held.keys().map(move |id| (shell, id))) {
                if let Some(first) = carriers.insert(id, shell) {
                    return Err(LoadError::SeveralReturns {
                        first: first.name.clone(),
                        second: shell.name.clone(),
                        area: shell.area.clone(),
                        dataset: id.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Whether a batch has the columns that the table was bound by.
fn fits(schema: &Schema, batch: &RecordBatch, binding: &Binding) -> Result<(), ArrowError> {
    let batch = batch.schema_ref();
    let other = binding.fields.iter().find(|field| {
        let kind = |schema: &Schema| schema.fields().get(field.column).map(|of| of.data_type().clone());
        kind(schema) != kind(batch)
    });
    let other = other.map(|field| format!("a batch has another column for '{}' than the first", field.name));
    other.map_or(Ok(()), |other| Err(ArrowError::SchemaError(other)))
}

/// The columns of records.
pub(super) fn of_rows(dataset: &Dataset, table: &Table, words: &mut Words) -> Held {
    let columns = dataset.fields.iter().map(|field| {
        let at = table.fields.iter().position(|name| **name == *field.name.value)?;
        let data = table.rows.iter().map(|row| row.values.get(at).unwrap_or(&Datum::Missing));
        Some(Column::new(field, data, words))
    });
    let mut held = Held::new(dataset, columns.collect(), table.rows.len());
    let is_next = |(at, row): (usize, &Row)| u32::try_from(at + 1).is_ok_and(|at| at == row.origin);
    if !table.rows.iter().enumerate().all(is_next) {
        held.origins = Some(table.rows.iter().map(|row| row.origin).collect());
    }
    for (at, field) in dataset.fields.iter().enumerate().filter(|(_, field)| field.ty.value == Type::Decimal)
    {
        let Some(column) = table.fields.iter().position(|name| **name == *field.name.value) else { continue };
        for (number, row) in table.rows.iter().enumerate() {
            if let Some(Datum::Known(value)) = row.values.get(column) {
                whole(held.whole.entry(at).or_default(), number, value.ty() == Type::Int);
            }
        }
    }
    held
}

/// Notes from which row on numbers are whole ones, or are not.
fn whole(runs: &mut Vec<(usize, bool)>, row: usize, whole: bool) {
    if runs.last().is_none_or(|(_, before)| *before != whole) {
        runs.push((row, whole));
    }
}

/// A table while its rows come in.
struct Growing<'b> {
    /// What the return is called.
    name: &'b str,
    binding: &'b Binding,
    columns: Vec<Growth<'b>>,
    /// How many rows came, and how many of them are kept.
    came: usize,
    kept: usize,
    /// Of each row that is kept its place in the source, since the first that was left out.
    origins: Option<Vec<u32>>,
    rejects: Vec<Reject>,
}

/// A column of it.
struct Growth<'b> {
    /// The field's place in its dataset.
    at: usize,
    field: &'b BoundField,
    builder: Builder,
    may_not_be_blank: bool,
    /// Of decimals, from which rows on the numbers are whole ones, or are not.
    whole: Vec<(usize, bool)>,
    /// Records that are left out because this is blank.
    blanks: Vec<Reject>,
}

impl<'b> Growing<'b> {
    fn new(dataset: &Dataset, binding: &'b Binding, name: &'b str) -> Self {
        let column = |bound: &'b BoundField| {
            let at = dataset.fields.iter().position(|field| field.name.value == *bound.name)?;
            let field = dataset.fields.get(at)?;
            Some(Growth {
                at,
                field: bound,
                builder: Builder::new(field.ty.value, blank(field.missing)),
                may_not_be_blank: may_not_be_blank(dataset, &bound.name),
                whole: Vec::new(),
                blanks: Vec::new(),
            })
        };
        let columns = binding.fields.iter().filter_map(column).collect();
        Self { name, binding, columns, came: 0, kept: 0, origins: None, rejects: Vec::new() }
    }

    fn extend(
        &mut self,
        batch: &RecordBatch,
        words: &mut Words,
        fingerprint: &mut Fingerprint,
    ) -> Result<(), ArrowError> {
        let (name, binding, before) = (self.name, self.binding, self.came);
        let origin = |row: usize| u32::try_from(before + row + 1).unwrap_or(u32::MAX);
        let mut wrong = Vec::new();
        for Growth { field, builder, .. } in &mut self.columns {
            let Some(column) = batch.columns().get(field.column) else {
                return Err(ArrowError::SchemaError(format!("the batch has no column for '{}'", field.name)));
            };
            let found = builder.extend(column, words)?;
            wrong.extend(found.into_iter().map(|(row, of)| reject(name, binding, field, origin(row), of)));
        }
        wrong.sort_by(|a, b| (a.record, &a.element).cmp(&(b.record, &b.element)));
        let mut kept = vec![true; batch.num_rows()];
        for Growth { field, builder, blanks, .. } in self.columns.iter_mut().filter(|of| of.may_not_be_blank)
        {
            for (row, kept) in kept.iter_mut().enumerate().filter(|(_, kept)| **kept) {
                match builder.standing(self.kept + row) {
                    KNOWN => continue,
                    standing if is_blank(standing) => {
                        blanks.push(blank_reject(name, binding, field, origin(row)));
                    }
                    _ => {
                        let at = (origin(row), &*field.name);
                        let found = wrong.binary_search_by(|of| (of.record, &*of.element).cmp(&at));
                        if let Some(reject) = found.ok().and_then(|found| wrong.get_mut(found)) {
                            reject.lost = Lost::Record;
                        }
                    }
                }
                *kept = false;
            }
        }
        self.rejects.append(&mut wrong);
        let first = self.kept;
        self.came += batch.num_rows();
        self.kept += kept.iter().filter(|kept| **kept).count();
        if kept.contains(&false) || self.origins.is_some() {
            let before = u32::try_from(first).unwrap_or(u32::MAX);
            let origins = self.origins.get_or_insert_with(|| (1..=before).collect());
            let stay = kept.iter().enumerate().filter(|(_, kept)| **kept);
            origins.extend(stay.map(|(row, _)| origin(row)));
        }
        for growth in &mut self.columns {
            if let (Type::Decimal, true) = (growth.field.ty, first < self.kept) {
                whole(&mut growth.whole, first, growth.builder.is_whole());
            }
        }
        if kept.contains(&false) {
            self.columns.iter_mut().for_each(|of| of.builder.keep(first, &kept));
        }
        let columns = &self.columns;
        for row in first..self.kept {
            fingerprint.row(columns.iter().map(|of| of.builder.entry(row, words)));
        }
        Ok(())
    }

    fn finish(mut self, dataset: &Dataset) -> (Held, Vec<Reject>) {
        let mut columns: Vec<Option<Column>> = dataset.fields.iter().map(|_| None).collect();
        let mut whole = BTreeMap::new();
        for mut growth in self.columns {
            self.rejects.append(&mut growth.blanks);
            if !growth.whole.is_empty() {
                whole.insert(growth.at, growth.whole);
            }
            if let Some(column) = columns.get_mut(growth.at) {
                *column = Some(growth.builder.finish());
            }
        }
        let held = Held { origins: self.origins, whole, ..Held::new(dataset, columns, self.kept) };
        (held, self.rejects)
    }
}

#[cfg(test)]
mod tests;
