//! How far a figure may lie from what it stands for by chance alone.

use serde::{Deserialize, Serialize};

use crate::value::Exact;

/// The 95% interval of a figure, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interval {
    /// Its limits, in the unit of the value.
    Limits {
        /// The lower limit, to ten decimal places.
        lower: Exact,
        /// The upper limit, to ten decimal places.
        upper: Exact,
        /// How they were worked out.
        method: Method,
    },
    /// No interval.
    Without(NoInterval),
}

/// How an interval was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Wilson's score, for shares.
    Wilson,
    /// Exact Poisson, for counts below 10.
    ExactPoisson,
    /// Byar's approximation, for counts from 10.
    Byar,
    /// Student's t, for means.
    StudentT,
    /// Order statistics, for medians.
    OrderStatistics,
    /// Wilson's score at the effective number of answers, for surveys.
    Survey,
}

/// Why a figure has no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoInterval {
    /// There is no figure.
    NoFigure,
    /// The numerator does not lie inside the denominator: no interval of a share fits.
    TwoTotals,
    /// There are too few values.
    TooFew,
    /// It is what somebody told, and no sample of anything.
    Told,
    /// Nobody has said how the answers were drawn, or all are of one cluster.
    NoDesign,
}

impl Method {
    /// The method's name as it is written for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::ExactPoisson => "exact-poisson",
            Self::Byar => "byar",
            Self::StudentT => "student-t",
            Self::OrderStatistics => "order-statistics",
            Self::Survey => "survey",
        }
    }
}

impl Method {
    /// The method's name in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wilson => "Wilson",
            Self::ExactPoisson => "exact Poisson",
            Self::Byar => "Byar",
            Self::StudentT => "Student's t",
            Self::OrderStatistics => "order statistics",
            Self::Survey => "Wilson, by how the survey was drawn",
        }
    }
}

impl NoInterval {
    /// The reason in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoFigure => "there is no figure",
            Self::TwoTotals => "its numerator does not lie inside its denominator",
            Self::TooFew => "there are too few values",
            Self::Told => "it was told, not counted",
            Self::NoDesign => "nobody has said how its answers were drawn, or they are of one cluster",
        }
    }
}

impl Interval {
    /// The limits, lower and upper, where there are any.
    pub fn limits(&self) -> Option<(&Exact, &Exact)> {
        match self {
            Self::Limits { lower, upper, .. } => Some((lower, upper)),
            Self::Without(_) => None,
        }
    }
}
