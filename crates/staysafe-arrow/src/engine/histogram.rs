//! How many rows of each class stand in each slot, span by span.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::lanes::{Run, place};

/// More cells than this are not laid out, but kept as they are met.
const LAID_OUT: usize = 1 << 25;

/// Counts by span, slot and class. Sums wrap, so that a count may be taken off before it is put on.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    /// One more than there are: what is over behind the last is put there.
    spans: usize,
    slots: usize,
    classes: usize,
    cells: Vec<u32>,
    /// Where there are too many cells for that.
    met: Option<HashMap<(u32, u32, u32), u32>>,
}

impl Histogram {
    pub(crate) fn new(spans: usize) -> Self {
        Self { spans: spans + 1, slots: 0, classes: 0, cells: Vec::new(), met: None }
    }

    /// Makes room for so many slots and classes.
    pub(crate) fn fit(&mut self, slots: usize, classes: usize) {
        if self.met.is_some() || (slots <= self.slots && classes <= self.classes) {
            return;
        }
        let before = (self.slots, self.classes);
        // No more than is needed, so that cells lie close together; but more and more of it, where more is needed again and again.
        let of = |needed: usize, held: usize| {
            if needed <= held { held } else { needed.max(held + held / 2) }
        };
        let (slots, classes) = (of(slots, before.0), of(classes, before.1));
        if self.spans.saturating_mul(slots).saturating_mul(classes) > LAID_OUT {
            self.met =
                Some(self.each().map(|(span, slot, class, count)| ((span, slot, class), count)).collect());
            self.cells = Vec::new();
            return;
        }
        let mut cells = vec![0u32; self.spans * slots * classes];
        for (span, slot, class, count) in self.each() {
            if let Some(cell) = cells.get_mut((place(span) * slots + place(slot)) * classes + place(class)) {
                *cell = count;
            }
        }
        (self.slots, self.classes, self.cells) = (slots, classes, cells);
    }

    /// Adds rows in a span; of rows that stand from one span to another, where they begin and are over. There must be room
    /// for the slot and class.
    pub(crate) fn add(&mut self, (span, end): (u16, Option<u16>), slot: u32, class: u32, count: u32) {
        self.cell(u32::from(span), slot, class, count);
        if let Some(end) = end {
            self.cell(u32::from(end), slot, class, count.wrapping_neg());
        }
    }

    /// Adds one row for each lane.
    pub(crate) fn add_all(
        &mut self,
        (spans, ends): (&[u16], &[u16]),
        slots: &Run<'_, u32>,
        classes: &Run<'_, u32>,
    ) {
        match (slots, classes) {
            (Run::Each(slots), Run::Each(classes)) => {
                self.put(spans, ends, || slots.iter().copied().zip(classes.iter().copied()));
            }
            (Run::Each(slots), Run::Same(class)) => {
                self.put(spans, ends, || slots.iter().map(|slot| (*slot, *class)));
            }
            _ => self.put(spans, ends, || slots.iter(spans.len()).zip(classes.iter(spans.len()))),
        }
    }

    fn put<I: Iterator<Item = (u32, u32)>>(&mut self, spans: &[u16], ends: &[u16], at: impl Fn() -> I) {
        for (edges, count) in [(spans, 1), (ends, u32::MAX)] {
            let cells = edges.iter().map(|span| u32::from(*span)).zip(at());
            if self.met.is_some() {
                cells.for_each(|(span, (slot, class))| self.cell(span, slot, class, count));
                continue;
            }
            let (slots, classes) = (self.slots, self.classes);
            let all = self.cells.as_mut_slice();
            for (span, (slot, class)) in cells {
                if let Some(cell) = all.get_mut((place(span) * slots + place(slot)) * classes + place(class))
                {
                    *cell = cell.wrapping_add(count);
                }
            }
        }
    }

    /// Adds to a cell.
    #[inline]
    pub(crate) fn cell(&mut self, span: u32, slot: u32, class: u32, count: u32) {
        let at = (place(span) * self.slots + place(slot)) * self.classes + place(class);
        match (self.cells.get_mut(at), &mut self.met) {
            (Some(cell), _) => *cell = cell.wrapping_add(count),
            (None, None) => {}
            (None, Some(met)) => {
                let cell = met.entry((span, slot, class)).or_default();
                *cell = cell.wrapping_add(count);
            }
        }
    }

    /// Every cell that is not 0, in order where they are laid out.
    pub(crate) fn each(&self) -> Box<dyn Iterator<Item = (u32, u32, u32, u32)> + '_> {
        let last = self.spans - 1;
        if let Some(met) = &self.met {
            let sorted: BTreeMap<_, _> =
                met.iter().filter(|((span, ..), count)| place(*span) < last && **count != 0).collect();
            return Box::new(
                sorted.into_iter().map(|((span, slot, class), count)| (*span, *slot, *class, *count)),
            );
        }
        let (slots, classes) = (self.slots.max(1), self.classes.max(1));
        let cells =
            self.cells.iter().take(last * slots * classes).enumerate().filter(|(_, count)| **count != 0);
        Box::new(cells.map(move |(at, count)| {
            let (row, class) = (at / classes, at % classes);
            let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
            (number(row / slots), number(row % slots), number(class), *count)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_where_they_are_while_room_is_made_and_when_there_is_no_more() {
        let mut counts = Histogram::new(2);
        counts.fit(1, 1);
        counts.add((1, None), 0, 0, 3);
        counts.fit(9, 20);
        counts.add((0, Some(2)), 8, 19, 1);
        counts.add((1, None), 0, 0, u32::MAX);
        let expected = vec![(0, 8, 19, 1), (1, 0, 0, 2)];
        assert_eq!(counts.each().collect::<Vec<_>>(), expected);
        counts.fit(1 << 20, 1 << 20);
        counts.add((1, None), 1 << 19, 7, 5);
        assert_eq!(counts.each().collect::<Vec<_>>(), [expected, vec![(1, 1 << 19, 7, 5)]].concat());
    }
}
