//! `[breakdowns.NAME]` of `framework.toml`.

use super::calculation::predicate;
use super::lists::is_new;
use super::table::{Entry, Table};
use crate::definition::breakdown::{ALL, AsOf, Breakdown, CategoryOf, SortRule, UNKNOWN_CATEGORY};
use crate::diagnostic::{Code, Spanned};

const AS_OF: &[(&str, AsOf)] = &[("event", AsOf::Event), ("last day", AsOf::LastDay)];

/// Reads a breakdown: its words, and how it is calculated where that is said.
pub(super) fn breakdown(entry: &Entry<'_>) -> Option<Breakdown> {
    let table = entry.table(&["words", "as_of", "overlapping", "categories", "codes", "of"])?;
    let mut breakdown = Breakdown {
        name: entry.name(),
        words: table.optional("words", Entry::text),
        as_of: table.optional("as_of", |entry| entry.word(AS_OF)),
        overlapping: table.optional("overlapping", Entry::yes_no).unwrap_or(false),
        categories: table.optional("categories", categories).unwrap_or_default(),
        codes: table.optional("codes", Entry::text),
        rules: Vec::new(),
    };
    let rules = table.get("of").map_or_else(Vec::new, |entry| entry.tables(&["tables", "value"]));
    breakdown.rules = rules.iter().filter_map(rule).collect();
    if !breakdown.rules.is_empty() && breakdown.categories.is_empty() && breakdown.codes.is_none() {
        table.missing("categories", "categories = [\"under 1\", \"1 to 4\"], or codes = \"sex\"");
    }
    Some(breakdown)
}

/// Categories in order: texts, or tables with words.
fn categories(entry: &Entry<'_>) -> Option<Vec<CategoryOf>> {
    let mut found: Vec<CategoryOf> = Vec::new();
    for member in entry.members()? {
        let Some(category) = category(&member) else { continue };
        let file = entry.file;
        let code: &Spanned<String> = &category.code;
        if [ALL, UNKNOWN_CATEGORY].contains(&code.value.as_str()) {
            let message = format!("`{}` cannot be a category of its own", code.value);
            let finding = file.finding(Code::DuplicateId, code.span.start..code.span.end, message);
            file.report(
                finding
                    .label("taken")
                    .help("`unknown` is there without being listed, always last; `all` is every record"),
            );
        } else if is_new(file, code, found.iter().map(|other| &other.code)) {
            found.push(category);
        }
    }
    Some(found)
}

fn category(member: &Entry<'_>) -> Option<CategoryOf> {
    if !member.is_table() {
        return Some(CategoryOf { code: member.text()?, words: None });
    }
    let table = member.table(&["code", "words"])?;
    let code = table.required("code", "code = \"1 to 4\"", Entry::text);
    let words = table.optional("words", Entry::text);
    Some(CategoryOf { code: code?, words })
}

fn rule(table: &Table<'_>) -> Option<SortRule> {
    let tables = table.required("tables", "tables = [\"referral\"]", Entry::texts);
    let value = predicate(table, "value");
    if value.is_none() {
        table.missing("value", "value = \"CASE WHEN … THEN 'under 1' END\"");
    }
    Some(SortRule { tables: tables?, value: value? })
}
