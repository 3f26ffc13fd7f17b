//! Tables that are given columns which other tables of their return say.

use super::Found;
use crate::registers::{Raw, RawRow};
use crate::workbook::Cell;

/// A table in the making that is given more columns.
pub(super) struct Widened<'r, 'f> {
    pub(super) raw: &'r mut Raw,
    pub(super) of: &'r Found<'f>,
}

impl Widened<'_, '_> {
    /// Adds a column that the list knows, where it has none of this name.
    pub(super) fn add(&mut self, name: &str, value: impl Fn(&RawRow) -> Cell) {
        if self.of.list.place(name).is_none() || self.of.place(name).is_some() {
            return;
        }
        let header = self.of.header;
        let width = self.raw.rows.get(header).and_then(|top| top.cells.as_ref()).map_or(0, Vec::len);
        // A last row that was cut off stays as it is, and is rejected for it.
        let cut = self.raw.cut.then(|| self.raw.rows.len().saturating_sub(1));
        for (place, row) in self.raw.rows.iter_mut().enumerate().skip(header) {
            if cut == Some(place) && row.cells.as_ref().is_some_and(|cells| cells.len() < width) {
                continue;
            }
            let cell = if place == header { Cell::Text(name.to_owned()) } else { value(row) };
            let Some(cells) = &mut row.cells else { continue };
            // A row that is too long stays so, and is rejected for it.
            if cells.iter().all(Cell::is_blank) || cells.len() > width {
                continue;
            }
            cells.resize(width, Cell::Blank);
            cells.push(cell);
        }
    }
}

/// The rows up to the header, and those below it that are to stay or cannot be told apart.
pub(super) fn keep(all: &[RawRow], header: usize, stays: impl Fn(&RawRow) -> bool) -> Vec<RawRow> {
    let kept = all.iter().enumerate();
    let kept = kept.filter(|(place, row)| *place <= header || row.cells.is_none() || stays(row));
    kept.map(|(_, row)| row.clone()).collect()
}

/// The rows below the headings that hold anything.
pub(super) fn rows<'r>(of: &Found<'r>) -> impl Iterator<Item = &'r RawRow> {
    let holds = |row: &&RawRow| row.cells.as_ref().is_some_and(|cells| !cells.iter().all(Cell::is_blank));
    of.raw.rows.iter().skip(of.header + 1).filter(holds)
}

pub(super) fn cell(row: &RawRow, at: usize) -> Option<&Cell> {
    row.cells.as_ref()?.get(at).filter(|cell| !cell.is_blank())
}
