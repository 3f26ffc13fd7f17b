//! Time measured from the first day of a chain that may have begun before it.

use std::collections::BTreeMap;

use super::tree::{
    CheckedChain, CheckedDerived, CheckedLadder, CheckedStep, CheckedTake, Function, Node, NodeKind,
};
use crate::definition::derived::START_KNOWN;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Reports each duration from a start that is only known as *on or before*, where the calculation never asks
/// whether it is known.
pub(super) fn check(
    derived: &BTreeMap<String, CheckedDerived>,
    ladder: &CheckedLadder,
    rungs: &[&Node],
    diagnostics: &mut Diagnostics,
) {
    let mut seen = Seen { derived, durations: Vec::new(), asks: false };
    for node in rungs {
        seen.walk(node, &mut vec![ladder.table.dataset.as_str()], false);
    }
    if seen.asks {
        return;
    }
    for node in seen.durations {
        diagnostics.push(
            Diagnostic::new(
                Code::StartNotKnown,
                node.span.clone(),
                "this measures time from a day that may not be the start, and never asks whether it is",
            )
            .label("the first day that the return shows")
            .help(format!(
                "say what only an earlier return can tell: history_missing = \"NOT {START_KNOWN} AND …\""
            )),
        );
    }
}

struct Seen<'n> {
    derived: &'n BTreeMap<String, CheckedDerived>,
    durations: Vec<&'n Node>,
    asks: bool,
}

impl<'n> Seen<'n> {
    /// `tables` are those of the frames in scope; `timed` says that a duration is reckoned from what is here.
    fn walk(&mut self, node: &'n Node, tables: &mut Vec<&'n str>, timed: bool) {
        let timed = match &node.kind {
            NodeKind::Call(function, _) => *function != Function::Coalesce && *function != Function::AgeAt,
            NodeKind::DueDate(..) => true,
            NodeKind::Field(_) | NodeKind::Case(..) => timed,
            _ => false,
        };
        if let NodeKind::Field(field) = &node.kind {
            let chain = tables.get(field.frame).and_then(|table| self.chain(table));
            if let Some(chain) = chain {
                self.asks |= field.name == START_KNOWN;
                if timed && is_start(chain, &field.name) {
                    self.durations.push(node);
                }
            }
        }
        if let NodeKind::Link(link) = &node.kind {
            tables.push(&link.to);
            for child in node.children() {
                self.walk(child, tables, false);
            }
            tables.pop();
            return;
        }
        for child in node.children() {
            self.walk(child, tables, timed);
        }
    }

    /// The chain that says whether its start is known, where a table ends in one.
    fn chain(&self, table: &str) -> Option<&'n CheckedChain> {
        let steps = &self.derived.get(table)?.steps;
        let chain = steps.iter().rev().find_map(|step| match step {
            CheckedStep::Chain(chain) => Some(chain),
            CheckedStep::Filter(_) | CheckedStep::Schedule(_) | CheckedStep::Pick { .. } => None,
        })?;
        chain.outputs.iter().any(|output| output.name == START_KNOWN).then_some(chain)
    }
}

fn is_start(chain: &CheckedChain, name: &str) -> bool {
    let ordered_by = chain.order.first().map(|field| field.name.as_str());
    chain.outputs.iter().any(|output| {
        output.name == name
            && matches!(&output.take, CheckedTake::First(field) if Some(field.name.as_str()) == ordered_by)
    })
}
