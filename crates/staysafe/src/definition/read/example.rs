//! `[[test]]`: records and what they must come to.

use std::collections::BTreeMap;

use super::framework::map;
use super::table::{Entry, Table};
use crate::definition::indicator::{Equivalent, Expect, Test, TestRow};
use crate::diagnostic::Spanned;

const OUTCOMES: &[&str] = &[
    "figure",
    "undefined",
    "nothing-to-measure",
    "not-reported",
    "refused",
    "not-yet-due",
    "not-applicable",
    "suppressed",
    "break",
    "out-of-scope",
];
const EXPECT: &[&str] = &["numerator", "denominator", "value", "outcome", "notes", "categories"];

/// Reads the tests of an indicator.
pub(super) fn tests(indicator: &Table<'_>) -> Vec<Test> {
    let known = &["name", "period", "version", "parameters", "facts", "records", "expect"];
    let tables = indicator.get("test").map_or_else(Vec::new, |entry| entry.tables(known));
    tables.iter().map(test).collect()
}

fn test(table: &Table<'_>) -> Test {
    let name = table.required("name", "name = \"over Easter\"", Entry::text);
    let period = table.required("period", "period = \"2010-11 Q1\"", Entry::text);
    let version = table.optional("version", Entry::text);
    let parameters = map(table, "parameters");
    let parameters =
        parameters.iter().filter_map(|entry| Some((entry.key.to_owned(), entry.datum()?))).collect();
    let facts = map(table, "facts");
    let facts = facts.iter().filter_map(|entry| Some((entry.key.to_owned(), entry.datum()?))).collect();
    let records = map(table, "records");
    let records = records.iter().filter_map(|entry| Some((entry.key.to_owned(), rows(entry)?))).collect();
    let expect = table.required("expect", "expect = { numerator = 1, denominator = 1 }", expect);
    // A test that cannot be read whole is still a test: the file is incomplete, and it will not be run.
    let nothing = || table.file.nothing(String::new());
    Test {
        place: table.file.at(table.place.clone(), ()),
        name: name.unwrap_or_else(nothing),
        period: period.unwrap_or_else(nothing),
        version,
        parameters,
        facts,
        records,
        expect: expect.unwrap_or_else(|| nothing_expected(table)),
    }
}

/// Reads the mutants that no test can notice, each with its argument.
pub(super) fn equivalents(definition: &Table<'_>) -> Vec<Equivalent> {
    let tables =
        definition.get("equivalent").map_or_else(Vec::new, |entry| entry.tables(&["mutant", "because"]));
    let equivalent = |table: &Table<'_>| {
        let mutant = table.required("mutant", "mutant = \"numerator: a < b -> a <= b\"", Entry::text);
        let because = table.required("because", "because = \"the two days are never the same\"", Entry::text);
        Some(Equivalent { mutant: mutant?, because: because? })
    };
    tables.iter().filter_map(equivalent).collect()
}

fn nothing_expected(table: &Table<'_>) -> Expect {
    Expect {
        place: table.file.nothing(()),
        numerator: None,
        denominator: None,
        value: None,
        outcome: None,
        notes: BTreeMap::new(),
        categories: BTreeMap::new(),
    }
}

fn rows(entry: &Entry<'_>) -> Option<Vec<TestRow>> {
    Some(entry.members()?.iter().filter_map(row).collect())
}

fn row(entry: &Entry<'_>) -> Option<TestRow> {
    if !matches!(entry.value.get_ref(), toml::de::DeValue::Table(_)) {
        entry.wrong(
            "a list of rows",
            &format!("{} = [{{ child = \"a\", plan_start = 2010-03-25 }}]", entry.key),
        );
        return None;
    }
    let fields = entry.map();
    let fields = fields.iter().filter_map(|field| Some((field.key.to_owned(), field.datum()?))).collect();
    Some(TestRow { place: entry.file.at(entry.at(), ()), fields })
}

fn expect(entry: &Entry<'_>) -> Option<Expect> {
    let table = entry.table(EXPECT)?;
    let counts = |key: &str| {
        map(&table, key).iter().filter_map(|entry| Some((entry.key.to_owned(), entry.whole()?))).collect()
    };
    Some(Expect {
        place: table.file.at(table.place.clone(), ()),
        numerator: table.optional("numerator", Entry::whole),
        denominator: table.optional("denominator", Entry::whole),
        value: table.optional("value", Entry::text),
        outcome: table.optional("outcome", outcome),
        notes: counts("notes"),
        categories: counts("categories"),
    })
}

fn outcome(entry: &Entry<'_>) -> Option<Spanned<String>> {
    let text = entry.text()?;
    if !OUTCOMES.contains(&text.value.as_str()) {
        entry.unknown_word(&text, OUTCOMES.iter().copied());
        return None;
    }
    Some(text)
}
