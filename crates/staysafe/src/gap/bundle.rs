//! Which two or three things together would unlock the most.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Gap;
use super::unlock::{Thing, is_open, wanted};

/// The most things of which every two and three are tried; of more the best are gathered one by one.
const EXACT_UP_TO: usize = 300;

/// Several things that are asked for together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bundle {
    /// What to ask for, in order.
    pub things: Vec<Thing>,
    /// Listed entries that miss nothing beside these things, in order of id.
    pub unlocks: Vec<String>,
    /// Whether no other so many things unlock more; else the best were gathered one by one.
    pub exact: bool,
}

/// The best pair and triple: of fields and datasets, of agencies, of agreements. A bundle that unlocks no more than a
/// smaller one is left out.
pub(super) fn bundles(gaps: &BTreeMap<String, Gap>) -> Vec<Bundle> {
    let open: Vec<(&str, [BTreeSet<Thing>; 3])> = gaps
        .values()
        .filter(|gap| gap.listed && is_open(gap))
        .map(|gap| (gap.indicator.as_str(), wanted(gap)))
        .collect();
    let mut found = Vec::new();
    for way in 0..3 {
        let entries = open.iter().filter_map(|(id, ways)| Some((*id, ways.get(way)?)));
        let entries: Vec<(&str, &BTreeSet<Thing>)> =
            entries.filter(|(_, things)| !things.is_empty()).collect();
        let mut before = best(&entries, 1).unlocks.len();
        for size in 2..=3 {
            let bundle = best(&entries, size);
            if bundle.unlocks.len() > before {
                before = bundle.unlocks.len();
                found.push(bundle);
            }
        }
    }
    found
}

/// The best so many things: every choice is tried where they are few enough.
fn best(entries: &[(&str, &BTreeSet<Thing>)], size: usize) -> Bundle {
    let small = entries.iter().filter(|(_, things)| things.len() <= size);
    let things: BTreeSet<&Thing> = small.flat_map(|(_, things)| things.iter()).collect();
    let things: Vec<&Thing> = things.into_iter().collect();
    let exact = things.len() <= EXACT_UP_TO;
    let chosen =
        if exact { tried(entries, &things, size.min(things.len())) } else { gathered(entries, size) };
    let unlocks =
        entries.iter().filter(|(_, wanted)| wanted.is_subset(&chosen)).map(|(id, _)| (*id).to_owned());
    Bundle { unlocks: unlocks.collect(), things: chosen.into_iter().collect(), exact }
}

/// Every choice of so many things. How many entries a choice unlocks is the sum over its parts of the entries that
/// miss just that part, so that each is counted once and beforehand.
fn tried(entries: &[(&str, &BTreeSet<Thing>)], things: &[&Thing], size: usize) -> BTreeSet<Thing> {
    let mut missing: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    for (_, wanted) in entries.iter().filter(|(_, wanted)| wanted.len() <= size) {
        let places = wanted.iter().filter_map(|thing| things.binary_search(&thing).ok());
        *missing.entry(places.collect()).or_default() += 1;
    }
    let alone = |a: usize| missing.get(&vec![a]).copied().unwrap_or(0);
    let alone: Vec<usize> = (0..things.len()).map(alone).collect();
    let of = |a: usize| alone.get(a).copied().unwrap_or(0);
    let pairs: BTreeMap<(usize, usize), usize> = missing
        .iter()
        .filter_map(|(places, count)| match places.as_slice() {
            [a, b] => Some(((*a, *b), *count)),
            _ => None,
        })
        .collect();
    let pair = |a: usize, b: usize| pairs.get(&(a, b)).copied().unwrap_or(0);
    let mut best: (usize, Vec<usize>) = (0, Vec::new());
    let mut consider = |count: usize, places: &[usize]| {
        if count > best.0 {
            best = (count, places.to_vec());
        }
    };
    for a in 0..things.len() {
        if size == 1 {
            consider(of(a), &[a]);
        }
        for b in a + 1..things.len() {
            let two = of(a) + of(b) + pair(a, b);
            if size == 2 {
                consider(two, &[a, b]);
            }
            for c in (b + 1..things.len()).filter(|_| size == 3) {
                let three = two + of(c) + pair(a, c) + pair(b, c);
                consider(three + missing.get(&vec![a, b, c]).copied().unwrap_or(0), &[a, b, c]);
            }
        }
    }
    best.1.iter().filter_map(|place| things.get(*place)).map(|thing| (*thing).clone()).collect()
}

/// One thing after the other: each time the one that completes most, then the one that most still wait for.
fn gathered(entries: &[(&str, &BTreeSet<Thing>)], size: usize) -> BTreeSet<Thing> {
    let mut chosen: BTreeSet<Thing> = BTreeSet::new();
    for _ in 0..size {
        let mut scores: BTreeMap<&Thing, (usize, usize)> = BTreeMap::new();
        for (_, wanted) in entries {
            let left: Vec<&Thing> = wanted.difference(&chosen).collect();
            for thing in &left {
                let score = scores.entry(thing).or_default();
                score.0 += usize::from(left.len() == 1);
                score.1 += 1;
            }
        }
        let best = scores.into_iter().rev().max_by_key(|(_, score)| *score);
        let Some((thing, _)) = best else { break };
        chosen.insert(thing.clone());
    }
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn thing(number: usize) -> Thing {
        Thing::Dataset { dataset: format!("d-{number}") }
    }

    proptest! {
        /// The best choice is the best of all choices, found by trying them without the sums.
        #[test]
        fn no_other_choice_unlocks_more(
            wanted in proptest::collection::vec(proptest::collection::btree_set(0usize..7, 1..4), 1..12),
            size in 1usize..4,
        ) {
            let sets: Vec<BTreeSet<Thing>> =
                wanted.iter().map(|set| set.iter().map(|number| thing(*number)).collect()).collect();
            let entries: Vec<(&str, &BTreeSet<Thing>)> = sets.iter().map(|set| ("x", set)).collect();
            let unlocked = |chosen: &BTreeSet<usize>| wanted.iter().filter(|set| set.is_subset(chosen)).count();
            let by_hand = (0u32..128)
                .map(|bits| (0usize..7).filter(|number| bits & (1 << number) != 0).collect::<BTreeSet<usize>>())
                .filter(|chosen| chosen.len() <= size)
                .map(|chosen| unlocked(&chosen))
                .max()
                .unwrap_or(0);
            let found = best(&entries, size);
            prop_assert!(found.exact && found.things.len() <= size);
            prop_assert_eq!(found.unlocks.len(), by_hand);
            let greedy = gathered(&entries, size);
            let greedy = sets.iter().filter(|set| set.is_subset(&greedy)).count();
            prop_assert!(greedy <= by_hand);
        }
    }
}
