//! Two totals in one period, each of its own table.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Context, Evaluated, Frame, evaluate};
use super::ladder::exact;
use super::records::Records;
use super::selection::{Selection, select};
use super::table;
use super::tally::Finished;
use crate::calendar::Calendar;
use crate::check::tree::{CheckedMeasure, CheckedTotal, CheckedTotals};
use crate::period::Period;
use crate::result::{Note, Reason, State};
use crate::value::{Datum, Exact, Value};

/// The state of each area in a period.
pub(crate) fn state(
    calendar: &Calendar,
    records: &Records<'_>,
    totals: &CheckedTotals,
    period: &Period,
    beyond_cover: bool,
) -> Vec<Finished> {
    let side = |total| side(calendar, records, total, period, beyond_cover);
    let (above, below) = match (side(&totals.numerator), side(&totals.denominator)) {
        (Ok(above), Ok(below)) => (above, below),
        (Err(reason), _) | (_, Err(reason)) => return vec![Finished::absent(records.area, reason)],
    };
    let mut below: BTreeMap<String, Finished> = below.into_iter().map(|f| (f.area.clone(), f)).collect();
    let mut joined: Vec<Finished> = above
        .into_iter()
        .filter_map(|f| {
            let other = below.remove(&f.area);
            join(Some(f), other)
        })
        .collect();
    joined.extend(below.into_values().filter_map(|other| join(None, Some(other))));
    joined.sort_by(|a, b| a.area.cmp(&b.area));
    joined
}

/// One area's two sides. A table that is there and holds nothing for an area makes a total of 0.
fn join(above: Option<Finished>, below: Option<Finished>) -> Option<Finished> {
    let total = |side: Option<&Finished>| match side.map(|f| &f.state) {
        Some(State::Totals { numerator, .. }) => *numerator,
        _ => Exact::ZERO,
    };
    let state = State::Totals { numerator: total(above.as_ref()), denominator: total(below.as_ref()) };
    let mut joined = match (above, below) {
        (Some(mut one), Some(other)) => {
            // One authority reported, whichever side it is.
            one.coverage.days = one.coverage.combine(&other.coverage).days;
            one.judged = one.judged.combine(other.judged);
            one.flags.extend(other.flags);
            for (note, count) in other.notes {
                *one.notes.entry(note).or_default() += count;
            }
            one
        }
        (one, other) => one.or(other)?,
    };
    joined.state = state;
    Some(joined)
}

/// One side: its total stands as the numerator of the state.
fn side(
    calendar: &Calendar,
    records: &Records<'_>,
    total: &CheckedTotal,
    period: &Period,
    beyond_cover: bool,
) -> Result<Vec<Finished>, Reason> {
    let Selection { table, moment, rows, mut tallies } =
        select(records, &total.table, period, None, None, beyond_cover)?;
    let context = Context { calendar, records, moment };
    let mut seen: BTreeSet<(String, Vec<Value>)> = BTreeSet::new();
    for (_, row) in rows {
        let area = table::area(records, table, row, &total.table);
        let tally = tallies.area(&area);
        if let Some(filter) = &total.filter {
            let kept = evaluate(&context, &[Frame { table, row }], filter);
            if let Evaluated::Refused(why) = kept {
                return Err(Reason::Refused(why));
            }
            if let Some(note) = kept.unknown() {
                tally.note(note);
                tally.judged(false);
            }
            if !kept.is_true() {
                continue;
            }
        }
        let added = match &total.measure {
            CheckedMeasure::Count => Some(Exact::from(1u64)),
            CheckedMeasure::CountDistinct(fields) => table::values(table, row, fields)
                .map(|key| Exact::from(u64::from(seen.insert((area.clone(), key))))),
            CheckedMeasure::Sum(field) => match table.value(row, field.index) {
                Datum::Known(value) => exact(value),
                Datum::Missing | Datum::Rejected => None,
            },
        };
        let Some(added) = added else {
            tally.note(Note::Unknown);
            tally.judged(false);
            continue;
        };
        tally.judged(true);
        let sum = tally.total.unwrap_or(Exact::ZERO).plus(&added);
        tally.total = Some(sum.ok_or_else(|| Reason::Refused("the sum does not fit".to_owned()))?);
    }
    Ok(tallies.finish(|tally| State::Totals {
        numerator: tally.total.unwrap_or(Exact::ZERO),
        denominator: Exact::ZERO,
    }))
}
