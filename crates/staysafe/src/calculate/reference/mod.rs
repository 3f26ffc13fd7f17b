//! The slow reference: record by record, period by period, straight from the checked tree.
//!
//! It is written to be believed on reading. Whatever is faster must agree with it on any input.

pub(crate) mod derive;
pub(crate) mod evaluate;
pub(crate) mod ladder;
pub(crate) mod open;
pub(crate) mod records;
pub(crate) mod rung;
pub(crate) mod scalar;
pub(crate) mod selection;
pub(crate) mod split;
pub(crate) mod table;
mod tally;
mod totals;

use crate::calendar::Calendar;
use crate::check::breakdown::CheckedSort;
use crate::check::tree::{CheckedCalculation, Node, NodeKind};
use crate::check::{Checked, CheckedIndicator};
use crate::definition::framework::Area;
use crate::definition::indicator::Indicator;
use crate::period::Period;
use crate::result::{NotReported, Reason};
use crate::value::Datum;
use derive::Derivations;
use evaluate::{Context, Evaluated};
use records::Records;
use split::Split;
pub(crate) use tally::Finished;

/// The state of one indicator in one period, from one return, slot by slot.
pub(crate) fn state<'a>(
    checked: &'a Checked,
    records: &Records<'a>,
    derivations: &mut Derivations<'a>,
    indicator: &CheckedIndicator,
    period: &Period,
    split: &Result<Split<'_>, (Split<'_>, Reason)>,
    beyond_cover: bool,
) -> Vec<Finished> {
    let (split, not_broken_down) = match split {
        Ok(split) => (split, None),
        Err((split, why)) => (split, Some(why)),
    };
    let absent = |reason| vec![Finished::absent(split, records, reason)];
    let Some(definition) = checked.definition(indicator.id()) else {
        return absent(Reason::NotReported(NotReported::NoCalculation));
    };
    let calculation = match calculation(indicator, definition) {
        Ok(calculation) => calculation,
        Err(reason) => return absent(reason),
    };
    let calendar = checked.calendar();
    let applies_when = match calculation {
        CheckedCalculation::Ladder(ladder) => ladder.applies_when.as_ref(),
        CheckedCalculation::TwoTotals(totals) => totals.applies_when.as_ref(),
    };
    if let Some(condition) = applies_when {
        match applies(checked, calendar, records, condition, period) {
            Some(true) => {}
            Some(false) => return absent(Reason::NotApplicable),
            None => {
                let why = format!("areas.toml does not say whether this applies to area {}", records.area);
                return absent(Reason::Refused(why));
            }
        }
    }
    if let Some(why) = not_broken_down {
        return absent(why.clone());
    }
    let of_breakdowns = split.breakdowns().iter().flat_map(|breakdown| &breakdown.reads);
    for (dataset, fields) in indicator.reads().iter().chain(of_breakdowns) {
        let Some(table) = records.table(dataset) else {
            return absent(Reason::NotReported(NotReported::Dataset(dataset.clone())));
        };
        if let Some(field) = fields.iter().find(|field| !table.has(field)) {
            return absent(Reason::NotReported(NotReported::Dataset(format!("{dataset}.{field}"))));
        }
    }
    let nodes = split.breakdowns().iter().flat_map(|breakdown| &breakdown.sorts);
    let by_working_days = nodes.flat_map(CheckedSort::nodes).any(Node::uses_working_days);
    if (indicator.uses_working_days() || by_working_days) && !in_calendar(calendar, period) {
        return absent(Reason::Refused(format!("the working-day calendar does not cover {period}")));
    }
    let sorts_rest_on = split.breakdowns().iter().flat_map(|breakdown| breakdown.rests_on.iter().cloned());
    let rests_on: Vec<String> = indicator.rests_on().iter().cloned().chain(sorts_rest_on).collect();
    let records = match with_derived(checked, records, derivations, &rests_on, calculation, period) {
        Ok(records) => records,
        Err(why) => return absent(Reason::Refused(why)),
    };
    match calculation {
        CheckedCalculation::Ladder(ladder) => {
            ladder::state(calendar, &records, ladder, definition.kind.value, period, split, beyond_cover)
        }
        CheckedCalculation::TwoTotals(totals) => {
            totals::state(calendar, &records, totals, period, split, beyond_cover)
        }
    }
}

/// The records with the derived tables that a calculation rests on, as they are in the period.
///
/// # Errors
/// Why they cannot be worked out.
pub(crate) fn with_derived<'a>(
    checked: &'a Checked,
    records: &Records<'a>,
    derivations: &mut Derivations<'a>,
    rests_on: &[String],
    calculation: &CheckedCalculation,
    period: &Period,
) -> Result<Records<'a>, String> {
    let window = match calculation {
        CheckedCalculation::Ladder(ladder) => ladder.window,
        CheckedCalculation::TwoTotals(_) => None,
    };
    let moment = table::moment(period, window).ok_or("the period lies where dates cannot be reckoned")?;
    derivations.onto(checked, records, rests_on, moment)
}

/// The calculation, or why there is none.
pub(crate) fn calculation<'a>(
    indicator: &'a CheckedIndicator,
    definition: &Indicator,
) -> Result<&'a CheckedCalculation, Reason> {
    if definition.out_of_scope.is_some() {
        return Err(Reason::OutOfScope);
    }
    match indicator.calculation() {
        Some(calculation) => Ok(calculation),
        None if indicator.not_supported().is_empty() => Err(Reason::NotReported(NotReported::NoCalculation)),
        None => Err(Reason::NotReported(NotReported::Unsupported(indicator.not_supported().join(", ")))),
    }
}

/// Ruling 4: a period outside the calendar's cover refuses the cell.
fn in_calendar(calendar: &Calendar, period: &Period) -> bool {
    let cover = calendar.cover();
    cover.contains(period.first_day()) && cover.contains(period.last_day())
}

/// Whether the indicator applies to the returning authority; `None` where its facts do not say.
fn applies(
    checked: &Checked,
    calendar: &Calendar,
    records: &Records<'_>,
    condition: &Node,
    period: &Period,
) -> Option<bool> {
    let area = checked.framework().area_on(records.area, period.last_day())?;
    let moment = table::moment(period, None)?;
    let context = Context { calendar, records, moment };
    match evaluate::evaluate(&context, &[], &with_facts(condition, area)) {
        Evaluated::Known(crate::value::Value::Bool(yes)) => Some(yes),
        _ => None,
    }
}

/// The condition with the area's facts in place.
fn with_facts(node: &Node, area: &Area) -> Node {
    let inside = |node: &Node| Box::new(with_facts(node, area));
    let kind = match &node.kind {
        NodeKind::AreaFact(name) => match area.facts.get(name).map(|fact| &fact.value) {
            Some(Datum::Known(value)) => NodeKind::Literal(value.clone()),
            _ => NodeKind::Null,
        },
        NodeKind::Not(a) => NodeKind::Not(inside(a)),
        NodeKind::Negate(a) => NodeKind::Negate(inside(a)),
        NodeKind::IsNull(a) => NodeKind::IsNull(inside(a)),
        NodeKind::In(a, values) => NodeKind::In(inside(a), values.clone()),
        NodeKind::And(a, b) => NodeKind::And(inside(a), inside(b)),
        NodeKind::Or(a, b) => NodeKind::Or(inside(a), inside(b)),
        NodeKind::Compare(c, a, b) => NodeKind::Compare(*c, inside(a), inside(b)),
        NodeKind::Arithmetic(o, a, b) => NodeKind::Arithmetic(*o, inside(a), inside(b)),
        NodeKind::Call(f, arguments) => {
            NodeKind::Call(*f, arguments.iter().map(|argument| with_facts(argument, area)).collect())
        }
        NodeKind::Case(arms, otherwise) => NodeKind::Case(
            arms.iter().map(|(c, r)| (with_facts(c, area), with_facts(r, area))).collect(),
            otherwise.as_deref().map(inside),
        ),
        other => other.clone(),
    };
    Node { kind, ty: node.ty, span: node.span.clone() }
}
