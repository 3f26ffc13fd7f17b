//! What is counted, cubicle by cubicle, and the state that it comes to.

use std::collections::BTreeMap;

use staysafe::calculate::engine::{Finished, Rows, hull};
use staysafe::period::Days;
use staysafe::result::{Coverage, Flags, Judged, NotReported, Note, Reason, State};

use super::sorted::{Cubicle, OWN, Sorted};

/// One cubicle's counters; what is counted besides them is the caller's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally<T> {
    pub(crate) counted: T,
    pub(crate) judged: Judged,
    pub(crate) notes: BTreeMap<Note, u64>,
    pub(crate) flags: Flags,
}

/// Counters by cubicle.
#[derive(Debug)]
pub(crate) struct Tallies<T> {
    /// By cubicle the place of its counters, or [`NONE`].
    at: Vec<u32>,
    all: Vec<Tally<T>>,
    /// The cubicle of each.
    cubicles: Vec<Cubicle>,
    nowhere: Tally<T>,
    flags: Flags,
    /// The days spoken for, part by part joined; `None` where they are the period's.
    days: Option<Days>,
    parts: usize,
}

const NONE: u32 = u32::MAX;

impl<T> Tally<T> {
    pub(crate) fn note(&mut self, note: Note) {
        self.note_times(note, 1);
    }

    pub(crate) fn note_times(&mut self, note: Note, times: u64) {
        *self.notes.entry(note).or_default() += times;
    }

    pub(crate) fn judged(&mut self, judged: bool) {
        self.judged_times(judged, 1);
    }

    pub(crate) fn judged_times(&mut self, judged: bool, times: u64) {
        *(if judged { &mut self.judged.records } else { &mut self.judged.unjudged }) += times;
    }
}

impl<T: Default> Tallies<T> {
    pub(crate) fn new() -> Self {
        Self {
            at: Vec::new(),
            all: Vec::new(),
            cubicles: Vec::new(),
            nowhere: Tally::default(),
            flags: Flags::new(),
            days: None,
            parts: 0,
        }
    }

    /// Begins a part of the period, whose whole days are given.
    pub(crate) fn begin(&mut self, rows: &Rows, whole: Days) {
        self.flags.extend(rows.flags);
        self.days = if self.parts == 0 { rows.covers } else { hull(self.days, rows.covers, whole) };
        self.parts += 1;
    }

    #[inline]
    pub(crate) fn of(&mut self, cubicle: Cubicle) -> &mut Tally<T> {
        let at = usize::try_from(cubicle).unwrap_or(usize::MAX);
        let held = self.at.get(at).copied().filter(|held| *held != NONE);
        let place = held.and_then(|held| usize::try_from(held).ok()).unwrap_or(self.all.len());
        if place == self.all.len() {
            self.begin_cubicle(cubicle, at);
        }
        // Its place is there by now.
        self.all.get_mut(place).unwrap_or(&mut self.nowhere)
    }

    fn begin_cubicle(&mut self, cubicle: Cubicle, at: usize) {
        if self.at.len() <= at {
            self.at.resize(at.saturating_add(1).next_power_of_two(), NONE);
        }
        if let Some(held) = self.at.get_mut(at) {
            *held = u32::try_from(self.all.len()).unwrap_or(NONE);
        }
        self.all.push(Tally::default());
        self.cubicles.push(cubicle);
    }

    pub(crate) fn each(&mut self, act: impl FnMut(&mut Tally<T>)) {
        self.all.iter_mut().for_each(act);
    }

    /// Every cubicle of every place, the authority's own among them.
    pub(crate) fn fill(&mut self, sorted: &mut Sorted<'_, '_>) {
        let mut places = vec![OWN];
        if !sorted.split.breakdowns().is_empty() {
            places.extend(self.cubicles.iter().filter_map(|cubicle| sorted.place_of(*cubicle)));
            places.sort_unstable();
            places.dedup();
        }
        for place in places {
            for cubicle in sorted.grid(place).iter() {
                self.of(*cubicle);
            }
        }
    }

    /// Each cubicle's state, in order of area and columns.
    pub(crate) fn finish(mut self, sorted: &mut Sorted<'_, '_>, state: impl Fn(T) -> State) -> Vec<Finished> {
        self.fill(sorted);
        let (flags, days) = (self.flags, self.days);
        let order = sorted.in_order();
        let mut finished = Vec::with_capacity(self.all.len());
        for cubicle in order.iter() {
            let at = usize::try_from(*cubicle).ok().and_then(|at| self.at.get(at));
            let tally = at.and_then(|at| self.all.get_mut(usize::try_from(*at).ok()?)).map(std::mem::take);
            let (Some(mut tally), Some((area, columns))) = (tally, sorted.names(*cubicle)) else { continue };
            tally.flags.extend(flags);
            let state = state(tally.counted);
            // A table without an entry is no report of what is told.
            let silent = state == State::Absent(Reason::NotReported(NotReported::NoEntry));
            finished.push(Finished {
                area: area.clone(),
                by: columns.clone(),
                state,
                coverage: Coverage { reported: u32::from(!silent), expected: 1, days },
                judged: tally.judged,
                flags: tally.flags,
                notes: tally.notes,
            });
        }
        finished
    }
}
