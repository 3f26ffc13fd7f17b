//! Results as a table for a terminal.

use std::collections::{BTreeMap, BTreeSet};

use staysafe::result::{Observation, Outcome, Results};

use super::{flags, notes, parts};

/// Columns, aligned; an indicator that is absent for one reason throughout gets one line.
pub(crate) fn results(results: &Results) -> String {
    let areas: BTreeSet<&str> = results.observations.iter().map(|row| row.area.as_str()).collect();
    let mut by_indicator: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for row in &results.observations {
        by_indicator.entry(&row.indicator).or_default().push(row);
    }
    let head = ["indicator", "category", "area", "period", "numerator", "denominator", "value", "notes"];
    let mut rows = vec![head.map(str::to_owned)];
    for (indicator, observations) in by_indicator {
        match one_reason(&observations) {
            Some(words) if observations.len() > 1 => {
                let mut line = [(); 8].map(|()| String::new());
                let [first, .., period, _, _, _, last] = &mut line;
                indicator.clone_into(first);
                "every period".clone_into(period);
                *last = words;
                rows.push(line);
            }
            _ => rows.extend(observations.iter().map(|row| cells(row))),
        }
    }
    let shown: Vec<bool> = (0..head.len())
        .map(|column| column != 2 || areas.len() > 1)
        .zip(0..)
        .map(|(shown, column)| shown && (column == 0 || rows.iter().skip(1).any(|row| has(row, column))))
        .collect();
    lines(&rows, &shown)
}

fn cells(row: &Observation) -> [String; 8] {
    let (value, numerator, denominator) = parts(&row.cell);
    let printed = match value {
        Some(value) => value.whole().map_or_else(|| value.to_places(1), |whole| whole.to_string()),
        None => "-".to_owned(),
    };
    let mut said: Vec<String> = Vec::new();
    if let Outcome::Absent(reason) = &row.cell.outcome {
        said.push(reason.words());
    }
    said.extend([flags(row), notes(row)].into_iter().filter(|text| !text.is_empty()));
    [
        row.indicator.clone(),
        row.category.clone().unwrap_or_default(),
        row.area.clone(),
        row.period.to_string(),
        numerator.map(|n| n.to_string()).unwrap_or_default(),
        denominator.map(|n| n.to_string()).unwrap_or_default(),
        printed,
        said.join("; "),
    ]
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

fn has(row: &[String; 8], column: usize) -> bool {
    row.get(column).is_some_and(|text| !text.is_empty())
}

fn lines(rows: &[[String; 8]], shown: &[bool]) -> String {
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        let line: Vec<String> = row
            .iter()
            .enumerate()
            .filter(|(column, _)| shown.get(*column) == Some(&true))
            .map(|(column, cell)| match column {
                4..=6 => format!("{cell:>width$}", width = width(column)),
                _ => format!("{cell:<width$}", width = width(column)),
            })
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}
