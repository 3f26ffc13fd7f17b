//! Periods as the sector prints them: a quarter of a financial year, a year of one of three kinds, a
//! month, the twelve months to a day, a single day.
//!
//! Inside, a period is half-open: from its first day up to, and without, the day after its last. It is
//! written and read as its [label](Period#impl-Display-for-Period), and serialised as it.

mod error;
mod label;
mod view;
mod walk;

use chrono::{Datelike, NaiveDate};

use crate::calendar::add_months;

pub use crate::calendar::Days;
pub use error::PeriodError;
pub use label::LabelError;
pub use view::{Shown, View};

/// A stretch of days of a kind that is reported on.
///
/// In order of time: by first day, then the shorter first, then by kind. Two periods of different kinds
/// are never equal, even where they hold the same days: a financial year is not the twelve months to
/// 31 March.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    // The order of these fields is the order of periods.
    first: NaiveDate,
    next: NaiveDate,
    kind: PeriodKind,
}

/// What kind of stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// A calendar month: `Apr 2010`.
    Month,
    /// A quarter of the financial year: `2010-11 Q1`.
    Quarter,
    /// 1 April to 31 March: `2010-11`.
    FinancialYear,
    /// 1 January to 31 December: `2010`.
    CalendarYear,
    /// 1 September to 31 August: `2010/11 academic`.
    AcademicYear,
    /// The twelve months to a day: `12 months to 30 Jun 2010`.
    #[serde(rename = "rolling-12-months")]
    Rolling12Months,
    /// One day: `31 Mar 2010`.
    Snapshot,
}

impl Period {
    /// A calendar month.
    ///
    /// # Errors
    /// A month other than 1 to 12, or a year without a label.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// assert_eq!(Period::month(2010, 4).unwrap().to_string(), "Apr 2010");
    /// assert!(Period::month(2010, 13).is_err());
    /// ```
    pub fn month(year: i32, month: u32) -> Result<Self, PeriodError> {
        if !(1..=12).contains(&month) {
            return Err(PeriodError::Month(month));
        }
        Self::of(PeriodKind::Month, first_of(year, month)?)
    }

    /// A quarter of the financial year that begins in April of `first_year`: 1 is April to June, 4 is
    /// January to March of the year after.
    ///
    /// # Errors
    /// A quarter other than 1 to 4, or a year without a label.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// let q4 = Period::quarter(2010, 4).unwrap();
    /// assert_eq!(q4.to_string(), "2010-11 Q4");
    /// assert_eq!(q4.last_day().to_string(), "2011-03-31");
    /// assert!(Period::quarter(2010, 0).is_err());
    /// ```
    pub fn quarter(first_year: i32, quarter: u32) -> Result<Self, PeriodError> {
        if !(1..=4).contains(&quarter) {
            return Err(PeriodError::Quarter(quarter));
        }
        let day = add_months(first_of(first_year, 4)?, i64::from(quarter - 1) * 3);
        Self::of(PeriodKind::Quarter, day.ok_or(PeriodError::Years)?)
    }

    /// 1 April of `first_year` to 31 March of the next.
    ///
    /// # Errors
    /// A year without a label.
    pub fn financial_year(first_year: i32) -> Result<Self, PeriodError> {
        Self::of(PeriodKind::FinancialYear, first_of(first_year, 4)?)
    }

    /// 1 January to 31 December.
    ///
    /// # Errors
    /// A year without a label.
    pub fn calendar_year(year: i32) -> Result<Self, PeriodError> {
        Self::of(PeriodKind::CalendarYear, first_of(year, 1)?)
    }

    /// 1 September of `first_year` to 31 August of the next.
    ///
    /// # Errors
    /// A year without a label.
    pub fn academic_year(first_year: i32) -> Result<Self, PeriodError> {
        Self::of(PeriodKind::AcademicYear, first_of(first_year, 9)?)
    }

    /// The twelve months that end on a day. A day is inside when its anniversary lies after `last`: the
    /// twelve months to 28 February 2013 begin on 1 March 2012.
    ///
    /// # Errors
    /// A year without a label.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::period::Period;
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    /// let window = Period::rolling_12_months_to(day(2010, 6, 30)).unwrap();
    /// assert_eq!(window.first_day(), day(2009, 7, 1));
    /// assert_eq!(window.to_string(), "12 months to 30 Jun 2010");
    /// ```
    pub fn rolling_12_months_to(last: NaiveDate) -> Result<Self, PeriodError> {
        Self::of(PeriodKind::Rolling12Months, last)
    }

    /// One day.
    ///
    /// # Errors
    /// A year without a label.
    pub fn snapshot(day: NaiveDate) -> Result<Self, PeriodError> {
        Self::of(PeriodKind::Snapshot, day)
    }

    /// The period of a kind that holds a day; of the rolling ones, the one that ends on it.
    ///
    /// # Errors
    /// A year without a label.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::period::{Period, PeriodKind};
    /// let day = NaiveDate::from_ymd_opt(2011, 1, 15).unwrap();
    /// assert_eq!(Period::of(PeriodKind::Quarter, day), Period::quarter(2010, 4));
    /// assert_eq!(Period::of(PeriodKind::AcademicYear, day), Period::academic_year(2010));
    /// ```
    pub fn of(kind: PeriodKind, day: NaiveDate) -> Result<Self, PeriodError> {
        // Within these years no step below can fail; the bounds of the period itself are checked after.
        if !has_label(day) {
            return Err(PeriodError::Years);
        }
        let (first, next) = match kind.months() {
            Some((start, length)) => {
                let into = (i64::from(day.month()) - start).rem_euclid(length);
                let first = first_of(day.year(), day.month()).ok().and_then(|first| add_months(first, -into));
                (first, first.and_then(|first| add_months(first, length)))
            }
            None if kind == PeriodKind::Snapshot => (Some(day), day.succ_opt()),
            None => (day.succ_opt().and_then(year_before), day.succ_opt()),
        };
        let (first, next) = first.zip(next).ok_or(PeriodError::Years)?;
        let period = Self { first, next, kind };
        if has_label(first) && has_label(period.last_day()) { Ok(period) } else { Err(PeriodError::Years) }
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        self.next.pred_opt().unwrap_or(self.next)
    }

    /// Its days, first and last included.
    pub fn days(self) -> Days {
        Days { first: self.first, last: self.last_day() }
    }

    /// What kind of stretch it is.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Whether a day lies inside.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day < self.next
    }

    /// Whether all days of another period lie inside.
    pub fn contains_period(self, other: Self) -> bool {
        self.first <= other.first && other.next <= self.next
    }

    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.first < other.next && other.first < self.next
    }
}

impl PeriodKind {
    /// The month in which a kind with fixed places in the year begins, and its length in months.
    fn months(self) -> Option<(i64, i64)> {
        match self {
            Self::Month => Some((1, 1)),
            Self::Quarter => Some((4, 3)),
            Self::FinancialYear => Some((4, 12)),
            Self::CalendarYear => Some((1, 12)),
            Self::AcademicYear => Some((9, 12)),
            Self::Rolling12Months | Self::Snapshot => None,
        }
    }
}

impl std::fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::FinancialYear => "financial year",
            Self::CalendarYear => "calendar year",
            Self::AcademicYear => "academic year",
            Self::Rolling12Months => "rolling 12 month",
            Self::Snapshot => "snapshot",
        })
    }
}

/// The first day whose anniversary is `next` or later.
fn year_before(next: NaiveDate) -> Option<NaiveDate> {
    let first = add_months(next, -12)?;
    // Only 29 February has an anniversary that was clamped: its year begins a day later.
    if add_months(first, 12)? < next { first.succ_opt() } else { Some(first) }
}

fn first_of(year: i32, month: u32) -> Result<NaiveDate, PeriodError> {
    NaiveDate::from_ymd_opt(year, month, 1).ok_or(PeriodError::Years)
}

fn has_label(day: NaiveDate) -> bool {
    (1000..=9999).contains(&day.year())
}

#[cfg(test)]
mod tests;
