//! Results as JSON.

use serde_json::{Map, Number, Value, json};

use super::cell::{Cell, Outcome};
use super::interval::Interval;
use super::results::{Observation, Results};
use super::symbol::Symbols;
use crate::value::Exact;

/// Decimal places of a value that is written for a machine.
const PLACES: u32 = 6;

/// Results as JSON: `made_of`, and `rows` in the fixed columns with those they are kept apart by, and more beside
/// them: `method` of the interval, `why` an absent row has no figure, the first and last day `covered` where the
/// return cannot speak for all, the Department for Education's `symbol` and the `obs_status` of SDMX, and where the
/// period was not asked for itself its `view` and the periods it is `shown_for`.
///
/// Numbers have at most six decimals, rounded half away from zero: JSON has no exact fractions.
///
/// # Errors
/// Only where a value cannot be written as JSON, which the types of a row do not allow.
///
/// # Example
/// ```
/// use std::collections::BTreeMap;
/// use staysafe::result::{MadeOf, Results, json};
///
/// let made_of = MadeOf {
///     plan: String::new(),
///     definitions: BTreeMap::new(),
///     data: String::new(),
///     calendar: "2005 to 2030".to_owned(),
///     parameters: BTreeMap::new(),
///     readings: BTreeMap::new(),
///     library: "0.1.0".to_owned(),
///     joined: Vec::new(),
///     counts: Default::default(),
/// };
/// let text = json(&Results { observations: Vec::new(), by: Vec::new(), made_of })?;
/// assert!(text.contains(r#""rows": []"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn json(results: &Results) -> Result<String, serde_json::Error> {
    let rows: Vec<Value> = results.observations.iter().map(|observation| row(results, observation)).collect();
    serde_json::to_string_pretty(&json!({ "made_of": results.made_of, "rows": rows }))
}

type Parts<'a> = (Option<&'a Exact>, Option<&'a Exact>, Option<&'a Exact>);

fn row(results: &Results, row: &Observation) -> Value {
    let (value, numerator, denominator) = parts(&row.cell);
    let why = match &row.cell.outcome {
        Outcome::Figure { .. } => Value::Null,
        Outcome::Absent(reason) => Value::String(reason.words()),
    };
    let limits = row.cell.interval.limits();
    let method = match &row.cell.interval {
        Interval::Limits { method, .. } => method.code().to_owned(),
        Interval::Without(why) => format!("none: {}", why.words()),
    };
    let notes: Map<String, Value> =
        row.cell.notes.iter().map(|(note, count)| (note.code().to_owned(), json!(count))).collect();
    let mut columns = json!({
        "indicator": row.indicator,
        "statistic": row.statistic.code(),
        "category": row.category,
        "area": row.area,
        "period": row.period.to_string(),
        "view": row.shown.view.code(),
        "shown_for": row.shown.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "numerator": figure(numerator),
        "denominator": figure(denominator),
        "value": figure(value),
        "lower": figure(limits.map(|(lower, _)| lower)),
        "upper": figure(limits.map(|(_, upper)| upper)),
        "method": method,
        "outcome": row.cell.outcome.code(),
        "flags": row.cell.flags.iter().map(crate::result::Flag::code).collect::<Vec<_>>(),
        "reported": row.cell.coverage.reported,
        "expected": row.cell.coverage.expected,
        "covered": row.cell.coverage.days.map(|days| [days.first.to_string(), days.last.to_string()]),
        "notes": notes,
        "symbol": row.cell.symbol(Symbols::Dfe),
        "obs_status": row.cell.symbol(Symbols::Sdmx),
        "why": why,
    });
    if let Value::Object(columns) = &mut columns {
        let by = results.by.iter().zip(&row.by);
        columns.extend(by.map(|(name, value)| (name.clone(), Value::from(value.as_str()))));
    }
    columns
}

/// A number as it is printed; JSON has no exact fractions.
fn figure(of: Option<&Exact>) -> Value {
    let number = |exact: &Exact| {
        let text = exact.to_places(PLACES);
        let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        short.parse::<Number>().ok()
    };
    of.and_then(number).map_or(Value::Null, Value::Number)
}

/// Value, numerator and denominator of a cell, where it holds a figure.
fn parts(cell: &Cell) -> Parts<'_> {
    match &cell.outcome {
        Outcome::Figure { value, numerator, denominator } => {
            (Some(value), numerator.as_ref(), denominator.as_ref())
        }
        Outcome::Absent(_) => (None, None, None),
    }
}
