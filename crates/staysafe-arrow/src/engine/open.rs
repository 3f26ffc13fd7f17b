//! Cases that still run on the period's last day: a timeliness figure of those that stopped says nothing of them.

use std::collections::BTreeMap;

use staysafe::check::tree::{CheckedClock, CheckedLadder, Node};
use staysafe::result::Note;

use super::calendar::limit_at;
use super::column::number_of;
use super::evaluate::{Context, Scope, evaluate, read};
use super::frame::Frame;
use super::keys::{Cell, key};
use super::ladder::Counted;
use super::lanes::Lanes;
use super::sorted::Sorted;
use super::standing::{NO, YES, is_blank, words};
use super::tally::Tallies;

/// How an open case stands against its clock on the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    InTime,
    Late,
    CannotBeJudged,
}

/// A clock with what it reads, lane by lane.
struct Read<'f> {
    start: Lanes<'f>,
    stop: Lanes<'f>,
    picks: Option<Lanes<'f>>,
    open: Option<Lanes<'f>>,
}

/// What an open case is counted as.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counts {
    Row(usize),
    Key(Box<[Cell]>),
}

/// Counts the open cases of the clocks that the numerator asks: in time so far, and late.
///
/// # Errors
/// The words of a refused expression.
pub(crate) fn count<'f>(
    context: &Context<'f>,
    frame: &'f Frame<'f>,
    ladder: &CheckedLadder,
    sorted: &mut Sorted<'_, '_>,
    tallies: &mut Tallies<Counted>,
) -> Result<(), String> {
    let clocks = ladder.clocks();
    let last = number_of(context.moment.last);
    if clocks.is_empty() || !frame.speaks.shows_stock(last) {
        return Ok(());
    }
    let found = running(context, frame, ladder, &clocks);
    let rows: Vec<u32> = found.iter().map(|(row, _)| *row).collect();
    let standings = sorted.of(context, frame, &rows, (&ladder.table, 0));
    if let Some((_, standing)) = standings.refused {
        return Err(words(standing));
    }
    let fields = counted_fields(ladder, &clocks);
    let mut groups: BTreeMap<(u32, Counts), (Note, u32)> = BTreeMap::new();
    for ((row, note), (place, categories)) in
        found.iter().zip(standings.places.iter().zip(&standings.categories))
    {
        let at = usize::try_from(*row).unwrap_or(usize::MAX);
        let key = fields.as_ref().and_then(|fields| key(frame, fields, at));
        let key = key.map_or(Counts::Row(at), Counts::Key);
        match groups.get_mut(&(*place, key.copied())) {
            Some((held, of)) => {
                *held = (*note).min(*held);
                *of = sorted.join(*of, *categories);
            }
            None => {
                groups.insert((*place, key), (*note, *categories));
            }
        }
    }
    tallies.each(|tally| {
        tally.notes.entry(Note::OpenInTime).or_default();
        tally.notes.entry(Note::OpenLate).or_default();
    });
    for ((place, _), (note, categories)) in groups {
        for cubicle in sorted.cubicles(place, categories).0.iter() {
            tallies.of(*cubicle).note(note);
        }
    }
    Ok(())
}

impl Counts {
    fn copied(&self) -> Self {
        match self {
            Self::Row(row) => Self::Row(*row),
            Self::Key(key) => Self::Key(key.clone()),
        }
    }
}

/// Rows whose case still runs, each with the counter it raises.
fn running<'f>(
    context: &Context<'f>,
    frame: &'f Frame<'f>,
    ladder: &CheckedLadder,
    clocks: &[&CheckedClock],
) -> Vec<(u32, Note)> {
    let last = number_of(context.moment.last);
    let scope = Scope::all(frame);
    let of = |node: &Node| evaluate(context, &scope, node);
    let (population, exclude) = (ladder.population.as_ref().map(of), ladder.exclude.as_ref().map(of));
    let reads: Vec<Read<'_>> = clocks
        .iter()
        .map(|clock| Read {
            start: read(&scope, &clock.start),
            stop: read(&scope, &clock.stop),
            picks: clock.limit_at.as_ref().map(|field| read(&scope, field)),
            open: clock.open.as_ref().map(of),
        })
        .collect();
    let holds =
        |lanes: &Option<Lanes<'_>>, row: usize| lanes.as_ref().map(|lanes| lanes.standing(row) == YES);
    let mut found = Vec::new();
    for row in 0..frame.rows {
        if holds(&population, row) == Some(false) || holds(&exclude, row) == Some(true) {
            continue;
        }
        let mut worst: Option<Runs> = None;
        for (clock, reads) in clocks.iter().zip(&reads) {
            let begun = reads.start.day(row).is_some_and(|start| start <= last);
            let stopped = match reads.stop.day(row) {
                Some(stop) => stop <= last,
                None => !is_blank(reads.stop.standing(row)),
            };
            if !begun || stopped || holds(&reads.open, row) == Some(false) {
                continue;
            }
            let runs = stands(context, clock, reads, row, last);
            // Of several clocks one that is late decides, or else the last.
            if runs == Runs::Late || worst != Some(Runs::Late) {
                worst = Some(runs);
            }
        }
        let note = match worst {
            Some(Runs::Late) => Note::OpenLate,
            Some(Runs::InTime) => Note::OpenInTime,
            Some(Runs::CannotBeJudged) | None => continue,
        };
        found.extend(u32::try_from(row).map(|row| (row, note)));
    }
    found
}

fn stands(context: &Context<'_>, clock: &CheckedClock, reads: &Read<'_>, row: usize, last: i32) -> Runs {
    let start = reads.start.day(row);
    let picked = reads.picks.as_ref().map_or(start, |picks| picks.day(row));
    let limit = picked.and_then(|day| limit_at(&clock.limit, day));
    let Some((start, limit)) = start.zip(limit) else { return Runs::CannotBeJudged };
    match context.calendar.in_time(start, last.max(start), limit) {
        YES => Runs::InTime,
        NO => Runs::Late,
        _ => Runs::CannotBeJudged,
    }
}

/// The fields an open case is counted by: as the figure counts, less the day on which it has not stopped yet.
fn counted_fields(ladder: &CheckedLadder, clocks: &[&CheckedClock]) -> Option<Vec<usize>> {
    let stops = |name: &str| clocks.iter().any(|clock| clock.stop.name == name);
    let fields = ladder.counted.as_ref()?.iter().filter(|field| !stops(&field.name));
    Some(fields.map(|field| field.index).collect::<Vec<_>>()).filter(|fields| !fields.is_empty())
}
