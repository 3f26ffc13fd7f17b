//! A board's folder: how its plan, documents, priorities and challenges stand.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::board::{Answer, Forward, GroupStanding};
use staysafe::check::Checked;
use staysafe::diagnostic::{Format, render};
use staysafe::gap::{Arrived, Circumstances, gap};
use staysafe::report::plan_picture;
use staysafe_io::{BoardNow, make_plan, read_board_folder};

use crate::column;
use crate::column::word;
use crate::error::refused;
use crate::framework::Loaded;
use crate::gap::GapAnalysis;
use crate::table::{Diagnostics, Table};

/// A board's folder on a day: a row for each row of its data gathering plan, with how it stands.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Board {
    now: BoardNow,
    framework: Arc<Loaded>,
    findings: Py<Diagnostics>,
}

/// Where everything in a board's folder stands; a file with errors is refused, with each error's place.
pub(crate) fn read(
    folder: &Path,
    checked: &Checked,
    returns: &staysafe_io::Returns,
    as_of: NaiveDate,
) -> Result<BoardNow, String> {
    let arrived =
        Arrived::of(checked, &returns.data, &returns.profiles).map_err(|error| error.to_string())?;
    let circumstances = Circumstances::on(as_of);
    let now = BoardNow::read(folder, checked, &returns.data, &arrived, &circumstances)
        .map_err(|error| error.to_string())?;
    if now.found.has_errors() {
        return Err(render(&now.found, &now.sources, Format::Full));
    }
    Ok(now)
}

/// Makes the plan of a board's folder, or makes it again; what was done, in words.
pub(crate) fn make(
    folder: &Path,
    checked: &Checked,
    returns: &staysafe_io::Returns,
    as_of: NaiveDate,
) -> Result<String, String> {
    let arrived =
        Arrived::of(checked, &returns.data, &returns.profiles).map_err(|error| error.to_string())?;
    if folder.is_dir() {
        let read = read_board_folder(folder, checked.framework()).map_err(|error| error.to_string())?;
        let (_, found, sources) = read;
        if found.has_errors() {
            return Err(render(&found, &sources, Format::Full));
        }
    }
    let gaps = gap(checked, &arrived, &Circumstances::on(as_of));
    let made = make_plan(folder, checked.framework(), &gaps).map_err(|error| error.to_string())?;
    Ok(made.told())
}

impl Board {
    pub(crate) fn new(py: Python<'_>, framework: &Arc<Loaded>, now: BoardNow) -> PyResult<Py<Self>> {
        let of = || now.standing.rows.iter();
        let overdue = || of().map(|row| row.overdue.as_ref());
        let batch = column::table(vec![
            column::text("row", of().map(|row| Some(row.id.as_str()))),
            column::text("action", of().map(|row| Some(row.action.as_str()))),
            column::text("holder", of().map(|row| Some(row.holder_name.as_str()))),
            column::text("dataset", of().map(|row| Some(row.dataset.as_str()))),
            column::text("status", of().map(|row| word(row.status))),
            column::day("overdue_since", overdue().map(|overdue| overdue.map(|overdue| overdue.since))),
            column::count("days_overdue", overdue().map(|overdue| overdue.map(|o| u64::from(o.days)))),
            column::text("escalated_to", overdue().map(|overdue| overdue.and_then(|o| word(o.to?)))),
            column::flag("open_again", of().map(|row| Some(row.reopened.is_some()))),
            column::count("seen_in_a_row", of().map(|row| Some(u64::from(row.run)))),
            column::flag("ready_to_close", of().map(|row| Some(row.ready_to_close))),
            column::day("next_delivery", of().map(|row| row.next.map(|(_, due)| due))),
            column::text("unlocked", of().map(|row| Some(row.unlocked.join(", ")))),
            column::text("waiting", of().map(|row| Some(row.locked.join(", ")))),
            column::text("not_written", of().map(|row| Some(row.wants.join(", ")))),
        ])
        .map_err(refused)?;
        let findings = Diagnostics::new(py, &now.found, &now.sources)?;
        let own = Self { now, framework: framework.clone(), findings };
        Py::new(py, PyClassInitializer::from(Table::open("rows of the plan", batch)).add_subclass(own))
    }
}

#[pymethods]
impl Board {
    /// What was found in the folder's files.
    #[getter]
    fn findings(&self, py: Python<'_>) -> Py<Diagnostics> {
        self.findings.clone_ref(py)
    }

    /// The gaps, with what the plan promises.
    #[getter]
    fn gaps(&self, py: Python<'_>) -> PyResult<Py<GapAnalysis>> {
        GapAnalysis::of(py, &self.framework, self.now.gaps.clone())
    }

    /// The actions of the task group.
    #[getter]
    fn actions(&self) -> PyResult<Table> {
        let group = self.now.standing.task_group.as_ref();
        let of = || group.map_or(&[][..], |group: &GroupStanding| group.actions.as_slice()).iter();
        let batch = column::table(vec![
            column::text("action", of().map(|action| Some(action.words.as_str()))),
            column::text("owner", of().map(|action| Some(action.owner.as_str()))),
            column::day("due", of().map(|action| Some(action.due))),
            column::day("done", of().map(|action| action.done)),
            column::count("days_late", of().map(|action| Some(u64::from(action.late)))),
        ])
        .map_err(refused)?;
        Ok(Table::open("actions", batch))
    }

    /// The documents due, and for which meeting.
    #[getter]
    fn documents(&self) -> PyResult<Table> {
        let of = || self.now.standing.forward.documents.iter();
        let received = |state: Forward| match state {
            Forward::Received { on, .. } => Some(on),
            Forward::Due { .. } | Forward::Late { .. } => None,
        };
        let late = |state: Forward| match state {
            Forward::Received { late, .. } => u64::from(late),
            Forward::Late { days } => u64::from(days),
            Forward::Due { .. } => 0,
        };
        let batch = column::table(vec![
            column::text("indicator", of().map(|document| Some(document.indicator.as_str()))),
            column::text("title", of().map(|document| Some(document.title.as_str()))),
            column::text("period", of().map(|document| Some(document.period.to_string()))),
            column::text("from", of().map(|document| Some(document.holders.join(", ")))),
            column::text("meeting", of().map(|document| Some(document.meeting.as_str()))),
            column::day("meeting_date", of().map(|document| Some(document.meeting_date))),
            column::day("due", of().map(|document| Some(document.due))),
            column::day("received", of().map(|document| received(document.state))),
            column::count("days_late", of().map(|document| Some(late(document.state)))),
        ])
        .map_err(refused)?;
        Ok(Table::open("documents", batch))
    }

    /// The challenges and how each stands.
    #[getter]
    fn challenges(&self) -> PyResult<Table> {
        let of = || self.now.standing.challenges.iter();
        let answer = |answer: Answer| match answer {
            Answer::Awaited => "awaited",
            Answer::Overdue { .. } => "overdue",
            Answer::Answered => "answered",
            Answer::Viewed { view } => view.words(),
        };
        let late = |answer: Answer| match answer {
            Answer::Overdue { days } => u64::from(days),
            _ => 0,
        };
        let batch = column::table(vec![
            column::text("challenge", of().map(|standing| Some(standing.challenge.id.as_str()))),
            column::text("to", of().map(|standing| Some(standing.challenge.to.as_str()))),
            column::text("question", of().map(|standing| Some(standing.challenge.question.as_str()))),
            column::day("raised", of().map(|standing| Some(standing.challenge.raised))),
            column::day("due", of().map(|standing| Some(standing.challenge.due))),
            column::text("answer", of().map(|standing| Some(answer(standing.answer)))),
            column::count("days_overdue", of().map(|standing| Some(late(standing.answer)))),
            column::flag("outstanding", of().map(|standing| Some(standing.is_outstanding()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("challenges", batch))
    }

    /// The priorities, and which of their indicators can be seen.
    #[getter]
    fn priorities(&self) -> PyResult<Table> {
        let of = || self.now.standing.priorities.iter();
        let batch = column::table(vec![
            column::text("priority", of().map(|standing| Some(standing.priority.words.as_str()))),
            column::text("owner", of().map(|standing| Some(standing.priority.owner.as_str()))),
            column::text("seen", of().map(|standing| Some(standing.seen.join(", ")))),
            column::text("unseen", of().map(|standing| Some(standing.unseen.join(", ")))),
            column::text("no_indicator_for", of().map(|standing| Some(standing.priority.needs.join("; ")))),
        ])
        .map_err(refused)?;
        Ok(Table::open("priorities", batch))
    }

    /// What a notebook shows: the plan and the meetings in time, and the rows of the plan.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let own = slf.get();
        let picture = plan_picture(&own.now.board, own.now.gaps.as_of);
        Ok(picture + &slf.as_super().get().html()?)
    }

    /// Where everything stands, as `staysafe gap --board DIR --plan --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.now.standing).map_err(refused)
    }

    /// Where everything stands, in words.
    fn __str__(&self) -> String {
        self.now.standing.told()
    }

    fn __repr__(&self) -> String {
        let standing = &self.now.standing;
        let late = standing.rows.iter().filter(|row| row.overdue.is_some()).count();
        format!("<Board: {} rows of the plan, {late} overdue>", standing.rows.len())
    }
}
