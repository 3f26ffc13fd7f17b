//! What rows say, by number: values that are added or counted by, areas, days, doubts.

use hashbrown::HashMap;
use rust_decimal::Decimal;

use super::classes::CODES;
use super::column::day_of;
use super::lanes::{Lanes, Values};
use super::words::Words;

/// Something a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Saying {
    Word(u32),
    Whole(i64),
    /// A decimal as it is written: `1.0` is not `1.00`.
    Decimal([u8; 16]),
    Day(i32),
    /// How many identical rows a row stands for, and whether it contradicts itself or stands for rows that differ.
    Doubts(u64, bool),
}

impl Saying {
    /// As it is written.
    pub(crate) fn text(self, words: &Words) -> String {
        match self {
            Self::Word(word) => words.text(word).to_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Decimal(bytes) => Decimal::deserialize(bytes).to_string(),
            Self::Day(day) => day_of(day).unwrap_or_default().to_string(),
            Self::Doubts(..) => String::new(),
        }
    }
}

/// What is said, each once. The code of a saying is no standing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sayings {
    all: Vec<Saying>,
    codes: HashMap<Saying, u32>,
    /// Of each word its code, or 0.
    words: Vec<u32>,
}

impl Sayings {
    pub(crate) fn code(&mut self, saying: Saying) -> u32 {
        let next = u32::try_from(self.all.len()).map_or(u32::MAX, |next| next.saturating_add(CODES));
        *self.codes.entry(saying).or_insert_with(|| {
            self.all.push(saying);
            next
        })
    }

    pub(crate) fn word(&mut self, word: u32) -> u32 {
        let at = usize::try_from(word).unwrap_or(usize::MAX);
        if let Some(code) = self.words.get(at).filter(|code| **code != 0) {
            return *code;
        }
        let code = self.code(Saying::Word(word));
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        if let Some(held) = self.words.get_mut(at) {
            *held = code;
        }
        code
    }

    /// What is said, in the order of the codes.
    pub(crate) fn all(&self) -> &[Saying] {
        &self.all
    }

    /// What a code says; nothing where it is a standing.
    pub(crate) fn get(&self, code: u32) -> Option<Saying> {
        self.all.get(usize::try_from(code.checked_sub(CODES)?).ok()?).copied()
    }

    /// The codes of lanes: what is known is said, of what is not the standing is told; so it is of yes and no.
    pub(crate) fn of(&mut self, lanes: &Lanes<'_>, count: usize) -> Vec<u32> {
        let said = |lane: usize, code: &mut dyn FnMut() -> Option<u32>| {
            if lanes.is_known(lane) { code() } else { None }
                .unwrap_or_else(|| u32::from(lanes.standing(lane)))
        };
        let all = 0..count;
        match &lanes.values {
            Values::Truth | Values::Nothing => all.map(|lane| u32::from(lanes.standing(lane))).collect(),
            Values::Words(run) => {
                all.map(|lane| said(lane, &mut || run.at(lane).map(|word| self.word(word)))).collect()
            }
            Values::Days(run) => all
                .map(|lane| said(lane, &mut || run.at(lane).map(|day| self.code(Saying::Day(day)))))
                .collect(),
            Values::Whole(run) => all
                .map(|lane| said(lane, &mut || run.at(lane).map(|number| self.code(Saying::Whole(number)))))
                .collect(),
            Values::Decimal(run) => all
                .map(|lane| {
                    let code = |number: Decimal| self.code(Saying::Decimal(number.serialize()));
                    let mut code = code;
                    said(lane, &mut || run.at(lane).map(&mut code))
                })
                .collect(),
        }
    }
}
