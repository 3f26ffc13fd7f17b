//! What is known of a table beyond its cells: what its years mean, how it is rounded, which figure is made of which.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::period::{Period, PeriodError};
use crate::value::Convention;

/// What is known of a table. All of it may be left out: then symbols are told by the form of the table, rounding by
/// its figures, and pairs of counts and rates by its headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct Layout {
    /// A short name of its own.
    pub id: String,
    /// What the table is.
    pub title: String,
    /// Where what stands here is from.
    pub source: String,
    /// The headers by which the table is known: it is this one where it has all of them.
    pub has: Vec<String>,
    /// Whose symbols it uses.
    pub symbols: Option<Convention>,
    /// What a year in a header means.
    pub header_year: Option<YearMeans>,
    /// What a reporting year means: the publisher leaves it to each release.
    pub reporting_year: Option<YearMeans>,
    /// Columns that say which people a row counts, although they look like figures.
    pub filters: Vec<String>,
    /// How figures are rounded; of several that fit a figure, the first.
    pub rounding: Vec<Rounding>,
    /// Rates and percentages, and the two counts each is made of.
    pub share: Vec<Share>,
    /// Counts that are sums of others.
    pub total: Vec<Total>,
    /// Columns that add up from local authorities and regions to the country.
    pub adds_up: Vec<String>,
    /// Figures that stand beside an indicator.
    pub comparator: Vec<Comparator>,
}

/// What a year stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearMeans {
    /// 2011 is 31 March 2011.
    #[serde(rename = "31 March")]
    On31March,
    /// 2011 is the year to 31 March 2011.
    #[serde(rename = "year to 31 March")]
    To31March,
    /// 2011 is the school year that ends in it.
    #[serde(rename = "academic year")]
    Academic,
    /// 2011 is 2011.
    #[serde(rename = "calendar year")]
    Calendar,
}

/// How some figures are rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// The level of areas it holds for: `national`, `regional`, `local authority`; none for all.
    #[serde(default)]
    pub level: Option<String>,
    /// The columns it holds for; none for all counts.
    #[serde(default)]
    pub columns: Vec<String>,
    /// It holds for numbers greater than this.
    #[serde(default)]
    pub above: Option<u64>,
    /// Rounded to the nearest so many; 1 where whole numbers are the nearest to a grossed figure.
    pub to: u64,
    /// Whether whole numbers are exact counts.
    #[serde(default)]
    pub exact: bool,
}

/// A rate or percentage, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The published rate.
    pub value: Term,
    /// What is counted above the line.
    pub numerator: Term,
    /// What is counted below it.
    pub denominator: Term,
    /// Per so many: 100 for a percentage.
    pub per: u64,
}

/// A column, in the row at hand or in the one that differs from it by some filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The column, by its header or by its header without the year.
    pub column: String,
    /// Of the published rate: rows it holds for. Of its parts: the filters of the row that holds them.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, String>,
}

/// A count that is the sum of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The sum.
    pub total: String,
    /// Its parts, which leave nothing out and count nothing twice.
    pub parts: Vec<String>,
    /// The level of areas it holds for; none for all.
    #[serde(default)]
    pub level: Option<String>,
}

/// A published figure that stands beside an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparator {
    /// The indicator.
    pub indicator: String,
    /// The figure.
    pub figure: Term,
    /// What is counted above the line, where the table has it.
    #[serde(default)]
    pub numerator: Option<Term>,
    /// What is counted below it.
    #[serde(default)]
    pub denominator: Option<Term>,
    /// What its year means, where it is not what the table's years mean otherwise.
    #[serde(default)]
    pub year: Option<YearMeans>,
    /// In what it differs from the indicator, in words.
    #[serde(default)]
    pub note: String,
}

impl YearMeans {
    /// The period of a year.
    ///
    /// # Errors
    /// A year without a label.
    ///
    /// # Example
    /// ```
    /// use staysafe::published::YearMeans;
    /// assert_eq!(YearMeans::To31March.period(2011).unwrap().to_string(), "2010-11");
    /// assert_eq!(YearMeans::On31March.period(2011).unwrap().to_string(), "31 Mar 2011");
    /// ```
    pub fn period(self, year: i32) -> Result<Period, PeriodError> {
        match self {
            Self::On31March => {
                Period::snapshot(NaiveDate::from_ymd_opt(year, 3, 31).ok_or(PeriodError::Years)?)
            }
            Self::To31March => Period::financial_year(year.saturating_sub(1)),
            Self::Academic => Period::academic_year(year.saturating_sub(1)),
            Self::Calendar => Period::calendar_year(year),
        }
    }
}

impl Layout {
    /// Whether a table with these headers is this one.
    ///
    /// Headers are compared without regard to case, and to spaces at their ends.
    pub fn fits<T: AsRef<str>>(&self, headers: &[T]) -> bool {
        let has = |wanted: &String| headers.iter().any(|header| same(header.as_ref(), wanted));
        !self.has.is_empty() && self.has.iter().all(has)
    }
}

/// Whether two headers are one.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}
