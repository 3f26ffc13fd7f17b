//! Windows that move with the period over the days of related records, and how many of them are in.

use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::ScalarBuffer;
use staysafe::check::tree::{Comparison, LinkNode};

use super::breaks::Asking;
use super::column::{Cells, Column};
use super::evaluate::{Scope, holds};
use super::frame::Frame;
use super::keys::{Grouped, Index, NO_GROUP};
use super::lanes::place;
use super::spans::Steps;
use super::standing::{KNOWN, UNKNOWN, yes_no};
use super::window::{Window, between};

/// A window that moves over the days of related records, and what its count is compared with, where that is all that is
/// asked of it.
#[derive(Debug)]
pub(super) struct Moving {
    index: Arc<Index>,
    groups: Grouped,
    days: Days,
    /// The bounds, each with whether the day after decides.
    edges: Vec<(Steps, bool)>,
    /// Of each period the first and the last day of the window.
    bounds: (Vec<i32>, Vec<i32>),
    /// The last and the first days of windows in order, where both are.
    passes: Option<(Steps, Steps)>,
    distinct: bool,
    pub(super) compared: Option<(Comparison, i64)>,
}

/// The days of related records, those of one group side by side.
#[derive(Debug)]
enum Days {
    InOrder(Arc<[i32]>),
    /// As the table is laid out.
    LaidOut(ScalarBuffer<i32>),
}

impl Days {
    /// Those of a group.
    fn of(&self, group: Range<usize>) -> &[i32] {
        let all: &[i32] = match self {
            Self::InOrder(all) => all,
            Self::LaidOut(all) => all,
        };
        all.get(group).unwrap_or_default()
    }
}

/// What a window comes to for the related records of one group.
#[derive(Debug, Default)]
pub(super) struct Moved {
    group: Option<u32>,
    /// How it stands in the first span; in which spans it turns into its opposite, in order.
    first: u8,
    pub(super) edges: Vec<u16>,
}

impl Moved {
    /// Rows of one group lie side by side where they count as one, and all have the same edges.
    #[inline]
    pub(super) fn go_to(&mut self, moving: &Moving, row: Option<u32>) {
        let row = row.map_or(usize::MAX, place);
        let group = moving.groups.at(row);
        if self.group == Some(group) {
            return;
        }
        self.group = Some(group);
        self.edges.clear();
        let related = match &moving.groups {
            Grouped::LaidOut(index) => index.range_at(row),
            Grouped::Each(_) => moving.index.range(group),
        };
        self.first = if group == NO_GROUP { UNKNOWN } else { moving.edges(related, &mut self.edges) };
    }

    #[inline]
    pub(super) fn in_span(&self, span: u16) -> u8 {
        let turned = self.edges.iter().take_while(|edge| **edge <= span).count();
        if turned % 2 == 0 { self.first } else { yes_no(self.first == yes_no(false)) }
    }
}

impl Moving {
    /// Where the answer may change for the records of a group: where a day of theirs comes into the window or leaves it, and
    /// the comparison comes out otherwise. What it is before all that is given back.
    fn edges(&self, related: Range<usize>, edges: &mut Vec<u16>) -> u8 {
        let days = self.days.of(related);
        if let Some((comparison, number)) = self.compared
            && is_settled(comparison, number, days.len())
        {
            return yes_no(holds(comparison, 0.cmp(&number)));
        }
        let mut in_order;
        let days = match self.days {
            Days::InOrder(_) => days,
            Days::LaidOut(_) => {
                in_order = days.to_vec();
                in_order.sort_unstable();
                &in_order
            }
        };
        if let Some((comparison, number)) = self.compared
            && let Some(first) = self.enough(comparison, number, days, edges)
        {
            return first;
        }
        for (steps, next) in &self.edges {
            edges.extend(days.iter().map(|day| if *next { steps.up_to(*day) } else { steps.before(*day) }));
        }
        edges.sort_unstable();
        edges.dedup();
        let Some((comparison, number)) = self.compared else { return KNOWN };
        let holds_in = |span: u16| {
            let of = |all: &[i32]| all.get(usize::from(span)).copied();
            let bounds = of(&self.bounds.0).zip(of(&self.bounds.1))?;
            Some(holds(comparison, between(days, bounds, self.distinct).cmp(&number)))
        };
        let first = holds_in(0);
        let mut before = first;
        edges.retain(|edge| {
            let now = holds_in(*edge);
            let changes = now.is_some() && now != before;
            before = now.or(before);
            changes
        });
        yes_no(first.unwrap_or_default())
    }

    /// As [`edges`](Self::edges), of the question whether so many days are in the window at least, or not: it holds from the
    /// period in which the last of so many days in a row comes in to the one in which the first of them leaves.
    fn enough(&self, comparison: Comparison, number: i64, days: &[i32], edges: &mut Vec<u16>) -> Option<u8> {
        let (least, at_least) = match comparison {
            Comparison::GreaterOrEqual => (number, true),
            Comparison::Greater => (number.checked_add(1)?, true),
            Comparison::Less => (number, false),
            Comparison::LessOrEqual => (number.checked_add(1)?, false),
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        let more = usize::try_from(least).ok()?.checked_sub(1)?;
        let (comes, leaves) = self.passes.as_ref()?;
        let mut different;
        let days = if self.distinct {
            different = days.to_vec();
            different.dedup();
            &different
        } else {
            days
        };
        for (first, last) in days.iter().zip(days.iter().skip(more)) {
            let (from, to) = (comes.before(*last), leaves.up_to(*first));
            match edges.last_mut() {
                Some(end) if from <= *end => *end = to.max(*end),
                _ if from < to => edges.extend([from, to]),
                _ => {}
            }
        }
        let begins = edges.first() == Some(&0);
        if begins {
            edges.remove(0);
        }
        Some(yes_no(begins == at_least))
    }
}

/// Whether a comparison comes out alike however many of so many days are in the window.
fn is_settled(comparison: Comparison, number: i64, days: usize) -> bool {
    let of = |count: i64| holds(comparison, count.cmp(&number));
    let steady = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    steady && i64::try_from(days).is_ok_and(|days| of(0) == of(days))
}

impl Asking<'_, '_> {
    pub(super) fn moving(&self, link: &LinkNode, compared: Option<(Comparison, i64)>) -> Option<Moving> {
        let window = Window::of(link, 1).filter(|_| link.from_frame == 0)?;
        let to = self.context.tables.frame(&link.to)?;
        let index = to.index(&link.theirs);
        let bounds = window.bounds(self.context, &Scope::of_times(self.moments))?;
        let in_order = bounds.0.is_sorted() && bounds.1.is_sorted();
        Some(Moving {
            passes: in_order.then(|| (Steps::new(&bounds.1), Steps::new(&bounds.0))),
            groups: to.linked(&index, self.frame, &link.ours, &link.theirs),
            days: self.days(to, link, window.field)?,
            edges: window
                .edges()
                .map(|(node, next)| Some((self.steps(node)?, next)))
                .collect::<Option<_>>()?,
            bounds,
            distinct: link.distinct,
            index,
            compared,
        })
    }

    /// The days of a date of related records, where all are known.
    fn days(&self, to: &Frame<'_>, link: &LinkNode, date: usize) -> Option<Days> {
        // Rows that are laid out by the key of a link to their own table lie in its order already.
        if let Some(column) = self.frame.laid_out(to, &link.theirs).and_then(|_| self.frame.column(date))
            && let Column { cells: Cells::Days(days), standing: None, .. } = column
        {
            return Some(Days::LaidOut(days.clone()));
        }
        to.days_by_group(&link.theirs, date).map(Days::InOrder)
    }
}
