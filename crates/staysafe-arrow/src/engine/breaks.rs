//! Where what is answered of a row may change from one period to the next.
//!
//! `latest_review_date >= add_days(period_last_day, -183)` holds of a row up to some period and of none behind it. Where all
//! that depends on the period is of this kind, a row is asked once for each stretch of periods, not for each of them.

use std::sync::Arc;

use staysafe::calculate::engine::Moment;
use staysafe::check::tree::{CheckedWhen, Comparison, LinkNode, Node, NodeKind};
use staysafe::definition::predicate::Question;
use staysafe::value::Value;

use super::atoms::depends_on_period;
use super::evaluate::{Context, Scope, evaluate, holds};
use super::frame::Frame;
use super::keys::{Index, NO_GROUP};
use super::lanes::Values;
use super::spans::Steps;
use super::window::{Window, between};

/// All that changes answers between periods that follow one another.
#[derive(Debug, Default)]
pub(crate) struct Breaks<'a> {
    dates: Vec<(&'a Node, Steps)>,
    windows: Vec<Moving>,
}

/// A window that moves over the days of related records, and what its count is compared with, where that is all that is
/// asked of it.
#[derive(Debug)]
struct Moving {
    index: Arc<Index>,
    groups: Arc<[u32]>,
    days: Arc<[i32]>,
    /// The bounds, each with whether the day after decides.
    edges: Vec<(Steps, bool)>,
    /// Of each period the first and the last day of the window.
    bounds: (Vec<i32>, Vec<i32>),
    distinct: bool,
    compared: Option<(Comparison, i64)>,
}

/// What nodes are asked against.
pub(crate) struct Asking<'x, 'f> {
    pub(crate) context: &'x Context<'f>,
    pub(crate) frame: &'f Frame<'f>,
    pub(crate) when: &'x CheckedWhen,
    pub(crate) moments: &'x [Moment],
}

impl<'a> Breaks<'a> {
    /// What may change the answers to some expressions; `None` where they may change in other ways.
    pub(crate) fn of(asking: &Asking<'_, '_>, nodes: impl IntoIterator<Item = &'a Node>) -> Option<Self> {
        let mut breaks = Self::default();
        nodes.into_iter().try_for_each(|node| breaks.add(asking, node))?;
        Some(breaks)
    }

    fn add(&mut self, asking: &Asking<'_, '_>, node: &'a Node) -> Option<()> {
        if !depends_on_period(node, asking.when) {
            return Some(());
        }
        match &node.kind {
            NodeKind::Compare(comparison, left, right) => {
                for (of_row, of_period) in [(left, right), (right, left)] {
                    if !depends_on_period(of_row, asking.when)
                        && let Some(steps) = asking.steps(of_period)
                    {
                        self.dates.push((of_row, steps));
                        return Some(());
                    }
                }
                if let (NodeKind::Link(link), NodeKind::Literal(Value::Int(number))) =
                    (&left.kind, &right.kind)
                    && link.question == Question::Count
                {
                    self.windows.push(asking.moving(link, Some((*comparison, *number)))?);
                    return Some(());
                }
                self.add(asking, left)?;
                self.add(asking, right)
            }
            NodeKind::Link(link) => {
                self.windows.push(asking.moving(link, None)?);
                Some(())
            }
            NodeKind::Period(_) | NodeKind::Within(_) => None,
            _ => node.children().into_iter().try_for_each(|child| self.add(asking, child)),
        }
    }

    /// Cuts the stretch of each row where its answers may change: of each piece the row's place among them, where it begins
    /// and where it ends.
    pub(crate) fn cut(
        &self,
        context: &Context<'_>,
        frame: &Frame<'_>,
        rows: &[u32],
        (from, to): (&[u16], &[u16]),
    ) -> Vec<(usize, u16, u16)> {
        let scope = Scope::ordered(frame, rows);
        let dates: Vec<_> =
            self.dates.iter().map(|(node, steps)| (evaluate(context, &scope, node), steps)).collect();
        let mut pieces = Vec::with_capacity(rows.len());
        let (mut edges, mut moved): (Vec<u16>, Vec<u16>) = (Vec::new(), Vec::new());
        let mut of: Vec<u32> = Vec::new();
        for (lane, ((row, from), to)) in rows.iter().zip(from).zip(to).enumerate() {
            if *to - *from > 1 {
                edges.clear();
                for (days, steps) in &dates {
                    edges.extend(days.day(lane).into_iter().flat_map(|day| steps.around(day)));
                }
                // Rows of one group lie side by side where they count as one, and all have the same edges.
                let groups = self.windows.iter().map(|moving| moving.group(*row));
                if !groups.clone().eq(of.iter().copied()) {
                    moved.clear();
                    self.windows.iter().for_each(|moving| moving.edges(*row, &mut moved));
                    moved.sort_unstable();
                    moved.dedup();
                    of.clear();
                    of.extend(groups);
                }
                edges.extend(&moved);
                edges.retain(|edge| from < edge && edge < to);
                edges.sort_unstable();
                edges.dedup();
            }
            let mut begins = *from;
            for edge in edges.drain(..) {
                pieces.push((lane, begins, edge));
                begins = edge;
            }
            pieces.push((lane, begins, *to));
        }
        pieces
    }
}

impl Moving {
    fn group(&self, row: u32) -> u32 {
        usize::try_from(row).ok().and_then(|row| self.groups.get(row)).copied().unwrap_or(NO_GROUP)
    }

    /// Where the answer may change for a row: where a day of its related records comes into the window or leaves it, and the
    /// comparison comes out otherwise.
    fn edges(&self, row: u32, edges: &mut Vec<u16>) {
        let days = self.days.get(self.index.range(self.group(row))).unwrap_or_default();
        let from = edges.len();
        if self.compared.is_some_and(|(comparison, number)| is_settled(comparison, number, days.len())) {
            return;
        }
        for (steps, next) in &self.edges {
            edges.extend(
                days.iter().map(|day| steps.before(if *next { day.saturating_add(1) } else { *day })),
            );
        }
        let Some((comparison, number)) = self.compared else { return };
        let now = |span: u16| {
            let of = |all: &[i32]| all.get(usize::from(span)).copied();
            let bounds = of(&self.bounds.0).zip(of(&self.bounds.1))?;
            Some(holds(comparison, between(days, bounds, self.distinct).cmp(&number)))
        };
        let (mut kept, mut before) = (from, now(0));
        let own = edges.get_mut(from..).unwrap_or_default();
        own.sort_unstable();
        for at in from..edges.len() {
            let Some(edge) = edges.get(at).copied() else { continue };
            let now = now(edge);
            if now == before {
                continue;
            }
            before = now;
            if let Some(slot) = edges.get_mut(kept) {
                *slot = edge;
            }
            kept += 1;
        }
        edges.truncate(kept);
    }
}

/// Whether a comparison comes out alike however many of so many days are in the window.
fn is_settled(comparison: Comparison, number: i64, days: usize) -> bool {
    let of = |count: i64| holds(comparison, count.cmp(&number));
    let steady = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    steady && i64::try_from(days).is_ok_and(|days| of(0) == of(days))
}

impl Asking<'_, '_> {
    fn moving(&self, link: &LinkNode, compared: Option<(Comparison, i64)>) -> Option<Moving> {
        let window = Window::of(link, 1).filter(|_| link.from_frame == 0)?;
        let to = self.context.tables.frame(&link.to)?;
        let index = to.index(&link.theirs);
        Some(Moving {
            groups: to.linked(&index, self.frame, &link.ours, &link.theirs),
            days: to.days_by_group(&link.theirs, window.field)?,
            edges: window
                .edges()
                .map(|(node, next)| Some((self.steps(node)?, next)))
                .collect::<Option<_>>()?,
            bounds: window.bounds(self.context, &Scope::of_times(self.moments))?,
            distinct: link.distinct,
            index,
            compared,
        })
    }

    /// The day that an expression is in each period, where it asks nothing else and never goes back.
    fn steps(&self, node: &Node) -> Option<Steps> {
        if !of_period(node) {
            return None;
        }
        let spans = Scope::of_times(self.moments);
        let found = evaluate(self.context, &spans, node);
        let Values::Days(days) = &found.values else { return None };
        let days: Vec<i32> = days.iter(spans.lanes).collect();
        (found.all_known() && days.is_sorted()).then(|| Steps::new(&days))
    }
}

/// Whether an expression asks for nothing but days of the period.
pub(crate) fn of_period(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Literal(_) | NodeKind::Period(_) => true,
        NodeKind::Call(_, arguments) => arguments.iter().all(of_period),
        NodeKind::Negate(inner) => of_period(inner),
        NodeKind::Arithmetic(_, left, right) => of_period(left) && of_period(right),
        _ => false,
    }
}
