//! The engine gives what the reference gives, cell by cell, notes included: the shipped definitions on any records.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "engine/records.rs"]
mod records;

use std::collections::BTreeSet;

use proptest::prelude::*;
use staysafe::calculate::calculate;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::period::Period;
use staysafe::plan::{Request, plan};
use staysafe::record::Data;

fn framework() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    check(framework).0.unwrap()
}

fn periods() -> Vec<Period> {
    ["2009-10 Q4", "2010-11 Q1", "2010-11", "12 months to 31 Dec 2010", "Apr 2010", "30 Sep 2010"]
        .into_iter()
        .map(|label| label.parse().unwrap_or_else(|error| panic!("{label}: {error}")))
        .collect()
}

/// Fails with the first cell that differs.
fn same(checked: &Checked, request: &Request, data: &Data) {
    let plan = plan(checked, request).unwrap();
    let expected = calculate(checked, &plan, data);
    let found = staysafe_arrow::calculate(checked, &plan, data);
    let (expected, found) = match (expected, found) {
        (Ok(expected), Ok(found)) => (expected, found),
        (expected, found) => {
            assert_eq!(expected.map(|_| ()), found.map(|_| ()));
            return;
        }
    };
    for (expected, found) in expected.partials.iter().zip(&found.partials) {
        assert_eq!(found, expected, "the engine's beside the reference's");
    }
    assert_eq!(found, expected);
}

/// What can be loaded in columns gives the same, several returns of an authority among it.
fn same_from_columns(checked: &Checked, request: &Request, mut data: Data) {
    let plan = plan(checked, request).unwrap();
    let mut carried: BTreeSet<(String, String)> = BTreeSet::new();
    data.returns.retain_mut(|of| {
        let area = of.area.clone();
        of.tables.retain(|id, _| carried.insert((area.clone(), id.clone())));
        records::columns(checked, &Data { returns: vec![of.clone()] }).is_some()
    });
    let loaded = records::loaded(checked, &plan, &data).unwrap();
    assert_eq!(loaded, staysafe_arrow::calculate(checked, &plan, &data).unwrap());
}

/// All indicators of the framework, on made records of a few areas, kept apart in one of a few ways.
fn agrees(seed: u64, rows: u64, beyond_cover: bool, by: usize) {
    let checked = framework();
    let areas: Vec<String> =
        checked.framework().areas.keys().take(3).cloned().chain(["X9".to_owned()]).collect();
    let ways: [&[&str]; 4] = [&[], &["area"], &["area", "ethnicity"], &["region", "sex"]];
    let by = ways[by].iter().map(|name| (*name).to_owned()).collect();
    let request = Request { periods: periods(), by, beyond_cover, readings: true, indicators: Vec::new() };
    same(&checked, &request, &records::data(&checked, &areas, rows, seed));
    let few = records::data(&checked, &areas, rows.min(4), seed);
    same_from_columns(&checked, &request, few);
}

/// Of the rows of one key, all of them out, one holds a code that is none in its year: the latest of them says in which
/// category that is noted, though it adds nothing itself.
#[test]
fn a_row_that_adds_nothing_says_where_an_unmapped_code_is_noted() {
    agrees(11_172_811_955_525_462_262, 9, false, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn on_any_records_the_engine_agrees(seed in any::<u64>(), rows in 1u64..14, beyond_cover in any::<bool>(), by in 0usize..4) {
        agrees(seed, rows, beyond_cover, by);
    }
}
