//! Expressions over one record, by the one truth table.
//!
//! `docs/predicates.md` states the table: true, false, unknown, refused, with Kleene's logic, in which
//! false decides an AND and true an OR whatever the other side is; refused decides everything.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::records::{Records, Table};
use super::scalar;
use crate::calendar::Calendar;
use crate::check::tree::{
    CheckedClock, CheckedLimit, Comparison, FieldRef, LinkNode, Node, NodeKind, PeriodDay,
};
use crate::definition::dataset::Missing;
use crate::definition::indicator::{SpanUnit, Stretch};
use crate::definition::predicate::Question;
use crate::record::Row;
use crate::result::Note;
use crate::value::{Datum, Value};

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Evaluated {
    /// A value.
    Known(Value),
    /// A blank. Where the field says that a blank means *no*, comparisons with it are false.
    Missing(Missing),
    /// It cannot be known, and which counter says so.
    Unknown(Note),
    /// It cannot be worked out at all.
    Refused(String),
}

/// The days that expressions may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The period's first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// The first day of the window that ends on the last day.
    pub window_first: NaiveDate,
}

/// A record in scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) table: &'a Table<'a>,
    pub(crate) row: &'a Row,
}

/// What an expression is evaluated against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) calendar: &'a Calendar,
    pub(crate) records: &'a Records<'a>,
    pub(crate) moment: Moment,
}

const TRUE: Evaluated = Evaluated::Known(Value::Bool(true));
const FALSE: Evaluated = Evaluated::Known(Value::Bool(false));

impl Evaluated {
    pub(crate) fn is_true(&self) -> bool {
        *self == TRUE
    }

    /// The counter that says why a predicate is neither true nor false.
    pub(crate) fn unknown(&self) -> Option<Note> {
        match self {
            Self::Known(_) | Self::Missing(Missing::No) | Self::Refused(_) => None,
            Self::Missing(_) => Some(Note::Unknown),
            Self::Unknown(note) => Some(*note),
        }
    }
}

/// Evaluates an expression over the records in scope, the row itself first.
pub(crate) fn evaluate(context: &Context<'_>, frames: &[Frame<'_>], node: &Node) -> Evaluated {
    match &node.kind {
        NodeKind::Literal(value) => Evaluated::Known(value.clone()),
        NodeKind::Null => Evaluated::Missing(Missing::Unknown),
        NodeKind::Field(field) => read(frames, field),
        // Facts about areas are put in place before records are looked at.
        NodeKind::AreaFact(_) => Evaluated::Unknown(Note::Unknown),
        NodeKind::Period(day) => Evaluated::Known(Value::Date(match day {
            PeriodDay::First => context.moment.first,
            PeriodDay::Last => context.moment.last,
            PeriodDay::WindowFirst => context.moment.window_first,
        })),
        NodeKind::Not(inner) => not(evaluate(context, frames, inner)),
        NodeKind::And(left, right) => {
            and(&evaluate(context, frames, left), &evaluate(context, frames, right))
        }
        NodeKind::Or(left, right) => {
            not(and(&not(evaluate(context, frames, left)), &not(evaluate(context, frames, right))))
        }
        NodeKind::Compare(comparison, left, right) => {
            compare(*comparison, &evaluate(context, frames, left), &evaluate(context, frames, right))
        }
        NodeKind::In(inner, values) => match evaluate(context, frames, inner) {
            Evaluated::Known(value) => {
                truth(values.iter().any(|v| scalar::order(v, &value) == Some(Ordering::Equal)))
            }
            other => undecided(&other),
        },
        NodeKind::IsNull(inner) => match evaluate(context, frames, inner) {
            Evaluated::Missing(_) => TRUE,
            Evaluated::Known(_) => FALSE,
            other => other,
        },
        NodeKind::Negate(inner) => with(evaluate(context, frames, inner), scalar::negate),
        NodeKind::Arithmetic(operator, left, right) => {
            let right = evaluate(context, frames, right);
            with(evaluate(context, frames, left), |left| {
                with(right, |right| scalar::arithmetic(*operator, &left, &right))
            })
        }
        NodeKind::Case(arms, otherwise) => case(context, frames, arms, otherwise.as_deref()),
        NodeKind::Call(function, arguments) => {
            let values =
                arguments.iter().map(|argument| evaluate(context, frames, argument)).collect::<Vec<_>>();
            scalar::call(context.calendar, *function, &values)
        }
        NodeKind::Within(clock) => within(context, frames, clock),
        NodeKind::DueDate(date, limit) => with(evaluate(context, frames, date), |date| match date {
            Value::Date(date) => due_date(context.calendar, date, limit),
            other => Evaluated::Refused(format!("a {} has no due date", other.ty())),
        }),
        NodeKind::Link(link) => related(context, frames, link),
    }
}

fn read(frames: &[Frame<'_>], field: &FieldRef) -> Evaluated {
    let Some(frame) = frames.get(field.frame) else { return Evaluated::Unknown(Note::Unknown) };
    match frame.table.value(frame.row, field.index) {
        Datum::Known(value) => Evaluated::Known(value.clone()),
        Datum::Rejected | Datum::Suppressed => Evaluated::Unknown(Note::Unknown),
        Datum::Missing => Evaluated::Missing(field.missing),
    }
}

pub(crate) fn truth(yes: bool) -> Evaluated {
    Evaluated::Known(Value::Bool(yes))
}

/// What a comparison with something that has no value comes to.
fn undecided(side: &Evaluated) -> Evaluated {
    match side {
        Evaluated::Missing(Missing::No) => FALSE,
        Evaluated::Missing(_) => Evaluated::Unknown(Note::Unknown),
        other => other.clone(),
    }
}

fn not(side: Evaluated) -> Evaluated {
    match side {
        Evaluated::Known(Value::Bool(yes)) => truth(!yes),
        // A blank yes/no that means *no*.
        Evaluated::Missing(Missing::No) => TRUE,
        Evaluated::Missing(_) => Evaluated::Unknown(Note::Unknown),
        other => other,
    }
}

fn and(left: &Evaluated, right: &Evaluated) -> Evaluated {
    let decide = |side: &Evaluated| match side {
        Evaluated::Known(_) | Evaluated::Refused(_) => side.clone(),
        other => undecided(other),
    };
    let (left, right) = (decide(left), decide(right));
    match (&left, &right) {
        (Evaluated::Refused(_), _) => left,
        (_, Evaluated::Refused(_)) => right,
        _ if left == FALSE || right == FALSE => FALSE,
        (Evaluated::Unknown(_), _) => left,
        (_, Evaluated::Unknown(_)) => right,
        _ => TRUE,
    }
}

fn compare(comparison: Comparison, left: &Evaluated, right: &Evaluated) -> Evaluated {
    // Beside yes or no, a blank that means no is `FALSE` itself.
    let beside_yes_or_no = |side: &Evaluated, other: &Evaluated| {
        matches!((side, other), (Evaluated::Missing(Missing::No), Evaluated::Known(Value::Bool(_))))
    };
    if beside_yes_or_no(left, right) {
        return compare(comparison, &FALSE, right);
    }
    if beside_yes_or_no(right, left) {
        return compare(comparison, left, &FALSE);
    }
    let (Evaluated::Known(a), Evaluated::Known(b)) = (left, right) else {
        for side in [left, right] {
            if matches!(side, Evaluated::Refused(_)) {
                return side.clone();
            }
        }
        if [left, right].iter().any(|side| matches!(side, Evaluated::Missing(Missing::No))) {
            return FALSE;
        }
        return if matches!(left, Evaluated::Known(_)) { undecided(right) } else { undecided(left) };
    };
    let Some(order) = scalar::order(a, b) else {
        return Evaluated::Refused("values of different types cannot be compared".to_owned());
    };
    truth(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}

/// Applies a function to a value, and passes everything else on.
pub(crate) fn with(side: Evaluated, function: impl FnOnce(Value) -> Evaluated) -> Evaluated {
    match side {
        Evaluated::Known(value) => function(value),
        other => other,
    }
}

fn case(
    context: &Context<'_>,
    frames: &[Frame<'_>],
    arms: &[(Node, Node)],
    otherwise: Option<&Node>,
) -> Evaluated {
    for (condition, result) in arms {
        let condition = evaluate(context, frames, condition);
        if condition.is_true() {
            return evaluate(context, frames, result);
        }
        // An arm that may or may not hold leaves the whole unknown: the next arm must not decide.
        if let Some(note) = condition.unknown() {
            return Evaluated::Unknown(note);
        }
        if matches!(condition, Evaluated::Refused(_)) {
            return condition;
        }
    }
    otherwise.map_or(Evaluated::Missing(Missing::Unknown), |node| evaluate(context, frames, node))
}

/// Whether the clock stopped within its limit; the start is day 0 (ruling 3: a stop before the start is
/// unknown; ruling 4: outside the calendar, late if the part inside is already too long).
fn within(context: &Context<'_>, frames: &[Frame<'_>], clock: &CheckedClock) -> Evaluated {
    let (start, stop) = (read(frames, &clock.start), read(frames, &clock.stop));
    let start = match start {
        Evaluated::Known(Value::Date(start)) => start,
        Evaluated::Missing(_) => return Evaluated::Unknown(Note::Unknown),
        other => return other,
    };
    // The limit is the one in force on the day that picks it; before the first there is none to judge by.
    let picked = match clock.limit_at.as_ref().map(|field| read(frames, field)) {
        None => start,
        Some(Evaluated::Known(Value::Date(day))) => day,
        Some(Evaluated::Missing(_)) => return Evaluated::Unknown(Note::Unknown),
        Some(other) => return other,
    };
    let Some(limit) = clock.limit.at(picked) else { return Evaluated::Unknown(Note::Unknown) };
    match stop {
        Evaluated::Known(Value::Date(stop)) if stop < start => Evaluated::Unknown(Note::DatesInverted),
        Evaluated::Known(Value::Date(stop)) => in_time(context.calendar, start, stop, limit),
        Evaluated::Missing(_) => {
            // Still open: late once the limit has passed, and not yet due before.
            match in_time(context.calendar, start, context.moment.last.max(start), limit) {
                Evaluated::Known(Value::Bool(true)) => Evaluated::Unknown(Note::NotYetDue),
                other => other,
            }
        }
        other => other,
    }
}

/// The last day in time of a limit that begins on a day, which is day 0 and picks the limit.
fn due_date(calendar: &Calendar, date: NaiveDate, limit: &CheckedLimit) -> Evaluated {
    match limit.at(date) {
        None => Evaluated::Unknown(Note::Unknown),
        Some(stretch) => scalar::due(calendar, date, stretch)
            .map_or(Evaluated::Unknown(Note::OutsideCalendar), |due| Evaluated::Known(Value::Date(due))),
    }
}

/// Whether `stop` lies within the limit after `start`.
pub(crate) fn in_time(calendar: &Calendar, start: NaiveDate, stop: NaiveDate, limit: Stretch) -> Evaluated {
    if limit.unit == SpanUnit::WorkingDays {
        return match calendar.working_days(start, stop) {
            Ok(days) => truth(days <= i64::from(limit.length)),
            Err(_) => match calendar.at_least(start, stop) {
                Some(inside) if inside > i64::from(limit.length) => FALSE,
                _ => Evaluated::Unknown(Note::OutsideCalendar),
            },
        };
    }
    match scalar::later(start, limit) {
        Some(due) => truth(stop <= due),
        None => Evaluated::Unknown(Note::OutsideCalendar),
    }
}

fn related(context: &Context<'_>, frames: &[Frame<'_>], link: &LinkNode) -> Evaluated {
    let Some(from) = frames.get(link.from_frame) else { return Evaluated::Unknown(Note::Unknown) };
    // Without our side of the key we cannot say which records are related.
    let Some(key) = from.table.key(from.row, &link.ours) else { return Evaluated::Unknown(Note::Unknown) };
    let Some(table) = context.records.table(&link.to) else { return Evaluated::Unknown(Note::Unknown) };
    let mut inner = frames.to_vec();
    let mut unsure: Option<Note> = None;
    let mut found: Vec<&Row> = Vec::new();
    for row in table.related(&link.theirs, &key) {
        inner.push(Frame { table, row });
        let chosen = link.filter.as_ref().map_or(TRUE, |filter| evaluate(context, &inner, filter));
        inner.pop();
        if matches!(chosen, Evaluated::Refused(_)) {
            return chosen;
        }
        if chosen.is_true() {
            found.push(row);
        } else if let Some(note) = chosen.unknown() {
            unsure = Some(unsure.map_or(note, |before| before.min(note)));
        }
    }
    let each = |row: &Row, node: &Node| {
        let mut scope = frames.to_vec();
        scope.push(Frame { table, row });
        evaluate(context, &scope, node)
    };
    let field = |row: &Row| link.field.as_ref().map_or(TRUE, |node| each(row, node));
    match link.question {
        // One that surely matches settles it, whatever is unknown about the others.
        Question::Any if !found.is_empty() => TRUE,
        Question::All => {
            all(&found, unsure, |row| link.condition.as_ref().map_or(TRUE, |node| each(row, node)))
        }
        _ if unsure.is_some() => Evaluated::Unknown(unsure.unwrap_or(Note::Unknown)),
        Question::Any => FALSE,
        Question::Count if link.distinct => distinct(&found, field),
        Question::Count => Evaluated::Known(Value::Int(i64::try_from(found.len()).unwrap_or(i64::MAX))),
        Question::Min | Question::Max => extreme(&found, link.question == Question::Max, field),
        Question::Sum => found.iter().fold(Evaluated::Known(Value::Int(0)), |sum, row| {
            with(sum, |sum| {
                with(field(row), |value| {
                    scalar::arithmetic(crate::check::tree::Arithmetic::Add, &sum, &value)
                })
            })
        }),
        Question::First | Question::Last => {
            let ordered = |row: &Row| link.order.iter().map(|node| each(row, node)).collect::<Vec<_>>();
            pick(&found, link.question == Question::Last, ordered, field)
        }
    }
}

/// The first related record for which `all` surely fails.
pub(crate) fn first_that_fails<'c>(
    context: &Context<'c>,
    frames: &[Frame<'c>],
    link: &LinkNode,
) -> Option<Frame<'c>> {
    let from = frames.get(link.from_frame)?;
    let key = from.table.key(from.row, &link.ours)?;
    let table = context.records.table(&link.to)?;
    let condition = link.condition.as_ref()?;
    let fails = |row: &&'c Row| {
        let mut scope = frames.to_vec();
        scope.push(Frame { table, row });
        link.filter.as_ref().is_none_or(|filter| evaluate(context, &scope, filter).is_true())
            && evaluate(context, &scope, condition) == FALSE
    };
    table.related(&link.theirs, &key).find(fails).map(|row| Frame { table, row })
}

/// True over none; false as soon as one surely fails.
fn all(found: &[&Row], mut unsure: Option<Note>, condition: impl Fn(&Row) -> Evaluated) -> Evaluated {
    for row in found {
        let holds = condition(row);
        match holds.unknown() {
            Some(note) => unsure = Some(unsure.map_or(note, |before| before.min(note))),
            None if matches!(holds, Evaluated::Refused(_)) => return holds,
            None if !holds.is_true() => return FALSE,
            None => {}
        }
    }
    unsure.map_or(TRUE, Evaluated::Unknown)
}

fn distinct(found: &[&Row], field: impl Fn(&Row) -> Evaluated) -> Evaluated {
    let mut values = BTreeSet::new();
    for row in found {
        match field(row) {
            Evaluated::Known(value) => values.insert(value),
            // Blanks are not counted, as in SQL.
            Evaluated::Missing(_) => continue,
            other => return other,
        };
    }
    Evaluated::Known(Value::Int(i64::try_from(values.len()).unwrap_or(i64::MAX)))
}

fn extreme(found: &[&Row], greatest: bool, field: impl Fn(&Row) -> Evaluated) -> Evaluated {
    let mut best: Option<Value> = None;
    for row in found {
        match field(row) {
            Evaluated::Known(value) => {
                let better = best
                    .as_ref()
                    .and_then(|best| scalar::order(&value, best))
                    .is_none_or(|order| order == if greatest { Ordering::Greater } else { Ordering::Less });
                if better {
                    best = Some(value);
                }
            }
            Evaluated::Missing(_) => {}
            other => return other,
        }
    }
    best.map_or(Evaluated::Missing(Missing::Unknown), Evaluated::Known)
}

/// The field of the first (or last) record by an order; records that tie and differ leave it unknown.
fn pick(
    found: &[&Row],
    last: bool,
    order: impl Fn(&Row) -> Vec<Evaluated>,
    field: impl Fn(&Row) -> Evaluated,
) -> Evaluated {
    let mut best: Option<(Vec<Value>, Evaluated)> = None;
    for row in found {
        let mut key = Vec::new();
        for part in order(row) {
            match part {
                Evaluated::Known(value) => key.push(value),
                Evaluated::Missing(_) => return Evaluated::Unknown(Note::Unknown),
                other => return other,
            }
        }
        let value = field(row);
        best = match best {
            None => Some((key, value)),
            Some((best_key, best_value)) => {
                let order = if last { key.cmp(&best_key) } else { best_key.cmp(&key) };
                match order {
                    Ordering::Greater => Some((key, value)),
                    Ordering::Equal if value != best_value => {
                        Some((best_key, Evaluated::Unknown(Note::Contradictory)))
                    }
                    _ => Some((best_key, best_value)),
                }
            }
        };
    }
    best.map_or(Evaluated::Missing(Missing::Unknown), |(_, value)| value)
}
