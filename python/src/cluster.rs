//! What `staysafe.spark` asks: which columns travel, how rows are dealt out, and the count of each task.

use std::collections::BTreeMap;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use staysafe::calculate::part::Given;
use staysafe::diagnostic::nearest;
use staysafe::plan::{Plan, Request, Share, division, plan};
use staysafe::progress::Watch;
use staysafe::record::{Cover, Days};
use staysafe_arrow::{Gathered, Work, to_ipc};

use crate::calendar::Day;
use crate::capsule;
use crate::error::{bad_return, of_plan, refused};
use crate::framework::{Framework, Loaded};
use crate::period::Periods;

/// A calculation on a cluster: made once where it is asked for, sent to every task.
#[pyclass(frozen, module = "staysafe._native", name = "_Job")]
#[derive(Debug)]
pub(crate) struct Job {
    framework: Arc<Loaded>,
    tables: BTreeMap<String, Vec<String>>,
    request: Request,
    cover: Option<(Day, Day)>,
    plan: Plan,
}

/// A dataset, its columns, how its rows are dealt out, and the field that holds them together.
type Travels = (String, Vec<String>, &'static str, Option<String>);

#[pymethods]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
impl Job {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "those of spark.calculate, each by its name")]
    fn new(
        py: Python<'_>,
        framework: &Framework,
        tables: BTreeMap<String, Vec<String>>,
        periods: Periods,
        by: Vec<String>,
        beyond_cover: bool,
        indicators: Option<Vec<String>>,
        readings: bool,
        cover: Option<(Day, Day)>,
    ) -> PyResult<Self> {
        let checked = framework.checked(py)?;
        for (id, columns) in &tables {
            fits(&framework.inner, id, columns)?;
        }
        let indicators = indicators.unwrap_or_default();
        let request = Request { indicators, readings, periods: periods.0, by, beyond_cover };
        let plan = py.detach(|| plan(checked, &request)).map_err(|error| of_plan(&error))?;
        Ok(Self { framework: framework.inner.clone(), tables, request, cover, plan })
    }

    /// What travels: each dataset that is read and given, the columns that decide anything, and whether its rows are counted where they
    /// lie (`"anyhow"`), or all rows with one value of a field in one place (`"by"`), or all of an authority (`"whole"`).
    fn travels(&self, py: Python<'_>) -> PyResult<Vec<Travels>> {
        let framework = Framework { inner: self.framework.clone() };
        let division = division(framework.checked(py)?, &self.plan);
        let mut found = Vec::new();
        for (id, divided) in division.tables() {
            let Some(given) = self.tables.get(id) else { continue };
            let columns = given.iter().filter(|column| divided.columns.contains(*column)).cloned().collect();
            let (how, field) = match &divided.share {
                Share::Anyhow => ("anyhow", None),
                Share::By(field) => ("by", Some(field.clone())),
                Share::Whole(_) => ("whole", None),
            };
            // Without the column that holds rows together, none of them can be told apart by it.
            let how = if field.as_ref().is_some_and(|field| !given.contains(field)) { "whole" } else { how };
            found.push((id.clone(), columns, how, field));
        }
        Ok(found)
    }

    /// Counts the rows of one task, and gives their partial states. `name` is one that no other task has.
    fn count<'py>(
        &self,
        py: Python<'py>,
        batches: &Bound<'py, PyAny>,
        name: String,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let framework = Framework { inner: self.framework.clone() };
        let checked = framework.checked(py)?;
        let cover = self.cover.as_ref().map_or(Cover::UNLIMITED, |(Day(first), Day(last))| {
            Cover::all(Days { first: *first, last: *last })
        });
        let mut gathered = Gathered::new(checked.framework(), cover);
        for batch in batches.try_iter()? {
            let (_, taken) = capsule::batches(&batch?)?;
            py.detach(|| taken.iter().try_for_each(|batch| gathered.add(batch))).map_err(bad_return)?;
        }
        let bytes = py.detach(|| {
            let (stream, rejected) = gathered.finish().map_err(bad_return)?;
            let (given, nobody) = (Given::Rows(&name), Watch::nobody());
            let part = stream.calculate_part(checked, &self.plan, given, &Work::alone(&nobody));
            let mut part = part.map_err(bad_return)?;
            part.rejected = rejected;
            to_ipc(&part).map_err(refused)
        });
        Ok(PyBytes::new(py, &bytes?))
    }

    /// Made again where it is sent to.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, job) = (slf.py(), slf.get());
        let Request { indicators, readings, periods, by, beyond_cover } = &job.request;
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        let framework = Framework { inner: job.framework.clone() };
        let cover = job.cover.as_ref().map(|(first, last)| (first.0, last.0));
        let given = (framework, &job.tables, periods, by, *beyond_cover, indicators, *readings, cover);
        Ok((slf.get_type().into_any(), given.into_pyobject(py)?))
    }
}

/// Whether a table's columns are fields of its dataset.
fn fits(framework: &Loaded, id: &str, columns: &[String]) -> PyResult<()> {
    let datasets = &framework.framework.datasets;
    let near = |name: &str, all: Vec<&str>| {
        nearest(name, all).map_or_else(String::new, |near| format!(" (did you mean '{near}'?)"))
    };
    let Some(dataset) = datasets.get(id) else {
        let hint = near(id, datasets.keys().map(String::as_str).collect());
        return Err(bad_return(format!("the framework has no dataset '{id}'{hint}")));
    };
    let fields: Vec<&str> = dataset.fields.iter().map(|field| field.name.value.as_str()).collect();
    match columns.iter().find(|column| !fields.contains(&column.as_str())) {
        None => Ok(()),
        Some(column) => {
            let hint = near(column, fields);
            Err(bad_return(format!(
                "the dataset '{id}' has no field '{column}'{hint}; drop the column, or rename it"
            )))
        }
    }
}
