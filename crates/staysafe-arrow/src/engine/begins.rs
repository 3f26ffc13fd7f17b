//! Where groups begin among rows that lie group by group: a bit for each row, in place of a number for each.

use std::ops::Range;

use super::keys::NO_GROUP;

/// Groups by the places of their first rows.
#[derive(Debug)]
pub(crate) struct Begins {
    /// A bit for each place; behind the last group another.
    bits: Vec<u64>,
    /// How many groups begin before each word of bits.
    before: Vec<u32>,
    /// How many rows are of a group; those of none lie behind them.
    grouped: usize,
    groups: usize,
}

const WORD: usize = u64::BITS as usize;

impl Begins {
    /// Of the places where groups begin, in order, and behind them the one where the last is over. No group is empty.
    pub(crate) fn new(starts: &[u32]) -> Self {
        let places = starts.iter().filter_map(|start| usize::try_from(*start).ok());
        let grouped = places.clone().next_back().unwrap_or_default();
        let mut bits = vec![0u64; grouped / WORD + 1];
        for place in places {
            if let Some(word) = bits.get_mut(place / WORD) {
                *word |= 1 << (place % WORD);
            }
        }
        let mut begun = 0;
        let before = bits.iter().map(|word| {
            let before = begun;
            begun += word.count_ones();
            before
        });
        Self { before: before.collect(), bits, grouped, groups: starts.len().saturating_sub(1) }
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.groups
    }

    /// The group of the row at a place.
    #[inline]
    pub(crate) fn group_at(&self, place: usize) -> u32 {
        let at = place / WORD;
        match (self.bits.get(at), self.before.get(at)) {
            (Some(word), Some(before)) if place < self.grouped => {
                let up_to = word & (u64::MAX >> (WORD - 1 - place % WORD));
                (before + up_to.count_ones()).wrapping_sub(1)
            }
            _ => NO_GROUP,
        }
    }

    /// The places of the group that the row at a place is of; nothing where it is of none.
    pub(crate) fn range_at(&self, place: usize) -> Range<usize> {
        if place >= self.grouped {
            return 0..0;
        }
        let begins = |at: usize| self.bits.get(at / WORD).is_some_and(|word| word >> (at % WORD) & 1 == 1);
        let from = (0..=place).rev().find(|at| begins(*at)).unwrap_or_default();
        let to = (place + 1..self.grouped).find(|at| begins(*at)).unwrap_or(self.grouped);
        from..to
    }

    /// Where each group begins, and behind the last where it is over.
    pub(crate) fn starts(&self) -> Vec<u32> {
        let mut starts = Vec::with_capacity(self.groups + 1);
        for (word, first) in self.bits.iter().zip((0u32..).step_by(WORD)) {
            let mut rest = *word;
            while rest != 0 {
                starts.push(first + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        starts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_tells_its_group_and_a_group_its_places() {
        let starts: Vec<u32> = vec![0, 1, 3, 63, 64, 65, 130, 200];
        let begins = Begins::new(&starts);
        assert_eq!((begins.len(), begins.starts()), (7, starts.clone()));
        for (group, ends) in (0u32..).zip(starts.windows(2)) {
            let places = ends[0] as usize..ends[1] as usize;
            for place in places.clone() {
                assert_eq!((begins.group_at(place), begins.range_at(place)), (group, places.clone()));
            }
        }
        assert_eq!((begins.group_at(200), begins.range_at(200)), (NO_GROUP, 0..0));
        let none = Begins::new(&[0]);
        assert_eq!((none.len(), none.group_at(0), none.starts()), (0, NO_GROUP, vec![0]));
    }
}
