//! The g chart: rare events, by how many chances lie between them.

use super::error::at_least_zero;
use super::{Interval, StatsError, length, sum};

/// Limits lie at so many standard deviations from the mean.
const SIGMAS: f64 = 3.0;

/// The median of a geometric distribution, over its mean, as printed.
const CENTRE: f64 = 0.693;

/// A chart of what lies between rare events. A value above the upper limit is good news: the event became rarer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RareChart {
    /// The line in the middle: about half of the values lie on each side.
    pub centre: f64,
    /// The limits; the lower one is never below 0, and of a g chart always 0.
    pub limits: Interval,
}

/// The g chart of how many chances (visits, placements, days) lay between one event and the next, in whole
/// numbers: with the mean ḡ, the upper limit is `ḡ + 3 √(ḡ(ḡ + 1))` and the line in the middle the median of
/// the geometric distribution, about `0.693 ḡ`. The formula's lower limit is always below 0, so it is 0: this chart
/// sees that an event became rarer; that it became more frequent shows in [runs](super::run_chart).
///
/// A count of events says nothing where it is 0 in most months; the gaps between them do. The gap since the last
/// event is no value of the chart, but it can be held against the upper limit.
///
/// Source: Benneyan JC, *Number-between g-type statistical quality control charts for monitoring adverse events*,
/// Health Care Management Science 4 (2001); the centre: Provost LP, Murray SK, *The health care data guide* (2011).
///
/// # Errors
/// There is no value, or one is negative or not finite.
///
/// # Example
/// ```
/// use staysafe::stats::g_chart;
/// let chart = g_chart(&[12.0, 30.0, 7.0, 21.0, 10.0]).unwrap();
/// assert_eq!(format!("{:.3} {:.1}", chart.centre, chart.limits.upper), "11.088 65.5");
/// assert_eq!(chart.limits.lower, 0.0);
/// assert!(g_chart(&[]).is_err());
/// ```
pub fn g_chart(between: &[f64]) -> Result<RareChart, StatsError> {
    if between.is_empty() {
        return Err(StatsError::TooFew { have: 0, need: 1 });
    }
    for value in between {
        at_least_zero("a value", *value)?;
    }
    let mean = sum(between.iter().copied()) / length(between.len());
    let reach = SIGMAS * mean.sqrt() * (mean + 1.0).sqrt();
    if !(mean + reach).is_finite() {
        return Err(StatsError::NotFinite("a value"));
    }
    Ok(RareChart { centre: CENTRE * mean, limits: Interval { lower: 0.0, upper: mean + reach } })
}
