//! What arrived, over all returns.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::Profile;

/// What all returns together hold of one dataset.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Rows, over all returns.
    pub(super) rows: u64,
    /// Rows with a value, by field; a field that no return's table has is not here.
    pub(super) known: BTreeMap<String, u64>,
}

/// What arrived.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    tables: BTreeMap<String, Table>,
    /// Kinds of returns that came: `cin-census`.
    kinds: BTreeSet<String>,
}

impl Arrived {
    pub(super) fn of(profiles: &[Profile]) -> Self {
        let mut arrived = Self::default();
        for profile in profiles {
            arrived.kinds.insert(profile.kind.clone());
            for module in profile.modules.iter().filter(|module| module.carried) {
                let table = arrived.tables.entry(module.dataset.clone()).or_default();
                table.rows += module.rows;
                for field in &module.fields {
                    *table.known.entry(field.field.to_string()).or_insert(0) += field.known;
                }
            }
        }
        arrived
    }

    /// The dataset, where at least one return carries it.
    pub(super) fn table(&self, dataset: &str) -> Option<&Table> {
        self.tables.get(dataset)
    }

    /// Whether a return of this kind came, with or without the dataset.
    pub(super) fn has_return(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }
}
