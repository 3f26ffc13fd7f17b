//! What a calendar refuses, and how to mend it.

use chrono::{Datelike, NaiveDate};

use super::Days;

/// A date, or a count of working days that starts at it, lies outside the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutsideCalendar {
    /// The date itself does.
    #[error("{date} lies outside the working-day calendar, which covers {cover}; check the date, or extend the calendar with the bank holidays of {}", .date.year())]
    Date {
        /// The date.
        date: NaiveDate,
        /// What the calendar covers.
        cover: Days,
    },
    /// The date is inside, but so many working days from it are not.
    #[error(
        "{working_days} working days from {date} lies outside the working-day calendar, which covers {cover}; extend it with the bank holidays of the years needed"
    )]
    Reach {
        /// Where the count starts.
        date: NaiveDate,
        /// How many working days were asked for.
        working_days: i64,
        /// What the calendar covers.
        cover: Days,
    },
}

/// A year of bank holidays that cannot be put into a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHolidays {
    /// The year would leave a gap.
    #[error(
        "the bank holidays of {year} would leave a gap in a calendar that covers {cover}: give the years between as well, nearest first"
    )]
    Gap {
        /// The year given.
        year: i32,
        /// What the calendar covers.
        cover: Days,
    },
    /// A date belongs to another year.
    #[error("{date} stands among the bank holidays of {year}: each year is given by itself")]
    OtherYear {
        /// The date.
        date: NaiveDate,
        /// The year given.
        year: i32,
    },
    /// A date stands twice.
    #[error("{date} stands twice among the bank holidays of its year: leave one out")]
    Twice {
        /// The date.
        date: NaiveDate,
    },
    /// No date was given at all.
    #[error("no bank holidays were given for {year}: every year has some, so the list is lost or empty")]
    Empty {
        /// The year given.
        year: i32,
    },
}
