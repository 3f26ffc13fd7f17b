//! How far up the ladder a record comes.

use super::evaluate::{Context, Evaluated, Frame, evaluate};
use crate::check::tree::{CheckedLadder, Node};
use crate::definition::indicator::NumeratorUnknown;
use crate::result::Note;

/// How far up the ladder a record comes, from out of it to the top; of the records of one group the
/// greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    /// Not of the population, excluded, or not in the denominator.
    Out(Clause),
    /// Population or denominator cannot be judged: not reached, counted.
    NotReached(Clause, Note),
    /// On the definition's own `unknown` or `history_missing` rung: out of both, counted.
    SetAside(Clause, Note),
    /// The numerator cannot be judged, and such records leave both.
    LeftOut(Note),
    /// In the denominator, and surely not in the numerator.
    Denominator,
    /// In the denominator; whether in the numerator cannot be judged.
    Unjudged(Note),
    /// At the top.
    Numerator,
}

/// A clause of a ladder, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clause {
    Population,
    Exclude,
    Unknown,
    HistoryMissing,
    Denominator,
    Numerator,
}

/// A record's rung, with the counters it raises on the way (an exclusion that cannot be judged leaves the
/// record in, and is counted).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) rung: Rung,
    pub(crate) doubt: Option<Note>,
}

impl Clause {
    /// The clause's predicate.
    pub(crate) fn of(self, ladder: &CheckedLadder) -> Option<&Node> {
        match self {
            Self::Population => ladder.population.as_ref(),
            Self::Exclude => ladder.exclude.as_ref(),
            Self::Unknown => ladder.unknown.as_ref(),
            Self::HistoryMissing => ladder.history_missing.as_ref(),
            Self::Denominator => ladder.denominator.as_ref(),
            Self::Numerator => ladder.numerator.as_ref(),
        }
    }
}

/// Judges a record whose date belongs to the period.
///
/// # Errors
/// The words of a *refused* predicate, which refuses the whole cell.
pub(crate) fn judge(
    context: &Context<'_>,
    ladder: &CheckedLadder,
    frame: Frame<'_>,
) -> Result<Judged, String> {
    let ask = |clause: Clause| match clause.of(ladder) {
        None => Ok(None),
        Some(node) => match evaluate(context, &[frame], node) {
            Evaluated::Refused(why) => Err(why),
            other => Ok(Some(other)),
        },
    };
    let mut doubt = None;
    let out = |rung| Ok(Judged { rung, doubt: None });
    if let Some(reached) = ask(Clause::Population)? {
        if let Some(note) = reached.unknown() {
            return out(Rung::NotReached(Clause::Population, note));
        }
        if !reached.is_true() {
            return out(Rung::Out(Clause::Population));
        }
    }
    if let Some(excluded) = ask(Clause::Exclude)? {
        if excluded.is_true() {
            return out(Rung::Out(Clause::Exclude));
        }
        doubt = excluded.unknown();
    }
    // Where nobody can say whether a record can be judged, it cannot: a child whose ethnic group was
    // unreadable is not one whose group is known.
    for (clause, counter) in
        [(Clause::Unknown, Note::Unknown), (Clause::HistoryMissing, Note::HistoryMissing)]
    {
        let aside = ask(clause)?;
        let doubtful = aside.as_ref().and_then(Evaluated::unknown);
        if doubtful.is_some() || aside.is_some_and(|aside| aside.is_true()) {
            let note = if clause == Clause::Unknown { counter } else { doubtful.unwrap_or(counter) };
            return Ok(Judged { rung: Rung::SetAside(clause, note), doubt });
        }
    }
    if let Some(reached) = ask(Clause::Denominator)? {
        if let Some(note) = reached.unknown() {
            return Ok(Judged { rung: Rung::NotReached(Clause::Denominator, note), doubt });
        }
        if !reached.is_true() {
            return out(Rung::Out(Clause::Denominator));
        }
    }
    let rung = match ask(Clause::Numerator)? {
        None => Rung::Numerator,
        Some(met) if met.is_true() => Rung::Numerator,
        Some(met) => match (met.unknown(), ladder.numerator_unknown) {
            (None, _) => Rung::Denominator,
            (Some(note), NumeratorUnknown::NotCounted) => Rung::Unjudged(note),
            (Some(note), NumeratorUnknown::LeftOut) => Rung::LeftOut(note),
        },
    };
    Ok(Judged { rung, doubt })
}
