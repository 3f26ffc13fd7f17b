//! Which one field, dataset or agency would unlock the most indicators.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Gap, Headline, Why};

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
        let data: BTreeSet<Thing> = gap.reasons.iter().filter_map(missing).collect();
        let agencies: BTreeSet<Thing> = gap
            .ask
            .iter()
            .map(|ask| Thing::Agency { agency: ask.holder.clone(), name: ask.name.clone() })
            .collect();
        for wanted in [data, agencies] {
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
                if alone && is_ready(gap) {
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

fn is_open(gap: &Gap) -> bool {
    matches!(gap.headline, Headline::Partial | Headline::Proxy | Headline::Planned | Headline::Gap)
}

fn is_ready(gap: &Gap) -> bool {
    !gap.reasons.iter().any(|why| matches!(why, Why::NoCalculation | Why::Unsupported { .. }))
}

fn missing(why: &Why) -> Option<Thing> {
    match why {
        Why::DatasetNotCarried { dataset } | Why::DatasetNotArrived { dataset } => {
            Some(Thing::Dataset { dataset: dataset.clone() })
        }
        Why::FieldNotCarried { dataset, field } | Why::FieldEmpty { dataset, field } => {
            Some(Thing::Field { dataset: dataset.clone(), field: field.clone() })
        }
        Why::FieldIncomplete { .. } | Why::NoCalculation | Why::Unsupported { .. } | Why::NeedNotStated => {
            None
        }
    }
}
