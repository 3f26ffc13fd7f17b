//! Control charts.

use arrow_array::ArrayRef;
use chrono::NaiveDate;
use pyo3::prelude::*;
use pyo3::types::PyBool;
use staysafe::stats::{self, Better, Improvement, RuleSet, Targets, XmrOptions, XmrPoint};

use super::areas::better;
use super::numbers::Numbers;
use crate::calendar::Day;
use crate::column;
use crate::error::refused;
use crate::table::Table;

/// A control chart: a list for each column, one entry for each point, and the assurance of the last point. It is a
/// table of the same columns as well.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Xmr {
    points: Vec<XmrPoint>,
    /// For each point None, or what stands in place of its value.
    odd: Vec<Option<String>>,
    rebases: Vec<stats::Rebase>,
    /// That of the last point, "consistent_pass", "consistent_fail" or "inconsistent"; None without a target, a direction
    /// or limits.
    #[pyo3(get)]
    assurance: Option<&'static str>,
    /// The rules that were followed.
    #[pyo3(get)]
    rules: String,
}

/// Where a control chart begins anew: at a point, counted from 0, or at one of its days; with what changed in the service,
/// and the day on which it did. A rebase that nobody explains hides a change instead of showing it.
#[pyclass(frozen, eq, module = "staysafe.stats")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rebase(stats::Rebase);

#[pymethods]
impl Rebase {
    #[new]
    #[pyo3(signature = (at, reason=None, date=None))]
    fn new(at: usize, reason: Option<String>, date: Option<Day>) -> Self {
        Self(stats::Rebase { at, reason, date: date.map(|day| day.0) })
    }

    /// The first point of the new group, counted from 0.
    #[getter]
    fn at(&self) -> usize {
        self.0.at
    }

    /// What changed.
    #[getter]
    fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The day on which it changed.
    #[getter]
    fn date(&self) -> Option<NaiveDate> {
        self.0.date
    }

    fn __repr__(&self) -> String {
        let stats::Rebase { at, reason, date } = &self.0;
        let date = date.map(|date| format!(", date={date}")).unwrap_or_default();
        format!("Rebase({at}, reason={:?}{date})", reason.as_deref().unwrap_or("not given"))
    }
}

/// A rebase as it is given: a `Rebase`, a tuple of the like, a point or a day.
fn rebase(given: &Bound<'_, PyAny>, dates: Option<&[NaiveDate]>) -> PyResult<stats::Rebase> {
    if let Ok(rebase) = given.cast::<Rebase>() {
        return Ok(rebase.get().0.clone());
    }
    if let Ok((at, reason, date)) = given.extract::<(Bound<'_, PyAny>, Option<String>, Option<Day>)>() {
        let bare = rebase(&at, dates)?;
        return Ok(stats::Rebase { at: bare.at, reason, date: date.map(|day| day.0).or(bare.date) });
    }
    if let Ok((at, reason)) = given.extract::<(Bound<'_, PyAny>, Option<String>)>() {
        return Ok(stats::Rebase { reason, ..rebase(&at, dates)? });
    }
    if let Ok(at) = given.extract::<usize>()
        && !given.is_instance_of::<PyBool>()
    {
        let date = dates.and_then(|dates| dates.get(at).copied());
        return Ok(stats::Rebase { at, reason: None, date });
    }
    let Ok(Day(day)) = given.extract::<Day>() else {
        let given = given.repr()?;
        return Err(refused(format!(
            "rebase: a point counted from 0 is expected, a day of dates, or Rebase(at, reason, date), not {given}"
        )));
    };
    let dates = dates
        .ok_or_else(|| refused(format!("rebase: {day} is a day, and the chart has no dates: give dates=")))?;
    let at = dates.iter().position(|date| *date == day);
    let at = at.ok_or_else(|| refused(format!("rebase: {day} is the day of no point")))?;
    Ok(stats::Rebase { at, reason: None, date: Some(day) })
}

/// The days of the points, in order.
fn days(given: &Bound<'_, PyAny>, points: usize) -> PyResult<Vec<NaiveDate>> {
    let mut days: Vec<NaiveDate> = Vec::new();
    for (row, day) in given.try_iter()?.enumerate() {
        let day = day?.extract::<Day>().map_err(|error| refused(format!("dates, row {row}: {error}")))?.0;
        match days.last() {
            Some(before) if *before == day => {
                return Err(refused(format!("dates, row {row}: {day} is there twice")));
            }
            Some(before) if *before > day => {
                return Err(refused(format!(
                    "dates, row {row}: {day} comes after {before}; give the points in order of time"
                )));
            }
            _ => days.push(day),
        }
    }
    if days.len() != points {
        return Err(refused(format!(
            "values has {points} values and dates has {}: give as many of each",
            days.len()
        )));
    }
    Ok(days)
}

fn targets(given: Option<&Bound<'_, PyAny>>) -> PyResult<Targets> {
    let Some(given) = given else { return Ok(Targets::None) };
    let numbers = Numbers::read("target", given)?;
    if let Some(why) = (0..numbers.values().len()).find_map(|row| numbers.odd(row)) {
        return Err(refused(why));
    }
    let present = |number: f64| Some(number).filter(|number| !number.is_nan());
    Ok(if numbers.is_one() {
        present(numbers.at(0)).map_or(Targets::None, Targets::Same)
    } else {
        Targets::Each(numbers.values().iter().copied().map(present).collect())
    })
}

/// The XmR control chart of values in order of time: the mean, limits from how much neighbours differ, and which points
/// chance does not explain.
///
/// A list, an array or a column gives one `Xmr`: lists of `mean`, `lpl`, `upl`, `near_lower`, `near_upper`,
/// `moving_range`, `outside`, `trend`, `shift`, `two_in_three` and `point_type`, one entry for each point, and the
/// `assurance` of the last point. A missing value breaks every run; where there are no limits, `outcome` says why.
/// `improvement` is "higher", "lower" or "neutral"; `target` is a number, or one for each point where it changes. `rebase`
/// holds the points at which a new mean begins, each as `Rebase(at, reason, date)`, as a tuple of these, or bare; `at` is a
/// point, counted from 0, or a day of `dates`. `fix_after` bases each mean on its first so many points (at least 12). The
/// rules are "mdc-r-0.2.2" or "mdc-excel-2023"; `shift_of` and `trend_of` are the points that make a shift and a trend, 7 if
/// not given, and the chart's `rules` name them: "mdc-r-0.2.2, shift of 6".
///
/// Source: Shewhart WA (1931); Wheeler DJ, Understanding variation (1993); NHS England, Making data count.
///
/// >>> import staysafe as ss
/// >>> chart = ss.stats.xmr([50, 52, 49, 51, 50, 48] * 2 + [90])
/// >>> chart.outside[-1], chart.point_type[-1], chart.cause[-1]
/// (True, 'special_cause_concern', 'Above UCL')
/// >>> from datetime import date
/// >>> new_team = ss.stats.Rebase(6, "a second team began", date(2025, 10, 1))
/// >>> chart = ss.stats.xmr([50, 52, 49, 51, 50, 48, 30, 32, 29, 31, 30, 28], rebase=[new_team])
/// >>> chart.mean[0], chart.mean[-1], chart.rebases[0].reason
/// (50.0, 30.0, 'a second team began')
/// >>> ss.stats.xmr([1, 2, 3], rules="mdc")
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: rules: "mdc-r-0.2.2" or "mdc-excel-2023" is expected, not "mdc"
#[pyfunction]
#[pyo3(
    signature = (values, improvement=Some("lower"), target=None, rebase=None, fix_after=None, screen_outliers=true, rules="mdc-r-0.2.2", *, dates=None, shift_of=None, trend_of=None),
    text_signature = "(values, improvement='lower', target=None, rebase=[], fix_after=None, screen_outliers=True, rules='mdc-r-0.2.2', *, dates=None, shift_of=None, trend_of=None)"
)]
#[allow(clippy::too_many_arguments, reason = "an option by its name each")]
pub(crate) fn xmr<'py>(
    py: Python<'py>,
    values: &Bound<'py, PyAny>,
    improvement: Option<&str>,
    target: Option<&Bound<'py, PyAny>>,
    rebase: Option<&Bound<'py, PyAny>>,
    fix_after: Option<usize>,
    screen_outliers: bool,
    rules: &str,
    dates: Option<&Bound<'py, PyAny>>,
    shift_of: Option<usize>,
    trend_of: Option<usize>,
) -> PyResult<Bound<'py, Xmr>> {
    let improvement = match better("improvement", improvement)? {
        Better::Higher => Improvement::Increase,
        Better::Lower => Improvement::Decrease,
        Better::Neither => Improvement::Neutral,
    };
    let named = RuleSet::named(rules).ok_or_else(|| {
        refused(format!("rules: \"mdc-r-0.2.2\" or \"mdc-excel-2023\" is expected, not {rules:?}"))
    })?;
    if shift_of.is_some_and(|points| points < 2) || trend_of.is_some_and(|points| points < 3) {
        return Err(refused("a shift has at least 2 points, and a trend at least 3"));
    }
    let rules = shift_of.map_or(named, |points| named.with_shift(points));
    let rules = trend_of.map_or(rules, |points| rules.with_trend(points));
    let given = Numbers::points("values", values)?;
    let values = given.present();
    let dates = dates.map(|dates| days(dates, values.len())).transpose()?;
    let rebases = match rebase {
        None => Vec::new(),
        Some(all) => {
            all.try_iter()?.map(|one| self::rebase(&one?, dates.as_deref())).collect::<PyResult<_>>()?
        }
    };
    let options = XmrOptions {
        improvement,
        target: targets(target)?,
        rebase: rebases,
        fix_after,
        screen_outliers,
        rules,
    };
    let chart = py.detach(|| stats::xmr(&values, &options)).map_err(refused)?;
    let odd: Vec<_> = (0..values.len()).map(|row| given.odd(row)).collect();
    let columns = columns(&chart.points, &odd, &options.rebase, dates.as_deref());
    let table = Table::open("control chart", column::table(columns).map_err(refused)?);
    let own = Xmr {
        assurance: chart.assurance.map(stats::Assurance::word),
        points: chart.points,
        odd,
        rebases: options.rebase,
        rules: rules.to_string(),
    };
    Bound::new(py, PyClassInitializer::from(table).add_subclass(own))
}

fn columns(
    points: &[XmrPoint],
    odd: &[Option<String>],
    rebases: &[stats::Rebase],
    dates: Option<&[NaiveDate]>,
) -> Vec<(&'static str, ArrayRef)> {
    let number = |name, of: fn(&XmrPoint) -> Option<f64>| column::number(name, points.iter().map(of));
    let flag =
        |name, of: fn(&XmrPoint) -> bool| column::flag(name, points.iter().map(|point| Some(of(point))));
    let mut columns = Vec::new();
    if let Some(dates) = dates {
        columns.push(column::day("date", dates.iter().copied().map(Some)));
    }
    columns.extend([
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
        number("target", |point| point.target),
        column::text("assurance", points.iter().map(assurance)),
    ]);
    if !rebases.is_empty() {
        let at = |row: usize| rebases.iter().find(|rebase| rebase.at == row);
        let reason = |row| at(row).and_then(|rebase| rebase.reason.clone());
        columns.push(column::text("rebase_reason", (0..points.len()).map(reason)));
        columns.push(column::day(
            "rebase_date",
            (0..points.len()).map(|row| at(row).and_then(|rebase| rebase.date)),
        ));
    }
    columns.push(column::text("outcome", points.iter().zip(odd).map(outcome)));
    columns
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

fn assurance(point: &XmrPoint) -> Option<&'static str> {
    point.assurance.map(stats::Assurance::word)
}

fn outcome((point, odd): (&XmrPoint, &Option<String>)) -> Option<String> {
    match (point.value, point.limits) {
        (None, _) => Some(odd.clone().unwrap_or_else(|| "the value is missing or not finite".to_owned())),
        (_, None) => Some("too few neighbours differ to make limits".to_owned()),
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
    fn outcome(&self) -> Vec<Option<String>> {
        self.points.iter().zip(&self.odd).map(outcome).collect()
    }

    /// The target at each point; None where it has none.
    #[getter]
    fn target(&self) -> Vec<Option<f64>> {
        self.each(|point| point.target)
    }

    /// The assurance at each point: whether the process, as it is in its group, will meet the target of that point.
    #[getter]
    fn assurances(&self) -> Vec<Option<&'static str>> {
        self.each(assurance)
    }

    /// Where the chart begins anew, each with its reason and its day.
    #[getter]
    fn rebases(&self) -> Vec<Rebase> {
        self.rebases.iter().cloned().map(Rebase).collect()
    }
}

impl Xmr {
    fn each<T>(&self, of: impl Fn(&XmrPoint) -> T) -> Vec<T> {
        self.points.iter().map(of).collect()
    }
}
