//! Derived tables: their steps checked, each over the fields that the steps before it leave.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{date_field, resolve_as};
use super::limit;
use super::scope::{Frame, PREVIOUS, Scope, declared};
use super::tables::{self, Tables};
use super::tree::{
    CheckedChain, CheckedDerived, CheckedHeld, CheckedOutput, CheckedSchedule, CheckedStep, CheckedTake,
    FieldRef, Need, Node, NodeKind,
};
use crate::definition::dataset::{AreaRule, Dataset};
use crate::definition::derived::{
    Chain, Derived, Output, START_KNOWN, Schedule, Step, StepKind, Take, Which,
};
use crate::definition::framework::Framework;
use crate::definition::stages;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Spanned};
use crate::value::{Type, Value};

/// Every derived table that has no fault, by id, with what it rests on.
pub(super) fn check_all(
    framework: &Framework,
    tables: &Tables<'_>,
    parameters: &BTreeMap<String, Value>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, CheckedDerived> {
    let mut checked = BTreeMap::new();
    for (id, derived) in &framework.derived {
        let found = check(framework, tables, parameters, derived, diagnostics);
        checked.extend(found.map(|found| (id.clone(), found)));
    }
    settle(framework, checked, diagnostics)
}

/// Checks one derived table; what it reads is what its own steps name.
fn check(
    framework: &Framework,
    tables: &Tables<'_>,
    parameters: &BTreeMap<String, Value>,
    derived: &Derived,
    diagnostics: &mut Diagnostics,
) -> Option<CheckedDerived> {
    let stages = tables.get(&derived.from.value).map(|from| stages(derived, from)).unwrap_or_default();
    let (mut need, mut unsupported, mut used) = (Need::new(), BTreeSet::new(), BTreeMap::new());
    let mut scope = Scope {
        framework,
        tables,
        parameters,
        frames: Vec::new(),
        clocks: &BTreeMap::new(),
        facts: None,
        names: BTreeMap::new(),
        diagnostics,
        need: &mut need,
        unsupported: &mut unsupported,
        used: &mut used,
    };
    let Some(from) = tables::resolve(&mut scope, &derived.from) else {
        circle(&mut scope, derived);
        return None;
    };
    let mut before = from;
    let mut steps = Vec::new();
    for (step, after) in derived.steps.iter().zip(&stages) {
        scope.frames = vec![Frame { name: "this".to_owned(), dataset: before }];
        steps.push(check_step(&mut scope, step, before));
        before = after;
    }
    field_words(&mut scope, derived, before);
    // Fields that a step made are no fields of a dataset or of another derived table.
    let reads = need.into_iter().filter(|(table, _)| *table != derived.id.value).collect();
    let steps: Vec<CheckedStep> = steps.into_iter().collect::<Option<_>>()?;
    let by_period = steps.iter().any(depends_on_period);
    Some(CheckedDerived {
        id: derived.id.value.clone(),
        from: derived.from.value.clone(),
        steps,
        stages,
        reads,
        rests_on: Vec::new(),
        by_period,
        parameters: used,
    })
}

/// Says that a table comes from itself, where that is why its fields cannot be told.
fn circle(scope: &mut Scope<'_, '_>, derived: &Derived) {
    let mut at = derived;
    for _ in 0..scope.framework.derived.len() {
        let Some(next) = scope.framework.derived.get(&at.from.value) else { return };
        if next.id.value == derived.id.value {
            let message = format!("'{}' is derived from itself", derived.id.value);
            let finding = Diagnostic::new(Code::Circle, derived.from.span.clone(), message);
            scope.report(finding.label("this leads back").help("one of them must come from a dataset"));
            return;
        }
        at = next;
    }
}

fn field_words<'a>(scope: &mut Scope<'a, '_>, derived: &Derived, own: &'a Dataset) {
    for (name, _) in &derived.field_words {
        if !own.fields.iter().any(|field| field.name.value == name.value) {
            scope.frames = vec![Frame { name: "this".to_owned(), dataset: own }];
            scope.unknown_field(0, name);
        }
    }
}

fn check_step<'a>(scope: &mut Scope<'a, '_>, step: &Step, table: &'a Dataset) -> Option<CheckedStep> {
    match &step.kind {
        StepKind::Filter(keep) => resolve_as(scope, keep, Type::Bool).map(CheckedStep::Filter),
        StepKind::Pick(pick) => {
            let (key, order) = (fields(scope, &pick.key), fields(scope, &pick.order));
            let (last, as_at) = match pick.take.value {
                Which::First => (false, false),
                Which::Last => (true, false),
                Which::AsAt => (true, true),
            };
            Some(CheckedStep::Pick { key: key?, order: order?, last, as_at })
        }
        StepKind::Chain(chain) => check_chain(scope, chain, step, table),
        StepKind::Schedule(schedule) => check_schedule(scope, schedule, table),
    }
}

fn check_chain<'a>(
    scope: &mut Scope<'a, '_>,
    chain: &Chain,
    step: &Step,
    table: &'a Dataset,
) -> Option<CheckedStep> {
    let (key, order) = (fields(scope, &chain.key), fields(scope, &chain.order));
    let total = total_order(scope, chain, step, table);
    let skip = chain.skip.as_ref().map(|skip| resolve_as(scope, skip, Type::Bool));
    let outputs: Vec<Option<CheckedOutput>> =
        chain.outputs.iter().map(|output| check_output(scope, output)).collect();
    let known = chain.start_known.as_ref().map(|known| resolve_as(scope, known, Type::Bool));
    scope.frames.push(Frame { name: PREVIOUS.to_owned(), dataset: table });
    let joins_when = resolve_as(scope, &chain.joins_when, Type::Bool);
    scope.frames.pop();
    let mut outputs: Vec<CheckedOutput> = outputs.into_iter().collect::<Option<_>>()?;
    if let Some(known) = known {
        let take = CheckedTake::HoldsOfFirst(known?);
        outputs.push(CheckedOutput { name: START_KNOWN.to_owned(), take });
    }
    let key = key?;
    if let AreaRule::Field(area) = &table.area.value
        && !key.iter().any(|field| field.name == *area)
        && !outputs.iter().any(|output| output.name == *area)
    {
        outputs.push(CheckedOutput { name: area.clone(), take: CheckedTake::Last(scope.field_of(0, area)?) });
    }
    let skip = match skip {
        Some(skip) => Some(skip?),
        None => None,
    };
    total?;
    let chain = CheckedChain { key, order: order?, skip, joins_when: joins_when?, outputs };
    Some(CheckedStep::Chain(Box::new(chain)))
}

fn check_output(scope: &mut Scope<'_, '_>, output: &Output) -> Option<CheckedOutput> {
    let take = match &output.take {
        Take::First(field) => CheckedTake::First(scope.own_field(field)?),
        Take::Last(field) => CheckedTake::Last(scope.own_field(field)?),
        Take::Any(expr) => CheckedTake::Any(resolve_as(scope, expr, Type::Bool)?),
        Take::Rows => CheckedTake::Rows,
    };
    Some(CheckedOutput { name: output.name.value.clone(), take })
}

/// Which row comes first must not be left to chance: key and order together hold the table's own key.
fn total_order(scope: &mut Scope<'_, '_>, chain: &Chain, step: &Step, table: &Dataset) -> Option<()> {
    let Some(key) = &table.key else { return Some(()) };
    let named = |field: &&String| chain.key.iter().chain(&chain.order).all(|name| name.value != **field);
    let left: Vec<&str> = key.value.iter().filter(named).map(String::as_str).collect();
    if left.is_empty() {
        return Some(());
    }
    let place = chain.order.first().map_or_else(|| step.place.span.clone(), |order| order.span.clone());
    scope.report(
        Diagnostic::new(
            Code::OrderNotTotal,
            place,
            "two rows may tie, and the chain would join them by chance",
        )
        .label("this order leaves ties")
        .other(key.span.clone(), "the key that breaks ties")
        .help(format!("add {} to the order", left.join(", "))),
    );
    None
}

fn check_schedule<'a>(
    scope: &mut Scope<'a, '_>,
    schedule: &Schedule,
    table: &'a Dataset,
) -> Option<CheckedStep> {
    let key = fields(scope, &schedule.key);
    let anchor = date_field(scope, &schedule.anchor);
    let known = schedule.anchor_known.as_ref().map(|known| resolve_as(scope, known, Type::Bool));
    let until = schedule.until.as_ref().map(|until| date_field(scope, until));
    let held = check_held(scope, schedule, table);
    let first_due = limit::resolve(scope, &schedule.first_due);
    let (mut kept, anchor) = (key?, anchor?);
    let area = match &table.area.value {
        AreaRule::Field(area) => Some(area),
        AreaRule::Header | AreaRule::Given => None,
    };
    for name in std::iter::once(&schedule.anchor.value).chain(area) {
        if !kept.iter().any(|field| field.name == *name) {
            kept.push(scope.field_of(0, name)?);
        }
    }
    let anchor_known = match known {
        Some(known) => Some(known?),
        None => None,
    };
    let until = match until {
        Some(until) => Some(until?),
        None => None,
    };
    let next_due = schedule.next_due.value.clone();
    let schedule =
        CheckedSchedule { kept, anchor, anchor_known, held: held?, first_due: first_due?, next_due, until };
    Some(CheckedStep::Schedule(Box::new(schedule)))
}

fn check_held<'a>(scope: &mut Scope<'a, '_>, schedule: &Schedule, table: &'a Dataset) -> Option<CheckedHeld> {
    let name = &schedule.held.link;
    let Some(link) = table.links.iter().find(|link| link.name.value == name.value) else {
        let known: Vec<&str> = table.links.iter().map(|link| link.name.value.as_str()).collect();
        let message = format!("'{}' has no link '{}'", table.id.value, name.value);
        scope.report(
            Diagnostic::new(Code::UnknownName, name.span.clone(), message)
                .label("no such link")
                .other(table.id.span.clone(), "declared here")
                .help(if known.is_empty() {
                    "it has no links: declare a [[link]] in the dataset that it comes from".to_owned()
                } else {
                    format!("its links are {}", known.join(", "))
                }),
        );
        return None;
    };
    let to = scope.tables.get(&link.to.value)?;
    let position = |dataset: &Dataset, name: &str| dataset.fields.iter().position(|f| f.name.value == name);
    let (mut on, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for (our, their) in &link.on {
        // A link whose fields do not exist is reported where the dataset is checked.
        ours.push(position(table, &our.value)?);
        theirs.push(position(to, &their.value)?);
        on.push((our.value.clone(), their.value.clone()));
        scope.field_of(0, &our.value);
        scope.need.entry(to.id.value.clone()).or_default().insert(their.value.clone());
    }
    scope.frames.push(Frame { name: name.value.clone(), dataset: to });
    let found = scope.field_of(1, &schedule.held.date.value);
    if found.is_none() {
        scope.unknown_field(1, &schedule.held.date);
    }
    scope.frames.pop();
    let date = found?;
    if declared(to, &date).is_some_and(|field| field.ty.value != Type::Date) {
        let message = format!("what is held has a date, and '{}' is none", schedule.held.date.value);
        let finding = Diagnostic::new(Code::TypeMismatch, schedule.held.date.span.clone(), message);
        scope.report(finding.label("not a date"));
        return None;
    }
    Some(CheckedHeld { to: to.id.value.clone(), on, ours, theirs, date })
}

fn fields(scope: &mut Scope<'_, '_>, names: &[Spanned<String>]) -> Option<Vec<FieldRef>> {
    let found: Vec<Option<FieldRef>> = names.iter().map(|name| scope.own_field(name)).collect();
    found.into_iter().collect()
}

/// Whether a step's rows are others in another period.
fn depends_on_period(step: &CheckedStep) -> bool {
    match step {
        CheckedStep::Schedule(_) => true,
        CheckedStep::Pick { as_at, .. } => *as_at,
        CheckedStep::Filter(_) | CheckedStep::Chain(_) => step.nodes().into_iter().any(names_period),
    }
}

fn names_period(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Period(_) | NodeKind::Within(_))
        || node.children().into_iter().any(names_period)
}

/// Adds to each table what the tables it rests on read and depend on, and leaves out those that rest on
/// themselves or on a table with a fault.
fn settle(
    framework: &Framework,
    mut open: BTreeMap<String, CheckedDerived>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, CheckedDerived> {
    let mut settled: BTreeMap<String, CheckedDerived> = BTreeMap::new();
    loop {
        let rests = |table: &CheckedDerived| {
            table.reads.keys().all(|name| framework.datasets.contains_key(name) || settled.contains_key(name))
        };
        let ready: Vec<String> =
            open.iter().filter(|(_, table)| rests(table)).map(|(id, _)| id.clone()).collect();
        if ready.is_empty() {
            break;
        }
        for id in ready {
            let Some(mut table) = open.remove(&id) else { continue };
            let (reads, rests_on) = expand(&table.reads, &settled);
            table.by_period |= rests_on.iter().any(|id| settled.get(id).is_some_and(|t| t.by_period));
            for id in &rests_on {
                let parameters = settled.get(id).map(|table| table.parameters.clone());
                table.parameters.extend(parameters.unwrap_or_default());
            }
            (table.reads, table.rests_on) = (reads, rests_on);
            settled.insert(id, table);
        }
    }
    for (id, table) in &open {
        // A table that rests on a faulty one is reported there.
        let others = || table.reads.keys().filter(|name| framework.derived.contains_key(*name));
        if others().all(|name| open.contains_key(name) || settled.contains_key(name))
            && let Some(derived) = framework.derived.get(id)
        {
            let named: Vec<&str> = others().map(String::as_str).collect();
            let message = format!("the derived table '{id}' needs itself, by way of {}", named.join(", "));
            diagnostics.push(
                Diagnostic::new(Code::Circle, derived.id.span.clone(), message)
                    .label("this leads back")
                    .help("a step may ask about tables that do not need this one"),
            );
        }
    }
    settled
}

/// What is read of datasets, where derived tables are read among them; and those, each after what it rests on.
pub(super) fn expand(need: &Need, derived: &BTreeMap<String, CheckedDerived>) -> (Need, Vec<String>) {
    let mut datasets = Need::new();
    let mut order: Vec<String> = Vec::new();
    for (name, fields) in need {
        let Some(table) = derived.get(name) else {
            datasets.entry(name.clone()).or_default().extend(fields.iter().cloned());
            continue;
        };
        for (dataset, fields) in &table.reads {
            datasets.entry(dataset.clone()).or_default().extend(fields.iter().cloned());
        }
        for id in table.rests_on.iter().chain([name]) {
            if !order.contains(id) {
                order.push(id.clone());
            }
        }
    }
    (datasets, order)
}
