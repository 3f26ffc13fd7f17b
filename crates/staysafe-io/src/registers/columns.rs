//! Which column of a table feeds which field, and what is odd about its columns.

use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::diagnostic::nearest;

use super::RawRow;
use crate::delimited::plain;
use crate::notes::{Notes, Place};
use crate::workbook::Cell;

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// For each cell of a row the field it feeds, by its place in the dataset.
    pub(super) feeds: Vec<Option<usize>>,
    /// What the file calls each.
    pub(super) names: Vec<String>,
}

impl Columns {
    /// What the file calls the column of a field; the field's own name where it has none.
    pub(super) fn called(&self, dataset: &Dataset, field: usize) -> String {
        let column = self.feeds.iter().position(|feeds| *feeds == Some(field));
        let own = || dataset.fields.get(field).map(|field| field.name.value.clone()).unwrap_or_default();
        column.and_then(|at| self.names.get(at)).map_or_else(own, String::clone)
    }

    pub(super) fn of(dataset: &Dataset, header: &RawRow) -> Self {
        let cells = header.cells.as_deref().unwrap_or_default();
        let names: Vec<String> = cells.iter().map(Cell::shown).collect();
        let find = |name: &String| {
            let key = plain(name);
            dataset.fields.iter().position(|field| !key.is_empty() && plain(&field.name.value) == key)
        };
        Self { feeds: names.iter().map(find).collect(), names }
    }

    /// Whether any column feeds a field.
    pub(super) fn has(&self, field: usize) -> bool {
        self.feeds.contains(&Some(field))
    }

    /// Says what is odd: a column that no field is called, with the field that may be meant; a field without a column.
    pub(super) fn report(&self, dataset: &Dataset, header: &RawRow, notes: &mut Notes) {
        let id = Some(dataset.id.value.as_str());
        let at = |element| Place { record: 0, line: header.line, dataset: id, element };
        let lacking: Vec<&str> = dataset
            .fields
            .iter()
            .enumerate()
            .filter(|(place, _)| !self.has(*place))
            .map(|(_, field)| field.name.value.as_str())
            .collect();
        for (name, feeds) in self.names.iter().zip(&self.feeds) {
            if feeds.is_some() || name.is_empty() {
                continue;
            }
            let meant = nearest(&name.to_lowercase().replace([' ', '-'], "_"), lacking.iter().copied());
            let message = match meant {
                Some(meant) => format!(
                    "{} has no column of this name and it was not read; it may be {meant}, which is not there: if so, \
                     call it that",
                    dataset.id.value
                ),
                None => format!("{} has no column of this name; it was passed over", dataset.id.value),
            };
            notes.odd_many(at(name), "unknown-column", 1, message);
        }
        for name in lacking {
            let message = "the table lacks this column; figures that need it are not reported";
            notes.odd_many(at(name), "missing-column", 1, message.to_owned());
        }
    }
}

/// Whether a record that has no value in a field cannot be used, and why.
pub(super) fn needs(dataset: &Dataset, field: usize, rejected: bool) -> Option<&'static str> {
    let of = dataset.fields.get(field)?;
    let identifies = dataset.key.as_ref().is_some_and(|key| key.value.contains(&of.name.value));
    match (rejected, of.missing == Missing::Error) {
        (false, true) => Some("a record without it says nothing; fill it in"),
        // A day that cannot be read leaves a record that cannot be placed, which is counted; a record that cannot be
        // told from others must not be.
        (true, _) if identifies && of.ty.value == staysafe::value::Type::Text => {
            Some("it tells records apart, and cannot be read; correct it")
        }
        _ => None,
    }
}
