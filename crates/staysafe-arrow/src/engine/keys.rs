//! Rows by the values of some fields: what links, distinct counts and derived tables are worked out with.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;

use super::column::{Cells, Column};
use super::frame::Frame;

/// A value as a number: equal values of one type have equal numbers.
pub(crate) type Cell = u128;

/// No group: a field of the key has no value.
pub(crate) const NO_GROUP: u32 = u32::MAX;

/// A whole key that no row has.
const NOBODYS: u32 = u32::MAX - 1;

/// The groups of a key.
#[derive(Debug)]
enum Groups {
    /// Values that fit side by side into one number, each so many bits wide.
    Packed(Box<[u32]>, HashMap<Cell, u32>),
    Boxed(HashMap<Box<[Cell]>, u32>),
}

/// How wide the values of each field are, where together they fit into one number.
fn packing(frame: &Frame<'_>, fields: &[usize]) -> Option<Box<[u32]>> {
    let width = |field: &usize| match frame.column(*field).map(|column| &column.cells) {
        None | Some(Cells::Truth) => 8,
        Some(Cells::Days(_) | Cells::Words(_)) => 32,
        Some(Cells::Whole(_)) => 64,
        Some(Cells::Decimal(_)) => Cell::BITS,
    };
    let widths: Box<[u32]> = fields.iter().map(width).collect();
    (widths.iter().sum::<u32>() <= Cell::BITS).then_some(widths)
}

/// The values of some fields of a row in one number; `None` where one of them has none.
fn packed(frame: &Frame<'_>, fields: &[usize], widths: &[u32], row: usize) -> Option<Cell> {
    let mut all: Cell = 0;
    for (field, width) in fields.iter().zip(widths) {
        all = all.checked_shl(*width).unwrap_or(0) | cell(frame.column(*field), row)?;
    }
    Some(all)
}

/// Rows by key, those of one key in their order in the table.
#[derive(Debug)]
pub(crate) struct Index {
    /// Of each row its group.
    pub(crate) of_row: Arc<[u32]>,
    /// Of each group where its rows begin, and behind the last where they end.
    starts: Vec<u32>,
    /// The rows group by group, and behind them those of no group.
    rows: Vec<u32>,
}

/// The value of a row as a number; `None` where it has none.
pub(crate) fn cell(column: Option<&Column>, row: usize) -> Option<Cell> {
    let column = column.filter(|column| column.is_known(row))?;
    Some(match &column.cells {
        Cells::Truth => Cell::from(column.standing(row)),
        Cells::Days(days) => Cell::from(days.get(row)?.cast_unsigned()),
        Cells::Whole(numbers) => Cell::from(numbers.get(row)?.cast_unsigned()),
        Cells::Decimal(numbers) => Cell::from_le_bytes(numbers.get(row)?.normalize().serialize()),
        Cells::Words(words) => Cell::from(*words.get(row)?),
    })
}

/// The values of some fields of a row; `None` where one of them has none.
pub(crate) fn key(frame: &Frame<'_>, fields: &[usize], row: usize) -> Option<Box<[Cell]>> {
    fields.iter().map(|field| cell(frame.column(*field), row)).collect()
}

impl Index {
    pub(crate) fn new(frame: &Frame<'_>, fields: &[usize]) -> Self {
        let mut groups = Groups::new(frame, fields);
        let of_row: Arc<[u32]> = (0..frame.rows).map(|row| groups.of(frame, fields, row)).collect();
        let count = groups.len();
        let mut starts = vec![0u32; count + 1];
        for group in of_row.iter() {
            if let Some(count) = place(*group).and_then(|group| starts.get_mut(group.checked_add(1)?)) {
                *count += 1;
            }
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; of_row.len()];
        for (row, group) in (0u32..).zip(of_row.iter()) {
            let group = place(*group).unwrap_or(count).min(count);
            let Some(at) = next.get_mut(group) else { continue };
            if let Some(slot) = place(*at).and_then(|at| rows.get_mut(at)) {
                *slot = row;
            }
            *at += 1;
        }
        Self { of_row, starts, rows }
    }

    /// The group of a row.
    pub(crate) fn of(&self, row: u32) -> u32 {
        place(row).and_then(|row| self.of_row.get(row)).copied().unwrap_or(NO_GROUP)
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Where the rows of a group stand among [`by_group`](Self::by_group).
    pub(crate) fn range(&self, group: u32) -> Range<usize> {
        let at = place(group).and_then(|group| {
            let (from, to) = (self.starts.get(group)?, self.starts.get(group.checked_add(1)?)?);
            Some(place(*from)?..place(*to)?)
        });
        at.unwrap_or_default()
    }

    /// The rows of a group.
    pub(crate) fn group(&self, group: u32) -> &[u32] {
        self.rows.get(self.range(group)).unwrap_or_default()
    }

    /// All rows, those of one group side by side, and behind them those of no group.
    pub(crate) fn by_group(&self) -> &[u32] {
        &self.rows
    }

    /// The group of each row of another table: of those whose key is not whole none, of those whose key no row has here
    /// nobody's. `own` is the table that this is of, by these fields.
    pub(crate) fn groups_of(
        &self,
        (own, theirs): (&Frame<'_>, &[usize]),
        (frame, ours): (&Frame<'_>, &[usize]),
    ) -> Arc<[u32]> {
        let mut groups = Groups::new(own, theirs);
        for range in self.starts.iter().take(self.len()) {
            if let Some(row) = place(*range).and_then(|at| place(*self.rows.get(at)?)) {
                groups.of(own, theirs, row);
            }
        }
        let rows = 0..frame.rows;
        let found = |group: Option<&u32>| group.copied().unwrap_or(NOBODYS);
        match &groups {
            Groups::Packed(widths, groups) if packing(frame, ours).as_ref() == Some(widths) => {
                let key = |row| packed(frame, ours, widths, row);
                rows.map(|row| key(row).map_or(NO_GROUP, |key| found(groups.get(&key)))).collect()
            }
            // Values of different types are never equal.
            Groups::Packed(..) => {
                rows.map(|row| key(frame, ours, row).map_or(NO_GROUP, |_| NOBODYS)).collect()
            }
            Groups::Boxed(groups) => rows
                .map(|row| key(frame, ours, row).map_or(NO_GROUP, |key| found(groups.get(&key))))
                .collect(),
        }
    }
}

impl Groups {
    fn new(frame: &Frame<'_>, fields: &[usize]) -> Self {
        match packing(frame, fields) {
            Some(widths) => Self::Packed(widths, HashMap::new()),
            None => Self::Boxed(HashMap::new()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Packed(_, groups) => groups.len(),
            Self::Boxed(groups) => groups.len(),
        }
    }

    fn of(&mut self, frame: &Frame<'_>, fields: &[usize], row: usize) -> u32 {
        let next = u32::try_from(self.len()).unwrap_or(NO_GROUP);
        match self {
            Self::Packed(widths, groups) => {
                packed(frame, fields, widths, row).map_or(NO_GROUP, |key| *groups.entry(key).or_insert(next))
            }
            Self::Boxed(groups) => {
                key(frame, fields, row).map_or(NO_GROUP, |key| *groups.entry(key).or_insert(next))
            }
        }
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}
