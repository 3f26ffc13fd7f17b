//! Tests of figures, rows and clocks: what passes, and what a failure says.

use super::verify;
use crate::calculate::clock::Standing;
use crate::check::check;
use crate::definition::read::read;
use crate::diagnostic::{Format, render};
use crate::result::Note;

const BASE: &[(&str, &str)] = &[
    ("framework.toml", "id = \"b\"\ntitle = \"B\"\n[parameters.short]\ntype = \"yes/no\"\ndefault = false\n"),
    ("agencies.toml", "[[agency]]\nid = \"c\"\nname = \"C\"\n"),
    (
        "datasets/episode.toml",
        r#"
id = "episode"
title = "Episodes"
carried_by = "r"
holder = "c"
area = "given"
key = ["child", "decom"]
field = [
  { name = "child", type = "text" },
  { name = "decom", type = "date" },
  { name = "dec", type = "date" },
  { name = "rec", type = "text" },
]
"#,
    ),
];
const CARE: &str = r#"
id = "care"
from = "episode"
[[derive]]
step = "chain"
key = ["child"]
order = ["decom"]
joins_when = "prev.rec = 'X1' AND prev.dec = decom AND NOT $short"
first = { care_start = "decom" }
last = { care_end = "dec" }
rows = "episodes"
"#;
const INDICATOR: &str = r#"
id = "i"
title = "I"
kind = "proportion"
polarity = "higher"
cycle = "financial-year"
[calculation]
from = "episode"
when = { date = "dec" }
numerator = "within(stay)"
[clock.stay]
start = "decom"
stop = "dec"
limit = "28 days"
"#;

/// What is found by check and verify, each as one line.
fn found(care: &str, indicator: &str) -> Vec<String> {
    let (care, indicator) = (format!("{CARE}{care}"), format!("{INDICATOR}{indicator}"));
    let own = [("derived/care.toml", care.as_str()), ("indicators/i.toml", indicator.as_str())];
    let (framework, mut findings) = read(BASE.iter().copied().chain(own));
    let sources = framework.files.clone();
    let (checked, more) = check(framework);
    findings.extend(more);
    if let Some(checked) = checked {
        findings.extend(verify(&checked).findings);
    }
    findings.retain(|finding| finding.code.as_str() != "no-test");
    render(&findings, &sources, Format::Concise).lines().map(str::to_owned).collect()
}

fn rows(parameters: &str, expect: &str) -> String {
    format!(
        r#"
[[test]]
name = "two episodes in a row"
period = "2017-18"
{parameters}
records.episode = [
  {{ child = "a", decom = 2017-05-01, dec = 2017-06-01, rec = "X1" }},
  {{ child = "a", decom = 2017-06-01 }},
  {{ decom = 2017-06-01 }},
]
expect = {{ {expect} }}
"#
    )
}

#[test]
fn rows_of_a_derived_table_are_compared_whole() {
    let one = "rows = [{ child = \"a\", care_start = 2017-05-01, episodes = 2 }], unplaced = 1";
    assert_eq!(found(&rows("", one), ""), Vec::<String>::new());
    let two = "rows = [{ child = \"a\", care_start = 2017-05-01, care_end = 2017-06-01, episodes = 1 }, \
               { child = \"a\", care_start = 2017-06-01, episodes = 1 }], unplaced = 1";
    assert_eq!(found(&rows("parameters = { short = true }", two), ""), Vec::<String>::new());
}

#[test]
fn a_row_that_differs_is_named_with_its_field() {
    let wrong = "rows = [{ child = \"a\", care_start = 2017-05-02, care_end = 2017-06-01, episodes = 2 }]";
    let found = found(&rows("", wrong), "");
    let said = |text: &str| assert!(found.iter().any(|line| line.ends_with(text)), "{text}: {found:#?}");
    said("fails: row 1, care_start: expected 2017-05-02, found 2017-05-01");
    said("fails: row 1, care_end: expected 2017-06-01, found a blank");
    said("fails: rows that could not be placed: expected 0, found 1");
    assert_eq!(found.len(), 3);
}

#[test]
fn rows_too_many_and_too_few_are_said() {
    let none = found(&rows("", "rows = [], unplaced = 1"), "");
    assert_eq!(none.len(), 1);
    let more = "fails: row 1: expected none, found child = \"a\", care_start = 2017-05-01, care_end = a blank, episodes = 2";
    assert!(none.iter().all(|line| line.ends_with(more)), "{none:#?}");
    let second =
        "rows = [{ child = \"a\", care_start = 2017-05-01, episodes = 2 }, { child = \"b\" }], unplaced = 1";
    let missing = found(&rows("", second), "");
    assert!(
        missing.iter().all(|line| line.ends_with("row 2: expected child = \"b\", found none")),
        "{missing:#?}"
    );
}

#[test]
fn what_a_test_of_rows_names_must_exist() {
    let found =
        found(&rows("parameters = { shirt = true }", "rows = [{ child = 1, care_strat = 2017-05-01 }]"), "");
    let said = |text: &str| assert!(found.iter().any(|line| line.contains(text)), "{text}: {found:#?}");
    said("the framework declares no parameter 'shirt'");
    said("the field 'child' is a text, and this is a whole number");
    said("the derived table 'care' has no field 'care_strat'");
}

fn clock(rest: &str) -> String {
    format!("\n[[clock_test]]\nname = \"c\"\nrecord = {{ decom = 2017-05-01 }}\n{rest}\n")
}

#[test]
fn a_clock_is_read_on_one_record() {
    let open = "as_of = 2017-05-29\nexpect = { standing = \"on-time-so-far\", due = 2017-05-29, day_reached = 28, limit = \"28 days\" }";
    assert_eq!(found("", &clock(open)), Vec::<String>::new());
    let late = "clock = \"stay\"\nas_of = 2017-05-30\nexpect = { standing = \"already-late\" }";
    assert_eq!(found("", &clock(late)), Vec::<String>::new());
    let wrong = "as_of = 2017-05-30\nexpect = { standing = \"met-late\", due = 2017-05-30, day_reached = 28, doubt = \"unknown\" }";
    let found = found("", &clock(wrong));
    let said = |text: &str| assert!(found.iter().any(|line| line.ends_with(text)), "{text}: {found:#?}");
    said("standing: expected met-late, found already-late");
    said("due: expected 2017-05-30, found 2017-05-29");
    said("day_reached: expected 28, found 29");
    said("doubt: expected unknown, found none");
}

#[test]
fn what_a_test_of_a_clock_names_must_exist() {
    let found =
        found("", &clock("clock = \"sty\"\nas_of = \"2017-05-30\"\nexpect = { standing = \"late\" }"));
    let said = |text: &str| assert!(found.iter().any(|line| line.contains(text)), "{text}: {found:#?}");
    said("the indicator has no clock 'sty'");
    said("`as_of` must be a date");
    said("`late` is not a word of `standing`");
}

#[test]
fn a_cover_makes_a_period_outside_it_not_reported() {
    let test = |cover: &str, outcome: &str| {
        format!(
            "\n[[test]]\nname = \"t\"\nperiod = \"2018-19\"\nrecords.episode = []\ncover = {{ {cover} }}\n\
             expect = {{ outcome = \"{outcome}\" }}\n"
        )
    };
    assert_eq!(found("", &test("episode = [2017-04-01, 2018-03-31]", "not-reported")), Vec::<String>::new());
    assert_eq!(found("", &test("episode = [2017-04-01, 2019-03-31]", "undefined")), Vec::<String>::new());
    let found = found("", &test("episod = [2017-04-01, 2018-03-31]", "undefined"));
    assert!(found.iter().any(|line| line.contains("a cover of 'episod', of which the test has no records")));
}

#[test]
fn a_note_that_does_not_exist_and_records_of_a_derived_table_are_found() {
    let test = "\n[[test]]\nname = \"t\"\nperiod = \"2018-19\"\nrecords.care = [{ child = \"a\" }]\n\
                expect = { notes = { dates_inverted = 1 } }\n";
    let found = found("", test);
    let said = |text: &str| assert!(found.iter().any(|line| line.contains(text)), "{text}: {found:#?}");
    said("`dates_inverted` is not a word of `notes`");
    said("'care' is a derived table: it has no records of its own");
}

#[test]
fn the_reader_knows_every_note_and_every_standing() {
    let every_note = [
        Note::Unknown,
        Note::DatesInverted,
        Note::Contradictory,
        Note::Duplicate,
        Note::OutsideCalendar,
        Note::HistoryMissing,
        Note::UnmappedCode,
        Note::NotYetDue,
        Note::OpenInTime,
        Note::OpenLate,
    ];
    for note in every_note {
        let doubt = clock(&format!("as_of = 2017-05-29\nexpect = {{ doubt = \"{}\" }}", note.code()));
        assert!(!found("", &doubt).iter().any(|line| line.contains("not a word")), "{}", note.code());
    }
    let every_standing = [
        Standing::MetInTime,
        Standing::MetLate,
        Standing::OnTimeSoFar,
        Standing::AlreadyLate,
        Standing::NotYetDue,
        Standing::CannotBeJudged,
    ];
    for standing in every_standing {
        let code = super::clock::code(standing);
        assert_eq!(serde_json::to_value(standing).unwrap(), code, "one word for one thing");
        let test = clock(&format!("as_of = 2017-05-29\nexpect = {{ standing = \"{code}\" }}"));
        assert!(!found("", &test).iter().any(|line| line.contains("not a word")), "{code}");
    }
}

#[test]
fn every_test_is_a_case_of_the_report() {
    let care = format!("{CARE}{}", rows("", "rows = [], unplaced = 1"));
    let open = "as_of = 2017-05-29\nexpect = { standing = \"on-time-so-far\" }";
    let indicator = format!("{INDICATOR}{}", clock(open));
    let own = [("derived/care.toml", care.as_str()), ("indicators/i.toml", indicator.as_str())];
    let (framework, _) = read(BASE.iter().copied().chain(own));
    let checked = check(framework).0.unwrap();
    let verified = verify(&checked);
    assert_eq!((verified.run, verified.tests.len(), verified.findings.len()), (2, 2, 1));
    let report = verified.junit(&checked.framework().files);
    assert!(report.contains("tests=\"2\" failures=\"1\""), "{report}");
    assert!(report.contains("<testcase classname=\"i\" name=\"c\"/>"), "{report}");
    assert!(report.contains("<testcase classname=\"care\" name=\"two episodes in a row\">"), "{report}");
}

#[test]
fn a_test_of_a_definition_with_versions_names_the_one_of_its_period() {
    let says = |named: &str| {
        let indicator = format!(
            "[[version]]\nto = 2011-03-31\n[version.calculation]\nfrom = \"episode\"\nwhen = {{ date = \"dec\" }}\nnumerator = \"rec = 'X1'\"\n[[version]]\nfrom = 2011-04-01\nreason = \"r\"\n[[test]]\nname = \"t\"\nperiod = \"2011-12\"\n{named}\nrecords.episode = []\nexpect = {{ outcome = \"undefined\" }}\n"
        );
        let lines = found("", &indicator).into_iter().filter(|line| line.contains("version"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(says("version = \"2011-04-01\""), "");
    assert!(
        says("version = \"first\"").contains("2011-12 is of the version \"2011-04-01\""),
        "{}",
        says("version = \"first\"")
    );
    assert!(says("").contains("it names no version"), "{}", says(""));
}

#[test]
fn a_test_that_names_a_reading_is_calculated_by_it() {
    let by = |named: &str| {
        let indicator = format!(
            "{}[[reading]]\nname = \"short\"\nparameters = {{ short = true }}\n[[test]]\nname = \"t\"\nperiod = \"2017-18\"\n{named}\nrecords.episode = [{{ child = \"a\", decom = 2017-05-01, dec = 2017-05-08 }}]\nexpect = {{ numerator = 1 }}\n",
            INDICATOR.replace("within(stay)", "$short")
        );
        let files =
            BASE.iter().copied().chain([("derived/care.toml", CARE), ("indicators/i.toml", &indicator)]);
        let (framework, found) = read(files);
        assert!(!found.has_errors(), "{found:#?}");
        let verified = verify(&check(framework).0.unwrap());
        (verified.run, verified.findings.iter().count())
    };
    assert_eq!(by("reading = \"short\""), (1, 0));
    assert_eq!(by(""), (1, 1), "the indicator itself counts none");
}
