//! Where rows come from: a dataset, or a derived table whose steps leave rows as they are.

use super::expression::resolve_as;
use super::scope::{Frame, Scope};
use super::tree::{CheckedStep, FieldRef};
use crate::definition::dataset::{Dataset, Derived, Step, StepKind};
use crate::diagnostic::{Code, Diagnostic, Spanned, nearest};
use crate::value::Type;

/// The dataset behind a name, and the steps from its rows; `None` where a finding was reported or a step
/// is not supported yet.
pub(super) fn resolve<'a>(
    scope: &mut Scope<'a, '_>,
    name: &Spanned<String>,
) -> Option<(&'a Dataset, Vec<CheckedStep>)> {
    let mut steps: Vec<&'a Step> = Vec::new();
    let mut seen: Vec<&'a str> = Vec::new();
    let mut at = name;
    while let Some(derived) = scope.framework.derived.get(&at.value) {
        if seen.contains(&derived.id.value.as_str()) {
            scope.report(
                Diagnostic::new(
                    Code::Circle,
                    at.span.clone(),
                    format!("'{}' is derived from itself", at.value),
                )
                .label("this leads back"),
            );
            return None;
        }
        seen.push(&derived.id.value);
        steps.splice(0..0, derived.steps.iter());
        at = &derived.from;
    }
    let Some(dataset) = scope.framework.datasets.get(&at.value) else {
        unknown_table(scope, at);
        return None;
    };
    scope.need.entry(dataset.id.value.clone()).or_default();
    scope.frames = vec![Frame { name: "this".to_owned(), dataset }];
    let checked: Vec<Option<CheckedStep>> = steps.iter().map(|step| check_step(scope, step)).collect();
    scope.frames.clear();
    Some((dataset, checked.into_iter().collect::<Option<_>>()?))
}

/// Fields that a derived table's steps name, for the need of a definition that cannot run yet.
pub(super) fn fields_named(derived: &Derived) -> impl Iterator<Item = &str> {
    derived
        .steps
        .iter()
        .flat_map(|step| step.fields.iter())
        .flat_map(|(_, names)| names.iter().map(|n| n.value.as_str()))
}

/// Notes the steps of a derived table, and of those it is derived from, that cannot be calculated yet.
pub(super) fn note_unsupported_steps(scope: &mut Scope<'_, '_>, name: &str) {
    let mut at = name;
    // A table that is derived from itself is reported where it is used; here it only has to end.
    for _ in 0..=scope.framework.derived.len() {
        let Some(derived) = scope.framework.derived.get(at) else { return };
        scope.unsupported.extend(derived.steps.iter().filter_map(unsupported));
        at = &derived.from.value;
    }
}

fn unsupported(step: &Step) -> Option<String> {
    let word = match step.kind.value {
        StepKind::Chain => "chain",
        StepKind::Schedule => "schedule",
        StepKind::Filter | StepKind::Pick => return None,
    };
    Some(format!("the step '{word}' of a derived table"))
}

fn unknown_table(scope: &mut Scope<'_, '_>, name: &Spanned<String>) {
    let known = scope.framework.datasets.keys().chain(scope.framework.derived.keys()).map(String::as_str);
    let mut found = Diagnostic::new(
        Code::UnknownName,
        name.span.clone(),
        format!("no dataset or derived table is called '{}'", name.value),
    )
    .label("not declared")
    .help(format!("declare it in datasets/{0}.toml or derived/{0}.toml", name.value));
    if let Some(near) = nearest(&name.value, known) {
        found = found.fix(name.span.clone(), near);
    }
    scope.report(found);
}

fn check_step(scope: &mut Scope<'_, '_>, step: &Step) -> Option<CheckedStep> {
    match step.kind.value {
        StepKind::Chain | StepKind::Schedule => {
            scope.unsupported.extend(unsupported(step));
            None
        }
        StepKind::Filter => {
            let predicate = step.predicates.iter().find(|(key, _)| key.value == "where");
            let Some((_, predicate)) = predicate else {
                missing(scope, step, "where", "the rows to keep, as a predicate");
                return None;
            };
            resolve_as(scope, predicate, Type::Bool).map(CheckedStep::Filter)
        }
        StepKind::Pick => check_pick(scope, step),
    }
}

fn check_pick(scope: &mut Scope<'_, '_>, step: &Step) -> Option<CheckedStep> {
    let (key, order) = (fields(scope, step, "key"), fields(scope, step, "order"));
    let take = step.settings.iter().find(|(key, _)| key.value == "take");
    let Some((_, take)) = take else {
        missing(scope, step, "take", "first, last or as-at");
        return None;
    };
    let (last, as_at) = match take.value.as_str() {
        "first" => (false, false),
        "last" => (true, false),
        "as-at" => (true, true),
        other => {
            scope.report(
                Diagnostic::new(Code::UnknownWord, take.span.clone(), format!("cannot take '{other}'"))
                    .label("first, last or as-at"),
            );
            return None;
        }
    };
    Some(CheckedStep::Pick { key: key?, order: order?, last, as_at })
}

fn fields(scope: &mut Scope<'_, '_>, step: &Step, key: &str) -> Option<Vec<FieldRef>> {
    let Some((_, names)) = step.fields.iter().find(|(name, _)| name.value == key) else {
        missing(scope, step, key, "a list of fields");
        return None;
    };
    let found: Vec<Option<FieldRef>> = names.iter().map(|name| scope.own_field(name)).collect();
    found.into_iter().collect()
}

fn missing(scope: &mut Scope<'_, '_>, step: &Step, key: &str, what: &str) {
    scope.report(
        Diagnostic::new(Code::MissingKey, step.place.span.clone(), format!("this step has no '{key}'"))
            .label(format!("'{key}' is missing"))
            .help(format!("{key} is {what}")),
    );
}
