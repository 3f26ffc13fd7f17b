//! Intervals of proportions, rates, means and medians.

use pyo3::prelude::*;
use staysafe::stats::{self, CountMethod, RateRows};

use super::levels::Levels;
use super::numbers::Numbers;
use super::rows::{Estimate, intervals};
use crate::error::refused;

/// Wilson's limits of the proportion x / n, as shares of 1.
///
/// Single numbers give an `Interval` with `lower`, `upper` and `outcome`. Lists, numpy arrays and columns of polars,
/// pandas or pyarrow give `Intervals`: `lower` and `upper` in the same shape, which is a table too. A row that cannot be
/// worked out is None (masked in numpy, null in a column), and `outcome` says why. The confidence is a share or a
/// percentage, or a list of several: then `lower_95`, `upper_95`, `lower_99_8` and so on, one pair for each level, and
/// `lower` and `upper` are the first.
///
/// Source: Wilson EB, JASA 22 (1927); Newcombe RG, Statistics in Medicine 17 (1998), method 3.
///
/// >>> import staysafe as ss
/// >>> interval = ss.stats.wilson(3, 11)  # 3 of 11 families
/// >>> f"{interval.lower:.3f} to {interval.upper:.3f}"
/// '0.097 to 0.566'
/// >>> many = ss.stats.wilson([0, 3, None], [20, 0, 5])
/// >>> many.lower
/// [0.0, None, None]
/// >>> many.outcome
/// [None, 'the denominator must be greater than 0', 'the numerator is missing or not finite']
/// >>> both = ss.stats.wilson(3, 11, confidence=[0.95, 0.998])
/// >>> f"{both.lower_95:.3f} to {both.upper_95:.3f}; {both.lower_99_8:.3f} to {both.upper_99_8:.3f}"
/// '0.097 to 0.566; 0.057 to 0.700'
#[pyfunction]
#[pyo3(signature = (x, n, confidence=Levels::default()), text_signature = "(x, n, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn wilson<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, n) = (Numbers::lent("x", x)?, Numbers::lent("n", n)?);
    intervals(py, "limits of proportions", (&x, &n), &confidence, stats::wilson_rows)
}

/// The exact limits of Clopper and Pearson of the proportion x / n, as shares of 1: never too narrow, mostly too wide.
///
/// The shapes are those of `wilson`, which is the usual choice for tables.
///
/// Source: Clopper CJ, Pearson ES, Biometrika 26 (1934).
///
/// >>> import staysafe as ss
/// >>> interval = ss.stats.clopper_pearson(1, 29)
/// >>> f"{interval.lower:.4f} to {interval.upper:.4f}"
/// '0.0009 to 0.1776'
#[pyfunction]
#[pyo3(signature = (x, n, confidence=Levels::default()), text_signature = "(x, n, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn clopper_pearson<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, n) = (Numbers::lent("x", x)?, Numbers::lent("n", n)?);
    intervals(py, "exact limits of proportions", (&x, &n), &confidence, stats::clopper_pearson_rows)
}

/// Limits of the rate x / n times the multiplier: exact below 10 events, Byar's from 10 on.
///
/// The shapes are those of `wilson`. There may be more events than people. `method` is "exact-below-10", or "exact" or
/// "byar" for one method throughout.
///
/// Source: Garwood F, Biometrika 28 (1936); Breslow NE, Day NE, Statistical methods in cancer research, volume II
/// (1987), equation 2.13; the switch at 10 is that of the public health observatories' briefing 3 (2008).
///
/// >>> import staysafe as ss
/// >>> none = ss.stats.rate_interval(0, 1000)  # no event among 1,000 children, per 10,000
/// >>> none.lower, round(none.upper, 1)
/// (0.0, 36.9)
/// >>> ss.stats.rate_interval(1, 0).outcome
/// 'the denominator must be greater than 0'
#[pyfunction]
#[pyo3(
    signature = (x, n, multiplier=10_000.0, confidence=Levels::default(), *, method="exact-below-10"),
    text_signature = "(x, n, multiplier=10000, confidence=0.95, *, method='exact-below-10')"
)]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn rate_interval<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    multiplier: f64,
    confidence: Levels,
    method: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let multiplier = self::multiplier(multiplier)?;
    let method = match method {
        "exact-below-10" => CountMethod::ExactBelow10,
        "exact" => CountMethod::Exact,
        "byar" => CountMethod::Byar,
        other => {
            let known = "\"exact-below-10\", \"exact\" or \"byar\"";
            return Err(refused(format!("method: {known} is expected, not {other:?}")));
        }
    };
    let (x, n) = (Numbers::lent("x", x)?, Numbers::lent("n", n)?);
    let mut rates = RateRows::new(multiplier, method, &confidence).map_err(refused)?;
    intervals(py, "limits of rates", (&x, &n), &confidence, |x, n, _, limits| rates.fill(x, n, limits))
}

/// The mean of a sample and its limits, from Student's t distribution with n - 1.
///
/// A list, an array or a column gives one `Estimate`. A missing value is not left out in silence: there is then no
/// mean, and `outcome` says why. One value has a mean and no limits.
///
/// Source: Student, Biometrika 6 (1908).
///
/// >>> import staysafe as ss
/// >>> mean = ss.stats.mean_interval([30, 40, 50, 60])
/// >>> mean.value, round(mean.lower, 2), round(mean.upper, 2)
/// (45.0, 24.46, 65.54)
/// >>> ss.stats.mean_interval([30, None]).outcome
/// 'a value is missing or not finite'
#[pyfunction]
#[pyo3(signature = (values, confidence=Levels::default()), text_signature = "(values, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn mean_interval(
    py: Python<'_>,
    values: &Bound<'_, PyAny>,
    confidence: Levels,
) -> PyResult<Estimate> {
    let values = Numbers::series("values", values)?;
    let values = values.values();
    Ok(py.detach(|| {
        Estimate::partly(&confidence, "one value has no limits", |level| {
            stats::mean_interval(values, level).map(|mean| (mean.value, mean.interval))
        })
    }))
}

/// The median of a sample, with limits that are two of its values: exact, by order statistics.
///
/// A list, an array or a column gives one `Estimate`. As for a mean, a missing value is not left out in silence. Few
/// values (under 6 at 95%) have a median and no limits.
///
/// Source: Conover WJ, Practical nonparametric statistics (1999), section 3.2.
///
/// >>> import staysafe as ss
/// >>> median = ss.stats.median_interval([3, 4, 6, 9, 15, 16, 18, 25, 40, 45])  # days
/// >>> median.value, median.lower, median.upper
/// (15.5, 4.0, 40.0)
#[pyfunction]
#[pyo3(signature = (values, confidence=Levels::default()), text_signature = "(values, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn median_interval(
    py: Python<'_>,
    values: &Bound<'_, PyAny>,
    confidence: Levels,
) -> PyResult<Estimate> {
    let values = Numbers::series("values", values)?;
    let values = values.values();
    Ok(py.detach(|| {
        Estimate::partly(&confidence, "there are too few values for limits at this confidence", |level| {
            stats::median_interval(values, level).map(|median| (median.value, median.interval))
        })
    }))
}

/// A multiplier; one that is not above 0 is a slip, not a bad row.
pub(super) fn multiplier(given: f64) -> PyResult<f64> {
    if given.is_finite() && given > 0.0 {
        return Ok(given);
    }
    Err(refused(format!("multiplier: a number above 0 is expected, such as 100 or 10_000, not {given}")))
}
