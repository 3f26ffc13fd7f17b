//! Weighted answers to a survey, added up by what was drawn.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::value::Exact;

/// The answers to a survey: how many, and their weights by stratum and cluster. Both go by the authority's code and
/// its own number; a cluster that nobody has named is the empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surveyed {
    /// How many answers there are.
    pub answers: u64,
    /// Weights by stratum, then cluster.
    pub strata: BTreeMap<String, BTreeMap<String, Weights>>,
}

/// The weights of the answers of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Of those that count.
    pub yes: Exact,
    /// Of all.
    pub all: Exact,
}

impl Default for Weights {
    fn default() -> Self {
        Self { yes: Exact::ZERO, all: Exact::ZERO }
    }
}

impl Surveyed {
    /// Two surveys together; `None` where a sum does not fit.
    #[must_use]
    pub fn combine(mut self, other: Self) -> Option<Self> {
        self.answers = self.answers.checked_add(other.answers)?;
        for (stratum, clusters) in other.strata {
            let held = self.strata.entry(stratum).or_default();
            for (cluster, weights) in clusters {
                let held = held.entry(cluster).or_default();
                *held = held.plus(&weights)?;
            }
        }
        Some(self)
    }

    /// The weights of all answers; `None` where a sum does not fit.
    pub fn total(&self) -> Option<Weights> {
        let mut clusters = self.strata.values().flat_map(BTreeMap::values);
        clusters.try_fold(Weights::default(), |sum, weights| sum.plus(weights))
    }

    /// The weights of each cluster, by stratum; `None` where somebody's cluster is not known.
    pub fn clusters(&self) -> Option<Vec<Vec<&Weights>>> {
        let known = self.strata.values().all(|clusters| !clusters.contains_key(""));
        known.then(|| self.strata.values().map(|clusters| clusters.values().collect()).collect())
    }
}

impl Weights {
    fn plus(&self, other: &Self) -> Option<Self> {
        Some(Self { yes: self.yes.plus(&other.yes)?, all: self.all.plus(&other.all)? })
    }
}
