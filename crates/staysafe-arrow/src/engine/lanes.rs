//! Values side by side: one lane for each record, or for each pair of related records, that an expression is asked of.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;
use staysafe::value::Type;

use super::standing::{BLANK, KNOWN};
use super::words::Words;

/// One value for all lanes, or one for each.
#[derive(Debug, Clone)]
pub(crate) enum Run<'f, T: Copy> {
    Same(T),
    Each(Cow<'f, [T]>),
}

/// What the lanes hold. A yes/no is in its standing.
#[derive(Debug, Clone)]
pub(crate) enum Values<'f> {
    Truth,
    /// Days since the day before 1 January of the year 1.
    Days(Run<'f, i32>),
    Whole(Run<'f, i64>),
    Decimal(Run<'f, Decimal>),
    Words(Run<'f, u32>),
    /// Nothing: a bare `NULL`.
    Nothing,
}

/// Values with how each stands.
#[derive(Debug, Clone)]
pub(crate) struct Lanes<'f> {
    pub(crate) values: Values<'f>,
    pub(crate) standing: Run<'f, u8>,
}

/// A number of a row, lane, class or the like as a place among others.
#[inline]
pub(crate) fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl<T: Copy> Run<'_, T> {
    #[inline]
    pub(crate) fn at(&self, lane: usize) -> Option<T> {
        match self {
            Self::Same(value) => Some(*value),
            Self::Each(values) => values.get(lane).copied(),
        }
    }

    /// The values of so many lanes.
    pub(crate) fn iter(&self, lanes: usize) -> impl Iterator<Item = T> + '_ {
        let (same, each) = match self {
            Self::Same(value) => (Some(*value), [].as_slice()),
            Self::Each(values) => (None, values.as_ref()),
        };
        same.into_iter().cycle().take(lanes).chain(each.iter().copied())
    }

    /// The value of each of so many lanes, where they lie if they do.
    pub(crate) fn all(&self, lanes: usize) -> Cow<'_, [T]> {
        match self {
            Self::Same(value) => Cow::Owned(vec![*value; lanes]),
            Self::Each(values) => Cow::Borrowed(values),
        }
    }

    /// Something of the value of each of so many lanes.
    pub(crate) fn each<U: Copy>(&self, lanes: usize, of: impl Fn(T) -> U) -> Vec<U> {
        match self {
            Self::Same(value) => vec![of(*value); lanes],
            Self::Each(values) => values.iter().map(|value| of(*value)).collect(),
        }
    }

    pub(crate) fn map<U: Copy>(&self, of: impl Fn(T) -> U) -> Run<'static, U> {
        match self {
            Self::Same(value) => Run::Same(of(*value)),
            Self::Each(values) => Run::Each(values.iter().map(|value| of(*value)).collect()),
        }
    }

    /// The values at some lanes.
    pub(crate) fn take(&self, lanes: &[u32]) -> Run<'static, T> {
        match self {
            Self::Same(value) => Run::Same(*value),
            Self::Each(values) => {
                let Some(first) = values.first().copied() else { return Run::Each(Cow::Borrowed(&[])) };
                let at = |lane: &u32| usize::try_from(*lane).ok().and_then(|lane| values.get(lane)).copied();
                Run::Each(lanes.iter().map(|lane| at(lane).unwrap_or(first)).collect())
            }
        }
    }
}

/// Two runs put together lane by lane.
pub(crate) fn both<T: Copy, U: Copy, R: Copy>(
    left: &Run<'_, T>,
    right: &Run<'_, U>,
    of: impl Fn(T, U) -> R,
) -> Run<'static, R> {
    match (left, right) {
        (Run::Same(left), Run::Same(right)) => Run::Same(of(*left, *right)),
        (Run::Same(left), Run::Each(right)) => {
            Run::Each(right.iter().map(|right| of(*left, *right)).collect())
        }
        (Run::Each(left), Run::Same(right)) => Run::Each(left.iter().map(|left| of(*left, *right)).collect()),
        (Run::Each(left), Run::Each(right)) => {
            Run::Each(left.iter().zip(right.iter()).map(|(left, right)| of(*left, *right)).collect())
        }
    }
}

impl<'f> Lanes<'f> {
    /// Answers.
    pub(crate) fn truth(standing: Run<'f, u8>) -> Self {
        Self { values: Values::Truth, standing }
    }

    /// The same in every lane: no value, and why.
    pub(crate) fn nothing(standing: u8) -> Self {
        Self { values: Values::Nothing, standing: Run::Same(standing) }
    }

    /// The same in every lane: blank.
    pub(crate) fn null() -> Self {
        Self::nothing(BLANK)
    }

    pub(crate) fn ty(&self) -> Option<Type> {
        Some(match self.values {
            Values::Truth => Type::Bool,
            Values::Days(_) => Type::Date,
            Values::Whole(_) => Type::Int,
            Values::Decimal(_) => Type::Decimal,
            Values::Words(_) => Type::Text,
            Values::Nothing => return None,
        })
    }

    #[inline]
    pub(crate) fn standing(&self, lane: usize) -> u8 {
        self.standing.at(lane).unwrap_or(BLANK)
    }

    /// Whether every lane holds a value, of what says no yes or no.
    pub(crate) fn all_known(&self) -> bool {
        match &self.standing {
            Run::Same(standing) => *standing == KNOWN,
            Run::Each(all) => all.iter().all(|standing| *standing == KNOWN),
        }
    }

    /// Whether a lane holds a value.
    #[inline]
    pub(crate) fn is_known(&self, lane: usize) -> bool {
        let standing = self.standing(lane);
        standing == KNOWN || (standing < BLANK && matches!(self.values, Values::Truth))
    }

    #[inline]
    pub(crate) fn day(&self, lane: usize) -> Option<i32> {
        match &self.values {
            Values::Days(days) if self.standing(lane) == KNOWN => days.at(lane),
            _ => None,
        }
    }

    /// The lanes at some places.
    pub(crate) fn take(&self, lanes: &[u32]) -> Lanes<'static> {
        let values = match &self.values {
            Values::Truth => Values::Truth,
            Values::Nothing => Values::Nothing,
            Values::Days(run) => Values::Days(run.take(lanes)),
            Values::Whole(run) => Values::Whole(run.take(lanes)),
            Values::Decimal(run) => Values::Decimal(run.take(lanes)),
            Values::Words(run) => Values::Words(run.take(lanes)),
        };
        Lanes { values, standing: self.standing.take(lanes) }
    }

    /// How the values of two lanes compare; `None` for values of types that do not compare.
    pub(crate) fn order(&self, lane: usize, other: &Lanes<'_>, at: usize, words: &Words) -> Option<Ordering> {
        match (&self.values, &other.values) {
            (Values::Truth, Values::Truth) => Some(self.standing(lane).cmp(&other.standing(at))),
            (Values::Days(a), Values::Days(b)) => Some(a.at(lane)?.cmp(&b.at(at)?)),
            (Values::Whole(a), Values::Whole(b)) => Some(a.at(lane)?.cmp(&b.at(at)?)),
            (Values::Decimal(a), Values::Decimal(b)) => Some(a.at(lane)?.cmp(&b.at(at)?)),
            (Values::Whole(a), Values::Decimal(b)) => Some(Decimal::from(a.at(lane)?).cmp(&b.at(at)?)),
            (Values::Decimal(a), Values::Whole(b)) => Some(a.at(lane)?.cmp(&Decimal::from(b.at(at)?))),
            (Values::Words(a), Values::Words(b)) => {
                let (a, b) = (a.at(lane)?, b.at(at)?);
                Some(if a == b { Ordering::Equal } else { words.text(a).cmp(words.text(b)) })
            }
            _ => None,
        }
    }
}
