//! The tests written inside definitions: run, and compared.

pub mod mutate;

use std::collections::BTreeMap;

use crate::calculate::{calculate, finish};
use crate::check::{Checked, check_with};
use crate::definition::indicator::{Expect, Indicator, Test, TestRow};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::period::Period;
use crate::plan::{Request, plan};
use crate::record::{Cover, Data, Return, Row, Table};
use crate::result::{Observation, Outcome};
use crate::value::{Datum, Value};

/// The area that in-file tests happen in.
const AREA: &str = "test";

/// What came of a framework's in-file tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many tests were run.
    pub run: usize,
    /// Tests of definitions that cannot be calculated yet: not run, by indicator.
    pub not_run: BTreeMap<String, usize>,
    /// A finding for each expectation that was not met.
    pub findings: Diagnostics,
}

/// Runs every test written inside a definition.
///
/// What a test does not name is not compared; a dataset that it does not name was not carried.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read, verify::verify};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// assert_eq!(verify(&checked).run, 0);
/// ```
pub fn verify(checked: &Checked) -> Verified {
    let mut verified = Verified { run: 0, not_run: BTreeMap::new(), findings: Diagnostics::new() };
    for indicator in checked.framework().indicators.values() {
        let id = indicator.id.value.as_str();
        if checked.indicator(id).is_none_or(|checked| !checked.is_computable()) {
            if !indicator.tests.is_empty() {
                verified.not_run.insert(id.to_owned(), indicator.tests.len());
            }
            continue;
        }
        for test in &indicator.tests {
            verified.run += 1;
            run(checked, indicator, test, &mut verified.findings);
        }
    }
    verified.findings.sort();
    verified
}

fn run(checked: &Checked, indicator: &Indicator, test: &Test, findings: &mut Diagnostics) {
    if test.parameters.is_empty() && test.facts.is_empty() {
        compare_with(checked, indicator, test, findings);
        return;
    }
    let given: BTreeMap<String, Value> = test
        .parameters
        .iter()
        .filter_map(|(name, datum)| match &datum.value {
            Datum::Known(value) => Some((name.clone(), value.clone())),
            Datum::Missing | Datum::Rejected => None,
        })
        .collect();
    let mut framework = checked.framework().clone();
    if let Some(mut area) = framework.areas.values().next().cloned().filter(|_| !test.facts.is_empty()) {
        AREA.clone_into(&mut area.code.value);
        area.aliases.clear();
        area.facts.clone_from(&test.facts);
        framework.areas.insert(AREA.to_owned(), area);
    }
    match check_with(framework, &given) {
        (Some(checked), _) => compare_with(&checked, indicator, test, findings),
        (None, found) => findings.extend(found),
    }
}

fn compare_with(checked: &Checked, indicator: &Indicator, test: &Test, findings: &mut Diagnostics) {
    let id = indicator.id.value.as_str();
    match observations(checked, id, test) {
        Ok(observations) => compare(id, test, &observations, findings),
        Err(why) => findings.push(failed(id, test, &test.place.span, why)),
    }
}

fn observations(checked: &Checked, id: &str, test: &Test) -> Result<Vec<Observation>, String> {
    let period: Period =
        test.period.value.parse().map_err(|error| format!("its period cannot be read: {error}"))?;
    let request = Request { indicators: vec![id.to_owned()], periods: vec![period], ..Request::default() };
    let plan = plan(checked, &request).map_err(|error| error.to_string())?;
    let data = Data { returns: vec![made_return(checked, test)?] };
    let partials = calculate(checked, &plan, &data).map_err(|error| error.to_string())?;
    Ok(finish(checked, &partials).observations)
}

fn made_return(checked: &Checked, test: &Test) -> Result<Return, String> {
    let mut tables = BTreeMap::new();
    for (name, rows) in &test.records {
        let Some(dataset) = checked.framework().datasets.get(name) else {
            return Err(format!("it has records of '{name}', which is no dataset"));
        };
        let fields: Vec<std::sync::Arc<str>> =
            dataset.fields.iter().map(|f| f.name.value.as_str().into()).collect();
        let mut made = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            if let Some(unknown) = row.fields.keys().find(|name| !fields.iter().any(|f| **f == ***name)) {
                return Err(format!(
                    "a record of '{name}' has a field '{unknown}', which the dataset does not"
                ));
            }
            made.push(Row {
                values: values(&fields, row),
                origin: u32::try_from(number + 1).unwrap_or(u32::MAX),
            });
        }
        tables.insert(name.clone(), Table { fields, rows: made, cover: Cover::UNLIMITED });
    }
    Ok(Return {
        name: test.name.value.clone(),
        kind: "test".to_owned(),
        area: AREA.to_owned(),
        reference_date: None,
        truncated: false,
        tables,
    })
}

fn values(fields: &[std::sync::Arc<str>], row: &TestRow) -> Vec<Datum> {
    fields
        .iter()
        .map(|field| row.fields.get(&**field).map_or(Datum::Missing, |given| given.value.clone()))
        .collect()
}

fn compare(id: &str, test: &Test, observations: &[Observation], findings: &mut Diagnostics) {
    let expect: &Expect = &test.expect;
    let mut differs = |place: &Span, what: &str, wanted: &str, found: &str| {
        findings.push(failed(id, test, place, format!("{what}: expected {wanted}, found {found}")));
    };
    for (category, count) in &expect.categories {
        let found = observations.iter().find(|o| o.category.as_deref() == Some(category));
        let found = found.map_or_else(|| "no such category".to_owned(), |o| part(&o.cell.outcome, true));
        if found != count.value.to_string() {
            differs(&count.span, category, &count.value.to_string(), &found);
        }
    }
    let Some(first) = observations.first() else {
        differs(&test.place.span, "figures", "at least one", "none");
        return;
    };
    let outcome = &first.cell.outcome;
    for (wanted, above, what) in
        [(&expect.numerator, true, "numerator"), (&expect.denominator, false, "denominator")]
    {
        if let Some(wanted) = wanted {
            let found = part(outcome, above);
            if found != wanted.value.to_string() {
                differs(&wanted.span, what, &wanted.value.to_string(), &found);
            }
        }
    }
    if let Some(wanted) = &expect.value {
        let places = wanted.value.split_once('.').map_or(0, |(_, places)| places.len());
        let found = match outcome {
            Outcome::Figure { value, .. } => value.to_places(u32::try_from(places).unwrap_or(0)),
            Outcome::Absent(reason) => reason.code().to_owned(),
        };
        if found != wanted.value {
            differs(&wanted.span, "value", &wanted.value, &found);
        }
    }
    if let Some(wanted) = &expect.outcome
        && wanted.value != outcome.code()
    {
        let found = match outcome {
            Outcome::Figure { .. } => "a figure".to_owned(),
            Outcome::Absent(reason) => reason.words(),
        };
        differs(&wanted.span, "outcome", &wanted.value, &found);
    }
    for (note, count) in &expect.notes {
        let found = first.cell.notes.iter().find(|(n, _)| n.code() == note).map_or(0, |(_, count)| *count);
        if i64::try_from(found) != Ok(count.value) {
            differs(&count.span, note, &count.value.to_string(), &found.to_string());
        }
    }
}

/// The figure's numerator or denominator as text, or why there is none.
fn part(outcome: &Outcome, above: bool) -> String {
    match outcome {
        Outcome::Figure { numerator, denominator, .. } => {
            let part = if above { numerator } else { denominator };
            part.map_or_else(|| "none".to_owned(), |n| n.to_string())
        }
        Outcome::Absent(reason) => reason.words(),
    }
}

fn failed(id: &str, test: &Test, place: &Span, why: String) -> Diagnostic {
    Diagnostic::new(
        Code::TestFails,
        place.clone(),
        format!("{id}: the test '{}' fails: {why}", test.name.value),
    )
    .label(why)
    .other(test.name.span.clone(), "the test")
}
