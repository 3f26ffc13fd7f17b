//! Calendar months and years: anniversaries, and how many of them have passed.
//!
//! An anniversary that does not exist is the last day of its month: two years from 29 February 2008 is
//! 28 February 2010. So the test "has n months passed by d" is always `add_months(start, n) <= d`,
//! never `start <= add_months(d, -n)`: at month ends the two differ.

use chrono::{Datelike, NaiveDate};

/// The same day `months` calendar months later (earlier when negative), or the last day of that month
/// where it has no such day. `None` when the result lies beyond what a date can hold.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calendar::add_months;
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// assert_eq!(add_months(day(2010, 8, 31), 6), Some(day(2011, 2, 28)));
/// assert_eq!(add_months(day(2008, 2, 29), 24), Some(day(2010, 2, 28)));
/// assert_eq!(add_months(NaiveDate::MAX, 1), None);
/// ```
pub fn add_months(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let month = month_number(date).checked_add(months)?;
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
    NaiveDate::from_ymd_opt(year, month, date.day().min(days_in_month(year, month)))
}

/// The anniversary `years` years later (earlier when negative), clamped as in [`add_months`].
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calendar::add_years;
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// assert_eq!(add_years(day(2008, 2, 29), 1), Some(day(2009, 2, 28)));
/// assert_eq!(add_years(day(2008, 2, 29), 4), Some(day(2012, 2, 29)));
/// ```
pub fn add_years(date: NaiveDate, years: i64) -> Option<NaiveDate> {
    add_months(date, years.checked_mul(12)?)
}

/// Whole months from `start` to `end`: the greatest n with `add_months(start, n) <= end`.
///
/// The same definition holds when `end` is before `start`; the answer is then negative, and part of a
/// month counts as a whole one back (from the 15th to the 14th is −1). It is therefore not the
/// opposite of the months from `end` to `start`.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calendar::months_between;
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// assert_eq!(months_between(day(2010, 8, 31), day(2011, 2, 28)), 6);
/// assert_eq!(months_between(day(2010, 8, 31), day(2011, 2, 27)), 5);
/// assert_eq!(months_between(day(2010, 8, 15), day(2010, 8, 14)), -1);
/// ```
pub fn months_between(start: NaiveDate, end: NaiveDate) -> i64 {
    let months = month_number(end) - month_number(start);
    let anniversary = start.day().min(days_in_month(end.year(), end.month()));
    if anniversary <= end.day() { months } else { months - 1 }
}

/// Whole years from `start` to `end`: the greatest n with `add_years(start, n) <= end`; negative, as in
/// [`months_between`], when `end` is before `start`.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calendar::years_between;
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// // 730 days, and yet not two years.
/// assert_eq!(years_between(day(2007, 3, 1), day(2009, 2, 28)), 1);
/// assert_eq!(years_between(day(2008, 4, 1), day(2010, 4, 1)), 2);
/// ```
pub fn years_between(start: NaiveDate, end: NaiveDate) -> i64 {
    months_between(start, end).div_euclid(12)
}

/// Age in whole years on a day; `None` before birth, when there is no age.
///
/// A birthday on 29 February falls on the 28th in other years, as every anniversary here.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use staysafe::calendar::age_at;
/// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
/// assert_eq!(age_at(day(1994, 4, 1), day(2010, 3, 31)), Some(15));
/// assert_eq!(age_at(day(1994, 4, 1), day(2010, 4, 1)), Some(16));
/// assert_eq!(age_at(day(2010, 4, 2), day(2010, 4, 1)), None);
/// ```
pub fn age_at(birth: NaiveDate, day: NaiveDate) -> Option<i64> {
    (birth <= day).then(|| years_between(birth, day))
}

/// Months since January of the year 0.
fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0i32..200_000).prop_map(|n| day(1800, 1, 1) + chrono::Days::new(n.unsigned_abs().into()))
    }

    #[test]
    fn the_two_ways_to_say_n_months_differ_at_month_ends() {
        // Ruling: a plan of 29 February 2008 has run two years on 28 February 2010.
        let (start, end) = (day(2008, 2, 29), day(2010, 2, 28));
        assert!(add_months(start, 24).unwrap() <= end);
        assert!(start > add_months(end, -24).unwrap(), "counting back would deny it");
    }

    #[test]
    fn two_years_is_an_anniversary_not_730_days() {
        assert_eq!(years_between(day(2007, 3, 1), day(2009, 2, 28)), 1, "730 days");
        assert_eq!(years_between(day(2008, 4, 1), day(2010, 3, 31)), 1, "729 days");
        assert_eq!(add_months(day(2009, 3, 31), 3), Some(day(2009, 6, 30)));
    }

    #[test]
    fn backwards_it_is_still_the_greatest_n() {
        assert_eq!(
            months_between(day(2010, 3, 31), day(2010, 2, 28)),
            -1,
            "31 March less one is 28 February"
        );
        assert_eq!(months_between(day(2010, 3, 31), day(2010, 2, 27)), -2);
        assert_eq!(years_between(day(2010, 3, 31), day(2010, 3, 30)), -1);
        assert_eq!(age_at(day(2008, 2, 29), day(2009, 2, 28)), Some(1));
    }

    #[test]
    fn nothing_breaks_at_the_ends_of_time() {
        for months in [i64::MIN, i64::MIN / 12, i64::MAX / 12, i64::MAX] {
            for date in [NaiveDate::MIN, day(2010, 1, 31), NaiveDate::MAX] {
                assert_eq!(add_months(date, months), None);
                assert_eq!(add_years(date, months), None);
            }
        }
        assert_eq!(add_months(NaiveDate::MIN, -1), None);
        assert_eq!(add_months(NaiveDate::MAX, 0), Some(NaiveDate::MAX));
        assert!(months_between(NaiveDate::MIN, NaiveDate::MAX) > 6_000_000);
        assert!(years_between(NaiveDate::MAX, NaiveDate::MIN) < -500_000);
    }

    proptest! {
        #[test]
        fn months_between_is_the_greatest_n(a in any_day(), b in any_day()) {
            let n = months_between(a, b);
            prop_assert!(add_months(a, n).unwrap() <= b);
            prop_assert!(add_months(a, n + 1).unwrap() > b);
            let years = years_between(a, b);
            prop_assert!(add_years(a, years).unwrap() <= b);
            prop_assert!(add_years(a, years + 1).unwrap() > b);
        }

        #[test]
        fn add_months_lands_in_its_month_on_its_day_or_the_last(a in any_day(), n in -1000i64..1000) {
            let b = add_months(a, n).unwrap();
            prop_assert_eq!(month_number(b), month_number(a) + n);
            prop_assert!(b.day() == a.day() || (b.day() < a.day() && b.succ_opt().unwrap().day() == 1));
            prop_assert_eq!(months_between(a, b), n);
        }

        #[test]
        fn steps_add_up_where_no_day_is_clamped(a in any_day(), n in -1000i64..1000, m in -1000i64..1000) {
            let a = a.with_day(a.day().min(28)).unwrap();
            prop_assert_eq!(add_months(add_months(a, n).unwrap(), m), add_months(a, n + m));
        }
    }
}
