//! Questions about related records: each pair of a record and a related one is a lane of its own.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use staysafe::check::tree::{LinkNode, Node, NodeKind};
use staysafe::definition::predicate::Question;
use staysafe::result::Note;

use super::choose::{Choice, choose};
use super::evaluate::{Context, Rows, Scope, evaluate};
use super::keys::{Cell, NO_GROUP};
use super::lanes::{Lanes, Run, Values};
use super::standing::{
    BLANK, KNOWN, NO, Refusal, UNKNOWN, YES, doubt, is_blank, is_refused, refused, unknown,
};
use super::window;

/// The related records of every lane, in the order of the lanes.
struct Pairs {
    /// Of each lane where its pairs begin, and behind the last where they end; and a standing where none can be told.
    starts: Vec<usize>,
    without_key: Vec<bool>,
    /// Of each pair its lane.
    lanes: Vec<u32>,
    /// Of each pair the related row.
    rows: Vec<u32>,
}

/// What the filter leaves of a lane's related records.
#[derive(Debug, Clone, Default)]
struct Left {
    /// The pairs kept, as places among all that were kept.
    from: usize,
    to: usize,
    unsure: Option<Note>,
    /// Why the lane has no answer.
    refused: Option<u8>,
}

pub(super) fn related<'f>(context: &Context<'f>, scope: &Scope<'f, '_>, link: &LinkNode) -> Lanes<'f> {
    let (Some((from, ours)), Some(to)) = (scope.frames.get(link.from_frame), context.tables.frame(&link.to))
    else {
        return Lanes::nothing(UNKNOWN);
    };
    let index = to.index(&link.theirs);
    let groups = to.linked(&index, from, &link.ours, &link.theirs);
    if let Some(counted) = window::counted(context, scope, link, (to, &index), &groups) {
        return counted;
    }
    let mut pairs = Pairs {
        starts: Vec::with_capacity(scope.lanes + 1),
        without_key: Vec::with_capacity(scope.lanes),
        lanes: Vec::new(),
        rows: Vec::new(),
    };
    for lane in 0..scope.lanes {
        pairs.starts.push(pairs.rows.len());
        let group = groups.at(ours.row(lane));
        // Without our side of the key we cannot say which records are related.
        pairs.without_key.push(group == NO_GROUP);
        pairs.rows.extend_from_slice(index.group(group));
        pairs.lanes.resize(pairs.rows.len(), u32::try_from(lane).unwrap_or(u32::MAX));
    }
    pairs.starts.push(pairs.rows.len());
    let (left, kept) = filtered(context, scope, link, to, &pairs);
    answer(context, scope, link, to, &pairs, &left, &kept)
}

/// The records in scope for some pairs.
fn inside<'f, 's>(
    scope: &Scope<'f, 's>,
    to: &'f super::frame::Frame<'f>,
    asked: &BTreeSet<usize>,
    lanes: &[u32],
    rows: Vec<u32>,
) -> Scope<'f, 's> {
    let outer = scope.frames.iter().enumerate().map(|(number, (frame, rows))| {
        if !asked.contains(&number) {
            return (*frame, Rows::List(Cow::Borrowed(&[][..])));
        }
        let of = |lane: &u32| u32::try_from(rows.row(usize::try_from(*lane).unwrap_or(usize::MAX)));
        (*frame, Rows::List(Cow::Owned(lanes.iter().map(|lane| of(lane).unwrap_or(u32::MAX)).collect())))
    });
    let mut frames: Vec<_> = outer.collect();
    let count = rows.len();
    frames.push((to, Rows::List(Cow::Owned(rows))));
    let times = scope.times.as_ref().map(|(moments, times)| {
        let of = |lane: &u32| times.get(usize::try_from(*lane).ok()?).copied();
        (*moments, lanes.iter().map(|lane| of(lane).unwrap_or_default()).collect())
    });
    Scope { frames, lanes: count, times }
}

/// The records in scope that some expressions ask about, by their places.
pub(super) fn asked<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> BTreeSet<usize> {
    fn frames(node: &Node, found: &mut BTreeSet<usize>) {
        match &node.kind {
            NodeKind::Field(field) => {
                found.insert(field.frame);
            }
            NodeKind::Link(link) => {
                found.insert(link.from_frame);
            }
            NodeKind::Within(clock) => {
                let fields = [&clock.start, &clock.stop].into_iter().chain(&clock.limit_at);
                found.extend(fields.map(|field| field.frame));
            }
            _ => {}
        }
        for child in node.children() {
            frames(child, found);
        }
    }
    let mut found = BTreeSet::new();
    nodes.into_iter().for_each(|node| frames(node, &mut found));
    found
}

/// The pairs that surely match, by their places; and lane by lane which they are.
fn filtered<'f>(
    context: &Context<'f>,
    scope: &Scope<'f, '_>,
    link: &LinkNode,
    to: &'f super::frame::Frame<'f>,
    pairs: &Pairs,
) -> (Vec<Left>, Vec<u32>) {
    let chosen = link.filter.as_ref().map(|filter| {
        let inner = inside(scope, to, &asked([filter]), &pairs.lanes, pairs.rows.clone());
        evaluate(context, &inner, filter)
    });
    let mut kept: Vec<u32> = Vec::new();
    let mut all = Vec::with_capacity(scope.lanes);
    for lane in 0..scope.lanes {
        let (from, to) = (pairs.starts.get(lane), pairs.starts.get(lane + 1));
        let mut left = Left { from: kept.len(), ..Left::default() };
        for pair in from.copied().unwrap_or_default()..to.copied().unwrap_or_default() {
            let standing = chosen.as_ref().map_or(YES, |chosen| chosen.standing(pair));
            if is_refused(standing) {
                left.refused = Some(standing);
                break;
            }
            if standing == YES {
                kept.extend(u32::try_from(pair));
            } else if let Some(note) = doubt(standing) {
                left.unsure = Some(left.unsure.map_or(note, |before| before.min(note)));
            }
        }
        if pairs.without_key.get(lane).copied().unwrap_or(true) {
            left.refused = Some(UNKNOWN);
        }
        left.to = kept.len();
        all.push(left);
    }
    (all, kept)
}

fn answer<'f>(
    context: &Context<'f>,
    scope: &Scope<'f, '_>,
    link: &LinkNode,
    to: &'f super::frame::Frame<'f>,
    pairs: &Pairs,
    left: &[Left],
    kept: &[u32],
) -> Lanes<'f> {
    let of = |all: &[u32]| -> Vec<u32> {
        kept.iter().filter_map(|pair| all.get(usize::try_from(*pair).ok()?).copied()).collect()
    };
    let nodes = link.field.iter().chain(&link.condition).chain(&link.order);
    let inner = inside(scope, to, &asked(nodes), &of(&pairs.lanes), of(&pairs.rows));
    let each = |node: &Option<Node>| node.as_ref().map(|node| evaluate(context, &inner, node));
    let truth = |one: &dyn Fn(&Left) -> u8| {
        Lanes::truth(Run::Each(left.iter().map(|left| left.refused.unwrap_or_else(|| one(left))).collect()))
    };
    let unsure = |left: &Left| left.unsure.map(unknown);
    match link.question {
        // One that surely matches settles it, whatever is unknown about the others.
        Question::Any => truth(&|left| if left.from < left.to { YES } else { unsure(left).unwrap_or(NO) }),
        Question::All => {
            let condition = each(&link.condition);
            truth(&|left| all(left, condition.as_ref()))
        }
        Question::Count => {
            let field = link.distinct.then(|| each(&link.field)).flatten();
            let one = |left: &Left| match left.refused.or_else(|| unsure(left)) {
                Some(standing) => (0, standing),
                None if link.distinct => distinct(left, field.as_ref()),
                None => (whole(left.to - left.from), KNOWN),
            };
            let (counts, standing): (Vec<i64>, Vec<u8>) = left.iter().map(one).unzip();
            Lanes { values: Values::Whole(Run::Each(counts.into())), standing: Run::Each(standing.into()) }
        }
        Question::Sum => sum(left, each(&link.field).as_ref()),
        Question::Min | Question::Max => {
            let Some(field) = each(&link.field) else { return Lanes::nothing(UNKNOWN) };
            let greatest = link.question == Question::Max;
            picked(left, &field, |left| extreme(context, left, greatest, &field))
        }
        Question::First | Question::Last => {
            let Some(field) = each(&link.field) else { return Lanes::nothing(UNKNOWN) };
            let order: Vec<Lanes<'_>> =
                link.order.iter().map(|node| evaluate(context, &inner, node)).collect();
            let last = link.question == Question::Last;
            picked(left, &field, |left| pick(context, left, last, &order, &field))
        }
    }
}

/// The value of one of the pairs of each lane, or why there is none.
fn picked<'f>(left: &[Left], field: &Lanes<'_>, of: impl Fn(&Left) -> Result<usize, u8>) -> Lanes<'f> {
    let chosen: Vec<Result<usize, u8>> = left
        .iter()
        .map(|left| match left.refused.or_else(|| left.unsure.map(unknown)) {
            Some(standing) => Err(standing),
            None => of(left),
        })
        .collect();
    let places: Vec<u32> =
        chosen.iter().map(|place| place.map_or(0, |place| u32::try_from(place).unwrap_or(0))).collect();
    // A lane without a choice takes any value, and stands for none.
    if matches!(field.standing, Run::Each(ref all) if all.is_empty()) {
        let standing = chosen.iter().map(|place| place.err().unwrap_or(BLANK)).collect();
        return Lanes { values: Values::Nothing, standing: Run::Each(standing) };
    }
    let taken = field.take(&places);
    let choices = chosen.iter().map(|place| place.map_or_else(Choice::Standing, |_| Choice::Option(0)));
    choose(&[taken], choices)
}

/// True over none; false as soon as one surely fails.
fn all(left: &Left, condition: Option<&Lanes<'_>>) -> u8 {
    let mut unsure = left.unsure;
    for pair in left.from..left.to {
        let standing = condition.map_or(YES, |condition| condition.standing(pair));
        match doubt(standing) {
            Some(note) => unsure = Some(unsure.map_or(note, |before| before.min(note))),
            None if is_refused(standing) => return standing,
            None if standing != YES => return NO,
            None => {}
        }
    }
    unsure.map_or(YES, unknown)
}

/// A lane's value as a number that is equal for equal values.
fn cell(lanes: &Lanes<'_>, lane: usize) -> Cell {
    match &lanes.values {
        Values::Truth => Cell::from(lanes.standing(lane)),
        Values::Days(run) => Cell::from(run.at(lane).unwrap_or_default().cast_unsigned()),
        Values::Whole(run) => Cell::from(run.at(lane).unwrap_or_default().cast_unsigned()),
        Values::Decimal(run) => Cell::from_le_bytes(run.at(lane).unwrap_or_default().normalize().serialize()),
        Values::Words(run) => Cell::from(run.at(lane).unwrap_or_default()),
        Values::Nothing => 0,
    }
}

fn distinct(left: &Left, field: Option<&Lanes<'_>>) -> (i64, u8) {
    let mut values = Vec::with_capacity(left.to - left.from);
    for pair in left.from..left.to {
        let Some(field) = field else {
            values.push(0);
            continue;
        };
        if field.is_known(pair) {
            values.push(cell(field, pair));
        } else if !is_blank(field.standing(pair)) {
            // Blanks are not counted, as in SQL.
            return (0, field.standing(pair));
        }
    }
    values.sort_unstable();
    values.dedup();
    (whole(values.len()), KNOWN)
}

fn sum<'f>(left: &[Left], field: Option<&Lanes<'_>>) -> Lanes<'f> {
    let Some(field) = field else { return Lanes::nothing(UNKNOWN) };
    // The first without a value decides; before it the numbers are added.
    let stop = |left: &Left| {
        let first = (left.from..left.to).find(|pair| !field.is_known(*pair));
        left.refused
            .or_else(|| left.unsure.map(unknown))
            .map_or((left.to, first.map(|pair| (pair, field.standing(pair)))), |standing| {
                (left.from, Some((left.from, standing)))
            })
    };
    if let Values::Decimal(numbers) = &field.values {
        let one = |left: &Left| {
            let (to, stopped) = stop(left);
            let to = stopped.map_or(to, |(pair, _)| pair);
            let total =
                (left.from..to).try_fold(Decimal::ZERO, |sum, pair| sum.checked_add(numbers.at(pair)?));
            match (total, stopped) {
                (None, _) => (Decimal::ZERO, refused(Refusal::TooLarge)),
                (_, Some((_, standing))) => (Decimal::ZERO, standing),
                (Some(total), None) => (total, KNOWN),
            }
        };
        let (totals, standing): (Vec<Decimal>, Vec<u8>) = left.iter().map(one).unzip();
        return Lanes {
            values: Values::Decimal(Run::Each(totals.into())),
            standing: Run::Each(standing.into()),
        };
    }
    let one = |left: &Left| {
        let (to, stopped) = stop(left);
        let to = stopped.map_or(to, |(pair, _)| pair);
        let number = |pair: usize| match &field.values {
            Values::Whole(numbers) => Ok(numbers.at(pair).unwrap_or_default()),
            _ => Err(refused(Refusal::ArithmeticOn(field.ty().unwrap_or(staysafe::value::Type::Bool)))),
        };
        let total = (left.from..to)
            .try_fold(0i64, |sum, pair| sum.checked_add(number(pair)?).ok_or(refused(Refusal::TooLarge)));
        match (total, stopped) {
            (Err(standing), _) | (_, Some((_, standing))) => (0, standing),
            (Ok(total), None) => (total, KNOWN),
        }
    };
    let (totals, standing): (Vec<i64>, Vec<u8>) = left.iter().map(one).unzip();
    Lanes { values: Values::Whole(Run::Each(totals.into())), standing: Run::Each(standing.into()) }
}

fn extreme(context: &Context<'_>, left: &Left, greatest: bool, field: &Lanes<'_>) -> Result<usize, u8> {
    let wanted = if greatest { Ordering::Greater } else { Ordering::Less };
    let mut best: Option<usize> = None;
    for pair in left.from..left.to {
        if field.is_known(pair) {
            let order = best.and_then(|best| field.order(pair, field, best, context.words));
            if order.is_none_or(|order| order == wanted) {
                best = Some(pair);
            }
        } else if !is_blank(field.standing(pair)) {
            return Err(field.standing(pair));
        }
    }
    best.ok_or(BLANK)
}

/// The first (or last) pair by an order; records that tie and differ leave it unknown.
fn pick(
    context: &Context<'_>,
    left: &Left,
    last: bool,
    order: &[Lanes<'_>],
    field: &Lanes<'_>,
) -> Result<usize, u8> {
    let mut best: Option<(usize, Result<usize, u8>)> = None;
    for pair in left.from..left.to {
        for part in order {
            if !part.is_known(pair) {
                let standing = part.standing(pair);
                return Err(if is_blank(standing) { UNKNOWN } else { standing });
            }
        }
        best = Some(match best {
            None => (pair, Ok(pair)),
            Some((held, value)) => {
                let order = order
                    .iter()
                    .map(|part| part.order(pair, part, held, context.words).unwrap_or(Ordering::Equal))
                    .find(|order| *order != Ordering::Equal)
                    .unwrap_or(Ordering::Equal);
                match if last { order } else { order.reverse() } {
                    Ordering::Greater => (pair, Ok(pair)),
                    Ordering::Equal if !value.is_ok_and(|value| same(field, pair, value)) => {
                        (held, Err(unknown(Note::Contradictory)))
                    }
                    _ => (held, value),
                }
            }
        });
    }
    match best {
        None => Err(BLANK),
        Some((_, Err(standing))) => Err(standing),
        // A value that is blank stands as its field says.
        Some((_, Ok(place))) => Ok(place),
    }
}

fn same(field: &Lanes<'_>, one: usize, other: usize) -> bool {
    field.standing(one) == field.standing(other)
        && (!field.is_known(one) || cell(field, one) == cell(field, other))
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
