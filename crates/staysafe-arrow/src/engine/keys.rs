//! Rows by the values of some fields: what links, distinct counts and derived tables are worked out with.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::column::{Cells, Column};
use super::frame::Frame;
use super::numbering::Numbering;

/// A value as a number: equal values of one type have equal numbers.
pub(crate) type Cell = u128;

/// No group: a field of the key has no value.
pub(crate) const NO_GROUP: u32 = u32::MAX;

/// A whole key that no row has.
pub(super) const NOBODYS: u32 = u32::MAX - 1;

/// Rows by key, those of one key in their order in the table.
#[derive(Debug)]
pub(crate) struct Index {
    /// Of each row its group; worked out when it is asked for.
    of_row: OnceLock<Arc<[u32]>>,
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
        let (numbering, of_row) = Numbering::of(frame, fields);
        let count = numbering.len();
        drop(numbering);
        let mut starts = vec![0u32; count + 1];
        for group in &of_row {
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
        Self { of_row: OnceLock::new(), starts, rows }
    }

    /// The group of a row.
    pub(crate) fn of(&self, row: u32) -> u32 {
        place(row).and_then(|row| self.of_row().get(row)).copied().unwrap_or(NO_GROUP)
    }

    /// Of each row its group.
    pub(crate) fn of_row(&self) -> &Arc<[u32]> {
        self.of_row.get_or_init(|| {
            let mut all = vec![NO_GROUP; self.rows.len()];
            for (row, group) in self.rows.iter().zip(self.groups().iter()) {
                if let Some(held) = place(*row).and_then(|row| all.get_mut(row)) {
                    *held = *group;
                }
            }
            all.into()
        })
    }

    /// The groups of rows as [`by_group`](Self::by_group) has them.
    pub(crate) fn groups(&self) -> Arc<[u32]> {
        let numbers = 0..u32::try_from(self.len()).unwrap_or(NO_GROUP);
        let of = |group: u32| std::iter::repeat_n(group, self.range(group).len());
        let grouped = self.range(numbers.end.saturating_sub(1)).end;
        let without = std::iter::repeat_n(NO_GROUP, self.rows.len() - grouped);
        numbers.flat_map(of).chain(without).collect::<Vec<u32>>().into()
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
        let first = |at: &u32| place(*at).and_then(|at| self.rows.get(at)).copied();
        let firsts: Vec<u32> = self.starts.iter().take(self.len()).filter_map(first).collect();
        Numbering::again(own, theirs, &firsts).numbers_of(frame, ours).into()
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}
