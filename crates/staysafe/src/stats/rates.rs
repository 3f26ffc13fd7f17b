//! Two rates compared: their ratio and their difference.

use super::error::above_zero;
use super::{Confidence, Estimate, Interval, StatsError, binomial_exact, poisson_limits, rate_interval};

/// The ratio `(x₁/n₁) / (x₂/n₂)` of two independent rates, with exact limits. Of `x₁ + x₂` events, those of
/// the first rate are binomial with the share `p = θn₁ / (θn₁ + n₂)`, so that the exact limits of p (from the
/// beta distribution) give those of the ratio, `θ = p / (1 − p) × n₂ / n₁`:
/// `B(α/2; x₁, x₂ + 1)` gives the lower and `B(1 − α/2; x₁ + 1, x₂)` the upper.
///
/// With no event in the first rate the ratio and its lower limit are 0.
///
/// Source: Przyborowski J, Wilenski H, *Homogeneity of results in testing samples from Poisson series*,
/// Biometrika 31 (1940); Breslow NE, Day NE, *Statistical methods in cancer research*, volume II (1987),
/// section 3.4.
///
/// # Errors
/// Either denominator is not above 0, a count is negative, a number is not finite, the second rate has no event,
/// so that nothing can be divided by it, or there are too many events (above a thousand million; with parts of an
/// event, above a million).
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, rate_ratio};
/// let result = rate_ratio((41.0, 28_010.0), (15.0, 19_017.0), Confidence::P95).unwrap();
/// assert_eq!(format!("{:.2}", result.value), "1.86");
/// assert_eq!(format!("{:.3} to {:.3}", result.interval.lower, result.interval.upper), "1.006 to 3.609");
/// assert!(rate_ratio((41.0, 28_010.0), (0.0, 19_017.0), Confidence::P95).is_err());
/// ```
pub fn rate_ratio(
    (x1, n1): (f64, f64),
    (x2, n2): (f64, f64),
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    poisson_limits(x1, confidence)?;
    let x2 = above_zero("the count of the second rate", x2)?;
    let per = above_zero("the second denominator", n2)? / above_zero("the first denominator", n1)?;
    let value = x1 / x2 * per;
    let interval = if confidence.is_certain() {
        Interval { lower: 0.0, upper: f64::INFINITY }
    } else {
        let lower_odds =
            |x, others| binomial_exact::lower_odds(x, others, confidence).ok_or(StatsError::TooLarge);
        let lower = if x1 > 0.0 { lower_odds(x1, x2)? * per } else { 0.0 };
        // The other way round, the upper limit is the lower one.
        Interval { lower, upper: per / lower_odds(x2, x1)? }
    };
    let finite = value.is_finite() && (interval.upper.is_finite() || confidence.is_certain());
    if !finite || !interval.contains(value) {
        return Err(StatsError::NotFinite("the ratio of the rates"));
    }
    Ok(Estimate { value, interval })
}

/// The difference `x₁/n₁ − x₂/n₂` of two independent rates, times the multiplier, with limits made from those
/// of each rate (exact below 10 events, Byar's from 10 on): `d − √((r₁ − l₁)² + (u₂ − r₂)²)` and
/// `d + √((u₁ − r₁)² + (r₂ − l₂)²)`. It is for rates what [`difference`](super::difference) is for proportions,
/// and has limits where neither rate has an event.
///
/// Source: Zou GY, Donner A, *Construction of confidence limits about effect measures: a general approach*,
/// Statistics in Medicine 27 (2008).
///
/// # Errors
/// Either pair is no rate, or the multiplier is not above 0.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, rate_difference};
/// let result = rate_difference((41.0, 28_010.0), (15.0, 19_017.0), 10_000.0, Confidence::P95).unwrap();
/// assert_eq!(format!("{:.2}", result.value), "6.75");
/// assert!(result.interval.lower < 1.0 && result.interval.upper > 12.0);
/// assert!(rate_difference((1.0, 0.0), (15.0, 19_017.0), 10_000.0, Confidence::P95).is_err());
/// ```
pub fn rate_difference(
    (x1, n1): (f64, f64),
    (x2, n2): (f64, f64),
    multiplier: f64,
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    let first = rate_interval(x1, n1, multiplier, confidence)?;
    let second = rate_interval(x2, n2, multiplier, confidence)?;
    let (r1, r2) = (x1 / n1 * multiplier, x2 / n2 * multiplier);
    let value = r1 - r2;
    let interval = Interval {
        lower: value - (r1 - first.lower).hypot(second.upper - r2),
        upper: value + (first.upper - r1).hypot(r2 - second.lower),
    };
    Estimate { value, interval }.sound(confidence)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    use super::*;

    #[test]
    fn a_rate_without_events() {
        let none = rate_ratio((0.0, 50.0), (4.0, 100.0), Confidence::P95).unwrap();
        assert_eq!((none.value.to_bits(), none.interval.lower.to_bits()), (0, 0));
        // None of four events, where the chance of that is 2.5%.
        let p = 1.0 - 0.025_f64.powf(0.25);
        assert!((none.interval.upper / (p / (1.0 - p) * 2.0) - 1.0).abs() < 1e-9);
        let nothing = rate_ratio((4.0, 50.0), (0.0, 100.0), Confidence::P95);
        assert_eq!(nothing, Err(StatsError::NotPositive("the count of the second rate")));
        let neither = rate_difference((0.0, 50.0), (0.0, 50.0), 1.0, Confidence::P95).unwrap();
        assert!(neither.interval.lower < 0.0 && neither.interval.upper > 0.0);
    }

    #[test]
    fn no_number_that_is_none_leaves() {
        let certain = Confidence::new(1.0).unwrap();
        let all = rate_ratio((3.0, 10.0), (4.0, 10.0), certain).unwrap().interval;
        assert_eq!((all.lower.to_bits(), all.upper), (0, f64::INFINITY));
        let all = rate_difference((3.0, 10.0), (4.0, 10.0), 1.0, certain).unwrap().interval;
        assert_eq!((all.lower, all.upper), (f64::NEG_INFINITY, f64::INFINITY));
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(rate_ratio((bad, 10.0), (4.0, 10.0), Confidence::P95).is_err());
            assert!(rate_ratio((4.0, 10.0), (4.0, bad), Confidence::P95).is_err());
            assert!(rate_difference((4.0, bad), (4.0, 10.0), 1.0, Confidence::P95).is_err());
        }
        assert!(rate_ratio((1.0, 1e-300), (1.0, 1e300), Confidence::P95).is_err());
    }

    proptest! {
        #[test]
        fn at_its_limits_each_tail_has_half_of_what_is_left(x1 in 1u32..300, x2 in 1u32..300, n1 in 1.0f64..1e4, n2 in 1.0f64..1e4) {
            let ratio = rate_ratio((x1.into(), n1), (x2.into(), n2), Confidence::P95).unwrap();
            let share = |ratio: f64| ratio * n1 / (ratio * n1 + n2);
            let all = u64::from(x1 + x2);
            let above = Binomial::new(share(ratio.interval.lower), all).unwrap().sf(u64::from(x1) - 1);
            let below = Binomial::new(share(ratio.interval.upper), all).unwrap().cdf(x1.into());
            prop_assert!((above / 0.025 - 1.0).abs() < 1e-6, "{}", above);
            prop_assert!((below / 0.025 - 1.0).abs() < 1e-6, "{}", below);
        }

        #[test]
        fn turned_round_they_are_inverted_and_negated(x1 in 1u32..500, x2 in 1u32..500, n in 1.0f64..1e4) {
            let (one, other) = ((f64::from(x1), 100.0), (f64::from(x2), n));
            let (there, back) = (rate_ratio(one, other, Confidence::P95).unwrap(), rate_ratio(other, one, Confidence::P95).unwrap());
            prop_assert!((there.interval.lower * back.interval.upper - 1.0).abs() < 1e-9);
            prop_assert!(there.interval.contains(there.value));
            let there = rate_difference(one, other, 10.0, Confidence::P95).unwrap();
            let back = rate_difference(other, one, 10.0, Confidence::P95).unwrap();
            prop_assert!((there.interval.lower + back.interval.upper).abs() <= 1e-9 * there.interval.lower.abs());
            prop_assert!(there.interval.contains(there.value));
        }

        #[test]
        fn wider_when_surer_and_higher_with_more_events(x1 in 0u32..200, x2 in 1u32..200) {
            let ratio = |x1: u32, level| rate_ratio((x1.into(), 70.0), (x2.into(), 90.0), level).unwrap().interval;
            let (inner, outer, more) = (ratio(x1, Confidence::P95), ratio(x1, Confidence::P998), ratio(x1 + 1, Confidence::P95));
            prop_assert!(outer.lower <= inner.lower && inner.upper < outer.upper);
            prop_assert!(inner.lower < more.lower && inner.upper < more.upper);
        }
    }
}
