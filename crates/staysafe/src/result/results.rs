//! Results: one row per indicator, statistic, category, area and period, in the fixed columns.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use crate::period::{Period, Shown};
use crate::value::{Name, Names};

/// The fixed columns of a table of results; breakdown columns stand between `area` and `period`.
pub const COLUMNS: [&str; 15] = [
    "indicator",
    "statistic",
    "category",
    "area",
    "period",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "outcome",
    "flags",
    "reported",
    "expected",
    "notes",
];

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The indicator's id.
    pub indicator: Name,
    /// What is measured of it: `count`, `percentage`, `rate`, `mean`, `share`, …
    pub statistic: Statistic,
    /// The category of a distribution.
    pub category: Option<Name>,
    /// The area's code, or `all` where several were added up.
    pub area: Name,
    /// What stands in each column of [`Results::by`]: the code of an area or of a category, `unknown`, or `all`.
    #[serde(default)]
    pub by: Names,
    /// The period that it speaks of.
    pub period: Period,
    /// The periods that were asked for and show it.
    #[serde(default)]
    pub shown: Shown,
    /// What is known.
    pub cell: Cell,
}

/// What is measured of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// Things counted in a period or on its last day.
    Count,
    /// A share, of 100.
    Percentage,
    /// A total over a total.
    Ratio,
    /// A total over a population, per the multiplier.
    Rate,
    /// A mean.
    Mean,
    /// A median.
    Median,
    /// Of a distribution: how many in the category, and their share of 100.
    Share,
    /// A score.
    Score,
    /// Received or not.
    Document,
    /// Words.
    Narrative,
    /// A heading.
    Group,
}

/// All observations of a calculation, and what they were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// In order of indicator, statistic, category, area, each of `by`, period.
    pub observations: Vec<Observation>,
    /// By what they are kept apart, besides the area: levels of areas and breakdowns, a column each.
    #[serde(default)]
    pub by: Vec<String>,
    /// What the figures were made of.
    pub made_of: MadeOf,
}

/// What figures were made of: enough to say whether two runs may be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeOf {
    /// Hash of the plan.
    pub plan: String,
    /// Hash of each indicator's definition.
    pub definitions: std::collections::BTreeMap<String, String>,
    /// Fingerprint of the records.
    pub data: String,
    /// Version of the working-day calendar.
    pub calendar: String,
    /// Parameters in force.
    pub parameters: std::collections::BTreeMap<String, String>,
    /// Parameters in force of each second reading, by its id.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub readings: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
    /// Version of the library.
    pub library: String,
    /// What was found while returns were joined: nothing, where nothing stood twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<JoinedTable>,
    /// Counts of partners that stand in place of records, or beside them: nothing, where none were given.
    #[serde(default, skip_serializing_if = "CountsUsed::is_empty")]
    pub counts: CountsUsed,
}

/// What became of the counts that partners gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountsUsed {
    /// How often a figure rests on one, for an authority whose records say nothing.
    pub used: u64,
    /// Figures that an authority's own records give, so that its counts were set aside and nothing is added twice:
    /// indicator, area and period.
    pub records_stand: std::collections::BTreeSet<(String, String, Period)>,
}

impl CountsUsed {
    /// Whether no counts were given for anything that was asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How often records of a dataset stood twice, or differently, in what one authority returned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedTable {
    /// The authority.
    pub area: String,
    /// The dataset.
    pub dataset: String,
    /// Records of which identical rows were given; they count once.
    pub duplicates: u64,
    /// Records whose rows differ under one key: what they disagree on is unknown.
    pub contradictory: u64,
    /// Rows that a greater version of the same record took the place of.
    pub older_versions: u64,
    /// Records of which a later return says something else.
    pub revised: u64,
    /// Records that a later return could have held and does not; they are dropped.
    pub vanished: u64,
}

impl Results {
    /// The columns of these results: the fixed ones, with those of [`Results::by`] between `area` and `period`.
    pub fn columns(&self) -> Vec<&str> {
        let before = COLUMNS.iter().take_while(|column| **column != "period");
        let after = COLUMNS.iter().skip_while(|column| **column != "period");
        before.copied().chain(self.by.iter().map(String::as_str)).chain(after.copied()).collect()
    }
}
