//! Versions: each period by the one that holds, a break where two do, and parts added up where that is exact.

use super::*;
use crate::calculate::version::{Chosen, version_of};
use crate::result::Reason;
use crate::value::Exact;

const HEAD: &str = "polarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";

fn versioned(kind: &str, versions: &str) -> Checked {
    let indicator = format!("id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\n{HEAD}{versions}");
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", CASES),
        ("indicators/i.toml", indicator.as_str()),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

/// 7 days until the end of 2010, then 10 days; nothing before 2009.
fn limits(join: &str, counted: &str) -> Checked {
    versioned(
        "proportion",
        &format!(
            r#"
[clock.c]
start = "opened"
stop  = "closed"
limit = "7 days"

[[version]]
from = 2009-01-01
to   = 2010-12-31
[version.calculation]
from = "cases"
when = {{ date = "closed" }}
{counted}
numerator = "within(c)"

[[version]]
from   = 2011-01-01
reason = "ten days from 2011"
{join}
[version.calculation]
from = "cases"
when = {{ date = "closed" }}
{counted}
numerator = "within(c)"
[version.clock.c]
start = "opened"
stop  = "closed"
limit = "10 days"
"#
        ),
    )
}

fn of(checked: &Checked, rows: Vec<Row>, period: &str) -> Observation {
    observations(checked, &data("A", rows, Cover::UNLIMITED), period, false).remove(0)
}

fn rows() -> Vec<Row> {
    vec![
        case("a", "2010-12-01", "2010-12-08"),
        case("b", "2010-12-01", "2010-12-09"),
        case("c", "2011-01-01", "2011-01-11"),
        case("d", "2011-01-01", "2011-01-12"),
    ]
}

#[test]
fn each_period_is_calculated_by_the_version_that_holds() {
    let checked = limits("", "");
    assert_eq!(counts(&of(&checked, rows(), "2010-11 Q3")), "1/2 = 50.0", "7 days");
    assert_eq!(counts(&of(&checked, rows(), "2010-11 Q4")), "1/2 = 50.0", "10 days");
    assert_eq!(counts(&of(&checked, rows(), "Dec 2010")), "1/2 = 50.0");
    assert_eq!(counts(&of(&checked, rows(), "Jan 2011")), "1/2 = 50.0");
}

#[test]
fn a_period_across_two_versions_is_a_break() {
    let found = of(&limits("", ""), rows(), "2010-11");
    assert_eq!(found.cell.outcome, Outcome::Absent(Reason::Break));
}

#[test]
fn before_the_first_version_nothing_is_reported_and_why() {
    assert_eq!(
        counts(&of(&limits("", ""), rows(), "2007-08")),
        "not reported: the definition begins on 1 January 2009"
    );
    assert_eq!(of(&limits("", ""), rows(), "2008-09").cell.outcome, Outcome::Absent(Reason::Break));
}

#[test]
fn joined_versions_add_each_part_by_its_own_rule() {
    let found = of(&limits("join = true", ""), rows(), "2010-11");
    assert_eq!(counts(&found), "2/4 = 50.0", "b is late by 7 days, d by 10");
    assert!(found.cell.flags.contains(&Flag::Break), "and it is marked");
    assert!(!found.cell.flags.contains(&Flag::PartlyCovered));
    assert_eq!(found.cell.coverage.days, None);
}

#[test]
fn what_is_counted_once_is_counted_once_across_a_join() {
    let checked = limits("join = true", "counted = \"distinct child\"");
    let twice = vec![case("a", "2010-12-01", "2010-12-09"), case("a", "2011-01-01", "2011-01-05")];
    assert_eq!(counts(&of(&checked, twice, "2010-11")), "1/1 = 100.0", "the better of its two");
}

#[test]
fn a_date_that_cannot_be_read_is_counted_once_across_a_join() {
    let mut lost = case("a", "2010-12-01", "");
    lost.values[2] = Datum::Rejected;
    let found = of(&limits("join = true", ""), vec![lost], "2010-11");
    assert_eq!(found.cell.notes.get(&Note::Unknown), Some(&1));
}

#[test]
fn a_cover_that_ends_inside_a_joined_period_is_said() {
    let checked = limits("join = true", "");
    let with = |cover| observations(&checked, &data("A", rows(), cover), "2010-11", false).remove(0);
    let found = with(cover("2010-12-05", "2011-03-31"));
    assert!(found.cell.flags.contains(&Flag::PartlyCovered));
    assert_eq!(found.cell.coverage.days, Some(Days { first: d("2010-12-05"), last: d("2011-03-31") }));
    assert_eq!(
        counts(&with(cover("2010-04-01", "2010-12-31"))),
        "not reported: outside what the return can speak for"
    );
}

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_first_period_of_a_new_version_is_marked_and_no_other() {
    let checked = limits("", "");
    let marked = |period| of(&checked, rows(), period).cell.flags.contains(&Flag::Break);
    assert!(marked("2010-11 Q4"));
    assert!(!marked("2011-12 Q1"));
    assert!(!marked("2010-11 Q3"));
    assert!(!marked("2008-09 Q4"), "the first period of all goes on from nothing");
    assert!(marked("2011-12"), "the year before it was a break");
}

#[test]
fn a_stock_is_of_the_version_of_its_last_day() {
    let stock = |population: &str, range: &str| {
        format!(
            "[[version]]\n{range}\n[version.calculation]\nfrom = \"cases\"\nwhen = {{ open = [\"opened\", \"closed\"] }}\npopulation = \"{population}\"\n"
        )
    };
    let versions =
        stock("yes", "to = 2010-12-31") + &stock("TRUE", "from = 2011-01-01\nreason = \"all of them\"");
    let checked = versioned("stock", &versions);
    let rows = || vec![case("a", "2010-01-01", ""), with(case("b", "2010-01-01", ""), 3, Value::Bool(true))];
    assert_eq!(counts(&of(&checked, rows(), "2010")), "1/- = 1.0");
    assert_eq!(counts(&of(&checked, rows(), "2010-11")), "2/- = 2.0", "no break: a stock is of one day");
}

#[test]
fn a_window_that_reaches_into_the_version_before_is_a_break() {
    let versions = "[[version]]\nto = 2010-12-31\n[version.calculation]\nfrom = \"cases\"\nwhen = { date = \"closed\" }\n[[version]]\nfrom = 2011-01-01\nreason = \"r\"\n[version.calculation]\nfrom = \"cases\"\nwhen = { date = \"closed\" }\nwindow = \"12 months\"\n";
    let checked = versioned("count", versions);
    assert_eq!(of(&checked, rows(), "2010-11 Q4").cell.outcome, Outcome::Absent(Reason::Break));
    assert_eq!(counts(&of(&checked, rows(), "2011-12 Q3")), "2/- = 2.0");
}

#[test]
fn joined_totals_add_up_side_by_side() {
    let total = |filter: &str, range: &str| {
        format!(
            "[[version]]\n{range}\n[version.calculation]\n[version.calculation.numerator]\nfrom = \"cases\"\nwhen = {{ date = \"closed\" }}\nwhere = \"{filter}\"\nmeasure = \"count()\"\n[version.calculation.denominator]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\nmeasure = \"count()\"\n"
        )
    };
    let versions = total("child = 'a'", "to = 2010-12-31")
        + &total("child <> 'a'", "from = 2011-01-01\nreason = \"r\"\njoin = true");
    let found = of(&versioned("ratio-pct", &versions), rows(), "2010-11");
    assert_eq!(counts(&found), "3/4 = 75.0", "a of the first part, c and d of the second");
    assert!(found.cell.flags.contains(&Flag::Break));
}

#[test]
fn open_cases_are_of_the_version_of_the_last_day() {
    // Ten days to the end of March: the 21st is in time by the second version only.
    let rows = vec![case("a", "2011-03-22", ""), case("b", "2011-03-20", "")];
    let found = of(&limits("join = true", ""), rows, "2010-11");
    let open = |note| found.cell.notes.get(&note).copied();
    assert_eq!((open(Note::OpenInTime), open(Note::OpenLate)), (Some(1), Some(1)));
}

#[test]
fn why_says_which_version_decided() {
    let checked = limits("join = true", "");
    let data = data("A", rows(), Cover::UNLIMITED);
    let told = |key: &str, period: &str| {
        let found = why(&checked, &data, "i", key, &[period.parse().unwrap()]).unwrap();
        found.into_iter().filter(|case| case.standing != Standing::NotInPeriod).collect::<Vec<_>>()
    };
    let b = told("b", "2010-11");
    assert_eq!(b.len(), 1);
    assert!(b[0].words.contains("on day 8, limit 7"), "{}", b[0].words);
    assert!(b[0].words.ends_with("(by the version from 1 January 2009)"), "{}", b[0].words);
    let d = told("d", "2010-11");
    assert!(d[0].words.contains("on day 11, limit 10"), "{}", d[0].words);
    let broken = why(&limits("", ""), &data, "i", "b", &["2010-11".parse().unwrap()]).unwrap();
    assert_eq!(broken[0].standing, Standing::NotInPeriod);
    assert!(
        broken[0].words.starts_with("no figure for 2010-11: the definition changed"),
        "{}",
        broken[0].words
    );
}

#[test]
fn a_definition_without_versions_has_one_for_all_days() {
    let plain = checked("count", "when = { date = \"closed\" }\n");
    for period in ["1910", "2010-11", "2199"] {
        let Chosen::One(version) = version_of(plain.indicator("i").unwrap(), period.parse().unwrap()) else {
            panic!("{period}");
        };
        assert_eq!((version.from(), version.to()), (None, None));
    }
}

#[test]
fn a_link_that_only_an_earlier_version_asks_about_leads_somewhere() {
    let checked = versioned(
        "count",
        r#"
[[version]]
to = 2010-12-31
[version.calculation]
from = "cases"
when = { date = "opened" }
population = "count(others) = 2"

[[version]]
from   = 2011-01-01
reason = "all cases from 2011"
[version.calculation]
from = "cases"
when = { date = "opened" }
"#,
    );
    let rows = vec![case("a", "2010-05-01", ""), case("a", "2010-05-02", ""), case("b", "2010-05-03", "")];
    let found = of(&checked, rows, "2010-11 Q1").cell.outcome;
    assert!(
        matches!(&found, Outcome::Figure { numerator: Some(two), .. } if *two == Exact::from(2u64)),
        "{found:?}"
    );
}
