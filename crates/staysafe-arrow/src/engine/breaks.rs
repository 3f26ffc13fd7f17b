//! Where what is answered of a row may change from one period to the next.
//!
//! `latest_review_date >= add_days(period_last_day, -183)` holds of a row up to some period and of none behind it. Where all
//! that depends on the period is of this kind, a row is asked once for each stretch of periods, not for each of them.

use staysafe::check::tree::{CheckedWhen, Node, NodeKind};

use super::atoms::depends_on_period;
use super::evaluate::{Context, Rows, Scope, evaluate};
use super::frame::Frame;
use super::keys::{Index, NO_GROUP};
use super::lanes::{Run, Values};
use super::spans::Steps;
use super::standing::KNOWN;
use super::window::Window;

use std::borrow::Cow;
use std::sync::Arc;

use staysafe::calculate::engine::Moment;

/// All that changes answers between periods that follow one another.
#[derive(Debug, Default)]
pub(crate) struct Breaks<'a> {
    dates: Vec<(&'a Node, Steps)>,
    windows: Vec<Moving>,
}

/// A window that moves over the days of related records.
#[derive(Debug)]
struct Moving {
    index: Arc<Index>,
    groups: Arc<[u32]>,
    days: Arc<[i32]>,
    edges: Vec<Steps>,
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
            NodeKind::Compare(_, left, right) => {
                for (of_row, of_period) in [(left, right), (right, left)] {
                    if !depends_on_period(of_row, asking.when)
                        && let Some(steps) = asking.steps(of_period)
                    {
                        self.dates.push((of_row, steps));
                        return Some(());
                    }
                }
                self.add(asking, left)?;
                self.add(asking, right)
            }
            NodeKind::Link(link) => {
                let window = Window::of(link, 1).filter(|_| link.from_frame == 0)?;
                let to = asking.context.tables.frame(&link.to)?;
                let index = to.index(&link.theirs);
                self.windows.push(Moving {
                    groups: to.linked(&index, asking.frame, &link.ours, &link.theirs),
                    days: to.days_by_group(&link.theirs, window.field)?,
                    edges: window.edges().map(|node| asking.steps(node)).collect::<Option<_>>()?,
                    index,
                });
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
        let scope =
            Scope { lanes: rows.len(), frames: vec![(frame, Rows::List(Cow::Borrowed(rows)))], times: None };
        let dates: Vec<_> =
            self.dates.iter().map(|(node, steps)| (evaluate(context, &scope, node), steps)).collect();
        let mut pieces = Vec::with_capacity(rows.len());
        let (mut edges, mut moved): (Vec<u16>, Vec<u16>) = (Vec::new(), Vec::new());
        let mut of: Option<Vec<u32>> = None;
        for (lane, ((row, from), to)) in rows.iter().zip(from).zip(to).enumerate() {
            if *to - *from > 1 {
                edges.clear();
                for (days, steps) in &dates {
                    edges.extend(days.day(lane).into_iter().flat_map(|day| steps.around(day)));
                }
                // Rows of one group lie side by side where they count as one, and all have the same edges.
                let groups = self.windows.iter().map(|moving| moving.group(*row));
                if !self.windows.is_empty()
                    && !of.as_ref().is_some_and(|of| groups.clone().eq(of.iter().copied()))
                {
                    moved.clear();
                    self.windows.iter().for_each(|moving| moving.edges(*row, &mut moved));
                    moved.sort_unstable();
                    moved.dedup();
                    of = Some(groups.collect());
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

    /// Where a day of the row's related records comes into the window or leaves it.
    fn edges(&self, row: u32, edges: &mut Vec<u16>) {
        let group =
            usize::try_from(row).ok().and_then(|row| self.groups.get(row)).copied().unwrap_or(NO_GROUP);
        let days = self.days.get(self.index.range(group)).unwrap_or_default();
        edges.extend(days.iter().flat_map(|day| self.edges.iter().flat_map(|steps| steps.around(*day))));
    }
}

impl Asking<'_, '_> {
    /// The day that an expression is in each period, where it asks nothing else and never goes back.
    fn steps(&self, node: &Node) -> Option<Steps> {
        if !of_period(node) {
            return None;
        }
        let spans: Vec<u16> = (0..u16::try_from(self.moments.len()).ok()?).collect();
        let times = Some((self.moments, Cow::Borrowed(spans.as_slice())));
        let scope = Scope { frames: Vec::new(), lanes: spans.len(), times };
        let found = evaluate(self.context, &scope, node);
        let known = match &found.standing {
            Run::Same(standing) => *standing == KNOWN,
            Run::Each(all) => all.iter().all(|standing| *standing == KNOWN),
        };
        let Values::Days(days) = &found.values else { return None };
        let days: Vec<i32> = days.iter(spans.len()).collect();
        (known && days.is_sorted()).then(|| Steps::new(&days))
    }
}

/// Whether an expression asks for nothing but days of the period.
fn of_period(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Literal(_) | NodeKind::Period(_) => true,
        NodeKind::Call(_, arguments) => arguments.iter().all(of_period),
        NodeKind::Negate(inner) => of_period(inner),
        NodeKind::Arithmetic(_, left, right) => of_period(left) && of_period(right),
        _ => false,
    }
}
