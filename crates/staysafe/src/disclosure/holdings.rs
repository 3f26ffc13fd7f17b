//! What the returns hold, as far as the audience may know.
//!
//! Rows, blanks and rejects are counts of people as much as any figure is: a table of twenty plans of
//! which seventeen have an end has three open ones. A publication therefore says them roughly.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::Audience;
use crate::definition::framework::Framework;
use crate::record::{Cover, Days, FieldProfile, Lost, Module, Profile, Reject};

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Exactly so many.
    Exactly(u64),
    /// To the nearest hundred.
    About(u64),
    /// At least one, and fewer than this.
    FewerThan(u64),
}

/// How much of a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// There are no rows.
    NoRows,
    /// No row.
    Empty,
    /// Every row.
    Full,
    /// So many of so many rows.
    Exactly {
        /// Rows with a value.
        known: u64,
        /// All rows.
        rows: u64,
    },
    /// At least nine rows in ten, not all.
    NineInTen,
    /// At least half, fewer than nine in ten.
    Half,
    /// Some, fewer than half.
    LessThanHalf,
}

/// All returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// In the order given.
    pub returns: Vec<ReturnHeld>,
    /// What was rejected, by dataset, element and code.
    pub rejects: Vec<RejectCount>,
}

/// One return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnHeld {
    /// What the caller calls it. A publication does not say it: a file's name may hold anything.
    pub name: Option<String>,
    /// Which return it is.
    pub kind: String,
    /// The returning authority's code.
    pub area: String,
    /// The day it speaks of.
    pub reference_date: Option<NaiveDate>,
    /// Every dataset its layout knows, carried or not.
    pub modules: Vec<ModuleHeld>,
    /// Records that were rejected.
    pub rejected_records: Amount,
    /// Values that were rejected from records that were kept.
    pub rejected_values: Amount,
}

/// One dataset of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleHeld {
    /// The dataset's id.
    pub dataset: String,
    /// Its title, where the framework knows it.
    pub title: String,
    /// Whether the return carries it.
    pub carried: bool,
    /// Rows read.
    pub rows: Amount,
    /// What span of dates it can speak for.
    pub cover: Cover,
    /// Each field.
    pub fields: Vec<FieldHeld>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldHeld {
    /// Its name.
    pub field: String,
    /// How much of it is filled in.
    pub complete: Completeness,
    /// Values that were rejected.
    pub rejected: Amount,
    /// First and last day, for a board and where it is not a personal date.
    pub days: Option<Days>,
}

/// Rejects of one sort.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RejectCount {
    /// The stable code: `bad-date`, `unknown-code`, …
    pub code: String,
    /// The element or column, as the file names it.
    pub element: String,
    /// The dataset, where it is known.
    pub dataset: Option<String>,
    /// What was lost.
    pub lost: Lost,
    /// How many.
    pub count: Amount,
}

/// What the returns hold, exactly for a board and roughly for a publication.
pub fn holdings(
    framework: &Framework,
    profiles: &[Profile],
    rejects: &[Reject],
    audience: &Audience,
) -> Holdings {
    let exact = matches!(audience, Audience::Board { .. });
    let mut sorts: BTreeMap<(String, String, Option<String>, Lost), u64> = BTreeMap::new();
    for reject in rejects {
        let element = if exact { reject.element.as_str() } else { public_element(reject) };
        let sort = (reject.code.clone(), element.to_owned(), reject.dataset.clone(), reject.lost);
        *sorts.entry(sort).or_insert(0) += reject.times;
    }
    Holdings {
        returns: profiles.iter().map(|profile| held(framework, profile, exact)).collect(),
        rejects: sorts
            .into_iter()
            .map(|((code, element, dataset, lost), count)| RejectCount {
                code,
                element,
                dataset,
                lost,
                count: amount(count, exact),
            })
            .collect(),
    }
}

/// What a publication calls the element of a reject: nothing that only the file says, be it a name that
/// nobody knows or a code.
fn public_element(reject: &Reject) -> &str {
    match reject.code.as_str() {
        "unknown-element" | "unknown-attribute" => "a name that the return does not know",
        _ => reject.element.split(' ').next().unwrap_or_default(),
    }
}

fn held(framework: &Framework, profile: &Profile, exact: bool) -> ReturnHeld {
    ReturnHeld {
        name: exact.then(|| profile.name.clone()),
        kind: profile.kind.clone(),
        area: profile.area.clone(),
        reference_date: profile.reference_date,
        modules: profile.modules.iter().map(|module| module_held(framework, module, exact)).collect(),
        rejected_records: amount(profile.rejected_records, exact),
        rejected_values: amount(profile.rejected_values, exact),
    }
}

fn module_held(framework: &Framework, module: &Module, exact: bool) -> ModuleHeld {
    let dataset = framework.datasets.get(&module.dataset);
    let personal: BTreeSet<&str> = dataset
        .into_iter()
        .flat_map(|dataset| &dataset.fields)
        .filter(|field| field.personal)
        .map(|field| field.name.value.as_str())
        .collect();
    let field = |field: &FieldProfile| FieldHeld {
        field: field.field.to_string(),
        complete: completeness(field.known, module.rows, exact),
        rejected: amount(field.rejected, exact),
        days: field.days.filter(|_| exact && !personal.contains(field.field.as_ref())),
    };
    ModuleHeld {
        dataset: module.dataset.clone(),
        title: dataset.map_or_else(|| module.dataset.clone(), |dataset| dataset.title.value.clone()),
        carried: module.carried,
        rows: amount(module.rows, exact),
        cover: module.cover,
        fields: module.fields.iter().map(field).collect(),
    }
}

/// Fewer than a hundred are not told apart in a publication, and more are told to the nearest hundred.
fn amount(count: u64, exact: bool) -> Amount {
    match count {
        _ if exact => Amount::Exactly(count),
        0 => Amount::Exactly(0),
        1..=99 => Amount::FewerThan(100),
        _ => Amount::About(count.saturating_add(50) / 100 * 100),
    }
}

/// `known` of `rows` rows.
pub(crate) fn completeness(known: u64, rows: u64, exact: bool) -> Completeness {
    let (known_times_ten, rows_wide) = (u128::from(known) * 10, u128::from(rows));
    match known {
        _ if rows == 0 => Completeness::NoRows,
        _ if exact => Completeness::Exactly { known, rows },
        0 => Completeness::Empty,
        _ if known >= rows => Completeness::Full,
        _ if known_times_ten >= rows_wide * 9 => Completeness::NineInTen,
        _ if known_times_ten >= rows_wide * 5 => Completeness::Half,
        _ => Completeness::LessThanHalf,
    }
}
