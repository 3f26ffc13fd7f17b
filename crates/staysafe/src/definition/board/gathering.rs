//! The data gathering plan and the task group that carries it out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::definition::workflow::Role;
use crate::diagnostic::Span;
use crate::period::PeriodKind;

/// The data gathering plan: what is asked of whom until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GatheringPlan {
    /// The share of rows in which a field must be filled in before its data counts as seen.
    pub threshold: Decimal,
    /// For how many due periods in a row the data must be seen before a row can be closed.
    pub periods: u32,
    /// After how many days overdue a row goes to whom.
    pub escalation: Escalation,
    /// The rows, in the order of the file.
    pub rows: Vec<Row>,
}

/// After how many days overdue a row goes to whom. The days are a board's own: nothing prescribes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Escalation {
    /// To the task group's lead.
    pub task_group_lead: u32,
    /// To the chair of the sub-group.
    pub sub_group_chair: u32,
    /// From the board's chair to the holder's chief officer.
    pub board_chair: u32,
}

impl Default for Escalation {
    fn default() -> Self {
        Self { task_group_lead: 1, sub_group_chair: 28, board_chair: 56 }
    }
}

impl Default for GatheringPlan {
    fn default() -> Self {
        let threshold = Decimal::from_parts(9, 0, 0, false, 1);
        Self { threshold, periods: 2, escalation: Escalation::default(), rows: Vec::new() }
    }
}

/// One row of the plan. How it stands is not written here: it follows from what is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it goes by; `made again` knows it by this.
    pub id: String,
    /// What is to be done, in words.
    pub action: String,
    /// The dataset that is asked for.
    pub dataset: String,
    /// The fields of it that are asked for; all that are needed, where none is named.
    pub fields: Vec<String>,
    /// The fields that the gap analysis asked for when the plan was last made. A field that stands here and not in
    /// `fields` was struck out by somebody, and stays out.
    pub asked: Vec<String>,
    /// The agency that holds it.
    pub holder: String,
    /// The officer of the holder who is accountable for it.
    pub officer: Option<String>,
    /// The legal basis or agreement under which it is shared.
    pub basis: Option<String>,
    /// The last day on which the basis or agreement holds.
    pub until: Option<NaiveDate>,
    /// Who of the task group sees to it.
    pub owner: Option<String>,
    /// The day by which the data is to be there.
    pub due: Option<NaiveDate>,
    /// How often it is delivered.
    pub every: Option<PeriodKind>,
    /// The day of the first delivery; each further one is due a period later.
    pub first_delivery: Option<NaiveDate>,
    /// The day on which the row is looked at again.
    pub review: Option<NaiveDate>,
    /// How much work it is.
    pub effort: Option<Level>,
    /// What may go wrong, in words.
    pub risk: Option<String>,
    /// Entries of the framework that it unlocks, by itself or among other things.
    pub unlocks: Vec<String>,
    /// That the holder agreed.
    pub agreed: Option<Agreed>,
    /// The day on which work began.
    pub started: Option<NaiveDate>,
    /// That nothing is asked until a day.
    pub waived: Option<Waiver>,
    /// That the row was signed as closed.
    pub signed: Option<Signature>,
    /// Anything to remember.
    pub note: Option<String>,
    /// Where it stands in its file.
    #[serde(skip)]
    pub place: RowPlace,
}

/// Where a row stands in its file, so that it can be added to without rewriting it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowPlace {
    /// Its header; absent for a row that was never written.
    pub header: Option<Span>,
    /// The values of the lists that are added to.
    pub lists: BTreeMap<&'static str, Span>,
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Level {
    Low,
    Medium,
    High,
}

/// That a holder agreed to supply what a row asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreed {
    /// When.
    pub on: NaiveDate,
    /// Who agreed for the holder.
    pub by: String,
}

/// That nothing is asked until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiver {
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub by: String,
}

/// That a row was signed as closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// When.
    pub on: NaiveDate,
    /// Who signed.
    pub by: String,
    /// As what.
    pub role: Role,
    /// The meeting.
    pub meeting: Option<String>,
    /// The minute.
    pub minute: Option<String>,
}

/// The task group that fills the gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskGroup {
    /// Its terms of reference, in words.
    pub terms: String,
    /// Who leads it.
    pub chair: String,
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day; a task group ends.
    pub end: Option<NaiveDate>,
    /// Who is on it.
    pub members: Vec<TaskMember>,
    /// What it does, beside the rows of the plan.
    pub actions: Vec<TaskAction>,
}

/// A member of the task group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskMember {
    /// Who.
    pub name: String,
    /// The agency's id.
    pub agency: String,
    /// As what.
    pub role: Option<Role>,
}

/// An action of the task group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskAction {
    /// What it goes by.
    pub id: String,
    /// What is to be done.
    pub words: String,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
    /// When it was done.
    pub done: Option<NaiveDate>,
}

impl Level {
    /// The word for it in a file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
