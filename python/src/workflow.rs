//! Where a board stands in devising its framework, and what happened.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::report::way_picture;
use staysafe::workflow::{State, StepState, role_word};
use staysafe_io::{BoardState, Happened, board_state, new_log, record};

use crate::calendar::Day;
use crate::column;
use crate::error::refused;
use crate::framework::{Framework, Loaded, SHIPPED, or_today};
use crate::table::{Diagnostics, Table};

/// A board's folder on a day: a row for each step of the option that is walked, with how it stands.
///
/// It never changes: `record` writes what happened into the board's log, and gives the board as it stands then.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Workflow {
    board: PathBuf,
    framework: Arc<Loaded>,
    date: NaiveDate,
    state: State,
    findings: Py<Diagnostics>,
}

/// Why, in one text or several.
#[derive(FromPyObject)]
pub(crate) enum Reasons {
    One(String),
    Several(Vec<String>),
}

impl Workflow {
    fn on(py: Python<'_>, board: PathBuf, framework: Arc<Loaded>, date: NaiveDate) -> PyResult<Py<Self>> {
        let now = py.detach(|| board_state(&board, &framework.framework.ways, date)).map_err(refused)?;
        let BoardState { state, found, sources } = now;
        let of = || state.steps.iter();
        let signed = |step: &StepState| step.signed.as_ref().map(|signed| signed.date);
        let batch = column::table(vec![
            column::count("number", of().map(|step| Some(step.number as u64))),
            column::text("step", of().map(|step| Some(step.id.as_str()))),
            column::text("words", of().map(|step| Some(step.words.as_str()))),
            column::text("standing", of().map(|step| Some(step.standing.words()))),
            column::text("exceptions", of().map(|step| Some(exceptions(step)))),
            column::text("makes", of().map(|step| Some(step.makes.as_str()))),
            column::text("file", of().map(|step| step.file.clone())),
            column::text("signed_off_by", of().map(|step| Some(roles(step)))),
            column::day("signed", of().map(signed)),
            column::flag("changed_since_signed", of().map(|step| Some(step.changed_since_signed))),
            column::day("deferred_until", of().map(|step| step.deferred_until)),
        ])
        .map_err(refused)?;
        let findings = Diagnostics::new(py, &found, &sources)?;
        let own = Self { board, framework, date, state, findings };
        Py::new(py, PyClassInitializer::from(Table::open("steps", batch)).add_subclass(own))
    }
}

#[pymethods]
impl Workflow {
    /// Begins a log in a board's folder. Without a `framework`, the options are those of the shipped one.
    #[staticmethod]
    #[pyo3(signature = (board, *, framework=None, date=None))]
    #[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
    fn init(
        py: Python<'_>,
        board: PathBuf,
        framework: Option<PyRef<'_, Framework>>,
        date: Option<Day>,
    ) -> PyResult<Py<Self>> {
        py.detach(|| new_log(&board)).map_err(refused)?;
        Self::on(py, board, ways_of(framework), or_today(py, date)?)
    }

    /// Opens a board's folder, as it stood at the end of a day; without `date`, today.
    #[staticmethod]
    #[pyo3(signature = (board, *, framework=None, date=None))]
    #[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
    fn open(
        py: Python<'_>,
        board: PathBuf,
        framework: Option<PyRef<'_, Framework>>,
        date: Option<Day>,
    ) -> PyResult<Py<Self>> {
        Self::on(py, board, ways_of(framework), or_today(py, date)?)
    }

    /// Records what happened, and gives the board as it stands at the end of that day. What would be refused is not written: it
    /// is an `Error` with the reason.
    ///
    /// `event` is "choose option", "record", "sign off", "except", "clear", "reopen", "supersede", "defer", "switch
    /// option", "withdraw" or "delegate". Of `file` the hash goes into the log.
    #[pyo3(signature = (event, *, by, role, step=None, option=None, reason=None, date=None, meeting=None, minute=None,
        quorum=None, file=None, subject_to=None, accepted_by=None, until=None, withdrawn=None, lent=None, to=None, note=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords in Python")]
    fn record(
        &self,
        py: Python<'_>,
        event: String,
        by: String,
        role: String,
        step: Option<String>,
        option: Option<String>,
        reason: Option<Reasons>,
        date: Option<Day>,
        meeting: Option<String>,
        minute: Option<String>,
        quorum: Option<bool>,
        file: Option<PathBuf>,
        subject_to: Option<Reasons>,
        accepted_by: Option<String>,
        until: Option<Day>,
        withdrawn: Option<String>,
        lent: Option<String>,
        to: Option<String>,
        note: Option<String>,
    ) -> PyResult<Py<Self>> {
        let date = or_today(py, date)?;
        let happened = Happened {
            event,
            date,
            by,
            role,
            step,
            option,
            reasons: texts(reason),
            meeting,
            minute,
            quorum,
            file,
            subject_to: texts(subject_to),
            accepted_by,
            until: until.map(|until| until.0),
            withdrawn,
            lent,
            to,
            note,
        };
        let ways = &self.framework.framework.ways;
        py.detach(|| record(&self.board, ways, &happened)).map_err(refused)?;
        Self::on(py, self.board.clone(), self.framework.clone(), date)
    }

    /// The option that is walked.
    #[getter]
    fn option(&self) -> Option<&str> {
        self.state.option.as_deref()
    }

    /// The option as the source prints it: its number and title.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.state.title.as_deref()
    }

    /// Why it was chosen.
    #[getter]
    fn reasons(&self) -> Vec<String> {
        self.state.reasons.clone()
    }

    /// The day it is looked at.
    #[getter]
    fn as_of(&self) -> NaiveDate {
        self.date
    }

    /// The next step and who acts, as a sentence.
    #[getter]
    fn next(&self) -> String {
        self.state.told_next().trim_end().to_owned()
    }

    /// The id of the next step; None where every step is done or no option is chosen.
    #[getter]
    fn next_step(&self) -> Option<&str> {
        self.state.next().map(|step| step.id.as_str())
    }

    /// Events of the log that changed nothing, and why.
    #[getter]
    fn refused(&self) -> PyResult<Table> {
        let of = || self.state.refused.iter();
        let batch = column::table(vec![
            column::text("event", of().map(|refused| Some(refused.event.as_str()))),
            column::text("why", of().map(|refused| Some(refused.why.as_str()))),
        ]);
        Ok(Table::open("refused", batch.map_err(refused)?))
    }

    /// What is damaged in the log; a file that is counts for nothing.
    #[getter]
    fn findings(&self, py: Python<'_>) -> Py<Diagnostics> {
        self.findings.clone_ref(py)
    }

    /// As `staysafe workflow status --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.state).map_err(refused)
    }

    /// What a notebook shows: the steps of the option, and what is next.
    fn _repr_html_(&self) -> String {
        way_picture(&self.state)
    }

    /// Every step with how it stands, as `staysafe workflow status` prints it.
    fn __str__(&self) -> String {
        self.state.told()
    }

    fn __repr__(&self) -> String {
        format!("<Workflow on {}: {}>", self.date, self.next())
    }
}

fn ways_of(framework: Option<PyRef<'_, Framework>>) -> Arc<Loaded> {
    framework.map_or_else(|| SHIPPED.clone(), |framework| framework.inner.clone())
}

fn texts(given: Option<Reasons>) -> Vec<String> {
    match given {
        None => Vec::new(),
        Some(Reasons::One(text)) => vec![text],
        Some(Reasons::Several(texts)) => texts,
    }
}

fn exceptions(step: &StepState) -> String {
    step.exceptions.iter().map(|exception| exception.reason.as_str()).collect::<Vec<_>>().join("; ")
}

fn roles(step: &StepState) -> String {
    step.signed_by.iter().map(|role| role_word(*role)).collect::<Vec<_>>().join(" or ")
}
