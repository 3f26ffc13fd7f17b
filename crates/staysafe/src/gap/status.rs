//! The status of a cell: independent facts, a bit each, so that a roll-up is their union.

use serde::{Serialize, Serializer};

use super::Supply;

/// The facts about one cell, or about several taken together.
///
/// The roll-up rule is the union of the facts: of several cells some of what is needed is there where any has some,
/// and some is missing where any misses some. So the supply of many is *available* where every cell that asks is,
/// *none* where none has anything, and *partial* otherwise. Cells that ask nothing, are not due or do not apply change
/// nothing. Union is associative, commutative and idempotent: cells may be rolled up in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(u32);

impl Status {
    /// Nothing is asked.
    pub const NOTHING_ASKED: Self = Self(0);
    /// Some of what is needed is missing.
    pub const SOME_MISSING: Self = Self(1);
    /// Some of what is needed is there.
    pub const SOME_THERE: Self = Self(1 << 1);
    /// A return came without a dataset.
    pub const NOT_CARRIED: Self = Self(1 << 2);
    /// No return with a dataset came.
    pub const NOT_ARRIVED: Self = Self(1 << 3);
    /// A dataset speaks for other days, or does not say for which.
    pub const OUTSIDE_COVER: Self = Self(1 << 4);
    /// A dataset speaks for some of the days.
    pub const PARTLY_COVERED: Self = Self(1 << 5);
    /// A dataset does not reach back far enough.
    pub const HISTORY_SHORT: Self = Self(1 << 6);
    /// A column is missing.
    pub const FIELD_NOT_CARRIED: Self = Self(1 << 7);
    /// A column is blank in every row.
    pub const FIELD_EMPTY: Self = Self(1 << 8);
    /// A column is thinner than the threshold: a warning.
    pub const FIELD_INCOMPLETE: Self = Self(1 << 9);
    /// The supplier is late by its own rhythm: a warning.
    pub const STALE: Self = Self(1 << 10);
    /// The measure is not due in the period.
    pub const NOT_DUE: Self = Self(1 << 11);
    /// The measure cannot occur in the area.
    pub const NOT_APPLICABLE: Self = Self(1 << 12);
    /// The definition does not hold in the period, or does not say what it needs.
    pub const NOT_DEFINED: Self = Self(1 << 13);
    /// An agency that was asked has not answered, and its day has passed.
    pub const SILENT: Self = Self(1 << 14);
    /// An agency that was asked has not answered, and its day has not come.
    pub const NOT_YET_DUE: Self = Self(1 << 15);
    /// A return came and was sent back.
    pub const SENT_BACK: Self = Self(1 << 16);
    /// An agency declared that it has nothing to report: a figure of 0.
    pub const NIL_DECLARED: Self = Self(1 << 17);
    /// A partner gave a count in the place of records.
    pub const ONLY_COUNTED: Self = Self(1 << 18);

    const WORDS: [(Self, &'static str); 19] = [
        (Self::SOME_MISSING, "some-missing"),
        (Self::SOME_THERE, "some-there"),
        (Self::NOT_CARRIED, "not-carried"),
        (Self::NOT_ARRIVED, "not-arrived"),
        (Self::OUTSIDE_COVER, "outside-cover"),
        (Self::PARTLY_COVERED, "partly-covered"),
        (Self::HISTORY_SHORT, "history-short"),
        (Self::FIELD_NOT_CARRIED, "field-not-carried"),
        (Self::FIELD_EMPTY, "field-empty"),
        (Self::FIELD_INCOMPLETE, "field-incomplete"),
        (Self::STALE, "stale"),
        (Self::NOT_DUE, "not-due"),
        (Self::NOT_APPLICABLE, "not-applicable"),
        (Self::NOT_DEFINED, "not-defined"),
        (Self::SILENT, "silent"),
        (Self::NOT_YET_DUE, "not-yet-due"),
        (Self::SENT_BACK, "sent-back"),
        (Self::NIL_DECLARED, "nil-declared"),
        (Self::ONLY_COUNTED, "only-counted"),
    ];

    /// The facts of both.
    ///
    /// # Example
    /// ```
    /// use staysafe::gap::{Status, Supply};
    /// let both = Status::SOME_THERE.and(Status::SOME_MISSING);
    /// assert_eq!(both.supply(), Some(Supply::Partial));
    /// assert_eq!(both.and(Status::NOTHING_ASKED), both);
    /// ```
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has all the facts of another.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// How much of what is needed is there; `None` where nothing is asked.
    pub const fn supply(self) -> Option<Supply> {
        match (self.has(Self::SOME_THERE), self.has(Self::SOME_MISSING)) {
            (false, false) => None,
            (true, false) => Some(Supply::Available),
            (false, true) => Some(Supply::None),
            (true, true) => Some(Supply::Partial),
        }
    }

    /// The facts in words for machines, without those that only say how much is there.
    ///
    /// # Example
    /// ```
    /// use staysafe::gap::Status;
    /// assert_eq!(Status::SOME_MISSING.and(Status::NOT_ARRIVED).words(), ["not-arrived"]);
    /// ```
    pub fn words(self) -> Vec<&'static str> {
        let said = Self::WORDS.iter().skip(2).filter(|(fact, _)| self.has(*fact));
        said.map(|(_, word)| *word).collect()
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}
