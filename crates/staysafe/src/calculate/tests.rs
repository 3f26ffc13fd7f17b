//! The reference evaluator held to the rules it states.

mod by;
mod codes;
mod dated;
mod expected;
mod finished;
mod mixed;
mod open;
mod readings;
mod suppressed;
mod survey;
mod truth;
mod versions;
mod whole;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::why::{Standing, cases, why};
use super::{CalculateError, calculate, finish};
use crate::calendar::Days;
use crate::check::{Checked, check};
use crate::definition::read::read;
use crate::period::Period;
use crate::plan::{Request, periods_inside, plan};
use crate::record::{Cover, Data, Return, Row, Submission, Table};
use crate::result::{Flag, Interval, Note, Observation, Outcome};
use crate::value::{Datum, Value};

const FRAMEWORK: &str = "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n";
const AGENCIES: &str = "[[agency]]\nid = \"council\"\nname = \"Council\"\n";
const CASES: &str = r#"
id = "cases"
title = "Cases"
carried_by = "cases"
holder = "council"
area = "given"
row = "a case"
field = [
  { name = "child", type = "text", personal = true, words = "the child" },
  { name = "opened", type = "date", words = "the day the case opened" },
  { name = "closed", type = "date", words = "the day the case closed" },
  { name = "yes", type = "yes/no" },
  { name = "flagged", type = "yes/no", missing = "no" },
  { name = "score", type = "whole number" },
  { name = "team", type = "text" },
]
link = [{ name = "others", to = "cases", on = { child = "child" } }]
"#;

fn checked(kind: &str, calculation: &str) -> Checked {
    checked_as(kind, "cycle = \"quarter\"", calculation)
}

/// An indicator of a kind with more said of it than its calculation.
pub(super) fn checked_as(kind: &str, head: &str, calculation: &str) -> Checked {
    let indicator = format!(
        "id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"neutral\"\n{head}\nholder = \"council\"\n[calculation]\nfrom = \"cases\"\n{calculation}"
    );
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

fn day(text: &str) -> Datum {
    if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Date(text.parse().unwrap())) }
}

pub(super) fn case(child: &str, opened: &str, closed: &str) -> Row {
    let values = vec![
        Datum::Known(Value::Text(child.into())),
        day(opened),
        day(closed),
        Datum::Missing,
        Datum::Missing,
        Datum::Missing,
        Datum::Missing,
    ];
    Row { values, origin: 1 }
}

pub(super) fn with(mut row: Row, field: usize, value: Value) -> Row {
    row.values[field] = Datum::Known(value);
    row
}

pub(super) fn data(area: &str, rows: Vec<Row>, cover: Cover) -> Data {
    let fields = ["child", "opened", "closed", "yes", "flagged", "score", "team"].map(Into::into).to_vec();
    let table = Table { fields, rows, cover };
    Data {
        returns: vec![Return {
            name: format!("{area}.csv"),
            kind: "cases".to_owned(),
            area: area.to_owned(),
            reference_date: None,
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: [("cases".to_owned(), table)].into(),
        }],
    }
}

pub(super) fn observations(
    checked: &Checked,
    data: &Data,
    period: &str,
    beyond_cover: bool,
) -> Vec<Observation> {
    let request = Request {
        periods: vec![period.parse().unwrap()],
        beyond_cover,
        by: Vec::new(),
        ..Request::default()
    };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, data).unwrap()).observations
}

fn one(checked: &Checked, rows: Vec<Row>) -> Observation {
    let found = observations(checked, &data("A", rows, Cover::UNLIMITED), "2010-11 Q1", false);
    assert_eq!(found.len(), 1);
    found.into_iter().next().unwrap()
}

fn counts(found: &Observation) -> String {
    match &found.cell.outcome {
        Outcome::Figure { value, numerator, denominator } => format!(
            "{}/{} = {}",
            numerator.map_or("-".to_owned(), |n| n.to_string()),
            denominator.map_or("-".to_owned(), |n| n.to_string()),
            value.to_places(1)
        ),
        Outcome::Absent(reason) => reason.words(),
    }
}

fn cover(first: &str, last: &str) -> Cover {
    Cover::all(Days { first: first.parse().unwrap(), last: last.parse().unwrap() })
}

/// The one truth table: a, b, `a AND b`, `a OR b`, `NOT a`; `?` is unknown, `n` a blank that means no.
#[test]
fn the_truth_table_is_kleene_s() {
    let table = [
        "t t t t f",
        "t f f t f",
        "t ? ? t f",
        "f t f t t",
        "f f f f t",
        "f ? f ? t",
        "? t ? t ?",
        "? f f ? ?",
        "? ? ? ? ?",
    ];
    let truths = |text: &str| match text {
        "t" => "TRUE",
        "f" => "FALSE",
        _ => "score > 1",
    };
    for line in table {
        let [a, b, and, or, not] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (left, right) = (truths(a), truths(b));
        for (predicate, wanted) in [
            (format!("({left}) AND ({right})"), and),
            (format!("({left}) OR ({right})"), or),
            (format!("NOT ({left})"), not),
        ] {
            let checked = checked(
                "proportion",
                &format!("when = {{ date = \"opened\" }}\nnumerator = \"{predicate}\""),
            );
            let found = one(&checked, vec![case("a", "2010-04-01", "")]);
            let numerator = counts(&found).starts_with("1/1");
            let unknown = found.cell.notes.contains_key(&Note::Unknown);
            let got = if numerator {
                "t"
            } else if unknown {
                "?"
            } else {
                "f"
            };
            assert_eq!(got, wanted, "{predicate} in the line {line}");
        }
    }
}

#[test]
fn a_blank_that_means_no_is_false_in_every_place() {
    for (predicate, wanted) in [
        ("flagged", "0/1"),
        ("NOT flagged", "1/1"),
        ("flagged = FALSE", "1/1"),
        ("flagged <> TRUE", "1/1"),
        ("flagged IS NULL", "1/1"),
        ("yes", "0/1"),
    ] {
        let checked =
            checked("proportion", &format!("when = {{ date = \"opened\" }}\nnumerator = \"{predicate}\""));
        let found = one(&checked, vec![case("a", "2010-04-01", "")]);
        assert!(counts(&found).starts_with(wanted), "{predicate}: {}", counts(&found));
        assert_eq!(
            found.cell.notes.contains_key(&Note::Unknown),
            predicate == "yes",
            "only an unknown is counted"
        );
    }
}

#[test]
fn an_interval_is_open_up_to_the_day_before_its_end() {
    let stock = checked("stock", "when = { open = [\"opened\", \"closed\"] }");
    let rows = vec![
        case("starts that day", "2010-06-30", ""),
        case("ends that day", "2010-04-01", "2010-06-30"),
        case("ends the day after", "2010-04-01", "2010-07-01"),
        case("starts the day after", "2010-07-01", ""),
    ];
    assert_eq!(counts(&one(&stock, rows)), "2/- = 2.0");
}

#[test]
fn an_end_that_cannot_be_read_is_not_an_open_case() {
    let stock = checked("stock", "when = { open = [\"opened\", \"closed\"] }");
    let mut row = case("a", "2010-04-01", "");
    row.values[2] = Datum::Rejected;
    let found = one(&stock, vec![row]);
    assert_eq!(counts(&found), "0/- = 0.0");
    assert_eq!(found.cell.notes[&Note::Unknown], 1);
}

#[test]
fn dates_that_contradict_each_other_are_counted_where_they_matter() {
    let stock = checked("stock", "when = { open = [\"opened\", \"closed\"] }");
    let found =
        one(&stock, vec![case("a", "2010-08-01", "2010-05-01"), case("b", "2009-08-01", "2009-05-01")]);
    assert_eq!(found.cell.notes.get(&Note::Contradictory), Some(&1), "only the one that spans 30 June");
}

#[test]
fn cover_decides_what_can_be_said() {
    let count = checked("count", "when = { date = \"opened\" }");
    let rows = vec![case("a", "2010-04-02", ""), case("b", "2010-05-20", ""), case("c", "2010-06-02", "")];
    let of =
        |cover, beyond| observations(&count, &data("A", rows.clone(), cover), "2010-11 Q1", beyond).remove(0);
    assert_eq!(counts(&of(cover("2010-04-01", "2010-06-30"), false)), "3/- = 3.0");
    let part = of(cover("2010-05-01", "2010-05-31"), false);
    assert_eq!((counts(&part).as_str(), part.cell.flags.contains(&Flag::PartlyCovered)), ("1/- = 1.0", true));
    assert_eq!(part.cell.coverage.days.unwrap().first, "2010-05-01".parse::<NaiveDate>().unwrap());
    let outside = of(cover("2011-05-01", "2011-05-31"), false);
    assert_eq!(counts(&outside), "not reported: outside what the return can speak for");
    let beyond = of(cover("2011-05-01", "2011-05-31"), true);
    assert_eq!(
        (counts(&beyond).as_str(), beyond.cell.flags.contains(&Flag::SurvivorsOnly)),
        ("3/- = 3.0", true)
    );
}

#[test]
fn silence_is_not_nought_and_an_empty_table_is() {
    let count = checked("count", "when = { date = \"opened\" }");
    assert_eq!(counts(&one(&count, Vec::new())), "0/- = 0.0");
    let mut silent = data("A", Vec::new(), Cover::UNLIMITED);
    silent.returns[0].tables.clear();
    let found = observations(&count, &silent, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "not reported: no return carries 'cases'");
    let mut without = data("A", Vec::new(), Cover::UNLIMITED);
    without.returns[0].tables.get_mut("cases").unwrap().fields.remove(1);
    let found = observations(&count, &without, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "not reported: no return carries 'cases.opened'");
    let none = observations(&count, &Data::default(), "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&none), "not reported: no return was given");
}

#[test]
fn distinct_children_are_counted_once_by_their_best_record() {
    let share = checked(
        "proportion",
        "when = { date = \"opened\" }\ncounted = \"distinct child\"\nnumerator = \"score >= 2\"",
    );
    let scored = |child, score| with(case(child, "2010-04-01", ""), 5, Value::Int(score));
    let found =
        one(&share, vec![scored("a", 1), scored("a", 3), scored("b", 1), case("c", "2010-04-01", "")]);
    assert_eq!(counts(&found), "1/3 = 33.3");
    assert_eq!(found.cell.notes[&Note::Unknown], 1, "c has no score");
}

#[test]
fn a_clock_tells_inverted_late_and_not_yet_due_apart() {
    let share = checked(
        "proportion",
        "when = { date = \"opened\" }\nnumerator = \"within(c)\"\n[clock.c]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"7 working days\"",
    );
    let rows = vec![
        // Due Wednesday 14 April 2010: Good Friday and Easter Monday are not working days.
        case("in time", "2010-04-01", "2010-04-14"),
        case("late", "2010-04-01", "2010-04-15"),
        case("inverted", "2010-04-01", "2010-03-31"),
        case("open and late", "2010-04-01", ""),
        case("open and not due", "2010-06-29", ""),
    ];
    let found = one(&share, rows.clone());
    assert_eq!(counts(&found), "1/5 = 20.0");
    assert_eq!(found.cell.notes[&Note::DatesInverted], 1);
    assert_eq!(found.cell.notes[&Note::NotYetDue], 1);
    let told = why(&share, &data("A", rows, Cover::UNLIMITED), "i", "late", &["2010-11 Q1".parse().unwrap()])
        .unwrap();
    assert_eq!(
        told[0].words,
        "not counted: the day the case closed on working day 8, limit 7 (due Wednesday 14 April 2010); Friday 2 April 2010, Monday 5 April 2010 are bank holidays"
    );
}

#[test]
fn the_cases_behind_a_figure_can_be_listed() {
    let share =
        checked("proportion", "when = { date = \"opened\" }\nnumerator = \"score > 1 AND team = 'x'\"");
    let row = with(with(case("a", "2010-04-01", ""), 5, Value::Int(3)), 6, Value::Text("y".into()));
    let records = data("A", vec![row, case("b", "2011-04-01", "")], Cover::UNLIMITED);
    let listed = cases(&share, &records, "i", "2010-11 Q1".parse().unwrap(), true).unwrap();
    assert_eq!(listed.len(), 1, "b is not of the period");
    assert_eq!((listed[0].key.as_str(), listed[0].standing), ("a", Standing::NotCounted));
    assert_eq!(
        listed[0].words, "not counted: it does not hold that team is ‘x’",
        "the clause that failed, not the one that held"
    );
}

#[test]
fn over_nothing_each_kind_says_its_own() {
    let of = |kind, more: &str| {
        counts(&one(&checked(kind, &format!("when = {{ date = \"opened\" }}\n{more}")), Vec::new()))
    };
    assert_eq!(of("count", ""), "0/- = 0.0");
    assert_eq!(of("proportion", "numerator = \"TRUE\""), "undefined: nothing below the line");
    assert_eq!(of("mean", "value = \"score\""), "nothing to measure");
    assert_eq!(of("median", "value = \"score\""), "nothing to measure");
}

#[test]
fn means_and_medians_are_exact() {
    let rows = || [1, 2, 2, 5].map(|n| with(case("a", "2010-04-01", ""), 5, Value::Int(n))).to_vec();
    let of = |kind| counts(&one(&checked(kind, "when = { date = \"opened\" }\nvalue = \"score\""), rows()));
    assert_eq!(of("mean"), "10/4 = 2.5");
    assert_eq!(of("median"), "-/4 = 2.0");
}

#[test]
fn the_kind_decides_the_interval() {
    let of = |kind: &str, more: &str, scores: &[i64]| {
        let checked = checked(kind, &format!("when = {{ date = \"opened\" }}\n{more}"));
        let rows = scores.iter().map(|n| with(case("a", "2010-04-01", ""), 5, Value::Int(*n))).collect();
        match one(&checked, rows).cell.interval {
            Interval::Limits { lower, upper, method } => {
                format!("{} to {} {}", lower.to_places(2), upper.to_places(2), method.code())
            }
            Interval::Without(why) => why.words().to_owned(),
        }
    };
    // Wilson for 3 of 11, exact Poisson for 4, Byar for 12, from the published formulas.
    let three_of_eleven = [9, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1];
    assert_eq!(of("proportion", "numerator = \"score > 5\"", &three_of_eleven), "9.75 to 56.56 wilson");
    assert_eq!(of("count", "", &[1; 4]), "1.09 to 10.24 exact-poisson");
    assert_eq!(of("count", "", &[1; 12]), "6.19 to 20.96 byar");
    assert_eq!(of("mean", "value = \"score\"", &[30, 40, 50, 60]), "24.46 to 65.54 student-t");
    assert_eq!(of("mean", "value = \"score\"", &[30]), "there are too few values");
    assert_eq!(of("median", "value = \"score\"", &[6, 1, 2, 5, 3, 4]), "1.00 to 6.00 order-statistics");
    assert_eq!(of("median", "value = \"score\"", &[1, 2, 3]), "there are too few values");
    assert_eq!(of("proportion", "numerator = \"score > 5\"", &[]), "there is no figure");
}

#[test]
fn a_child_of_two_categories_is_of_neither() {
    let split = checked(
        "distribution",
        "when = { date = \"opened\" }\ncounted = \"distinct child\"\ncategory = \"team\"",
    );
    let of = |child, team: &str| with(case(child, "2010-04-01", ""), 6, Value::Text(team.into()));
    let rows = vec![of("a", "x"), of("a", "y"), of("b", "x"), case("c", "2010-04-01", "")];
    let found = observations(&split, &data("A", rows, Cover::UNLIMITED), "2010-11 Q1", false);
    let shown: Vec<String> =
        found.iter().map(|o| format!("{} {}", o.category.clone().unwrap(), counts(o))).collect();
    assert_eq!(shown, ["unknown 2/3 = 66.7", "x 1/3 = 33.3"]);
}

#[test]
fn a_look_back_beyond_the_cover_is_counted_as_missing_history() {
    let again = checked(
        "proportion",
        "when = { date = \"opened\" }\nhistory = \"12 months\"\nnumerator = \"any(others AS o WHERE o.opened < this.opened AND add_months(o.opened, 12) >= this.opened)\"",
    );
    let rows = vec![case("a", "2010-04-05", ""), case("b", "2010-04-05", ""), case("b", "2010-06-05", "")];
    let records = data("A", rows, cover("2010-04-01", "2011-03-31"));
    let found = observations(&again, &records, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "1/3 = 33.3");
    assert_eq!(found.cell.notes[&Note::HistoryMissing], 2, "both first ones may have had an earlier one");
    assert!(found.cell.flags.contains(&Flag::PartlyCovered));
}

fn scored(child: &str, opened: &str, score: i64) -> Row {
    with(case(child, opened, ""), 5, Value::Int(score))
}

#[test]
fn a_score_is_the_latest_of_its_area_and_two_of_one_day_are_refused() {
    let score = checked("score", "when = { date = \"opened\" }\nvalue = \"score\"");
    let of = |rows| counts(&one(&score, rows));
    assert_eq!(of(vec![scored("a", "2010-06-01", 12), scored("b", "2010-04-01", 9)]), "-/- = 12.0");
    assert_eq!(of(vec![scored("a", "2010-06-01", 0)]), "-/- = 0.0", "0 is a score");
    assert_eq!(of(vec![scored("a", "2010-06-01", 5), scored("b", "2010-06-01", 5)]), "-/- = 5.0");
    assert_eq!(
        of(vec![scored("a", "2010-06-01", 14), scored("b", "2010-06-01", 12), scored("c", "2010-05-01", 3)]),
        "refused: 2 entries of 1 June 2010 differ: 12, 14"
    );
    assert_eq!(of(vec![scored("a", "2011-06-01", 14)]), "not reported: no entry in the period");
    let blank = one(&score, vec![case("a", "2010-06-01", "")]);
    assert_eq!(counts(&blank), "not reported: no entry in the period");
    assert_eq!(blank.cell.notes[&Note::Unknown], 1);
    assert_eq!(blank.cell.coverage.reported, 0, "an empty form is no report");
}

#[test]
fn what_is_told_is_told_of_one_area() {
    let score = checked("score", "when = { date = \"opened\" }\nvalue = \"score\"");
    let mut two = data("A", vec![scored("a", "2010-06-01", 12)], Cover::UNLIMITED);
    two.returns.extend(data("B", vec![scored("b", "2010-06-01", 14)], Cover::UNLIMITED).returns);
    let found = observations(&score, &two, "2010-11 Q1", false);
    let shown: Vec<String> = found.iter().map(|seen| format!("{} {}", seen.area, counts(seen))).collect();
    assert_eq!(shown, ["A -/- = 12.0", "B -/- = 14.0"], "scores are never added up");
}

#[test]
fn a_document_is_received_or_not_and_a_narrative_is_its_words() {
    let document = checked("document", "when = { date = \"opened\" }\npopulation = \"team = 'x'\"");
    let of = |team: &str| with(case("a", "2010-06-01", ""), 6, Value::Text(team.into()));
    assert_eq!(counts(&one(&document, vec![of("x"), of("x")])), "1/- = 1.0");
    assert_eq!(counts(&one(&document, vec![of("y")])), "not reported: no entry in the period");
    let asked = checked("document", "when = { date = \"opened\" }\nnumerator = \"team = 'x'\"");
    assert_eq!(counts(&one(&asked, vec![of("x")])), "1/- = 1.0");
    assert_eq!(counts(&one(&asked, vec![of("y")])), "0/- = 0.0", "it came, and not as it was asked for");
    assert_eq!(counts(&one(&asked, vec![of("x"), of("y")])), "refused: 2 entries of 1 June 2010 differ");
    let narrative = checked("narrative", "when = { date = \"opened\" }\ncategory = \"team\"");
    let told = one(&narrative, vec![of("in good order")]);
    assert_eq!((told.category.as_deref(), counts(&told).as_str()), (Some("in good order"), "1/- = 1.0"));
    assert_eq!(
        counts(&one(&narrative, vec![of("x"), of("y")])),
        "refused: 2 entries of 1 June 2010 differ",
        "words may name a child"
    );
}

#[test]
fn a_score_that_was_told_before_is_carried_to_where_it_is_not_due() {
    let head = "cycle = \"quarter\"\nbetween = \"last-known\"";
    let score = checked_as("score", head, "when = { date = \"opened\" }\nvalue = \"score\"");
    let records = data("A", vec![scored("a", "2010-02-01", 12)], Cover::UNLIMITED);
    let found = observations(&score, &records, "Aug 2010", false).remove(0);
    assert_eq!((found.period.to_string().as_str(), counts(&found).as_str()), ("2009-10 Q4", "-/- = 12.0"));
}

/// What an annual count says of quarters, one by one: outcome, the period it speaks of, where it is shown.
fn annual(between: &str, cover: Cover, periods: &[&str]) -> Vec<String> {
    let head = format!("cycle = \"financial-year\"\nbetween = \"{between}\"");
    let count = checked_as("count", &head, "when = { date = \"opened\" }");
    let rows = vec![case("a", "2008-06-01", ""), case("b", "2009-06-01", ""), case("c", "2010-06-01", "")];
    let periods = periods.iter().map(|period| period.parse().unwrap()).collect();
    let request = Request { periods, ..Request::default() };
    let plan = plan(&count, &request).unwrap();
    let found = finish(&count, &calculate(&count, &plan, &data("A", rows, cover)).unwrap()).observations;
    let said = |seen: &Observation| {
        let words = seen.shown.words().map_or_else(String::new, |words| format!(", {words}"));
        format!("{}: {}{words}", seen.period, counts(seen))
    };
    found.iter().map(said).collect()
}

#[test]
fn an_annual_measure_shows_in_a_quarter_what_its_definition_says() {
    let all = || Cover::UNLIMITED;
    assert_eq!(
        annual("rolling-12-months", all(), &["2010-11 Q1", "2010-11"]),
        [
            "12 months to 30 Jun 2010: 1/- = 1.0, rolling 12 months, shown for 2010-11 Q1",
            "2010-11: 1/- = 1.0"
        ]
    );
    assert_eq!(
        annual("not-due", all(), &["2010-11 Q1", "2010-11"]),
        ["2010-11 Q1: not yet due: it falls due on 31 March 2011", "2010-11: 1/- = 1.0"]
    );
    assert_eq!(
        annual("last-known", all(), &["2010-11 Q1", "2010-11 Q2", "2009-10 Q4", "2009-10"]),
        ["2009-10: 1/- = 1.0, shown for 2009-10 Q4, 2010-11 Q1, 2010-11 Q2 as well"],
        "carried to three quarters, counted once"
    );
}

#[test]
fn the_last_known_is_the_last_of_which_anything_is_known() {
    let until_2009 = cover("2007-04-01", "2009-03-31");
    assert_eq!(
        annual("last-known", until_2009, &["2010-11 Q2"]),
        ["2008-09: 1/- = 1.0, the last known, carried to 2010-11 Q2"]
    );
    let later = cover("2010-04-01", "2010-12-31");
    assert_eq!(
        annual("last-known", later, &["2010-11 Q2"]),
        [
            "2009-10: not reported: outside what the return can speak for, the last known, carried to 2010-11 Q2"
        ],
        "the year that lies wholly before the cover is not known"
    );
}

#[test]
fn what_is_not_due_says_first_that_it_cannot_be_had() {
    let count = checked_as(
        "count",
        "cycle = \"financial-year\"\nbetween = \"not-due\"",
        "when = { date = \"opened\" }",
    );
    let mut silent = data("A", Vec::new(), Cover::UNLIMITED);
    silent.returns[0].tables.clear();
    let found = observations(&count, &silent, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "not reported: no return carries 'cases'");
    let held = observations(&count, &data("A", Vec::new(), Cover::UNLIMITED), "2010-11 Q1", false).remove(0);
    assert_eq!((held.cell.coverage.reported, held.cell.coverage.expected), (0, 0), "nobody is late");
}

#[test]
fn misuse_is_an_error_and_says_where() {
    let count = checked("count", "when = { date = \"opened\" }");
    let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
    let plan = plan(&count, &request).unwrap();
    let mut twice = data("A", Vec::new(), Cover::UNLIMITED);
    twice.returns.extend(data("A", vec![case("a", "2010-04-01", "")], Cover::UNLIMITED).returns);
    assert!(matches!(calculate(&count, &plan, &twice), Err(CalculateError::NeitherIsLater { .. })));
    let mut wrong = data("A", vec![case("a", "2010-04-01", "")], Cover::UNLIMITED);
    wrong.returns[0].tables.get_mut("cases").unwrap().rows[0].values[1] = Datum::Known(Value::Int(3));
    assert_eq!(
        calculate(&count, &plan, &wrong).unwrap_err().to_string(),
        "A.csv: row 1 of 'cases': the field 'opened' is a date, and a whole number was given"
    );
}

#[test]
fn periods_inside_are_whole() {
    let records = data("A", Vec::new(), cover("2021-04-01", "2022-07-21"));
    let labels: Vec<String> = periods_inside(&records).iter().map(Period::to_string).collect();
    assert_eq!(labels, ["2021-22 Q1", "2021-22", "2021-22 Q2", "2021-22 Q3", "2021-22 Q4", "2022-23 Q1"]);
}

#[test]
fn below_a_threshold_a_figure_stands_with_its_mark() {
    let low = |quality: &str, scores: &[Option<i64>]| {
        let share = checked(
            "proportion",
            &format!("when = {{ date = \"opened\" }}\nnumerator = \"score > 1\"\n[quality]\n{quality}"),
        );
        let rows = scores.iter().map(|score| match score {
            Some(score) => with(case("a", "2010-04-01", ""), 5, Value::Int(*score)),
            None => case("a", "2010-04-01", ""),
        });
        let found = one(&share, rows.collect());
        assert!(matches!(found.cell.outcome, Outcome::Figure { .. }), "the value stands");
        found.cell.flags.contains(&Flag::LowReliability)
    };
    let known = |n: usize| vec![Some(2); n];
    assert!(low("minimum_denominator = 10", &known(9)));
    assert!(!low("minimum_denominator = 10", &known(10)));
    // 9 of 10 could be judged, although all 10 are in the denominator.
    let one_unknown = [known(9), vec![None]].concat();
    assert!(!low("minimum_completeness = \"0.9\"", &one_unknown));
    assert!(low("minimum_completeness = \"0.91\"", &one_unknown));
}

#[test]
fn more_than_one_in_a_hundred_outside_the_calendar_is_low_reliability() {
    let low = |quality: &str, inside: usize| {
        let share = checked(
            "proportion",
            &format!(
                "when = {{ date = \"opened\" }}\nnumerator = \"within(c)\"\n[clock.c]\nstart = \"closed\"\nstop = \"opened\"\nlimit = \"5000 working days\"\n{quality}"
            ),
        );
        let mut rows = vec![case("a", "2010-04-01", "2010-03-30"); inside];
        rows.push(case("a", "2010-04-02", "1970-01-01"));
        let found = one(&share, rows);
        let noted = found.cell.notes.get(&Note::OutsideCalendar).copied();
        (noted, found.cell.flags.contains(&Flag::LowReliability))
    };
    // The calendar does not reach back to 1970, and the part that it covers is shorter than the limit.
    assert_eq!(low("", 98), (Some(1), true), "1 of 99");
    assert_eq!(low("", 99), (Some(1), false), "1 of 100 is not above 1 in 100");
    assert_eq!(low("[quality]\nmaximum_outside_calendar = \"0.02\"", 98), (Some(1), false));
    assert_eq!(low("[quality]\nmaximum_outside_calendar = \"0.001\"", 99), (Some(1), true));
}

#[test]
fn an_authority_that_did_not_report_lowers_completeness() {
    let count = checked("count", "when = { date = \"opened\" }\n[quality]\nminimum_completeness = \"0.6\"");
    let mut two = data("A", vec![case("a", "2010-04-01", "")], Cover::UNLIMITED);
    let mut silent = data("B", Vec::new(), Cover::UNLIMITED);
    silent.returns[0].tables.clear();
    two.returns.extend(silent.returns);
    let found = observations(&count, &two, "2010-11 Q1", false).remove(0);
    assert_eq!(counts(&found), "1/- = 1.0");
    assert_eq!((found.cell.coverage.reported, found.cell.coverage.expected), (1, 2));
    assert!(found.cell.flags.contains(&Flag::PartlyReported));
    assert!(found.cell.flags.contains(&Flag::LowReliability), "1 of 2 is less than 0.6");
}

#[test]
fn what_is_not_nought_and_prints_so_is_marked() {
    let share = checked("proportion", "when = { date = \"opened\" }\nnumerator = \"score > 1\"");
    let scored = |score| with(case("a", "2010-04-01", ""), 5, Value::Int(score));
    let rows = |n: usize| std::iter::once(scored(2)).chain(std::iter::repeat_n(scored(1), n)).collect();
    assert!(
        !one(&share, rows(1999)).cell.flags.contains(&Flag::Low),
        "1 of 2,000 is 0.05, which prints as 0.1"
    );
    assert!(one(&share, rows(2000)).cell.flags.contains(&Flag::Low));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Neither the order of rows nor a split of the records over two authorities changes a figure.
    #[test]
    fn figures_do_not_depend_on_order_or_on_how_records_are_split(
        rows in proptest::collection::vec((0u8..6, 0i64..120, proptest::option::of(0i64..120)), 0..24),
        seed in any::<u64>(),
    ) {
        let stock = checked("stock", "when = { open = [\"opened\", \"closed\"] }\ncounted = \"distinct child\"");
        let first = NaiveDate::from_ymd_opt(2010, 3, 15).unwrap();
        let at = |days: i64| (first + chrono::Duration::days(days)).to_string();
        let made: Vec<Row> = rows
            .iter()
            .map(|(child, opened, lasted)| {
                let closed = lasted.map_or(String::new(), |lasted| at(opened + lasted));
                case(&format!("c{child}"), &at(*opened), &closed)
            })
            .collect();
        let whole = observations(&stock, &data("A", made.clone(), Cover::UNLIMITED), "2010-11 Q1", false);
        let mut turned = made.clone();
        turned.rotate_left(usize::try_from(seed % 7).unwrap().min(made.len()));
        turned.reverse();
        prop_assert_eq!(&observations(&stock, &data("A", turned, Cover::UNLIMITED), "2010-11 Q1", false), &whole);
        // Children of two authorities are different children: split by child, the sum is the same.
        let (a, b): (Vec<Row>, Vec<Row>) = made.into_iter().partition(|row| row.values[0] < Datum::Known(Value::Text("c3".into())));
        let mut split = data("A", a, Cover::UNLIMITED);
        split.returns.extend(data("B", b, Cover::UNLIMITED).returns);
        let added = observations(&stock, &split, "2010-11 Q1", false);
        prop_assert_eq!(&added[0].cell.outcome, &whole[0].cell.outcome);
    }
}
