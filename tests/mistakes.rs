//! Three files with ten different mistakes: each is reported once, where it stands, and nothing else is.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;

use std::path::PathBuf;

use staysafe::diagnostic::{Diagnostic, Format, render};

use findings::of_all_stages;

const FILES: &[&str] = &["framework.toml", "datasets/section_47.toml", "indicators/cs-14.toml"];

fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ten_mistakes");
    let text = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    FILES.iter().map(|path| ((*path).to_owned(), text(path))).collect()
}

#[test]
fn each_of_ten_mistakes_is_reported_once_where_it_stands() {
    let (sources, findings) = of_all_stages(files());
    let said = render(&findings, &sources, Format::Concise);
    // The words may get better; the code and the place may not change.
    let places: Vec<&str> = said.lines().filter_map(|line| line.split("] ").next()).collect();
    let expected = [
        "datasets/section_47.toml:1:1: error[missing-key",
        "datasets/section_47.toml:19:9: error[duplicate-id",
        "framework.toml:2:1: error[unknown-key",
        "framework.toml:5:12: error[unknown-word",
        "framework.toml:11:9: error[wrong-type",
        "indicators/cs-14.toml:9:25: error[unknown-name",
        "indicators/cs-14.toml:11:22: error[bad-predicate",
        "indicators/cs-14.toml:12:26: error[quote-ends-string",
        "indicators/cs-14.toml:15:9: error[unknown-function",
        "indicators/cs-14.toml:19:10: error[type-mismatch",
    ];
    assert_eq!(places, expected, "{said}");
    let helpful = findings.iter().all(|finding| finding.help.is_some() || !finding.label.is_empty());
    assert!(helpful, "each says how to mend it");
}

#[test]
fn every_mend_that_is_offered_mends() {
    let (_, findings) = of_all_stages(files());
    let (with, without): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.fix.is_some());
    assert_eq!(with.len(), 6, "so many have a mechanical mend");
    let mut mended = files();
    for fix in with.iter().rev().filter_map(|finding| finding.fix.as_ref()) {
        let (_, text) = mended.iter_mut().find(|(path, _)| **path == *fix.span.file).unwrap();
        text.replace_range(fix.span.start..fix.span.end, &fix.replacement);
    }
    let (_, left) = of_all_stages(mended);
    let said = |findings: Vec<&Diagnostic>| findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>();
    assert_eq!(said(left.iter().collect()), said(without), "the others are still there, and nothing new");
}
