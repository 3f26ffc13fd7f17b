//! Two totals in one part of a period, each of its own table.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use staysafe::calculate::engine::{Asked, Finished, Rows, TotalsPart};
use staysafe::check::tree::{CheckedMeasure, CheckedTotal};
use staysafe::definition::dataset::AreaRule;
use staysafe::result::{NotReported, Note, Reason, State};
use staysafe::value::Exact;

use super::Shared;
use super::column::{Cells, Column};
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::keys::NO_GROUP;
use super::ladder::{refused_at, standing, vanished};
use super::lanes::Lanes;
use super::select::{Doubts, doubtful, gone, select};
use super::sorted::{OWN, Sorted, text};
use super::standing::{YES, doubt, is_refused, words};
use super::tables::Tables;
use super::tally::Tallies;

/// What one cubicle adds up.
#[derive(Debug, Default)]
struct Total {
    sum: Option<Exact>,
    /// Whether the total would need a number that its supplier hides.
    suppressed: bool,
}

/// What counts once: the day of the record that decides the categories, and the categories.
type Once = HashMap<(u32, u32), (Option<i32>, u32)>;

/// What counts once and cannot be judged: the counter that says why, and the categories.
type Aside = BTreeMap<(u32, u32), (Note, u32)>;

pub(crate) fn state<'a>(
    shared: &Shared<'a>,
    tables: &Tables<'a>,
    asked: &Asked<'a>,
    part: &TotalsPart<'a>,
) -> Result<Vec<Finished>, Reason> {
    let names_areas = |total: &CheckedTotal| matches!(total.table.area, AreaRule::Field(_));
    let both = [&part.of.numerator, &part.of.denominator];
    // Where one table speaks for the returning authority only, so does their quotient.
    let only_own =
        both.iter().any(|total| names_areas(total)) && !both.iter().all(|total| names_areas(total));
    let [above, below] = &part.rows;
    let side = |number, total, rows: &Result<Rows, Reason>| {
        let rows = rows.as_ref().map_err(Clone::clone)?;
        Side { shared, tables, asked, rows, total, number, only_own }.finished()
    };
    let above = side(0, &part.of.numerator, above)?;
    let below = side(1, &part.of.denominator, below)?;
    let slot = |finished: &Finished| (finished.area.clone(), finished.by.clone());
    let mut below: BTreeMap<_, Finished> = below.into_iter().map(|f| (slot(&f), f)).collect();
    let mut joined: Vec<Finished> = above
        .into_iter()
        .map(|above| {
            let below = below.remove(&slot(&above));
            join(above, below)
        })
        .collect();
    joined.extend(below.into_values().map(|below| {
        let state = quotient(None, Some(&below.state));
        Finished { state, ..below }
    }));
    Ok(joined)
}

/// One slot's two sides. A table that is there and holds nothing for an area makes a total of 0.
fn join(mut above: Finished, below: Option<Finished>) -> Finished {
    above.state = quotient(Some(&above.state), below.as_ref().map(|below| &below.state));
    if let Some(below) = below {
        // One authority reported, whichever side it is.
        above.coverage.days = above.coverage.combine(&below.coverage).days;
        above.judged = above.judged.combine(below.judged);
        above.flags.extend(below.flags);
        for (note, count) in below.notes {
            *above.notes.entry(note).or_default() += count;
        }
    }
    above
}

fn quotient(above: Option<&State>, below: Option<&State>) -> State {
    let hidden = |side: Option<&State>| side == Some(&State::Absent(Reason::Suppressed));
    let total = |side: Option<&State>| match side {
        Some(State::Totals(of)) => of.numerator,
        _ => Exact::ZERO,
    };
    if hidden(above) || hidden(below) {
        State::Absent(Reason::Suppressed)
    } else {
        State::totals(total(above), total(below))
    }
}

struct Side<'p, 'a> {
    shared: &'p Shared<'a>,
    tables: &'p Tables<'a>,
    asked: &'p Asked<'a>,
    rows: &'p Rows,
    total: &'p CheckedTotal,
    number: usize,
    only_own: bool,
}

/// What is asked of the rows, lane by lane.
struct Asks<'f> {
    filter: Option<Lanes<'f>>,
    history_missing: Option<Lanes<'f>>,
}

impl Side<'_, '_> {
    /// The total of each slot, as the numerator of its state.
    fn finished(&self) -> Result<Vec<Finished>, Reason> {
        let table = &self.total.table;
        let Some(frame) = self.tables.frame(&table.dataset) else {
            return Err(Reason::NotReported(NotReported::Dataset(table.dataset.clone())));
        };
        let context = self.shared.context(self.tables, self.rows.moment);
        let mut sorted = Sorted::new(&self.asked.split, self.tables.area);
        let mut tallies: Tallies<Total> = Tallies::new();
        tallies.begin(self.rows, self.asked.period.days());
        if self.rows.count_doubts && frame.unplaced > 0 {
            let unknown = sorted.unknown(OWN);
            tallies.of(unknown).note_times(Note::Unknown, frame.unplaced);
        }
        let rows = select(frame, &table.when, self.rows, self.asked.beyond_cover);
        let doubtful = doubtful(frame, &table.when, self.rows, (0u32..).take(frame.rows));
        let gone: Vec<u32> = match frame.gone.as_deref() {
            Some(held) => {
                let gone = gone(frame, &table.when, self.rows).into_iter();
                gone.filter(|row| !self.is_elsewhere(held, *row)).collect()
            }
            None => Vec::new(),
        };
        vanished(&context, &mut sorted, &mut tallies, frame, (&gone, table, self.number))?;
        let all: Vec<(u32, Option<Note>)> = rows
            .into_iter()
            .map(|row| (row, None))
            .chain(doubtful.into_iter().map(|(row, note)| (row, Some(note))))
            .filter(|(row, _)| !self.is_elsewhere(frame, *row))
            .collect();
        self.add_up(&context, frame, &all, &mut sorted, &mut tallies)?;
        Ok(tallies.finish(&mut sorted, |total| {
            if total.suppressed {
                return State::Absent(Reason::Suppressed);
            }
            State::totals(total.sum.unwrap_or(Exact::ZERO), Exact::ZERO)
        }))
    }

    /// Whether a row is of another area than the returning authority's, where only that counts.
    fn is_elsewhere(&self, frame: &Frame<'_>, row: u32) -> bool {
        let AreaRule::Field(field) = &self.total.table.area else { return false };
        if !self.only_own {
            return false;
        }
        let named =
            usize::try_from(row).ok().and_then(|row| text(frame.named(field)?, row, self.shared.words));
        let (area, _) = self.asked.split.area_named(self.tables.area, named.as_deref());
        area != self.asked.split.own_code(self.tables.area)
    }

    fn add_up<'f>(
        &self,
        context: &Context<'f>,
        frame: &'f Frame<'f>,
        all: &[(u32, Option<Note>)],
        sorted: &mut Sorted<'_, '_>,
        tallies: &mut Tallies<Total>,
    ) -> Result<(), Reason> {
        let rows: Vec<u32> = all.iter().map(|(row, _)| *row).collect();
        let standings = sorted.of(context, frame, &rows, (&self.total.table, self.number));
        let scope = Scope::list(frame, &rows);
        let of = |node: &staysafe::check::tree::Node| evaluate(context, &scope, node);
        let asks = Asks {
            filter: self.total.filter.as_ref().map(of),
            history_missing: self.total.history_missing.as_ref().map(of),
        };
        let keys = distinct(frame, &self.total.measure, &rows);
        let doubts = Doubts::new(frame);
        let (mut counted, mut aside) = (Once::new(), Aside::new());
        for (lane, (row, doubt)) in all.iter().enumerate() {
            refused_at(&standings, lane)?;
            let (place, categories) = standing(&standings, lane);
            let mut notes: Vec<Note> =
                standings.nowhere.get(lane).copied().flatten().into_iter().chain(*doubt).collect();
            let mut doubted = doubt.is_some();
            let (kept, mut why) = asks.filtered(lane, doubted)?;
            if kept {
                let (duplicates, contradictory) = doubts.of(*row);
                notes.extend((0..duplicates).map(|_| Note::Duplicate));
                notes.extend(contradictory.then_some(Note::Contradictory));
            }
            if kept && asks.only_earlier_tells(lane)? {
                why = Some(Note::HistoryMissing);
            }
            let kept = kept && why.is_none();
            let key = keys.as_ref().and_then(|keys| keys.get(lane).copied().flatten());
            match (why, key) {
                (Some(note), Some(key)) => {
                    let held = aside.entry((place, key)).or_insert((note, categories));
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
            let added = self.added(frame, *row, kept, key);
            if let (Some(key), Some(_), true) = (key, &added, keys.is_some()) {
                let day = self.day(frame, *row);
                once(&mut counted, sorted, (place, key), day, categories);
            }
            let suppressed = kept && self.hides(frame, *row);
            if kept && added.is_none() && !suppressed {
                notes.push(Note::Unknown);
            }
            let of_no_category = sorted.categories(categories).is_some_and(|c| c.unmapped);
            if kept && of_no_category {
                notes.push(Note::UnmappedCode);
            }
            let judged = if added.is_some() { Some(true) } else { (kept || doubted).then_some(false) };
            for cubicle in sorted.cubicles(place, categories).0.iter() {
                let tally = tallies.of(*cubicle);
                tally.counted.suppressed |= suppressed;
                for note in &notes {
                    tally.note(*note);
                }
                if let Some(judged) = judged {
                    tally.judged(judged);
                }
                if let Some(added) = &added {
                    tally.counted.add(added)?;
                }
            }
        }
        // What counts once is counted by any of its records; only where none does is there a doubt.
        aside.retain(|key, _| !counted.contains_key(key));
        for ((place, _), (note, categories)) in aside {
            for cubicle in sorted.cubicles(place, categories).0.iter() {
                let tally = tallies.of(*cubicle);
                tally.note(note);
                tally.judged(false);
            }
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_unstable();
        for ((place, _), (_, categories)) in counted {
            let (cubicles, contradictory) = sorted.cubicles(place, categories);
            for cubicle in cubicles.iter() {
                let tally = tallies.of(*cubicle);
                if contradictory {
                    tally.note(Note::Contradictory);
                }
                tally.counted.add(&Exact::from(1u64))?;
            }
        }
        Ok(())
    }

    /// What a row that is kept adds; nothing where its number or key has no value.
    fn added(&self, frame: &Frame<'_>, row: u32, kept: bool, key: Option<u32>) -> Option<Exact> {
        match &self.total.measure {
            _ if !kept => None,
            CheckedMeasure::Count => Some(Exact::from(1u64)),
            CheckedMeasure::CountDistinct(_) => key.map(|_| Exact::ZERO),
            CheckedMeasure::Sum(field) => number(frame.column(field.index)?, usize::try_from(row).ok()?),
        }
    }

    /// Whether a row's number is there and its supplier hides it: a sum without it would look whole.
    fn hides(&self, frame: &Frame<'_>, row: u32) -> bool {
        let CheckedMeasure::Sum(field) = &self.total.measure else { return false };
        frame.column(field.index).is_some_and(|column| column.is_hidden(row))
    }

    fn day(&self, frame: &Frame<'_>, row: u32) -> Option<i32> {
        use staysafe::check::tree::CheckedWhen;
        let (CheckedWhen::Date(date) | CheckedWhen::Open(date, _)) = &self.total.table.when;
        frame.day(date.index, usize::try_from(row).ok()?)
    }
}

impl Asks<'_> {
    /// Whether the filter keeps a row, and why nobody can say.
    fn filtered(&self, lane: usize, doubted: bool) -> Result<(bool, Option<Note>), Reason> {
        let Some(filter) = self.filter.as_ref().filter(|_| !doubted) else { return Ok((!doubted, None)) };
        let standing = filter.standing(lane);
        if is_refused(standing) {
            return Err(Reason::Refused(words(standing)));
        }
        Ok((standing == YES, doubt(standing)))
    }

    /// Whether only an earlier return could tell if a row that is kept counts.
    fn only_earlier_tells(&self, lane: usize) -> Result<bool, Reason> {
        let Some(missing) = &self.history_missing else { return Ok(false) };
        let standing = missing.standing(lane);
        if is_refused(standing) {
            return Err(Reason::Refused(words(standing)));
        }
        Ok(standing == YES || doubt(standing).is_some())
    }
}

impl Total {
    fn add(&mut self, added: &Exact) -> Result<(), Reason> {
        let sum = self.sum.unwrap_or(Exact::ZERO).plus(added);
        self.sum = Some(sum.ok_or_else(|| Reason::Refused("the sum does not fit".to_owned()))?);
        Ok(())
    }
}

/// Of each row the number of its key, where distinct values are counted; of a row without one, nothing.
fn distinct(frame: &Frame<'_>, measure: &CheckedMeasure, rows: &[u32]) -> Option<Vec<Option<u32>>> {
    let CheckedMeasure::CountDistinct(fields) = measure else { return None };
    let fields: Vec<usize> = fields.iter().map(|field| field.index).collect();
    let index = frame.index(&fields);
    let of =
        |row: &u32| index.of_row().get(usize::try_from(*row).ok()?).copied().filter(|key| *key != NO_GROUP);
    Some(rows.iter().map(of).collect())
}

/// What counts once stands in the categories of its latest record; where those of one day disagree, nobody can say.
fn once(counted: &mut Once, sorted: &mut Sorted<'_, '_>, key: (u32, u32), day: Option<i32>, categories: u32) {
    let Some(held) = counted.get_mut(&key) else {
        counted.insert(key, (day, categories));
        return;
    };
    match day.cmp(&held.0) {
        Ordering::Greater => *held = (day, categories),
        Ordering::Equal => held.1 = sorted.join(held.1, categories),
        Ordering::Less => {}
    }
}

/// A number of a row, exactly; nothing where it is no number or has no value.
fn number(column: &Column, row: usize) -> Option<Exact> {
    if !column.is_known(row) {
        return None;
    }
    match &column.cells {
        Cells::Whole(numbers) => Some(Exact::from(*numbers.get(row)?)),
        Cells::Decimal(numbers) => {
            let number = numbers.get(row)?;
            Exact::new(number.mantissa(), 10i128.checked_pow(number.scale())?)
        }
        Cells::Truth | Cells::Days(_) | Cells::Words(_) => None,
    }
}
