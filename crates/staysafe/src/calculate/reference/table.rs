//! Which rows belong to a period, and how much of the period the table can speak for.

use super::evaluate::Moment;
use super::records::Table;
use super::scalar;
use crate::calculate::join::without;
use crate::calendar::Days;
use crate::check::tree::{CheckedWhen, FieldRef};
use crate::definition::indicator::Stretch;
use crate::period::Period;
use crate::record::Row;
use crate::value::{Datum, Value};

/// How much of the days asked about a table can speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Covered {
    /// All of them.
    Whole,
    /// These.
    Part(Days),
    /// None.
    Outside,
}

/// Whether a row belongs to the days asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belongs {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// A date that decides it was rejected or is missing, so nobody can say.
    Unknown,
    /// It does not, and its dates contradict each other about that day.
    Contradictory,
}

/// The days that predicates may name in a period, with the window that ends on its last day.
pub(crate) fn moment(period: &Period, window: Option<Stretch>) -> Option<Moment> {
    let window_first = match window {
        None => period.first_day(),
        Some(window) => scalar::earlier(period.last_day().succ_opt()?, window)?,
    };
    Some(Moment { first: period.first_day(), last: period.last_day(), window_first })
}

/// The days a table is asked about: for events the window, less the lag; for stocks the last day.
pub(crate) fn asked(when: &CheckedWhen, moment: Moment, lag: Option<Stretch>) -> Option<Days> {
    let back = |day| lag.map_or(Some(day), |lag| scalar::earlier(day, lag));
    Some(match when {
        CheckedWhen::Date(_) => Days { first: back(moment.window_first)?, last: back(moment.last)? },
        CheckedWhen::Open(..) => Days { first: back(moment.last)?, last: back(moment.last)? },
    })
}

/// How much of the days the table can speak for.
pub(crate) fn covered(table: &Table<'_>, when: &CheckedWhen, days: Days) -> Covered {
    let side = match when {
        CheckedWhen::Date(_) => table.cover.events,
        CheckedWhen::Open(..) => table.cover.stocks,
    };
    side.map_or(Covered::Whole, |cover| part_of(cover, gaps(table, when), days))
}

/// How much of the days the table can speak for, whatever of its rows is asked about.
pub(crate) fn covered_by_events(table: &Table<'_>, days: Days) -> Covered {
    let gaps = table.gaps().map_or(&[][..], |gaps| &gaps.events);
    table.cover.events.map_or(Covered::Whole, |cover| part_of(cover, gaps, days))
}

fn part_of(cover: Days, gaps: &[Days], days: Days) -> Covered {
    let part = Days { first: cover.first.max(days.first), last: cover.last.min(days.last) };
    if part.first > part.last {
        return Covered::Outside;
    }
    let pieces = without(part, gaps);
    match (pieces.first(), pieces.last()) {
        (Some(first), Some(last)) => {
            let whole = pieces.len() == 1 && *first == days;
            if whole { Covered::Whole } else { Covered::Part(Days { first: first.first, last: last.last }) }
        }
        _ => Covered::Outside,
    }
}

fn gaps<'a>(table: &Table<'a>, when: &CheckedWhen) -> &'a [Days] {
    table.gaps().map_or(&[], |gaps| match when {
        CheckedWhen::Date(_) => &gaps.events,
        CheckedWhen::Open(..) => &gaps.stocks,
    })
}

/// Whether a row is dated between the covers of two returns, where only survivors are known.
pub(crate) fn in_gap(table: &Table<'_>, row: &Row, when: &CheckedWhen) -> bool {
    let CheckedWhen::Date(date) = when else { return false };
    let Datum::Known(Value::Date(day)) = table.value(row, date.index) else { return false };
    gaps(table, when).iter().any(|gap| gap.contains(*day))
}

/// Whether the table can speak for what is open on a day.
pub(crate) fn shows_stock(table: &Table<'_>, day: chrono::NaiveDate) -> bool {
    let between = table.gaps().is_some_and(|gaps| gaps.stocks.iter().any(|gap| gap.contains(day)));
    !between && table.cover.stocks.is_none_or(|cover| cover.contains(day))
}

/// The first of the days, up to the one given, that the table speaks for without a gap; `None` where it has no limit.
pub(crate) fn shown_from(table: &Table<'_>, up_to: chrono::NaiveDate) -> Option<chrono::NaiveDate> {
    let first = table.cover.events?.first;
    let gaps = table.gaps().map(|gaps| gaps.events.as_slice()).unwrap_or_default();
    let before = gaps.iter().rfind(|gap| gap.first <= up_to);
    Some(before.and_then(|gap| gap.last.succ_opt()).unwrap_or(first))
}

/// Whether a row belongs to the days: an event dated in them, or an interval `[start, end)` open on the
/// last of them.
pub(crate) fn belongs(table: &Table<'_>, row: &Row, when: &CheckedWhen, days: Days) -> Belongs {
    match when {
        CheckedWhen::Date(date) => match table.value(row, date.index) {
            Datum::Known(Value::Date(date)) if days.contains(*date) => Belongs::Yes,
            Datum::Rejected | Datum::Suppressed => Belongs::Unknown,
            _ => Belongs::No,
        },
        CheckedWhen::Open(start, end) => {
            let day = days.last;
            match (table.value(row, start.index), table.value(row, end.index)) {
                (Datum::Known(Value::Date(start)), _) if *start > day => match table.value(row, end.index) {
                    Datum::Known(Value::Date(end)) if *end <= day => Belongs::Contradictory,
                    _ => Belongs::No,
                },
                (_, Datum::Known(Value::Date(end))) if *end <= day => Belongs::No,
                (Datum::Known(Value::Date(_)), Datum::Missing | Datum::Known(Value::Date(_))) => Belongs::Yes,
                _ => Belongs::Unknown,
            }
        }
    }
}

/// A row's values of some fields; `None` where one of them has no value.
pub(crate) fn values(table: &Table<'_>, row: &Row, fields: &[FieldRef]) -> Option<Vec<Value>> {
    fields
        .iter()
        .map(|field| match table.value(row, field.index) {
            Datum::Known(value) => Some(value.clone()),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        })
        .collect()
}

/// The day of a row: of its event, or of its start.
pub(crate) fn day(table: &Table<'_>, row: &Row, when: &CheckedWhen) -> Option<chrono::NaiveDate> {
    let (CheckedWhen::Date(date) | CheckedWhen::Open(date, _)) = when;
    match table.value(row, date.index) {
        Datum::Known(Value::Date(day)) => Some(*day),
        _ => None,
    }
}
