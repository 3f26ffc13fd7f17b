//! What the rungs of a ladder ask about: fields of the row, and clocks.

use std::collections::BTreeSet;

use super::tree::{CheckedClock, CheckedLadder, FieldRef, Node, NodeKind};
use crate::value::Value;

impl CheckedLadder {
    /// The fields of the row itself that the rungs ask about, by their positions: what is no code there may have
    /// decided the answer.
    pub fn asked_about(&self) -> BTreeSet<usize> {
        let rungs = [
            &self.population,
            &self.exclude,
            &self.unknown,
            &self.denominator,
            &self.numerator,
            &self.value,
            &self.category,
            &self.weight,
        ];
        let mut found = BTreeSet::new();
        rungs.into_iter().flatten().for_each(|node| fields(node, &mut found));
        found
    }

    /// The clocks that the numerator asks, each once; not those behind a parameter that is off.
    pub fn clocks(&self) -> Vec<&CheckedClock> {
        let mut found = Vec::new();
        if let Some(numerator) = &self.numerator {
            clocks(numerator, &mut found);
        }
        let mut seen = BTreeSet::new();
        found.retain(|clock| seen.insert(clock.name.as_str()));
        found
    }
}

fn fields(node: &Node, found: &mut BTreeSet<usize>) {
    if let NodeKind::Field(FieldRef { frame: 0, index, .. }) = &node.kind {
        found.insert(*index);
    }
    for child in node.children() {
        fields(child, found);
    }
}

fn clocks<'n>(node: &'n Node, found: &mut Vec<&'n CheckedClock>) {
    let decides = match &node.kind {
        NodeKind::And(left, right) => [left, right].into_iter().any(|side| settled(side) == Some(false)),
        NodeKind::Or(left, right) => [left, right].into_iter().any(|side| settled(side) == Some(true)),
        _ => false,
    };
    if decides {
        return;
    }
    if let NodeKind::Within(clock) = &node.kind {
        found.push(clock);
    }
    for child in node.children() {
        clocks(child, found);
    }
}

/// What a condition comes to whatever the record says: parameters are values by now.
fn settled(node: &Node) -> Option<bool> {
    match &node.kind {
        NodeKind::Literal(Value::Bool(yes)) => Some(*yes),
        NodeKind::Not(inner) => settled(inner).map(|yes| !yes),
        _ => None,
    }
}
