//! The t chart: rare events, by how much time lies between them.

use super::error::at_least_zero;
use super::g_chart::RareChart;
use super::xmr::{XmrOptions, xmr};
use super::{Interval, StatsError};

/// Times of an exponential distribution to the power of one through this are about normal.
const POWER: f64 = 3.6;

/// The t chart of the time between one event and the next, in order of time: the values to the power of 1/3.6,
/// the mean and limits of an `XmR` chart of those without screening (mean ∓ 2.66 average moving ranges), and back.
/// A lower limit below 0 is 0.
///
/// Source: Nelson LS, *A control chart for parts-per-million nonconforming items*, Journal of Quality Technology
/// 26 (1994).
///
/// # Errors
/// There are fewer than two values, or one is negative or not finite.
///
/// # Example
/// ```
/// use staysafe::stats::t_chart;
/// // Days between serious incidents.
/// let chart = t_chart(&[40.0, 95.0, 12.0, 60.0, 33.0, 80.0]).unwrap();
/// assert!(chart.limits.lower < 1.0 && chart.limits.upper > 300.0);
/// assert!(40.0 < chart.centre && chart.centre < 60.0);
/// assert!(t_chart(&[40.0]).is_err());
/// ```
pub fn t_chart(between: &[f64]) -> Result<RareChart, StatsError> {
    for value in between {
        at_least_zero("a value", *value)?;
    }
    let need = StatsError::TooFew { have: between.len(), need: 2 };
    let levelled: Vec<_> = between.iter().map(|value| Some(value.powf(1.0 / POWER))).collect();
    let options = XmrOptions { screen_outliers: false, ..XmrOptions::default() };
    let chart = xmr(&levelled, &options)?;
    let (mean, limits) = chart.points.first().and_then(|point| point.mean.zip(point.limits)).ok_or(need)?;
    let back = |value: f64| value.max(0.0).powf(POWER);
    let process = limits.process;
    let upper = back(process.upper);
    if !upper.is_finite() {
        return Err(StatsError::NotFinite("a value"));
    }
    Ok(RareChart { centre: back(mean), limits: Interval { lower: back(process.lower), upper } })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::stats::g_chart;

    #[test]
    fn one_time_is_no_chart_and_equal_times_have_limits_on_them() {
        assert_eq!(t_chart(&[]), Err(StatsError::TooFew { have: 0, need: 2 }));
        assert_eq!(t_chart(&[9.0]), Err(StatsError::TooFew { have: 1, need: 2 }));
        assert_eq!(t_chart(&[9.0, -1.0]), Err(StatsError::Negative("a value")));
        assert_eq!(t_chart(&[9.0, f64::NAN]), Err(StatsError::NotFinite("a value")));
        let equal = t_chart(&[9.0; 5]).unwrap();
        assert!((equal.limits.upper - 9.0).abs() < 1e-12 && (equal.centre - 9.0).abs() < 1e-12);
    }

    #[test]
    fn two_times_by_hand() {
        // 1 and 2^3.6 become 1 and 2: mean 1.5, one moving range of 1, limits at 1.5 ∓ 2.66.
        let chart = t_chart(&[1.0, 2.0_f64.powf(3.6)]).unwrap();
        assert!((chart.centre / 1.5_f64.powf(3.6) - 1.0).abs() < 1e-12);
        assert!((chart.limits.upper / 4.16_f64.powf(3.6) - 1.0).abs() < 1e-12);
        assert_eq!(chart.limits.lower.to_bits(), 0);
    }

    proptest! {
        #[test]
        fn the_centre_lies_between_the_limits_and_time_has_no_unit(values in prop::collection::vec(0u32..2000, 2..40)) {
            let days: Vec<_> = values.iter().copied().map(f64::from).collect();
            let weeks: Vec<_> = days.iter().map(|days| days / 7.0).collect();
            let (in_days, in_weeks) = (t_chart(&days).unwrap(), t_chart(&weeks).unwrap());
            prop_assert!(in_days.limits.contains(in_days.centre) && in_days.limits.lower >= 0.0);
            prop_assert!((in_days.limits.upper - 7.0 * in_weeks.limits.upper).abs() <= 1e-9 * in_days.limits.upper);
            let counts = g_chart(&days).unwrap();
            prop_assert!(counts.limits.contains(counts.centre) && counts.limits.lower >= 0.0);
        }
    }
}
