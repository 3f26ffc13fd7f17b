//! The page about predicates says what the parser does.

use super::good;
use crate::definition::predicate::cursor::RESERVED;

const PAGE: &str = include_str!("../../../../../../docs/predicates.md");

/// The page's examples: in blocks marked `predicate`, with an empty line between two.
fn examples() -> Vec<&'static str> {
    let blocks = PAGE.split("```predicate\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(|block| block.split("\n\n")).map(str::trim).filter(|text| !text.is_empty()).collect()
}

#[test]
fn each_example_is_read() {
    assert!(examples().len() > 20, "{} examples", examples().len());
    for example in examples() {
        good(example);
    }
}

#[test]
fn each_function_and_question_has_an_example() {
    let read: Vec<String> = examples().into_iter().map(|example| good(example).to_string()).collect();
    // The first cells of the tables of functions and of questions.
    let section = PAGE.split("## Functions").nth(1).unwrap().split("## Canonical form").next().unwrap();
    let names: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('(').next())
        .chain(["min", "max", "last", "sum"])
        .collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(read.iter().any(|text| text.contains(&format!("{name}("))), "{name} has no example");
    }
}

#[test]
fn the_reserved_words_are_those_listed() {
    let listed = PAGE.split("never a field by themselves: `").nth(1).unwrap().split('`').next().unwrap();
    let mut listed: Vec<&str> = listed.split_whitespace().collect();
    let mut reserved = RESERVED.to_vec();
    listed.sort_unstable();
    reserved.sort_unstable();
    assert_eq!(listed, reserved);
}

/// The truth table that calculation is held to, line by line.
const TRUTH: &str = include_str!("../../../../../../docs/truth.tsv");

#[test]
fn the_truth_table_of_the_page_is_the_one_that_is_tested() {
    let line = |asked: &str| {
        let found = TRUTH.lines().filter_map(|line| line.split_once('\t')).find(|(line, _)| *line == asked);
        found.unwrap_or_else(|| panic!("no line for {asked}")).1
    };
    let word = |word: &str| match word {
        "true" => "t",
        "false" => "f",
        "unknown" => "blank",
        other => panic!("{other}"),
    };
    let section = PAGE.split("| a | b | a AND b |").nth(1).unwrap().split("This is Kleene").next().unwrap();
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|row| row.starts_with("| ") && !row.starts_with("| a"))
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let [a, b, and, or, not] = row[..] else { panic!("{row:?}") };
        let (left, right) = (word(a), word(b));
        assert_eq!(line(&format!("{left} AND {right}")), and, "{row:?}");
        assert_eq!(line(&format!("{right} AND {left}")), and, "{row:?}");
        assert_eq!(line(&format!("{left} OR {right}")), or, "{row:?}");
        assert_eq!(line(&format!("{right} OR {left}")), or, "{row:?}");
        assert_eq!(line(&format!("NOT {left}")), not, "{row:?}");
    }
}
