//! Cells in the order of results: by indicator, area, what stands in each column, period.
//!
//! Names are numbered as they are met, and only the few different ones are compared; the cells are then put in order by
//! counting, column by column, the last one first.

use std::collections::BTreeMap;

use crate::check::Checked;
use crate::period::Period;
use crate::result::{ALL, Partial, UNKNOWN_CATEGORY};
use crate::value::Name;

/// Where a cell stands, by number: what comes first has the smaller one.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) indicator: u32,
    pub(super) area: u32,
    pub(super) by: u32,
    pub(super) period: u32,
    cell: u32,
    adds_up: bool,
}

/// Cells in order.
pub(super) struct Order {
    cells: Vec<At>,
    all: Name,
}

impl At {
    /// The cell's place among those that were given.
    pub(super) fn cell(self) -> usize {
        usize::try_from(self.cell).unwrap_or(usize::MAX)
    }
}

impl Order {
    /// Cells of which some indicators' areas are added up. Cells of one place keep the order in which they were given.
    pub(super) fn new(
        checked: &Checked,
        cells: &[Partial],
        by: &[String],
        adds_areas_up: impl Fn(&str) -> bool,
    ) -> Self {
        let ranks: Vec<BTreeMap<String, usize>> = by.iter().map(|name| ranks(checked, name)).collect();
        let (mut indicators, mut areas) = (Numbers::default(), Numbers::default());
        let (mut columns, mut periods) = (Numbers::default(), Numbers::default());
        let mut added_up: Vec<bool> = Vec::new();
        let mut found: Vec<At> = Vec::with_capacity(cells.len());
        for (cell, partial) in (0u32..).zip(cells) {
            let indicator = indicators.number(partial.indicator.as_str());
            if place(indicator) == added_up.len() {
                added_up.push(adds_areas_up(&partial.indicator));
            }
            let adds_up = added_up.get(place(indicator)).copied().unwrap_or_default();
            found.push(At {
                indicator,
                area: areas.number(if adds_up { ALL } else { partial.area.as_str() }),
                by: columns.number(partial.by.as_slice()),
                period: periods.number(partial.period),
                cell,
                adds_up,
            });
        }
        let indicators = indicators.in_order(|id| *id);
        let areas = areas.in_order(|area| *area);
        let columns = columns.in_order(|by: &&[Name]| {
            by.iter()
                .zip(&ranks)
                .map(|(value, ranks)| (rank(value, ranks), value.clone()))
                .collect::<Vec<_>>()
        });
        let periods = periods.in_order(|period: &Period| *period);
        let ranked = |ranks: &[u32], number: u32| ranks.get(place(number)).copied().unwrap_or(number);
        for at in &mut found {
            at.indicator = ranked(&indicators, at.indicator);
            at.area = ranked(&areas, at.area);
            at.by = ranked(&columns, at.by);
            at.period = ranked(&periods, at.period);
        }
        let mut cells = found;
        for (of, numbers) in [
            ((|at| at.period) as fn(&At) -> u32, periods.len()),
            (|at| at.by, columns.len()),
            (|at| at.area, areas.len()),
            (|at| at.indicator, indicators.len()),
        ] {
            cells = counted_out(cells, of, numbers);
        }
        Self { cells, all: ALL.into() }
    }

    pub(super) fn cells(&self) -> &[At] {
        &self.cells
    }

    /// What stands in place of the areas that are added up; nothing where a cell keeps its own.
    pub(super) fn area(&self, at: At) -> Option<&Name> {
        at.adds_up.then_some(&self.all)
    }
}

/// Different names, numbered as they are met.
struct Numbers<K> {
    known: BTreeMap<K, u32>,
    all: Vec<K>,
    /// By number the one that came after it last time: cells mostly come in the same order in each period.
    next: Vec<u32>,
    last: u32,
}

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), all: Vec::new(), next: Vec::new(), last: 0 }
    }
}

impl<K: Copy + Ord> Numbers<K> {
    fn number(&mut self, of: K) -> u32 {
        let is_it = |number: u32| self.all.get(place(number)).is_some_and(|held| *held == of);
        let next = self.next.get(place(self.last)).copied();
        let number = match [Some(self.last), next].into_iter().flatten().find(|number| is_it(*number)) {
            Some(number) => number,
            None => self.find(of),
        };
        if let Some(next) = self.next.get_mut(place(self.last)).filter(|_| number != self.last) {
            *next = number;
        }
        self.last = number;
        number
    }

    fn find(&mut self, of: K) -> u32 {
        let new = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let number = *self.known.entry(of).or_insert(new);
        if number == new {
            self.all.push(of);
            self.next.push(new);
        }
        number
    }

    /// By number the place in order.
    fn in_order<O: Ord>(self, order: impl Fn(&K) -> O) -> Vec<u32> {
        let mut numbers: Vec<(O, u32)> = self.all.iter().map(order).zip(0..).collect();
        numbers.sort();
        let mut ranks = vec![0; numbers.len()];
        for (rank, (_, number)) in (0..).zip(numbers) {
            if let Some(of) = ranks.get_mut(place(number)) {
                *of = rank;
            }
        }
        ranks
    }
}

/// Cells in the order of one of their numbers, of which there are so many; those of one number stay in their order.
fn counted_out(cells: Vec<At>, of: fn(&At) -> u32, numbers: usize) -> Vec<At> {
    if cells.is_sorted_by_key(of) {
        return cells;
    }
    let mut ends = vec![0usize; numbers + 1];
    for at in &cells {
        if let Some(end) = ends.get_mut(place(of(at)) + 1) {
            *end += 1;
        }
    }
    let mut before = 0;
    for end in &mut ends {
        before += *end;
        *end = before;
    }
    let mut sorted = cells.clone();
    for at in cells {
        let Some(next) = ends.get_mut(place(of(&at))) else { continue };
        if let Some(to) = sorted.get_mut(*next) {
            *to = at;
        }
        *next += 1;
    }
    sorted
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The place of each category of a breakdown in its order; none of a level's areas, which go by their codes.
fn ranks(checked: &Checked, name: &str) -> BTreeMap<String, usize> {
    let framework = checked.framework();
    let codes = framework.breakdowns.get(name).map_or_else(Vec::new, |breakdown| breakdown.codes(framework));
    codes.into_iter().enumerate().map(|(rank, code)| (code, rank)).collect()
}

/// `all` stands before the categories, `unknown` behind them.
fn rank(value: &str, ranks: &BTreeMap<String, usize>) -> usize {
    match value {
        ALL => 0,
        UNKNOWN_CATEGORY => usize::MAX,
        code => ranks.get(code).map_or(1, |rank| rank + 1),
    }
}
