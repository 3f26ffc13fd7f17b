//! The versions of a definition as they are written.

use std::collections::BTreeMap;

use super::indicator::{Calculation, Clock, Indicator, Version};

/// A version as it is written, with what it takes from the definition around it.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) version: Option<&'a Version>,
    pub(crate) calculation: Option<&'a Calculation>,
    /// The definition's clocks; one of the version's own takes the place of the one of its name.
    pub(crate) clocks: BTreeMap<String, Clock>,
}

/// Every version of a definition, in order of time.
pub(crate) fn written(indicator: &Indicator) -> Vec<Written<'_>> {
    let whole = indicator.calculation.as_ref();
    if indicator.versions.is_empty() {
        return vec![Written { version: None, calculation: whole, clocks: indicator.clocks.clone() }];
    }
    let mut written = Vec::new();
    for version in &indicator.versions {
        let mut clocks = indicator.clocks.clone();
        clocks.extend(version.clocks.clone());
        written.push(Written {
            version: Some(version),
            calculation: version.calculation.as_ref().or(whole),
            clocks,
        });
    }
    written
}
