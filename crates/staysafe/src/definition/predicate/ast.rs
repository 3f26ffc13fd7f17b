//! The syntax tree of predicates, with the span of every node.

use serde::Serialize;

use crate::diagnostic::{Span, Spanned};
use crate::value::Value;

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands in its file.
    #[serde(skip)]
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExprKind {
    /// A literal; dates are written `DATE '2010-04-01'`.
    Literal(Value),
    /// `NULL`.
    Null,
    /// `name`, `alias.name` or `this.name`.
    Name {
        /// The alias of a link, or `this`.
        qualifier: Option<Spanned<String>>,
        /// The field, or one of the period names.
        name: Spanned<String>,
    },
    /// `$name`.
    Parameter(Spanned<String>),
    /// `NOT e`.
    Not(Box<Expr>),
    /// `-e`.
    Negate(Box<Expr>),
    /// `a AND b`, `a <= b`, `a + b` and so on.
    Binary {
        /// The operator.
        operator: Operator,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `e IN (a, b)`.
    In {
        /// What is looked for.
        expr: Box<Expr>,
        /// Where; each a literal or a parameter.
        list: Vec<Expr>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `e BETWEEN low AND high`, both included.
    Between {
        /// What is compared.
        expr: Box<Expr>,
        /// Lower end.
        low: Box<Expr>,
        /// Upper end.
        high: Box<Expr>,
        /// `NOT BETWEEN`.
        negated: bool,
    },
    /// `e IS NULL`.
    IsNull {
        /// What is looked at.
        expr: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `CASE WHEN c THEN e … ELSE e END`.
    Case {
        /// Conditions with their results.
        arms: Vec<(Expr, Expr)>,
        /// `ELSE`.
        otherwise: Option<Box<Expr>>,
    },
    /// `working_days(a, b)`.
    Call {
        /// The function's name, as written.
        function: Spanned<String>,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `count(reviews AS r WHERE …)`: a question about related records.
    Link(Box<LinkExpr>),
}

/// A question about related records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkExpr {
    /// What is asked.
    pub question: Spanned<Question>,
    /// `DISTINCT`, only in `count`.
    pub distinct: bool,
    /// What is counted, summed or picked: `count(DISTINCT r.x FROM …)` has a field, `any` has none.
    pub field: Option<Expr>,
    /// The declared link.
    pub link: Spanned<String>,
    /// The name its records go by.
    pub alias: Spanned<String>,
    /// Which of them.
    pub filter: Option<Expr>,
    /// `HAVE`, only in `all`.
    pub condition: Option<Expr>,
    /// `BY`, only in `first` and `last`.
    pub order: Vec<Expr>,
}

/// What is asked of related records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// How many.
    Count,
    /// Whether there is one.
    Any,
    /// Whether all of them satisfy a condition; true over none.
    All,
    /// The first by an order.
    First,
    /// The last by an order.
    Last,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The total.
    Sum,
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// `OR`
    Or,
    /// `AND`
    And,
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
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
