//! The tests inside a definition name what there is: datasets, fields, parameters, a period.
//!
//! This is looked at even where the framework has other mistakes and no test can run yet.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::Tables;
use crate::definition::dataset::Dataset;
use crate::definition::framework::Framework;
use crate::definition::indicator::{
    Calculation, Clock, ClockTest, Indicator, Reading, Test, TestRow, Version,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, Spanned, nearest};
use crate::period::Period;
use crate::value::{Datum, Type, Value};

/// Checks the tests of an indicator, which may be calculated as another one is.
pub(super) fn check_indicator(
    framework: &Framework,
    tables: &Tables<'_>,
    indicator: &Indicator,
    stands_for: &Indicator,
    diagnostics: &mut Diagnostics,
) {
    for test in &indicator.tests {
        check(framework, test, diagnostics);
        named_version(&stands_for.versions, test, diagnostics);
        named_reading(&indicator.readings, test, diagnostics);
    }
    let table = match &stands_for.calculation {
        Some(Calculation::Ladder(ladder)) => tables.get(&ladder.from.value),
        Some(Calculation::TwoTotals(_)) | None => None,
    };
    for test in &indicator.clock_tests {
        check_clock(framework, table, &stands_for.clocks, test, diagnostics);
    }
}

/// A test names a reading that there is.
fn named_reading(readings: &[Reading], test: &Test, diagnostics: &mut Diagnostics) {
    let Some(named) = &test.reading else { return };
    let names = readings.iter().map(|reading| reading.name.value.as_str());
    if !names.clone().any(|name| name == named.value) {
        let message = format!("no reading is called '{}'", named.value);
        diagnostics.push(unknown(&named.span, message, &named.value, names));
    }
}

/// A test names a version that there is.
fn named_version(versions: &[Version], test: &Test, diagnostics: &mut Diagnostics) {
    let Some(named) = &test.version else { return };
    let name = |version: &Version| super::version::name(version.from.as_ref().map(|from| from.value));
    let names: Vec<String> = versions.iter().map(name).collect();
    if !names.contains(&named.value) {
        let known = names.iter().map(String::as_str);
        let message = format!("no version is called '{}'", named.value);
        diagnostics.push(unknown(&named.span, message, &named.value, known));
    }
}

/// Checks one test of a figure or of rows.
fn check(framework: &Framework, test: &Test, diagnostics: &mut Diagnostics) {
    if let Err(why) = test.period.value.parse::<Period>() {
        let help = "write it as 2010-11 Q1, 2010-11, Apr 2010 or one of the other labels of a period";
        let found = Diagnostic::new(Code::BadTime, test.period.span.clone(), why.to_string());
        diagnostics.push(found.label("not a period").help(help));
    }
    parameters(framework, &test.parameters, diagnostics);
    facts(framework, test, diagnostics);
    for (name, (first, _)) in &test.cover {
        if !test.records.contains_key(name) {
            let known = test.records.keys().map(String::as_str);
            let message = format!("a cover of '{name}', of which the test has no records");
            diagnostics.push(unknown(&first.span, message, name, known));
        }
    }
    records(framework, test, diagnostics);
}

/// Checks one test of a derived table, whose fields are those of `table`.
pub(super) fn check_rows(
    framework: &Framework,
    table: Option<&Dataset>,
    test: &Test,
    diagnostics: &mut Diagnostics,
) {
    check(framework, test, diagnostics);
    named_version(&[], test, diagnostics);
    for row in test.expect.rows.iter().flatten() {
        // A table whose fields cannot be told is reported with the table.
        if let Some(table) = table {
            check_row(framework, table, row, diagnostics);
        }
    }
}

/// Checks one test of an indicator's clock, which reads records of `table`.
fn check_clock(
    framework: &Framework,
    table: Option<&Dataset>,
    clocks: &BTreeMap<String, Clock>,
    test: &ClockTest,
    diagnostics: &mut Diagnostics,
) {
    parameters(framework, &test.parameters, diagnostics);
    if let Some(clock) = test.clock.as_ref().filter(|clock| !clocks.contains_key(&clock.value)) {
        let known = clocks.keys().map(String::as_str);
        let message = format!("the indicator has no clock '{}'", clock.value);
        diagnostics.push(unknown(&clock.span, message, &clock.value, known));
    }
    if test.clock.is_none() && clocks.len() != 1 {
        let names: Vec<&str> = clocks.keys().map(String::as_str).collect();
        let (message, help) = if names.is_empty() {
            (
                "a test of a clock, and the indicator has none",
                "declare [clock.NAME] with start, stop and limit".to_owned(),
            )
        } else {
            ("the test does not say which clock", format!("write clock = with one of {}", names.join(", ")))
        };
        let found = Diagnostic::new(Code::MissingKey, test.place.span.clone(), message);
        diagnostics.push(found.label("`clock` is missing").help(help));
    }
    if let Some(table) = table {
        check_row(framework, table, &test.record, diagnostics);
    }
}

fn parameters(
    framework: &Framework,
    given: &BTreeMap<String, Spanned<Datum>>,
    diagnostics: &mut Diagnostics,
) {
    for (name, given) in given {
        if !framework.parameters.contains_key(name) && !framework.may_declare(name) {
            let known = framework.parameters.keys().map(String::as_str);
            let message = format!("the framework declares no parameter '{name}'");
            diagnostics.push(unknown(&given.span, message, name, known));
        }
    }
}

fn facts(framework: &Framework, test: &Test, diagnostics: &mut Diagnostics) {
    let declared = || framework.areas.values().flat_map(|area| area.facts.keys().map(String::as_str));
    for (name, given) in &test.facts {
        if !declared().any(|fact| fact == name) && !framework.may_declare(name) {
            let known: BTreeSet<&str> = declared().collect();
            let message = format!("no area has a fact '{name}'");
            diagnostics.push(unknown(&given.span, message, name, known.iter().copied()));
        }
    }
}

fn records(framework: &Framework, test: &Test, diagnostics: &mut Diagnostics) {
    for (name, rows) in &test.records {
        let Some(dataset) = framework.datasets.get(name) else {
            if framework.may_declare(name) {
                continue;
            }
            let place = rows.first().map_or(&test.place.span, |row| &row.place.span);
            if framework.derived.contains_key(name) {
                let message = format!("'{name}' is a derived table: it has no records of its own");
                let found = Diagnostic::new(Code::UnknownName, place.clone(), message);
                diagnostics.push(found.label("worked out, not given").help(
                    "give records of the dataset that it is made of; a test of its rows stands in its own file",
                ));
                continue;
            }
            let known = framework.datasets.keys().map(String::as_str);
            diagnostics.push(unknown(place, format!("there is no dataset '{name}'"), name, known));
            continue;
        };
        for row in rows {
            check_row(framework, dataset, row, diagnostics);
        }
    }
}

fn check_row(framework: &Framework, dataset: &Dataset, row: &TestRow, diagnostics: &mut Diagnostics) {
    for (name, given) in &row.fields {
        let Some(field) = dataset.fields.iter().find(|field| field.name.value == *name) else {
            if framework.may_declare(name) {
                continue;
            }
            let known = dataset.fields.iter().map(|field| field.name.value.as_str());
            let id = &dataset.id.value;
            let what = if framework.derived.contains_key(id) { "derived table" } else { "dataset" };
            let message = format!("the {what} '{id}' has no field '{name}'");
            diagnostics.push(unknown(&given.span, message, name, known));
            continue;
        };
        let Datum::Known(value) = &given.value else { continue };
        let (found, wanted) = (value.ty(), field.ty.value);
        if found != wanted && !(found == Type::Int && wanted == Type::Decimal) {
            let message = format!("the field '{name}' is a {wanted}, and this is a {found}");
            let found = Diagnostic::new(Code::TypeMismatch, given.span.clone(), message)
                .label(format!("this is a {found}"))
                .other(field.ty.span.clone(), "the field's type");
            diagnostics.push(match (wanted, value) {
                (Type::Date, Value::Text(text)) if text.parse::<chrono::NaiveDate>().is_ok() => {
                    found.help(format!("a date has no quotes: {name} = {text}"))
                }
                (Type::Date, Value::Text(_)) => found
                    .help(format!("a date is written year, month, day, without quotes: {name} = 2010-04-01")),
                (Type::Text, _) => found.help(format!("a text has double quotes: {name} = \"…\"")),
                (Type::Bool, _) => found.help(format!("write {name} = true or {name} = false")),
                (Type::Int | Type::Decimal, _) => found.help(format!("a number has no quotes: {name} = 12")),
                (Type::Date, _) => found.help(format!("write {name} = 2010-04-01")),
            });
        }
    }
}

fn unknown<'k>(
    place: &Span,
    message: String,
    name: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let found = Diagnostic::new(Code::UnknownName, place.clone(), message);
    let found = found.help(format!("known are {}", known.clone().collect::<Vec<_>>().join(", ")));
    match nearest(name, known) {
        Some(near) => found.label(format!("did you mean '{near}'?")),
        None => found.label("not declared"),
    }
}
