//! Gaps: what is needed, what is supplied, what arrived.
//!
//! [`needs`] reads what each indicator needs from its checked definition, [`supplied`] what agencies say they can give,
//! [`Arrived`] what came, after the returns of each authority were joined. [`gap()`] compares the three: each entry
//! gets one headline, so that the headlines add up to the number of entries, and every missing thing gets a typed
//! reason, the holder to ask, and the obstacle in the way. [`Unlock`] says which one field, dataset, agency or
//! agreement would unlock the most indicators.

mod absent;
mod arrived;
mod asked;
mod blanks;
mod bundle;
mod by_source;
mod entry;
#[cfg(test)]
pub(crate) mod fixture;
mod judge;
mod matrix;
mod need;
mod sides;
mod status;
mod supplied;
mod unlock;
mod what_if;
mod why;
mod whys;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::Checked;
use crate::definition::framework::Framework;
pub use crate::definition::indicator::{Obstacle, Supply};
use crate::period::Period;

pub use absent::{Absence, absences};
pub use arrived::{Arrived, ArrivedFrom, Came, Delivery, Filled};
use asked::{Asked, at_any_time, in_period};
pub use bundle::Bundle;
pub use by_source::{BySource, SourceCell, SourceColumn, SourceRow, by_source};
pub use matrix::{Grain, Matrix, MatrixRow, NOBODY_KNOWN, matrix};
pub use need::{Because, History, LinkNeed, Need, Reach, needs};
pub use sides::{ArrivedRow, NeedRow, arrived_rows, needed};
pub use status::Status;
pub use supplied::{SupplySaid, supplied};
pub(crate) use unlock::is_open;
pub use unlock::{Thing, Unlock};
pub use what_if::{Change, Lot, Moved, WhatIf, WhatIfError, supposed, what_if};
pub use why::Why;

/// What the analysis cannot read from definitions and returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Circumstances {
    /// The day on which agreements must still hold.
    pub as_of: NaiveDate,
    /// The authorities that are asked; none: those from which anything arrived. Their facts decide what applies.
    pub areas: Vec<String>,
    /// The periods that are asked about; none: whatever arrived, of whatever days.
    pub periods: Vec<Period>,
    /// Datasets that a holder has promised, from a data gathering plan.
    pub promised: Vec<Promise>,
    /// Agreements, by agency and agreement, that are taken to have run out whatever is written of them.
    pub lapsed: Vec<(String, String)>,
}

impl Circumstances {
    /// A day, and nothing else: every authority that sent anything, all that arrived, nothing promised.
    ///
    /// # Example
    /// ```
    /// use staysafe::gap::Circumstances;
    /// assert!(Circumstances::on("2010-07-01".parse().unwrap()).periods.is_empty());
    /// ```
    pub fn on(as_of: NaiveDate) -> Self {
        Self { as_of, areas: Vec::new(), periods: Vec::new(), promised: Vec::new(), lapsed: Vec::new() }
    }

    /// Whether what was said of a supply still holds.
    fn holds(&self, said: &SupplySaid) -> bool {
        let lapsed = |(agency, agreement): &(String, String)| {
            *agency == said.agency && Some(agreement) == said.agreement.as_ref()
        };
        said.holds_on(self.as_of) && !self.lapsed.iter().any(lapsed)
    }
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

impl Headline {
    /// All of them, in order of precedence.
    const ALL: [Self; 9] = [
        Self::NotApplicable,
        Self::OutOfScope,
        Self::Superseded,
        Self::Discontinued,
        Self::Available,
        Self::Partial,
        Self::Proxy,
        Self::Planned,
        Self::Gap,
    ];

    /// The first that holds; where none does, nothing has arrived.
    fn first(holds: impl Fn(Self) -> bool) -> Self {
        Self::ALL.into_iter().find(|headline| holds(*headline)).unwrap_or(Self::Gap)
    }

    /// The headline as it is written for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::OutOfScope => "out-of-scope",
            Self::Superseded => "superseded",
            Self::Discontinued => "discontinued",
            Self::Available => "available",
            Self::Partial => "partial",
            Self::Proxy => "proxy",
            Self::Planned => "planned",
            Self::Gap => "gap",
        }
    }
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
    /// What stands in the way of this one.
    pub obstacle: Obstacle,
    /// Whether a supply was declared of which the agreement has run out.
    pub run_out: bool,
    /// That agreement, where it is named.
    pub agreement: Option<String>,
}

/// A declared substitute. It stands beside an entry and never in its cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proxy {
    /// The indicator that can be calculated.
    pub indicator: String,
    /// What is lost by it, in the definition's words.
    pub loses: String,
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
    /// The facts of all its cells.
    pub status: Status,
    /// How much of what it needs has arrived.
    pub supply: Supply,
    /// Everything that stands between the entry and its figure, and warnings about what arrived.
    pub reasons: Vec<Why>,
    /// A declared substitute that can be calculated, to be shown beside it.
    pub proxy: Option<Proxy>,
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
    /// Whether all of the periods that are asked about lie before its end.
    pub still_collected: bool,
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
    /// Which two or three things together would unlock the most.
    pub bundles: Vec<Bundle>,
}

impl Gap {
    /// Whether all the data is here and only a calculation is wanting.
    pub fn could_be_had(&self) -> bool {
        self.headline == Headline::Available && !self.is_calculable()
    }

    /// Whether it has a calculation that this version of the library can do.
    pub fn is_calculable(&self) -> bool {
        !self.reasons.iter().any(|why| matches!(why, Why::NoCalculation | Why::Unsupported { .. }))
    }
}

/// Compares what each indicator needs with what agencies say they supply and with what arrived.
///
/// The headline is decided by the precedence *not applicable, out of scope, superseded, discontinued,
/// available, partial, proxy, planned, gap* (design section 6). Over several authorities and periods an entry is
/// available where every cell that asks is; [`Status`] has the rule.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, Circumstances, Headline, Why, gap};
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
/// let analysis = gap(&checked, &Arrived::default(), &Circumstances::on("2010-07-01".parse().unwrap()));
///
/// assert_eq!(analysis.headlines[&Headline::Gap], analysis.entries);
/// assert!(analysis.gaps["a"].reasons.contains(&Why::DatasetNotArrived { dataset: "restraint".into() }));
/// assert_eq!(analysis.gaps["a"].ask[0].name, "Youth Justice Board");
/// ```
pub fn gap(checked: &Checked, arrived: &Arrived, circumstances: &Circumstances) -> GapAnalysis {
    let asks = |id: &str, need: &Need| match checked.indicator(id) {
        Some(indicator) if !circumstances.periods.is_empty() => {
            let periods = circumstances.periods.iter();
            periods.map(|period| in_period(checked, indicator, need, *period)).collect()
        }
        _ => vec![Asked::Parts(at_any_time(need))],
    };
    analysis(checked.framework(), &needs(checked), arrived, circumstances, &asks)
}

/// The analysis on plain values, whatever the period.
#[cfg(test)]
pub(crate) fn analyse(
    framework: &Framework,
    needs: &BTreeMap<String, Need>,
    arrived: &Arrived,
    circumstances: &Circumstances,
) -> GapAnalysis {
    analysis(framework, needs, arrived, circumstances, &|_, need| vec![Asked::Parts(at_any_time(need))])
}

fn analysis(
    framework: &Framework,
    needs: &BTreeMap<String, Need>,
    arrived: &Arrived,
    circumstances: &Circumstances,
    asks: &dyn Fn(&str, &Need) -> Vec<Asked>,
) -> GapAnalysis {
    let of = entry::Of {
        framework,
        arrived,
        circumstances,
        areas: areas(arrived, circumstances),
        said: supplied(framework),
        asks,
        nothing: ArrivedFrom::default(),
    };
    let gaps = entry::entries(&of, needs);
    let mut headlines = BTreeMap::new();
    for gap in gaps.values().filter(|gap| gap.listed) {
        *headlines.entry(gap.headline).or_insert(0) += 1;
    }
    GapAnalysis {
        as_of: circumstances.as_of,
        entries: gaps.values().filter(|gap| gap.listed).count(),
        unlocks: unlock::rank(&gaps),
        bundles: bundle::bundles(&gaps),
        headlines,
        gaps,
    }
}

/// The authorities that are asked. Where none is named and nothing arrived, one without a name is.
fn areas(arrived: &Arrived, circumstances: &Circumstances) -> Vec<String> {
    let mut areas = circumstances.areas.clone();
    if areas.is_empty() {
        areas.extend(arrived.areas.keys().cloned());
    }
    if areas.is_empty() {
        areas.push(String::new());
    }
    areas.sort();
    areas.dedup();
    areas
}

#[cfg(test)]
mod tests;
