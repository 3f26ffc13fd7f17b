//! The bench's workload W at a small size: the engine and the kernel by hand count what a plain loop over rows and periods
//! counts.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../benches/w/mod.rs"]
#[allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::inline_always,
    reason = "the bench uses the rest, and its kernel is as tight as it gets"
)]
mod w;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use staysafe::calendar::{Calendar, add_months};
use staysafe::period::Period;

use w::counts::Counts;
use w::data::{BLANK, Maker, Rows, UNKNOWN_MILES};
use w::days::date;
use w::definitions::{COUNTERS, Size, framework, passes, periods, planned};
use w::tables::SEED;

const ROWS: usize = 6_000;

#[test]
fn the_engine_counts_what_a_plain_loop_counts() {
    for (size, count) in [(Size::Fourteen, 40), (Size::FiftySix, 40), (Size::Fourteen, 120)] {
        let periods = periods(count).unwrap();
        let checked = framework(size).unwrap();
        let plan = planned(&checked, &periods).unwrap();
        let data = w::ours::loaded(&checked, Rows::of(ROWS)).unwrap();
        let watch = staysafe::progress::Watch::nobody();
        let partials =
            staysafe_arrow::calculate_loaded(&checked, &plan, &data, &w::ours::work(&watch, 2)).unwrap();
        let ours = Counts::of(&partials, size, &periods).unwrap();
        let plain = plain(size, &periods);
        assert_eq!(ours.differences(&plain), Vec::<String>::new(), "{size:?} in {count} periods");
        if size == Size::Fourteen {
            let tables = w::hand::Tables::new(Rows::of(ROWS));
            for threads in [1, 3] {
                let by_hand = w::hand::count(&tables, &w::hand::Plan::new(&periods).unwrap(), threads);
                assert_eq!(by_hand.differences(&plain), Vec::<String>::new(), "by hand in {count} periods");
            }
        }
        for (counter, name) in COUNTERS.iter().enumerate() {
            let all: i64 = plain.all.iter().skip(counter).step_by(COUNTERS.len()).sum();
            assert!(all > 0, "{name} counts something");
        }
    }
}

#[test]
fn records_are_the_same_in_pieces() {
    let maker = Maker::new(Rows::of(1_000), SEED);
    let whole = maker.episodes(0..600);
    let (mut first, second) = (maker.episodes(0..77), maker.episodes(77..600));
    first.start.extend(second.start);
    assert_eq!(first.start, whole.start);
    let mut children: BTreeMap<i64, usize> = BTreeMap::new();
    whole.child.iter().for_each(|child| *children.entry(*child).or_default() += 1);
    assert_eq!(children.values().max(), Some(&7), "every row of a child is somewhere, once");
}

/// Each row and each period by itself, by the words of the definitions.
fn plain(size: Size, periods: &[Period]) -> Counts {
    let mut counts = Counts::new(size, periods.len());
    let maker = Maker::new(Rows::of(ROWS), SEED);
    let filters: Vec<usize> = (0..size.filters().len()).collect();
    let takes = |filter: usize, ethnicity: u8| size == Size::Fourteen || passes(filter, ethnicity);
    let calendar = Calendar::england_and_wales();
    let known = |day: i32| (day != BLANK).then(|| date(day).unwrap());
    let named = |name: &str| COUNTERS.iter().position(|counter| *counter == name).unwrap();
    let mut count = |ethnicity: u8, area: u8, period: usize, what: &[(&str, bool)]| {
        for filter in filters.iter().filter(|filter| takes(**filter, ethnicity)) {
            for (name, _) in what.iter().filter(|(_, holds)| *holds) {
                let place = counts.place(area.into(), period, *filter, named(name));
                counts.all[place] += 1;
            }
        }
    };
    let of = maker.journeys(0..Rows::of(ROWS).journeys);
    for row in 0..of.area.len() {
        let [referral, previous, assessment, s47, conference] =
            [&of.referral, &of.previous, &of.assessment, &of.s47, &of.conference]
                .map(|days| known(days[row]));
        let took = |from: Option<NaiveDate>, to: Option<NaiveDate>| calendar.working_days(from?, to?).ok();
        let (area, ethnicity) = (of.area[row], of.ethnicity[row]);
        for (number, period) in periods.iter().enumerate() {
            let inside = |day: Option<NaiveDate>| day.is_some_and(|day| period.contains(day));
            if inside(referral) {
                let again = previous.is_some_and(|day| day >= add_months(referral.unwrap(), -12).unwrap());
                let what =
                    [("referrals", true), ("re_referrals", again), ("referrals_to_s47", s47.is_some())];
                count(ethnicity, area, number, &what);
            }
            if inside(assessment) {
                let within = |limit| took(referral, assessment).is_some_and(|days| days <= limit);
                let what = [
                    ("assessments", true),
                    ("assessments_in_45", within(45)),
                    ("assessments_in_10", within(10)),
                ];
                count(ethnicity, area, number, &what);
            }
            if inside(s47) {
                count(
                    ethnicity,
                    area,
                    number,
                    &[("s47s", true), ("s47s_to_conference", conference.is_some())],
                );
            }
            if inside(conference) {
                let in_time = took(s47, conference).is_some_and(|days| days <= 15);
                count(ethnicity, area, number, &[("conferences", true), ("conferences_in_15", in_time)]);
            }
        }
    }
    let of = maker.plans(0..Rows::of(ROWS).plans);
    for row in 0..of.area.len() {
        let [start, end, review] = [&of.start, &of.end, &of.review].map(|days| known(days[row]));
        let (area, ethnicity, start) = (of.area[row], of.ethnicity[row], start.unwrap());
        for (number, period) in periods.iter().enumerate() {
            let last = period.last_day();
            if start <= last && end.is_none_or(|end| end > last) {
                let recent = review.is_some_and(|day| day <= last && (last - day).num_days() <= 183);
                count(ethnicity, area, number, &[("plans_open", true), ("plans_reviewed", recent)]);
            }
            if period.contains(start) {
                let again = of.before[row] > 0;
                count(ethnicity, area, number, &[("plans_begun", true), ("plans_repeated", again)]);
            }
            if end.is_some_and(|end| period.contains(end)) {
                let long = add_months(start, 24).unwrap() <= end.unwrap();
                count(ethnicity, area, number, &[("plans_ended", true), ("plans_of_two_years", long)]);
            }
        }
    }
    let of = maker.episodes(0..Rows::of(ROWS).episodes);
    let mut children: BTreeMap<(u8, i64), (u8, Vec<NaiveDate>)> = BTreeMap::new();
    for row in 0..of.area.len() {
        let (start, end) = (known(of.start[row]).unwrap(), known(of.end[row]));
        let (area, ethnicity) = (of.area[row], of.ethnicity[row]);
        let child = children.entry((area, of.child[row])).or_insert((ethnicity, Vec::new()));
        assert_eq!(child.0, ethnicity, "a child is of one ethnic group");
        child.1.push(start);
        let far = of.miles[row] != UNKNOWN_MILES && of.miles[row] > 20;
        for (number, period) in periods.iter().enumerate() {
            let last = period.last_day();
            if start <= last && end.is_none_or(|end| end > last) {
                count(ethnicity, area, number, &[("placements_open", true), ("placements_far", far)]);
            }
        }
    }
    for ((area, _), (ethnicity, mut starts)) in children {
        starts.sort_unstable();
        starts.dedup();
        for (number, period) in periods.iter().enumerate() {
            let last = period.last_day();
            let inside = |day: &&NaiveDate| **day <= last && add_months(**day, 12).unwrap() > last;
            let moved = starts.iter().filter(inside).count() >= 3;
            count(ethnicity, area, number, &[("children_moved", moved)]);
        }
    }
    counts
}
