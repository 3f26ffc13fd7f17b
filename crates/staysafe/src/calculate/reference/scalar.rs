//! Functions and arithmetic on known values.

use std::cmp::Ordering;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::evaluate::{Evaluated, with};
use crate::calendar::{Calendar, add_months, add_years, age_at, months_between, years_between};
use crate::check::tree::{Arithmetic, Function};
use crate::definition::dataset::Missing;
use crate::definition::indicator::{SpanUnit, Stretch};
use crate::result::Note;
use crate::value::Value;

/// How two values compare; `None` for values of types that do not compare.
pub(crate) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Decimal(b)) => Some(Decimal::from(*a).cmp(b)),
        (Value::Decimal(a), Value::Int(b)) => Some(a.cmp(&Decimal::from(*b))),
        _ if a.ty() == b.ty() => Some(a.cmp(b)),
        _ => None,
    }
}

/// The number with the other sign.
pub(crate) fn negate(value: Value) -> Evaluated {
    match value {
        Value::Int(n) => n.checked_neg().map_or_else(too_large, |n| Evaluated::Known(Value::Int(n))),
        Value::Decimal(n) => Evaluated::Known(Value::Decimal(-n)),
        other => no_number(&other),
    }
}

/// Arithmetic on whole numbers and decimals; division gives a decimal, and by zero it is unknown.
pub(crate) fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Evaluated {
    if let (Value::Int(a), Value::Int(b)) = (left, right)
        && operator != Arithmetic::Divide
    {
        let result = match operator {
            Arithmetic::Add => a.checked_add(*b),
            Arithmetic::Subtract => a.checked_sub(*b),
            Arithmetic::Multiply | Arithmetic::Divide => a.checked_mul(*b),
        };
        return result.map_or_else(too_large, |n| Evaluated::Known(Value::Int(n)));
    }
    let (a, b) = match (decimal(left), decimal(right)) {
        (Some(a), Some(b)) => (a, b),
        (None, _) => return no_number(left),
        (_, None) => return no_number(right),
    };
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide if b.is_zero() => return Evaluated::Unknown(Note::Unknown),
        Arithmetic::Divide => a.checked_div(b),
    };
    result.map_or_else(too_large, |n| Evaluated::Known(Value::Decimal(n)))
}

pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(n) => Some(Decimal::from(*n)),
        Value::Decimal(n) => Some(*n),
        _ => None,
    }
}

/// A function of the predicate language. An argument without a value gives a result without one.
pub(crate) fn call(calendar: &Calendar, function: Function, arguments: &[Evaluated]) -> Evaluated {
    if function == Function::Coalesce {
        let given = arguments.iter().find(|argument| !matches!(argument, Evaluated::Missing(_)));
        return given.cloned().unwrap_or(Evaluated::Missing(Missing::Unknown));
    }
    let [first, second] = arguments else {
        return Evaluated::Refused("a function was given the wrong number of arguments".to_owned());
    };
    with(first.clone(), |first| with(second.clone(), |second| two(calendar, function, &first, &second)))
}

fn two(calendar: &Calendar, function: Function, first: &Value, second: &Value) -> Evaluated {
    match (first, second) {
        (Value::Date(a), Value::Date(b)) => between(calendar, function, *a, *b),
        (Value::Date(date), Value::Int(n)) => moved(calendar, function, *date, *n),
        _ => Evaluated::Refused("a function was given values of the wrong types".to_owned()),
    }
}

/// From one date to another. Backwards is unknown (ruling 3: a duration is neither 0 nor negative),
/// except for an age, which is asked of a day and unknown before birth.
fn between(calendar: &Calendar, function: Function, start: NaiveDate, end: NaiveDate) -> Evaluated {
    if end < start {
        return Evaluated::Unknown(Note::DatesInverted);
    }
    let whole = match function {
        Function::WorkingDays => match calendar.working_days(start, end) {
            Ok(days) => days,
            Err(_) => return Evaluated::Unknown(Note::OutsideCalendar),
        },
        Function::Days => (end - start).num_days(),
        Function::MonthsBetween => months_between(start, end),
        Function::YearsBetween => years_between(start, end),
        Function::AgeAt => match age_at(start, end) {
            Some(years) => years,
            None => return Evaluated::Unknown(Note::DatesInverted),
        },
        Function::AddDays | Function::AddWorkingDays | Function::AddMonths | Function::Coalesce => {
            return Evaluated::Refused("a function was given values of the wrong types".to_owned());
        }
    };
    Evaluated::Known(Value::Int(whole))
}

fn moved(calendar: &Calendar, function: Function, date: NaiveDate, n: i64) -> Evaluated {
    let moved = match function {
        Function::AddDays => match u64::try_from(n) {
            Ok(days) => date.checked_add_days(Days::new(days)),
            Err(_) => date.checked_sub_days(Days::new(n.unsigned_abs())),
        },
        Function::AddMonths => add_months(date, n),
        Function::AddWorkingDays => match calendar.add_working_days(date, n) {
            Ok(date) => Some(date),
            Err(_) => return Evaluated::Unknown(Note::OutsideCalendar),
        },
        _ => return Evaluated::Refused("a function was given values of the wrong types".to_owned()),
    };
    moved.map_or(Evaluated::Unknown(Note::OutsideCalendar), |date| Evaluated::Known(Value::Date(date)))
}

/// The last day of a stretch that begins on a day, which is day 0; `None` outside the calendar.
pub(crate) fn due(calendar: &Calendar, start: NaiveDate, stretch: Stretch) -> Option<NaiveDate> {
    match stretch.unit {
        SpanUnit::WorkingDays => calendar.due_date(start, stretch.length).ok(),
        _ => later(start, stretch),
    }
}

/// The last day of a stretch that begins on a day, which is day 0; not for working days.
pub(crate) fn later(start: NaiveDate, stretch: Stretch) -> Option<NaiveDate> {
    let length = i64::from(stretch.length);
    match stretch.unit {
        SpanUnit::Days => start.checked_add_days(Days::new(u64::from(stretch.length))),
        SpanUnit::Months => add_months(start, length),
        SpanUnit::Years => add_years(start, length),
        SpanUnit::WorkingDays => None,
    }
}

/// The same stretch before a day; not for working days.
pub(crate) fn earlier(day: NaiveDate, stretch: Stretch) -> Option<NaiveDate> {
    let length = i64::from(stretch.length);
    match stretch.unit {
        SpanUnit::Days => day.checked_sub_days(Days::new(u64::from(stretch.length))),
        SpanUnit::Months => add_months(day, -length),
        SpanUnit::Years => add_years(day, -length),
        SpanUnit::WorkingDays => None,
    }
}

fn too_large() -> Evaluated {
    Evaluated::Refused("a number does not fit".to_owned())
}

fn no_number(value: &Value) -> Evaluated {
    Evaluated::Refused(format!("arithmetic on a {}", value.ty()))
}
