//! Indirectly standardised rates and ratios.

use super::error::{above_zero, at_least_zero};
use super::poisson::poisson_limits;
use super::{Confidence, Estimate, StatsError, sum};

/// One age band (or other stratum) of an area, beside the same band of the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndirectStratum {
    /// Events in the area.
    pub events: f64,
    /// People in the area.
    pub population: f64,
    /// Events in the reference.
    pub reference_events: f64,
    /// People in the reference.
    pub reference_population: f64,
}

/// What indirect standardisation gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardised {
    /// Events seen in the area.
    pub observed: f64,
    /// Events it would have at the reference's rates.
    pub expected: f64,
    /// The crude rate of the reference, times the multiplier.
    pub reference_rate: f64,
    /// Observed over expected, times the reference's rate.
    pub rate: Estimate,
    /// Observed over expected; 1 is as expected.
    pub ratio: Estimate,
}

/// Observed events against those expected at the reference's rates, `E = Σ xʳᵢ/nʳᵢ nᵢ`: as the ratio O / E, and
/// as that ratio times the reference's crude rate. The limits are those of the count observed (exact below
/// 10, Byar's from 10 on) over E.
///
/// Source: Breslow NE, Day NE, *Statistical methods in cancer research*, volume II (1987), chapter 2.
///
/// # Errors
/// No event is expected; a reference population is not above 0; a number is negative or not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, IndirectStratum, isr};
/// let band = IndirectStratum {
///     events: 30.0, population: 1000.0, reference_events: 200.0, reference_population: 10_000.0,
/// };
/// let result = isr(&[band], 1000.0, Confidence::P95).unwrap();
/// assert_eq!(result.expected, 20.0);
/// assert_eq!(result.ratio.value, 1.5);
/// assert!(isr(&[IndirectStratum { population: 0.0, ..band }], 1000.0, Confidence::P95).is_err());
/// ```
pub fn isr(
    strata: &[IndirectStratum],
    multiplier: f64,
    confidence: Confidence,
) -> Result<Standardised, StatsError> {
    let multiplier = above_zero("the multiplier", multiplier)?;
    for stratum in strata {
        at_least_zero("a count of events", stratum.events)?;
        at_least_zero("a population", stratum.population)?;
        at_least_zero("a count of reference events", stratum.reference_events)?;
        above_zero("a reference population", stratum.reference_population)?;
    }
    let observed = sum(strata.iter().map(|s| s.events));
    let expected = sum(strata.iter().map(|s| s.reference_events / s.reference_population * s.population));
    if expected <= 0.0 {
        return Err(StatsError::NothingExpected);
    }
    let reference_events = sum(strata.iter().map(|s| s.reference_events));
    let reference_rate = reference_events / sum(strata.iter().map(|s| s.reference_population)) * multiplier;
    let limits = poisson_limits(observed, confidence)?;
    let ratio = Estimate { value: observed / expected, interval: limits.times(1.0 / expected) };
    let rate =
        Estimate { value: ratio.value * reference_rate, interval: ratio.interval.times(reference_rate) };
    if !expected.is_finite() || !reference_rate.is_finite() {
        return Err(StatsError::TooLarge);
    }
    let (rate, ratio) = (rate.sound(confidence)?, ratio.sound(confidence)?);
    Ok(Standardised { observed, expected, reference_rate, rate, ratio })
}
