//! Areas beside each other: bands, funnels, benchmarks, and figures as they are printed.

use pyo3::prelude::*;
use pyo3::types::PyString;
use staysafe::stats::{self, Band, Better, FunnelKind, FunnelPoint, Interval, Ties};

use super::levels::Levels;
use super::numbers::{Numbers, together};
use super::rows::{Rows, estimates};
use super::wholes::Wholes;
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
    let given = Numbers::points("values", values)?;
    let values = given.present();
    let none = |row: usize| given.odd(row).unwrap_or_else(|| MISSING.to_owned());
    let rows: Vec<Result<u32, String>> = match stats::quantiles(&values, k, invert) {
        Ok(bands) => bands.into_iter().enumerate().map(|(row, band)| band.ok_or_else(|| none(row))).collect(),
        Err(why) => {
            (0..values.len()).map(|row| Err(given.odd(row).unwrap_or_else(|| why.to_string()))).collect()
        }
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
    rounded(py, (numerator, denominator), multiplier, places, Ties::AwayFromZero)
}

/// As `round_half_up`, with halves going to the even neighbour: 0.5 is 0, 1.5 is 2.
///
/// Some tools round so by default (R, Python, numpy); official statistics of England do not.
///
/// Source: the default of IEEE 754 (2019), roundTiesToEven.
///
/// >>> import staysafe as ss
/// >>> ss.stats.round_half_even(113, 800, 100, 2)
/// Decimal('14.12')
#[pyfunction]
#[pyo3(signature = (numerator, denominator, multiplier, places))]
pub(crate) fn round_half_even<'py>(
    py: Python<'py>,
    numerator: &Bound<'py, PyAny>,
    denominator: &Bound<'py, PyAny>,
    multiplier: u32,
    places: u32,
) -> PyResult<Bound<'py, PyAny>> {
    rounded(py, (numerator, denominator), multiplier, places, Ties::ToEven)
}

fn rounded<'py>(
    py: Python<'py>,
    (numerator, denominator): (&Bound<'py, PyAny>, &Bound<'py, PyAny>),
    multiplier: u32,
    places: u32,
    ties: Ties,
) -> PyResult<Bound<'py, PyAny>> {
    let decimal = py.import("decimal")?.getattr("Decimal")?;
    let (x, n) = (Wholes::read("numerator", numerator)?, Wholes::read("denominator", denominator)?);
    let (rows, one) = x.together(&n)?;
    let figure = |row| {
        stats::round_share(x.at(row)?, n.at(row)?, multiplier, places, ties).map_err(|why| why.to_string())
    };
    if one {
        return decimal.call1((figure(0).map_err(refused)?.to_string(),));
    }
    let mut figures = Vec::with_capacity(rows);
    for row in 0..rows {
        figures.push(match figure(row) {
            Ok(figure) => Ok(decimal.call1((figure.to_string(),))?),
            Err(why) => Err(why),
        });
    }
    Ok(Bound::new(py, Rows::new(py, figures)?)?.into_any())
}

/// A count to the nearest multiple of a base (3, 5, 10), halves up, or to the even multiple with `ties="even"`.
///
/// A whole number gives a whole number, and what is no count raises `staysafe.Error`; a list, an array or a column gives
/// `Rows`.
///
/// Source: the disclosure rules of the Department for Education (nearest 10, halves up) and of Ofqual (nearest 5).
///
/// >>> import staysafe as ss
/// >>> ss.stats.round_count(25, 10), ss.stats.round_count(25, 10, ties="even")
/// (30, 20)
/// >>> ss.stats.round_count([4, 7, None], 5)
/// [5, 5, None]
#[pyfunction]
#[pyo3(signature = (count, base, *, ties="up"))]
pub(crate) fn round_count<'py>(
    py: Python<'py>,
    count: &Bound<'py, PyAny>,
    base: u32,
    ties: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let ties = match ties {
        "up" => Ties::AwayFromZero,
        "even" => Ties::ToEven,
        other => return Err(refused(format!("ties: \"up\" or \"even\" is expected, not {other:?}"))),
    };
    if base == 0 {
        return Err(refused("base: a whole number above 0 is expected, such as 5 or 10"));
    }
    let counts = Wholes::read("count", count)?;
    let (rows, one) = counts.together(&counts)?;
    let figure = |row| {
        let count = u64::try_from(counts.at(row)?).map_err(|_| "the count is negative".to_owned())?;
        stats::round_count(count, base, ties).map_err(|why| why.to_string())
    };
    if one {
        return Ok(figure(0).map_err(refused)?.into_pyobject(py)?.into_any());
    }
    Ok(Bound::new(py, Rows::new(py, (0..rows).map(figure))?)?.into_any())
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
    let (x, n) = (Numbers::points("x", x)?, Numbers::points("n", n)?);
    let (rows, _) = together(&[&x, &n])?;
    let odd = |row: usize| x.odd(row).or_else(|| n.odd(row));
    let points: Vec<_> = (0..rows).map(|row| FunnelPoint { x: x.at(row), n: n.at(row) }).collect();
    let (average, words, outcome) = if let Ok(funnel) = stats::funnel(&points, kind) {
        let judged = funnel.points.iter();
        let why = |(row, area): (usize, &Result<_, stats::StatsError>)| {
            area.as_ref().err().map(|why| odd(row).unwrap_or_else(|| why.to_string()))
        };
        let outcome: Vec<Option<String>> = judged.clone().enumerate().map(why).collect();
        let words = judged.map(|area| area.as_ref().ok().map(|found| found.words())).collect();
        (Some(funnel.average), words, outcome)
    } else {
        let why = "no area has numbers that make an average".to_owned();
        (None, vec![None; rows], (0..rows).map(|row| odd(row).or_else(|| Some(why.clone()))).collect())
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
        let odd = || lower.odd(row).or_else(|| upper.odd(row)).or_else(|| value.odd(row));
        let band = stats::benchmark(interval, value.at(row))
            .map_err(|why| odd().unwrap_or_else(|| why.to_string()))?;
        Ok(band.judged(better).word())
    };
    if one {
        return Ok(PyString::new(py, word(0).map_err(|why: String| refused(why))?).into_any());
    }
    Ok(Bound::new(py, Rows::new(py, (0..rows).map(word))?)?.into_any())
}

/// Five bands from two intervals of each row, the second wider: "lower-99.8", "lower-95", "similar", "higher-95" or
/// "higher-99.8".
///
/// `inner` and `outer` are each a pair of `lower` and `upper`, such as those at 95% and at 99.8%. The shapes are those of
/// `benchmark`.
///
/// Source: the comparison method of the national public health profiles, with an outer pair of bands.
///
/// >>> import staysafe as ss
/// >>> both = ss.stats.wilson(3, 40, confidence=[95, 99.8])
/// >>> inner, outer = (both.lower_95, both.upper_95), (both.lower_99_8, both.upper_99_8)
/// >>> ss.stats.five_bands(inner, outer, 0.25)
/// 'lower-95'
#[pyfunction]
#[pyo3(signature = (inner, outer, value))]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn five_bands<'py>(
    py: Python<'py>,
    inner: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    outer: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let all = [
        Numbers::read("the lower inner limit", &inner.0)?,
        Numbers::read("the upper inner limit", &inner.1)?,
        Numbers::read("the lower outer limit", &outer.0)?,
        Numbers::read("the upper outer limit", &outer.1)?,
        Numbers::read("value", value)?,
    ];
    let [a, b, c, d, value] = &all;
    let (rows, one) = together(&[a, b, c, d, value])?;
    let word = |row| {
        let odd = || all.iter().find_map(|numbers| numbers.odd(row));
        let (inner, outer) = (
            Interval { lower: a.at(row), upper: b.at(row) },
            Interval { lower: c.at(row), upper: d.at(row) },
        );
        let found = stats::five_bands(inner, outer, value.at(row));
        let (band, wide) = found.map_err(|why| odd().unwrap_or_else(|| why.to_string()))?;
        Ok(match (band, wide) {
            (Band::Similar, _) => "similar",
            (Band::Lower, true) => "lower-99.8",
            (Band::Lower, false) => "lower-95",
            (Band::Higher, true) => "higher-99.8",
            (Band::Higher, false) => "higher-95",
        })
    };
    if one {
        return Ok(PyString::new(py, word(0).map_err(|why: String| refused(why))?).into_any());
    }
    Ok(Bound::new(py, Rows::new(py, (0..rows).map(word))?)?.into_any())
}

/// The lines of a funnel, to draw: at each denominator, between which limits chance alone keeps an area.
///
/// With `kind="proportion"`, `n` is in how many, and the limits are shares around the `average` of all areas. With
/// `kind="ratio"`, `n` is the count observed, and the limits are ratios of observed over expected around 1. The shapes are
/// those of `wilson`; several levels of confidence give several pairs of lines.
///
/// Source: Spiegelhalter DJ, Statistics in Medicine 24 (2005); the lines of proportions are the score test turned round,
/// those of ratios exact Poisson limits.
///
/// >>> import staysafe as ss
/// >>> lines = ss.stats.funnel_limits([100, 400], average=0.5)
/// >>> [round(line, 3) for line in lines.lower], [round(line, 3) for line in lines.upper]
/// ([0.402, 0.451], [0.598, 0.549])
#[pyfunction]
#[pyo3(
    signature = (n, average=1.0, kind="proportion", confidence=Levels::default()),
    text_signature = "(n, average=1, kind='proportion', confidence=0.95)"
)]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn funnel_limits<'py>(
    py: Python<'py>,
    n: &Bound<'py, PyAny>,
    average: f64,
    kind: &str,
    confidence: Levels,
) -> PyResult<Bound<'py, PyAny>> {
    let n = Numbers::read("n", n)?;
    let line = |interval: Interval, centre: f64| stats::Estimate { value: centre, interval };
    match kind {
        "proportion" => estimates(py, "funnel of proportions", &[&n], &confidence, |row, level| {
            stats::proportion_limits(average, n.at(row), level).map(|interval| line(interval, average))
        }),
        "ratio" => estimates(py, "funnel of ratios", &[&n], &confidence, |row, level| {
            stats::ratio_limits(n.at(row), level).map(|interval| line(interval, 1.0))
        }),
        other => Err(refused(format!("kind: \"proportion\" or \"ratio\" is expected, not {other:?}"))),
    }
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
