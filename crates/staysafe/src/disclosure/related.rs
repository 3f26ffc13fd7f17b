//! Rows that are related to a hidden row.

use std::collections::BTreeSet;

use super::SMALL;
use super::population::Counted;
use crate::definition::framework::Framework;
use crate::definition::indicator::RelationKind;

/// The rows, and those that a declared relation ties to one of them, whatever it says of their counts;
/// only rows that merely stand beside each other or come from one dataset are left to the audit.
pub(super) fn beside(framework: &Framework, rows: &BTreeSet<String>) -> BTreeSet<String> {
    step(framework, rows, |kind| !matches!(kind, RelationKind::SharesDataset | RelationKind::Beside))
}

/// The rows, and those that share counts with one of them, on and on.
pub(super) fn close(framework: &Framework, rows: &BTreeSet<String>) -> BTreeSet<String> {
    let mut closed = rows.clone();
    loop {
        let next = step(framework, &closed, shares_counts);
        if next.len() == closed.len() {
            return closed;
        }
        closed = next;
    }
}

fn step(
    framework: &Framework,
    rows: &BTreeSet<String>,
    wanted: impl Fn(RelationKind) -> bool,
) -> BTreeSet<String> {
    let mut grown = rows.clone();
    for indicator in framework.indicators.values() {
        let targets = indicator
            .relations
            .iter()
            .filter(|relation| wanted(relation.kind.value))
            .map(|relation| &relation.target.value)
            .chain(indicator.same_calculation_as.as_ref().map(|other| &other.value));
        for target in targets {
            if rows.contains(target) {
                grown.insert(indicator.id.value.clone());
            }
            if rows.contains(&indicator.id.value) {
                grown.insert(target.clone());
            }
        }
    }
    grown
}

/// Whether two related rows count the same records, or some of each other's.
fn shares_counts(kind: RelationKind) -> bool {
    match kind {
        RelationKind::Replaces
        | RelationKind::ReplacedBy
        | RelationKind::ProposedToReplace
        | RelationKind::SimilarTo
        | RelationKind::SubsetOf
        | RelationKind::ComplementOf
        | RelationKind::DerivedFrom
        | RelationKind::HasNumerator
        | RelationKind::NumeratorOf
        | RelationKind::DenominatorOf
        | RelationKind::PartOf => true,
        RelationKind::Related
        | RelationKind::Overlaps
        | RelationKind::SharesDataset
        | RelationKind::Beside => false,
    }
}

/// Of two rows that declare that one lies inside the other, the smaller where they differ by a small
/// count in the same area over the same days: whatever their predicates say.
pub(super) fn declared_differences(framework: &Framework, shown: &[&Counted]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for indicator in framework.indicators.values() {
        for relation in indicator.relations.iter().filter(|relation| shares_counts(relation.kind.value)) {
            let of = |id: &String| shown.iter().filter(|count| count.indicator == *id).collect::<Vec<_>>();
            for ours in of(&indicator.id.value) {
                for theirs in of(&relation.target.value) {
                    let same =
                        ours.area == theirs.area && ours.first == theirs.first && ours.next == theirs.next;
                    if same && SMALL.contains(&(ours.value - theirs.value).abs()) {
                        let smaller = if ours.value < theirs.value { ours } else { theirs };
                        found.insert(smaller.indicator.clone());
                    }
                }
            }
        }
    }
    found
}
