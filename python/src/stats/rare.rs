//! Rare events, and how long things take when some are not over yet.

use pyo3::prelude::*;
use staysafe::stats::{self, Span};

use super::clusters::answers;
use super::levels::Levels;
use super::numbers::Numbers;
use crate::column;
use crate::error::refused;
use crate::table::Table;

/// A chart of what lies between rare events. A value above `upper` is good news: the event became rarer.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Default)]
pub(crate) struct RareChart {
    /// The line in the middle: about half of the values lie on each side.
    centre: Option<f64>,
    /// The lower limit, never below 0.
    lower: Option<f64>,
    /// The upper limit.
    upper: Option<f64>,
    /// For each value, whether it lies above the upper limit: the event had become rarer.
    rarer: Vec<bool>,
    /// For each value, whether it lies below the lower limit: the event had become more frequent.
    more_frequent: Vec<bool>,
    /// None, or why there is no chart.
    outcome: Option<String>,
}

#[pymethods]
impl RareChart {
    fn __repr__(&self) -> String {
        let part =
            |number: Option<f64>| number.map_or_else(|| "None".to_owned(), |number| number.to_string());
        let why = self.outcome.as_ref().map(|why| format!(", outcome={why:?}")).unwrap_or_default();
        format!(
            "RareChart(centre={}, lower={}, upper={}{why})",
            part(self.centre),
            part(self.lower),
            part(self.upper)
        )
    }
}

/// The g chart of how many chances (visits, placements, days) lay between one rare event and the next.
///
/// A list, an array or a column of whole numbers gives one `RareChart`: `centre`, `lower`, `upper`, and for each value
/// whether it is `rarer`. A count of events says nothing where it is 0 in most months; the gaps between events do. The gap
/// since the last event is no value of the chart, but it can be held against `upper`.
///
/// Source: Benneyan JC, Health Care Management Science 4 (2001); the centre: Provost LP, Murray SK, The health care data
/// guide (2011).
///
/// >>> import staysafe as ss
/// >>> chart = ss.stats.g_chart([12, 30, 7, 21, 10])
/// >>> round(chart.centre, 3), chart.lower, round(chart.upper, 1)
/// (11.088, 0.0, 65.5)
#[pyfunction]
pub(crate) fn g_chart(between: &Bound<'_, PyAny>) -> PyResult<RareChart> {
    let between = Numbers::series("between", between)?;
    Ok(rare(between.values(), stats::g_chart(between.values())))
}

/// The t chart of the time between one rare event and the next.
///
/// A list, an array or a column of times (days), in order of time, gives one `RareChart`: `centre`, `lower`, `upper`, and
/// for each value whether the event had become `rarer` or `more_frequent`.
///
/// Source: Nelson LS, Journal of Quality Technology 26 (1994).
///
/// >>> import staysafe as ss
/// >>> chart = ss.stats.t_chart([40, 95, 12, 60, 33, 80])  # days between serious incidents
/// >>> round(chart.centre, 1), round(chart.lower, 1), round(chart.upper, 1)
/// (46.8, 0.1, 427.5)
#[pyfunction]
pub(crate) fn t_chart(between: &Bound<'_, PyAny>) -> PyResult<RareChart> {
    let between = Numbers::series("between", between)?;
    Ok(rare(between.values(), stats::t_chart(between.values())))
}

fn rare(values: &[f64], chart: Result<stats::RareChart, stats::StatsError>) -> RareChart {
    match chart {
        Ok(chart) => RareChart {
            centre: Some(chart.centre),
            lower: Some(chart.limits.lower),
            upper: Some(chart.limits.upper),
            rarer: values.iter().map(|value| *value > chart.limits.upper).collect(),
            more_frequent: values.iter().map(|value| *value < chart.limits.lower).collect(),
            outcome: None,
        },
        Err(why) => RareChart { outcome: Some(why.to_string()), ..RareChart::default() },
    }
}

/// The Kaplan-Meier curve: what share of cases is still open after so long. It is a table with a row for each length
/// at which a case was over.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct KaplanMeier {
    curves: Vec<(stats::Confidence, stats::KaplanMeier)>,
    /// None, or why there is no curve, or no median.
    #[pyo3(get)]
    outcome: Option<String>,
}

#[pymethods]
impl KaplanMeier {
    /// The length by which half of the cases are over; None where half never were.
    #[getter]
    fn median(&self) -> Option<f64> {
        self.curves.first()?.1.median
    }

    /// The lower limit of the median; None where the data reach none.
    #[getter]
    fn lower(&self) -> Option<f64> {
        self.curves.first()?.1.median_lower
    }

    /// The upper limit of the median; None where the data reach none.
    #[getter]
    fn upper(&self) -> Option<f64> {
        self.curves.first()?.1.median_upper
    }

    /// The longest length seen, over or open: nothing is known beyond it.
    #[getter]
    fn longest(&self) -> Option<f64> {
        Some(self.curves.first()?.1.longest)
    }

    /// The share of cases still open after a length; None beyond the longest length seen.
    fn open_after(&self, length: f64) -> Option<f64> {
        self.curves.first()?.1.open_after(length)
    }

    fn __getattr__(&self, name: &str) -> PyResult<Option<f64>> {
        let found = self.curves.iter().find_map(|(level, curve)| match name.split_once('_')? {
            ("lower", of) if of == level.name() => Some(curve.median_lower),
            ("upper", of) if of == level.name() => Some(curve.median_upper),
            _ => None,
        });
        found.ok_or_else(|| pyo3::exceptions::PyAttributeError::new_err(format!("there is no {name}")))
    }
}

/// How long cases take, when some of them are still open: the median, and the share still open after each length.
///
/// One row for each case: its `length` (days, or another unit), and `over`, True or False: an open case counts for as long
/// as it has been open. Leaving open cases out would make a slow service look quick. Gives one `KaplanMeier`: `median`,
/// `lower`, `upper`, `open_after(length)`, and a table of the curve.
///
/// Source: Kaplan EL, Meier P, JASA 53 (1958); Brookmeyer R, Crowley J, Biometrics 38 (1982).
///
/// >>> import staysafe as ss
/// >>> curve = ss.stats.kaplan_meier([20, 30, 45, 40, 60], [True, True, True, False, False])
/// >>> curve.median, round(curve.open_after(45), 2), curve.open_after(90)
/// (45.0, 0.3, None)
#[pyfunction]
#[pyo3(signature = (length, over, confidence=Levels::default()), text_signature = "(length, over, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn kaplan_meier<'py>(
    py: Python<'py>,
    length: &Bound<'py, PyAny>,
    over: &Bound<'py, PyAny>,
    confidence: Levels,
) -> PyResult<Bound<'py, KaplanMeier>> {
    let (length, over) = (Numbers::series("length", length)?, answers(over)?);
    if length.values().len() != over.len() {
        let have = length.values().len();
        return Err(refused(format!(
            "length has {have} values and over has {}: give as many of each",
            over.len()
        )));
    }
    let spans: Vec<_> =
        length.values().iter().zip(over).map(|(length, over)| Span { length: *length, over }).collect();
    let found = py.detach(|| {
        confidence
            .iter()
            .map(|level| Ok((*level, stats::kaplan_meier(&spans, *level)?)))
            .collect::<Result<Vec<_>, stats::StatsError>>()
    });
    let (curves, outcome) = match found {
        Ok(curves) => {
            let reached = curves.first().is_some_and(|(_, curve)| curve.median.is_some());
            (
                curves,
                (!reached)
                    .then(|| "fewer than half of the cases were over, so there is no median".to_owned()),
            )
        }
        Err(why) => (Vec::new(), Some(why.to_string())),
    };
    let steps = || curves.first().into_iter().flat_map(|(_, curve)| &curve.steps);
    let mut columns = vec![
        ("length".to_owned(), column::number("length", steps().map(|step| Some(step.length))).1),
        ("at_risk".to_owned(), column::count("at_risk", steps().map(|step| Some(step.at_risk.into()))).1),
        ("over".to_owned(), column::count("over", steps().map(|step| Some(step.over.into()))).1),
        ("open".to_owned(), column::number("open", steps().map(|step| Some(step.open))).1),
    ];
    for (level, curve) in &curves {
        let suffix = if curves.len() > 1 { format!("_{}", level.name()) } else { String::new() };
        let side = |of: fn(&stats::Interval) -> f64| {
            column::number("", curve.steps.iter().map(|step| step.interval.as_ref().map(of))).1
        };
        columns.push((format!("lower{suffix}"), side(|limits| limits.lower)));
        columns.push((format!("upper{suffix}"), side(|limits| limits.upper)));
    }
    let table = Table::open("cases still open", column::table(columns).map_err(refused)?);
    Bound::new(py, PyClassInitializer::from(table).add_subclass(KaplanMeier { curves, outcome }))
}
