//! Cases that still run on the period's last day: a timeliness figure of those that stopped says nothing of
//! them, and the longest waits are among them.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Context, Frame, evaluate};
use super::records::Table;
use super::split::{Place, Split, Standing};
use super::table;
use super::tally::Tallies;
use crate::calculate::clock::{Dates, Reading, Standing as ClockStanding, read};
use crate::check::tree::{CheckedClock, CheckedLadder, Node};
use crate::record::Row;
use crate::result::Note;
use crate::value::{Datum, Value};

/// Counts, slot by slot, the open cases of the clocks that the numerator asks: in time so far, and late.
///
/// Of records counted as one, the best counts, as it does for the figure. A table that cannot speak for the
/// last day leaves both counts out: 0 would be a claim.
///
/// # Errors
/// The words of a refused expression.
pub(crate) fn count(
    context: &Context<'_>,
    table: &Table<'_>,
    ladder: &CheckedLadder,
    split: &Split<'_>,
    tallies: &mut Tallies,
) -> Result<(), String> {
    let clocks = ladder.clocks();
    let last = context.moment.last;
    if clocks.is_empty() || !table::shows_stock(table, last) {
        return Ok(());
    }
    let mut groups: BTreeMap<(Place, Vec<Value>), (Note, Standing)> = BTreeMap::new();
    for (number, row) in table.rows.iter().enumerate() {
        let Some((_, reading)) = open(context, Frame { table, row }, ladder, &clocks) else { continue };
        let note = match reading.standing {
            ClockStanding::AlreadyLate => Note::OpenLate,
            ClockStanding::OnTimeSoFar | ClockStanding::NotYetDue => Note::OpenInTime,
            ClockStanding::MetInTime | ClockStanding::MetLate | ClockStanding::CannotBeJudged => continue,
        };
        let (place, _) = split.place_of(context.records, table, row, &ladder.table);
        let standing = split.standing(0, context, Frame { table, row })?;
        let key = (place, key(table, row, ladder, &clocks, number));
        match groups.get_mut(&key) {
            Some((held, of)) => {
                *held = note.min(*held);
                of.join(standing);
            }
            None => {
                groups.insert(key, (note, standing));
            }
        }
    }
    tallies.each(|tally| {
        tally.notes.entry(Note::OpenInTime).or_default();
        tally.notes.entry(Note::OpenLate).or_default();
    });
    for ((place, _), (note, standing)) in groups {
        for slot in split.slots(&place, &standing).0 {
            tallies.slot(&slot).note(note);
        }
    }
    Ok(())
}

/// The clock that a row still runs against, with its reading on the period's last day; of several, the
/// worst. `None` where it does not run.
pub(crate) fn open<'c>(
    context: &Context<'_>,
    frame: Frame<'_>,
    ladder: &CheckedLadder,
    clocks: &[&'c CheckedClock],
) -> Option<(&'c CheckedClock, Reading)> {
    let holds = |node: &Node| evaluate(context, &[frame], node).is_true();
    if !ladder.population.as_ref().is_none_or(holds) || ladder.exclude.as_ref().is_some_and(holds) {
        return None;
    }
    let last = context.moment.last;
    let read = |clock: &&'c CheckedClock| {
        let runs = clock.open.as_ref().is_none_or(holds);
        let value = |index: usize| frame.table.value(frame.row, index);
        let begun = matches!(value(clock.start.index), Datum::Known(Value::Date(start)) if *start <= last);
        let stopped = match value(clock.stop.index) {
            Datum::Known(Value::Date(stop)) => *stop <= last,
            Datum::Missing => false,
            _ => true,
        };
        if !begun || stopped || !runs {
            return None;
        }
        let dates = Dates::of(clock, |field| value(field.index));
        Some((*clock, read(context.calendar, clock, &dates, last)))
    };
    clocks.iter().filter_map(read).max_by_key(|(_, reading)| reading.standing == ClockStanding::AlreadyLate)
}

/// What an open row is counted as: as the figure counts, less the day on which it has not stopped yet.
fn key(
    table: &Table<'_>,
    row: &Row,
    ladder: &CheckedLadder,
    clocks: &[&CheckedClock],
    number: usize,
) -> Vec<Value> {
    let fields = ladder.counted.as_ref().map(|fields| {
        let stops: BTreeSet<&str> = clocks.iter().map(|clock| clock.stop.name.as_str()).collect();
        fields.iter().filter(|field| !stops.contains(field.name.as_str())).cloned().collect::<Vec<_>>()
    });
    let distinct = fields.filter(|fields| !fields.is_empty());
    let key = distinct.and_then(|fields| table::values(table, row, &fields));
    key.unwrap_or_else(|| vec![Value::Int(i64::try_from(number).unwrap_or(i64::MAX))])
}
