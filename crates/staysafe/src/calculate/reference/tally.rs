//! What is counted while records go by, area by area.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Days;
use crate::result::{Coverage, Flag, Judged, Note, Reason, State};
use crate::value::Exact;

/// One area's counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) numerator: u64,
    pub(crate) denominator: u64,
    pub(crate) total: Option<Exact>,
    pub(crate) values: BTreeMap<Exact, u64>,
    pub(crate) categories: BTreeMap<String, u64>,
    pub(crate) judged: Judged,
    pub(crate) notes: BTreeMap<Note, u64>,
    pub(crate) flags: BTreeSet<Flag>,
}

/// Counters by area. The returning authority's own area is always there: a table that is carried and
/// empty is a figure of 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tallies {
    areas: BTreeMap<String, Tally>,
    flags: BTreeSet<Flag>,
    days: Option<Days>,
}

/// An area's state with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finished {
    pub(crate) area: String,
    pub(crate) state: State,
    pub(crate) coverage: Coverage,
    pub(crate) judged: Judged,
    pub(crate) flags: BTreeSet<Flag>,
    pub(crate) notes: BTreeMap<Note, u64>,
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
    pub(crate) fn of(area: &str) -> Self {
        let areas = BTreeMap::from([(area.to_owned(), Tally::default())]);
        Self { areas, flags: BTreeSet::new(), days: None }
    }

    pub(crate) fn area(&mut self, area: &str) -> &mut Tally {
        self.areas.entry(area.to_owned()).or_default()
    }

    pub(crate) fn each(&mut self, act: impl FnMut(&mut Tally)) {
        self.areas.values_mut().for_each(act);
    }

    pub(crate) fn flag(&mut self, flag: Flag) {
        self.flags.insert(flag);
    }

    pub(crate) fn covers(&mut self, days: Days) {
        self.days = Some(days);
    }

    /// Each area's state; how the counters become one is the caller's.
    pub(crate) fn finish(self, state: impl Fn(Tally) -> State) -> Vec<Finished> {
        let (flags, days) = (self.flags, self.days);
        self.areas
            .into_iter()
            .map(|(area, mut tally)| {
                let notes = std::mem::take(&mut tally.notes);
                let mut own = std::mem::take(&mut tally.flags);
                own.extend(flags.iter().copied());
                let coverage = Coverage { reported: 1, expected: 1, days };
                let judged = tally.judged;
                Finished { area, state: state(tally), coverage, judged, flags: own, notes }
            })
            .collect()
    }
}

impl Finished {
    /// An area without a figure.
    pub(crate) fn absent(area: &str, reason: Reason) -> Self {
        // An area to which the indicator cannot apply, or not yet, was never expected to report.
        let expected = u32::from(!matches!(reason, Reason::NotApplicable | Reason::NotYetDue(_)));
        Self {
            area: area.to_owned(),
            state: State::Absent(reason),
            coverage: Coverage { reported: 0, expected, days: None },
            judged: Judged::default(),
            flags: BTreeSet::new(),
            notes: BTreeMap::new(),
        }
    }

    /// An area whose figure is refused.
    pub(crate) fn refused(area: &str, why: &str) -> Self {
        Self::absent(area, Reason::Refused(why.to_owned()))
    }
}
