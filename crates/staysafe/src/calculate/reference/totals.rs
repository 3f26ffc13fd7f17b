//! Two totals in one period, each of its own table.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Part;
use super::doubts;
use super::evaluate::{Context, Evaluated, Frame, evaluate};
use super::ladder::exact;
use super::records::{Records, Table};
use super::selection::{Selection, Within, select};
use super::split::{Place, Split, Standing};
use super::table;
use super::tally::{Finished, Tally, hull};
use crate::calendar::{Calendar, Days};
use crate::check::tree::{CheckedMeasure, CheckedTotal, CheckedTotals};
use crate::definition::dataset::AreaRule;
use crate::period::Period;
use crate::record::Row;
use crate::result::{Note, Reason, State};
use crate::value::{Datum, Exact, Name, Names, Value};

/// The state of each slot in a period, every part of it added up.
///
/// # Errors
/// Why there is no figure at all.
pub(crate) fn add_parts<P>(
    period: &Period,
    parts: impl Iterator<Item = P>,
    mut of_part: impl FnMut(P) -> Result<Vec<Finished>, Reason>,
) -> Result<Vec<Finished>, Reason> {
    let mut all: BTreeMap<(Name, Names), Finished> = BTreeMap::new();
    for part in parts {
        for finished in of_part(part)? {
            let slot = slot(&finished);
            let added = match all.remove(&slot) {
                Some(held) => add_part(held, finished, period),
                None => finished,
            };
            all.insert(slot, added);
        }
    }
    Ok(all.into_values().collect())
}

fn slot(finished: &Finished) -> (Name, Names) {
    (finished.area.clone(), finished.by.clone())
}

/// One slot's figures of two parts of a period.
fn add_part(mut held: Finished, other: Finished, period: &Period) -> Finished {
    held.state = held.state.combine(other.state);
    held.judged = held.judged.combine(other.judged);
    held.flags.extend(other.flags);
    for (note, count) in other.notes {
        *held.notes.entry(note).or_default() += count;
    }
    held.coverage.days = hull(held.coverage.days, other.coverage.days, period.days());
    held
}

/// The state of each slot in one part of a period.
///
/// # Errors
/// Why there is no figure at all.
pub(crate) fn of_part(
    calendar: &Calendar,
    part: &Part<'_, '_, CheckedTotals>,
    before: &[Part<'_, '_, CheckedTotals>],
    period: &Period,
    split: &Split<'_>,
    beyond_cover: bool,
) -> Result<Vec<Finished>, Reason> {
    let Part { records, of: totals, days } = *part;
    let names_areas = |total: &CheckedTotal| matches!(total.table.area, AreaRule::Field(_));
    let both = [&totals.numerator, &totals.denominator];
    // Where one table speaks for the returning authority only, so does their quotient: rows of other areas, as
    // in a table of every population of the country, are no part of it.
    let only_own =
        both.iter().any(|total| names_areas(total)) && !both.iter().all(|total| names_areas(total));
    let asked = Asked { calendar, records, period, split, only_own, days, beyond_cover };
    // A row whose date cannot be read belongs to no part; it is counted with the first that asks for it.
    let first = |of: fn(&CheckedTotals) -> &CheckedTotal| {
        let table = |totals| -> (&str, _) { (&of(totals).table.dataset, &of(totals).table.when) };
        !before.iter().any(|other| table(other.of) == table(totals))
    };
    let above = side(&asked, 0, &totals.numerator, first(|of| &of.numerator))?;
    let below = side(&asked, 1, &totals.denominator, first(|of| &of.denominator))?;
    let mut below: BTreeMap<_, Finished> = below.into_iter().map(|f| (slot(&f), f)).collect();
    let mut joined: Vec<Finished> = above
        .into_iter()
        .filter_map(|f| {
            let other = below.remove(&slot(&f));
            join(Some(f), other)
        })
        .collect();
    joined.extend(below.into_values().filter_map(|other| join(None, Some(other))));
    Ok(joined)
}

/// What both sides are asked.
struct Asked<'a> {
    calendar: &'a Calendar,
    records: &'a Records<'a>,
    period: &'a Period,
    split: &'a Split<'a>,
    only_own: bool,
    days: Option<Days>,
    beyond_cover: bool,
}

/// One slot's two sides. A table that is there and holds nothing for an area makes a total of 0.
fn join(above: Option<Finished>, below: Option<Finished>) -> Option<Finished> {
    let total = |side: Option<&Finished>| match side.map(|f| &f.state) {
        Some(State::Totals(of)) => of.numerator,
        _ => Exact::ZERO,
    };
    let hidden = |side: Option<&Finished>| {
        side.is_some_and(|finished| finished.state == State::Absent(Reason::Suppressed))
    };
    let state = if hidden(above.as_ref()) || hidden(below.as_ref()) {
        State::Absent(Reason::Suppressed)
    } else {
        State::totals(total(above.as_ref()), total(below.as_ref()))
    };
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
    asked: &Asked<'_>,
    side: usize,
    total: &CheckedTotal,
    count_doubts: bool,
) -> Result<Vec<Finished>, Reason> {
    let Asked { calendar, records, period, split, .. } = *asked;
    let within = Within { days: asked.days, count_doubts };
    let Selection { table, moment, rows, doubtful, gone, mut tallies, .. } =
        select(records, &total.table, period, (None, None), within, asked.beyond_cover)?;
    let context = Context { calendar, records, moment };
    let own = split.own(records);
    if count_doubts {
        tallies.unplaced(split, &own, table.unplaced);
    }
    let elsewhere = |row: &Row| {
        asked.only_own && split.area_of(records, table, row, &total.table).0 != split.own_area(records)
    };
    let gone: Vec<&Row> = gone.into_iter().filter(|row| !elsewhere(row)).collect();
    doubts::vanished(&mut tallies, split, (side, &context), &total.table, &gone).map_err(Reason::Refused)?;
    let mut counted = Once::new();
    let mut aside: BTreeMap<(Place, Vec<Value>), (Note, Standing)> = BTreeMap::new();
    let doubtful = doubtful.into_iter().map(|(row, note)| (row, Some(note)));
    for (row, doubt) in rows.into_iter().map(|(_, row)| (row, None)).chain(doubtful) {
        if elsewhere(row) {
            continue;
        }
        let frame = Frame { table, row };
        let (place, nowhere) = split.place_of(records, table, row, &total.table);
        let standing = split.standing(side, &context, frame).map_err(Reason::Refused)?;
        let mut notes: Vec<Note> = nowhere.into_iter().chain(doubt).collect();
        let mut doubted = doubt.is_some();
        let mut why = None;
        let kept = match &total.filter {
            Some(filter) if !doubted => {
                let kept = evaluate(&context, &[frame], filter);
                if let Evaluated::Refused(why) = kept {
                    return Err(Reason::Refused(why));
                }
                why = kept.unknown();
                kept.is_true()
            }
            _ => !doubted,
        };
        if kept {
            notes.extend(doubts::of(table, row));
        }
        if kept && only_earlier_tells(&context, frame, total)? {
            why = Some(Note::HistoryMissing);
        }
        let kept = kept && why.is_none();
        match (why, distinct(table, row, &total.measure)) {
            (Some(note), Some(key)) => {
                let held = aside.entry((place.clone(), key)).or_insert((note, standing.clone()));
                if note == Note::HistoryMissing {
                    held.0 = note;
                }
            }
            (Some(note), None) => {
                notes.push(note);
                doubted = true;
            }
            (None, _) => {}
        }
        let added = match &total.measure {
            _ if !kept => None,
            CheckedMeasure::Count => Some(Exact::from(1u64)),
            CheckedMeasure::CountDistinct(_) => match distinct(table, row, &total.measure) {
                Some(key) => {
                    let day = table::day(table, row, &total.table.when);
                    once(&mut counted, (place.clone(), key), day, standing.clone());
                    Some(Exact::ZERO)
                }
                None => None,
            },
            CheckedMeasure::Sum(field) => match table.value(row, field.index) {
                Datum::Known(value) => exact(value),
                Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
            },
        };
        let suppressed = kept && hides(table, row, &total.measure);
        if kept && added.is_none() && !suppressed {
            notes.push(Note::Unknown);
        }
        if kept && standing.unmapped {
            notes.push(Note::UnmappedCode);
        }
        let judged = if added.is_some() { Some(true) } else { (kept || doubted).then_some(false) };
        for slot in split.slots(&place, &standing).0 {
            let tally = tallies.slot(&slot);
            tally.suppressed |= suppressed;
            for note in &notes {
                tally.note(*note);
            }
            if let Some(judged) = judged {
                tally.judged(judged);
            }
            if let Some(added) = &added {
                add(tally, added)?;
            }
        }
    }
    // What counts once is counted by any of its records; only where none does is there a doubt.
    aside.retain(|key, _| !counted.contains_key(key));
    for ((place, _), (note, standing)) in aside {
        for slot in split.slots(&place, &standing).0 {
            let tally = tallies.slot(&slot);
            tally.note(note);
            tally.judged(false);
        }
    }
    for ((place, _), (_, standing)) in counted {
        let (slots, contradictory) = split.slots(&place, &standing);
        for slot in slots {
            let tally = tallies.slot(&slot);
            if contradictory {
                tally.note(Note::Contradictory);
            }
            add(tally, &Exact::from(1u64))?;
        }
    }
    Ok(tallies.finish(split, &own, |tally| {
        if tally.suppressed {
            return State::Absent(Reason::Suppressed);
        }
        State::totals(tally.total.unwrap_or(Exact::ZERO), Exact::ZERO)
    }))
}

/// Whether a row's number is there and its supplier hides it: a sum without it would look whole.
fn hides(table: &Table<'_>, row: &Row, measure: &CheckedMeasure) -> bool {
    matches!(measure, CheckedMeasure::Sum(field) if *table.value(row, field.index) == Datum::Suppressed)
}

/// Whether only an earlier return could tell if a record that is kept counts.
fn only_earlier_tells(context: &Context<'_>, frame: Frame<'_>, total: &CheckedTotal) -> Result<bool, Reason> {
    let Some(missing) = &total.history_missing else { return Ok(false) };
    match evaluate(context, &[frame], missing) {
        Evaluated::Refused(why) => Err(Reason::Refused(why)),
        found => Ok(found.is_true() || found.unknown().is_some()),
    }
}

/// The values of the fields whose distinct values are counted; none where rows are, or where one is not known.
fn distinct(table: &Table<'_>, row: &Row, measure: &CheckedMeasure) -> Option<Vec<Value>> {
    match measure {
        CheckedMeasure::CountDistinct(fields) => table::values(table, row, fields),
        CheckedMeasure::Count | CheckedMeasure::Sum(_) => None,
    }
}

fn add(tally: &mut Tally, added: &Exact) -> Result<(), Reason> {
    let sum = tally.total.unwrap_or(Exact::ZERO).plus(added);
    tally.total = Some(sum.ok_or_else(|| Reason::Refused("the sum does not fit".to_owned()))?);
    Ok(())
}

/// What counts once: by place and key, the day of the record that decides the categories, and the categories.
type Once = BTreeMap<(Place, Vec<Value>), (Option<NaiveDate>, Standing)>;

/// What counts once stands in the categories of its latest record; where those of one day disagree, nobody
/// can say.
fn once(counted: &mut Once, key: (Place, Vec<Value>), day: Option<NaiveDate>, standing: Standing) {
    let Some(held) = counted.get_mut(&key) else {
        counted.insert(key, (day, standing));
        return;
    };
    match day.cmp(&held.0) {
        Ordering::Greater => *held = (day, standing),
        Ordering::Equal => held.1.join(standing),
        Ordering::Less => {}
    }
}
