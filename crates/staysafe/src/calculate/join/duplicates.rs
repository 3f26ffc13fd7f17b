//! Rows of one return that stand twice under one key (ruling 8).

use std::collections::BTreeMap;

use super::choice::Candidate;
use super::finding::{Finding, Origin, What};
use super::order::Carrier;
use super::roles::{Roles, pick};
use crate::value::Datum;

/// Settles rows under one key: identical ones count once; of those that differ the greatest version decides; without
/// a version, or between equal ones, what they disagree on is unknown.
///
/// Which row stands first in the file decides nothing.
pub(super) fn settle(
    roles: &Roles<'_>,
    carrier: &Carrier<'_>,
    rows: Vec<Candidate>,
    findings: &mut Vec<Finding>,
) -> Vec<Candidate> {
    let Some(key) = &roles.key else { return rows };
    let mut groups: BTreeMap<Vec<Datum>, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        groups.entry(pick(&row.values, key)).or_default().push(at);
    }
    if groups.len() == rows.len() {
        return rows;
    }
    let mut slots: Vec<Option<Candidate>> = rows.into_iter().map(Some).collect();
    let mut settled: BTreeMap<usize, Candidate> = BTreeMap::new();
    for (values, places) in groups {
        let group: Vec<Candidate> =
            places.iter().filter_map(|at| slots.get_mut(*at).and_then(Option::take)).collect();
        let identical = identical(group);
        for row in identical.iter().filter(|row| row.duplicates > 0) {
            findings.push(found(roles, carrier, What::Duplicate, row, &row.origins, &[]));
        }
        let known = values.iter().all(|value| matches!(value, Datum::Known(_)));
        let kept = if known && identical.len() > 1 {
            vec![one_of(roles, carrier, identical, findings)]
        } else {
            identical
        };
        // Each takes the place of the first of its rows, so that the order of the file is kept.
        settled.extend(kept.into_iter().map(|row| (row.place, row)));
    }
    settled.into_values().collect()
}

/// Identical rows as one, in order of what they say.
fn identical(group: Vec<Candidate>) -> Vec<Candidate> {
    let mut distinct: BTreeMap<Vec<Datum>, Candidate> = BTreeMap::new();
    for row in group {
        match distinct.get_mut(&row.values) {
            Some(held) => {
                held.duplicates += 1;
                held.origins.extend(row.origins);
                held.origins.sort_unstable();
                held.place = held.place.min(row.place);
            }
            None => {
                distinct.insert(row.values.clone(), row);
            }
        }
    }
    distinct.into_values().collect()
}

/// One row of those that differ under a key.
fn one_of(
    roles: &Roles<'_>,
    carrier: &Carrier<'_>,
    mut group: Vec<Candidate>,
    findings: &mut Vec<Finding>,
) -> Candidate {
    let place = group.iter().map(|row| row.place).min().unwrap_or_default();
    if let Some(version) = roles.version {
        let of = |row: &Candidate| match row.values.get(version) {
            Some(Datum::Known(value)) => Some(value.clone()),
            _ => None,
        };
        let latest = group.iter().map(of).max().flatten();
        let (newest, older): (Vec<_>, Vec<_>) = group.into_iter().partition(|row| of(row) == latest);
        for row in &older {
            findings.push(found(roles, carrier, What::OlderVersion, row, &row.origins, &[]));
        }
        group = newest;
    }
    let duplicates = group.iter().map(|row| row.duplicates).sum();
    let mut origins: Vec<u32> = group.iter().flat_map(|row| row.origins.iter().copied()).collect();
    origins.sort_unstable();
    let mut rows = group.into_iter();
    let Some(mut kept) = rows.next() else { return Candidate::default() };
    let mut differ = Vec::new();
    for row in rows {
        for (at, (mine, other)) in kept.values.iter_mut().zip(&row.values).enumerate() {
            if mine != other {
                // Nobody can say which is right: that is unknown, and neither a blank nor either of them.
                *mine = Datum::Rejected;
                differ.push(at);
            }
        }
    }
    differ.sort_unstable();
    differ.dedup();
    kept.place = place;
    kept.duplicates = duplicates;
    kept.origins = origins;
    if !differ.is_empty() {
        kept.contradictory = true;
        findings.push(found(roles, carrier, What::Contradictory, &kept, &kept.origins, &differ));
    }
    kept
}

fn found(
    roles: &Roles<'_>,
    carrier: &Carrier<'_>,
    what: What,
    row: &Candidate,
    origins: &[u32],
    fields: &[usize],
) -> Finding {
    let origins = origins.iter().map(|record| Origin { name: carrier.of.name.clone(), record: *record });
    Finding::new(roles, &carrier.of.area, what, &row.values, origins.collect(), fields)
}
