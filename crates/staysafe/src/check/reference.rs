//! What definitions say of each other: every name that is used is declared.

use std::collections::BTreeSet;

use super::tables::Tables;
use crate::definition::dataset::{AreaRule, Dataset};
use crate::definition::framework::{Framework, Identity, Supplies};
use crate::definition::indicator::{Indicator, Kind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Spanned, nearest};

/// Checks the references of everything that is not a predicate.
pub(super) fn check(framework: &Framework, tables: &Tables<'_>, diagnostics: &mut Diagnostics) {
    for dataset in framework.datasets.values() {
        check_dataset(framework, tables, dataset, diagnostics);
    }
    for list in &framework.lists {
        if let Some(source) = &list.source {
            let known = framework.sources.iter().map(|s| s.id.value.as_str());
            declared(diagnostics, source, "source", "sources.toml", known);
        }
    }
    for area in framework.areas.values() {
        let parents = area.parents.iter().map(|parent| &parent.code);
        for code in parents.chain(&area.successors).chain(&area.neighbours) {
            declared(diagnostics, code, "area", "areas.toml", framework.areas.keys().map(String::as_str));
        }
    }
    for agency in framework.agencies.values() {
        for supplies in &agency.supplies {
            check_supply(framework, supplies, diagnostics);
        }
    }
    for identity in &framework.identities {
        check_identity(framework, identity, diagnostics);
    }
    for indicator in framework.indicators.values() {
        check_indicator(framework, indicator, diagnostics);
    }
}

/// A dataset that is supplied has a schema, or an indicator says that it needs it; so have its fields.
fn check_supply(framework: &Framework, supplies: &Supplies, diagnostics: &mut Diagnostics) {
    let needs = || framework.indicators.values().flat_map(|indicator| &indicator.needs);
    let needed = needs().map(|need| need.dataset.value.as_str());
    let known: BTreeSet<&str> = framework.datasets.keys().map(String::as_str).chain(needed).collect();
    declared(diagnostics, &supplies.dataset, "dataset", "datasets/", known.iter().copied());
    let id = &supplies.dataset.value;
    let fields: BTreeSet<&str> = match framework.datasets.get(id) {
        Some(dataset) => dataset.fields.iter().map(|field| field.name.value.as_str()).collect(),
        None => needs()
            .filter(|need| need.dataset.value == *id)
            .flat_map(|need| need.fields.iter().map(|field| field.value.as_str()))
            .collect(),
    };
    for field in &supplies.fields {
        declared(diagnostics, field, "field", &format!("datasets/{id}.toml"), fields.iter().copied());
    }
}

/// Its figures are of indicators, and of the kinds that it adds up.
fn check_identity(framework: &Framework, identity: &Identity, diagnostics: &mut Diagnostics) {
    for (role, id) in identity.kind.value.roles().iter().zip(&identity.of) {
        declared(
            diagnostics,
            id,
            "indicator",
            "indicators/",
            framework.indicators.keys().map(String::as_str),
        );
        let Some(indicator) = framework.indicators.get(&id.value) else { continue };
        let fits = match (*role, indicator.kind.value) {
            ("stock", kind) => kind == Kind::Stock,
            ("share", kind) => kind == Kind::Proportion,
            ("distribution", kind) => kind == Kind::Distribution,
            ("part" | "whole", Kind::Stock) => true,
            (_, kind) => kind == Kind::Count,
        };
        if !fits {
            let message = format!(
                "'{}' is no figure that the identity '{}' can take as '{role}'",
                id.value, identity.id.value
            );
            diagnostics.push(
                Diagnostic::new(Code::WrongForKind, id.span.clone(), message)
                    .other(indicator.kind.span.clone(), "its kind")
                    .help("a stock, events that started and ended, a share (proportion), its part and whole (counts or stocks), or a distribution"),
            );
        }
    }
}

fn check_indicator(framework: &Framework, indicator: &Indicator, diagnostics: &mut Diagnostics) {
    let indicators = || framework.indicators.keys().map(String::as_str);
    for listing in &indicator.listed {
        let known = framework.lists.iter().map(|list| list.id.value.as_str());
        declared(diagnostics, &listing.list, "list", "lists.toml", known);
    }
    for holder in
        indicator.holders.iter().chain(indicator.needs.iter().filter_map(|need| need.holder.as_ref()))
    {
        declared(
            diagnostics,
            holder,
            "agency",
            "agencies.toml",
            framework.agencies.keys().map(String::as_str),
        );
    }
    for source in &indicator.sources {
        let known = framework.sources.iter().map(|s| s.id.value.as_str());
        declared(diagnostics, source, "source", "sources.toml", known);
    }
    for relation in &indicator.relations {
        declared(diagnostics, &relation.target, "indicator", "indicators/", indicators());
    }
    for other in indicator.parent.iter().chain(&indicator.same_calculation_as) {
        declared(diagnostics, other, "indicator", "indicators/", indicators());
    }
    if let Some(same) = &indicator.same_calculation_as {
        if let Some(calculation) = &indicator.calculation {
            let place = match calculation {
                crate::definition::indicator::Calculation::Ladder(ladder) => &ladder.place.span,
                crate::definition::indicator::Calculation::TwoTotals(totals) => &totals.place.span,
            };
            diagnostics.push(
                Diagnostic::new(
                    Code::WrongForKind,
                    place.clone(),
                    "a definition that stands for another has no calculation of its own",
                )
                .label("leave this out")
                .other(same.span.clone(), "it takes its calculation from here"),
            );
        }
        circle(framework, indicator, same, diagnostics);
    }
}

fn circle(framework: &Framework, from: &Indicator, same: &Spanned<String>, diagnostics: &mut Diagnostics) {
    let mut seen = vec![from.id.value.as_str()];
    let mut at = Some(same);
    while let Some(name) = at {
        if seen.contains(&name.value.as_str()) {
            diagnostics.push(
                Diagnostic::new(
                    Code::Circle,
                    same.span.clone(),
                    format!(
                        "'{}' takes its calculation from itself, by way of {}",
                        from.id.value,
                        seen.join(", ")
                    ),
                )
                .label("this leads back")
                .help("one of them must have a [calculation]"),
            );
            return;
        }
        seen.push(&name.value);
        at = framework.indicators.get(&name.value).and_then(|i| i.same_calculation_as.as_ref());
    }
}

fn check_dataset(
    framework: &Framework,
    tables: &Tables<'_>,
    dataset: &Dataset,
    diagnostics: &mut Diagnostics,
) {
    let own = || dataset.fields.iter().map(|field| field.name.value.as_str());
    declared(
        diagnostics,
        &dataset.holder,
        "agency",
        "agencies.toml",
        framework.agencies.keys().map(String::as_str),
    );
    for field in &dataset.fields {
        if let Some(codes) = &field.codes {
            declared(
                diagnostics,
                codes,
                "code set",
                "codes/",
                framework.code_sets.keys().map(String::as_str),
            );
        }
    }
    if let Some(key) = &dataset.key {
        for field in &key.value {
            let field = Spanned { value: field.clone(), span: key.span.clone() };
            declared(diagnostics, &field, "field", "this dataset", own());
        }
    }
    super::roles::check(framework, dataset, diagnostics);
    if let AreaRule::Field(field) = &dataset.area.value {
        let field = Spanned { value: field.clone(), span: dataset.area.span.clone() };
        declared(diagnostics, &field, "field", "this dataset (or header, or given)", own());
    }
    for link in &dataset.links {
        let known = framework.datasets.keys().chain(framework.derived.keys()).map(String::as_str);
        if !declared(diagnostics, &link.to, "dataset or derived table", "datasets/ or derived/", known) {
            continue;
        }
        let Some(to) = tables.get(&link.to.value) else { continue };
        for (our, their) in &link.on {
            let ours = declared(diagnostics, our, "field", "this dataset", own());
            let known = to.fields.iter().map(|field| field.name.value.as_str());
            let place = format!("'{}'", to.id.value);
            let theirs = declared(diagnostics, their, "field", &place, known);
            if ours && theirs {
                same_type(dataset, to, our, their, diagnostics);
            }
        }
    }
}

fn same_type(
    dataset: &Dataset,
    to: &Dataset,
    our: &Spanned<String>,
    their: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let ty = |dataset: &Dataset, name: &str| {
        dataset.fields.iter().find(|f| f.name.value == name).map(|f| f.ty.value)
    };
    if let (Some(a), Some(b)) = (ty(dataset, &our.value), ty(to, &their.value))
        && a != b
    {
        let message = format!("the link joins a {a} to a {b}, which never match");
        diagnostics.push(
            Diagnostic::new(Code::TypeMismatch, our.span.clone(), message)
                .label(format!("this is a {a}"))
                .other(their.span.clone(), format!("this is a {b}")),
        );
    }
}

/// Whether a name is declared; a finding with the nearest name where it is not.
pub(super) fn declared<'a>(
    diagnostics: &mut Diagnostics,
    name: &Spanned<String>,
    what: &str,
    place: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> bool {
    if known.clone().any(|k| k == name.value) {
        return true;
    }
    let mut found = Diagnostic::new(
        Code::UnknownName,
        name.span.clone(),
        format!("no {what} is called '{}'", name.value),
    )
    .label("not declared")
    .help(format!("declare it in {place}"));
    if let Some(near) = nearest(&name.value, known) {
        found = found.fix(name.span.clone(), near);
    }
    diagnostics.push(found);
    false
}
