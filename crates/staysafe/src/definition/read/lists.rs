//! `lists.toml`, `sources.toml`, `agencies.toml` and `areas.toml`.

use toml::de::DeTable;

use super::file::File;
use super::framework::map;
use super::table::{Entry, Table};
use crate::definition::framework::{Agency, Area, Cadence, Framework, List, Parent, Source, Supplies};
use crate::diagnostic::{Code, Span, Spanned};

/// Reads the lists of indicators.
pub(super) fn lists(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    for table in entries(file, table, "list", &["id", "heading", "source", "listed"]) {
        let id = table.required("id", "id = \"children-services\"", Entry::text);
        let heading = table.required("heading", "heading = \"…\"", Entry::text);
        let source = table.optional("source", Entry::text);
        let listed = table.optional("listed", Entry::yes_no).unwrap_or(true);
        let Some(id) = id else { continue };
        if is_new(file, &id, framework.lists.iter().map(|list| &list.id)) {
            let heading = heading.unwrap_or_else(|| file.nothing(String::new()));
            framework.lists.push(List { id, heading, listed, source });
        }
    }
}

/// Reads the sources of data.
pub(super) fn sources(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    for table in entries(file, table, "source", &["id", "number", "title", "note"]) {
        let id = table.required("id", "id = \"working-together\"", Entry::text);
        let number = table.optional("number", Entry::text);
        let title = table.required("title", "title = \"…\"", Entry::text);
        let note = table.optional("note", Entry::text);
        let Some(id) = id else { continue };
        if is_new(file, &id, framework.sources.iter().map(|source| &source.id)) {
            let title = title.unwrap_or_else(|| file.nothing(String::new()));
            framework.sources.push(Source { id, number, title, note });
        }
    }
}

/// Reads the agencies and what they say they supply.
pub(super) fn agencies(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    for table in entries(file, table, "agency", &["id", "name", "supplies"]) {
        let id = table.required("id", "id = \"police\"", Entry::text);
        let name = table.required("name", "name = \"…\"", Entry::text);
        let known =
            &["dataset", "fields", "cadence", "lag", "first", "quality", "agreement", "until", "signed_by"];
        let supplies = table.get("supplies").map_or_else(Vec::new, |entry| entry.tables(known));
        let supplies = supplies.iter().filter_map(supply).collect();
        let Some(id) = id else { continue };
        if is_new(file, &id, framework.agencies.values().map(|agency| &agency.id)) {
            let name = name.unwrap_or_else(|| file.nothing(String::new()));
            framework.agencies.insert(id.value.clone(), Agency { id, name, supplies });
        }
    }
}

fn supply(table: &Table<'_>) -> Option<Supplies> {
    let dataset = table.required("dataset", "dataset = \"referral\"", Entry::text);
    let supplies = Supplies {
        dataset: table.file.nothing(String::new()),
        fields: table.optional("fields", Entry::texts).unwrap_or_default(),
        cadence: table
            .optional("cadence", |entry| entry.word(&Cadence::ALL.map(|cadence| (cadence.code(), cadence)))),
        lag: table.optional("lag", Entry::stretch),
        first: table.optional("first", Entry::date),
        quality: table.optional("quality", Entry::text),
        agreement: table.optional("agreement", Entry::text),
        until: table.optional("until", Entry::date),
        signed_by: table.optional("signed_by", Entry::text),
    };
    Some(Supplies { dataset: dataset?, ..supplies })
}

/// Reads the areas.
pub(super) fn areas(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let known = &[
        "code",
        "name",
        "level",
        "parents",
        "aliases",
        "valid_from",
        "valid_to",
        "successors",
        "neighbours",
        "facts",
    ];
    for table in entries(file, table, "area", known) {
        let code = table.required("code", "code = \"E06000001\"", Entry::text);
        let name = table.required("name", "name = \"Hartlepool\"", Entry::text);
        let aliases = map(&table, "aliases");
        let facts = map(&table, "facts");
        let area = Area {
            code: file.nothing(String::new()),
            name: name.unwrap_or_else(|| file.nothing(String::new())),
            level: table.optional("level", Entry::text),
            parents: table.optional("parents", parents).unwrap_or_default(),
            aliases: aliases.iter().filter_map(|alias| Some((alias.name(), alias.text()?))).collect(),
            valid_from: table.optional("valid_from", Entry::date),
            valid_to: table.optional("valid_to", Entry::date),
            successors: table.optional("successors", Entry::texts).unwrap_or_default(),
            neighbours: table.optional("neighbours", Entry::texts).unwrap_or_default(),
            facts: facts.iter().filter_map(|fact| Some((fact.key.to_owned(), fact.datum()?))).collect(),
        };
        if let (Some(from), Some(to)) = (&area.valid_from, &area.valid_to) {
            in_order(file, from, to);
        }
        let Some(code) = code else { continue };
        if is_new(file, &code, framework.areas.values().map(|area| &area.code)) {
            framework.areas.insert(code.value.clone(), Area { code, ..area });
        }
    }
}

/// Areas above: a code, or a code with the days on which it holds.
fn parents(entry: &Entry<'_>) -> Option<Vec<Parent>> {
    Some(entry.members()?.iter().filter_map(parent).collect())
}

fn parent(member: &Entry<'_>) -> Option<Parent> {
    if !member.is_table() {
        return Some(Parent { code: member.text()?, valid_from: None, valid_to: None });
    }
    let table = member.table(&["code", "valid_from", "valid_to"])?;
    let code = table.required("code", "code = \"E12000001\"", Entry::text);
    let valid_from = table.optional("valid_from", Entry::date);
    let valid_to = table.optional("valid_to", Entry::date);
    if let (Some(from), Some(to)) = (&valid_from, &valid_to) {
        in_order(table.file, from, to);
    }
    Some(Parent { code: code?, valid_from, valid_to })
}

/// The tables of a file that is a list of them.
fn entries<'a>(
    file: &'a File<'a>,
    table: &'a DeTable<'a>,
    key: &'static str,
    known: &[&'static str],
) -> Vec<Table<'a>> {
    let root = Table::open(file, table, file.first_line(), format!("a file of `[[{key}]]`"), &[key]);
    root.get(key).map_or_else(Vec::new, |entry| entry.tables(known))
}

/// Whether nothing goes by this id yet; if something does, both places are reported.
pub(super) fn is_new<'i>(
    file: &File<'_>,
    id: &Spanned<String>,
    mut others: impl Iterator<Item = &'i Spanned<String>>,
) -> bool {
    let Some(first) = others.find(|other| other.value == id.value) else { return true };
    duplicate(file, id, &first.span);
    false
}

/// Reports a second thing under one id.
pub(super) fn duplicate(file: &File<'_>, id: &Spanned<String>, first: &Span) {
    let message = format!("`{}` is there twice", id.value);
    file.report(
        file.finding(Code::DuplicateId, id.span.start..id.span.end, message)
            .label("again here")
            .other(first.clone(), "first here")
            .help("give one of them another name, or take it out"),
    );
}

/// Reports a span of days that ends before it begins.
pub(super) fn in_order(file: &File<'_>, from: &Spanned<chrono::NaiveDate>, to: &Spanned<chrono::NaiveDate>) {
    if to.value < from.value {
        let message = format!("{} is before {}", to.value, from.value);
        file.report(
            file.finding(Code::BadTime, to.span.start..to.span.end, message)
                .label("the last day")
                .other(from.span.clone(), "the first day")
                .help("the last day must not be before the first"),
        );
    }
}
