//! Days and working days, written here from a list of closed days so that nothing is shared with the
//! library whose figures are compared.

use std::collections::BTreeSet;
use std::fmt;

/// The first census year that can be made: cases begin up to five years before.
pub const FIRST_YEAR: i32 = 2019;
/// The first year of which registers alone can be made.
pub const FIRST_YEAR_OF_REGISTERS: i32 = 2009;
/// The last census year that can be made.
pub const LAST_YEAR: i32 = 2030;

/// A day, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(i32);

impl Day {
    pub(crate) fn new(year: i32, month: i32, day: i32) -> Self {
        // Years are counted from March, so that the leap day is the last of its year.
        let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
        let days_of_years = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        Self(days_of_years + (153 * month + 2) / 5 + day - 1 - 719_468)
    }

    /// Year, month and day of the month.
    pub(crate) fn parts(self) -> (i32, i32, i32) {
        // A year that is near enough and not too late, corrected by looking.
        let mut year = 1970 + self.0.div_euclid(366).min(self.0.div_euclid(365));
        while Self::new(year + 1, 1, 1) <= self {
            year += 1;
        }
        let mut month = 1;
        while month < 12 && Self::new(year, month + 1, 1) <= self {
            month += 1;
        }
        (year, month, self.0 - Self::new(year, month, 1).0 + 1)
    }

    pub(crate) fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Days from the other day to this one.
    pub(crate) fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    /// 0 is Monday, 6 is Sunday.
    pub(crate) fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7)
    }

    /// The same day so many months on, or the last day of that month where it has no such day.
    pub(crate) fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.parts();
        let months = year * 12 + month - 1 + months;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let next = if month == 12 { Self::new(year + 1, 1, 1) } else { Self::new(year, month + 1, 1) };
        Self::new(year, month, day).min(next.plus(-1))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Which days are worked.
#[derive(Debug)]
pub(crate) struct Calendar {
    closed: BTreeSet<Day>,
}

impl Calendar {
    pub(crate) fn new() -> Self {
        let days = |(year, days): &(i32, &[(i32, i32)])| -> Vec<Day> {
            days.iter().map(|(month, day)| Day::new(*year, *month, *day)).collect()
        };
        Self { closed: CLOSED.iter().flat_map(days).collect() }
    }

    pub(crate) fn is_working(&self, day: Day) -> bool {
        day.weekday() < 5 && !self.closed.contains(&day)
    }

    /// The n-th working day after a day; the day itself for 0.
    pub(crate) fn working_day(&self, after: Day, n: i32) -> Day {
        let mut day = after;
        for _ in 0..n {
            day = day.plus(1);
            while !self.is_working(day) {
                day = day.plus(1);
            }
        }
        day
    }

    /// The n-th working day before a day.
    pub(crate) fn working_day_before(&self, day: Day, n: i32) -> Day {
        let mut day = day;
        for _ in 0..n {
            day = day.plus(-1);
            while !self.is_working(day) {
                day = day.plus(-1);
            }
        }
        day
    }

    /// The bank holidays from one day to another.
    pub(crate) fn closed_between(&self, first: Day, last: Day) -> impl Iterator<Item = Day> {
        self.closed.range(first..=last).copied()
    }
}

/// Bank holidays of England and Wales, by month and day.
///
/// Source: gov.uk/bank-holidays to 2027; 2028 to 2030 by the rules of the Banking and Financial Dealings Act.
const CLOSED: [(i32, &[(i32, i32)]); 24] = [
    (2007, &[(1, 1), (4, 6), (4, 9), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)]),
    (2008, &[(1, 1), (3, 21), (3, 24), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
    (2009, &[(1, 1), (4, 10), (4, 13), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
    (2010, &[(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
    (2011, &[(1, 3), (4, 22), (4, 25), (4, 29), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)]),
    (2012, &[(1, 2), (4, 6), (4, 9), (5, 7), (6, 4), (6, 5), (8, 27), (12, 25), (12, 26)]),
    (2013, &[(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
    (2014, &[(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
    (2015, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
    (2016, &[(1, 1), (3, 25), (3, 28), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)]),
    (2017, &[(1, 2), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    (2018, &[(1, 1), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)]),
    (2019, &[(1, 1), (4, 19), (4, 22), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
    (2020, &[(1, 1), (4, 10), (4, 13), (5, 8), (5, 25), (8, 31), (12, 25), (12, 28)]),
    (2021, &[(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
    (2022, &[(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)]),
    (2023, &[(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
    (2024, &[(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
    (2025, &[(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
    (2026, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
    (2027, &[(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
    (2028, &[(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    (2029, &[(1, 1), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)]),
    (2030, &[(1, 1), (4, 19), (4, 22), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_print_as_they_were_made() {
        for (year, month, day, text) in [
            (1970, 1, 1, "1970-01-01"),
            (2000, 2, 29, "2000-02-29"),
            (2024, 12, 31, "2024-12-31"),
            (1966, 3, 1, "1966-03-01"),
        ] {
            assert_eq!(Day::new(year, month, day).to_string(), text);
        }
        assert_eq!(Day::new(2026, 11, 23).weekday(), 0, "a Monday");
        let start = Day::new(1910, 1, 1);
        for days in 0..50_000 {
            let (year, month, day) = start.plus(days).parts();
            assert_eq!(Day::new(year, month, day), start.plus(days));
        }
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(Day::new(2008, 2, 29).plus_months(24), Day::new(2010, 2, 28));
        assert_eq!(Day::new(2024, 1, 31).plus_months(1), Day::new(2024, 2, 29));
        assert_eq!(Day::new(2024, 3, 31).plus_months(-1), Day::new(2024, 2, 29));
    }

    #[test]
    fn working_days_step_over_weekends_and_bank_holidays() {
        let calendar = Calendar::new();
        assert_eq!(calendar.working_day(Day::new(2024, 3, 28), 1), Day::new(2024, 4, 2), "over Easter");
        assert_eq!(calendar.working_day(Day::new(2024, 12, 24), 3), Day::new(2024, 12, 31), "over Christmas");
        assert_eq!(calendar.working_day(Day::new(2024, 6, 1), 1), Day::new(2024, 6, 3), "from a Saturday");
    }
}
