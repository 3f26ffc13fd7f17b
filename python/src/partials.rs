//! Partial states: counts of some of the records, to be merged with the rest.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};
use staysafe::calculate::part::{Given, Part};
use staysafe::plan::{Request, plan};
use staysafe_arrow::{CalculateLoadedError, Work, calculate_part, calculate_part_loaded, from_ipc, to_ipc};

use crate::error::{bad_return, of_plan, refused};
use crate::framework::Loaded;
use crate::source::Source;
use crate::watch::watched;

/// What was counted of some of the records, before anything is divided: counts, and no record.
///
/// Those of several councils, or of several parts of a large table, are merged in any order; `Framework.finish` turns them into
/// the results that one calculation of all the records gives. Whatever does not belong together, or overlaps, is an `Error`.
///
/// >>> import staysafe as ss, polars as pl
/// >>> from datetime import date
/// >>> def part(area, children):
/// ...     cases = pl.DataFrame({"child": children, "referral": [1] * len(children), "referral_date": [date(2023, 5, 2)] * len(children)})
/// ...     data = ss.from_tables({"referral": cases}, area=area, kind="cin-census")
/// ...     return ss.lscb().calculate_part(data, "2023-24 Q1", by=["region"], indicators=["ctx-referrals"])
/// >>> sent = part("E06000001", ["A", "B"]).to_ipc()
/// >>> both = ss.Partials.from_ipc(sent).merge(part("E06000002", ["A"]))
/// >>> ss.lscb().finish(both).to_arrow()["numerator"].to_pylist()
/// [3]
/// >>> both.merge(ss.Partials.from_ipc(sent))
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: these parts overlap, and what is counted once would be counted twice: of E06000001, all of its records are in one of them; give each record to one part, and each part once
#[pyclass(frozen, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Partials {
    pub(crate) inner: Arc<Part>,
}

impl Partials {
    fn new(inner: Part) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// Counts columns where there are any, else records; with a name, some rows of their authorities.
    pub(crate) fn counted(
        py: Python<'_>,
        framework: Arc<Loaded>,
        data: Arc<Source>,
        request: Request,
        (rows, progress): (Option<String>, Option<&Py<PyAny>>),
    ) -> PyResult<Self> {
        let part = watched(py, progress, move |watch| {
            let Some(checked) = &framework.checked else {
                return Err(refused("the definitions have errors"));
            };
            let plan = plan(checked, &request).map_err(|error| of_plan(&error))?;
            let given = rows.as_deref().map_or(Given::Whole, Given::Rows);
            let work = Work::together(watch);
            match data.columns().map(|columns| calculate_part_loaded(checked, &plan, columns, given, &work)) {
                Some(Ok(part)) => return Ok(part),
                // Columns of other datasets than these definitions read.
                Some(Err(CalculateLoadedError::Load(_))) | None => {}
                Some(Err(error)) => return Err(bad_return(error)),
            }
            let whole = data.records().map_err(bad_return)?;
            calculate_part(checked, &plan, &whole.data, given, &work).map_err(bad_return)
        });
        Ok(Self::new(part?))
    }
}

#[pymethods]
impl Partials {
    /// The states that `to_ipc` or `staysafe calculate --partial` wrote. A file that was cut off, altered or is of another format is an `Error`.
    #[classmethod]
    fn from_ipc(_: &Bound<'_, PyType>, py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let data = data.to_vec();
        Ok(Self::new(py.detach(move || from_ipc(&data)).map_err(refused)?))
    }

    /// The states as an Arrow IPC file, whose layout docs/states.md documents.
    fn to_ipc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| to_ipc(&self.inner)).map_err(refused)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// These and others together, in any order.
    #[pyo3(signature = (*others))]
    #[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
    fn merge(&self, py: Python<'_>, others: Vec<PyRef<'_, Self>>) -> PyResult<Self> {
        let mut merged = Arc::clone(&self.inner);
        for other in others {
            let other = Arc::clone(&other.inner);
            merged = Arc::new(
                py.detach(|| merged.as_ref().clone().merge(other.as_ref().clone())).map_err(refused)?,
            );
        }
        Ok(Self { inner: merged })
    }

    /// The authorities whose records were counted.
    #[getter]
    fn authorities(&self) -> Vec<String> {
        self.inner.shares.authorities().cloned().collect()
    }

    /// How many values and records could not be used, by dataset, field and why; told only of parts that were counted from tables
    /// as a stream, as on Spark.
    #[getter]
    fn rejected(&self) -> std::collections::BTreeMap<String, u64> {
        self.inner.rejected.clone()
    }

    /// A hash of the records: the same for the same returns, however they were dealt out whole.
    #[getter]
    fn fingerprint(&self) -> String {
        self.inner.made_of.data.clone()
    }

    fn __len__(&self) -> usize {
        self.inner.partials.len() + self.inner.candidates.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Partials: {} states of {} authorities>",
            self.__len__(),
            self.inner.shares.authorities().count()
        )
    }
}
