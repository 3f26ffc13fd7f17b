//! Partial states: what was counted of some of the records, to be merged with the rest before anything is divided.
//!
//! A part holds all records of some authorities ([`Given::Whole`]), or some rows of them ([`Given::Rows`]) as the plan's
//! [`division`] allows. [`Part::merge`] adds parts up in any order; [`Part::settle`] turns what was merged into
//! the [`Partials`] that one calculation of all the records gives, for [`finish`](super::finish).

mod merge;
mod settle;
mod shares;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::expected::is_register_only;
use super::mix::Mix;
use super::{CalculateError, Counting, Found, Reach, Source, count, engine, join, joined};
use crate::check::Checked;
use crate::period::Period;
use crate::plan::{Plan, division};
use crate::progress::Watch;
use crate::record::{
    Data, EXPECTED_RETURN, ExpectedReturns, PARTNER_COUNT, fingerprint, fingerprint_of, fingerprints,
};
use crate::result::{MadeOf, Partial, Partials};
use sha2::{Digest, Sha256};

pub use merge::MergeError;
pub use settle::SettleError;
pub use shares::{Rows, Shares};

/// What was counted of some of the records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The states that stand, as in [`Partials`].
    pub partials: Vec<Partial>,
    /// The states of which one period will show, once all parts are there: the last of which anything is known.
    pub candidates: Vec<Candidate>,
    /// By indicator the first day that its records speak for.
    pub first_days: BTreeMap<String, NaiveDate>,
    /// Whether areas stay apart when the calculation is finished.
    pub by_area: bool,
    /// By what figures are kept apart, besides the area.
    pub by: Vec<String>,
    /// What they were made of.
    pub made_of: MadeOf,
    /// Hash of the framework's definitions that were calculated.
    pub framework: String,
    /// The fingerprint of each return.
    pub returns: BTreeSet<String>,
    /// The fingerprint of what was asked for; empty where nothing was.
    pub asked: String,
    /// Whose records were counted, and which of them.
    pub shares: Shares,
    /// How often something in a table that came as a stream could not be used, by what and why: nobody else tells.
    #[serde(default)]
    pub rejected: BTreeMap<String, u64>,
}

/// A state that is shown only if no later period of its cycle has a figure in any part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The latest period that it could have been.
    pub latest: Period,
    /// The state.
    pub partial: Partial,
}

/// Which records a part is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'g> {
    /// All that there is of each authority.
    Whole,
    /// Some rows of each authority, divided as [`division`] says. The name is one that no other part has.
    Rows(&'g str),
}

/// Why a part could not be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// As for a whole calculation.
    #[error(transparent)]
    Calculate(#[from] CalculateError),
    /// Rows of one authority go by two codes.
    #[error(transparent)]
    Codes(#[from] MergeError),
    /// Rows of an authority were given, with a register that only a whole authority can be held to.
    #[error(
        "'{dataset}' cannot be divided by rows: it says something about an authority's records as a whole; give each authority's records whole"
    )]
    Register {
        /// The dataset.
        dataset: &'static str,
    },
    /// Rows of an authority were given in several returns that carry one dataset.
    #[error(
        "{area} has several returns that carry '{dataset}', and which of them holds for a record can be said only of all of them; give this authority's records whole"
    )]
    SeveralReturns {
        /// The authority.
        area: String,
        /// The dataset.
        dataset: String,
    },
}

/// Counts a part of the records, record by record.
///
/// # Errors
/// As for [`calculate`](super::calculate); rows that cannot be divided.
///
/// # Example
/// ```
/// use staysafe::calculate::part::{Given, calculate_part};
/// use staysafe::plan::{Request, plan};
/// use staysafe::progress::Watch;
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let part = calculate_part(&checked, &plan, &Data::default(), Given::Whole, &Watch::nobody()).unwrap();
/// let whole = part.clone().merge(part).unwrap().settle(&checked).unwrap();
/// assert!(whole.partials.is_empty());
/// ```
pub fn calculate_part(
    checked: &Checked,
    plan: &Plan,
    data: &Data,
    given: Given<'_>,
    watch: &Watch<'_>,
) -> Result<Part, PartError> {
    let shares = shares_of((checked, plan), data, given, &rows_of(data))?;
    let joined = joined(checked, data)?;
    let source = Source { checked, plan, data, joined: &joined, fingerprint: fingerprint(data), watch };
    let found = count(source, &mut Counting::Reference, Reach::ForMerging)?;
    Ok(made(found, checked, data, shares, fingerprints(data)))
}

/// As [`calculate_part`], by an engine; see [`calculate_with`](engine::calculate_with). The records of `joined` may be without rows;
/// those of `data` may not.
///
/// # Errors
/// As for [`calculate_part`].
pub fn calculate_part_with<'a>(
    (checked, plan): (&'a Checked, &'a Plan),
    data: &Data,
    joined: &'a join::Joined<'_>,
    given: Given<'_>,
    engine: &mut dyn engine::Engine<'a>,
    watch: &Watch<'_>,
) -> Result<Part, PartError> {
    let lying = Lying { data, fingerprints: fingerprints(data), buckets: &rows_of(data) };
    calculate_part_lying((checked, plan), lying, joined, given, engine, watch)
}

/// As [`calculate_part_with`], of records that lie in the engine.
///
/// # Errors
/// As for [`calculate_part`].
pub fn calculate_part_lying<'a>(
    (checked, plan): (&'a Checked, &'a Plan),
    lying: Lying<'_>,
    joined: &'a join::Joined<'_>,
    given: Given<'_>,
    engine: &mut dyn engine::Engine<'a>,
    watch: &Watch<'_>,
) -> Result<Part, PartError> {
    let Lying { data, fingerprints, buckets } = lying;
    let shares = shares_of((checked, plan), data, given, buckets)?;
    let source = Source { checked, plan, data, joined, fingerprint: fingerprint_of(&fingerprints), watch };
    let found = engine::found_with(source, engine, Reach::ForMerging)?;
    Ok(made(found, checked, data, shares, fingerprints))
}

/// Which buckets the rows of a return's table are of, by the return's place, the dataset, and the field that holds rows together or
/// none: see [`bucket`](crate::plan::bucket). Nothing where the table has no row.
pub type Buckets<'b> = &'b dyn Fn(usize, &str, Option<&str>) -> Option<BTreeSet<u32>>;

/// Records that lie in an engine.
#[derive(Clone)]
pub struct Lying<'l> {
    /// The returns; their tables may be without rows.
    pub data: &'l Data,
    /// The fingerprint of each, with its rows.
    pub fingerprints: BTreeSet<String>,
    /// The buckets of their rows.
    pub buckets: Buckets<'l>,
}

impl std::fmt::Debug for Lying<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lying").field("fingerprints", &self.fingerprints).finish_non_exhaustive()
    }
}

/// The buckets of returns with their rows.
fn rows_of(data: &Data) -> impl Fn(usize, &str, Option<&str>) -> Option<BTreeSet<u32>> + '_ {
    |place, dataset, field| shares::buckets(data.returns.get(place)?, dataset, field)
}

fn made(found: Found, checked: &Checked, data: &Data, shares: Shares, returns: BTreeSet<String>) -> Part {
    let Found { whole, candidates, first_days } = found;
    let Partials { partials, by_area, by, made_of } = whole;
    let asked = asked(data);
    let framework = checked.hash().to_owned();
    Part {
        partials,
        candidates,
        first_days,
        by_area,
        by,
        made_of,
        framework,
        returns,
        asked,
        shares,
        rejected: BTreeMap::new(),
    }
}

/// The fingerprint of what was asked for: every part must have been told the same.
fn asked(data: &Data) -> String {
    let asked = ExpectedReturns::of(data).entries;
    if asked.is_empty() {
        return String::new();
    }
    let mut hash = Sha256::new();
    for entry in asked {
        let area = entry.area.unwrap_or_default();
        let days = [entry.due, entry.received].map(|day| day.map_or_else(String::new, |day| day.to_string()));
        let said = format!("{:?} {:?}", entry.nil_declared, entry.accepted);
        for text in [entry.agency, entry.dataset, area, entry.period.to_string(), days.join(" "), said] {
            hash.update(text.as_bytes());
            hash.update([0]);
        }
    }
    crate::value::hex(&hash.finalize())
}

fn shares_of(
    (checked, plan): (&Checked, &Plan),
    data: &Data,
    given: Given<'_>,
    buckets: Buckets<'_>,
) -> Result<Shares, PartError> {
    let returns = data.returns.iter().enumerate().filter(|(_, of)| !is_register_only(of));
    let Given::Rows(name) = given else {
        let mut whole: BTreeSet<String> =
            returns.map(|(_, of)| super::expected::authority(checked, of)).collect();
        whole.extend(Mix::new(checked, data).areas().cloned());
        return Ok(Shares::whole(whole));
    };
    for dataset in [EXPECTED_RETURN, PARTNER_COUNT] {
        let holds = |of: &crate::record::Return| of.tables.get(dataset).is_some_and(|t| !t.rows.is_empty());
        if data.returns.iter().any(holds) {
            return Err(PartError::Register { dataset });
        }
    }
    let division = division(checked, plan);
    let mut carried: BTreeSet<(String, &str)> = BTreeSet::new();
    let mut shares = Shares::default();
    for (place, of) in returns {
        let area = super::expected::authority(checked, of);
        shares.knows(&area, &of.area)?;
        for dataset in of.tables.keys().filter(|dataset| division.tables().contains_key(*dataset)) {
            if !carried.insert((area.clone(), dataset)) {
                return Err(PartError::SeveralReturns { area, dataset: dataset.clone() });
            }
            shares.add(&area, name, dataset, &division, |field| buckets(place, dataset, field));
        }
    }
    Ok(shares)
}

impl Part {
    /// What the records were made of, with the fingerprint of all returns together.
    fn fingerprinted(mut self) -> Self {
        self.made_of.data = fingerprint_of(&self.returns);
        self
    }
}
