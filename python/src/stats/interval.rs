//! Intervals of proportions, rates and means.

use pyo3::prelude::*;
use staysafe::stats::{self, Confidence};

use super::numbers::{Numbers, together};
use super::rows::{Estimate, intervals};
use crate::error::refused;

/// The confidence level of an argument.
pub(super) fn confidence(level: f64) -> PyResult<Confidence> {
    Confidence::new(level).map_err(refused)
}

/// Wilson's limits of the proportion x / n, as shares of 1.
///
/// Single numbers give an `Interval` with `lower`, `upper` and `outcome`; lists, arrays and columns give
/// `Intervals`, with a list of each, which is a table too. The confidence is a share or a percentage.
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
#[pyfunction]
#[pyo3(signature = (x, n, confidence=0.95))]
pub(crate) fn wilson<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    confidence: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let level = self::confidence(confidence)?;
    let (x, n) = (&Numbers::read("x", x)?, &Numbers::read("n", n)?);
    let (rows, one) = together(&[x, n])?;
    intervals(py, "limits of proportions", rows, one, |row| stats::wilson(x.at(row), n.at(row), level))
}

/// Limits of the rate x / n times the multiplier: exact below 10 events, Byar's from 10 on.
///
/// The shapes are those of `wilson`. There may be more events than people.
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
#[pyo3(signature = (x, n, multiplier=10_000.0, confidence=0.95), text_signature = "(x, n, multiplier=10000, confidence=0.95)")]
pub(crate) fn rate_interval<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    multiplier: f64,
    confidence: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let level = self::confidence(confidence)?;
    let multiplier = self::multiplier(multiplier)?;
    let (x, n) = (&Numbers::read("x", x)?, &Numbers::read("n", n)?);
    let (rows, one) = together(&[x, n])?;
    let limits = |row| stats::rate_interval(x.at(row), n.at(row), multiplier, level);
    intervals(py, "limits of rates", rows, one, limits)
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
#[pyo3(signature = (values, confidence=0.95))]
pub(crate) fn mean_interval(values: &Bound<'_, PyAny>, confidence: f64) -> PyResult<Estimate> {
    let level = self::confidence(confidence)?;
    let values = Numbers::series("values", values)?;
    Ok(match stats::mean_interval(values.values(), level) {
        Ok(mean) => Estimate {
            value: Some(mean.value),
            lower: mean.interval.map(|limits| limits.lower),
            upper: mean.interval.map(|limits| limits.upper),
            outcome: mean.interval.is_none().then(|| "one value has no limits".to_owned()),
        },
        Err(why) => Estimate::without(&why),
    })
}

/// A multiplier; one that is not above 0 is a slip, not a bad row.
pub(super) fn multiplier(given: f64) -> PyResult<f64> {
    if given.is_finite() && given > 0.0 {
        return Ok(given);
    }
    Err(refused(format!("multiplier: a number above 0 is expected, such as 100 or 10_000, not {given}")))
}
