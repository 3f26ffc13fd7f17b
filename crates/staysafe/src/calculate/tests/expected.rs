//! Several agencies that supply one dataset: what stands together, what replaces what, and k of n.

use super::*;
use crate::record::Status;
use crate::result::{NotReported, Reason};

const REGISTER: &str = r#"
id = "expected_return"
title = "Returns asked for"
carried_by = "expected"
holder = "council"
area = "given"
key = ["agency", "dataset", "area", "period"]
field = [
  { name = "agency", type = "text" }, { name = "dataset", type = "text" }, { name = "area", type = "text" },
  { name = "period", type = "text" }, { name = "due", type = "date" }, { name = "received", type = "date" },
  { name = "nil_declared", type = "yes/no" }, { name = "accepted", type = "yes/no" },
]
"#;

fn counted() -> Checked {
    let indicator = "id = \"i\"\ntitle = \"I\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \
                     \"council\"\n[calculation]\nfrom = \"cases\"\nwhen = { date = \"opened\" }\n";
    let keyed = CASES
        .replace("row = \"a case\"", "row = \"a case\"\nkey = [\"child\"]\ndates = { event = \"opened\" }");
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", AGENCIES),
        ("datasets/cases.toml", keyed.as_str()),
        ("datasets/expected_return.toml", REGISTER),
        ("indicators/i.toml", indicator),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    check(framework).0.unwrap()
}

/// What an agency handed in for the first quarter of 2010-11.
fn from(agency: &str, area: &str, children: &[&str]) -> Return {
    let rows = children.iter().map(|child| case(child, "2010-05-01", "")).collect();
    let mut of = data(area, rows, cover("2010-04-01", "2010-06-30")).returns.remove(0);
    of.name = format!("{agency} {}", children.join(" "));
    of.submission.agency = Some(agency.to_owned());
    of
}

fn asked(rows: &[(&str, &str, &str)]) -> Return {
    let text = |text: &str| {
        if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Text(text.into())) }
    };
    let row = |(agency, area, state): &(&str, &str, &str)| {
        let received = if *state == "received" { day("2010-07-10") } else { Datum::Missing };
        let nil = Datum::Known(Value::Bool(*state == "nil"));
        let period = text("2010-11 Q1");
        let values = [
            text(agency),
            text("cases"),
            text(area),
            period,
            day("2010-07-31"),
            received,
            nil,
            Datum::Missing,
        ];
        Row { values: values.to_vec(), origin: 1 }
    };
    let fields = ["agency", "dataset", "area", "period", "due", "received", "nil_declared", "accepted"];
    let table = Table {
        fields: fields.map(Into::into).to_vec(),
        rows: rows.iter().map(row).collect(),
        cover: Cover::UNLIMITED,
    };
    let mut of = from("board", "board", &[]);
    of.tables = [("expected_return".to_owned(), table)].into();
    of
}

fn cells(returns: Vec<Return>) -> Vec<(String, String)> {
    let checked = counted();
    let request = Request {
        periods: vec!["2010-11 Q1".parse().unwrap()],
        by: vec!["area".to_owned()],
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let results = finish(&checked, &calculate(&checked, &plan, &Data { returns }).unwrap());
    let shown = |found: &Observation| {
        let value = match &found.cell.outcome {
            Outcome::Figure { value, .. } => value.to_string(),
            Outcome::Absent(Reason::NotReported(NotReported::Dataset(_))) => "not reported".to_owned(),
            Outcome::Absent(reason) => reason.words(),
        };
        let coverage = &found.cell.coverage;
        let flags: Vec<&str> = found.cell.flags.iter().map(crate::result::Flag::code).collect();
        let text = format!("{value}, {} of {} {}", coverage.reported, coverage.expected, flags.join(" "));
        (found.area.to_string(), text.trim_end().to_owned())
    };
    results.observations.iter().map(shown).collect()
}

fn one_cell(returns: Vec<Return>) -> String {
    let found = cells(returns);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap().1
}

#[test]
fn what_two_agencies_hand_in_stands_side_by_side() {
    let both = vec![from("police", "A", &["a", "b"]), from("health", "A", &["a"])];
    assert_eq!(one_cell(both), "3, 1 of 1", "each numbers its own records");
}

#[test]
fn a_silent_agency_leaves_a_figure_partly_reported_and_a_nil_return_does_not() {
    let police = || from("police", "A", &["a", "b"]);
    let silent = asked(&[("police", "", "received"), ("health", "", "")]);
    assert_eq!(one_cell(vec![police(), silent]), "2, 1 of 2 partly-reported");
    let nil = || asked(&[("police", "", "received"), ("health", "", "nil")]);
    let mut declared = from("health", "A", &[]);
    declared.submission.nil_declared = true;
    assert_eq!(one_cell(vec![police(), declared, nil()]), "2, 2 of 2");
    let unnamed = data("A", vec![case("a", "2010-05-01", "")], cover("2010-04-01", "2010-06-30")).returns;
    let with = |register| unnamed.iter().cloned().chain([register]).collect();
    assert_eq!(one_cell(with(nil())), "1, 2 of 2", "no file names an agency: the register says who came");
}

#[test]
fn an_area_of_which_nothing_came_has_a_row_that_says_so() {
    let register = asked(&[("police", "A", "received"), ("police", "B", "")]);
    let found = cells(vec![from("police", "A", &["a"]), register]);
    let of = |area: &str, text: &str| (area.to_owned(), text.to_owned());
    assert_eq!(found, [of("A", "1, 1 of 1"), of("B", "not reported, 0 of 1")]);
}

#[test]
fn a_resubmission_takes_the_place_of_what_came_before_and_no_other_agencys() {
    let first = from("police", "A", &["a", "b"]);
    let mut again = from("police", "A", &["a", "c", "d"]);
    again.submission.reason = Some("two were missing".to_owned());
    let health = from("health", "A", &["x"]);
    assert_eq!(one_cell(vec![again.clone(), health.clone(), first.clone()]), "4, 1 of 1");
    let (checked, returns) = (counted(), Data { returns: vec![first.clone(), again, health] });
    let joined = super::super::join::join(&checked, &returns).unwrap().summary();
    assert_eq!((joined[0].vanished, joined[0].revised), (1, 0), "b is listed");
    let same = from("police", "A", &["z"]);
    let neither = Data { returns: vec![first, same] };
    assert!(super::super::join::join(&checked, &neither).is_err(), "nothing says which is later");
}

#[test]
fn figures_from_what_may_still_change_are_provisional_until_it_is_final() {
    let mut early = from("police", "A", &["a"]);
    early.submission.status = Some(Status::Provisional);
    assert_eq!(one_cell(vec![early.clone()]), "1, 1 of 1 provisional");
    let mut done = from("police", "A", &["a", "b"]);
    done.submission.status = Some(Status::Final);
    assert_eq!(one_cell(vec![done.clone(), early.clone()]), "2, 1 of 1", "the final one decides");
    done.submission.agency = Some("health".to_owned());
    assert_eq!(one_cell(vec![done, early]), "3, 1 of 1 provisional", "another agency's is no answer to it");
}
