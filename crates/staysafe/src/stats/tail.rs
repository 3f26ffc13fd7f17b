//! What the exact limits of counts and of shares have in common: probabilities that keep their digits, and
//! the place where a tail has just the probability asked for.

use statrs::function::gamma::ln_gamma;

/// A step this small, measured on the logarithm of the tail, leaves an error of its cube: below the last digit.
const SMALL_STEP: f64 = 1e-5;

/// More steps than any count and level needs.
const MOST_STEPS: u32 = 60;

/// Half the logarithm of 2π.
pub(super) const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;

/// A tail of a distribution at a parameter t, by its logarithm.
pub(super) struct Tail {
    /// The logarithm of its probability.
    pub(super) log: f64,
    /// How that rises with t.
    pub(super) slope: f64,
    /// How the logarithm of the tail's own derivative rises with t.
    pub(super) bend: f64,
}

/// The t at which a tail has the probability whose logarithm is `target`, by Halley's method from a start. The
/// logarithm of a tail is concave in the natural parameter of its distribution, so that every start leads there.
pub(super) fn solve(start: f64, target: f64, tail: impl Fn(f64) -> Tail) -> Option<f64> {
    let mut t = start;
    for _ in 0..MOST_STEPS {
        let Tail { log, slope, bend } = tail(t);
        let (off, newton) = (log - target, (target - log) / slope);
        // The second derivative of the logarithm is slope × (bend − slope).
        let halley = newton / (1.0 - off * (bend - slope) / (2.0 * slope));
        // Far away the curve may bend the wrong way; Newton's step does not.
        let step = if halley.is_finite() && halley * newton > 0.0 { halley } else { newton };
        t += step;
        if !t.is_finite() {
            return None;
        }
        if (step * slope).abs() < SMALL_STEP {
            return Some(t);
        }
    }
    None
}

/// The probability of a term as a share of the sum that begins with it, where each term is the last times a
/// ratio that falls: terms are added until they no longer count.
pub(super) fn sum_of_terms(mut ratio: impl FnMut() -> f64) -> f64 {
    let (mut term, mut total) = (1.0, 1.0);
    while term > f64::EPSILON / 8.0 * total {
        term *= ratio();
        total += term;
    }
    total
}

/// `ln n! − ln(√(2πn) (n/e)ⁿ)`: what Stirling's formula leaves out, for n above 0.
///
/// Source: Loader C, *Fast and accurate computation of binomial probabilities* (2000).
pub(super) fn stirling_rest(n: f64) -> f64 {
    if n < 16.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - HALF_LN_2PI;
    }
    let square = n * n;
    let series =
        1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 / square) / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - series / square) / square) / n
}

/// `x ln(x / mean) + mean − x`: how far a count is from what is expected, without losing digits where the two
/// are close; for both above 0.
///
/// Source: as [`stirling_rest`].
pub(super) fn deviance(x: f64, mean: f64) -> f64 {
    let away = x - mean;
    if away.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() - away;
    }
    let part = away / (x + mean);
    let (mut total, mut term, mut odd) = (away * part, 2.0 * x * part, 1.0);
    loop {
        term *= part * part;
        odd += 2.0;
        let more = term / odd;
        total += more;
        if more.abs() <= f64::EPSILON / 8.0 * total.abs() {
            return total;
        }
    }
}
