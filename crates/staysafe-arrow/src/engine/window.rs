//! Questions about related records that their days in order answer: how many of a date lie between two days.
//!
//! `count(DISTINCT e.start FROM episodes AS e WHERE e.start >= window_first_day AND e.start <= period_last_day)` needs no
//! pair of records: the days of each group lie in order, and the window is a stretch of them.

use staysafe::check::tree::{Comparison, LinkNode, Node, NodeKind};
use staysafe::definition::predicate::Question;

use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::keys::{Grouped, Index, NO_GROUP};
use super::lanes::{Lanes, Run, Values};
use super::link::asked;
use super::standing::{KNOWN, UNKNOWN, yes_no};

/// More days of one group than this are searched, fewer are looked through.
const FEW: usize = 16;

/// What a link asks of one date of the related records.
pub(super) struct Window<'n> {
    pub(super) field: usize,
    /// Each day is this one or later, this one or earlier.
    least: Vec<&'n Node>,
    most: Vec<&'n Node>,
    /// Each day is later than this one, earlier than this one.
    after: Vec<&'n Node>,
    before: Vec<&'n Node>,
}

/// The answers, where the days of the related records are enough for them.
pub(super) fn counted<'f>(
    context: &Context<'f>,
    scope: &Scope<'f, '_>,
    link: &LinkNode,
    (to, index): (&'f Frame<'f>, &Index),
    groups: &Grouped,
) -> Option<Lanes<'f>> {
    let window = Window::of(link, scope.frames.len())?;
    let days = to.days_by_group(&link.theirs, window.field)?;
    let (first, last) = window.bounds(context, scope)?;
    let ours = scope.frames.get(link.from_frame).map(|(_, rows)| rows)?;
    let any = link.question == Question::Any;
    let (mut counts, mut standing) = (Vec::with_capacity(scope.lanes), Vec::with_capacity(scope.lanes));
    let mut held = ((NO_GROUP, 0, 0), 0);
    for ((lane, first), last) in (0..scope.lanes).zip(first).zip(last) {
        let group = groups.at(ours.row(lane));
        if held.0 != (group, first, last) {
            let all = days.get(index.range(group)).unwrap_or_default();
            held = ((group, first, last), between(all, (first, last), link.distinct));
        }
        // Without our side of the key we cannot say which records are related.
        let known = group != NO_GROUP;
        match (known, any) {
            (false, _) => standing.push(UNKNOWN),
            (true, true) => standing.push(yes_no(held.1 > 0)),
            (true, false) => standing.push(KNOWN),
        }
        counts.push(if known { held.1 } else { 0 });
    }
    let standing = Run::Each(standing.into());
    if any {
        return Some(Lanes::truth(standing));
    }
    Some(Lanes { values: Values::Whole(Run::Each(counts.into())), standing })
}

/// How many of some days in order lie between two.
pub(super) fn between(mut days: &[i32], (first, last): (i32, i32), distinct: bool) -> i64 {
    if days.len() > FEW {
        let (from, to) = (days.partition_point(|day| *day < first), days.partition_point(|day| *day <= last));
        days = days.get(from..to).unwrap_or_default();
    }
    let (mut count, mut before) = (0, None);
    for day in days.iter().copied().filter(|day| first <= *day && *day <= last) {
        count += i64::from(!distinct || before != Some(day));
        before = Some(day);
    }
    count
}

impl<'n> Window<'n> {
    /// Reads a link, whose related records stand in the frame `inner`.
    pub(super) fn of(link: &'n LinkNode, inner: usize) -> Option<Self> {
        let filter = link.filter.as_ref()?;
        let mut window =
            Self { field: date(filter, inner)?, least: vec![], most: vec![], after: vec![], before: vec![] };
        let answered = match (link.question, link.distinct, &link.field) {
            (Question::Any, ..) | (Question::Count, false, _) => true,
            (Question::Count, true, Some(field)) => window.is(field, inner),
            _ => false,
        };
        (answered && window.take(filter, inner).is_some()).then_some(window)
    }

    /// The days that it is bounded by, each with whether a day equal to it counts as one before it: it is then the next day
    /// that decides.
    pub(super) fn edges(&self) -> impl Iterator<Item = (&'n Node, bool)> + '_ {
        let next = [&self.least, &self.before].into_iter().flatten().map(|node| (*node, true));
        next.chain([&self.most, &self.after].into_iter().flatten().map(|node| (*node, false)))
    }

    /// Whether an expression is the date.
    fn is(&self, node: &Node, inner: usize) -> bool {
        matches!(&node.kind, NodeKind::Field(field) if (field.frame, field.index) == (inner, self.field))
    }

    fn take(&mut self, node: &'n Node, inner: usize) -> Option<()> {
        let (comparison, left, right) = match &node.kind {
            NodeKind::And(left, right) => {
                self.take(left, inner)?;
                return self.take(right, inner);
            }
            NodeKind::Compare(comparison, left, right) => (*comparison, left, right),
            _ => return None,
        };
        let (comparison, bound) = match (self.is(left, inner), self.is(right, inner)) {
            (true, false) => (comparison, right),
            (false, true) => (turned(comparison), left),
            _ => return None,
        };
        if asked([&**bound]).contains(&inner) {
            return None;
        }
        match comparison {
            Comparison::Equal => {
                self.least.push(bound);
                self.most.push(bound);
            }
            Comparison::GreaterOrEqual => self.least.push(bound),
            Comparison::Greater => self.after.push(bound),
            Comparison::LessOrEqual => self.most.push(bound),
            Comparison::Less => self.before.push(bound),
            Comparison::NotEqual => return None,
        }
        Some(())
    }

    /// The first and the last day of each lane's window; `None` where one of them is not known everywhere.
    pub(super) fn bounds(
        &self,
        context: &Context<'_>,
        scope: &Scope<'_, '_>,
    ) -> Option<(Vec<i32>, Vec<i32>)> {
        let (mut first, mut last) = (vec![i32::MIN; scope.lanes], vec![i32::MAX; scope.lanes]);
        let narrow = |nodes: &[&Node], all: &mut [i32], of: fn(i32, i32) -> i32| {
            for node in nodes {
                let bound = evaluate(context, scope, node);
                let (Values::Days(days), true) = (&bound.values, bound.all_known()) else { return None };
                all.iter_mut().zip(days.iter(scope.lanes)).for_each(|(held, day)| *held = of(*held, day));
            }
            Some(())
        };
        narrow(&self.least, &mut first, i32::max)?;
        narrow(&self.after, &mut first, |held, day| held.max(day.saturating_add(1)))?;
        narrow(&self.most, &mut last, i32::min)?;
        narrow(&self.before, &mut last, |held, day| held.min(day.saturating_sub(1)))?;
        Some((first, last))
    }
}

/// The date of the related records that the first comparison is about.
fn date(filter: &Node, inner: usize) -> Option<usize> {
    match &filter.kind {
        NodeKind::And(left, _) => date(left, inner),
        NodeKind::Compare(_, left, right) => [left, right].into_iter().find_map(|node| match &node.kind {
            NodeKind::Field(field) if field.frame == inner => Some(field.index),
            _ => None,
        }),
        _ => None,
    }
}

/// A comparison read from its right side.
pub(super) fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same @ (Comparison::Equal | Comparison::NotEqual) => same,
    }
}
