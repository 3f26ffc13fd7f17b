//! A consultation: what members put forward, what it overlaps, and what became of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use staysafe::check::Checked;
use staysafe::consult::{self as core, ListLine, Overlap, Refined};
use staysafe_io::{idea_table, idea_toml, write_drafts};

use crate::column;
use crate::error::refused;
use crate::table::Table;

/// The long list of a consultation: a row for each idea, with who put it forward, what it overlaps and what became of it.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct LongList {
    inner: core::LongList,
}

/// The empty form that a member fills in: its headings as a table of comma-separated values or, with `toml=True`, with
/// what belongs under each.
///
/// >>> import staysafe as ss
/// >>> ss.consultation_form().startswith("title,by,agency,")
/// True
#[pyfunction]
#[pyo3(signature = (*, toml=false))]
pub(crate) fn consultation_form(toml: bool) -> String {
    if toml { idea_toml() } else { idea_table() }
}

impl LongList {
    pub(crate) fn read(py: Python<'_>, checked: &Checked, board: &Path) -> PyResult<Py<Self>> {
        let read = || staysafe_io::read_consultation(board).map(|forms| core::long_list(checked, &forms));
        let inner = py.detach(read).map_err(refused)?;
        let of = || inner.lines.iter();
        let outcome = || of().map(|line| line.outcome.as_ref());
        let batch = column::table(vec![
            column::text("idea", of().map(|line| Some(line.idea.id.as_str()))),
            column::text("title", of().map(|line| Some(line.idea.title.as_str()))),
            column::text("by", of().map(|line| Some(line.idea.by.as_str()))),
            column::text("agency", of().map(|line| Some(line.idea.agency.as_str()))),
            column::text("file", of().map(|line| Some(line.idea.file.as_str()))),
            column::count("line", of().map(|line| Some(line.idea.line))),
            column::text("overlaps", of().map(|line| Some(overlapping(line)))),
            column::text("outcome", outcome().map(|outcome| Some(what(&outcome?.what).0))),
            column::text("entry", outcome().map(|outcome| what(&outcome?.what).1)),
            column::text("because", outcome().map(|outcome| Some(outcome?.because.as_str()))),
            column::text("decided_by", outcome().map(|outcome| Some(outcome?.by.as_str()))),
            column::day("decided_on", outcome().map(|outcome| Some(outcome?.on))),
        ])
        .map_err(refused)?;
        Py::new(
            py,
            PyClassInitializer::from(Table::open("the long list", batch)).add_subclass(Self { inner }),
        )
    }
}

/// Which entries of a framework overlap, how and why.
pub(crate) fn overlaps(py: Python<'_>, checked: &Checked) -> PyResult<Table> {
    let found = py.detach(|| core::overlaps(checked));
    let of = || found.iter();
    let batch = column::table(vec![
        column::text("first", of().map(|overlap| Some(overlap.first.as_str()))),
        column::text("relation", of().map(|overlap| Some(overlap.kind.words()))),
        column::text("second", of().map(|overlap| Some(overlap.second.as_str()))),
        column::text("why", of().map(|overlap| Some(overlap.why.as_str()))),
    ])
    .map_err(refused)?;
    Ok(Table::open("entries that overlap", batch))
}

fn overlapping(line: &ListLine) -> String {
    let told = |overlap: &Overlap| format!("{} {}", overlap.kind.words(), overlap.second);
    line.overlaps.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// What became of an idea, and the entry that it became or went into.
fn what(refined: &Refined) -> (&'static str, Option<&str>) {
    match refined {
        Refined::Accepted(id) => ("accepted", Some(id)),
        Refined::Merged(id) => ("merged", Some(id)),
        Refined::Declined => ("declined", None),
    }
}

#[pymethods]
impl LongList {
    /// Who was asked, when, and who answered.
    #[getter]
    fn asked(&self) -> PyResult<Table> {
        let of = || self.inner.asked.iter();
        let batch = column::table(vec![
            column::text("who", of().map(|asked| Some(asked.who.as_str()))),
            column::day("asked_on", of().map(|asked| Some(asked.on))),
            column::day("answered_on", of().map(|asked| asked.answered)),
            column::count("ideas", of().map(|asked| Some(asked.ideas as u64))),
        ])
        .map_err(refused)?;
        Ok(Table::open("who was asked", batch))
    }

    /// Forms that cannot be used: where, what is wrong, and how to mend it.
    #[getter]
    fn faults(&self) -> PyResult<Table> {
        let of = || self.inner.faults.iter();
        let batch = column::table(vec![
            column::text("file", of().map(|fault| Some(fault.file.as_str()))),
            column::count("line", of().map(|fault| Some(fault.line))),
            column::text("what", of().map(|fault| Some(fault.what.as_str()))),
            column::text("help", of().map(|fault| Some(fault.help.as_str()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("forms that cannot be used", batch))
    }

    /// A draft definition of each idea that was accepted, by its id.
    #[getter]
    fn drafts(&self) -> BTreeMap<String, String> {
        self.inner.drafts()
    }

    /// Writes the drafts into a folder and gives the files that were written; one that is there is left as it is.
    #[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
    fn write_drafts(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<PathBuf>> {
        let drafted = py.detach(|| write_drafts(&self.inner, &folder)).map_err(refused)?;
        Ok(drafted.into_iter().filter(|draft| draft.written).map(|draft| draft.path).collect())
    }

    /// As `staysafe consult list --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.inner).map_err(refused)
    }

    /// The consultation in words, as `staysafe consult list` prints it.
    fn __str__(&self) -> String {
        self.inner.told()
    }

    fn __repr__(&self) -> String {
        let decided = self.inner.lines.iter().filter(|line| line.outcome.is_some()).count();
        let (ideas, faults) = (self.inner.lines.len(), self.inner.faults.len());
        format!("<LongList: {ideas} ideas, {decided} decided, {faults} faults>")
    }
}
