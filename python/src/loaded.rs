//! Returns loaded into columns, once for many calculations.

use std::collections::BTreeMap;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::calendar::Day;
use crate::error::bad_return;
use crate::framework;
use crate::hand_made::handed;
use crate::returns::Returns;
use crate::source::Source;

/// Returns whose rows lie in columns; made by `Framework.load`.
#[pyclass(frozen, extends = Returns, module = "staysafe")]
pub(crate) struct Loaded {
    /// Why the rows stay records, where they do.
    why: Option<String>,
}

impl Loaded {
    /// Loads tables or returns.
    pub(crate) fn made(
        py: Python<'_>,
        framework: &Arc<framework::Loaded>,
        data: &Bound<'_, PyAny>,
        (area, kind): (Option<String>, Option<String>),
        cover: Option<(Day, Day)>,
    ) -> PyResult<Py<Self>> {
        let given = area.is_some() || kind.is_some() || cover.is_some();
        let (source, why) = if data.is_instance_of::<PyDict>() {
            let (Some(area), Some(kind)) = (area, kind) else {
                return Err(PyTypeError::new_err(
                    "tables are of one authority and return: load({...}, area=..., kind=...)",
                ));
            };
            let tables: BTreeMap<String, Bound<'_, PyAny>> = data.extract()?;
            let made = handed(py, framework, tables, (area, kind), cover)?;
            py.detach(|| in_columns(made, framework))?
        } else if given {
            return Err(PyTypeError::new_err(
                "area, kind and cover are those of tables; returns have their own",
            ));
        } else {
            let returns = match data.cast::<Returns>() {
                Ok(one) => vec![one.get().source.clone()],
                Err(_) => several(data)?,
            };
            py.detach(|| together(&returns, framework))?
        };
        Py::new(py, PyClassInitializer::from(Returns::new(source)).add_subclass(Self { why }))
    }
}

fn several(data: &Bound<'_, PyAny>) -> PyResult<Vec<Arc<Source>>> {
    let wanted = || PyTypeError::new_err("a dict of tables is expected, or returns, or a list of returns");
    let mut all = Vec::new();
    for one in data.try_iter().map_err(|_| wanted())? {
        all.push(one?.cast::<Returns>().map_err(|_| wanted())?.get().source.clone());
    }
    if all.is_empty() { Err(wanted()) } else { Ok(all) }
}

fn together(
    returns: &[Arc<Source>],
    framework: &Arc<framework::Loaded>,
) -> PyResult<(Source, Option<String>)> {
    let mut all = Source::nothing(framework);
    for one in returns {
        all = all.and(one).map_err(bad_return)?;
    }
    in_columns(all, framework)
}

fn in_columns(of: Source, framework: &Arc<framework::Loaded>) -> PyResult<(Source, Option<String>)> {
    match of.in_columns(framework).map_err(bad_return)? {
        Ok(made) => Ok((made, None)),
        Err(why) => Ok((of, Some(why))),
    }
}

#[pymethods]
impl Loaded {
    /// How many rows there are, of all tables.
    #[getter]
    fn rows(slf: &Bound<'_, Self>) -> usize {
        slf.as_super().get().source.rows()
    }

    /// Why the rows stay records, and each calculation makes columns of them anew; None where they lie in columns.
    #[getter]
    fn as_records(&self) -> Option<&str> {
        self.why.as_deref()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> String {
        let returns = slf.as_super().get();
        let (told, rows) = (returns.told(), returns.source.rows());
        let how = if slf.get().why.is_some() { "as records" } else { "in columns" };
        let (count, rejects) = (told.data.returns.len(), told.rejects.len());
        format!("<Loaded: {count} returns, {rows} rows {how}, {rejects} rejects>")
    }
}
