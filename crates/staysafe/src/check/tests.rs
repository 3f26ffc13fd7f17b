//! What a definition's hash is of, and what findings say.

mod derived;
mod limits;
mod readings;
mod versions;

use super::{Checked, check, check_with};
use crate::definition::read::read;
use crate::diagnostic::{Code, Diagnostics};
use crate::value::Value;

const FRAMEWORK: &str = "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n[parameters.low]\ntype = \"whole number\"\ndefault = 2\nwhy = \"w\"\nsource = \"s\"\n";
const AGENCIES: &str = "[[agency]]\nid = \"council\"\nname = \"Council\"\n";
const DATASET: &str = r#"
id = "cases"
title = "Cases"
carried_by = "cases"
holder = "council"
area = "given"
key = ["number"]
field = [
  { name = "child", type = "text" },
  { name = "opened", type = "date" },
  { name = "number", type = "whole number" },
  { name = "need", type = "text", codes = "need" },
]
link = [{ name = "others", to = "cases", on = { child = "child" } }]
"#;
const CODES: &str = "id = \"need\"\nsource = \"s\"\ncode = [{ code = \"N1\", words = \"one\" }, { code = \"N2\", words = \"two\" }]\n";
const HEAD: &str = "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";

fn files(indicator: &str) -> Vec<(&'static str, String)> {
    vec![
        ("framework.toml", FRAMEWORK.to_owned()),
        ("agencies.toml", AGENCIES.to_owned()),
        ("codes/need.toml", CODES.to_owned()),
        ("datasets/cases.toml", DATASET.to_owned()),
        ("indicators/i.toml", indicator.to_owned()),
    ]
}

fn numerator(predicate: &str) -> String {
    format!(
        "{HEAD}[calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\nnumerator = \"{predicate}\"\n"
    )
}

fn checked(indicator: &str) -> Checked {
    let (framework, found) = read(files(indicator));
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn hash(indicator: &str) -> String {
    checked(indicator).indicator("i").unwrap().hash().to_owned()
}

fn findings(indicator: &str) -> Diagnostics {
    let (framework, found) = read(files(indicator));
    assert!(!found.has_errors(), "{found:#?}");
    check(framework).1
}

/// The one error of a predicate: its code, the text it points at, and its mend.
fn fault(predicate: &str) -> (Code, String, Option<String>) {
    let text = numerator(predicate);
    let found = findings(&text);
    let errors: Vec<_> =
        found.iter().filter(|d| d.code.severity() == crate::diagnostic::Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{predicate}: {errors:#?}");
    let span = errors[0].span.clone().unwrap();
    (
        errors[0].code,
        text[span.start..span.end].to_owned(),
        errors[0].fix.as_ref().map(|fix| fix.replacement.clone()),
    )
}

#[test]
fn a_hash_is_of_what_decides_figures() {
    let plain = hash(&numerator("need = 'N1' AND number > $low"));
    let words = "\n[words]\nnumerator = \"other words\"\n";
    assert_eq!(hash(&(numerator("need = 'N1' AND number > $low") + words)), plain, "words");
    assert_eq!(hash(&numerator("need  =  'N1'  AND  (number > $low)")), plain, "spaces and parentheses");
    assert_eq!(hash(&numerator("need = 'N1' AND number > 2")), plain, "a parameter is its value");
    assert_ne!(hash(&numerator("need = 'N1' AND number > 3")), plain, "another number");
    assert_ne!(hash(&numerator("need = 'N2' AND number > $low")), plain, "another code");
    let (framework, _) = read(files(&numerator("need = 'N1' AND number > $low")));
    let given = [("low".to_owned(), Value::Int(9))].into();
    let (other, found) = check_with(framework, &given);
    assert_ne!(
        other.unwrap_or_else(|| panic!("{found:#?}")).indicator("i").unwrap().hash(),
        plain,
        "another value"
    );
}

#[test]
fn the_order_of_a_datasets_fields_does_not_count() {
    let plain = hash(&numerator("number > 2"));
    let turned = DATASET
        .replace("  { name = \"child\", type = \"text\" },\n", "")
        .replace("  { name = \"need\"", "  { name = \"child\", type = \"text\" },\n  { name = \"need\"");
    let mut changed = files(&numerator("number > 2"));
    changed[3].1 = turned;
    let (framework, found) = read(changed);
    assert!(!found.has_errors(), "{found:#?}");
    assert_eq!(check(framework).0.unwrap().indicator("i").unwrap().hash(), plain);
}

#[test]
fn faults_are_found_where_they_stand_with_a_mend_where_there_is_one() {
    let cases = [
        ("nubmer > 2", Code::UnknownName, "nubmer", Some("number")),
        ("need = 'N3'", Code::UnknownCode, "'N3'", Some("'N1'")),
        ("need IN ('N1', 'X9')", Code::UnknownCode, "'X9'", None),
        ("opened > '2010-04-01'", Code::TypeMismatch, "'2010-04-01'", None),
        ("number > $lwo", Code::UnknownName, "$lwo", Some("$low")),
        ("working_day(opened, opened) > 1", Code::UnknownFunction, "working_day", Some("working_days")),
        ("days(opened) > 1", Code::WrongArguments, "days", None),
        ("opened <= period_end", Code::UnknownName, "period_end", Some("period_last_day")),
        ("number + opened > 1", Code::TypeMismatch, "opened", None),
        ("number", Code::TypeMismatch, "number", None),
        ("within(icpc)", Code::UnknownName, "icpc", None),
        ("any(other AS o WHERE o.number > 1)", Code::UnknownName, "other", Some("others")),
        ("any(others AS o WHERE number > 1)", Code::UnknownName, "number", Some("o.number")),
        ("any(others AS o WHERE x.number > 1)", Code::UnknownName, "x", None),
        ("first(o.number FROM others AS o BY o.opened) > 1", Code::OrderNotTotal, "first", None),
        ("CASE WHEN number > 1 THEN 1 ELSE 'a' END > 0", Code::TypeMismatch, "'a'", None),
    ];
    for (predicate, code, at, mend) in cases {
        let (found, place, fix) = fault(predicate);
        assert_eq!((found, place.as_str()), (code, at), "{predicate}");
        if let Some(mend) = mend {
            assert_eq!(fix.as_deref(), Some(mend), "{predicate}");
        }
    }
}

#[test]
fn a_kind_says_what_it_needs() {
    let stock = numerator("number > 2").replace("proportion", "stock");
    let found = findings(&stock);
    assert_eq!(found.iter().filter(|d| d.code == Code::WrongForKind).count(), 2, "a date, and a numerator");
}

#[test]
fn lints_see_words_that_differ_and_durations_for_deadlines() {
    let text = numerator("within(c) AND working_days(opened, period_last_day) >= 2")
        + "[clock.c]\nstart = \"opened\"\nstop = \"opened\"\nlimit = \"10 working days\"\n[words]\nnumerator = \"held within 7 working days\"\n";
    let codes: Vec<Code> = findings(&text).iter().map(|d| d.code).collect();
    for code in [Code::WordsDisagree, Code::DurationForDeadline, Code::NoTest] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn needs_name_the_fields_that_predicates_read() {
    let checked = checked(&numerator("any(others AS o WHERE o.number > this.number)"));
    let reads = checked.indicator("i").unwrap().reads();
    let fields: Vec<&str> = reads["cases"].iter().map(String::as_str).collect();
    assert_eq!(fields, ["child", "number", "opened"]);
}

#[test]
fn definitions_that_stand_for_each_other_in_a_circle_are_refused() {
    let mut circle = files(&(HEAD.to_owned() + "same_calculation_as = \"j\"\n"));
    circle.push(("indicators/j.toml", HEAD.replace("\"i\"", "\"j\"") + "same_calculation_as = \"i\"\n"));
    let (framework, found) = read(circle);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    assert!(checked.is_none() && found.iter().all(|d| d.code == Code::Circle), "{found:#?}");
}

#[test]
fn an_area_that_lies_in_itself_is_found_once() {
    let areas = "[[area]]\ncode = \"B\"\nname = \"B\"\nparents = [\"C\"]\n[[area]]\ncode = \"C\"\nname = \"C\"\nparents = [\"B\"]\n\
                 [[area]]\ncode = \"A\"\nname = \"A\"\nparents = [\"B\"]\n";
    let (framework, _) =
        read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""), ("areas.toml", areas)]);
    let (_, found) = check(framework);
    let circles: Vec<&str> =
        found.iter().filter(|f| f.code == Code::Circle).map(|f| f.message.as_str()).collect();
    assert_eq!(circles, ["'B' lies in itself"], "A only leads to the circle, C is on the same one");
}

/// The one finding of a dataset that is the usual one with something replaced.
fn dataset_fault(replaced: &str, by: &str) -> (Code, String) {
    let mut files = files(&numerator("need = 'N1'"));
    files[3].1 = DATASET.replace(replaced, by);
    let text = files[3].1.clone();
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let found = check(framework).1;
    let errors: Vec<_> =
        found.iter().filter(|d| d.code.severity() == crate::diagnostic::Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{by}: {errors:#?}");
    let span = errors[0].span.clone().unwrap();
    (errors[0].code, text[span.start..span.end].to_owned())
}

#[test]
fn roles_of_fields_are_checked() {
    let line = "key = [\"number\"]\n";
    let fault = |added: &str| dataset_fault(line, &format!("{line}{added}\n"));
    assert_eq!(fault("dates = { event = \"opend\" }"), (Code::UnknownName, "opend".to_owned()));
    assert_eq!(fault("dates = { start = \"child\" }"), (Code::TypeMismatch, "child".to_owned()));
    assert_eq!(fault("dates = { end = \"opened\" }"), (Code::RolesDisagree, "opened".to_owned()));
    assert_eq!(fault("recognised_by = [\"child\"]").0, Code::RolesDisagree);
    assert_eq!(fault("goes_with = \"other\""), (Code::UnknownName, "other".to_owned()));
    assert_eq!(fault("goes_with = \"others\""), (Code::Circle, "others".to_owned()));
    assert_eq!(dataset_fault(line, "version = \"opened\"\n").0, Code::RolesDisagree);
    let field = |added: &str| {
        dataset_fault(
            "name = \"child\", type = \"text\"",
            &format!("name = \"child\", type = \"text\", {added}"),
        )
    };
    assert_eq!(field("number_of = \"cases\""), (Code::RolesDisagree, "cases".to_owned()));
    assert_eq!(field("reason_of = \"need\""), (Code::TypeMismatch, "need".to_owned()));
    assert_eq!(field("example = 7"), (Code::TypeMismatch, "7".to_owned()));
    let coded = dataset_fault("codes = \"need\"", "codes = \"need\", example = \"N11\"");
    assert_eq!(coded, (Code::UnknownCode, "N11".to_owned()));
}
