//! Results as a table, as CSV and as JSON, in the fixed columns.

pub(crate) mod cases;
pub(crate) mod changed;
pub(crate) mod csv;
pub(crate) mod gap;
pub(crate) mod published;
pub(crate) mod revisions;
pub(crate) mod sides;
pub(crate) mod table;

use staysafe::result::{Cell, Observation, Outcome};
use staysafe::value::Exact;

/// Decimal places of a value that is written for a machine.
const PLACES: u32 = 6;

/// Lines of cells in columns as wide as their widest cell.
pub(crate) fn aligned(lines: &[Vec<String>]) -> String {
    let wide = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).map(wide).collect();
    let mut text = String::new();
    for line in lines {
        let padded = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A number for a machine: whole, or with at most six decimals, rounded half away from zero.
pub(crate) fn number(value: &Exact) -> String {
    let text = value.to_places(PLACES);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Value, numerator and denominator of a cell, where it holds a figure.
pub(crate) fn parts(cell: &Cell) -> (Option<&Exact>, Option<&Exact>, Option<&Exact>) {
    match &cell.outcome {
        Outcome::Figure { value, numerator, denominator } => {
            (Some(value), numerator.as_ref(), denominator.as_ref())
        }
        Outcome::Absent(_) => (None, None, None),
    }
}

/// The flags of a row, as the fixed column writes them.
pub(crate) fn flags(row: &Observation) -> String {
    row.cell.flags.iter().map(staysafe::result::Flag::code).collect::<Vec<_>>().join(";")
}

/// The counters of a row, as the fixed column writes them.
pub(crate) fn notes(row: &Observation) -> String {
    row.cell
        .notes
        .iter()
        .map(|(note, count)| format!("{}={count}", note.code()))
        .collect::<Vec<_>>()
        .join(";")
}
