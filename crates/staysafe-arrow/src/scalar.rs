//! What a value of a table means: the one place where it becomes a value of its field, or is wrong.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, StringArray, downcast_dictionary_array};
use arrow_buffer::ArrowNativeType;
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, TimeUnit};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use staysafe::value::Type;

/// What stands in one place of a column.
pub(crate) enum Found<W> {
    Missing,
    Truth(bool),
    /// A day, counted from 1 January of year 1, which is 1.
    Day(i32),
    Whole(i64),
    Decimal(Decimal),
    Text(W),
    Wrong(Box<Wrong>),
}

/// What is no value of its field, and why.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) value: String,
    pub(crate) why: &'static str,
}

/// Who takes the values of a column in, one after the other.
pub(crate) trait Taker {
    /// A text as it is kept.
    type Word: Clone;

    /// Asked once for each text; of a dictionary, once for each entry that stands anywhere.
    fn word(&mut self, text: &str) -> Self::Word;

    fn take(&mut self, found: Found<Self::Word>);
}

/// Reads a column whose values are those of a field of this type.
///
/// # Errors
/// A dictionary whose entries Arrow cannot put in place.
pub(crate) fn read<T: Taker>(column: &dyn Array, wanted: Type, to: &mut T) -> Result<(), ArrowError> {
    match column.data_type() {
        DataType::Null => (0..column.len()).for_each(|_| to.take(Found::Missing)),
        DataType::Boolean => each(column.as_boolean(), to, |_, yes| Found::Truth(yes)),
        DataType::Utf8 => texts(column.as_string::<i32>(), wanted, to),
        DataType::LargeUtf8 => texts(column.as_string::<i64>(), wanted, to),
        DataType::Utf8View => texts(column.as_string_view(), wanted, to),
        DataType::Dictionary(_, values) if is_text(values) && wanted != Type::Date => coded(column, to)?,
        DataType::Dictionary(_, values) => read(&cast(column, values)?, wanted, to)?,
        DataType::Date32 => each(column.as_primitive::<Date32Type>(), to, |_, days| day(days.into(), 0, 1)),
        DataType::Date64 => stamps::<Date64Type, T>(column, 86_400_000, to),
        DataType::Timestamp(TimeUnit::Second, _) => stamps::<TimestampSecondType, T>(column, 86_400, to),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            stamps::<TimestampMillisecondType, T>(column, 86_400_000, to);
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            stamps::<TimestampMicrosecondType, T>(column, 86_400_000_000, to);
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            stamps::<TimestampNanosecondType, T>(column, 86_400_000_000_000, to);
        }
        DataType::Int8 => integers::<Int8Type, T>(column, to),
        DataType::Int16 => integers::<Int16Type, T>(column, to),
        DataType::Int32 => integers::<Int32Type, T>(column, to),
        DataType::Int64 => integers::<Int64Type, T>(column, to),
        DataType::UInt8 => integers::<UInt8Type, T>(column, to),
        DataType::UInt16 => integers::<UInt16Type, T>(column, to),
        DataType::UInt32 => integers::<UInt32Type, T>(column, to),
        DataType::UInt64 => each(column.as_primitive::<UInt64Type>(), to, |_, value| {
            i64::try_from(value)
                .map_or_else(|_| wrong(value, "the number is larger than 9223372036854775807"), Found::Whole)
        }),
        DataType::Float32 => {
            each(column.as_primitive::<Float32Type>(), to, |_, value| float(value.into(), wanted));
        }
        DataType::Float64 => each(column.as_primitive::<Float64Type>(), to, |_, value| float(value, wanted)),
        DataType::Decimal128(_, scale) => {
            each(column.as_primitive::<Decimal128Type>(), to, |_, value| decimal(value, *scale, wanted));
        }
        other => {
            for at in 0..column.len() {
                let kind = || wrong(format!("<{other}>"), "columns of this kind are not read");
                to.take(if column.is_null(at) { Found::Missing } else { kind() });
            }
        }
    }
    Ok(())
}

/// Each value of a column of one kind.
#[allow(clippy::needless_pass_by_value, reason = "the accessors are references already")]
fn each<A: ArrayAccessor, T: Taker>(
    column: A,
    to: &mut T,
    mut found: impl FnMut(&mut T, A::Item) -> Found<T::Word>,
) {
    let is_whole = column.null_count() == 0;
    for at in 0..column.len() {
        let found =
            if is_whole || column.is_valid(at) { found(to, column.value(at)) } else { Found::Missing };
        to.take(found);
    }
}

fn integers<P: ArrowPrimitiveType<Native: Into<i64>>, T: Taker>(column: &dyn Array, to: &mut T) {
    each(column.as_primitive::<P>(), to, |_, value| Found::Whole(value.into()));
}

fn stamps<P: ArrowPrimitiveType<Native = i64>, T: Taker>(column: &dyn Array, units_a_day: i64, to: &mut T) {
    each(column.as_primitive::<P>(), to, |_, value| {
        day(value.div_euclid(units_a_day), value.rem_euclid(units_a_day), units_a_day)
    });
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn texts<'t, A: ArrayAccessor<Item = &'t str>, T: Taker>(column: A, wanted: Type, to: &mut T) {
    if wanted == Type::Date {
        each(column, to, |_, text| date(text));
    } else {
        each(column, to, |to, text| Found::Text(to.word(text)));
    }
}

/// Texts that a dictionary numbers.
fn coded<T: Taker>(column: &dyn Array, to: &mut T) -> Result<(), ArrowError> {
    downcast_dictionary_array!(
        column => {
            let entries = cast(column.values(), &DataType::Utf8)?;
            let entries: &StringArray = entries.as_string::<i32>();
            let mut known: Vec<Option<T::Word>> = vec![None; entries.len()];
            each(column.keys(), to, |to, key| {
                let at = key.as_usize();
                match known.get_mut(at) {
                    Some(word) if entries.is_valid(at) => {
                        Found::Text(word.get_or_insert_with(|| to.word(entries.value(at))).clone())
                    }
                    _ => Found::Missing,
                }
            });
            Ok(())
        },
        other => Err(ArrowError::SchemaError(format!("{other} is no dictionary"))),
    )
}

/// The day that a text names.
fn date<W>(value: &str) -> Found<W> {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = value.split('-');
    let iso = [4, 2, 2].iter().all(|count| parts.next().is_some_and(|part| digits(part, *count)))
        && parts.next().is_none();
    match value.parse::<NaiveDate>() {
        Ok(date) if iso => Found::Day(date.num_days_from_ce()),
        _ => wrong(value, "dates as text are written 2010-04-01; parse them before, or give a date column"),
    }
}

/// A day counted from 1 January 1970, with nothing left over.
fn day<W>(days: i64, rest: i64, units_a_day: i64) -> Found<W> {
    /// 1 January 1970.
    const EPOCH: i64 = 719_163;
    let inside =
        |day: &i32| (NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce()).contains(day);
    let number = days.checked_add(EPOCH).and_then(|day| i32::try_from(day).ok()).filter(inside);
    match number {
        Some(number) if rest == 0 => Found::Day(number),
        Some(number) => {
            let date = NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default();
            let seconds = i128::from(rest) * 86_400 / i128::from(units_a_day);
            let clock = format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
            wrong(clock, "a day is due, and this has a time of day; make it a date before")
        }
        None => wrong(days, "the date lies outside the calendar"),
    }
}

/// Numbers that tables with blanks keep as doubles (pandas does): taken where they are whole.
#[allow(clippy::float_cmp, reason = "a double is whole exactly when its fraction is 0")]
#[allow(clippy::cast_possible_truncation, reason = "bounded just before")]
fn float<W>(value: f64, wanted: Type) -> Found<W> {
    /// Up to here every whole number is a double of its own: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.is_nan() {
        return wrong(value, "not a number: leave blanks null");
    }
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Found::Whole(value as i64);
    }
    if wanted == Type::Int {
        return wrong(value, "a whole number is due");
    }
    wrong(value, "decimals are exact: give a decimal column, not a float")
}

fn decimal<W>(value: i128, scale: i8, wanted: Type) -> Found<W> {
    if wanted == Type::Int {
        return i64::try_from(value).map_or_else(|_| wrong(value, "the number does not fit"), Found::Whole);
    }
    match u32::try_from(scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(value, scale).ok()) {
        Some(value) => Found::Decimal(value),
        None => wrong(value, "the number does not fit"),
    }
}

#[cold]
#[allow(clippy::needless_pass_by_value, reason = "texts and numbers alike")]
fn wrong<W>(value: impl ToString, why: &'static str) -> Found<W> {
    Found::Wrong(Box::new(Wrong { value: value.to_string(), why }))
}
