//! Breakdowns: how records are sorted into categories, whatever indicator counts them.

use serde::Serialize;

use super::framework::Framework;
use super::predicate::Expr;
use crate::diagnostic::Spanned;

/// The category that holds what has no category: nothing was recorded, or it could not be read, or the records
/// contradict each other.
pub const UNKNOWN_CATEGORY: &str = "unknown";

/// What stands in a column of areas or of a breakdown where all of them are taken together.
pub const ALL: &str = "all";

/// A breakdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Breakdown {
    pub name: Spanned<String>,
    pub words: Option<Spanned<String>>,
    /// Which day the sorting is as of; the event's own where it is not said.
    pub as_of: Option<Spanned<AsOf>>,
    /// Whether a record may be in several categories: they are never added up.
    pub overlapping: bool,
    /// The categories in their order, without `unknown`, which is always there and always last.
    pub categories: Vec<CategoryOf>,
    /// A code set whose codes are the categories.
    pub codes: Option<Spanned<String>>,
    /// How it is calculated, table by table; none while it is only words.
    pub rules: Vec<SortRule>,
}

/// Which day a sorting is as of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsOf {
    /// The day of the event; of a stock, the period's last day.
    Event,
    /// The period's last day.
    LastDay,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CategoryOf {
    pub code: Spanned<String>,
    pub words: Option<Spanned<String>>,
}

/// How records of some tables are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SortRule {
    /// Datasets or derived tables.
    pub tables: Vec<Spanned<String>>,
    /// The category of a record; of an overlapping breakdown, whether a record is in `this_category`.
    pub value: Expr,
}

impl Breakdown {
    /// Codes of the categories in their order, `unknown` left out.
    pub fn codes(&self, framework: &Framework) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let set = self.codes.as_ref().and_then(|set| framework.code_sets.get(&set.value));
        let listed = self.categories.iter().map(|category| &category.code.value);
        for code in listed.chain(set.into_iter().flat_map(|set| &set.codes).map(|code| &code.code.value)) {
            // A code set may hold one code twice, for different years.
            if !codes.contains(code) && code != UNKNOWN_CATEGORY {
                codes.push(code.clone());
            }
        }
        codes
    }

    /// What a category is called; its code where nothing else is said.
    pub fn category_words<'a>(&'a self, framework: &'a Framework, code: &'a str) -> &'a str {
        let own = self.categories.iter().find(|category| category.code.value == code);
        let set = self.codes.as_ref().and_then(|set| framework.code_sets.get(&set.value));
        let listed = own.and_then(|category| category.words.as_ref()).map(|words| words.value.as_str());
        let of_set = || set?.codes.iter().find(|of| of.code.value == code).map(|of| of.words.value.as_str());
        listed.or_else(of_set).unwrap_or(if code == UNKNOWN_CATEGORY { "not recorded" } else { code })
    }

    /// The rule for a table: its own, or that of the table it takes its rows from unchanged.
    pub fn rule<'a>(&'a self, framework: &Framework, table: &str) -> Option<&'a SortRule> {
        let mut at = table;
        for _ in 0..=framework.derived.len() {
            let own = self.rules.iter().find(|rule| rule.tables.iter().any(|named| named.value == at));
            if own.is_some() {
                return own;
            }
            let derived = framework.derived.get(at).filter(|derived| derived.keeps_rows())?;
            at = &derived.from.value;
        }
        None
    }
}
