//! Slips in everything that is no predicate: stretches of time, fields, what is counted, rules of steps.

use chrono::NaiveDate;

use super::Slip;
use super::expression::neighbours;
use super::site::{Form, Site};
use super::world::World;
use crate::value::Value;

/// A value with one slip in it: the slip, its words, and the value as TOML would write it.
pub(super) type Change = (Slip, String, String);

/// Every mutant of a value that is no predicate, `written` being its text in the file.
pub(super) fn changes(site: &Site, world: World<'_>, written: &str) -> Vec<Change> {
    let said = |slip: Slip, new: String| (slip, format!("{} -> {new}", site.text), quoted(&new));
    match site.form {
        Form::Stretch => stretches(&site.text).into_iter().map(|(slip, new)| said(slip, new)).collect(),
        Form::Field => {
            let other = world.other_date(&site.table, &site.text);
            other.map(|other| said(Slip::OtherDate, other.to_owned())).into_iter().collect()
        }
        Form::Fields => fields(site, world),
        Form::Counted => counted(&site.text).into_iter().map(|new| said(Slip::KeyDropped, new)).collect(),
        Form::Measure => measures(&site.text).into_iter().map(|new| said(Slip::KeyDropped, new)).collect(),
        Form::Bare => bare(&site.text)
            .into_iter()
            .map(|new| (Slip::Number, format!("{} -> {new}", site.text), new))
            .collect(),
        Form::Word(words) => words
            .iter()
            .filter(|word| **word != site.text)
            .map(|word| said(Slip::OtherWord, (*word).to_owned()))
            .collect(),
        Form::Held => held(site, world).map(|new| said(Slip::OtherDate, new)).into_iter().collect(),
        Form::FirstAndLast => {
            vec![(Slip::Question, "first for last, and last for first".to_owned(), exchanged(written))]
        }
        Form::Predicate(_) | Form::Kept => Vec::new(),
    }
}

/// A text as a TOML string on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

/// One more, one less, another unit, of each stretch in a text.
fn stretches(text: &str) -> Vec<(Slip, String)> {
    let mut found = Vec::new();
    let words: Vec<&str> = text.split_inclusive(|c: char| !c.is_alphanumeric()).collect();
    for (position, word) in words.iter().enumerate() {
        let Ok(number) = word.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<u32>() else {
            continue;
        };
        let before: String = words.iter().take(position).copied().collect();
        let tail = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let after: String = words.iter().skip(position + 1).copied().collect();
        for other in number.checked_add(1).into_iter().chain(number.checked_sub(1)) {
            found.push((Slip::Number, format!("{before}{other}{tail}{after}")));
        }
        let units =
            [("working days", "days"), ("days", "working days"), ("months", "years"), ("years", "months")];
        let unit = units.iter().find_map(|(unit, other)| Some((after.strip_prefix(unit)?, other)));
        if let Some((rest, other)) = unit {
            found.push((Slip::Unit, format!("{before}{word}{other}{rest}")));
        }
    }
    found
}

/// A field left out of a list, or a date that is another.
fn fields(site: &Site, world: World<'_>) -> Vec<Change> {
    let members = if site.members.is_empty() { vec![site.text.clone()] } else { site.members.clone() };
    let written = |members: &[String]| {
        let quoted: Vec<String> = members.iter().map(|member| quoted(member)).collect();
        format!("[{}]", quoted.join(", "))
    };
    let mut found = Vec::new();
    for (position, member) in members.iter().enumerate() {
        if members.len() > 1 {
            let mut fewer = members.clone();
            fewer.remove(position);
            found.push((Slip::KeyDropped, format!("without {member}"), written(&fewer)));
        }
        if let Some(other) =
            site.members.get(position).and_then(|member| world.other_date(&site.table, member))
        {
            let mut others = members.clone();
            if let Some(place) = others.get_mut(position) {
                other.clone_into(place);
            }
            found.push((Slip::OtherDate, format!("{member} -> {other}"), written(&others)));
        }
    }
    found
}

/// `distinct a, b`: without each of its fields; rows.
fn counted(text: &str) -> Vec<String> {
    let Some(names) = text.trim().strip_prefix("distinct ") else { return Vec::new() };
    let mut found: Vec<String> =
        without_each(names).into_iter().map(|names| format!("distinct {names}")).collect();
    found.push("rows".to_owned());
    found
}

/// `count(distinct a, b)`: without each of its fields; of rows.
fn measures(text: &str) -> Vec<String> {
    let inside = text.trim().strip_prefix("count(").and_then(|rest| rest.strip_suffix(')'));
    let names = inside.and_then(|inside| inside.trim().strip_prefix("distinct "));
    match (names, inside) {
        (Some(names), _) => {
            let fewer = without_each(names).into_iter().map(|names| format!("count(distinct {names})"));
            fewer.chain(["count()".to_owned()]).collect()
        }
        (None, Some(_)) => Vec::new(),
        (None, None) => vec!["count()".to_owned()],
    }
}

fn without_each(names: &str) -> Vec<String> {
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    if names.len() < 2 {
        return Vec::new();
    }
    (0..names.len())
        .map(|dropped| {
            let kept = names.iter().enumerate().filter(|(position, _)| *position != dropped);
            kept.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
        })
        .collect()
}

/// A whole number, a date or an answer, one beside it.
fn bare(text: &str) -> Vec<String> {
    let value = if let Ok(number) = text.parse::<i64>() {
        Value::Int(number)
    } else if let Ok(day) = text.parse::<NaiveDate>() {
        Value::Date(day)
    } else if let Ok(answer) = text.parse::<bool>() {
        Value::Bool(answer)
    } else {
        return Vec::new();
    };
    let written = |value: Value| match value {
        Value::Int(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Bool(answer) => answer.to_string(),
        Value::Decimal(_) | Value::Text(_) => String::new(),
    };
    neighbours(&value).into_iter().map(written).collect()
}

/// `LINK.FIELD` with another date of the link's table.
fn held(site: &Site, world: World<'_>) -> Option<String> {
    let (link, date) = site.text.split_once('.')?;
    let other = world.other_date(world.link(&site.table, link)?, date)?;
    Some(format!("{link}.{other}"))
}

/// `first = …` and `last = …`, each under the other's key.
fn exchanged(written: &str) -> String {
    let words = written.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_'));
    let mut depth = 0_usize;
    let mut quoted = false;
    words
        .map(|piece| {
            let word = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            let is_key = depth == 0 && !quoted;
            for c in piece.chars() {
                match c {
                    '{' if !quoted => depth += 1,
                    '}' if !quoted => depth = depth.saturating_sub(1),
                    '"' => quoted = !quoted,
                    _ => {}
                }
            }
            match word {
                "first" if is_key => piece.replacen("first", "last", 1),
                "last" if is_key => piece.replacen("last", "first", 1),
                _ => piece.to_owned(),
            }
        })
        .collect()
}
