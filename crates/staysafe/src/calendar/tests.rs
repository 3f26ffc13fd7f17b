#![allow(clippy::unwrap_used)]

use chrono::Weekday;
use proptest::prelude::*;

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn covered_day() -> impl Strategy<Value = NaiveDate> {
    (0u64..9496).prop_map(|n| day(2005, 1, 1) + chrono::Days::new(n))
}

/// Counting on one's fingers.
fn by_hand(calendar: &Calendar, start: NaiveDate, end: NaiveDate) -> i64 {
    let weekend = [Weekday::Sat, Weekday::Sun];
    let worked = |d: &NaiveDate| !weekend.contains(&d.weekday()) && calendar.holiday(*d).is_none();
    let days = start.iter_days().skip(1).take_while(|d| *d <= end).filter(worked).count();
    i64::try_from(days).unwrap()
}

#[test]
fn the_named_traps() {
    let calendar = Calendar::england_and_wales();
    for (start, n, due, trap) in [
        (day(2010, 3, 26), 7, day(2010, 4, 8), "Good Friday and Easter Monday"),
        (day(2010, 4, 1), 7, day(2010, 4, 14), "the start is day 0"),
        (day(2010, 4, 1), 10, day(2010, 4, 19), "ten days over Easter"),
        (day(2010, 4, 3), 7, day(2010, 4, 14), "a Saturday start: day 1 is Tuesday 6"),
        (day(2009, 12, 18), 7, day(2009, 12, 31), "25 and 28 December"),
        (day(2009, 12, 18), 10, day(2010, 1, 6), "over the New Year"),
        (day(2010, 12, 20), 35, day(2011, 2, 10), "27 and 28 December, 3 January"),
        (day(2011, 4, 18), 15, day(2011, 5, 13), "22, 25 and 29 April, 2 May"),
        (day(2012, 5, 25), 10, day(2012, 6, 12), "28 May was not a holiday in 2012"),
        (day(2020, 4, 30), 7, day(2020, 5, 12), "Early May moved to the 8th"),
        (day(2022, 5, 27), 10, day(2022, 6, 14), "2 and 3 June"),
        (day(2022, 9, 9), 15, day(2022, 10, 3), "the state funeral"),
        (day(2023, 4, 28), 7, day(2023, 5, 11), "the coronation beside 1 May"),
        (day(2010, 6, 1), 0, day(2010, 6, 1), "nothing added"),
    ] {
        assert_eq!(calendar.due_date(start, n), Ok(due), "{trap}");
        assert_eq!(calendar.working_days(start, due), Ok(i64::from(n)), "{trap}");
    }
}

#[test]
fn notice_is_counted_back() {
    let calendar = Calendar::england_and_wales();
    assert_eq!(calendar.add_working_days(day(2010, 4, 6), -2), Ok(day(2010, 3, 31)));
    // From a day that is not worked: Thursday 1 April is the first working day before Easter Monday.
    assert_eq!(calendar.add_working_days(day(2010, 4, 5), -1), Ok(day(2010, 4, 1)));
    assert_eq!(calendar.add_working_days(day(2010, 4, 5), 0), Ok(day(2010, 4, 5)));
}

#[test]
fn what_is_not_covered_is_refused_and_says_so() {
    let calendar = Calendar::england_and_wales();
    assert_eq!(calendar.cover(), Days { first: day(2005, 1, 1), last: day(2030, 12, 31) });
    let before = calendar.working_days(day(2004, 12, 31), day(2005, 1, 10)).unwrap_err();
    assert_eq!(
        before.to_string(),
        "2004-12-31 lies outside the working-day calendar, which covers 2005-01-01 to 2030-12-31; \
         check the date, or extend the calendar with the bank holidays of 2004"
    );
    let beyond = calendar.due_date(day(2030, 12, 20), 15).unwrap_err();
    assert!(beyond.to_string().starts_with("15 working days from 2030-12-20 lies outside"), "{beyond}");
    assert!(calendar.add_working_days(day(2005, 1, 4), -1).is_err(), "the 3rd is a bank holiday");
    for n in [i64::MIN, i64::MIN + 1, i64::MAX] {
        assert!(calendar.add_working_days(day(2010, 1, 1), n).is_err());
    }
    for date in [NaiveDate::MIN, NaiveDate::MAX] {
        assert!(calendar.is_working_day(date).is_err());
        assert_eq!(calendar.holiday(date), None);
    }
}

#[test]
fn a_date_outside_leaves_at_least_what_lies_inside() {
    let calendar = Calendar::england_and_wales();
    assert_eq!(
        calendar.at_least(day(2030, 12, 20), day(2031, 3, 1)),
        Some(5),
        "23, 24, 27, 30 and 31 December"
    );
    assert_eq!(calendar.at_least(day(1970, 1, 1), day(2005, 1, 5)), Some(2), "4 and 5 January");
    assert_eq!(calendar.at_least(day(1970, 1, 1), day(1971, 1, 1)), Some(0));
    assert_eq!(calendar.at_least(day(2040, 1, 1), day(2041, 1, 1)), Some(0));
    assert_eq!(calendar.at_least(day(2010, 1, 2), day(2010, 1, 1)), None);
}

#[test]
fn years_without_a_proclamation_are_marked() {
    let calendar = Calendar::england_and_wales();
    assert!(!calendar.by_rule(2027) && calendar.by_rule(2028) && calendar.by_rule(2030));
    assert!(!calendar.by_rule(2031), "not covered at all");
}

#[test]
fn the_version_is_stable_and_follows_the_answers() {
    let calendar = Calendar::england_and_wales();
    assert_eq!(calendar.version(), "2005 to 2030 5b6df9115a022797");
    let list = |calendar: &Calendar, year| {
        let days = Days { first: day(year, 1, 1), last: day(year, 12, 31) };
        calendar.holidays(days).map(|(date, name)| (date, name.to_owned())).collect::<Vec<_>>()
    };
    let mut year = list(&calendar, 2028);
    let same = calendar.with_holidays(2028, year.iter().map(|(d, n)| (*d, n.as_str()))).unwrap();
    assert_eq!(same.version(), calendar.version(), "proclaimed as the rule had it: the same answers");
    assert!(!same.by_rule(2028) && same.by_rule(2029));
    year.push((day(2028, 6, 16), "a jubilee".to_owned()));
    let more = same.with_holidays(2028, year.iter().map(|(d, n)| (*d, n.as_str()))).unwrap();
    assert_ne!(more.version(), calendar.version());
    assert_eq!(more.working_days(day(2028, 6, 15), day(2028, 6, 19)), Ok(1));
}

#[test]
fn a_year_is_refused_rather_than_guessed_at() {
    let calendar = Calendar::england_and_wales();
    let new_year = |year| [(day(year, 1, 1), "New Year's Day")];
    assert!(matches!(calendar.with_holidays(2032, new_year(2032)), Err(BadHolidays::Gap { year: 2032, .. })));
    assert!(matches!(calendar.with_holidays(i32::MAX, []), Err(BadHolidays::Gap { .. })));
    assert!(matches!(calendar.with_holidays(2031, new_year(2032)), Err(BadHolidays::OtherYear { .. })));
    assert!(matches!(calendar.with_holidays(2031, []), Err(BadHolidays::Empty { year: 2031 })));
    let longer = calendar.with_holidays(2004, new_year(2004)).unwrap();
    assert_eq!(longer.cover().first, day(2004, 1, 1));
    assert_eq!(longer.working_days(day(2003, 12, 31), day(2004, 1, 2)).ok(), None);
    assert_eq!(longer.working_days(day(2004, 12, 31), day(2005, 1, 4)), Ok(1));
}

proptest! {
    #[test]
    fn the_table_agrees_with_counting_by_hand(start in covered_day(), length in 0u64..400) {
        let calendar = Calendar::england_and_wales();
        let end = (start + chrono::Days::new(length)).min(calendar.cover().last);
        let count = by_hand(&calendar, start, end);
        prop_assert_eq!(calendar.working_days(start, end), Ok(count));
        prop_assert_eq!(calendar.at_least(start, end), Some(count));
    }

    #[test]
    fn counts_add_up_in_any_order(a in covered_day(), b in covered_day(), c in covered_day()) {
        let calendar = Calendar::england_and_wales();
        let between = |x, y| calendar.working_days(x, y).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn adding_and_counting_agree(start in covered_day(), n in -300i64..300) {
        let calendar = Calendar::england_and_wales();
        let Ok(end) = calendar.add_working_days(start, n) else { return Ok(()) };
        if n != 0 {
            prop_assert!(calendar.is_working_day(end).unwrap());
        }
        if n >= 0 || calendar.is_working_day(start).unwrap() {
            prop_assert_eq!(calendar.working_days(start, end), Ok(n));
            prop_assert!(n <= 0 || by_hand(&calendar, start, end) == n);
        } else {
            // From a day that is not worked, the count back includes both ends but for that day.
            prop_assert_eq!(calendar.working_days(start, end), Ok(n + 1));
        }
    }
}
