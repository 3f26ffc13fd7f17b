//! The bank holidays of England and Wales, as a table.
//!
//! Source: the list on <https://www.gov.uk/bank-holidays> and the royal proclamations behind it; the
//! rule is that of the Banking and Financial Dealings Act 1971 (schedule 1, and section 1(3) for days
//! moved or added by proclamation). The dates of 2022 to 2027 were compared, day by day, with the
//! list that the sector's open validators took from that page. No proclamation had been made for 2028 and later
//! when the table was written: those years hold what the rule gives, and are marked so.

const NEW_YEAR: &str = "New Year's Day";
const NEW_YEAR_MOVED: &str = "New Year's Day (substitute day)";
const GOOD_FRIDAY: &str = "Good Friday";
const EASTER_MONDAY: &str = "Easter Monday";
const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";
const SUMMER: &str = "Summer bank holiday";
const CHRISTMAS: &str = "Christmas Day";
const CHRISTMAS_MOVED: &str = "Christmas Day (substitute day)";
const BOXING: &str = "Boxing Day";
const BOXING_MOVED: &str = "Boxing Day (substitute day)";

/// The first year whose days follow from the rule alone.
pub(super) const FIRST_YEAR_BY_RULE: i32 = 2028;

/// A year and its bank holidays that fall on weekdays: month, day, name.
type Year = (i32, &'static [(u32, u32, &'static str)]);

/// Year by year without a gap.
#[rustfmt::skip]
pub(super) const YEARS: &[Year] = &[
    (2005, &[(1, 3, NEW_YEAR_MOVED), (3, 25, GOOD_FRIDAY), (3, 28, EASTER_MONDAY), (5, 2, EARLY_MAY), (5, 30, SPRING), (8, 29, SUMMER), (12, 26, BOXING), (12, 27, CHRISTMAS_MOVED)]),
    (2006, &[(1, 2, NEW_YEAR_MOVED), (4, 14, GOOD_FRIDAY), (4, 17, EASTER_MONDAY), (5, 1, EARLY_MAY), (5, 29, SPRING), (8, 28, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2007, &[(1, 1, NEW_YEAR), (4, 6, GOOD_FRIDAY), (4, 9, EASTER_MONDAY), (5, 7, EARLY_MAY), (5, 28, SPRING), (8, 27, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2008, &[(1, 1, NEW_YEAR), (3, 21, GOOD_FRIDAY), (3, 24, EASTER_MONDAY), (5, 5, EARLY_MAY), (5, 26, SPRING), (8, 25, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2009, &[(1, 1, NEW_YEAR), (4, 10, GOOD_FRIDAY), (4, 13, EASTER_MONDAY), (5, 4, EARLY_MAY), (5, 25, SPRING), (8, 31, SUMMER), (12, 25, CHRISTMAS), (12, 28, BOXING_MOVED)]),
    (2010, &[(1, 1, NEW_YEAR), (4, 2, GOOD_FRIDAY), (4, 5, EASTER_MONDAY), (5, 3, EARLY_MAY), (5, 31, SPRING), (8, 30, SUMMER), (12, 27, CHRISTMAS_MOVED), (12, 28, BOXING_MOVED)]),
    (2011, &[(1, 3, NEW_YEAR_MOVED), (4, 22, GOOD_FRIDAY), (4, 25, EASTER_MONDAY), (4, 29, "Wedding of Prince William and Catherine Middleton"), (5, 2, EARLY_MAY), (5, 30, SPRING), (8, 29, SUMMER), (12, 26, BOXING), (12, 27, CHRISTMAS_MOVED)]),
    (2012, &[(1, 2, NEW_YEAR_MOVED), (4, 6, GOOD_FRIDAY), (4, 9, EASTER_MONDAY), (5, 7, EARLY_MAY), (6, 4, "Spring bank holiday (moved)"), (6, 5, "Diamond Jubilee of Queen Elizabeth II"), (8, 27, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2013, &[(1, 1, NEW_YEAR), (3, 29, GOOD_FRIDAY), (4, 1, EASTER_MONDAY), (5, 6, EARLY_MAY), (5, 27, SPRING), (8, 26, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2014, &[(1, 1, NEW_YEAR), (4, 18, GOOD_FRIDAY), (4, 21, EASTER_MONDAY), (5, 5, EARLY_MAY), (5, 26, SPRING), (8, 25, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2015, &[(1, 1, NEW_YEAR), (4, 3, GOOD_FRIDAY), (4, 6, EASTER_MONDAY), (5, 4, EARLY_MAY), (5, 25, SPRING), (8, 31, SUMMER), (12, 25, CHRISTMAS), (12, 28, BOXING_MOVED)]),
    (2016, &[(1, 1, NEW_YEAR), (3, 25, GOOD_FRIDAY), (3, 28, EASTER_MONDAY), (5, 2, EARLY_MAY), (5, 30, SPRING), (8, 29, SUMMER), (12, 26, BOXING), (12, 27, CHRISTMAS_MOVED)]),
    (2017, &[(1, 2, NEW_YEAR_MOVED), (4, 14, GOOD_FRIDAY), (4, 17, EASTER_MONDAY), (5, 1, EARLY_MAY), (5, 29, SPRING), (8, 28, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2018, &[(1, 1, NEW_YEAR), (3, 30, GOOD_FRIDAY), (4, 2, EASTER_MONDAY), (5, 7, EARLY_MAY), (5, 28, SPRING), (8, 27, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2019, &[(1, 1, NEW_YEAR), (4, 19, GOOD_FRIDAY), (4, 22, EASTER_MONDAY), (5, 6, EARLY_MAY), (5, 27, SPRING), (8, 26, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2020, &[(1, 1, NEW_YEAR), (4, 10, GOOD_FRIDAY), (4, 13, EASTER_MONDAY), (5, 8, "Early May bank holiday (moved to VE Day)"), (5, 25, SPRING), (8, 31, SUMMER), (12, 25, CHRISTMAS), (12, 28, BOXING_MOVED)]),
    (2021, &[(1, 1, NEW_YEAR), (4, 2, GOOD_FRIDAY), (4, 5, EASTER_MONDAY), (5, 3, EARLY_MAY), (5, 31, SPRING), (8, 30, SUMMER), (12, 27, CHRISTMAS_MOVED), (12, 28, BOXING_MOVED)]),
    (2022, &[(1, 3, NEW_YEAR_MOVED), (4, 15, GOOD_FRIDAY), (4, 18, EASTER_MONDAY), (5, 2, EARLY_MAY), (6, 2, "Spring bank holiday (moved)"), (6, 3, "Platinum Jubilee of Queen Elizabeth II"), (8, 29, SUMMER), (9, 19, "State Funeral of Queen Elizabeth II"), (12, 26, BOXING), (12, 27, CHRISTMAS_MOVED)]),
    (2023, &[(1, 2, NEW_YEAR_MOVED), (4, 7, GOOD_FRIDAY), (4, 10, EASTER_MONDAY), (5, 1, EARLY_MAY), (5, 8, "Coronation of King Charles III"), (5, 29, SPRING), (8, 28, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2024, &[(1, 1, NEW_YEAR), (3, 29, GOOD_FRIDAY), (4, 1, EASTER_MONDAY), (5, 6, EARLY_MAY), (5, 27, SPRING), (8, 26, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2025, &[(1, 1, NEW_YEAR), (4, 18, GOOD_FRIDAY), (4, 21, EASTER_MONDAY), (5, 5, EARLY_MAY), (5, 26, SPRING), (8, 25, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2026, &[(1, 1, NEW_YEAR), (4, 3, GOOD_FRIDAY), (4, 6, EASTER_MONDAY), (5, 4, EARLY_MAY), (5, 25, SPRING), (8, 31, SUMMER), (12, 25, CHRISTMAS), (12, 28, BOXING_MOVED)]),
    (2027, &[(1, 1, NEW_YEAR), (3, 26, GOOD_FRIDAY), (3, 29, EASTER_MONDAY), (5, 3, EARLY_MAY), (5, 31, SPRING), (8, 30, SUMMER), (12, 27, CHRISTMAS_MOVED), (12, 28, BOXING_MOVED)]),
    (2028, &[(1, 3, NEW_YEAR_MOVED), (4, 14, GOOD_FRIDAY), (4, 17, EASTER_MONDAY), (5, 1, EARLY_MAY), (5, 29, SPRING), (8, 28, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2029, &[(1, 1, NEW_YEAR), (3, 30, GOOD_FRIDAY), (4, 2, EASTER_MONDAY), (5, 7, EARLY_MAY), (5, 28, SPRING), (8, 27, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
    (2030, &[(1, 1, NEW_YEAR), (4, 19, GOOD_FRIDAY), (4, 22, EASTER_MONDAY), (5, 6, EARLY_MAY), (5, 27, SPRING), (8, 26, SUMMER), (12, 25, CHRISTMAS), (12, 26, BOXING)]),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use chrono::{Datelike, Days, NaiveDate, Weekday};

    use super::*;

    /// Easter Sunday, by the anonymous Gregorian computus.
    fn easter(year: i32) -> NaiveDate {
        let (century, rest) = (year / 100, year % 100);
        let golden = year % 19;
        let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
        let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
        let correction = (golden + 11 * epact + 22 * weekday) / 451;
        let march = u32::try_from(epact + weekday - 7 * correction + 114).unwrap();
        date(year, march / 31, march % 31 + 1)
    }

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    /// The days of a year by the Act's schedule and the custom of substitute days.
    fn by_rule(year: i32) -> BTreeSet<NaiveDate> {
        let monday_from = |day: NaiveDate| day.iter_days().find(|d| d.weekday() == Weekday::Mon).unwrap();
        let mut days = BTreeSet::from([
            easter(year) - Days::new(2),
            easter(year) + Days::new(1),
            monday_from(date(year, 5, 1)),
            monday_from(date(year, 5, 25)),
            monday_from(date(year, 8, 25)),
        ]);
        // A holiday at a weekend moves to the next weekday that is not itself one.
        let fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)];
        let (weekday, weekend): (Vec<_>, Vec<_>) =
            fixed.into_iter().partition(|d| d.weekday().number_from_monday() <= 5);
        days.extend(weekday);
        for day in weekend {
            let moved = day.iter_days().find(|d| d.weekday().number_from_monday() <= 5 && !days.contains(d));
            days.insert(moved.unwrap());
        }
        days
    }

    #[test]
    fn the_table_is_the_rule_and_the_proclaimed_exceptions() {
        let added = [
            date(2011, 4, 29),
            date(2012, 6, 4),
            date(2012, 6, 5),
            date(2020, 5, 8),
            date(2022, 6, 2),
            date(2022, 6, 3),
            date(2022, 9, 19),
            date(2023, 5, 8),
        ];
        let moved_away = [date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)];
        let mut expected: BTreeSet<_> = (2005..=2030).flat_map(by_rule).collect();
        expected.extend(added);
        expected.retain(|day| !moved_away.contains(day));
        let table: Vec<_> = YEARS
            .iter()
            .flat_map(|(year, days)| days.iter().map(|(month, day, _)| date(*year, *month, *day)))
            .collect();
        assert_eq!(table.iter().copied().collect::<BTreeSet<_>>(), expected);
        assert_eq!(table.len(), expected.len(), "no day stands twice");
    }
}
