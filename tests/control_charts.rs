//! Control charts and run charts against reference vectors that the established R packages made
//! (`../shared/reference/vectors`). Each quirk of those tools that is not followed is named where it is met.
#![allow(clippy::unwrap_used)]

mod common;

use common::shared;
use serde_json::Value;
use staysafe::stats::{Direction, Improvement, RuleSet, Targets, XmrOptions, XmrPoint, run_chart, xmr};

fn series(test: &str, file: &str) -> Option<Vec<Value>> {
    let path = shared(test, &format!("reference/vectors/{file}"))?;
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let series = json["series"].as_array().unwrap().clone();
    assert!(series.len() > 20, "{file} holds many series");
    Some(series)
}

fn close(ours: Option<f64>, theirs: &Value, what: &str) {
    match (ours, theirs.as_f64()) {
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-12, "{what}: {ours} is not {theirs}");
        }
        (ours, theirs) => assert_eq!(ours, theirs, "{what}"),
    }
}

fn values(series: &Value) -> Vec<Option<f64>> {
    series["values"].as_array().unwrap().iter().map(Value::as_f64).collect()
}

fn options(series: &Value) -> XmrOptions {
    let options = &series["options"];
    let dates: Vec<_> = series["dates"].as_array().unwrap().iter().collect();
    let rebase = options["rebase_dates"].as_array().into_iter().flatten();
    XmrOptions {
        improvement: match options["improvement_direction"].as_str().unwrap() {
            "increase" => Improvement::Increase,
            "decrease" => Improvement::Decrease,
            _ => Improvement::Neutral,
        },
        target: options["target"].as_f64().map_or(Targets::None, Targets::Same),
        rebase: rebase.map(|date| dates.iter().position(|other| *other == date).unwrap().into()).collect(),
        fix_after: options["fix_after_n_points"].as_u64().map(|n| usize::try_from(n).unwrap()),
        screen_outliers: options["screen_outliers"].as_bool().unwrap(),
        rules: RuleSet::MDC_R_0_2_2,
    }
}

/// Series where the R package's answer is no answer: limits of no width, a crash, a verdict without limits.
const QUIRKS: [&str; 6] = [
    "missing_in_trend",
    "missing_all_but_one",
    "constant_screened",
    "short_1",
    "rebase_single_point_group",
    "step_of_zero_mr",
];

fn agrees(ours: &XmrPoint, theirs: &Value, what: &str) {
    close(ours.mean, &theirs["mean"], what);
    let limits = ours.limits;
    close(limits.map(|l| l.process.lower), &theirs["lpl"], what);
    close(limits.map(|l| l.process.upper), &theirs["upl"], what);
    close(limits.map(|l| l.near.lower), &theirs["near_lpl"], what);
    close(limits.map(|l| l.near.upper), &theirs["near_upl"], what);
    close(limits.map(|l| l.average_moving_range), &theirs["avg_moving_range"], what);
    close(ours.moving_range, &theirs["moving_range"], what);
    close(ours.moving_range_used, &theirs["moving_range_used"], what);
    let flag = |name: &str| theirs[name].as_bool().unwrap_or(false);
    assert_eq!(ours.flags.outside.is_some(), flag("rule_outside"), "{what}: outside");
    assert_eq!(ours.flags.trend.is_some(), flag("rule_trend7"), "{what}: trend");
    assert_eq!(ours.flags.two_in_three.is_some(), flag("rule_two_in_three"), "{what}: two in three");
    assert_eq!(ours.flags.shift.is_some(), flag("rule_shift7"), "{what}: shift");
    assert_eq!(ours.trial, flag("short_group_warning"), "{what}: trial");
    assert_eq!(ours.group as u64, theirs["group"].as_u64().unwrap(), "{what}: group");
    let cause = ours.cause.map_or_else(|| "Common Cause".to_owned(), |cause| cause.to_string());
    assert_eq!(cause, theirs["special_cause_type"].as_str().unwrap(), "{what}");
    assert_eq!(ours.point_type.word(), theirs["point_type"].as_str().unwrap(), "{what}");
}

#[test]
fn xmr_charts() {
    let Some(series) = series("xmr_charts", "spc_xmr.json") else { return };
    let mut compared = 0;
    for series in series {
        let id = series["id"].as_str().unwrap();
        let chart = xmr(&values(&series), &options(&series)).unwrap();
        if QUIRKS.contains(&id) {
            continue;
        }
        let theirs = series["points"].as_array().unwrap();
        assert_eq!(chart.points.len(), theirs.len());
        for (ours, theirs) in chart.points.iter().zip(theirs) {
            agrees(ours, theirs, &format!("{id}, {}", theirs["date"]));
        }
        assert_eq!(chart.assurance.map(|a| a.word()), series["assurance_type"].as_str(), "{id}");
        compared += 1;
    }
    assert!(compared > 20, "most series are compared");
}

#[test]
fn quirks_of_xmr_charts_have_typed_outcomes() {
    let test = "quirks_of_xmr_charts_have_typed_outcomes";
    let Some(series) = series(test, "spc_xmr.json") else { return };
    for series in series {
        let id = series["id"].as_str().unwrap();
        let chart = xmr(&values(&series), &options(&series)).unwrap();
        match id {
            // One point, alone or in its group: no limits, hence no assurance; the R package says "inconsistent".
            "short_1" | "rebase_single_point_group" => {
                assert_eq!((chart.points.last().unwrap().limits, chart.assurance), (None, None));
            }
            // The only range that is not 0 is screened out; the R package calls all points outside.
            "step_of_zero_mr" => {
                assert!(chart.points.iter().all(|p| p.flags.outside.is_none() && p.limits.is_none()));
            }
            _ => {}
        }
    }
}

/// Quirks `constant_screened`, `missing_in_trend` and `missing_all_but_one`: each has an answer here.
#[test]
fn quirks_that_need_no_vectors() {
    let target = Targets::Same(0.2);
    let options = XmrOptions { target, improvement: Improvement::Increase, ..XmrOptions::default() };
    // constant_screened: nothing moves, so nothing is an outlier; the R package screens all ranges out and has no limits.
    for point in xmr(&[Some(0.1); 24], &options).unwrap().points {
        let (mean, limits) = (point.mean.unwrap(), point.limits.unwrap().process);
        let all = [mean, limits.lower, limits.upper].map(f64::to_bits);
        assert_eq!((all, point.cause), ([0.1_f64.to_bits(); 3], None));
    }
    // missing_in_trend: a missing value breaks a trend; the R package stops.
    let mut rising: Vec<_> = (0..13).map(|n| Some(f64::from(n))).collect();
    rising[6] = None;
    let chart = xmr(&rising, &options).unwrap();
    assert!(chart.points.iter().all(|point| point.flags.trend.is_none() && point.limits.is_some()));
    // missing_all_but_one: one value has a mean and no limits, hence no assurance; the R package stops.
    let mut lonely = vec![None; 14];
    lonely[3] = Some(7.0);
    let chart = xmr(&lonely, &options).unwrap();
    assert!(
        chart
            .points
            .iter()
            .all(|point| point.mean.is_some() && point.limits.is_none() && point.cause.is_none())
    );
    assert_eq!(chart.assurance, None);
}

#[test]
fn variants_of_the_rules() {
    let test = "variants_of_the_rules";
    let (Some(all), Some(variants)) =
        (series(test, "spc_xmr.json"), series(test, "spc_rule_variants_own.json"))
    else {
        return;
    };
    let mut compared = 0;
    for variant in variants {
        let id = variant["id"].as_str().unwrap();
        let Some(series) = all.iter().find(|series| series["id"] == id) else { continue };
        if QUIRKS.contains(&id) {
            continue;
        }
        let chart =
            |rules: RuleSet| xmr(&values(series), &XmrOptions { rules, ..options(series) }).unwrap().points;
        let check = |rules: RuleSet, column: &str, flag: fn(&XmrPoint) -> Option<Direction>| {
            for (ours, theirs) in chart(rules).iter().zip(variant["points"].as_array().unwrap()) {
                let what = format!("{id}, {column}, {}", theirs["date"]);
                assert_eq!(flag(ours).is_some(), theirs[column].as_bool().unwrap(), "{what}");
            }
        };
        let rules = RuleSet::MDC_R_0_2_2;
        check(rules.with_shift(6), "shift6", |point| point.flags.shift);
        check(rules.with_shift(8), "shift8", |point| point.flags.shift);
        check(rules.with_trend(6), "trend6", |point| point.flags.trend);
        check(RuleSet::MDC_EXCEL_2023, "two_in_three_mdc2023", |point| point.flags.two_in_three);
        compared += 1;
    }
    assert!(compared > 5, "several series are compared; there were {compared}");
}

#[test]
fn run_charts() {
    let Some(series) = series("run_charts", "run_chart_rules_qicharts2.json") else { return };
    for series in series {
        let (what, theirs) = (series["id"].as_str().unwrap(), &series["run"]);
        let chart = run_chart(&values(&series)).unwrap();
        close(Some(chart.median), &theirs["median"], what);
        assert_eq!(chart.useful as u64, theirs["n_useful"].as_u64().unwrap(), "{what}: useful");
        let runs = chart.runs;
        assert_eq!(runs.map(|r| r.longest as u64), theirs["longest_run"].as_u64(), "{what}: longest");
        assert_eq!(runs.map(|r| r.longest_expected.into()), theirs["longest_run_max"].as_u64(), "{what}");
        assert_eq!(runs.map(|r| r.crossings as u64), theirs["n_crossings"].as_u64(), "{what}: crossings");
        assert_eq!(runs.map(|r| r.fewest_expected), theirs["n_crossings_min"].as_u64(), "{what}");
        assert_eq!(chart.signal(), theirs["runs_signal"].as_bool().unwrap(), "{what}: signal");
    }
}

#[test]
fn charts_of_two_areas_each_with_its_own_rebase_and_target() {
    let test = "charts_of_two_areas_each_with_its_own_rebase_and_target";
    let Some(path) = shared(test, "reference/vectors/spc_facets.json") else { return };
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let input = json["input"].as_array().unwrap();
    let mut compared = 0;
    for (number, case) in json["cases"].as_array().unwrap().iter().enumerate() {
        for area in ["A", "B"] {
            let rows: Vec<_> = input.iter().filter(|row| row["a"] == area).collect();
            let values: Vec<_> = rows.iter().map(|row| row["y"].as_f64()).collect();
            // One for all areas, or one for each that has one.
            let own = |name: &'static str| case[name].get(area).unwrap_or(&case[name]);
            let rebase = own("rebase").as_str().into_iter();
            let rebase =
                rebase.map(|date| rows.iter().position(|row| row["d"] == *date).unwrap().into()).collect();
            let target = own("target").as_f64();
            let improvement = Improvement::Increase;
            let targets = target.map_or(Targets::None, Targets::Same);
            let options = XmrOptions { rebase, target: targets, improvement, ..XmrOptions::default() };
            let chart = xmr(&values, &options).unwrap();
            let theirs: Vec<_> =
                case["points"].as_array().unwrap().iter().filter(|point| point["f"] == area).collect();
            assert_eq!(chart.points.len(), theirs.len());
            for (ours, theirs) in chart.points.iter().zip(theirs) {
                let what = format!("case {number}, {area}, {}", theirs["x"]);
                assert_eq!(ours.group as u64, theirs["rebase_group"].as_u64().unwrap(), "{what}");
                close(ours.mean, &theirs["mean_col"], &what);
                close(ours.limits.map(|l| l.process.lower), &theirs["lpl"], &what);
                close(ours.limits.map(|l| l.process.upper), &theirs["upl"], &what);
                let cause = ours.cause.map_or_else(|| "Common Cause".to_owned(), |cause| cause.to_string());
                assert_eq!(cause, theirs["special_cause_type"].as_str().unwrap(), "{what}");
                assert_eq!(ours.point_type.word(), theirs["point_type"].as_str().unwrap(), "{what}");
                compared += 1;
            }
            let verdicts = case["assurance"].as_array().unwrap();
            let theirs = verdicts.iter().find(|verdict| verdict["f"] == area).unwrap();
            // Quirk: an area without a target is "inconsistent" with it in the R package; here it has no verdict.
            let theirs = target.and(theirs["assurance_type"].as_str());
            assert_eq!(chart.assurance.map(|a| a.word()), theirs, "case {number}, {area}");
        }
    }
    assert!(compared > 60, "every point of every case is compared; there were {compared}");
}
