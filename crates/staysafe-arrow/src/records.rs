//! Batches as plain records.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use chrono::NaiveDate;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::record::{Lost, Reject, Row};
use staysafe::value::{Datum, Value};

use crate::bind::{Binding, BoundField};
use crate::scalar::{Found, Taker, Wrong, read};

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
        let mut column_of = OfRows { rows: rows.iter_mut(), rejects: &mut rejects, name, binding, field };
        read(column, field.ty, &mut column_of)?;
    }
    rejects.sort_by(|a, b| (a.record, &a.element).cmp(&(b.record, &b.element)));
    Ok((rows, rejects))
}

/// The rows of a batch while one of its columns is read.
struct OfRows<'r> {
    rows: std::slice::IterMut<'r, Row>,
    rejects: &'r mut Vec<Reject>,
    name: &'r str,
    binding: &'r Binding,
    field: &'r BoundField,
}

impl Taker for OfRows<'_> {
    type Word = Arc<str>;

    fn word(&mut self, text: &str) -> Arc<str> {
        text.into()
    }

    fn take(&mut self, found: Found<Arc<str>>) {
        let Some(row) = self.rows.next() else { return };
        row.values.push(Datum::Known(match found {
            Found::Truth(yes) => Value::Bool(yes),
            Found::Day(day) => Value::Date(NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()),
            Found::Whole(number) => Value::Int(number),
            Found::Decimal(number) => Value::Decimal(number),
            Found::Text(text) => Value::Text(text),
            Found::Missing => return row.values.push(Datum::Missing),
            Found::Wrong(wrong) => {
                self.rejects.push(reject(self.name, self.binding, self.field, row.origin, *wrong));
                return row.values.push(Datum::Rejected);
            }
        }));
    }
}

/// The reject of a value that is none of its field.
pub(crate) fn reject(name: &str, binding: &Binding, field: &BoundField, row: u32, wrong: Wrong) -> Reject {
    Reject {
        name: name.to_owned(),
        record: row,
        line: None,
        dataset: Some(binding.dataset.clone()),
        element: field.name.to_string(),
        value: wrong.value,
        personal: field.personal,
        code: "wrong-value".to_owned(),
        message: wrong.why.to_owned(),
        lost: Lost::Value,
        codes: None,
        times: 1,
    }
}

/// The reject of a record with nothing in a field that may not be blank.
pub(crate) fn blank(name: &str, binding: &Binding, field: &BoundField, row: u32) -> Reject {
    let wrong = Wrong { value: String::new(), why: "this may not be blank; the record is left out" };
    let reject = reject(name, binding, field, row, wrong);
    Reject { code: "blank".to_owned(), lost: Lost::Record, ..reject }
}

/// Whether a record without a value in this field is left out.
pub(crate) fn may_not_be_blank(dataset: &Dataset, field: &str) -> bool {
    dataset.fields.iter().any(|of| of.name.value == field && of.missing == Missing::Error)
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
    let due = |field: &BoundField| may_not_be_blank(dataset, &field.name);
    for (at, field) in binding.fields.iter().enumerate().filter(|(_, field)| due(field)) {
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
                rejects.push(blank(name, binding, field, row.origin));
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
    use rust_decimal::Decimal;
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
