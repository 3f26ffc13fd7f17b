//! Three files with ten different mistakes: each is reported once, where it stands, and nothing else is.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;

use std::path::PathBuf;

use staysafe::diagnostic::{Diagnostic, Format, render};

use findings::of_all_stages;
use findings::pages::{example, page};

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

/// A good indicator with one mistake; what is said of it.
fn with(old: &str, new: &str) -> Vec<String> {
    let mut files = example(&page("no-test"), "Instead");
    let text = files.get_mut("indicators/conferences.toml").unwrap();
    assert!(text.contains(old), "{old:?} is there to be replaced");
    *text = text.replacen(old, new, 1);
    let (sources, findings) = of_all_stages(files);
    render(&findings, &sources, Format::Concise).lines().map(ToOwned::to_owned).collect()
}

#[test]
fn one_mistake_is_one_finding() {
    for (old, new, expected) in [
        ("s47_start = 2010-06-01", "s47_strat = 2010-06-01", "22:50: error[unknown-name] the dataset"),
        ("records.section_47", "records.section47", "22:22: error[unknown-name] there is no dataset"),
        ("2010-11 Q1", "2010/11 Q1", "21:12: error[bad-time]"),
        ("child = \"a\"", "child = 5", "22:33: error[type-mismatch]"),
        ("[[test]]", "[[tests]]", "19:3: error[unknown-key]"),
        ("[calculation]", "[calculaton]", "9:2: error[unknown-key]"),
        ("[calculation]", "[calculation", "9:13: error[not-toml]"),
        ("\"proportion\"", "\"proportion", "4:23: error[not-toml]"),
        ("2010-06-10", "2010-06-31", "22:74: error[not-toml]"),
        ("{ date = ", "{ on = ", "11:15: error[unknown-key]"),
        ("from      = \"section_47\"\n", "", "9:1: error[missing-key]"),
    ] {
        let said = with(old, new);
        assert_eq!(said.len(), 1, "{new}: {said:#?}");
        assert!(said[0].starts_with(&format!("indicators/conferences.toml:{expected}")), "{new}: {said:#?}");
    }
}

#[test]
fn a_field_that_cannot_be_read_is_not_also_unknown_where_it_is_used() {
    let mut files = example(&page("no-test"), "Instead");
    let text = files.get_mut("datasets/section_47.toml").unwrap();
    *text =
        text.replacen("{ name = \"icpc_date\", type = \"date\" }", "{ name = \"icpc_date\", type = 5 }", 1);
    let (sources, findings) = of_all_stages(files);
    assert_eq!(findings.len(), 1, "{}", render(&findings, &sources, Format::Concise));
    assert_eq!(findings.iter().next().map(|finding| finding.code.as_str()), Some("wrong-type"));
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
