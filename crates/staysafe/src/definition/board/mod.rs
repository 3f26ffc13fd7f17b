//! What the files of a board's folder say: the data gathering plan, the task group, meetings with the documents due,
//! priorities, commentary and challenges.
//!
//! They are people's files. Nothing here is worked out: how a row of the plan stands, what is late and what is stale
//! is said by [`crate::board`].

mod account;
mod gathering;
mod meeting;

use serde::Serialize;

pub use account::{Challenge, Commentary, Given, Priority, Response, View};
pub use gathering::{
    Agreed, Escalation, GatheringPlan, Level, Row, RowPlace, Signature, TaskAction, TaskGroup, TaskMember,
    Waiver,
};
pub use meeting::{DocumentDue, Meeting, Meetings};

/// What stands in a board's folder. A file that is not there says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Board {
    /// `plan.toml`.
    pub plan: Option<GatheringPlan>,
    /// `task-group.toml`.
    pub task_group: Option<TaskGroup>,
    /// `meetings.toml`.
    pub meetings: Option<Meetings>,
    /// `priorities.toml`.
    pub priorities: Vec<Priority>,
    /// `commentary.toml`.
    pub commentary: Vec<Commentary>,
    /// `challenges.toml`.
    pub challenges: Vec<Challenge>,
}
