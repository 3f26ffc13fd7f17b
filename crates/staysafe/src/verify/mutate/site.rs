//! Where the meaning of a definition stands: every value that decides a figure, with its place in the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value that decides figures.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// As people name it: `numerator`, `clock icpc limit`, `version 2 population`.
    pub(super) name: String,
    pub(super) form: Form,
    /// The value with its quotes or brackets.
    pub(super) at: Range<usize>,
    /// The text of a string, the members of a list of texts, or what is written.
    pub(super) text: String,
    pub(super) members: Vec<String>,
    /// The table whose fields it names.
    pub(super) table: String,
}

/// How a value is read, and so what may go wrong in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A predicate, and what it would be if it were not there.
    Predicate(&'static [&'static str]),
    /// "12 months", "15 working days".
    Stretch,
    /// The name of a field.
    Field,
    /// A list of fields.
    Fields,
    /// `distinct a, b`.
    Counted,
    /// `count(distinct a, b)`.
    Measure,
    /// A whole number, a date or yes and no, bare.
    Bare,
    /// One word of several.
    Word(&'static [&'static str]),
    /// `LINK.FIELD`: the records that say what was held, and their date.
    Held,
    /// What each chain takes from its first row and what from its last: the two tables of fields.
    FirstAndLast,
    /// Changed only by changing what the definition is: see the list of keys.
    Kept,
}

const TRUE: &[&str] = &["TRUE"];
const FALSE: &[&str] = &["FALSE"];
const EITHER: &[&str] = &["TRUE", "FALSE"];

/// Every key of a calculation; `Kept` are those whose change is another definition, not a slip.
pub(super) const CALCULATION: &[(&str, Form)] = &[
    ("from", Form::Kept),
    ("when", Form::Kept),
    ("counted", Form::Counted),
    ("population", Form::Predicate(TRUE)),
    ("exclude", Form::Predicate(FALSE)),
    ("denominator", Form::Predicate(TRUE)),
    ("numerator", Form::Predicate(EITHER)),
    ("unknown", Form::Predicate(FALSE)),
    ("history_missing", Form::Predicate(FALSE)),
    ("numerator_unknown", Form::Word(&["not counted", "left out"])),
    ("applies_when", Form::Predicate(TRUE)),
    ("value", Form::Predicate(&[])),
    ("category", Form::Predicate(&[])),
    ("weight", Form::Predicate(&[])),
    ("cluster", Form::Predicate(&[])),
    ("stratum", Form::Predicate(&[])),
    ("window", Form::Stretch),
    ("lag", Form::Stretch),
    ("history", Form::Stretch),
    ("multiplier", Form::Bare),
];
/// Every key of one of two totals.
pub(super) const TOTAL: &[(&str, Form)] = &[
    ("from", Form::Kept),
    ("when", Form::Kept),
    ("where", Form::Predicate(TRUE)),
    ("history_missing", Form::Predicate(FALSE)),
    ("measure", Form::Measure),
];
/// Every key of a clock.
pub(super) const CLOCK: &[(&str, Form)] = &[
    ("start", Form::Field),
    ("stop", Form::Field),
    ("limit", Form::Stretch),
    ("limit_at", Form::Field),
    ("open", Form::Predicate(EITHER)),
];
/// Every key of a step of a derived table.
pub(super) const STEP: &[(&str, Form)] = &[
    ("step", Form::Kept),
    ("words", Form::Kept),
    ("where", Form::Predicate(TRUE)),
    ("key", Form::Fields),
    ("order", Form::Fields),
    ("skip", Form::Predicate(FALSE)),
    ("joins_when", Form::Predicate(EITHER)),
    ("first", Form::Field),
    ("last", Form::Field),
    ("any", Form::Predicate(EITHER)),
    ("rows", Form::Kept),
    ("start_known", Form::Predicate(EITHER)),
    ("anchor", Form::Field),
    ("anchor_known", Form::Predicate(EITHER)),
    ("held", Form::Held),
    ("first_due", Form::Stretch),
    ("next_due", Form::Stretch),
    ("until", Form::Field),
    ("take", Form::Word(&["first", "last", "as-at"])),
];

/// Reads a file's sites with a function over its root.
fn with_root<T: Default>(text: &str, read: impl FnOnce(&DeTable<'_>) -> T) -> T {
    match DeTable::parse(text) {
        Ok(table) => read(table.get_ref()),
        Err(_) => T::default(),
    }
}

/// The sites of an indicator: its calculation, its clocks and those of its versions.
pub(super) fn of_indicator(text: &str) -> Vec<Site> {
    with_root(text, |root| {
        let mut found = Vec::new();
        let table = stretch_of_history(root, "", "", &mut found);
        for (number, version) in list(root, "version").enumerate() {
            let prefix = format!("version {} ", number + 1);
            for key in ["from", "to"] {
                found.extend(entry(version, key).map(|value| site(&prefix, key, Form::Bare, value, "")));
            }
            stretch_of_history(version, &prefix, &table, &mut found);
        }
        found
    })
}

/// The sites of a calculation and its clocks; the table it is from.
fn stretch_of_history(root: &DeTable<'_>, prefix: &str, table: &str, found: &mut Vec<Site>) -> String {
    let mut table = table.to_owned();
    if let Some(calculation) = inner(root, "calculation") {
        table = text(calculation, "from").unwrap_or(table);
        let totals: Vec<(&str, &DeTable<'_>)> = ["numerator", "denominator"]
            .into_iter()
            .filter_map(|key| Some((key, inner(calculation, key)?)))
            .collect();
        keys(calculation, prefix, CALCULATION, &table, found);
        when(calculation, prefix, &table, found);
        for (key, total) in totals {
            let (prefix, table) = (format!("{prefix}{key} "), text(total, "from").unwrap_or_default());
            keys(total, &prefix, TOTAL, &table, found);
            when(total, &prefix, &table, found);
        }
    }
    if let Some(clocks) = inner(root, "clock") {
        for (name, clock) in clocks {
            let DeValue::Table(clock) = clock.get_ref() else { continue };
            keys(clock, &format!("{prefix}clock {} ", name.get_ref()), CLOCK, &table, found);
        }
    }
    table
}

/// The date rule: `when = { date = "…" }` or `when = { open = ["…", "…"] }`.
fn when(calculation: &DeTable<'_>, prefix: &str, table: &str, found: &mut Vec<Site>) {
    let Some(rule) = inner(calculation, "when") else { return };
    let prefix = format!("{prefix}when ");
    found.extend(entry(rule, "date").map(|date| site(&prefix, "date", Form::Field, date, table)));
    if let Some(DeValue::Array(ends)) = entry(rule, "open").map(Spanned::get_ref) {
        let ends = ends.iter().zip(["start", "end"]);
        found.extend(ends.map(|(end, name)| site(&prefix, name, Form::Field, end, table)));
    }
}

/// The sites of a derived table's steps, each over what the steps before it leave.
pub(super) fn of_derived(id: &str, text_of_file: &str) -> Vec<Site> {
    with_root(text_of_file, |root| {
        let mut found = Vec::new();
        for (number, step) in list(root, "derive").enumerate() {
            let table = format!("{id}#{number}");
            let kind = text(step, "step").unwrap_or_default();
            let prefix = format!("step {} ({kind}) ", number + 1);
            keys(step, &prefix, STEP, &table, &mut found);
            for (key, form) in STEP {
                for (name, value) in inner(step, key).into_iter().flatten() {
                    found.push(site(&format!("{prefix}{key} "), name.get_ref(), *form, value, &table));
                }
            }
            found.extend(first_and_last(step, &prefix));
        }
        found
    })
}

/// From the key `first` or `last` that comes first to the end of the other's value.
fn first_and_last(step: &DeTable<'_>, prefix: &str) -> Option<Site> {
    let places = ["first", "last"].into_iter().filter_map(|key| {
        let (key, value) = step.get_key_value(key)?;
        Some((key.span(), value.span()))
    });
    let places: Vec<(Range<usize>, Range<usize>)> =
        places.filter(|(key, value)| key.end <= value.start).collect();
    let start = places.iter().map(|(key, _)| key.start).min()?;
    let end = places.iter().map(|(_, value)| value.end).max()?;
    Some(Site {
        name: format!("{prefix}outputs"),
        form: Form::FirstAndLast,
        at: start..end,
        text: String::new(),
        members: Vec::new(),
        table: String::new(),
    })
}

/// The sites of the dated limits and parameters of these names.
pub(super) fn of_framework(text: &str, limits: &[&str], parameters: &[&str]) -> Vec<Site> {
    with_root(text, |root| {
        let mut found = Vec::new();
        for name in limits {
            let steps = inner(root, "limits").map(|all| list(all, name).enumerate());
            for (number, step) in steps.into_iter().flatten() {
                let prefix = format!("limit {name} {} ", number + 1);
                let key = |key, form| entry(step, key).map(|value| site(&prefix, key, form, value, ""));
                found.extend(key("from", Form::Bare));
                found.extend(key("limit", Form::Stretch));
            }
        }
        for name in parameters {
            let parameter = inner(root, "parameters").and_then(|all| inner(all, name));
            let default = parameter.and_then(|parameter| entry(parameter, "default"));
            found.extend(
                default.map(|value| site(&format!("parameter {name} "), "default", Form::Bare, value, "")),
            );
        }
        found
    })
}

fn keys(from: &DeTable<'_>, prefix: &str, keys: &[(&str, Form)], table: &str, found: &mut Vec<Site>) {
    for (key, form) in keys {
        if let Some(value) = entry(from, key)
            && !matches!(value.get_ref(), DeValue::Table(_))
        {
            found.push(site(prefix, key, *form, value, table));
        }
    }
}

fn site(prefix: &str, key: &str, form: Form, value: &Spanned<DeValue<'_>>, table: &str) -> Site {
    let string = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(digits) => Some(digits.as_str().to_owned()),
        DeValue::Boolean(answer) => Some(answer.to_string()),
        DeValue::Datetime(when) => Some(when.to_string()),
        _ => None,
    };
    let members = match value.get_ref() {
        DeValue::Array(members) => members.iter().filter_map(string).collect(),
        _ => Vec::new(),
    };
    Site {
        name: format!("{prefix}{key}"),
        form,
        at: value.span(),
        text: string(value).unwrap_or_default(),
        members,
        table: table.to_owned(),
    }
}

fn entry<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a Spanned<DeValue<'i>>> {
    table.get(key)
}

fn inner<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    match entry(table, key)?.get_ref() {
        DeValue::Table(inner) => Some(inner),
        _ => None,
    }
}

fn list<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> impl Iterator<Item = &'a DeTable<'i>> {
    let members = match entry(table, key).map(Spanned::get_ref) {
        Some(DeValue::Array(members)) => Some(members.iter()),
        _ => None,
    };
    members.into_iter().flatten().filter_map(|member| match member.get_ref() {
        DeValue::Table(inner) => Some(inner),
        _ => None,
    })
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    match entry(table, key)?.get_ref() {
        DeValue::String(text) => Some(text.clone().into_owned()),
        _ => None,
    }
}
