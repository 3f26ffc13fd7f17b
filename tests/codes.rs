//! Every code of a diagnostic has a page, and its examples do what the page says.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;

use std::collections::BTreeSet;

use staysafe::diagnostic::{Code, Diagnostics, Format, Sources, render};

use findings::pages::{example, page, pages};
use findings::{of_all_stages, of_mutants};

/// The codes in the order of their declaration: a renamed code breaks those who suppress it by name.
const CODES: &[&str] = &[
    "not-toml",
    "quote-ends-string",
    "merge-conflict",
    "duplicate-key",
    "missing-file",
    "unknown-file",
    "unknown-key",
    "missing-key",
    "wrong-type",
    "unknown-word",
    "file-name-is-not-id",
    "duplicate-id",
    "unknown-name",
    "bad-predicate",
    "unknown-function",
    "wrong-arguments",
    "type-mismatch",
    "unknown-code",
    "wrong-for-kind",
    "mixed-calculation",
    "bad-time",
    "roles-disagree",
    "order-not-total",
    "duration-for-deadline",
    "start-not-known",
    "words-disagree",
    "not-supported-yet",
    "bad-versions",
    "idle-reading",
    "circle",
    "test-fails",
    "no-test",
    "alias-twice",
    "alias-contradicts",
    "alias-repeats",
    "two-parents",
    "successor-not-valid",
    "mutant-survives",
    "stale-equivalent",
];

#[test]
fn the_list_of_codes_is_this_one() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes, CODES);
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "no code stands twice");
    for code in codes {
        let kebab =
            code.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()));
        assert!(kebab, "{code} is written in kebab-case");
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let files: BTreeSet<String> = std::fs::read_dir(pages())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected: BTreeSet<String> = CODES.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(files, expected);
    for code in CODES {
        let page = page(code);
        assert!(page.starts_with(&format!("# {code}\n")), "{code}: its page begins with its name");
        for section in ["What it says", "Why it matters", "Example", "Instead"] {
            assert!(page.contains(&format!("\n## {section}\n")), "{code}: a section '{section}'");
        }
    }
}

/// What is found in a section's example: by the stages that look at every definition, or by its mutants.
fn found(code: Code, section: &str) -> (Sources, Diagnostics) {
    let files = example(&page(code.as_str()), section);
    match code {
        Code::MutantSurvives | Code::StaleEquivalent => of_mutants(files),
        _ => of_all_stages(files),
    }
}

#[test]
fn every_example_is_a_finding_of_its_code_and_only_that() {
    for code in Code::ALL {
        let (sources, findings) = found(*code, "Example");
        let text = render(&findings, &sources, Format::Full);
        assert!(!findings.is_empty(), "{code}: its example is found fault with");
        assert!(
            findings.iter().all(|finding| finding.code == *code),
            "{code}: only its own finding:\n{text}"
        );
    }
}

#[test]
fn what_to_write_instead_is_found_no_fault_with() {
    for code in Code::ALL {
        let (sources, findings) = found(*code, "Instead");
        assert!(findings.is_empty(), "{code}:\n{}", render(&findings, &sources, Format::Full));
    }
}
