//! The library's figures for councils that do not exist equal what is true of them.
//!
//! The generator decided the truths before it wrote a record, with a calendar of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Days, Return};
use staysafe::result::{Outcome, Reason, Results};
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Consecutive, Options, Truths, consecutive, council};

/// Which part of a figure a truth is.
#[derive(Clone, Copy)]
enum Part<'a> {
    Value,
    Numerator,
    Denominator,
    /// How many of a category of a distribution.
    Category(&'a str),
}

use Part::{Category, Denominator, Numerator, Value};

/// Indicators and the truths that their figures must equal.
const PAIRS: &[(&str, Part<'static>, &str)] = &[
    ("ctx-referrals", Value, "referrals"),
    ("ctx-re-referrals-12m", Numerator, "re_referrals_12m"),
    ("ctx-re-referrals-12m", Denominator, "referrals"),
    ("ctx-nfa", Numerator, "no_further_action"),
    ("ctx-closures", Value, "closures"),
    ("ctx-cin-open", Value, "children_open"),
    ("ctx-cin-episodes-open", Value, "episodes_open"),
    ("ctx-s47", Value, "section_47s"),
    ("ctx-s47-no-conference", Numerator, "enquiries_without_conference"),
    ("ctx-icpc", Value, "conferences"),
    ("ctx-icpc-without-s47", Value, "conferences_without_s47"),
    ("ctx-conference-dates", Value, "conferences_of_referrals"),
    ("cs-14", Numerator, "conferences_within_15"),
    ("cs-14", Denominator, "conferences_after_s47"),
    ("nsdu-02", Numerator, "conferences_within_15"),
    ("ctx-assessments-authorised", Value, "assessments_authorised"),
    ("ctx-assessment-45", Numerator, "assessments_within_45"),
    ("ctx-assessment-45", Denominator, "assessments_authorised"),
    ("ctx-cin-plans-started", Value, "cin_plans_started"),
    ("ctx-cin-plans-ended", Value, "cin_plans_ended"),
    ("ctx-cin-plans-open", Value, "cin_plans_open"),
    ("rev-04", Value, "plans_started"),
    ("rev-05", Value, "plans_ended"),
    ("ctx-plans-started-children", Value, "plans_started_children"),
    ("ctx-plans-ended-children", Value, "plans_ended_children"),
    ("cs-07", Numerator, "plans_second_or_subsequent"),
    ("cs-07", Denominator, "plans_started"),
    ("cs-06", Numerator, "plans_ended_two_years"),
    ("cs-06", Denominator, "plans_ended"),
    ("ctx-plans-open-episodes", Value, "plans_open"),
    ("cs-15", Value, "children_with_plan_open"),
    ("rev-01", Value, "children_with_plan_open"),
    ("cs-16", Value, "children_with_plan_open_bme"),
    ("rev-02", Category("NEG"), "children_with_plan_open:NEG"),
    ("rev-02", Category("PHY"), "children_with_plan_open:PHY"),
    ("rev-02", Category("SAB"), "children_with_plan_open:SAB"),
    ("rev-02", Category("EMO"), "children_with_plan_open:EMO"),
    ("rev-02", Category("MUL"), "children_with_plan_open:MUL"),
    ("ctx-reviews-held", Value, "reviews_held"),
    ("cs-10", Numerator, "assessments_authorised"),
    ("cs-10", Denominator, "referrals"),
    ("cs-17", Numerator, "children_with_plan_open_bme"),
    ("cs-17", Denominator, "children_with_plan_open_ethnicity_known"),
    ("ctx-disability", Numerator, "children_open_disabled"),
    ("ctx-disability", Denominator, "children_open_disability_known"),
    ("ctx-factor-domestic-abuse", Numerator, "assessments_domestic_abuse"),
    ("ctx-factor-domestic-abuse", Denominator, "assessments_authorised"),
    ("ctx-factor-exploitation", Numerator, "assessments_exploitation"),
    ("ctx-factor-exploitation", Denominator, "assessments_authorised"),
    ("ctx-factor-parental-mental-health", Numerator, "assessments_parental_mental_health"),
    ("ctx-factor-parental-mental-health", Denominator, "assessments_authorised"),
    ("ctx-factor-substances", Numerator, "assessments_substances"),
    ("ctx-factor-substances", Denominator, "assessments_authorised"),
    ("ctx-referrals-assessed", Numerator, "referrals_assessed"),
    ("ctx-referrals-assessed", Denominator, "referrals"),
];

/// Distributions, and how the truths of their categories begin.
const DISTRIBUTIONS: &[(&str, &str)] = &[
    ("ctx-factors", "factor:"),
    ("ctx-primary-need", "referrals_of_need:"),
    ("ctx-referral-source", "referrals_from:"),
];

/// Truths without an indicator that says them outright.
const UNPAIRED: &[&str] = &["children_with_plan_open_ethnicity_unknown"];

/// The pairs, and those of each category of the distributions.
fn pairs(truths: &Truths) -> Vec<(&str, Part<'_>, &str)> {
    let of = |(id, begins): &(&'static str, &'static str)| {
        let (id, begins) = (*id, *begins);
        truths.names().filter_map(move |name| Some((id, Category(name.strip_prefix(begins)?), name)))
    };
    PAIRS.iter().copied().chain(DISTRIBUTIONS.iter().flat_map(of)).collect()
}

fn framework() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let (checked, findings) = check(framework);
    checked.unwrap_or_else(|| panic!("the shipped framework does not check: {findings:?}"))
}

fn census(options: &Options) -> (Data, Truths) {
    let mut file = Vec::new();
    let truths = council(options, &mut file).unwrap();
    let read = read_census("council.xml", &file[..], &ReadOptions::default()).unwrap();
    assert_eq!(read.rejects, [], "a census by the rules has nothing to reject");
    assert!(read.account.is_complete());
    (Data { returns: vec![read.data] }, truths)
}

fn figures(checked: &Checked, data: &Data, truths: &Truths) -> Results {
    let distributions = DISTRIBUTIONS.iter().map(|(id, _)| *id);
    let mut indicators: Vec<String> =
        PAIRS.iter().map(|(id, ..)| *id).chain(distributions).map(str::to_owned).collect();
    indicators.sort();
    indicators.dedup();
    let periods = truths.periods().map(|label| label.parse().unwrap()).collect();
    let request = Request { indicators, periods, ..Request::default() };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, data).unwrap())
}

/// Every figure that differs from what is true, in words.
fn differences(results: &Results, truths: &Truths) -> Vec<String> {
    let mut found: BTreeMap<(&str, &str, String), &Outcome> = BTreeMap::new();
    for observation in &results.observations {
        let category = observation.category.as_deref().unwrap_or("");
        let key = (observation.indicator.as_str(), category, observation.period.to_string());
        found.insert(key, &observation.cell.outcome);
    }
    let mut differences = Vec::new();
    for period in truths.periods() {
        for (indicator, part, name) in pairs(truths) {
            let category = if let Category(category) = part { category } else { "" };
            let outcome = found.get(&(indicator, category, period.to_owned()));
            let figure = match outcome {
                Some(Outcome::Figure { value, numerator, denominator }) => match part {
                    Value => Some(*value),
                    Numerator | Category(_) => *numerator,
                    Denominator => *denominator,
                },
                // Of nothing no share can be had, and both its counts are 0.
                Some(Outcome::Absent(Reason::Undefined)) if matches!(part, Numerator | Denominator) => {
                    Some(0u64.into())
                }
                _ => None,
            };
            let truth = truths.get(name, period);
            if figure.and_then(|figure| figure.whole()) != Some(i128::from(truth)) {
                differences
                    .push(format!("{period} {indicator} {category}: {truth} {name}, found {outcome:?}"));
            }
        }
    }
    differences
}

#[test]
fn figures_equal_what_is_true_whatever_the_seed() {
    let checked = framework();
    for (seed, children, year) in [(1, 700, 2026), (2, 500, 2024), (3, 400, 2021)] {
        let (data, truths) = census(&Options { children, seed, year, ..Options::default() });
        let results = figures(&checked, &data, &truths);
        let differences = differences(&results, &truths);
        // A census before 2022 does not ask for child in need plans, and so does not carry them.
        let differences: Vec<String> = differences
            .into_iter()
            .filter(|difference| {
                year >= 2022 || !difference.contains("cin-plans") || !difference.contains("NotReported")
            })
            .collect();
        assert!(differences.is_empty(), "seed {seed}, {year}:\n{}", differences.join("\n"));
    }
}

#[test]
fn the_comparison_sees_a_false_figure() {
    let checked = framework();
    let (data, mine) = census(&Options { children: 400, ..Options::default() });
    let (_, of_others) = census(&Options { children: 400, seed: 2, ..Options::default() });
    let differences = differences(&figures(&checked, &data, &mine), &of_others);
    assert!(differences.len() > 100, "another council's truths are not this one's: {}", differences.len());
}

#[test]
fn every_truth_is_compared_and_none_is_empty() {
    let (_, truths) = census(&Options { children: 3_000, ..Options::default() });
    for name in truths.names() {
        let paired = pairs(&truths).iter().any(|(_, _, truth)| *truth == name) || UNPAIRED.contains(&name);
        assert!(paired, "no indicator is held to {name}");
        assert!(truths.get(name, "2025-26") > 0, "{name} is 0 in the year, so that it proves nothing");
    }
}

fn census_of(name: &str, file: &[u8]) -> Return {
    let read = read_census(name, file, &ReadOptions::default()).unwrap();
    assert_eq!(read.rejects, [], "a census by the rules has nothing to reject");
    read.data
}

/// The file of all years, which its header says is of the last only.
fn whole(made: &Consecutive, first: &str) -> Data {
    let mut whole = census_of("whole.xml", &made.whole);
    let days = Days { first: first.parse().unwrap(), last: whole.reference_date.unwrap() };
    for table in whole.tables.values_mut() {
        table.cover = Cover::all(days);
    }
    Data { returns: vec![whole] }
}

/// Every indicator that is calculated from a census, not only those that a truth is known of.
fn every_figure(checked: &Checked, data: &Data, truths: &Truths) -> Results {
    let periods = truths.periods().map(|label| label.parse().unwrap()).collect();
    let plan = plan(checked, &Request { periods, ..Request::default() }).unwrap();
    finish(checked, &calculate(checked, &plan, data).unwrap())
}

#[test]
fn consecutive_censuses_are_true_and_equal_one_long_extract() {
    let checked = framework();
    for (seed, year, years, first) in [(1, 2025, 2, "2023-04-01"), (2, 2025, 3, "2022-04-01")] {
        let options = Options { children: 1_200, seed, year, ..Options::default() };
        let made = consecutive(&options, years).unwrap();
        let mut returns: Vec<Return> = made
            .censuses
            .iter()
            .zip(1..)
            .map(|(census, number)| census_of(&format!("census-{number}.xml"), census))
            .collect();
        assert_eq!(returns.len(), usize::try_from(years).unwrap());
        let joined = every_figure(&checked, &Data { returns: returns.clone() }, &made.truths);
        let differences = differences(&joined, &made.truths);
        assert!(differences.is_empty(), "{years} years to {year}:\n{}", differences.join("\n"));
        let long = every_figure(&checked, &whole(&made, first), &made.truths);
        for (found, expected) in joined.observations.iter().zip(&long.observations) {
            assert_eq!(found, expected);
        }
        assert_eq!(joined.observations.len(), long.observations.len());
        let revised: u64 = joined.made_of.joined.iter().map(|table| table.revised).sum();
        let vanished: u64 = joined.made_of.joined.iter().map(|table| table.vanished).sum();
        assert!(revised > 50, "cases that ran on were revised: {revised}");
        assert_eq!(vanished, 0, "a council that forgets nothing");
        returns.rotate_left(1);
        returns.push(returns[0].clone());
        let turned = every_figure(&checked, &Data { returns }, &made.truths);
        assert_eq!(turned.observations, joined.observations, "neither order nor a file given twice matters");
    }
}

#[test]
fn two_councils_with_the_same_children_are_two() {
    let checked = framework();
    let of = |lea: &str| {
        let options = Options { children: 500, year: 2025, lea: lea.to_owned(), ..Options::default() };
        consecutive(&options, 2).unwrap()
    };
    let (one, other) = (of("201"), of("202"));
    let censuses = one.censuses.iter().chain(&other.censuses);
    let returns: Vec<Return> =
        censuses.zip(1..).map(|(census, number)| census_of(&format!("{number}.xml"), census)).collect();
    let apart = every_figure(&checked, &Data { returns: returns[..2].to_vec() }, &one.truths);
    let both = every_figure(&checked, &Data { returns }, &one.truths);
    let area = &apart.observations[0].area;
    let mine: Vec<_> = both.observations.iter().filter(|seen| seen.area == *area).cloned().collect();
    assert_eq!(mine, apart.observations, "another council's children with the same numbers change nothing");
}
