//! Exact limits of whole counts, quickly: a table for few events at the usual levels, else Halley's steps.

use statrs::function::gamma::{checked_gamma_ur, ln_gamma};

use super::poisson::byar_at;
use super::tail::{HALF_LN_2PI, Tail, deviance, solve, stirling_rest, sum_of_terms};
use super::{Confidence, Interval};

/// The sums below have some seven times √x terms; above this count they grow long, and Byar's cube is as right: its error
/// falls with the power of 3/2 of the count.
const LARGEST: f64 = 1e7;

/// Below this logarithm a limit is 0: no float is so small.
const LOWEST_LOG: f64 = -700.0;

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

/// The limits of a count of at least 0, where this file knows them: the λ at which `P(X ≥ x; λ) = α/2`, and the λ at
/// which `P(X ≤ x; λ) = α/2`; for a part of an event, the regularised gamma functions that go through those.
pub(super) fn limits(x: f64, confidence: Confidence) -> Option<Interval> {
    if x > LARGEST && x.is_finite() {
        return Some(byar_at(x, confidence.z()));
    }
    if !(0.0..=LARGEST).contains(&x) {
        return None;
    }
    if let Some(row) = table(confidence).filter(|_| x.fract() <= 0.0).and_then(|table| row(table, x)) {
        return Some(row);
    }
    let (target, z) = (confidence.tail().ln(), confidence.z());
    if x <= 0.0 {
        return Some(Interval { lower: 0.0, upper: -target });
    }
    let rest = stirling_rest(x) + HALF_LN_2PI + 0.5 * x.ln();
    // Wilson and Hilferty's cube is a good start, but for few events can be 0 or less: then the first term.
    let start = |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    let first = (target + ln_gamma(x + 1.0)) / x;
    let lower = if first < LOWEST_LOG {
        f64::NEG_INFINITY
    } else {
        solve(start(x, -z).ln().max(first), target, |log| at_least(x, log.exp(), rest))?
    };
    let upper = solve(start(x + 1.0, z).ln(), target, |log| {
        if x.fract() > 0.0 { at_most_of_parts(x, log.exp(), rest) } else { at_most(x, log.exp(), rest) }
    })?;
    Some(Interval { lower: lower.exp(), upper: upper.exp() })
}

fn table(confidence: Confidence) -> Option<&'static [(f64, f64)]> {
    [(Confidence::P95, &AT_95), (Confidence::P998, &AT_998)].into_iter().find_map(|(level, table)| {
        (level.level().to_bits() == confidence.level().to_bits()).then_some(table.as_slice())
    })
}

fn row(table: &[(f64, f64)], x: f64) -> Option<Interval> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, from 0 on")]
    let (lower, upper) = *table.get(x as usize)?;
    Some(Interval { lower, upper })
}

/// `P(X ≥ x)`, from the term at x upwards, by the logarithm of λ.
fn at_least(x: f64, lambda: f64, rest: f64) -> Tail {
    let mut count = x;
    let multiple = sum_of_terms(|| {
        count += 1.0;
        lambda / count
    });
    Tail { log: multiple.ln() - deviance(x, lambda) - rest, slope: x / multiple, bend: x - lambda }
}

/// `P(X ≤ x)`, from the term at x downwards, by the logarithm of λ.
fn at_most(x: f64, lambda: f64, rest: f64) -> Tail {
    let mut count = x;
    let multiple = sum_of_terms(|| {
        let ratio = count / lambda;
        count -= 1.0;
        ratio
    });
    let slope = -lambda / multiple;
    Tail { log: multiple.ln() - deviance(x, lambda) - rest, slope, bend: 1.0 + x - lambda }
}

/// As [`at_most`] for a count that is not whole, whose terms downwards never end.
fn at_most_of_parts(x: f64, lambda: f64, rest: f64) -> Tail {
    let tail = checked_gamma_ur(x + 1.0, lambda).unwrap_or(f64::NAN);
    let slope = -lambda * (-deviance(x, lambda) - rest).exp() / tail;
    Tail { log: tail.ln(), slope, bend: 1.0 + x - lambda }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF};
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
    fn parts_of_events_are_not_looked_up() {
        // χ²(0.025; 19)/2 and χ²(0.975; 21)/2, as tables print them.
        let ours = limits(9.5, Confidence::P95).unwrap();
        assert!(
            (ours.lower - 8.907 / 2.0).abs() < 5e-4 && (ours.upper - 35.479 / 2.0).abs() < 5e-4,
            "{ours:?}"
        );
    }

    #[test]
    fn the_two_ways_meet_where_sums_grow_long() {
        for level in [Confidence::P95, Confidence::P998] {
            let (sums, cube) = (limits(LARGEST, level).unwrap(), byar_at(LARGEST, level.z()));
            assert!((sums.lower / cube.lower - 1.0).abs() < 1e-11, "{sums:?} and {cube:?}");
            assert!((sums.upper / cube.upper - 1.0).abs() < 1e-11, "{sums:?} and {cube:?}");
        }
        for x in [f64::INFINITY, f64::NAN, -1.0] {
            assert_eq!(limits(x, Confidence::P95), None, "{x}");
        }
        // A level as near to certainty as a float can be has limits, too.
        let nearly = limits(3.0, Confidence::new(1.0 - f64::EPSILON).unwrap()).unwrap();
        assert!(0.0 < nearly.lower && nearly.lower < 1e-4 && nearly.upper > 40.0);
    }

    proptest! {
        #[test]
        fn halley_says_what_the_distribution_function_says(x in 0u32..=1000, level in 0.9f64..0.999) {
            agree(x.into(), level);
        }

        #[test]
        fn parts_of_events_have_limits_between_those_of_whole_ones(x in 0.0f64..100.0, level in 0.9f64..0.999) {
            let confidence = Confidence::new(level).unwrap();
            let ours = limits(x, confidence).unwrap();
            let (lower, upper) = left_to_go(x, ours, confidence.tail());
            // Where the lower limit is next to nothing, so is its density.
            prop_assert!(ours.lower < 1e-9 || lower.abs() < 1e-11, "{x}: {ours:?}, {lower} off");
            prop_assert!(upper.abs() < 1e-11, "{x}: {ours:?}, {upper} off");
            let (below, above) = (limits(x.floor(), confidence).unwrap(), limits(x.ceil(), confidence).unwrap());
            prop_assert!(below.lower <= ours.lower && ours.lower <= above.lower && ours.lower <= x);
            prop_assert!(below.upper <= ours.upper + 1e-12 && ours.upper <= above.upper + 1e-12);
        }

        #[test]
        fn many_events_are_as_right(x in 1000u32..100_000) {
            // Against the general method, whose own last digits are worse here.
            let (ours, x) = (limits(x.into(), Confidence::P95).unwrap(), f64::from(x));
            let theirs = |freedom, p| ChiSquared::new(freedom).unwrap().inverse_cdf(p) / 2.0;
            prop_assert!((ours.lower / theirs(2.0 * x, 0.025) - 1.0).abs() < 1e-9);
            prop_assert!((ours.upper / theirs(2.0 * x + 2.0, 0.975) - 1.0).abs() < 1e-9);
        }
    }
}
