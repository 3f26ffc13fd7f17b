//! The slow reference: record by record, period by period, straight from the checked tree.
//!
//! It is written to be believed on reading. Whatever is faster must agree with it on any input.

pub(crate) mod derive;
mod doubts;
pub(crate) mod evaluate;
pub(crate) mod ladder;
pub(crate) mod open;
pub(crate) mod records;
pub(crate) mod rung;
pub(crate) mod scalar;
pub(crate) mod selection;
pub(crate) mod split;
mod survey;
pub(crate) mod table;
pub(crate) mod tally;
mod totals;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Counting;
use super::engine::{Answer, Asked, Question, TotalsQuestion, ladder_part, totals_part};
use super::version::{Chosen, begins_anew, version_of};
use crate::calendar::{Calendar, Days};
use crate::check::breakdown::CheckedSort;
use crate::check::tree::{CheckedCalculation, CheckedLadder, CheckedTotals, Node, NodeKind};
use crate::check::{Checked, CheckedIndicator, CheckedVersion};
use crate::definition::framework::Area;
use crate::definition::indicator::Kind;
use crate::period::Period;
use crate::result::{Flag, NotReported, Reason, State};
use crate::value::Datum;
use derive::Derivations;
use evaluate::{Context, Evaluated};
use records::Records;
use split::Split;
pub(crate) use tally::Finished;

/// The state of one indicator in one period, from one return, slot by slot.
pub(crate) fn state<'a>(
    checked: &'a Checked,
    (authority, records, derivations): (usize, &Records<'a>, &mut Derivations<'a>),
    indicator: &'a CheckedIndicator,
    period: &Period,
    split: &super::Apart<'a>,
    beyond_cover: bool,
    counting: &mut Counting<'_, 'a>,
) -> Vec<Finished> {
    let (Ok(apart) | Err((apart, _))) = split;
    let absent = |reason| vec![Finished::absent(apart, records, reason)];
    let Some(definition) = checked.definition(indicator.id()) else {
        return absent(Reason::NotReported(NotReported::NoCalculation));
    };
    if definition.out_of_scope.is_some() {
        return absent(Reason::OutOfScope);
    }
    let (chosen, anew) = match version_of(indicator, *period) {
        Chosen::One(version) => (vec![(version, None)], begins_anew(indicator, *period)),
        Chosen::Joined(parts) => {
            (parts.into_iter().map(|(version, days)| (version, Some(days))).collect(), true)
        }
        Chosen::Break => return absent(Reason::Break),
        Chosen::Outside(why) => return absent(Reason::NotReported(NotReported::NoVersion(why))),
    };
    let mut ready = Vec::new();
    for (version, days) in chosen {
        match make_ready(checked, records, derivations, (indicator, version), period, split) {
            Ok(made) => ready.push(Ready { days, ..made }),
            Err(reason) => return absent(reason),
        }
    }
    let kind = definition.kind.value;
    let found = match counting {
        Counting::Reference => by_record(checked.calendar(), &ready, kind, period, apart, beyond_cover),
        Counting::Announced(_) | Counting::By(_) => {
            let split = Arc::clone(apart);
            let asked = Asked { authority, indicator, kind, period: *period, split, beyond_cover };
            by_engine(counting, asked, &ready)
        }
    };
    let mut found = match found {
        Ok(found) => found,
        Err(reason) => return absent(reason),
    };
    let figures = found.iter_mut().filter(|finished| !matches!(finished.state, State::Absent(_)));
    for finished in figures.filter(|_| anew) {
        // The definition changed: earlier figures are not to be compared with this one.
        finished.flags.insert(Flag::Break);
    }
    found
}

/// One version's calculation with the records it reads, for all the days of a period or for some.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'p, 'a, C> {
    pub(crate) records: &'p Records<'a>,
    pub(crate) of: &'p C,
    pub(crate) days: Option<Days>,
}

/// The slots of every part of a period, record by record.
fn by_record(
    calendar: &Calendar,
    ready: &[Ready<'_>],
    kind: Kind,
    period: &Period,
    split: &Split<'_>,
    beyond_cover: bool,
) -> Result<Vec<Finished>, Reason> {
    let (ladders, totals) = sides(ready);
    let part = |of: &Ready<'_>| of.days;
    if totals.is_empty() {
        let parts: Vec<_> = ladders
            .into_iter()
            .map(|(ready, of)| Part { records: &ready.records, of, days: part(ready) })
            .collect();
        return ladder::state(calendar, &parts, kind, period, split, beyond_cover);
    }
    let parts: Vec<_> = totals
        .into_iter()
        .map(|(ready, of)| Part { records: &ready.records, of, days: part(ready) })
        .collect();
    totals::add_parts(period, 0..parts.len(), |number| {
        let (before, after) = parts.split_at_checked(number).unwrap_or_default();
        let Some(part) = after.first() else { return Ok(Vec::new()) };
        totals::of_part(calendar, part, before, period, split, beyond_cover)
    })
}

/// The slots of every part of a period, by an engine; none yet, where it is only told what will be asked.
fn by_engine<'a>(counting: &mut Counting<'_, 'a>, asked: Asked<'a>, ready: &[Ready<'a>]) -> Answer {
    let (ladders, totals) = sides(ready);
    if totals.is_empty() {
        let all: Vec<&CheckedLadder> = ladders.iter().map(|(_, of)| *of).collect();
        let part = |(number, of)| ladder_part(&asked, of, all.get(..number).unwrap_or_default());
        let parts: Vec<_> = ladders.into_iter().enumerate().map(part).collect();
        let question = Question { asked, parts };
        return match counting {
            Counting::By(answers) => answers.to(question),
            Counting::Announced(announced) => {
                announced.ladders.push(question);
                Ok(Vec::new())
            }
            Counting::Reference => Ok(Vec::new()),
        };
    }
    let all: Vec<&CheckedTotals> = totals.iter().map(|(_, of)| *of).collect();
    totals::add_parts(&asked.period, totals.into_iter().enumerate(), |(number, of)| {
        let part = totals_part(&asked, of, all.get(..number).unwrap_or_default());
        let question = TotalsQuestion { asked: asked.clone(), number, part };
        match counting {
            Counting::By(answers) => answers.of_totals(&question),
            Counting::Announced(announced) => {
                announced.totals.push(question);
                Ok(Vec::new())
            }
            Counting::Reference => Ok(Vec::new()),
        }
    })
}

type Sides<'r, 'a> = (Vec<(&'r Ready<'a>, &'a CheckedLadder)>, Vec<(&'r Ready<'a>, &'a CheckedTotals)>);

fn sides<'r, 'a>(ready: &'r [Ready<'a>]) -> Sides<'r, 'a> {
    let (mut ladders, mut totals) = (Vec::new(), Vec::new());
    for part in ready {
        match part.calculation {
            CheckedCalculation::Ladder(ladder) => ladders.push((part, &**ladder)),
            CheckedCalculation::TwoTotals(of) => totals.push((part, &**of)),
        }
    }
    (ladders, totals)
}

/// A version's calculation with what it is worked out from.
#[derive(Debug)]
pub(crate) struct Ready<'a> {
    pub(crate) calculation: &'a CheckedCalculation,
    pub(crate) records: Records<'a>,
    /// The derived tables among the records.
    pub(crate) rests_on: Vec<String>,
    /// The days of the period for which the version holds, where that is not all of it.
    pub(crate) days: Option<Days>,
}

/// The calculation of a version, and the records it reads with the derived tables they rest on.
///
/// # Errors
/// Why there can be no figure.
fn make_ready<'a>(
    checked: &'a Checked,
    records: &Records<'a>,
    derivations: &mut Derivations<'a>,
    (indicator, version): (&'a CheckedIndicator, &'a CheckedVersion),
    period: &Period,
    split: &super::Apart<'a>,
) -> Result<Ready<'a>, Reason> {
    let calculation = calculation(indicator, version)?;
    let calendar = checked.calendar();
    let applies_when = match calculation {
        CheckedCalculation::Ladder(ladder) => ladder.applies_when.as_ref(),
        CheckedCalculation::TwoTotals(totals) => totals.applies_when.as_ref(),
    };
    if let Some(condition) = applies_when {
        match applies(checked, calendar, records, condition, period) {
            Some(true) => {}
            Some(false) => return Err(Reason::NotApplicable),
            None => {
                let why = format!("areas.toml does not say whether this applies to area {}", records.area);
                return Err(Reason::Refused(why));
            }
        }
    }
    let split = match split {
        Ok(split) => split,
        Err((_, why)) => return Err(why.clone()),
    };
    // Breakdowns read the table of the latest version.
    let latest = indicator.calculation().map(CheckedCalculation::datasets);
    if !split.breakdowns().is_empty() && latest != Some(calculation.datasets()) {
        let why = "the version of the definition that holds then reads another table".to_owned();
        return Err(Reason::NotReported(NotReported::NotBrokenDown(why)));
    }
    let of_breakdowns = split.breakdowns().iter().flat_map(|breakdown| &breakdown.reads);
    for (dataset, fields) in version.reads().iter().chain(of_breakdowns) {
        let Some(table) = records.table(dataset) else {
            return Err(Reason::NotReported(NotReported::Dataset(dataset.clone())));
        };
        if let Some(field) = fields.iter().find(|field| !table.has(field)) {
            return Err(Reason::NotReported(NotReported::Dataset(format!("{dataset}.{field}"))));
        }
        if let Some(what) = silent(table, dataset, fields, calculation, period) {
            return Err(Reason::NotReported(NotReported::Dataset(what)));
        }
    }
    let nodes = split.breakdowns().iter().flat_map(|breakdown| &breakdown.sorts);
    let by_working_days = nodes.flat_map(CheckedSort::nodes).any(Node::uses_working_days);
    if (version.uses_working_days() || by_working_days) && !in_calendar(calendar, period) {
        return Err(Reason::Refused(format!("the working-day calendar does not cover {period}")));
    }
    let sorts_rest_on = split.breakdowns().iter().flat_map(|breakdown| breakdown.rests_on.iter().cloned());
    let rests_on: Vec<String> = version.rests_on().iter().cloned().chain(sorts_rest_on).collect();
    let records = with_derived(checked, records, derivations, (indicator, &rests_on), calculation, period)
        .map_err(Reason::Refused)?;
    Ok(Ready { calculation, records, rests_on, days: None })
}

/// The records with the derived tables that a calculation rests on, as they are in the period.
///
/// # Errors
/// Why they cannot be worked out.
pub(crate) fn with_derived<'a>(
    checked: &'a Checked,
    records: &Records<'a>,
    derivations: &mut Derivations<'a>,
    (indicator, rests_on): (&'a CheckedIndicator, &[String]),
    calculation: &CheckedCalculation,
    period: &Period,
) -> Result<Records<'a>, String> {
    let window = match calculation {
        CheckedCalculation::Ladder(ladder) => ladder.window,
        CheckedCalculation::TwoTotals(_) => None,
    };
    let moment = table::moment(period, window).ok_or("the period lies where dates cannot be reckoned")?;
    derivations.onto(checked, records, Some(indicator), rests_on, moment)
}

/// What a return that speaks for the days asked about does not carry, though another of the authority does.
fn silent(
    table: &records::Table<'_>,
    dataset: &str,
    fields: &BTreeSet<String>,
    calculation: &CheckedCalculation,
    period: &Period,
) -> Option<String> {
    let aside = table.aside.filter(|aside| !aside.silent.is_empty())?;
    let days = match calculation {
        CheckedCalculation::Ladder(ladder) => {
            table::asked(&ladder.table.when, table::moment(period, ladder.window)?, ladder.lag)?
        }
        CheckedCalculation::TwoTotals(_) => Days { first: period.first_day(), last: period.last_day() },
    };
    if aside.is_silent(None, days) {
        return Some(dataset.to_owned());
    }
    let field = fields.iter().find(|field| aside.is_silent(Some(field), days))?;
    Some(format!("{dataset}.{field}"))
}

/// The calculation of a version, or why there is none.
pub(crate) fn calculation<'v>(
    indicator: &CheckedIndicator,
    version: &'v CheckedVersion,
) -> Result<&'v CheckedCalculation, Reason> {
    match version.calculation() {
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
