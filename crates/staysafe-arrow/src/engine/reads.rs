//! Which columns what is asked of rows reads: those of the rows themselves, and of the rows that they are linked to.

use std::collections::BTreeSet;

use staysafe::check::tree::{CheckedWhen, FieldRef, Need, Node, NodeKind};

use super::atoms::Atom;
use super::tables::Tables;

/// Which columns expressions over a table's rows read.
pub(super) struct Reads<'t, 'a> {
    tables: &'t Tables<'a>,
    /// The table whose rows are in scope, and those that are linked to, from the outside in.
    frames: Vec<String>,
    pub(super) needs: Need,
    /// Tables that are linked to, with the fields that they are linked by.
    pub(super) links: BTreeSet<(String, Vec<usize>)>,
}

impl<'t, 'a> Reads<'t, 'a> {
    pub(super) fn of(tables: &'t Tables<'a>, table: &str) -> Self {
        Self { tables, frames: vec![table.to_owned()], needs: Need::new(), links: BTreeSet::new() }
    }

    fn add(&mut self, frame: usize, name: &str) {
        if let Some(table) = self.frames.get(frame) {
            self.needs.entry(table.clone()).or_default().insert(name.to_owned());
        }
    }

    pub(super) fn field(&mut self, field: &FieldRef) {
        self.add(field.frame, &field.name);
    }

    pub(super) fn when(&mut self, when: &CheckedWhen) {
        match when {
            CheckedWhen::Date(date) => self.field(date),
            CheckedWhen::Open(from, until) => {
                self.field(from);
                self.field(until);
            }
        }
    }

    /// Fields of the row itself, by their places.
    pub(super) fn own(&mut self, fields: impl IntoIterator<Item = usize>) {
        let dataset =
            self.frames.first().and_then(|table| self.tables.frame(table)).map(|frame| frame.dataset);
        for name in
            fields.into_iter().filter_map(|field| dataset?.fields.get(field)).map(|field| &field.name.value)
        {
            self.add(0, name);
        }
    }

    pub(super) fn atom(&mut self, atom: &Atom<'_>) {
        match atom {
            Atom::Truth(_) | Atom::Said(_) | Atom::RefusedSort(_) => {
                atom.nodes().into_iter().for_each(|node| self.node(node));
            }
            Atom::Keyless(fields) => self.own(fields.iter().copied()),
            Atom::HistoryShort(field, _) | Atom::Unmapped(field) | Atom::Day(field) => self.own([*field]),
            Atom::Doubts => self.doubts(),
        }
    }

    /// The dates by which a row may contradict itself, and what stands for one of them.
    fn doubts(&mut self) {
        let Some(frame) = self.frames.first().and_then(|table| self.tables.frame(table)) else { return };
        let dataset = frame.dataset;
        if let (Some(start), Some(end)) = (&dataset.dates.start, &dataset.dates.end) {
            self.add(0, &start.value);
            self.add(0, &end.value);
        }
        for field in &dataset.fields {
            if let Some(date) = &field.reason_of {
                self.add(0, &field.name.value);
                self.add(0, &date.value);
            }
        }
    }

    pub(super) fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Field(field) => self.field(field),
            NodeKind::Within(clock) => {
                [Some(&clock.start), Some(&clock.stop), clock.limit_at.as_ref()]
                    .into_iter()
                    .flatten()
                    .for_each(|field| self.field(field));
            }
            NodeKind::Link(link) => {
                for (ours, _) in &link.on {
                    self.add(link.from_frame, ours);
                }
                self.frames.push(link.to.clone());
                for (_, theirs) in &link.on {
                    self.add(self.frames.len() - 1, theirs);
                }
                self.links.insert((link.to.clone(), link.theirs.clone()));
                node.children().into_iter().for_each(|inner| self.node(inner));
                self.frames.pop();
                return;
            }
            _ => {}
        }
        node.children().into_iter().for_each(|inner| self.node(inner));
    }
}
