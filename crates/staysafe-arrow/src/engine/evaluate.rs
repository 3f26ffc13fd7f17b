//! Expressions over many records at once, by the one truth table (`docs/predicates.md`).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use staysafe::calculate::engine::Moment;
use staysafe::check::tree::{
    Arithmetic, CheckedClock, CheckedLimit, Comparison, FieldRef, Function, Node, NodeKind, PeriodDay,
};
use staysafe::result::Note;
use staysafe::value::{Type, Value};

use super::breaks::of_period;
use super::calendar::{Counted, limit_at};
use super::choose::{Choice, choose};
use super::column::{Column, blank, number_of};
use super::frame::Frame;
use super::lanes::{Lanes, Run, Values, both};
use super::link::related;
use super::standing::{
    BLANK, BLANK_NO, KNOWN, NO, Refusal, UNKNOWN, YES, and, doubt, is_blank, is_refused, not, or, refused,
    undecided, unknown, yes_no,
};
use super::tables::Tables;
use super::words::{NO_WORD, Words};

/// What expressions are evaluated against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'f> {
    pub(crate) calendar: &'f Counted<'f>,
    pub(crate) tables: &'f Tables<'f>,
    pub(crate) words: &'f Words,
    pub(crate) moment: Moment,
}

/// Which rows of a table stand in the lanes.
#[derive(Debug, Clone)]
pub(crate) enum Rows<'s> {
    Range(Range<usize>),
    List(Cow<'s, [u32]>),
}

/// The records in scope, lane by lane: the row itself first, then those of links inwards.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'f, 's> {
    pub(crate) frames: Vec<(&'f Frame<'f>, Rows<'s>)>,
    pub(crate) lanes: usize,
    /// The period of each lane, where they are not all of the context's.
    pub(crate) times: Option<(&'s [Moment], Cow<'s, [u16]>)>,
}

impl Rows<'_> {
    /// The values of a column in these rows.
    pub(crate) fn read<'f>(&self, column: &'f Column) -> Lanes<'f> {
        match self {
            Self::Range(range) => column.slice(range.clone()),
            Self::List(rows) => column.take(rows),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::List(rows) => rows.len(),
        }
    }

    pub(crate) fn row(&self, lane: usize) -> usize {
        match self {
            Self::Range(range) => range.start + lane,
            Self::List(rows) => {
                rows.get(lane).and_then(|row| usize::try_from(*row).ok()).unwrap_or(usize::MAX)
            }
        }
    }
}

impl<'f, 's> Scope<'f, 's> {
    /// Some rows of one table.
    pub(crate) fn list(frame: &'f Frame<'f>, rows: &'s [u32]) -> Self {
        Self { lanes: rows.len(), frames: vec![(frame, Rows::List(Cow::Borrowed(rows)))], times: None }
    }

    /// Rows of one table in their order, each once; those that follow one another without a gap are read where they lie.
    pub(crate) fn ordered(frame: &'f Frame<'f>, rows: &'s [u32]) -> Self {
        let ends = rows.first().zip(rows.last());
        let ends =
            ends.and_then(|(first, last)| usize::try_from(*first).ok().zip(usize::try_from(*last).ok()));
        match ends {
            Some((first, last)) if last.wrapping_sub(first).wrapping_add(1) == rows.len() => {
                Self { lanes: rows.len(), frames: vec![(frame, Rows::Range(first..last + 1))], times: None }
            }
            _ => Self::list(frame, rows),
        }
    }

    /// All rows of a table.
    pub(crate) fn all(frame: &'f Frame<'f>) -> Self {
        Self { lanes: frame.rows, frames: vec![(frame, Rows::Range(0..frame.rows))], times: None }
    }

    /// No rows, and a lane for each period.
    pub(crate) fn of_times(moments: &'s [Moment]) -> Self {
        let each: Vec<u16> = (0..u16::try_from(moments.len()).unwrap_or(u16::MAX)).collect();
        Self { frames: Vec::new(), lanes: each.len(), times: Some((moments, Cow::Owned(each))) }
    }

    /// A day of each lane's period.
    fn days(&self, moment: Moment, of: impl Fn(&Moment) -> NaiveDate) -> Run<'f, i32> {
        match &self.times {
            None => Run::Same(number_of(of(&moment))),
            Some((moments, lanes)) => {
                let days: Vec<i32> = moments.iter().map(|moment| number_of(of(moment))).collect();
                Run::Each(lanes.iter().map(|at| days.get(usize::from(*at)).copied().unwrap_or(0)).collect())
            }
        }
    }
}

/// Evaluates an expression in every lane.
pub(crate) fn evaluate<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, node: &Node) -> Lanes<'f> {
    let of = |node: &Node| evaluate(context, scope, node);
    match &node.kind {
        NodeKind::Literal(value) => literal(value, context.words),
        NodeKind::Null => Lanes::null(),
        NodeKind::Field(field) => read(scope, field),
        NodeKind::AreaFact(_) => Lanes::nothing(UNKNOWN),
        NodeKind::Period(day) => {
            let of = |moment: &Moment| match day {
                PeriodDay::First => moment.first,
                PeriodDay::Last => moment.last,
                PeriodDay::WindowFirst => moment.window_first,
            };
            Lanes { values: Values::Days(scope.days(context.moment, of)), standing: Run::Same(KNOWN) }
        }
        NodeKind::Not(inner) => Lanes::truth(of(inner).standing.map(not)),
        NodeKind::And(left, right) => Lanes::truth(both(&of(left).standing, &of(right).standing, and)),
        NodeKind::Or(left, right) => Lanes::truth(both(&of(left).standing, &of(right).standing, or)),
        NodeKind::Compare(comparison, left, right) => {
            compare(*comparison, &of(left), &of(right), scope.lanes, context.words)
        }
        NodeKind::In(inner, values) => is_in(&of(inner), values, scope.lanes, context.words),
        NodeKind::IsNull(inner) => {
            let inner = of(inner);
            let yes_or_no = matches!(inner.values, Values::Truth);
            Lanes::truth(inner.standing.map(|standing| match standing {
                BLANK | BLANK_NO => YES,
                YES if yes_or_no => NO,
                other => other,
            }))
        }
        NodeKind::Negate(inner) => negate(of(inner), scope.lanes),
        NodeKind::Arithmetic(operator, left, right) => {
            arithmetic(*operator, &of(left), &of(right), scope.lanes)
        }
        NodeKind::Case(arms, otherwise) => case(context, scope, arms, otherwise.as_deref()),
        // What only the period decides is worked out once for each, not for each lane.
        NodeKind::Call(..)
            if of_period(node) && scope.times.as_ref().is_some_and(|(all, _)| all.len() < scope.lanes) =>
        {
            by_period(context, scope, node)
        }
        NodeKind::Call(function, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(of).collect();
            call(context.calendar, *function, &arguments, scope.lanes)
        }
        NodeKind::Within(clock) => within(context, scope, clock),
        NodeKind::DueDate(date, limit) => due_date(context.calendar, &of(date), limit, scope.lanes),
        NodeKind::Link(link) => related(context, scope, link),
    }
}

fn by_period<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, node: &Node) -> Lanes<'f> {
    let Some((moments, lanes)) = &scope.times else { return Lanes::nothing(UNKNOWN) };
    let all = evaluate(context, &Scope::of_times(moments), node);
    let places: Vec<u32> = lanes.iter().map(|at| u32::from(*at)).collect();
    all.take(&places)
}

pub(crate) fn literal(value: &Value, words: &Words) -> Lanes<'static> {
    let (values, standing) = match value {
        Value::Bool(yes) => (Values::Truth, yes_no(*yes)),
        Value::Int(number) => (Values::Whole(Run::Same(*number)), KNOWN),
        Value::Decimal(number) => (Values::Decimal(Run::Same(*number)), KNOWN),
        Value::Text(text) => (Values::Words(Run::Same(words.find(text))), KNOWN),
        Value::Date(day) => (Values::Days(Run::Same(number_of(*day))), KNOWN),
    };
    Lanes { values, standing: Run::Same(standing) }
}

pub(crate) fn read<'f>(scope: &Scope<'f, '_>, field: &FieldRef) -> Lanes<'f> {
    let Some((frame, rows)) = scope.frames.get(field.frame) else { return Lanes::nothing(UNKNOWN) };
    let Some(column) = frame.column(field.index) else { return Lanes::nothing(blank(field.missing)) };
    rows.read(column)
}

/// A lane's standing where both have a value, and what a comparison without one comes to.
pub(crate) fn compare<'f>(
    comparison: Comparison,
    left: &Lanes<'_>,
    right: &Lanes<'_>,
    lanes: usize,
    words: &Words,
) -> Lanes<'f> {
    let compared = match (&left.values, &right.values) {
        (Values::Days(a), Values::Days(b)) => Some(hold(comparison, a, b)),
        (Values::Whole(a), Values::Whole(b)) => Some(hold(comparison, a, b)),
        // Equal texts are equal numbers; the order of numbers is none.
        (Values::Words(a), Values::Words(b))
            if matches!(comparison, Comparison::Equal | Comparison::NotEqual) =>
        {
            Some(hold(comparison, a, b))
        }
        _ => None,
    };
    if let Some(compared) = compared {
        if let (Run::Same(KNOWN), Run::Same(KNOWN)) = (&left.standing, &right.standing) {
            return Lanes::truth(compared);
        }
        let missing = both(&left.standing, &right.standing, |left, right| {
            if left == KNOWN && right == KNOWN {
                KNOWN
            } else {
                NOT_BOTH | without_value(left, right, left == KNOWN)
            }
        });
        return Lanes::truth(both(&compared, &missing, |compared, missing| {
            if missing == KNOWN { compared } else { missing & !NOT_BOTH }
        }));
    }
    let holds = |order: Ordering| holds(comparison, order);
    let yes_or_no = matches!((&left.values, &right.values), (Values::Truth, Values::Truth));
    Lanes::truth(Run::Each(
        (0..lanes)
            .map(|lane| {
                let (mut a, mut b) = (left.standing(lane), right.standing(lane));
                if yes_or_no {
                    // Beside yes or no, a blank that means no is *no* itself.
                    match (a, b) {
                        (BLANK_NO, NO | YES) => a = NO,
                        (NO | YES, BLANK_NO) => b = NO,
                        _ => {}
                    }
                    if a <= YES && b <= YES {
                        return yes_no(holds(a.cmp(&b)));
                    }
                } else if left.is_known(lane) && right.is_known(lane) {
                    return left
                        .order(lane, right, lane, words)
                        .map_or(refused(Refusal::DifferentTypes), |order| yes_no(holds(order)));
                }
                without_value(a, b, left.is_known(lane) || (yes_or_no && a <= YES))
            })
            .collect(),
    ))
}

/// Whether a comparison holds of two values in this order.
pub(crate) fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

/// Words with smaller numbers are looked up in a table.
const TABLE: u32 = 1 << 16;

/// Marks a standing as that of a pair of which one has no value.
const NOT_BOTH: u8 = 128;

/// Whether a comparison holds of values, lane by lane.
fn hold<T: Copy + Ord>(comparison: Comparison, left: &Run<'_, T>, right: &Run<'_, T>) -> Run<'static, u8> {
    // Each is a loop of its own, so that none asks anew in every lane which it is.
    match comparison {
        Comparison::Equal => both(left, right, |a, b| yes_no(a == b)),
        Comparison::NotEqual => both(left, right, |a, b| yes_no(a != b)),
        Comparison::Less => both(left, right, |a, b| yes_no(a < b)),
        Comparison::LessOrEqual => both(left, right, |a, b| yes_no(a <= b)),
        Comparison::Greater => both(left, right, |a, b| yes_no(a > b)),
        Comparison::GreaterOrEqual => both(left, right, |a, b| yes_no(a >= b)),
    }
}

pub(super) fn without_value(left: u8, right: u8, left_is_known: bool) -> u8 {
    if is_refused(left) {
        left
    } else if is_refused(right) {
        right
    } else if left == BLANK_NO || right == BLANK_NO {
        NO
    } else if left_is_known {
        undecided(right)
    } else {
        undecided(left)
    }
}

pub(super) fn is_in<'f>(inner: &Lanes<'_>, values: &[Value], lanes: usize, words: &Words) -> Lanes<'f> {
    let known: Vec<Lanes<'_>> = values.iter().map(|value| literal(value, words)).collect();
    if let Values::Words(run) = &inner.values {
        let word = |lanes: &Lanes<'_>| if let Values::Words(run) = &lanes.values { run.at(0) } else { None };
        let numbers: Vec<u32> = known.iter().filter_map(word).collect();
        let place = |word: u32| usize::try_from(word).unwrap_or(usize::MAX);
        let most = numbers.iter().copied().filter(|word| *word != NO_WORD).max().unwrap_or(0);
        // A table of which words are meant, where it is small: their numbers are, of codes that many rows have.
        let mut meant = vec![false; if most < TABLE { place(most) + 1 } else { 0 }];
        if !meant.is_empty() {
            for word in &numbers {
                if let Some(held) = meant.get_mut(place(*word)) {
                    *held = true;
                }
            }
            return Lanes::truth(both(run, &inner.standing, |word, standing| {
                let is_meant = meant.get(place(word)).copied().unwrap_or(false);
                if standing == KNOWN { yes_no(is_meant) } else { undecided(standing) }
            }));
        }
        return Lanes::truth(both(run, &inner.standing, |word, standing| {
            if standing == KNOWN { yes_no(numbers.contains(&word)) } else { undecided(standing) }
        }));
    }
    Lanes::truth(Run::Each(
        (0..lanes)
            .map(|lane| {
                if !inner.is_known(lane) {
                    return undecided(inner.standing(lane));
                }
                yes_no(known.iter().any(|value| inner.order(lane, value, 0, words) == Some(Ordering::Equal)))
            })
            .collect(),
    ))
}

fn negate(inner: Lanes<'_>, lanes: usize) -> Lanes<'_> {
    let Lanes { values, standing } = inner;
    match values {
        Values::Whole(numbers) => {
            let fits = both(&numbers, &standing, |number, standing| match standing {
                KNOWN if number == i64::MIN => refused(Refusal::TooLarge),
                other => other,
            });
            Lanes { values: Values::Whole(numbers.map(i64::wrapping_neg)), standing: fits }
        }
        Values::Decimal(numbers) => Lanes { values: Values::Decimal(numbers.map(|n| -n)), standing },
        Values::Nothing => Lanes { values: Values::Nothing, standing },
        other => {
            let inner = Lanes { values: other, standing };
            let ty = inner.ty().unwrap_or(Type::Bool);
            let known = |lane| inner.is_known(lane);
            let each = (0..lanes).map(|lane| {
                if known(lane) { refused(Refusal::ArithmeticOn(ty)) } else { inner.standing(lane) }
            });
            Lanes { values: Values::Nothing, standing: Run::Each(each.collect()) }
        }
    }
}

/// The standing of a function of two values where one of them has none: the left one is told.
fn passed_on(left: &Lanes<'_>, right: &Lanes<'_>, lane: usize) -> Option<u8> {
    if !left.is_known(lane) {
        Some(left.standing(lane))
    } else if !right.is_known(lane) {
        Some(right.standing(lane))
    } else {
        None
    }
}

pub(crate) fn arithmetic<'f>(
    operator: Arithmetic,
    left: &Lanes<'_>,
    right: &Lanes<'_>,
    lanes: usize,
) -> Lanes<'f> {
    let of = |lane| whole_or_decimal(operator, left, right, lane);
    if let (Values::Whole(a), Values::Whole(b)) = (&left.values, &right.values)
        && operator != Arithmetic::Divide
    {
        let (numbers, standing): (Vec<i64>, Vec<u8>) = (0..lanes)
            .map(|lane| {
                if let Some(standing) = passed_on(left, right, lane) {
                    return (0, standing);
                }
                let (a, b) = (a.at(lane).unwrap_or_default(), b.at(lane).unwrap_or_default());
                let result = match operator {
                    Arithmetic::Add => a.checked_add(b),
                    Arithmetic::Subtract => a.checked_sub(b),
                    Arithmetic::Multiply | Arithmetic::Divide => a.checked_mul(b),
                };
                result.map_or((0, refused(Refusal::TooLarge)), |number| (number, KNOWN))
            })
            .unzip();
        return Lanes {
            values: Values::Whole(Run::Each(numbers.into())),
            standing: Run::Each(standing.into()),
        };
    }
    let (numbers, standing): (Vec<Decimal>, Vec<u8>) = (0..lanes).map(of).unzip();
    Lanes { values: Values::Decimal(Run::Each(numbers.into())), standing: Run::Each(standing.into()) }
}

fn whole_or_decimal(operator: Arithmetic, left: &Lanes<'_>, right: &Lanes<'_>, lane: usize) -> (Decimal, u8) {
    if let Some(standing) = passed_on(left, right, lane) {
        return (Decimal::ZERO, standing);
    }
    let decimal = |lanes: &Lanes<'_>| match &lanes.values {
        Values::Whole(numbers) => numbers.at(lane).map(Decimal::from),
        Values::Decimal(numbers) => numbers.at(lane),
        _ => None,
    };
    let no_number = |lanes: &Lanes<'_>| refused(Refusal::ArithmeticOn(lanes.ty().unwrap_or(Type::Bool)));
    let (a, b) = match (decimal(left), decimal(right)) {
        (Some(a), Some(b)) => (a, b),
        (None, _) => return (Decimal::ZERO, no_number(left)),
        (_, None) => return (Decimal::ZERO, no_number(right)),
    };
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide if b.is_zero() => return (Decimal::ZERO, UNKNOWN),
        Arithmetic::Divide => a.checked_div(b),
    };
    result.map_or((Decimal::ZERO, refused(Refusal::TooLarge)), |number| (number, KNOWN))
}

fn case<'f>(
    context: &Context<'f>,
    scope: &Scope<'f, '_>,
    arms: &[(Node, Node)],
    otherwise: Option<&Node>,
) -> Lanes<'f> {
    let conditions: Vec<Lanes<'_>> =
        arms.iter().map(|(condition, _)| evaluate(context, scope, condition)).collect();
    let mut options: Vec<Lanes<'_>> =
        arms.iter().map(|(_, result)| evaluate(context, scope, result)).collect();
    options.push(otherwise.map_or_else(Lanes::null, |node| evaluate(context, scope, node)));
    let choice = |lane: usize| {
        for (arm, condition) in conditions.iter().enumerate() {
            let standing = condition.standing(lane);
            if standing == YES {
                return Choice::Option(arm);
            }
            // An arm that may or may not hold leaves the whole unknown: the next arm must not decide.
            if let Some(note) = doubt(standing) {
                return Choice::Standing(unknown(note));
            }
            if is_refused(standing) {
                return Choice::Standing(standing);
            }
        }
        Choice::Option(conditions.len())
    };
    choose(&options, (0..scope.lanes).map(choice))
}

/// A function of the predicate language. An argument without a value gives a result without one.
fn call<'f>(calendar: &Counted<'_>, function: Function, arguments: &[Lanes<'f>], lanes: usize) -> Lanes<'f> {
    if function == Function::Coalesce {
        let choice = |lane: usize| {
            let given = arguments.iter().position(|argument| !is_blank(argument.standing(lane)));
            given.map_or(Choice::Standing(BLANK), Choice::Option)
        };
        return choose(arguments, (0..lanes).map(choice));
    }
    let [first, second] = arguments else {
        return Lanes::nothing(refused(Refusal::ArgumentCount));
    };
    match (&first.values, &second.values) {
        (Values::Days(a), Values::Days(b)) => {
            let (values, standing) = match function {
                Function::WorkingDays => {
                    each_known(first, second, (a, b), |a, b| calendar.between(Function::WorkingDays, a, b))
                }
                _ => each_known(first, second, (a, b), |a, b| calendar.between(function, a, b)),
            };
            Lanes { values: Values::Whole(values), standing }
        }
        (Values::Days(a), Values::Whole(n)) => {
            let (values, standing) = match n {
                Run::Same(by) => {
                    let moves = calendar.moves(function, *by);
                    each_known(first, second, (a, n), |day, by| {
                        moves.of(day).unwrap_or_else(|| calendar.moved(function, day, by))
                    })
                }
                Run::Each(_) => {
                    each_known(first, second, (a, n), |day, by| calendar.moved(function, day, by))
                }
            };
            Lanes { values: Values::Days(values), standing }
        }
        _ => {
            let standing = (0..lanes)
                .map(|lane| passed_on(first, second, lane).unwrap_or(refused(Refusal::ArgumentTypes)));
            Lanes { values: Values::Nothing, standing: Run::Each(standing.collect()) }
        }
    }
}

/// A function of two values where both are known; elsewhere the standing of the first that is not.
fn each_known<A: Copy + 'static, B: Copy + 'static, R: Copy + Default + 'static>(
    first: &Lanes<'_>,
    second: &Lanes<'_>,
    (a, b): (&Run<'_, A>, &Run<'_, B>),
    of: impl Fn(A, B) -> (R, u8),
) -> (Run<'static, R>, Run<'static, u8>) {
    let standings =
        both(&first.standing, &second.standing, |first, second| if first == KNOWN { second } else { first });
    if let Run::Same(standing) = standings {
        if standing != KNOWN {
            return (Run::Same(R::default()), Run::Same(standing));
        }
        return apart(&both(a, b, of));
    }
    let found = both(a, b, |a, b| (a, b));
    apart(&both(
        &found,
        &standings,
        |(a, b), standing| {
            if standing == KNOWN { of(a, b) } else { (R::default(), standing) }
        },
    ))
}

/// Values and standings, each by themselves.
fn apart<R: Copy + 'static>(found: &Run<'_, (R, u8)>) -> (Run<'static, R>, Run<'static, u8>) {
    let standings = found.map(|(_, standing)| standing);
    let standings = match standings {
        Run::Each(all) if !all.is_empty() && all.iter().fold(0, |any, one| any | *one) == KNOWN => {
            Run::Same(KNOWN)
        }
        other => other,
    };
    (found.map(|(value, _)| value), standings)
}

/// Whether the clock stopped within its limit; the start is day 0 (rulings 3 and 4).
fn within<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, clock: &CheckedClock) -> Lanes<'f> {
    let (start, stop) = (read(scope, &clock.start), read(scope, &clock.stop));
    let picks = clock.limit_at.as_ref().map(|field| read(scope, field));
    let lasts = scope.days(context.moment, |moment| moment.last);
    // A date, or how the lane stands without it.
    let date = |lanes: &Lanes<'_>, lane: usize| match lanes.standing(lane) {
        KNOWN => lanes.day(lane).ok_or(UNKNOWN),
        standing if is_blank(standing) => Err(UNKNOWN),
        other => Err(other),
    };
    let one = |lane: usize| -> Result<u8, u8> {
        let begun = date(&start, lane)?;
        let picked = picks.as_ref().map_or(Ok(begun), |picks| date(picks, lane))?;
        let Some(limit) = limit_at(&clock.limit, picked) else { return Err(UNKNOWN) };
        Ok(match stop.standing(lane) {
            KNOWN => {
                let stopped = stop.day(lane).ok_or(UNKNOWN)?;
                if stopped < begun {
                    return Err(unknown(Note::DatesInverted));
                }
                context.calendar.in_time(begun, stopped, limit)
            }
            // Still open: late once the limit has passed, and not yet due before.
            standing if is_blank(standing) => {
                let last = lasts.at(lane).unwrap_or(begun);
                match context.calendar.in_time(begun, last.max(begun), limit) {
                    YES => unknown(Note::NotYetDue),
                    other => other,
                }
            }
            other => other,
        })
    };
    Lanes::truth(Run::Each(
        (0..scope.lanes).map(|lane| one(lane).unwrap_or_else(|standing| standing)).collect(),
    ))
}

/// The last day in time of a limit that begins on a day, which is day 0 and picks the limit.
fn due_date<'f>(calendar: &Counted<'_>, date: &Lanes<'_>, limit: &CheckedLimit, lanes: usize) -> Lanes<'f> {
    let one = |lane: usize| {
        if !date.is_known(lane) {
            return (0, date.standing(lane));
        }
        let Some(day) = date.day(lane) else {
            return (0, refused(Refusal::NoDueDate(date.ty().unwrap_or(Type::Bool))));
        };
        match limit_at(limit, day) {
            None => (0, UNKNOWN),
            Some(stretch) => {
                calendar.due(day, stretch).map_or((0, unknown(Note::OutsideCalendar)), |due| (due, KNOWN))
            }
        }
    };
    let (days, standing): (Vec<i32>, Vec<u8>) = (0..lanes).map(one).unzip();
    Lanes { values: Values::Days(Run::Each(days.into())), standing: Run::Each(standing.into()) }
}
