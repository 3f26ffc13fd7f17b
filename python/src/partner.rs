//! What goes to a partner agency, and the receipt for what comes back.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use staysafe::check::Checked;
use staysafe::request::{Asking, html, markdown, request};
use staysafe_io::{Prefilled, figures_fed};

use crate::column;
use crate::error::{bad_return, refused};
use crate::framework::Loaded;
use crate::table::{Table, escape};

/// An empty register for a partner to fill in.
#[pyclass(frozen, module = "staysafe")]
pub(crate) struct Template {
    inner: staysafe_io::Template,
}

impl Template {
    pub(crate) fn made(framework: &Loaded, dataset: &str, prefilled: &Prefilled) -> PyResult<Self> {
        let inner = staysafe_io::template(&framework.framework, dataset, prefilled).map_err(refused)?;
        Ok(Self { inner })
    }
}

#[pymethods]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
impl Template {
    /// The dataset, which names the files.
    #[getter]
    fn name(&self) -> &str {
        &self.inner.name
    }

    /// The workbook: lists to choose from, a worked row, notes, a box for a nil return.
    #[getter]
    fn xlsx(&self) -> &[u8] {
        &self.inner.xlsx
    }

    /// The same as comma-separated values.
    #[getter]
    fn csv(&self) -> &str {
        &self.inner.csv
    }

    /// Writes both into a folder, and says where they are.
    fn write(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<PathBuf>> {
        py.detach(|| self.inner.write(&folder)).map(Vec::from).map_err(refused)
    }

    fn __repr__(&self) -> String {
        format!("<Template '{}'>", self.inner.name)
    }
}

/// What a board asks of an agency, on one page.
#[pyclass(frozen, module = "staysafe", name = "Request")]
pub(crate) struct PartnerRequest {
    inner: staysafe::request::Request,
}

impl PartnerRequest {
    pub(crate) fn made(checked: &Checked, agency: &str, asking: &Asking) -> PyResult<Self> {
        Ok(Self { inner: request(checked, agency, asking).map_err(refused)? })
    }
}

#[pymethods]
impl PartnerRequest {
    /// The page as Markdown.
    #[getter]
    fn markdown(&self) -> String {
        markdown(&self.inner)
    }

    /// The page for a browser.
    #[getter]
    fn html(&self) -> String {
        html(&self.inner)
    }

    /// The datasets that are asked for.
    #[getter]
    fn datasets(&self) -> Vec<String> {
        self.inner.items.iter().map(|item| item.dataset.clone()).collect()
    }

    /// The page, in a notebook.
    fn _repr_markdown_(&self) -> String {
        markdown(&self.inner)
    }

    fn __repr__(&self) -> String {
        format!("<Request to '{}': {} datasets>", self.inner.agency, self.inner.items.len())
    }
}

/// The receipt for what was handed in: accepted, queried or rejected, by dataset, with counts.
#[pyclass(frozen, module = "staysafe")]
pub(crate) struct Receipt {
    inner: staysafe_io::Receipt,
}

impl Receipt {
    /// The receipt alone, or with the figures of a framework as the board will see them.
    pub(crate) fn made(
        py: Python<'_>,
        returns: &Arc<staysafe_io::Returns>,
        checked: Option<&Checked>,
    ) -> PyResult<Self> {
        let inner = py.detach(|| {
            let figures = checked.map(|checked| figures_fed(checked, returns)).transpose()?.flatten();
            Ok::<_, staysafe_io::FiguresError>(staysafe_io::receipt(returns, figures.as_ref()))
        });
        Ok(Self { inner: inner.map_err(bad_return)? })
    }
}

#[pymethods]
impl Receipt {
    /// The receipt as Markdown. It shows no value of any record.
    #[getter]
    fn markdown(&self) -> String {
        self.inner.markdown()
    }

    /// Whether everything was taken and there is nothing to ask.
    #[getter]
    fn clean(&self) -> bool {
        self.inner.is_clean()
    }

    /// What became of each dataset of each file.
    #[getter]
    fn lines(&self) -> PyResult<Table> {
        let lines = || self.inner.lines.iter();
        let batch = column::table(vec![
            column::text("return", lines().map(|line| Some(line.name.as_str()))),
            column::text("agency", lines().map(|line| line.agency.as_deref())),
            column::text("dataset", lines().map(|line| line.dataset.as_deref())),
            column::text("period", lines().map(|line| line.period.as_deref())),
            column::text("accepted", lines().map(|line| Some(line.accepted.words()))),
            column::count("rows", lines().map(|line| Some(line.rows))),
            column::count("rejected_rows", lines().map(|line| Some(line.rejected_rows))),
            column::count("rejected_values", lines().map(|line| Some(line.rejected_values))),
            column::text("queries", lines().map(|line| Some(line.queries.join("\n")))),
        ])
        .map_err(refused)?;
        Ok(Table::open("receipt", batch))
    }

    /// The receipt, in a notebook.
    fn _repr_html_(&self) -> String {
        format!("<pre>{}</pre>", escape(&self.inner.markdown()))
    }

    fn __repr__(&self) -> String {
        let clean = if self.inner.is_clean() { "accepted" } else { "with something to ask" };
        format!("<Receipt: {} datasets, {clean}>", self.inner.lines.len())
    }
}
