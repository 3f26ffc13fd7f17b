//! Exact limits of counts out of numbers, quickly: Halley's steps on sums of binomial probabilities.

use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::ln_gamma;

use super::tail::{HALF_LN_2PI, Tail, deviance, solve, stirling_rest, sum_of_terms};
use super::{Confidence, Interval};

/// The sums have some ten times √n terms: up to here a limit takes a millisecond at most.
const LARGEST: f64 = 1e9;

/// Parts of a count go through the regularised beta function, which keeps its digits up to here.
const LARGEST_OF_PARTS: f64 = 1e6;

/// Below this logarithm of the odds a limit is 0: no float is so small.
const LOWEST_LOG: f64 = -700.0;

/// The limits of `x` out of `n`: the p at which `P(X ≥ x; n, p) = α/2`, and the p at which `P(X ≤ x; n, p) = α/2`; for
/// parts of a count, the regularised beta functions that go through those. `None` where `n` is too large, and where the
/// steps do not settle.
pub(super) fn limits(x: f64, n: f64, confidence: Confidence) -> Option<Interval> {
    if !(0.0..=n).contains(&x) || n <= 0.0 {
        return None;
    }
    Some(Interval {
        lower: if x > 0.0 { share(lower_log_odds(x, n, confidence)?) } else { 0.0 },
        upper: if x < n { share(-lower_log_odds(n - x, n, confidence)?) } else { 1.0 },
    })
}

/// `p / (1 − p)` at the lower limit of the share of `x` events beside `others`; for both above 0.
pub(super) fn lower_odds(x: f64, others: f64, confidence: Confidence) -> Option<f64> {
    lower_log_odds(x, x + others, confidence).map(f64::exp)
}

/// The log odds of the p at which `x` or more of `n` have the probability of a tail; for x above 0.
fn lower_log_odds(x: f64, n: f64, confidence: Confidence) -> Option<f64> {
    let target = confidence.tail().ln();
    if n.is_nan() || x.is_nan() || n > LARGEST {
        return None;
    }
    if x >= n {
        let log = target / n;
        return Some(log - (-log.exp_m1()).ln());
    }
    let rest = rest(x, n);
    if x.fract() <= 0.0 && n.fract() <= 0.0 {
        return solve(start(x - 0.5, n, -confidence.z()), target, |odds| at_least(x, n, odds, rest));
    }
    if n > LARGEST_OF_PARTS {
        return None;
    }
    // Of few events the first term is all: Wilson's limit may be far off, or none.
    let first = (target + ln_gamma(x + 1.0) + ln_gamma(n - x + 1.0) - ln_gamma(n + 1.0)) / x;
    if first < LOWEST_LOG {
        return Some(f64::NEG_INFINITY);
    }
    solve(start(x - 0.5, n, -confidence.z()).max(first), target, |odds| at_least_of_parts(x, n, odds, rest))
}

/// The log odds of Wilson's limit.
fn start(x: f64, n: f64, z: f64) -> f64 {
    let centre = x + z * z / 2.0;
    let reach = z * (z * z / 4.0 + x * (1.0 - x / n)).sqrt();
    ((centre + reach) / (n - x + z * z / 2.0 - reach)).ln()
}

fn share(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// What does not change with p in the logarithm of the probability of just `x`.
fn rest(x: f64, n: f64) -> f64 {
    let others = n - x;
    stirling_rest(n) - stirling_rest(x) - stirling_rest(others) - HALF_LN_2PI + 0.5 * (n / (x * others)).ln()
}

/// `P(X ≥ x)`, from the term at x upwards, by the log odds of p.
fn at_least(x: f64, n: f64, log_odds: f64, rest: f64) -> Tail {
    let (odds, p, q) = (log_odds.exp(), share(log_odds), share(-log_odds));
    let mut count = x;
    let multiple = sum_of_terms(|| {
        let ratio = (n - count) * odds / (count + 1.0);
        count += 1.0;
        ratio
    });
    let log = multiple.ln() + rest - deviance(x, n * p) - deviance(n - x, n * q);
    Tail { log, slope: x * q / multiple, bend: x - n * p - p }
}

/// As [`at_least`] for what is not whole.
fn at_least_of_parts(x: f64, n: f64, log_odds: f64, rest: f64) -> Tail {
    let (p, q) = (share(log_odds), share(-log_odds));
    let tail = checked_beta_reg(x, n - x + 1.0, p).unwrap_or(f64::NAN);
    let slope = x * q * (rest - deviance(x, n * p) - deviance(n - x, n * q)).exp() / tail;
    Tail { log: tail.ln(), slope, bend: x - n * p - p }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use statrs::function::beta::beta_reg;

    use super::*;

    /// How far, as a share of itself, one of Newton's steps on the regularised beta function of an independent
    /// hand would move a limit.
    fn left_to_go(a: f64, b: f64, p: f64, tail: f64) -> f64 {
        let log_density =
            (a - 1.0) * p.ln() + (b - 1.0) * (-p).ln_1p() - ln_gamma(a) - ln_gamma(b) + ln_gamma(a + b);
        (beta_reg(a, b, p) - tail) / log_density.exp() / p
    }

    #[test]
    fn closed_forms_at_the_ends() {
        let none = limits(0.0, 20.0, Confidence::P95).unwrap();
        assert!((none.upper - (1.0 - 0.025_f64.powf(0.05))).abs() < 1e-15);
        let all = limits(20.0, 20.0, Confidence::P95).unwrap();
        assert!((all.lower - 0.025_f64.powf(0.05)).abs() < 1e-15);
        assert_eq!((none.lower.to_bits(), all.upper.to_bits()), (0, 1.0_f64.to_bits()));
        for (x, n) in [(3.0, 2.0), (0.0, 0.0), (f64::NAN, 2.0), (1.0, f64::INFINITY), (1.0, 1e10)] {
            assert_eq!(limits(x, n, Confidence::P95), None, "{x} of {n}");
        }
    }

    proptest! {
        #[test]
        fn parts_lie_between_whole_counts(x in 0.0f64..50.0, more in 0u32..100, level in 0.9f64..0.999) {
            let (n, confidence) = (x.ceil() + f64::from(more), Confidence::new(level).unwrap());
            let of = |x: f64| limits(x, n.max(1.0), confidence).unwrap();
            let (below, ours, above) = (of(x.floor()), of(x), of(x.ceil()));
            prop_assert!(below.lower <= ours.lower + 1e-12 && ours.lower <= above.lower + 1e-12, "{x} of {n}: {ours:?}");
            prop_assert!(below.upper <= ours.upper + 1e-12 && ours.upper <= above.upper + 1e-12, "{x} of {n}: {ours:?}");
            prop_assert!(ours.contains(x / n.max(1.0)));
        }

        #[test]
        fn halley_says_what_the_distribution_function_says(n in 2u32..3000, part in 0.0f64..1.0, level in 0.9f64..0.999) {
            let (x, n) = ((f64::from(n) * part).floor().max(1.0), f64::from(n));
            let confidence = Confidence::new(level).unwrap();
            let (ours, tail) = (limits(x, n, confidence).unwrap(), confidence.tail());
            let lower = left_to_go(x, n - x + 1.0, ours.lower, tail);
            prop_assert!(lower.abs() < 1e-10, "{x} of {n}: {ours:?}, {lower} off");
            if x < n {
                // From the other end, where the function is small and keeps its digits.
                let upper = left_to_go(n - x, x + 1.0, 1.0 - ours.upper, tail);
                prop_assert!(upper.abs() < 1e-10 / (1.0 - ours.upper), "{x} of {n}: {ours:?}, {upper} off");
            }
        }
    }
}
