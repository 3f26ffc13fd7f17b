//! What comes out: attributes for one, lists and a table for many.

use std::sync::Arc;

use arrow_array::{Float64Array, StringArray};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList};
use staysafe::stats::StatsError;

use crate::column;
use crate::error::refused;
use crate::table::Table;

/// The limits of one row. Both are None where they cannot be worked out, and `outcome` says why.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Interval {
    /// The lower limit.
    lower: Option<f64>,
    /// The upper limit.
    upper: Option<f64>,
    /// None, or why there are no limits.
    outcome: Option<String>,
}

/// The limits of many rows: lists with None where a row cannot be worked out, and `outcome` says why. It is a
/// table of the same columns as well.
#[pyclass(frozen, extends = Table, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Intervals {
    lower: Arc<Float64Array>,
    upper: Arc<Float64Array>,
    outcome: Arc<StringArray>,
}

/// A value and its limits. What cannot be worked out is None, and `outcome` says why.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Estimate {
    /// The value.
    pub(super) value: Option<f64>,
    /// The lower limit.
    pub(super) lower: Option<f64>,
    /// The upper limit.
    pub(super) upper: Option<f64>,
    /// None, or what is missing and why.
    pub(super) outcome: Option<String>,
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

/// What a method gives for one row.
pub(super) type Outcome = Result<staysafe::stats::Interval, StatsError>;

/// One interval as it is, many as lists and a table.
pub(super) fn intervals<'py>(
    py: Python<'py>,
    what: &str,
    rows: usize,
    one: bool,
    row: impl Fn(usize) -> Outcome + Send,
) -> PyResult<Bound<'py, PyAny>> {
    if one {
        let interval = match row(0) {
            Ok(limits) => Interval { lower: Some(limits.lower), upper: Some(limits.upper), outcome: None },
            Err(why) => Interval { lower: None, upper: None, outcome: Some(why.to_string()) },
        };
        return Ok(Bound::new(py, interval)?.into_any());
    }
    let own = py.detach(|| {
        let all: Vec<Outcome> = (0..rows).map(row).collect();
        Intervals {
            lower: Arc::new(all.iter().map(|row| row.as_ref().ok().map(|limits| limits.lower)).collect()),
            upper: Arc::new(all.iter().map(|row| row.as_ref().ok().map(|limits| limits.upper)).collect()),
            outcome: Arc::new(all.iter().map(|row| row.as_ref().err().map(ToString::to_string)).collect()),
        }
    });
    let columns: Vec<column::Column> =
        vec![("lower", own.lower.clone()), ("upper", own.upper.clone()), ("outcome", own.outcome.clone())];
    let table = Table::open(what, column::table(columns).map_err(refused)?);
    Ok(Bound::new(py, PyClassInitializer::from(table).add_subclass(own))?.into_any())
}

#[pymethods]
impl Interval {
    fn __repr__(&self) -> String {
        match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => format!("Interval(lower={lower}, upper={upper})"),
            _ => format!("Interval(outcome={:?})", self.outcome.as_deref().unwrap_or_default()),
        }
    }
}

#[pymethods]
impl Intervals {
    /// The lower limits.
    #[getter]
    fn lower(&self) -> Vec<Option<f64>> {
        self.lower.iter().collect()
    }

    /// The upper limits.
    #[getter]
    fn upper(&self) -> Vec<Option<f64>> {
        self.upper.iter().collect()
    }

    /// For each row None, or why it has no limits.
    #[getter]
    fn outcome(&self) -> Vec<Option<&str>> {
        self.outcome.iter().collect()
    }
}

impl Estimate {
    /// What a method gives.
    pub(super) fn of(given: Result<staysafe::stats::Estimate, StatsError>) -> Self {
        match given {
            Ok(estimate) => Self {
                value: Some(estimate.value),
                lower: Some(estimate.interval.lower),
                upper: Some(estimate.interval.upper),
                outcome: None,
            },
            Err(why) => Self::without(&why),
        }
    }

    /// Nothing, and why.
    pub(super) fn without(why: &StatsError) -> Self {
        Self { outcome: Some(why.to_string()), ..Self::default() }
    }
}

#[pymethods]
impl Estimate {
    pub(super) fn __repr__(&self) -> String {
        let part =
            |number: Option<f64>| number.map_or_else(|| "None".to_owned(), |number| number.to_string());
        let why = self.outcome.as_ref().map(|why| format!(", outcome={why:?}")).unwrap_or_default();
        format!(
            "Estimate(value={}, lower={}, upper={}{why})",
            part(self.value),
            part(self.lower),
            part(self.upper)
        )
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
