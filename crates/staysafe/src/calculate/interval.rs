//! The interval of a figure: the kind of the indicator decides the method.
//!
//! | kind | method |
//! |---|---|
//! | count, stock | exact Poisson below 10, Byar from 10 |
//! | proportion, each share of a distribution | Wilson |
//! | survey proportion | Wilson at the effective number of answers |
//! | rate | as a count, over its population |
//! | mean | Student's t |
//! | median, duration | order statistics |
//! | ratio, ratio-pct, fte-ratio | none: the numerator does not lie inside the denominator |
//! | score, document, narrative | none: they are told, not counted |

use std::collections::BTreeMap;

use crate::definition::indicator::Kind;
use crate::result::{Interval, Method, NoInterval, Outcome, State, Surveyed};
use crate::stats::{self, Confidence};
use crate::value::Exact;

/// Below this count the exact Poisson limits are used, and Byar's from it.
const EXACT_BELOW: f64 = 10.0;

/// The interval of what a state comes to.
pub(super) fn of(kind: Kind, state: &State, outcome: &Outcome, multiplier: i64) -> Interval {
    if matches!(outcome, Outcome::Absent(_)) {
        return Interval::Without(NoInterval::NoFigure);
    }
    match state {
        State::Counted { numerator, denominator: None } => poisson(&Exact::from(*numerator), 1.0, 1.0),
        State::Counted { numerator, denominator: Some(denominator) } => {
            share(*numerator, *denominator, multiplier)
        }
        State::Totals(of) if kind == Kind::Rate => {
            poisson(&of.numerator, of.denominator.to_f64(), Exact::from(multiplier).to_f64())
        }
        State::Totals(_) => Interval::Without(NoInterval::TwoTotals),
        State::Sum(_) if kind == Kind::Score => Interval::Without(NoInterval::Told),
        State::Sum(of) => mean(of.count, &of.total, &of.squares),
        State::Survey(surveyed) => survey(surveyed, multiplier),
        State::Values(values) => median(values),
        State::Latest { .. } => Interval::Without(NoInterval::Told),
        State::Categories(_) | State::Absent(_) => Interval::Without(NoInterval::NoFigure),
    }
}

/// The interval of a share, times its multiplier.
pub(super) fn share(numerator: u64, denominator: u64, multiplier: i64) -> Interval {
    let (x, n) = (Exact::from(numerator).to_f64(), Exact::from(denominator).to_f64());
    let times = Exact::from(multiplier).to_f64();
    match stats::wilson(x, n, Confidence::P95) {
        Ok(found) => limits(found.lower * times, found.upper * times, Method::Wilson),
        Err(_) => Interval::Without(NoInterval::NoFigure),
    }
}

fn poisson(count: &Exact, population: f64, multiplier: f64) -> Interval {
    let x = count.to_f64();
    let method = if x < EXACT_BELOW { Method::ExactPoisson } else { Method::Byar };
    match stats::rate_interval(x, population, multiplier, Confidence::P95) {
        Ok(found) => limits(found.lower, found.upper, method),
        Err(_) => Interval::Without(NoInterval::NoFigure),
    }
}

/// Answers of one school are alike: it is the schools that were drawn, and their number decides.
fn survey(surveyed: &Surveyed, multiplier: i64) -> Interval {
    let Some(strata) = surveyed.clusters() else { return Interval::Without(NoInterval::NoDesign) };
    let strata: Vec<Vec<(f64, f64)>> = strata
        .into_iter()
        .map(|clusters| clusters.into_iter().map(|w| (w.yes.to_f64(), w.all.to_f64())).collect())
        .collect();
    let times = Exact::from(multiplier).to_f64();
    let answers = usize::try_from(surveyed.answers).unwrap_or(usize::MAX);
    match stats::survey_of_clusters(&strata, answers, Confidence::P95) {
        Ok(found) => {
            let interval = found.estimate.interval;
            limits(interval.lower * times, interval.upper * times, Method::Survey)
        }
        Err(_) => Interval::Without(NoInterval::NoDesign),
    }
}

fn mean(count: u64, total: &Exact, squares: &Exact) -> Interval {
    match stats::mean_interval_of_sums(count, total.to_f64(), squares.to_f64(), Confidence::P95) {
        Ok(Some(found)) => limits(found.lower, found.upper, Method::StudentT),
        Ok(None) | Err(_) => Interval::Without(NoInterval::TooFew),
    }
}

fn median(values: &BTreeMap<Exact, u64>) -> Interval {
    let count: u64 = values.values().sum();
    let at = |rank: u64| {
        let mut passed = 0;
        values.iter().find_map(|(value, times)| {
            passed += times;
            (passed >= rank).then_some(*value)
        })
    };
    let ranks = stats::median_ranks(count, Confidence::P95).ok().flatten();
    match ranks.and_then(|(low, high)| at(low).zip(at(high))) {
        Some((lower, upper)) => Interval::Limits { lower, upper, method: Method::OrderStatistics },
        None => Interval::Without(NoInterval::TooFew),
    }
}

fn limits(lower: f64, upper: f64, method: Method) -> Interval {
    match (to_ten_places(lower), to_ten_places(upper)) {
        (Some(lower), Some(upper)) => Interval::Limits { lower, upper, method },
        _ => Interval::Without(NoInterval::TooFew),
    }
}

/// A limit as an exact number of ten decimal places: results hold no floats, and compare bit for bit.
#[allow(clippy::cast_possible_truncation, reason = "bounded just before")]
fn to_ten_places(limit: f64) -> Option<Exact> {
    const SCALE: i128 = 10_000_000_000;
    const LARGEST: f64 = 1e27;
    let scaled = (limit * 1e10).round();
    (scaled.abs() < LARGEST).then_some(scaled as i128).and_then(|scaled| Exact::new(scaled, SCALE))
}
