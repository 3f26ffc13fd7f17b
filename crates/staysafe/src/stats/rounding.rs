//! Rounding of shares, rates and counts, exact.

use rust_decimal::Decimal;

use super::StatsError;

/// Where a number exactly half way between two goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// Away from zero: 0.5 is 1, −0.5 is −1. What official statistics of England use.
    AwayFromZero,
    /// To the even neighbour: 0.5 is 0, 1.5 is 2.
    ToEven,
}

/// `numerator / denominator × multiplier` with so many decimal places, halves away from zero, worked out
/// in whole numbers: no float ever holds it.
///
/// Source: the Government Statistical Service's guidance, that halves are rounded away from zero.
///
/// # Errors
/// The denominator is 0 or below, or the numbers are too large to be exact.
///
/// # Example
/// ```
/// use staysafe::stats::round_half_up;
/// // 14.125, which a float holds as a little less.
/// assert_eq!(round_half_up(113, 800, 100, 2).unwrap().to_string(), "14.13");
/// assert!(round_half_up(1, 0, 100, 1).is_err());
/// ```
pub fn round_half_up(
    numerator: i64,
    denominator: i64,
    multiplier: u32,
    places: u32,
) -> Result<Decimal, StatsError> {
    round_share(numerator, denominator, multiplier, places, Ties::AwayFromZero)
}

/// As [`round_half_up`], with a choice of where halves go.
///
/// # Errors
/// The denominator is 0 or below, or the numbers are too large to be exact.
pub fn round_share(
    numerator: i64,
    denominator: i64,
    multiplier: u32,
    places: u32,
    ties: Ties,
) -> Result<Decimal, StatsError> {
    if denominator <= 0 {
        return Err(StatsError::NotPositive("the denominator"));
    }
    let scaled = 10_i128
        .checked_pow(places)
        .and_then(|scale| scale.checked_mul(i128::from(multiplier)))
        .and_then(|scale| scale.checked_mul(i128::from(numerator.unsigned_abs())))
        .ok_or(StatsError::TooLarge)?;
    let units = divided(scaled, denominator.into(), ties);
    let signed = if numerator < 0 { -units } else { units };
    Decimal::try_from_i128_with_scale(signed, places).map_err(|_| StatsError::TooLarge)
}

/// A count to the nearest multiple of `base`: 3, 5, 10, 100.
///
/// # Errors
/// The base is 0, or the rounded count does not fit.
///
/// # Example
/// ```
/// use staysafe::stats::{Ties, round_count};
/// assert_eq!(round_count(25, 10, Ties::AwayFromZero), Ok(30));
/// assert_eq!(round_count(25, 10, Ties::ToEven), Ok(20));
/// ```
pub fn round_count(count: u64, base: u32, ties: Ties) -> Result<u64, StatsError> {
    if base == 0 {
        return Err(StatsError::NotPositive("the base"));
    }
    let rounded = divided(count.into(), base.into(), ties) * i128::from(base);
    u64::try_from(rounded).map_err(|_| StatsError::TooLarge)
}

/// `above / below` to the nearest whole number; `above` at least 0, `below` above 0.
fn divided(above: i128, below: i128, ties: Ties) -> i128 {
    let (whole, rest) = (above / below, above % below);
    let up = match rest.cmp(&(below - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => ties == Ties::AwayFromZero || whole % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    whole + i128::from(up)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::value::round_half_away;

    #[test]
    fn the_ends_of_the_range_are_refused_not_wrapped() {
        assert_eq!(round_half_up(i64::MAX, 1, u32::MAX, 30), Err(StatsError::TooLarge));
        assert_eq!(round_half_up(i64::MIN, 1, 1, 0).unwrap().to_string(), i64::MIN.to_string());
        assert_eq!(round_count(u64::MAX, 10, Ties::AwayFromZero), Err(StatsError::TooLarge));
        assert_eq!(round_count(u64::MAX, 5, Ties::AwayFromZero), Ok(u64::MAX));
    }

    proptest! {
        #[test]
        fn agrees_with_long_division(x in -1_000_000i64..1_000_000, n in 1i64..5000, places in 0u32..5) {
            let ours = round_half_up(x, n, 100, places).unwrap().to_string();
            let other = round_half_away(i128::from(x) * 100, n.into(), places);
            prop_assert_eq!(ours.trim_start_matches("-0").parse::<Decimal>().ok(), other.trim_start_matches("-0").parse::<Decimal>().ok());
        }

        #[test]
        fn the_two_ways_differ_at_ties_only(x in 0i64..1_000_000, n in 1i64..5000) {
            let (up, even) = (round_share(x, n, 1, 0, Ties::AwayFromZero).unwrap(), round_share(x, n, 1, 0, Ties::ToEven).unwrap());
            let tie = 2 * x % (2 * n) == n;
            prop_assert!(up == even || tie);
            prop_assert!(!tie || even % Decimal::TWO == Decimal::ZERO);
        }
    }
}
