//! The rows that a period asks about, and what is doubtful of a row wherever it is counted.

use staysafe::calculate::engine::Rows;
use staysafe::check::tree::CheckedWhen;
use staysafe::result::Note;

use super::column::{Column, number_of};
use super::frame::Frame;
use super::standing::{BLANK, is_blank};

enum Belongs {
    Yes,
    No,
    Unknown,
    Contradictory,
}

/// Those of some rows of which nobody can say whether they belong to a period, with the counter that says so.
pub(crate) fn doubtful(
    frame: &Frame<'_>,
    when: &CheckedWhen,
    asked: &Rows,
    rows: impl IntoIterator<Item = u32>,
) -> Vec<(u32, Note)> {
    let days = days(asked);
    let doubt = |row: u32| match belongs(frame, row, when, days) {
        Belongs::Unknown => Some((row, Note::Unknown)),
        Belongs::Contradictory => Some((row, Note::Contradictory)),
        Belongs::Yes | Belongs::No => None,
    };
    if asked.count_doubts { rows.into_iter().filter_map(doubt).collect() } else { Vec::new() }
}

/// Places among the rows that vanished of those that belonged to a period.
pub(crate) fn gone(frame: &Frame<'_>, when: &CheckedWhen, asked: &Rows) -> Vec<u32> {
    let days = days(asked);
    let Some(gone) = &frame.gone else { return Vec::new() };
    let belonged = |row: &u32| matches!(belongs(gone, *row, when, days), Belongs::Yes);
    (0u32..).take(gone.rows).filter(belonged).collect()
}

/// The rows of a table that belong to a period.
pub(crate) fn select(frame: &Frame<'_>, when: &CheckedWhen, asked: &Rows, beyond_cover: bool) -> Vec<u32> {
    let days = days(asked);
    // Between the covers of two returns only survivors are known.
    let in_gap = |row: u32| match when {
        CheckedWhen::Date(date) if !beyond_cover => {
            day(frame.column(date.index), row).is_some_and(|day| frame.speaks.in_gap(day))
        }
        _ => false,
    };
    let belongs = |row: &u32| matches!(belongs(frame, *row, when, days), Belongs::Yes) && !in_gap(*row);
    (0u32..).take(frame.rows).filter(belongs).collect()
}

fn days(asked: &Rows) -> (i32, i32) {
    (number_of(asked.days.first), number_of(asked.days.last))
}

fn day(column: Option<&Column>, row: u32) -> Option<i32> {
    column?.day(usize::try_from(row).ok()?)
}

fn standing(column: Option<&Column>, row: u32) -> u8 {
    let row = usize::try_from(row).unwrap_or(usize::MAX);
    column.map_or(BLANK, |column| column.standing(row))
}

/// Whether a row belongs to the days: an event dated in them, or an interval `[start, end)` open on the last.
fn belongs(frame: &Frame<'_>, row: u32, when: &CheckedWhen, (first, last): (i32, i32)) -> Belongs {
    match when {
        CheckedWhen::Date(date) => {
            let column = frame.column(date.index);
            match day(column, row) {
                Some(day) if first <= day && day <= last => Belongs::Yes,
                Some(_) => Belongs::No,
                None if is_blank(standing(column, row)) => Belongs::No,
                None => Belongs::Unknown,
            }
        }
        CheckedWhen::Open(start, end) => {
            let (starts, ends) = (frame.column(start.index), frame.column(end.index));
            match (day(starts, row), day(ends, row)) {
                (Some(start), end) if start > last => match end {
                    Some(end) if end <= last => Belongs::Contradictory,
                    _ => Belongs::No,
                },
                (_, Some(end)) if end <= last => Belongs::No,
                (Some(_), Some(_)) => Belongs::Yes,
                (Some(_), None) if is_blank(standing(ends, row)) => Belongs::Yes,
                _ => Belongs::Unknown,
            }
        }
    }
}

/// What tells whether records of a table contradict themselves: they end before they start, or give the reason of
/// a date and no date. It decides nothing (ruling 9).
#[derive(Debug)]
pub(crate) struct Doubts<'f> {
    frame: &'f Frame<'f>,
    span: Option<(&'f Column, &'f Column)>,
    reasons: Vec<(&'f Column, Option<&'f Column>)>,
}

impl<'f> Doubts<'f> {
    pub(crate) fn new(frame: &'f Frame<'f>) -> Self {
        let dataset = frame.dataset;
        let of = |name: &Option<staysafe::diagnostic::Spanned<String>>| frame.named(&name.as_ref()?.value);
        let exists = |name: &str| dataset.fields.iter().any(|field| field.name.value == name);
        let reasons = dataset.fields.iter().enumerate().filter_map(|(at, field)| {
            let date = field.reason_of.as_ref().filter(|date| exists(&date.value))?;
            Some((frame.column(at)?, frame.named(&date.value)))
        });
        Self { frame, span: of(&dataset.dates.start).zip(of(&dataset.dates.end)), reasons: reasons.collect() }
    }

    /// Whether no row of the table raises any.
    pub(crate) fn none(&self) -> bool {
        let inverted = || self.span.is_some_and(|span| self.frame.any_inverted(span));
        self.reasons.is_empty() && self.frame.speaks.doubts.is_empty() && !inverted()
    }

    /// The counters that a row raises wherever it is counted.
    pub(crate) fn of(&self, row: u32) -> (u64, bool) {
        let at = usize::try_from(row).unwrap_or(usize::MAX);
        let (duplicates, contradictory) = self.frame.doubts(at);
        let inverted = self.span.is_some_and(|(start, end)| {
            start.day(at).zip(end.day(at)).is_some_and(|(start, end)| end < start)
        });
        let without_date = |(reason, date): &(&Column, Option<&Column>)| {
            reason.is_known(at) && date.is_none_or(|date| is_blank(date.standing(at)))
        };
        (duplicates, contradictory || inverted || self.reasons.iter().any(without_date))
    }
}
