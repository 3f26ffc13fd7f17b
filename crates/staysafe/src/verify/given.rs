//! What a test gives: parameters, facts about the area, records with their cover.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::{Checked, check_with};
use crate::definition::indicator::{Test, TestRow};
use crate::diagnostic::{Diagnostics, Spanned};
use crate::record::{Cover, Days, Return, Row, Submission, Table};
use crate::value::{Datum, Value};

/// The area that in-file tests happen in.
pub(super) const AREA: &str = "test";

/// The framework with a test's parameters and facts in force; none where it has neither.
pub(super) fn framework(
    checked: &Checked,
    parameters: &BTreeMap<String, Spanned<Datum>>,
    facts: &BTreeMap<String, Spanned<Datum>>,
) -> Result<Option<Checked>, Diagnostics> {
    if parameters.is_empty() && facts.is_empty() {
        return Ok(None);
    }
    let given: BTreeMap<String, Value> = parameters
        .iter()
        .filter_map(|(name, datum)| match &datum.value {
            Datum::Known(value) => Some((name.clone(), value.clone())),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        })
        .collect();
    let mut framework = checked.framework().clone();
    if let Some(mut area) = framework.areas.values().next().cloned().filter(|_| !facts.is_empty()) {
        AREA.clone_into(&mut area.code.value);
        area.aliases.clear();
        area.facts = facts.clone();
        framework.areas.insert(AREA.to_owned(), area);
    }
    match check_with(framework, &given) {
        (Some(checked), _) => Ok(Some(checked)),
        (None, found) => Err(found),
    }
}

/// The return that a test's records are.
pub(super) fn made_return(checked: &Checked, test: &Test) -> Result<Return, String> {
    let mut tables = BTreeMap::new();
    for (name, rows) in &test.records {
        let Some(dataset) = checked.framework().datasets.get(name) else {
            return Err(format!("it has records of '{name}', which is no dataset"));
        };
        let fields: Vec<Arc<str>> = dataset.fields.iter().map(|f| f.name.value.as_str().into()).collect();
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
        let cover = test.cover.get(name);
        let cover = cover.map(|(first, last)| Cover::all(Days { first: first.value, last: last.value }));
        let cover = cover.unwrap_or(Cover::UNLIMITED);
        tables.insert(name.clone(), Table { fields, rows: made, cover });
    }
    Ok(Return {
        name: test.name.value.clone(),
        kind: "test".to_owned(),
        area: AREA.to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables,
    })
}

fn values(fields: &[Arc<str>], row: &TestRow) -> Vec<Datum> {
    fields
        .iter()
        .map(|field| row.fields.get(&**field).map_or(Datum::Missing, |given| given.value.clone()))
        .collect()
}
