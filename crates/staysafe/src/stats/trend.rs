//! Recent trend: whether the last five points rise or fall by more than chance, and not because of one.

use super::error::{above_zero, at_least_zero};
use super::{Confidence, Interval, StatsError, sum};

/// How many points are looked at: the last five.
const POINTS: usize = 5;

/// The chi-squared value on one degree of freedom that 99.8% of chance trends stay below, as the national
/// profiles print it.
const THRESHOLD: f64 = 9.5495;

/// A trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The slope per unit of time: of the logit for proportions, of the value for others.
    pub slope: f64,
    /// The chi-squared value on one degree of freedom.
    pub chi_squared: f64,
    /// What it comes to.
    pub word: TrendWord,
}

/// What a trend comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrendWord {
    /// Rising.
    Increasing,
    /// Falling.
    Decreasing,
    /// No more than chance.
    NotSignificant,
    /// More than chance, but without one of its points it would not point the same way.
    OutlierFound,
}

/// The trend of proportions `numerator / denominator` at the times given, from their last five points: the
/// Cochran–Armitage test, and the direction of a straight line through their logits.
///
/// The periods must follow each other without overlap: rolling windows share records, and share their
/// chance with them.
///
/// Source: Armitage P, *Tests for linear trends in proportions and frequencies*, Biometrics 11 (1955); the
/// last five points, the threshold and the check for outliers are those of the national profiles'
/// trend markers.
///
/// # Errors
/// Fewer than five points, times out of order or equal, a proportion of 0 or 1 among the five, or numbers
/// that are no proportion.
///
/// # Example
/// ```
/// use staysafe::stats::{TrendWord, trend_of_proportions};
/// let times = [2014.0, 2015.0, 2016.0, 2017.0, 2018.0];
/// let rising = trend_of_proportions(&times, &[100.0, 130.0, 150.0, 190.0, 220.0], &[1000.0; 5]).unwrap();
/// assert_eq!(rising.word, TrendWord::Increasing);
/// assert!(trend_of_proportions(&times[..4], &[1.0; 4], &[9.0; 4]).is_err());
/// ```
pub fn trend_of_proportions(
    times: &[f64],
    numerators: &[f64],
    denominators: &[f64],
) -> Result<Trend, StatsError> {
    let times = last_points(times, numerators.len().min(denominators.len()))?;
    let (numerators, denominators) = (tail(numerators), tail(denominators));
    let mut logits = Vec::with_capacity(POINTS);
    for (x, n) in numerators.iter().zip(denominators) {
        let x = at_least_zero("a numerator", *x)?;
        let n = above_zero("a denominator", *n)?;
        if x > n {
            return Err(StatsError::Above { numerator: x, denominator: n });
        }
        if x <= 0.0 || x >= n {
            return Err(StatsError::NoLogit);
        }
        logits.push((x / (n - x)).ln());
    }
    let total = sum(denominators.iter().copied());
    let share = sum(numerators.iter().copied()) / total;
    let (centre, spread) = weighted(times, denominators);
    let lean = sum(times.iter().zip(numerators).map(|(time, x)| x * (time - centre)));
    let chi_squared = lean * lean / (share * (1.0 - share) * spread);
    let even = [1.0; POINTS];
    finish(chi_squared, times, &logits, &even)
}

/// The trend of values with intervals of a confidence at the times given, from their last five points: a
/// straight line weighted by `1 / se²`, where `se = (upper − lower) / 2z`.
///
/// Source: as [`trend_of_proportions`].
///
/// # Errors
/// Fewer than five points, times out of order or equal, or an interval without width or bounds.
pub fn trend_of_estimates(
    times: &[f64],
    values: &[f64],
    intervals: &[Interval],
    confidence: Confidence,
) -> Result<Trend, StatsError> {
    let times = last_points(times, values.len().min(intervals.len()))?;
    let (values, intervals) = (tail(values), tail(intervals));
    if values.iter().any(|value| !value.is_finite()) {
        return Err(StatsError::NotFinite("a value"));
    }
    let mut weights = Vec::with_capacity(POINTS);
    for interval in intervals {
        let width = interval.upper - interval.lower;
        if !width.is_finite() || confidence.is_certain() {
            return Err(StatsError::NotFinite("a limit"));
        }
        if width <= 0.0 {
            return Err(StatsError::NoWidth);
        }
        weights.push((2.0 * confidence.z() / width).powi(2));
    }
    let (_, spread) = weighted(times, &weights);
    let slope = slope(times, values, &weights);
    finish(slope * slope * spread, times, values, &weights)
}

fn finish(chi_squared: f64, times: &[f64], values: &[f64], weights: &[f64]) -> Result<Trend, StatsError> {
    let slope = slope(times, values, weights);
    if !(chi_squared.is_finite() && slope.is_finite()) {
        return Err(StatsError::TooLarge);
    }
    let word = if chi_squared <= THRESHOLD {
        TrendWord::NotSignificant
    } else if (0..times.len()).any(|out| turns(slope, without(times, values, weights, out))) {
        TrendWord::OutlierFound
    } else if slope > 0.0 {
        TrendWord::Increasing
    } else {
        TrendWord::Decreasing
    };
    Ok(Trend { slope, chi_squared, word })
}

/// Whether two slopes point different ways; a level one points nowhere. What is left of a level line after
/// rounding counts as level.
fn turns(slope: f64, other: f64) -> bool {
    other.abs() < slope.abs() * 1e-12 || (slope > 0.0) != (other > 0.0)
}

fn without(times: &[f64], values: &[f64], weights: &[f64], out: usize) -> f64 {
    let rest = |numbers: &[f64]| -> Vec<f64> {
        numbers.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, number)| *number).collect()
    };
    slope(&rest(times), &rest(values), &rest(weights))
}

/// The slope of the weighted line of least squares.
fn slope(times: &[f64], values: &[f64], weights: &[f64]) -> f64 {
    let (centre, spread) = weighted(times, weights);
    let moment =
        times.iter().zip(values).zip(weights).map(|((time, value), weight)| weight * value * (time - centre));
    sum(moment) / spread
}

/// The weighted mean of times, and their weighted sum of squares about it.
fn weighted(times: &[f64], weights: &[f64]) -> (f64, f64) {
    let total = sum(weights.iter().copied());
    let centre = sum(times.iter().zip(weights).map(|(time, weight)| weight * time)) / total;
    (centre, sum(times.iter().zip(weights).map(|(time, weight)| weight * (time - centre).powi(2))))
}

/// The last five times, which must be in order and go with as many other numbers.
fn last_points(times: &[f64], others: usize) -> Result<&[f64], StatsError> {
    let have = times.len().min(others);
    if have < POINTS || times.len() != others {
        return Err(StatsError::TooFew { have, need: POINTS.max(times.len().max(others)) });
    }
    let times = tail(times);
    for (earlier, later) in times.iter().zip(times.iter().skip(1)) {
        if !(earlier.is_finite() && later.is_finite()) {
            return Err(StatsError::NotFinite("a time"));
        }
        match earlier.total_cmp(later) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return Err(StatsError::SameTime),
            std::cmp::Ordering::Greater => return Err(StatsError::NotInOrder),
        }
    }
    Ok(times)
}

fn tail<T>(numbers: &[T]) -> &[T] {
    numbers.get(numbers.len().saturating_sub(POINTS)..).unwrap_or(numbers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TIMES: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 5.0];

    #[test]
    fn one_point_makes_no_trend() {
        let intervals = [9.0, 9.0, 9.0, 9.0, 28.0].map(|lower| Interval { lower, upper: lower + 2.0 });
        let trend =
            trend_of_estimates(&TIMES, &[10.0, 10.0, 10.0, 10.0, 29.0], &intervals, Confidence::P95).unwrap();
        assert!(trend.chi_squared > THRESHOLD);
        assert_eq!(trend.word, TrendWord::OutlierFound, "without the last the line is level");
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let fit = |x: [f64; 5]| trend_of_proportions(&TIMES, &x, &[10.0; 5]);
        assert_eq!(fit([0.0, 1.0, 2.0, 3.0, 4.0]), Err(StatsError::NoLogit));
        assert_eq!(fit([1.0, 2.0, 3.0, 4.0, 10.0]), Err(StatsError::NoLogit));
        assert!(matches!(fit([1.0, 2.0, 3.0, 4.0, 11.0]), Err(StatsError::Above { .. })));
        assert_eq!(fit([1.0, f64::NAN, 3.0, 4.0, 5.0]), Err(StatsError::NotFinite("a numerator")));
        let same = trend_of_proportions(&[1.0, 2.0, 2.0, 3.0, 4.0], &[1.0; 5], &[10.0; 5]);
        assert_eq!(same, Err(StatsError::SameTime));
        let large = trend_of_proportions(&TIMES, &[1e308; 5], &[1.1e308; 5]);
        assert_eq!(large, Err(StatsError::TooLarge), "their sum has no float");
        let narrow = [Interval { lower: 1.0, upper: 1.0 }; 5];
        assert_eq!(trend_of_estimates(&TIMES, &[1.0; 5], &narrow, Confidence::P95), Err(StatsError::NoWidth));
    }

    #[test]
    fn only_the_last_five_points_speak() {
        let with = |first: f64| {
            trend_of_proportions(
                &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
                &[first, 100.0, 120.0, 140.0, 160.0, 180.0],
                &[500.0; 6],
            )
        };
        assert_eq!(with(1.0), with(499.0));
        assert_eq!(with(1.0).unwrap().word, TrendWord::Increasing);
    }
}
