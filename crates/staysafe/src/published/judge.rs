//! Whether a published figure and its parts agree.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::range::Range;
use crate::value::{Exact, Withheld};

/// What came of working a published figure out again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "why")]
pub enum Agreement {
    /// It is what its parts give.
    Agrees,
    /// Its parts as they are printed give another number, but what they were before rounding may give it.
    AgreesWithinRounding,
    /// Nothing that its parts can have been gives it.
    Differs,
    /// Nobody can say.
    Cannot(Why),
}

/// Why nobody can say whether a figure and its parts agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum Why {
    /// The figure itself is withheld.
    NotPublished(Withheld),
    /// So many of its parts are suppressed.
    SuppressedPart(u32),
    /// A part is withheld for another reason.
    WithheldPart(Withheld),
    /// A part could not be read.
    RejectedPart,
    /// The row that should hold a part is not in the table, or stands there twice.
    NoRow(String),
    /// The table has no column that could be its denominator, or its numerator.
    NoDenominator,
    /// Its parts are rounded so far that they may give almost anything.
    RoundedTooFar,
    /// 0 of 0.
    Undefined,
    /// The numbers are too large to be exact.
    TooLarge,
}

impl Agreement {
    /// Judges a figure by what it may have been, by its parts as they are printed, and by what they may have been.
    ///
    /// Parts that leave room for more than the figure itself say nothing: they are *rounded too far*.
    pub(super) fn of(published: &Range, printed: Option<Exact>, parts: &Range, suppressed: u32) -> Self {
        if suppressed == 0 && printed.is_some_and(|value| published.meets(&Range::exactly(value))) {
            return Self::Agrees;
        }
        if !published.meets(parts) {
            return Self::Differs;
        }
        if suppressed > 0 {
            return Self::Cannot(Why::SuppressedPart(suppressed));
        }
        match parts.width().zip(published.most) {
            Some((width, most)) if width <= most => Self::AgreesWithinRounding,
            _ => Self::Cannot(Why::RoundedTooFar),
        }
    }

    /// A stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::AgreesWithinRounding => "agrees-within-rounding",
            Self::Differs => "differs",
            Self::Cannot(_) => "cannot-tell",
        }
    }
}

impl Why {
    /// A stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPublished(_) => "not-published",
            Self::SuppressedPart(_) => "suppressed-part",
            Self::WithheldPart(_) => "withheld-part",
            Self::RejectedPart => "rejected-part",
            Self::NoRow(_) => "no-row",
            Self::NoDenominator => "no-denominator",
            Self::RoundedTooFar => "rounded-too-far",
            Self::Undefined => "undefined",
            Self::TooLarge => "too-large",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPublished(why) => write!(f, "the figure itself is {why}"),
            Self::SuppressedPart(1) => f.write_str("one of its parts is suppressed"),
            Self::SuppressedPart(parts) => write!(f, "{parts} of its parts are suppressed"),
            Self::WithheldPart(why) => write!(f, "a part is {why}"),
            Self::RejectedPart => f.write_str("a part could not be read"),
            Self::NoRow(which) => write!(f, "no single row of the table holds {which}"),
            Self::NoDenominator => f.write_str(
                "the table has no two counts that it could be made of: no denominator, or no numerator",
            ),
            Self::RoundedTooFar => {
                f.write_str("its parts are rounded so far that they leave room for more than the figure")
            }
            Self::Undefined => f.write_str("it is 0 of 0"),
            Self::TooLarge => f.write_str("the numbers are too large to be exact"),
        }
    }
}
