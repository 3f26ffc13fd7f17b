//! Values in order of time: trends, run charts and control charts.

use pyo3::prelude::*;
use staysafe::stats::{self, Better, Improvement, Interval, RuleSet, TrendWord, XmrOptions, XmrPoint};

use super::areas::better;
use super::interval::confidence;
use super::numbers::{Numbers, together};
use crate::column::{self, Column};
use crate::error::refused;
use crate::table::Table;

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

/// A control chart: a list for each column, one entry for each point, and the assurance of the last point. It is a
/// table of the same columns as well.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Xmr {
    points: Vec<XmrPoint>,
    /// "consistent_pass", "consistent_fail" or "inconsistent"; None without a target, a direction or limits.
    #[pyo3(get)]
    assurance: Option<&'static str>,
    /// The rules that were followed.
    #[pyo3(get)]
    rules: String,
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
#[pyo3(signature = (times, numerators=None, denominators=None, *, values=None, lower=None, upper=None, confidence=0.95))]
pub(crate) fn trend(
    times: &Bound<'_, PyAny>,
    numerators: Option<&Bound<'_, PyAny>>,
    denominators: Option<&Bound<'_, PyAny>>,
    values: Option<&Bound<'_, PyAny>>,
    lower: Option<&Bound<'_, PyAny>>,
    upper: Option<&Bound<'_, PyAny>>,
    confidence: f64,
) -> PyResult<Trend> {
    let level = self::confidence(confidence)?;
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

/// The XmR control chart of values in order of time: the mean, limits from how much neighbours differ, and which points
/// chance does not explain.
///
/// A list, an array or a column gives one `Xmr`: lists of `mean`, `lpl`, `upl`, `near_lower`, `near_upper`,
/// `moving_range`, `outside`, `trend`, `shift`, `two_in_three` and `point_type`, one entry for each point, and the
/// `assurance` of the last point. A missing value breaks every run; where there are no limits, `outcome` says why.
/// `improvement` is "higher", "lower" or "neutral"; `rebase` holds the points, counted from 0, at which a new mean
/// begins; `fix_after` bases each mean on its first so many points (at least 12). The rules are "mdc-r-0.2.2" or
/// "mdc-excel-2023"; `shift_of` and `trend_of` are the points that make a shift and a trend, 7 if not given.
///
/// Source: Shewhart WA (1931); Wheeler DJ, Understanding variation (1993); NHS England, Making data count.
///
/// >>> import staysafe as ss
/// >>> chart = ss.stats.xmr([50, 52, 49, 51, 50, 48] * 2 + [90])
/// >>> chart.outside[-1], chart.point_type[-1], chart.cause[-1]
/// (True, 'special_cause_concern', 'Above UCL')
/// >>> ss.stats.xmr([1, 2, 3], rules="mdc")
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: rules: "mdc-r-0.2.2" or "mdc-excel-2023" is expected, not "mdc"
#[pyfunction]
#[pyo3(
    signature = (values, improvement=Some("lower"), target=None, rebase=Vec::new(), fix_after=None, screen_outliers=true, rules="mdc-r-0.2.2", *, shift_of=7, trend_of=7),
    text_signature = "(values, improvement='lower', target=None, rebase=[], fix_after=None, screen_outliers=True, rules='mdc-r-0.2.2', *, shift_of=7, trend_of=7)"
)]
#[allow(clippy::too_many_arguments, reason = "an option by its name each")]
pub(crate) fn xmr<'py>(
    py: Python<'py>,
    values: &Bound<'py, PyAny>,
    improvement: Option<&str>,
    target: Option<f64>,
    rebase: Vec<usize>,
    fix_after: Option<usize>,
    screen_outliers: bool,
    rules: &str,
    shift_of: usize,
    trend_of: usize,
) -> PyResult<Bound<'py, Xmr>> {
    let improvement = match better("improvement", improvement)? {
        Better::Higher => Improvement::Increase,
        Better::Lower => Improvement::Decrease,
        Better::Neither => Improvement::Neutral,
    };
    let named = RuleSet::named(rules).ok_or_else(|| {
        refused(format!("rules: \"mdc-r-0.2.2\" or \"mdc-excel-2023\" is expected, not {rules:?}"))
    })?;
    if shift_of < 2 || trend_of < 3 {
        return Err(refused("a shift has at least 2 points, and a trend at least 3"));
    }
    let rules = named.with_shift(shift_of).with_trend(trend_of);
    let values = Numbers::series("values", values)?.present();
    let options = XmrOptions { improvement, target, rebase, fix_after, screen_outliers, rules };
    let chart = stats::xmr(&values, &options).map_err(refused)?;
    let table = Table::open("control chart", column::table(columns(&chart.points)).map_err(refused)?);
    let own = Xmr {
        assurance: chart.assurance.map(stats::Assurance::word),
        points: chart.points,
        rules: rules.to_string(),
    };
    Bound::new(py, PyClassInitializer::from(table).add_subclass(own))
}

fn columns(points: &[XmrPoint]) -> Vec<Column> {
    let number = |name, of: fn(&XmrPoint) -> Option<f64>| column::number(name, points.iter().map(of));
    let flag =
        |name, of: fn(&XmrPoint) -> bool| column::flag(name, points.iter().map(|point| Some(of(point))));
    vec![
        number("value", |point| point.value),
        column::count("group", points.iter().map(|point| Some(point.group as u64))),
        flag("trial", |point| point.trial),
        number("mean", |point| point.mean),
        number("lpl", lpl),
        number("upl", upl),
        number("near_lower", near_lower),
        number("near_upper", near_upper),
        number("moving_range", |point| point.moving_range),
        flag("outside", |point| point.flags.outside.is_some()),
        flag("trend", |point| point.flags.trend.is_some()),
        flag("shift", |point| point.flags.shift.is_some()),
        flag("two_in_three", |point| point.flags.two_in_three.is_some()),
        column::text("point_type", points.iter().map(|point| Some(point.point_type.word()))),
        column::text("cause", points.iter().map(cause)),
        column::text("outcome", points.iter().map(outcome)),
    ]
}

fn lpl(point: &XmrPoint) -> Option<f64> {
    point.limits.map(|limits| limits.process.lower)
}

fn upl(point: &XmrPoint) -> Option<f64> {
    point.limits.map(|limits| limits.process.upper)
}

fn near_lower(point: &XmrPoint) -> Option<f64> {
    point.limits.map(|limits| limits.near.lower)
}

fn near_upper(point: &XmrPoint) -> Option<f64> {
    point.limits.map(|limits| limits.near.upper)
}

fn cause(point: &XmrPoint) -> Option<String> {
    point.cause.map(|cause| cause.to_string())
}

fn outcome(point: &XmrPoint) -> Option<&'static str> {
    match (point.value, point.limits) {
        (None, _) => Some("the value is missing or not finite"),
        (_, None) => Some("too few neighbours differ to make limits"),
        _ => None,
    }
}

#[pymethods]
impl Xmr {
    /// The values, as given.
    #[getter]
    fn value(&self) -> Vec<Option<f64>> {
        self.each(|point| point.value)
    }

    /// Whether a point's group is so short that its limits are on trial.
    #[getter]
    fn trial(&self) -> Vec<bool> {
        self.each(|point| point.trial)
    }

    /// How many times the chart was rebased up to each point.
    #[getter]
    fn group(&self) -> Vec<usize> {
        self.each(|point| point.group)
    }

    /// The mean of each point's group.
    #[getter]
    fn mean(&self) -> Vec<Option<f64>> {
        self.each(|point| point.mean)
    }

    /// The lower process limit.
    #[getter]
    fn lpl(&self) -> Vec<Option<f64>> {
        self.each(lpl)
    }

    /// The upper process limit.
    #[getter]
    fn upl(&self) -> Vec<Option<f64>> {
        self.each(upl)
    }

    /// The lower near limit, at two thirds of the way to the process limit.
    #[getter]
    fn near_lower(&self) -> Vec<Option<f64>> {
        self.each(near_lower)
    }

    /// The upper near limit.
    #[getter]
    fn near_upper(&self) -> Vec<Option<f64>> {
        self.each(near_upper)
    }

    /// The difference from the point before.
    #[getter]
    fn moving_range(&self) -> Vec<Option<f64>> {
        self.each(|point| point.moving_range)
    }

    /// The same, where it was not left out as an outlier.
    #[getter]
    fn moving_range_used(&self) -> Vec<Option<f64>> {
        self.each(|point| point.moving_range_used)
    }

    /// Whether a point lies outside a process limit.
    #[getter]
    fn outside(&self) -> Vec<bool> {
        self.each(|point| point.flags.outside.is_some())
    }

    /// Whether a point is part of a trend.
    #[getter]
    fn trend(&self) -> Vec<bool> {
        self.each(|point| point.flags.trend.is_some())
    }

    /// Whether a point is part of a run on one side of the mean.
    #[getter]
    fn shift(&self) -> Vec<bool> {
        self.each(|point| point.flags.shift.is_some())
    }

    /// Whether a point is one of two in three near a process limit.
    #[getter]
    fn two_in_three(&self) -> Vec<bool> {
        self.each(|point| point.flags.two_in_three.is_some())
    }

    /// What each point means: "common_cause", "special_cause_improvement", "special_cause_concern",
    /// "special_cause_neutral_high" or "special_cause_neutral_low".
    #[getter]
    fn point_type(&self) -> Vec<&'static str> {
        self.each(|point| point.point_type.word())
    }

    /// The one cause that each point is given, such as "Above UCL"; None for chance.
    #[getter]
    fn cause(&self) -> Vec<Option<String>> {
        self.each(cause)
    }

    /// For each point None, or why it has no value or no limits.
    #[getter]
    fn outcome(&self) -> Vec<Option<&'static str>> {
        self.each(outcome)
    }
}

impl Xmr {
    fn each<T>(&self, of: impl Fn(&XmrPoint) -> T) -> Vec<T> {
        self.points.iter().map(of).collect()
    }
}
