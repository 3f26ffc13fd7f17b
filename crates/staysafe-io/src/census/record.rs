//! Records under construction, and the tables they go to.

use staysafe::record::{Cover, Row, Table};
use staysafe::value::{Datum, Value};

use crate::layout::{DatasetLayout, Layout, Taken};

/// A record whose element is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) dataset: usize,
    pub(super) values: Vec<Datum>,
    /// Whether the file gave it anything, readable or not.
    pub(super) given: bool,
    /// Whether a record of its own dataset stands inside it: then it is only a wrapper.
    pub(super) wraps: bool,
}

/// The rows of one dataset so far.
#[derive(Debug, Default)]
pub(super) struct Building {
    rows: Vec<Row>,
    /// Rows before the current child.
    mark: usize,
    /// Whether the file has at least one element of it.
    pub(super) carried: bool,
    last_number: i64,
}

impl Open {
    /// Begins a record: its running number and the columns of enclosing records are filled in. What
    /// the top record gives is filled in at its end, because it may stand anywhere inside it.
    pub(super) fn begin(
        dataset: usize,
        layout: &DatasetLayout,
        tables: &mut [Building],
        open: &[Self],
        top: usize,
    ) -> Self {
        let mut values = vec![Datum::Missing; layout.fields.len()];
        if let (Some(column), Some(table)) = (layout.number, tables.get_mut(dataset)) {
            table.last_number += 1;
            set(&mut values, column, Datum::Known(Value::Int(table.last_number)));
        }
        for Taken { column, dataset, their_column } in layout.taken.iter().filter(|t| t.dataset != top) {
            let enclosing = open.iter().rev().find(|record| record.dataset == *dataset);
            if let Some(datum) = enclosing.and_then(|record| record.values.get(*their_column)) {
                set(&mut values, *column, datum.clone());
            }
        }
        Self { dataset, values, given: false, wraps: false }
    }

    pub(super) fn get(&self, column: usize) -> &Datum {
        self.values.get(column).unwrap_or(&Datum::Missing)
    }

    pub(super) fn set(&mut self, column: usize, datum: Datum) {
        set(&mut self.values, column, datum);
    }
}

impl Building {
    pub(super) fn push(&mut self, values: Vec<Datum>, origin: u32) {
        self.rows.push(Row { values, origin });
    }

    /// Gives the rows below a record that ended what they take from it, wherever in it that stood.
    pub(super) fn complete(&mut self, layout: &DatasetLayout, record: &Open, number: usize) {
        let from_it = || layout.taken.iter().filter(|taken| taken.dataset == record.dataset);
        let Some(key) = from_it().find(|taken| taken.their_column == number).map(|taken| taken.column) else {
            return;
        };
        let own = record.get(number);
        for row in self.rows.iter_mut().skip(self.mark).filter(|row| row.values.get(key) == Some(own)) {
            for taken in from_it() {
                set(&mut row.values, taken.column, record.get(taken.their_column).clone());
            }
        }
    }

    /// Rows of the current child.
    pub(super) fn pending(&self) -> usize {
        self.rows.len() - self.mark
    }

    /// Forgets the rows of the current child.
    pub(super) fn drop_pending(&mut self) {
        self.rows.truncate(self.mark);
    }

    /// Gives the rows of the current child its identifier, and keeps them.
    pub(super) fn keep_pending(&mut self, layout: &DatasetLayout, top: usize, identity: &Datum) {
        if let Some(taken) = layout.taken.iter().find(|taken| taken.dataset == top) {
            for row in self.rows.iter_mut().skip(self.mark) {
                set(&mut row.values, taken.column, identity.clone());
            }
        }
        self.mark = self.rows.len();
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn finish(mut self, layout: &DatasetLayout, cover: Cover) -> Table {
        self.rows.shrink_to_fit();
        Table { fields: layout.fields.clone(), rows: self.rows, cover }
    }
}

/// How many rows of each dataset below the top record stand in the current one, in words.
pub(super) fn below(layout: &Layout, tables: &[Building]) -> String {
    let counts: Vec<String> = layout
        .datasets
        .iter()
        .zip(tables)
        .enumerate()
        .filter(|(place, (_, table))| *place != layout.top && table.pending() > 0)
        .map(|(_, (dataset, table))| format!("{} of {}", table.pending(), dataset.id))
        .collect();
    if counts.is_empty() { "no records".to_owned() } else { counts.join(", ") }
}

fn set(values: &mut [Datum], column: usize, datum: Datum) {
    if let Some(place) = values.get_mut(column) {
        *place = datum;
    }
}
