//! A field of all records of a table, side by side.

use std::borrow::Cow;

use arrow_buffer::ScalarBuffer;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use staysafe::definition::dataset::{Field, Missing};
use staysafe::value::Datum;

use super::builder::Builder;
use super::lanes::{Lanes, Run, Values};
use super::standing::{BLANK, BLANK_NO, KNOWN, is_blank};
use super::words::{NO_WORD, Words};

/// The values of a column.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    Truth,
    Days(ScalarBuffer<i32>),
    Whole(ScalarBuffer<i64>),
    Decimal(Vec<Decimal>),
    Words(ScalarBuffer<u32>),
}

/// A column: its values, how each stands, and which of them a supplier hides.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) cells: Cells,
    /// `None`: all are known.
    pub(crate) standing: Option<ScalarBuffer<u8>>,
    /// Rows whose value is there and hidden by whoever supplied it, in order.
    pub(crate) hidden: Vec<u32>,
}

/// The day as a number, and back.
pub(crate) fn number_of(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

pub(crate) fn day_of(number: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(number)
}

/// How a blank of a field stands.
pub(crate) fn blank(missing: Missing) -> u8 {
    if missing == Missing::No { BLANK_NO } else { BLANK }
}

impl Column {
    /// A column of one field, record by record.
    pub(crate) fn new<'d>(field: &Field, data: impl Iterator<Item = &'d Datum>, words: &mut Words) -> Self {
        let mut made = Builder::new(field.ty.value, blank(field.missing));
        for datum in data {
            made.push(datum, words);
        }
        made.finish()
    }

    fn rows(&self) -> usize {
        let standing = self.standing.as_ref().map(ScalarBuffer::len);
        match &self.cells {
            Cells::Truth => standing.unwrap_or_default(),
            Cells::Days(days) => days.len(),
            Cells::Whole(numbers) => numbers.len(),
            Cells::Decimal(numbers) => numbers.len(),
            Cells::Words(words) => words.len(),
        }
    }

    /// How a value stands.
    #[inline]
    pub(crate) fn standing(&self, row: usize) -> u8 {
        self.standing.as_ref().map_or(KNOWN, |standing| standing.get(row).copied().unwrap_or(BLANK))
    }

    #[inline]
    pub(crate) fn is_known(&self, row: usize) -> bool {
        let standing = self.standing(row);
        standing == KNOWN || (standing < BLANK && matches!(self.cells, Cells::Truth))
    }

    pub(crate) fn is_hidden(&self, row: u32) -> bool {
        self.hidden.binary_search(&row).is_ok()
    }

    /// The day that is known.
    #[inline]
    pub(crate) fn day(&self, row: usize) -> Option<i32> {
        match &self.cells {
            Cells::Days(days) if self.standing(row) == KNOWN => days.get(row).copied(),
            _ => None,
        }
    }

    /// The values of rows side by side.
    pub(crate) fn slice(&self, rows: std::ops::Range<usize>) -> Lanes<'_> {
        fn part<'f, T: Copy>(all: &'f [T], rows: &std::ops::Range<usize>) -> Run<'f, T> {
            Run::Each(Cow::Borrowed(all.get(rows.clone()).unwrap_or_default()))
        }
        let values = match &self.cells {
            Cells::Truth => Values::Truth,
            Cells::Days(days) => Values::Days(part(days, &rows)),
            Cells::Whole(numbers) => Values::Whole(part(numbers, &rows)),
            Cells::Decimal(numbers) => Values::Decimal(part(numbers, &rows)),
            Cells::Words(words) => Values::Words(part(words, &rows)),
        };
        let standing = self.standing.as_ref().map_or(Run::Same(KNOWN), |all| part(all, &rows));
        Lanes { values, standing }
    }

    /// The values of some rows.
    pub(crate) fn take(&self, rows: &[u32]) -> Lanes<'static> {
        self.slice(0..self.rows()).take(rows)
    }

    /// A column of the values of some rows.
    pub(crate) fn pick(&self, rows: &[u32]) -> Self {
        let hidden =
            |(at, row): (usize, &u32)| self.is_hidden(*row).then(|| u32::try_from(at).ok()).flatten();
        let hidden = if self.hidden.is_empty() {
            Vec::new()
        } else {
            rows.iter().enumerate().filter_map(hidden).collect()
        };
        Self { hidden, ..Self::of(self.take(rows), rows.len()) }
    }

    /// The same column where a blank stands otherwise.
    pub(crate) fn with_blanks(mut self, blank: u8) -> Self {
        self.standing = self.standing.map(|all| {
            let each = all.iter().map(|standing| if is_blank(*standing) { blank } else { *standing });
            each.collect::<Vec<_>>().into()
        });
        self
    }

    /// The same column where texts have other numbers.
    pub(crate) fn in_other_words(&self, own: &Words, others: &mut Words) -> Self {
        let Cells::Words(texts) = &self.cells else { return self.clone() };
        let mut known: Vec<u32> = Vec::new();
        let mut other = |text: &u32| {
            let at = usize::try_from(*text).unwrap_or(usize::MAX);
            if *text == NO_WORD {
                return NO_WORD;
            }
            if known.len() <= at {
                known.resize(at + 1, NO_WORD);
            }
            match known.get_mut(at) {
                Some(known) if *known != NO_WORD => *known,
                Some(known) => {
                    *known = others.number_of(own.text(*text));
                    *known
                }
                None => NO_WORD,
            }
        };
        let cells = Cells::Words(texts.iter().map(&mut other).collect::<Vec<_>>().into());
        Self { cells, standing: self.standing.clone(), hidden: self.hidden.clone() }
    }

    /// A column of lanes.
    pub(crate) fn of(lanes: Lanes<'_>, rows: usize) -> Self {
        /// Values of so many lanes: those that were made for them are not copied.
        fn all<T: Copy>(run: Run<'_, T>, rows: usize) -> Vec<T> {
            match run {
                Run::Each(values) if values.len() == rows => values.into_owned(),
                other => other.iter(rows).collect(),
            }
        }
        let cells = match lanes.values {
            Values::Truth | Values::Nothing => Cells::Truth,
            Values::Days(run) => Cells::Days(all(run, rows).into()),
            Values::Whole(run) => Cells::Whole(all(run, rows).into()),
            Values::Decimal(run) => Cells::Decimal(all(run, rows)),
            Values::Words(run) => Cells::Words(all(run, rows).into()),
        };
        let all_known = matches!(lanes.standing, Run::Same(KNOWN)) && !matches!(cells, Cells::Truth);
        let standing = (!all_known).then(|| all(lanes.standing, rows).into());
        Self { cells, standing, hidden: Vec::new() }
    }
}
