//! Every published table beside the project is read whole, and its rates and totals are worked out again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::collections::BTreeMap;

use staysafe::published::{Agreement, Why, recompute};
use staysafe::value::Withheld;
use staysafe_io::{PublishedOptions, ReadPublished, read_published};

fn tables(test: &str) -> Option<BTreeMap<String, ReadPublished>> {
    let folder = common::shared(test, "data/dfe-published")?;
    let reads = read_published(&[folder], &PublishedOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    Some(reads.into_iter().map(|read| (read.table.name.clone(), read)).collect())
}

/// A file, its rows, columns of figures and numbers, and its figures withheld by why.
type Counts = (&'static str, usize, usize, u64, &'static [(&'static str, u64)]);

/// Counted by other means than this library.
const COUNTED: &[Counts] = &[
    ("OC2_2010.csv", 163, 54, 6856, &[("suppressed", 1946)]),
    ("SFR21_2011_CLA.csv", 163, 49, 6830, &[("suppressed", 1157)]),
    ("SFR27_2010_March.csv", 162, 23, 2816, &[("suppressed", 910)]),
    ("SFR32_2012_absence.csv", 163, 35, 5489, &[("not-applicable", 28), ("suppressed", 188)]),
    (
        "cla_number_and_rate_per_10k_children.csv",
        2505,
        3,
        7365,
        &[("not-applicable", 96), ("not-available", 48), ("suppressed", 6)],
    ),
];

#[test]
fn every_table_is_read_whole() {
    let Some(tables) = tables("every_table_is_read_whole") else { return };
    for (name, read) in &tables {
        assert!(read.account.is_complete(), "{name}: {:?}", read.account);
        assert_eq!(read.account.missing, 0, "{name}");
        assert_eq!(read.account.cells, cells_of(name), "{name}");
    }
    for (name, rows, columns, numbers, withheld) in COUNTED {
        let read = &tables[*name];
        let found = read.table.counted();
        assert_eq!((read.table.rows.len(), read.table.columns.len()), (*rows, *columns), "{name}");
        assert_eq!(found, (*numbers, withheld.iter().copied().collect()), "{name}");
        assert_eq!(read.rejects, [], "{name}");
        assert!(read.table.rows.iter().all(|row| !row.place.name.is_empty()), "{name}");
    }
}

/// How many cells a file holds, by counting separators outside quotation marks.
fn cells_of(name: &str) -> u64 {
    let path = common::shared("cells", &format!("data/dfe-published/{name}")).unwrap();
    let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    let mut quoted = false;
    let separators = text.chars().filter(|c| {
        quoted ^= *c == '"';
        *c == ',' && !quoted
    });
    (separators.count() + text.lines().count()) as u64
}

#[test]
fn places_and_periods_are_those_of_the_table() {
    let Some(tables) = tables("places_and_periods_are_those_of_the_table") else { return };
    let levels = |name: &str| {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for row in &tables[name].table.rows {
            *found.entry(row.place.level.to_string()).or_default() += 1;
        }
        found.into_iter().map(|(level, rows)| format!("{level} {rows}")).collect::<Vec<_>>()
    };
    assert_eq!(levels("OC2_2010.csv"), ["local authority 151", "national 1", "regional 11"]);
    assert_eq!(levels("SFR21_2011_CLA.csv"), ["local authority 151", "national 1", "regional 11"]);
    assert_eq!(levels("SFR27_2010_March.csv"), ["local authority 152", "national 1", "regional 9"]);
    assert_eq!(levels("SFR32_2012_absence.csv"), ["local authority 151", "national 1", "regional 11"]);
    assert_eq!(
        levels("cla_number_and_rate_per_10k_children.csv"),
        ["local authority 2325", "national 15", "regional 165"]
    );
    // 921 is England in one column and the Isle of Wight in another.
    let absence = &tables["SFR32_2012_absence.csv"].table;
    let isle = absence.rows.iter().find(|row| row.place.name == "Isle of Wight").unwrap();
    assert_eq!((isle.place.known_as(), isle.place.region.as_deref()), ("E06000046", Some("J")));
    let period = |name: &str, header: &str| {
        let columns = &tables[name].table.columns;
        let column = columns.iter().find(|column| column.header == header).unwrap();
        column.period.as_ref().map(ToString::to_string)
    };
    assert_eq!(period("SFR32_2012_absence.csv", "Overall_ab_2010").as_deref(), Some("2009/10 academic"));
    assert_eq!(period("SFR27_2010_March.csv", "MarTotal_2010").as_deref(), Some("31 Mar 2010"));
    assert_eq!(period("SFR27_2010_March.csv", "Mid2009Pop0-17"), None, "mid-2009 is no 31 March");
    let rows = &tables["cla_number_and_rate_per_10k_children.csv"].table.rows;
    assert_eq!(rows[0].period.as_ref().unwrap().to_string(), "2023-24");
}

#[test]
fn rates_and_totals_agree_wherever_rounding_allows() {
    let Some(tables) = tables("rates_and_totals_agree_wherever_rounding_allows") else { return };
    for (name, ..) in COUNTED {
        let read = &tables[*name];
        let again = recompute(&read.table);
        let differing: Vec<_> =
            again.comparisons.iter().filter(|one| one.agreement == Agreement::Differs).collect();
        assert!(differing.is_empty(), "{name}: {differing:#?}");
        for one in &again.comparisons {
            if matches!(one.agreement, Agreement::Cannot(Why::SuppressedPart(_))) {
                assert_eq!(one.from_parts, None, "{name}, line {}: a sum of some is no total", one.line);
                assert!(one.between.is_some(), "{name}, line {}: but what is known of it is said", one.line);
            }
        }
        let tallies = again.tallies();
        let judged: u64 = tallies.iter().map(|tally| tally.agree + tally.cannot.values().sum::<u64>()).sum();
        assert_eq!(
            judged,
            again.comparisons.len() as u64,
            "{name}: every figure is in one column of the tally"
        );
        assert!(tallies.iter().any(|tally| tally.agree > 0), "{name}");
    }
}

#[test]
fn every_published_rate_is_worked_out_again() {
    let Some(tables) = tables("every_published_rate_is_worked_out_again") else { return };
    let read = &tables["cla_number_and_rate_per_10k_children.csv"];
    let again = recompute(&read.table);
    assert_eq!(again.rules[0].text, "rate_per_10000 = number ÷ population_estimate × 10000");
    let tally = &again.tallies()[0];
    assert_eq!((tally.agree, tally.differ, tally.cannot.clone()), (2454, 0, [("not-published", 51)].into()));
    let withheld = |wanted: Withheld| {
        let is = |one: &&staysafe::published::Comparison| {
            one.rule == 0 && one.agreement == Agreement::Cannot(Why::NotPublished(wanted))
        };
        again.comparisons.iter().filter(is).count()
    };
    assert_eq!((withheld(Withheld::NotApplicable), withheld(Withheld::Suppressed)), (48, 3));

    // Without its layout the same pair is found by its headers.
    let mut unknown = read.table.clone();
    unknown.layout = staysafe::published::Layout::default();
    let by_name = recompute(&unknown);
    assert_eq!(by_name.rules[0].text, again.rules[0].text);
    assert_eq!((by_name.tallies()[0].agree, by_name.tallies()[0].differ), (2454, 0));
}

#[test]
fn figures_stand_beside_the_indicators_that_they_are_of() {
    let Some(tables) = tables("figures_stand_beside_the_indicators_that_they_are_of") else { return };
    let found = staysafe::published::comparators(&tables["cla_number_and_rate_per_10k_children.csv"].table);
    assert_eq!(found.len(), 4 * 835, "every row once, and the rate of those looked after");
    let of = |indicator: &str, area: &str, period: &str| {
        let is = |one: &&staysafe::published::Compared| {
            one.indicator == indicator
                && one.place.known_as() == area
                && one.period.as_ref().is_some_and(|told| told.to_string() == period)
        };
        let all: Vec<_> = found.iter().filter(is).collect();
        assert_eq!(all.len(), 1, "{indicator} {area} {period}");
        let number = all[0].value.number().map(|number| number.value.to_string());
        number.unwrap_or_else(|| all[0].value.withheld().unwrap().code().to_owned())
    };
    assert_eq!(of("cs-21", "E92000001", "31 Mar 2024"), "70");
    assert_eq!(of("cs-20", "E92000001", "31 Mar 2024"), "83630");
    assert_eq!(of("ctx-looked-after-started", "E92000001", "2023-24"), "33050");
    assert_eq!(of("cs-21", "E10000006", "31 Mar 2024"), "not-applicable", "Cumbria was divided in 2023");
    let framework = staysafe::definition::read::read(staysafe_lscb::FILES.iter().copied()).0;
    for layout in staysafe_io::known_layouts() {
        for comparator in &layout.comparator {
            assert!(framework.indicators.contains_key(&comparator.indicator), "{}", comparator.indicator);
        }
    }
}

/// A slip in one figure is found: the test above could fail.
#[test]
fn a_figure_that_is_changed_is_found() {
    let Some(tables) = tables("a_figure_that_is_changed_is_found") else { return };
    let mut table = tables["cla_number_and_rate_per_10k_children.csv"].table.clone();
    let planted = staysafe::value::Supplied::read("71", table.convention);
    table.rows[1].cells[2] = planted;
    let again = recompute(&table);
    let differing: Vec<u64> = again
        .comparisons
        .iter()
        .filter(|one| one.agreement == Agreement::Differs)
        .map(|one| one.line)
        .collect();
    assert_eq!(differing, [table.rows[1].line], "83,630 of 11,998,646 is 69.7 per 10,000, published as 70");
}
