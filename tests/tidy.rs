//! Guards of the whole tree: what ARCHITECTURE.md says of it is tested here, so that it stays true.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tree;

use std::collections::{BTreeMap, BTreeSet};

use tree::File;

/// Which modules of the core each module may use. Data flows down the table; a module without a row fails.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("calendar", &[]),
    ("value", &[]),
    ("progress", &[]),
    ("stats", &["value"]),
    ("period", &["calendar"]),
    ("record", &["value", "period"]),
    ("published", &["value", "period"]),
    ("definition", &["diagnostic", "value", "period", "calendar"]),
    ("describe", &["diagnostic", "definition", "value", "period", "calendar"]),
    ("check", &["definition", "describe", "diagnostic", "value", "period", "calendar"]),
    ("plan", &["check", "definition", "diagnostic", "record", "value", "period", "calendar"]),
    ("result", &["definition", "record", "value", "period", "calendar"]),
    (
        "calculate",
        &[
            "plan",
            "progress",
            "check",
            "definition",
            "describe",
            "diagnostic",
            "result",
            "stats",
            "record",
            "value",
            "period",
            "calendar",
        ],
    ),
    (
        "verify",
        &["calculate", "plan", "check", "definition", "diagnostic", "result", "record", "value", "period"],
    ),
    (
        "gap",
        &[
            "calculate",
            "check",
            "definition",
            "describe",
            "diagnostic",
            "plan",
            "result",
            "record",
            "value",
            "period",
        ],
    ),
    ("workflow", &["definition", "diagnostic", "value"]),
    ("consult", &["check", "definition", "diagnostic", "value"]),
    (
        "board",
        &[
            "gap",
            "workflow",
            "consult",
            "published",
            "check",
            "definition",
            "diagnostic",
            "result",
            "record",
            "value",
            "period",
            "calendar",
        ],
    ),
    (
        "disclosure",
        &[
            "gap",
            "check",
            "definition",
            "describe",
            "diagnostic",
            "plan",
            "result",
            "record",
            "value",
            "period",
        ],
    ),
    (
        "report",
        &[
            "board",
            "consult",
            "workflow",
            "disclosure",
            "gap",
            "calculate",
            "published",
            "check",
            "definition",
            "describe",
            "diagnostic",
            "plan",
            "result",
            "record",
            "value",
            "period",
        ],
    ),
    ("request", &["report", "check", "definition", "diagnostic", "period"]),
];

/// What each crate may name under `[dependencies]`; a crate without a row fails.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    (
        "crates/staysafe",
        &[
            "serde",
            "serde_json",
            "thiserror",
            "rust_decimal",
            "chrono",
            "toml",
            "annotate-snippets",
            "sha2",
            "statrs",
            "multiversion",
            "ecow",
        ],
    ),
    ("crates/staysafe-lscb", &[]),
    (
        "crates/staysafe-arrow",
        &[
            "staysafe",
            "arrow-array",
            "arrow-buffer",
            "arrow-cast",
            "arrow-data",
            "arrow-ipc",
            "arrow-schema",
            "arrow-select",
            "chrono",
            "hashbrown",
            "rust_decimal",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
        ],
    ),
    (
        "crates/staysafe-io",
        &[
            "staysafe",
            "staysafe-arrow",
            "staysafe-lscb",
            "quick-xml",
            "csv",
            "encoding_rs",
            "encoding_rs_io",
            "calamine",
            "rust_xlsxwriter",
            "chrono",
            "rust_decimal",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "toml",
        ],
    ),
    ("crates/staysafe-synth", &["staysafe", "chrono"]),
    (
        "crates/staysafe-cli",
        &[
            "staysafe",
            "staysafe-arrow",
            "staysafe-io",
            "staysafe-lscb",
            "clap",
            "indicatif",
            "serde",
            "serde_json",
            "chrono",
        ],
    ),
    (
        "python",
        &[
            "bytemuck",
            "bytes",
            "memmap2",
            "staysafe",
            "staysafe-arrow",
            "staysafe-io",
            "staysafe-lscb",
            "pyo3",
            "arrow-array",
            "arrow-buffer",
            "arrow-cast",
            "arrow-data",
            "arrow-schema",
            "chrono",
            "rust_decimal",
            "serde",
            "serde_json",
        ],
    ),
    ("examples/embed_case_system", &["staysafe"]),
    ("xtask", &[]),
    (".", &[]),
];

/// Files that are data: their length says nothing about how hard they are to read.
/// The stubs of a native module are one file by rule, a line to each name.
const DATA: &[&str] = &["areas.toml", "Cargo.lock", "_native.pyi"];

const LONGEST: usize = 800;

#[test]
fn modules_only_use_what_lies_upstream() {
    let table: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    assert_eq!(upstream_only(&table, &tree::files()), Vec::<String>::new());
}

#[test]
fn the_layer_test_sees_a_planted_fault() {
    let table: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let planted = [
        File::new("crates/staysafe/src/definition/mod.rs", "use crate::plan::Plan;\n"),
        File::new("crates/staysafe/src/gap/mod.rs", "use crate::{report, value};\n"),
        File::new("crates/staysafe/src/novelty/mod.rs", "\n"),
        File::new("crates/staysafe/src/value/mod.rs", "use super::report::Report;\n"),
    ];
    assert_eq!(
        upstream_only(&table, &planted),
        [
            "crates/staysafe/src/definition/mod.rs:1: definition may not use plan",
            "crates/staysafe/src/gap/mod.rs:1: import from the module that defines the name, not through the root",
            "crates/staysafe/src/novelty/mod.rs: module novelty has no row in MAY_USE",
            "crates/staysafe/src/value/mod.rs:1: value may not use report",
        ]
    );
}

#[test]
fn crates_depend_only_on_what_was_decided() {
    let mut faults = Vec::new();
    for file in tree::files().iter().filter(|file| file.name() == "Cargo.toml") {
        let folder = file.path.strip_suffix("/Cargo.toml").unwrap_or(".");
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(name, _)| *name == folder) else {
            faults.push(format!("{folder} has no row in MAY_DEPEND_ON"));
            continue;
        };
        for name in dependencies(&file.text) {
            if !allowed.contains(&name.as_str()) {
                faults.push(format!("{folder} may not depend on {name}"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = tree::files()
        .iter()
        .filter(|file| !DATA.contains(&file.name()) && file.text.lines().count() > LONGEST)
        .map(|file| format!("{}: {} lines", file.path, file.text.lines().count()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_file_ends_with_one_newline() {
    let odd: Vec<String> = tree::files()
        .iter()
        .filter(|file| !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")))
        .map(|file| file.path.clone())
        .collect();
    assert_eq!(odd, Vec::<String>::new());
}

#[test]
fn nothing_names_a_machine() {
    // Written in two halves, so that this file does not find itself.
    let needles: Vec<String> = [
        ("/ho", "me/"),
        ("/ro", "ot/"),
        ("/wo", "rk/"),
        ("/Us", "ers/"),
        (":\\Us", "ers\\"),
        ("py", "pi.org"),
        ("static.crat", "es.io"),
        ("index.crat", "es.io"),
        ("deb.deb", "ian.org"),
        ("registry.np", "mjs"),
    ]
    .iter()
    .map(|(head, tail)| format!("{head}{tail}"))
    .collect();
    let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
    assert_eq!(lines_with(&needles, |line, needle| line.contains(needle)), Vec::<String>::new());
}

#[test]
fn one_word_for_one_thing() {
    // The field's word is `indicator`; unfinished work is an issue, not a comment.
    let needles: Vec<String> = [
        ("met", "ric"),
        ("met", "rics"),
        ("k", "pi"),
        ("k", "pis"),
        ("to", "do!"),
        ("fix", "me"),
        ("x", "xx"),
    ]
    .iter()
    .map(|(head, tail)| format!("{head}{tail}"))
    .collect();
    let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
    assert_eq!(lines_with(&needles, has_word), Vec::<String>::new());
}

#[test]
fn every_crate_opens_with_a_readme() {
    let files = tree::files();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("crates/") && file.name() == "Cargo.toml") {
        let folder = file.path.trim_end_matches("/Cargo.toml");
        if !paths.contains(format!("{folder}/README.md").as_str()) {
            faults.push(format!("{folder} has no README.md"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_core_opens_with_the_pipeline_drawn() {
    let lib = tree::read("crates/staysafe/src/lib.rs");
    let drawn =
        lib.lines().take_while(|line| line.starts_with("//!") || line.starts_with("#!")).collect::<String>();
    let missing: Vec<&str> = ["read", "check", "plan", "calculate", "gap", "disclose", "report"]
        .into_iter()
        .filter(|stage| !drawn.contains(stage))
        .collect();
    assert!(missing.is_empty() && drawn.contains('▶'), "lib.rs does not draw {missing:?}");
}

fn upstream_only(table: &BTreeMap<&str, &[&str]>, files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let Some(inside) = file.path.strip_prefix("crates/staysafe/src/") else { continue };
        let module = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if module == "lib" || !file.path.ends_with(".rs") {
            continue;
        }
        let Some(allowed) = table.get(module) else {
            faults.push(format!("{}: module {module} has no row in MAY_USE", file.path));
            continue;
        };
        for (number, line) in
            file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let place = format!("{}:{}", file.path, number + 1);
            if line.contains("crate::{") {
                faults.push(format!(
                    "{place}: import from the module that defines the name, not through the root"
                ));
            }
            for used in names_after(line, "crate::").chain(names_after(line, "super::")) {
                let other_module =
                    used != module && table.contains_key(used) && !is_sibling(file, files, used);
                if other_module && !allowed.contains(&used) {
                    faults.push(format!("{place}: {module} may not use {used}"));
                }
            }
        }
    }
    faults
}

/// Whether `super::used` means a file of the same folder rather than a module of the crate.
fn is_sibling(file: &File, files: &[File], used: &str) -> bool {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder != "crates/staysafe/src"
        && files.iter().any(|other| {
            other.path == format!("{folder}/{used}.rs") || other.path == format!("{folder}/{used}/mod.rs")
        })
}

/// The names that follow a prefix such as `crate::` on a line; a chain of prefixes counts once.
fn names_after<'a>(line: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(prefix).map(move |(at, _)| {
        let rest = &line[at + prefix.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Names under `[dependencies]` and its target-specific and dotted forms, without development ones.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header == "dependencies"
                || (header.starts_with("target.") && header.ends_with(".dependencies"));
            names.extend(header.strip_prefix("dependencies.").map(str::to_owned));
        } else if inside && let Some((name, _)) = line.split_once('=') {
            names.push(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    names
}

fn lines_with(needles: &[&str], matches: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| !DATA.contains(&file.name())) {
        for (number, line) in file.text.lines().enumerate() {
            found.extend(
                needles
                    .iter()
                    .filter(|needle| matches(line, needle))
                    .map(|needle| format!("{}:{}: `{needle}`", file.path, number + 1)),
            );
        }
    }
    found
}

/// Whether a word stands on the line on its own, in any case.
fn has_word(line: &str, word: &str) -> bool {
    let line = line.to_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
