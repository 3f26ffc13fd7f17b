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
