//! Candidates for priorities, and what priorities select.

use super::*;
use crate::definition::board::Priority;
use crate::published::{Compared, Level, Place, Told};
use crate::result::{Cell, Coverage, Flags, Interval, Method, Observation, Outcome, Statistic};
use crate::value::{Exact, Names, Number, Supplied};

fn of(id: &str, period: &str, value: i64, (lower, upper): (i64, i64)) -> Observation {
    Observation {
        indicator: id.into(),
        statistic: Statistic::Count,
        category: None,
        area: "E06000001".into(),
        by: Names::new(),
        period: period.parse().unwrap(),
        shown: crate::period::Shown::default(),
        cell: Cell {
            outcome: Outcome::Figure { value: value.into(), numerator: None, denominator: None },
            interval: Interval::Limits { lower: lower.into(), upper: upper.into(), method: Method::Byar },
            coverage: Coverage::default(),
            flags: Flags::default(),
            notes: BTreeMap::default(),
        },
    }
}

fn with_target() -> Checked {
    let (path, text) = indicator("b", "yjb", "restraint", "'date'");
    let target = "[[target]]\nvalue = '25'\nset_by = 'the Board'\n\
                  [[target]]\nvalue = '5'\nfrom = 2030-01-01\n";
    checked(&[indicator("a", "police", "crime", "'date', 'victim_age'"), (path, format!("{text}{target}"))])
}

fn england(value: i64, period: &str) -> Compared {
    Compared {
        indicator: "b".to_owned(),
        place: Place {
            level: Level::National,
            code: None,
            other_code: None,
            name: "England".to_owned(),
            region: None,
        },
        period: Some(Told { text: period.to_owned(), period: period.parse().ok() }),
        value: Supplied::Number(Number { value: Exact::from(value), places: 0, percent: false }),
        numerator: None,
        denominator: None,
        note: "of all ages".to_owned(),
        source: "A table".to_owned(),
        line: 2,
    }
}

fn priority(indicators: &[&str], needs: &[&str]) -> Priority {
    Priority {
        id: "p".to_owned(),
        words: "Safe in custody".to_owned(),
        owner: "A. Name".to_owned(),
        from: day("2010-04-01"),
        to: None,
        indicators: indicators.iter().map(|id| (*id).to_owned()).collect(),
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
    }
}

fn kinds(candidates: &[Candidate]) -> Vec<(&str, Vec<&str>)> {
    candidates
        .iter()
        .map(|one| (one.id.as_str(), one.evidence.iter().map(Evidence::kind).collect()))
        .collect()
}

#[test]
fn what_moved_most_comes_first_and_what_cannot_be_seen_last() {
    let checked = with_target();
    let framework = checked.framework();
    let seen = [
        of("a", "2010-11 Q1", 10, (5, 15)),
        of("a", "2010-11 Q2", 40, (30, 50)),
        of("b", "2010-11 Q1", 10, (5, 15)),
        of("b", "2010-11 Q2", 30, (26, 39)),
    ];
    let found = candidates(
        framework,
        &seen,
        &gaps(&checked),
        &[england(26, "2010-11 Q2"), england(25, "2010-11 Q2"), england(1, "2009-10")],
        &[],
    );
    let figures: Vec<_> = kinds(&found)[..2].to_vec();
    assert_eq!(
        figures,
        [
            ("b", vec!["got worse", "beyond its target", "beyond the country's figure"]),
            ("a", vec!["got worse"]),
        ],
        "26 is inside the interval, and last year's figure stands beside another period"
    );
    assert_eq!(found[0].evidence[0].words(), "10 in 2010-11 Q1, now 30 in 2010-11 Q2");
    assert_eq!(found[0].evidence[1].words(), "30 in 2010-11 Q2; the target is 25, set by the Board");
    assert_eq!(found[0].evidence[2].words(), "30 in 2010-11 Q2; England 25 (of all ages). A table");
    assert!(kinds(&found)[2..].iter().all(|(_, kinds)| kinds == &["cannot be seen"]));
    let told = candidates_told(&found);
    assert!(told.starts_with("1. b: Title of b\n   got worse, E06000001: 10 in 2010-11 Q1"), "{told}");
}

#[test]
fn of_two_that_got_worse_the_one_that_moved_more_comes_first() {
    let checked = two();
    let seen = [
        of("a", "2010-11 Q1", 10, (8, 12)),
        of("a", "2010-11 Q2", 20, (15, 25)),
        of("b", "2010-11 Q1", 10, (8, 12)),
        of("b", "2010-11 Q2", 30, (15, 45)),
    ];
    let found = candidates(checked.framework(), &seen, &gaps(&checked), &[], &[]);
    assert_eq!([&*found[0].id, &*found[1].id], ["b", "a"]);
    // A move from nothing has no number and comes before any that has one.
    let from_nothing = [of("a", "2010-11 Q1", 0, (0, 1)), seen[1].clone(), seen[2].clone(), seen[3].clone()];
    let found = candidates(checked.framework(), &from_nothing, &gaps(&checked), &[], &[]);
    assert_eq!([&*found[0].id, &*found[1].id], ["a", "b"]);
}

#[test]
fn what_is_within_chance_or_got_better_is_no_candidate() {
    let checked = two();
    let seen = [
        of("a", "2010-11 Q1", 10, (5, 15)),
        of("a", "2010-11 Q2", 14, (9, 19)),
        of("b", "2010-11 Q1", 40, (30, 50)),
        of("b", "2010-11 Q2", 10, (5, 15)),
    ];
    let found = candidates(checked.framework(), &seen, &gaps(&checked), &[], &[]);
    assert!(found.iter().all(|one| matches!(one.evidence[..], [Evidence::Unseen { .. }])), "{found:#?}");
    let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["crime", "document", "restraint"]);
}

#[test]
fn what_a_priority_holds_already_says_so_and_is_not_drafted_again() {
    let checked = two();
    let held = [priority(&["a"], &[])];
    let found = candidates(checked.framework(), &[], &gaps(&checked), &[], &held);
    let crime = found.iter().find(|one| one.id == "crime").unwrap();
    assert_eq!(crime.covered_by, ["p"]);
    let text = drafted(&found);
    assert!(!text.contains("crime") && text.contains("# id = \"restraint\""), "{text}");
    // A draft is a comment until somebody takes it; then it is read.
    assert!(read_board([("priorities.toml", &text)], checked.framework()).1.is_empty());
    let block = text.split("\n\n").find(|block| block.contains("restraint")).unwrap();
    let taken: String = block
        .lines()
        .filter(|line| !line.contains("cannot be seen"))
        .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
        .collect();
    let taken = taken.replace("owner = \"\"", "owner = \"A\"").replace("from = ", "from = 2010-10-01");
    let (board, found) = read_board([("priorities.toml", &taken)], checked.framework());
    assert!(found.is_empty(), "{found:#?}\n{taken}");
    assert_eq!(board.priorities[0].indicators, ["b"]);
}

#[test]
fn priorities_select_indicators_and_say_what_nobody_has_an_indicator_for() {
    let checked = two();
    let held = [
        priority(&["a", "b"], &["Title of a, and more of it", "how children feel about school"]),
        Priority { id: "over".to_owned(), to: Some(day("2010-05-01")), ..priority(&["doc"], &["x"]) },
    ];
    let selected = select(&checked, &held, day("2010-07-01"));
    assert_eq!(selected.indicators.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(selected.not_selected, ["doc"]);
    let near: Vec<Vec<&str>> = selected
        .needs
        .iter()
        .map(|need| need.near.iter().map(|near| near.second.as_str()).collect())
        .collect();
    assert_eq!(near.len(), 2, "a priority that is over needs nothing");
    assert!(near[1].is_empty());
    let crime = &selected.requirements[0];
    assert_eq!((crime.dataset.as_str(), crime.holder.as_deref()), ("crime", Some("Police")));
    assert_eq!(crime.fields.iter().collect::<Vec<_>>(), ["date", "victim_age"]);
    let told = selected.told();
    assert!(
        told.contains("  p: how children feel about school\n    nobody has an indicator for it\n"),
        "{told}"
    );
}
