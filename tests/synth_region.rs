//! Every figure that the files of a region can tell equals what is true of its councils: quarters, financial years
//! and rolling years, from the censuses, the looked-after returns and the registers.
//!
//! The generator decided the truths before it wrote a row, with a calendar of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod council;

use std::collections::{BTreeMap, BTreeSet};

use staysafe::calculate::{calculate, finish};
use staysafe::check::Checked;
use staysafe::plan::{Request, plan};
use staysafe::result::{Outcome, Reason, Results};
use staysafe::value::Exact;
use staysafe_synth::Region;

use council::{Made, Truth};

/// What is compared of a figure: the count, or the counts above and below the line.
fn counts(outcome: &Outcome, truth: &Truth) -> Option<(Exact, Option<Exact>)> {
    let Outcome::Figure { value, numerator, denominator } = outcome else { return None };
    match (truth.denominator.as_str(), truth.category.as_str()) {
        ("", "") => Some((*value, None)),
        ("", _) => Some(((*numerator)?, None)),
        _ => Some(((*numerator)?, Some((*denominator)?))),
    }
}

fn exact(text: &str) -> Exact {
    let digits: i128 = text.replace('.', "").parse().unwrap();
    Exact::new(digits, if text.contains('.') { 100 } else { 1 }).unwrap()
}

fn figures(checked: &Checked, made: &Made) -> Results {
    let mut indicators: Vec<String> = made.truths.iter().map(|truth| truth.indicator.clone()).collect();
    indicators.sort();
    indicators.dedup();
    let labels: BTreeSet<&str> = made.truths.iter().map(|truth| truth.period.as_str()).collect();
    let periods = labels.into_iter().map(|label| label.parse().unwrap()).collect();
    let request = Request { indicators, periods, ..Request::default() };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, &made.data).unwrap())
}

/// Every truth that its figure does not equal, in words.
fn differences(results: &Results, made: &Made) -> Vec<String> {
    let mut found: BTreeMap<[String; 4], &Outcome> = BTreeMap::new();
    for seen in &results.observations {
        let category = seen.category.as_deref().unwrap_or("").to_owned();
        found.insert(
            [seen.indicator.clone(), category, seen.area.clone(), seen.period.to_string()],
            &seen.cell.outcome,
        );
    }
    let mut differences = Vec::new();
    for truth in &made.truths {
        let key = [&truth.indicator, &truth.category, &truth.area, &truth.period].map(Clone::clone);
        let outcome = found.get(&key);
        let seen = outcome.and_then(|outcome| counts(outcome, truth));
        let below = (!truth.denominator.is_empty()).then(|| exact(&truth.denominator));
        // A share of nothing is no figure, and says so.
        let is_undefined = matches!(outcome, Some(Outcome::Absent(Reason::Undefined)));
        if truth.denominator == "0" && truth.numerator == "0" && is_undefined {
            continue;
        }
        if seen != Some((exact(&truth.numerator), below)) {
            differences.push(format!("{truth:?}: found {seen:?} {outcome:?}"));
        }
    }
    differences
}

#[test]
fn every_figure_of_a_region_equals_what_is_true() {
    let checked = council::framework();
    // Of 2011 to 2013 there are registers only, among them initial and core assessments.
    for (seed, children, year, areas) in
        [(1, 360, 2026, vec!["887", "805"]), (2, 500, 2025, vec!["999"]), (3, 400, 2013, vec!["805"])]
    {
        let areas = areas.into_iter().map(str::to_owned).collect();
        let secure = vec!["887".to_owned()];
        let made = council::made(&checked, &Region { children, seed, year, years: 3, areas, secure });
        let differences = differences(&figures(&checked, &made), &made);
        let (wrong, all) = (differences.len(), made.truths.len());
        let some = differences[..wrong.min(40)].join("\n");
        assert!(all > 400 && wrong == 0, "seed {seed}: {wrong} of {all}\n{some}");
    }
}

#[test]
fn the_comparison_sees_a_false_figure_and_no_truth_is_empty() {
    let checked = council::framework();
    let of = |seed| council::made(&checked, &Region { children: 1_200, seed, ..Region::default() });
    let (mine, others) = (of(3), of(4));
    let results = figures(&checked, &mine);
    let false_ones = differences(&results, &Made { truths: others.truths, ..mine.clone() });
    assert!(false_ones.len() > mine.truths.len() / 4, "another council's truths are not this one's");
    let mut most: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for truth in &mine.truths {
        let counted: u64 = truth.numerator.replace('.', "").parse().unwrap();
        let most = most.entry((&truth.indicator, &truth.category)).or_default();
        *most = counted.max(*most);
    }
    let empty: Vec<_> = most.into_iter().filter(|(_, most)| *most == 0).collect();
    assert!(empty.is_empty(), "0 in every period proves nothing: {empty:?}");
}
