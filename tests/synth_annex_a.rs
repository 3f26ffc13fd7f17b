//! The lists of an inspection say of the synthetic council what its census and its looked-after return say: every figure that they
//! tell is true, and every measure that they feed has one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod council;

use std::collections::{BTreeMap, BTreeSet};

use staysafe::calculate::{calculate, finish};
use staysafe::check::Checked;
use staysafe::plan::{Request, plan};
use staysafe::record::Reject;
use staysafe::result::{Flag, Outcome, Results};
use staysafe_synth::Region;

use council::{Made, Truth};

/// Measures that lists feed whole.
const FED: [&str; 26] = [
    "cs-06",
    "cs-07",
    "cs-10",
    "cs-14",
    "cs-15",
    "cs-16",
    "cs-17",
    "cs-20",
    "ctx-assessments-authorised",
    "ctx-icpc",
    "ctx-looked-after-ceased",
    "ctx-looked-after-legal-status",
    "ctx-looked-after-started",
    "ctx-nfa",
    "ctx-plans-ended-children",
    "ctx-plans-open-episodes",
    "ctx-plans-started-children",
    "ctx-referral-source",
    "ctx-referrals",
    "ctx-s47",
    "ctx-s47-no-conference",
    "nsdu-02",
    "rev-01",
    "rev-02",
    "rev-04",
    "rev-05",
];

fn figures(checked: &Checked, made: &Made) -> Results {
    let labels: BTreeSet<&str> = made.truths.iter().map(|truth| truth.period.as_str()).collect();
    let periods = labels.into_iter().map(|label| label.parse().unwrap()).collect();
    let plan = plan(checked, &Request { periods, ..Request::default() }).unwrap();
    finish(checked, &calculate(checked, &plan, &made.data).unwrap())
}

/// For each measure how many whole figures it has; and those that are not true.
fn held_to_truths(results: &Results, made: &Made) -> (BTreeMap<String, u64>, Vec<String>) {
    let key =
        |truth: &Truth| [&truth.indicator, &truth.category, &truth.area, &truth.period].map(Clone::clone);
    let truths: BTreeMap<[String; 4], &Truth> = made.truths.iter().map(|truth| (key(truth), truth)).collect();
    let (mut told, mut wrong): (BTreeMap<String, u64>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for seen in &results.observations {
        let Outcome::Figure { value, numerator, denominator } = &seen.cell.outcome else { continue };
        if seen.cell.flags.contains(&Flag::PartlyCovered) {
            continue;
        }
        let category = seen.category.as_deref().unwrap_or_default().to_owned();
        let Some(truth) = truths.get(&[
            seen.indicator.to_string(),
            category,
            seen.area.to_string(),
            seen.period.to_string(),
        ]) else {
            continue;
        };
        let above = numerator.unwrap_or(*value).to_string();
        let below = denominator.filter(|_| !truth.denominator.is_empty());
        let below = below.map(|below| below.to_string()).unwrap_or_default();
        if (&above, &below) != (&truth.numerator, &truth.denominator) {
            wrong.push(format!("{truth:?}: found {above} of {below}"));
        }
        *told.entry(seen.indicator.to_string()).or_default() += 1;
    }
    (told, wrong)
}

#[test]
fn every_figure_of_the_lists_is_that_of_the_returns() {
    let checked = council::framework();
    for (seed, children, year) in [(1, 400, 2026), (2, 600, 2024)] {
        let areas = vec!["887".to_owned(), "805".to_owned()];
        let region = Region { children, seed, year, areas, annex_a: true, ..Region::default() };
        let (made, _) = council::made_of_lists(&checked, &region);
        // A list holds whole cases, and so days of before those it tells of.
        let odd = made.rejects.iter().filter(|reject| reject.code != "outside-period");
        assert_eq!(odd.count(), 0, "lists by the rules have nothing to reject: {:?}", made.rejects);
        let (told, wrong) = held_to_truths(&figures(&checked, &made), &made);
        assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
        let silent: Vec<&&str> = FED.iter().filter(|id| !told.contains_key(**id)).collect();
        assert!(silent.is_empty(), "seed {seed}: no figure of {silent:?}, only {told:?}");
        // Two quarters of two councils: what lies before is not told.
        assert_eq!(told["ctx-referrals"], 4, "{told:?}");
        assert!(!told.contains_key("cs-04"), "the latest placement is not the placements: {told:?}");
    }
}

#[test]
fn another_council_s_lists_are_found_out() {
    let checked = council::framework();
    let of = |seed| {
        let region = Region { children: 400, seed, annex_a: true, ..Region::default() };
        council::made_of_lists(&checked, &region).0
    };
    let (mine, other) = (of(3), of(4));
    let results = figures(&checked, &mine);
    let (told, wrong) = held_to_truths(&results, &Made { truths: other.truths, ..mine });
    let all: u64 = told.values().sum();
    assert!(wrong.len() as u64 * 3 > all, "{} of {all}", wrong.len());
}

#[test]
fn planted_faults_are_found_in_their_lines_and_change_no_figure() {
    let checked = council::framework();
    let faults = 3;
    let region = Region { children: 300, seed: 6, faults, annex_a: true, ..Region::default() };
    let (made, _) = council::made_of_lists(&checked, &region);
    let (told, wrong) = held_to_truths(&figures(&checked, &made), &made);
    assert!(wrong.is_empty() && told.len() >= FED.len(), "{}", wrong.join("\n"));
    let mut planted: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for line in made.faults.lines().filter(|line| line.contains("/annex-a/")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, _, line, column] = cells[..] else { panic!("{line}") };
        let code = match kind {
            "duplicate key, identical" => "duplicate-row",
            "duplicate key, contradictory" => "rows-alike",
            "unmapped code" => "unknown-code",
            "date in wrong order" | "date outside the calendar" => "bad-date",
            "missing value" => "no-value",
            "end before start" => "dates-inverted",
            other => panic!("a kind of fault that no test knows: {other}"),
        };
        let found = planted.entry((code, column)).or_insert((line.parse().unwrap(), 0));
        found.1 += 1;
    }
    let all: u64 = planted.values().map(|(_, times)| times).sum();
    assert_eq!(all, 7 * faults, "seven kinds: {planted:?}");
    for ((code, column), (line, times)) in &planted {
        // A row without a child is lost to both datasets that the list makes, and told once, under the list's heading.
        let named = format!("{column} of List ");
        let is_it = |reject: &&Reject| {
            let is_of_rows = matches!(*code, "duplicate-row" | "rows-alike");
            reject.code == *code && (is_of_rows || reject.element.starts_with(&named))
        };
        let seen: Vec<_> = made.rejects.iter().filter(is_it).collect();
        assert_eq!(
            seen.iter().map(|reject| reject.times).sum::<u64>(),
            *times,
            "{code} {column}: {:#?}",
            made.rejects
        );
        assert!(seen.iter().any(|reject| reject.line == Some(*line)), "line {line}: {seen:?}");
    }
}
