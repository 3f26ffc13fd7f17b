//! A ladder's state in one period, from what readings of its tables found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use staysafe::calculate::engine::{Answer, Question};
use staysafe::check::tree::{CheckedLadder, CheckedTable};
use staysafe::definition::indicator::Kind;
use staysafe::result::{Entry, Flag, NotReported, Note, Reason, State, Surveyed, UNKNOWN_CATEGORY};
use staysafe::value::Exact;

use super::Shared;
use super::atoms::date_of;
use super::classes::Classes;
use super::cohort::{At, Cohort, Line, Unit};
use super::column::day_of;
use super::evaluate::Context;
use super::found::{self, Found, Record};
use super::frame::Frame;
use super::grouped::{Group, Groups, Key};
use super::histogram::Histogram;
use super::keys::key;
use super::open;
use super::outcome::{Adds, Judge, Judged, Outcome, Rung};
use super::select::{doubtful, gone};
use super::sorted::{OWN, Sorted, Standings};
use super::standing::words;
use super::stands::{Stands, Stood};
use super::tally::{Tallies, Tally};

/// What one cubicle counts.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    numerator: u64,
    denominator: u64,
    /// What only some kinds count.
    more: Option<Box<More>>,
}

/// What is more than a number.
#[derive(Debug, Default)]
struct More {
    values: BTreeMap<Exact, u64>,
    categories: BTreeMap<String, u64>,
    /// What was told last.
    latest: Option<State>,
    surveyed: Surveyed,
    /// Whether a sum of weights does not fit.
    too_large: bool,
}

/// A cohort with what its readings found, and what every class of each of its ladders comes to.
pub(crate) struct Answered<'q, 'a> {
    cohort: Cohort<'q, 'a>,
    readings: Vec<Reading>,
}

/// One reading: of each line what its classes come to; of each period its counts.
struct Reading {
    found: Found,
    lines: Vec<Classed>,
    /// By machine and period: slots and classes with the number of rows, in order of the slots.
    counts: Vec<Vec<Vec<(u32, u32, u64)>>>,
    /// As [`counts`](Self::counts), of rows that count as one with others just like them, all but the first.
    more: Vec<Vec<Vec<(u32, u32, u64)>>>,
    /// By machine and period, the records that count with others.
    records: Vec<Vec<Vec<Record>>>,
    /// Of each period its spans.
    spans: Vec<Vec<u32>>,
}

/// The classes of a ladder.
struct Classed {
    /// What the rows of each come to.
    judged: Vec<Result<Judged, String>>,
    /// What they come to, those once that come to the same and say nothing of their own.
    alike: Vec<Group>,
    /// Of each class its place among those.
    of: Vec<Option<usize>>,
    /// Whether anything is told of the rows of a class besides what they add.
    tells: bool,
}

/// What is counted while the parts of a period go by.
struct Answering<'x, 's, 'a> {
    stands: &'x mut Stands<'s, 'a>,
    tallies: Tallies<Counted>,
    groups: Groups,
    /// Places of records that add nothing.
    touched: BTreeSet<u32>,
}

impl<'q, 'a> Answered<'q, 'a> {
    /// Reads a cohort's table, and judges what was found.
    pub(crate) fn new(shared: &Shared<'a>, cohort: Cohort<'q, 'a>) -> Self {
        let readings = cohort
            .read(shared)
            .into_iter()
            .map(|(spans, found)| Reading::new(shared, &cohort, &spans, found))
            .collect();
        Self { cohort, readings }
    }
}

impl Classed {
    fn new(judged: Vec<Result<Judged, String>>) -> Self {
        let mut alike: Vec<Group> = Vec::new();
        let mut plain: Vec<usize> = Vec::new();
        let mut of = Vec::with_capacity(judged.len());
        for judged in &judged {
            let Ok(Judged::Reached(outcome)) = judged else {
                of.push(None);
                continue;
            };
            let group = Group::of(outcome, (0, 0, outcome.day));
            let is_plain = group.adds.is_empty() && group.day.is_none();
            let same = |at: &&usize| is_plain && alike.get(**at) == Some(&group);
            if let Some(at) = plain.iter().find(same) {
                of.push(Some(*at));
                continue;
            }
            plain.extend(is_plain.then_some(alike.len()));
            of.push(Some(alike.len()));
            alike.push(group);
        }
        let tells = judged.iter().flatten().any(|judged| match judged {
            Judged::Keyless => true,
            Judged::Reached(of) => !is_out(of) && of.doubts != (0, false),
        });
        Self { judged, alike, of, tells }
    }
}

impl Reading {
    fn new(
        shared: &Shared<'_>,
        cohort: &Cohort<'_, '_>,
        spans: &super::spans::Spans,
        mut found: Found,
    ) -> Self {
        let area = cohort.unit.question.asked.split.own_code(cohort.unit.tables.area);
        let classed = |line: &Line<'_>| {
            let judge = Judge {
                ladder: line.ladder,
                asks: &line.asks,
                sayings: &found.sayings,
                words: shared.words,
                area,
            };
            let classes = found.machines.get(line.machine).map(|counts| &counts.classes);
            let all = 0..u32::try_from(classes.map_or(0, Classes::len)).unwrap_or(u32::MAX);
            let codes = |class: u32| classes.map_or_else(Vec::new, |classes| classes.codes(class));
            Classed::new(all.map(|class| judge.judge(&codes(class))).collect())
        };
        let lines = cohort.lines.iter().map(classed).collect();
        let times = cohort.times();
        let by_time = |of: fn(&found::Counts) -> &Histogram| {
            found.machines.iter().map(|c| spans.by_time(of(c), times)).collect()
        };
        let (counts, more) = (by_time(|counts| &counts.histogram), by_time(|counts| &counts.more));
        let mut of_time: Vec<Vec<u32>> = vec![Vec::new(); times];
        for (span, periods) in (0u32..).zip(&spans.times) {
            for time in periods {
                if let Some(spans) = of_time.get_mut(*time) {
                    spans.push(span);
                }
            }
        }
        let records = found.machines.iter_mut().map(|counts| {
            let mut by_time = vec![Vec::new(); times];
            for record in std::mem::take(&mut counts.records) {
                let span = usize::try_from(record.span).ok().and_then(|span| spans.times.get(span));
                for time in span.into_iter().flatten() {
                    if let Some(records) = by_time.get_mut(*time) {
                        records.push(record);
                    }
                }
            }
            by_time
        });
        let records = records.collect();
        Self { found, lines, counts, more, records, spans: of_time }
    }

    /// The words of the first row that is refused, where one is.
    fn refused(&self, at: At, machine: usize) -> Option<String> {
        let (spans, judged) = (self.spans.get(at.time)?, &self.lines.get(at.line)?.judged);
        let firsts = &self.found.machines.get(machine)?.firsts;
        let refused =
            firsts.iter().filter(|((span, _), _)| spans.contains(span)).filter_map(|((_, class), row)| {
                let judged = judged.get(usize::try_from(*class).ok()?)?;
                Some((row, judged.as_ref().err()?))
            });
        refused.min().map(|(_, words)| words.clone())
    }
}

/// What each slot of a question comes to.
///
/// # Errors
/// Why there is no figure at all.
pub(crate) fn answer<'a>(
    shared: &Shared<'a>,
    question: &Question<'a>,
    stands: &mut Stands<'_, 'a>,
    units: &[Option<(&Unit<'_, 'a>, At)>],
    answered: &BTreeMap<usize, Answered<'_, 'a>>,
) -> Answer {
    let mut answering =
        Answering { stands, tallies: Tallies::new(), groups: Groups::default(), touched: BTreeSet::new() };
    let mut counted = Vec::new();
    for (number, (part, unit)) in question.parts.iter().zip(units).enumerate() {
        part.rows.as_ref().map_err(Clone::clone)?;
        let Some((unit, at)) = unit else {
            return Err(Reason::NotReported(NotReported::Dataset(part.of.table.dataset.clone())));
        };
        let Some(answered) = answered.get(&at.cohort) else { continue };
        counted.extend(answering.part(shared, unit, *at, answered)?);
        if number + 1 == question.parts.len() {
            answering.open(shared, unit)?;
        }
    }
    let kind = question.asked.kind;
    for counts in &counted {
        answering.add(counts, kind);
    }
    answering.add_groups(kind);
    let Answering { stands, tallies, .. } = answering;
    let categories: Vec<&str> =
        question.parts.iter().flat_map(|part| part.of.categories.iter().map(String::as_str)).collect();
    Ok(tallies.finish(&mut stands.sorted, |counted| finish(counted, &categories, kind)))
}

/// What a reading counted of one ladder in one period.
struct Counts<'r> {
    rows: &'r [(u32, u32, u64)],
    classed: &'r Classed,
    stood: Arc<[Stood]>,
}

impl<'a> Answering<'_, '_, 'a> {
    /// Notes what is doubtful of the rows of a part, and puts those together that count as one; those that count by
    /// themselves are given back.
    fn part<'r>(
        &mut self,
        shared: &Shared<'a>,
        unit: &Unit<'_, 'a>,
        at: At,
        answered: &'r Answered<'_, 'a>,
    ) -> Result<Vec<Counts<'r>>, Reason> {
        let (rows, frame, ladder) = (unit.rows, &*unit.frame, unit.ladder);
        let context = shared.context(&unit.tables, rows.moment);
        self.tallies.begin(rows, unit.question.asked.period.days());
        if rows.count_doubts && frame.unplaced > 0 {
            let unknown = self.stands.sorted.unknown(OWN);
            self.tallies.of(unknown).note_times(Note::Unknown, frame.unplaced);
        }
        let Some(line) = answered.cohort.lines.get(at.line) else { return Ok(Vec::new()) };
        let mut odd: BTreeSet<u32> = BTreeSet::new();
        let mut counted = Vec::new();
        for (number, reading) in answered.readings.iter().enumerate() {
            if let Some(words) = reading.refused(at, line.machine) {
                return Err(Reason::Refused(words));
            }
            odd.extend(&reading.found.odd);
            let of = |all: &'r Vec<Vec<Vec<_>>>| all.get(line.machine)?.get(at.time).map(Vec::as_slice);
            let Some(rows) =
                of(&reading.counts).filter(|_| reading.spans.get(at.time).is_some_and(|s| !s.is_empty()))
            else {
                continue;
            };
            let records = reading.records.get(line.machine).and_then(|all| all.get(at.time));
            let Some(classed) = reading.lines.get(at.line) else { continue };
            let names_areas = answered.cohort.names_areas();
            let stood = self.stands.of((at.cohort, number), &reading.found, names_areas, shared.words);
            let counts = Counts { rows, classed, stood };
            self.note(&counts, rows);
            self.note(&counts, of(&reading.more).unwrap_or_default());
            self.join(unit, records.map(Vec::as_slice).unwrap_or_default(), &counts);
            counted.push(counts);
        }
        self.doubtful(&context, frame, ladder, &doubtful(frame, &ladder.table.when, rows, odd))?;
        let gone = gone(frame, &ladder.table.when, rows);
        let sorted = &mut self.stands.sorted;
        vanished(&context, sorted, &mut self.tallies, frame, (&gone, &ladder.table, 0))?;
        Ok(counted)
    }

    fn open(&mut self, shared: &Shared<'a>, unit: &Unit<'_, 'a>) -> Result<(), Reason> {
        let context = shared.context(&unit.tables, unit.rows.moment);
        let sorted = &mut self.stands.sorted;
        self.tallies.fill(sorted);
        open::count(&context, &unit.frame, unit.ladder, sorted, &mut self.tallies).map_err(Reason::Refused)
    }

    /// What is told of rows wherever they end.
    fn note(&mut self, counts: &Counts<'_>, rows: &[(u32, u32, u64)]) {
        if !counts.classed.tells && counts.stood.iter().all(|stood| stood.nowhere.is_none()) {
            return;
        }
        for (slot, class, times) in rows {
            let Some((stood, judged)) = counts.at(*slot, *class) else { continue };
            self.tell(stood, judged, *times);
        }
    }

    fn tell(&mut self, stood: &Stood, judged: &Judged, times: u64) {
        let doubts = match judged {
            Judged::Reached(of) if !is_out(of) => of.doubts,
            _ => (0, false),
        };
        let keyless = matches!(judged, Judged::Keyless);
        if stood.nowhere.is_none() && !keyless && doubts == (0, false) {
            return;
        }
        for cubicle in stood.cubicles.iter() {
            let tally = self.tallies.of(*cubicle);
            if let Some(note) = stood.nowhere {
                tally.note_times(note, times);
            }
            if keyless {
                tally.note_times(Note::Unknown, times);
                tally.judged_times(false, times);
            }
            if doubts.0 > 0 {
                tally.note_times(Note::Duplicate, doubts.0.saturating_mul(times));
            }
            if doubts.1 {
                tally.note_times(Note::Contradictory, times);
            }
        }
    }

    /// Puts records together that count as one.
    fn join(&mut self, unit: &Unit<'_, '_>, records: &[Record], counts: &Counts<'_>) {
        let Some(fields) = &unit.ladder.counted else { return };
        let fields: Vec<usize> = fields.iter().map(|field| field.index).collect();
        let several = unit.question.parts.len() > 1;
        let index = unit.frame.index(&fields);
        let date = date_of(&unit.ladder.table);
        // Where none of them is noted, rows that are out add nothing to whatever else is counted with them.
        let noted = |judged: &Result<Judged, _>| matches!(judged, Ok(Judged::Reached(of)) if is_out(of) && of.unmapped);
        let outs_count = counts.classed.judged.iter().any(noted);
        for record in records {
            let Some((stood, judged)) = counts.at(record.slot, record.class) else { continue };
            self.tell(stood, judged, 1);
            let Judged::Reached(outcome) = judged else { continue };
            if is_out(outcome) && !outs_count {
                // Its place is spoken of all the same.
                self.touched.insert(stood.place);
                continue;
            }
            let Ok(row) = usize::try_from(record.row) else { continue };
            let cells = if several { key(&unit.frame, &fields, row) } else { None };
            let key = cells.map_or_else(|| Key::Number(index.of(record.row)), Key::Cells);
            let stands = (stood.place, stood.categories, unit.frame.day(date, row));
            self.groups.join(&mut self.stands.sorted, key, outcome, stands);
        }
    }

    fn doubtful<'f>(
        &mut self,
        context: &Context<'f>,
        frame: &'f Frame<'f>,
        ladder: &CheckedLadder,
        doubtful: &[(u32, Note)],
    ) -> Result<(), Reason> {
        let rows: Vec<u32> = doubtful.iter().map(|(row, _)| *row).collect();
        let standings = self.stands.sorted.of(context, frame, &rows, (&ladder.table, 0));
        for (lane, (_, doubt)) in doubtful.iter().enumerate() {
            refused_at(&standings, lane)?;
            let (place, categories) = standing(&standings, lane);
            for cubicle in self.stands.sorted.cubicles(place, categories).0.iter() {
                let tally = self.tallies.of(*cubicle);
                if let Some(note) = standings.nowhere.get(lane).copied().flatten() {
                    tally.note(note);
                }
                tally.note(*doubt);
                tally.judged(false);
            }
        }
        Ok(())
    }

    /// Adds rows that count by themselves.
    fn add(&mut self, counts: &Counts<'_>, kind: Kind) {
        let Classed { alike, of, .. } = counts.classed;
        let mut times_of = vec![0u64; alike.len()];
        let mut met = Vec::new();
        for rows in counts.rows.chunk_by(|(slot, ..), (next, ..)| slot == next) {
            let slot = rows.first().and_then(|(slot, ..)| counts.stood.get(usize::try_from(*slot).ok()?));
            let Some(stood) = slot else { continue };
            for (_, class, times) in rows {
                let at = usize::try_from(*class).ok().and_then(|class| of.get(class).copied().flatten());
                let Some(sum) = at.and_then(|at| times_of.get_mut(at)) else { continue };
                if *sum == 0 {
                    met.extend(at);
                }
                *sum += times;
            }
            for cubicle in stood.cubicles.iter().filter(|_| !met.is_empty()) {
                let tally = self.tallies.of(*cubicle);
                for (group, times) in met.iter().filter_map(|at| alike.get(*at).zip(times_of.get(*at))) {
                    add_group(tally, group, (stood.contradictory, stood.of_no_category), kind, *times);
                }
            }
            met.drain(..).for_each(|at: usize| times_of.get_mut(at).into_iter().for_each(|sum| *sum = 0));
        }
    }

    fn add_groups(&mut self, kind: Kind) {
        for place in std::mem::take(&mut self.touched) {
            self.tallies.of(self.stands.sorted.unknown(place));
        }
        for group in std::mem::take(&mut self.groups).all {
            let sorted = &mut self.stands.sorted;
            let (cubicles, contradictory) = sorted.cubicles(group.place, group.categories);
            let of_no_category = sorted.categories(group.categories).is_some_and(|of| of.unmapped);
            for cubicle in cubicles.iter() {
                add_group(self.tallies.of(*cubicle), &group, (contradictory, of_no_category), kind, 1);
            }
        }
    }
}

/// Whether rows that come to this add nothing, wherever and with whatever they are counted.
pub(crate) fn is_silent(judged: &Judged) -> bool {
    let silent = |of: &Outcome| is_out(of) && of.doubt.is_none() && !of.unmapped && of.doubts == (0, false);
    matches!(judged, Judged::Reached(of) if silent(of))
}

impl Counted {
    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }
}

fn is_out(outcome: &Outcome) -> bool {
    matches!(outcome.rung, Rung::Out(_))
}

impl Counts<'_> {
    fn at(&self, slot: u32, class: u32) -> Option<(&Stood, &Judged)> {
        let stood = self.stood.get(usize::try_from(slot).ok()?)?;
        Some((stood, self.classed.judged.get(usize::try_from(class).ok()?)?.as_ref().ok()?))
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
        for cubicle in sorted.cubicles(place, categories).0.iter() {
            tallies.of(*cubicle).note(Note::Vanished);
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

/// Adds so many groups that are alike.
fn add_group(
    tally: &mut Tally<Counted>,
    group: &Group,
    (contradictory, of_no_category): (bool, bool),
    kind: Kind,
    times: u64,
) {
    let out = matches!(group.rung, Rung::Out(_));
    if group.unmapped || of_no_category && !out {
        tally.note_times(Note::UnmappedCode, times);
    }
    if contradictory && !out {
        tally.note_times(Note::Contradictory, times);
    }
    let added: Vec<&Adds> = group.adds.iter().map(|adds| &**adds).collect();
    if !out {
        let judged = matches!(group.rung, Rung::Denominator | Rung::Numerator);
        let measured = match added.as_slice() {
            [] | [Adds::Value(_) | Adds::Answer { .. }] => true,
            [Adds::Category(category)] => category != UNKNOWN_CATEGORY,
            // They contradict each other.
            _ => false,
        };
        tally.judged_times(judged && measured && group.doubt.is_none() && !group.history_missing, times);
    }
    if let Some(note) = group.doubt {
        tally.note_times(note, times);
    }
    if let [Adds::Answer { weight, stratum, cluster }] = added.as_slice() {
        let drawn = (stratum.as_str(), cluster.as_str());
        let more = tally.counted.more();
        let yes = group.rung == Rung::Numerator;
        more.too_large |= answers(&mut more.surveyed, weight, drawn, yes, times).is_none();
    }
    match group.rung {
        Rung::Out(_) => {}
        Rung::NotReached(_, note) | Rung::SetAside(_, note) | Rung::LeftOut(note) => {
            tally.note_times(note, times);
        }
        Rung::Denominator => {
            tally.counted.denominator += times;
            if kind == Kind::Document && !group.history_missing {
                tell(tally, group.day, Entry::Amiss, times);
            }
            if group.history_missing {
                tally.note_times(Note::HistoryMissing, times);
                tally.flags.insert(Flag::PartlyCovered);
            }
        }
        Rung::Unjudged(note) => {
            tally.counted.denominator += times;
            tally.note_times(note, times);
        }
        Rung::Numerator => {
            tally.counted.denominator += times;
            tally.counted.numerator += times;
            match (entry(kind, &added), kind) {
                (Some(entry), _) => tell(tally, group.day, entry, times),
                (None, Kind::Narrative) => tally.note_times(Note::Unknown, times),
                (None, _) => add(tally, kind, &added, times),
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
fn tell(tally: &mut Tally<Counted>, day: Option<i32>, entry: Entry, times: u64) {
    let Some(day) = day.and_then(day_of) else { return tally.note_times(Note::Unknown, times) };
    let told = State::Latest { day, entries: BTreeSet::from([entry]) };
    let latest = &mut tally.counted.more().latest;
    *latest = Some(match latest.take() {
        Some(held) => held.combine(told),
        None => told,
    });
}

/// Adds what a group measures; where its records disagree, none of them is believed.
fn add(tally: &mut Tally<Counted>, kind: Kind, added: &[&Adds], times: u64) {
    if added.len() > 1 {
        tally.note_times(Note::Contradictory, times);
        if kind == Kind::Distribution {
            *tally.counted.more().categories.entry(UNKNOWN_CATEGORY.to_owned()).or_default() += times;
        }
        return;
    }
    for added in added {
        match added {
            Adds::Value(value) => *tally.counted.more().values.entry(*value).or_default() += times,
            // Added whatever its rung.
            Adds::Answer { .. } => {}
            Adds::Category(category) => {
                let categories = &mut tally.counted.more().categories;
                match categories.get_mut(category) {
                    Some(count) => *count += times,
                    None => {
                        categories.insert(category.clone(), times);
                    }
                }
            }
        }
    }
}

fn finish(counted: Counted, categories: &[&str], kind: Kind) -> State {
    let more = || counted.more.map(|more| *more).unwrap_or_default();
    match kind {
        Kind::Proportion => {
            State::Counted { numerator: counted.numerator, denominator: Some(counted.denominator) }
        }
        Kind::Score | Kind::Document | Kind::Narrative => {
            more().latest.unwrap_or(State::Absent(Reason::NotReported(NotReported::NoEntry)))
        }
        Kind::SurveyProportion => match more() {
            More { too_large: true, .. } => {
                State::Absent(Reason::Refused("the sum of weights does not fit".to_owned()))
            }
            More { surveyed, .. } => State::Survey(surveyed.into()),
        },
        Kind::Mean => mean(&more().values),
        Kind::Median | Kind::Duration => State::Values(more().values),
        Kind::Distribution => {
            let mut counts = more().categories;
            for category in categories.iter().copied().chain([UNKNOWN_CATEGORY]) {
                counts.entry(category.to_owned()).or_default();
            }
            State::Categories(counts)
        }
        _ => State::Counted { numerator: counted.numerator, denominator: None },
    }
}

/// Adds so many answers that are alike to the others; `None` where a sum does not fit.
fn answers(
    surveyed: &mut Surveyed,
    weight: &Exact,
    (stratum, cluster): (&str, &str),
    yes: bool,
    times: u64,
) -> Option<()> {
    surveyed.answers = surveyed.answers.checked_add(times)?;
    let clusters = surveyed.strata.entry(stratum.to_owned()).or_default();
    let cluster = clusters.entry(cluster.to_owned()).or_default();
    let weight = weight.times(&Exact::from(times))?;
    cluster.all = cluster.all.plus(&weight)?;
    if yes {
        cluster.yes = cluster.yes.plus(&weight)?;
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
        (Some(total), Some(squares)) => State::sum(count, total, squares),
        _ => State::Absent(Reason::Refused("the sum does not fit".to_owned())),
    }
}
