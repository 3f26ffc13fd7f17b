//! The difference of two proportions.

use super::{Confidence, Estimate, Interval, StatsError, wilson};

/// The difference `x₁/n₁ − x₂/n₂` of two independent proportions, as a share of 1, with limits made from the
/// Wilson limits of each: `d − √((p₁ − l₁)² + (u₂ − p₂)²)` and `d + √((u₁ − p₁)² + (p₂ − l₂)²)`.
///
/// Two periods, or two areas, are independent when no child can be in both.
///
/// Source: Newcombe RG, *Interval estimation for the difference between independent proportions*, Statistics
/// in Medicine 17 (1998), method 10.
///
/// # Errors
/// Either pair is no proportion.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, difference};
/// let result = difference((56.0, 70.0), (48.0, 80.0), Confidence::P95).unwrap();
/// assert_eq!(format!("{:.2}", result.value), "0.20");
/// assert_eq!(format!("{:.4}", result.interval.lower), "0.0524");
/// assert!(difference((1.0, 0.0), (48.0, 80.0), Confidence::P95).is_err());
/// ```
pub fn difference(
    (x1, n1): (f64, f64),
    (x2, n2): (f64, f64),
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    let (first, second) = (wilson(x1, n1, confidence)?, wilson(x2, n2, confidence)?);
    let (p1, p2) = (x1 / n1, x2 / n2);
    let value = p1 - p2;
    Ok(Estimate {
        value,
        interval: Interval {
            lower: (value - (p1 - first.lower).hypot(second.upper - p2)).max(-1.0),
            upper: (value + (first.upper - p1).hypot(p2 - second.lower)).min(1.0),
        },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_examples() {
        // Newcombe RG, Statistics in Medicine 17 (1998), 873-890, table II, method 10.
        for (one, other, limits) in [
            ((56.0, 70.0), (48.0, 80.0), "0.0524 to 0.3339"),
            ((9.0, 10.0), (3.0, 10.0), "0.1705 to 0.8090"),
            ((5.0, 56.0), (0.0, 29.0), "-0.0381 to 0.1926"),
            ((10.0, 10.0), (0.0, 10.0), "0.6075 to 1.0000"),
        ] {
            let ours = difference(one, other, Confidence::P95).unwrap().interval;
            assert_eq!(format!("{:.4} to {:.4}", ours.lower, ours.upper), limits, "{one:?} and {other:?}");
        }
    }

    proptest! {
        #[test]
        fn turned_round_it_is_negated(a in 0u32..50, b in 0u32..50, more in 1u32..50) {
            let (one, other) = ((f64::from(a), f64::from(a + more)), (f64::from(b), f64::from(b + 2 * more)));
            let there = difference(one, other, Confidence::P95).unwrap();
            let back = difference(other, one, Confidence::P95).unwrap();
            prop_assert!((there.value + back.value).abs() < 1e-12);
            prop_assert!((there.interval.lower + back.interval.upper).abs() < 1e-12);
            prop_assert!(there.interval.contains(there.value));
        }
    }
}
