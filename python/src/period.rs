//! Periods and their labels.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use chrono::NaiveDate;
use pyo3::prelude::*;
use pyo3::types::PyString;
use staysafe::period as core;

use crate::error::refused;

/// A period, by its label: '2010-11 Q1', '2010-11', 'May 2010', '2010', '2010/11 academic'.
///
/// >>> import staysafe as ss
/// >>> ss.Period("2010-11 Q1").last_day
/// datetime.date(2010, 6, 30)
/// >>> ss.Period("2010-12")  # doctest: +ELLIPSIS
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: "2010-12" is not a period: the second year must be the one after the first, 2010-11; ...
#[pyclass(frozen, eq, ord, module = "staysafe")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Period {
    inner: core::Period,
}

#[pymethods]
impl Period {
    #[new]
    fn new(label: &str) -> PyResult<Self> {
        label.parse().map(|inner| Self { inner }).map_err(refused)
    }

    /// Its first day.
    #[getter]
    fn first_day(&self) -> NaiveDate {
        self.inner.first_day()
    }

    /// Its last day.
    #[getter]
    fn last_day(&self) -> NaiveDate {
        self.inner.last_day()
    }

    /// What kind of period: 'quarter', 'financial year', 'month', ...
    #[getter]
    fn kind(&self) -> String {
        self.inner.kind().to_string()
    }

    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Period('{}')", self.inner)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.hash(&mut hasher);
        hasher.finish()
    }

    /// How it is pickled and copied.
    fn __getnewargs__(&self) -> (String,) {
        (self.inner.to_string(),)
    }
}

/// Every quarter from one period to another, both included.
///
/// >>> import staysafe as ss
/// >>> [str(quarter) for quarter in ss.quarters("2009-10", "2010-11")][3:5]
/// ['2009-10 Q4', '2010-11 Q1']
#[pyfunction]
#[pyo3(signature = (first, last))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn quarters(first: Named, last: Named) -> PyResult<Vec<Period>> {
    let found = core::Period::quarters(first.0, last.0).map_err(refused)?;
    Ok(found.into_iter().map(|inner| Period { inner }).collect())
}

/// A period given as itself or by its label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named(pub(crate) core::Period);

impl<'py> FromPyObject<'_, 'py> for Named {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(period) = object.cast::<Period>() {
            return Ok(Self(period.get().inner));
        }
        let label: String = object.extract()?;
        Ok(Self(Period::new(&label)?.inner))
    }
}

/// One period, or several.
#[derive(Debug)]
pub(crate) struct Periods(pub(crate) Vec<core::Period>);

impl<'py> FromPyObject<'_, 'py> for Periods {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() || object.is_instance_of::<Period>() {
            return Ok(Self(vec![object.extract::<Named>()?.0]));
        }
        object.try_iter()?.map(|period| Ok(period?.extract::<Named>()?.0)).collect::<PyResult<_>>().map(Self)
    }
}
