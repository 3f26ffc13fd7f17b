//! Partial states: what merges exactly, before anything is divided.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cell::{Coverage, Judged, Note, Reason};
use super::flags::Flags;
use super::survey::Surveyed;
use crate::calendar::Days;
use crate::period::{Period, Shown};
use crate::value::{Exact, Name, Names};

/// One indicator's state in one area and period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// The indicator's id.
    pub indicator: Name,
    /// The authority whose records or counts it is of, by its code; none where nothing was given. Parts of one authority are
    /// merged with each other before authorities are added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Name>,
    /// The area's code.
    pub area: Name,
    /// What stands in each column of [`Partials::by`].
    #[serde(default)]
    pub by: Names,
    /// The period.
    pub period: Period,
    /// The periods that were asked for and show it.
    #[serde(default)]
    pub shown: Shown,
    /// What was counted, or why nothing was.
    pub state: State,
    /// What stands behind it.
    pub coverage: Coverage,
    /// How much of it could be judged.
    #[serde(default)]
    pub judged: Judged,
    /// Marks.
    pub flags: Flags,
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
    Totals(Box<Totals>),
    /// How many values there are, and their sum.
    Sum(Box<Summed>),
    /// Weighted answers to a survey.
    Survey(Box<Surveyed>),
    /// How often each value occurs.
    Values(#[serde(with = "pairs")] BTreeMap<Exact, u64>),
    /// How many there are in each category.
    Categories(BTreeMap<String, u64>),
    /// What was sent last, of a measure that is told and not counted: the latest day, and what was entered for
    /// it. Two different entries of one day contradict each other, which is said when the calculation is finished.
    Latest {
        /// The day of the entries.
        day: NaiveDate,
        /// All different entries of that day.
        entries: BTreeSet<Entry>,
    },
    /// Nothing, and why.
    Absent(Reason),
}

/// Two totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Above the line.
    pub numerator: Exact,
    /// Below the line.
    pub denominator: Exact,
}

/// Values added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summed {
    /// How many.
    pub count: u64,
    /// Their sum.
    pub total: Exact,
    /// The sum of their squares.
    pub squares: Exact,
}

/// Something that was told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// A score somebody else worked out.
    Score(Exact),
    /// A document came.
    Received,
    /// A document came, and not as it was asked for: late, or not considered.
    Amiss,
    /// Words.
    Words(String),
}

/// All partial states of a calculation, and what they were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partials {
    /// In order of indicator, area, period.
    pub partials: Vec<Partial>,
    /// Whether areas stay apart when the calculation is finished.
    pub by_area: bool,
    /// By what they are kept apart, besides the area: levels of areas and breakdowns.
    #[serde(default)]
    pub by: Vec<String>,
    /// What they were made of.
    pub made_of: super::results::MadeOf,
}

impl State {
    /// Two totals.
    pub fn totals(numerator: Exact, denominator: Exact) -> Self {
        Self::Totals(Box::new(Totals { numerator, denominator }))
    }

    /// How many values there are, their sum and the sum of their squares.
    pub fn sum(count: u64, total: Exact, squares: Exact) -> Self {
        Self::Sum(Box::new(Summed { count, total, squares }))
    }

    /// Two states of one indicator and period added up.
    ///
    /// | | figure | not applicable | refused | suppressed | any other absence |
    /// |---|---|---|---|---|---|
    /// | **figure** | the sum | the figure | refused | suppressed | the figure, of fewer |
    /// | **not applicable** | the figure | not applicable | refused | suppressed | the absence |
    /// | **refused** | refused | refused | refused | refused | refused |
    /// | **suppressed** | suppressed | suppressed | refused | suppressed | suppressed |
    /// | **any other absence** | the figure, of fewer | the absence | refused | suppressed | the weightier |
    ///
    /// Of two absences *break* weighs most, then *not reported*, *not yet due*, *undefined*, *nothing to
    /// measure*, *out of scope*; of two of one kind the greater is told. That a figure is one *of fewer* shows
    /// in its [`Coverage`].
    ///
    /// Associative and commutative. States of different shapes, and sums that do not fit, are *refused*; a
    /// suppression or any other refusal is told before that.
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
                _ => cannot_be_added(),
            },
            (
                Self::Counted { numerator: a, denominator: None },
                Self::Counted { numerator: c, denominator: None },
            ) => a
                .checked_add(c)
                .map_or_else(cannot_be_added, |numerator| Self::Counted { numerator, denominator: None }),
            (Self::Totals(a), Self::Totals(b)) => {
                match (a.numerator.plus(&b.numerator), a.denominator.plus(&b.denominator)) {
                    (Some(numerator), Some(denominator)) => Self::totals(numerator, denominator),
                    _ => cannot_be_added(),
                }
            }
            (Self::Sum(a), Self::Sum(b)) => {
                let count = a.count.checked_add(b.count);
                match (count, a.total.plus(&b.total), a.squares.plus(&b.squares)) {
                    (Some(count), Some(total), Some(squares)) => Self::sum(count, total, squares),
                    _ => cannot_be_added(),
                }
            }
            (Self::Survey(a), Self::Survey(b)) => {
                a.combine(*b).map_or_else(cannot_be_added, |both| Self::Survey(both.into()))
            }
            (Self::Values(a), Self::Values(b)) => add_counts(a, b).map_or_else(cannot_be_added, Self::Values),
            (Self::Categories(a), Self::Categories(b)) => {
                add_counts(a, b).map_or_else(cannot_be_added, Self::Categories)
            }
            (Self::Latest { day: a, entries: mut held }, Self::Latest { day: b, entries: other }) => {
                match a.cmp(&b) {
                    Ordering::Greater => Self::Latest { day: a, entries: held },
                    Ordering::Less => Self::Latest { day: b, entries: other },
                    Ordering::Equal => {
                        held.extend(other);
                        Self::Latest { day: a, entries: held }
                    }
                }
            }
            _ => cannot_be_added(),
        }
    }
}

impl Partial {
    /// Two states of one indicator and period added up, with what stands behind them; the area is that of
    /// the first. Associative and commutative as [`State::combine`] is; whether the sum is *partly reported* is
    /// said when the calculation is finished, from the coverage of all.
    #[must_use]
    pub fn combine(mut self, other: Self) -> Self {
        self.state = self.state.combine(other.state);
        self.coverage = self.coverage.combine(&other.coverage);
        self.judged = self.judged.combine(other.judged);
        self.shown = self.shown.combine(other.shown);
        self.flags.extend(other.flags);
        for (note, count) in other.notes {
            let counter = self.notes.entry(note).or_default();
            *counter = counter.saturating_add(count);
        }
        self
    }
}

impl Judged {
    /// Records of two cells together.
    #[must_use]
    pub fn combine(self, other: Self) -> Self {
        Self {
            records: self.records.saturating_add(other.records),
            unjudged: self.unjudged.saturating_add(other.unjudged),
        }
    }
}

impl Coverage {
    /// What stands behind two cells together: authorities are added, and the days are those that both
    /// cover (none where the last comes before the first).
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

const CANNOT_BE_ADDED: &str =
    "its parts cannot be added up: they are of different kinds, or the sum does not fit";

fn weight(reason: &Reason) -> u8 {
    match reason {
        Reason::NotApplicable => 0,
        Reason::OutOfScope => 1,
        Reason::NothingToMeasure => 2,
        Reason::Undefined => 3,
        Reason::NotYetDue(_) => 4,
        Reason::NotReported(_) => 5,
        Reason::Break => 6,
        // Whether parts meet that cannot be added up depends on the order in which they meet: this refusal gives
        // way to whatever else wins over figures, so that the answer is the same in every order.
        Reason::Refused(why) if why == CANNOT_BE_ADDED => 7,
        Reason::Suppressed => 8,
        Reason::Refused(_) => 9,
    }
}

fn cannot_be_added() -> State {
    State::Absent(Reason::Refused(CANNOT_BE_ADDED.to_owned()))
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

    use super::super::cell::{Flag, NotReported};
    use super::*;

    fn days() -> impl Strategy<Value = chrono::NaiveDate> {
        (0u64..9).prop_map(|n| chrono::NaiveDate::default() + chrono::Days::new(n))
    }

    fn reasons() -> impl Strategy<Value = Reason> {
        prop_oneof![
            Just(Reason::Undefined),
            Just(Reason::NothingToMeasure),
            Just(Reason::NotReported(NotReported::NoReturn)),
            "[ab]".prop_map(|name| Reason::NotReported(NotReported::Dataset(name))),
            "[ab]".prop_map(Reason::Refused),
            proptest::option::of(days()).prop_map(Reason::NotYetDue),
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
                .prop_map(|(count, t)| State::sum(count, t.into(), (t * t).into()))
                .boxed(),
            3 => (0i128..99, 1i128..9, 1i128..99)
                .prop_map(|(above, parts, below)| {
                    State::totals(Exact::new(above, parts).unwrap(), Exact::new(below, parts).unwrap())
                })
                .boxed(),
            // So much that two of them do not fit.
            4 => (u64::MAX / 2..u64::MAX)
                .prop_map(|numerator| State::Counted { numerator, denominator: None })
                .boxed(),
            5 => (
                days(),
                proptest::collection::btree_set((0i64..4).prop_map(|n| Entry::Score(n.into())), 1..3),
            )
                .prop_map(|(day, entries)| State::Latest { day, entries })
                .boxed(),
            6 => proptest::collection::vec(("[ab]", "[xyz]?", 0i64..5, 1i64..9), 0..5)
                .prop_map(|answers| {
                    let mut surveyed = Surveyed { answers: answers.len() as u64, ..Surveyed::default() };
                    for (stratum, cluster, yes, more) in answers {
                        let cluster = surveyed.strata.entry(stratum).or_default().entry(cluster).or_default();
                        cluster.yes = cluster.yes.plus(&yes.into()).unwrap();
                        cluster.all = cluster.all.plus(&(yes + more).into()).unwrap();
                    }
                    State::Survey(surveyed.into())
                })
                .boxed(),
            7 => proptest::collection::btree_map((-5i64..5).prop_map(Exact::from), 1u64..9, 0..4)
                .prop_map(State::Values)
                .boxed(),
            _ => proptest::collection::btree_map("[abc]", 1u64..9, 0..4).prop_map(State::Categories).boxed(),
        };
        prop_oneof![3 => figure, 2 => reasons().prop_map(State::Absent)].boxed()
    }

    const SHAPES: u8 = 9;

    /// Three states of one indicator.
    fn three() -> impl Strategy<Value = (State, State, State)> {
        (0..SHAPES).prop_flat_map(|shape| (states(shape), states(shape), states(shape)))
    }

    /// Three states of any shapes, which no indicator has: a fault stays the same fault in any order.
    fn mixed() -> impl Strategy<Value = (State, State, State)> {
        let any = || (0..SHAPES).prop_flat_map(states);
        (any(), any(), any())
    }

    fn partials(shape: u8) -> impl Strategy<Value = Partial> {
        let flags = prop_oneof![
            Just(Flag::PartlyReported),
            Just(Flag::PartlyCovered),
            Just(Flag::Provisional),
            Just(Flag::Break)
        ];
        let notes = prop_oneof![Just(Note::Unknown), Just(Note::Duplicate), Just(Note::HistoryMissing)];
        (
            states(shape),
            (0u32..3, 0u32..3, proptest::option::of((days(), days()))),
            (0u64..9, 0u64..9),
            proptest::collection::btree_set(flags, 0..3),
            proptest::collection::btree_map(notes, 1u64..9, 0..3),
        )
            .prop_map(|(state, (reported, more, covered), (records, unjudged), flags, notes)| {
                Partial {
                    indicator: "i".into(),
                    authority: None,
                    area: "A".into(),
                    by: Names::new(),
                    period: "2010-11 Q1".parse().unwrap(),
                    shown: Shown::default(),
                    state,
                    coverage: Coverage {
                        reported,
                        expected: reported + more,
                        days: covered.map(|(a, b)| Days { first: a.min(b), last: a.max(b) }),
                    },
                    judged: Judged { records, unjudged },
                    flags: flags.into_iter().collect(),
                    notes,
                }
            })
    }

    fn three_partials() -> impl Strategy<Value = (Partial, Partial, Partial)> {
        (0..SHAPES).prop_flat_map(|shape| (partials(shape), partials(shape), partials(shape)))
    }

    fn nothing_applies() -> Partial {
        Partial {
            indicator: "i".into(),
            authority: None,
            area: "A".into(),
            by: Names::new(),
            period: "2010-11 Q1".parse().unwrap(),
            shown: Shown::default(),
            state: State::Absent(Reason::NotApplicable),
            coverage: Coverage::default(),
            judged: Judged::default(),
            flags: Flags::new(),
            notes: BTreeMap::new(),
        }
    }

    /// The table of [`State::combine`], cell by cell.
    #[test]
    fn combine_is_its_table() {
        let figure = |numerator| State::Counted { numerator, denominator: None };
        let refused = || Reason::Refused("why".to_owned());
        let reasons = [
            Reason::NotApplicable,
            Reason::OutOfScope,
            Reason::NothingToMeasure,
            Reason::Undefined,
            Reason::NotYetDue(None),
            Reason::NotReported(NotReported::NoReturn),
            Reason::Break,
            Reason::Suppressed,
            refused(),
        ];
        assert_eq!(figure(2).combine(figure(3)), figure(5));
        for (weight, reason) in reasons.iter().enumerate() {
            let absent = State::Absent(reason.clone());
            let wins = matches!(reason, Reason::Suppressed | Reason::Refused(_));
            let wanted = if wins { absent.clone() } else { figure(2) };
            assert_eq!(figure(2).combine(absent.clone()), wanted, "a figure and {reason:?}");
            for heavier in &reasons[weight..] {
                let found = absent.clone().combine(State::Absent(heavier.clone()));
                assert_eq!(found, State::Absent(heavier.clone()), "{reason:?} and {heavier:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn combine_is_associative_and_commutative((a, b, c) in prop_oneof![three(), mixed()]) {
            let left = a.clone().combine(b.clone()).combine(c.clone());
            let right = a.clone().combine(b.clone().combine(c));
            prop_assert_eq!(left, right);
            prop_assert_eq!(a.clone().combine(b.clone()), b.combine(a));
        }

        #[test]
        fn what_stands_behind_a_state_merges_as_it_does((a, b, c) in three_partials()) {
            let left = a.clone().combine(b.clone()).combine(c.clone());
            let right = a.clone().combine(b.clone().combine(c));
            prop_assert_eq!(left, right);
            prop_assert_eq!(a.clone().combine(b.clone()), b.combine(a));
        }

        #[test]
        fn not_applicable_changes_nothing((a, _, _) in three_partials()) {
            prop_assert_eq!(a.clone().combine(nothing_applies()), a.clone());
            prop_assert_eq!(nothing_applies().combine(a.clone()), a);
        }

        #[test]
        fn states_survive_json((a, _, _) in three()) {
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(serde_json::from_str::<State>(&json).unwrap(), a);
        }
    }
}
