//! Columns as the records that they were made of, for what asks about single rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use hashbrown::HashSet;
use rust_decimal::prelude::ToPrimitive;
use staysafe::definition::dataset::Dataset;
use staysafe::definition::framework::Framework;
use staysafe::plan::bucket;
use staysafe::record::{Data, Return, Row, Table};
use staysafe::value::{Datum, Value};

use super::column::{Cells, Column, day_of};
use super::loaded::{Held, Loaded};
use super::standing::{YES, is_blank};
use super::words::Words;

/// The returns with the rows of their tables.
pub(super) fn with_rows(
    framework: &Framework,
    shells: &[Return],
    held: &[BTreeMap<String, Held>],
    words: &Words,
) -> Vec<Return> {
    let whole = |(shell, held): (&Return, &BTreeMap<String, Held>)| {
        let mut of = shell.clone();
        for (id, held) in held {
            if let (Some(table), Some(dataset)) = (of.tables.get_mut(id), framework.datasets.get(id)) {
                table.rows = held.rows_of(dataset, table, words);
            }
        }
        of
    };
    shells.iter().zip(held).map(whole).collect()
}

impl Loaded {
    /// The returns with no more rows than tell of each field the first day in every financial year: enough for
    /// [`financial_years_of`](staysafe::plan::financial_years_of).
    pub fn first_days(&self, framework: &Framework) -> Data {
        let told = |(shell, held): (&Return, &BTreeMap<String, Held>)| {
            let mut of = shell.clone();
            for (id, held) in held {
                if let (Some(table), Some(dataset)) = (of.tables.get_mut(id), framework.datasets.get(id)) {
                    table.rows = held.first_days(dataset, table);
                }
            }
            of
        };
        Data { returns: self.shells.returns.iter().zip(&self.held).map(told).collect() }
    }
}

impl Held {
    /// A row for each field of dates and financial year, with nothing but the first day of that field in it.
    fn first_days(&self, dataset: &Dataset, table: &Table) -> Vec<Row> {
        let mut rows = Vec::new();
        for (place, name) in table.fields.iter().enumerate() {
            let at = dataset.fields.iter().position(|field| field.name.value == **name);
            let Some(column) = at.and_then(|at| self.columns.get(at)?.as_ref()) else { continue };
            let mut first: BTreeMap<i32, NaiveDate> = BTreeMap::new();
            for day in (0..self.rows).filter_map(|row| column.day(row)).filter_map(day_of) {
                let year = if day.month() < 4 { day.year() - 1 } else { day.year() };
                let held = first.entry(year).or_insert(day);
                *held = day.min(*held);
            }
            rows.extend(first.into_values().map(|day| {
                let mut values = vec![Datum::Missing; table.fields.len()];
                if let Some(value) = values.get_mut(place) {
                    *value = Datum::Known(Value::Date(day));
                }
                Row { values, origin: 0 }
            }));
        }
        rows
    }

    /// The buckets of the rows of an authority, by a field or without one; none where there is no row. Each text is looked at once.
    pub(super) fn buckets(
        &self,
        dataset: &Dataset,
        area: &str,
        field: Option<&str>,
        words: &Words,
    ) -> Option<BTreeSet<u32>> {
        if self.rows == 0 {
            return None;
        }
        let at = field.and_then(|field| dataset.fields.iter().position(|of| of.name.value == field));
        let column = at.and_then(|at| Some((at, self.columns.get(at)?.as_ref()?)));
        let Some((at, column)) = column else { return Some([bucket(area, &Datum::Missing)].into()) };
        let mut seen: HashSet<u32> = HashSet::new();
        let is_new = |row: &usize| match &column.cells {
            Cells::Words(texts) if column.is_known(*row) => {
                texts.get(*row).is_some_and(|text| seen.insert(*text))
            }
            _ => true,
        };
        let rows = (0..self.rows).filter(is_new);
        Some(rows.map(|row| bucket(area, &self.datum((at, column), row, words))).collect())
    }

    /// The rows, with the values of the table's fields.
    fn rows_of(&self, dataset: &Dataset, table: &Table, words: &Words) -> Vec<Row> {
        let origin = |row: usize| {
            let known = self.origins.as_ref().and_then(|origins| origins.get(row)).copied();
            known.unwrap_or_else(|| u32::try_from(row + 1).unwrap_or(u32::MAX))
        };
        let empty = |row| Row { values: Vec::with_capacity(table.fields.len()), origin: origin(row) };
        let mut rows: Vec<Row> = (0..self.rows).map(empty).collect();
        for name in &table.fields {
            let at = dataset.fields.iter().position(|field| field.name.value == **name);
            let column = at.and_then(|at| Some((at, self.columns.get(at)?.as_ref()?)));
            for (number, row) in rows.iter_mut().enumerate() {
                row.values.push(column.map_or(Datum::Missing, |column| self.datum(column, number, words)));
            }
        }
        rows
    }

    fn datum(&self, (at, column): (usize, &Column), row: usize, words: &Words) -> Datum {
        let standing = column.standing(row);
        if is_blank(standing) {
            return Datum::Missing;
        }
        if !column.is_known(row) {
            let hidden = u32::try_from(row).is_ok_and(|row| column.is_hidden(row));
            return if hidden { Datum::Suppressed } else { Datum::Rejected };
        }
        let value = match &column.cells {
            Cells::Truth => Some(Value::Bool(standing == YES)),
            Cells::Days(days) => days.get(row).copied().and_then(day_of).map(Value::Date),
            Cells::Whole(numbers) => numbers.get(row).copied().map(Value::Int),
            Cells::Decimal(numbers) if self.is_whole(at, row) => {
                numbers.get(row).and_then(ToPrimitive::to_i64).map(Value::Int)
            }
            Cells::Decimal(numbers) => numbers.get(row).copied().map(Value::Decimal),
            Cells::Words(texts) => {
                texts.get(row).and_then(|text| words.shared(*text)).map(|text| Value::Text(Arc::clone(text)))
            }
        };
        value.map_or(Datum::Rejected, Datum::Known)
    }

    /// Whether a number among decimals came as a whole one.
    fn is_whole(&self, field: usize, row: usize) -> bool {
        let runs = self.whole.get(&field).map(Vec::as_slice).unwrap_or_default();
        let before = runs.partition_point(|(first, _)| *first <= row);
        before.checked_sub(1).and_then(|at| runs.get(at)).is_some_and(|(_, whole)| *whole)
    }
}
