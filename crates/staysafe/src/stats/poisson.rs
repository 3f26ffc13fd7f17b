//! Limits of a count of events, and of a rate.

use super::error::{above_zero, at_least_zero};
use super::{Confidence, Interval, StatsError, poisson_exact};

/// Below this count the exact limits are used in place of Byar's.
pub(super) const EXACT_BELOW: f64 = 10.0;

/// Limits of the rate `x / n × multiplier`: exact below 10 events, Byar's from 10 on. Between 9 and 10
/// events the limits therefore make a small step.
///
/// `x` may be above `n`: events are not people.
///
/// Source: the two methods below; the switch at 10 is that of the public health observatories'
/// technical briefing 3, *Commonly used public health statistics and their confidence intervals* (2008).
///
/// # Errors
/// `n` or the multiplier is not above 0, `x` is negative, one of them is not finite, or the rate has no float.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, rate_interval};
/// let none = rate_interval(0.0, 1000.0, 10_000.0, Confidence::P95).unwrap();
/// assert_eq!(none.lower, 0.0);
/// assert_eq!(format!("{:.1}", none.upper), "36.9");
/// assert!(rate_interval(1.0, 0.0, 10_000.0, Confidence::P95).is_err());
/// ```
pub fn rate_interval(
    x: f64,
    n: f64,
    multiplier: f64,
    confidence: Confidence,
) -> Result<Interval, StatsError> {
    let n = above_zero("the denominator", n)?;
    let multiplier = above_zero("the multiplier", multiplier)?;
    per_head(poisson_limits(x, confidence)?, n, multiplier, confidence)
}

/// The limits of a count as those of a rate.
pub(super) fn per_head(
    count: Interval,
    n: f64,
    multiplier: f64,
    confidence: Confidence,
) -> Result<Interval, StatsError> {
    let rate = Interval { lower: count.lower / n * multiplier, upper: count.upper / n * multiplier };
    if rate.lower.is_finite() && (rate.upper.is_finite() || confidence.is_certain()) {
        return Ok(rate);
    }
    Err(StatsError::TooLarge)
}

/// Limits of a count of `x` events: exact below 10, Byar's from 10 on.
///
/// # Errors
/// `x` is negative or not finite.
pub fn poisson_limits(x: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    if x < EXACT_BELOW { exact_poisson(x, confidence) } else { byar(x, confidence) }
}

/// Byar's approximation to the limits of a count:
/// `x (1 − 1/(9x) − z/(3√x))³` and `(x+1) (1 − 1/(9(x+1)) + z/(3√(x+1)))³`.
///
/// For very few events and a high confidence the lower formula falls below 0; the limit is then 0.
///
/// Source: Breslow NE, Day NE, *Statistical methods in cancer research*, volume II (1987), equation 2.13.
///
/// # Errors
/// `x` is negative or not finite.
pub fn byar(x: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let x = at_least_zero("the count", x)?;
    if confidence.is_certain() {
        return Ok(Interval { lower: 0.0, upper: f64::INFINITY });
    }
    Ok(byar_at(x, confidence.z()))
}

/// Byar's limits, without a look at the numbers.
#[inline]
pub(super) fn byar_at(x: f64, z: f64) -> Interval {
    let limit = |count: f64, z: f64| {
        // 1/(9x) is the square of 1/(3√x): one division does for both.
        let part = 1.0 / (3.0 * count.sqrt());
        let root = (1.0 - part * part + z * part).max(0.0);
        count * (root * root * root)
    };
    Interval { lower: if x > 0.0 { limit(x, -z) } else { 0.0 }, upper: limit(x + 1.0, z) }
}

/// Exact limits of a count, from the link between the Poisson and the chi-squared distribution:
/// `χ²(α/2; 2x)/2` and `χ²(1 − α/2; 2x+2)/2`. They come from a table or from sums of Poisson
/// probabilities, which is faster and right to 12 digits.
///
/// Source: Garwood F, *Fiducial limits for the Poisson distribution*, Biometrika 28 (1936).
///
/// # Errors
/// `x` is negative or not finite.
pub fn exact_poisson(x: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let x = at_least_zero("the count", x)?;
    if confidence.is_certain() {
        return Ok(Interval { lower: 0.0, upper: f64::INFINITY });
    }
    poisson_exact::limits(x, confidence).ok_or(StatsError::TooLarge)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_of_garwood() {
        // The limits of 0, 1 and 5 events at 95%, as every textbook prints them.
        for (x, lower, upper) in [(0.0, "0.000", "3.689"), (1.0, "0.025", "5.572"), (5.0, "1.623", "11.668")]
        {
            let limits = exact_poisson(x, Confidence::P95).unwrap();
            assert_eq!(
                (format!("{:.3}", limits.lower), format!("{:.3}", limits.upper)),
                (lower.into(), upper.into())
            );
        }
    }

    #[test]
    fn at_certainty_there_is_no_bound() {
        let certain = Confidence::new(1.0).unwrap();
        for x in [0.0, 5.0, 50.0] {
            let limits = poisson_limits(x, certain).unwrap();
            assert_eq!((limits.lower.to_bits(), limits.upper), (0, f64::INFINITY));
        }
        assert_eq!(byar(f64::NAN, certain), Err(StatsError::NotFinite("the count")));
    }

    proptest! {
        #[test]
        fn byar_is_close_to_exact_from_10_on(x in 10u32..2000) {
            let (near, exact) = (byar(x.into(), Confidence::P95).unwrap(), exact_poisson(x.into(), Confidence::P95).unwrap());
            prop_assert!((near.lower / exact.lower - 1.0).abs() < 0.002);
            prop_assert!((near.upper / exact.upper - 1.0).abs() < 0.002);
        }

        #[test]
        fn holds_its_count_and_grows_with_it(x in 0u32..3000, level in 0.9f64..0.9999) {
            let level = Confidence::new(level).unwrap();
            let (less, more) = (poisson_limits(x.into(), level).unwrap(), poisson_limits((x + 1).into(), level).unwrap());
            prop_assert!(less.contains(x.into()) && less.lower >= 0.0);
            prop_assert!(less.upper < more.upper && less.lower < more.lower);
        }
    }
}
