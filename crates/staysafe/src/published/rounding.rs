//! To what the counts of a table are rounded: as its layout declares it, or as its figures tell it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::layout::same;
use super::naming::prints_a_rate;
use super::range::Range;
use super::{Column, Level, Published};
use crate::value::{Exact, Number, Supplied};

/// What counts are rounded to, coarsest first.
const STEPS: [i128; 7] = [1000, 100, 50, 10, 5, 3, 1];

/// How many different figures tell their rounding: that so many are multiples of ten by chance is one in a hundred thousand.
const ENOUGH: usize = 5;

/// No release is known to round more coarsely than this; a round number alone does not show that one does.
const COARSEST_GUESS: i128 = 100;

/// Above it some releases round more coarsely.
const LARGE: i128 = 1000;

/// How it is known what a figure is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The layout says it.
    Declared,
    /// All figures of its kind are multiples of it.
    Told,
    /// There are too few figures to tell; it is taken to be as coarse as the figure itself allows.
    Guessed,
}

/// What each figure of a table is rounded to.
#[derive(Debug)]
pub struct Steps<'a> {
    table: &'a Published,
    /// By column, level and whether it is large; the column is left out in the second map.
    of_columns: BTreeMap<(usize, &'a Level, bool), i128>,
    of_levels: BTreeMap<(&'a Level, bool), i128>,
    /// The most decimal places in a column.
    places: Vec<u32>,
}

impl<'a> Steps<'a> {
    /// Looks at all figures of a table.
    pub fn new(table: &'a Published) -> Self {
        let mut of_columns: BTreeMap<(usize, &Level, bool), BTreeSet<i128>> = BTreeMap::new();
        let mut of_levels: BTreeMap<(&Level, bool), BTreeSet<i128>> = BTreeMap::new();
        let mut places = vec![0; table.columns.len()];
        let rates: Vec<bool> = table.columns.iter().map(|column| prints_a_rate(&column.measure)).collect();
        for row in &table.rows {
            for (column, (cell, most)) in row.cells.iter().zip(&mut places).enumerate() {
                let Some(Supplied::Number(number)) = cell else { continue };
                *most = number.places.max(*most);
                if let Some(whole) = number.value.whole().filter(|whole| *whole != 0) {
                    let large = whole.abs() > LARGE;
                    of_columns.entry((column, &row.place.level, large)).or_default().insert(whole);
                    if !rates.get(column).copied().unwrap_or(false) {
                        of_levels.entry((&row.place.level, large)).or_default().insert(whole);
                    }
                }
            }
        }
        let told = |figures: BTreeSet<i128>| (figures.len() >= ENOUGH).then(|| step(&figures));
        Self {
            table,
            of_columns: of_columns.into_iter().filter_map(|(key, all)| Some((key, told(all)?))).collect(),
            of_levels: of_levels.into_iter().filter_map(|(key, all)| Some((key, told(all)?))).collect(),
            places,
        }
    }

    /// Between which numbers a count lies, and how that is known. `None` where it does not fit.
    pub fn count(&self, column: usize, level: &Level, number: &Number) -> Option<(Range, Certainty)> {
        if let Some(places) = self.places.get(column).copied().filter(|places| *places > 0) {
            return Some((Range::rounded(number.value, unit(places)?)?, Certainty::Told));
        }
        let of = self.table.columns.get(column)?;
        if let Some((step, exact)) = self.declared(of, level, number) {
            let range = if exact {
                Range::exactly(number.value)
            } else {
                Range::rounded(number.value, Exact::from(step))?
            };
            return Some((range, Certainty::Declared));
        }
        let whole = number.value.whole()?;
        if whole == 0 {
            // Where nothing rounds to 0 but 0, a 0 is one; else it is as near to 0 as its fellows are to them.
            let fellows =
                [true, false].iter().filter_map(|large| self.of_columns.get(&(column, level, *large)));
            let step = fellows.min().copied().unwrap_or(1);
            return Some((within(number.value, step)?, Certainty::Told));
        }
        let large = whole.abs() > LARGE;
        let told =
            self.of_columns.get(&(column, level, large)).or_else(|| self.of_levels.get(&(level, large)));
        if let Some(step) = told {
            return Some((within(number.value, *step)?, Certainty::Told));
        }
        let own = step(&BTreeSet::from([whole])).min(COARSEST_GUESS);
        Some((within(number.value, own)?, Certainty::Guessed))
    }

    /// Between which numbers a published rate lies: half a unit of the last place that its column prints.
    pub fn rate(&self, column: usize, number: &Number) -> Option<Range> {
        let places = self.places.get(column).copied().unwrap_or(number.places);
        let unit = unit(places.min(MOST_PLACES))?;
        let half = unit.times(&Exact::new(1, 2)?)?;
        let least = number.value.plus(&half.times(&Exact::from(-1_i64))?)?;
        Some(Range { least, most: Some(number.value.plus(&half)?) })
    }

    fn declared(&self, column: &Column, level: &Level, number: &Number) -> Option<(u64, bool)> {
        let level = level.to_string();
        let fits = |of: &&super::Rounding| {
            of.level.as_ref().is_none_or(|wanted| same(wanted, &level))
                && of.above.is_none_or(|above| number.value > Exact::from(above))
                && (of.columns.is_empty()
                    || of
                        .columns
                        .iter()
                        .any(|name| same(name, &column.header) || same(name, &column.measure)))
        };
        self.table.layout.rounding.iter().find(fits).map(|of| (of.to, of.exact))
    }
}

/// Beyond so many places a figure is a float that was written out, good to so many.
const MOST_PLACES: u32 = 9;

/// The unit of the last of so many decimal places.
fn unit(places: u32) -> Option<Exact> {
    Exact::new(1, 10_i128.checked_pow(places.min(MOST_PLACES))?)
}

/// The coarsest step of which all are multiples.
fn step(figures: &BTreeSet<i128>) -> i128 {
    STEPS.into_iter().find(|step| figures.iter().all(|figure| figure % step == 0)).unwrap_or(1)
}

/// A whole number that is rounded to nothing is exact.
fn within(value: Exact, step: i128) -> Option<Range> {
    if step <= 1 { Some(Range::exactly(value)) } else { Range::rounded(value, Exact::new(step, 1)?) }
}
