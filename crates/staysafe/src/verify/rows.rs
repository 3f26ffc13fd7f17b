//! A test of a derived table: its rows, compared one by one.

use std::collections::BTreeMap;

use super::{failed, given};
use crate::calculate::derived::{Derived, derived};
use crate::check::Checked;
use crate::definition::indicator::{Test, TestRow};
use crate::diagnostic::Diagnostics;
use crate::period::Period;
use crate::value::{Datum, Value};

/// Runs one test of a derived table.
pub(super) fn run(checked: &Checked, id: &str, test: &Test, findings: &mut Diagnostics) {
    match given::framework(checked, &test.parameters, &test.facts) {
        Ok(own) => match rows(own.as_ref().unwrap_or(checked), id, test) {
            Ok(found) => compare(id, test, &found, findings),
            Err(why) => findings.push(failed(id, &test.name, &test.place.span, why)),
        },
        Err(found) => findings.extend(found),
    }
}

fn rows(checked: &Checked, id: &str, test: &Test) -> Result<Derived, String> {
    let period: Period =
        test.period.value.parse().map_err(|error| format!("its period cannot be read: {error}"))?;
    derived(checked, &given::made_return(checked, test)?, id, &period).map_err(|error| error.to_string())
}

fn compare(id: &str, test: &Test, found: &Derived, findings: &mut Diagnostics) {
    let expect = &test.expect;
    let wanted = expect.rows.as_deref().unwrap_or_default();
    for (number, row) in wanted.iter().enumerate() {
        let Some(values) = found.rows.get(number) else {
            let why = format!("row {}: expected {}, found none", number + 1, expected(row, &found.fields));
            findings.push(failed(id, &test.name, &row.place.span, why));
            continue;
        };
        for (field, value) in found.fields.iter().zip(values) {
            let given = row.fields.get(field);
            let wanted = given.map_or(&Datum::Missing, |given| &given.value);
            if !same(wanted, value) {
                let place = given.map_or(&row.place.span, |given| &given.span);
                let (wanted, value) = (words(wanted), words(value));
                let why = format!("row {}, {field}: expected {wanted}, found {value}", number + 1);
                findings.push(failed(id, &test.name, place, why));
            }
        }
    }
    for (number, values) in found.rows.iter().enumerate().skip(wanted.len()) {
        let row: BTreeMap<&str, String> =
            found.fields.iter().map(String::as_str).zip(values.iter().map(words)).collect();
        let why = format!("row {}: expected none, found {}", number + 1, listed(&found.fields, &row));
        findings.push(failed(id, &test.name, &expect.place.span, why));
    }
    let (unplaced, place) = match &expect.unplaced {
        Some(wanted) => (wanted.value, &wanted.span),
        None => (0, &expect.place.span),
    };
    if i64::try_from(found.unplaced) != Ok(unplaced) {
        let why = format!("rows that could not be placed: expected {unplaced}, found {}", found.unplaced);
        findings.push(failed(id, &test.name, place, why));
    }
}

/// A whole number is also a decimal one.
fn same(wanted: &Datum, found: &Datum) -> bool {
    match (wanted, found) {
        (Datum::Known(Value::Int(a)), Datum::Known(Value::Decimal(b))) => {
            rust_decimal::Decimal::from(*a) == *b
        }
        _ => wanted == found,
    }
}

fn expected(row: &TestRow, fields: &[String]) -> String {
    let values = row.fields.iter().map(|(name, given)| (name.as_str(), words(&given.value))).collect();
    listed(fields, &values)
}

fn listed(fields: &[String], values: &BTreeMap<&str, String>) -> String {
    let said = fields.iter().filter_map(|field| Some(format!("{field} = {}", values.get(field.as_str())?)));
    said.collect::<Vec<_>>().join(", ")
}

fn words(datum: &Datum) -> String {
    match datum {
        Datum::Known(Value::Text(text)) => format!("\"{text}\""),
        Datum::Known(Value::Bool(answer)) => answer.to_string(),
        Datum::Known(Value::Int(number)) => number.to_string(),
        Datum::Known(Value::Decimal(number)) => number.to_string(),
        Datum::Known(Value::Date(day)) => day.to_string(),
        Datum::Missing => "a blank".to_owned(),
        Datum::Rejected => "a value that could not be read".to_owned(),
        Datum::Suppressed => "a value that its supplier suppressed".to_owned(),
    }
}
