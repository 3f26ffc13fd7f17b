//! Published figures: tables of official statistics as values, each figure with its place, period and rounding, and
//! typed where it is withheld.
//!
//! What a table says of itself is a [`Layout`]; [`recompute`] works its rates and totals out again from the parts it
//! publishes, as far as rounding and suppression leave them open.

mod comparator;
mod judge;
mod layout;
mod long;
mod naming;
mod range;
mod recompute;
mod rounding;
mod sums;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::period::Period;
use crate::value::{Convention, Number, Supplied, Withheld};

pub use comparator::{Compared, comparators};
pub use judge::{Agreement, Why};
pub use layout::{Comparator, Layout, Rounding, Share, Term, Total, YearMeans};
pub use range::Range;
pub use recompute::{Basis, Comparison, Recomputed, RuleUsed, Tally, recompute};
pub use rounding::{Certainty, Steps};

/// A published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// What the caller calls it: usually the file's name.
    pub name: String,
    /// What it says of itself: a known layout, or one with nothing in it.
    pub layout: Layout,
    /// Whose symbols it uses.
    pub convention: Convention,
    /// Names of the columns that say which people or things a row counts.
    pub filters: Vec<String>,
    /// The columns of figures.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column of figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its header, as printed.
    pub header: String,
    /// What it measures: the header without the year it ends in.
    pub measure: String,
    /// The period its header names.
    pub period: Option<Told>,
    /// Its place in the file, counted from 1.
    pub place: u32,
}

/// A row: one place, one period, one choice of filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// Where.
    pub place: Place,
    /// When, where the row says it.
    pub period: Option<Told>,
    /// What stands in each of [`Published::filters`].
    pub filters: Vec<String>,
    /// What stands in each of [`Published::columns`]; `None` where it could not be read.
    pub cells: Vec<Option<Supplied>>,
}

/// A place as the table names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The level of areas.
    pub level: Level,
    /// Its nine-character code of the statistics office: `E06000001`.
    pub code: Option<String>,
    /// Any other code: the education department's `805`, a region's letter, a school's number.
    pub other_code: Option<String>,
    /// Its name.
    pub name: String,
    /// The code of the region that it lies in, or its name where the table gives no code.
    pub region: Option<String>,
}

/// A level of areas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A country.
    National,
    /// A region.
    Regional,
    /// A local authority.
    LocalAuthority,
    /// Another, as the table calls it.
    Other(String),
}

/// A period as the table tells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Told {
    /// In the table's own words: `2024, Reporting year`.
    pub text: String,
    /// The period, where the words can mean only one.
    pub period: Option<Period>,
}

/// One published figure.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// Its row.
    pub row: &'a Row,
    /// Its column.
    pub column: &'a Column,
    /// What stands there.
    pub supplied: Supplied,
}

impl Published {
    /// Every figure that could be read, by row and column.
    pub fn figures(&self) -> impl Iterator<Item = Figure<'_>> {
        self.rows.iter().flat_map(move |row| {
            let cells = row.cells.iter().zip(&self.columns);
            cells.filter_map(move |(cell, column)| Some(Figure { row, column, supplied: (*cell)? }))
        })
    }

    /// How many figures are numbers, and how many are withheld for which reason.
    pub fn counted(&self) -> (u64, BTreeMap<&'static str, u64>) {
        let (mut numbers, mut withheld) = (0, BTreeMap::new());
        for figure in self.figures() {
            match figure.supplied {
                Supplied::Number(_) => numbers += 1,
                Supplied::Withheld(reason) => *withheld.entry(reason.code()).or_default() += 1,
            }
        }
        (numbers, withheld)
    }

    /// What a row holds under the filter of a name.
    pub(crate) fn filter<'a>(&self, row: &'a Row, name: &str) -> Option<&'a str> {
        let place = self.filters.iter().position(|filter| filter == name)?;
        row.filters.get(place).map(String::as_str)
    }
}

impl Figure<'_> {
    /// When: the period of the row, else that of the column.
    pub fn period(&self) -> Option<&Told> {
        self.row.period.as_ref().or(self.column.period.as_ref())
    }

    /// The number, where one is given.
    pub fn number(&self) -> Option<&Number> {
        self.supplied.number()
    }

    /// Why none is given.
    pub fn withheld(&self) -> Option<Withheld> {
        self.supplied.withheld()
    }
}

impl Place {
    /// The code that it is best known by, or its name.
    pub fn known_as(&self) -> &str {
        self.code.as_deref().or(self.other_code.as_deref()).unwrap_or(&self.name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::National => "national",
            Self::Regional => "regional",
            Self::LocalAuthority => "local authority",
            Self::Other(other) => other,
        })
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.period {
            Some(period) => write!(f, "{period}"),
            None => f.write_str(&self.text),
        }
    }
}
