//! Rows by the values of some fields: what links, distinct counts and derived tables are worked out with.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::begins::Begins;
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
    /// The rows group by group, and behind them those of no group.
    rows: Vec<u32>,
    begins: Begins,
    /// Of each group where its rows begin, and behind the last where they end; worked out when it is asked for.
    starts: OnceLock<Box<[u32]>>,
    /// Of each row its group; the same.
    of_row: OnceLock<Arc<[u32]>>,
}

/// The group of each row of a table.
#[derive(Debug, Clone)]
pub(crate) enum Grouped {
    Each(Arc<[u32]>),
    /// Of a table that is laid out by this index.
    LaidOut(Arc<Index>),
}

impl Grouped {
    /// The group of a row: [`NO_GROUP`] where its key is not whole.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> u32 {
        match self {
            Self::Each(all) => all.get(row).copied().unwrap_or(NO_GROUP),
            Self::LaidOut(index) => index.begins.group_at(row),
        }
    }
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
        drop(next);
        Self { rows, begins: Begins::new(&starts), starts: OnceLock::new(), of_row: OnceLock::new() }
    }

    /// The group of a row.
    pub(crate) fn of(&self, row: u32) -> u32 {
        place(row).and_then(|row| self.of_row().get(row)).copied().unwrap_or(NO_GROUP)
    }

    /// Of each row its group.
    pub(crate) fn of_row(&self) -> &Arc<[u32]> {
        self.of_row.get_or_init(|| {
            let mut all = vec![NO_GROUP; self.rows.len()];
            for (at, row) in self.rows.iter().enumerate() {
                if let Some(held) = place(*row).and_then(|row| all.get_mut(row)) {
                    *held = self.begins.group_at(at);
                }
            }
            all.into()
        })
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.begins.len()
    }

    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| self.begins.starts().into())
    }

    /// Where the rows of a group stand among [`by_group`](Self::by_group).
    pub(crate) fn range(&self, group: u32) -> Range<usize> {
        let at = place(group).and_then(|group| {
            let (from, to) = (self.starts().get(group)?, self.starts().get(group.checked_add(1)?)?);
            Some(place(*from)?..place(*to)?)
        });
        at.unwrap_or_default()
    }

    /// Where the rows stand that are of one group with the row at a place.
    pub(crate) fn range_at(&self, place: usize) -> Range<usize> {
        self.begins.range_at(place)
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
        let firsts: Vec<u32> = self.starts().iter().take(self.len()).filter_map(first).collect();
        Numbering::again(own, theirs, &firsts).numbers_of(frame, ours).into()
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}
