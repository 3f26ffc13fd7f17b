//! What a reader should know of a record wherever it is counted: it stood twice, or it contradicts itself.

use super::evaluate::{Context, Frame};
use super::records::Table;
use super::split::{Slot, Split};
use super::tally::Tallies;
use crate::check::tree::CheckedTable;
use crate::record::Row;
use crate::result::Note;
use crate::value::{Datum, Value};

/// What is doubtful of a record that reached the calculation.
pub(super) fn of(table: &Table<'_>, row: &Row) -> Vec<Note> {
    let source = table.aside.and_then(|aside| aside.source(row));
    let mut notes: Vec<Note> =
        source.into_iter().flat_map(|source| 0..source.duplicates).map(|_| Note::Duplicate).collect();
    if source.is_some_and(|source| source.contradictory) || contradicts_itself(table, row) {
        notes.push(Note::Contradictory);
    }
    notes
}

/// Counts notes wherever a record stands.
pub(super) fn note(tallies: &mut Tallies, slots: &[Slot], notes: &[Note]) {
    for slot in slots {
        for note in notes {
            tallies.slot(slot).note(*note);
        }
    }
}

/// Counts records that an earlier return held and a later one no longer holds, where they would stand.
///
/// # Errors
/// Why a record cannot be sorted.
pub(super) fn vanished(
    tallies: &mut Tallies,
    split: &Split<'_>,
    (side, context): (usize, &Context<'_>),
    from: &CheckedTable,
    gone: &[&Row],
) -> Result<(), String> {
    let Some(table) = context.records.table(&from.dataset) else { return Ok(()) };
    for row in gone {
        let (place, _) = split.place_of(context.records, table, row, from);
        let standing = split.standing(side, context, Frame { table, row })?;
        note(tallies, &split.slots(&place, &standing).0, &[Note::Vanished]);
    }
    Ok(())
}

/// Whether a record ends before it starts, or gives the reason of a date and no date.
///
/// It decides nothing: the field that a definition names does (ruling 9).
pub(crate) fn contradicts_itself(table: &Table<'_>, row: &Row) -> bool {
    let dataset = table.dataset;
    let of = |name: &str| {
        let position = dataset.fields.iter().position(|field| field.name.value == name)?;
        Some(table.value(row, position))
    };
    let (start, end) = (&dataset.dates.start, &dataset.dates.end);
    if let (Some(start), Some(end)) = (start, end)
        && let (Some(Datum::Known(Value::Date(start))), Some(Datum::Known(Value::Date(end)))) =
            (of(&start.value), of(&end.value))
        && end < start
    {
        return true;
    }
    dataset.fields.iter().enumerate().any(|(at, field)| {
        let given = matches!(table.value(row, at), Datum::Known(_));
        let date = field.reason_of.as_ref().and_then(|date| of(&date.value));
        given && date == Some(&Datum::Missing)
    })
}
