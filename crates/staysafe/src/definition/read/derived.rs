//! `derived/*.toml`.

use toml::de::DeTable;

use super::calculation::predicate;
use super::dataset::{id_of, insert};
use super::example::{equivalents, tests_of_rows};
use super::file::File;
use super::table::{Entry, Table};
use crate::definition::derived::{
    Chain, Derived, Held, Output, Pick, START_KNOWN, Schedule, Step, StepKind, Take, Which,
};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Spanned};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Filter,
    Chain,
    Schedule,
    Pick,
}

const STEPS: &[(&str, Word)] =
    &[("filter", Word::Filter), ("chain", Word::Chain), ("schedule", Word::Schedule), ("pick", Word::Pick)];
const TAKE: &[(&str, Which)] = &[("first", Which::First), ("last", Which::Last), ("as-at", Which::AsAt)];
/// What any step may say; [`keys_of`] says which of them each kind of step does.
const STEP: &[&str] = &[
    "step",
    "words",
    "where",
    "key",
    "order",
    "skip",
    "joins_when",
    "first",
    "last",
    "any",
    "rows",
    "start_known",
    "anchor",
    "anchor_known",
    "held",
    "first_due",
    "next_due",
    "until",
    "take",
];

fn keys_of(word: Word) -> &'static [&'static str] {
    match word {
        Word::Filter => &["where"],
        Word::Chain => &["key", "order", "skip", "joins_when", "first", "last", "any", "rows", "start_known"],
        Word::Schedule => &["key", "anchor", "anchor_known", "held", "first_due", "next_due", "until"],
        Word::Pick => &["key", "order", "take"],
    }
}

/// Reads a derived table.
pub(super) fn derived(file: &File<'_>, table: &DeTable<'_>, framework: &mut Framework) {
    let known = &["id", "from", "words", "field_words", "derive", "test", "equivalent"];
    let table = Table::root(file, table, "a derived table", known);
    let id = id_of(&table, framework.derived.values().map(|derived| &derived.id));
    let from = table.required("from", "from = \"episode\"", Entry::text);
    let words = table.optional("words", Entry::text);
    let field_words = table.get("field_words").map_or_else(Vec::new, |entry| {
        entry.map().iter().filter_map(|pair| Some((pair.name(), pair.text()?))).collect()
    });
    let steps = table.required("derive", "[[derive]]", |entry| Some(entry.tables(STEP))).unwrap_or_default();
    let steps = steps.iter().filter_map(step).collect();
    let from = from.unwrap_or_else(|| file.nothing(String::new()));
    let tests = tests_of_rows(&table);
    let equivalents = equivalents(&table);
    let derived = Derived { id, from, words, field_words, steps, tests, equivalents };
    insert(file, &mut framework.derived, derived, |derived| &derived.id);
}

fn step(table: &Table<'_>) -> Option<Step> {
    let word = table.required("step", "step = \"filter\"", |entry| entry.word(STEPS))?.value;
    foreign(table, word);
    let kind = match word {
        Word::Filter => StepKind::Filter(needed(table, "where", "where = \"legal_status <> 'V3'\"")?),
        Word::Chain => StepKind::Chain(Box::new(chain(table)?)),
        Word::Schedule => StepKind::Schedule(Box::new(schedule(table)?)),
        Word::Pick => StepKind::Pick(pick(table)?),
    };
    let place = table.file.at(table.place.clone(), ());
    Some(Step { place, kind, words: table.optional("words", Entry::text) })
}

/// Reports keys that another kind of step has, and this one does not.
fn foreign(table: &Table<'_>, word: Word) {
    let name = STEPS.iter().find(|(_, kind)| *kind == word).map_or("", |(name, _)| name);
    let own = keys_of(word);
    let others = |entry: &Entry<'_>| {
        STEP.contains(&entry.key) && !own.contains(&entry.key) && !["step", "words"].contains(&entry.key)
    };
    for entry in table.entries().into_iter().filter(others) {
        let message = format!("the step '{name}' has no key `{}`", entry.key);
        let listed = own.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let finding = table.file.finding(Code::UnknownKey, entry.key_at, message);
        table.file.report(finding.label("a key of another step").help(format!("its keys are {listed}")));
    }
}

fn chain(table: &Table<'_>) -> Option<Chain> {
    let key = table.required("key", "key = [\"child\"]", Entry::text_or_texts);
    let order = table.required("order", "order = [\"decom\"]", Entry::text_or_texts);
    let joins_when = needed(table, "joins_when", "joins_when = \"prev.dec = decom\"");
    let outputs = outputs(table);
    Some(Chain {
        key: key?,
        order: order?,
        skip: predicate(table, "skip"),
        joins_when: joins_when?,
        outputs,
        start_known: predicate(table, "start_known"),
    })
}

/// `first = { NAME = "FIELD" }`, `last` likewise, `any = { NAME = "PREDICATE" }`, `rows = "NAME"`.
fn outputs(table: &Table<'_>) -> Vec<Output> {
    let named = |key: &str| table.get(key).map_or_else(Vec::new, |entry| entry.map());
    let fields = |key: &str, take: fn(Spanned<String>) -> Take| {
        let outputs = named(key);
        outputs
            .iter()
            .filter_map(|entry| Some(Output { name: entry.name(), take: take(entry.text()?) }))
            .collect::<Vec<_>>()
    };
    let mut outputs = fields("first", Take::First);
    outputs.extend(fields("last", Take::Last));
    for entry in named("any") {
        outputs.extend(entry.predicate().map(|expr| Output { name: entry.name(), take: Take::Any(expr) }));
    }
    outputs.extend(table.optional("rows", Entry::text).map(|name| Output { name, take: Take::Rows }));
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for output in &outputs {
        let name = &output.name;
        let first = seen.iter().find(|other| other.value == name.value);
        if first.is_some() || name.value == START_KNOWN {
            let message = format!("the chain already has a field '{}'", name.value);
            let mut finding = table.file.finding(Code::DuplicateId, name.span.start..name.span.end, message);
            if let Some(first) = first {
                finding = finding.other(first.span.clone(), "this one");
            }
            table.file.report(finding.label("choose another name"));
        }
        seen.push(name);
    }
    outputs
}

fn schedule(table: &Table<'_>) -> Option<Schedule> {
    let key = table.required("key", "key = [\"plan\"]", Entry::text_or_texts);
    let anchor = table.required("anchor", "anchor = \"plan_start\"", Entry::text);
    let held = table.required("held", "held = \"reviews.review_date\"", held);
    let first_due = table.required("first_due", "first_due = \"3 months\"", Entry::limit);
    let next_due = table.required("next_due", "next_due = \"6 months\"", Entry::stretches);
    Some(Schedule {
        key: key?,
        anchor: anchor?,
        anchor_known: predicate(table, "anchor_known"),
        held: held?,
        first_due: first_due?,
        next_due: next_due?,
        until: table.optional("until", Entry::text),
    })
}

/// `LINK.FIELD`.
fn held(entry: &Entry<'_>) -> Option<Held> {
    let text = entry.text()?;
    let Some((link, date)) =
        text.value.split_once('.').filter(|(link, date)| !link.is_empty() && !date.is_empty())
    else {
        let message = format!("`{}` does not say which records, and which of their dates", text.value);
        let finding = entry.file.finding(Code::UnknownWord, text.span.start..text.span.end, message);
        entry.file.report(
            finding
                .label("expected LINK.FIELD")
                .help("write a link and a date of its records: \"reviews.review_date\""),
        );
        return None;
    };
    let part = |value: &str| Spanned { value: value.to_owned(), span: text.span.clone() };
    Some(Held { link: part(link), date: part(date) })
}

fn pick(table: &Table<'_>) -> Option<Pick> {
    let key = table.required("key", "key = [\"child\"]", Entry::text_or_texts);
    let order = table.required("order", "order = [\"decom\"]", Entry::text_or_texts);
    let take = table.required("take", "take = \"last\"", |entry| entry.word(TAKE));
    Some(Pick { key: key?, order: order?, take: take? })
}

fn needed(table: &Table<'_>, key: &'static str, example: &str) -> Option<crate::definition::predicate::Expr> {
    if table.get(key).is_none() {
        table.missing(key, example);
    }
    predicate(table, key)
}
