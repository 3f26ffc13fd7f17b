//! The run chart: whether a series varies about its median as chance would.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::StatsError;

/// What a run chart says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunChart {
    /// The median of the values present.
    pub median: f64,
    /// How many values are not on the median: the useful ones.
    pub useful: usize,
    /// The runs; `None` where no value is useful.
    pub runs: Option<Runs>,
}

/// Runs on one side of the median.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// The longest.
    pub longest: usize,
    /// The longest that chance explains.
    pub longest_expected: u32,
    /// How often the median is crossed.
    pub crossings: usize,
    /// The fewest crossings that chance explains.
    pub fewest_expected: u64,
}

impl RunChart {
    /// Whether the series varies otherwise than by chance: a run too long, or too few crossings.
    pub fn signal(&self) -> bool {
        self.runs.is_some_and(|runs| {
            u64::try_from(runs.longest).unwrap_or(u64::MAX) > runs.longest_expected.into()
                || u64::try_from(runs.crossings).unwrap_or(u64::MAX) < runs.fewest_expected
        })
    }
}

/// The run chart of values in order of time. Missing values, and values on the median, are passed over. Over
/// n useful values chance explains a run of up to `log₂ n + 3`, rounded, and at least as many crossings as the
/// 5th percentile of the binomial distribution of n − 1 trials at a half.
///
/// Source: Anhøj J, Olesen AV, *Run charts revisited*, Public Library of Science ONE 9 (2014).
///
/// # Errors
/// No value is there, or one is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::run_chart;
/// let rising: Vec<_> = (1..=20).map(|n| Some(f64::from(n))).collect();
/// let chart = run_chart(&rising).unwrap();
/// assert_eq!(chart.runs.unwrap().longest, 10);
/// assert!(chart.signal());
/// assert!(run_chart(&[None]).is_err());
/// ```
pub fn run_chart(values: &[Option<f64>]) -> Result<RunChart, StatsError> {
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    if present.iter().any(|value| !value.is_finite()) {
        return Err(StatsError::NotFinite("a value"));
    }
    let median = median(&present).ok_or(StatsError::TooFew { have: 0, need: 1 })?;
    let off_median =
        present.iter().filter_map(|value| value.partial_cmp(&median).filter(|side| side.is_ne()));
    let above: Vec<bool> = off_median.map(std::cmp::Ordering::is_gt).collect();
    let lengths = above.chunk_by(|one, other| one == other).map(<[bool]>::len);
    let useful = above.len();
    let runs =
        lengths.clone().max().zip(expected(useful)).map(|(longest, (longest_expected, fewest_expected))| {
            Runs { longest, longest_expected, crossings: lengths.count().saturating_sub(1), fewest_expected }
        });
    Ok(RunChart { median, useful, runs })
}

/// The longest run and the fewest crossings that chance explains.
fn expected(useful: usize) -> Option<(u32, u64)> {
    let useful = u64::try_from(useful).ok()?;
    // Rounding log₂ n: up from where n² reaches 2^(2k+1), a half that no whole n meets.
    let floor = useful.checked_ilog2()?;
    let rounded = floor + u32::from(u128::from(useful).pow(2) > 1_u128 << (2 * floor + 1));
    let crossings = Binomial::new(0.5, useful - 1).ok()?;
    Some((rounded + 3, if useful == 1 { 0 } else { crossings.inverse_cdf(0.05) }))
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*sorted.get(sorted.len() / 2 - 1)?, upper))
}
