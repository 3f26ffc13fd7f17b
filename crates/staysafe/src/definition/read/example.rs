//! `[[test]]`: records and what they must come to.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::framework::map;
use super::lists::in_order;
use super::table::{Entry, Table};
use crate::definition::indicator::{ClockExpect, ClockTest, Equivalent, Expect, Test, TestRow};
use crate::diagnostic::Spanned;
use crate::value::Datum;

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
const EXPECT_ROWS: &[&str] = &["rows", "unplaced"];
/// Counters of records that a figure could not take for granted, as results name them.
const NOTES: &[&str] = &[
    "unknown",
    "dates-inverted",
    "contradictory",
    "duplicate",
    "outside-calendar",
    "history-missing",
    "unmapped-code",
    "not-yet-due",
    "open-in-time",
    "open-late",
];
const STANDINGS: &[&str] =
    &["met-in-time", "met-late", "on-time-so-far", "already-late", "not-yet-due", "cannot-be-judged"];

/// Reads the tests of an indicator.
pub(super) fn tests(indicator: &Table<'_>) -> Vec<Test> {
    let known =
        &["name", "period", "version", "reading", "parameters", "facts", "records", "cover", "expect"];
    let tables = indicator.get("test").map_or_else(Vec::new, |entry| entry.tables(known));
    tables.iter().map(|table| test(table, "expect = { numerator = 1, denominator = 1 }", expect)).collect()
}

/// Reads the tests of a derived table.
pub(super) fn tests_of_rows(derived: &Table<'_>) -> Vec<Test> {
    let known = &["name", "period", "parameters", "records", "cover", "expect"];
    let tables = derived.get("test").map_or_else(Vec::new, |entry| entry.tables(known));
    tables.iter().map(|table| test(table, "expect = { rows = [] }", expect_rows)).collect()
}

fn test(table: &Table<'_>, example: &str, expect: fn(&Entry<'_>) -> Option<Expect>) -> Test {
    let name = table.required("name", "name = \"over Easter\"", Entry::text);
    let period = table.required("period", "period = \"2010-11 Q1\"", Entry::text);
    let version = table.optional("version", Entry::text);
    let facts = map(table, "facts");
    let facts = facts.iter().filter_map(|entry| Some((entry.key.to_owned(), entry.datum()?))).collect();
    let records = map(table, "records");
    let records = records.iter().filter_map(|entry| Some((entry.key.to_owned(), rows(entry)?))).collect();
    let cover = map(table, "cover");
    let cover = cover.iter().filter_map(|entry| Some((entry.key.to_owned(), days(entry)?))).collect();
    let expect = table.required("expect", example, expect);
    // A test that cannot be read whole is still a test: the file is incomplete, and it will not be run.
    let nothing = || table.file.nothing(String::new());
    Test {
        place: table.file.at(table.place.clone(), ()),
        name: name.unwrap_or_else(nothing),
        period: period.unwrap_or_else(nothing),
        version,
        reading: table.optional("reading", Entry::text),
        parameters: parameters(table),
        facts,
        records,
        cover,
        expect: expect.unwrap_or_else(|| nothing_expected(table.file.nothing(()))),
    }
}

fn parameters(table: &Table<'_>) -> BTreeMap<String, Spanned<Datum>> {
    let given = map(table, "parameters");
    given.iter().filter_map(|entry| Some((entry.key.to_owned(), entry.datum()?))).collect()
}

/// The first and the last day.
fn days(entry: &Entry<'_>) -> Option<(Spanned<NaiveDate>, Spanned<NaiveDate>)> {
    let members = entry.members()?;
    let [first, last] = members.as_slice() else {
        entry.wrong("the first and the last day", &format!("{} = [2017-04-01, 2018-03-31]", entry.key));
        return None;
    };
    let (first, last) = (first.date(), last.date());
    let (first, last) = (first?, last?);
    in_order(entry.file, &first, &last);
    Some((first, last))
}

/// Reads the tests of an indicator's clocks.
pub(super) fn clock_tests(indicator: &Table<'_>) -> Vec<ClockTest> {
    let known = &["name", "clock", "record", "as_of", "parameters", "expect"];
    let tables = indicator.get("clock_test").map_or_else(Vec::new, |entry| entry.tables(known));
    tables.iter().map(clock_test).collect()
}

fn clock_test(table: &Table<'_>) -> ClockTest {
    let file = table.file;
    let name = table.required("name", "name = \"on the last day\"", Entry::text);
    let record = table.required("record", "record = { s47_start = 2010-03-25 }", row);
    let as_of = table.required("as_of", "as_of = 2010-04-19", Entry::date);
    let expect = table.required("expect", "expect = { standing = \"on-time-so-far\" }", clock_expect);
    ClockTest {
        place: file.at(table.place.clone(), ()),
        name: name.unwrap_or_else(|| file.nothing(String::new())),
        clock: table.optional("clock", Entry::text),
        record: record.unwrap_or_else(|| TestRow { place: file.nothing(()), fields: BTreeMap::new() }),
        as_of: as_of.unwrap_or_else(|| file.nothing(NaiveDate::default())),
        parameters: parameters(table),
        expect: expect.unwrap_or_else(|| ClockExpect {
            place: file.nothing(()),
            standing: None,
            due: None,
            day_reached: None,
            limit: None,
            doubt: None,
        }),
    }
}

fn clock_expect(entry: &Entry<'_>) -> Option<ClockExpect> {
    let table = entry.table(&["standing", "due", "day_reached", "limit", "doubt"])?;
    Some(ClockExpect {
        place: table.file.at(table.place.clone(), ()),
        standing: table.optional("standing", |entry| one_of(entry, STANDINGS)),
        due: table.optional("due", Entry::date),
        day_reached: table.optional("day_reached", Entry::whole),
        limit: table.optional("limit", Entry::stretch),
        doubt: table.optional("doubt", |entry| one_of(entry, NOTES)),
    })
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

fn nothing_expected(place: Spanned<()>) -> Expect {
    Expect {
        place,
        numerator: None,
        denominator: None,
        value: None,
        outcome: None,
        notes: BTreeMap::new(),
        categories: BTreeMap::new(),
        rows: None,
        unplaced: None,
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
    let counts = |key: &str| map(&table, key).into_iter().filter_map(|entry| Some((entry.whole()?, entry)));
    let notes = counts("notes").filter(|(_, entry)| is_note(entry));
    Some(Expect {
        numerator: table.optional("numerator", Entry::whole),
        denominator: table.optional("denominator", Entry::whole),
        value: table.optional("value", Entry::text),
        outcome: table.optional("outcome", |entry| one_of(entry, OUTCOMES)),
        notes: notes.map(|(count, entry)| (entry.key.to_owned(), count)).collect(),
        categories: counts("categories").map(|(count, entry)| (entry.key.to_owned(), count)).collect(),
        ..nothing_expected(table.file.at(table.place.clone(), ()))
    })
}

fn expect_rows(entry: &Entry<'_>) -> Option<Expect> {
    let table = entry.table(EXPECT_ROWS)?;
    Some(Expect {
        rows: table.required("rows", "rows = []", rows),
        unplaced: table.optional("unplaced", Entry::whole),
        ..nothing_expected(table.file.at(table.place.clone(), ()))
    })
}

/// Whether a key is the name of a note; a finding where it is not.
fn is_note(entry: &Entry<'_>) -> bool {
    let known = NOTES.contains(&entry.key);
    if !known {
        let name = Spanned { value: entry.key.to_owned(), span: entry.name().span };
        Entry { key: "notes", ..entry.clone() }.unknown_word(&name, NOTES.iter().copied());
    }
    known
}

fn one_of(entry: &Entry<'_>, words: &[&str]) -> Option<Spanned<String>> {
    let text = entry.text()?;
    if !words.contains(&text.value.as_str()) {
        entry.unknown_word(&text, words.iter().copied());
        return None;
    }
    Some(text)
}
