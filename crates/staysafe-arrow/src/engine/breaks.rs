//! Where what is answered of a row may change from one period to the next.
//!
//! `latest_review_date >= add_days(period_last_day, -183)` holds of a row up to some period and of none behind it. Where all
//! that depends on the period is of this kind, a row is asked once for each stretch of periods, not for each of them.

use staysafe::calculate::engine::Moment;
use staysafe::check::tree::{CheckedWhen, Comparison, Node, NodeKind};
use staysafe::definition::predicate::Question;
use staysafe::value::Value;

use super::atoms::{Atom, depends_on_period};
use super::dated::{Dated, Edges};
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::lanes::{Values, place};
use super::moving::{Moved, Moving};
use super::placed::Placed;
use super::spans::Steps;
use super::standing::yes_no;
use super::window::turned;

/// All that changes answers between periods that follow one another.
#[derive(Debug, Default)]
pub(crate) struct Breaks<'a> {
    dates: Vec<Dated<'a>>,
    windows: Vec<Moving>,
    /// Of each atom how it is answered.
    pub(crate) how: Vec<How>,
    /// Whether it depends on the period where a row stands.
    pub(crate) moves_rows: bool,
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
        for node in sorts {
            breaks.moves_rows |= breaks.add(asking, node)? != How::Row;
        }
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
            let mut moves = false;
            for (moved, moving) in windows.iter_mut().zip(&self.windows) {
                moved.go_to(moving, placed.rows.get(place(lane)).copied());
                moves |= !moved.edges.is_empty();
            }
            let edge = |column: &&[u16]| column.get(place(lane)).copied().unwrap_or_default();
            match columns.as_slice() {
                // Most rows have few edges: those need no list.
                [] if !moves => pieces.push((lane, from, to)),
                [one] if !moves => cut_at((edge(one), 0), (lane, from, to), &mut pieces),
                [one, other] if !moves => cut_at((edge(one), edge(other)), (lane, from, to), &mut pieces),
                _ => {
                    for column in &columns {
                        put(&mut edges, edge(column), (from, to));
                    }
                    let moved = windows.iter().flat_map(|moved| &moved.edges);
                    moved.for_each(|edge| put(&mut edges, *edge, (from, to)));
                    let mut begins = from;
                    for edge in edges.drain(..).chain([to]) {
                        pieces.push((lane, begins, edge));
                        begins = edge;
                    }
                }
            }
            for (told, moved) in told.iter_mut().zip(&windows) {
                let untold = pieces.get(told.len()..).unwrap_or_default();
                told.extend(untold.iter().map(|(_, from, _)| moved.in_span(*from)));
            }
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
    pub(super) fn each(&self, of: impl Fn(usize, u16) -> bool) -> Vec<u8> {
        let pieces = self.lanes.iter().zip(&self.pieces.spans);
        pieces.map(|(lane, span)| yes_no(of(place(*lane), *span))).collect()
    }
}

/// Cuts a lane's stretch at two edges, where they lie inside it.
#[inline]
fn cut_at((one, other): (u16, u16), (lane, from, to): (u32, u16, u16), pieces: &mut Vec<(u32, u16, u16)>) {
    let mut begins = from;
    for edge in [one.min(other), one.max(other)] {
        if begins < edge && edge < to {
            pieces.push((lane, begins, edge));
            begins = edge;
        }
    }
    pieces.push((lane, begins, to));
}

/// Puts an edge that lies inside a stretch among others, in order, each once.
#[inline]
fn put(edges: &mut Vec<u16>, edge: u16, (from, to): (u16, u16)) {
    if from < edge && edge < to && !edges.contains(&edge) {
        let at = edges.iter().position(|other| edge < *other).unwrap_or(edges.len());
        edges.insert(at, edge);
    }
}

impl Asking<'_, '_> {
    /// The day that an expression is in each period, where it asks nothing else and never goes back.
    pub(super) fn steps(&self, node: &Node) -> Option<Steps> {
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
