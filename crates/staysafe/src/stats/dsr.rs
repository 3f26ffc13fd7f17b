//! Directly standardised rates.

use super::error::{above_zero, at_least_zero};
use super::poisson::byar;
use super::{Confidence, Estimate, Interval, StatsError, sum};

/// Below this many events a directly standardised rate is not given.
const FEWEST_EVENTS: f64 = 10.0;

/// One age band (or other stratum) of an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Events in the band.
    pub events: f64,
    /// People in the band, in the area.
    pub population: f64,
    /// People in the band, in the standard population.
    pub standard: f64,
}

/// The rate that the area would have with the standard population: `Σ wᵢ xᵢ/nᵢ ÷ Σ wᵢ × multiplier`. Its
/// limits are Byar's of the count of events, scaled by Dobson's method:
/// `rate ∓ √(var / X) (limit(X) − X)`, where X is all events and `var = Σ wᵢ² xᵢ/nᵢ² ÷ (Σ wᵢ)²`.
///
/// Source: Dobson AJ, Kuulasmaa K, Eberle E, Scherer J, *Confidence intervals for weighted sums of Poisson
/// parameters*, Statistics in Medicine 10 (1991).
///
/// # Errors
/// Fewer than 10 events in all; a population that is not above 0; a negative count or weight, or weights
/// that are all 0; a number that is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, Stratum, StatsError, dsr};
/// let young = Stratum { events: 30.0, population: 5000.0, standard: 1000.0 };
/// let old = Stratum { events: 10.0, population: 1000.0, standard: 1000.0 };
/// let rate = dsr(&[young, old], 1000.0, Confidence::P95).unwrap();
/// assert_eq!(format!("{:.2}", rate.value), "8.00");
/// let few = dsr(&[Stratum { events: 9.0, ..young }], 1000.0, Confidence::P95);
/// assert_eq!(few, Err(StatsError::TooFewEvents(9.0)));
/// ```
pub fn dsr(strata: &[Stratum], multiplier: f64, confidence: Confidence) -> Result<Estimate, StatsError> {
    dsr_of_repeated_events(&[(1.0, strata)], multiplier, confidence)
}

/// A directly standardised rate of events that are not independent, because some people have several:
/// each group holds, by stratum, the people who had so many events each (in `events`). The rate is that
/// of all events; its variance is `Σ f² var(f)` over the groups.
///
/// # Errors
/// As [`dsr`]; also a number of events per person that is not above 0.
pub fn dsr_of_repeated_events(
    groups: &[(f64, &[Stratum])],
    multiplier: f64,
    confidence: Confidence,
) -> Result<Estimate, StatsError> {
    let multiplier = above_zero("the multiplier", multiplier)?;
    let (mut rate, mut variance, mut events) = (0.0, 0.0, 0.0);
    for (each, strata) in groups {
        let each = above_zero("the number of events per person", *each)?;
        for stratum in *strata {
            at_least_zero("a count of events", stratum.events)?;
            above_zero("a population", stratum.population)?;
            at_least_zero("a standard population", stratum.standard)?;
        }
        let weights = above_zero("the standard population", sum(strata.iter().map(|s| s.standard)))?;
        rate += each * sum(strata.iter().map(|s| s.standard * s.events / s.population)) / weights;
        let spread = sum(strata.iter().map(|s| s.events * (s.standard / s.population).powi(2)));
        variance += each * each * spread / (weights * weights);
        events += each * sum(strata.iter().map(|s| s.events));
    }
    if events < FEWEST_EVENTS {
        return Err(StatsError::TooFewEvents(events));
    }
    let limits = byar(events, confidence)?;
    let scale = (variance / events).sqrt();
    // At 100% there is no upper bound; 0 × ∞ is avoided where no weight falls on any event.
    let reach = |limit: f64| if scale > 0.0 { scale * (limit - events) } else { 0.0 };
    let interval =
        Interval { lower: (rate + reach(limits.lower)).max(0.0), upper: rate + reach(limits.upper) };
    Estimate { value: rate * multiplier, interval: interval.times(multiplier) }.sound(confidence)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::stats::rate_interval;

    proptest! {
        #[test]
        fn one_stratum_is_the_crude_rate(events in 10u32..1000, population in 1000u32..100_000, standard in 1u32..9000) {
            let stratum = Stratum { events: events.into(), population: population.into(), standard: standard.into() };
            let rate = dsr(&[stratum], 1000.0, Confidence::P95).unwrap();
            let crude = rate_interval(events.into(), population.into(), 1000.0, Confidence::P95).unwrap();
            prop_assert!((rate.value / (f64::from(events) / f64::from(population) * 1000.0) - 1.0).abs() < 1e-12);
            prop_assert!((rate.interval.lower / crude.lower - 1.0).abs() < 1e-9);
            prop_assert!((rate.interval.upper / crude.upper - 1.0).abs() < 1e-9);
        }
    }
}
