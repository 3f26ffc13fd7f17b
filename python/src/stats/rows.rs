//! What comes out: attributes for one, columns and a table for many.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Float64Array, StringArray};
use arrow_buffer::NullBuffer;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList};
use staysafe::stats::{Confidence, LimitRows, Refused, StatsError};

use super::levels::Levels;
use super::numbers::{Numbers, blocks, shape, together};
use super::places::{Places, no_words};
use super::shape::Shape;
use crate::column;
use crate::error::refused;
use crate::table::Table;

/// The limits of one row. Both are None where they cannot be worked out, and `outcome` says why.
///
/// `lower` and `upper` are those of the first level of confidence; each level has its own by name, such as `lower_95`
/// and `upper_99_8`, and `levels` tells which there are.
#[pyclass(frozen, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Interval {
    limits: Vec<Level>,
    /// None, or why there are no limits.
    #[pyo3(get)]
    outcome: Option<String>,
}

/// A value and its limits. What cannot be worked out is None, and `outcome` says why.
///
/// `lower` and `upper` are those of the first level of confidence; each level has its own by name, such as `lower_95`
/// and `upper_99_8`, and `levels` tells which there are.
#[pyclass(frozen, module = "staysafe.stats")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Estimate {
    /// The value.
    #[pyo3(get)]
    pub(super) value: Option<f64>,
    pub(super) limits: Vec<Level>,
    /// None, or what is missing and why.
    #[pyo3(get)]
    pub(super) outcome: Option<String>,
}

/// The limits of many rows: `lower` and `upper` in the shape in which the numbers came, None (or masked, or null) where
/// a row cannot be worked out, and `outcome` says why. It is a table of the same columns as well.
///
/// With several levels of confidence `lower` and `upper` are those of the first; each level has its own by name, such
/// as `lower_95` and `upper_99_8`.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Intervals {
    columns: Columns,
}

/// The values and limits of many rows: as `Intervals`, with a `value` for each row.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Estimates {
    value: Arc<Float64Array>,
    columns: Columns,
}

/// One result a row, as a list; a row that cannot be worked out is None, and `outcome` says why.
#[pyclass(frozen, sequence, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Rows {
    values: Py<PyList>,
    /// For each row None, or why it has no result.
    #[pyo3(get)]
    outcome: Vec<Option<String>>,
}

/// The limits at one level of confidence.
#[derive(Debug, Clone)]
pub(super) struct Level {
    confidence: Confidence,
    lower: Option<f64>,
    upper: Option<f64>,
}

/// The limits of many rows, level by level.
struct Columns {
    limits: Vec<(Confidence, Arc<Float64Array>, Arc<Float64Array>)>,
    outcome: Arc<StringArray>,
    shape: Shape,
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Columns").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Fills the limits of some rows, at each of several levels.
pub(super) trait Many:
    FnMut(&[f64], &[f64], &[Confidence], &mut [LimitRows<'_>]) -> Result<Vec<Refused>, StatsError> + Send
{
}

impl<F> Many for F where
    F: FnMut(&[f64], &[f64], &[Confidence], &mut [LimitRows<'_>]) -> Result<Vec<Refused>, StatsError> + Send
{
}

/// Limits of each row of two columns: one as it is, many as columns and a table.
pub(super) fn intervals<'py>(
    py: Python<'py>,
    what: &str,
    (x, n): (&Numbers, &Numbers),
    levels: &Levels,
    mut many: impl Many,
) -> PyResult<Bound<'py, PyAny>> {
    let (rows, one) = together(&[x, n])?;
    let mut sides: Vec<(Places, Places)> =
        levels.iter().map(|_| (Places::new(rows), Places::new(rows))).collect();
    let mut refused_rows: Vec<Refused> = Vec::new();
    let mut misfit = None;
    blocks(py, x, n, rows, |from, x, n| {
        let here = from..from + x.len();
        let places = sides.iter_mut().map(|(lower, upper)| LimitRows {
            lower: lower.as_mut_slice().get_mut(here.clone()).unwrap_or_default(),
            upper: upper.as_mut_slice().get_mut(here.clone()).unwrap_or_default(),
        });
        match many(x, n, levels, &mut places.collect::<Vec<_>>()) {
            Ok(found) => refused_rows.extend(found.iter().map(|r| Refused { row: from + r.row, why: r.why })),
            Err(why) => misfit = Some(why),
        }
    })?;
    if let Some(why) = misfit {
        return Err(refused(why));
    }
    if one {
        let outcome = refused_rows
            .first()
            .map(|row| x.odd(0).or_else(|| n.odd(0)).unwrap_or_else(|| row.why.to_string()));
        let limits = levels.iter().zip(&mut sides).map(|(confidence, (lower, upper))| {
            let limit =
                |side: &mut Places| side.as_mut_slice().first().copied().filter(|_| outcome.is_none());
            Level { confidence: *confidence, lower: limit(lower), upper: limit(upper) }
        });
        return Ok(Bound::new(py, Interval { limits: limits.collect(), outcome })?.into_any());
    }
    let columns = py.detach(|| {
        let why = refused_rows
            .iter()
            .map(|r| (r.row, x.odd(r.row).or_else(|| n.odd(r.row)).map_or(Why::Error(r.why), Why::Odd)));
        let (outcome, good) = outcomes(rows, why);
        let good = good.map(NullBuffer::from);
        let column = |side: Places| Arc::new(side.into_column(good.clone()));
        let limits =
            levels.iter().zip(sides).map(|(level, (lower, upper))| (*level, column(lower), column(upper)));
        (limits.collect(), outcome)
    });
    let columns = Columns { limits: columns.0, outcome: columns.1, shape: shape(&[x, n], py) };
    let table = Table::open(what, column::table(columns.named()).map_err(refused)?);
    let own = PyClassInitializer::from(table).add_subclass(Intervals { columns });
    Ok(Bound::new(py, own)?.into_any())
}

/// An estimate of each row of several columns: one as it is, many as columns and a table.
pub(super) fn estimates<'py>(
    py: Python<'py>,
    what: &str,
    all: &[&Numbers],
    levels: &Levels,
    row: impl Fn(usize, Confidence) -> Result<staysafe::stats::Estimate, StatsError> + Sync,
) -> PyResult<Bound<'py, PyAny>> {
    let (rows, one) = together(all)?;
    let odd = |at: usize| all.iter().find_map(|numbers| numbers.odd(at));
    if one {
        let mut estimate = Estimate::of(levels, |level| row(0, level));
        estimate.outcome = odd(0).or(estimate.outcome);
        return Ok(Bound::new(py, estimate)?.into_any());
    }
    let given = shape(all, py);
    let (own, table) = py.detach(|| {
        let of_row = |at: usize| levels.iter().map(|level| row(at, *level)).collect::<Result<Vec<_>, _>>();
        let found: Vec<_> = (0..rows).map(of_row).collect();
        let why = found.iter().enumerate().filter_map(|(at, row)| {
            row.as_ref().err().map(|why| (at, odd(at).map_or(Why::Error(*why), Why::Odd)))
        });
        let (outcome, _) = outcomes(rows, why);
        let side = |number: usize, of: fn(&staysafe::stats::Estimate) -> f64| {
            let values = found.iter().map(|row| row.as_ref().ok().and_then(|row| row.get(number)).map(of));
            Arc::new(values.collect::<Float64Array>())
        };
        let limits = levels.iter().enumerate().map(|(number, level)| {
            (*level, side(number, |row| row.interval.lower), side(number, |row| row.interval.upper))
        });
        let columns = Columns { limits: limits.collect(), outcome, shape: given };
        let own = Estimates { value: side(0, |row| row.value), columns };
        let mut named: Vec<(String, ArrayRef)> = vec![("value".to_owned(), own.value.clone())];
        named.extend(own.columns.named());
        let table = column::table(named);
        (own, table)
    });
    let table = Table::open(what, table.map_err(refused)?);
    Ok(Bound::new(py, PyClassInitializer::from(table).add_subclass(own))?.into_any())
}

/// Why a row has no result.
enum Why {
    Error(StatsError),
    Odd(String),
}

/// The column of outcomes, and which rows have a result.
fn outcomes(
    rows: usize,
    refused: impl Iterator<Item = (usize, Why)>,
) -> (Arc<StringArray>, Option<Vec<bool>>) {
    let mut refused = refused.peekable();
    if refused.peek().is_none() {
        return (Arc::new(no_words(rows)), None);
    }
    let (mut text, mut good) = (StringBuilder::new(), vec![true; rows]);
    let mut done = 0;
    for (row, why) in refused {
        text.append_nulls(row - done);
        // Writing into memory does not fail.
        let _ = match why {
            Why::Error(why) => write!(text, "{why}"),
            Why::Odd(why) => write!(text, "{why}"),
        };
        text.append_value("");
        good.iter_mut().skip(row).take(1).for_each(|good| *good = false);
        done = row + 1;
    }
    text.append_nulls(rows - done);
    (Arc::new(text.finish()), Some(good))
}

impl Columns {
    /// The columns under the names that a table gives them: with one level no name holds it.
    fn named(&self) -> Vec<(String, ArrayRef)> {
        let mut named: Vec<(String, ArrayRef)> = Vec::new();
        for (level, lower, upper) in &self.limits {
            let suffix = if self.limits.len() > 1 { format!("_{}", level.name()) } else { String::new() };
            named.push((format!("lower{suffix}"), lower.clone()));
            named.push((format!("upper{suffix}"), upper.clone()));
        }
        named.push(("outcome".to_owned(), self.outcome.clone()));
        named
    }

    fn first<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let (_, lower, upper) = self.limits.first().ok_or_else(|| no_attribute(name))?;
        self.shape.column(py, name, if name == "lower" { lower } else { upper })
    }

    fn by_name<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let (side, of) = name.split_once('_').ok_or_else(|| no_attribute(name))?;
        let limits = self.limits.iter().find(|(level, ..)| level.name() == of);
        match (side, limits) {
            ("lower", Some((_, lower, _))) => self.shape.column(py, name, lower),
            ("upper", Some((_, _, upper))) => self.shape.column(py, name, upper),
            _ => Err(no_attribute(name)),
        }
    }

    fn levels(&self) -> Vec<f64> {
        self.limits.iter().map(|(level, ..)| level.level()).collect()
    }
}

impl Level {
    /// No limits at a level.
    pub(super) fn without(confidence: Confidence) -> Self {
        Self { confidence, lower: None, upper: None }
    }

    /// Limits at a level.
    pub(super) fn new(confidence: Confidence, limits: staysafe::stats::Interval) -> Self {
        Self { confidence, lower: Some(limits.lower), upper: Some(limits.upper) }
    }
}

/// A limit by its name, such as `lower_99_8`.
fn by_name(limits: &[Level], name: &str) -> PyResult<Option<f64>> {
    let (side, of) = name.split_once('_').ok_or_else(|| no_attribute(name))?;
    let level = limits.iter().find(|level| level.confidence.name() == of);
    match (side, level) {
        ("lower", Some(level)) => Ok(level.lower),
        ("upper", Some(level)) => Ok(level.upper),
        _ => Err(no_attribute(name)),
    }
}

/// The limits as they are shown.
fn shown(limits: &[Level]) -> String {
    let part = |number: Option<f64>| number.map_or_else(|| "None".to_owned(), |number| number.to_string());
    let one = limits.len() == 1;
    let each = limits.iter().map(|level| {
        let suffix = if one { String::new() } else { format!("_{}", level.confidence.name()) };
        format!("lower{suffix}={}, upper{suffix}={}", part(level.lower), part(level.upper))
    });
    each.collect::<Vec<_>>().join(", ")
}

fn no_attribute(name: &str) -> PyErr {
    PyAttributeError::new_err(format!(
        "there is no {name}: limits are lower and upper, and by level such as lower_95 or upper_99_8"
    ))
}

fn level_of(limits: &[Level]) -> Vec<f64> {
    limits.iter().map(|level| level.confidence.level()).collect()
}

#[pymethods]
impl Interval {
    /// The lower limit.
    #[getter]
    fn lower(&self) -> Option<f64> {
        self.limits.first()?.lower
    }

    /// The upper limit.
    #[getter]
    fn upper(&self) -> Option<f64> {
        self.limits.first()?.upper
    }

    /// The levels of confidence, as shares.
    #[getter]
    fn levels(&self) -> Vec<f64> {
        level_of(&self.limits)
    }

    fn __getattr__(&self, name: &str) -> PyResult<Option<f64>> {
        by_name(&self.limits, name)
    }

    fn __repr__(&self) -> String {
        match &self.outcome {
            None => format!("Interval({})", shown(&self.limits)),
            Some(outcome) => format!("Interval(outcome={outcome:?})"),
        }
    }
}

#[pymethods]
impl Intervals {
    /// The lower limits.
    #[getter]
    fn lower<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.columns.first(py, "lower")
    }

    /// The upper limits.
    #[getter]
    fn upper<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.columns.first(py, "upper")
    }

    /// For each row None, or why it has no limits.
    #[getter]
    fn outcome(&self) -> Vec<Option<&str>> {
        self.columns.outcome.iter().collect()
    }

    /// The levels of confidence, as shares.
    #[getter]
    fn levels(&self) -> Vec<f64> {
        self.columns.levels()
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.columns.by_name(py, name)
    }
}

#[pymethods]
impl Estimates {
    /// The values.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.columns.shape.column(py, "value", &self.value)
    }

    /// The lower limits.
    #[getter]
    fn lower<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.columns.first(py, "lower")
    }

    /// The upper limits.
    #[getter]
    fn upper<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.columns.first(py, "upper")
    }

    /// For each row None, or why it has no value.
    #[getter]
    fn outcome(&self) -> Vec<Option<&str>> {
        self.columns.outcome.iter().collect()
    }

    /// The levels of confidence, as shares.
    #[getter]
    fn levels(&self) -> Vec<f64> {
        self.columns.levels()
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.columns.by_name(py, name)
    }
}

impl Estimate {
    /// What a method gives, at each level.
    pub(super) fn of(
        levels: &Levels,
        method: impl Fn(Confidence) -> Result<staysafe::stats::Estimate, StatsError>,
    ) -> Self {
        match levels.iter().map(|level| Ok((*level, method(*level)?))).collect::<Result<Vec<_>, StatsError>>()
        {
            Ok(found) => Self {
                value: found.first().map(|(_, estimate)| estimate.value),
                limits: found.iter().map(|(level, estimate)| Level::new(*level, estimate.interval)).collect(),
                outcome: None,
            },
            Err(why) => Self::without(levels, &why),
        }
    }

    /// What a method gives that has a value and may have no limits, for which there is then a reason.
    pub(super) fn partly(
        levels: &Levels,
        reason: &str,
        method: impl Fn(Confidence) -> Result<(f64, Option<staysafe::stats::Interval>), StatsError>,
    ) -> Self {
        let found =
            levels.iter().map(|level| Ok((*level, method(*level)?))).collect::<Result<Vec<_>, StatsError>>();
        let found = match found {
            Ok(found) => found,
            Err(why) => return Self::without(levels, &why),
        };
        let limits = found.iter().map(|(level, (_, limits))| {
            limits.map_or_else(|| Level::without(*level), |limits| Level::new(*level, limits))
        });
        Self {
            value: found.first().map(|(_, (value, _))| *value),
            limits: limits.collect(),
            outcome: found.iter().any(|(_, (_, limits))| limits.is_none()).then(|| reason.to_owned()),
        }
    }

    /// Nothing, and why.
    pub(super) fn without(levels: &Levels, why: &StatsError) -> Self {
        let limits = levels.iter().map(|level| Level::without(*level)).collect();
        Self { value: None, limits, outcome: Some(why.to_string()) }
    }
}

#[pymethods]
impl Estimate {
    /// The lower limit.
    #[getter]
    pub(super) fn lower(&self) -> Option<f64> {
        self.limits.first()?.lower
    }

    /// The upper limit.
    #[getter]
    pub(super) fn upper(&self) -> Option<f64> {
        self.limits.first()?.upper
    }

    /// The levels of confidence, as shares.
    #[getter]
    fn levels(&self) -> Vec<f64> {
        level_of(&self.limits)
    }

    pub(super) fn __getattr__(&self, name: &str) -> PyResult<Option<f64>> {
        by_name(&self.limits, name)
    }

    pub(super) fn __repr__(&self) -> String {
        let value = self.value.map_or_else(|| "None".to_owned(), |number| number.to_string());
        let why = self.outcome.as_ref().map(|why| format!(", outcome={why:?}")).unwrap_or_default();
        format!("Estimate(value={value}, {}{why})", shown(&self.limits))
    }
}

impl Rows {
    /// Results that Python has a type for, and why others are missing.
    pub(super) fn new<'py, T: IntoPyObject<'py>>(
        py: Python<'py>,
        rows: impl IntoIterator<Item = Result<T, String>>,
    ) -> PyResult<Self> {
        let values = PyList::empty(py);
        let mut outcome = Vec::new();
        for row in rows {
            match row {
                Ok(value) => {
                    values.append(value)?;
                    outcome.push(None);
                }
                Err(why) => {
                    values.append(py.None())?;
                    outcome.push(Some(why));
                }
            }
        }
        Ok(Self { values: values.unbind(), outcome })
    }
}

#[pymethods]
impl Rows {
    /// As a numpy array of the same results.
    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<&Bound<'py, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // What is made of a list is a copy in any case.
        let _ = copy;
        py.import("numpy")?.call_method1("array", (self.values.bind(py), dtype))
    }

    /// As a list.
    fn to_list(&self, py: Python<'_>) -> Py<PyList> {
        self.values.bind(py).get_slice(0, self.outcome.len()).unbind()
    }

    fn __len__(&self) -> usize {
        self.outcome.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.values.bind(py).as_any().get_item(index)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.values.bind(py).try_iter()
    }

    /// Equal to a list of the same results.
    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let own = self.values.bind(py);
        match other.cast::<Self>() {
            Ok(other) => own.eq(other.get().values.bind(py)),
            Err(_) => own.eq(other),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.values.bind(py).repr()?.to_string())
    }
}
