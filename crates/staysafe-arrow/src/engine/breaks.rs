//! Where what is answered of a row may change from one period to the next.
//!
//! `latest_review_date >= add_days(period_last_day, -183)` holds of a row up to some period and of none behind it. Where all
//! that depends on the period is of this kind, a row is asked once for each stretch of periods, not for each of them.

use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::ScalarBuffer;

use staysafe::calculate::engine::Moment;
use staysafe::check::tree::{CheckedWhen, Comparison, LinkNode, Node, NodeKind};
use staysafe::definition::predicate::Question;
use staysafe::value::Value;

use super::atoms::{Atom, depends_on_period};
use super::column::{Cells, Column};
use super::evaluate::{Context, Scope, evaluate, holds, without_value};
use super::frame::Frame;
use super::keys::{Grouped, Index, NO_GROUP};
use super::lanes::{Lanes, Values};
use super::placed::Placed;
use super::spans::Steps;
use super::standing::{KNOWN, UNKNOWN, yes_no};
use super::window::{Window, between, turned};

/// All that changes answers between periods that follow one another.
#[derive(Debug, Default)]
pub(crate) struct Breaks<'a> {
    dates: Vec<Dated<'a>>,
    windows: Vec<Moving>,
    /// Of each atom how it is answered.
    pub(crate) how: Vec<How>,
}

/// How an atom is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// By the row, whatever the period.
    Row,
    /// By the row in each period.
    Period,
    /// By where the row's stretch is cut: the place among dates.
    Date(usize),
    /// The same: the place among windows.
    Window(usize),
}

/// A date of the row that is compared with a day of the period.
#[derive(Debug)]
struct Dated<'a> {
    date: &'a Node,
    comparison: Comparison,
    /// The day of each period.
    steps: Steps,
}

/// A window that moves over the days of related records, and what its count is compared with, where that is all that is
/// asked of it.
#[derive(Debug)]
struct Moving {
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
    compared: Option<(Comparison, i64)>,
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

/// Stretches of rows, cut where answers may change.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) pieces: Placed,
    /// Of each piece the lane that it is of.
    pub(crate) lanes: Vec<u32>,
    /// What each date and each window comes to in every piece.
    dates: Vec<Vec<u8>>,
    windows: Vec<Vec<u8>>,
}

/// What nodes are asked against.
pub(crate) struct Asking<'x, 'f> {
    pub(crate) context: &'x Context<'f>,
    pub(crate) frame: &'f Frame<'f>,
    pub(crate) when: &'x CheckedWhen,
    pub(crate) moments: &'x [Moment],
}

impl<'a> Breaks<'a> {
    /// What may change the answers to atoms, and where rows stand by these sorts; `None` where they may change in other ways.
    pub(crate) fn of(
        asking: &Asking<'_, '_>,
        atoms: &[Atom<'a>],
        sorts: impl IntoIterator<Item = &'a Node>,
    ) -> Option<Self> {
        let mut breaks = Self::default();
        for atom in atoms {
            let how = breaks.atom(asking, atom)?;
            breaks.how.push(how);
        }
        sorts.into_iter().try_for_each(|node| breaks.add(asking, node).map(|_| ()))?;
        Some(breaks)
    }

    fn atom(&mut self, asking: &Asking<'_, '_>, atom: &Atom<'a>) -> Option<How> {
        if let Atom::Truth(node) = atom {
            return self.add(asking, node);
        }
        let mut how = How::Row;
        for node in atom.nodes() {
            if self.add(asking, node)? != How::Row {
                how = How::Period;
            }
        }
        Some(how)
    }

    /// Notes where an expression may change, and says how its truth is told.
    fn add(&mut self, asking: &Asking<'_, '_>, node: &'a Node) -> Option<How> {
        if !depends_on_period(node, asking.when) {
            return Some(How::Row);
        }
        match &node.kind {
            NodeKind::Compare(comparison, left, right) => {
                for (date, of_period, comparison) in
                    [(left, right, *comparison), (right, left, turned(*comparison))]
                {
                    if !depends_on_period(date, asking.when)
                        && let Some(steps) = asking.steps(of_period)
                    {
                        self.dates.push(Dated { date, comparison, steps });
                        return Some(How::Date(self.dates.len() - 1));
                    }
                }
                if let (NodeKind::Link(link), NodeKind::Literal(Value::Int(number))) =
                    (&left.kind, &right.kind)
                    && link.question == Question::Count
                {
                    return Some(self.window(asking.moving(link, Some((*comparison, *number)))?));
                }
                self.add(asking, left)?;
                self.add(asking, right)?;
                Some(How::Period)
            }
            NodeKind::Link(link) if link.question == Question::Any => {
                Some(self.window(asking.moving(link, Some((Comparison::Greater, 0)))?))
            }
            NodeKind::Link(link) => Some(self.window(asking.moving(link, None)?)),
            NodeKind::Period(_) | NodeKind::Within(_) => None,
            _ => {
                for child in node.children() {
                    self.add(asking, child)?;
                }
                Some(How::Period)
            }
        }
    }

    fn window(&mut self, moving: Moving) -> How {
        let how = if moving.compared.is_some() { How::Window(self.windows.len()) } else { How::Period };
        self.windows.push(moving);
        how
    }

    /// Cuts the stretch of each row where its answers may change.
    pub(crate) fn cut(&self, context: &Context<'_>, frame: &Frame<'_>, placed: &Placed) -> Cut {
        let scope = Scope::ordered(frame, &placed.rows);
        let dates: Vec<Edges> = self
            .dates
            .iter()
            .map(|dated| dated.edges(&evaluate(context, &scope, dated.date), scope.lanes))
            .collect();
        let columns: Vec<&[u16]> = dates.iter().flat_map(Edges::columns).collect();
        let mut windows: Vec<Moved> = self.windows.iter().map(|_| Moved::default()).collect();
        let rows = placed.rows.len();
        let mut pieces: Vec<(u32, u16, u16)> = Vec::with_capacity(rows + rows / 2);
        let mut told: Vec<Vec<u8>> = vec![Vec::with_capacity(rows); windows.len()];
        let mut edges: Vec<u16> = Vec::new();
        for (lane, (from, to)) in (0u32..).zip(placed.spans.iter().copied().zip(placed.ends.iter().copied()))
        {
            for (moved, moving) in windows.iter_mut().zip(&self.windows) {
                moved.go_to(moving, placed.rows.get(place(lane)).copied());
            }
            for column in &columns {
                let edge = column.get(place(lane)).copied().unwrap_or_default();
                put(&mut edges, edge, (from, to));
            }
            for edge in windows.iter().flat_map(|moved| &moved.edges) {
                put(&mut edges, *edge, (from, to));
            }
            let mut begins = from;
            for edge in edges.iter().copied().chain([to]) {
                pieces.push((lane, begins, edge));
                told.iter_mut().zip(&windows).for_each(|(told, moved)| told.push(moved.in_span(begins)));
                begins = edge;
            }
            edges.clear();
        }
        let lanes: Vec<u32> = pieces.iter().map(|(lane, ..)| *lane).collect();
        let row = |lane: &u32| placed.rows.get(place(*lane)).copied().unwrap_or_default();
        let mut cut = Cut {
            pieces: Placed {
                rows: lanes.iter().map(row).collect(),
                spans: pieces.iter().map(|(_, from, _)| *from).collect(),
                ends: pieces.iter().map(|(.., to)| *to).collect(),
            },
            lanes,
            dates: Vec::new(),
            windows: told,
        };
        cut.dates = self.dates.iter().zip(&dates).map(|(of, edges)| of.in_pieces(edges, &cut)).collect();
        cut
    }
}

impl Cut {
    /// The standings of an atom that the cuts answer.
    pub(crate) fn answer(&self, how: How) -> Option<&[u8]> {
        match how {
            How::Date(at) => self.dates.get(at).map(Vec::as_slice),
            How::Window(at) => self.windows.get(at).map(Vec::as_slice),
            How::Row | How::Period => None,
        }
    }

    /// What is asked of each piece, by its lane and its first span.
    fn each(&self, of: impl Fn(usize, u16) -> bool) -> Vec<u8> {
        let pieces = self.lanes.iter().zip(&self.pieces.spans);
        pieces.map(|(lane, span)| yes_no(of(place(*lane), *span))).collect()
    }
}

/// Puts an edge that lies inside a stretch among others, in order, each once.
#[inline]
fn put(edges: &mut Vec<u16>, edge: u16, (from, to): (u16, u16)) {
    if from < edge && edge < to && !edges.contains(&edge) {
        let at = edges.iter().position(|other| edge < *other).unwrap_or(edges.len());
        edges.insert(at, edge);
    }
}

#[inline]
fn place(lane: u32) -> usize {
    usize::try_from(lane).unwrap_or(usize::MAX)
}

/// Of each lane how many periods' days lie before its date and how many up to it; and how it stands where it has none.
struct Edges {
    before: Vec<u16>,
    up_to: Vec<u16>,
    without: Option<Vec<u8>>,
}

impl Edges {
    /// Where answers change, of each lane.
    fn columns(&self) -> impl Iterator<Item = &[u16]> {
        [self.before.as_slice(), &self.up_to].into_iter().filter(|column| !column.is_empty())
    }
}

impl Dated<'_> {
    fn edges(&self, dates: &Lanes<'_>, lanes: usize) -> Edges {
        let (Values::Days(days), true) = (&dates.values, lanes > 0) else {
            let without = (0..lanes).map(|lane| without_value(dates.standing(lane), KNOWN, false)).collect();
            return Edges { before: Vec::new(), up_to: Vec::new(), without: Some(without) };
        };
        let before = || days.each(lanes, |day| self.steps.before(day));
        let up_to = || days.each(lanes, |day| self.steps.up_to(day));
        // Of most comparisons one side says where they change.
        let (mut before, mut up_to) = match self.comparison {
            Comparison::LessOrEqual | Comparison::Greater => (before(), Vec::new()),
            Comparison::Less | Comparison::GreaterOrEqual => (Vec::new(), up_to()),
            Comparison::Equal | Comparison::NotEqual => (before(), up_to()),
        };
        let without = (!dates.all_known()).then(|| {
            let mut without = Vec::with_capacity(lanes);
            for lane in 0..lanes {
                let standing = dates.standing(lane);
                without.push(if standing == KNOWN {
                    KNOWN
                } else {
                    NOT_KNOWN | without_value(standing, KNOWN, false)
                });
                if standing != KNOWN {
                    let places = [before.get_mut(lane), up_to.get_mut(lane)];
                    places.into_iter().flatten().for_each(|edge| *edge = 0);
                }
            }
            without
        });
        Edges { before, up_to, without }
    }

    /// What the comparison comes to in every piece.
    fn in_pieces(&self, edges: &Edges, cut: &Cut) -> Vec<u8> {
        let of = |all: &[u16], lane: usize| all.get(lane).copied().unwrap_or_default();
        let (before, up_to) = (|lane| of(&edges.before, lane), |lane| of(&edges.up_to, lane));
        let mut found = match self.comparison {
            Comparison::Less => cut.each(|lane, span| span >= up_to(lane)),
            Comparison::LessOrEqual => cut.each(|lane, span| span >= before(lane)),
            Comparison::Greater => cut.each(|lane, span| span < before(lane)),
            Comparison::GreaterOrEqual => cut.each(|lane, span| span < up_to(lane)),
            Comparison::Equal => cut.each(|lane, span| before(lane) <= span && span < up_to(lane)),
            Comparison::NotEqual => cut.each(|lane, span| span < before(lane) || up_to(lane) <= span),
        };
        if let Some(without) = &edges.without {
            for (found, lane) in found.iter_mut().zip(&cut.lanes) {
                match without.get(place(*lane)) {
                    Some(standing) if *standing != KNOWN => *found = *standing & !NOT_KNOWN,
                    _ => {}
                }
            }
        }
        found
    }
}

/// Marks how a lane stands without a date.
const NOT_KNOWN: u8 = 128;

/// What a window comes to for the related records of one group.
#[derive(Debug, Default)]
struct Moved {
    group: Option<u32>,
    /// How it stands in the first span; in which spans it turns into its opposite, in order.
    first: u8,
    edges: Vec<u16>,
}

impl Moved {
    /// Rows of one group lie side by side where they count as one, and all have the same edges.
    #[inline]
    fn go_to(&mut self, moving: &Moving, row: Option<u32>) {
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
    fn in_span(&self, span: u16) -> u8 {
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
    fn moving(&self, link: &LinkNode, compared: Option<(Comparison, i64)>) -> Option<Moving> {
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
