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
    counted_when(kind, "date = \"opened\"", calculation)
}

fn counted_when(kind: &str, when: &str, calculation: &str) -> Checked {
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n\
         [calculation]\nfrom = \"cases\"\nwhen = {{ {when} }}\n{calculation}"
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
    results_of(checked, data, Q1, by)
}

fn results_of(checked: &Checked, data: &Data, period: &str, by: &[&str]) -> Results {
    let by = by.iter().map(|name| (*name).to_owned()).collect();
    let request = Request { periods: vec![period.parse().unwrap()], by, ..Request::default() };
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

/// What an agency counted in the quarters of 2010-11, from the first on; `-` where it told nothing.
fn quarters<'a>(agency: &'a str, counts: [&'a str; 4]) -> Vec<[&'a str; 6]> {
    let named = ["2010-11 Q1", "2010-11 Q2", "2010-11 Q3", "2010-11 Q4"].into_iter().zip(counts);
    named.filter(|(_, n)| *n != "-").map(|(quarter, n)| ["i", "B", quarter, agency, n, "-"]).collect()
}

fn year(checked: &Checked, rows: &[[&str; 6]]) -> String {
    year_of(checked, rows, "2010-11")
}

fn year_of(checked: &Checked, rows: &[[&str; 6]], period: &str) -> String {
    let given = Data { returns: vec![counted_register("counts.csv", None, rows)] };
    let found = results_of(checked, &given, period, &[]);
    let flags: Vec<&str> = found.observations[0].cell.flags.iter().map(crate::result::Flag::code).collect();
    format!("{} {}", shown(&found).join("; "), flags.join(" ")).trim_end().to_owned()
}

#[test]
fn quarters_of_events_are_a_year_where_every_agency_told_all_of_them() {
    let police = quarters("police", ["1", "2", "3", "4"]);
    assert_eq!(year(&events(), &police), "B: 10/- = 10.0, 1 of 1");
    assert_eq!(year_of(&events(), &police, "12 months to 31 Mar 2011"), "B: 10/- = 10.0, 1 of 1");
    let both = [police.clone(), quarters("health", ["5", "0", "0", "0"])].concat();
    assert_eq!(year(&events(), &both), "B: 15/- = 15.0, 1 of 1");
    let one_lacks = [police.clone(), quarters("health", ["5", "-", "0", "-"])].concat();
    assert_eq!(year(&events(), &one_lacks), "B: 15/- = 15.0, 6 of 8 partly-reported");
    assert_eq!(
        year(&events(), &quarters("police", ["1", "2", "-", "4"])),
        "B: 7/- = 7.0, 3 of 4 partly-reported"
    );
    // What an agency tells of the year itself stands, and its quarters are not added to it.
    let told = [police.clone(), vec![["i", "B", "2010-11", "police", "11", "-"]]].concat();
    assert_eq!(year(&events(), &told), "B: 11/- = 11.0, 1 of 1");
    // Months beside the quarter they are in are not counted twice, and make up the one that is not there.
    let months =
        ["Apr 2010", "Jul 2010", "Aug 2010", "Sep 2010"].map(|month| ["i", "B", month, "police", "1", "-"]);
    let mixed = [quarters("police", ["9", "-", "3", "4"]), months.to_vec()].concat();
    assert_eq!(year(&events(), &mixed), "B: 19/- = 19.0, 1 of 1");
    let share = counted("proportion", "numerator = \"yes\"");
    let of = |quarter, above, below| ["i", "B", quarter, "police", above, below];
    let rows = [
        of("2010-11 Q1", "1", "2"),
        of("2010-11 Q2", "0", "10"),
        of("2010-11 Q3", "0", "0"),
        of("2010-11 Q4", "1", "8"),
    ];
    assert_eq!(year(&share, &rows), "B: 2/20 = 10.0, 1 of 1", "never a mean of shares");
}

#[test]
fn a_year_of_which_a_quarter_is_hidden_is_hidden() {
    let hidden = quarters("police", ["1", "*", "3", "4"]);
    assert_eq!(year(&events(), &hidden), "B: hidden to protect individuals, 1 of 1");
    let both = [hidden, quarters("health", ["5", "0", "0", "0"])].concat();
    assert_eq!(year(&events(), &both), "B: hidden to protect individuals, 1 of 1");
}

#[test]
fn children_counted_once_are_not_added_over_quarters_and_a_stock_is_that_of_the_last_day() {
    let children = counted("count", "counted = \"distinct child\"");
    let police = quarters("police", ["1", "2", "3", "4"]);
    assert_eq!(year(&children, &police), "all: not reported: no return was given, 0 of 0");
    let told = [police.clone(), vec![["i", "B", "2010-11", "health", "5", "-"]]].concat();
    assert_eq!(year(&children, &told), "B: 5/- = 5.0, 4 of 8 partly-reported", "the police are not in it");
    let days = counted("count", "counted = \"distinct child, opened\"");
    assert_eq!(year(&days, &police), "B: 10/- = 10.0, 1 of 1", "a day is in one quarter");
    let asks = counted("count", "population = \"closed IS NULL OR closed > period_last_day\"");
    assert_eq!(
        year(&asks, &police),
        "all: not reported: no return was given, 0 of 0",
        "another question each quarter"
    );
    let open = counted_when("stock", "open = [\"opened\", \"closed\"]", "");
    assert_eq!(year(&open, &police), "B: 4/- = 4.0, 1 of 1");
    let both = [police, quarters("health", ["5", "5", "5", "-"])].concat();
    assert_eq!(year(&open, &both), "B: 4/- = 4.0, 4 of 8 partly-reported");
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
