//! Columns of the library's own tables, and of records.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use chrono::NaiveDate;
use staysafe::value::{Datum, Type, Value};

/// A named column.
pub(crate) type Column = (&'static str, ArrayRef);

/// A column of text.
pub(crate) fn text<S: Into<String>>(
    name: &'static str,
    values: impl IntoIterator<Item = Option<S>>,
) -> Column {
    let values = values.into_iter().map(|value| value.map(Into::into));
    (name, Arc::new(values.collect::<StringArray>()))
}

/// A column of whole numbers from 0.
pub(crate) fn count(name: &'static str, values: impl IntoIterator<Item = Option<u64>>) -> Column {
    (name, Arc::new(values.into_iter().collect::<UInt64Array>()))
}

/// A column of numbers.
pub(crate) fn number(name: &'static str, values: impl IntoIterator<Item = Option<f64>>) -> Column {
    (name, Arc::new(values.into_iter().collect::<Float64Array>()))
}

/// A column of yes and no.
pub(crate) fn flag(name: &'static str, values: impl IntoIterator<Item = Option<bool>>) -> Column {
    (name, Arc::new(values.into_iter().collect::<BooleanArray>()))
}

/// A column of days.
pub(crate) fn day(name: &'static str, values: impl IntoIterator<Item = Option<NaiveDate>>) -> Column {
    let days = values.into_iter().map(|value| value.map(since_1970));
    (name, Arc::new(days.collect::<Date32Array>()))
}

/// Columns as a table; every one of them may be null.
pub(crate) fn table<N: AsRef<str>>(columns: Vec<(N, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
}

/// Columns of records under their fields' names; what is missing and what was rejected are both null.
pub(crate) fn records(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns.into_iter().map(|(_, column)| column).collect(),
    )
}

/// The values of one field, of the type that its dataset declares.
pub(crate) fn values<'a>(
    ty: Type,
    of: impl Iterator<Item = Option<&'a Datum>>,
) -> Result<ArrayRef, ArrowError> {
    let known = of.map(|datum| match datum {
        Some(Datum::Known(value)) => Some(value),
        _ => None,
    });
    let unlike = |value: &Value| ArrowError::CastError(format!("a {} where a {ty} is due", value.ty()));
    macro_rules! of_type {
        ($array:ty, $value:pat => $read:expr) => {
            Arc::new(
                known
                    .map(|value| match value {
                        None => Ok(None),
                        Some($value) => Ok(Some($read)),
                        Some(other) => Err(unlike(other)),
                    })
                    .collect::<Result<$array, _>>()?,
            )
        };
    }
    Ok(match ty {
        Type::Bool => of_type!(BooleanArray, Value::Bool(value) => *value),
        Type::Int => of_type!(Int64Array, Value::Int(value) => *value),
        Type::Date => of_type!(Date32Array, Value::Date(value) => since_1970(*value)),
        Type::Text => of_type!(StringArray, Value::Text(value) => value.to_string()),
        Type::Decimal => decimals(&known.collect::<Vec<_>>())?,
    })
}

/// Decimals at the scale of the finest of them, so that none is rounded.
fn decimals(known: &[Option<&Value>]) -> Result<ArrayRef, ArrowError> {
    let parts: Vec<Option<(i128, u32)>> = known
        .iter()
        .map(|value| match value {
            Some(Value::Decimal(value)) => Some((value.mantissa(), value.scale())),
            Some(Value::Int(value)) => Some((i128::from(*value), 0)),
            _ => None,
        })
        .collect();
    let finest = parts.iter().flatten().map(|(_, scale)| *scale).max().unwrap_or(0);
    let scaled = parts.into_iter().map(|part| {
        part.map(|(mantissa, scale)| {
            mantissa
                .checked_mul(10_i128.pow(finest - scale))
                .ok_or_else(|| ArrowError::CastError("a number does not fit".to_owned()))
        })
        .transpose()
    });
    let column = scaled.collect::<Result<Decimal128Array, _>>()?;
    let scale = i8::try_from(finest).map_err(|error| ArrowError::CastError(error.to_string()))?;
    Ok(Arc::new(column.with_data_type(DataType::Decimal128(38, scale))))
}

/// The word by which a value of a closed list is written everywhere.
pub(crate) fn word(of: impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}

fn since_1970(day: NaiveDate) -> i32 {
    // Every day that chrono knows lies within 96 million days of 1970.
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}
