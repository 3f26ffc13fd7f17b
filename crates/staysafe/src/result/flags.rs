//! The marks on a figure.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::cell::Flag;

/// Marks on a figure: a set, in the order of [`Flag`], that lies in the cell itself.
///
/// # Example
/// ```
/// use staysafe::result::{Flag, Flags};
/// let mut flags = Flags::from([Flag::Provisional]);
/// flags.insert(Flag::PartlyReported);
/// assert!(flags.contains(&Flag::Provisional));
/// assert_eq!(flags.iter().map(Flag::code).collect::<Vec<_>>(), ["partly-reported", "provisional"]);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flags(u8);

const ALL: [Flag; 8] = [
    Flag::PartlyReported,
    Flag::PartlyCovered,
    Flag::SurvivorsOnly,
    Flag::Provisional,
    Flag::LowReliability,
    Flag::Break,
    Flag::Rounded,
    Flag::Low,
];

impl Flags {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a mark is there.
    pub fn contains(&self, flag: &Flag) -> bool {
        self.0 & bit(*flag) != 0
    }

    /// Puts a mark there; whether it was not there before.
    pub fn insert(&mut self, flag: Flag) -> bool {
        let new = !self.contains(&flag);
        self.0 |= bit(flag);
        new
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.0 = 0;
    }

    /// Each mark, in order.
    pub fn iter(&self) -> Each {
        Each(*self)
    }
}

/// Each mark, in order.
#[derive(Debug, Clone)]
pub struct Each(Flags);

impl Iterator for Each {
    type Item = Flag;

    fn next(&mut self) -> Option<Flag> {
        let next = ALL.into_iter().find(|flag| self.0.contains(flag))?;
        self.0.0 &= !bit(next);
        Some(next)
    }
}

fn bit(flag: Flag) -> u8 {
    1 << (flag as u8)
}

impl Extend<Flag> for Flags {
    fn extend<I: IntoIterator<Item = Flag>>(&mut self, flags: I) {
        for flag in flags {
            self.insert(flag);
        }
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut all = Self::new();
        all.extend(flags);
        all
    }
}

impl<const N: usize> From<[Flag; N]> for Flags {
    fn from(flags: [Flag; N]) -> Self {
        flags.into_iter().collect()
    }
}

impl IntoIterator for Flags {
    type Item = Flag;
    type IntoIter = Each;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for &Flags {
    type Item = Flag;
    type IntoIter = Each;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::fmt::Debug for Flags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Flag>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_is_the_set_that_it_stands_for() {
        for bits in 0..=u8::MAX {
            let flags: Flags = ALL.into_iter().filter(|flag| bits & bit(*flag) != 0).collect();
            let set: BTreeSet<Flag> = flags.iter().collect();
            assert_eq!(flags.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>(), "in order");
            assert_eq!(flags.iter().count(), bits.count_ones() as usize, "each has a place of its own");
            assert_eq!(flags.is_empty(), set.is_empty());
            let written = serde_json::to_string(&set).ok();
            assert_eq!(serde_json::to_string(&flags).ok(), written, "the same bytes");
            assert_eq!(written.and_then(|text| serde_json::from_str(&text).ok()), Some(flags));
        }
    }
}
