//! The checked tree: every name resolved, every type known, every parameter a value.
//!
//! Its serialised form holds what decides a figure and nothing else (no spans, words or positions of
//! fields in a table), so its hash is the definition's hash.

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::derived_tree::{
    CheckedChain, CheckedDerived, CheckedHeld, CheckedOutput, CheckedSchedule, CheckedStep, CheckedTake,
};
pub use super::limit::CheckedLimit;
use crate::definition::dataset::{AreaRule, Missing};
use crate::definition::indicator::{NumeratorUnknown, Stretch};
use crate::definition::predicate::Question;
use crate::diagnostic::Span;
use crate::value::{Type, Value};

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its type; `None` for a bare `NULL`.
    #[serde(skip)]
    pub ty: Option<Type>,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A value, written or from a parameter.
    Literal(Value),
    /// `NULL`.
    Null,
    /// A field of a record in scope.
    Field(FieldRef),
    /// A fact about the area, in `applies_when`.
    AreaFact(String),
    /// A day of the period.
    Period(PeriodDay),
    /// `NOT`.
    Not(Box<Node>),
    /// Unary minus.
    Negate(Box<Node>),
    /// `AND`.
    And(Box<Node>, Box<Node>),
    /// `OR`.
    Or(Box<Node>, Box<Node>),
    /// A comparison.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// `IN`.
    In(Box<Node>, Vec<Value>),
    /// `IS NULL`.
    IsNull(Box<Node>),
    /// `CASE`.
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    /// A function.
    Call(Function, Vec<Node>),
    /// `within(clock)`.
    Within(Box<CheckedClock>),
    /// `due_date(date, 'limit')`: the last day in time, counted from a day that also picks the limit.
    DueDate(Box<Node>, CheckedLimit),
    /// A question about related records.
    Link(Box<LinkNode>),
}

/// A field of a record in scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldRef {
    /// Which record: 0 is the row itself, 1 the record of the outermost link, and so on inwards.
    pub frame: usize,
    /// Position among the dataset's fields.
    #[serde(skip)]
    pub index: usize,
    /// The field's name.
    pub name: String,
    /// What a blank means.
    pub missing: Missing,
}

/// A day of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodDay {
    /// The period's first day.
    First,
    /// The period's last day.
    Last,
    /// The first day of the window that ends on the period's last day.
    WindowFirst,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A function of the predicate language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Working days after the first date up to and including the second.
    WorkingDays,
    /// Days from the first date to the second.
    Days,
    /// Whole months from the first date to the second.
    MonthsBetween,
    /// Whole years from the first date to the second.
    YearsBetween,
    /// A date so many days on.
    AddDays,
    /// A date so many working days on, or back.
    AddWorkingDays,
    /// A date so many months on, clamped to the month's end.
    AddMonths,
    /// Age in whole years.
    AgeAt,
    /// The first argument that has a value.
    Coalesce,
}

/// A question about related records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkNode {
    /// What is asked.
    pub question: Question,
    /// `DISTINCT`.
    pub distinct: bool,
    /// The dataset of the related records.
    pub to: String,
    /// The frame that holds our side of the key.
    pub from_frame: usize,
    /// Names of our fields and of theirs that must be equal.
    pub on: Vec<(String, String)>,
    /// Positions of our fields.
    #[serde(skip)]
    pub ours: Vec<usize>,
    /// Positions of their fields.
    #[serde(skip)]
    pub theirs: Vec<usize>,
    /// What is counted, picked or summed.
    pub field: Option<Node>,
    /// Which of them.
    pub filter: Option<Node>,
    /// `HAVE`.
    pub condition: Option<Node>,
    /// `BY`.
    pub order: Vec<Node>,
}

/// A clock with its fields found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedClock {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// The field that starts it.
    pub start: FieldRef,
    /// The field that stops it.
    pub stop: FieldRef,
    /// How long it may run.
    pub limit: CheckedLimit,
    /// The field that picks the step of a dated limit, where it is not the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_at: Option<FieldRef>,
    /// Which rows without a stop still run; none: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Node>,
}

/// A calculation, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedCalculation {
    /// One table, nested rungs.
    Ladder(Box<CheckedLadder>),
    /// Two totals.
    TwoTotals(Box<CheckedTotals>),
}

/// The rungs over one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CheckedLadder {
    pub table: CheckedTable,
    /// `None`: rows. Otherwise positions of the fields whose distinct values are counted.
    pub counted: Option<Vec<FieldRef>>,
    pub population: Option<Node>,
    pub exclude: Option<Node>,
    pub unknown: Option<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_missing: Option<Node>,
    pub denominator: Option<Node>,
    pub numerator: Option<Node>,
    pub numerator_unknown: NumeratorUnknown,
    pub applies_when: Option<Node>,
    pub value: Option<Node>,
    pub category: Option<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Node>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratum: Option<Node>,
    /// Every category, in order, where the category is a field with codes or a `CASE` of texts.
    pub categories: Vec<String>,
    pub window: Option<Stretch>,
    pub lag: Option<Stretch>,
    pub history: Option<Stretch>,
    pub multiplier: i64,
}

/// Two totals, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CheckedTotals {
    pub numerator: CheckedTotal,
    pub denominator: CheckedTotal,
    pub multiplier: i64,
    pub applies_when: Option<Node>,
}

/// One total, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CheckedTotal {
    pub table: CheckedTable,
    pub filter: Option<Node>,
    /// Of the records that the filter keeps, those of which only an earlier return could tell.
    pub history_missing: Option<Node>,
    pub measure: CheckedMeasure,
}

/// What a total adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedMeasure {
    /// Rows.
    Count,
    /// Distinct values of fields.
    CountDistinct(Vec<FieldRef>),
    /// A field's sum.
    Sum(FieldRef),
}

/// A table to calculate from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedTable {
    /// The dataset or derived table whose rows are read.
    pub dataset: String,
    /// Which period a row belongs to.
    pub when: CheckedWhen,
    /// Where its area comes from.
    pub area: AreaRule,
}

/// The date rule, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedWhen {
    /// An event on a day.
    Date(FieldRef),
    /// Open from one day to another.
    Open(FieldRef, FieldRef),
}

/// What is read of each dataset: fields by dataset.
pub type Need = BTreeMap<String, std::collections::BTreeSet<String>>;

impl Node {
    /// What it says in one form: two expressions with one form come to the same of any record, wherever they stand.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| format!("{self:?}"))
    }

    /// Whether it counts working days, or something inside it does.
    pub fn uses_working_days(&self) -> bool {
        let own = match &self.kind {
            NodeKind::Call(function, _) => {
                matches!(function, Function::WorkingDays | Function::AddWorkingDays)
            }
            NodeKind::Within(clock) => clock.limit.uses_working_days(),
            NodeKind::DueDate(_, limit) => limit.uses_working_days(),
            _ => false,
        };
        own || self.children().into_iter().any(Self::uses_working_days)
    }

    /// The expressions directly inside this one.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            NodeKind::Not(a)
            | NodeKind::Negate(a)
            | NodeKind::In(a, _)
            | NodeKind::IsNull(a)
            | NodeKind::DueDate(a, _) => vec![a],
            NodeKind::And(a, b)
            | NodeKind::Or(a, b)
            | NodeKind::Compare(_, a, b)
            | NodeKind::Arithmetic(_, a, b) => vec![a, b],
            NodeKind::Case(arms, otherwise) => arms
                .iter()
                .flat_map(|(condition, result)| [condition, result])
                .chain(otherwise.as_deref())
                .collect(),
            NodeKind::Call(_, arguments) => arguments.iter().collect(),
            NodeKind::Link(link) => {
                link.filter.iter().chain(&link.condition).chain(&link.field).chain(&link.order).collect()
            }
            NodeKind::Literal(_)
            | NodeKind::Null
            | NodeKind::Field(_)
            | NodeKind::AreaFact(_)
            | NodeKind::Period(_) => Vec::new(),
            NodeKind::Within(clock) => clock.open.iter().collect(),
        }
    }
}

impl CheckedLadder {
    /// Every expression of the ladder, not those inside them.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        let rungs = [
            &self.population,
            &self.exclude,
            &self.unknown,
            &self.history_missing,
            &self.denominator,
            &self.numerator,
            &self.value,
            &self.category,
            &self.weight,
            &self.cluster,
            &self.stratum,
        ];
        rungs.into_iter().flatten()
    }
}

impl CheckedCalculation {
    /// Every expression of the calculation, not those inside them.
    pub fn nodes(&self) -> Vec<&Node> {
        match self {
            Self::Ladder(ladder) => ladder.nodes().collect(),
            Self::TwoTotals(totals) => {
                let (above, below) = (&totals.numerator, &totals.denominator);
                let nodes = [&above.filter, &above.history_missing, &below.filter, &below.history_missing];
                nodes.into_iter().flatten().collect()
            }
        }
    }

    /// The tables it is from: one, or one for each total.
    pub(crate) fn datasets(&self) -> Vec<&str> {
        match self {
            Self::Ladder(ladder) => vec![&ladder.table.dataset],
            Self::TwoTotals(totals) => {
                vec![&totals.numerator.table.dataset, &totals.denominator.table.dataset]
            }
        }
    }

    /// The table a ladder is of; two totals have one each.
    pub(crate) fn table(&self) -> Option<&CheckedTable> {
        match self {
            Self::Ladder(ladder) => Some(&ladder.table),
            Self::TwoTotals(_) => None,
        }
    }

    /// Whether any expression counts working days.
    pub fn uses_working_days(&self) -> bool {
        self.nodes().into_iter().any(Node::uses_working_days)
    }
}
