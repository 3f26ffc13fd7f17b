//! Exact rational numbers, and rounding half away from zero.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact rational number in lowest terms, with a positive denominator.
///
/// Figures are kept exact until they are printed: a percentage is never computed from a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// `numerator / denominator`; `None` when the denominator is 0 or the number does not fit.
    ///
    /// # Example
    /// ```
    /// use staysafe::value::Exact;
    /// assert_eq!(Exact::new(2, 4), Exact::new(1, 2));
    /// assert_eq!(Exact::new(1, 0), None);
    /// ```
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        if denominator == 1 {
            return Some(Self { numerator, denominator });
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).ok()?;
        if divisor == 1 && denominator > 0 {
            return Some(Self { numerator, denominator });
        }
        let sign = denominator.signum();
        Some(Self { numerator: sign * numerator / divisor, denominator: sign * denominator / divisor })
    }

    /// The number above the line, in lowest terms.
    pub fn numerator(&self) -> i128 {
        self.numerator
    }

    /// The number below the line, in lowest terms; always positive.
    pub fn denominator(&self) -> i128 {
        self.denominator
    }

    /// The whole number, where it is one.
    pub fn whole(&self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// `self + other`; `None` when it does not fit.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if self.denominator == 1 && other.denominator == 1 {
            let numerator = self.numerator.checked_add(other.numerator);
            return Self::new(numerator?, 1);
        }
        // Over the least common denominator, so that what fits is not refused on the way.
        let common =
            i128::try_from(gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs())).ok()?;
        let (own, theirs) = (self.denominator / common, other.denominator / common);
        let (left, right) = (self.numerator.checked_mul(theirs)?, other.numerator.checked_mul(own)?);
        Self::new(left.checked_add(right)?, own.checked_mul(other.denominator)?)
    }

    /// `self × other`; `None` when it does not fit.
    pub fn times(&self, other: &Self) -> Option<Self> {
        Self::new(
            self.numerator.checked_mul(other.numerator)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    /// `self ÷ other`; `None` when `other` is 0 or the result does not fit.
    pub fn over(&self, other: &Self) -> Option<Self> {
        Self::new(
            self.numerator.checked_mul(other.denominator)?,
            self.denominator.checked_mul(other.numerator)?,
        )
    }

    /// Printed with so many decimal places, rounded half away from zero.
    ///
    /// # Example
    /// ```
    /// use staysafe::value::Exact;
    /// assert_eq!(Exact::new(2, 3).unwrap().to_places(1), "0.7");
    /// assert_eq!(Exact::new(-5, 2).unwrap().to_places(0), "-3");
    /// ```
    pub fn to_places(&self, places: u32) -> String {
        round_half_away(self.numerator, self.denominator, places)
    }

    /// The nearest float: for charts and for columns that must be floats, never for arithmetic.
    #[allow(clippy::cast_precision_loss, reason = "the only way out of exact arithmetic, by name")]
    pub fn to_f64(&self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// `numerator / denominator` printed with so many decimal places, rounded half away from zero, by
/// long division: no float, and no overflow at any number of places.
///
/// A denominator of 0 prints as `undefined`.
pub fn round_half_away(numerator: i128, denominator: i128, places: u32) -> String {
    if denominator == 0 {
        return "undefined".to_owned();
    }
    let negative = (numerator < 0) != (denominator < 0) && numerator != 0;
    let (above, below) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let mut digits = (above / below).to_string().into_bytes();
    let whole = digits.len();
    let mut rest = above % below;
    for _ in 0..places {
        let (digit, next) = next_digit(rest, below);
        digits.push(b'0' + digit);
        rest = next;
    }
    if next_digit(rest, below).0 >= 5 {
        let grown = add_one(&mut digits);
        return print(&digits, whole + usize::from(grown), negative);
    }
    print(&digits, whole, negative)
}

fn print(digits: &[u8], whole: usize, negative: bool) -> String {
    let nothing = digits.iter().all(|d| *d == b'0');
    let mut text = String::from(if negative && !nothing { "-" } else { "" });
    for (place, digit) in digits.iter().enumerate() {
        if place == whole {
            text.push('.');
        }
        text.push(char::from(*digit));
    }
    text
}

/// The next decimal digit of `rest / below` and what is left, without multiplying past `u128`.
fn next_digit(rest: u128, below: u128) -> (u8, u128) {
    let mut digit = 0;
    let mut left = 0;
    for _ in 0..10 {
        // left + rest >= below, written so that it cannot overflow: both are less than `below`.
        if left >= below - rest {
            left -= below - rest;
            digit += 1;
        } else {
            left += rest;
        }
    }
    (digit, left)
}

/// Adds one unit in the last place; whether the number grew by a digit in front.
fn add_one(digits: &mut Vec<u8>) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return false;
        }
    }
    digits.insert(0, b'1');
    true
}

/// The greatest common divisor; of zeros 1. Numbers that fit into 64 bits, as nearly all do, are divided there: it takes a
/// third of the time.
fn gcd(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(mut a), Ok(mut b)) => {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a.max(1).into()
        }
        _ if b == 0 => a.max(1),
        _ => gcd(b, a % b),
    }
}

impl From<i64> for Exact {
    fn from(whole: i64) -> Self {
        Self { numerator: i128::from(whole), denominator: 1 }
    }
}

impl From<u64> for Exact {
    fn from(whole: u64) -> Self {
        Self { numerator: i128::from(whole), denominator: 1 }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        compare(self.numerator, self.denominator, other.numerator, other.denominator)
    }
}

/// Compares a/b with c/d (b, d positive) by continued fractions, so that nothing overflows.
fn compare(a: i128, b: i128, c: i128, d: i128) -> std::cmp::Ordering {
    let (left, right) = (a.div_euclid(b), c.div_euclid(d));
    if left != right {
        return left.cmp(&right);
    }
    match (a.rem_euclid(b), c.rem_euclid(d)) {
        (0, 0) => std::cmp::Ordering::Equal,
        (0, _) => std::cmp::Ordering::Less,
        (_, 0) => std::cmp::Ordering::Greater,
        (a, c) => compare(d, c, b, a),
    }
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.whole() {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (above, below) = text.split_once('/').unwrap_or((&text, "1"));
        above
            .parse()
            .ok()
            .zip(below.parse().ok())
            .and_then(|(above, below)| Self::new(above, below))
            .ok_or_else(|| serde::de::Error::custom("expected a number as \"3\" or \"2/3\""))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sum_that_fits_is_not_refused_on_the_way() {
        let weight =
            Exact::new(4_651_162_790_697_674_418_604_651_163, 5_000_000_000_000_000_000_000_000_000).unwrap();
        assert_eq!(weight.plus(&weight), weight.times(&Exact::from(2u64)));
    }

    #[test]
    fn ties_go_away_from_zero() {
        assert_eq!(round_half_away(1, 8, 2), "0.13", "0.125 rounds up");
        assert_eq!(round_half_away(-1, 8, 2), "-0.13", "and away from zero below it");
        assert_eq!(round_half_away(999, 1000, 2), "1.00", "a carry may grow the number");
        assert_eq!(round_half_away(-1, 1000, 1), "0.0", "no minus before nothing");
        assert_eq!(round_half_away(1, 0, 1), "undefined", "0 below the line");
    }

    proptest! {
        #[test]
        fn order_agrees_with_cross_multiplication(a in -999i128..999, b in 1i128..999, c in -999i128..999, d in 1i128..999) {
            let (left, right) = (Exact::new(a, b).unwrap(), Exact::new(c, d).unwrap());
            prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn text_round_trips(a in any::<i64>(), b in 1i64..) {
            let exact = Exact::new(a.into(), b.into()).unwrap();
            let json = serde_json::to_string(&exact).unwrap();
            prop_assert_eq!(serde_json::from_str::<Exact>(&json).unwrap(), exact);
        }

        #[test]
        fn rounding_is_within_half_a_unit(a in -1_000_000i128..1_000_000, b in 1i128..5000, places in 0u32..4) {
            let scale = 10i128.pow(places);
            let rounded: i128 = round_half_away(a, b, places).replace('.', "").parse().unwrap();
            prop_assert!((2 * (rounded * b - a * scale)).abs() <= b);
        }
    }
}
