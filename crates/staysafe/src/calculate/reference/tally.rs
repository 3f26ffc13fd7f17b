//! What is counted while records go by, slot by slot.

use std::collections::{BTreeMap, BTreeSet};

use super::records::Records;
use super::split::{Place, Slot, Split};
use crate::calendar::Days;
use crate::result::{Coverage, Flag, Flags, Judged, NotReported, Note, Reason, State, Surveyed};
use crate::value::{Exact, Name, Names};

/// One slot's counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) numerator: u64,
    pub(crate) denominator: u64,
    pub(crate) total: Option<Exact>,
    /// Whether the total would need a number that its supplier hides.
    pub(crate) suppressed: bool,
    pub(crate) values: BTreeMap<Exact, u64>,
    pub(crate) categories: BTreeMap<String, u64>,
    /// Answers to a survey.
    pub(crate) surveyed: Option<Surveyed>,
    /// Whether a sum does not fit.
    pub(crate) refused: bool,
    /// What was told last.
    pub(crate) latest: Option<State>,
    pub(crate) judged: Judged,
    pub(crate) notes: BTreeMap<Note, u64>,
    pub(crate) flags: Flags,
}

/// Counters by slot. Every slot of the returning authority's own place is always there: a table that is
/// carried and empty is a figure of 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tallies {
    slots: BTreeMap<Slot, Tally>,
    flags: Flags,
    days: Option<Days>,
}

/// A slot's state with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The area's code, or what stands for all areas.
    pub area: Name,
    /// What stands in each column of the plan's `by`.
    pub by: Names,
    /// What was counted, or why nothing was.
    pub state: State,
    /// How much of what was asked for stands behind it.
    pub coverage: Coverage,
    /// How many records could be judged.
    pub judged: Judged,
    /// Marks.
    pub flags: Flags,
    /// Counters.
    pub notes: BTreeMap<Note, u64>,
}

impl Tally {
    pub(crate) fn note(&mut self, note: Note) {
        *self.notes.entry(note).or_default() += 1;
    }

    /// Counts a record that could be judged, or could not.
    pub(crate) fn judged(&mut self, judged: bool) {
        *(if judged { &mut self.judged.records } else { &mut self.judged.unjudged }) += 1;
    }
}

impl Tallies {
    pub(crate) fn new() -> Self {
        Self { slots: BTreeMap::new(), flags: Flags::new(), days: None }
    }

    pub(crate) fn slot(&mut self, slot: &Slot) -> &mut Tally {
        self.slots.entry(slot.clone()).or_default()
    }

    /// Counts rows that a derived table could not place: nobody can say where they belong.
    pub(crate) fn unplaced(&mut self, split: &Split<'_>, own: &Place, rows: u64) {
        for _ in 0..rows {
            self.slot(&split.unknown(own)).note(Note::Unknown);
        }
    }

    /// These counters and those of another part of the period; `whole` are the period's days.
    pub(crate) fn join(mut self, other: Self, whole: Days) -> Self {
        self.flags.extend(other.flags);
        self.days = hull(self.days, other.days, whole);
        for (slot, tally) in other.slots {
            let held = self.slot(&slot);
            held.judged = held.judged.combine(tally.judged);
            held.flags.extend(tally.flags);
            for (note, count) in tally.notes {
                *held.notes.entry(note).or_default() += count;
            }
        }
        self
    }

    pub(crate) fn each(&mut self, act: impl FnMut(&mut Tally)) {
        self.slots.values_mut().for_each(act);
    }

    pub(crate) fn flag(&mut self, flag: Flag) {
        self.flags.insert(flag);
    }

    pub(crate) fn covers(&mut self, days: Days) {
        self.days = Some(days);
    }

    /// What holds for every slot: the flags, and the days spoken for where they are not the period's.
    pub(crate) fn whole(self) -> (Flags, Option<Days>) {
        (self.flags, self.days)
    }

    /// Every slot of every place, the authority's own among them: what is empty is a statement.
    pub(crate) fn fill(&mut self, split: &Split<'_>, own: &Place) {
        let mut places: BTreeSet<Place> = self.slots.keys().map(|slot| slot.place.clone()).collect();
        places.insert(own.clone());
        for slot in places.iter().flat_map(|place| split.grid(place)) {
            self.slots.entry(slot).or_default();
        }
    }

    /// Each slot's state; how the counters become one is the caller's.
    pub(crate) fn finish(
        mut self,
        split: &Split<'_>,
        own: &Place,
        state: impl Fn(Tally) -> State,
    ) -> Vec<Finished> {
        self.fill(split, own);
        let (flags, days) = (self.flags, self.days);
        self.slots
            .into_iter()
            .map(|(slot, mut tally)| {
                let notes = std::mem::take(&mut tally.notes);
                let mut own = std::mem::take(&mut tally.flags);
                own.extend(flags);
                let judged = tally.judged;
                let state = state(tally);
                // A table without an entry is no report of what is told.
                let silent = state == State::Absent(Reason::NotReported(NotReported::NoEntry));
                Finished {
                    area: slot.place.area.clone(),
                    by: split.columns(&slot.place, Some(&slot)),
                    state,
                    coverage: Coverage { reported: u32::from(!silent), expected: 1, days },
                    judged,
                    flags: own,
                    notes,
                }
            })
            .collect()
    }
}

/// The days that two parts speak for together; `None` where they are the whole period.
pub fn hull(a: Option<Days>, b: Option<Days>, whole: Days) -> Option<Days> {
    let (a, b) = a.zip(b)?;
    let days = Days { first: a.first.min(b.first), last: a.last.max(b.last) };
    (days != whole).then_some(days)
}

impl Finished {
    /// A returning authority without a figure.
    pub(crate) fn absent(split: &Split<'_>, records: &Records<'_>, reason: Reason) -> Self {
        // An area to which the indicator cannot apply, or not yet, was never expected to report.
        let expected = u32::from(!matches!(reason, Reason::NotApplicable | Reason::NotYetDue(_)));
        let place = split.own(records);
        Self {
            by: split.columns(&place, None),
            area: place.area,
            state: State::Absent(reason),
            coverage: Coverage { reported: 0, expected, days: None },
            judged: Judged::default(),
            flags: Flags::new(),
            notes: BTreeMap::new(),
        }
    }
}
