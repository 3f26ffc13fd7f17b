//! What a return holds, and what was rejected from it.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Cover, Days};

/// What a return holds: a person's first look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What the caller calls the return.
    pub name: String,
    /// Which return it is: `cin-census`.
    pub kind: String,
    /// The returning authority's code.
    pub area: String,
    /// The day the return speaks of.
    pub reference_date: Option<NaiveDate>,
    /// Every dataset the layout of this return knows, carried or not.
    pub modules: Vec<Module>,
    /// How many records (whole children, whole rows) were rejected.
    pub rejected_records: u64,
    /// How many single values were rejected from records that were kept.
    pub rejected_values: u64,
}

/// One dataset of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// The dataset's id.
    pub dataset: String,
    /// Whether the return carries it: at least one element, a header, a sheet.
    pub carried: bool,
    /// Rows read.
    pub rows: u64,
    /// What span of dates it can speak for.
    pub cover: Cover,
    /// Each field.
    pub fields: Vec<FieldProfile>,
}

/// One field of a dataset of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProfile {
    /// The field's name.
    pub field: Arc<str>,
    /// Rows with a value.
    pub known: u64,
    /// Rows without one.
    pub missing: u64,
    /// Rows whose value was rejected.
    pub rejected: u64,
    /// Rows whose number the supplier hides.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub suppressed: u64,
    /// First and last day, for dates.
    pub days: Option<Days>,
}

/// Something that was read and could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// What the caller calls the return.
    pub name: String,
    /// Position of the child (or row) in the return, counted from 1.
    pub record: u32,
    /// Line of the file, counted from 1, where the reader knows it.
    pub line: Option<u64>,
    /// The dataset, where it is known.
    pub dataset: Option<String>,
    /// The element or column as the file names it.
    pub element: String,
    /// The value as the file gives it. It may be personal: mask it unless it is asked for.
    pub value: String,
    /// Whether the value identifies or describes a person.
    pub personal: bool,
    /// A stable kebab-case code: `bad-date`, `unknown-code`, `no-identifier`, …
    pub code: String,
    /// What was expected, and how to mend it.
    pub message: String,
    /// What was lost.
    pub lost: Lost,
    /// The code set that the value is no code of, where that is what is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
    /// How often it occurred: oddities that cost nothing are reported once per kind, at the first.
    #[serde(default = "once")]
    pub times: u64,
}

/// Most returns have none, and print nothing of it.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about by reference")]
fn is_nought(count: &u64) -> bool {
    *count == 0
}

fn once() -> u64 {
    1
}

/// What a reject cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// One value; its record was kept and its field is marked rejected.
    Value,
    /// One record of a dataset.
    Record,
    /// A child with everything below it.
    Child,
    /// Nothing: stray text or an unknown element, reported and passed over.
    Nothing,
}
