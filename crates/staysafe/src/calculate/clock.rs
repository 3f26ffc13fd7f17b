//! A clock on one case: when it falls due, and how it stands on a day.

use chrono::NaiveDate;
use serde::Serialize;

use super::reference::evaluate::{Evaluated, in_time};
use super::reference::scalar;
use crate::calendar::{Calendar, OutsideCalendar};
use crate::definition::indicator::{SpanUnit, Stretch};
use crate::value::Value;

/// How a case stands against its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It stopped within the limit.
    MetInTime,
    /// It stopped after the limit.
    MetLate,
    /// It is open, and it falls due on this very day or later, with at least one day gone.
    OnTimeSoFar,
    /// It is open, and the limit has passed.
    AlreadyLate,
    /// It has not started to run: the day asked about is its start or before.
    NotYetDue,
    /// Its dates are the other way round, so nobody can say (ruling 3).
    CannotBeJudged,
}

/// A case against its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The last day in time.
    pub due: NaiveDate,
    /// The day the clock had reached when it stopped, or on the day asked about: working days for a limit
    /// in working days, days otherwise. The start is day 0.
    pub day_reached: i64,
    /// How it stands.
    pub standing: Standing,
}

/// Reads a clock on one case.
///
/// The start is day 0; an open case has no `stop` and is read on `as_of`.
///
/// # Errors
/// A date outside the working-day calendar, or a due date outside it.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calculate::clock::{Standing, read};
/// use staysafe::calendar::Calendar;
/// use staysafe::definition::indicator::{SpanUnit, Stretch};
///
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// let limit = Stretch { length: 15, unit: SpanUnit::WorkingDays };
/// // Started on Friday 9 September 2022; Monday 19 September was the state funeral.
/// let reading = read(&Calendar::england_and_wales(), limit, day(2022, 9, 9), None, day(2022, 10, 4)).unwrap();
/// assert_eq!(reading.due, day(2022, 10, 3));
/// assert_eq!(reading.standing, Standing::AlreadyLate);
/// ```
pub fn read(
    calendar: &Calendar,
    limit: Stretch,
    start: NaiveDate,
    stop: Option<NaiveDate>,
    as_of: NaiveDate,
) -> Result<Reading, OutsideCalendar> {
    let due = match limit.unit {
        SpanUnit::WorkingDays => calendar.due_date(start, limit.length)?,
        _ => scalar::later(start, limit).unwrap_or(NaiveDate::MAX),
    };
    let reached = stop.unwrap_or(as_of);
    let day_reached = match limit.unit {
        SpanUnit::WorkingDays => calendar.working_days(start, reached)?,
        _ => (reached - start).num_days(),
    };
    let late = in_time(calendar, start, reached.max(start), limit) == Evaluated::Known(Value::Bool(false));
    let standing = match stop {
        Some(stop) if stop < start => Standing::CannotBeJudged,
        Some(_) if late => Standing::MetLate,
        Some(_) => Standing::MetInTime,
        None if late => Standing::AlreadyLate,
        None if as_of <= start => Standing::NotYetDue,
        None => Standing::OnTimeSoFar,
    };
    Ok(Reading { due, day_reached, standing })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(stop: Option<&str>, as_of: &str) -> Standing {
        let limit = Stretch { length: 15, unit: SpanUnit::WorkingDays };
        let stop = stop.map(day);
        read(&Calendar::england_and_wales(), limit, day("2011-04-18"), stop, day(as_of)).unwrap().standing
    }

    #[test]
    fn a_case_stands_in_one_of_six_ways() {
        // Due Friday 13 May 2011: 22, 25 and 29 April and 2 May are bank holidays.
        assert_eq!(standing(Some("2011-05-13"), "2011-06-01"), Standing::MetInTime, "on the last day");
        assert_eq!(standing(Some("2011-05-16"), "2011-06-01"), Standing::MetLate, "the next working day");
        assert_eq!(standing(None, "2011-05-13"), Standing::OnTimeSoFar, "open on the last day");
        assert_eq!(standing(None, "2011-05-16"), Standing::AlreadyLate, "open after it");
        assert_eq!(standing(None, "2011-04-18"), Standing::NotYetDue, "on day 0");
        assert_eq!(
            standing(Some("2011-04-15"), "2011-06-01"),
            Standing::CannotBeJudged,
            "stopped before it began"
        );
    }
}
