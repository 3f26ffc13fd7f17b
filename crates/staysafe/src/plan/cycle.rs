//! Which period each period that was asked for shows: the measure's cycle, and what its definition says
//! that other periods show (`between`).
//!
//! | asked for | shown |
//! |---|---|
//! | a period of the cycle, or one made of whole ones (a year of a quarterly measure) | that period |
//! | any other, `rolling-12-months` | the twelve months to its last day |
//! | any other, `snapshot-now` | its last day |
//! | any other, `last-known` | the last period of the cycle that has ended by its last day |
//! | any other, `not-due` | nothing, until the period of the cycle that holds its last day has ended |
//! | any other, and the definition does not say | that period |

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::definition::indicator::{Between, Cycle, Indicator};
use crate::period::{Period, PeriodKind, Shown, View};

/// A period to calculate, and the periods in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Speaks {
    /// The period that the figure speaks of.
    pub period: Period,
    /// Where it is shown.
    pub shown: Shown,
}

/// What an indicator shows in the periods that were asked for: each period to calculate once, in order.
pub(crate) fn speaks(indicator: &Indicator, asked: &[Period]) -> Vec<Speaks> {
    let between = indicator.between.as_ref().map(|between| between.value);
    let mut all: std::collections::BTreeMap<Period, Shown> = std::collections::BTreeMap::new();
    for asked in asked {
        let (view, period) = view(&indicator.cycle.value, between, *asked);
        let shown = if period == *asked && view != View::NotDue {
            Shown::default()
        } else {
            Shown::under(view, *asked)
        };
        let before = all.remove(&period);
        all.insert(period, before.map_or(shown.clone(), |before| before.combine(shown)));
    }
    all.into_iter().map(|(period, shown)| Speaks { period, shown }).collect()
}

/// What one period shows. Where a period cannot be reckoned (at the edge of the years that have labels), the one
/// that was asked for stands.
fn view(cycle: &Cycle, between: Option<Between>, asked: Period) -> (View, Period) {
    let Some(between) = between.filter(|_| !is_due(cycle, asked)) else { return (View::Plain, asked) };
    let last = asked.last_day();
    let (view, period) = match between {
        Between::Rolling12Months => (View::Rolling12Months, asked.rolling_12_months()),
        Between::SnapshotNow => (View::SnapshotNow, Period::snapshot(last).ok()),
        Between::LastKnown => (View::LastKnown, ended_by(cycle, last)),
        Between::NotDue => (View::NotDue, Some(asked)),
    };
    match period {
        Some(period) if period != asked || view == View::NotDue => (view, period),
        _ => (View::Plain, asked),
    }
}

/// The period that a measure speaks of where one is asked for: that one, or another that its definition shows instead.
pub(crate) fn spoken_of(indicator: &Indicator, asked: Period) -> Period {
    view(&indicator.cycle.value, indicator.between.as_ref().map(|between| between.value), asked).1
}

/// Whether a period is one of the cycle's, or made of whole ones; of a measure that is taken on a day, whether
/// it is that day or a year that ends on it.
fn is_due(cycle: &Cycle, asked: Period) -> bool {
    if let Some(kind) = kind(cycle) {
        return asked.parts(kind).is_some();
    }
    is_day(cycle, asked.last_day()) && !matches!(asked.kind(), PeriodKind::Month | PeriodKind::Quarter)
}

/// The last period of a cycle that has ended by a day.
fn ended_by(cycle: &Cycle, day: NaiveDate) -> Option<Period> {
    let holding = holding(cycle, day)?;
    if holding.last_day() <= day { Some(holding) } else { before(cycle, holding) }
}

/// The first period of a cycle that has not ended before a day.
pub(crate) fn holding(cycle: &Cycle, day: NaiveDate) -> Option<Period> {
    if let Some(kind) = kind(cycle) {
        return Period::of(kind, day).ok();
    }
    let this_year = day_in(cycle, day.year())?;
    let at = if this_year >= day { this_year } else { day_in(cycle, day.year() + 1)? };
    Period::snapshot(at).ok()
}

/// The period of a cycle before one of its periods.
pub(crate) fn before(cycle: &Cycle, period: Period) -> Option<Period> {
    match kind(cycle) {
        Some(_) => period.previous(),
        None => Period::snapshot(day_in(cycle, period.last_day().year() - 1)?).ok(),
    }
}

/// The kind of the cycle's periods; none for a measure that is taken on a day of each year.
fn kind(cycle: &Cycle) -> Option<PeriodKind> {
    match cycle {
        Cycle::Quarter => Some(PeriodKind::Quarter),
        Cycle::FinancialYear => Some(PeriodKind::FinancialYear),
        Cycle::CalendarYear => Some(PeriodKind::CalendarYear),
        Cycle::AcademicYear => Some(PeriodKind::AcademicYear),
        Cycle::Snapshot(_) => None,
    }
}

fn is_day(cycle: &Cycle, day: NaiveDate) -> bool {
    day_in(cycle, day.year()) == Some(day)
}

/// The day of a year on which a measure is taken.
fn day_in(cycle: &Cycle, year: i32) -> Option<NaiveDate> {
    let Cycle::Snapshot(day) = cycle else { return None };
    let (month, day) = day.split_once('-')?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn snapshot() -> Cycle {
        Cycle::Snapshot("03-31".to_owned())
    }

    fn shows(cycle: &Cycle, between: Between, asked: &str) -> String {
        let (view, period) = view(cycle, Some(between), asked.parse().unwrap());
        format!("{} {period}", view.code())
    }

    #[test]
    fn its_own_periods_and_whole_numbers_of_them_are_shown_as_they_are() {
        for (cycle, asked) in [
            (Cycle::Quarter, "2010-11 Q3"),
            (Cycle::Quarter, "2010-11"),
            (Cycle::Quarter, "2010"),
            (Cycle::Quarter, "12 months to 30 Jun 2010"),
            (Cycle::FinancialYear, "2010-11"),
            (Cycle::FinancialYear, "12 months to 31 Mar 2011"),
            (Cycle::CalendarYear, "2010"),
            (Cycle::AcademicYear, "2010/11 academic"),
            (snapshot(), "31 Mar 2011"),
            (snapshot(), "2010-11"),
            (snapshot(), "12 months to 31 Mar 2011"),
        ] {
            for between in
                [Between::Rolling12Months, Between::SnapshotNow, Between::LastKnown, Between::NotDue]
            {
                assert_eq!(shows(&cycle, between, asked), format!("plain {asked}"), "{cycle:?}");
            }
        }
    }

    #[test]
    fn other_periods_show_what_the_definition_says() {
        use Between::{LastKnown, NotDue, Rolling12Months, SnapshotNow};
        let year = Cycle::FinancialYear;
        for (cycle, between, asked, shown) in [
            (&year, Rolling12Months, "2010-11 Q3", "rolling-12-months 12 months to 31 Dec 2010"),
            (&year, Rolling12Months, "Apr 2010", "rolling-12-months 12 months to 30 Apr 2010"),
            (&year, Rolling12Months, "2010/11 academic", "rolling-12-months 12 months to 31 Aug 2011"),
            (&year, Rolling12Months, "2010", "rolling-12-months 12 months to 31 Dec 2010"),
            (&year, Rolling12Months, "15 Jun 2010", "rolling-12-months 12 months to 15 Jun 2010"),
            // What is asked for is what would be shown.
            (&year, Rolling12Months, "12 months to 30 Jun 2010", "plain 12 months to 30 Jun 2010"),
            (&year, SnapshotNow, "2010-11 Q3", "snapshot-now 31 Dec 2010"),
            (&year, LastKnown, "2010-11 Q3", "last-known 2009-10"),
            (&year, LastKnown, "2010-11 Q4", "last-known 2010-11"),
            (&year, LastKnown, "2010", "last-known 2009-10"),
            (&year, NotDue, "2010-11 Q3", "not-due 2010-11 Q3"),
            (&Cycle::Quarter, SnapshotNow, "Apr 2010", "snapshot-now 30 Apr 2010"),
            (&Cycle::Quarter, SnapshotNow, "2010/11 academic", "snapshot-now 31 Aug 2011"),
            (&Cycle::Quarter, LastKnown, "Jun 2010", "last-known 2010-11 Q1"),
            (&Cycle::Quarter, LastKnown, "May 2010", "last-known 2009-10 Q4"),
            (&Cycle::AcademicYear, LastKnown, "2010-11", "last-known 2009/10 academic"),
            (&snapshot(), SnapshotNow, "2010-11 Q3", "snapshot-now 31 Dec 2010"),
            (&snapshot(), SnapshotNow, "2010-11 Q4", "snapshot-now 31 Mar 2011"),
            (&snapshot(), Rolling12Months, "2010-11 Q4", "rolling-12-months 12 months to 31 Mar 2011"),
            (&snapshot(), LastKnown, "2010-11 Q3", "last-known 31 Mar 2010"),
            (&snapshot(), LastKnown, "2010-11 Q4", "last-known 31 Mar 2011"),
            (&snapshot(), LastKnown, "30 Jun 2010", "last-known 31 Mar 2010"),
        ] {
            assert_eq!(shows(cycle, between, asked), shown, "{cycle:?} {between:?} {asked}");
        }
        assert_eq!(view(&year, None, "2010-11 Q3".parse().unwrap()).0, View::Plain);
    }

    #[test]
    fn what_is_not_due_falls_due_at_the_end_of_the_cycle_s_period() {
        let due = |cycle: &Cycle, day: &str| holding(cycle, day.parse().unwrap()).unwrap().to_string();
        assert_eq!(due(&Cycle::FinancialYear, "2010-12-31"), "2010-11");
        assert_eq!(due(&snapshot(), "2010-12-31"), "31 Mar 2011");
        assert_eq!(due(&snapshot(), "2011-03-31"), "31 Mar 2011");
        assert_eq!(before(&snapshot(), "31 Mar 2011".parse().unwrap()).unwrap().to_string(), "31 Mar 2010");
    }

    fn cycles() -> impl Strategy<Value = Cycle> {
        prop_oneof![
            Just(Cycle::Quarter),
            Just(Cycle::FinancialYear),
            Just(Cycle::CalendarYear),
            Just(Cycle::AcademicYear),
            Just(snapshot()),
        ]
    }

    fn betweens() -> impl Strategy<Value = Option<Between>> {
        proptest::option::of(prop_oneof![
            Just(Between::Rolling12Months),
            Just(Between::SnapshotNow),
            Just(Between::LastKnown),
            Just(Between::NotDue),
        ])
    }

    fn periods() -> impl Strategy<Value = Period> {
        let kinds = [
            PeriodKind::Month,
            PeriodKind::Quarter,
            PeriodKind::FinancialYear,
            PeriodKind::CalendarYear,
            PeriodKind::AcademicYear,
            PeriodKind::Rolling12Months,
            PeriodKind::Snapshot,
        ];
        (0usize..kinds.len(), 0u64..9000).prop_map(move |(kind, n)| {
            let day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(n);
            Period::of(kinds[kind], day).unwrap()
        })
    }

    proptest! {
        /// A view is told from another by the period it stands under: none is of a kind that is not its own, and
        /// none speaks of a day after the last that was asked for.
        #[test]
        fn a_view_stands_under_a_period_of_its_own_kind(cycle in cycles(), between in betweens(), asked in periods()) {
            let (view, period) = view(&cycle, between, asked);
            prop_assert!(period.last_day() <= asked.last_day());
            let kind = period.kind();
            match view {
                View::Plain | View::NotDue => prop_assert_eq!(period, asked),
                View::Rolling12Months => prop_assert_eq!(kind, PeriodKind::Rolling12Months),
                View::SnapshotNow => prop_assert_eq!(kind, PeriodKind::Snapshot),
                View::LastKnown => {
                    prop_assert!(is_due(&cycle, period), "{} is of the cycle", period);
                    let next = holding(&cycle, period.last_day().succ_opt().unwrap()).unwrap();
                    prop_assert!(next.last_day() > asked.last_day(), "and the last that has ended");
                }
            }
            if is_due(&cycle, asked) {
                prop_assert_eq!(view, View::Plain);
            }
        }
    }
}
