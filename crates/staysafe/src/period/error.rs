//! Periods that cannot be, and why.

use super::{Period, PeriodKind};

/// A period that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// No such month.
    #[error("{0} is not a month: expected 1 (January) to 12 (December)")]
    Month(u32),
    /// No such quarter.
    #[error("{0} is not a quarter: expected 1 (April to June) to 4 (January to March)")]
    Quarter(u32),
    /// A year that has no label.
    #[error("a period must lie in the years 1000 to 9999, which have labels")]
    Years,
    /// The ends of a range are of two kinds.
    #[error("a range from {first} to {last} has no meaning: give two {}s or two {}s", .first.kind(), .last.kind())]
    Kinds {
        /// The first of the range.
        first: Period,
        /// The last of the range.
        last: Period,
    },
    /// A range that ends before it begins.
    #[error("a range from {first} to {last} runs backwards: give the earlier one first")]
    Backwards {
        /// The first of the range.
        first: Period,
        /// The last of the range.
        last: Period,
    },
    /// A range of rolling windows that does not come out at its last.
    #[error("no whole number of steps leads from {first} to {last}")]
    Steps {
        /// The first of the range.
        first: Period,
        /// The last of the range.
        last: Period,
    },
    /// A period that is not made of whole parts.
    #[error("{whole} is not made of whole {part}s")]
    Parts {
        /// The period.
        whole: Period,
        /// What it should be made of.
        part: PeriodKind,
    },
}
