//! Cells of an extract as its programs write them: day numbers, times behind days, "a) Yes".

use chrono::{Days, NaiveDate};
use staysafe::definition::dataset::{CodeSet, Field};
use staysafe::value::Type;

use super::layout::Layout;
use crate::delimited::{day, plain, trim};
use crate::workbook::Cell;

/// What a cell of an extract comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::registers) enum Soft {
    /// As it stands.
    Same,
    /// What it stands for; with a code and words where that is odd.
    Instead(Cell, Option<(&'static str, &'static str)>),
    /// Any of several codes.
    Several(Vec<String>),
}

/// Answers that say that nobody knows.
const NOT_KNOWN: [&str; 8] =
    ["UNKNOWN", "NOTKNOWN", "NOTRECORDED", "NOTSTATED", "NK", "NA", "NOTAPPLICABLE", "NOTYETOBTAINED"];

/// Reads what an extract writes in its own way; `serials` says whether a day number counts from 1900.
pub(in crate::registers) fn soften(
    layout: &Layout,
    field: &Field,
    codes: Option<&CodeSet>,
    cell: &Cell,
    year: Option<i32>,
    serials: bool,
) -> Soft {
    let text = cell.shown();
    match field.ty.value {
        Type::Date => match (cell, to_day(cell, &text)) {
            (Cell::Number(number), _) if serials => match serial(number) {
                Some(day) => {
                    let words = "a spreadsheet's day number, which was read as the day it stands for; format the column as \
                                 a date";
                    Soft::Instead(Cell::Date(day), Some(("day-number", words)))
                }
                None => Soft::Same,
            },
            (_, Some(day)) => {
                let words = "a day with a time of day behind it; the day was read";
                Soft::Instead(Cell::Date(day), Some(("day-with-time", words)))
            }
            _ => Soft::Same,
        },
        Type::Bool => {
            let answer = text
                .split_once(')')
                .filter(|(letter, _)| letter.len() == 1)
                .map_or(text.as_str(), |(_, b)| b);
            if NOT_KNOWN.contains(&plain(answer).as_str()) {
                let words = "an answer that nobody knows was read as blank";
                Soft::Instead(Cell::Blank, Some(("not-known-in-words", words)))
            } else if answer.len() < text.len() {
                Soft::Instead(Cell::Text(answer.to_owned()), None)
            } else {
                Soft::Same
            }
        }
        Type::Text => codes.map_or(Soft::Same, |codes| of_code(layout, codes, &text, year)),
        Type::Int | Type::Decimal => Soft::Same,
    }
}

fn of_code(layout: &Layout, codes: &CodeSet, text: &str, year: Option<i32>) -> Soft {
    let known = |text: &str| codes.codes.iter().any(|of| of.code.value == text);
    if known(text) {
        return Soft::Same;
    }
    let meant = layout.spelled(&codes.id.value, text);
    let stands = |code: &&String| {
        codes.codes.iter().filter(|of| of.code.value == **code).any(|of| {
            year.is_none_or(|year| {
                of.from.as_ref().is_none_or(|from| from.value <= year)
                    && of.to.as_ref().is_none_or(|to| year <= to.value)
            })
        })
    };
    let standing: Vec<&String> = meant.iter().filter(stands).collect();
    match standing.as_slice() {
        [one] => return Soft::Instead(Cell::Text((*one).clone()), None),
        [] => {}
        several => return Soft::Several(several.iter().map(|code| (*code).clone()).collect()),
    }
    // "C2 - Full care order", "WBRI: White British".
    let head = text.split([' ', ':', '-', '\u{2013}', ',']).next().unwrap_or_default();
    if known(head) {
        let words = "a code with words behind it; the code was read";
        return Soft::Instead(Cell::Text(head.to_owned()), Some(("code-with-words", words)));
    }
    Soft::Same
}

/// The day of a cell that has a time behind it, or that names its month.
fn to_day(cell: &Cell, text: &str) -> Option<NaiveDate> {
    let text = trim(text);
    if !matches!(cell, Cell::Text(_) | Cell::Moment(_)) {
        return None;
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    let is_time =
        !time.is_empty() && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z'));
    let named = || NaiveDate::parse_from_str(date, "%Y-%b-%d").ok();
    is_time.then(|| day(date).or_else(named)).flatten()
}

/// The day that a spreadsheet's number stands for, counted from 1900; only of a lifetime's days.
fn serial(number: &str) -> Option<NaiveDate> {
    let number: u64 = number.parse().ok().filter(|number| (7_000..=75_000).contains(number))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(number))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_with_a_time_is_a_day_and_nothing_else_is() {
        let day = |text: &str| to_day(&Cell::Text(text.into()), text).map(|day| day.to_string());
        assert_eq!(day("31/03/2018 00:00:00").as_deref(), Some("2018-03-31"));
        assert_eq!(day("2018-03-31T09:30:00").as_deref(), Some("2018-03-31"));
        assert_eq!(day("2025-Feb-14 00:00:00").as_deref(), Some("2025-02-14"));
        assert_eq!((day("3/4/2018 00:00"), day("31/03/2018 about noon"), day("soon")), (None, None, None));
        assert_eq!(serial("43190").unwrap().to_string(), "2018-03-31");
        assert_eq!((serial("2018"), serial("43190.5"), serial("431900")), (None, None, None));
    }
}
