//! Published figures beside what their parts give: in words, as CSV and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json as made};
use staysafe::published::{Agreement, Basis, Comparison, Published, Recomputed, comparators};
use staysafe::value::{Exact, Supplied, Withheld};
use staysafe_io::ReadPublished;

use super::{csv, number};

/// A table and what came of working it out again.
type Found = (ReadPublished, Recomputed);

/// For each table its rules, how often each outcome came of them, and the figures that cannot be.
pub(crate) fn text(found: &[Found]) -> String {
    let mut text = String::new();
    for (read, again) in found {
        let table = &read.table;
        let _ = write!(text, "{}: {} figures", table.name, table.figures().count());
        if !table.layout.title.is_empty() {
            let _ = write!(text, ", {}", table.layout.title);
        }
        text.push('\n');
        if again.rules.is_empty() {
            text.push_str("  nothing here is a rate or a total of which the parts are known\n");
        }
        for (place, (rule, tally)) in again.rules.iter().zip(again.tallies()).enumerate() {
            let _ = writeln!(text, "  {} ({})", rule.text, basis(rule.basis));
            let _ =
                writeln!(text, "    {} agree, {} differ{}", tally.agree, tally.differ, cannot(again, place));
            for one in again
                .comparisons
                .iter()
                .filter(|one| one.rule == place && one.agreement == Agreement::Differs)
            {
                let _ = writeln!(text, "    differs: {}", words(table, one));
            }
        }
    }
    text
}

/// How many nobody can tell, by reason, with the line of the first.
fn cannot(again: &Recomputed, rule: usize) -> String {
    let mut reasons: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for one in again.comparisons.iter().filter(|one| one.rule == rule) {
        if let Agreement::Cannot(why) = &one.agreement {
            reasons.entry(why.code()).or_insert((0, one.line)).0 += 1;
        }
    }
    let all: u64 = reasons.values().map(|(count, _)| count).sum();
    if all == 0 {
        return String::new();
    }
    let each: Vec<String> = reasons
        .into_iter()
        .map(|(code, (count, line))| format!("{count} {code}, first in line {line}"))
        .collect();
    format!(", {all} nobody can tell: {}", each.join("; "))
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Declared => "declared",
        Basis::Named => "told by the headers",
        Basis::Figures => "told by the figures",
        Basis::Nobody => "nobody says what it is made of",
    }
}

/// A figure that cannot be, in a line.
fn words(table: &Published, one: &Comparison) -> String {
    let mut text = format!("line {}, {}, {}", one.line, one.column, one.place.name);
    if let Some(period) = &one.period {
        let _ = write!(text, ", {period}");
    }
    for (filter, value) in table.filters.iter().zip(&one.filters) {
        let _ = write!(text, ", {filter} = {value}");
    }
    let _ = write!(text, ": published {}, its parts give {}", shown(one.published), between(one));
    text
}

/// What the parts can have given.
fn between(one: &Comparison) -> String {
    let Some(range) = &one.between else { return "nothing".to_owned() };
    match range.most {
        Some(most) if most == range.least => number(&most),
        Some(most) => format!("{} to {}", number(&range.least), number(&most)),
        None => format!("at least {}", number(&range.least)),
    }
}

fn shown(supplied: Option<Supplied>) -> String {
    match supplied {
        Some(Supplied::Number(of)) => of.value.to_places(of.places),
        Some(Supplied::Withheld(why)) => why.code().to_owned(),
        None => "rejected".to_owned(),
    }
}

/// Every figure beside what its parts give, one to a line.
pub(crate) fn rows(found: &[Found]) -> String {
    let mut text = csv::line([
        "table",
        "line",
        "rule",
        "basis",
        "column",
        "level",
        "area",
        "name",
        "period",
        "filters",
        "published",
        "from_parts",
        "least",
        "most",
        "outcome",
        "reason",
        "detail",
    ]);
    for (read, again) in found {
        for one in &again.comparisons {
            let Some(rule) = again.rules.get(one.rule) else { continue };
            let (reason, detail) = reason(&one.agreement);
            let figure = |value: Option<Exact>| value.map(|value| number(&value)).unwrap_or_default();
            let filters: Vec<String> = read
                .table
                .filters
                .iter()
                .zip(&one.filters)
                .map(|(filter, value)| format!("{filter}={value}"))
                .collect();
            text.push_str(&csv::line([
                read.table.name.as_str(),
                &one.line.to_string(),
                &rule.text,
                basis(rule.basis),
                &one.column,
                &one.place.level.to_string(),
                one.place.known_as(),
                &one.place.name,
                &one.period.as_ref().map(ToString::to_string).unwrap_or_default(),
                &filters.join("; "),
                &shown(one.published),
                &figure(one.from_parts),
                &figure(one.between.map(|range| range.least)),
                &figure(one.between.and_then(|range| range.most)),
                one.agreement.code(),
                &reason,
                &detail,
            ]));
        }
    }
    text
}

/// Every figure that stands beside an indicator, one to a line; an absence has its reason.
pub(crate) fn compared(found: &[Found]) -> String {
    let mut text = csv::line([
        "indicator",
        "level",
        "area",
        "name",
        "period",
        "value",
        "numerator",
        "denominator",
        "withheld",
        "note",
        "source",
        "table",
        "line",
    ]);
    for (read, _) in found {
        for one in comparators(&read.table) {
            let number = |of: Option<Supplied>| match of {
                Some(Supplied::Number(of)) => of.value.to_places(of.places),
                _ => String::new(),
            };
            text.push_str(&csv::line([
                one.indicator.as_str(),
                &one.place.level.to_string(),
                one.place.known_as(),
                &one.place.name,
                &one.period.as_ref().map(ToString::to_string).unwrap_or_default(),
                &number(Some(one.value)),
                &number(one.numerator),
                &number(one.denominator),
                one.value.withheld().map_or("", Withheld::code),
                &one.note,
                &one.source,
                &read.table.name,
                &one.line.to_string(),
            ]));
        }
    }
    text
}

fn reason(agreement: &Agreement) -> (String, String) {
    match agreement {
        Agreement::Cannot(why) => (why.code().to_owned(), why.to_string()),
        _ => (String::new(), String::new()),
    }
}

/// Each table with its account, its rejects, its rules and every figure that does not simply agree.
pub(crate) fn json(found: &[Found]) -> Value {
    let table = |(read, again): &Found| {
        let rules: Vec<Value> = again
            .rules
            .iter()
            .zip(again.tallies())
            .map(|(rule, tally)| made!({ "rule": rule.text, "basis": rule.basis, "tally": tally }))
            .collect();
        let agrees =
            |one: &&Comparison| matches!(one.agreement, Agreement::Agrees | Agreement::AgreesWithinRounding);
        let others: Vec<&Comparison> = again.comparisons.iter().filter(|one| !agrees(one)).collect();
        made!({
            "table": read.table.name,
            "layout": read.table.layout.id,
            "symbols": read.table.convention,
            "account": read.account,
            "rejects": read.rejects,
            "notices": read.notices,
            "notes": read.notes,
            "rules": rules,
            "not_agreeing": others,
        })
    };
    made!({ "tables": found.iter().map(table).collect::<Vec<_>>() })
}
