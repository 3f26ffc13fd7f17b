//! Gaps: what is needed, what is supplied, what arrived.
//!
//! Each entry of a framework gets one headline, so that the headlines add up to the number of entries,
//! and every missing thing gets a typed reason, the holder to ask, and the obstacle in the way. The
//! ranking in [`Unlock`] says which one field, dataset or agency would unlock the most indicators.

mod arrived;
mod entry;
#[cfg(test)]
pub(crate) mod fixture;
mod unlock;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::Checked;
use crate::definition::framework::Framework;
pub use crate::definition::indicator::{Obstacle, Supply};
use crate::record::Profile;

pub use unlock::{Thing, Unlock};

/// What the analysis cannot read from definitions and returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The day on which agreements must still hold.
    pub as_of: NaiveDate,
    /// The area whose facts decide what applies; `None` leaves every entry applicable.
    pub area: Option<String>,
    /// Datasets that a holder has promised, from a data gathering plan.
    pub promised: Vec<Promise>,
}

/// A dataset that its holder has promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The dataset's id.
    pub dataset: String,
    /// The agency's id.
    pub holder: String,
    /// When it is first due.
    pub first_delivery: Option<NaiveDate>,
}

/// The state of one entry. Each entry has exactly one.
///
/// In order of precedence: the first that holds is the headline (design section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Headline {
    /// It cannot occur in this area.
    NotApplicable,
    /// The framework leaves it out.
    OutOfScope,
    /// Another entry has taken its place.
    Superseded,
    /// The collection that fed it has ended.
    Discontinued,
    /// All it needs has arrived.
    Available,
    /// Some of what it needs has arrived.
    Partial,
    /// Nothing has arrived, and a similar entry can stand beside it; it never fills its cell.
    Proxy,
    /// Nothing has arrived, and all of it is promised.
    Planned,
    /// Nothing has arrived.
    Gap,
}

/// Why an entry has no figure, or less of one than it could have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Why {
    /// A return that should carry the dataset came without it.
    DatasetNotCarried {
        /// The dataset's id.
        dataset: String,
    },
    /// No return that carries the dataset came at all.
    DatasetNotArrived {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset came without this column.
    FieldNotCarried {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// The field is blank in every row.
    FieldEmpty {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// The field is blank in more rows than the framework's threshold allows; a blank may be an answer.
    FieldIncomplete {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
        /// Rows with a value.
        known: u64,
        /// All rows.
        rows: u64,
    },
    /// The definition says what it needs and not yet how it is calculated.
    NoCalculation,
    /// The calculation needs a step that this version cannot do.
    Unsupported {
        /// The step.
        step: String,
    },
    /// The definition does not say what it needs.
    NeedNotStated,
}

/// Whom to ask, and for what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ask {
    /// The agency's id.
    pub holder: String,
    /// The agency's name, where the framework knows it.
    pub name: String,
    /// The dataset's id.
    pub dataset: String,
    /// The fields that are missing.
    pub fields: Vec<String>,
}

/// The gap of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The indicator's id.
    pub indicator: String,
    /// Whether it is one of the board's listed entries, or stands in a list of our own.
    pub listed: bool,
    /// The one state it is counted under.
    pub headline: Headline,
    /// Whether it can occur in this area.
    pub applicable: bool,
    /// Whether the framework covers it; else the reason why not.
    pub in_scope: bool,
    /// Why it is out of scope.
    pub out_of_scope: Option<String>,
    /// How much of what it needs has arrived.
    pub supply: Supply,
    /// Everything that stands between the entry and its figure, and warnings about what arrived.
    pub reasons: Vec<Why>,
    /// A similar entry that can be calculated, to be shown beside it.
    pub proxy: Option<String>,
    /// The first promised delivery that would complete it.
    pub planned: Option<Promise>,
    /// The entry that has taken its place.
    pub superseded: Option<String>,
    /// The collection that has ended.
    pub discontinued: Option<Ended>,
    /// What stands in the way, where something is missing.
    pub obstacle: Option<Obstacle>,
    /// Whom to ask for what is missing.
    pub ask: Vec<Ask>,
}

/// A collection that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// The collection.
    pub collection: String,
    /// The last period it spoke for.
    pub last_period: Option<String>,
    /// What followed it.
    pub successor: Option<String>,
}

/// The gaps of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapAnalysis {
    /// The day on which agreements were judged.
    pub as_of: NaiveDate,
    /// Every entry, in order of id.
    pub gaps: BTreeMap<String, Gap>,
    /// How many of the listed entries stand under each headline; adds up to [`GapAnalysis::entries`].
    pub headlines: BTreeMap<Headline, usize>,
    /// How many entries the board's lists hold.
    pub entries: usize,
    /// What would unlock the most, best first.
    pub unlocks: Vec<Unlock>,
}

impl Gap {
    /// Whether all the data is here and only a calculation is wanting.
    pub fn could_be_had(&self) -> bool {
        self.headline == Headline::Available
            && self.reasons.iter().any(|why| matches!(why, Why::NoCalculation | Why::Unsupported { .. }))
    }
}

/// What one indicator needs, as `check` worked it out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Needed {
    /// Fields by dataset.
    pub(crate) datasets: BTreeMap<String, BTreeSet<String>>,
    /// Steps of its calculation that this version cannot do.
    pub(crate) not_supported: Vec<String>,
}

/// Compares what each indicator needs with what agencies say they supply and with what arrived.
///
/// The headline is decided by the precedence *not applicable, out of scope, superseded, discontinued,
/// available, partial, proxy, planned, gap* (design section 6).
///
/// # Example
/// ```
/// use staysafe::gap::{Circumstances, Headline, Why, gap};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let circumstances = Circumstances { as_of: "2010-07-01".parse().unwrap(), area: None, promised: Vec::new() };
/// let analysis = gap(&checked, &[], &circumstances);
///
/// assert_eq!(analysis.headlines[&Headline::Gap], analysis.entries);
/// assert!(analysis.gaps["a"].reasons.contains(&Why::DatasetNotArrived { dataset: "restraint".into() }));
/// assert_eq!(analysis.gaps["a"].ask[0].name, "Youth Justice Board");
/// ```
pub fn gap(checked: &Checked, profiles: &[Profile], circumstances: &Circumstances) -> GapAnalysis {
    let needed = checked
        .indicators()
        .iter()
        .map(|(id, indicator)| {
            let needed = Needed {
                datasets: indicator.need().clone(),
                not_supported: indicator.not_supported().to_vec(),
            };
            (id.clone(), needed)
        })
        .collect();
    analyse(checked.framework(), &needed, profiles, circumstances)
}

/// The analysis itself, on plain values.
pub(crate) fn analyse(
    framework: &Framework,
    needed: &BTreeMap<String, Needed>,
    profiles: &[Profile],
    circumstances: &Circumstances,
) -> GapAnalysis {
    let arrived = arrived::Arrived::of(profiles);
    let gaps = entry::entries(framework, needed, &arrived, circumstances);
    let mut headlines = BTreeMap::new();
    for gap in gaps.values().filter(|gap| gap.listed) {
        *headlines.entry(gap.headline).or_insert(0) += 1;
    }
    GapAnalysis {
        as_of: circumstances.as_of,
        entries: gaps.values().filter(|gap| gap.listed).count(),
        unlocks: unlock::rank(&gaps),
        headlines,
        gaps,
    }
}

#[cfg(test)]
mod tests;
