//! The checked form of derived tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::limit::CheckedLimit;
use super::tree::{FieldRef, Need, Node};
use crate::definition::dataset::Dataset;
use crate::definition::indicator::Stretch;
use crate::value::Value;

/// A derived table, checked. Its serialised form holds what decides its rows and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedDerived {
    /// Its id.
    pub id: String,
    /// The dataset or derived table it comes from.
    pub from: String,
    /// Its steps, in order.
    pub steps: Vec<CheckedStep>,
    /// The fields after each step; the last are its own.
    #[serde(skip)]
    pub stages: Vec<Dataset>,
    /// Fields by dataset that it reads, those of the derived tables it rests on among them.
    #[serde(skip)]
    pub reads: Need,
    /// The derived tables it rests on, each after those that it rests on itself.
    #[serde(skip)]
    pub rests_on: Vec<String>,
    /// Whether its rows depend on the period asked about.
    #[serde(skip)]
    pub by_period: bool,
    /// Parameters it uses, with the values in force.
    #[serde(skip)]
    pub parameters: BTreeMap<String, Value>,
}

/// A step of a derived table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedStep {
    /// Rows of a predicate.
    Filter(Node),
    /// Rows that follow on become one.
    Chain(Box<CheckedChain>),
    /// Due dates.
    Schedule(Box<CheckedSchedule>),
    /// One row of each key.
    Pick {
        /// What rows of one group share.
        key: Vec<FieldRef>,
        /// What decides which comes first.
        order: Vec<FieldRef>,
        /// The last of them, rather than the first.
        last: bool,
        /// Only rows dated on or before the period's last day, by the first field of the order.
        as_at: bool,
    },
}

/// A chain, checked. In its predicates frame 0 is the row itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedChain {
    /// What rows of one group share.
    pub key: Vec<FieldRef>,
    /// What decides which row comes first.
    pub order: Vec<FieldRef>,
    /// Rows that neither belong nor break.
    pub skip: Option<Node>,
    /// Whether a row follows on from the one before, which is frame 1.
    pub joins_when: Node,
    /// The fields after the key, in order.
    pub outputs: Vec<CheckedOutput>,
}

/// A field of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedOutput {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub take: CheckedTake,
}

/// Where the value of a chain's field comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedTake {
    /// A field of the first row.
    First(FieldRef),
    /// A field of the last row.
    Last(FieldRef),
    /// Whether a predicate holds of the first row: not surely so is no.
    HoldsOfFirst(Node),
    /// Whether a predicate holds of any row.
    Any(Node),
    /// How many rows there are.
    Rows,
}

/// A schedule, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedSchedule {
    /// Fields that its rows keep: the key, the anchor, the area.
    pub kept: Vec<FieldRef>,
    /// From which the first due date is reckoned.
    pub anchor: FieldRef,
    /// Whether the anchor is a known day, rather than "on or before".
    pub anchor_known: Option<Node>,
    /// What is held.
    pub held: CheckedHeld,
    /// The first due date.
    pub first_due: CheckedLimit,
    /// After the first held, after the second, and so on; the last goes on.
    pub next_due: Vec<Stretch>,
    /// The day from which nothing falls due any more.
    pub until: Option<FieldRef>,
}

/// The records that say what was held, and their date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedHeld {
    /// Their table.
    pub to: String,
    /// Names of our fields and of theirs that must be equal.
    pub on: Vec<(String, String)>,
    /// Positions of our fields.
    #[serde(skip)]
    pub ours: Vec<usize>,
    /// Positions of their fields.
    #[serde(skip)]
    pub theirs: Vec<usize>,
    /// The date, a field of theirs.
    pub date: FieldRef,
}

impl CheckedDerived {
    /// Its fields and links.
    pub fn schema(&self) -> Option<&Dataset> {
        self.stages.last()
    }

    /// Every predicate of its steps, not those inside them.
    pub fn nodes(&self) -> Vec<&Node> {
        self.steps.iter().flat_map(CheckedStep::nodes).collect()
    }

    /// Whether any of its steps counts working days.
    pub fn uses_working_days(&self) -> bool {
        let limit = |step: &CheckedStep| matches!(step, CheckedStep::Schedule(schedule) if schedule.first_due.uses_working_days());
        self.steps.iter().any(limit) || self.nodes().into_iter().any(Node::uses_working_days)
    }
}

impl CheckedStep {
    pub(super) fn nodes(&self) -> Vec<&Node> {
        match self {
            Self::Filter(node) => vec![node],
            Self::Pick { .. } => Vec::new(),
            Self::Schedule(schedule) => schedule.anchor_known.iter().collect(),
            Self::Chain(chain) => {
                let taken = chain.outputs.iter().filter_map(|output| match &output.take {
                    CheckedTake::Any(node) | CheckedTake::HoldsOfFirst(node) => Some(node),
                    CheckedTake::First(_) | CheckedTake::Last(_) | CheckedTake::Rows => None,
                });
                chain.skip.iter().chain([&chain.joins_when]).chain(taken).collect()
            }
        }
    }
}
