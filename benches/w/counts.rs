//! Counts in one shape for every program: area by area, in each period by period, in each counter by counter.

use std::collections::BTreeMap;

use staysafe::period::Period;
use staysafe::result::{Partials, Reason, State};

use super::data::AREAS;
use super::definitions::{COUNTERS, MEASURES, Size, id};

/// The counts of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) size: Size,
    pub(crate) periods: usize,
    pub(crate) all: Vec<i64>,
}

impl Counts {
    pub(crate) fn new(size: Size, periods: usize) -> Self {
        Self { size, periods, all: vec![0; AREAS * periods * size.counters()] }
    }

    /// The place of a counter of a filter in an area and period.
    pub(crate) fn place(&self, area: usize, period: usize, filter: usize, counter: usize) -> usize {
        (area * self.periods + period) * self.size.counters() + filter * COUNTERS.len() + counter
    }

    /// What the engine counted. A counter that several indicators have must be the same in all of them.
    ///
    /// # Errors
    /// An absence that W does not have, an area or period that was not asked for, two counts of one thing.
    pub(crate) fn of(partials: &Partials, size: Size, periods: &[Period]) -> Result<Self, String> {
        let mut counts = Self::new(size, periods.len());
        let mut filled = vec![false; counts.all.len()];
        let measures: BTreeMap<String, (usize, usize)> = size
            .filters()
            .into_iter()
            .enumerate()
            .flat_map(|(filter, name)| {
                MEASURES.iter().enumerate().map(move |(at, measure)| (id(measure, name), (filter, at)))
            })
            .collect();
        for partial in &partials.partials {
            let (filter, at) = *measures
                .get(partial.indicator.as_str())
                .ok_or_else(|| format!("no {} in W", partial.indicator))?;
            let Some(measure) = MEASURES.get(at) else { continue };
            let period = periods.binary_search(&partial.period).map_err(|_| partial.period.to_string())?;
            let (numerator, denominator) = match &partial.state {
                State::Counted { numerator, denominator } => (*numerator, denominator.unwrap_or_default()),
                State::Absent(Reason::Undefined) => (0, 0),
                other => return Err(format!("{} in {}: {other:?}", partial.indicator, partial.period)),
            };
            let area = partial.area.strip_prefix('A').and_then(|number| number.parse::<usize>().ok());
            let Some(area) = area else {
                // Where a row names no area; W has none such.
                if numerator == 0 && denominator == 0 {
                    continue;
                }
                return Err(format!("{} in the area {}", partial.indicator, partial.area));
            };
            let told = [(Some(measure.numerator), numerator), (measure.denominator, denominator)];
            for (counter, count) in told {
                let Some(counter) = counter else { continue };
                let place = counts.place(area - 1, period, filter, counter);
                let count = i64::try_from(count).map_err(|why| why.to_string())?;
                let (Some(held), Some(filled)) = (counts.all.get_mut(place), filled.get_mut(place)) else {
                    return Err(format!("no area {}", partial.area));
                };
                if *filled && *held != count {
                    return Err(format!(
                        "{} in {}, {}: {} are {count} here and {held} elsewhere",
                        partial.indicator,
                        partial.area,
                        partial.period,
                        COUNTERS.get(counter).unwrap_or(&"?"),
                    ));
                }
                (*held, *filled) = (count, true);
            }
        }
        Ok(counts)
    }

    /// The first cells that differ, in words; none where all are the same.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        if self.all.len() != other.all.len() {
            return vec![format!("{} cells and {} cells", self.all.len(), other.all.len())];
        }
        let width = self.size.counters();
        let pairs = self.all.iter().zip(&other.all).enumerate().filter(|(_, (own, theirs))| own != theirs);
        pairs
            .take(10)
            .map(|(place, (own, theirs))| {
                let (row, counter) = (place / width, place % width);
                format!(
                    "{} (filter {}) in area {}, period {}: {own} and {theirs}",
                    COUNTERS.get(counter % COUNTERS.len()).unwrap_or(&"?"),
                    counter / COUNTERS.len(),
                    row / self.periods + 1,
                    row % self.periods
                )
            })
            .collect()
    }

    /// As bytes, eight to a count, the lowest first.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.all.iter().flat_map(|count| count.to_le_bytes()).collect()
    }

    /// Counts that another program wrote.
    pub(crate) fn from_bytes(bytes: &[u8], size: Size, periods: usize) -> Self {
        let all = bytes
            .chunks_exact(8)
            .map(|eight| i64::from_le_bytes(eight.try_into().unwrap_or_default()))
            .collect();
        Self { size, periods, all }
    }
}
