//! Workload W by hand: one kernel for these fourteen indicators and no others, as tight as a day's work makes it.
//!
//! Its tables are its own: a blank is a day after all others. What an interpreted definition costs is the engine's time
//! over this one's.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use staysafe::period::Period;

use super::counts::Counts;
use super::data::{AREAS, BLANK, Episodes, Journeys, Maker, Plans, Rows, UNKNOWN_MILES, counted};
use super::days::DayTable;
use super::definitions::{COUNTERS, Size};
use super::tables::SEED;

/// The tables in memory.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) journeys: Journeys,
    pub(crate) plans: Plans,
    pub(crate) episodes: Episodes,
}

impl Tables {
    pub(crate) fn new(rows: Rows) -> Self {
        let maker = Maker::new(rows, SEED);
        Self {
            journeys: maker.journeys(0..rows.journeys),
            plans: maker.plans(0..rows.plans),
            episodes: maker.episodes(0..rows.episodes),
        }
    }
}

/// A day, packed: what the inner loops need of it lies in eight bytes.
#[derive(Debug, Clone, Copy)]
struct Packed {
    working: u16,
    /// The period it lies in, or [`Plan::trash`].
    event: u8,
    /// The first period whose last day is this day or later.
    from: u8,
    /// The period without limits, for windows.
    free: i16,
}

/// Periods and days, ready for rows.
#[derive(Debug)]
pub(crate) struct Plan {
    periods: usize,
    /// Periods in twelve months.
    window: i16,
    first: i32,
    packed: Vec<Packed>,
    year_before: Vec<i32>,
    two_years_on: Vec<i32>,
}

/// The days over which a review holds, the last included.
const REVIEWED: i32 = 184;

impl Plan {
    /// # Errors
    /// A calendar that does not hold the days of W.
    pub(crate) fn new(periods: &[Period]) -> Result<Self, String> {
        let table = DayTable::new(periods)?;
        let trash = u8::try_from(periods.len()).map_err(|why| why.to_string())?;
        let lasts: Vec<i32> = periods.iter().map(|period| counted(period.last_day())).collect();
        let mut packed = Vec::new();
        for (day, of) in (table.first..).zip(&table.days) {
            let from = lasts.partition_point(|last| *last < day);
            packed.push(Packed {
                working: u16::try_from(of.working).map_err(|why| why.to_string())?,
                event: u8::try_from(of.period).unwrap_or(trash).min(trash),
                from: u8::try_from(from).map_err(|why| why.to_string())?,
                free: i16::try_from(of.period).map_err(|why| why.to_string())?,
            });
        }
        packed.push(Packed { working: 0, event: trash, from: trash, free: i16::MAX });
        let mut year_before: Vec<i32> = table.days.iter().map(|of| of.year_before).collect();
        year_before.push(BLANK);
        let mut two_years_on: Vec<i32> = table.days.iter().map(|of| of.two_years_on).collect();
        two_years_on.push(BLANK);
        let window = if periods.len() == 120 { 12 } else { 4 };
        Ok(Self { periods: periods.len(), window, first: table.first, packed, year_before, two_years_on })
    }

    #[inline(always)]
    fn at(&self, day: i32) -> usize {
        (day.wrapping_sub(self.first) as u32 as usize).min(self.packed.len() - 1)
    }

    #[inline(always)]
    fn of(&self, day: i32) -> Packed {
        self.packed[self.at(day)]
    }

    fn width(&self) -> usize {
        self.periods + 1
    }
}

/// Classes of events and differences of stocks, `[area][period and one more][slot]`; a thread has one of its own.
struct Grid {
    slots: Vec<u32>,
    width: usize,
}

/// Slots of a cell: four classes of referrals, four of assessments, two each of enquiries, conferences, plans begun and plans
/// ended; then differences: plans open, reviewed, placements open, far, children moved.
const SLOTS: usize = 21;
const REFERRALS: usize = 0;
const ASSESSMENTS: usize = 4;
const S47S: usize = 8;
const CONFERENCES: usize = 10;
const BEGUN: usize = 12;
const ENDED: usize = 14;
const OPEN: usize = 16;
const REVIEWS: usize = 17;
const PLACED: usize = 18;
const FAR: usize = 19;
const MOVED: usize = 20;

impl Grid {
    fn new(plan: &Plan) -> Self {
        Self { slots: vec![0; AREAS * plan.width() * SLOTS], width: plan.width() }
    }

    #[inline(always)]
    fn add(&mut self, area: usize, period: usize, slot: usize) {
        let cell = &mut self.slots[(area * self.width + period) * SLOTS + slot];
        *cell = cell.wrapping_add(1);
    }

    /// From a period up to another, without it.
    #[inline(always)]
    fn span(&mut self, area: usize, (from, to): (usize, usize), slot: usize) {
        if from < to {
            self.add(area, from, slot);
            let end = &mut self.slots[(area * self.width + to) * SLOTS + slot];
            *end = end.wrapping_sub(1);
        }
    }
}

/// Rows that a thread takes at a time.
const UNIT: usize = 1 << 16;

/// Parts that the placements are dealt into by child.
const PARTS: usize = 512;

/// A placement's start, with whose it is.
#[derive(Debug, Clone, Copy)]
struct Start {
    child: i64,
    day: u16,
    area: u8,
}

/// Counts everything on so many threads.
pub(crate) fn count(tables: &Tables, plan: &Plan, threads: usize) -> Counts {
    let (next_journey, next_plan) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (next_episode, next_part) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut done: Vec<(Grid, Vec<Vec<Start>>)> = std::thread::scope(|scope| {
        let work = || {
            let mut grid = Grid::new(plan);
            let each = tables.episodes.area.len() / threads / PARTS;
            let mut parts: Vec<Vec<Start>> =
                (0..PARTS).map(|_| Vec::with_capacity(each + each / 8)).collect();
            while let Some(rows) = unit(&next_journey, tables.journeys.area.len()) {
                journeys(&tables.journeys, rows, plan, &mut grid);
            }
            while let Some(rows) = unit(&next_plan, tables.plans.area.len()) {
                plans(&tables.plans, rows, plan, &mut grid);
            }
            while let Some(rows) = unit(&next_episode, tables.episodes.area.len()) {
                episodes(&tables.episodes, rows, plan, &mut grid, &mut parts);
            }
            (grid, parts)
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let dealt: Vec<Vec<Vec<Start>>> = done.iter_mut().map(|(_, parts)| std::mem::take(parts)).collect();
    std::thread::scope(|scope| {
        for (grid, _) in &mut done {
            let (dealt, next_part) = (&dealt, &next_part);
            scope.spawn(move || {
                let mut moved = Moved::default();
                loop {
                    let part = next_part.fetch_add(1, Ordering::Relaxed);
                    if part >= PARTS {
                        break;
                    }
                    let starts = dealt.iter().flat_map(|of| of[part].iter().copied());
                    moved.count(starts, plan, grid);
                }
            });
        }
    });
    let mut grids = done.into_iter().map(|(grid, _)| grid);
    let mut whole = grids.next().unwrap();
    for grid in grids {
        for (sum, slot) in whole.slots.iter_mut().zip(grid.slots) {
            *sum = sum.wrapping_add(slot);
        }
    }
    finish(&whole, plan)
}

fn unit(next: &AtomicUsize, rows: usize) -> Option<Range<usize>> {
    let from = next.fetch_add(UNIT, Ordering::Relaxed);
    (from < rows).then(|| from..(from + UNIT).min(rows))
}

fn journeys(of: &Journeys, rows: Range<usize>, plan: &Plan, grid: &mut Grid) {
    let area = &of.area[rows.clone()];
    let referral = &of.referral[rows.clone()];
    let previous = &of.previous[rows.clone()];
    let assessment = &of.assessment[rows.clone()];
    let s47 = &of.s47[rows.clone()];
    let conference = &of.conference[rows];
    for row in 0..area.len() {
        let here = usize::from(area[row]);
        let at = plan.at(referral[row]);
        let referred = plan.packed[at];
        let again = previous[row] >= plan.year_before[at] && previous[row] != BLANK;
        let class = usize::from(again) | usize::from(s47[row] != BLANK) << 1;
        grid.add(here, referred.event.into(), REFERRALS + class);
        let assessed = plan.of(assessment[row]);
        let took = i32::from(assessed.working) - i32::from(referred.working);
        grid.add(
            here,
            assessed.event.into(),
            ASSESSMENTS + usize::from(took <= 45) + usize::from(took <= 10),
        );
        let begun = plan.of(s47[row]);
        grid.add(here, begun.event.into(), S47S + usize::from(conference[row] != BLANK));
        let met = plan.of(conference[row]);
        let took = i32::from(met.working) - i32::from(begun.working);
        grid.add(here, met.event.into(), CONFERENCES + usize::from(took <= 15));
    }
}

fn plans(of: &Plans, rows: Range<usize>, plan: &Plan, grid: &mut Grid) {
    let area = &of.area[rows.clone()];
    let start = &of.start[rows.clone()];
    let end = &of.end[rows.clone()];
    let review = &of.review[rows.clone()];
    let before = &of.before[rows];
    for row in 0..area.len() {
        let here = usize::from(area[row]);
        let at = plan.at(start[row]);
        let (begun, ended) = (plan.packed[at], plan.of(end[row]));
        grid.add(here, begun.event.into(), BEGUN + usize::from(before[row] > 0));
        grid.add(here, ended.event.into(), ENDED + usize::from(plan.two_years_on[at] <= end[row]));
        let (from, to) = (usize::from(begun.from), usize::from(ended.from));
        grid.span(here, (from, to), OPEN);
        let (held, lapsed) = (plan.of(review[row]).from, plan.of(review[row].saturating_add(REVIEWED)).from);
        grid.span(here, (from.max(held.into()), to.min(lapsed.into())), REVIEWS);
    }
}

fn episodes(of: &Episodes, rows: Range<usize>, plan: &Plan, grid: &mut Grid, parts: &mut [Vec<Start>]) {
    let area = &of.area[rows.clone()];
    let child = &of.child[rows.clone()];
    let start = &of.start[rows.clone()];
    let end = &of.end[rows.clone()];
    let miles = &of.miles[rows];
    for row in 0..area.len() {
        let here = usize::from(area[row]);
        let at = plan.at(start[row]);
        let span = (usize::from(plan.packed[at].from), usize::from(plan.of(end[row]).from));
        grid.span(here, span, PLACED);
        if miles[row] > 20 && miles[row] != UNKNOWN_MILES {
            grid.span(here, span, FAR);
        }
        let part = (mixed(child[row], area[row]) >> 55) as usize;
        parts[part].push(Start { child: child[row], day: at as u16, area: area[row] });
    }
}

#[inline(always)]
fn mixed(child: i64, area: u8) -> u64 {
    (child as u64 ^ u64::from(area) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The children of one part: a table of who is there, and the days of those with three placements or more.
#[derive(Default)]
struct Moved {
    /// Child and area with its number, by hash; 0 is nobody.
    heads: Vec<u32>,
    who: Vec<(i64, u8, u32)>,
    number: Vec<u32>,
    days: Vec<u16>,
    all: Vec<Start>,
}

impl Moved {
    fn count(&mut self, starts: impl Iterator<Item = Start>, plan: &Plan, grid: &mut Grid) {
        self.all.clear();
        self.all.extend(starts);
        let size = (self.all.len() * 2).next_power_of_two().max(2);
        self.heads.clear();
        self.heads.resize(size, 0);
        self.who.clear();
        self.number.clear();
        for of in &self.all {
            let mut at = (mixed(of.child, of.area) >> 20) as usize & (size - 1);
            let number = loop {
                match self.heads[at] {
                    0 => {
                        self.who.push((of.child, of.area, 0));
                        self.heads[at] = self.who.len() as u32;
                        break self.who.len() - 1;
                    }
                    head => {
                        let (child, area, _) = self.who[head as usize - 1];
                        if (child, area) == (of.child, of.area) {
                            break head as usize - 1;
                        }
                        at = (at + 1) & (size - 1);
                    }
                }
            };
            self.who[number].2 += 1;
            self.number.push(number as u32);
        }
        // Only children with three placements get a place for their days; where it ends is kept in their count.
        let mut placed = 0;
        for (_, _, count) in &mut self.who {
            let has = *count;
            *count = if has >= 3 { placed } else { u32::MAX };
            placed += if has >= 3 { has } else { 0 };
        }
        self.days.clear();
        self.days.resize(placed as usize, 0);
        for (of, number) in self.all.iter().zip(&self.number) {
            let place = &mut self.who[*number as usize].2;
            if *place != u32::MAX {
                self.days[*place as usize] = of.day;
                *place += 1;
            }
        }
        let mut from = 0;
        for (_, area, upto) in &self.who {
            if *upto != u32::MAX {
                let days = &mut self.days[from..*upto as usize];
                from = *upto as usize;
                moved(days, usize::from(*area), plan, grid);
            }
        }
    }
}

/// The periods at whose end a child had three placements in twelve months.
fn moved(days: &mut [u16], area: usize, plan: &Plan, grid: &mut Grid) {
    days.sort_unstable();
    let mut different = 1;
    for at in 1..days.len() {
        if days[at] != days[different - 1] {
            days[different] = days[at];
            different += 1;
        }
    }
    let mut counted = 0;
    for three in days[..different].windows(3) {
        let from = plan.packed[three[2] as usize].free.max(counted);
        let to = (plan.packed[three[0] as usize].free + plan.window).min(plan.periods as i16);
        if from < to {
            grid.span(area, (from as usize, to as usize), MOVED);
            counted = to;
        }
    }
}

/// Classes and differences as counters.
fn finish(grid: &Grid, plan: &Plan) -> Counts {
    let mut counts = Counts::new(Size::Fourteen, plan.periods);
    for area in 0..AREAS {
        let mut stocks = [0u32; SLOTS - OPEN];
        for period in 0..plan.periods {
            let from = (area * plan.width() + period) * SLOTS;
            let slot = &grid.slots[from..from + SLOTS];
            for (stock, change) in stocks.iter_mut().zip(&slot[OPEN..]) {
                *stock = stock.wrapping_add(*change);
            }
            let sum = |from: usize, to: usize| slot[from..to].iter().sum::<u32>();
            let told: [u32; COUNTERS.len()] = [
                sum(REFERRALS, REFERRALS + 4),
                slot[REFERRALS + 1] + slot[REFERRALS + 3],
                slot[REFERRALS + 2] + slot[REFERRALS + 3],
                sum(ASSESSMENTS, ASSESSMENTS + 4),
                sum(ASSESSMENTS + 1, ASSESSMENTS + 4),
                slot[ASSESSMENTS + 2],
                sum(S47S, S47S + 2),
                slot[S47S + 1],
                sum(CONFERENCES, CONFERENCES + 2),
                slot[CONFERENCES + 1],
                stocks[0],
                stocks[REVIEWS - OPEN],
                sum(BEGUN, BEGUN + 2),
                slot[BEGUN + 1],
                sum(ENDED, ENDED + 2),
                slot[ENDED + 1],
                stocks[PLACED - OPEN],
                stocks[FAR - OPEN],
                stocks[MOVED - OPEN],
            ];
            let place = counts.place(area, period, 0, 0);
            for (count, told) in counts.all[place..].iter_mut().zip(told) {
                *count = told.into();
            }
        }
    }
    counts
}
