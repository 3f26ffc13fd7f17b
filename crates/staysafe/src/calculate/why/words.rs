//! The words of an explanation: the first clause that failed, down to the working day.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::surely_not;
use crate::calculate::clock::{self, Standing};
use crate::calculate::reference::evaluate::{Context, Frame, evaluate, first_that_fails};
use crate::calculate::reference::records::Table;
use crate::calendar::{Calendar, Days};
use crate::check::tree::{CheckedClock, CheckedTable, CheckedWhen, FieldRef, Node, NodeKind};
use crate::check::{Checked, CheckedIndicator};
use crate::definition::dataset::Dataset;
use crate::definition::indicator::{Clock, SpanUnit};
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::describe::{Vocabulary, describe};
use crate::period::Period;
use crate::record::Row;
use crate::result::Note;
use crate::value::{Datum, Type, Value};

/// Tells why, in the words of one dataset.
pub(super) struct Teller<'a> {
    dataset: &'a Dataset,
    calendar: &'a Calendar,
    vocabulary: Vocabulary,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        checked: &'a Checked,
        indicator: &CheckedIndicator,
        clocks: &BTreeMap<String, Clock>,
        dataset: &'a Dataset,
        from: &str,
    ) -> Self {
        let framework = checked.framework();
        let parameters = indicator
            .parameters()
            .iter()
            .map(|(name, value)| (name.clone(), Datum::Known(value.clone())))
            .collect();
        let vocabulary = Vocabulary::of(framework)
            .seen_from(from.to_owned())
            .with_parameters(parameters)
            .with_clocks(clocks.clone());
        Self { dataset, calendar: checked.calendar(), vocabulary }
    }

    /// "counted: …"
    pub(super) fn holds(&self, expr: &Expr) -> String {
        format!("counted: {}", describe(expr, &self.vocabulary))
    }

    /// "left out: …"
    pub(super) fn excluded(&self, expr: &Expr) -> String {
        format!("left out: {}", describe(expr, &self.vocabulary))
    }

    /// "cannot be judged: …"
    pub(super) fn doubtful(&self, expr: &Expr, note: Note) -> String {
        let why = match note {
            Note::DatesInverted => "the event lies before the start of its clock",
            Note::OutsideCalendar => "a date lies outside the working-day calendar",
            Note::HistoryMissing => "the answer needs an earlier return",
            Note::NotYetDue => "it is still open and not yet due",
            Note::Contradictory => "its fields contradict each other",
            Note::Unknown
            | Note::Duplicate
            | Note::Vanished
            | Note::UnmappedCode
            | Note::OpenInTime
            | Note::OpenLate => "a value that decides it is missing",
        };
        format!("cannot be judged: {why} (whether {})", describe(expr, &self.vocabulary))
    }

    /// "not counted: …", with the first clause that failed.
    pub(super) fn fails(&self, context: &Context<'_>, frame: Frame<'_>, node: &Node, expr: &Expr) -> String {
        let (node, expr) = first_failing(context, frame, node, expr);
        if let NodeKind::Within(clock) = &node.kind
            && let Some(words) = self.clock(frame, clock, context.moment.last)
        {
            return format!("not counted: {words}");
        }
        let first = match &node.kind {
            NodeKind::Link(link) => first_that_fails(context, &[frame], link),
            _ => None,
        };
        let first =
            first.map_or_else(String::new, |first| format!("; the first that fails: {}", record(first)));
        format!("not counted: it does not hold that {}{first}", describe(expr, &self.vocabulary))
    }

    /// "counted: conference on working day 12, limit 15", where a clock decided.
    pub(super) fn met(&self, context: &Context<'_>, frame: Frame<'_>, node: &Node) -> Option<String> {
        let NodeKind::Within(clock) = &node.kind else { return None };
        Some(format!("counted: {}", self.clock(frame, clock, context.moment.last)?))
    }

    /// "the conference still open on working day 7, limit 15 (due …)".
    pub(super) fn open(&self, frame: Frame<'_>, clock: &CheckedClock, as_of: NaiveDate) -> String {
        self.told(frame, clock, as_of).unwrap_or_else(|| {
            format!("{} still open; nobody can say since how many days", self.field(&clock.stop))
        })
    }

    /// As the figure judges it: a stop after the period decides all the same.
    fn clock(&self, frame: Frame<'_>, clock: &CheckedClock, as_of: NaiveDate) -> Option<String> {
        let as_of = match frame.table.value(frame.row, clock.stop.index) {
            Datum::Known(Value::Date(stop)) => as_of.max(*stop),
            _ => as_of,
        };
        self.told(frame, clock, as_of)
    }

    /// "the conference on working day 12, limit 15 (due …)".
    fn told(&self, frame: Frame<'_>, clock: &CheckedClock, as_of: NaiveDate) -> Option<String> {
        let dates = clock::Dates::of(clock, |field| frame.table.value(frame.row, field.index));
        let day = |datum: &Datum| match datum {
            Datum::Known(Value::Date(day)) => Some(*day),
            _ => None,
        };
        let (start, stop) = (day(&dates.start)?, day(&dates.stop).filter(|stop| *stop <= as_of));
        let reading = clock::read(self.calendar, clock, &dates, as_of);
        let limit = reading.limit?;
        let unit = if limit.unit == SpanUnit::WorkingDays { "working day" } else { "day" };
        let stopped = self.field(&clock.stop);
        let allowed = match limit.unit {
            SpanUnit::WorkingDays | SpanUnit::Days => format!("limit {}", limit.length),
            _ => format!("limit {}", crate::describe::describe_stretch(limit)),
        };
        let (reached, subject) = match reading.standing {
            Standing::AlreadyLate | Standing::OnTimeSoFar | Standing::NotYetDue => ("still open on", stopped),
            _ => ("on", stopped),
        };
        let mut words = format!(
            "{subject} {reached} {unit} {}, {allowed} (due {})",
            reading.day_reached?,
            long(reading.due?)
        );
        if limit.unit == SpanUnit::WorkingDays {
            let days = Days { first: start.succ_opt()?, last: stop.unwrap_or(as_of) };
            let closed: Vec<String> = self
                .calendar
                .holidays(days)
                .filter(|(day, _)| day.weekday().num_days_from_monday() < 5)
                .map(|(day, _)| long(day))
                .collect();
            let closed = match closed.as_slice() {
                [] => String::new(),
                [one] => format!("; {one} is a bank holiday"),
                several => format!("; {} are bank holidays", several.join(", ")),
            };
            words.push_str(&closed);
        }
        Some(words)
    }

    fn field(&self, field: &FieldRef) -> String {
        let declared = self.dataset.fields.get(field.index);
        declared
            .and_then(|f| f.words.as_ref())
            .map_or_else(|| field.name.replace('_', " "), |words| words.value.clone())
    }
}

/// The first part of a conjunction that surely fails, or the whole where none does by itself.
fn first_failing<'n>(
    context: &Context<'_>,
    frame: Frame<'_>,
    node: &'n Node,
    expr: &'n Expr,
) -> (&'n Node, &'n Expr) {
    if let (
        NodeKind::And(left, right),
        ExprKind::Binary { operator: Operator::And, left: left_expr, right: right_expr },
    ) = (&node.kind, &expr.kind)
    {
        if surely_not(&evaluate(context, &[frame], left)) {
            return first_failing(context, frame, left, left_expr);
        }
        if surely_not(&evaluate(context, &[frame], right)) {
            return first_failing(context, frame, right, right_expr);
        }
    }
    (node, expr)
}

/// Why a row does not belong to a period.
pub(super) fn not_in_period(table: &Table<'_>, row: &Row, from: &CheckedTable, period: Period) -> String {
    let date = |field: &FieldRef| match table.value(row, field.index) {
        Datum::Known(value) => format!("{} is {value}", words_of(table, field)),
        Datum::Missing => format!("{} is blank", words_of(table, field)),
        Datum::Rejected => format!("{} could not be read", words_of(table, field)),
        Datum::Suppressed => format!("{} is suppressed by whoever supplied it", words_of(table, field)),
    };
    match &from.when {
        CheckedWhen::Date(at) => format!("not in {period}: {}", date(at)),
        CheckedWhen::Open(start, end) => {
            format!("not open on {}: {}, {}", long(period.last_day()), date(start), date(end))
        }
    }
}

/// A related record in words: its values that are neither personal nor a key.
fn record(frame: Frame<'_>) -> String {
    let fields = frame.table.dataset.fields.iter().enumerate();
    let words: Vec<String> = fields
        .filter(|(_, field)| !field.personal && !matches!(field.ty.value, Type::Int | Type::Decimal))
        .filter_map(|(at, field)| {
            let called =
                field.words.as_ref().map_or_else(|| field.name.value.replace('_', " "), |w| w.value.clone());
            match frame.table.value(frame.row, at) {
                Datum::Known(Value::Date(day)) => Some(format!("{called} {}", long(*day))),
                Datum::Known(value) => Some(format!("{called} {value}")),
                Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
            }
        })
        .collect();
    words.join(", ")
}

fn words_of(table: &Table<'_>, field: &FieldRef) -> String {
    let declared = table.dataset.fields.get(field.index).and_then(|f| f.words.as_ref());
    declared.map_or_else(|| field.name.replace('_', " "), |words| words.value.clone())
}

/// "Monday 29 August 2011"
fn long(day: NaiveDate) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = |names: &[&'static str], at: u32| {
        usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or("").to_owned()
    };
    let weekday = name(&DAYS, day.weekday().num_days_from_monday());
    format!("{weekday} {} {} {}", day.day(), name(&MONTHS, day.month0()), day.year())
}
