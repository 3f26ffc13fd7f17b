//! Meetings, and the annual documents that are due for them.

use chrono::NaiveDate;
use serde::Serialize;

use crate::period::Period;

/// The meetings of a board and the documents due for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Meetings {
    /// The meetings, in order of date.
    pub meetings: Vec<Meeting>,
    /// The documents, in the order of the file.
    pub documents: Vec<DocumentDue>,
}

/// A meeting of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// What it goes by: `2010-09`.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// The day.
    pub date: NaiveDate,
    /// The day by which its papers are due; the meeting's own day, where it says none.
    pub papers: Option<NaiveDate>,
    /// What it is asked to decide, in words.
    pub decisions: Vec<String>,
}

impl Meeting {
    /// The day by which its papers are due.
    pub fn papers_due(&self) -> NaiveDate {
        self.papers.unwrap_or(self.date)
    }
}

/// A document that is due for a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentDue {
    /// The entry of the framework that it answers.
    pub indicator: String,
    /// The period that it is about.
    pub period: Period,
    /// The meeting that it is due for.
    pub meeting: String,
    /// The day by which it is due; when the meeting's papers are, where it says none.
    pub due: Option<NaiveDate>,
    /// The day on which it was received.
    pub received: Option<NaiveDate>,
    /// The file that was received, from the board's folder.
    pub file: Option<String>,
    /// Anything to remember.
    pub note: Option<String>,
}
