//! One definition, several inputs: records, a partner's counts, or a mix.

use super::*;
use crate::calculate::partner_counts;
use crate::record::counted_register;
use crate::result::{Reason, Results};

const Q1: &str = "2010-11 Q1";

const COUNTS: &str = r#"
id = "partner_count"
title = "Counts"
carried_by = "partner-count-register"
holder = "council"
area = "area"
row = "a count"
field = [
  { name = "indicator", type = "text" }, { name = "area", type = "text" }, { name = "period", type = "text" },
  { name = "agency", type = "text" }, { name = "numerator", type = "number" }, { name = "denominator", type = "number" },
]
"#;

fn counted(kind: &str, calculation: &str) -> Checked {
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n\
         [calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\n{calculation}"
    );
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", CASES),
        ("datasets/partner_count.toml", COUNTS),
        ("indicators/i.toml", indicator.as_str()),
    ];
    let (checked, found) = check(read(files).0);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn events() -> Checked {
    counted("count", "")
}

fn results(checked: &Checked, data: &Data, by: &[&str]) -> Results {
    let by = by.iter().map(|name| (*name).to_owned()).collect();
    let request = Request { periods: vec![Q1.parse().unwrap()], by, ..Request::default() };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, data).unwrap())
}

/// Two cases of A, and counts of others.
fn records_and(rows: &[[&str; 6]]) -> Data {
    let mut all = data("A", vec![case("x", "2010-04-05", ""), case("y", "2010-05-06", "")], Cover::UNLIMITED);
    all.returns.push(counted_register("counts.csv", None, rows));
    all
}

fn shown(results: &Results) -> Vec<String> {
    let of = |seen: &Observation| {
        let coverage = &seen.cell.coverage;
        format!("{}: {}, {} of {}", seen.area, counts(seen), coverage.reported, coverage.expected)
    };
    results.observations.iter().map(of).collect()
}

#[test]
fn records_of_one_area_and_counts_of_another_are_added_up() {
    let mixed = records_and(&[["i", "B", Q1, "-", "3", "-"], ["i", "C", Q1, "-", "4", "-"]]);
    let results_of = |by: &[&str]| results(&events(), &mixed, by);
    assert_eq!(shown(&results_of(&[])), ["all: 9/- = 9.0, 3 of 3"]);
    assert_eq!(
        shown(&results_of(&["area"])),
        ["A: 2/- = 2.0, 1 of 1", "B: 3/- = 3.0, 1 of 1", "C: 4/- = 4.0, 1 of 1"]
    );
    assert_eq!(results_of(&[]).made_of.counts.used, 2);
}

#[test]
fn counts_alone_are_a_figure() {
    let alone =
        Data { returns: vec![counted_register("counts.csv", None, &[["i", "B", Q1, "-", "3", "-"]])] };
    assert_eq!(shown(&results(&events(), &alone, &[])), ["B: 3/- = 3.0, 1 of 1"]);
    assert_eq!(periods_inside(&alone), [Q1.parse::<Period>().unwrap()]);
    let share = counted("proportion", "numerator = \"yes\"");
    let alone = Data { returns: vec![counted_register("c", None, &[["i", "B", Q1, "-", "3", "4"]])] };
    assert_eq!(shown(&results(&share, &alone, &[])), ["B: 3/4 = 75.0, 1 of 1"]);
}

#[test]
fn beside_records_of_the_same_area_nothing_is_added_twice() {
    let both = records_and(&[["i", "A", Q1, "-", "3", "-"]]);
    let found = results(&events(), &both, &[]);
    assert_eq!(shown(&found), ["A: 2/- = 2.0, 1 of 1"]);
    assert_eq!(found.made_of.counts.used, 0);
    let stands: Vec<_> = found.made_of.counts.records_stand.iter().map(|of| of.1.as_str()).collect();
    assert_eq!(stands, ["A"]);
}

#[test]
fn counts_stand_where_records_say_nothing() {
    let mut without = records_and(&[["i", "A", Q1, "-", "3", "-"]]);
    let cover = Days { first: "2011-04-01".parse().unwrap(), last: "2012-03-31".parse().unwrap() };
    without.returns[0].tables.get_mut("cases").unwrap().cover = Cover::all(cover);
    let found = results(&events(), &without, &[]);
    assert_eq!(shown(&found), ["A: 3/- = 3.0, 1 of 1"], "the records' cover does not reach the period");
    without.returns.truncate(1);
    assert_eq!(
        shown(&results(&events(), &without, &[])),
        ["A: not reported: outside what the return can speak for, 0 of 1"]
    );
}

#[test]
fn agencies_of_one_area_are_added_up_and_what_one_hides_hides_the_sum() {
    let of = |second: &str| {
        let rows = [["i", "B", Q1, "police", "3", "-"], ["i", "B", Q1, "health", second, "-"]];
        Data { returns: vec![counted_register("counts.csv", None, &rows)] }
    };
    assert_eq!(shown(&results(&events(), &of("4"), &[])), ["B: 7/- = 7.0, 1 of 1"]);
    let hidden = results(&events(), &of("*"), &[]);
    assert_eq!(hidden.observations[0].cell.outcome, Outcome::Absent(Reason::Suppressed));
}

#[test]
fn contradictory_counts_are_listed_with_their_place_and_count_for_nothing() {
    let share = counted("proportion", "numerator = \"yes\"");
    let rows = [
        ["i", "B", Q1, "-", "5", "4"],
        ["j", "B", Q1, "-", "1", "4"],
        ["i", "C", Q1, "-", "1", "-"],
        ["i", "D", "2010-12", "-", "1", "4"],
        ["i", "E", Q1, "-", "1", "4"],
    ];
    let given = Data { returns: vec![counted_register("counts.csv", None, &rows)] };
    let found = partner_counts(&share, &given);
    let faults: Vec<String> =
        found.faults.iter().map(|fault| format!("{} {} {}", fault.record, fault.field, fault.code)).collect();
    assert_eq!(
        faults,
        [
            "1 numerator more-than-all",
            "2 indicator unknown-indicator",
            "3 numerator wrong-for-kind",
            "4 period bad-period"
        ]
    );
    assert_eq!(shown(&results(&share, &given, &[])), ["E: 1/4 = 25.0, 1 of 1"]);
}

proptest! {
    /// However records are shared out between an authority's own and a partner's counts of the same, the sum is one.
    #[test]
    fn a_mix_adds_up_as_records_do(areas in proptest::collection::vec((0u64..5, any::<bool>()), 1..5)) {
        let mut all = Data::default();
        let mut rows = Vec::new();
        for (place, (cases, by_counts)) in areas.iter().enumerate() {
            let area = format!("E{place}");
            if *by_counts {
                rows.push(["i".to_owned(), area, Q1.to_owned(), "-".to_owned(), cases.to_string(), "-".to_owned()]);
            } else {
                let own = (0..*cases).map(|n| case(&format!("{n}"), "2010-04-05", "")).collect();
                all.returns.extend(data(&area, own, Cover::UNLIMITED).returns);
            }
        }
        let rows: Vec<[&str; 6]> = rows.iter().map(|row| std::array::from_fn(|at| row[at].as_str())).collect();
        all.returns.push(counted_register("counts.csv", None, &rows));
        let found = results(&events(), &all, &[]);
        let total: u64 = areas.iter().map(|(cases, _)| cases).sum();
        prop_assert_eq!(counts(&found.observations[0]), format!("{total}/- = {total}.0"));
        prop_assert_eq!(found.observations[0].cell.coverage.reported as usize, areas.len());
    }
}
