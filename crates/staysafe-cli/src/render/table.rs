//! Results as a table for a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use staysafe::result::{Observation, Outcome, Results, Statistic};

use super::{flags, notes, parts};

/// Columns, aligned; then the indicators without any figure, by reason.
pub(crate) fn results(results: &Results) -> String {
    let mut by_indicator: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for row in &results.observations {
        by_indicator.entry(&row.indicator).or_default().push(row);
    }
    let mut rows = Vec::new();
    let mut absent: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (indicator, mut observations) in by_indicator {
        if let Some(words) = one_reason(&observations) {
            absent.entry(words).or_default().push(indicator);
        } else {
            // Stable: what they are kept apart by stays in its own order.
            observations
                .sort_by_key(|row| (&row.category, &row.area, row.period.kind(), row.period.first_day()));
            rows.extend(observations.into_iter().map(cells));
        }
    }
    let mut text = String::new();
    if !rows.is_empty() {
        let areas: BTreeSet<&str> = results.observations.iter().map(|row| row.area.as_str()).collect();
        text = columns(rows, &results.by, areas.len() > 1);
    }
    if !absent.is_empty() {
        text.push_str(if text.is_empty() {
            "No figure in any period:\n"
        } else {
            "\nNo figure in any period:\n"
        });
        for (words, indicators) in absent {
            let _ = writeln!(text, "  {words}: {}", indicators.join(", "));
        }
    }
    text
}

fn cells(row: &Observation) -> Vec<String> {
    let (value, numerator, denominator) = parts(&row.cell);
    let printed = match value {
        Some(value) if row.statistic == Statistic::Count => value.to_places(0),
        Some(value) => value.to_places(1),
        None => "-".to_owned(),
    };
    let mut said: Vec<String> = row.shown.words().into_iter().collect();
    if let Outcome::Absent(reason) = &row.cell.outcome {
        said.push(reason.words());
    }
    said.extend([flags(row), notes(row)].into_iter().filter(|text| !text.is_empty()));
    let mut cells = vec![
        row.indicator.to_string(),
        row.category.as_deref().unwrap_or_default().to_owned(),
        row.area.to_string(),
    ];
    cells.extend(row.by.iter().map(ToString::to_string));
    cells.extend([
        row.period.to_string(),
        numerator.map(ToString::to_string).unwrap_or_default(),
        denominator.map(ToString::to_string).unwrap_or_default(),
        printed,
        said.join("; "),
    ]);
    cells
}

/// The reason, where every row is absent for the same one.
fn one_reason(rows: &[&Observation]) -> Option<String> {
    let mut reasons = rows.iter().map(|row| match &row.cell.outcome {
        Outcome::Absent(reason) => Some(reason.words()),
        Outcome::Figure { .. } => None,
    });
    let first = reasons.next()??;
    reasons.all(|reason| reason.as_ref() == Some(&first)).then_some(first)
}

/// Rows under a header, without the columns that hold nothing.
fn columns(rows: Vec<Vec<String>>, by: &[String], with_area: bool) -> String {
    let mut head = vec!["indicator", "category", "area"];
    head.extend(by.iter().map(String::as_str));
    let numbers = head.len() + 1..head.len() + 4;
    head.extend(["period", "numerator", "denominator", "value", "notes"]);
    let shown: Vec<usize> = (0..head.len())
        .filter(|column| *column != 2 || with_area)
        .filter(|column| rows.iter().any(|row| row.get(*column).is_some_and(|text| !text.is_empty())))
        .collect();
    let head: Vec<String> = head.into_iter().map(str::to_owned).collect();
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        all.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in &all {
        let line: Vec<String> = shown
            .iter()
            .filter_map(|column| row.get(*column).map(|cell| (*column, cell)))
            .map(|(column, cell)| {
                if numbers.contains(&column) {
                    format!("{cell:>width$}", width = width(column))
                } else {
                    format!("{cell:<width$}", width = width(column))
                }
            })
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}
