//! `framework.toml`.

use toml::de::DeTable;

use super::breakdown::breakdown;
use super::file::File;
use super::table::{Entry, Table};
use crate::definition::framework::{DatedLimit, Excluded, Framework, Identity, IdentityKind, Parameter};
use crate::definition::indicator::{Disclosure, Quality};
use crate::diagnostic::{Code, Spanned};
use crate::value::Type;

pub(super) const TYPES: &[(&str, Type)] = &[
    ("yes/no", Type::Bool),
    ("whole number", Type::Int),
    ("number", Type::Decimal),
    ("text", Type::Text),
    ("date", Type::Date),
];
pub(super) const DISCLOSURES: &[(&str, Disclosure)] =
    &[("person", Disclosure::Person), ("not-personal", Disclosure::NotPersonal)];

const IDENTITIES: &[(&str, IdentityKind)] = &[
    ("stock-and-flow", IdentityKind::StockAndFlow),
    ("share", IdentityKind::Share),
    ("categories", IdentityKind::Categories),
];

/// Reads the framework's own file.
pub(super) fn framework(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let known = &[
        "id",
        "title",
        "scope",
        "disclosure",
        "quality",
        "excluded",
        "identity",
        "parameters",
        "limits",
        "breakdowns",
    ];
    let table = Table::root(file, table, "a framework", known);
    if !framework.id.is_empty() {
        let message = "a second `framework.toml`";
        file.report(
            file.finding(Code::DuplicateId, table.place.clone(), message)
                .help("a framework has one file of that name; read two frameworks one by one"),
        );
    }
    framework.id =
        table.required("id", "id = \"board\"", Entry::text).map_or_else(String::new, |id| id.value);
    framework.title =
        table.required("title", "title = \"…\"", Entry::text).map_or_else(String::new, |title| title.value);
    framework.scope = table.optional("scope", Entry::text).map_or_else(String::new, |scope| scope.value);
    framework.disclosure = table.optional("disclosure", |entry| entry.word(DISCLOSURES));
    framework.quality = table.optional("quality", quality);
    for excluded in table.get("excluded").map_or_else(Vec::new, |entry| entry.tables(&["what", "reason"])) {
        let what = excluded.required("what", "what = \"quality assurance\"", Entry::text);
        let reason = excluded.required("reason", "reason = \"…\"", Entry::text);
        if let (Some(what), Some(reason)) = (what, reason) {
            framework.excluded.push(Excluded { what, reason });
        }
    }
    for table in
        table.get("identity").map_or_else(Vec::new, |entry| entry.tables(&["id", "kind", "of", "words"]))
    {
        framework.identities.extend(identity(&table));
    }
    for entry in map(&table, "parameters") {
        if let Some(parameter) = parameter(&entry) {
            framework.parameters.insert(parameter.name.value.clone(), parameter);
        }
    }
    for entry in map(&table, "limits") {
        let limit = dated_limit(&entry);
        framework.limits.insert(limit.name.value.clone(), limit);
    }
    for entry in map(&table, "breakdowns") {
        if let Some(breakdown) = breakdown(&entry) {
            framework.breakdowns.insert(breakdown.name.value.clone(), breakdown);
        }
    }
}

fn identity(table: &Table<'_>) -> Option<Identity> {
    let id = table.required("id", "id = \"bme-share\"", Entry::text);
    let kind = table.required("kind", "kind = \"share\"", |entry| entry.word(IDENTITIES));
    let words = table.optional("words", Entry::text);
    let of = table.required("of", "of = [\"cs-17\", \"cs-16\", \"cs-15\"]", Entry::texts)?;
    let kind = kind?;
    let roles = kind.value.roles();
    if of.len() != roles.len() {
        let entry = table.get("of")?;
        entry.wrong(&format!("{} indicators: {}", roles.len(), roles.join(", ")), "of = [\"…\"]");
        return None;
    }
    Some(Identity { id: id?, kind, of, words })
}

/// The entries of a table of names, if it is there.
pub(super) fn map<'a>(table: &Table<'a>, key: &str) -> Vec<Entry<'a>> {
    table.get(key).map_or_else(Vec::new, |entry| entry.map())
}

/// `[quality]`, of a framework or an indicator.
pub(super) fn quality(entry: &Entry<'_>) -> Option<Quality> {
    let table = entry.table(&[
        "minimum_completeness",
        "minimum_denominator",
        "minimum_shown",
        "maximum_outside_calendar",
    ])?;
    let minimum_completeness = table.optional("minimum_completeness", share);
    let minimum_denominator = table.optional("minimum_denominator", Entry::whole);
    let minimum_shown = table.optional("minimum_shown", Entry::whole);
    let maximum_outside_calendar = table.optional("maximum_outside_calendar", share);
    Some(Quality { minimum_completeness, minimum_denominator, minimum_shown, maximum_outside_calendar })
}

fn share(entry: &Entry<'_>) -> Option<Spanned<rust_decimal::Decimal>> {
    let share = entry.exact()?;
    let of_one = !share.value.is_sign_negative() && share.value <= rust_decimal::Decimal::ONE;
    if !of_one {
        entry.wrong("a share of 1", &format!("{} = \"0.9\"", entry.key));
    }
    of_one.then_some(share)
}

fn parameter(entry: &Entry<'_>) -> Option<Parameter> {
    let table = entry.table(&["type", "default", "why", "source"])?;
    let ty = table.required("type", "type = \"yes/no\"", |entry| entry.word(TYPES));
    let default = table.required("default", "default = false", Entry::datum);
    let why = table.optional("why", Entry::text);
    let source = table.optional("source", Entry::text);
    Some(Parameter { name: entry.name(), ty: ty?, default: default?, why, source })
}

fn dated_limit(entry: &Entry<'_>) -> DatedLimit {
    let mut limit = DatedLimit { name: entry.name(), steps: Vec::new(), sources: Vec::new() };
    for step in entry.tables(&["from", "limit", "source"]) {
        let from = step.optional("from", Entry::date);
        limit.sources.extend(step.optional("source", Entry::text));
        let Some(stretch) = step.required("limit", "limit = \"7 working days\"", Entry::stretch) else {
            continue;
        };
        let unread = from.is_none() && step.get("from").is_some();
        if let Some((before, _)) = limit.steps.last().filter(|_| !unread) {
            let rises =
                from.as_ref().is_some_and(|from| before.as_ref().is_none_or(|b| b.value < from.value));
            if !rises {
                let place = from.as_ref().map_or(step.place.clone(), |from| from.span.start..from.span.end);
                let message = format!("the limits of `{}` do not follow each other in time", entry.key);
                entry.file.report(entry.file.finding(Code::BadTime, place, message).help(
                    "put them in order; each but the first says from when it holds: from = 2010-04-01",
                ));
                continue;
            }
        }
        limit.steps.push((from, stretch));
    }
    limit
}
