//! Reasons gathered over cells: one of each.

use std::collections::{BTreeMap, BTreeSet};

use super::Why;

/// One of each reason; of a field that is thin in several places the rows are added up.
#[derive(Debug, Default)]
pub(super) struct Whys {
    plain: BTreeSet<Why>,
    thin: BTreeMap<(String, String), (u64, u64)>,
}

impl Whys {
    pub(super) fn add(&mut self, why: Why) {
        match why {
            Why::FieldIncomplete { dataset, field, known, rows } => {
                let sum = self.thin.entry((dataset, field)).or_default();
                *sum = (sum.0 + known, sum.1 + rows);
            }
            why => {
                self.plain.insert(why);
            }
        }
    }

    /// In order; a field that is missing somewhere is not thin as well.
    pub(super) fn all(self) -> Vec<Why> {
        let mut all = self.plain;
        for ((dataset, field), (known, rows)) in self.thin {
            let is_missing = |why: &Why| match why {
                Why::FieldNotCarried { dataset: d, field: f } | Why::FieldEmpty { dataset: d, field: f } => {
                    *d == dataset && *f == field
                }
                _ => false,
            };
            if !all.iter().any(is_missing) {
                all.insert(Why::FieldIncomplete { dataset, field, known, rows });
            }
        }
        all.into_iter().collect()
    }
}
