//! A column while its values come in: one by one from records, or whole from tables of Arrow.

use arrow_array::Array;
use arrow_schema::ArrowError;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use staysafe::record::Entry;
use staysafe::value::{Datum, Type, Value};

use super::column::{Cells, Column, number_of};
use super::standing::{BLANK, BLANK_NO, KNOWN, NO, UNKNOWN, YES, yes_no};
use super::words::{NO_WORD, Words};
use crate::scalar::{Found, Taker, Wrong, read};

/// A column while its values come in.
#[derive(Debug)]
pub(crate) struct Builder {
    ty: Type,
    /// How a blank stands.
    blank: u8,
    cells: Growing,
    standing: Vec<u8>,
    hidden: Vec<u32>,
    /// Whether the numbers that came in last were whole ones.
    whole: bool,
}

#[derive(Debug)]
enum Growing {
    Truth,
    Days(Vec<i32>),
    Whole(Vec<i64>),
    Decimal(Vec<Decimal>),
    Words(Vec<u32>),
}

impl Builder {
    pub(crate) fn new(ty: Type, blank: u8) -> Self {
        let cells = match ty {
            Type::Bool => Growing::Truth,
            Type::Date => Growing::Days(Vec::new()),
            Type::Int => Growing::Whole(Vec::new()),
            Type::Decimal => Growing::Decimal(Vec::new()),
            Type::Text => Growing::Words(Vec::new()),
        };
        Self { ty, blank, cells, standing: Vec::new(), hidden: Vec::new(), whole: false }
    }

    /// One value more.
    pub(crate) fn push(&mut self, datum: &Datum, words: &mut Words) {
        let value = match datum {
            Datum::Known(value) => Some(value),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        };
        if *datum == Datum::Suppressed {
            self.hidden.extend(u32::try_from(self.standing.len()));
        }
        let mut standing = match datum {
            Datum::Known(_) => KNOWN,
            Datum::Missing => self.blank,
            Datum::Rejected | Datum::Suppressed => UNKNOWN,
        };
        match (&mut self.cells, value) {
            (Growing::Truth, Some(Value::Bool(yes))) => standing = yes_no(*yes),
            (Growing::Truth, _) => {}
            (Growing::Days(days), Some(Value::Date(day))) => days.push(number_of(*day)),
            (Growing::Days(days), _) => days.push(0),
            (Growing::Whole(numbers), Some(Value::Int(number))) => numbers.push(*number),
            (Growing::Whole(numbers), _) => numbers.push(0),
            (Growing::Decimal(numbers), Some(Value::Decimal(number))) => numbers.push(*number),
            (Growing::Decimal(numbers), Some(Value::Int(number))) => numbers.push(Decimal::from(*number)),
            (Growing::Decimal(numbers), _) => numbers.push(Decimal::ZERO),
            (Growing::Words(texts), Some(Value::Text(text))) => texts.push(words.number(text)),
            (Growing::Words(texts), _) => texts.push(NO_WORD),
        }
        self.standing.push(standing);
    }

    /// The values of a column of Arrow more; gives what is wrong, by its place in that column.
    pub(crate) fn extend(
        &mut self,
        column: &dyn Array,
        words: &mut Words,
    ) -> Result<Vec<(usize, Wrong)>, ArrowError> {
        let whole = &mut self.whole;
        self.standing.reserve(column.len());
        let onto = (&mut self.standing, self.blank, words);
        match &mut self.cells {
            Growing::Truth => onto_with(onto, column, self.ty, &mut Vec::new(), (), |found| match found {
                Found::Truth(yes) => Some(((), yes_no(yes))),
                _ => None,
            }),
            Growing::Days(days) => onto_with(onto, column, self.ty, days, 0, |found| match found {
                Found::Day(day) => Some((day, KNOWN)),
                _ => None,
            }),
            Growing::Whole(numbers) => onto_with(onto, column, self.ty, numbers, 0, |found| match found {
                Found::Whole(number) => Some((number, KNOWN)),
                _ => None,
            }),
            Growing::Decimal(numbers) => {
                onto_with(onto, column, self.ty, numbers, Decimal::ZERO, |found| match found {
                    Found::Whole(number) => {
                        *whole = true;
                        Some((Decimal::from(number), KNOWN))
                    }
                    Found::Decimal(number) => {
                        *whole = false;
                        Some((number, KNOWN))
                    }
                    _ => None,
                })
            }
            Growing::Words(texts) => onto_with(onto, column, self.ty, texts, NO_WORD, |found| match found {
                Found::Text(text) => Some((text, KNOWN)),
                _ => None,
            }),
        }
    }

    /// Whether the numbers that came in last were whole ones.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// How a value stands that came in.
    pub(crate) fn standing(&self, row: usize) -> u8 {
        self.standing.get(row).copied().unwrap_or(BLANK)
    }

    /// What stands in a row of those that came in last.
    pub(crate) fn entry<'w>(&self, row: usize, words: &'w Words) -> Entry<'w> {
        let known = match (&self.cells, self.standing(row)) {
            (_, BLANK | BLANK_NO) => return Entry::Missing,
            (Growing::Truth, YES) => Some(Entry::Bool(true)),
            (Growing::Truth, NO) => Some(Entry::Bool(false)),
            (Growing::Days(days), KNOWN) => days.get(row).copied().map(Entry::Date),
            (Growing::Whole(numbers), KNOWN) => numbers.get(row).copied().map(Entry::Int),
            (Growing::Decimal(numbers), KNOWN) if self.whole => {
                numbers.get(row).and_then(ToPrimitive::to_i64).map(Entry::Int)
            }
            (Growing::Decimal(numbers), KNOWN) => numbers.get(row).copied().map(Entry::Decimal),
            (Growing::Words(texts), KNOWN) => texts.get(row).map(|text| Entry::Text(words.text(*text))),
            _ => None,
        };
        known.unwrap_or(Entry::Rejected)
    }

    /// Takes out the rows from `first` on that are not kept.
    pub(crate) fn keep(&mut self, first: usize, kept: &[bool]) {
        match &mut self.cells {
            Growing::Truth => {}
            Growing::Days(days) => keep(days, first, kept),
            Growing::Whole(numbers) => keep(numbers, first, kept),
            Growing::Decimal(numbers) => keep(numbers, first, kept),
            Growing::Words(texts) => keep(texts, first, kept),
        }
        keep(&mut self.standing, first, kept);
    }

    pub(crate) fn finish(self) -> Column {
        let cells = match self.cells {
            Growing::Truth => Cells::Truth,
            Growing::Days(days) => Cells::Days(fitting(days).into()),
            Growing::Whole(numbers) => Cells::Whole(fitting(numbers).into()),
            Growing::Decimal(numbers) => Cells::Decimal(fitting(numbers)),
            Growing::Words(texts) => Cells::Words(fitting(texts).into()),
        };
        let all_known = self.standing.iter().all(|standing| *standing == KNOWN);
        let needed = !all_known || matches!(cells, Cells::Truth);
        Column { cells, standing: needed.then(|| fitting(self.standing).into()), hidden: self.hidden }
    }
}

/// Without the room that was left to grow in.
fn fitting<T>(mut all: Vec<T>) -> Vec<T> {
    all.shrink_to_fit();
    all
}

fn keep<T>(all: &mut Vec<T>, first: usize, kept: &[bool]) {
    let last = all.split_off(first.min(all.len()));
    all.extend(last.into_iter().zip(kept).filter_map(|(value, kept)| kept.then_some(value)));
}

/// Values of one type while a column is read.
struct Onto<'b, V, F> {
    values: &'b mut Vec<V>,
    nothing: V,
    known: F,
    standing: &'b mut Vec<u8>,
    blank: u8,
    words: &'b mut Words,
    /// How many values came.
    came: usize,
    wrong: Vec<(usize, Wrong)>,
}

impl<V: Copy, F: FnMut(Found<u32>) -> Option<(V, u8)>> Taker for Onto<'_, V, F> {
    type Word = u32;

    fn word(&mut self, text: &str) -> u32 {
        self.words.number_of(text)
    }

    #[inline]
    fn take(&mut self, found: Found<u32>) {
        let (value, standing) = match found {
            Found::Missing => (self.nothing, self.blank),
            Found::Wrong(wrong) => {
                self.wrong.push((self.came, *wrong));
                (self.nothing, UNKNOWN)
            }
            // A binding lets no column in whose values are of another type.
            known => (self.known)(known).unwrap_or((self.nothing, UNKNOWN)),
        };
        self.values.push(value);
        self.standing.push(standing);
        self.came += 1;
    }
}

fn onto_with<V: Copy>(
    (standing, blank, words): (&mut Vec<u8>, u8, &mut Words),
    column: &dyn Array,
    ty: Type,
    values: &mut Vec<V>,
    nothing: V,
    known: impl FnMut(Found<u32>) -> Option<(V, u8)>,
) -> Result<Vec<(usize, Wrong)>, ArrowError> {
    values.reserve(column.len());
    let mut onto = Onto { values, nothing, known, standing, blank, words, came: 0, wrong: Vec::new() };
    read(column, ty, &mut onto)?;
    Ok(onto.wrong)
}
