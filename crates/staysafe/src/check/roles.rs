//! What a dataset says of its fields: which date a row, which tell two versions apart, and what goes with what.

use super::reference::declared;
use crate::definition::dataset::{Dataset, Field};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, Spanned, nearest};
use crate::value::{Datum, Type, Value};

/// Checks the roles of a dataset and of its fields.
pub(super) fn check(framework: &Framework, dataset: &Dataset, diagnostics: &mut Diagnostics) {
    let dates = &dataset.dates;
    for (role, field) in [("event", &dates.event), ("start", &dates.start), ("end", &dates.end)] {
        if let Some(field) = field {
            of_type(dataset, field, Type::Date, &format!("the {role} of a row"), diagnostics);
        }
    }
    if let (Some(end), None) = (&dates.end, &dates.start) {
        let help =
            "write dates = { start = \"…\", end = \"…\" }, or event = \"…\" for what has only one date";
        disagree(diagnostics, &end.span, "an end without a start", "no start goes with this", help);
    }
    if let Some(version) = &dataset.version {
        declared(diagnostics, version, "field", "this dataset", names(dataset));
        if dataset.key.is_none() {
            let help = "add key = [\"…\"], or leave version out: rows without a key are never duplicates";
            let message = "a version decides between rows under one key, and this dataset has no key";
            disagree(diagnostics, &version.span, message, "decides nothing", help);
        }
    }
    if let Some(fields) = &dataset.recognised_by {
        for field in &fields.value {
            let named = Spanned { value: field.clone(), span: fields.span.clone() };
            declared(diagnostics, &named, "field", "this dataset", names(dataset));
            if field_of(dataset, field).is_some_and(|field| field.number_of.is_some()) {
                let message = format!("`{field}` is given anew in each return, and recognises nothing");
                let help = "name fields that keep their values from one return to the next";
                disagree(diagnostics, &fields.span, &message, "differs from return to return", help);
            }
        }
        if dataset.key.is_some() {
            let help = "leave recognised_by out: rows with a key are recognised by it";
            disagree(diagnostics, &fields.span, "this dataset has a key as well", "says it twice", help);
        }
    }
    if let Some(link) = &dataset.goes_with {
        goes_with(framework, dataset, link, diagnostics);
    }
    for field in &dataset.fields {
        if let Some(of) = &field.number_of {
            let known = framework.datasets.keys().map(String::as_str);
            declared(diagnostics, of, "dataset", "datasets/", known);
            if field.ty.value != Type::Int {
                let message = format!("`{}` numbers rows, and is a {}", field.name.value, field.ty.value);
                let help = "the reader counts rows from 1: write type = \"whole number\"";
                disagree(diagnostics, &of.span, &message, "only whole numbers do", help);
            }
        }
        if let Some(example) = &field.example {
            worked(framework, field, example, diagnostics);
        }
        if let Some(date) = &field.reason_of {
            of_type(dataset, date, Type::Date, "what a reason is of", diagnostics);
        }
    }
}

/// A record goes with one of another dataset, itself recognised from return to return; never in a circle.
fn goes_with(framework: &Framework, dataset: &Dataset, name: &Spanned<String>, into: &mut Diagnostics) {
    let links = dataset.links.iter().map(|link| link.name.value.as_str());
    if !declared(into, name, "link", "this dataset", links) {
        return;
    }
    let leader = |from: &Dataset, name: &str| {
        let link = from.links.iter().find(|link| link.name.value == name)?;
        framework.datasets.get(&link.to.value)
    };
    let Some(to) = leader(dataset, &name.value) else {
        let help = "name a link to a dataset; derived tables are made after returns are joined";
        disagree(into, &name.span, "a record cannot go with one of a derived table", "derived", help);
        return;
    };
    if to.key.is_none() && to.recognised_by.is_none() {
        let message = format!("rows of '{}' are not recognised from one return to the next", to.id.value);
        let help = format!("give '{}' a key, or recognised_by = [\"…\"]", to.id.value);
        disagree(into, &name.span, &message, "cannot go with these", &help);
    }
    let mut at = to;
    for _ in 0..framework.datasets.len() {
        if at.id.value == dataset.id.value {
            let help = "one of them must have dates of its own";
            let message = format!("'{}' goes with itself", dataset.id.value);
            into.push(
                Diagnostic::new(Code::Circle, name.span.clone(), message).label("this leads back").help(help),
            );
            return;
        }
        match at.goes_with.as_ref().and_then(|next| leader(at, &next.value)) {
            Some(next) => at = next,
            None => return,
        }
    }
}

fn of_type(dataset: &Dataset, name: &Spanned<String>, ty: Type, what: &str, diagnostics: &mut Diagnostics) {
    if !declared(diagnostics, name, "field", "this dataset", names(dataset)) {
        return;
    }
    if let Some(field) = field_of(dataset, &name.value).filter(|field| field.ty.value != ty) {
        let message = format!("{what} is a {ty}, and `{}` is a {}", name.value, field.ty.value);
        diagnostics.push(
            Diagnostic::new(Code::TypeMismatch, name.span.clone(), message)
                .label(format!("expected the name of a {ty}"))
                .other(field.ty.span.clone(), "its type is given here"),
        );
    }
}

/// The worked row of a template must be one that would be taken.
fn worked(framework: &Framework, field: &Field, example: &Spanned<Datum>, diagnostics: &mut Diagnostics) {
    let Datum::Known(value) = &example.value else { return };
    let (found, ty) = (value.ty(), field.ty.value);
    if found != ty && (found, ty) != (Type::Int, Type::Decimal) {
        let message = format!("the example of `{}` is a {found}, and the field a {ty}", field.name.value);
        diagnostics.push(
            Diagnostic::new(Code::TypeMismatch, example.span.clone(), message)
                .label(format!("expected a {ty}"))
                .other(field.ty.span.clone(), "its type is given here"),
        );
        return;
    }
    let set = field.codes.as_ref().and_then(|set| framework.code_sets.get(&set.value));
    if let (Some(set), Value::Text(code)) = (set, value)
        && !set.codes.iter().any(|known| known.code.value == **code)
    {
        let message = format!("'{code}' is no code of '{}'", set.id.value);
        let near = nearest(code, set.codes.iter().map(|known| known.code.value.as_str()));
        let mut finding =
            Diagnostic::new(Code::UnknownCode, example.span.clone(), message).label("not in the set");
        if let Some(near) = near {
            finding = finding.help(format!("did you mean '{near}'?"));
        }
        diagnostics.push(finding);
    }
}

fn names(dataset: &Dataset) -> impl Iterator<Item = &str> + Clone {
    dataset.fields.iter().map(|field| field.name.value.as_str())
}

fn field_of<'a>(dataset: &'a Dataset, name: &str) -> Option<&'a Field> {
    dataset.fields.iter().find(|field| field.name.value == name)
}

fn disagree(diagnostics: &mut Diagnostics, span: &Span, message: &str, label: &str, help: &str) {
    let found = Diagnostic::new(Code::RolesDisagree, span.clone(), message);
    diagnostics.push(found.label(label).help(help));
}
