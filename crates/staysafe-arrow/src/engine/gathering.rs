//! Rows of one key, which count as one.

use super::found::{Counts, Record};
use super::keys::NO_GROUP;
use super::lanes::Run;
use super::pass::Keyed;
use super::placed::Placed;

/// The lanes of a batch, to be put together by their keys.
pub(crate) struct Gathering<'l> {
    pub(crate) lanes: &'l Placed,
    pub(crate) standing: &'l Run<'l, u32>,
    pub(crate) classes: &'l Run<'l, u32>,
    pub(crate) counts: &'l mut Counts,
}

impl Gathering<'_> {
    /// Puts all lanes where they belong. Those of one key lie side by side, unless it may be met in another reading.
    pub(crate) fn all(&mut self, keyed: &Keyed, spans_are_periods: bool) {
        let mut heard: Vec<usize> = Vec::new();
        let mut groups: Vec<u32> = Vec::new();
        for (lane, row) in self.lanes.rows.iter().enumerate() {
            let (slot, class) = self.at(lane);
            if self.counts.is_silent(class) {
                self.alone(lane, slot, class);
            } else {
                heard.push(lane);
                groups.push(usize::try_from(*row).map_or(NO_GROUP, |row| keyed.groups.at(row)));
            }
        }
        let together = |one: &u32, next: &u32| one == next && *one != NO_GROUP;
        let settled = spans_are_periods && !keyed.several;
        let (mut from, mut stretches, mut records) = (0, Vec::new(), Vec::new());
        for group in groups.chunk_by(together) {
            let lanes = heard.get(from..from + group.len()).unwrap_or_default();
            from += group.len();
            let keyless = group.first() == Some(&NO_GROUP);
            let alone = !keyed.several && lanes.len() == 1;
            if keyless || alone || (settled && self.follow_one_another(lanes, &mut stretches)) {
                for lane in lanes {
                    let (slot, class) = self.at(*lane);
                    self.alone(*lane, slot, class);
                }
                continue;
            }
            if settled && self.add_alike(lanes, &stretches) {
                continue;
            }
            records.clear();
            for lane in lanes {
                self.records(*lane, &mut records);
            }
            if settled {
                self.settle(&mut records);
            } else {
                self.counts.records.append(&mut records);
            }
        }
    }

    fn alone(&mut self, lane: usize, slot: u32, class: u32) {
        let stretch = (self.lanes.span(lane), self.lanes.ends.get(lane).copied());
        self.counts.histogram.add(stretch, slot, class, 1);
    }

    fn at(&self, lane: usize) -> (u32, u32) {
        let of = |all: &Run<'_, u32>| all.at(lane).unwrap_or_default();
        (of(self.standing), of(self.classes))
    }

    /// Whether no two lanes stand in one span.
    fn follow_one_another(&self, lanes: &[usize], stretches: &mut Vec<(u16, u16)>) -> bool {
        stretches.clear();
        stretches.extend(lanes.iter().map(|lane| (self.lanes.span(*lane), self.lanes.end(*lane))));
        stretches.sort_unstable();
        stretches.iter().zip(stretches.iter().skip(1)).all(|((_, end), (next, _))| end <= next)
    }

    /// Adds lanes that are all alike: in each span where any of them stands one counts, and the others are told beside it.
    /// `stretches` are theirs, in order.
    fn add_alike(&mut self, lanes: &[usize], stretches: &[(u16, u16)]) -> bool {
        let (slot, class) = self.at(lanes.first().copied().unwrap_or_default());
        if lanes.iter().any(|lane| self.at(*lane) != (slot, class)) {
            return false;
        }
        let last = |end: u16| (!self.lanes.ends.is_empty()).then_some(end);
        let mut together: Option<(u16, u16)> = None;
        for (from, end) in stretches.iter().copied() {
            self.counts.more.add((from, last(end)), slot, class, 1);
            together = match together {
                Some((begun, over)) if from < over => Some((begun, over.max(end))),
                before => {
                    self.add_one(before, slot, class);
                    Some((from, end))
                }
            };
        }
        self.add_one(together, slot, class);
        true
    }

    /// Counts one row for a stretch, which was told among the others.
    fn add_one(&mut self, stretch: Option<(u16, u16)>, slot: u32, class: u32) {
        let Some((from, end)) = stretch else { return };
        let stretch = (from, (!self.lanes.ends.is_empty()).then_some(end));
        self.counts.histogram.add(stretch, slot, class, 1);
        self.counts.more.add(stretch, slot, class, u32::MAX);
    }

    /// A record for each span that a lane stands in.
    fn records(&self, lane: usize, records: &mut Vec<Record>) {
        let (slot, class) = self.at(lane);
        let row = self.lanes.rows.get(lane).copied().unwrap_or_default();
        let spans = self.lanes.span(lane)..self.lanes.end(lane);
        records.extend(spans.map(|span| Record { span: u32::from(span), slot, class, row }));
    }

    /// Of records that are alike in a span one counts, and the others are told beside it; those that differ are kept.
    fn settle(&mut self, records: &mut [Record]) {
        records.sort_unstable();
        for same in records.chunk_by(|one, next| one.span == next.span) {
            let (Some(first), Some(last)) = (same.first(), same.last()) else { continue };
            if (first.slot, first.class) != (last.slot, last.class) {
                self.counts.records.extend_from_slice(same);
                continue;
            }
            let span = u16::try_from(first.span).unwrap_or(u16::MAX);
            let stretch = (span, (!self.lanes.ends.is_empty()).then(|| span.saturating_add(1)));
            let others = u32::try_from(same.len() - 1).unwrap_or(u32::MAX);
            self.counts.histogram.add(stretch, first.slot, first.class, 1);
            if others > 0 {
                self.counts.more.add(stretch, first.slot, first.class, others);
            }
        }
    }
}
