//! What an entry counts, in a form that can be compared: where the rows come from, which day places them, what is
//! counted of them, and under which clauses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::check::tree::{
    CheckedCalculation, CheckedLadder, CheckedMeasure, CheckedTotal, CheckedWhen, Comparison, FieldRef, Node,
    NodeKind,
};
use crate::definition::framework::Framework;
use crate::definition::indicator::Kind;
use crate::value::Value;

/// One count: the figure itself, or one side of a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) table: String,
    /// The dataset that the table is derived from; itself where it is none.
    pub(super) base: String,
    pub(super) when: Placed,
    pub(super) of: Vec<String>,
    /// By their canonical form.
    pub(super) clauses: BTreeMap<String, Clause>,
}

/// Which day places a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Placed {
    On(String),
    OpenFrom(String, String),
}

/// One of the conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// The same without its numbers and limits.
    pub(super) shape: String,
    /// Whether it asks that the counted event came no later than some day.
    pub(super) in_time: bool,
}

/// A field that must hold one of several codes.
pub(super) type Codes = (String, BTreeSet<String>);

/// The two sides of a calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sides {
    /// What is counted: the numerator of a share.
    pub(super) top: Counted,
    /// What it is a share of, where it is one.
    pub(super) bottom: Option<Counted>,
    /// Codes that the top asks for and the bottom does not.
    pub(super) telling: BTreeSet<Codes>,
}

impl Sides {
    pub(super) fn of(framework: &Framework, kind: Kind, calculation: &CheckedCalculation) -> Self {
        match calculation {
            CheckedCalculation::Ladder(ladder) => Self::of_ladder(framework, kind, ladder),
            CheckedCalculation::TwoTotals(totals) => Self {
                top: Counted::total(framework, &totals.numerator),
                bottom: Some(Counted::total(framework, &totals.denominator)),
                telling: codes(totals.numerator.filter.iter()),
            },
        }
    }

    fn of_ladder(framework: &Framework, kind: Kind, ladder: &CheckedLadder) -> Self {
        let below = || ladder.population.iter().chain(&ladder.denominator);
        let bottom = Counted::ladder(framework, ladder, below());
        let share = matches!(kind, Kind::Proportion | Kind::SurveyProportion | Kind::Mean);
        Self {
            top: Counted::ladder(framework, ladder, below().chain(&ladder.numerator)),
            telling: if share { codes(ladder.numerator.iter()) } else { codes(below()) },
            bottom: share.then_some(bottom),
        }
    }
}

impl Counted {
    fn ladder<'a>(
        framework: &Framework,
        ladder: &'a CheckedLadder,
        rungs: impl Iterator<Item = &'a Node>,
    ) -> Self {
        let mut counted = Self::new(framework, &ladder.table.dataset, &ladder.table.when, rungs);
        counted.of = match &ladder.counted {
            Some(fields) => names("distinct", fields),
            None => vec!["rows".to_owned()],
        };
        if let Some(left_out) = &ladder.exclude {
            let clause = Clause { shape: format!("without {}", shape(left_out)), in_time: false };
            counted.clauses.insert(format!("without {}", left_out.canonical()), clause);
        }
        counted
    }

    fn total(framework: &Framework, total: &CheckedTotal) -> Self {
        let mut counted = Self::new(framework, &total.table.dataset, &total.table.when, total.filter.iter());
        counted.of = match &total.measure {
            CheckedMeasure::Count => vec!["rows".to_owned()],
            CheckedMeasure::CountDistinct(fields) => names("distinct", fields),
            CheckedMeasure::Sum(field) => names("sum", std::slice::from_ref(field)),
        };
        counted
    }

    fn new<'a>(
        framework: &Framework,
        table: &str,
        when: &CheckedWhen,
        rungs: impl Iterator<Item = &'a Node>,
    ) -> Self {
        let when = match when {
            CheckedWhen::Date(field) => Placed::On(field.name.clone()),
            CheckedWhen::Open(from, to) => Placed::OpenFrom(from.name.clone(), to.name.clone()),
        };
        let clause = |node: &Node| {
            let clause = Clause { shape: shape(node), in_time: in_time(node, &when) };
            (node.canonical(), clause)
        };
        let clauses = rungs.flat_map(conjuncts).map(clause).collect();
        Self { table: table.to_owned(), base: base(framework, table), when, of: Vec::new(), clauses }
    }

    /// Whether two counts are of the same rows, but for their clauses.
    pub(super) fn same_rows(&self, other: &Self) -> bool {
        let derived = self.table != other.table && self.base == other.base;
        let open = |when: &Placed| matches!(when, Placed::OpenFrom(..));
        // A table derived from another tells the same days under names of its own.
        let placed = self.when == other.when || derived && open(&self.when) && open(&other.when);
        self.base == other.base && placed && self.of == other.of
    }

    /// Whether two counts are one.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.same_rows(other) && self.clauses.keys().eq(other.clauses.keys())
    }

    /// Whether they are one but for numbers and limits.
    pub(super) fn is_but_for_a_limit(&self, other: &Self) -> bool {
        let shapes = |counted: &Self| -> BTreeSet<String> {
            counted.clauses.values().map(|clause| clause.shape.clone()).collect()
        };
        self.same_rows(other) && !self.is(other) && shapes(self) == shapes(other)
    }

    /// The clauses that this count has and a wider one of the same rows has not; `None` where it is not narrower.
    pub(super) fn beyond(&self, wider: &Self) -> Option<Vec<&Clause>> {
        let within = wider.clauses.keys().all(|clause| self.clauses.contains_key(clause));
        if !self.same_rows(wider) || !within || self.clauses.len() == wider.clauses.len() {
            return None;
        }
        let more = self.clauses.iter().filter(|(clause, _)| !wider.clauses.contains_key(*clause));
        Some(more.map(|(_, clause)| clause).collect())
    }
}

fn names(what: &str, fields: &[FieldRef]) -> Vec<String> {
    std::iter::once(what.to_owned()).chain(fields.iter().map(|field| field.name.clone())).collect()
}

/// The dataset at the bottom of a derived table.
fn base(framework: &Framework, table: &str) -> String {
    let mut at = table;
    // `check` has refused circles; here the walk only has to end.
    for _ in 0..framework.derived.len() {
        match framework.derived.get(at) {
            Some(derived) => at = &derived.from.value,
            None => break,
        }
    }
    at.to_owned()
}

fn conjuncts(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::And(left, right) => conjuncts(left).into_iter().chain(conjuncts(right)).collect(),
        // A parameter that is in force switches its clause off.
        NodeKind::Or(left, right) if holds(left) || holds(right) => Vec::new(),
        _ => vec![node],
    }
}

fn holds(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Literal(Value::Bool(true)))
}

fn shape(node: &Node) -> String {
    let mut json = json(node);
    blank_numbers(&mut json);
    json.to_string()
}

fn json(node: &Node) -> Json {
    serde_json::to_value(node).unwrap_or_else(|error| Json::String(error.to_string()))
}

/// Takes out limits and whole and decimal numbers.
fn blank_numbers(json: &mut Json) {
    match json {
        Json::Object(map) => {
            let number =
                map.get("type").and_then(Json::as_str).is_some_and(|ty| ["int", "decimal"].contains(&ty));
            for (key, value) in map.iter_mut() {
                if key == "limit" || number && key == "value" {
                    *value = Json::Null;
                }
                blank_numbers(value);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(blank_numbers),
        _ => {}
    }
}

/// `event <= some day`, or a clock that stopped within its limit.
fn in_time(node: &Node, when: &Placed) -> bool {
    let Placed::On(event) = when else { return false };
    match &node.kind {
        NodeKind::Within(clock) => clock.stop.name == *event,
        NodeKind::Compare(Comparison::LessOrEqual | Comparison::Less, left, _) => {
            matches!(&left.kind, NodeKind::Field(field) if field.frame == 0 && field.name == *event)
        }
        _ => false,
    }
}

/// Fields that must hold one of at least two codes; what must not hold is no telling mark.
fn codes<'a>(nodes: impl Iterator<Item = &'a Node>) -> BTreeSet<Codes> {
    let mut found = BTreeSet::new();
    let mut left: Vec<&Node> = nodes.collect();
    while let Some(node) = left.pop() {
        match &node.kind {
            NodeKind::Not(_) => {}
            NodeKind::In(field, values) if values.len() > 1 => {
                if let NodeKind::Field(field) = &field.kind {
                    let text = |value: &Value| match value {
                        Value::Text(text) => Some(text.to_string()),
                        _ => None,
                    };
                    found.insert((field.name.clone(), values.iter().filter_map(text).collect()));
                }
            }
            _ => left.extend(node.children()),
        }
    }
    found.retain(|(_, values): &Codes| values.len() > 1);
    found
}
