//! Wilson's score interval of a proportion.

use super::error::{above_zero, at_least_zero};
use super::{Confidence, Interval, StatsError};

/// Limits of the proportion `x / n`, as shares of 1:
/// `(2x + z² ∓ z √(z² + 4x(1 − x/n))) / (2(n + z²))`.
///
/// The lower limit of 0 out of n is exactly 0 and the upper of n out of n exactly 1.
///
/// Source: Wilson EB, *Probable inference, the law of succession, and statistical inference*, JASA 22
/// (1927); Newcombe RG, *Two-sided confidence intervals for the single proportion*, Statistics in
/// Medicine 17 (1998), method 3.
///
/// # Errors
/// `n` is not above 0, `x` is negative or above `n`, or one of them is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, StatsError, wilson};
/// // 3 of 11 families: anything from one in ten to more than half.
/// let interval = wilson(3.0, 11.0, Confidence::P95).unwrap();
/// assert_eq!(format!("{:.3} to {:.3}", interval.lower, interval.upper), "0.097 to 0.566");
/// assert_eq!(wilson(0.0, 0.0, Confidence::P95), Err(StatsError::NotPositive("the denominator")));
/// ```
pub fn wilson(x: f64, n: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let x = at_least_zero("the numerator", x)?;
    let n = above_zero("the denominator", n)?;
    if x > n {
        return Err(StatsError::Above { numerator: x, denominator: n });
    }
    if confidence.is_certain() {
        return Ok(Interval { lower: 0.0, upper: 1.0 });
    }
    Ok(score(x, n, confidence.z()))
}

/// Wilson's limits, without a look at the numbers.
#[inline]
pub(super) fn score(x: f64, n: f64, z: f64) -> Interval {
    let centre = 2.0 * x + z * z;
    let reach = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
    // One division does for both limits.
    let scale = 0.5 / (n + z * z);
    Interval {
        lower: if x > 0.0 { ((centre - reach) * scale).max(0.0) } else { 0.0 },
        upper: if x < n { ((centre + reach) * scale).min(1.0) } else { 1.0 },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn level() -> impl Strategy<Value = Confidence> {
        (0.9f64..0.9999).prop_map(|level| Confidence::new(level).unwrap())
    }

    #[test]
    fn the_published_examples() {
        // Newcombe RG, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
        for (x, n, limits) in [
            (81.0, 263.0, "0.2553 to 0.3662"),
            (15.0, 148.0, "0.0624 to 0.1605"),
            (0.0, 20.0, "0.0000 to 0.1611"),
            (1.0, 29.0, "0.0061 to 0.1718"),
        ] {
            let ours = wilson(x, n, Confidence::P95).unwrap();
            assert_eq!(format!("{:.4} to {:.4}", ours.lower, ours.upper), limits, "{x} of {n}");
        }
    }

    proptest! {
        #[test]
        fn holds_its_estimate_and_lies_between_0_and_1(n in 1u32..10_000, part in 0.0f64..=1.0, level in level()) {
            let (x, n) = ((f64::from(n) * part).floor(), f64::from(n));
            let interval = wilson(x, n, level).unwrap();
            prop_assert!(interval.contains(x / n));
            prop_assert!(0.0 <= interval.lower && interval.upper <= 1.0);
            let mirror = wilson(n - x, n, level).unwrap();
            prop_assert!((interval.lower - (1.0 - mirror.upper)).abs() < 1e-12);
        }

        #[test]
        fn narrows_with_n_and_widens_with_confidence(x in 0u32..100, more in 0u32..100, a in level(), b in level()) {
            let (x, n) = (f64::from(x), f64::from(x + more + 1));
            let width = |k: f64, level| { let i = wilson(k * x, k * n, level).unwrap(); i.upper - i.lower };
            prop_assert!(width(2.0, a) < width(1.0, a));
            prop_assert_eq!(a.level() < b.level(), width(1.0, a) < width(1.0, b));
        }

        #[test]
        fn grows_with_x(x in 0u32..1000, n in 1001u32..2000, level in level()) {
            let (less, more) = (wilson(x.into(), n.into(), level).unwrap(), wilson((x + 1).into(), n.into(), level).unwrap());
            prop_assert!(less.lower < more.lower && less.upper < more.upper);
        }
    }
}
