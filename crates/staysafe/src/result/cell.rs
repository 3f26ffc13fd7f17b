//! A cell: a figure, or a typed absence, with how much of what was asked for stands behind it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::flags::Flags;
use super::interval::Interval;
use crate::record::Days;
use crate::value::Exact;

/// A figure or a reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A figure.
    Figure {
        /// The value, exact: a count, or a share times its multiplier.
        value: Exact,
        /// What was counted above the line, where there is a line.
        numerator: Option<Exact>,
        /// What was counted below it.
        denominator: Option<Exact>,
    },
    /// No figure.
    Absent(Reason),
}

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason", content = "detail")]
pub enum Reason {
    /// The denominator is 0.
    Undefined,
    /// There is nothing to take a mean or a median of.
    NothingToMeasure,
    /// Nobody reported it.
    NotReported(NotReported),
    /// It was refused, and the words say why.
    Refused(String),
    /// It is not due in this period; the day it falls due, where it is known.
    NotYetDue(Option<NaiveDate>),
    /// It cannot occur in this area.
    NotApplicable,
    /// It is hidden by disclosure control.
    Suppressed,
    /// The definition changed inside the period.
    Break,
    /// The framework leaves it out.
    OutOfScope,
}

/// What exactly was not reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "name")]
pub enum NotReported {
    /// No return was given at all.
    NoReturn,
    /// The return does not carry this dataset.
    Dataset(String),
    /// The dataset's cover does not reach the period.
    OutsideCover,
    /// The period holds no entry.
    NoEntry,
    /// The return does not say of which year it is, so nobody knows what it can speak for.
    YearUnknown,
    /// The definition has no calculation yet.
    NoCalculation,
    /// Its records cannot be broken down as asked, and why.
    NotBrokenDown(String),
    /// No version of the definition holds in the period; in words, why.
    NoVersion(String),
    /// The calculation needs something this version cannot do.
    Unsupported(String),
}

/// How much of what was asked for stands behind a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Authorities that reported.
    pub reported: u32,
    /// Authorities that were expected to.
    pub expected: u32,
    /// The days covered, where fewer than the period's.
    pub days: Option<Days>,
}

/// How many of the records behind a figure could be judged: its completeness.
///
/// A record is *judged* when every question that the figure asks of it has an answer, whichever answer that
/// is. It is *unjudged* when one has none (a blank or unreadable value, dates the wrong way round, a date
/// outside the working-day calendar, a code nobody knows, records of one child that contradict each other,
/// history that only an earlier return holds), whether it stays in the denominator or leaves it. A record
/// that surely lies outside the figure is neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Records that could be judged.
    pub records: u64,
    /// Records that could not.
    pub unjudged: u64,
}

/// A mark on a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Part of what was asked for is missing: an authority that did not report, or the rest of a file that
    /// was cut off.
    PartlyReported,
    /// The cover ends inside the period, or a look-back reaches before it.
    PartlyCovered,
    /// Rows outside the cover were let in: what is left of older cases.
    SurvivorsOnly,
    /// Provisional.
    Provisional,
    /// Below a quality threshold: no comparison, no colour.
    LowReliability,
    /// The definition changed.
    Break,
    /// Rounded for publication.
    Rounded,
    /// Not 0, but rounds to it.
    Low,
}

/// A counter of something a reader of the figure should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// A rung could not be judged for want of a value.
    Unknown,
    /// The event lies before the clock's start.
    DatesInverted,
    /// Fields of the record contradict each other.
    Contradictory,
    /// Identical rows under one key.
    Duplicate,
    /// A date lies outside the working-day calendar.
    OutsideCalendar,
    /// The answer needs an earlier return.
    HistoryMissing,
    /// A code that no code set knows.
    UnmappedCode,
    /// An open case, not yet due.
    NotYetDue,
    /// Beside a timeliness figure: a case still open on the period's last day, in time so far.
    OpenInTime,
    /// Beside a timeliness figure: a case still open on the period's last day whose limit has passed.
    OpenLate,
    /// An earlier return held the record, a later one could have, and does not.
    Vanished,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// A figure, or a reason.
    pub outcome: Outcome,
    /// How far chance alone may carry it.
    pub interval: Interval,
    /// What stands behind it.
    pub coverage: Coverage,
    /// Marks.
    pub flags: Flags,
    /// Counters.
    pub notes: BTreeMap<Note, u64>,
}
