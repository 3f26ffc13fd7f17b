//! Where the rows of each slot of a reading stand: worked out once for all ladders that are kept apart alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use staysafe::calculate::engine::{Question, Split};
use staysafe::result::Note;

use super::found::Found;
use super::sorted::{Cubicle, Sorted};
use super::words::Words;

/// Where the rows of a slot stand.
#[derive(Debug)]
pub(crate) struct Stood {
    pub(crate) place: u32,
    /// A counter where nobody can say in which area.
    pub(crate) nowhere: Option<Note>,
    pub(crate) categories: u32,
    pub(crate) cubicles: Arc<[Cubicle]>,
    pub(crate) contradictory: bool,
    pub(crate) of_no_category: bool,
}

/// The names of one way of keeping figures apart, and where the slots of readings stand among them.
#[derive(Debug)]
pub(crate) struct Stands<'p, 'a> {
    pub(crate) sorted: Sorted<'p, 'a>,
    /// By cohort and reading.
    stood: BTreeMap<(usize, usize), Arc<[Stood]>>,
}

/// Every way of keeping figures apart that was met, by the day since which areas are as they are.
#[derive(Debug, Default)]
pub(crate) struct AllStands<'p, 'a> {
    ways: BTreeMap<NaiveDate, Vec<&'p Split<'a>>>,
    /// By day, place among its ways, and authority.
    of: BTreeMap<(NaiveDate, usize, usize), Stands<'p, 'a>>,
}

impl<'p, 'a> AllStands<'p, 'a> {
    /// Those of a question.
    pub(crate) fn of(&mut self, question: &'p Question<'a>, area: &'p str) -> &mut Stands<'p, 'a> {
        let split: &'p Split<'a> = &question.asked.split;
        let ways = self.ways.entry(split.day()).or_default();
        let way = ways.iter().position(|way| way.is_alike(split)).unwrap_or(ways.len());
        if way == ways.len() {
            ways.push(split);
        }
        let new = || Stands { sorted: Sorted::new(split, area), stood: BTreeMap::new() };
        self.of.entry((split.day(), way, question.asked.authority)).or_insert_with(new)
    }
}

impl Stands<'_, '_> {
    /// Where the rows of each slot of a reading stand.
    pub(crate) fn of(
        &mut self,
        reading: (usize, usize),
        found: &Found,
        names_areas: bool,
        words: &Words,
    ) -> Arc<[Stood]> {
        if let Some(known) = self.stood.get(&reading) {
            return Arc::clone(known);
        }
        let slots = 0..u32::try_from(found.slots.len()).unwrap_or(u32::MAX);
        let stood = slots.map(|slot| {
            let codes = found.slots.codes(slot);
            let stands = self.sorted.stand(&codes, names_areas, &found.sayings, words);
            let (place, nowhere, categories) = stands;
            let (cubicles, contradictory) = self.sorted.cubicles(place, categories);
            let of_no_category = self.sorted.categories(categories).is_some_and(|of| of.unmapped);
            Stood { place, nowhere, categories, cubicles, contradictory, of_no_category }
        });
        let stood: Arc<[Stood]> = stood.collect();
        self.stood.insert(reading, Arc::clone(&stood));
        stood
    }
}
