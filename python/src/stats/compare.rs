//! Two figures compared: differences and ratios, row by row.

use pyo3::prelude::*;
use staysafe::stats;

use super::interval::multiplier;
use super::levels::Levels;
use super::numbers::Numbers;
use super::rows::estimates;

type Given<'a, 'py> = &'a Bound<'py, PyAny>;

/// Two rates or two proportions.
fn pairs<'py>(
    x1: Given<'_, 'py>,
    n1: Given<'_, 'py>,
    x2: Given<'_, 'py>,
    n2: Given<'_, 'py>,
) -> PyResult<[Numbers; 4]> {
    Ok([
        Numbers::read("x1", x1)?,
        Numbers::read("n1", n1)?,
        Numbers::read("x2", x2)?,
        Numbers::read("n2", n2)?,
    ])
}

/// The difference x1 / n1 - x2 / n2 of two independent proportions, as a share of 1, with Newcombe's limits.
///
/// Single numbers give an `Estimate` with `value`, `lower`, `upper` and `outcome`; lists, arrays and columns give
/// `Estimates` of the same shape. Two periods, or two areas, are independent when no child can be in both.
///
/// Source: Newcombe RG, Statistics in Medicine 17 (1998), 873-890, method 10.
///
/// >>> import staysafe as ss
/// >>> change = ss.stats.difference(56, 70, 48, 80)
/// >>> round(change.value, 2), round(change.lower, 4), round(change.upper, 4)
/// (0.2, 0.0524, 0.3339)
#[pyfunction]
#[pyo3(signature = (x1, n1, x2, n2, confidence=Levels::default()), text_signature = "(x1, n1, x2, n2, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn difference<'py>(
    py: Python<'py>,
    x1: Given<'_, 'py>,
    n1: Given<'_, 'py>,
    x2: Given<'_, 'py>,
    n2: Given<'_, 'py>,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let all = pairs(x1, n1, x2, n2)?;
    let [x1, n1, x2, n2] = &all;
    estimates(py, "differences of proportions", &[x1, n1, x2, n2], &confidence, |row, level| {
        stats::difference((x1.at(row), n1.at(row)), (x2.at(row), n2.at(row)), level)
    })
}

/// The ratio (x1 / n1) / (x2 / n2) of two independent rates, with exact limits.
///
/// The shapes are those of `difference`. Without an event in the second rate there is no ratio.
///
/// Source: Przyborowski J, Wilenski H, Biometrika 31 (1940); Breslow NE, Day NE, Statistical methods in cancer research,
/// volume II (1987), section 3.4.
///
/// >>> import staysafe as ss
/// >>> ratio = ss.stats.rate_ratio(41, 28_010, 15, 19_017)
/// >>> round(ratio.value, 2), round(ratio.lower, 3), round(ratio.upper, 3)
/// (1.86, 1.006, 3.609)
#[pyfunction]
#[pyo3(signature = (x1, n1, x2, n2, confidence=Levels::default()), text_signature = "(x1, n1, x2, n2, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn rate_ratio<'py>(
    py: Python<'py>,
    x1: Given<'_, 'py>,
    n1: Given<'_, 'py>,
    x2: Given<'_, 'py>,
    n2: Given<'_, 'py>,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let all = pairs(x1, n1, x2, n2)?;
    let [x1, n1, x2, n2] = &all;
    estimates(py, "ratios of rates", &[x1, n1, x2, n2], &confidence, |row, level| {
        stats::rate_ratio((x1.at(row), n1.at(row)), (x2.at(row), n2.at(row)), level)
    })
}

/// The difference x1 / n1 - x2 / n2 of two independent rates, times the multiplier, with limits made from those of each.
///
/// The shapes are those of `difference`.
///
/// Source: Zou GY, Donner A, Statistics in Medicine 27 (2008).
///
/// >>> import staysafe as ss
/// >>> change = ss.stats.rate_difference(41, 28_010, 15, 19_017)  # per 10,000
/// >>> round(change.value, 2), round(change.lower, 2), round(change.upper, 2)
/// (6.75, 0.17, 13.02)
#[pyfunction]
#[pyo3(
    signature = (x1, n1, x2, n2, multiplier=10_000.0, confidence=Levels::default()),
    text_signature = "(x1, n1, x2, n2, multiplier=10000, confidence=0.95)"
)]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value, reason = "as pyo3 hands them over")]
pub(crate) fn rate_difference<'py>(
    py: Python<'py>,
    x1: Given<'_, 'py>,
    n1: Given<'_, 'py>,
    x2: Given<'_, 'py>,
    n2: Given<'_, 'py>,
    multiplier: f64,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let multiplier = self::multiplier(multiplier)?;
    let all = pairs(x1, n1, x2, n2)?;
    let [x1, n1, x2, n2] = &all;
    estimates(py, "differences of rates", &[x1, n1, x2, n2], &confidence, |row, level| {
        stats::rate_difference((x1.at(row), n1.at(row)), (x2.at(row), n2.at(row)), multiplier, level)
    })
}
