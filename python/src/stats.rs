//! Intervals, rates, bands and charts: the library's statistics by their names in Python.

mod charts;
mod words;

use pyo3::prelude::*;
use staysafe::stats as core;
use staysafe::stats::{Confidence, FunnelPoint, IndirectStratum, Stratum};

use crate::column;
use crate::error::refused;
use crate::table::Table;
use words::{better, funnel_kind};

pub(crate) use charts::{RunChart, Trend, Xmr, run_chart, trend, xmr};

/// The limits of an interval.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interval {
    /// The lower limit.
    lower: f64,
    /// The upper limit.
    upper: f64,
}

/// A value and its interval, in the same unit. `lower` and `upper` are None where there is none.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimate {
    /// The value.
    value: f64,
    /// The lower limit.
    lower: Option<f64>,
    /// The upper limit.
    upper: Option<f64>,
}

/// An indirectly standardised rate and ratio.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standardised {
    /// Events that occurred.
    observed: f64,
    /// Events expected at the reference's rates.
    expected: f64,
    /// The rate, per multiplier.
    rate: Estimate,
    /// Observed over expected.
    ratio: Estimate,
}

/// Where each area lies against the average of all: a table with a row for each.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Funnel {
    /// The average of the areas whose numbers can be used.
    #[pyo3(get)]
    average: f64,
}

#[pymethods]
impl Interval {
    fn __repr__(&self) -> String {
        format!("Interval(lower={:?}, upper={:?})", self.lower, self.upper)
    }
}

#[pymethods]
impl Estimate {
    fn __repr__(&self) -> String {
        let limit =
            |limit: Option<f64>| limit.map_or_else(|| "None".to_owned(), |limit| format!("{limit:?}"));
        format!("Estimate(value={:?}, lower={}, upper={})", self.value, limit(self.lower), limit(self.upper))
    }
}

impl From<core::Interval> for Interval {
    fn from(of: core::Interval) -> Self {
        Self { lower: of.lower, upper: of.upper }
    }
}

impl From<core::Estimate> for Estimate {
    fn from(of: core::Estimate) -> Self {
        Self { value: of.value, lower: Some(of.interval.lower), upper: Some(of.interval.upper) }
    }
}

/// Numbers of a list, a tuple, an array, a column: of anything that can be walked through.
#[derive(Debug)]
pub(crate) struct Numbers(Vec<f64>);

/// Numbers, with None where there is none.
#[derive(Debug)]
pub(crate) struct Values(Vec<Option<f64>>);

impl<'py> FromPyObject<'_, 'py> for Numbers {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        object.try_iter()?.map(|number| number?.extract()).collect::<PyResult<_>>().map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for Values {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        object.try_iter()?.map(|number| number?.extract()).collect::<PyResult<_>>().map(Self)
    }
}

fn level(confidence: f64) -> PyResult<Confidence> {
    Confidence::new(confidence).map_err(refused)
}

/// The columns of several lists, row by row; lists of different lengths are refused.
fn rows<const N: usize>(lists: [&Numbers; N]) -> PyResult<Vec<[f64; N]>> {
    let length = lists.first().map_or(0, |list| list.0.len());
    if let Some(other) = lists.iter().find(|list| list.0.len() != length) {
        return Err(refused(format!(
            "lists of {length} and {} numbers do not belong together",
            other.0.len()
        )));
    }
    let row = |at| lists.map(|list| list.0.get(at).copied().unwrap_or(f64::NAN));
    Ok((0..length).map(row).collect())
}

/// The interval of a share `x` out of `n` (Wilson), as shares of 1.
///
/// >>> from staysafe import stats
/// >>> interval = stats.wilson(3, 11)
/// >>> round(interval.lower, 3), round(interval.upper, 3)
/// (0.097, 0.566)
/// >>> stats.wilson(3, 0)
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: the denominator must be greater than 0
#[pyfunction]
#[pyo3(signature = (x, n, confidence=0.95))]
pub(crate) fn wilson(x: f64, n: f64, confidence: f64) -> PyResult<Interval> {
    core::wilson(x, n, level(confidence)?).map(Interval::from).map_err(refused)
}

/// The interval of a rate of `x` events in `n`, per multiplier: exact below 10 events, Byar's from 10 on.
///
/// >>> from staysafe import stats
/// >>> interval = stats.rate_interval(65, 100)
/// >>> round(interval.lower), round(interval.upper)
/// (5016, 8285)
#[pyfunction]
#[pyo3(signature = (x, n, multiplier=10_000.0, confidence=0.95))]
pub(crate) fn rate_interval(x: f64, n: f64, multiplier: f64, confidence: f64) -> PyResult<Interval> {
    core::rate_interval(x, n, multiplier, level(confidence)?).map(Interval::from).map_err(refused)
}

/// A mean with its interval (Student's t); one value has a mean and no interval.
///
/// >>> from staysafe import stats
/// >>> stats.mean_interval([2, 4, 6]).value
/// 4.0
#[pyfunction]
#[pyo3(signature = (values, confidence=0.95))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn mean_interval(values: Numbers, confidence: f64) -> PyResult<Estimate> {
    let mean = core::mean_interval(&values.0, level(confidence)?).map_err(refused)?;
    let (lower, upper) = mean.interval.map(|limits| (limits.lower, limits.upper)).unzip();
    Ok(Estimate { value: mean.value, lower, upper })
}

/// Which of so many bands each value falls into, from 1; None stays None. `invert` numbers them from the top.
///
/// >>> from staysafe import stats
/// >>> stats.quantiles([10, 20, 30, None, 40], 2, invert=False)
/// [1, 1, 2, None, 2]
#[pyfunction]
#[pyo3(signature = (values, k, invert=true))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn quantiles(values: Values, k: u32, invert: bool) -> PyResult<Vec<Option<u32>>> {
    core::quantiles(&values.0, k, invert).map_err(refused)
}

/// A share times its multiplier, rounded half away from zero from the exact fraction, as a Decimal.
///
/// >>> from staysafe import stats
/// >>> stats.round_half_up(1, 8, 100, 0), stats.round_half_up(1, 800, 100, 2)
/// (Decimal('13'), Decimal('0.13'))
#[pyfunction]
#[pyo3(signature = (numerator, denominator, multiplier=100, places=1))]
pub(crate) fn round_half_up(
    py: Python<'_>,
    numerator: i64,
    denominator: i64,
    multiplier: u32,
    places: u32,
) -> PyResult<Bound<'_, PyAny>> {
    let rounded = core::round_half_up(numerator, denominator, multiplier, places).map_err(refused)?;
    py.import("decimal")?.getattr("Decimal")?.call1((rounded.to_string(),))
}

/// A directly standardised rate, per multiplier (Dobson's method); fewer than 10 events are refused.
///
/// >>> from staysafe import stats
/// >>> rate = stats.dsr([10, 20], [1000, 1000], standard=[500, 500])
/// >>> round(rate.value)
/// 1500
#[pyfunction]
#[pyo3(signature = (events, population, standard, multiplier=100_000.0, confidence=0.95))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn dsr(
    events: Numbers,
    population: Numbers,
    standard: Numbers,
    multiplier: f64,
    confidence: f64,
) -> PyResult<Estimate> {
    let strata: Vec<Stratum> = rows([&events, &population, &standard])?
        .into_iter()
        .map(|[events, population, standard]| Stratum { events, population, standard })
        .collect();
    core::dsr(&strata, multiplier, level(confidence)?).map(Estimate::from).map_err(refused)
}

/// An indirectly standardised rate and ratio.
///
/// >>> from staysafe import stats
/// >>> stats.isr([30], [1000], ref_events=[200], ref_population=[10_000]).ratio.value
/// 1.5
#[pyfunction]
#[pyo3(signature = (events, population, ref_events, ref_population, multiplier=100_000.0, confidence=0.95))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn isr(
    events: Numbers,
    population: Numbers,
    ref_events: Numbers,
    ref_population: Numbers,
    multiplier: f64,
    confidence: f64,
) -> PyResult<Standardised> {
    let strata: Vec<IndirectStratum> = rows([&events, &population, &ref_events, &ref_population])?
        .into_iter()
        .map(|[events, population, reference_events, reference_population]| IndirectStratum {
            events,
            population,
            reference_events,
            reference_population,
        })
        .collect();
    let found = core::isr(&strata, multiplier, level(confidence)?).map_err(refused)?;
    Ok(Standardised {
        observed: found.observed,
        expected: found.expected,
        rate: found.rate.into(),
        ratio: found.ratio.into(),
    })
}

/// Where each area lies against the average of all: `kind` is 'proportion', 'rate', 'standardised-rate' or 'ratio'.
///
/// >>> from staysafe import stats
/// >>> stats.funnel([50, 480, 90], [100, 1000, 100]).to_arrow()["significance"].to_pylist()[2]
/// 'High (0.001)'
#[pyfunction]
#[pyo3(signature = (x, n, kind="proportion"))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn funnel(py: Python<'_>, x: Numbers, n: Numbers, kind: &str) -> PyResult<Py<Funnel>> {
    let points: Vec<FunnelPoint> = rows([&x, &n])?.into_iter().map(|[x, n]| FunnelPoint { x, n }).collect();
    let found = core::funnel(&points, funnel_kind(kind)?).map_err(refused)?;
    let of = || found.points.iter();
    let batch = column::table(vec![
        column::number("x", points.iter().map(|point| Some(point.x))),
        column::number("n", points.iter().map(|point| Some(point.n))),
        column::text("significance", of().map(|point| point.as_ref().ok().map(|found| found.words()))),
        column::text("problem", of().map(|point| point.as_ref().err().map(ToString::to_string))),
    ])
    .map_err(refused)?;
    let own = Funnel { average: found.average };
    Py::new(py, PyClassInitializer::from(Table::open("funnel", batch)).add_subclass(own))
}

/// How an interval stands against a benchmark: 'better', 'similar' or 'worse' where `polarity` is 'higher' or
/// 'lower' (which is better), 'higher', 'similar' or 'lower' where it is 'neutral' or 'contextual'.
///
/// >>> from staysafe import stats
/// >>> interval = stats.wilson(3, 11)
/// >>> stats.benchmark(interval.lower, interval.upper, 0.6, "higher")
/// 'worse'
#[pyfunction]
#[pyo3(signature = (lower, upper, value, polarity))]
pub(crate) fn benchmark(lower: f64, upper: f64, value: f64, polarity: &str) -> PyResult<&'static str> {
    let better = better(polarity)?;
    let band = core::benchmark(core::Interval { lower, upper }, value).map_err(refused)?;
    Ok(words::verdict(band.judged(better)))
}
