//! Partial states: what merges exactly, before anything is divided.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cell::{Coverage, Flag, Note, Reason};
use crate::calendar::Days;
use crate::period::Period;
use crate::value::Exact;

/// One indicator's state in one area and period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// The indicator's id.
    pub indicator: String,
    /// The area's code.
    pub area: String,
    /// The period.
    pub period: Period,
    /// What was counted, or why nothing was.
    pub state: State,
    /// What stands behind it.
    pub coverage: Coverage,
    /// Marks.
    pub flags: BTreeSet<Flag>,
    /// Counters.
    pub notes: BTreeMap<Note, u64>,
}

/// What was counted: integers and exact sums, which merge by addition in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A count, or a share's two counts.
    Counted {
        /// Records that reached the top rung.
        numerator: u64,
        /// Records below the line, for a share.
        denominator: Option<u64>,
    },
    /// Two totals.
    Totals {
        /// Above the line.
        numerator: Exact,
        /// Below the line.
        denominator: Exact,
    },
    /// How many values there are, and their sum.
    Sum {
        /// How many.
        count: u64,
        /// Their sum.
        total: Exact,
        /// The sum of their squares.
        squares: Exact,
    },
    /// How often each value occurs.
    Values(#[serde(with = "pairs")] BTreeMap<Exact, u64>),
    /// How many there are in each category.
    Categories(BTreeMap<String, u64>),
    /// Nothing, and why.
    Absent(Reason),
}

/// All partial states of a calculation, and what they were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partials {
    /// In order of indicator, area, period.
    pub partials: Vec<Partial>,
    /// Whether areas stay apart when the calculation is finished.
    pub by_area: bool,
    /// What they were made of.
    pub made_of: super::results::MadeOf,
}

impl State {
    /// Two states of one indicator and period added up.
    ///
    /// | | figure | absent |
    /// |---|---|---|
    /// | **figure** | the sum | the figure, unless the absence is *refused* or *suppressed*, which win |
    /// | **absent** | as above | the weightier reason; *not applicable* gives way to anything |
    ///
    /// Associative and commutative. States of different shapes, and sums that do not fit, are *refused*.
    #[must_use]
    pub fn combine(self, other: Self) -> Self {
        match (self, other) {
            (Self::Absent(a), Self::Absent(b)) => Self::Absent(weightier(a, b)),
            (Self::Absent(reason), figure) | (figure, Self::Absent(reason)) => {
                if matches!(reason, Reason::Refused(_) | Reason::Suppressed) {
                    Self::Absent(reason)
                } else {
                    figure
                }
            }
            (
                Self::Counted { numerator: a, denominator: Some(b) },
                Self::Counted { numerator: c, denominator: Some(d) },
            ) => match (a.checked_add(c), b.checked_add(d)) {
                (Some(numerator), Some(denominator)) => {
                    Self::Counted { numerator, denominator: Some(denominator) }
                }
                _ => too_large(),
            },
            (
                Self::Counted { numerator: a, denominator: None },
                Self::Counted { numerator: c, denominator: None },
            ) => a
                .checked_add(c)
                .map_or_else(too_large, |numerator| Self::Counted { numerator, denominator: None }),
            (
                Self::Totals { numerator: a, denominator: b },
                Self::Totals { numerator: c, denominator: d },
            ) => match (a.plus(&c), b.plus(&d)) {
                (Some(numerator), Some(denominator)) => Self::Totals { numerator, denominator },
                _ => too_large(),
            },
            (
                Self::Sum { count, total, squares },
                Self::Sum { count: more, total: further, squares: others },
            ) => match (count.checked_add(more), total.plus(&further), squares.plus(&others)) {
                (Some(count), Some(total), Some(squares)) => Self::Sum { count, total, squares },
                _ => too_large(),
            },
            (Self::Values(a), Self::Values(b)) => add_counts(a, b).map_or_else(too_large, Self::Values),
            (Self::Categories(a), Self::Categories(b)) => {
                add_counts(a, b).map_or_else(too_large, Self::Categories)
            }
            _ => Self::Absent(Reason::Refused("states of different kinds cannot be added up".to_owned())),
        }
    }
}

impl Partial {
    /// Two states of one indicator and period added up, with what stands behind them; the area is that of
    /// the first. A figure beside an absence is *partly reported*.
    #[must_use]
    pub fn combine(mut self, other: Self) -> Self {
        self.state = self.state.combine(other.state);
        self.coverage = self.coverage.combine(&other.coverage);
        self.flags.extend(other.flags);
        for (note, count) in other.notes {
            let counter = self.notes.entry(note).or_default();
            *counter = counter.saturating_add(count);
        }
        let figure = !matches!(self.state, State::Absent(_));
        if figure && self.coverage.reported < self.coverage.expected {
            self.flags.insert(Flag::PartlyReported);
        }
        self
    }
}

impl Coverage {
    /// What stands behind two cells together.
    #[must_use]
    pub fn combine(&self, other: &Self) -> Self {
        Self {
            reported: self.reported.saturating_add(other.reported),
            expected: self.expected.saturating_add(other.expected),
            days: match (self.days, other.days) {
                (Some(a), Some(b)) => Some(Days { first: a.first.max(b.first), last: a.last.min(b.last) }),
                (days, None) | (None, days) => days,
            },
        }
    }
}

/// Which of two reasons is told: the heavier, and of two alike the greater, so that order does not matter.
fn weightier(a: Reason, b: Reason) -> Reason {
    if (weight(&a), &a) >= (weight(&b), &b) { a } else { b }
}

fn weight(reason: &Reason) -> u8 {
    match reason {
        Reason::NotApplicable => 0,
        Reason::OutOfScope => 1,
        Reason::NothingToMeasure => 2,
        Reason::Undefined => 3,
        Reason::NotYetDue => 4,
        Reason::NotReported(_) => 5,
        Reason::Break => 6,
        Reason::Suppressed => 7,
        Reason::Refused(_) => 8,
    }
}

fn too_large() -> State {
    State::Absent(Reason::Refused("the sum does not fit".to_owned()))
}

fn add_counts<K: Ord>(mut a: BTreeMap<K, u64>, b: BTreeMap<K, u64>) -> Option<BTreeMap<K, u64>> {
    for (key, count) in b {
        let counter = a.entry(key).or_default();
        *counter = counter.checked_add(count)?;
    }
    Some(a)
}

/// JSON keys are text: a map with other keys is written as pairs.
mod pairs {
    use super::{BTreeMap, Deserialize, Exact};

    pub(super) fn serialize<S: serde::Serializer>(
        map: &BTreeMap<Exact, u64>,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        s.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        d: D,
    ) -> Result<BTreeMap<Exact, u64>, D::Error> {
        Ok(Vec::<(Exact, u64)>::deserialize(d)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cell::NotReported;
    use super::*;

    fn reasons() -> impl Strategy<Value = Reason> {
        prop_oneof![
            Just(Reason::Undefined),
            Just(Reason::NothingToMeasure),
            Just(Reason::NotReported(NotReported::NoReturn)),
            "[ab]".prop_map(|name| Reason::NotReported(NotReported::Dataset(name))),
            "[ab]".prop_map(Reason::Refused),
            Just(Reason::NotYetDue),
            Just(Reason::NotApplicable),
            Just(Reason::Suppressed),
            Just(Reason::Break),
            Just(Reason::OutOfScope),
        ]
    }

    /// States of one shape, as those of one indicator are.
    fn states(shape: u8) -> BoxedStrategy<State> {
        let figure = match shape {
            0 => (0u64..50).prop_map(|numerator| State::Counted { numerator, denominator: None }).boxed(),
            1 => (0u64..50, 0u64..50)
                .prop_map(|(numerator, more)| State::Counted {
                    numerator,
                    denominator: Some(numerator + more),
                })
                .boxed(),
            2 => (0u64..9, -99i64..99)
                .prop_map(|(count, t)| State::Sum { count, total: t.into(), squares: (t * t).into() })
                .boxed(),
            3 => proptest::collection::btree_map((-5i64..5).prop_map(Exact::from), 1u64..9, 0..4)
                .prop_map(State::Values)
                .boxed(),
            _ => proptest::collection::btree_map("[abc]", 1u64..9, 0..4).prop_map(State::Categories).boxed(),
        };
        prop_oneof![3 => figure, 2 => reasons().prop_map(State::Absent)].boxed()
    }

    fn three() -> impl Strategy<Value = (State, State, State)> {
        (0u8..5).prop_flat_map(|shape| (states(shape), states(shape), states(shape)))
    }

    proptest! {
        #[test]
        fn combine_is_associative_and_commutative((a, b, c) in three()) {
            let left = a.clone().combine(b.clone()).combine(c.clone());
            let right = a.clone().combine(b.clone().combine(c));
            prop_assert_eq!(left, right);
            prop_assert_eq!(a.clone().combine(b.clone()), b.combine(a));
        }

        #[test]
        fn not_applicable_changes_nothing((a, _, _) in three()) {
            prop_assert_eq!(a.clone().combine(State::Absent(Reason::NotApplicable)), a);
        }

        #[test]
        fn states_survive_json((a, _, _) in three()) {
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(serde_json::from_str::<State>(&json).unwrap(), a);
        }
    }
}
