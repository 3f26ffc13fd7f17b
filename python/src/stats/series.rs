//! Values in order of time: trends and run charts.

use pyo3::prelude::*;
use staysafe::stats::{self, Interval, TrendWord};

use super::levels::Levels;
use super::numbers::{Numbers, together};
use crate::error::refused;

/// A trend: `word` is "Increasing", "Decreasing", "No significant change" or "Cannot be calculated"; where it cannot be
/// calculated, `outcome` says why and the numbers are None.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Trend {
    /// The slope per unit of time: of the logit for proportions, of the value for others.
    slope: Option<f64>,
    /// The chi-squared value on one degree of freedom.
    chi_squared: Option<f64>,
    /// What it comes to.
    word: &'static str,
    /// Whether there is no trend because without one of its points it would not point the same way.
    outlier: bool,
    /// None, or why there is no trend to tell.
    outcome: Option<String>,
}

/// What a run chart says. Where nothing can be said, the numbers are None and `outcome` says why.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Default)]
pub(crate) struct RunChart {
    /// The median of the values that are there.
    median: Option<f64>,
    /// How many values are not on the median.
    useful: Option<usize>,
    /// The longest run on one side of the median.
    longest: Option<usize>,
    /// The longest run that chance explains.
    longest_expected: Option<u32>,
    /// How often the median is crossed.
    crossings: Option<usize>,
    /// The fewest crossings that chance explains.
    fewest_expected: Option<u64>,
    /// Whether the series varies otherwise than by chance.
    signal: bool,
    /// None, or what is missing and why.
    outcome: Option<String>,
}

/// The recent trend: whether the last five points rise or fall by more than chance, and not because of one.
///
/// `times` with `numerators` and `denominators` (proportions: the Cochran-Armitage test), or with `values`, `lower` and `upper` (a line
/// weighted by the intervals of that confidence). Lists, arrays or columns give one `Trend`. Periods must not overlap.
///
/// Source: Armitage P, Biometrics 11 (1955); the trend markers of the national public health profiles.
///
/// >>> import staysafe as ss
/// >>> trend = ss.stats.trend([2014, 2015, 2016, 2017, 2018], [100, 130, 150, 190, 220], [1000] * 5)
/// >>> trend.word, round(trend.slope, 3), round(trend.chi_squared, 1)
/// ('Increasing', 0.231, 67.7)
/// >>> ss.stats.trend([2014, 2015], [1, 2], [9, 9]).outcome
/// 'there are 2 values where at least 5 are needed'
#[pyfunction]
#[pyo3(
    signature = (times, numerators=None, denominators=None, *, values=None, lower=None, upper=None, confidence=Levels::default()),
    text_signature = "(times, numerators=None, denominators=None, *, values=None, lower=None, upper=None, confidence=0.95)"
)]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn trend(
    times: &Bound<'_, PyAny>,
    numerators: Option<&Bound<'_, PyAny>>,
    denominators: Option<&Bound<'_, PyAny>>,
    values: Option<&Bound<'_, PyAny>>,
    lower: Option<&Bound<'_, PyAny>>,
    upper: Option<&Bound<'_, PyAny>>,
    confidence: Levels,
) -> PyResult<Trend> {
    let [level] = *confidence else {
        return Err(refused("confidence: one level is expected, that of lower and upper"));
    };
    let times = Numbers::series("times", times)?;
    let found = match (numerators, denominators, values, lower, upper) {
        (Some(x), Some(n), None, None, None) => {
            let (x, n) = (Numbers::series("numerators", x)?, Numbers::series("denominators", n)?);
            together(&[&times, &x, &n])?;
            stats::trend_of_proportions(times.values(), x.values(), n.values())
        }
        (None, None, Some(values), Some(lower), Some(upper)) => {
            let values = Numbers::series("values", values)?;
            let (lower, upper) = (Numbers::series("lower", lower)?, Numbers::series("upper", upper)?);
            together(&[&times, &values, &lower, &upper])?;
            let limits = lower.values().iter().zip(upper.values());
            let limits: Vec<_> =
                limits.map(|(lower, upper)| Interval { lower: *lower, upper: *upper }).collect();
            stats::trend_of_estimates(times.values(), values.values(), &limits, level)
        }
        _ => {
            return Err(refused(
                "a trend is of numerators and denominators, or of values, lower and upper: give one set, whole",
            ));
        }
    };
    Ok(match found {
        Ok(found) => Trend {
            slope: Some(found.slope),
            chi_squared: Some(found.chi_squared),
            word: match found.word {
                TrendWord::Increasing => "Increasing",
                TrendWord::Decreasing => "Decreasing",
                TrendWord::NotSignificant | TrendWord::OutlierFound => "No significant change",
            },
            outlier: found.word == TrendWord::OutlierFound,
            outcome: None,
        },
        Err(why) => Trend {
            slope: None,
            chi_squared: None,
            word: "Cannot be calculated",
            outlier: false,
            outcome: Some(why.to_string()),
        },
    })
}

/// Whether a series varies about its median otherwise than by chance: a run too long, or too few crossings.
///
/// A list, an array or a column, in order of time, gives one `RunChart`. Missing values, and values on the median, are
/// passed over.
///
/// Source: Anhoej J, Olesen AV, Run charts revisited, Public Library of Science ONE 9 (2014).
///
/// >>> import staysafe as ss
/// >>> chart = ss.stats.run_chart(range(1, 21))
/// >>> chart.median, chart.longest, chart.longest_expected, chart.signal
/// (10.5, 10, 7, True)
#[pyfunction]
pub(crate) fn run_chart(values: &Bound<'_, PyAny>) -> PyResult<RunChart> {
    let values = Numbers::series("values", values)?.present();
    Ok(match stats::run_chart(&values) {
        Ok(chart) => RunChart {
            median: Some(chart.median),
            useful: Some(chart.useful),
            longest: chart.runs.map(|runs| runs.longest),
            longest_expected: chart.runs.map(|runs| runs.longest_expected),
            crossings: chart.runs.map(|runs| runs.crossings),
            fewest_expected: chart.runs.map(|runs| runs.fewest_expected),
            signal: chart.signal(),
            outcome: chart.runs.is_none().then(|| "every value lies on the median".to_owned()),
        },
        Err(why) => RunChart { outcome: Some(why.to_string()), ..RunChart::default() },
    })
}
