//! Results as a batch, in the fixed columns.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use staysafe::result::{Observation, Outcome, Results};
use staysafe::value::Exact;

/// The columns of a batch of results.
///
/// `value`, `lower` and `upper` are doubles, for charts and further sums: the exact figure is `numerator`
/// over `denominator`. They are null where there is no figure, and `outcome` then says why.
///
/// `by` are the columns that the results are kept apart by, between `area` and `period`.
pub fn results_schema(by: &[String]) -> Schema {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields =
        vec![text("indicator", false), text("statistic", false), text("category", true), text("area", false)];
    fields.extend(by.iter().map(|name| text(name, false)));
    fields.extend([
        text("period", false),
        Field::new("numerator", DataType::Int64, true),
        Field::new("denominator", DataType::Int64, true),
        Field::new("value", DataType::Float64, true),
        Field::new("lower", DataType::Float64, true),
        Field::new("upper", DataType::Float64, true),
        text("outcome", false),
        text("flags", false),
        Field::new("reported", DataType::UInt32, false),
        Field::new("expected", DataType::UInt32, false),
        text("notes", false),
    ]);
    Schema::new(fields)
}

/// Results as a batch: a row for each observation, in the order of the results.
///
/// Flags stand as their codes with commas between them, notes as `unknown=3; dates-inverted=1`; both are
/// empty, not null, where there are none. A total that is no whole number leaves `numerator` or
/// `denominator` null; `value` still holds.
///
/// # Errors
/// None that an observation can cause; what Arrow says of a batch is passed on.
///
/// # Example
/// ```
/// let names: Vec<String> =
///     staysafe_arrow::results_schema(&[]).fields().iter().map(|field| field.name().clone()).collect();
/// assert_eq!(names, staysafe::result::COLUMNS);
/// ```
pub fn results_batch(results: &Results) -> Result<RecordBatch, ArrowError> {
    let of = &results.observations;
    let mut columns: Vec<ArrayRef> = vec![
        text(of, |o| Some(&o.indicator)),
        text(of, |o| Some(o.statistic.code())),
        text(of, |o| o.category.as_ref()),
        text(of, |o| Some(&o.area)),
    ];
    columns.extend((0..results.by.len()).map(|column| text(of, |o| o.by.get(column))));
    columns.extend([
        text(of, |o| Some(o.period.to_string())),
        whole(of, |figure| figure.1),
        whole(of, |figure| figure.2),
        double(of, |o| figure(o).map(|(value, ..)| value.to_f64())),
        double(of, |o| o.cell.interval.limits().map(|(lower, _)| lower.to_f64())),
        double(of, |o| o.cell.interval.limits().map(|(_, upper)| upper.to_f64())),
        text(of, |o| Some(o.cell.outcome.code())),
        text(of, |o| {
            Some(o.cell.flags.iter().map(staysafe::result::Flag::code).collect::<Vec<_>>().join(","))
        }),
        count(of, |o| o.cell.coverage.reported),
        count(of, |o| o.cell.coverage.expected),
        text(of, |o| {
            let notes = o.cell.notes.iter().map(|(note, count)| format!("{}={count}", note.code()));
            Some(notes.collect::<Vec<_>>().join("; "))
        }),
    ]);
    RecordBatch::try_new(Arc::new(results_schema(&results.by)), columns)
}

type Parts<'a> = (&'a Exact, Option<&'a Exact>, Option<&'a Exact>);

fn figure(of: &Observation) -> Option<Parts<'_>> {
    match &of.cell.outcome {
        Outcome::Figure { value, numerator, denominator } => {
            Some((value, numerator.as_ref(), denominator.as_ref()))
        }
        Outcome::Absent(_) => None,
    }
}

fn text<'o, S: AsRef<str>>(of: &'o [Observation], read: impl Fn(&'o Observation) -> Option<S>) -> ArrayRef {
    let mut column = StringBuilder::new();
    for observation in of {
        column.append_option(read(observation));
    }
    Arc::new(column.finish())
}

fn whole(of: &[Observation], read: impl for<'a> Fn(Parts<'a>) -> Option<&'a Exact>) -> ArrayRef {
    let mut column = Int64Builder::new();
    for observation in of {
        let part = figure(observation).and_then(&read).and_then(Exact::whole);
        column.append_option(part.and_then(|part| i64::try_from(part).ok()));
    }
    Arc::new(column.finish())
}

fn double(of: &[Observation], read: impl Fn(&Observation) -> Option<f64>) -> ArrayRef {
    let mut column = Float64Builder::new();
    for observation in of {
        column.append_option(read(observation));
    }
    Arc::new(column.finish())
}

fn count(of: &[Observation], read: impl Fn(&Observation) -> u32) -> ArrayRef {
    let mut column = UInt32Builder::new();
    for observation in of {
        column.append_value(read(observation));
    }
    Arc::new(column.finish())
}
