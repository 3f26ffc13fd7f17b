//! What is needed: read from checked definitions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::tree::{
    CheckedCalculation, CheckedDerived, CheckedStep, CheckedTake, Function, LinkNode, Node, NodeKind,
};
use crate::check::{Checked, CheckedIndicator};
use crate::definition::indicator::{Between, Cycle, Kind, SpanUnit, Stretch};
use crate::value::Value;

/// What one indicator needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Fields by dataset: those that its predicates read in any of its versions, and those that its definition states.
    pub fields: BTreeMap<String, BTreeSet<String>>,
    /// Datasets whose rows must find each other.
    pub links: BTreeSet<LinkNeed>,
    /// How far back records must reach.
    pub history: History,
    /// How often it is due.
    pub frequency: Cycle,
    /// By what it is to be broken down.
    pub breakdowns: Vec<String>,
    /// Which of the datasets are population tables: what stands below the line of a rate.
    pub populations: BTreeSet<String>,
    /// Steps of its calculation that this version of the library cannot do.
    pub not_supported: Vec<String>,
}

/// Two datasets whose rows must find each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LinkNeed {
    /// The dataset or derived table that asks.
    pub from: String,
    /// The dataset or derived table that is asked.
    pub to: String,
    /// Fields that must be equal: ours, theirs.
    pub on: Vec<(String, String)>,
}

/// How far back records must reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct History {
    /// How far, and why; in order of why.
    pub reaches: BTreeSet<Reach>,
    /// Whether some of its answers hang on returns from before the one that holds the record.
    pub earlier_returns: bool,
}

/// One reason for records to reach back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reach {
    /// Why.
    pub because: Because,
    /// How far.
    pub stretch: Stretch,
}

/// Why records must reach back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// A period that is no period of its cycle shows the twelve months to its last day.
    RollingYear,
    /// It counts over a window that ends on the period's last day.
    Window,
    /// It counts records so long after their date.
    Lag,
    /// The answer looks back from each event.
    LooksBack,
    /// Two dates of one record are compared over so long a time: the earlier must still be on it.
    Anniversary,
    /// What was held last decides what falls due.
    Schedule,
}

/// What every indicator of a framework needs, in order of id.
///
/// # Example
/// ```
/// use staysafe::gap::needs;
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\n[[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// assert!(needs(&checked)["a"].fields["restraint"].contains("date"));
/// ```
pub fn needs(checked: &Checked) -> BTreeMap<String, Need> {
    let populations = populations(checked);
    let of = |indicator: &CheckedIndicator| need(checked, indicator, &populations);
    checked.indicators().iter().map(|(id, indicator)| (id.clone(), of(indicator))).collect()
}

fn need(checked: &Checked, indicator: &CheckedIndicator, populations: &BTreeSet<String>) -> Need {
    let definition = checked.definition(indicator.id());
    let mut found = Found::default();
    for version in indicator.versions() {
        if let Some(calculation) = version.calculation() {
            found.calculation(calculation);
        }
        for table in version.rests_on().iter().filter_map(|id| checked.derived_for(Some(indicator), id)) {
            found.derived(table);
        }
    }
    let between = definition.and_then(|definition| definition.between.as_ref());
    if between.is_some_and(|between| between.value == Between::Rolling12Months) {
        found.reach(Because::RollingYear, Some(Stretch { length: 12, unit: SpanUnit::Months }));
    }
    let fields = indicator.need().clone();
    let rate = definition.is_some_and(|definition| definition.kind.value == Kind::Rate);
    let held = fields.keys().filter(|dataset| rate && populations.contains(*dataset));
    Need {
        populations: held.cloned().collect(),
        fields,
        links: found.links,
        history: found.history,
        frequency: definition.map_or(Cycle::Quarter, |definition| definition.cycle.value.clone()),
        breakdowns: definition.map_or_else(Vec::new, |definition| {
            definition.breakdowns.iter().map(|breakdown| breakdown.value.clone()).collect()
        }),
        not_supported: indicator.not_supported().to_vec(),
    }
}

/// Datasets that stand below the line of some rate, and not above it.
fn populations(checked: &Checked) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for indicator in checked.indicators().values() {
        let kind = checked.definition(indicator.id()).map(|definition| definition.kind.value);
        for version in indicator.versions().iter().filter(|_| kind == Some(Kind::Rate)) {
            if let Some(CheckedCalculation::TwoTotals(totals)) = version.calculation() {
                let (above, below) = (&totals.numerator.table.dataset, &totals.denominator.table.dataset);
                let (above, below) = (base(checked, above), base(checked, below));
                found.extend((above != below).then(|| below.to_owned()));
            }
        }
    }
    found
}

/// The dataset that a table comes from, through the derived tables between.
pub(super) fn base<'a>(checked: &'a Checked, table: &'a str) -> &'a str {
    let mut at = table;
    for _ in 0..=checked.derived().len() {
        match checked.derived().get(at) {
            Some(derived) => at = &derived.from,
            None => break,
        }
    }
    at
}

/// What is found on a walk through predicates.
#[derive(Debug, Default)]
struct Found {
    links: BTreeSet<LinkNeed>,
    history: History,
}

impl Found {
    fn calculation(&mut self, calculation: &CheckedCalculation) {
        match calculation {
            CheckedCalculation::Ladder(ladder) => {
                self.reach(Because::Window, ladder.window);
                self.reach(Because::Lag, ladder.lag);
                self.reach(Because::LooksBack, ladder.history);
                self.history.earlier_returns |= ladder.history_missing.is_some();
                for node in calculation.nodes() {
                    self.node(node, &mut vec![&ladder.table.dataset]);
                }
            }
            CheckedCalculation::TwoTotals(totals) => {
                for total in [&totals.numerator, &totals.denominator] {
                    self.history.earlier_returns |= total.history_missing.is_some();
                    for node in total.filter.iter().chain(&total.history_missing) {
                        self.node(node, &mut vec![&total.table.dataset]);
                    }
                }
            }
        }
    }

    fn derived(&mut self, table: &CheckedDerived) {
        for step in &table.steps {
            match step {
                CheckedStep::Filter(node) => self.node(node, &mut vec![&table.from]),
                CheckedStep::Pick { .. } => {}
                CheckedStep::Chain(chain) => {
                    for output in &chain.outputs {
                        // A chain that knows whether it saw its own start asks for the return before.
                        self.history.earlier_returns |= output.name == "start_known";
                        if let CheckedTake::Any(node) | CheckedTake::HoldsOfFirst(node) = &output.take {
                            self.node(node, &mut vec![&table.from]);
                        }
                    }
                    for node in chain.skip.iter().chain([&chain.joins_when]) {
                        self.node(node, &mut vec![&table.from, &table.from]);
                    }
                }
                CheckedStep::Schedule(schedule) => {
                    self.links.insert(LinkNeed {
                        from: table.from.clone(),
                        to: schedule.held.to.clone(),
                        on: schedule.held.on.clone(),
                    });
                    let longest = schedule.next_due.iter().max_by_key(|stretch| days(**stretch));
                    self.reach(Because::Schedule, longest.copied());
                }
            }
        }
    }

    /// `tables` are those of the records in scope, the outermost first.
    fn node<'a>(&mut self, node: &'a Node, tables: &mut Vec<&'a str>) {
        match &node.kind {
            NodeKind::Link(link) => return self.link(link, tables),
            NodeKind::Call(Function::AddMonths, arguments) => {
                if let [_, months] = arguments.as_slice() {
                    self.anniversary(months, SpanUnit::Months);
                }
            }
            NodeKind::Compare(_, left, right) => {
                for (asked, limit) in [(left, right), (right, left)] {
                    match &asked.kind {
                        NodeKind::Call(Function::MonthsBetween, _) => {
                            self.anniversary(limit, SpanUnit::Months);
                        }
                        NodeKind::Call(Function::YearsBetween, _) => {
                            self.anniversary(limit, SpanUnit::Years);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        for inside in node.children() {
            self.node(inside, tables);
        }
    }

    fn link<'a>(&mut self, link: &'a LinkNode, tables: &mut Vec<&'a str>) {
        if let Some(from) = tables.get(link.from_frame) {
            let need = LinkNeed { from: (*from).to_owned(), to: link.to.clone(), on: link.on.clone() };
            self.links.insert(need);
        }
        tables.push(&link.to);
        for inside in link.filter.iter().chain(&link.condition).chain(&link.field).chain(&link.order) {
            self.node(inside, tables);
        }
        tables.pop();
    }

    fn anniversary(&mut self, length: &Node, unit: SpanUnit) {
        let length = if let NodeKind::Negate(inner) = &length.kind { inner } else { length };
        let NodeKind::Literal(Value::Int(length)) = &length.kind else { return };
        if let Ok(length) = u32::try_from(length.unsigned_abs()) {
            self.reach(Because::Anniversary, Some(Stretch { length, unit }));
        }
    }

    /// Of one reason the longest is kept.
    fn reach(&mut self, because: Because, stretch: Option<Stretch>) {
        let Some(stretch) = stretch.filter(|stretch| stretch.length > 0) else { return };
        let held = self.history.reaches.iter().find(|reach| reach.because == because).cloned();
        match held {
            Some(held) if days(held.stretch) >= days(stretch) => {}
            held => {
                if let Some(held) = held {
                    self.history.reaches.remove(&held);
                }
                self.history.reaches.insert(Reach { because, stretch });
            }
        }
    }
}

/// Roughly how many days a stretch is, to tell the longer of two.
fn days(stretch: Stretch) -> u64 {
    let each = match stretch.unit {
        SpanUnit::Days => 10,
        SpanUnit::WorkingDays => 14,
        SpanUnit::Months => 304,
        SpanUnit::Years => 3653,
    };
    u64::from(stretch.length) * each
}
