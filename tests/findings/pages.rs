//! The pages of the codes and the examples on them.

use std::collections::BTreeMap;
use std::path::PathBuf;

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

/// The text of a code's page.
pub fn page(code: &str) -> String {
    let path = pages().join(format!("{code}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/codes/{code}.md: {error}"))
}

/// The folder of the pages.
pub fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/codes")
}

/// The files of a section's TOML blocks by the path in their first line, on the base unless a block stands alone.
pub fn example(page: &str, section: &str) -> BTreeMap<String, String> {
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
