//! What values over time say: trends, run charts and `XmR` charts.

use pyo3::prelude::*;
use staysafe::stats as core;
use staysafe::stats::{RuleSet, XmrLimits, XmrOptions};

use super::words::{self, direction, improvement};
use super::{Numbers, Values};
use crate::column;
use crate::error::refused;
use crate::table::Table;

/// A trend of proportions.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Trend {
    /// The slope of the logit per unit of time.
    slope: f64,
    /// The chi-squared value on one degree of freedom.
    chi_squared: f64,
    /// 'increasing', 'decreasing', 'not significant' or 'outlier found'.
    word: &'static str,
}

/// A run chart. What is expected is None where too few values differ from the median.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct RunChart {
    /// The median.
    median: f64,
    /// Values that are not on the median.
    useful: usize,
    /// The longest run on one side of it.
    longest: Option<usize>,
    /// The longest that chance would make.
    longest_expected: Option<u32>,
    /// How often the line crosses the median.
    crossings: Option<usize>,
    /// The fewest crossings that chance would make.
    fewest_expected: Option<u64>,
    /// Whether the series varies otherwise than by chance.
    signal: Option<bool>,
}

/// An XmR chart: a table with a row for each value, its mean, limits and point type.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Xmr {
    /// Whether the process will meet the target: 'consistent_pass', 'consistent_fail' or 'inconsistent'; None
    /// without a target.
    #[pyo3(get)]
    assurance: Option<&'static str>,
    /// The rules that were followed, by their name.
    #[pyo3(get)]
    rules: String,
}

/// The trend of proportions over time, from their last five points (Cochran-Armitage).
///
/// >>> from staysafe import stats
/// >>> stats.trend([2014, 2015, 2016, 2017, 2018], [100, 130, 150, 190, 220], [1000] * 5).word
/// 'increasing'
#[pyfunction]
#[pyo3(signature = (times, numerators, denominators))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn trend(times: Numbers, numerators: Numbers, denominators: Numbers) -> PyResult<Trend> {
    super::rows([&times, &numerators, &denominators])?;
    let found = core::trend_of_proportions(&times.0, &numerators.0, &denominators.0).map_err(refused)?;
    Ok(Trend { slope: found.slope, chi_squared: found.chi_squared, word: words::trend(found.word) })
}

/// A run chart of values in order of time; None where there is no value.
///
/// >>> from staysafe import stats
/// >>> stats.run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).signal
/// True
#[pyfunction]
#[pyo3(signature = (values))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn run_chart(values: Values) -> PyResult<RunChart> {
    let found = core::run_chart(&values.0).map_err(refused)?;
    Ok(RunChart {
        median: found.median,
        useful: found.useful,
        longest: found.runs.map(|runs| runs.longest),
        longest_expected: found.runs.map(|runs| runs.longest_expected),
        crossings: found.runs.map(|runs| runs.crossings),
        fewest_expected: found.runs.map(|runs| runs.fewest_expected),
        signal: found.runs.is_some().then(|| found.signal()),
    })
}

/// The XmR chart of values in order of time; None where there is no value.
///
/// `improvement` is 'higher', 'lower' or 'neutral'; `rebase` holds the places (from 0) at which a new group
/// begins; `fix_after` is the number of first points (at least 12) that make each group's limits. `rules` names
/// whose rules tell special from common cause, with their version.
///
/// >>> from staysafe import stats
/// >>> chart = stats.xmr([50, 52, 49, 51, 50, 48] * 2 + [90])
/// >>> chart.to_arrow()["point_type"].to_pylist()[-1]
/// 'special_cause_concern'
#[pyfunction]
#[pyo3(
    signature = (values, improvement="lower", target=None, rebase=vec![], fix_after=None, screen_outliers=true, rules="mdc-r-0.2.2"),
    text_signature = "(values, improvement='lower', target=None, rebase=[], fix_after=None, screen_outliers=True, rules='mdc-r-0.2.2')"
)]
#[allow(clippy::needless_pass_by_value, clippy::too_many_arguments, reason = "keywords in Python")]
pub(crate) fn xmr(
    py: Python<'_>,
    values: Values,
    improvement: &str,
    target: Option<f64>,
    rebase: Vec<usize>,
    fix_after: Option<usize>,
    screen_outliers: bool,
    rules: &str,
) -> PyResult<Py<Xmr>> {
    let improvement = self::improvement(improvement)?;
    let known = RuleSet::named(rules);
    let rules =
        known.ok_or_else(|| refused(format!("no rules are called '{rules}'; there is 'mdc-r-0.2.2'")))?;
    let options = XmrOptions { improvement, target, rebase, fix_after, screen_outliers, rules };
    let chart = core::xmr(&values.0, &options).map_err(refused)?;
    let of = || chart.points.iter();
    let limit = |read: fn(&XmrLimits) -> f64| of().map(move |point| point.limits.as_ref().map(read));
    let batch = column::table(vec![
        column::number("value", of().map(|point| point.value)),
        column::count("group", of().map(|point| Some(point.group as u64))),
        column::flag("trial", of().map(|point| Some(point.trial))),
        column::number("mean", of().map(|point| point.mean)),
        column::number("lower", limit(|limits| limits.process.lower)),
        column::number("upper", limit(|limits| limits.process.upper)),
        column::number("moving_range", of().map(|point| point.moving_range)),
        column::text("outside", of().map(|point| point.flags.outside.map(direction))),
        column::text("trend", of().map(|point| point.flags.trend.map(direction))),
        column::text("two_in_three", of().map(|point| point.flags.two_in_three.map(direction))),
        column::text("shift", of().map(|point| point.flags.shift.map(direction))),
        column::text("cause", of().map(|point| point.cause.map(|cause| cause.to_string()))),
        column::text("point_type", of().map(|point| Some(point.point_type.word()))),
    ])
    .map_err(refused)?;
    let own = Xmr { assurance: chart.assurance.map(core::Assurance::word), rules: rules.to_string() };
    Py::new(py, PyClassInitializer::from(Table::open("XmR chart", batch)).add_subclass(own))
}
