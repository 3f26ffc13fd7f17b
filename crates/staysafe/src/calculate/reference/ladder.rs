//! A ladder's state in one period, record by record.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::doubts;
use super::evaluate::{Context, Evaluated, Frame, evaluate};
use super::records::Table;
use super::rung::{Rung, judge};
use super::scalar;
use super::selection::{Selection, Within, select};
use super::split::{Place, Split, Standing};
use super::survey::{self, Answer};
use super::table;
use super::tally::{Finished, Tallies, Tally};
use super::{Part, open};
use crate::calendar::Calendar;
use crate::check::tree::{CheckedLadder, CheckedWhen};
use crate::definition::indicator::Kind;
use crate::period::Period;
use crate::record::Row;
use crate::result::{Entry, Flag, NotReported, Note, Reason, State, UNKNOWN_CATEGORY};
use crate::value::{Datum, Exact, Value};

/// What a record at the top adds, besides being counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Adds {
    Value(Exact),
    Category(String),
    Answer(Answer),
}

/// The records counted as one, with the best rung of any of them.
#[derive(Debug)]
struct Group {
    rung: Rung,
    doubt: Option<Note>,
    history_missing: bool,
    /// Whether a field that is asked about holds what is no code in the return's year: the answer may rest on it.
    unmapped: bool,
    adds: Vec<Adds>,
    /// The day of the record that decides the categories, and the categories.
    day: Option<NaiveDate>,
    standing: Standing,
}

type Groups = BTreeMap<(Place, Vec<Value>), Group>;

/// The state of each slot in a period, from every part of it.
///
/// # Errors
/// Why there is no figure at all.
pub(crate) fn state(
    calendar: &Calendar,
    parts: &[Part<'_, '_, CheckedLadder>],
    kind: Kind,
    period: &Period,
    split: &Split<'_>,
    beyond_cover: bool,
) -> Result<Vec<Finished>, Reason> {
    let Some(first) = parts.first() else { return Ok(Vec::new()) };
    let asked = Asked { calendar, period, split, beyond_cover };
    let mut groups = Groups::new();
    let mut all: Option<Tallies> = None;
    for number in 0..parts.len() {
        let tallies = counted(&asked, parts, number, &mut groups)?;
        all = Some(match all {
            None => tallies,
            Some(held) => held.join(tallies, period.days()),
        });
    }
    let mut tallies = all.unwrap_or_else(Tallies::new);
    // What still runs is told beside every figure, also of places that only an earlier part has met.
    still_open(&asked, parts, &mut tallies)?;
    add_all(&mut tallies, split, groups, kind);
    let own = split.own(first.records);
    let categories: Vec<&str> =
        parts.iter().flat_map(|part| part.of.categories.iter().map(String::as_str)).collect();
    Ok(tallies.finish(split, &own, |tally| finish(tally, &categories, kind)))
}

/// What every part is asked.
struct Asked<'a> {
    calendar: &'a Calendar,
    period: &'a Period,
    split: &'a Split<'a>,
    beyond_cover: bool,
}

/// Counts one part into the groups of all; what is counted as one, and that another part has met as well, is
/// met once.
fn counted(
    asked: &Asked<'_>,
    parts: &[Part<'_, '_, CheckedLadder>],
    number: usize,
    groups: &mut Groups,
) -> Result<Tallies, Reason> {
    let Asked { calendar, period, split, beyond_cover } = *asked;
    let (before, after) = parts.split_at_checked(number).unwrap_or_default();
    let Some(&Part { records, of: ladder, days }) = after.first() else { return Ok(Tallies::new()) };
    let from = &ladder.table;
    // A row whose date cannot be read belongs to no part; it is counted with the first that asks for it.
    let same =
        |other: &CheckedLadder| (&other.table.dataset, &other.table.when) == (&from.dataset, &from.when);
    let within = Within { days, count_doubts: !before.iter().any(|part| same(part.of)) };
    let selection = select(records, from, period, (ladder.window, ladder.lag), within, beyond_cover);
    let Selection { table, moment, rows, doubtful, gone, mut tallies, .. } = selection?;
    let context = Context { calendar, records, moment };
    let own = split.own(records);
    if within.count_doubts {
        tallies.unplaced(split, &own, table.unplaced);
    }
    let coded = ladder.asked_about();
    let doubtful = doubtful.into_iter().map(|(row, note)| (row, Err(note)));
    for (row, number) in rows.into_iter().map(|(number, row)| (row, Ok(number))).chain(doubtful) {
        let (place, nowhere) = split.place_of(records, table, row, from);
        let standing = split.standing(0, &context, Frame { table, row }).map_err(Reason::Refused)?;
        let key = number.and_then(|number| key(table, row, ladder, number).ok_or(Note::Unknown));
        for slot in split.slots(&place, &standing).0 {
            let tally = tallies.slot(&slot);
            if let Some(note) = nowhere {
                tally.note(note);
            }
            if let Err(note) = key {
                tally.note(note);
                tally.judged(false);
            }
        }
        let Ok(mut key) = key else { continue };
        if ladder.counted.is_none() && !before.is_empty() {
            // Rows are numbered in each table from the start.
            key.push(Value::Int(i64::try_from(before.len()).unwrap_or(i64::MAX)));
        }
        let slots = split.slots(&place, &standing).0;
        let found = one(&context, table, row, ladder, &coded, (standing, split.own_area(records)))
            .map_err(Reason::Refused)?;
        if !matches!(found.rung, Rung::Out(_)) {
            doubts::note(&mut tallies, &slots, &doubts::of(table, row));
        }
        join(groups, (place, key), found);
    }
    doubts::vanished(&mut tallies, split, (0, &context), from, &gone).map_err(Reason::Refused)?;
    Ok(tallies)
}

/// Counts the cases that still run on the period's last day, by its version.
fn still_open(
    asked: &Asked<'_>,
    parts: &[Part<'_, '_, CheckedLadder>],
    tallies: &mut Tallies,
) -> Result<(), Reason> {
    let Some(&Part { records, of: ladder, .. }) = parts.last() else { return Ok(()) };
    tallies.fill(asked.split, &asked.split.own(records));
    let moment = table::moment(asked.period, ladder.window);
    let Some((table, moment)) = records.table(&ladder.table.dataset).zip(moment) else { return Ok(()) };
    let context = Context { calendar: asked.calendar, records, moment };
    open::count(&context, table, ladder, asked.split, tallies).map_err(Reason::Refused)
}

/// What a record is counted as: itself, or the values of the fields whose distinct values are counted.
fn key(table: &Table<'_>, row: &Row, ladder: &CheckedLadder, number: usize) -> Option<Vec<Value>> {
    match &ladder.counted {
        None => Some(vec![Value::Int(i64::try_from(number).ok()?)]),
        Some(fields) => table::values(table, row, fields),
    }
}

fn one(
    context: &Context<'_>,
    table: &Table<'_>,
    row: &Row,
    ladder: &CheckedLadder,
    coded: &BTreeSet<usize>,
    (standing, area): (Standing, &str),
) -> Result<Group, String> {
    let frame = Frame { table, row };
    let judged = judge(context, ladder, frame)?;
    let mut rung = judged.rung;
    let mut adds = Vec::new();
    if let (Rung::Numerator, Some(value)) = (rung, &ladder.value) {
        match evaluate(context, &[frame], value) {
            Evaluated::Known(value) => {
                adds.push(Adds::Value(exact(&value).ok_or_else(|| "a value does not fit".to_owned())?));
            }
            Evaluated::Refused(why) => return Err(why),
            // The record is of the population, and what it measures is not known.
            other => rung = Rung::Unjudged(other.unknown().unwrap_or(Note::Unknown)),
        }
    }
    if let (Rung::Numerator, Some(category)) = (rung, &ladder.category) {
        match evaluate(context, &[frame], category) {
            Evaluated::Known(value) => adds.push(Adds::Category(value.to_string())),
            Evaluated::Refused(why) => return Err(why),
            _ => adds.push(Adds::Category(UNKNOWN_CATEGORY.to_owned())),
        }
    }
    if matches!(rung, Rung::Denominator | Rung::Unjudged(_) | Rung::Numerator) {
        match survey::answer(context, frame, ladder, area)? {
            Some(Ok(answer)) => adds.push(Adds::Answer(answer)),
            Some(Err(note)) => rung = Rung::LeftOut(note),
            None => {}
        }
    }
    let history_missing = rung == Rung::Denominator && looks_back_too_far(table, row, ladder);
    let day = table::day(table, row, &ladder.table.when);
    let unmapped = table.is_unmapped(row, coded);
    Ok(Group { rung, doubt: judged.doubt, history_missing, unmapped, adds, day, standing })
}

/// Whether the answer would have to look back beyond what the return can speak for.
fn looks_back_too_far(table: &Table<'_>, row: &Row, ladder: &CheckedLadder) -> bool {
    let (Some(history), CheckedWhen::Date(date)) = (ladder.history, &ladder.table.when) else { return false };
    let Datum::Known(Value::Date(date)) = table.value(row, date.index) else { return false };
    let Some(shown_from) = table::shown_from(table, *date) else { return false };
    scalar::earlier(*date, history).is_none_or(|back| back < shown_from)
}

fn join(groups: &mut Groups, key: (Place, Vec<Value>), found: Group) {
    let Some(group) = groups.get_mut(&key) else {
        groups.insert(key, found);
        return;
    };
    // What counts once stands in the categories of the record that carried it to its rung; of several, of the
    // latest one; and where those of one day disagree, nobody can say.
    match (found.rung, found.day).cmp(&(group.rung, group.day)) {
        Ordering::Greater => (group.day, group.standing) = (found.day, found.standing),
        Ordering::Equal => group.standing.join(found.standing),
        Ordering::Less => {}
    }
    group.rung = group.rung.max(found.rung);
    group.doubt = group.doubt.max(found.doubt);
    group.history_missing |= found.history_missing;
    group.unmapped |= found.unmapped;
    group.adds.extend(found.adds);
    group.adds.sort();
    group.adds.dedup();
}

fn add_all(tallies: &mut Tallies, split: &Split<'_>, groups: Groups, kind: Kind) {
    for ((place, _), group) in groups {
        let (slots, contradictory) = split.slots(&place, &group.standing);
        for slot in slots {
            let tally = tallies.slot(&slot);
            let out = matches!(group.rung, Rung::Out(_));
            let unmapped = group.unmapped || group.standing.unmapped && !out;
            for (raised, note) in
                [(unmapped, Note::UnmappedCode), (contradictory && !out, Note::Contradictory)]
            {
                if raised {
                    tally.note(note);
                }
            }
            add_group(tally, &group, kind);
        }
    }
}

fn add_group(tally: &mut Tally, group: &Group, kind: Kind) {
    if !matches!(group.rung, Rung::Out(_)) {
        let judged = matches!(group.rung, Rung::Denominator | Rung::Numerator);
        let measured = match group.adds.as_slice() {
            [] | [Adds::Value(_) | Adds::Answer(_)] => true,
            [Adds::Category(category)] => category != UNKNOWN_CATEGORY,
            // They contradict each other.
            _ => false,
        };
        tally.judged(judged && measured && group.doubt.is_none() && !group.history_missing);
    }
    if let Some(note) = group.doubt {
        tally.note(note);
    }
    if let [Adds::Answer(answer)] = group.adds.as_slice() {
        let yes = group.rung == Rung::Numerator;
        let sum = tally.surveyed.get_or_insert_default();
        if answer.clone().add_to(sum, yes).is_none() {
            tally.refused = true;
        }
    }
    match group.rung {
        Rung::Out(_) => {}
        Rung::NotReached(_, note) | Rung::SetAside(_, note) | Rung::LeftOut(note) => tally.note(note),
        Rung::Denominator => {
            tally.denominator += 1;
            if kind == Kind::Document && !group.history_missing {
                tell(tally, group.day, Entry::Amiss);
            }
            if group.history_missing {
                tally.note(Note::HistoryMissing);
                tally.flags.insert(Flag::PartlyCovered);
            }
        }
        Rung::Unjudged(note) => {
            tally.denominator += 1;
            tally.note(note);
        }
        Rung::Numerator => {
            tally.denominator += 1;
            tally.numerator += 1;
            if let Some(entry) = entry(kind, &group.adds) {
                tell(tally, group.day, entry);
            } else if kind == Kind::Narrative {
                tally.note(Note::Unknown);
            } else {
                add(tally, kind, group.adds.clone());
            }
        }
    }
}

/// What a record tells, of a kind that is told and not counted.
fn entry(kind: Kind, adds: &[Adds]) -> Option<Entry> {
    match (kind, adds) {
        (Kind::Document, _) => Some(Entry::Received),
        (Kind::Score, [Adds::Value(score)]) => Some(Entry::Score(*score)),
        (Kind::Narrative, [Adds::Category(words)]) if words != UNKNOWN_CATEGORY => {
            Some(Entry::Words(words.clone()))
        }
        _ => None,
    }
}

/// Keeps what was told last.
fn tell(tally: &mut Tally, day: Option<NaiveDate>, entry: Entry) {
    // A record without a day belongs to no period, and does not come here.
    let Some(day) = day else { return tally.note(Note::Unknown) };
    let told = State::Latest { day, entries: [entry].into() };
    tally.latest = Some(match tally.latest.take() {
        Some(held) => held.combine(told),
        None => told,
    });
}

/// Adds what a group measures. Where its records disagree, none of them is believed: the group is in no
/// category but `unknown`, so that categories still add up, and in no mean or median.
fn add(tally: &mut Tally, kind: Kind, mut adds: Vec<Adds>) {
    if adds.len() > 1 {
        tally.note(Note::Contradictory);
        adds.clear();
        if kind == Kind::Distribution {
            adds.push(Adds::Category(UNKNOWN_CATEGORY.to_owned()));
        }
    }
    for added in adds {
        match added {
            Adds::Value(value) => *tally.values.entry(value).or_default() += 1,
            Adds::Category(category) => *tally.categories.entry(category).or_default() += 1,
            // Added whatever its rung.
            Adds::Answer(_) => {}
        }
    }
}

fn finish(tally: Tally, categories: &[&str], kind: Kind) -> State {
    match kind {
        Kind::Proportion => {
            State::Counted { numerator: tally.numerator, denominator: Some(tally.denominator) }
        }
        Kind::Score | Kind::Document | Kind::Narrative => {
            tally.latest.unwrap_or(State::Absent(Reason::NotReported(NotReported::NoEntry)))
        }
        Kind::SurveyProportion if tally.refused => {
            State::Absent(Reason::Refused("the sum of weights does not fit".to_owned()))
        }
        Kind::SurveyProportion => State::Survey(tally.surveyed.unwrap_or_default().into()),
        Kind::Mean => mean(&tally.values),
        Kind::Median | Kind::Duration => State::Values(tally.values),
        Kind::Distribution => {
            let mut counts = tally.categories;
            for category in categories.iter().copied().chain([UNKNOWN_CATEGORY]) {
                counts.entry(category.to_owned()).or_default();
            }
            State::Categories(counts)
        }
        _ => State::Counted { numerator: tally.numerator, denominator: None },
    }
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

/// A whole number or decimal, exactly.
pub(crate) fn exact(value: &Value) -> Option<Exact> {
    match value {
        Value::Int(n) => Some(Exact::from(*n)),
        Value::Decimal(n) => Exact::new(n.mantissa(), 10i128.checked_pow(n.scale())?),
        Value::Bool(_) | Value::Text(_) | Value::Date(_) => None,
    }
}
