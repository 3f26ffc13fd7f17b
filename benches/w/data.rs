//! The records of workload W: made up, seeded, the same for every program.
//!
//! A row is worked out from its number alone, so that tables can be made in pieces and on several threads. Rows lie in no
//! order: neighbours have nothing to do with each other. A blank date is [`BLANK`], greater than any day.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

/// No day.
pub(crate) const BLANK: i32 = i32::MAX;

/// A distance that nobody knows.
pub(crate) const UNKNOWN_MILES: u8 = u8::MAX;

/// How many areas there are.
pub(crate) const AREAS: usize = 152;

/// Ethnic groups as the children in need census codes them, with how many of 1,000 children are of each.
pub(crate) const ETHNICITIES: [(&str, u32); 20] = [
    ("WBRI", 660),
    ("WIRI", 4),
    ("WOTH", 42),
    ("WIRT", 3),
    ("WROM", 6),
    ("MWBC", 32),
    ("MWBA", 12),
    ("MWAS", 14),
    ("MOTH", 30),
    ("AIND", 12),
    ("APKN", 30),
    ("ABAN", 14),
    ("AOTH", 20),
    ("BCRB", 20),
    ("BAFR", 35),
    ("BOTH", 14),
    ("CHNE", 2),
    ("OOTH", 25),
    ("REFU", 5),
    ("NOBT", 20),
];

/// How many rows each table has: 10 to 4 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Journeys.
    pub(crate) journeys: usize,
    /// Plans.
    pub(crate) plans: usize,
    /// Episodes.
    pub(crate) episodes: usize,
}

impl Rows {
    /// The tables of W with so many journeys.
    pub(crate) fn of(journeys: usize) -> Self {
        Self { journeys, plans: journeys * 2 / 5, episodes: journeys * 3 / 5 }
    }
}

/// Journeys from referral to conference, column by column.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Journeys {
    pub(crate) area: Vec<u8>,
    pub(crate) child: Vec<i64>,
    pub(crate) ethnicity: Vec<u8>,
    pub(crate) referral: Vec<i32>,
    pub(crate) previous: Vec<i32>,
    pub(crate) assessment: Vec<i32>,
    pub(crate) s47: Vec<i32>,
    pub(crate) conference: Vec<i32>,
}

/// Child protection plans, column by column.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Plans {
    pub(crate) area: Vec<u8>,
    pub(crate) child: Vec<i64>,
    pub(crate) ethnicity: Vec<u8>,
    pub(crate) start: Vec<i32>,
    pub(crate) end: Vec<i32>,
    pub(crate) review: Vec<i32>,
    pub(crate) before: Vec<u8>,
}

/// Placements of looked-after children, column by column.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Episodes {
    pub(crate) area: Vec<u8>,
    pub(crate) child: Vec<i64>,
    pub(crate) ethnicity: Vec<u8>,
    pub(crate) start: Vec<i32>,
    pub(crate) end: Vec<i32>,
    pub(crate) miles: Vec<u8>,
}

/// Makes the three tables from a seed.
#[derive(Debug, Clone)]
pub(crate) struct Maker {
    rows: Rows,
    seed: u64,
    areas: Vec<u32>,
    ethnicities: Vec<u32>,
    first: i32,
    last: i32,
}

impl Maker {
    /// The maker of the tables of a size.
    pub(crate) fn new(rows: Rows, seed: u64) -> Self {
        // The largest area is about fifteen times the smallest.
        let weights = (0..AREAS).map(|area| 1_000_000 / (u32::try_from(area).unwrap_or(0) + 10));
        Self {
            rows,
            seed,
            areas: thresholds(weights),
            ethnicities: thresholds(ETHNICITIES.iter().map(|(_, weight)| *weight)),
            first: day(2008, 4, 1),
            last: day(2020, 6, 30),
        }
    }

    /// Journeys of these numbers: ten years and a quarter on either side.
    pub(crate) fn journeys(&self, numbers: Range<usize>) -> Journeys {
        let mut made = Journeys::default();
        for number in numbers {
            let mut random = self.random(1, number);
            let child = self.child(random.below(self.rows.journeys / 3 + 1));
            let referral = random.between(day(2010, 1, 1), self.last);
            let (previous, assessment) = (random.next(), random.next());
            let s47 = if random.of_100(30) { referral + random.between(0, 20) } else { BLANK };
            let met = s47 != BLANK && random.of_100(60);
            made.area.push(child.area);
            made.child.push(child.number);
            made.ethnicity.push(child.ethnicity);
            made.referral.push(referral);
            made.previous.push(if previous % 100 < 55 {
                BLANK
            } else {
                referral - skewed(previous, 1_500) - 1
            });
            made.assessment.push(if assessment % 100 < 15 {
                BLANK
            } else {
                referral + skewed(assessment, 150)
            });
            made.s47.push(s47);
            made.conference.push(if met { s47 + random.between(0, 40) } else { BLANK });
        }
        made
    }

    /// Plans of these numbers.
    pub(crate) fn plans(&self, numbers: Range<usize>) -> Plans {
        let mut made = Plans::default();
        for number in numbers {
            let mut random = self.random(2, number);
            let child = self.child(random.below(self.rows.journeys / 3 + 1));
            let start = random.between(self.first, self.last);
            let end = start + 1 + skewed(random.next(), 1_300);
            let reviewed = random.between(0, end.min(self.last) - start);
            made.area.push(child.area);
            made.child.push(child.number);
            made.ethnicity.push(child.ethnicity);
            made.start.push(start);
            made.end.push(if end > self.last { BLANK } else { end });
            made.review.push(if random.of_100(8) { BLANK } else { start + reviewed });
            made.before
                .push(u8::try_from(random.below(100)).map_or(0, |of| if of < 80 { 0 } else { of % 5 + 1 }));
        }
        made
    }

    /// Episodes of these numbers. A child has one to seven, one after the other; one child in twenty goes to another
    /// area after the third.
    pub(crate) fn episodes(&self, numbers: Range<usize>) -> Episodes {
        const HAVE: [usize; 6] = [1, 1, 2, 2, 3, 7];
        let all: usize = HAVE.iter().sum();
        let mut made = Episodes::default();
        for number in numbers {
            let shuffled = self.shuffled(number, self.rows.episodes);
            let (block, mut slot) = (shuffled / all, shuffled % all);
            let mut within = 0;
            for has in HAVE {
                if slot < has {
                    break;
                }
                slot -= has;
                within += 1;
            }
            let index = block * HAVE.len() + within;
            let mut child = self.child(index);
            let mut random = self.random(3, index);
            if slot >= 3 && random.of_100(5) {
                child.area = u8::try_from((usize::from(child.area) + 1) % AREAS).unwrap_or(0);
            }
            let mut start = random.between(self.first, self.last);
            let mut stay = placement(&mut random);
            for _ in 0..slot {
                start = (start + stay).min(self.last);
                stay = placement(&mut random);
            }
            let end = start + stay;
            let miles = self.random(4, shuffled).below(100);
            made.area.push(child.area);
            made.child.push(child.number);
            made.ethnicity.push(child.ethnicity);
            made.start.push(start);
            made.end.push(if end > self.last { BLANK } else { end });
            let far = |of: usize| u8::try_from(of * of / 60).unwrap_or(0);
            made.miles.push(if miles < 2 { UNKNOWN_MILES } else { far(miles) });
        }
        made
    }

    fn child(&self, index: usize) -> Child {
        let of = mixed(self.seed ^ 0x51ab_6e3d ^ wide(index).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let other = mixed(of);
        Child {
            number: i64::try_from(of >> 1).unwrap_or(0),
            area: chosen(&self.areas, other),
            ethnicity: chosen(&self.ethnicities, other >> 32),
        }
    }

    fn random(&self, table: u64, number: usize) -> Random {
        Random(mixed(self.seed.wrapping_add(table << 56) ^ wide(number)))
    }

    /// A place of its own for each number below `count`: a small cipher, gone through until it falls inside.
    fn shuffled(&self, number: usize, count: usize) -> usize {
        let half = (usize::BITS - count.leading_zeros()).div_ceil(2).max(1);
        let mask = (1u64 << half) - 1;
        let mut at = wide(number);
        loop {
            let (mut left, mut right) = (at >> half, at & mask);
            for round in 0..4u64 {
                (left, right) = (right, left ^ (mixed(right ^ (self.seed << 3) ^ (round << 48)) & mask));
            }
            at = (left << half) | right;
            match usize::try_from(at) {
                Ok(place) if place < count => return place,
                _ => {}
            }
        }
    }
}

struct Child {
    number: i64,
    area: u8,
    ethnicity: u8,
}

/// A day as it is counted from 1 January 1970.
pub(crate) fn day(year: i32, month: u32, day: u32) -> i32 {
    NaiveDate::from_ymd_opt(year, month, day).map_or(0, counted)
}

/// As [`day`].
pub(crate) fn counted(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - NaiveDate::default().num_days_from_ce()
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Mostly short, now and then long.
fn skewed(random: u64, longest: i32) -> i32 {
    let of = i32::try_from(random >> 48).unwrap_or(0) % 1_024;
    // The square of a share: half of all lie in the first quarter.
    i32::try_from((i64::from(longest) * i64::from(of) * i64::from(of)) >> 20).unwrap_or(0)
}

/// How long a placement lasts: one in ten for a day or none.
fn placement(random: &mut Random) -> i32 {
    if random.of_100(10) { random.between(0, 1) } else { 2 + skewed(random.next(), 1_000) }
}

fn thresholds(weights: impl Iterator<Item = u32>) -> Vec<u32> {
    weights
        .scan(0u32, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

fn chosen(thresholds: &[u32], random: u64) -> u8 {
    let all = thresholds.last().copied().unwrap_or(1);
    let at = u32::try_from(((random & 0xffff_ffff) * u64::from(all)) >> 32).unwrap_or(0);
    u8::try_from(thresholds.partition_point(|upto| *upto <= at)).unwrap_or(0)
}

/// The mixing step of splitmix64 (Steele, Lea and Flood, 2014).
fn mixed(of: u64) -> u64 {
    let of = of.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let of = (of ^ (of >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let of = (of ^ (of >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    of ^ (of >> 31)
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = mixed(self.0);
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.next()) * u128::from(wide(bound))) >> 64).unwrap_or(0)
    }

    /// Both ends included.
    fn between(&mut self, first: i32, last: i32) -> i32 {
        first + i32::try_from(self.below(usize::try_from(last - first + 1).unwrap_or(1))).unwrap_or(0)
    }

    fn of_100(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}
