//! Periods as the sector prints them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use crate::calendar::Days;

/// A stretch of days, half-open inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    kind: PeriodKind,
    first: NaiveDate,
    next: NaiveDate,
}

/// What kind of stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// A calendar month: `Apr 2010`.
    Month,
    /// A quarter of the financial year: `2010-11 Q1`.
    Quarter,
    /// 1 April to 31 March: `2010-11`.
    FinancialYear,
    /// 1 January to 31 December.
    CalendarYear,
    /// 1 September to 31 August.
    AcademicYear,
    /// The twelve months to a day.
    Rolling12Months,
    /// One day.
    Snapshot,
}

impl Period {
    /// The first day.
    pub fn first_day(&self) -> NaiveDate {
        self.first
    }

    /// The last day.
    pub fn last_day(&self) -> NaiveDate {
        self.next.pred_opt().unwrap_or(self.next)
    }

    /// Whether a day lies inside.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day < self.next
    }

    /// What kind of stretch it is.
    pub fn kind(&self) -> PeriodKind {
        self.kind
    }
}
