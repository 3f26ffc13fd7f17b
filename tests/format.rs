//! The page of the format and the reader of it know the same keys and words.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use staysafe::definition::read::read;
use staysafe::diagnostic::{Code, Format, render};

/// The first block of TOML under a heading of the page.
fn block(page: &str, heading: &str) -> String {
    let (_, after) =
        page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("a heading '{heading}'"));
    let (_, block) = after.split_once("```toml\n").unwrap();
    block.split_once("\n```").unwrap().0.to_owned() + "\n"
}

/// The tables `[[key]]`, with their own tables, of a block that shows several files.
fn part(block: &str, key: &str) -> String {
    let of_key =
        |header: &str| header.starts_with(&format!("[[{key}]]")) || header.starts_with(&format!("[[{key}."));
    let mut keeps = false;
    let lines = block.lines().filter(|line| {
        if line.starts_with('[') {
            keeps = of_key(line);
        }
        keeps
    });
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_key_and_word_on_the_page_is_known() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/format.md");
    let page = std::fs::read_to_string(path).unwrap();
    let lists = block(&page, "## lists.toml, sources.toml, agencies.toml, areas.toml");
    let indicator = block(&page, "## indicators/ID.toml");
    let head = indicator.split_once("\n[calculation]").unwrap().0;
    let files = [
        ("framework.toml", block(&page, "## framework.toml")),
        ("lists.toml", part(&lists, "list")),
        ("sources.toml", part(&lists, "source")),
        ("agencies.toml", part(&lists, "agency")),
        ("areas.toml", part(&lists, "area")),
        ("codes/category_of_abuse.toml", block(&page, "## codes/NAME.toml")),
        ("datasets/section_47.toml", block(&page, "## datasets/NAME.toml")),
        ("indicators/cs-14.toml", indicator.clone()),
        ("indicators/cs-10.toml", format!("{head}\n{}", block(&page, "### Two totals"))),
        ("derived/placement.toml", block(&page, "## derived/NAME.toml")),
    ];
    assert!(files.iter().all(|(_, text)| text.contains('=')), "every file is on the page");
    let (framework, mut findings) = read(files);
    // "…" stands for a predicate, and shortened tables lack keys.
    let shortened = [Code::BadPredicate, Code::MissingKey, Code::BadTime, Code::FileNameIsNotId];
    findings.retain(|finding| !shortened.contains(&finding.code));
    assert!(findings.is_empty(), "{}", render(&findings, &framework.files, Format::Full));
}
