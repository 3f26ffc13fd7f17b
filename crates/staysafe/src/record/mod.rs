//! Plain records: what a reader hands to `calculate`.
//!
//! A [`Return`] is what one authority sent for one reference date: tables of rows, each with the span
//! of dates it can speak for. A table that a return does not carry is absent from it; a table that is
//! there and empty is a statement.

mod counted;
mod expected;
mod fingerprint;
mod profile;
mod submission;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::value::Datum;

pub use crate::period::Days;
#[cfg(test)]
pub(crate) use counted::tests::register as counted_register;
pub use counted::{CountFault, PARTNER_COUNT, PartnerCount, PartnerCounts, ToldCount};
pub use expected::{EXPECTED_RETURN, ExpectedFault, ExpectedReturn, ExpectedReturns, Standing};
pub use fingerprint::{Entry, Fingerprint, fingerprint, fingerprint_of, fingerprints};
pub use profile::{FieldProfile, Lost, Module, Profile, Reject};
pub use submission::{Status, Submission};

/// What span of dates a table can speak for; `None` on a side means that the table has no limit there.
///
/// Source: ruling 5 (a CIN census speaks for 1 April of the year before the reference year to the
/// reference date).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Events.
    pub events: Option<Days>,
    /// Starts of intervals.
    pub starts: Option<Days>,
    /// Ends of intervals.
    pub ends: Option<Days>,
    /// Stocks on a day.
    pub stocks: Option<Days>,
}

/// One record: values in the order of the dataset's fields, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Values, in the order of [`Table::fields`].
    pub values: Vec<Datum>,
    /// Position in the source, counted from 1: the child in a census, the line in a CSV.
    pub origin: u32,
}

/// The rows of one dataset in one return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Names of the fields, in the order of each row's values.
    pub fields: Vec<Arc<str>>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What span of dates it can speak for.
    pub cover: Cover,
}

impl Table {
    /// Whether two tables hold the same rows in the same order for the same days, wherever in its file each row stands.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        self.fields == other.fields
            && self.cover == other.cover
            && self.rows.len() == other.rows.len()
            && self.rows.iter().zip(&other.rows).all(|(own, theirs)| own.values == theirs.values)
    }
}

/// What one authority sent for one reference date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// What the caller calls it: usually the file's name.
    pub name: String,
    /// Which return it is, as datasets name it: `cin-census`.
    pub kind: String,
    /// The returning authority's area code, from the file's header or given by the caller.
    pub area: String,
    /// The day the return speaks of, where it has one.
    pub reference_date: Option<NaiveDate>,
    /// The serial number the sender gave it: of two returns of one date the greater is the later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// When the sender made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<NaiveDateTime>,
    /// Who handed it in, and as what.
    #[serde(default)]
    pub submission: Submission,
    /// Whether the file was cut off: what follows is missing, and every figure from it is *partly reported*.
    #[serde(default)]
    pub truncated: bool,
    /// Tables by dataset id. A dataset that is not here was not carried.
    pub tables: BTreeMap<String, Table>,
}

/// All returns of a calculation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// The returns, in the order given.
    pub returns: Vec<Return>,
}

impl Cover {
    /// No limit on any side: hand-made records and register extracts.
    pub const UNLIMITED: Self = Self { events: None, starts: None, ends: None, stocks: None };

    /// No day on any side, because the return does not say of which year it is.
    ///
    /// Source: ruling 18 (without a year the looked-after return is *not reported: return year unknown*).
    ///
    /// # Example
    /// ```
    /// use staysafe::record::Cover;
    /// assert!(Cover::YEAR_UNKNOWN.is_year_unknown());
    /// assert!(!Cover::UNLIMITED.is_year_unknown());
    /// ```
    pub const YEAR_UNKNOWN: Self = Self {
        events: Some(Self::NO_DAY),
        starts: Some(Self::NO_DAY),
        ends: Some(Self::NO_DAY),
        stocks: Some(Self::NO_DAY),
    };

    /// Days that end before they begin: no day lies in them.
    const NO_DAY: Days = Days {
        first: match NaiveDate::from_ymd_opt(9999, 12, 31) {
            Some(day) => day,
            None => NaiveDate::MAX,
        },
        last: match NaiveDate::from_ymd_opt(1, 1, 1) {
            Some(day) => day,
            None => NaiveDate::MIN,
        },
    };

    /// Whether this is the cover of a return that does not say of which year it is.
    pub fn is_year_unknown(&self) -> bool {
        *self == Self::YEAR_UNKNOWN
    }

    /// The same days for events, starts, ends and stocks.
    pub fn all(days: Days) -> Self {
        Self { events: Some(days), starts: Some(days), ends: Some(days), stocks: Some(days) }
    }
}
