//! Records counted as one.

use std::cmp::Ordering;
use std::sync::Arc;

use hashbrown::HashMap;
use staysafe::result::Note;

use super::keys::Cell;
use super::outcome::{Adds, Outcome, Rung};
use super::sorted::Sorted;

/// Records counted as one, with the best rung of any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) rung: Rung,
    pub(crate) doubt: Option<Note>,
    pub(crate) history_missing: bool,
    pub(crate) unmapped: bool,
    pub(crate) adds: Vec<Arc<Adds>>,
    /// The day of the record that decides the categories, and the categories.
    pub(crate) day: Option<i32>,
    pub(crate) place: u32,
    pub(crate) categories: u32,
}

/// Groups, found by place and key.
#[derive(Default)]
pub(crate) struct Groups {
    pub(crate) all: Vec<Group>,
    /// By number of the key, within one part: where the first of its groups stands, or nothing yet.
    first: Vec<u32>,
    /// By place and number of the key, groups of other places than the first's.
    by_number: HashMap<(u32, u32), usize>,
    /// By place and key, where several parts count together.
    by_key: HashMap<(u32, Box<[Cell]>), usize>,
}

const NONE: u32 = u32::MAX;

/// What a record is counted as.
pub(crate) enum Key {
    Number(u32),
    Cells(Box<[Cell]>),
}

/// Where a record stands, and on which day.
pub(crate) type Stands = (u32, u32, Option<i32>);

impl Group {
    /// One record by itself.
    pub(crate) fn of(outcome: &Outcome, (place, categories, day): Stands) -> Self {
        Self {
            rung: outcome.rung,
            doubt: outcome.doubt,
            history_missing: outcome.history_missing,
            unmapped: outcome.unmapped,
            adds: outcome.adds.iter().cloned().collect(),
            day,
            place,
            categories,
        }
    }
}

impl Groups {
    /// Where the group of a place and key stands; `next` where there is none yet.
    fn numbered(&mut self, place: u32, number: u32, next: usize) -> usize {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        if self.first.len() <= at {
            self.first.resize(at.saturating_add(1).next_power_of_two(), NONE);
        }
        let Some(first) = self.first.get_mut(at) else { return next };
        if *first == NONE {
            *first = u32::try_from(next).unwrap_or(NONE);
            return next;
        }
        let held = usize::try_from(*first).unwrap_or(usize::MAX);
        if self.all.get(held).is_some_and(|group| group.place == place) {
            return held;
        }
        *self.by_number.entry((place, number)).or_insert(next)
    }

    pub(crate) fn join(
        &mut self,
        sorted: &mut Sorted<'_, '_>,
        key: Key,
        found: &Outcome,
        (place, categories, day): Stands,
    ) {
        let next = self.all.len();
        let at = match key {
            Key::Number(number) => self.numbered(place, number, next),
            Key::Cells(cells) => *self.by_key.entry((place, cells)).or_insert(next),
        };
        let Some(group) = self.all.get_mut(at) else {
            self.all.push(Group::of(found, (place, categories, day)));
            return;
        };
        // What counts once stands in the categories of the record that carried it to its rung; of several, of
        // the latest one; and where those of one day disagree, nobody can say.
        match (found.rung, day).cmp(&(group.rung, group.day)) {
            Ordering::Greater => (group.day, group.categories) = (day, categories),
            Ordering::Equal => group.categories = sorted.join(group.categories, categories),
            Ordering::Less => {}
        }
        group.rung = group.rung.max(found.rung);
        group.doubt = group.doubt.max(found.doubt);
        group.history_missing |= found.history_missing;
        group.unmapped |= found.unmapped;
        if let Some(added) = found.adds.as_ref().filter(|added| !group.adds.contains(added)) {
            group.adds.push(Arc::clone(added));
        }
    }
}
