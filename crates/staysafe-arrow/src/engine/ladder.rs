//! A ladder's state in one period.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use staysafe::calculate::engine::{Asked, Finished, LadderPart};
use staysafe::check::tree::{CheckedLadder, CheckedTable, CheckedWhen};
use staysafe::definition::indicator::Kind;
use staysafe::result::{Entry, Flag, NotReported, Note, Reason, State, Surveyed, UNKNOWN_CATEGORY};
use staysafe::value::Exact;

use super::Shared;
use super::column::day_of;
use super::evaluate::Context;
use super::frame::Frame;
use super::keys::{Cell, NO_GROUP, key};
use super::open;
use super::outcome::{self, Adds, AllAdds, Outcome, Rung};
use super::select::{Doubts, Selected, select};
use super::sorted::{OWN, Sorted, Standings};
use super::standing::words;
use super::tables::Tables;
use super::tally::{Tallies, Tally};

/// What one cubicle counts.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    numerator: u64,
    denominator: u64,
    values: BTreeMap<Exact, u64>,
    categories: BTreeMap<String, u64>,
    /// What was told last.
    latest: Option<State>,
    surveyed: Surveyed,
    /// Whether a sum of weights does not fit.
    too_large: bool,
}

/// The records counted as one, with the best rung of any of them.
struct Group {
    rung: Rung,
    doubt: Option<Note>,
    history_missing: bool,
    unmapped: bool,
    adds: Vec<u32>,
    /// The day of the record that decides the categories, and the categories.
    day: Option<i32>,
    place: u32,
    categories: u32,
}

/// The records counted as one, found by place and key.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
    /// By place and number of the key, within one part.
    by_number: HashMap<(u32, u32), usize>,
    /// By place and key, where several parts count together.
    by_key: HashMap<(u32, Box<[Cell]>), usize>,
}

/// What a record is counted as.
enum Counts {
    Itself,
    Number(u32),
    Key(Box<[Cell]>),
}

pub(crate) fn state<'a>(
    shared: &Shared<'a>,
    parts: &[(Tables<'a>, &LadderPart<'a>)],
    asked: &Asked<'_, 'a>,
) -> Result<Vec<Finished>, Reason> {
    let Some((first, _)) = parts.first() else { return Ok(Vec::new()) };
    let mut sorted = Sorted::new(asked.split, first.area);
    let mut groups = Groups::default();
    let mut adds = AllAdds::default();
    let mut tallies: Tallies<Counted> = Tallies::new();
    for (number, (tables, part)) in parts.iter().enumerate() {
        let of = Part {
            shared,
            tables,
            of: part,
            asked,
            several: parts.len() > 1,
            last: number + 1 == parts.len(),
        };
        of.count(&mut sorted, &mut groups, &mut adds, &mut tallies)?;
    }
    add_all(&mut tallies, &sorted, groups, &adds, asked.kind);
    let categories: Vec<&str> =
        parts.iter().flat_map(|(_, part)| part.of.categories.iter().map(String::as_str)).collect();
    Ok(tallies.finish(&sorted, |counted| finish(counted, &categories, asked.kind)))
}

struct Part<'p, 'a> {
    shared: &'p Shared<'a>,
    tables: &'p Tables<'a>,
    of: &'p LadderPart<'a>,
    asked: &'p Asked<'p, 'a>,
    several: bool,
    last: bool,
}

impl Part<'_, '_> {
    fn count(
        &self,
        sorted: &mut Sorted<'_, '_>,
        groups: &mut Groups,
        adds: &mut AllAdds,
        tallies: &mut Tallies<Counted>,
    ) -> Result<(), Reason> {
        let rows = self.of.rows.as_ref().map_err(Clone::clone)?;
        let ladder = self.of.of;
        let Some(frame) = self.tables.frame(&ladder.table.dataset) else {
            return Err(Reason::NotReported(NotReported::Dataset(ladder.table.dataset.clone())));
        };
        let context = self.shared.context(self.tables, rows.moment);
        tallies.begin(rows, self.asked.period.days());
        let selected = select(frame, &ladder.table.when, rows, self.asked.beyond_cover);
        if rows.count_doubts && frame.unplaced > 0 {
            let unknown = sorted.unknown(OWN);
            tallies.of(unknown).note_times(Note::Unknown, frame.unplaced);
        }
        let Selected { rows: sure, doubtful, gone } = selected;
        let standings = sorted.of(&context, frame, &sure, (&ladder.table, 0));
        let keys = self.keys(frame, ladder, &sure);
        let asks = outcome::Asked::new(context, frame, ladder, &sure, sorted.own_code());
        let doubts = Doubts::new(frame);
        let (CheckedWhen::Date(starts) | CheckedWhen::Open(starts, _)) = &ladder.table.when;
        for (lane, (row, key)) in sure.iter().zip(keys).enumerate() {
            let at = usize::try_from(*row).unwrap_or(usize::MAX);
            refused_at(&standings, lane)?;
            let (place, categories) = standing(&standings, lane);
            if let Some(note) = standings.nowhere.get(lane).copied().flatten() {
                for cubicle in sorted.cubicles(place, categories).0 {
                    tallies.of(cubicle).note(note);
                }
            }
            let Some(key) = key else {
                for cubicle in sorted.cubicles(place, categories).0 {
                    let tally = tallies.of(cubicle);
                    tally.note(Note::Unknown);
                    tally.judged(false);
                }
                continue;
            };
            let found = asks.outcome(lane, at, adds).map_err(Reason::Refused)?;
            if !matches!(found.rung, Rung::Out(_)) {
                note_doubts(tallies, sorted, (place, categories), doubts.of(*row));
            }
            let day = frame.day(starts.index, at);
            groups.join(sorted, key, &found, (place, categories, day));
        }
        self.doubtful(&context, sorted, tallies, frame, &doubtful)?;
        self.vanished(&context, sorted, tallies, frame, &gone)?;
        if self.last {
            tallies.fill(sorted);
            open::count(&context, frame, ladder, sorted, tallies).map_err(Reason::Refused)?;
        }
        Ok(())
    }

    /// What each row is counted as; `None` where a field of the key has no value.
    fn keys(&self, frame: &Frame<'_>, ladder: &CheckedLadder, rows: &[u32]) -> Vec<Option<Counts>> {
        let Some(fields) = &ladder.counted else {
            return rows.iter().map(|_| Some(Counts::Itself)).collect();
        };
        let fields: Vec<usize> = fields.iter().map(|field| field.index).collect();
        if self.several {
            let of = |row: &u32| key(frame, &fields, usize::try_from(*row).ok()?).map(Counts::Key);
            return rows.iter().map(of).collect();
        }
        let index = frame.index(&fields);
        let of = |row: &u32| {
            let group = index.of_row.get(usize::try_from(*row).ok()?).filter(|group| **group != NO_GROUP)?;
            Some(Counts::Number(*group))
        };
        rows.iter().map(of).collect()
    }

    fn doubtful<'f>(
        &self,
        context: &Context<'f>,
        sorted: &mut Sorted<'_, '_>,
        tallies: &mut Tallies<Counted>,
        frame: &'f Frame<'f>,
        doubtful: &[(u32, Note)],
    ) -> Result<(), Reason> {
        let rows: Vec<u32> = doubtful.iter().map(|(row, _)| *row).collect();
        let standings = sorted.of(context, frame, &rows, (&self.of.of.table, 0));
        for (lane, (_, doubt)) in doubtful.iter().enumerate() {
            refused_at(&standings, lane)?;
            let (place, categories) = standing(&standings, lane);
            for cubicle in sorted.cubicles(place, categories).0 {
                let tally = tallies.of(cubicle);
                if let Some(note) = standings.nowhere.get(lane).copied().flatten() {
                    tally.note(note);
                }
                tally.note(*doubt);
                tally.judged(false);
            }
        }
        Ok(())
    }

    fn vanished<'f>(
        &self,
        context: &Context<'f>,
        sorted: &mut Sorted<'_, '_>,
        tallies: &mut Tallies<Counted>,
        frame: &'f Frame<'f>,
        gone: &[u32],
    ) -> Result<(), Reason> {
        vanished(context, sorted, tallies, frame, (gone, &self.of.of.table, 0))
    }
}

/// Counts rows that an earlier return held and a later one no longer holds, where they would stand.
pub(crate) fn vanished<'f, T: Default>(
    context: &Context<'f>,
    sorted: &mut Sorted<'_, '_>,
    tallies: &mut Tallies<T>,
    frame: &'f Frame<'f>,
    (gone, rule, side): (&[u32], &CheckedTable, usize),
) -> Result<(), Reason> {
    let Some(held) = frame.gone.as_deref().filter(|_| !gone.is_empty()) else { return Ok(()) };
    let standings = sorted.of(context, held, gone, (rule, side));
    for lane in 0..gone.len() {
        refused_at(&standings, lane)?;
        let (place, categories) = standing(&standings, lane);
        for cubicle in sorted.cubicles(place, categories).0 {
            tallies.of(cubicle).note(Note::Vanished);
        }
    }
    Ok(())
}

/// # Errors
/// The words of the refusal, where this is the first lane that is refused.
pub(crate) fn refused_at(standings: &Standings, lane: usize) -> Result<(), Reason> {
    match standings.refused {
        Some((at, standing)) if at == lane => Err(Reason::Refused(words(standing))),
        _ => Ok(()),
    }
}

pub(crate) fn standing(standings: &Standings, lane: usize) -> (u32, u32) {
    let of = |all: &[u32]| all.get(lane).copied().unwrap_or_default();
    (of(&standings.places), of(&standings.categories))
}

fn note_doubts(
    tallies: &mut Tallies<Counted>,
    sorted: &Sorted<'_, '_>,
    (place, categories): (u32, u32),
    (duplicates, contradictory): (u64, bool),
) {
    if duplicates == 0 && !contradictory {
        return;
    }
    for cubicle in sorted.cubicles(place, categories).0 {
        let tally = tallies.of(cubicle);
        if duplicates > 0 {
            tally.note_times(Note::Duplicate, duplicates);
        }
        if contradictory {
            tally.note(Note::Contradictory);
        }
    }
}

impl Groups {
    fn join(
        &mut self,
        sorted: &mut Sorted<'_, '_>,
        key: Counts,
        found: &Outcome,
        (place, categories, day): (u32, u32, Option<i32>),
    ) {
        let next = self.all.len();
        let at = match key {
            Counts::Itself => next,
            Counts::Number(number) => *self.by_number.entry((place, number)).or_insert(next),
            Counts::Key(key) => *self.by_key.entry((place, key)).or_insert(next),
        };
        let Some(group) = self.all.get_mut(at) else {
            self.all.push(Group {
                rung: found.rung,
                doubt: found.doubt,
                history_missing: found.history_missing,
                unmapped: found.unmapped,
                adds: found.adds.into_iter().collect(),
                day,
                place,
                categories,
            });
            return;
        };
        // What counts once stands in the categories of the record that carried it to its rung; of several, of
        // the latest one; and where those of one day disagree, nobody can say.
        match (found.rung, day).cmp(&(group.rung, group.day)) {
            Ordering::Greater => (group.day, group.categories) = (day, categories),
            Ordering::Equal => group.categories = sorted.join(group.categories, categories),
            Ordering::Less => {}
        }
        group.rung = group.rung.max(found.rung);
        group.doubt = group.doubt.max(found.doubt);
        group.history_missing |= found.history_missing;
        group.unmapped |= found.unmapped;
        if let Some(added) = found.adds.filter(|added| !group.adds.contains(added)) {
            group.adds.push(added);
        }
    }
}

fn add_all(
    tallies: &mut Tallies<Counted>,
    sorted: &Sorted<'_, '_>,
    groups: Groups,
    adds: &AllAdds,
    kind: Kind,
) {
    for group in groups.all {
        let (cubicles, contradictory) = sorted.cubicles(group.place, group.categories);
        let out = matches!(group.rung, Rung::Out(_));
        let of_no_category =
            sorted.categories(group.categories).is_some_and(|categories| categories.unmapped);
        for cubicle in cubicles {
            let tally = tallies.of(cubicle);
            if group.unmapped || of_no_category && !out {
                tally.note(Note::UnmappedCode);
            }
            if contradictory && !out {
                tally.note(Note::Contradictory);
            }
            add_group(tally, &group, adds, kind);
        }
    }
}

fn add_group(tally: &mut Tally<Counted>, group: &Group, adds: &AllAdds, kind: Kind) {
    let added: Vec<&Adds> = group.adds.iter().filter_map(|number| adds.get(*number)).collect();
    if !matches!(group.rung, Rung::Out(_)) {
        let judged = matches!(group.rung, Rung::Denominator | Rung::Numerator);
        let measured = match added.as_slice() {
            [] | [Adds::Value(_) | Adds::Answer { .. }] => true,
            [Adds::Category(category)] => category != UNKNOWN_CATEGORY,
            // They contradict each other.
            _ => false,
        };
        tally.judged(judged && measured && group.doubt.is_none() && !group.history_missing);
    }
    if let Some(note) = group.doubt {
        tally.note(note);
    }
    if let [Adds::Answer { weight, stratum, cluster }] = added.as_slice() {
        let drawn = (stratum.as_str(), cluster.as_str());
        let counted = &mut tally.counted;
        let yes = group.rung == Rung::Numerator;
        counted.too_large |= answer(&mut counted.surveyed, weight, drawn, yes).is_none();
    }
    match group.rung {
        Rung::Out(_) => {}
        Rung::NotReached(_, note) | Rung::SetAside(_, note) | Rung::LeftOut(note) => tally.note(note),
        Rung::Denominator => {
            tally.counted.denominator += 1;
            if kind == Kind::Document && !group.history_missing {
                tell(tally, group.day, Entry::Amiss);
            }
            if group.history_missing {
                tally.note(Note::HistoryMissing);
                tally.flags.insert(Flag::PartlyCovered);
            }
        }
        Rung::Unjudged(note) => {
            tally.counted.denominator += 1;
            tally.note(note);
        }
        Rung::Numerator => {
            tally.counted.denominator += 1;
            tally.counted.numerator += 1;
            match (entry(kind, &added), kind) {
                (Some(entry), _) => tell(tally, group.day, entry),
                (None, Kind::Narrative) => tally.note(Note::Unknown),
                (None, _) => add(tally, kind, &added),
            }
        }
    }
}

/// What a record tells, of a kind that is told and not counted.
fn entry(kind: Kind, added: &[&Adds]) -> Option<Entry> {
    match (kind, added) {
        (Kind::Document, _) => Some(Entry::Received),
        (Kind::Score, [Adds::Value(score)]) => Some(Entry::Score(*score)),
        (Kind::Narrative, [Adds::Category(words)]) if words != UNKNOWN_CATEGORY => {
            Some(Entry::Words(words.clone()))
        }
        _ => None,
    }
}

/// Keeps what was told last.
fn tell(tally: &mut Tally<Counted>, day: Option<i32>, entry: Entry) {
    let Some(day) = day.and_then(day_of) else { return tally.note(Note::Unknown) };
    let told = State::Latest { day, entries: BTreeSet::from([entry]) };
    tally.counted.latest = Some(match tally.counted.latest.take() {
        Some(held) => held.combine(told),
        None => told,
    });
}

/// Adds what a group measures; where its records disagree, none of them is believed.
fn add(tally: &mut Tally<Counted>, kind: Kind, added: &[&Adds]) {
    if added.len() > 1 {
        tally.note(Note::Contradictory);
        if kind == Kind::Distribution {
            *tally.counted.categories.entry(UNKNOWN_CATEGORY.to_owned()).or_default() += 1;
        }
        return;
    }
    for added in added {
        match added {
            Adds::Value(value) => *tally.counted.values.entry(*value).or_default() += 1,
            // Added whatever its rung.
            Adds::Answer { .. } => {}
            Adds::Category(category) => match tally.counted.categories.get_mut(category) {
                Some(count) => *count += 1,
                None => {
                    tally.counted.categories.insert(category.clone(), 1);
                }
            },
        }
    }
}

fn finish(counted: Counted, categories: &[&str], kind: Kind) -> State {
    match kind {
        Kind::Proportion => {
            State::Counted { numerator: counted.numerator, denominator: Some(counted.denominator) }
        }
        Kind::Score | Kind::Document | Kind::Narrative => {
            counted.latest.unwrap_or(State::Absent(Reason::NotReported(NotReported::NoEntry)))
        }
        Kind::SurveyProportion if counted.too_large => {
            State::Absent(Reason::Refused("the sum of weights does not fit".to_owned()))
        }
        Kind::SurveyProportion => State::Survey(counted.surveyed),
        Kind::Mean => mean(&counted.values),
        Kind::Median | Kind::Duration => State::Values(counted.values),
        Kind::Distribution => {
            let mut counts = counted.categories;
            for category in categories.iter().copied().chain([UNKNOWN_CATEGORY]) {
                counts.entry(category.to_owned()).or_default();
            }
            State::Categories(counts)
        }
        _ => State::Counted { numerator: counted.numerator, denominator: None },
    }
}

/// Adds an answer to the others; `None` where a sum does not fit.
fn answer(
    surveyed: &mut Surveyed,
    weight: &Exact,
    (stratum, cluster): (&str, &str),
    yes: bool,
) -> Option<()> {
    surveyed.answers = surveyed.answers.checked_add(1)?;
    let clusters = surveyed.strata.entry(stratum.to_owned()).or_default();
    let cluster = clusters.entry(cluster.to_owned()).or_default();
    cluster.all = cluster.all.plus(weight)?;
    if yes {
        cluster.yes = cluster.yes.plus(weight)?;
    }
    Some(())
}

fn mean(values: &BTreeMap<Exact, u64>) -> State {
    let count = values.values().sum();
    let add_up = |power: fn(&Exact) -> Option<Exact>| {
        values.iter().try_fold(Exact::ZERO, |sum, (value, times)| {
            power(value)?.times(&Exact::from(*times)).and_then(|product| sum.plus(&product))
        })
    };
    match (add_up(|value| Some(*value)), add_up(|value| value.times(value))) {
        (Some(total), Some(squares)) => State::Sum { count, total, squares },
        _ => State::Absent(Reason::Refused("the sum does not fit".to_owned())),
    }
}
