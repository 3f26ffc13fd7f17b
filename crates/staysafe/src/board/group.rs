//! How the task group stands on a day.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::row::{RowStanding, Status};
use crate::definition::board::TaskGroup;

/// Whether the task group is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupState {
    /// Its first day is still to come.
    NotStarted,
    /// It is at work.
    Running,
    /// Its last day is past.
    Ended,
}

/// How an action of the task group stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionStanding {
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
    /// Days since it was due, where it is not done; 0 where it is not late.
    pub late: u32,
}

/// How the task group stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupStanding {
    /// Who leads it.
    pub chair: String,
    /// Whether it is at work.
    pub state: GroupState,
    /// Its last day.
    pub end: Option<NaiveDate>,
    /// Its actions, in the order of the file.
    pub actions: Vec<ActionStanding>,
    /// Holders of rows still open who have no member on it, by name.
    pub without_member: Vec<String>,
    /// Rows still open.
    pub open_rows: usize,
}

/// How the task group stands on a day, with the rows of the plan that it works on.
pub fn group(group: &TaskGroup, rows: &[RowStanding], as_of: NaiveDate) -> GroupStanding {
    let open: Vec<&RowStanding> =
        rows.iter().filter(|row| !matches!(row.status, Status::Closed | Status::Waived)).collect();
    let agencies: BTreeSet<&str> = group.members.iter().map(|member| member.agency.as_str()).collect();
    let missing: BTreeSet<&str> = open
        .iter()
        .filter(|row| !agencies.contains(row.holder.as_str()))
        .map(|row| row.holder_name.as_str())
        .collect();
    GroupStanding {
        chair: group.chair.clone(),
        state: match group.end {
            _ if as_of < group.start => GroupState::NotStarted,
            Some(end) if end < as_of => GroupState::Ended,
            _ => GroupState::Running,
        },
        end: group.end,
        actions: group
            .actions
            .iter()
            .map(|action| {
                let done = action.done.filter(|day| *day <= as_of);
                let late = u32::try_from((as_of - action.due).num_days()).unwrap_or(0);
                ActionStanding {
                    id: action.id.clone(),
                    words: action.words.clone(),
                    owner: action.owner.clone(),
                    due: action.due,
                    done,
                    late: if done.is_some() { 0 } else { late },
                }
            })
            .collect(),
        without_member: missing.into_iter().map(str::to_owned).collect(),
        open_rows: open.len(),
    }
}

impl GroupState {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Running => "at work",
            Self::Ended => "ended",
        }
    }
}
