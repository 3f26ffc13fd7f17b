//! Holding to account: priorities, commentary, challenges.

use chrono::NaiveDate;
use serde::Serialize;

use crate::period::Period;

/// A priority of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Priority {
    /// What it goes by.
    pub id: String,
    /// In the board's words.
    pub words: String,
    /// Who answers for it.
    pub owner: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: Option<NaiveDate>,
    /// The indicators that show how it goes.
    pub indicators: Vec<String>,
    /// What the board needs to know and no indicator tells, in words.
    pub needs: Vec<String>,
}

/// What somebody said about a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Commentary {
    /// The indicator's id.
    pub indicator: String,
    /// The period of the figure.
    pub period: Period,
    /// The area's code, where the figures are of more than one.
    pub area: Option<String>,
    /// The category, where the figure is one of a breakdown by category.
    pub category: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub date: NaiveDate,
    /// What they wrote.
    pub words: String,
    /// The figure it was written about, exactly: `12/15`, `34`, or the word for its absence.
    pub about: String,
}

/// A question that the board put to somebody, to hold them to account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Challenge {
    /// What it goes by.
    pub id: String,
    /// The day it was raised.
    pub raised: NaiveDate,
    /// The meeting at which it was.
    pub meeting: Option<String>,
    /// To whom: an agency's id, or words.
    pub to: String,
    /// The indicators it is about.
    pub indicators: Vec<String>,
    /// The priority it is about.
    pub priority: Option<String>,
    /// The question.
    pub question: String,
    /// By when an answer is due.
    pub due: NaiveDate,
    /// The answer.
    pub response: Option<Response>,
    /// What the board made of the answer.
    pub view: Option<Given>,
}

/// An answer to a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Response {
    /// When.
    pub date: NaiveDate,
    /// Who answered.
    pub by: String,
    /// What they said.
    pub words: String,
}

/// A view that the board took of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    /// When.
    pub date: NaiveDate,
    /// The view.
    pub view: View,
    /// The minute.
    pub minute: Option<String>,
}

/// The board's view of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The answer settles the question.
    Assured,
    /// It settles part of it.
    Partly,
    /// It does not settle it.
    Not,
}

impl View {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Assured => "assured",
            Self::Partly => "partly assured",
            Self::Not => "not assured",
        }
    }
}
