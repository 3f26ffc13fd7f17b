//! What is asked of rows: the smallest questions, each once, and how a ladder puts the answers together.
//!
//! `AND`, `OR` and `NOT` are not asked of rows: they are worked out once for each class of rows that answer alike.

use std::collections::BTreeMap;

use staysafe::check::breakdown::CheckedSort;
use staysafe::check::tree::{CheckedLadder, CheckedTable, CheckedWhen, Node, NodeKind};
use staysafe::definition::indicator::{Kind, Stretch};
use staysafe::value::Value;

use super::standing::{BLANK, and, not, or, yes_no};

/// One thing that is asked of every row. Its answer is a code: a standing, or the number of what is said.
#[derive(Debug, Clone)]
pub(crate) enum Atom<'a> {
    /// The standing of a predicate.
    Truth(&'a Node),
    /// What an expression says.
    Said(&'a Node),
    /// The standing of the first sort of a breakdown that is refused; no where none is.
    RefusedSort(Vec<&'a Node>),
    /// Whether a field of the key has no value.
    Keyless(Vec<usize>),
    /// Whether the answer would have to look back beyond what the return can speak for.
    HistoryShort(usize, Stretch),
    /// Whether a field holds what is no code in the return's year.
    Unmapped(usize),
    /// What is doubtful of the row wherever it is counted.
    Doubts,
    /// The day of the row.
    Day(usize),
}

/// A predicate over the answers.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    Fixed(u8),
    Atom(usize),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
}

/// Atoms, each once.
#[derive(Debug, Default)]
pub(crate) struct Atoms<'a> {
    pub(crate) all: Vec<Atom<'a>>,
    places: BTreeMap<String, usize>,
}

/// Where a ladder's answers stand among the atoms.
#[derive(Debug, Clone)]
pub(crate) struct Asks {
    /// Population, exclude, unknown, history missing, denominator, numerator.
    pub(crate) clauses: [Option<Formula>; 6],
    pub(crate) value: Option<usize>,
    pub(crate) category: Option<usize>,
    pub(crate) weight: Option<usize>,
    pub(crate) cluster: Option<usize>,
    pub(crate) stratum: Option<usize>,
    pub(crate) history_short: Option<usize>,
    pub(crate) unmapped: Vec<usize>,
    pub(crate) keyless: Option<usize>,
    pub(crate) refused_sort: Option<usize>,
    pub(crate) doubts: usize,
    pub(crate) day: Option<usize>,
}

impl<'a> Atom<'a> {
    /// The expressions that are asked.
    pub(crate) fn nodes(&self) -> Vec<&'a Node> {
        match self {
            Self::Truth(node) | Self::Said(node) => vec![node],
            Self::RefusedSort(nodes) => nodes.clone(),
            Self::Keyless(_) | Self::HistoryShort(..) | Self::Unmapped(_) | Self::Doubts | Self::Day(_) => {
                vec![]
            }
        }
    }
}

impl Formula {
    /// What it comes to, given the codes of a class.
    pub(crate) fn of(&self, codes: &[u32]) -> u8 {
        match self {
            Self::Fixed(standing) => *standing,
            Self::Atom(at) => standing_of(codes, *at),
            Self::Not(inner) => not(inner.of(codes)),
            Self::And(left, right) => and(left.of(codes), right.of(codes)),
            Self::Or(left, right) => or(left.of(codes), right.of(codes)),
        }
    }
}

/// The standing that is the code of an atom.
pub(crate) fn standing_of(codes: &[u32], atom: usize) -> u8 {
    codes.get(atom).and_then(|code| u8::try_from(*code).ok()).unwrap_or(BLANK)
}

impl<'a> Atoms<'a> {
    pub(crate) fn place(&mut self, form: String, atom: Atom<'a>) -> usize {
        let next = self.all.len();
        *self.places.entry(form).or_insert_with(|| {
            self.all.push(atom);
            next
        })
    }

    fn formula(&mut self, node: &'a Node) -> Formula {
        let mut of = |node: &'a Node| Box::new(self.formula(node));
        match &node.kind {
            NodeKind::Not(inner) => Formula::Not(of(inner)),
            NodeKind::And(left, right) => Formula::And(of(left), of(right)),
            NodeKind::Or(left, right) => Formula::Or(of(left), of(right)),
            NodeKind::Literal(Value::Bool(yes)) => Formula::Fixed(yes_no(*yes)),
            NodeKind::Null => Formula::Fixed(BLANK),
            _ => Formula::Atom(self.place(format!("truth {}", node.canonical()), Atom::Truth(node))),
        }
    }

    fn said(&mut self, node: Option<&'a Node>) -> Option<usize> {
        let node = node?;
        Some(self.place(format!("said {}", node.canonical()), Atom::Said(node)))
    }

    /// The atoms in their order, each with the form by which it is known.
    pub(crate) fn with_forms(self) -> impl Iterator<Item = (String, Atom<'a>)> {
        let mut forms: Vec<(usize, String)> = self.places.into_iter().map(|(form, at)| (at, form)).collect();
        forms.sort_unstable();
        forms.into_iter().map(|(_, form)| form).zip(self.all)
    }

    /// How many of a ladder's atoms are not among these.
    pub(crate) fn missing(&self, others: &Self) -> usize {
        others.places.keys().filter(|form| !self.places.contains_key(*form)).count()
    }

    /// Puts a ladder's questions among the others. `coded` are the positions of fields whose codes it asks about.
    pub(crate) fn ask(
        &mut self,
        ladder: &'a CheckedLadder,
        kind: Kind,
        coded: &[usize],
        sorts: &[&'a CheckedSort],
    ) -> Asks {
        let mut clause = |node: &'a Option<Node>| node.as_ref().map(|node| self.formula(node));
        let clauses = [
            clause(&ladder.population),
            clause(&ladder.exclude),
            clause(&ladder.unknown),
            clause(&ladder.history_missing),
            clause(&ladder.denominator),
            clause(&ladder.numerator),
        ];
        let date = date_of(&ladder.table);
        let nodes: Vec<&Node> = sorts.iter().flat_map(|sort| sort.nodes()).collect();
        let refused_sort =
            (!nodes.is_empty()).then(|| self.place("sorts".to_owned(), Atom::RefusedSort(nodes)));
        let keyless = ladder.counted.as_ref().map(|fields| {
            let fields: Vec<usize> = fields.iter().map(|field| field.index).collect();
            self.place(format!("keyless {fields:?}"), Atom::Keyless(fields))
        });
        let history_short = match (ladder.history, &ladder.table.when) {
            (Some(history), CheckedWhen::Date(date)) => {
                let form = format!("history {history:?} {}", date.index);
                Some(self.place(form, Atom::HistoryShort(date.index, history)))
            }
            _ => None,
        };
        let unmapped = coded
            .iter()
            .map(|field| self.place(format!("unmapped {field}"), Atom::Unmapped(*field)))
            .collect();
        let doubts = self.place("doubts".to_owned(), Atom::Doubts);
        let told = matches!(kind, Kind::Score | Kind::Document | Kind::Narrative);
        let day = told.then(|| self.place(format!("day {date}"), Atom::Day(date)));
        Asks {
            clauses,
            refused_sort,
            keyless,
            history_short,
            unmapped,
            doubts,
            day,
            value: self.said(ladder.value.as_ref()),
            category: self.said(ladder.category.as_ref()),
            weight: self.said(ladder.weight.as_ref()),
            cluster: self.said(ladder.cluster.as_ref()),
            stratum: self.said(ladder.stratum.as_ref()),
        }
    }
}

impl Asks {
    /// Whether rows may differ in more than standings: such a ladder's classes are not put together with others'.
    pub(crate) fn says_much(&self) -> bool {
        [self.value, self.category, self.weight, self.cluster, self.stratum, self.day]
            .iter()
            .any(Option::is_some)
    }
}

/// The field of the day that a row begins on.
pub(crate) fn date_of(table: &CheckedTable) -> usize {
    let (CheckedWhen::Date(date) | CheckedWhen::Open(date, _)) = &table.when;
    date.index
}

/// Whether an expression may come to something else for one row in another period.
pub(crate) fn depends_on_period(node: &Node, when: &CheckedWhen) -> bool {
    let own = match &node.kind {
        NodeKind::Period(_) => true,
        // Of rows dated by the day on which the clock stops, none still runs.
        NodeKind::Within(clock) => match when {
            CheckedWhen::Date(date) => (date.frame, date.index) != (clock.stop.frame, clock.stop.index),
            CheckedWhen::Open(..) => true,
        },
        _ => false,
    };
    own || node.children().into_iter().any(|child| depends_on_period(child, when))
}
