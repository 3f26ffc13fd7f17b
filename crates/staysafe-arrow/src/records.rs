//! Batches as plain records.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::record::{Lost, Reject, Row};
use staysafe::value::{Datum, Type, Value};

use crate::bind::{Binding, BoundField};

/// A batch as records, with a reject for each value that is not a value of its field.
///
/// Rows are numbered on from `first_row` (counted from 1), so that batches of one table keep their places.
/// A rejected value's record is kept, with its field marked rejected.
///
/// # Errors
/// A batch whose columns are not those it was bound by.
pub fn records(
    name: &str,
    batch: &RecordBatch,
    binding: &Binding,
    first_row: u32,
) -> Result<(Vec<Row>, Vec<Reject>), ArrowError> {
    let mut rows: Vec<Row> = (0..batch.num_rows())
        .map(|number| Row {
            values: Vec::with_capacity(binding.fields.len()),
            origin: first_row.saturating_add(u32::try_from(number).unwrap_or(u32::MAX)),
        })
        .collect();
    let mut rejects = Vec::new();
    for field in &binding.fields {
        let Some(column) = batch.columns().get(field.column) else {
            return Err(ArrowError::SchemaError(format!("the batch has no column for '{}'", field.name)));
        };
        let plain = plain(column)?;
        for (number, row) in rows.iter_mut().enumerate() {
            row.values.push(match entry(&plain, number, field.ty) {
                Entry::Missing => Datum::Missing,
                Entry::Value(value) => Datum::Known(value),
                Entry::Wrong { value, why } => {
                    rejects.push(reject(name, binding, field, row.origin, value, why));
                    Datum::Rejected
                }
            });
        }
    }
    rejects.sort_by(|a, b| (a.record, &a.element).cmp(&(b.record, &b.element)));
    Ok((rows, rejects))
}

/// What stands in one place of a column.
enum Entry {
    Missing,
    Value(Value),
    Wrong { value: String, why: String },
}

fn reject(name: &str, binding: &Binding, field: &BoundField, row: u32, value: String, why: String) -> Reject {
    Reject {
        name: name.to_owned(),
        record: row,
        line: None,
        dataset: Some(binding.dataset.clone()),
        element: field.name.to_string(),
        value,
        personal: field.personal,
        code: "wrong-value".to_owned(),
        message: why,
        lost: Lost::Value,
        codes: None,
        times: 1,
    }
}

/// Dictionaries unpacked, and the many widths of one kind made one.
fn plain(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Dictionary(_, values) => plain(&arrow_cast::cast(column, values)?),
        DataType::LargeUtf8 | DataType::Utf8View => arrow_cast::cast(column, &DataType::Utf8),
        _ => Ok(column.clone()),
    }
}

fn entry(column: &ArrayRef, at: usize, wanted: Type) -> Entry {
    if column.is_null(at) || column.data_type() == &DataType::Null {
        return Entry::Missing;
    }
    match column.data_type() {
        DataType::Boolean => Entry::Value(Value::Bool(column.as_boolean().value(at))),
        DataType::Utf8 => text(column.as_string::<i32>().value(at), wanted),
        DataType::Date32 => day(i64::from(column.as_primitive::<Date32Type>().value(at)), 0, 1),
        DataType::Date64 => whole_day(column.as_primitive::<Date64Type>().value(at), 86_400_000),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => whole_day(column.as_primitive::<TimestampSecondType>().value(at), 86_400),
            TimeUnit::Millisecond => {
                whole_day(column.as_primitive::<TimestampMillisecondType>().value(at), 86_400_000)
            }
            TimeUnit::Microsecond => {
                whole_day(column.as_primitive::<TimestampMicrosecondType>().value(at), 86_400_000_000)
            }
            TimeUnit::Nanosecond => {
                whole_day(column.as_primitive::<TimestampNanosecondType>().value(at), 86_400_000_000_000)
            }
        },
        DataType::Float32 => float(f64::from(column.as_primitive::<Float32Type>().value(at)), wanted),
        DataType::Float64 => float(column.as_primitive::<Float64Type>().value(at), wanted),
        DataType::Decimal128(_, scale) => {
            decimal(column.as_primitive::<Decimal128Type>().value(at), *scale, wanted)
        }
        _ => integer(column, at),
    }
}

fn integer(column: &ArrayRef, at: usize) -> Entry {
    let value = match column.data_type() {
        DataType::Int8 => i64::from(column.as_primitive::<Int8Type>().value(at)),
        DataType::Int16 => i64::from(column.as_primitive::<Int16Type>().value(at)),
        DataType::Int32 => i64::from(column.as_primitive::<Int32Type>().value(at)),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(at),
        DataType::UInt8 => i64::from(column.as_primitive::<UInt8Type>().value(at)),
        DataType::UInt16 => i64::from(column.as_primitive::<UInt16Type>().value(at)),
        DataType::UInt32 => i64::from(column.as_primitive::<UInt32Type>().value(at)),
        DataType::UInt64 => {
            let value = column.as_primitive::<UInt64Type>().value(at);
            let Ok(value) = i64::try_from(value) else {
                return wrong(value, "the number is larger than 9223372036854775807");
            };
            value
        }
        other => return wrong(format!("<{other}>"), "columns of this kind are not read"),
    };
    Entry::Value(Value::Int(value))
}

fn text(value: &str, wanted: Type) -> Entry {
    if wanted != Type::Date {
        return Entry::Value(Value::Text(value.into()));
    }
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let iso = match value.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    };
    match value.parse::<NaiveDate>() {
        Ok(date) if iso => Entry::Value(Value::Date(date)),
        _ => wrong(value, "dates as text are written 2010-04-01; parse them before, or give a date column"),
    }
}

fn whole_day(value: i64, units_a_day: i64) -> Entry {
    let (days, rest) = (value.div_euclid(units_a_day), value.rem_euclid(units_a_day));
    day(days, rest, units_a_day)
}

/// A day counted from 1 January 1970, with nothing left over.
fn day(days: i64, rest: i64, units_a_day: i64) -> Entry {
    let epoch = NaiveDate::default();
    let date = match u64::try_from(days) {
        Ok(days) => epoch.checked_add_days(Days::new(days)),
        Err(_) => epoch.checked_sub_days(Days::new(days.unsigned_abs())),
    };
    match date {
        Some(date) if rest == 0 => Entry::Value(Value::Date(date)),
        Some(date) => {
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
fn float(value: f64, wanted: Type) -> Entry {
    /// Up to here every whole number is a double of its own: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.is_nan() {
        return wrong(value, "not a number: leave blanks null");
    }
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Entry::Value(Value::Int(value as i64));
    }
    if wanted == Type::Int {
        return wrong(value, "a whole number is due");
    }
    wrong(value, "decimals are exact: give a decimal column, not a float")
}

fn decimal(value: i128, scale: i8, wanted: Type) -> Entry {
    if wanted == Type::Int {
        return i64::try_from(value).map_or_else(
            |_| wrong(value, "the number does not fit"),
            |value| Entry::Value(Value::Int(value)),
        );
    }
    match u32::try_from(scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(value, scale).ok()) {
        Some(value) => Entry::Value(Value::Decimal(value)),
        None => wrong(value, "the number does not fit"),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "texts and numbers alike")]
fn wrong(value: impl ToString, why: &str) -> Entry {
    Entry::Wrong { value: value.to_string(), why: why.to_owned() }
}

/// Takes out records with nothing in a field that may not be blank, each with a reject.
///
/// `name` is what the caller calls the table's return.
pub fn without_blanks(
    name: &str,
    dataset: &Dataset,
    binding: &Binding,
    rows: &mut Vec<Row>,
    rejects: &mut Vec<Reject>,
) {
    let due =
        |field: &str| dataset.fields.iter().any(|f| f.name.value == field && f.missing == Missing::Error);
    for (at, field) in binding.fields.iter().enumerate().filter(|(_, field)| due(&field.name)) {
        rows.retain(|row| match row.values.get(at) {
            Some(Datum::Known(_) | Datum::Suppressed) => true,
            Some(Datum::Rejected) => {
                let same = |reject: &&mut Reject| {
                    reject.record == row.origin
                        && reject.element == *field.name
                        && reject.dataset.as_deref() == Some(binding.dataset.as_str())
                };
                if let Some(reject) = rejects.iter_mut().find(same) {
                    reject.lost = Lost::Record;
                }
                false
            }
            Some(Datum::Missing) | None => {
                rejects.push(Reject {
                    name: name.to_owned(),
                    record: row.origin,
                    line: None,
                    dataset: Some(binding.dataset.clone()),
                    element: field.name.to_string(),
                    value: String::new(),
                    personal: field.personal,
                    code: "blank".to_owned(),
                    message: "this may not be blank; the record is left out".to_owned(),
                    codes: None,
                    lost: Lost::Record,
                    times: 1,
                });
                false
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::StringDictionaryBuilder;
    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int16Array, LargeStringArray,
        RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, UInt64Array, types,
    };
    use proptest::prelude::*;
    use staysafe::definition::read::read;

    use super::*;
    use crate::bind;

    const CASES: &str = r#"
id = "cases"
title = "C"
carried_by = "cases"
holder = "h"
area = "given"
field = [
  { name = "opened", type = "date" },
  { name = "team", type = "text" },
  { name = "score", type = "whole number" },
  { name = "share", type = "number" },
  { name = "yes", type = "yes/no" },
]
"#;

    fn taken(name: &str, column: ArrayRef) -> (Vec<Datum>, Vec<Reject>) {
        let batch = RecordBatch::try_from_iter([(name, column)]).unwrap();
        let (framework, _) = read([("datasets/cases.toml", CASES)]);
        let binding = bind(batch.schema_ref(), &framework.datasets["cases"]).unwrap();
        let (rows, rejects) = records("t", &batch, &binding, 1).unwrap();
        (rows.into_iter().map(|row| row.values[0].clone()).collect(), rejects)
    }

    fn date(text: &str) -> Datum {
        Datum::Known(Value::Date(text.parse().unwrap()))
    }

    fn word(text: &str) -> Datum {
        Datum::Known(Value::Text(text.into()))
    }

    #[test]
    fn text_of_every_layout_is_text() {
        let mut dictionary = StringDictionaryBuilder::<types::Int8Type>::new();
        dictionary.append_value("a");
        dictionary.append_null();
        let columns: [ArrayRef; 4] = [
            Arc::new(StringArray::from(vec![Some("a"), None])),
            Arc::new(LargeStringArray::from(vec![Some("a"), None])),
            Arc::new(StringViewArray::from(vec![Some("a"), None])),
            Arc::new(dictionary.finish()),
        ];
        for column in columns {
            assert_eq!(taken("team", column).0, [word("a"), Datum::Missing]);
        }
    }

    #[test]
    fn days_are_days_and_a_time_of_day_is_a_reject() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![14_700, -1]));
        assert_eq!(taken("opened", days).0, [date("2010-04-01"), date("1969-12-31")]);
        let day = 14_700 * 86_400_000_000_i64;
        let stamps: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![day, day + 3_600_000_000]));
        let (values, rejects) = taken("opened", stamps);
        assert_eq!(values, [date("2010-04-01"), Datum::Rejected]);
        assert_eq!((rejects[0].record, rejects[0].value.as_str()), (2, "2010-04-01 01:00:00"));
        let texts: ArrayRef =
            Arc::new(StringArray::from(vec!["2010-04-01", "01/04/2010", "2010-4-1", "2010-02-30"]));
        let (values, rejects) = taken("opened", texts);
        assert_eq!(values, [date("2010-04-01"), Datum::Rejected, Datum::Rejected, Datum::Rejected]);
        assert_eq!(rejects.len(), 3, "neither the day first, nor without noughts, nor a day that is none");
    }

    #[test]
    fn numbers_are_whole_or_exact_or_rejected() {
        let doubles: ArrayRef =
            Arc::new(Float64Array::from(vec![Some(3.0), Some(1.5), Some(f64::NAN), None]));
        let (values, rejects) = taken("score", doubles);
        assert_eq!(values, [Datum::Known(Value::Int(3)), Datum::Rejected, Datum::Rejected, Datum::Missing]);
        assert_eq!(rejects[0].message, "a whole number is due");
        let wide: ArrayRef = Arc::new(UInt64Array::from(vec![7, u64::MAX]));
        assert_eq!(taken("score", wide).0, [Datum::Known(Value::Int(7)), Datum::Rejected]);
        let exact = Decimal128Array::from(vec![125]).with_precision_and_scale(5, 2).unwrap();
        assert_eq!(taken("share", Arc::new(exact)).0, [Datum::Known(Value::Decimal(Decimal::new(125, 2)))]);
        let yes: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None]));
        assert_eq!(taken("yes", yes).0, [Datum::Known(Value::Bool(true)), Datum::Missing]);
    }

    #[test]
    fn a_column_that_cannot_hold_its_field_is_refused() {
        let (framework, _) = read([("datasets/cases.toml", CASES)]);
        let numbers: ArrayRef = Arc::new(Int16Array::from(vec![1]));
        let batch = RecordBatch::try_from_iter([("team", numbers)]).unwrap();
        let error = bind(batch.schema_ref(), &framework.datasets["cases"]).unwrap_err();
        assert_eq!(error.to_string(), "the column 'team' of 'cases' holds Int16; the field is a text");
    }

    proptest! {
        #[test]
        fn known_and_missing_values_survive(values in proptest::collection::vec(proptest::option::of(any::<i64>()), 0..40)) {
            let column: ArrayRef = Arc::new(arrow_array::Int64Array::from(values.clone()));
            let (taken, rejects) = taken("score", column);
            let wanted: Vec<Datum> = values.into_iter().map(|v| v.map_or(Datum::Missing, |v| Datum::Known(Value::Int(v)))).collect();
            prop_assert!(rejects.is_empty());
            prop_assert_eq!(taken, wanted);
        }
    }
}
