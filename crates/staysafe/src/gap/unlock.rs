//! Which one field, dataset or agency would unlock the most indicators.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{Ask, Gap, Headline, Obstacle, Why};

/// Something that could be asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Thing {
    /// One field of a dataset that arrived.
    Field {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// A dataset that did not arrive.
    Dataset {
        /// The dataset's id.
        dataset: String,
    },
    /// All that one agency holds and has not sent.
    Agency {
        /// The agency's id.
        agency: String,
        /// Its name.
        name: String,
    },
    /// An agreement with one agency: one that has run out, or one that is still to be made.
    Agreement {
        /// The agency's id.
        agency: String,
        /// Its name.
        name: String,
        /// The agreement that has run out, where it is named.
        agreement: Option<String>,
    },
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { dataset, field } => write!(f, "the field '{field}' of '{dataset}'"),
            Self::Dataset { dataset } => write!(f, "the dataset '{dataset}'"),
            Self::Agency { name, .. } => write!(f, "everything that {name} holds"),
            Self::Agreement { name, agreement: None, .. } => write!(f, "an agreement with {name}"),
            Self::Agreement { name, agreement: Some(agreement), .. } => {
                write!(f, "the agreement with {name} that has run out ({agreement})")
            }
        }
    }
}

/// What one thing would unlock. Exact: nothing is estimated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unlock {
    /// The thing to ask for.
    pub thing: Thing,
    /// Listed entries that miss nothing else, in order of id.
    pub alone: Vec<String>,
    /// Listed entries that miss this among other things, in order of id.
    pub among_others: Vec<String>,
    /// Which of `alone` have a calculation ready for the data.
    pub ready: Vec<String>,
}

/// Best first: most entries unlocked alone, then most it contributes to, then by name.
pub(super) fn rank(gaps: &BTreeMap<String, Gap>) -> Vec<Unlock> {
    let mut things: BTreeMap<Thing, Unlock> = BTreeMap::new();
    for gap in gaps.values().filter(|gap| gap.listed && is_open(gap)) {
        for wanted in wanted(gap) {
            let alone = wanted.len() == 1;
            for thing in wanted {
                let unlock = things.entry(thing.clone()).or_insert_with(|| Unlock {
                    thing,
                    alone: Vec::new(),
                    among_others: Vec::new(),
                    ready: Vec::new(),
                });
                let list = if alone { &mut unlock.alone } else { &mut unlock.among_others };
                list.push(gap.indicator.clone());
                if alone && gap.is_calculable() {
                    unlock.ready.push(gap.indicator.clone());
                }
            }
        }
    }
    let mut ranked: Vec<Unlock> = things.into_values().collect();
    ranked.sort_by(|a, b| {
        let counts = |unlock: &Unlock| (unlock.alone.len(), unlock.among_others.len());
        counts(b).cmp(&counts(a)).then_with(|| a.thing.cmp(&b.thing))
    });
    ranked
}

pub(crate) fn is_open(gap: &Gap) -> bool {
    matches!(gap.headline, Headline::Partial | Headline::Proxy | Headline::Planned | Headline::Gap)
}

/// What an entry misses, said in three ways: as data, by who holds it, and by the agreement that it waits for. Each
/// way is whole: having all of it would complete the entry, where the third says anything at all.
pub(super) fn wanted(gap: &Gap) -> [BTreeSet<Thing>; 3] {
    let data = gap.reasons.iter().filter_map(missing).collect();
    let agency = |ask: &Ask| Thing::Agency { agency: ask.holder.clone(), name: ask.name.clone() };
    let agreement = |ask: &Ask| Thing::Agreement {
        agency: ask.holder.clone(),
        name: ask.name.clone(),
        agreement: ask.agreement.clone(),
    };
    let agencies = gap.ask.iter().map(agency).collect();
    let waits = |ask: &&Ask| ask.obstacle == Obstacle::NeedsAnAgreement;
    let all_wait = gap.ask.iter().all(|ask| waits(&ask));
    let agreements = gap.ask.iter().filter(waits).filter(|_| all_wait).map(agreement).collect();
    [data, agencies, agreements]
}

fn missing(why: &Why) -> Option<Thing> {
    match why {
        Why::FieldNotCarried { dataset, field } | Why::FieldEmpty { dataset, field } => {
            Some(Thing::Field { dataset: dataset.clone(), field: field.clone() })
        }
        why if why.is_warning() => None,
        why => why.dataset().map(|dataset| Thing::Dataset { dataset: dataset.to_owned() }),
    }
}
