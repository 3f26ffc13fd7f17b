//! The page of mutants: every slip has an example, and each example is a mutant that is made.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::diagnostic::{Format, render};
use staysafe::verify::mutate::{Mutated, Slip, Subject, mutate, subjects};

fn page() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/mutation.md");
    std::fs::read_to_string(path).unwrap()
}

/// The files on the page, by the path in their first line.
fn files() -> BTreeMap<String, String> {
    let page = page();
    let blocks = page.split("```toml\n# ").skip(1).map(|block| block.split("\n```").next().unwrap());
    blocks
        .map(|block| block.split_once('\n').unwrap())
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn checked(files: BTreeMap<String, String>) -> Checked {
    let (framework, mut findings) = read(files);
    let sources = framework.files.clone();
    let (checked, more) = check(framework);
    findings.extend(more);
    checked.unwrap_or_else(|| panic!("{}", render(&findings, &sources, Format::Full)))
}

fn plans(tail: &str) -> Subject {
    let mut files = files();
    files.get_mut("indicators/plans.toml").unwrap().push_str(tail);
    mutate(&checked(files), "plans").unwrap()
}

#[test]
fn every_slip_has_an_example_and_every_example_is_made() {
    let made: BTreeSet<(String, String)> =
        plans("").survivors.into_iter().map(|one| (one.slip.to_string(), one.mutant)).collect();
    let page = page();
    let rows =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix("` |")?.split_once("` | `"));
    let shown: BTreeSet<(String, String)> =
        rows.map(|(slip, mutant)| (slip.to_owned(), mutant.to_owned())).collect();
    for row in &shown {
        let of_kind: Vec<_> = made.iter().filter(|(slip, _)| *slip == row.0).collect();
        assert!(made.contains(row), "{row:?} is not made; of its kind are {of_kind:#?}");
    }
    for slip in Slip::ALL {
        assert!(shown.iter().any(|(shown, _)| shown == slip.as_str()), "{slip} has an example");
    }
}

#[test]
fn names_are_different_and_the_list_is_the_same_every_time() {
    let first = plans("");
    let names: BTreeSet<&str> = first.survivors.iter().map(|one| one.mutant.as_str()).collect();
    assert_eq!(names.len(), first.survivors.len());
    assert_eq!(first, plans(""));
}

#[test]
fn a_test_kills_what_it_tells_apart_and_the_totals_add_up() {
    let before = plans("");
    let after = plans(
        r#"
[[test]]
name    = "open on the last day"
period  = "2010-11 Q1"
records.plan = [{ child = "a", number = 1, start = 2010-06-30, ended = 2010-07-01, category = "NEG", before = 1 }]
expect  = { denominator = 1 }
"#,
    );
    assert_eq!((before.killed, after.tests), (0, 1));
    assert_eq!(after.counted(), before.counted(), "the same mutants, whatever became of them");
    let survives = |subject: &Subject, name: &str| subject.survivors.iter().any(|one| one.mutant == name);
    let boundary = "population: start <= period_last_day -> start < period_last_day";
    assert!(survives(&before, boundary) && !survives(&after, boundary));
    assert!(after.killed > 0 && !after.reaches(100) && after.reaches(1));
}

#[test]
fn an_argued_mutant_counts_no_longer_and_must_be_exact() {
    let argue = |mutant: &str| format!("\n[[equivalent]]\nmutant = \"{mutant}\"\nbecause = \"…\"\n");
    let argued = plans(&argue("population: -> TRUE"));
    assert_eq!((argued.argued, argued.counted()), (1, plans("").counted() - 1));
    assert!(argued.stale.is_empty());

    let stale = plans(&argue("population: -> TRU"));
    assert_eq!(stale.argued, 0);
    let found = stale.stale.iter().next().unwrap();
    assert_eq!(found.code.as_str(), "stale-equivalent");
    assert_eq!(found.help.as_deref(), Some("did you mean \"population: -> TRUE\"?"));
}

#[test]
fn where_tests_fail_already_nothing_is_tried() {
    let failing = plans(
        "\n[[test]]\nname = \"wrong\"\nperiod = \"2010-11 Q1\"\nrecords.plan = []\nexpect = { denominator = 7 }\n",
    );
    assert_eq!((failing.failing, failing.counted()), (1, 0));
    assert!(!failing.reaches(0));
    assert!(
        Mutated { definitions: vec![failing] }
            .to_text()
            .starts_with("plans: not tried, for its tests fail as it is\n")
    );
}

#[test]
fn every_definition_with_a_calculation_and_every_derived_table_is_a_subject() {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    let checked = check(framework).0.unwrap();
    let subjects = subjects(&checked);
    for id in checked.framework().derived.keys() {
        assert!(subjects.contains(id), "{id}");
    }
    for (id, indicator) in checked.indicators() {
        let own = checked.definition(id).unwrap().same_calculation_as.is_none();
        assert_eq!(subjects.contains(id), own && indicator.is_computable(), "{id}");
    }
}
