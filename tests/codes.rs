//! Every code of a diagnostic has a page, and its examples do what the page says.
#![allow(clippy::unwrap_used, clippy::panic)]

mod findings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use staysafe::diagnostic::{Code, Format, render};

use findings::of_all_stages;

/// The codes in the order of their declaration: a renamed code breaks those who suppress it by name.
const CODES: &[&str] = &[
    "not-toml",
    "quote-ends-string",
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
    "order-not-total",
    "duration-for-deadline",
    "words-disagree",
    "not-supported-yet",
    "circle",
    "test-fails",
    "no-test",
];

/// What the examples stand on; a file of an example takes the place of one here.
const BASE: &[(&str, &str)] = &[
    ("framework.toml", "id = \"board\"\ntitle = \"A board\"\n"),
    ("lists.toml", "[[list]]\nid = \"council\"\nheading = \"Indicators from the council\"\n"),
    ("agencies.toml", "[[agency]]\nid = \"council\"\nname = \"The council\"\n"),
    (
        "codes/category_of_abuse.toml",
        "id = \"category_of_abuse\"\n[[code]]\ncode = \"NEG\"\nwords = \"neglect\"\n\
         [[code]]\ncode = \"EMO\"\nwords = \"emotional abuse\"\n",
    ),
    (
        "datasets/section_47.toml",
        r#"
id = "section_47"
title = "Section 47 enquiries"
carried_by = "cin-census"
holder = "council"
area = "header"
field = [
    { name = "child", type = "text" },
    { name = "s47_start", type = "date" },
    { name = "icpc_date", type = "date" },
    { name = "outcome", type = "text" },
]
"#,
    ),
    (
        "datasets/child_protection_plan.toml",
        r#"
id = "child_protection_plan"
title = "Child protection plans"
carried_by = "cin-census"
holder = "council"
area = "header"
field = [
    { name = "child", type = "text" },
    { name = "plan", type = "whole number" },
    { name = "plan_start", type = "date" },
    { name = "plan_end", type = "date" },
    { name = "latest_category", type = "text", codes = "category_of_abuse" },
    { name = "previous_plans", type = "whole number" },
]
link = [{ name = "reviews", to = "child_protection_review", on = { plan = "plan" } }]
"#,
    ),
    (
        "datasets/child_protection_review.toml",
        r#"
id = "child_protection_review"
title = "Reviews"
carried_by = "cin-census"
holder = "council"
area = "header"
key = ["review"]
field = [
    { name = "child", type = "text" },
    { name = "plan", type = "whole number" },
    { name = "review", type = "whole number" },
    { name = "review_date", type = "date" },
]
"#,
    ),
];

fn page(code: &str) -> String {
    let path = pages().join(format!("{code}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/codes/{code}.md: {error}"))
}

fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/codes")
}

/// The files of a section's TOML blocks by the path in their first line, on the base unless a block stands alone.
fn example(page: &str, section: &str) -> BTreeMap<String, String> {
    let (_, after) = page.split_once(&format!("\n## {section}\n")).unwrap();
    let body = after.split("\n## ").next().unwrap();
    let blocks: Vec<(&str, &str)> = body
        .split("```toml")
        .skip(1)
        .map(|block| block.split("```\n").next().unwrap().split_once('\n').unwrap())
        .collect();
    assert!(!blocks.is_empty(), "a block of TOML under '{section}'");
    let alone = blocks.iter().any(|(info, _)| info.trim() == "alone");
    let base = BASE.iter().filter(|_| !alone).map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let own = blocks.iter().map(|(_, text)| {
        let path = text.lines().next().and_then(|line| line.strip_prefix("# "));
        (path.expect("the file's path in the first line").to_owned(), (*text).to_owned())
    });
    base.chain(own).collect()
}

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

#[test]
fn every_example_is_a_finding_of_its_code_and_only_that() {
    for code in Code::ALL {
        let (sources, findings) = of_all_stages(example(&page(code.as_str()), "Example"));
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
        let (sources, findings) = of_all_stages(example(&page(code.as_str()), "Instead"));
        assert!(findings.is_empty(), "{code}:\n{}", render(&findings, &sources, Format::Full));
    }
}
