//! Exact limits of whole counts, quickly: a table for few events at the usual levels, else Newton's steps.

use statrs::function::gamma::ln_gamma;

use super::{Confidence, Interval};

/// Above this count the sums below grow long, and the general method is as good.
const LARGEST: f64 = 1000.0;

/// A step this small, on the logarithm, leaves an error that is its square: far below the last digit.
const SMALL_STEP: f64 = 1e-8;

/// More steps than any count and level here needs.
const MOST_STEPS: u32 = 30;

/// The limits of 0 to 9 events at 95%, worked out to 40 digits from the distribution function.
const AT_95: [(f64, f64); 10] = [
    (0.0, 3.688_879_454_113_936_3),
    (0.025_317_807_984_289_876, 5.571_643_390_938_899),
    (0.242_209_278_543_964_9, 7.224_687_667_723_961),
    (0.618_672_122_895_601_3, 8.767_273_069_742_327),
    (1.089_865_373_626_324_9, 10.241_588_675_403_698),
    (1.623_486_390_118_420_4, 11.668_332_079_322_669),
    (2.201_894_253_490_850_8, 13.059_474_022_518_685),
    (2.814_363_051_519_866, 14.422_675_361_702_38),
    (3.453_832_176_748_501_4, 15.763_189_220_193_315),
    (4.115_373_097_378_332, 17.084_803_451_419_17),
];

/// The same at 99.8%.
const AT_998: [(f64, f64); 10] = [
    (0.0, 6.907_755_278_982_137),
    (0.001_000_500_333_583_533_5, 9.233_413_476_451_586),
    (0.045_402_017_769_489_56, 11.228_872_242_412_663),
    (0.190_533_377_568_403_2, 13.062_240_779_188_071),
    (0.428_552_413_628_422_95, 14.794_149_222_537_209),
    (0.739_371_731_917_832_6, 16.454_745_203_680_11),
    (1.107_104_660_255_639_4, 18.061_636_840_199_07),
    (1.520_336_260_398_809, 19.626_177_395_384_24),
    (1.970_813_921_740_365_7, 21.156_198_165_839_98),
    (2.452_424_404_363_775, 22.657_373_309_062_93),
];

/// The limits of a whole count of at least 0, where this file knows them: the λ at which
/// `P(X ≥ x; λ) = α/2`, and the λ at which `P(X ≤ x; λ) = α/2`.
pub(super) fn limits(x: f64, confidence: Confidence) -> Option<Interval> {
    if x.fract() > 0.0 || !(0.0..=LARGEST).contains(&x) {
        return None;
    }
    if let Some(row) = table(confidence).and_then(|table| row(table, x)) {
        return Some(row);
    }
    let (tail, log_factorial) = (confidence.tail(), ln_gamma(x + 1.0));
    // Wilson and Hilferty's cube is a good start, but for few events can be 0 or less: then the first term.
    let start = |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    let z = confidence.z();
    let (lower, upper) = if x > 0.0 {
        let first = ((tail.ln() + log_factorial) / x).exp();
        let lower = solve(start(x, -z).max(first), tail, x, log_factorial, at_least)?;
        (lower, solve(start(x + 1.0, z), tail, x, log_factorial, at_most)?)
    } else {
        (0.0, -tail.ln())
    };
    Some(Interval { lower, upper })
}

fn table(confidence: Confidence) -> Option<&'static [(f64, f64)]> {
    [(Confidence::P95, &AT_95), (Confidence::P998, &AT_998)].into_iter().find_map(|(level, table)| {
        (level.level().to_bits() == confidence.level().to_bits()).then_some(table.as_slice())
    })
}

fn row(table: &[(f64, f64)], x: f64) -> Option<Interval> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, from 0 to 1000")]
    let (lower, upper) = *table.get(x as usize)?;
    Some(Interval { lower, upper })
}

/// Newton's method on the logarithm of a tail against that of λ: both tails are concave there.
fn solve(start: f64, tail: f64, x: f64, log_factorial: f64, of: fn(f64, f64) -> (f64, f64)) -> Option<f64> {
    let (target, mut lambda) = (tail.ln(), start);
    for _ in 0..MOST_STEPS {
        // Each tail as a multiple of the probability of just x, and how its logarithm rises with that of λ.
        let (multiple, slope) = of(x, lambda);
        let log_tail = x * lambda.ln() - lambda - log_factorial + multiple.ln();
        let step = (target - log_tail) / slope;
        lambda *= step.exp();
        if step.abs() < SMALL_STEP {
            return Some(lambda).filter(|lambda| lambda.is_finite() && *lambda > 0.0);
        }
        // NaN compares with nothing.
        if !(lambda.is_finite() && lambda > 0.0) {
            return None;
        }
    }
    None
}

/// `P(X ≥ x)`, from the term at x upwards.
fn at_least(x: f64, lambda: f64) -> (f64, f64) {
    let (mut term, mut multiple, mut count) = (1.0, 1.0, x);
    while term > f64::EPSILON / 8.0 * multiple {
        count += 1.0;
        term *= lambda / count;
        multiple += term;
    }
    (multiple, x / multiple)
}

/// `P(X ≤ x)`, from the term at x downwards.
fn at_most(x: f64, lambda: f64) -> (f64, f64) {
    let (mut term, mut multiple, mut count) = (1.0, 1.0, x);
    while count > 0.0 && term > f64::EPSILON / 8.0 * multiple {
        term *= count / lambda;
        multiple += term;
        count -= 1.0;
    }
    (multiple, -lambda / multiple)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    use super::*;

    /// How far, as a share of itself, one more of Newton's steps would move each limit: on the distribution
    /// function, as regularised gamma functions of an independent hand.
    fn left_to_go(x: f64, limits: Interval, tail: f64) -> (f64, f64) {
        let density = |shape: f64, lambda: f64| (shape * lambda.ln() - lambda - ln_gamma(shape)).exp();
        let Interval { lower, upper } = limits;
        let below = if x > 0.0 { (gamma_lr(x, lower) - tail) / density(x, lower) } else { lower };
        (below, (gamma_ur(x + 1.0, upper) - tail) / density(x + 1.0, upper))
    }

    fn agree(x: f64, level: f64) {
        let confidence = Confidence::new(level).unwrap();
        let ours = limits(x, confidence).unwrap();
        let (lower, upper) = left_to_go(x, ours, confidence.tail());
        assert!(
            lower.abs() < 1e-12 && upper.abs() < 1e-12,
            "{x} at {level}: {ours:?}, {lower} and {upper} off"
        );
    }

    #[test]
    fn worked_out_to_40_digits() {
        // From the sum of Poisson probabilities in decimals of 50 digits.
        let ours = limits(132.0, Confidence::new(0.9).unwrap()).unwrap();
        assert!((ours.upper / 152.520_655_065_655_46 - 1.0).abs() < 1e-13, "{}", ours.upper);
    }

    #[test]
    fn the_tables_are_what_the_distribution_function_says() {
        for x in 0..10 {
            agree(x.into(), 0.95);
            agree(x.into(), 0.998);
        }
    }

    #[test]
    fn parts_of_events_and_many_events_are_left_to_the_general_method() {
        for x in [0.5, 9.5, 1001.0, f64::NAN, -1.0] {
            assert_eq!(limits(x, Confidence::P95), None, "{x}");
        }
        // A level as near to certainty as a float can be has limits, too.
        let nearly = limits(3.0, Confidence::new(1.0 - f64::EPSILON).unwrap()).unwrap();
        assert!(0.0 < nearly.lower && nearly.lower < 1e-4 && nearly.upper > 40.0);
    }

    proptest! {
        #[test]
        fn newton_says_what_the_distribution_function_says(x in 0u32..=1000, level in 0.9f64..0.999) {
            agree(x.into(), level);
        }
    }
}
