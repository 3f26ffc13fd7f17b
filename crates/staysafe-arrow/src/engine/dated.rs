//! Dates of a row that are compared with a day of the period: the period's days lie in order, so that the answer changes once,
//! or twice where they must be equal.

use staysafe::check::tree::{Comparison, Node};

use super::breaks::Cut;
use super::evaluate::without_value;
use super::lanes::{Lanes, Values, place};
use super::spans::Steps;
use super::standing::KNOWN;

/// A date of the row that is compared with a day of the period.
#[derive(Debug)]
pub(super) struct Dated<'a> {
    pub(super) date: &'a Node,
    pub(super) comparison: Comparison,
    /// The day of each period.
    pub(super) steps: Steps,
}

/// Of each lane how many periods' days lie before its date and how many up to it; and how it stands where it has none.
pub(super) struct Edges {
    before: Vec<u16>,
    up_to: Vec<u16>,
    without: Option<Vec<u8>>,
}

impl Edges {
    /// Where answers change, of each lane.
    pub(super) fn columns(&self) -> impl Iterator<Item = &[u16]> {
        [self.before.as_slice(), &self.up_to].into_iter().filter(|column| !column.is_empty())
    }
}

impl Dated<'_> {
    pub(super) fn edges(&self, dates: &Lanes<'_>, lanes: usize) -> Edges {
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
    pub(super) fn in_pieces(&self, edges: &Edges, cut: &Cut) -> Vec<u8> {
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
