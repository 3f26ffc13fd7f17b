//! The reference page and the reader: every key of every table has a line on the page, and every line is true.
//!
//! The reader is asked from outside: a key that no table has makes it list those that the table does have.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use staysafe::definition::read::read;
use staysafe::diagnostic::{Code, Diagnostics, Format, Sources, render};

/// A key that no table has and that is near none.
const STRANGER: &str = "qqqqqqqqqqqq";

const FIRST_LINE: &str = "# a file\n";

/// A table on the page: the file it stands in, its header with those of the tables it stands in, its lines.
#[derive(Debug, Clone)]
struct Section {
    file: String,
    headers: Vec<String>,
    rows: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    key: String,
    needed: bool,
    example: String,
}

fn page() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    std::fs::read_to_string(path).unwrap()
}

/// The name between the brackets of a header.
fn name(header: &str) -> &str {
    header.trim_matches(['[', ']'])
}

/// The sections of the page.
fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut file = String::new();
    let text = page();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            file = if heading.ends_with(".toml") { heading.to_owned() } else { String::new() };
            sections.push(Section { file: file.clone(), headers: Vec::new(), rows: Vec::new() });
        } else if let Some(heading) = line.strip_prefix("### ") {
            let header = heading.split_inclusive(']').collect::<String>();
            let header = header.rsplit_once(']').unwrap().0.to_owned() + "]";
            let inside = |outer: &str| name(&header).starts_with(&format!("{}.", name(outer)));
            let outer = sections.iter().rev().find(|section| {
                section.file == file && section.headers.last().is_some_and(|outer| inside(outer))
            });
            let mut headers = outer.map_or_else(Vec::new, |outer| outer.headers.clone());
            headers.push(header);
            sections.push(Section { file: file.clone(), headers, rows: Vec::new() });
        } else if let Some(row) = line.strip_prefix("| `") {
            let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
            let [key, needed, _, example] = cells.as_slice() else { continue };
            let key = key.trim_end_matches('`').to_owned();
            let needed = *needed == "yes";
            let example = example.trim_matches('`').to_owned();
            if let Some(section) = sections.last_mut() {
                section.rows.push(Line { key, needed, example });
            }
        }
    }
    sections.retain(|section| !section.file.is_empty());
    sections
}

/// The path of a file as it would be: its name is the id inside it.
fn path(file: &str) -> String {
    let ids =
        [("codes/NAME", "category_of_abuse"), ("datasets/NAME", "section_47"), ("derived/NAME", "placement")];
    let ids = ids.iter().chain(&[("indicators/ID", "cs-14")]);
    ids.fold(file.to_owned(), |path, (of, id)| {
        let folder = of.split('/').next().unwrap();
        path.replace(&format!("{of}.toml"), &format!("{folder}/{id}.toml"))
    })
}

fn found(file: &str, headers: &[String], lines: &[&str]) -> (Sources, Diagnostics) {
    // What a writer names goes by some name.
    let headers: Vec<String> = headers.iter().map(|header| header.replace("NAME", "some")).collect();
    // The first line is the place of what the file itself lacks.
    let first = if headers.is_empty() { "" } else { FIRST_LINE };
    let text: Vec<&str> = headers.iter().map(String::as_str).chain(lines.iter().copied()).collect();
    let (framework, findings) = read([(path(file), format!("{first}{}\n", text.join("\n")))]);
    (framework.files, findings)
}

/// The keys of a table, as the reader lists them; none where the headers open no table of known keys.
fn keys(file: &str, headers: &[String]) -> Option<Vec<String>> {
    let stranger = format!("{STRANGER} = 1");
    let (_, findings) = found(file, headers, &[&stranger]);
    let strange = findings.iter().find(|finding| finding.message.contains(STRANGER))?;
    let listed = strange.help.as_deref()?.strip_prefix("its keys are ")?;
    let listed = listed.split(';').next()?;
    Some(listed.split(", ").map(|key| key.trim_matches('`').to_owned()).collect())
}

/// Every table of a file: the headers that open it, with its keys.
fn tables(file: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let root = keys(file, &[]).unwrap_or_else(|| panic!("{file} is read"));
    let mut found: Vec<(Vec<String>, Vec<String>)> = vec![(Vec::new(), root)];
    let mut at = 0;
    while let Some((headers, known)) = found.get(at).cloned() {
        at += 1;
        let prefix = headers.last().map_or_else(String::new, |header| format!("{}.", name(header)));
        for key in known {
            let forms = ["[P]", "[[P]]", "[P.NAME]", "[[P.NAME]]"];
            let inner = forms.iter().find_map(|form| {
                let mut headers = headers.clone();
                headers.push(form.replace('P', &format!("{prefix}{key}")));
                keys(file, &headers).map(|keys| (headers, keys))
            });
            found.extend(inner);
        }
    }
    found
}

/// The table that has the same keys and the page shows: a version's are those of the indicator, both totals
/// are alike, and so is every `when`.
fn shown_as(headers: &[String]) -> String {
    let header = headers.last().map_or("", String::as_str);
    let header = ["calculation", "clock", "words"]
        .iter()
        .fold(header.to_owned(), |header, table| header.replace(&format!("version.{table}"), table));
    let header = header.replace("calculation.denominator", "calculation.numerator");
    header.replace("calculation.numerator.when", "calculation.when")
}

const FILES: [&str; 9] = [
    "framework.toml",
    "lists.toml",
    "sources.toml",
    "agencies.toml",
    "areas.toml",
    "codes/NAME.toml",
    "datasets/NAME.toml",
    "derived/NAME.toml",
    "indicators/ID.toml",
];

#[test]
fn every_key_of_every_table_has_a_line_and_every_line_a_key() {
    let sections = sections();
    let mut faults = Vec::new();
    for file in FILES {
        let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for section in sections.iter().filter(|section| section.file == file) {
            let keys = section.rows.iter().map(|row| row.key.clone());
            shown.entry(shown_as(&section.headers)).or_default().extend(keys);
        }
        let mut unseen: BTreeSet<String> = shown.keys().cloned().collect();
        for (headers, keys) in tables(file) {
            unseen.remove(&shown_as(&headers));
            let Some(shown) = shown.get(&shown_as(&headers)) else {
                faults.push(format!("{file} {headers:?} has no section; its keys are {keys:?}"));
                continue;
            };
            let keys: BTreeSet<String> = keys.into_iter().collect();
            faults
                .extend(keys.difference(shown).map(|key| format!("{file} {headers:?}: '{key}' has no line")));
            faults
                .extend(shown.difference(&keys).map(|key| format!("{file} {headers:?}: '{key}' is no key")));
        }
        faults.extend(unseen.iter().map(|header| format!("{file} {header} is no table")));
    }
    assert!(faults.is_empty(), "docs/reference.md:\n{}", faults.join("\n"));
}

#[test]
fn every_example_is_read_without_a_fault() {
    for section in sections() {
        for row in &section.rows {
            assert!(row.example.starts_with(&row.key), "{}: its example is of another key", row.key);
            // With what its table needs: a step is read by its kind.
            let needed = section.rows.iter().filter(|other| other.needed && other.key != row.key);
            let lines: Vec<&str> =
                needed.map(|other| other.example.as_str()).chain([row.example.as_str()]).collect();
            let (sources, mut findings) = found(&section.file, &section.headers, &lines);
            // A table by itself lacks what stands in others.
            findings.retain(|finding| ![Code::MissingKey, Code::MissingFile].contains(&finding.code));
            let text = render(&findings, &sources, Format::Full);
            assert!(findings.is_empty(), "{} {:?}:\n{text}", section.file, section.headers);
        }
    }
}

#[test]
fn what_is_needed_is_missed_and_nothing_else_is() {
    for section in sections() {
        for left_out in &section.rows {
            let others = section.rows.iter().filter(|row| row.key != left_out.key);
            let lines: Vec<&str> = others.map(|row| row.example.as_str()).collect();
            let (_, findings) = found(&section.file, &section.headers, &lines);
            let label = format!("`{}` is missing", left_out.key);
            let own = place(&section.headers);
            let missed = findings.iter().any(|finding| {
                let at = finding.span.as_ref().map(|span| span.start);
                finding.code == Code::MissingKey && finding.label == label && at == Some(own)
            });
            assert_eq!(
                missed, left_out.needed,
                "{} {:?}: is '{}' needed?",
                section.file, section.headers, left_out.key
            );
        }
    }
}

/// Where the last header begins.
fn place(headers: &[String]) -> usize {
    let Some((_, before)) = headers.split_last() else { return 0 };
    FIRST_LINE.len() + before.iter().map(|header| header.replace("NAME", "some").len() + 1).sum::<usize>()
}
