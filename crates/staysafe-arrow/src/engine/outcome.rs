//! How far up the ladder each record comes, and what it adds there.

use std::sync::Arc;

use rust_decimal::Decimal;
use staysafe::check::tree::CheckedLadder;
use staysafe::definition::indicator::NumeratorUnknown;
use staysafe::result::{Note, UNKNOWN_CATEGORY};
use staysafe::value::Exact;

use super::atoms::{Asks, Formula, standing_of};
use super::sayings::{Saying, Sayings};
use super::standing::{BLANK, NO, YES, doubt, is_refused, words};
use super::words::Words;

/// How far up the ladder a record comes; of the records counted as one the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    /// Not of the population, excluded, or not in the denominator: the clause that says so.
    Out(u8),
    /// Population or denominator cannot be judged: not reached, counted.
    NotReached(u8, Note),
    /// On a rung of its own: out of both, counted.
    SetAside(u8, Note),
    /// The numerator cannot be judged, and such records leave both.
    LeftOut(Note),
    /// In the denominator, and surely not in the numerator.
    Denominator,
    /// In the denominator; whether in the numerator cannot be judged.
    Unjudged(Note),
    /// At the top.
    Numerator,
}

/// What records at the top add, besides being counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Adds {
    Value(Exact),
    Category(String),
    /// An answer to a survey: how many it speaks for, and what was drawn; a cluster that nobody has named is the empty
    /// text.
    Answer {
        weight: Exact,
        stratum: String,
        cluster: String,
    },
}

/// What the rows of a class come to.
#[derive(Debug, Clone)]
pub(crate) enum Judged {
    /// A field of the key has no value.
    Keyless,
    /// Each has its place on the ladder.
    Reached(Outcome),
}

/// Their rung, the doubt met on the way, what they add.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) rung: Rung,
    pub(crate) doubt: Option<Note>,
    pub(crate) history_missing: bool,
    /// Whether a field that is asked about holds what is no code in the return's year.
    pub(crate) unmapped: bool,
    pub(crate) adds: Option<Arc<Adds>>,
    /// Of kinds that are told, the day of the row.
    pub(crate) day: Option<i32>,
    /// How many identical rows each stands for, and whether it contradicts itself or stands for rows that differ.
    pub(crate) doubts: (u64, bool),
}

/// A ladder with what its rows were asked.
pub(crate) struct Judge<'x, 'a> {
    pub(crate) ladder: &'a CheckedLadder,
    pub(crate) asks: &'x Asks,
    pub(crate) sayings: &'x Sayings,
    pub(crate) words: &'x Words,
    /// The authority, within which each cluster and stratum has its number.
    pub(crate) area: &'x str,
}

impl Judge<'_, '_> {
    /// What rows come to whose answers have these codes.
    ///
    /// # Errors
    /// The words of a refused expression.
    pub(crate) fn judge(&self, codes: &[u32]) -> Result<Judged, String> {
        let yes = |atom: usize| standing_of(codes, atom) == YES;
        if let Some(standing) =
            self.asks.refused_sort.map(|atom| standing_of(codes, atom)).filter(|s| is_refused(*s))
        {
            return Err(words(standing));
        }
        if self.asks.keyless.is_some_and(yes) {
            return Ok(Judged::Keyless);
        }
        let (mut rung, doubt) = self.rung(codes)?;
        let mut adds = None;
        if let (Rung::Numerator, Some(value)) = (rung, self.said(codes, self.asks.value)) {
            match value {
                Ok(value) => {
                    let value = exact(value).ok_or_else(|| "a value does not fit".to_owned())?;
                    adds = Some(Adds::Value(value));
                }
                Err(standing) if is_refused(standing) => return Err(words(standing)),
                // The record is of the population, and what it measures is not known.
                Err(standing) => {
                    rung = Rung::Unjudged(super::standing::doubt(standing).unwrap_or(Note::Unknown));
                }
            }
        }
        if let (Rung::Numerator, Some(category)) = (rung, self.said(codes, self.asks.category)) {
            adds = Some(Adds::Category(match category {
                Ok(category) => self.text(category),
                Err(standing) if is_refused(standing) => return Err(words(standing)),
                Err(_) => UNKNOWN_CATEGORY.to_owned(),
            }));
        }
        if matches!(rung, Rung::Denominator | Rung::Unjudged(_) | Rung::Numerator) {
            match self.answer(codes)? {
                Some(Ok(answer)) => adds = Some(answer),
                Some(Err(note)) => rung = Rung::LeftOut(note),
                None => {}
            }
        }
        let saying = |atom: usize| codes.get(atom).and_then(|code| self.sayings.get(*code));
        let doubts = match saying(self.asks.doubts) {
            Some(Saying::Doubts(duplicates, contradictory)) => (duplicates, contradictory),
            _ => (0, false),
        };
        let day = match self.asks.day.and_then(saying) {
            Some(Saying::Day(day)) => Some(day),
            _ => None,
        };
        Ok(Judged::Reached(Outcome {
            rung,
            doubt,
            history_missing: rung == Rung::Denominator && self.asks.history_short.is_some_and(yes),
            unmapped: self.asks.unmapped.iter().any(|atom| yes(*atom)),
            adds: adds.map(Arc::new),
            day,
            doubts,
        }))
    }

    fn rung(&self, codes: &[u32]) -> Result<(Rung, Option<Note>), String> {
        let [population, exclude, unknown, history, denominator, numerator] = &self.asks.clauses;
        let ask = |clause: &Option<Formula>| match clause.as_ref().map(|clause| clause.of(codes)) {
            Some(standing) if is_refused(standing) => Err(words(standing)),
            other => Ok(other),
        };
        if let Some(reached) = ask(population)? {
            if let Some(note) = doubt(reached) {
                return Ok((Rung::NotReached(0, note), None));
            }
            if reached != YES {
                return Ok((Rung::Out(0), None));
            }
        }
        let mut doubted = None;
        if let Some(excluded) = ask(exclude)? {
            if excluded == YES {
                return Ok((Rung::Out(1), None));
            }
            doubted = doubt(excluded);
        }
        for (number, clause, counter) in [(2, unknown, Note::Unknown), (3, history, Note::HistoryMissing)] {
            let Some(aside) = ask(clause)? else { continue };
            let unsure = doubt(aside);
            if unsure.is_some() || aside == YES {
                let note = if number == 2 { counter } else { unsure.unwrap_or(counter) };
                return Ok((Rung::SetAside(number, note), doubted));
            }
        }
        if let Some(reached) = ask(denominator)? {
            if let Some(note) = doubt(reached) {
                return Ok((Rung::NotReached(4, note), doubted));
            }
            if reached != YES {
                return Ok((Rung::Out(4), None));
            }
        }
        let rung = match ask(numerator)? {
            None | Some(YES) => Rung::Numerator,
            Some(met) => match (doubt(met), self.ladder.numerator_unknown) {
                (None, _) => Rung::Denominator,
                (Some(note), NumeratorUnknown::NotCounted) => Rung::Unjudged(note),
                (Some(note), NumeratorUnknown::LeftOut) => Rung::LeftOut(note),
            },
        };
        Ok((rung, doubted))
    }

    /// What an answer to a survey adds; `Ok(Some(Err(…)))` where nobody can say how many it speaks for.
    fn answer(&self, codes: &[u32]) -> Result<Option<Result<Adds, Note>>, String> {
        let weight = match self.said(codes, self.asks.weight) {
            None => return Ok(None),
            Some(Ok(weight)) => exact(weight).ok_or_else(|| "a weight does not fit".to_owned())?,
            Some(Err(standing)) if is_refused(standing) => return Err(words(standing)),
            Some(Err(standing)) => return Ok(Some(Err(doubt(standing).unwrap_or(Note::Unknown)))),
        };
        if weight <= Exact::ZERO {
            return Ok(Some(Err(Note::Contradictory)));
        }
        let drawn = |atom: Option<usize>| match self.said(codes, atom) {
            Some(Ok(said)) => Ok(Some(format!("{} {}", self.area, self.text(said)))),
            Some(Err(standing)) if is_refused(standing) => Err(words(standing)),
            _ => Ok(None),
        };
        let cluster = drawn(self.asks.cluster)?.unwrap_or_default();
        let stratum = drawn(self.asks.stratum)?.unwrap_or_else(|| self.area.to_owned());
        Ok(Some(Ok(Adds::Answer { weight, stratum, cluster })))
    }

    /// What an expression says, or how it stands without a value; nothing where it is not asked.
    fn said(&self, codes: &[u32], atom: Option<usize>) -> Option<Result<Said, u8>> {
        let code = codes.get(atom?).copied()?;
        Some(match (self.sayings.get(code), u8::try_from(code)) {
            (Some(saying), _) => Ok(Said::Saying(saying)),
            // Of what says yes or no, the standing is the value.
            (None, Ok(standing @ (NO | YES))) => Ok(Said::Truth(standing == YES)),
            (None, standing) => Err(standing.unwrap_or(BLANK)),
        })
    }

    fn text(&self, said: Said) -> String {
        match said {
            Said::Truth(yes) => yes.to_string(),
            Said::Saying(saying) => saying.text(self.words),
        }
    }
}

/// A value that is said.
#[derive(Clone, Copy)]
enum Said {
    Truth(bool),
    Saying(Saying),
}

/// A whole number or decimal, exactly.
fn exact(said: Said) -> Option<Exact> {
    match said {
        Said::Saying(Saying::Whole(number)) => Some(Exact::from(number)),
        Said::Saying(Saying::Decimal(bytes)) => {
            let number = Decimal::deserialize(bytes);
            Exact::new(number.mantissa(), 10i128.checked_pow(number.scale())?)
        }
        _ => None,
    }
}
