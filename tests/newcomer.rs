//! A newcomer writes a timeliness indicator from the reference page alone, and takes every wrong turn on the way.
//!
//! The five steps on the page end in an indicator that is right as it stands. Each wrong turn here is one that
//! somebody took: it must be found by `check`, or fail the indicator's own test, and the message must say what to
//! do next.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::diagnostic::{Code, Format, render};
use staysafe::verify::mutate::mutate;
use staysafe::verify::verify;

const PATH: &str = "indicators/visits-in-time.toml";

/// What the newcomer finds: a framework with a dataset of visits.
const FRAMEWORK: &[(&str, &str)] = &[
    ("framework.toml", "id = \"board\"\ntitle = \"A board\"\n"),
    ("lists.toml", "[[list]]\nid = \"children-services\"\nheading = \"Children's services\"\n"),
    ("agencies.toml", "[[agency]]\nid = \"childrens-services\"\nname = \"Children's services\"\n"),
    (
        "codes/visit_kind.toml",
        "id = \"visit_kind\"\ncode = [{ code = \"HOME\", words = \"at home\" }, { code = \"OFF\", words = \"elsewhere\" }]\n",
    ),
    (
        "datasets/visit.toml",
        r#"
id         = "visit"
title      = "Visits"
carried_by = "visit"
holder     = "childrens-services"
area       = "given"
row        = "a visit"
field      = [
  { name = "child", type = "text" },
  { name = "referral_date", type = "date", words = "the referral" },
  { name = "visit_date", type = "date", words = "the visit" },
  { name = "kind", type = "text", codes = "visit_kind" },
]
link       = [{ name = "plans", to = "plan", on = { child = "child" } }]
"#,
    ),
    (
        "datasets/plan.toml",
        r#"
id         = "plan"
title      = "Plans"
carried_by = "plan"
holder     = "childrens-services"
area       = "given"
field      = [{ name = "child", type = "text" }, { name = "plan_start", type = "date" }]
"#,
    ),
];

/// The indicator at the end of the five steps.
fn indicator() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (_, steps) = page.split_once("## A new indicator in five steps").unwrap();
    let (_, block) = steps.split_once("```toml\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// Everything that check and verify say of an indicator: codes, and the text as a newcomer reads it.
fn said(indicator: &str) -> (Vec<Code>, String) {
    let files = FRAMEWORK.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let (framework, mut findings) = read(files.chain([(PATH.to_owned(), indicator.to_owned())]));
    let sources = framework.files.clone();
    let (checked, more) = check(framework);
    findings.extend(more);
    if let Some(checked) = checked {
        findings.extend(verify(&checked).findings);
    }
    (findings.iter().map(|finding| finding.code).collect(), render(&findings, &sources, Format::Full))
}

#[test]
fn the_five_steps_end_in_an_indicator_that_is_right() {
    assert_eq!(said(&indicator()), (Vec::new(), String::new()));
    let files = FRAMEWORK.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let (framework, _) = read(files.chain([(PATH.to_owned(), indicator())]));
    let mutants = mutate(&check(framework).0.unwrap(), "visits-in-time").unwrap();
    assert!(mutants.killed > 3, "its test holds the limit in place: {mutants:#?}");
    let of_clock = |name: &str| name.contains("limit");
    assert!(!mutants.survivors.iter().any(|one| of_clock(&one.mutant)), "{:#?}", mutants.survivors);
}

const WHEN: &str = "when      = { date = \"visit_date\" }";
const NUMERATOR: &str = "\"within(visit)\"";
const LIMIT: &str = "\"5 working days\"";
const ROW: &str = "referral_date = 2010-05-04, visit_date = 2010-05-11";
const EXPECT: &str = "expect  = { numerator = 1, denominator = 2 }";

/// What was written, what the newcomer writes instead, the code of the first finding, and what its text says.
const WRONG_TURNS: &[(&str, &str, &str, &str)] = &[
    // words
    ("\"proportion\"", "\"percentage\"", "unknown-word", "did you mean `proportion`?"),
    ("\"proportion\"", "\"timeliness\"", "unknown-word", "did you mean `proportion`?"),
    ("\"higher\"", "\"up\"", "unknown-word", "did you mean `higher`?"),
    ("\"quarter\"", "\"quarterly\"", "unknown-word", "did you mean `quarter`?"),
    ("\"quarter\"", "\"annual\"", "unknown-word", "did you mean `financial-year`?"),
    ("\"proportion\"", "\"count\"", "wrong-for-kind", "leave out 'numerator', or choose a kind that uses it"),
    ("\"proportion\"", "\"stock\"", "wrong-for-kind", "when = { open = [\"START\", \"END\"] }"),
    // names
    (
        "id       = \"visits-in-time\"",
        "id       = \"visits_in_time\"",
        "file-name-is-not-id",
        "name the file after the id",
    ),
    ("\"childrens-services\"", "\"council\"", "unknown-name", "declare it in agencies.toml"),
    (
        "list = \"children-services\"",
        "list = \"childrens-services\"",
        "unknown-name",
        "declare it in lists.toml",
    ),
    ("from      = \"visit\"", "from      = \"visits\"", "unknown-name", "from      = \"visit\""),
    ("start = \"referral_date\"", "start = \"referal_date\"", "unknown-name", "start = \"referral_date\""),
    (
        "start = \"referral_date\"",
        "start = \"visit.referral_date\"",
        "unknown-name",
        "start = \"referral_date\"",
    ),
    ("stop  = \"visit_date\"", "stop  = \"child\"", "type-mismatch", "name a field of type date"),
    (NUMERATOR, "\"within(visits)\"", "unknown-name", "declare it as [clock.visits]"),
    (NUMERATOR, "\"within('visit')\"", "wrong-arguments", "within() takes the name of a clock"),
    // keys and where they stand
    ("cycle    = \"quarter\"\n", "", "missing-key", "add a line such as: cycle = \"quarter\""),
    ("from      = \"visit\"", "dataset   = \"visit\"", "unknown-key", "did you mean `from`?"),
    (WHEN, "when      = \"visit_date\"", "wrong-type", "when = { date = \"visit_date\" }"),
    (WHEN, "date      = \"visit_date\"", "missing-key", "write it as: when = { date = … }"),
    ("start = \"referral_date\"", "from  = \"referral_date\"", "unknown-key", "did you mean `start`?"),
    ("stop  = \"visit_date\"", "end   = \"visit_date\"", "unknown-key", "did you mean `stop`?"),
    ("[clock.visit]", "[clock]", "missing-key", "write [clock.NAME] instead of [clock]"),
    ("[clock.visit]", "[clocks.visit]", "unknown-key", "did you mean `clock`?"),
    ("[calculation]\n", "", "unknown-key", "`from` is a key of [calculation]"),
    ("[words]", "population = \"kind = 'HOME'\"\n[words]", "unknown-key", "write it below [calculation]"),
    ("[[test]]", "[test]", "wrong-type", "[[test]]"),
    (
        "listed   = [{ list = \"children-services\", number = \"1\" }]",
        "listed   = \"children-services\"",
        "wrong-type",
        "[[listed]]",
    ),
    ("number = \"1\"", "number = 1", "wrong-type", "number = \"1\""),
    // quotes
    (NUMERATOR, "within(visit)", "not-toml", "a text stands in double quotes"),
    (NUMERATOR, "'kind = 'HOME''", "quote-ends-string", "\"kind = 'HOME'\""),
    (NUMERATOR, "\"kind = \"HOME\"\"", "quote-ends-string", "\"kind = 'HOME'\""),
    (NUMERATOR, "\"kind = HOME\"", "unknown-name", "a text stands in single quotes: 'HOME'"),
    (NUMERATOR, "\"kind = 'HOUSE'\"", "unknown-code", "its codes are HOME, OFF"),
    // the language
    (NUMERATOR, "\"kind == 'HOME'\"", "bad-predicate", "write `=`"),
    (NUMERATOR, "\"visit_date = NULL\"", "bad-predicate", "write IS NULL"),
    (NUMERATOR, "\"visit_date - referral_date <= 5\"", "type-mismatch", "working_days(a, b)"),
    (
        NUMERATOR,
        "\"workingdays(referral_date, visit_date) <= 5\"",
        "unknown-function",
        "working_days(referral_date",
    ),
    (
        NUMERATOR,
        "\"networkdays(referral_date, visit_date) <= 5\"",
        "unknown-function",
        "the functions are working_days",
    ),
    (NUMERATOR, "\"visit_date <= period_end\"", "unknown-name", "period_last_day"),
    (NUMERATOR, "\"visit_date <= today()\"", "unknown-function", "no such function"),
    (NUMERATOR, "\"plans.plan_start < referral_date\"", "unknown-name", "ask for them as any(plans WHERE …)"),
    (NUMERATOR, "\"any(plans WHERE plan_start < visit_date)\"", "unknown-name", "this.visit_date"),
    (NUMERATOR, "\"first(plans.plan_start) < referral_date\"", "bad-predicate", "BY a.date"),
    (NUMERATOR, "\"count(reviews) > 0\"", "unknown-name", "the links of 'visit' are plans"),
    (NUMERATOR, "\"$linked\"", "unknown-name", "[parameters.linked]"),
    (NUMERATOR, "\"5\"", "type-mismatch", "compare this with a value"),
    // time
    (NUMERATOR, "\"visit_date <= 01/04/2010\"", "bad-predicate", "DATE '2010-04-01'"),
    (NUMERATOR, "\"visit_date <= '2010-04-01'\"", "type-mismatch", "dates are written DATE '2010-04-01'"),
    (LIMIT, "5", "wrong-type", "limit = \"5 working days\" or limit = \"5 days\""),
    (LIMIT, "\"5\"", "bad-time", "\"15 working days\""),
    (LIMIT, "\"5 workdays\"", "bad-time", "\"15 working days\""),
    (LIMIT, "\"limit('visits')\"", "unknown-name", "[[limits.visits]]"),
    ("\"2010-11 Q1\"", "\"Q1 2010\"", "bad-time", "a quarter belongs to a financial year: write 2010-11 Q1"),
    ("\"2010-11 Q1\"", "2010-04-01", "wrong-type", "`period` must be text"),
    (
        ROW,
        "referral_date = \"2010-05-04\"",
        "type-mismatch",
        "a date has no quotes: referral_date = 2010-05-04",
    ),
    (
        ROW,
        "referral_date = \"04/05/2010\"",
        "type-mismatch",
        "a date is written year, month, day, without quotes",
    ),
    (ROW, "referral_date = 04/05/2010", "not-toml", "a date without quotes"),
    (ROW, "referral_date = 2010-5-4", "not-toml", "two-digit month"),
    // tests
    ("records.visit = [", "visit = [", "unknown-key", "records.visit = ["),
    ("records.visit = [", "records.visits = [", "unknown-name", "did you mean 'visit'?"),
    (EXPECT, "expected = { numerator = 1, denominator = 2 }", "unknown-key", "did you mean `expect`?"),
    (EXPECT, "expect  = { numerator = \"1\" }", "wrong-type", "numerator = 1"),
    (EXPECT, "expect  = { value = 50.0 }", "wrong-type", "value = \"50.0\""),
    (
        EXPECT,
        "expect  = { numerator = 1, denominator = 3 }",
        "test-fails",
        "denominator: expected 3, found 2",
    ),
    (
        NUMERATOR,
        "\"working_days(visit_date, referral_date) <= 5\"",
        "test-fails",
        "beside it dates-inverted = 2",
    ),
    (LIMIT, "\"5 days\"", "test-fails", "numerator: expected 1, found 0"),
    (LIMIT, "\"10 working days\"", "words-disagree", "the words say 5"),
];

#[test]
fn each_wrong_turn_is_found_and_the_message_says_what_to_do() {
    let good = indicator();
    let mut faults = Vec::new();
    for (old, new, code, phrase) in WRONG_TURNS {
        assert!(good.contains(old), "{old:?} is on the page");
        let (codes, text) = said(&good.replacen(old, new, 1));
        if !codes.iter().any(|found| found.as_str() == *code) || !text.contains(phrase) {
            faults.push(format!("{old} -> {new}: no {code} that says {phrase:?}:\n{text}"));
        }
        if codes.len() > 3 {
            faults.push(format!("{old} -> {new}: one mistake, {} findings:\n{text}", codes.len()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
