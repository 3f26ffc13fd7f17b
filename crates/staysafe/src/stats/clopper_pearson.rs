//! The exact interval of a proportion.

use super::error::{above_zero, at_least_zero};
use super::{Confidence, Interval, StatsError, binomial_exact};

/// Exact limits of the proportion `x / n`, as shares of 1, from the beta distribution:
/// `B(α/2; x, n − x + 1)` and `B(1 − α/2; x + 1, n − x)`. They are never too narrow, and mostly too wide: for
/// tables [`wilson`](super::wilson) is the usual choice. Whole numbers come from sums of binomial probabilities,
/// which is faster and the same to 10 digits.
///
/// Source: Clopper CJ, Pearson ES, *The use of confidence or fiducial limits illustrated in the case of the
/// binomial*, Biometrika 26 (1934).
///
/// # Errors
/// `n` is not above 0, or too large (above a thousand million; with parts of a count, above a million); `x` is negative
/// or above `n`; one of them is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, clopper_pearson};
/// let interval = clopper_pearson(1.0, 29.0, Confidence::P95).unwrap();
/// assert_eq!(format!("{:.4} to {:.4}", interval.lower, interval.upper), "0.0009 to 0.1776");
/// assert!(clopper_pearson(2.0, 1.0, Confidence::P95).is_err());
/// ```
pub fn clopper_pearson(x: f64, n: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let x = at_least_zero("the numerator", x)?;
    let n = above_zero("the denominator", n)?;
    if x > n {
        return Err(StatsError::Above { numerator: x, denominator: n });
    }
    if confidence.is_certain() {
        return Ok(Interval { lower: 0.0, upper: 1.0 });
    }
    binomial_exact::limits(x, n, confidence).ok_or(StatsError::TooLarge)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    use super::*;

    #[test]
    fn well_known_proportions() {
        // The four proportions of Newcombe RG, Statistics in Medicine 17 (1998), 857-872; the limits also
        // follow from adding up binomial probabilities.
        for (x, n, limits) in [
            (81.0, 263.0, "0.2527 to 0.3676"),
            (15.0, 148.0, "0.0578 to 0.1617"),
            (0.0, 20.0, "0.0000 to 0.1684"),
            (1.0, 29.0, "0.0009 to 0.1776"),
        ] {
            let ours = clopper_pearson(x, n, Confidence::P95).unwrap();
            assert_eq!(format!("{:.4} to {:.4}", ours.lower, ours.upper), limits, "{x} of {n}");
        }
    }

    proptest! {
        #[test]
        fn at_its_limits_each_tail_has_half_of_what_is_left(n in 2u64..500, part in 0.01f64..0.99, level in 0.9f64..0.9999) {
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let x = ((n as f64 * part) as u64).clamp(1, n - 1);
            #[allow(clippy::cast_precision_loss)]
            let limits = clopper_pearson(x as f64, n as f64, Confidence::new(level).unwrap()).unwrap();
            let tail = (1.0 - level) / 2.0;
            let below = Binomial::new(limits.upper, n).unwrap().cdf(x);
            let above = Binomial::new(limits.lower, n).unwrap().sf(x - 1);
            prop_assert!((below / tail - 1.0).abs() < 1e-6, "{} is not {}", below, tail);
            prop_assert!((above / tail - 1.0).abs() < 1e-6, "{} is not {}", above, tail);
        }
    }
}
