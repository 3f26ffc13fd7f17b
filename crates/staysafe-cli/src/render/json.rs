//! Results as JSON: what they were made of, and rows in the fixed columns.

use serde_json::{Map, Number, Value, json};
use staysafe::result::{Observation, Outcome, Results};
use staysafe::value::Exact;

use super::{number, parts};

/// The results: `made_of`, and `rows` with the fixed columns; an absent row also says `why` in words.
pub(crate) fn results(results: &Results) -> Result<String, serde_json::Error> {
    let rows: Vec<Value> = results.observations.iter().map(row).collect();
    serde_json::to_string_pretty(&json!({ "made_of": results.made_of, "rows": rows }))
}

/// The word of the fixed column `statistic`.
pub(crate) fn statistic(row: &Observation) -> String {
    match serde_json::to_value(row.statistic) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn row(row: &Observation) -> Value {
    let (value, numerator, denominator) = parts(&row.cell);
    let why = match &row.cell.outcome {
        Outcome::Figure { .. } => Value::Null,
        Outcome::Absent(reason) => Value::String(reason.words()),
    };
    let notes: Map<String, Value> =
        row.cell.notes.iter().map(|(note, count)| (note.code().to_owned(), json!(count))).collect();
    json!({
        "indicator": row.indicator,
        "statistic": statistic(row),
        "category": row.category,
        "area": row.area,
        "period": row.period.to_string(),
        "numerator": figure(numerator),
        "denominator": figure(denominator),
        "value": figure(value),
        "lower": Value::Null,
        "upper": Value::Null,
        "outcome": row.cell.outcome.code(),
        "flags": row.cell.flags.iter().map(|flag| flag.code()).collect::<Vec<_>>(),
        "reported": row.cell.coverage.reported,
        "expected": row.cell.coverage.expected,
        "notes": notes,
        "why": why,
    })
}

/// A number as it is printed; JSON has no exact fractions.
fn figure(of: Option<&Exact>) -> Value {
    of.and_then(|exact| number(exact).parse::<Number>().ok()).map_or(Value::Null, Value::Number)
}
