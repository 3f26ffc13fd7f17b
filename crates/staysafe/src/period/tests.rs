#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use PeriodKind::{AcademicYear, CalendarYear, FinancialYear, Month, Quarter, Rolling12Months, Snapshot};

const KINDS: [PeriodKind; 7] =
    [Month, Quarter, FinancialYear, CalendarYear, AcademicYear, Rolling12Months, Snapshot];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn period(label: &str) -> Period {
    label.parse().unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0u64..120_000).prop_map(|n| day(1850, 1, 1) + chrono::Days::new(n))
}

fn any_period() -> impl Strategy<Value = Period> {
    (any_day(), 0usize..KINDS.len()).prop_map(|(day, kind)| Period::of(KINDS[kind], day).unwrap())
}

/// Windows that end on 28 February of a leap year are the one exception to the laws of shifting.
fn ends_before_29_february(period: Period) -> bool {
    period.kind() == Rolling12Months && (period.next.month(), period.next.day()) == (2, 29)
}

#[test]
fn labels_as_the_sector_prints_them() {
    for (period, label, first, last) in [
        (Period::quarter(2010, 1), "2010-11 Q1", day(2010, 4, 1), day(2010, 6, 30)),
        (Period::quarter(2010, 2), "2010-11 Q2", day(2010, 7, 1), day(2010, 9, 30)),
        (Period::quarter(2010, 3), "2010-11 Q3", day(2010, 10, 1), day(2010, 12, 31)),
        (Period::quarter(2010, 4), "2010-11 Q4", day(2011, 1, 1), day(2011, 3, 31)),
        (Period::financial_year(1999), "1999-00", day(1999, 4, 1), day(2000, 3, 31)),
        (Period::month(2010, 4), "Apr 2010", day(2010, 4, 1), day(2010, 4, 30)),
        (Period::calendar_year(2010), "2010", day(2010, 1, 1), day(2010, 12, 31)),
        (Period::academic_year(2010), "2010/11 academic", day(2010, 9, 1), day(2011, 8, 31)),
        (
            Period::rolling_12_months_to(day(2010, 6, 30)),
            "12 months to 30 Jun 2010",
            day(2009, 7, 1),
            day(2010, 6, 30),
        ),
        (Period::snapshot(day(2010, 3, 31)), "31 Mar 2010", day(2010, 3, 31), day(2010, 3, 31)),
    ] {
        let period = period.unwrap();
        assert_eq!(period.to_string(), label);
        assert_eq!(period.days(), Days { first, last }, "{label}");
        assert_eq!(serde_json::to_string(&period).unwrap(), format!("\"{label}\""));
        assert_eq!(serde_json::from_str::<Period>(&format!("\"{label}\"")).unwrap(), period);
    }
}

#[test]
fn what_people_write_is_read() {
    for (written, label) in [
        ("  2010-11   q1 ", "2010-11 Q1"),
        ("2010-11Q1", "2010-11 Q1"),
        ("Q4 2010-11", "2010-11 Q4"),
        ("2010\u{2013}11", "2010-11"),
        ("april 2010", "Apr 2010"),
        ("SEPT 2010", "Sep 2010"),
        ("Academic 2010/11", "2010/11 academic"),
        ("12 Months to 30 June 2010", "12 months to 30 Jun 2010"),
        ("12 months to 2010-06-30", "12 months to 30 Jun 2010"),
        ("2010-03-31", "31 Mar 2010"),
        ("1 April 2010", "1 Apr 2010"),
    ] {
        assert_eq!(period(written).to_string(), label, "{written}");
    }
}

#[test]
fn what_could_mean_two_things_is_refused_with_a_reason() {
    for (written, reason) in [
        ("", "it is empty"),
        ("2010-12", "the second year must be the one after the first, 2010-11; for the month write Dec 2010"),
        ("2010-10", "the second year must be the one after the first, 2010-11; for the month write Oct 2010"),
        ("2010-13", "the second year must be the one after the first, 2010-11"),
        (
            "2010-12 Q1",
            "the second year must be the one after the first, 2010-11 Q1; for the month write Dec 2010",
        ),
        ("2010-2011", "the second year is written with two figures, 2010-11"),
        ("2010/11", "it may mean two things: write 2010-11 for the financial year, or 2010/11 academic"),
        ("2010-11 Q5", "5 is not a quarter: expected 1 (April to June) to 4 (January to March)"),
        ("Q1 2010", "a quarter belongs to a financial year: write 2010-11 Q1"),
        ("30 Feb 2010", "there is no day 30 feb 2010"),
        ("2010-02-30", "there is no day 2010-02-30"),
        ("Avril 2010", "\"avril\" is not a month such as Apr"),
        ("Apr 10", "\"10\" is not a year of four figures"),
        ("12 months to June 2010", "\"june 2010\" is not a day such as 31 Mar 2010"),
        ("0999", "a period must lie in the years 1000 to 9999, which have labels"),
        ("9999-00", "a period must lie in the years 1000 to 9999, which have labels"),
        ("last year or so", "nothing of the kind is known"),
    ] {
        let error = written.parse::<Period>().unwrap_err();
        assert_eq!(error.reason(), reason, "{written}");
        assert_eq!(error.text(), written);
        assert!(error.to_string().contains("2010-11 Q1"), "every message shows how it is done");
    }
}

#[test]
fn twelve_months_to_the_end_of_february() {
    let first = |last| Period::rolling_12_months_to(last).unwrap().first_day();
    assert_eq!(first(day(2010, 2, 28)), day(2009, 3, 1));
    assert_eq!(first(day(2012, 2, 29)), day(2011, 3, 1));
    assert_eq!(first(day(2012, 2, 28)), day(2011, 3, 1), "28 February 2011 has had its anniversary");
    assert_eq!(first(day(2013, 2, 28)), day(2012, 3, 1), "and so has 29 February 2012");
}

#[test]
fn parts_and_wholes() {
    let year = period("2010-11");
    assert_eq!(year.parts(Quarter), Some(Period::range(period("2010-11 Q1"), period("2010-11 Q4")).unwrap()));
    assert_eq!(year.parts(Month).unwrap().len(), 12);
    assert_eq!(year.parts(Snapshot).unwrap().len(), 365);
    assert_eq!(year.parts(AcademicYear), None);
    assert_eq!(period("Apr 2010").parts(Quarter), None);
    assert_eq!(period("2010").parts(Quarter).unwrap()[0], period("2009-10 Q4"));
    assert_eq!(period("2010/11 academic").parts(Quarter), None);
    assert_eq!(period("12 months to 30 Jun 2010").parts(Quarter).unwrap()[0], period("2009-10 Q2"));
    assert_eq!(period("12 months to 15 Jun 2010").parts(Month), None);
    assert_eq!(period("12 months to 28 Feb 2012").parts(Rolling12Months).unwrap().len(), 1);
    assert_eq!(period("31 Mar 2010").roll_up(Quarter), Some(period("2009-10 Q4")));
    assert_eq!(period("Apr 2010").roll_up(AcademicYear), Some(period("2009/10 academic")));
    assert_eq!(period("2010-11 Q1").roll_up(AcademicYear), Some(period("2009/10 academic")));
    assert_eq!(period("2010-11 Q2").roll_up(AcademicYear), None, "July to September straddles");
    assert_eq!(year.roll_up(CalendarYear), None);
    assert_eq!(year.roll_up(Rolling12Months), None);
}

#[test]
fn ranges() {
    let labels = |periods: Vec<Period>| periods.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        labels(Period::quarters(period("2009-10 Q4"), period("2010-11 Q1")).unwrap()),
        ["2009-10 Q4", "2010-11 Q1"]
    );
    assert_eq!(labels(Period::range(period("2009-10"), period("2009-10")).unwrap()), ["2009-10"]);
    let between = |first, last| Period::range(period(first), period(last)).unwrap_err().to_string();
    assert_eq!(
        between("2010-11 Q1", "2010-11"),
        "a range from 2010-11 Q1 to 2010-11 has no meaning: give two quarters or two financial years"
    );
    assert_eq!(
        between("12 months to 31 Mar 2010", "12 months to 30 Jun 2011"),
        "no whole number of steps leads from 12 months to 31 Mar 2010 to 12 months to 30 Jun 2011"
    );
    assert_eq!(
        Period::quarters(period("2010/11 academic"), period("2011-12")).unwrap_err().to_string(),
        "2010/11 academic is not made of whole quarters"
    );
}

#[test]
fn order_is_of_time_and_the_shorter_comes_first() {
    let mut periods: Vec<_> =
        ["2010-11", "2010-11 Q2", "31 Mar 2010", "2010-11 Q1", "Apr 2010", "2010", "1 Apr 2010"]
            .map(period)
            .to_vec();
    periods.sort();
    let labels: Vec<_> = periods.iter().map(ToString::to_string).collect();
    assert_eq!(
        labels,
        ["2010", "31 Mar 2010", "1 Apr 2010", "Apr 2010", "2010-11 Q1", "2010-11", "2010-11 Q2"]
    );
    assert_ne!(period("2009-10"), period("12 months to 31 Mar 2010"), "the same days, another kind");
}

#[test]
fn nothing_lies_outside_the_years_that_have_labels() {
    for kind in KINDS {
        for outside in [NaiveDate::MIN, NaiveDate::MAX, day(999, 12, 31), day(10_000, 1, 1)] {
            assert_eq!(Period::of(kind, outside), Err(PeriodError::Years));
        }
    }
    for year in [i32::MIN, 0, 10_000, i32::MAX] {
        assert_eq!(Period::financial_year(year), Err(PeriodError::Years));
        assert_eq!(Period::quarter(year, 4), Err(PeriodError::Years));
    }
    let last = Period::calendar_year(9999).unwrap();
    assert_eq!((last.next(), last.shift(i64::MAX), last.shift(i64::MIN)), (None, None, None));
    assert_eq!(Period::snapshot(day(1000, 6, 1)).unwrap().rolling_12_months(), None);
}

proptest! {
    #[test]
    fn a_label_reads_back_as_its_period(period in any_period()) {
        prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        prop_assert_eq!(period.to_string().to_uppercase().parse::<Period>(), Ok(period));
    }

    #[test]
    fn no_text_brings_the_reader_down(text in ".{0,30}", label in "[0-9]{1,5}[-/ q]{1,2}[0-9a-z]{0,5}( academic| q[0-9]{0,12})?") {
        for text in [text, label] {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
            }
        }
    }

    #[test]
    fn shifting_is_undone_by_shifting_back(period in any_period(), n in -50i64..50, m in -50i64..50) {
        prop_assume!(!ends_before_29_february(period));
        let there = period.shift(n).unwrap();
        prop_assert_eq!(there.shift(-n), Some(period));
        prop_assert_eq!(there.shift(m), period.shift(n + m));
        prop_assert_eq!(n.cmp(&0), there.cmp(&period));
    }

    #[test]
    fn neighbours_adjoin(period in any_period()) {
        prop_assume!(!ends_before_29_february(period));
        let next = period.next().unwrap();
        prop_assert_eq!(next.previous(), Some(period));
        prop_assert_eq!(next.first, period.next);
        prop_assert!(!period.overlaps(next));
    }

    #[test]
    fn parts_tile_the_whole(period in any_period(), kind in 0usize..KINDS.len()) {
        let Some(parts) = period.parts(KINDS[kind]) else { return Ok(()) };
        prop_assert_eq!(parts[0].first, period.first);
        prop_assert_eq!(parts[parts.len() - 1].next, period.next);
        for pair in parts.windows(2) {
            prop_assert_eq!(pair[0].next, pair[1].first);
        }
        for part in parts {
            prop_assert!(period.contains_period(part));
            prop_assert!(period.kind() == Rolling12Months || part.roll_up(period.kind()) == Some(period));
        }
    }

    #[test]
    fn a_day_is_in_the_period_of_that_day_and_in_no_other(a in any_day(), b in any_day(), kind in 0usize..KINDS.len()) {
        let (one, other) = (Period::of(KINDS[kind], a).unwrap(), Period::of(KINDS[kind], b).unwrap());
        prop_assert!(one.contains(a));
        prop_assert!(KINDS[kind] == Rolling12Months || one.contains(b) == (one == other));
        prop_assert_eq!(one.overlaps(other), one.contains(other.first) || other.contains(one.first));
    }

    #[test]
    fn rolling_windows_hold_a_year(end in any_day()) {
        let window = Period::rolling_12_months_to(end).unwrap();
        prop_assert_eq!(window.last_day(), end);
        prop_assert!(add_months(window.first, 12).unwrap() > end, "the first day's anniversary lies after it");
        prop_assert!(add_months(window.first.pred_opt().unwrap(), 12).unwrap() <= end, "that of the day before does not");
    }
}
