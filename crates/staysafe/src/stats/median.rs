//! Which values bound a median: order statistics.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::{Confidence, Interval, StatsError};

/// The ranks, counted from 1, of the two values that bound the median of `count` values.
///
/// The number of values below the median is binomial with a half: the lower rank is the greatest `r` for
/// which `P(B < r)` is at most the tail, and the upper is `count + 1 − r`. Exact, so the level is at least
/// the one asked for. `None` where there are too few values for that level: under 6 at 95%.
///
/// Source: Conover, *Practical Nonparametric Statistics*, confidence interval for a quantile.
///
/// # Errors
/// No values, or a confidence of 100%, which no pair of ranks reaches.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, median_ranks};
/// assert_eq!(median_ranks(10, Confidence::P95)?, Some((2, 9)));
/// assert_eq!(median_ranks(5, Confidence::P95)?, None);
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn median_ranks(count: u64, confidence: Confidence) -> Result<Option<(u64, u64)>, StatsError> {
    if count == 0 {
        return Err(StatsError::TooFew { have: 0, need: 1 });
    }
    if confidence.is_certain() {
        return Ok(None);
    }
    let below = Binomial::new(0.5, count).map_err(|_| StatsError::NotFinite("the count"))?;
    let tail = confidence.tail();
    // P(B < r) grows with r: halve the range until the greatest rank within the tail is found.
    let (mut within, mut beyond) = (0, count.div_ceil(2) + 1);
    while beyond - within > 1 {
        let middle = within.midpoint(beyond);
        if below.cdf(middle - 1) <= tail { within = middle } else { beyond = middle }
    }
    Ok((within > 0).then_some((within, count + 1 - within)))
}

/// A median and its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianInterval {
    /// The median: half way between the two in the middle where there is an even number of values.
    pub value: f64,
    /// The limits; `None` where there are too few values for the level.
    pub interval: Option<Interval>,
}

/// The median of values, with limits that are two of the values: see [`median_ranks`].
///
/// Source: as [`median_ranks`].
///
/// # Errors
/// There is no value, or one is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, median_interval};
/// let days = [3.0, 4.0, 6.0, 9.0, 15.0, 16.0, 18.0, 25.0, 40.0, 45.0];
/// let median = median_interval(&days, Confidence::P95)?;
/// assert_eq!(median.value, 15.5);
/// let limits = median.interval.ok_or(staysafe::stats::StatsError::TooLarge)?;
/// assert_eq!((limits.lower, limits.upper), (4.0, 40.0));
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn median_interval(values: &[f64], confidence: Confidence) -> Result<MedianInterval, StatsError> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(StatsError::NotFinite("a value"));
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = u64::try_from(sorted.len()).map_err(|_| StatsError::TooLarge)?;
    let ranks = median_ranks(count, confidence)?;
    let at =
        |rank: u64| usize::try_from(rank).ok().and_then(|rank| sorted.get(rank.checked_sub(1)?)).copied();
    let middle = at(count.div_ceil(2)).zip(at(count / 2 + 1));
    let (low, high) = middle.ok_or(StatsError::TooFew { have: 0, need: 1 })?;
    let interval = ranks.and_then(|(lower, upper)| Some(Interval { lower: at(lower)?, upper: at(upper)? }));
    Ok(MedianInterval { value: f64::midpoint(low, high), interval })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ranks_of_the_printed_table() {
        // Conover's table for 95%: 6 values 1 and 6, 20 values 6 and 15, 50 values 18 and 33.
        for (count, ranks) in [(6, (1, 6)), (20, (6, 15)), (50, (18, 33))] {
            assert_eq!(median_ranks(count, Confidence::P95).unwrap(), Some(ranks), "{count}");
        }
    }

    #[test]
    fn few_values_have_a_median_and_no_limits() {
        let three = median_interval(&[5.0, 1.0, 2.0], Confidence::P95).unwrap();
        assert_eq!(three, MedianInterval { value: 2.0, interval: None });
        assert_eq!(median_interval(&[], Confidence::P95), Err(StatsError::TooFew { have: 0, need: 1 }));
        assert_eq!(median_interval(&[f64::NAN], Confidence::P95), Err(StatsError::NotFinite("a value")));
    }

    proptest! {
        #[test]
        fn ranks_lie_around_the_middle_and_close_in(count in 6u64..3000) {
            let (low, high) = median_ranks(count, Confidence::P95).unwrap().unwrap();
            prop_assert!(1 <= low && low <= high && high <= count && low + high == count + 1);
            let wider = median_ranks(count, Confidence::P998).unwrap();
            prop_assert!(wider.is_none_or(|(wider, _)| wider <= low));
        }
    }
}
