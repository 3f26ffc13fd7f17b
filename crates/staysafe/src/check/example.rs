//! The tests inside a definition name what there is: datasets, fields, parameters, a period.
//!
//! This is looked at even where the framework has other mistakes and no test can run yet.

use crate::definition::dataset::Dataset;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Test, TestRow};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::period::Period;
use crate::value::{Datum, Type};

/// Checks one test of an indicator.
pub(super) fn check(framework: &Framework, test: &Test, diagnostics: &mut Diagnostics) {
    if let Err(why) = test.period.value.parse::<Period>() {
        let help = "write it as 2010-11 Q1, 2010-11, Apr 2010 or one of the other labels of a period";
        let found = Diagnostic::new(Code::BadTime, test.period.span.clone(), why.to_string());
        diagnostics.push(found.label("not a period").help(help));
    }
    for (name, given) in &test.parameters {
        if !framework.parameters.contains_key(name) && !framework.may_declare(name) {
            let known = framework.parameters.keys().map(String::as_str);
            let message = format!("the framework declares no parameter '{name}'");
            diagnostics.push(unknown(&given.span, message, name, known));
        }
    }
    for (name, rows) in &test.records {
        let Some(dataset) = framework.datasets.get(name) else {
            if framework.may_declare(name) {
                continue;
            }
            let place = rows.first().map_or(&test.place.span, |row| &row.place.span);
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
            let message = format!("the dataset '{}' has no field '{name}'", dataset.id.value);
            diagnostics.push(unknown(&given.span, message, name, known));
            continue;
        };
        let Datum::Known(value) = &given.value else { continue };
        let (found, wanted) = (value.ty(), field.ty.value);
        if found != wanted && !(found == Type::Int && wanted == Type::Decimal) {
            let message = format!("the field '{name}' is a {wanted}, and this is a {found}");
            diagnostics.push(
                Diagnostic::new(Code::TypeMismatch, given.span.clone(), message)
                    .label(format!("this is a {found}"))
                    .other(field.ty.span.clone(), "the field's type"),
            );
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
