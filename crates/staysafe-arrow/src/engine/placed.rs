//! Rows of a batch with the spans that each stands in.

use std::ops::Range;

use super::frame::Frame;
use super::lanes::{Lanes, Run, Values, place};
use super::spans::{Shape, Spans};
use super::standing::{BLANK_NO, KNOWN, is_blank};

/// Rows with the first span that each stands in, and the one in which it is over.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    pub(crate) rows: Vec<u32>,
    /// The one behind the last, where a row stands in none.
    pub(crate) spans: Vec<u16>,
    /// Nothing where each row stands in one span.
    pub(crate) ends: Vec<u16>,
}

/// Where rows of a table are placed.
pub(crate) struct Placing<'p, 'f> {
    pub(crate) frame: &'f Frame<'f>,
    pub(crate) spans: &'p Spans,
    pub(crate) beyond_cover: bool,
    /// Whether rows that stand in no span may be asked as well, where they are few: reading on without a gap costs less than
    /// leaving them out.
    pub(crate) idle: bool,
}

impl Placing<'_, '_> {
    /// Rows by the day of an event. Those of which nobody can say on which day it was are `odd`.
    pub(crate) fn events(&self, date: usize, rows: Range<usize>, odd: &mut Vec<u32>) -> Placed {
        let Some(column) = self.frame.column(date) else { return Placed::default() };
        let read = column.slice(rows.clone());
        let Values::Days(Run::Each(days)) = &read.values else { return Placed::default() };
        let none = self.spans.count();
        let (mut from, mut ends): (Vec<u16>, Vec<u16>) = match self.spans.shape {
            Shape::Days => (days.iter().map(|day| self.spans.of(*day)).collect(), Vec::new()),
            Shape::Stretches => days.iter().map(|day| self.stretch(*day)).unzip(),
        };
        if let Run::Each(standings) = &read.standing {
            for all in [&mut from, &mut ends] {
                let known = standings.iter().map(|standing| *standing == KNOWN);
                all.iter_mut().zip(known).for_each(|(span, known)| *span = if known { *span } else { none });
            }
            // Blanks are the greatest but for what is neither known nor blank.
            if standings.iter().fold(0, |most, one| most.max(*one)) > BLANK_NO {
                let strange = numbered(&rows).zip(standings.iter());
                odd.extend(strange.filter(|(_, s)| **s != KNOWN && !is_blank(**s)).map(|(row, _)| row));
            }
        }
        if !self.beyond_cover && !self.frame.speaks.gaps_of_events.is_empty() {
            let (mut from, mut ends) = (from.iter_mut(), ends.iter_mut());
            for day in days.iter() {
                let (span, end) = (from.next(), ends.next());
                if self.frame.speaks.in_gap(*day) {
                    span.into_iter().chain(end).for_each(|span| *span = none);
                }
            }
        }
        self.settled(Placed { rows: numbered(&rows).collect(), spans: from, ends })
    }

    fn stretch(&self, day: i32) -> (u16, u16) {
        self.or_none((self.spans.before(day), self.spans.begun(day)))
    }

    #[inline]
    fn or_none(&self, (from, to): (u16, u16)) -> (u16, u16) {
        let none = self.spans.count();
        if from < to { (from, to) } else { (none, none) }
    }

    /// Rows by the days on which they begin and end. Those of which nobody can say on which days they are open, or that
    /// contradict themselves about it, are `odd`.
    pub(crate) fn stocks(
        &self,
        (start, end): (usize, usize),
        rows: Range<usize>,
        odd: &mut Vec<u32>,
    ) -> Placed {
        let read = |column: usize| {
            self.frame.column(column).map_or_else(Lanes::null, |column| column.slice(rows.clone()))
        };
        let (starts, ends) = (read(start), read(end));
        let (begins, overs) = (days_of(&starts), days_of(&ends));
        let (count, none) = (rows.len(), self.spans.count());
        let mut from = begins.each(count, |day| self.spans.before(day));
        let mut to = overs.each(count, |day| self.spans.before(day));
        let (begun, over) = (begins.all(count), overs.all(count));
        let (starts, ends) = (starts.standing.all(count), ends.standing.all(count));
        let mut any = false;
        let each = begun.iter().zip(over.iter()).zip(starts.iter().zip(ends.iter()));
        for ((from, to), (days, (start, end))) in from.iter_mut().zip(&mut to).zip(each) {
            let ended = *end == KNOWN;
            let strange = is_strange(days, (*start, *end));
            any |= strange;
            *from = if strange { none } else { *from };
            *to = if strange || !ended { none } else { *to };
        }
        if any {
            let each = begun.iter().zip(over.iter()).zip(starts.iter().zip(ends.iter()));
            let strange =
                numbered(&rows).zip(each).filter(|(_, (days, of))| is_strange(*days, (*of.0, *of.1)));
            odd.extend(strange.map(|(row, _)| row));
        }
        for (from, to) in from.iter_mut().zip(&mut to) {
            (*from, *to) = self.or_none((*from, *to));
        }
        self.settled(Placed { rows: numbered(&rows).collect(), spans: from, ends: to })
    }

    /// Leaves out rows that stand in no span, unless they are few and may stay.
    fn settled(&self, placed: Placed) -> Placed {
        let none = self.spans.count();
        let all = placed.spans.len();
        let live = placed.spans.iter().map(|span| usize::from(*span != none)).sum::<usize>();
        if live == 0 {
            return Placed::default();
        }
        if live == all || (self.idle && live * FEW > all * (FEW - 1)) {
            return placed;
        }
        let mut lanes = vec![0u32; all];
        // Each is written, and overwritten by the next where it is not kept: nothing is foretold, so nothing foretold wrongly.
        let mut at = 0;
        for (lane, span) in (0u32..).zip(&placed.spans) {
            if let Some(held) = lanes.get_mut(at) {
                *held = lane;
            }
            at += usize::from(*span != none);
        }
        lanes.truncate(live);
        let of = |all: &[u16]| -> Vec<u16> {
            lanes.iter().map(|lane| all.get(place(*lane)).copied().unwrap_or(none)).collect()
        };
        let ends = if placed.ends.is_empty() { Vec::new() } else { of(&placed.ends) };
        let row = |lane: &u32| placed.rows.get(place(*lane)).copied().unwrap_or_default();
        Placed { rows: lanes.iter().map(row).collect(), spans: of(&placed.spans), ends }
    }
}

/// Whether nobody can say on which days a row is open, or it ends before it begins.
#[inline]
fn is_strange((begun, over): (&i32, &i32), (start, end): (u8, u8)) -> bool {
    start != KNOWN || !(end == KNOWN || is_blank(end)) || (end == KNOWN && over < begun)
}

/// Up to one in so many rows that stand in no span may stay.
const FEW: usize = 3;

fn numbered(rows: &Range<usize>) -> Range<u32> {
    let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
    number(rows.start)..number(rows.end)
}

fn days_of<'l>(lanes: &'l Lanes<'_>) -> Run<'l, i32> {
    match &lanes.values {
        Values::Days(Run::Each(days)) => Run::Each(std::borrow::Cow::Borrowed(days)),
        Values::Days(Run::Same(day)) => Run::Same(*day),
        _ => Run::Same(0),
    }
}

impl Placed {
    pub(crate) fn with_room(rows: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            spans: Vec::with_capacity(rows),
            ends: Vec::with_capacity(rows),
        }
    }

    /// The first span of a lane.
    pub(crate) fn span(&self, lane: usize) -> u16 {
        self.spans.get(lane).copied().unwrap_or(u16::MAX)
    }

    /// The span in which a lane is over.
    pub(crate) fn end(&self, lane: usize) -> u16 {
        self.ends.get(lane).copied().unwrap_or_else(|| self.span(lane).saturating_add(1))
    }

    /// A lane for each row and span in which it stands.
    pub(crate) fn each_span(&self) -> Self {
        let mut all = Self::with_room(self.rows.len());
        for (lane, row) in self.rows.iter().enumerate() {
            for span in self.span(lane)..self.end(lane) {
                all.rows.push(*row);
                all.spans.push(span);
                all.ends.push(span + 1);
            }
        }
        all
    }

    /// Some of the lanes.
    pub(crate) fn part(&self, lanes: Range<usize>) -> Self {
        let of = |all: &[u16]| all.get(lanes.clone()).unwrap_or_default().to_vec();
        Self {
            rows: self.rows.get(lanes.clone()).unwrap_or_default().to_vec(),
            spans: of(&self.spans),
            ends: of(&self.ends),
        }
    }
}
