//! The statistics against reference vectors that the established R packages and exact arithmetic made
//! (`../shared/reference/vectors`). Each quirk of those tools that is not followed is named where it is met.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::{shared, vectors};
use serde_json::Value;
use staysafe::stats::{
    Band, Better, Confidence, Estimate, FunnelKind, FunnelPoint, IndirectStratum, Interval, StatsError,
    Stratum, Ties, TrendWord, benchmark, dsr, dsr_of_repeated_events, five_bands, funnel, isr, mean_interval,
    proportion_limits, quantiles, rate_interval, ratio_limits, round_count, round_share, trend_of_estimates,
    trend_of_proportions, wilson,
};

const LEVELS: [(Confidence, &str); 2] = [(Confidence::P95, "95_0"), (Confidence::P998, "99_8")];

/// 1e-9 relative, and as good as exact at 0.
fn close(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs() + 1e-15, "{what}: {ours} is not {theirs}");
}

fn close_interval(ours: Interval, lower: f64, upper: f64, what: &str) {
    close(ours.lower, lower, &format!("{what}, lower"));
    close(ours.upper, upper, &format!("{what}, upper"));
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

fn cases(test: &str, file: &str, list: &str) -> Option<Vec<Value>> {
    let path = shared(test, &format!("reference/vectors/{file}"))?;
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = json[list].as_array().unwrap().clone();
    assert!(cases.len() > 1, "{file} holds several cases");
    Some(cases)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|each| each.as_f64().unwrap()).collect()
}

/// Numbers with gaps.
fn maybe_numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap().iter().map(Value::as_f64).collect()
}

/// The R package counts a missing number of events as 0; here that is said where it is done.
fn missing_as_zero(value: &Value) -> Vec<f64> {
    maybe_numbers(value).into_iter().map(Option::unwrap_or_default).collect()
}

fn close_estimate(ours: impl Fn(Confidence) -> Estimate, theirs: &Value, what: &str) {
    for (level, name) in LEVELS {
        let ours = ours(level);
        close(ours.value, theirs["value"].as_f64().unwrap(), what);
        let limit = |side: &str| theirs[format!("{side}{name}cl").as_str()].as_f64().unwrap();
        close_interval(ours.interval, limit("lower"), limit("upper"), &format!("{what} at {name}"));
    }
}

#[test]
fn proportions() {
    let Some(rows) = vectors("proportions", "proportions.csv") else { return };
    for row in rows {
        let (x, n, multiplier) = (number(&row, "x"), number(&row, "n"), number(&row, "multiplier"));
        for (level, name) in LEVELS {
            let ours = wilson(x, n, level).unwrap();
            let ours = Interval { lower: ours.lower * multiplier, upper: ours.upper * multiplier };
            // Quirk: at x = n the R package prints 100.00000000000003; ours is the multiplier itself.
            assert!(x < n || ours.upper.to_bits() == multiplier.to_bits());
            let limit = |side: &str| number(&row, &format!("{side}{name}cl"));
            close_interval(ours, limit("lower"), limit("upper"), &format!("{x} of {n} at {name}"));
        }
    }
}

#[test]
fn rates() {
    let Some(rows) = vectors("rates", "rates.csv") else { return };
    for row in rows {
        let (x, n, multiplier) = (number(&row, "x"), number(&row, "n"), number(&row, "multiplier"));
        for (level, name) in LEVELS {
            let ours = rate_interval(x, n, multiplier, level).unwrap();
            let limit = |side: &str| number(&row, &format!("{side}{name}cl"));
            close_interval(ours, limit("lower"), limit("upper"), &format!("{x} events in {n} at {name}"));
        }
    }
}

#[test]
fn other_levels_of_confidence() {
    let Some(rows) = vectors("other_levels_of_confidence", "other_confidence.csv") else { return };
    for row in rows {
        let (x, n) = (number(&row, "x"), number(&row, "n"));
        let level = Confidence::new(number(&row, "confidence_arg")).unwrap();
        let what = format!("{x} of {n} at {}", row["confidence_arg"]);
        let ours = wilson(x, n, level).unwrap();
        let ours = Interval { lower: ours.lower * 100.0, upper: ours.upper * 100.0 };
        close_interval(ours, number(&row, "prop_lower"), number(&row, "prop_upper"), &what);
        let ours = rate_interval(x, n, 10_000.0, level).unwrap();
        if level.level() < 1.0 {
            close_interval(ours, number(&row, "rate_lower"), number(&row, "rate_upper"), &what);
        } else {
            // Quirk: at 100% the R package has no lower limit from 10 events on; ours is 0.
            assert!(ours.lower.abs() < 1e-300 && ours.upper.is_infinite(), "{what}");
        }
    }
    for bad in [0.89, 0.0, 1.5, 89.9, 100.1, f64::NAN] {
        assert!(matches!(Confidence::new(bad), Err(StatsError::Confidence(_))), "{bad}");
    }
}

#[test]
fn means() {
    let Some(cases) = cases("means", "means.json", "cases") else { return };
    for case in cases {
        let what = case["id"].as_str().unwrap();
        let values = maybe_numbers(&case["values"]);
        let Some(values) = values.into_iter().collect::<Option<Vec<_>>>() else { continue };
        let theirs = &case["result"];
        for (level, name) in LEVELS {
            let ours = mean_interval(&values, level).unwrap();
            close(ours.sum, theirs["value_sum"].as_f64().unwrap(), what);
            close(ours.value, theirs["value"].as_f64().unwrap(), what);
            let limit = |side: &str| theirs[format!("{side}{name}cl").as_str()].as_f64();
            match (ours.interval, ours.deviation) {
                (Some(interval), Some(deviation)) => {
                    close(deviation, theirs["stdev"].as_f64().unwrap(), what);
                    close_interval(interval, limit("lower").unwrap(), limit("upper").unwrap(), what);
                }
                _ => assert_eq!(limit("lower"), None, "{what}: one value has no interval"),
            }
        }
    }
}

#[test]
fn quantile_bands() {
    let Some(cases) = cases("quantile_bands", "quantiles.json", "cases") else { return };
    for case in cases {
        let values = maybe_numbers(&case["values"]);
        let bands = u32::try_from(case["nquantiles"].as_u64().unwrap()).unwrap();
        let theirs: Vec<_> =
            maybe_numbers(&case["quantile"]).into_iter().map(|band| band.map(f64::to_bits)).collect();
        match quantiles(&values, bands, case["invert"].as_bool().unwrap()) {
            Ok(ours) => {
                let ours: Vec<_> =
                    ours.into_iter().map(|band| band.map(|b| f64::from(b).to_bits())).collect();
                assert_eq!(ours, theirs, "{}", case["id"]);
            }
            Err(error) => {
                assert!(matches!(error, StatsError::TooFew { .. }));
                assert!(theirs.iter().all(Option::is_none), "{}", case["id"]);
            }
        }
    }
}

#[test]
fn rounding_of_shares() {
    let Some(rows) = vectors("rounding_of_shares", "decimal_rounding.csv") else { return };
    for row in rows {
        let whole = |column: &str| row[column].parse::<i64>().unwrap();
        let (multiplier, places) = (row["multiplier"].parse().unwrap(), row["dp"].parse().unwrap());
        for (ties, column) in [(Ties::AwayFromZero, "expected_half_up"), (Ties::ToEven, "expected_half_even")]
        {
            let ours = round_share(whole("x"), whole("n"), multiplier, places, ties).unwrap();
            assert_eq!(ours.to_string(), row[column], "{} of {}, {column}", row["x"], row["n"]);
        }
    }
}

#[test]
fn rounding_of_counts() {
    let Some(rows) = vectors("rounding_of_counts", "count_rounding.csv") else { return };
    for row in rows {
        let count = row["count"].parse().unwrap();
        for (base, ties, column) in [
            (3, Ties::AwayFromZero, "round3_half_up"),
            (5, Ties::AwayFromZero, "round5_half_up"),
            (10, Ties::AwayFromZero, "round10_half_up"),
            (10, Ties::ToEven, "round10_half_even"),
            (100, Ties::AwayFromZero, "round100_half_up"),
        ] {
            assert_eq!(round_count(count, base, ties).unwrap().to_string(), row[column], "{count}, {column}");
        }
    }
}

fn strata(case: &Value, events: &str) -> Vec<Stratum> {
    let (population, standard) = (missing_as_zero(&case["population"]), numbers(&case["stdpop"]));
    missing_as_zero(&case[events])
        .into_iter()
        .zip(population.into_iter().zip(standard))
        .map(|(events, (population, standard))| Stratum { events, population, standard })
        .collect()
}

#[test]
fn directly_standardised_rates() {
    let Some(cases) = cases("directly_standardised_rates", "dsr.json", "independent") else { return };
    for case in cases {
        let (what, multiplier) = (case["id"].as_str().unwrap(), case["multiplier"].as_f64().unwrap());
        let strata = strata(&case, "events");
        let rate = |level| dsr(&strata, multiplier, level);
        if case.get("error").is_some() {
            assert!(rate(Confidence::P95).is_err(), "{what}");
        } else if case["result"]["value"].is_null() {
            assert!(matches!(rate(Confidence::P95), Err(StatsError::TooFewEvents(_))), "{what}");
        } else {
            close_estimate(|level| rate(level).unwrap(), &case["result"], what);
        }
    }
}

#[test]
fn standardised_rates_of_repeated_events() {
    let test = "standardised_rates_of_repeated_events";
    let Some(cases) = cases(test, "dsr.json", "non_independent") else { return };
    for case in cases {
        let mut groups: BTreeMap<u64, Vec<Stratum>> = BTreeMap::new();
        for (each, stratum) in case["eventfreq"].as_array().unwrap().iter().zip(strata(&case, "individuals"))
        {
            groups.entry(each.as_u64().unwrap()).or_default().push(stratum);
        }
        #[allow(clippy::cast_precision_loss, reason = "events per person: 1, 2, 3")]
        let groups: Vec<_> = groups.iter().map(|(each, strata)| (*each as f64, strata.as_slice())).collect();
        let multiplier = case["multiplier"].as_f64().unwrap();
        let rate = |level| dsr_of_repeated_events(&groups, multiplier, level).unwrap();
        close_estimate(rate, &case["result"], case["id"].as_str().unwrap());
    }
}

#[test]
fn indirectly_standardised_rates() {
    let Some(cases) = cases("indirectly_standardised_rates", "isr.json", "cases") else { return };
    for case in cases {
        let what = case["id"].as_str().unwrap();
        let column = |name: &str| missing_as_zero(&case[name]);
        let (population, reference) = (column("population"), column("ref_population"));
        let strata: Vec<_> = column("events")
            .into_iter()
            .zip(column("ref_events"))
            .zip(population.into_iter().zip(reference))
            .map(|((events, reference_events), (population, reference_population))| IndirectStratum {
                events,
                population,
                reference_events,
                reference_population,
            })
            .collect();
        let (rate, ratio) = (&case["israte"], &case["isratio"]);
        let result = |level| isr(&strata, case["rate_multiplier"].as_f64().unwrap(), level);
        if rate["value"].is_null() {
            // Quirk: with nothing expected the R package gives infinities.
            assert_eq!(result(Confidence::P95), Err(StatsError::NothingExpected), "{what}");
            continue;
        }
        let ours = result(Confidence::P95).unwrap();
        close(ours.observed, rate["observed"].as_f64().unwrap(), what);
        close(ours.expected, rate["expected"].as_f64().unwrap(), what);
        close(ours.reference_rate, rate["ref_rate"].as_f64().unwrap(), what);
        close_estimate(|level| result(level).unwrap().rate, rate, what);
        let times = case["ratio_refvalue"].as_f64().unwrap();
        let scaled = |level| {
            let ratio = result(level).unwrap().ratio;
            let interval =
                Interval { lower: ratio.interval.lower * times, upper: ratio.interval.upper * times };
            Estimate { value: ratio.value * times, interval }
        };
        close_estimate(scaled, ratio, what);
    }
}

#[test]
fn funnels() {
    let Some(cases) = cases("funnels", "funnels.json", "cases") else { return };
    for case in cases {
        let what = case["id"].as_str().unwrap();
        let column = |name: &str| numbers(&case[name]);
        let (kind, x, n) = match case["statistic"].as_str().unwrap() {
            "proportion" => (FunnelKind::Proportion, column("x"), column("n")),
            "ratio" => (FunnelKind::Ratio, column("observed"), column("expected")),
            _ => {
                let (x, multiplier) = (column("x"), case["multiplier"].as_f64().unwrap());
                // The denominator that gives the published rate; no event gives none, so it is taken as given.
                let n = x.iter().zip(column("rate")).zip(column("n"));
                let n = n.map(|((x, rate), n)| if rate > 0.0 { x / rate * multiplier } else { n }).collect();
                let standardised = case["rate_type"] == "dsr";
                (if standardised { FunnelKind::StandardisedRate } else { FunnelKind::Rate }, x, n)
            }
        };
        let points: Vec<_> = x.into_iter().zip(n).map(|(x, n)| FunnelPoint { x, n }).collect();
        let ours = funnel(&points, kind).unwrap();
        let words: Vec<_> = ours.points.iter().map(|point| point.unwrap().words()).collect();
        let theirs: Vec<_> =
            case["significance"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(words, theirs, "{what}");
        if let Some(limits) = case.get("limits").filter(|limits| !limits.is_null()) {
            funnel_lines(&case, limits, ours.average, what);
        }
    }
}

fn funnel_lines(case: &Value, limits: &Value, average: f64, what: &str) {
    for (level, sigmas) in [(Confidence::P95, "2s"), (Confidence::P998, "3s")] {
        let line = |side: &str| numbers(&limits[format!("{side}_{sigmas}_limit").as_str()]);
        let lines = line("lower").into_iter().zip(line("upper"));
        if case["statistic"] == "proportion" {
            let multiplier = case["multiplier"].as_f64().unwrap();
            for (n, (lower, upper)) in numbers(&limits["Population"]).into_iter().zip(lines) {
                let ours = proportion_limits(average, n, level).unwrap();
                let ours = Interval { lower: ours.lower * multiplier, upper: ours.upper * multiplier };
                close_interval(ours, lower, upper, what);
            }
        } else if case["statistic"] == "ratio" {
            // Quirk: the R package finds these lines by bisection, good to about 5e-5; and as counts it
            // prints them as the excess over 1, as ratios times 100.
            let counts = case["ratio_type"] == "count";
            for (observed, (lower, upper)) in numbers(&limits["Observed_events"]).into_iter().zip(lines) {
                let ours = ratio_limits(observed, level).unwrap();
                for (ours, theirs) in [(ours.lower, lower), (ours.upper, upper)] {
                    let theirs = if counts { theirs + 1.0 } else { theirs / 100.0 };
                    assert!((ours / theirs - 1.0).abs() < 1e-4, "{what}: {ours} is not {theirs}");
                }
            }
        }
    }
}

#[test]
fn benchmark_bands() {
    let Some(rows) = vectors("benchmark_bands", "benchmark_banding.csv") else { return };
    for row in rows {
        let what = format!("{row:?}");
        // The limits as given: some cases lie exactly on them.
        let interval = |name: &str| Interval {
            lower: number(&row, &format!("lower{name}")),
            upper: number(&row, &format!("upper{name}")),
        };
        let (inner, outer, value) = (interval("95"), interval("998"), number(&row, "benchmark"));
        let better = match row["polarity"].as_str() {
            "high_good" => Better::Higher,
            "low_good" => Better::Lower,
            _ => Better::Neither,
        };
        let word = |band: Band| band.judged(Better::Neither).word();
        let band = benchmark(inner, value).unwrap();
        assert_eq!(word(band), row["band95"], "{what}");
        assert_eq!(word(benchmark(outer, value).unwrap()), row["band998"], "{what}");
        assert_eq!(band.judged(better).word(), row["word95"], "{what}");
        let five = match five_bands(inner, outer, value).unwrap() {
            (Band::Similar, _) => "similar".to_owned(),
            (band, wider) => format!("{}_{}", word(band), if wider { "998" } else { "95" }),
        };
        assert_eq!(five, row["five_band"], "{what}");
    }
}

#[test]
fn trends() {
    let Some(cases) = cases("trends", "trend_markers.json", "cases") else { return };
    for case in cases {
        let what = case["id"].as_str().unwrap();
        let times = numbers(&case["year"]);
        // A missing number is no number: the method refuses it by name.
        let column = |name: &str| -> Vec<f64> {
            maybe_numbers(&case[name]).into_iter().map(|each| each.unwrap_or(f64::NAN)).collect()
        };
        let ours = if case["type"] == "proportion" {
            trend_of_proportions(&times, &column("numerator"), &column("denominator"))
        } else {
            let limits = column("lower95").into_iter().zip(column("upper95"));
            let intervals: Vec<_> = limits.map(|(lower, upper)| Interval { lower, upper }).collect();
            trend_of_estimates(&times, &column("value"), &intervals, Confidence::P95)
        };
        // Quirk: where the R code stops with an error of its own (equal years, no width), ours says which.
        let word = case["recent_trend"].as_str().unwrap_or("Cannot be calculated");
        match ours {
            Err(_) => assert_eq!(word, "Cannot be calculated", "{what}"),
            Ok(trend) => {
                let outlier = case["reason"] == "Outlier found";
                let ours = match trend.word {
                    TrendWord::Increasing => "Increasing",
                    TrendWord::Decreasing => "Decreasing",
                    TrendWord::NotSignificant | TrendWord::OutlierFound => "No significant change",
                };
                assert_eq!((ours, trend.word == TrendWord::OutlierFound), (word, outlier), "{what}");
                close(trend.slope, case["beta"].as_f64().unwrap(), what);
                close(trend.chi_squared, case["chi2"].as_f64().unwrap(), what);
            }
        }
    }
}
