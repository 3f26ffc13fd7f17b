//! How a calculation would read its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pyo3::prelude::*;
use staysafe::plan::{Request, plan};
use staysafe_arrow as core;

use crate::column;
use crate::error::{bad_return, of_calculation, of_plan, refused};
use crate::framework::Loaded;
use crate::source::Source;
use crate::table::Table;

/// How figures would be counted: a row for each reading of a table, with the indicators that share it, the columns that are read and
/// about how much memory it takes beside them. Printed, it says the rest as well.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Explained {
    inner: core::Explained,
}

/// One row: of a reading, or of one side of two totals, which nobody shares.
struct Read<'e> {
    table: &'e str,
    dates: &'e [String],
    indicators: String,
    columns: String,
    periods: Option<u64>,
    times: u64,
    distinct: Option<String>,
    rows: Option<u64>,
    bytes: Option<u64>,
}

impl Explained {
    /// Of columns where there are any, else of records.
    pub(crate) fn told(
        py: Python<'_>,
        framework: Arc<Loaded>,
        data: Arc<Source>,
        request: Request,
    ) -> PyResult<Py<Self>> {
        let told = py.detach(move || {
            let Some(checked) = &framework.checked else {
                return Err(refused("the definitions have errors"));
            };
            let plan = plan(checked, &request).map_err(|error| of_plan(&error))?;
            match data.columns().map(|columns| core::explain_loaded(checked, &plan, columns)) {
                Some(Ok(told)) => return Ok(told),
                // Columns of other datasets than these definitions read.
                Some(Err(core::CalculateLoadedError::Load(_))) | None => {}
                Some(Err(error)) => return Err(bad_return(error)),
            }
            let whole = data.records().map_err(bad_return)?;
            core::explain(checked, &plan, &whole.data).map_err(|error| of_calculation(&error))
        })?;
        Self::new(py, told)
    }

    fn new(py: Python<'_>, inner: core::Explained) -> PyResult<Py<Self>> {
        let all: Vec<Read<'_>> = inner
            .readings
            .iter()
            .map(|of| Read::of(of, inner.has_returns))
            .chain(inner.totals.iter().map(Read::of_total))
            .collect();
        let batch = column::table(vec![
            column::text("table", all.iter().map(|read| Some(read.table))),
            column::text("by", all.iter().map(|read| Some(read.dates.join(" to ")))),
            column::text("indicators", all.iter().map(|read| Some(read.indicators.as_str()))),
            column::text("columns", all.iter().map(|read| Some(read.columns.as_str()))),
            column::count("periods", all.iter().map(|read| read.periods)),
            column::count("times", all.iter().map(|read| Some(read.times))),
            column::text("distinct", all.iter().map(|read| read.distinct.as_deref())),
            column::count("rows", all.iter().map(|read| read.rows)),
            column::count("bytes", all.iter().map(|read| read.bytes)),
        ])
        .map_err(refused)?;
        let table = Table::open("readings", batch);
        Py::new(py, PyClassInitializer::from(table).add_subclass(Self { inner }))
    }
}

impl<'e> Read<'e> {
    fn of(reading: &'e core::Reading, has_returns: bool) -> Self {
        Self {
            table: &reading.table,
            dates: &reading.dates,
            indicators: joined(&reading.indicators),
            columns: columns(&reading.columns),
            periods: Some(reading.periods as u64),
            times: reading.times as u64,
            distinct: (!reading.distinct.is_empty()).then(|| reading.distinct.join(", ")),
            rows: has_returns.then_some(reading.rows as u64),
            bytes: has_returns.then_some(reading.bytes),
        }
    }

    fn of_total(total: &'e core::Totalled) -> Self {
        Self {
            table: &total.table,
            dates: &total.dates,
            indicators: total.indicator.clone(),
            columns: columns(&total.columns),
            periods: None,
            times: total.times as u64,
            distinct: None,
            rows: None,
            bytes: None,
        }
    }
}

fn columns(of: &BTreeMap<String, BTreeSet<String>>) -> String {
    let table = |(table, fields): (&String, &BTreeSet<String>)| format!("{table}: {}", joined(fields));
    of.iter().map(table).collect::<Vec<_>>().join("; ")
}

fn joined(all: &BTreeSet<String>) -> String {
    all.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[pymethods]
impl Explained {
    /// Bytes of the tables in columns, the worked-out ones among them; `None` without returns.
    #[getter]
    fn in_columns(&self) -> Option<u64> {
        self.inner.has_returns.then(|| self.inner.in_columns())
    }

    /// Bytes that indexes, layouts and counts take beside the columns, at most about, on one thread; `None` without returns.
    #[getter]
    fn beside(&self) -> Option<u64> {
        self.inner.has_returns.then_some(self.inner.beside)
    }

    /// Indicators for which nothing is read.
    #[getter]
    fn without(&self) -> Vec<String> {
        self.inner.without.iter().cloned().collect()
    }

    /// As `staysafe explain` prints it.
    fn __str__(&self) -> String {
        self.inner.to_string()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Explained: {} readings, {} indicators share one>",
            self.inner.readings.len(),
            self.inner.sharing()
        )
    }
}
