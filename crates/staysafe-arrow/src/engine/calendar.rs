//! Dates as numbers: working days, anniversaries and limits, by the library's own calendar.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use staysafe::calendar::{Calendar, add_months, add_years, months_between, years_between};
use staysafe::check::tree::{CheckedLimit, Function};
use staysafe::definition::indicator::{SpanUnit, Stretch};
use staysafe::result::Note;

use super::column::{day_of, number_of};
use super::standing::{KNOWN, NO, Refusal, refused, unknown, yes_no};

/// The working-day calendar, with the working days up to each day counted.
#[derive(Debug)]
pub(crate) struct Counted<'c> {
    calendar: &'c Calendar,
    first: i32,
    last: i32,
    up_to: Vec<i32>,
    moves: Mutex<BTreeMap<(Function, i64), Arc<Moves>>>,
}

/// Every day of the calendar moved by the same.
#[derive(Debug)]
pub(crate) struct Moves {
    first: i32,
    to: Vec<(i32, u8)>,
}

impl Moves {
    /// Where a day of the calendar comes to, and how that stands.
    #[inline]
    pub(crate) fn of(&self, day: i32) -> Option<(i32, u8)> {
        self.to.get(usize::try_from(day.checked_sub(self.first)?).ok()?).copied()
    }
}

impl<'c> Counted<'c> {
    pub(crate) fn new(calendar: &'c Calendar) -> Self {
        let cover = calendar.cover();
        let mut count = 0;
        let up_to = cover.first.iter_days().take_while(|day| *day <= cover.last).map(|day| {
            count += i32::from(calendar.is_working_day(day).unwrap_or(false));
            count
        });
        let up_to = up_to.collect();
        let (first, last) = (number_of(cover.first), number_of(cover.last));
        Self { calendar, first, last, up_to, moves: Mutex::default() }
    }

    #[inline]
    fn count_up_to(&self, day: i32) -> Option<i64> {
        self.up_to.get(usize::try_from(day.checked_sub(self.first)?).ok()?).copied().map(i64::from)
    }

    /// Every day of the calendar moved by the same; worked out once.
    pub(crate) fn moves(&self, function: Function, by: i64) -> Arc<Moves> {
        let mut moves = self.moves.lock().unwrap_or_else(PoisonError::into_inner);
        let made = moves.entry((function, by)).or_insert_with(|| {
            let to = (self.first..=self.last).map(|day| self.moved(function, day, by)).collect();
            Arc::new(Moves { first: self.first, to })
        });
        Arc::clone(made)
    }

    /// Working days after the start up to and including the end.
    #[inline]
    fn working_days(&self, start: i32, end: i32) -> Option<i64> {
        Some(self.count_up_to(end)? - self.count_up_to(start)?)
    }

    /// As [`working_days`](Self::working_days), of the part inside the calendar.
    fn at_least(&self, start: i32, end: i32) -> Option<i64> {
        let up_to = |day: i32| if day < self.first { Some(0) } else { self.count_up_to(day.min(self.last)) };
        Some(up_to(end)? - up_to(start)?).filter(|_| start <= end)
    }

    /// Whether `stop` lies within the limit after `start`, as a standing.
    pub(crate) fn in_time(&self, start: i32, stop: i32, limit: Stretch) -> u8 {
        let length = i64::from(limit.length);
        if limit.unit == SpanUnit::WorkingDays {
            return match self.working_days(start, stop) {
                Some(days) => yes_no(days <= length),
                None => match self.at_least(start, stop) {
                    Some(inside) if inside > length => NO,
                    _ => unknown(Note::OutsideCalendar),
                },
            };
        }
        later(start, limit).map_or(unknown(Note::OutsideCalendar), |due| yes_no(stop <= due))
    }

    /// The last day in time.
    pub(crate) fn due(&self, start: i32, limit: Stretch) -> Option<i32> {
        if limit.unit == SpanUnit::WorkingDays {
            return self.calendar.due_date(day_of(start)?, limit.length).ok().map(number_of);
        }
        later(start, limit)
    }

    /// A function of two dates: its value and how that stands.
    #[inline]
    pub(crate) fn between(&self, function: Function, start: i32, end: i32) -> (i64, u8) {
        let counts = matches!(
            function,
            Function::WorkingDays
                | Function::Days
                | Function::MonthsBetween
                | Function::YearsBetween
                | Function::AgeAt
        );
        // A date before the other is told first, whatever is asked (ruling 3).
        if end < start {
            return (0, unknown(Note::DatesInverted));
        }
        if !counts {
            return (0, refused(Refusal::ArgumentTypes));
        }
        let found = match function {
            Function::WorkingDays => self.working_days(start, end),
            Function::Days => Some(i64::from(end) - i64::from(start)),
            Function::MonthsBetween => day_of(start).zip(day_of(end)).map(|(a, b)| months_between(a, b)),
            _ => day_of(start).zip(day_of(end)).map(|(a, b)| years_between(a, b)),
        };
        found.map_or((0, unknown(Note::OutsideCalendar)), |count| (count, KNOWN))
    }

    /// A date moved: the day and how it stands.
    pub(crate) fn moved(&self, function: Function, date: i32, n: i64) -> (i32, u8) {
        let found = match function {
            Function::AddDays => {
                let moved = i64::from(date).checked_add(n).and_then(|day| i32::try_from(day).ok());
                moved.filter(|day| day_of(*day).is_some())
            }
            Function::AddMonths => day_of(date).and_then(|day| add_months(day, n)).map(number_of),
            Function::AddWorkingDays => {
                let moved = day_of(date).and_then(|day| self.calendar.add_working_days(day, n).ok());
                moved.map(number_of)
            }
            _ => return (0, refused(Refusal::ArgumentTypes)),
        };
        found.map_or((0, unknown(Note::OutsideCalendar)), |day| (day, KNOWN))
    }
}

/// The limit in force on a day.
pub(crate) fn limit_at(limit: &CheckedLimit, day: i32) -> Option<Stretch> {
    match limit.steps() {
        [(None, stretch)] => Some(*stretch),
        _ => limit.at(day_of(day)?),
    }
}

/// The last day of a stretch that begins on a day, which is day 0; not for working days.
pub(crate) fn later(start: i32, stretch: Stretch) -> Option<i32> {
    moved(start, stretch, 1)
}

/// The same stretch before a day; not for working days.
pub(crate) fn earlier(day: i32, stretch: Stretch) -> Option<i32> {
    moved(day, stretch, -1)
}

fn moved(day: i32, stretch: Stretch, direction: i64) -> Option<i32> {
    let length = i64::from(stretch.length) * direction;
    match stretch.unit {
        SpanUnit::Days => {
            let moved = i32::try_from(i64::from(day).checked_add(length)?).ok()?;
            day_of(moved).map(number_of)
        }
        SpanUnit::Months => add_months(day_of(day)?, length).map(number_of),
        SpanUnit::Years => add_years(day_of(day)?, length).map(number_of),
        SpanUnit::WorkingDays => None,
    }
}
