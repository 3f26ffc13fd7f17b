//! The mean of a sample, with Student's t interval.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Confidence, Interval, StatsError, length, sum};

/// A mean and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// How many values.
    pub count: usize,
    /// Their sum.
    pub sum: f64,
    /// The mean.
    pub value: f64,
    /// The standard deviation, with n − 1; one value has none.
    pub deviation: Option<f64>,
    /// The interval; one value has none.
    pub interval: Option<Interval>,
}

/// The mean of values and its limits, `x̄ ∓ t(n − 1) s / √n` with s of n − 1.
///
/// Source: Student, *The probable error of a mean*, Biometrika 6 (1908).
///
/// # Errors
/// There is no value, or one is not finite: leaving it out is for the caller to decide and to say.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, mean_interval};
/// let mean = mean_interval(&[30.0, 40.0, 50.0, 60.0], Confidence::P95).unwrap();
/// assert_eq!(mean.value, 45.0);
/// assert_eq!(format!("{:.2}", mean.interval.unwrap().lower), "24.46");
/// assert_eq!(mean_interval(&[7.0], Confidence::P95).unwrap().interval, None);
/// ```
pub fn mean_interval(values: &[f64], confidence: Confidence) -> Result<Mean, StatsError> {
    let count = values.len();
    if count == 0 {
        return Err(StatsError::TooFew { have: 0, need: 1 });
    }
    let total = sum(values.iter().copied());
    if !total.is_finite() {
        return Err(StatsError::NotFinite("a value"));
    }
    let n = length(count);
    // The second pass takes out what the division rounded: the mean of equal values is that value.
    let first = total / n;
    let value = first + sum(values.iter().map(|each| each - first)) / n;
    if count == 1 {
        return Ok(Mean { count, sum: total, value, deviation: None, interval: None });
    }
    let squares = sum(values.iter().map(|each| (each - value).powi(2)));
    if !squares.is_finite() {
        return Err(StatsError::NotFinite("a value"));
    }
    let deviation = (squares / (n - 1.0)).sqrt();
    let interval = around(value, deviation, n, confidence)?;
    Ok(Mean { count, sum: total, value, deviation: Some(deviation), interval: Some(interval) })
}

/// Student's t interval of a mean whose values are known only by their number, sum and sum of squares: the
/// form in which partial results are added up. `None` for a single value.
///
/// # Errors
/// No values, or sums that are not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, mean_interval_of_sums};
/// let limits = mean_interval_of_sums(4, 180.0, 8600.0, Confidence::P95)?.unwrap();
/// assert_eq!(format!("{:.2}", limits.lower), "24.46");
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn mean_interval_of_sums(
    count: u64,
    total: f64,
    squares: f64,
    confidence: Confidence,
) -> Result<Option<Interval>, StatsError> {
    if count == 0 {
        return Err(StatsError::TooFew { have: 0, need: 1 });
    }
    if !total.is_finite() || !squares.is_finite() {
        return Err(StatsError::NotFinite("a sum"));
    }
    if count == 1 {
        return Ok(None);
    }
    #[allow(clippy::cast_precision_loss, reason = "a count of records is far below 2^53")]
    let n = count as f64;
    let value = total / n;
    // What rounding takes below 0 is a spread of 0.
    let deviation = ((squares - total * value).max(0.0) / (n - 1.0)).sqrt();
    around(value, deviation, n, confidence).map(Some)
}

fn around(value: f64, deviation: f64, n: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    if confidence.is_certain() {
        return Ok(Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY });
    }
    let student = StudentsT::new(0.0, 1.0, n - 1.0).map_err(|_| StatsError::NotFinite("a value"))?;
    // The lower tail, which keeps its digits when it is small; t is symmetric.
    let reach = -student.inverse_cdf(confidence.tail()) * deviation / n.sqrt();
    Ok(Interval { lower: value - reach, upper: value + reach })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn equal_values_have_no_spread() {
        // Added up one by one, twelve times 0.1 is not 1.2.
        let mean = mean_interval(&[0.1; 12], Confidence::P95).unwrap();
        assert_eq!(mean.value.to_bits(), 0.1_f64.to_bits());
        assert_eq!(mean.interval, Some(Interval { lower: 0.1, upper: 0.1 }));
    }

    #[test]
    fn nothing_and_nonsense_are_told_apart() {
        assert_eq!(mean_interval(&[], Confidence::P95), Err(StatsError::TooFew { have: 0, need: 1 }));
        for bad in [f64::NAN, f64::INFINITY] {
            assert_eq!(mean_interval(&[1.0, bad], Confidence::P95), Err(StatsError::NotFinite("a value")));
        }
        assert_eq!(
            mean_interval(&[f64::MAX, -f64::MAX], Confidence::P95),
            Err(StatsError::NotFinite("a value"))
        );
    }
}
