//! Open cases beside a timeliness figure, and a clock of an indicator on one record.

use std::collections::BTreeMap;

use super::*;
use crate::calculate::clock::{ClockError, Standing as Stands, clock};
use crate::calculate::why::open_cases;

const WITHIN: &str = "when = { date = \"closed\" }\nnumerator = \"within(c)\"\n";
const CLOCK: &str = "[clock.c]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"10 days\"\n";

fn open_of(found: &Observation) -> (Option<u64>, Option<u64>) {
    let of = |note| found.cell.notes.get(&note).copied();
    (of(Note::OpenInTime), of(Note::OpenLate))
}

fn open(more: &str, rows: Vec<Row>) -> (Option<u64>, Option<u64>) {
    open_of(&one(&checked("proportion", &format!("{WITHIN}{more}")), rows))
}

#[test]
fn open_cases_stand_beside_the_figure() {
    // The period ends on 30 June 2010: ten days before is the 20th.
    let rows = vec![
        case("in time", "2010-06-20", ""),
        case("late", "2010-06-19", ""),
        case("closed on the day", "2010-06-01", "2010-06-30"),
        case("closed after it", "2010-06-01", "2010-07-01"),
        case("begun after it", "2010-07-01", ""),
        case("no start", "", ""),
    ];
    let found = one(&checked("proportion", &format!("{WITHIN}{CLOCK}")), rows);
    assert_eq!(counts(&found), "0/1 = 0.0");
    assert_eq!(open_of(&found), (Some(1), Some(2)));
}

#[test]
fn nothing_open_is_said_and_is_not_the_same_as_not_known() {
    assert_eq!(open(CLOCK, Vec::new()), (Some(0), Some(0)));
    let checked = checked("proportion", &format!("{WITHIN}{CLOCK}"));
    // A table that speaks for events and not for who was open on that day.
    let stocks = Some(Days { first: day_of("2010-07-31"), last: day_of("2010-07-31") });
    let data = data("A", vec![case("a", "2010-06-20", "")], Cover { stocks, ..Cover::UNLIMITED });
    let found = observations(&checked, &data, "2010-11 Q1", false);
    assert_eq!(open_of(&found[0]), (None, None));
}

fn day_of(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_rejected_stop_is_not_open() {
    let mut row = case("a", "2010-06-20", "");
    row.values[2] = Datum::Rejected;
    assert_eq!(open(CLOCK, vec![row]), (Some(0), Some(0)));
}

#[test]
fn the_definition_says_which_rows_without_a_stop_still_run() {
    let rows = || vec![with(case("a", "2010-06-20", ""), 3, Value::Bool(true)), case("b", "2010-06-01", "")];
    assert_eq!(open(CLOCK, rows()), (Some(1), Some(1)));
    assert_eq!(open(&format!("{CLOCK}open = \"yes\"\n"), rows()), (Some(1), Some(0)));
    assert_eq!(open(&format!("population = \"yes\"\n{CLOCK}"), rows()), (Some(1), Some(0)));
    assert_eq!(open(&format!("exclude = \"yes\"\n{CLOCK}"), rows()), (Some(0), Some(1)));
}

#[test]
fn open_rows_are_counted_as_the_figure_counts() {
    let rows = || vec![case("a", "2010-06-20", ""), case("a", "2010-06-01", ""), case("b", "2010-06-01", "")];
    assert_eq!(open(CLOCK, rows()), (Some(1), Some(2)), "rows");
    let distinct = format!("counted = \"distinct child, closed\"\n{CLOCK}");
    assert_eq!(open(&distinct, rows()), (Some(1), Some(1)), "children, the better of their rows");
}

#[test]
fn a_clock_that_the_numerator_does_not_ask_counts_nothing() {
    let found = one(
        &checked(
            "proportion",
            "when = { date = \"closed\" }\nnumerator = \"yes\"\n[clock.c]\nstart = \"opened\"\nstop = \"closed\"\nlimit = \"10 days\"\n",
        ),
        Vec::new(),
    );
    assert_eq!(open_of(&found), (None, None));
    let off = "when = { date = \"closed\" }\nnumerator = \"(FALSE AND within(c)) OR yes\"\n";
    assert_eq!(open_of(&one(&checked("proportion", &format!("{off}{CLOCK}")), Vec::new())), (None, None));
}

type Record = BTreeMap<String, Datum>;

fn record(opened: &str, closed: &str) -> Record {
    [("opened".to_owned(), day(opened)), ("closed".to_owned(), day(closed))].into()
}

#[test]
fn a_clock_is_read_as_the_figure_reads_it() {
    let checked = checked("proportion", &format!("{WITHIN}{CLOCK}"));
    let on = |record: &Record, day| clock(&checked, "i", None, record, day_of(day)).unwrap();
    assert_eq!(on(&record("2010-06-01", "2010-06-11"), "2010-07-01").standing, Stands::MetInTime);
    assert_eq!(on(&record("2010-06-01", "2010-06-12"), "2010-07-01").standing, Stands::MetLate);
    assert_eq!(on(&record("2010-06-01", ""), "2010-06-11").standing, Stands::OnTimeSoFar);
    assert_eq!(on(&record("2010-06-01", ""), "2010-06-12").standing, Stands::AlreadyLate);
    assert_eq!(on(&record("2010-06-01", ""), "2010-05-12").standing, Stands::NotYetDue);
    assert_eq!(on(&record("2010-06-01", "2010-05-31"), "2010-07-01").standing, Stands::CannotBeJudged);
    assert_eq!(on(&record("2010-06-01", ""), "2010-06-04").day_reached, Some(3));
    assert_eq!(on(&record("2010-06-01", ""), "2010-06-04").due, Some(day_of("2010-06-11")));
}

#[test]
fn a_clock_that_cannot_be_read_says_why() {
    let single = checked("proportion", &format!("{WITHIN}{CLOCK}"));
    let asked = |checked: &Checked, id, name, record: &Record| {
        clock(checked, id, name, record, day_of("2010-06-01")).unwrap_err().to_string()
    };
    let plain = record("2010-06-01", "");
    assert_eq!(asked(&single, "j", None, &plain), "no indicator is called 'j'; did you mean 'i'?");
    assert_eq!(asked(&single, "i", Some("d"), &plain), "'i' has no clock 'd'; it has c");
    let wrong: Record = [("openned".to_owned(), Datum::Missing)].into();
    assert_eq!(
        asked(&single, "i", None, &wrong),
        "the dataset 'cases' has no field 'openned'; did you mean 'opened'?"
    );
    let text: Record = [("opened".to_owned(), Datum::Known(Value::Text("2010-06-01".into())))].into();
    assert_eq!(asked(&single, "i", None, &text), "the field 'opened' is a text, and the clock needs a date");
    let without = checked("count", "when = { date = \"closed\" }\n");
    assert!(matches!(
        clock(&without, "i", None, &plain, day_of("2010-06-01")),
        Err(ClockError::NoClock { .. })
    ));
    let two = checked("proportion", &format!("{WITHIN}{CLOCK}{}", CLOCK.replace("clock.c", "clock.d")));
    assert_eq!(asked(&two, "i", None, &plain), "'i' has several clocks; name one of c, d");
    assert!(clock(&two, "i", Some("d"), &plain, day_of("2010-06-01")).is_ok());
}

#[test]
fn the_list_behind_the_two_counts_names_the_day_due() {
    let checked = checked("proportion", &format!("{WITHIN}{CLOCK}"));
    let rows = vec![
        case("a", "2010-06-20", ""),
        case("b", "2010-06-19", "2010-07-05"),
        case("c", "2010-06-19", "2010-06-20"),
    ];
    let data = data("A", rows, Cover::UNLIMITED);
    let found = open_cases(&checked, &data, "i", "2010-11 Q1".parse().unwrap()).unwrap();
    let said: Vec<(&str, Standing)> = found.iter().map(|c| (c.key.as_str(), c.standing)).collect();
    assert_eq!(said, [("a", Standing::OpenInTime), ("b", Standing::OpenLate)]);
    assert_eq!(
        found[0].words,
        "the day the case closed still open on day 10, limit 10 (due Wednesday 30 June 2010)"
    );
    assert!(found[1].words.starts_with("the day the case closed still open on day 11"), "{}", found[1].words);
}
