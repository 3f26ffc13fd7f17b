//! From a draft framework to priorities, and from priorities to a framework.

use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::board::{self as core, Evidence, NeedStanding};
use staysafe::check::Checked;
use staysafe::definition::board::Priority;
use staysafe::gap::GapAnalysis;
use staysafe::published::Compared;
use staysafe::result::Results;

use crate::column;
use crate::error::refused;
use crate::table::Table;

/// Candidates for priorities: a row for each piece of evidence, the weightiest candidate first. Figures are in full: for
/// the board alone.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Candidates {
    inner: Vec<core::Candidate>,
}

impl Candidates {
    pub(crate) fn found(
        py: Python<'_>,
        checked: &Checked,
        results: &Results,
        gaps: &GapAnalysis,
        published: &[Compared],
        priorities: &[Priority],
    ) -> PyResult<Py<Self>> {
        let framework = checked.framework();
        let inner =
            py.detach(|| core::candidates(framework, &results.observations, gaps, published, priorities));
        let of: Vec<(usize, &core::Candidate, &Evidence)> = inner
            .iter()
            .zip(1..)
            .flat_map(|(one, rank)| one.evidence.iter().map(move |evidence| (rank, one, evidence)))
            .collect();
        let batch = column::table(vec![
            column::count("rank", of.iter().map(|(rank, ..)| Some(*rank as u64))),
            column::text("candidate", of.iter().map(|(_, one, _)| Some(one.id.as_str()))),
            column::text("title", of.iter().map(|(_, one, _)| Some(one.words.as_str()))),
            column::text("evidence", of.iter().map(|(.., evidence)| Some(evidence.kind()))),
            column::text("area", of.iter().map(|(.., evidence)| evidence.area())),
            column::text("words", of.iter().map(|(.., evidence)| Some(evidence.words()))),
            column::text("indicators", of.iter().map(|(_, one, _)| Some(one.indicators.join(", ")))),
            column::text("priorities", of.iter().map(|(_, one, _)| Some(one.covered_by.join(", ")))),
        ])
        .map_err(refused)?;
        let table = Table::open("candidates for priorities", batch);
        Py::new(py, PyClassInitializer::from(table).add_subclass(Self { inner }))
    }
}

#[pymethods]
impl Candidates {
    /// Drafts for priorities.toml, as comments: a person keeps what the board decides.
    fn to_toml(&self) -> String {
        core::drafted(&self.inner)
    }

    /// As `staysafe workflow propose --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.inner).map_err(refused)
    }

    /// Each candidate with its evidence, as `staysafe workflow propose` prints it.
    fn __str__(&self) -> String {
        core::candidates_told(&self.inner)
    }

    fn __repr__(&self) -> String {
        format!("<Candidates: {} for priorities>", self.inner.len())
    }
}

/// What a board's priorities select: a row for each dataset that their indicators need.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Selection {
    inner: core::Selection,
}

impl Selection {
    pub(crate) fn of(
        py: Python<'_>,
        checked: &Checked,
        priorities: &[Priority],
        as_of: NaiveDate,
    ) -> PyResult<Py<Self>> {
        let inner = py.detach(|| core::select(checked, priorities, as_of));
        let of = || inner.requirements.iter();
        let fields = |one: &core::Requirement| one.fields.iter().cloned().collect::<Vec<_>>().join(", ");
        let batch = column::table(vec![
            column::text("dataset", of().map(|one| Some(one.dataset.as_str()))),
            column::text("title", of().map(|one| Some(one.title.as_str()))),
            column::text("holder", of().map(|one| one.holder.as_deref())),
            column::text("fields", of().map(|one| Some(fields(one)))),
            column::text("indicators", of().map(|one| Some(one.indicators.join(", ")))),
        ])
        .map_err(refused)?;
        let table = Table::open("data requirements", batch);
        Py::new(py, PyClassInitializer::from(table).add_subclass(Self { inner }))
    }
}

#[pymethods]
impl Selection {
    /// The indicators that the priorities select, with the priorities that name each.
    #[getter]
    fn indicators(&self) -> PyResult<Table> {
        let of = || self.inner.indicators.iter();
        let batch = column::table(vec![
            column::text("indicator", of().map(|(id, _)| Some(id.as_str()))),
            column::text("priorities", of().map(|(_, priorities)| Some(priorities.join(", ")))),
        ])
        .map_err(refused)?;
        Ok(Table::open("indicators that are selected", batch))
    }

    /// What the priorities need to know, and entries that may already tell it; none, where nobody has an indicator for it.
    #[getter]
    fn needs(&self) -> PyResult<Table> {
        let of = || self.inner.needs.iter();
        let near = |need: &NeedStanding| {
            need.near.iter().map(|near| near.second.clone()).collect::<Vec<_>>().join(", ")
        };
        let batch = column::table(vec![
            column::text("priority", of().map(|need| Some(need.priority.as_str()))),
            column::text("need", of().map(|need| Some(need.words.as_str()))),
            column::text("perhaps", of().map(|need| Some(near(need)).filter(|near| !near.is_empty()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("needs", batch))
    }

    /// Listed entries that no priority names.
    #[getter]
    fn not_selected(&self) -> Vec<String> {
        self.inner.not_selected.clone()
    }

    /// As `staysafe workflow select --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.inner).map_err(refused)
    }

    /// As `staysafe workflow select` prints it.
    fn __str__(&self) -> String {
        self.inner.told()
    }

    fn __repr__(&self) -> String {
        let inner = &self.inner;
        let (indicators, datasets) = (inner.indicators.len(), inner.requirements.len());
        format!("<Selection: {indicators} indicators, {datasets} datasets, {} needs>", inner.needs.len())
    }
}
