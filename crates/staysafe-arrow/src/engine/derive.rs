//! Derived tables in columns, step by step.

use std::cmp::Ordering;
use std::sync::Arc;

use staysafe::check::tree::{CheckedChain, CheckedDerived, CheckedStep, CheckedTake, FieldRef, Node};
use staysafe::definition::dataset::Dataset;

use super::column::{Column, blank, number_of};
use super::evaluate::{Context, Rows, Scope, evaluate};
use super::frame::Frame;
use super::keys::NO_GROUP;
use super::lanes::{Lanes, Run, Values};
use super::schedule;
use super::standing::{KNOWN, YES, doubt, is_refused, words, yes_no};

/// What a step makes: its columns, and of each row the row it was made from.
pub(super) struct Made {
    pub(super) columns: Vec<Option<Column>>,
    pub(super) from: Vec<u32>,
    pub(super) unplaced: u64,
}

/// The table; nothing where the one it comes from is not there.
///
/// # Errors
/// The words of a refused predicate.
pub(crate) fn derive<'a>(
    context: &Context<'_>,
    from: Option<&Arc<Frame<'a>>>,
    derived: &'a CheckedDerived,
) -> Result<Option<Arc<Frame<'a>>>, String> {
    let Some(from) = from else { return Ok(None) };
    let mut before = Arc::clone(from);
    for (step, after) in derived.steps.iter().zip(&derived.stages) {
        let Made { columns, from, unplaced } = step_rows(context, &before, step, after)?;
        let origins = if before.origins.is_empty() {
            Vec::new()
        } else {
            let origin = |row: &u32| before.origins.get(usize::try_from(*row).ok()?).copied();
            from.iter().filter_map(origin).collect()
        };
        let mut frame = Frame::made(after, columns, from.len(), Arc::clone(&before.speaks));
        frame.origins = origins;
        frame.unplaced = before.unplaced + unplaced;
        before = Arc::new(frame);
    }
    Ok(Some(before))
}

fn step_rows(
    context: &Context<'_>,
    frame: &Frame<'_>,
    step: &CheckedStep,
    after: &Dataset,
) -> Result<Made, String> {
    match step {
        CheckedStep::Filter(keep) => {
            let kept = surely(&evaluate(context, &Scope::all(frame), keep), frame.rows)?;
            Ok(rows_of(frame, kept, 0))
        }
        CheckedStep::Pick { key, order, last, as_at } => {
            let day = as_at.then(|| number_of(context.moment.last));
            Ok(pick(context, frame, key, order, *last, day))
        }
        CheckedStep::Chain(chain) => chained(context, frame, chain, after),
        CheckedStep::Schedule(schedule) => schedule::rows(context, frame, schedule, after),
    }
}

/// The lanes in which a predicate surely holds.
///
/// # Errors
/// The words of the first refusal.
pub(super) fn surely(lanes: &Lanes<'_>, count: usize) -> Result<Vec<u32>, String> {
    let mut kept = Vec::new();
    for (lane, standing) in lanes.standing.iter(count).enumerate() {
        if is_refused(standing) {
            return Err(words(standing));
        }
        if standing == YES {
            kept.extend(u32::try_from(lane));
        }
    }
    Ok(kept)
}

/// Some rows as they are.
fn rows_of(frame: &Frame<'_>, rows: Vec<u32>, unplaced: u64) -> Made {
    let columns = frame.columns().map(|column| column.map(|column| column.pick(&rows))).collect();
    Made { columns, from: rows, unplaced }
}

/// The values of some rows under another field: a blank stands as that field says.
pub(super) fn under(
    frame: &Frame<'_>,
    field: &FieldRef,
    rows: &[u32],
    after: &Dataset,
    position: usize,
) -> Option<Column> {
    let missing = blank(after.fields.get(position)?.missing);
    Some(match frame.column(field.index) {
        Some(column) => column.pick(rows).with_blanks(missing),
        None => Column::of(Lanes::nothing(missing), rows.len()),
    })
}

fn positions(fields: &[FieldRef]) -> Vec<usize> {
    fields.iter().map(|field| field.index).collect()
}

/// How two rows compare by some fields that both have.
fn by_fields(context: &Context<'_>, frame: &Frame<'_>, fields: &[usize], a: u32, b: u32) -> Ordering {
    let order = |field: &usize| {
        let lanes = frame.column(*field)?.take(&[a, b]);
        lanes.order(0, &lanes, 1, context.words)
    };
    fields.iter().filter_map(order).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

fn has(frame: &Frame<'_>, fields: &[usize], row: u32) -> bool {
    let Ok(row) = usize::try_from(row) else { return false };
    fields.iter().all(|field| frame.column(*field).is_some_and(|column| column.is_known(row)))
}

/// One row of each key: the first or last by the order; of rows that tie, the one that stands first.
fn pick(
    context: &Context<'_>,
    frame: &Frame<'_>,
    key: &[FieldRef],
    order: &[FieldRef],
    last: bool,
    as_at: Option<i32>,
) -> Made {
    let index = frame.index(&positions(key));
    let order = positions(order);
    let mut unplaced = 0;
    let mut best: Vec<Option<u32>> = vec![None; index.len()];
    for (row, group) in (0u32..).zip(index.of_row().iter()) {
        if *group == NO_GROUP || !has(frame, &order, row) {
            unplaced += 1;
            continue;
        }
        let at = order.first().and_then(|field| frame.day(*field, usize::try_from(row).ok()?));
        if as_at.zip(at).is_some_and(|(day, at)| at > day) {
            continue;
        }
        let Some(held) = usize::try_from(*group).ok().and_then(|group| best.get_mut(group)) else { continue };
        let wanted = if last { Ordering::Greater } else { Ordering::Less };
        if held.is_none_or(|held| by_fields(context, frame, &order, row, held) == wanted) {
            *held = Some(row);
        }
    }
    let mut rows: Vec<u32> = best.into_iter().flatten().collect();
    rows.sort_unstable();
    rows_of(frame, rows, unplaced)
}

/// Islands: rows of one key that follow on become one row.
fn chained(
    context: &Context<'_>,
    frame: &Frame<'_>,
    chain: &CheckedChain,
    after: &Dataset,
) -> Result<Made, String> {
    let (key, order) = (positions(&chain.key), positions(&chain.order));
    let index = frame.index(&key);
    let placed = |row: &u32| has(frame, &key, *row) && has(frame, &order, *row);
    let rows = u32::try_from(frame.rows).unwrap_or(u32::MAX);
    let unplaced = (0..rows).filter(|row| !placed(row)).count();
    let mut groups: Vec<Vec<u32>> = (0u32..)
        .take(index.len())
        .map(|group| index.group(group).iter().copied().filter(placed).collect::<Vec<u32>>())
        .filter(|group| !group.is_empty())
        .collect();
    let first = |group: &Vec<u32>| group.first().copied().unwrap_or_default();
    groups.sort_by(|a, b| by_fields(context, frame, &key, first(a), first(b)));
    let mut ordered: Vec<(u32, usize)> = Vec::new();
    for (number, mut group) in groups.into_iter().enumerate() {
        group.sort_by(|a, b| by_fields(context, frame, &order, *a, *b));
        ordered.extend(group.into_iter().map(|row| (row, number)));
    }
    if let Some(skip) = &chain.skip {
        let rows: Vec<u32> = ordered.iter().map(|(row, _)| *row).collect();
        let skipped = evaluate(context, &Scope::list(frame, &rows), skip);
        let gone = surely(&skipped, rows.len())?;
        let mut gone = gone.into_iter().peekable();
        let mut at = 0u32;
        ordered.retain(|_| {
            let skip = gone.next_if_eq(&at).is_some();
            at += 1;
            !skip
        });
    }
    let islands = islands(context, frame, &chain.joins_when, &ordered)?;
    outputs(context, frame, chain, after, &ordered, &islands, u64::try_from(unplaced).unwrap_or(u64::MAX))
}

/// Where each island begins and ends among the ordered rows.
fn islands(
    context: &Context<'_>,
    frame: &Frame<'_>,
    joins_when: &Node,
    ordered: &[(u32, usize)],
) -> Result<Vec<(usize, usize)>, String> {
    let pairs: Vec<usize> = (1..ordered.len())
        .filter(|at| match (ordered.get(at - 1), ordered.get(*at)) {
            (Some((_, before)), Some((_, this))) => before == this,
            _ => false,
        })
        .collect();
    let row = |at: usize| ordered.get(at).map_or(u32::MAX, |(row, _)| *row);
    let these: Vec<u32> = pairs.iter().map(|at| row(*at)).collect();
    let before: Vec<u32> = pairs.iter().map(|at| row(at - 1)).collect();
    let scope = Scope {
        lanes: these.len(),
        frames: vec![(frame, Rows::List(these.into())), (frame, Rows::List(before.into()))],
        times: None,
    };
    let joins = surely(&evaluate(context, &scope, joins_when), scope.lanes)?;
    let joined = joins.iter().filter_map(|lane| pairs.get(usize::try_from(*lane).ok()?).copied());
    let mut joined = joined.peekable();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in 0..ordered.len() {
        match found.last_mut() {
            Some((_, end)) if joined.next_if_eq(&at).is_some() => *end = at + 1,
            _ => found.push((at, at + 1)),
        }
    }
    Ok(found)
}

fn outputs(
    context: &Context<'_>,
    frame: &Frame<'_>,
    chain: &CheckedChain,
    after: &Dataset,
    ordered: &[(u32, usize)],
    islands: &[(usize, usize)],
    unplaced: u64,
) -> Result<Made, String> {
    let row = |at: usize| ordered.get(at).map_or(u32::MAX, |(row, _)| *row);
    let firsts: Vec<u32> = islands.iter().map(|(from, _)| row(*from)).collect();
    let lasts: Vec<u32> = islands.iter().map(|(_, to)| row(to - 1)).collect();
    let every: Vec<u32> = ordered.iter().map(|(row, _)| *row).collect();
    let mut columns: Vec<Option<Column>> = chain
        .key
        .iter()
        .enumerate()
        .map(|(position, field)| under(frame, field, &firsts, after, position))
        .collect();
    for output in &chain.outputs {
        let position = columns.len();
        let column = match &output.take {
            CheckedTake::First(field) => under(frame, field, &firsts, after, position),
            CheckedTake::Last(field) => under(frame, field, &lasts, after, position),
            CheckedTake::HoldsOfFirst(node) => {
                let found = evaluate(context, &Scope::list(frame, &firsts), node);
                surely(&found, firsts.len())?;
                let held = found.standing.map(|standing| yes_no(standing == YES));
                Some(Column::of(Lanes::truth(held), firsts.len()))
            }
            CheckedTake::Any(node) => {
                let found = evaluate(context, &Scope::list(frame, &every), node);
                let missing = after.fields.get(position).map_or(super::standing::BLANK, |f| blank(f.missing));
                let any = |(from, to): &(usize, usize)| any(&found, *from..*to, missing);
                let held: Vec<u8> = islands.iter().map(any).collect::<Result<_, _>>()?;
                Some(Column::of(Lanes::truth(Run::Each(held.into())), firsts.len()))
            }
            CheckedTake::Rows => {
                let counts = islands.iter().map(|(from, to)| i64::try_from(to - from).unwrap_or(i64::MAX));
                let values = Values::Whole(Run::Each(counts.collect()));
                Some(Column::of(Lanes { values, standing: Run::Same(KNOWN) }, firsts.len()))
            }
        };
        columns.push(column);
    }
    Ok(Made { columns, from: firsts, unplaced })
}

/// Yes as soon as one surely is; blank where one may be.
fn any(found: &Lanes<'_>, mut island: std::ops::Range<usize>, missing: u8) -> Result<u8, String> {
    let mut unsure = false;
    let decided = island.find_map(|at| {
        let standing = found.standing(at);
        unsure |= doubt(standing).is_some();
        (standing == YES || is_refused(standing)).then_some(standing)
    });
    match decided {
        Some(YES) => Ok(YES),
        Some(standing) => Err(words(standing)),
        None => Ok(if unsure { missing } else { yes_no(false) }),
    }
}
