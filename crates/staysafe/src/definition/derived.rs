//! Derived tables: declared steps over another table.
//!
//! The algebra is closed: a fifth step needs an entry in DESIGN.md with its reference form.

use serde::Serialize;

use super::indicator::{Limit, Stretch};
use super::predicate::Expr;
use crate::diagnostic::Spanned;

/// What a review that fell due came to, as the field `status` of a schedule says it.
pub const STATUSES: [&str; 5] = ["held in time", "held late", "overdue", "not yet due", "history missing"];

/// The id under which [`STATUSES`] stand where code sets are named; no file can have it.
pub const STATUS_CODES: &str = "status of a schedule";

/// The yes/no field of a chain that says whether its first row is known to be its start.
pub const START_KNOWN: &str = "start_known";

/// A derived table: declared steps over another table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Derived {
    pub id: Spanned<String>,
    /// A dataset or another derived table.
    pub from: Spanned<String>,
    /// All its rows, in English: "placements".
    pub words: Option<Spanned<String>>,
    /// What its own fields are called, in English.
    pub field_words: Vec<(Spanned<String>, Spanned<String>)>,
    pub steps: Vec<Step>,
    pub tests: Vec<super::indicator::Test>,
    /// Mutants that no test can notice.
    pub equivalents: Vec<super::indicator::Equivalent>,
}

impl Derived {
    /// Whether its rows are rows of the table it comes from, as they stand there.
    pub fn keeps_rows(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.kind, StepKind::Filter(_) | StepKind::Pick(_)))
    }
}

/// One step of a derived table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Step {
    pub place: Spanned<()>,
    pub kind: StepKind,
    pub words: Option<Spanned<String>>,
}

/// The closed algebra of derived tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Keep the rows of a predicate.
    Filter(Expr),
    /// Islands of rows that follow on.
    Chain(Box<Chain>),
    /// Due dates.
    Schedule(Box<Schedule>),
    /// First, last or as-at row of each key.
    Pick(Pick),
}

/// Islands: rows of one key that follow on become one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Chain {
    pub key: Vec<Spanned<String>>,
    /// Decides which row comes first; with the key it leaves no ties.
    pub order: Vec<Spanned<String>>,
    /// Rows that neither belong nor break.
    pub skip: Option<Expr>,
    /// Whether a row follows on from the one before, which goes by `prev`.
    pub joins_when: Expr,
    pub outputs: Vec<Output>,
    /// Asked of the first row: whether the chain is known to start there. Without it every start is.
    pub start_known: Option<Expr>,
}

/// A field of a chain's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Output {
    pub name: Spanned<String>,
    pub take: Take,
}

/// Where a chain's field comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// A field of the first row.
    First(Spanned<String>),
    /// A field of the last row.
    Last(Spanned<String>),
    /// Whether a predicate holds of any row.
    Any(Expr),
    /// How many rows the chain has.
    Rows,
}

/// Due dates: one row for each time that something falls due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Schedule {
    pub key: Vec<Spanned<String>>,
    /// The date from which the first due date is reckoned.
    pub anchor: Spanned<String>,
    /// Whether the anchor is a known day, rather than "on or before". Without it every anchor is.
    pub anchor_known: Option<Expr>,
    /// The link whose records are what is held, and their date.
    pub held: Held,
    pub first_due: Spanned<Limit>,
    /// After the first held, after the second, and so on; the last one goes on.
    pub next_due: Spanned<Vec<Stretch>>,
    /// The date at which nothing falls due any more.
    pub until: Option<Spanned<String>>,
}

/// `LINK.FIELD`: what is held, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Held {
    pub link: Spanned<String>,
    pub date: Spanned<String>,
}

/// One row of each key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Pick {
    pub key: Vec<Spanned<String>>,
    pub order: Vec<Spanned<String>>,
    pub take: Spanned<Which>,
}

/// Which row of a key is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The first by the order.
    First,
    /// The last by the order.
    Last,
    /// The last that is dated on or before the period's last day, by the first field of the order.
    AsAt,
}
