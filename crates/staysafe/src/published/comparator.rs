//! Published figures that stand beside an indicator, as a layout maps them: typed where they are withheld.

use serde::{Deserialize, Serialize};

use super::layout::{Comparator, Term, YearMeans};
use super::recompute::Worker;
use super::{Place, Published, Row, Told};
use crate::period::Period;
use crate::value::Supplied;

/// A published figure beside an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The indicator's id.
    pub indicator: String,
    /// Where.
    pub place: Place,
    /// When.
    pub period: Option<Told>,
    /// The figure, or why it is withheld.
    pub value: Supplied,
    /// What is counted above the line, where the table has it.
    pub numerator: Option<Supplied>,
    /// What is counted below it.
    pub denominator: Option<Supplied>,
    /// In what it differs from the indicator, in words.
    pub note: String,
    /// Where it was published.
    pub source: String,
    /// Line of the table.
    pub line: u64,
}

/// The figures of a table that its layout maps to indicators, in the order of the layout and then of the table.
///
/// A figure that is withheld is there with its reason; one that could not be read is among the rejects of its reading.
///
/// # Example
/// ```
/// use staysafe::published::{Column, Comparator, Layout, Level, Place, Published, Row, Term, comparators};
/// use staysafe::value::{Convention, Supplied};
///
/// let place = Place { level: Level::National, code: None, other_code: None, name: "England".into(), region: None };
/// let figure = Term { column: "rate".into(), ..Term::default() };
/// let comparator = Comparator {
///     indicator: "cs-21".into(), figure, numerator: None, denominator: None, year: None, note: String::new(),
/// };
/// let table = Published {
///     name: "rates.csv".into(),
///     layout: Layout { comparator: vec![comparator], ..Layout::default() },
///     convention: Convention::Current,
///     filters: vec![],
///     columns: vec![Column { header: "rate".into(), measure: "rate".into(), period: None, place: 1 }],
///     rows: vec![Row { line: 2, place, period: None, filters: vec![], cells: vec![Supplied::read("c", Convention::Current)] }],
/// };
/// let found = comparators(&table);
/// assert_eq!(found[0].indicator, "cs-21");
/// assert!(found[0].value.withheld().is_some_and(|why| why.is_suppressed()));
/// ```
pub fn comparators(table: &Published) -> Vec<Compared> {
    let worker = Worker::new(table);
    let mut found = Vec::new();
    for comparator in &table.layout.comparator {
        for column in worker.columns(&comparator.figure.column) {
            for row in table.rows.iter().filter(|row| worker.holds(row, &comparator.figure)) {
                found.extend(compared(&worker, comparator, column, row));
            }
        }
    }
    found
}

fn compared<'a>(
    worker: &Worker<'a>,
    comparator: &Comparator,
    column: usize,
    row: &'a Row,
) -> Option<Compared> {
    let value = row.cells.get(column).copied().flatten()?;
    let part = |term: &Option<Term>| {
        let term = term.as_ref()?;
        let row = worker.led_to(row, &term.filters).ok()?;
        row.cells.get(worker.beside(&term.column, column)?).copied().flatten()
    };
    let told = row.period.as_ref().or_else(|| worker.table.columns.get(column)?.period.as_ref()).cloned();
    let period = match comparator.year {
        Some(means) => told.map(|told| Told { period: year(&told.text, means).or(told.period), ..told }),
        None => told,
    };
    Some(Compared {
        indicator: comparator.indicator.clone(),
        place: row.place.clone(),
        period,
        value,
        numerator: part(&comparator.numerator),
        denominator: part(&comparator.denominator),
        note: comparator.note.clone(),
        source: worker.table.layout.source.clone(),
        line: row.line,
    })
}

/// What the year that a text begins with means.
fn year(text: &str, means: YearMeans) -> Option<Period> {
    let digits: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '/'))
        .filter(char::is_ascii_digit)
        .collect();
    let first: i32 = digits.get(..4)?.parse().ok()?;
    means.period(if digits.len() > 4 { first + 1 } else { first }).ok()
}
