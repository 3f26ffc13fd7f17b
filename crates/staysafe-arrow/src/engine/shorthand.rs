//! The answers of a batch side by side in one short key for each lane, and the class behind each key: what many rows answer
//! is looked up once for each of few keys, not led to answer by answer.

use std::collections::BTreeMap;

use super::classes::Classes;
use super::lanes::Run;

/// A key is no wider than this.
const WIDEST: u32 = 12;

/// No class yet.
const NONE: u32 = u32::MAX;

/// Classes by short keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shorthand {
    /// By how a key is made: of each key its class, or none yet.
    known: BTreeMap<Vec<Part>, Vec<u32>>,
}

/// What one answer has in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Nothing: every lane of the batch has this standing.
    Same(u8),
    /// So many bits.
    Bits(u32),
}

/// One answer of every lane of a batch.
#[derive(Debug)]
pub(crate) struct Answer<'f> {
    standings: Run<'f, u8>,
    part: Part,
    /// The greatest standing, which is the one that refuses where any does.
    pub(crate) greatest: u8,
}

impl<'f> Answer<'f> {
    pub(crate) fn new(standings: Run<'f, u8>) -> Self {
        let (part, greatest) = match &standings {
            Run::Same(standing) => (Part::Same(*standing), *standing),
            Run::Each(all) => {
                let greatest = all.iter().fold(0, |most, one| most.max(*one));
                // Few widths, so that few kinds of keys are made: for yes and no, for the common doubts, and for all.
                let bits = match greatest {
                    0..=1 => 1,
                    2..=7 => 3,
                    _ => 6,
                };
                (Part::Bits(bits), greatest)
            }
        };
        Self { standings, part, greatest }
    }

    pub(crate) fn standings(&self) -> &Run<'f, u8> {
        &self.standings
    }
}

impl Shorthand {
    /// The classes of lanes by their answers; `None` where those do not fit into short keys.
    pub(crate) fn classes(
        &mut self,
        classes: &mut Classes,
        answers: &[&Answer<'_>],
    ) -> Option<Run<'static, u32>> {
        let parts: Vec<Part> = answers.iter().map(|answer| answer.part).collect();
        let width: u32 = parts.iter().map(|part| part.bits()).sum();
        if width > WIDEST {
            return None;
        }
        let table = match self.known.get_mut(&parts) {
            Some(table) => table,
            None => self.known.entry(parts.clone()).or_insert_with(|| vec![NONE; 1 << width]),
        };
        let mut class = |key: u16| {
            let known = table.get_mut(usize::from(key))?;
            if *known == NONE {
                *known = classes.of(codes(&parts, key));
            }
            Some(*known)
        };
        Some(match keys(answers) {
            None => Run::Same(class(0)?),
            Some(keys) => Run::Each(keys.into_iter().map(|key| class(key).unwrap_or(NONE)).collect()),
        })
    }
}

/// The key of each lane; nothing where all have the same.
fn keys(answers: &[&Answer<'_>]) -> Option<Vec<u16>> {
    let mut keys: Option<Vec<u16>> = None;
    let mut shift = 0;
    for answer in answers {
        let Run::Each(standings) = &answer.standings else { continue };
        match &mut keys {
            None => keys = Some(standings.iter().map(|standing| u16::from(*standing)).collect()),
            Some(keys) => {
                keys.iter_mut().zip(standings.iter()).for_each(|(key, s)| *key |= u16::from(*s) << shift);
            }
        }
        shift += answer.part.bits();
    }
    keys
}

/// The answers that a key stands for.
fn codes(parts: &[Part], key: u16) -> impl Iterator<Item = u32> {
    let mut rest = u32::from(key);
    parts.iter().map(move |part| match part {
        Part::Same(standing) => u32::from(*standing),
        Part::Bits(bits) => {
            let code = rest & ((1 << bits) - 1);
            rest >>= bits;
            code
        }
    })
}

impl Part {
    fn bits(self) -> u32 {
        match self {
            Self::Same(_) => 0,
            Self::Bits(bits) => bits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_to_the_class_that_its_answers_lead_to() {
        let (mut classes, mut shorthand) = (Classes::default(), Shorthand::default());
        let answers = [
            Answer::new(Run::Each(vec![0, 1, 1, 0].into())),
            Answer::new(Run::Same(3)),
            Answer::new(Run::Each(vec![4, 0, 4, 5].into())),
        ];
        let of: Vec<&Answer<'_>> = answers.iter().collect();
        let found = shorthand.classes(&mut classes, &of).unwrap();
        let told: Vec<Vec<u32>> = found.iter(4).map(|class| classes.codes(class)).collect();
        assert_eq!(told, [[0, 3, 4], [1, 3, 0], [1, 3, 4], [0, 3, 5]]);
        let wide = Answer::new(Run::Each(vec![40, 1, 1, 0].into()));
        assert!(shorthand.classes(&mut classes, &[&wide, &wide, &answers[0]]).is_none());
        let same = Answer::new(Run::Same(1));
        assert!(matches!(shorthand.classes(&mut classes, &[&same, &same]), Some(Run::Same(_))));
    }
}
