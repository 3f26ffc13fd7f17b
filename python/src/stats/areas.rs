//! Areas beside each other: bands, funnels, benchmarks, and figures as they are printed.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};
use staysafe::stats::{self, Better, FunnelKind, FunnelPoint, Interval};

use super::numbers::{Numbers, together};
use super::rows::Rows;
use crate::column;
use crate::error::refused;
use crate::table::Table;

/// A funnel: the average, and for each area the words of its significance. An area that cannot be judged is None,
/// and `outcome` says why. It is a table with a row for each area as well.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Funnel {
    /// What the areas are compared with: a share, a rate per person, or 1. It includes each area itself.
    #[pyo3(get)]
    average: Option<f64>,
    words: Vec<Option<&'static str>>,
    /// For each area None, or why it is not judged.
    #[pyo3(get)]
    outcome: Vec<Option<String>>,
}

#[pymethods]
impl Funnel {
    /// For each area "High (0.001)", "High (0.025)", "Not significant", "Low (0.025)" or "Low (0.001)", or that a
    /// standardised rate of fewer than 10 events is not judged.
    #[getter]
    fn significance(&self) -> Vec<Option<&'static str>> {
        self.words.clone()
    }
}

/// The quantile band of each value, 1 to k. With `invert`, the usual way, band 1 holds the highest values.
///
/// A list, an array or a column gives `Rows`: as a list, with `outcome`. Equal values stay together. A missing value
/// has no band, and fewer values than bands give none at all.
///
/// Source: the technical guidance of the national indicator library on quantiles, as its published tool has them.
///
/// >>> import staysafe as ss
/// >>> bands = ss.stats.quantiles([1, 2, None, 3, 4], 2)
/// >>> bands
/// [2, 2, None, 1, 1]
/// >>> bands.outcome[2]
/// 'the value is missing or not finite'
#[pyfunction]
#[pyo3(signature = (values, k, invert=true))]
pub(crate) fn quantiles(py: Python<'_>, values: &Bound<'_, PyAny>, k: u32, invert: bool) -> PyResult<Rows> {
    if k == 0 {
        return Err(refused("k: at least 1 band is expected"));
    }
    let values = Numbers::series("values", values)?.present();
    let rows: Vec<Result<u32, String>> = match stats::quantiles(&values, k, invert) {
        Ok(bands) => bands.into_iter().map(|band| band.ok_or_else(|| MISSING.to_owned())).collect(),
        Err(why) => vec![Err(why.to_string()); values.len()],
    };
    Rows::new(py, rows)
}

const MISSING: &str = "the value is missing or not finite";

/// numerator / denominator times the multiplier with so many places, halves away from zero, worked out in whole
/// numbers.
///
/// Whole numbers give a `decimal.Decimal`, and what has no figure raises `staysafe.Error`. Lists, arrays or columns of
/// whole numbers give `Rows`: as a list of decimals, None where there is no figure, and `outcome` says why.
///
/// Source: the Government Statistical Service's guidance, that halves are rounded away from zero.
///
/// >>> import staysafe as ss
/// >>> ss.stats.round_half_up(113, 800, 100, 2)  # 14.125, which a float holds as a little less
/// Decimal('14.13')
/// >>> ss.stats.round_half_up([1, 1], [8, 0], 100, 0)
/// [Decimal('13'), None]
#[pyfunction]
#[pyo3(signature = (numerator, denominator, multiplier, places))]
pub(crate) fn round_half_up<'py>(
    py: Python<'py>,
    numerator: &Bound<'py, PyAny>,
    denominator: &Bound<'py, PyAny>,
    multiplier: u32,
    places: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let decimal = py.import("decimal")?.getattr("Decimal")?;
    let round = |numerator: i64, denominator: i64| {
        stats::round_half_up(numerator, denominator, multiplier, places).map_err(|why| why.to_string())
    };
    let is_whole =
        |given: &Bound<'py, PyAny>| given.is_instance_of::<PyInt>() && !given.is_instance_of::<PyBool>();
    if is_whole(numerator) && is_whole(denominator) {
        // Python's own whole numbers, none of which goes through a float.
        let whole = |name: &str, given: &Bound<'py, PyAny>| {
            given.extract::<i64>().map_err(|_| refused(format!("{name} is too large to be rounded exactly")))
        };
        let rounded = round(whole("the numerator", numerator)?, whole("the denominator", denominator)?);
        return decimal.call1((rounded.map_err(refused)?.to_string(),));
    }
    let (x, n) = (Numbers::read("numerator", numerator)?, Numbers::read("denominator", denominator)?);
    let (rows, one) = together(&[&x, &n])?;
    let rounded =
        (0..rows).map(|row| round(whole("the numerator", x.at(row))?, whole("the denominator", n.at(row))?));
    let mut figures = Vec::with_capacity(rows);
    for figure in rounded {
        figures.push(match figure {
            Ok(figure) => Ok(decimal.call1((figure.to_string(),))?),
            Err(why) => Err(why),
        });
    }
    if one {
        return figures.pop().unwrap_or_else(|| Err(MISSING.to_owned())).map_err(refused);
    }
    Ok(Bound::new(py, Rows::new(py, figures)?)?.into_any())
}

/// A number that a float holds exactly as a whole one.
fn whole(name: &str, number: f64) -> Result<i64, String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        Err(format!("{name} is missing or not finite"))
    } else if number.fract() != 0.0 {
        Err(format!("{name} is no whole number"))
    } else if number.abs() >= EXACT {
        Err(format!("{name} is too large to be rounded exactly"))
    } else {
        #[allow(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        Ok(number as i64)
    }
}

/// Which areas lie further from the average of all than chance explains.
///
/// Lists, arrays or columns give one `Funnel`: `average`, and a list of `significance` with one of `outcome`. An area
/// with bad numbers is None and left out of the average. `kind` is "proportion" (x of n), "rate" (x events among n),
/// "standardised-rate" (or "dsr"; n is x / rate x multiplier, and fewer than 10 events are not judged) or "ratio" (x
/// events where n were expected, against 1).
///
/// Source: Spiegelhalter DJ, Statistics in Medicine 24 (2005); an area is high or low where its own 95% (99.8%)
/// interval leaves out the average.
///
/// >>> import staysafe as ss
/// >>> funnel = ss.stats.funnel([50, 480, 90, 5], [100, 1000, 100, 0])
/// >>> funnel.significance
/// ['Not significant', 'Low (0.025)', 'High (0.001)', None]
/// >>> funnel.outcome[3]
/// 'the denominator must be greater than 0'
#[pyfunction]
#[pyo3(signature = (x, n, kind="proportion"))]
pub(crate) fn funnel<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    kind: &str,
) -> PyResult<Bound<'py, Funnel>> {
    let kind = match kind {
        "proportion" => FunnelKind::Proportion,
        "rate" => FunnelKind::Rate,
        "standardised-rate" | "dsr" => FunnelKind::StandardisedRate,
        "ratio" => FunnelKind::Ratio,
        other => {
            let known = "\"proportion\", \"rate\", \"standardised-rate\" or \"ratio\"";
            return Err(refused(format!("kind: {known} is expected, not {other:?}")));
        }
    };
    let (x, n) = (Numbers::series("x", x)?, Numbers::series("n", n)?);
    let (rows, _) = together(&[&x, &n])?;
    let points: Vec<_> = (0..rows).map(|row| FunnelPoint { x: x.at(row), n: n.at(row) }).collect();
    let (average, words, outcome) = if let Ok(funnel) = stats::funnel(&points, kind) {
        let judged = funnel.points.iter();
        let outcome = judged.clone().map(|area| area.as_ref().err().map(ToString::to_string)).collect();
        let words = judged.map(|area| area.as_ref().ok().map(|found| found.words())).collect();
        (Some(funnel.average), words, outcome)
    } else {
        let why = "no area has numbers that make an average".to_owned();
        (None, vec![None; rows], vec![Some(why); rows])
    };
    let batch = column::table(vec![
        column::number("x", x.present()),
        column::number("n", n.present()),
        column::text("significance", words.iter().copied()),
        column::text("outcome", outcome.clone()),
    ])
    .map_err(refused)?;
    let own = Funnel { average, words, outcome };
    Bound::new(py, PyClassInitializer::from(Table::open("funnel", batch)).add_subclass(own))
}

/// Where an interval lies against a benchmark: "better", "similar" or "worse", and "higher" or "lower" where neither
/// way is better. Only an interval that leaves the benchmark out differs from it.
///
/// `polarity` is "higher" or "lower" (which way is better), or "neutral". Single numbers give a word, and a limit that
/// is missing raises `staysafe.Error`; lists, arrays or columns give `Rows`: as a list of words, None where a limit is
/// missing, and `outcome` says why.
///
/// Source: the comparison method of the national public health profiles.
///
/// >>> import staysafe as ss
/// >>> ss.stats.benchmark(0.097, 0.566, 0.6, "higher")  # 3 of 11 against 60%
/// 'worse'
/// >>> ss.stats.benchmark([0.1, 0.7, None], [0.5, 0.8, 0.9], 0.6, "neutral")
/// ['lower', 'higher', None]
#[pyfunction]
#[pyo3(signature = (lower, upper, value, polarity))]
pub(crate) fn benchmark<'py>(
    py: Python<'py>,
    lower: &Bound<'py, PyAny>,
    upper: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
    polarity: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let better = better("polarity", polarity)?;
    let (lower, upper) = (Numbers::read("lower", lower)?, Numbers::read("upper", upper)?);
    let value = Numbers::read("value", value)?;
    let (rows, one) = together(&[&lower, &upper, &value])?;
    let word = |row| {
        let interval = Interval { lower: lower.at(row), upper: upper.at(row) };
        let band = stats::benchmark(interval, value.at(row)).map_err(|why| why.to_string())?;
        Ok(band.judged(better).word())
    };
    if one {
        return Ok(PyString::new(py, word(0).map_err(|why: String| refused(why))?).into_any());
    }
    Ok(Bound::new(py, Rows::new(py, (0..rows).map(word))?)?.into_any())
}

/// Which way is better, in the words of a definition and in those of the published tools.
pub(super) fn better(name: &str, given: Option<&str>) -> PyResult<Better> {
    match given {
        Some("higher" | "high_good" | "increase") => Ok(Better::Higher),
        Some("lower" | "low_good" | "decrease") => Ok(Better::Lower),
        None | Some("neutral" | "contextual" | "none") => Ok(Better::Neither),
        Some(other) => {
            Err(refused(format!("{name}: \"higher\", \"lower\" or \"neutral\" is expected, not {other:?}")))
        }
    }
}
