//! The worked row of a template: what stands in each field of it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use staysafe::definition::dataset::{Dataset, Field};
use staysafe::value::{Datum, Type, Value};

use super::Registers;

/// What stands in a field of the worked row: what its definition says, or else something of the right kind.
pub(super) fn example(registers: &Registers, field: &Field) -> Datum {
    if let Some(example) = &field.example {
        return example.value.clone();
    }
    let codes = field.codes.as_ref().and_then(|set| registers.codes(&set.value));
    let code = codes.and_then(|set| set.codes.first()).map(|code| code.code.value.as_str());
    Datum::Known(match field.ty.value {
        Type::Text => Value::Text(code.unwrap_or("example").into()),
        Type::Bool => Value::Bool(true),
        Type::Int => Value::Int(1),
        Type::Decimal => Value::Decimal(Decimal::ONE),
        Type::Date => Value::Date(NaiveDate::from_ymd_opt(2010, 4, 12).unwrap_or_default()),
    })
}

/// Whether a row is the worked row of the template, left where it was; of the fields that have a column.
pub(super) fn is_worked_row(
    registers: &Registers,
    dataset: &Dataset,
    values: &[Datum],
    has: impl Fn(usize) -> bool,
) -> bool {
    let alike = |(field, value): (&Field, &Datum)| match (example(registers, field), value) {
        // A whole number may stand for a decimal one.
        (Datum::Known(Value::Int(whole)), Datum::Known(Value::Decimal(number))) => *number == whole.into(),
        (example, value) => example == *value,
    };
    let there = dataset.fields.iter().zip(values).enumerate().filter(|(place, _)| has(*place));
    there.map(|(_, pair)| pair).all(alike)
}
