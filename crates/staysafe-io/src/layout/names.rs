//! Names of elements, looked up by their bytes.

/// The place of a name in [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameId(u16);

impl NameId {
    pub(crate) fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of names with quick look-up: open addressing over a hash of the length and the outer bytes,
/// which tells the names of a return apart without reading them whole.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<Box<str>>,
    slots: Vec<Option<NameId>>,
}

impl Names {
    /// The place of a name, adding it where it is new.
    pub(crate) fn add(&mut self, name: &str) -> NameId {
        if let Some(known) = self.find(name) {
            return known;
        }
        let id = NameId(u16::try_from(self.names.len()).unwrap_or(u16::MAX));
        self.names.push(name.into());
        self.rebuild();
        id
    }

    /// The place of a name.
    pub(crate) fn find(&self, name: &str) -> Option<NameId> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(name.as_bytes()) & mask;
        while let Some(id) = self.slots.get(slot).copied().flatten() {
            if self.names.get(id.place()).is_some_and(|known| **known == *name) {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// At most a quarter of the slots is taken, so that a search is short and always ends.
    fn rebuild(&mut self) {
        let size = (self.names.len() * 4).next_power_of_two();
        self.slots = vec![None; size];
        for (place, name) in self.names.iter().enumerate() {
            let mut slot = hash(name.as_bytes()) & (size - 1);
            while self.slots.get(slot).copied().flatten().is_some() {
                slot = (slot + 1) & (size - 1);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = u16::try_from(place).ok().map(NameId);
            }
        }
    }
}

fn hash(name: &[u8]) -> usize {
    let head = name.first_chunk::<8>().map_or_else(|| short(name), |chunk| u64::from_le_bytes(*chunk));
    let tail = name.last_chunk::<8>().map_or(0, |chunk| u64::from_le_bytes(*chunk));
    let mixed = (head ^ tail.rotate_left(23) ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 44).unwrap_or(0)
}

fn short(name: &[u8]) -> u64 {
    name.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn finds_what_was_added_and_nothing_else() {
        let mut names = Names::default();
        assert!(names.find("UPN").is_none(), "nothing is found in nothing");
        let words: Vec<String> = (0..300).map(|n| format!("Element{n}Date")).collect();
        for word in &words {
            names.add(word);
        }
        for (place, word) in words.iter().enumerate() {
            assert_eq!(names.find(word).unwrap().place(), place, "{word}");
        }
        assert!(names.find("Element300Date").is_none(), "a near miss is a miss");
        assert_eq!(names.add("Element7Date").place(), 7, "a name is added once");
    }
}
