//! Laws of figures, on records made at random: periods count each event once, states merge in any order, views
//! are never mixed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::tests::{case, checked_as, data, observations, with};
use super::{calculate, finish};
use crate::check::Checked;
use crate::period::{Period, PeriodKind, View};
use crate::plan::{Request, plan};
use crate::record::{Cover, Data, Row};
use crate::result::{Observation, Outcome, Partial, State};
use crate::value::Value;

const KINDS: [PeriodKind; 5] = [
    PeriodKind::Month,
    PeriodKind::Quarter,
    PeriodKind::FinancialYear,
    PeriodKind::CalendarYear,
    PeriodKind::AcademicYear,
];

/// Kinds whose state over a period of time is the sum over its parts: of events, counted as rows.
const ADDITIVE: [(&str, &str); 6] = [
    ("count", ""),
    ("proportion", "numerator = \"score > 1\""),
    ("mean", "value = \"score\""),
    ("median", "value = \"score\""),
    ("duration", "value = \"days(opened, closed)\""),
    ("distribution", "category = \"team\""),
];

fn additive(which: usize) -> Checked {
    let (kind, more) = ADDITIVE[which];
    checked_as(kind, "cycle = \"quarter\"", &format!("when = {{ date = \"opened\" }}\n{more}"))
}

fn stock() -> Checked {
    checked_as("stock", "cycle = \"quarter\"", "when = { open = [\"opened\", \"closed\"] }")
}

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2009, 1, 1).unwrap()
}

fn text(day: NaiveDate) -> String {
    day.to_string()
}

/// A case opened in 2009 to 2012, perhaps closed, perhaps scored, of some team or none.
fn cases() -> impl Strategy<Value = Vec<Row>> {
    let one = (
        0u8..9,
        0u64..1400,
        proptest::option::of(0u64..400),
        proptest::option::of(0i64..4),
        proptest::option::of("[xy]"),
    )
        .prop_map(|(child, opened, lasted, score, team)| {
            let opened = first() + Days::new(opened);
            let closed = lasted.map_or(String::new(), |lasted| text(opened + Days::new(lasted)));
            let mut row = case(&format!("c{child}"), &text(opened), &closed);
            if let Some(score) = score {
                row = with(row, 5, Value::Int(score));
            }
            match team {
                Some(team) => with(row, 6, Value::Text(team.as_str().into())),
                None => row,
            }
        });
    proptest::collection::vec(one, 0..30)
}

fn whole(rows: Vec<Row>) -> Data {
    data("A", rows, Cover::UNLIMITED)
}

fn partials(checked: &Checked, data: &Data, periods: &[Period]) -> Vec<Partial> {
    let request = Request { periods: periods.to_vec(), ..Request::default() };
    calculate(checked, &plan(checked, &request).unwrap(), data).unwrap().partials
}

fn state(checked: &Checked, data: &Data, period: Period) -> State {
    partials(checked, data, &[period]).remove(0).state
}

/// The sum of a period's parts.
fn summed(checked: &Checked, data: &Data, parts: &[Period]) -> State {
    let states = partials(checked, data, parts).into_iter().map(|partial| partial.state);
    states.reduce(State::combine).unwrap()
}

fn every(kind: PeriodKind) -> Vec<Period> {
    let last = Period::of(kind, first() + Days::new(1500)).unwrap();
    Period::range(Period::of(kind, first()).unwrap(), last).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Every event is in exactly one month, quarter, financial, calendar and academic year: all of a kind together
    /// count each record once.
    #[test]
    fn no_two_periods_of_one_kind_count_one_event(rows in cases(), kind in 0usize..KINDS.len()) {
        let (count, held) = (additive(0), rows.len());
        let all = summed(&count, &whole(rows.clone()), &every(KINDS[kind]));
        prop_assert_eq!(all, State::Counted { numerator: held as u64, denominator: None });
        for row in rows.into_iter().take(3) {
            let of_one = partials(&count, &whole(vec![row]), &every(KINDS[kind]));
            let counted = of_one.iter().filter(|partial| {
                partial.state == State::Counted { numerator: 1, denominator: None }
            });
            prop_assert_eq!(counted.count(), 1);
        }
    }

    /// A year is the sum of its quarters and months, and a rolling window of the base periods that make it up.
    #[test]
    fn a_longer_period_is_the_sum_of_its_parts(rows in cases(), which in 0usize..ADDITIVE.len(), back in 0i64..9) {
        let (checked, data) = (additive(which), whole(rows));
        let quarter: Period = "2011-12 Q1".parse().unwrap();
        let quarter = quarter.shift(-back).unwrap();
        let window = quarter.rolling_12_months().unwrap();
        let year = Period::of(PeriodKind::FinancialYear, quarter.first_day()).unwrap();
        let academic = Period::of(PeriodKind::AcademicYear, quarter.first_day()).unwrap();
        for (longer, part) in [
            (window, PeriodKind::Quarter),
            (window, PeriodKind::Month),
            (year, PeriodKind::Quarter),
            (year, PeriodKind::Month),
            (academic, PeriodKind::Month),
            (quarter, PeriodKind::Month),
        ] {
            let parts = longer.parts(part).unwrap();
            prop_assert_eq!(state(&checked, &data, longer), summed(&checked, &data, &parts), "{} of {}s", longer, part);
        }
    }

    /// What is open on a day is never added up over time: a year has the stock of its last day.
    #[test]
    fn a_stock_is_that_of_the_last_day(rows in cases(), year in 2009i32..2012) {
        let (stock, data) = (stock(), whole(rows));
        let year = Period::financial_year(year).unwrap();
        let last = Period::snapshot(year.last_day()).unwrap();
        let quarter = *year.parts(PeriodKind::Quarter).unwrap().last().unwrap();
        let of_year = state(&stock, &data, year);
        prop_assert_eq!(&of_year, &state(&stock, &data, last));
        prop_assert_eq!(&of_year, &state(&stock, &data, quarter));
        prop_assert_eq!(&of_year, &state(&stock, &data, year.rolling_12_months().unwrap()));
    }

    /// Split over authorities in any way, added up in any order and grouping, the figures are those of the whole.
    #[test]
    fn split_returns_merge_to_the_whole(
        rows in cases(),
        homes in proptest::collection::vec(0usize..4, 30),
        which in 0usize..ADDITIVE.len(),
        turn in 0usize..4,
        left_first in any::<bool>(),
    ) {
        let checked = additive(which);
        let period: Period = "2010-11".parse().unwrap();
        let of_whole = state(&checked, &whole(rows.clone()), period);
        let mut homes_of: BTreeMap<usize, Vec<Row>> = (0..4).map(|home| (home, Vec::new())).collect();
        for (row, home) in rows.iter().zip(homes.iter().cycle()) {
            homes_of.get_mut(home).unwrap().push(row.clone());
        }
        let mut split = Data::default();
        for (home, rows) in homes_of {
            split.returns.extend(data(&format!("area {home}"), rows, Cover::UNLIMITED).returns);
        }
        split.returns.rotate_left(turn);
        let mut states: Vec<State> =
            partials(&checked, &split, &[period]).into_iter().map(|partial| partial.state).collect();
        states.rotate_left(turn);
        let [a, b, c, d] = <[State; 4]>::try_from(states).unwrap();
        let merged = if left_first {
            a.combine(b).combine(c).combine(d)
        } else {
            a.combine(b.combine(d.combine(c)))
        };
        prop_assert_eq!(&merged, &of_whole);
        let printed = |data: &Data| -> Vec<Outcome> {
            observations(&checked, data, "2010-11", false).into_iter().map(|seen| seen.cell.outcome).collect()
        };
        prop_assert_eq!(printed(&split), printed(&whole(rows)));
    }

    /// Rolling, quarterly and annual views never mix. Whatever is asked of whatever cycle, every figure is the plain
    /// one of the period that it stands under; no period stands there twice; and each period that was asked for
    /// is found, under its own name or as one that a figure is shown for.
    #[test]
    fn views_never_mix(
        rows in cases(),
        stock in any::<bool>(),
        cycle in prop_oneof![
            Just("quarter"), Just("financial-year"), Just("calendar-year"), Just("academic-year"), Just("snapshot(03-31)")
        ],
        between in 0usize..4,
        asked in proptest::collection::vec((0usize..KINDS.len() + 2, 400u64..1400), 1..8),
    ) {
        let rule = if stock { "when = { open = [\"opened\", \"closed\"] }" } else { "when = { date = \"opened\" }" };
        let fitting = if stock { "snapshot-now" } else { "rolling-12-months" };
        let between = [fitting, "last-known", "not-due", ""][between];
        let head = if between.is_empty() {
            format!("cycle = \"{cycle}\"")
        } else {
            format!("cycle = \"{cycle}\"\nbetween = \"{between}\"")
        };
        let kind = if stock { "stock" } else { "count" };
        let checked = checked_as(kind, &head, rule);
        let plain = checked_as(kind, "cycle = \"quarter\"", rule);
        let data = whole(rows);
        let kinds = [KINDS.as_slice(), &[PeriodKind::Rolling12Months, PeriodKind::Snapshot]].concat();
        let asked: Vec<Period> =
            asked.into_iter().map(|(kind, n)| Period::of(kinds[kind], first() + Days::new(n)).unwrap()).collect();
        let found = run(&checked, &data, &asked);
        let mut stands: Vec<Period> = found.iter().map(|seen| seen.period).collect();
        stands.dedup();
        prop_assert_eq!(stands.len(), found.len(), "no period stands there twice");
        for seen in &found {
            let kind = seen.period.kind();
            match seen.shown.view {
                View::NotDue => {
                    prop_assert_eq!(seen.cell.outcome.code(), "not-yet-due");
                    continue;
                }
                View::Rolling12Months => prop_assert_eq!(kind, PeriodKind::Rolling12Months),
                View::SnapshotNow => prop_assert_eq!(kind, PeriodKind::Snapshot),
                View::LastKnown => prop_assert!(cycle.starts_with("snapshot") == (kind == PeriodKind::Snapshot)),
                View::Plain => prop_assert!(asked.contains(&seen.period)),
            }
            let of_itself = run(&plain, &data, &[seen.period]).remove(0);
            prop_assert_eq!(&seen.cell, &of_itself.cell, "{}", seen.period);
        }
        for period in asked {
            let shows = found.iter().filter(|seen| seen.period == period || seen.shown.periods.contains(&period));
            prop_assert!(shows.count() >= 1, "{} is not answered", period);
        }
    }
}

fn run(checked: &Checked, data: &Data, periods: &[Period]) -> Vec<Observation> {
    let request = Request { periods: periods.to_vec(), ..Request::default() };
    finish(checked, &calculate(checked, &plan(checked, &request).unwrap(), data).unwrap()).observations
}
