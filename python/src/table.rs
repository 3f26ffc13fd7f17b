//! A table, and the ways out of it.

use std::fmt::Write as _;

use arrow_array::RecordBatch;
use arrow_cast::display::array_value_to_string;
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use staysafe::diagnostic::{Format, Severity, Sources, render};

use crate::capsule;
use crate::column;
use crate::error::refused;

/// How many rows a notebook shows.
const SHOWN: usize = 20;

/// A table that pandas, polars, pyarrow and duckdb take as it is, through the Arrow PyCapsule interface.
///
/// Records are never shown in a notebook: they are about children. Take them out with `to_polars()`.
#[pyclass(frozen, subclass, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) inner: RecordBatch,
    /// What it is, in a few words.
    pub(crate) what: String,
    /// Whether its rows may be shown.
    pub(crate) shown: bool,
}

impl Table {
    /// A table whose rows may be shown.
    pub(crate) fn open(what: impl Into<String>, inner: RecordBatch) -> Self {
        Self { inner, what: what.into(), shown: true }
    }

    /// A table of records, whose rows are never shown unasked.
    pub(crate) fn closed(what: impl Into<String>, inner: RecordBatch) -> Self {
        Self { inner, what: what.into(), shown: false }
    }

    /// What a notebook shows.
    pub(crate) fn html(&self) -> PyResult<String> {
        if self.shown { small(&self.what, &self.inner) } else { Ok(heading(&self.what, &self.inner)) }
    }
}

#[pymethods]
impl Table {
    /// The table as a capsule, for whatever takes Arrow.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer leave the wish for another schema unanswered.
        let _ = requested_schema;
        capsule::stream(py, &self.inner)
    }

    /// As a `pyarrow.Table`; needs pyarrow.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        wanted(slf.py(), "pyarrow")?.call_method1("table", (slf,))
    }

    /// As a `polars.DataFrame`; needs polars.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        wanted(slf.py(), "polars")?.call_method1("DataFrame", (slf,))
    }

    /// As a `pandas.DataFrame`; needs pandas and pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        wanted(slf.py(), "pandas")?;
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// The names of its columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.inner.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.inner.num_rows()
    }

    fn __bool__(&self) -> bool {
        // A table without rows is still a table.
        self.inner.num_columns() > 0
    }

    fn __repr__(&self) -> String {
        format!("<{}: {} rows, {} columns>", self.what, self.inner.num_rows(), self.inner.num_columns())
    }

    /// What a notebook shows: the first rows, and of records only how many there are.
    fn _repr_html_(&self) -> PyResult<String> {
        self.html()
    }
}

/// A module that the caller asked for by naming it.
fn wanted<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyModule>> {
    py.import(name).map_err(|error| {
        if !error.is_instance_of::<PyImportError>(py) {
            return error;
        }
        let plain = PyImportError::new_err(format!("this needs {name}: pip install {name}"));
        plain.set_cause(py, Some(error));
        plain
    })
}

/// What a table is, and how large, without any of its values.
fn heading(what: &str, batch: &RecordBatch) -> String {
    let names: Vec<String> = batch.schema_ref().fields().iter().map(|field| escape(field.name())).collect();
    format!("<p><b>{}</b>: {} rows</p><p>{}</p>", escape(what), batch.num_rows(), names.join(", "))
}

/// A small table for a notebook: the first rows, and how many there are.
fn small(what: &str, batch: &RecordBatch) -> PyResult<String> {
    let rows = batch.num_rows();
    let mut text = format!("<table><caption>{}: {rows} rows", escape(what));
    if rows > SHOWN {
        let _ = write!(text, ", the first {SHOWN} shown");
    }
    text.push_str("</caption><thead><tr>");
    for field in batch.schema_ref().fields() {
        let _ = write!(text, "<th scope=\"col\">{}</th>", escape(field.name()));
    }
    text.push_str("</tr></thead><tbody>");
    for row in 0..rows.min(SHOWN) {
        text.push_str("<tr>");
        for column in batch.columns() {
            let value = array_value_to_string(column, row).map_err(refused)?;
            let _ = write!(text, "<td>{}</td>", escape(&value));
        }
        text.push_str("</tr>");
    }
    text.push_str("</tbody></table>");
    Ok(text)
}

/// A text that cannot be taken for markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Findings about definitions: a table, and printed with the line, a caret and how to mend it.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Diagnostics {
    inner: staysafe::diagnostic::Diagnostics,
    sources: Sources,
}

impl Diagnostics {
    /// Findings with the texts they point into.
    pub(crate) fn new(
        py: Python<'_>,
        found: &staysafe::diagnostic::Diagnostics,
        sources: &Sources,
    ) -> PyResult<Py<Self>> {
        let place = |span: &Option<staysafe::diagnostic::Span>| {
            let span = span.as_ref()?;
            sources.get(&span.file).map(|text| text.position(span.start))
        };
        let places: Vec<_> = found.iter().map(|finding| place(&finding.span)).collect();
        let batch = column::table(vec![
            column::text("severity", found.iter().map(|f| Some(f.severity.to_string()))),
            column::text("code", found.iter().map(|f| Some(f.code.as_str()))),
            column::text("file", found.iter().map(|f| f.span.as_ref().map(|span| span.file.to_string()))),
            column::count("line", places.iter().map(|place| place.map(|place| place.line as u64))),
            column::count("column", places.iter().map(|place| place.map(|place| place.column as u64))),
            column::text("message", found.iter().map(|f| Some(f.message.as_str()))),
            column::text("help", found.iter().map(|f| f.help.as_deref())),
        ])
        .map_err(refused)?;
        let table = Table::open("findings", batch);
        let own = Self { inner: found.clone(), sources: sources.clone() };
        Py::new(py, PyClassInitializer::from(table).add_subclass(own))
    }
}

#[pymethods]
impl Diagnostics {
    /// Whether any finding is an error, so that nothing can be calculated.
    #[getter]
    fn has_errors(&self) -> bool {
        self.inner.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// As `staysafe check --format json` writes them.
    fn to_json(&self) -> String {
        render(&self.inner, &self.sources, Format::Json)
    }

    /// Each with its line, a caret and how to mend it.
    fn __str__(&self) -> String {
        render(&self.inner, &self.sources, Format::Full)
    }
}
