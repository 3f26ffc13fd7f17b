//! Scalar values of records and predicates, exact numbers, and typed absence.

mod exact;
mod hex;
mod supplied;

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use exact::{Exact, round_half_away};
pub use hex::hex;
pub use supplied::{Convention, Number, Supplied, Withheld};

/// A name that many cells carry: the id of an indicator, the code of an area. Copying it copies no text.
///
/// # Example
/// ```
/// use staysafe::value::Name;
/// let area: Name = "E06000001".into();
/// assert_eq!(area.clone(), "E06000001");
/// ```
pub type Name = ecow::EcoString;

/// Names side by side, which many cells share.
///
/// # Example
/// ```
/// use staysafe::value::Names;
/// let by: Names = ["female".into(), "unknown".into()].into();
/// assert_eq!(by.iter().map(|name| name.len()).sum::<usize>(), 13);
/// ```
pub type Names = ecow::EcoVec<Name>;

/// A known scalar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type", content = "value")]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Text; codes of a code set are text.
    Text(Arc<str>),
    /// A day of the Gregorian calendar.
    Date(NaiveDate),
}

/// What a field of a record holds: a value, nothing, or something that could not be read.
///
/// A rejected entry is never the same as an absent one: a plan whose end date is unreadable is not
/// an open plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Datum {
    /// A value.
    Known(Value),
    /// The return left it out.
    #[default]
    Missing,
    /// The return held something here that was rejected.
    Rejected,
    /// There is a number, and whoever supplied the return hides it: `<5`, `*` or `c`.
    Suppressed,
}

/// The type of a field or of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// Text.
    Text,
    /// A day.
    Date,
}

impl Value {
    /// The value's type.
    pub fn ty(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Decimal(_) => Type::Decimal,
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(i) => write!(f, "{i}"),
            Self::Decimal(d) => write!(f, "{d}"),
            Self::Text(t) => write!(f, "{t}"),
            Self::Date(d) => write!(f, "{d}"),
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bool => "yes/no",
            Self::Int => "whole number",
            Self::Decimal => "number",
            Self::Text => "text",
            Self::Date => "date",
        })
    }
}
