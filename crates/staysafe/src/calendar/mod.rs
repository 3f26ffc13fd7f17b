//! Working days, bank holidays, and anniversaries.
//!
//! The rule of the whole library: working days run from Monday to Friday without the bank holidays of
//! England and Wales, they are counted after the start up to and including the end, and the start is
//! day 0. A calendar knows which days it covers and refuses every other one.

mod days;
mod england_and_wales;
mod error;
mod months;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

pub use days::Days;
pub use error::{BadHolidays, OutsideCalendar};
pub use months::{add_months, add_years, age_at, months_between, years_between};

/// A working-day calendar: which days are worked, over the whole years it covers.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar {
    cover: Days,
    holidays: BTreeMap<NaiveDate, Arc<str>>,
    by_rule: BTreeSet<i32>,
    /// Working days from the first day of the cover up to and including day i of it.
    up_to: Vec<i64>,
    /// Every working day, in order.
    working: Vec<NaiveDate>,
    version: String,
}

impl Calendar {
    /// The calendar of England and Wales, 1 January 2005 to 31 December 2030.
    ///
    /// From 2028 on no proclamation has been made: the days follow [by rule](Self::by_rule).
    ///
    /// Source: <https://www.gov.uk/bank-holidays>; Banking and Financial Dealings Act 1971, schedule 1.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::calendar::Calendar;
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    /// let calendar = Calendar::england_and_wales();
    /// assert_eq!(calendar.holiday(day(2011, 8, 29)), Some("Summer bank holiday"));
    /// // The 15th working day after a Friday before the state funeral is a Monday.
    /// assert_eq!(calendar.due_date(day(2022, 9, 9), 15), Ok(day(2022, 10, 3)));
    /// // What it does not cover it refuses.
    /// assert!(calendar.due_date(day(1999, 12, 31), 15).is_err());
    /// ```
    pub fn england_and_wales() -> Self {
        let years = england_and_wales::YEARS;
        let holidays = years
            .iter()
            .flat_map(|(year, days)| days.iter().map(|(month, day, name)| (*year, *month, *day, *name)))
            .filter_map(|(year, month, day, name)| {
                Some((NaiveDate::from_ymd_opt(year, month, day)?, Arc::from(name)))
            })
            .collect();
        let by_rule =
            years.iter().map(|(year, _)| *year).filter(|y| *y >= england_and_wales::FIRST_YEAR_BY_RULE);
        let first = years.first().map_or(NaiveDate::MIN, |(year, _)| first_day(*year));
        let last = years.last().map_or(NaiveDate::MIN, |(year, _)| last_day(*year));
        Self::build(Days { first, last }, holidays, by_rule.collect())
    }

    /// The same calendar with the bank holidays of one year as given, in place of what it held for that
    /// year. The year may be one that the calendar covers (a day was proclaimed or moved) or the one
    /// just before or after its cover, which then grows. The year is no longer by rule.
    ///
    /// # Errors
    /// [`BadHolidays`] when the year would leave a gap, the list is empty, or a date is of another year
    /// or stands twice.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::calendar::Calendar;
    /// let day = |m, d| NaiveDate::from_ymd_opt(2031, m, d).unwrap();
    /// let calendar = Calendar::england_and_wales();
    /// let list = [(day(1, 1), "New Year's Day"), (day(4, 11), "Good Friday")];
    /// let longer = calendar.with_holidays(2031, list).unwrap();
    /// assert_eq!(longer.cover().last, day(12, 31));
    /// assert_ne!(longer.version(), calendar.version());
    /// assert!(calendar.with_holidays(2031, [(day(1, 1), "once"), (day(1, 1), "twice")]).is_err());
    /// ```
    pub fn with_holidays<'a>(
        &self,
        year: i32,
        holidays: impl IntoIterator<Item = (NaiveDate, &'a str)>,
    ) -> Result<Self, BadHolidays> {
        let (from, to) = (self.cover.first.year(), self.cover.last.year());
        if year < from.saturating_sub(1) || year > to.saturating_add(1) || first_day(year).year() != year {
            return Err(BadHolidays::Gap { year, cover: self.cover });
        }
        let mut held = self.holidays.clone();
        held.retain(|date, _| date.year() != year);
        let before = held.len();
        for (date, name) in holidays {
            if date.year() != year {
                return Err(BadHolidays::OtherYear { date, year });
            }
            if held.insert(date, Arc::from(name)).is_some() {
                return Err(BadHolidays::Twice { date });
            }
        }
        if held.len() == before {
            return Err(BadHolidays::Empty { year });
        }
        let mut by_rule = self.by_rule.clone();
        by_rule.remove(&year);
        let cover =
            Days { first: self.cover.first.min(first_day(year)), last: self.cover.last.max(last_day(year)) };
        Ok(Self::build(cover, held, by_rule))
    }

    fn build(cover: Days, holidays: BTreeMap<NaiveDate, Arc<str>>, by_rule: BTreeSet<i32>) -> Self {
        let mut up_to = Vec::new();
        let mut working = Vec::new();
        let mut count = 0;
        for day in cover.first.iter_days().take_while(|day| *day <= cover.last) {
            if is_weekday(day) && !holidays.contains_key(&day) {
                count += 1;
                working.push(day);
            }
            up_to.push(count);
        }
        let version = version(cover, &holidays);
        Self { cover, holidays, by_rule, up_to, working, version }
    }

    /// The days that the calendar can speak for.
    pub fn cover(&self) -> Days {
        self.cover
    }

    /// Whether the bank holidays of a year follow from the rule alone, because none had been proclaimed
    /// for it when the table was written. A figure that leans on such a year may still change.
    pub fn by_rule(&self, year: i32) -> bool {
        self.by_rule.contains(&year)
    }

    /// What the calendar says, as a short text: its cover and a hash of the weekdays that are not
    /// worked. Two calendars have the same version exactly when they count the same.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The name of the bank holiday on a day; `None` when it is none, and for days outside the cover.
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        self.holidays.get(&date).map(AsRef::as_ref)
    }

    /// The bank holidays of a span of days, in order: what explains a count of working days.
    pub fn holidays(&self, days: Days) -> impl Iterator<Item = (NaiveDate, &str)> {
        self.holidays
            .iter()
            .filter(move |(date, _)| days.contains(**date))
            .map(|(date, name)| (*date, name.as_ref()))
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// [`OutsideCalendar`] for a day outside the cover.
    pub fn is_working_day(&self, date: NaiveDate) -> Result<bool, OutsideCalendar> {
        self.index(date)?;
        Ok(is_weekday(date) && !self.holidays.contains_key(&date))
    }

    /// Working days after `start` up to and including `end`: the start is day 0, and the first working
    /// day after it is day 1. Either may be a day that is not worked.
    ///
    /// When `end` is before `start` the answer is what it is the other way round, negated, so that
    /// counts add up in any order: from a to b and from b to c is from a to c.
    ///
    /// # Errors
    /// [`OutsideCalendar`] when either date lies outside the cover.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::calendar::Calendar;
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    /// let calendar = Calendar::england_and_wales();
    /// // Over Good Friday 2 and Easter Monday 5 April 2010.
    /// assert_eq!(calendar.working_days(day(2010, 3, 26), day(2010, 4, 8)), Ok(7));
    /// assert_eq!(calendar.working_days(day(2010, 4, 8), day(2010, 3, 26)), Ok(-7));
    /// let refused = calendar.working_days(day(2030, 12, 20), day(2031, 1, 20)).unwrap_err();
    /// assert!(refused.to_string().starts_with("2031-01-20 lies outside"));
    /// ```
    pub fn working_days(&self, start: NaiveDate, end: NaiveDate) -> Result<i64, OutsideCalendar> {
        Ok(self.count_up_to(end)? - self.count_up_to(start)?)
    }

    /// As [`working_days`](Self::working_days), of the part that lies inside the cover: at least so many
    /// have passed between the two dates, wherever they lie. `None` when `end` is before `start`.
    ///
    /// This is what settles a record with a date outside the cover: when the part inside is already over
    /// the limit the record is late, else nobody can say.
    pub fn at_least(&self, start: NaiveDate, end: NaiveDate) -> Option<i64> {
        if end < start {
            return None;
        }
        // The day before the cover counts as day 0 of it.
        let upto = |date: NaiveDate| {
            if date < self.cover.first { Ok(0) } else { self.count_up_to(date.min(self.cover.last)) }
        };
        upto(end).ok().zip(upto(start).ok()).map(|(end, start)| end - start)
    }

    /// The `n`-th working day after `date`; with a negative `n`, the `n`-th before it. The date itself is
    /// day 0 whether it is worked or not, and what 0 gives.
    ///
    /// Hence `working_days(date, add_working_days(date, n)) == n` for every n from 0 up, and for a
    /// negative n wherever `date` is a working day.
    ///
    /// # Errors
    /// [`OutsideCalendar`] when the date or the answer lies outside the cover.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use staysafe::calendar::Calendar;
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    /// let calendar = Calendar::england_and_wales();
    /// // Two working days' notice of a conference on the Tuesday after Easter.
    /// assert_eq!(calendar.add_working_days(day(2010, 4, 6), -2), Ok(day(2010, 3, 31)));
    /// assert!(calendar.add_working_days(day(2030, 12, 31), 1).is_err());
    /// ```
    pub fn add_working_days(&self, date: NaiveDate, n: i64) -> Result<NaiveDate, OutsideCalendar> {
        let passed = self.count_up_to(date)?;
        if n == 0 {
            return Ok(date);
        }
        let before = if n < 0 && self.is_working_day(date)? { passed - 1 } else { passed };
        // Working days are numbered from 0: the next one after `date` has the number `passed`.
        let number = if n > 0 { before.checked_add(n - 1) } else { before.checked_add(n) };
        number
            .and_then(|number| usize::try_from(number).ok())
            .and_then(|number| self.working.get(number).copied())
            .ok_or(OutsideCalendar::Reach { date, working_days: n, cover: self.cover })
    }

    /// The last day on which something with a limit of `working_days` is in time: the `working_days`-th
    /// working day after `start`.
    ///
    /// # Errors
    /// [`OutsideCalendar`] when the start or the due date lies outside the cover.
    pub fn due_date(&self, start: NaiveDate, working_days: u32) -> Result<NaiveDate, OutsideCalendar> {
        self.add_working_days(start, working_days.into())
    }

    fn count_up_to(&self, date: NaiveDate) -> Result<i64, OutsideCalendar> {
        let outside = OutsideCalendar::Date { date, cover: self.cover };
        self.up_to.get(self.index(date)?).copied().ok_or(outside)
    }

    /// The place of a day in the cover.
    fn index(&self, date: NaiveDate) -> Result<usize, OutsideCalendar> {
        usize::try_from(date.signed_duration_since(self.cover.first).num_days())
            .ok()
            .filter(|index| *index < self.up_to.len())
            .ok_or(OutsideCalendar::Date { date, cover: self.cover })
    }
}

impl std::fmt::Debug for Calendar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calendar").field("version", &self.version).finish_non_exhaustive()
    }
}

fn is_weekday(date: NaiveDate) -> bool {
    date.weekday().number_from_monday() <= 5
}

/// 1 January, or the nearest day that a date can hold.
fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// 31 December, or the nearest day that a date can hold.
fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MIN)
}

fn version(cover: Days, holidays: &BTreeMap<NaiveDate, Arc<str>>) -> String {
    let mut canonical = cover.to_string();
    for date in holidays.keys().filter(|date| is_weekday(**date)) {
        // Writing to a string cannot fail.
        let _ = write!(canonical, "\n{date}");
    }
    let hash = Sha256::digest(canonical.as_bytes());
    let mut version = format!("{} to {} ", cover.first.year(), cover.last.year());
    for byte in hash.iter().take(8) {
        let _ = write!(version, "{byte:02x}");
    }
    version
}

#[cfg(test)]
mod tests;
