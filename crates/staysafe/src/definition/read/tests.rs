//! What is read, and what is said of what cannot be.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::read;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Kind, Limit, Measure, SpanUnit, Stretch, When};
use crate::diagnostic::Diagnostics;

const FRAMEWORK: (&str, &str) = ("framework.toml", "id = \"board\"\ntitle = \"A board\"\n");
const CS_14: &str = r#"id = "cs-14"
title = "conferences within 15 days"
kind = "proportion"
polarity = "higher"
cycle = "quarter"

[calculation]
from = "section_47"
when = { date = "icpc_date" }
counted = "distinct child, icpc_date"
numerator = "within(icpc)"

[clock.icpc]
start = "s47_start"
stop = "icpc_date"
limit = "15 working days"

[[test]]
name = "over Easter"
period = "2010-11 Q1"
records.section_47 = [{ child = "a", s47_start = 2010-03-25, icpc_date = 2010-04-19 }]
expect = { numerator = 1, denominator = 1, notes = { dates-inverted = 0 } }
"#;

/// Findings as `path:line:column code message`.
fn said(files: &[(&str, &str)]) -> (Framework, Vec<String>) {
    let (framework, findings) = read(files.iter().copied());
    let said = lines(&framework, &findings);
    (framework, said)
}

fn lines(framework: &Framework, findings: &Diagnostics) -> Vec<String> {
    let line = |finding: &crate::diagnostic::Diagnostic| {
        let Some(span) = &finding.span else { return format!("{} {}", finding.code, finding.message) };
        let at = framework.files.get(&span.file).unwrap().position(span.start);
        format!("{}:{}:{} {} {}", span.file, at.line, at.column, finding.code, finding.message)
    };
    findings.iter().map(line).collect()
}

/// What is said of one indicator made from `CS_14` by a replacement.
fn with(old: &str, new: &str) -> Vec<String> {
    assert!(CS_14.contains(old), "{old:?} is there to be replaced");
    said(&[FRAMEWORK, ("indicators/cs-14.toml", &CS_14.replacen(old, new, 1))]).1
}

#[test]
fn a_good_indicator_is_read_whole() {
    let (framework, said) = said(&[FRAMEWORK, ("indicators/cs-14.toml", CS_14)]);
    assert_eq!(said, Vec::<String>::new());
    assert!(framework.incomplete.is_empty());
    let indicator = &framework.indicators["cs-14"];
    assert_eq!(indicator.kind.value, Kind::Proportion);
    let Some(Calculation::Ladder(ladder)) = &indicator.calculation else { panic!("one table") };
    assert!(matches!(&ladder.when, When::Date(field) if field.value == "icpc_date"));
    assert_eq!(ladder.counted.as_ref().unwrap().value, ["child", "icpc_date"]);
    let numerator = &ladder.numerator.as_ref().unwrap().span;
    assert_eq!(&CS_14[numerator.start..numerator.end], "within(icpc)");
    let limit = Limit::Literal(Stretch { length: 15, unit: SpanUnit::WorkingDays });
    assert_eq!(indicator.clocks["icpc"].limit.value, limit);
    let test = &indicator.tests[0];
    assert_eq!(test.records["section_47"][0].fields.len(), 3);
    assert_eq!(test.expect.notes["dates-inverted"].value, 0);
}

#[test]
fn a_misspelt_key_is_one_finding_and_its_value_is_still_read() {
    let said = with("numerator = \"within(icpc)\"", "numertor = \"within(icpc) AND\"");
    assert_eq!(said.len(), 2, "{said:#?}");
    assert_eq!(said[0], "indicators/cs-14.toml:11:1 unknown-key `[calculation]` has no key `numertor`");
    assert!(said[1].starts_with("indicators/cs-14.toml:11:26 bad-predicate"), "{said:#?}");
    assert_eq!(
        with("title =", "titel ="),
        ["indicators/cs-14.toml:2:1 unknown-key an indicator has no key `titel`"]
    );
}

#[test]
fn missing_keys_wrong_types_and_unknown_words_are_told_apart() {
    assert_eq!(
        with("kind = \"proportion\"\n", ""),
        ["indicators/cs-14.toml:1:1 missing-key an indicator needs the key `kind`"]
    );
    assert_eq!(
        with("stop = \"icpc_date\"\n", ""),
        ["indicators/cs-14.toml:13:1 missing-key `[clock.icpc]` needs the key `stop`"]
    );
    assert_eq!(
        with("polarity = \"higher\"", "polarity = 1"),
        ["indicators/cs-14.toml:4:12 wrong-type `polarity` must be text"]
    );
    assert_eq!(
        with("\"proportion\"", "\"propotion\""),
        ["indicators/cs-14.toml:3:9 unknown-word `propotion` is not a word of `kind`"]
    );
    assert_eq!(
        with("15 working days", "15 workdays"),
        ["indicators/cs-14.toml:16:10 bad-time `15 workdays` is not a limit"]
    );
}

#[test]
fn a_key_below_the_wrong_table_is_told_where_it_belongs() {
    assert_eq!(
        with("[[test]]", "[words]\nunit = \"child\"\n\n[[test]]"),
        ["indicators/cs-14.toml:19:1 unknown-key `[words]` has no key `unit`; an indicator has"]
    );
    let said = with(
        "polarity = \"higher\"\ncycle = \"quarter\"\n",
        "cycle = \"quarter\"\n[words]\npolarity = \"higher\"\n",
    );
    assert_eq!(
        said,
        ["indicators/cs-14.toml:6:1 unknown-key `[words]` has no key `polarity`; an indicator has"]
    );
}

#[test]
fn lines_of_other_systems_are_read_alike() {
    let windows = format!("\u{feff}{}", CS_14.replace('\n', "\r\n").replace("\"higher\"", "\"hihger\""));
    let (framework, said) = said(&[FRAMEWORK, ("indicators\\cs-14.toml", &windows)]);
    assert_eq!(said, ["indicators/cs-14.toml:4:13 unknown-word `hihger` is not a word of `polarity`"]);
    assert_eq!(framework.indicators["cs-14"].title.value, "conferences within 15 days");
}

#[test]
fn a_quote_inside_a_quote_is_told_with_its_mend() {
    let file = CS_14.replace("\"within(icpc)\"", "'category = 'NEG''");
    let (_, findings) = read([FRAMEWORK, ("indicators/cs-14.toml", &file)]);
    let findings: Vec<_> = findings.iter().collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].code.as_str(), "quote-ends-string");
    assert_eq!(findings[0].fix.as_ref().unwrap().replacement, "\"category = 'NEG'\"");
    for (written, mended) in [
        ("'category = 'NEG'", "\"category = 'NEG'\""),
        ("'a = 'x' AND b = 'y''  # two", "\"a = 'x' AND b = 'y'\""),
        (r"'a = 'x\y''", r"'''a = 'x\y''''"),
    ] {
        let file = CS_14.replace("\"within(icpc)\"", written);
        let (_, findings) = read([FRAMEWORK, ("indicators/cs-14.toml", &file)]);
        let fix = findings.iter().next().unwrap().fix.clone();
        assert_eq!(fix.unwrap().replacement, mended, "{written}: {findings:?}");
        assert_eq!(findings.len(), 1, "{written}: {findings:?}");
    }
}

#[test]
fn a_broken_line_hides_nothing_else() {
    let file = CS_14.replace("title = ", "title ").replace("\"higher\"", "\"hihger\"");
    let (framework, said) =
        said(&[FRAMEWORK, ("indicators/cs-14.toml", &file), ("lists.toml", "[[list]]\nid = \"a\"\n")]);
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said[0].starts_with("indicators/cs-14.toml:2:"), "{said:#?}");
    assert_eq!(said[1], "indicators/cs-14.toml:4:13 unknown-word `hihger` is not a word of `polarity`");
    assert_eq!(said[2], "lists.toml:1:1 missing-key `[[list]]` needs the key `heading`");
    assert_eq!(framework.incomplete.len(), 2);
}

#[test]
fn a_text_that_is_never_closed_is_shown_where_it_opens() {
    let file = CS_14.replace("\"within(icpc)\"", "'''\n  within(icpc)\n");
    let file = file.replace("15 working days", "15 workdays");
    let (_, said) = said(&[FRAMEWORK, ("indicators/cs-14.toml", &file)]);
    assert_eq!(
        said,
        [
            "indicators/cs-14.toml:11:13 not-toml this is not TOML: a text that is never closed",
            "indicators/cs-14.toml:18:10 bad-time `15 workdays` is not a limit",
        ]
    );
}

#[test]
fn what_is_there_twice_is_shown_at_both_places() {
    let file = CS_14.replace("kind =", "cycle = \"quarter\"\nkind =");
    let (_, findings) = read([FRAMEWORK, ("indicators/cs-14.toml", &file)]);
    let finding = findings.iter().next().unwrap();
    assert_eq!((findings.len(), finding.code.as_str()), (1, "duplicate-key"));
    assert_eq!(&file[finding.others[0].span.start..finding.others[0].span.end], "cycle");

    let lists = "[[list]]\nid = \"a\"\nheading = \"A\"\n[[list]]\nid = \"a\"\nheading = \"B\"\n";
    let (framework, findings) = read([FRAMEWORK, ("lists.toml", lists)]);
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.code.as_str(), "duplicate-id");
    assert_eq!(finding.others[0].span.start, 15, "the first `a`");
    assert_eq!(framework.lists.len(), 1, "the first stands");
}

#[test]
fn files_are_known_by_their_place() {
    let (_, said) = said(&[
        ("board/framework.toml", FRAMEWORK.1),
        ("board/indicators/cs-14.toml", CS_14),
        ("board/indicators/cs-15.toml", CS_14),
        ("board/frameworks.toml", ""),
        ("board/indicators/old/cs-14.toml", CS_14),
    ]);
    assert_eq!(
        said,
        [
            "board/frameworks.toml:1:1 unknown-file `board/frameworks.toml` is not a file of a framework",
            "board/indicators/cs-15.toml:1:7 file-name-is-not-id the file is named `cs-15` and says that its id is `cs-14`",
            "board/indicators/old/cs-14.toml:1:1 unknown-file `board/indicators/old/cs-14.toml` is not a file of a framework",
        ]
    );
    let (_, findings) = read([("lists.toml", "")]);
    assert_eq!(findings.iter().next().unwrap().code.as_str(), "missing-file");
}

#[test]
fn two_totals_and_a_ladder_do_not_mix() {
    let totals = r#"[calculation]
multiplier = 100
[calculation.numerator]
from = "assessment"
when = { date = "authorisation_date" }
where = "$linked OR referral IS NOT NULL"
measure = "count(distinct child, referral)"
[calculation.denominator]
from = "referral"
when = { open = ["a", "b"] }
measure = "sum(f)"
"#;
    let (head, _) = CS_14.split_once("[calculation]").unwrap();
    let (framework, said_of_it) = said(&[FRAMEWORK, ("indicators/cs-14.toml", &format!("{head}{totals}"))]);
    assert_eq!(said_of_it, Vec::<String>::new());
    let Some(Calculation::TwoTotals(read)) = &framework.indicators["cs-14"].calculation else {
        panic!("two totals")
    };
    assert_eq!(read.denominator.measure.value, Measure::Sum("f".to_owned()));
    assert!(read.numerator.filter.is_some());

    let mixed = format!("{head}{}", totals.replace("multiplier", "from = \"referral\"\nmultiplier"));
    let (_, said) = said(&[FRAMEWORK, ("indicators/cs-14.toml", &mixed)]);
    assert_eq!(
        said,
        ["indicators/cs-14.toml:8:1 mixed-calculation `from` belongs to a calculation over one table"]
    );
}
