//! Funnels: which areas lie further from the average than chance explains, and the lines to draw.

use super::error::{above_zero, at_least_zero};
use super::poisson::{exact_poisson, poisson_limits};
use super::{Confidence, Interval, StatsError, sum, wilson};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelKind {
    /// `x` of `n`, against all x of all n.
    Proportion,
    /// `x` events among `n` people, against all x over all n.
    Rate,
    /// As a rate, directly standardised: fewer than 10 events are not judged. `n` is the population that
    /// gives the published rate, `x / rate × multiplier`.
    StandardisedRate,
    /// `x` events where `n` were expected, against 1.
    Ratio,
}

/// One area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPoint {
    /// What was counted.
    pub x: f64,
    /// In how many, or how many were expected.
    pub n: f64,
}

/// Where an area lies. The number is the chance, in that tail, of so extreme an area if all were alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Significance {
    /// Above the outer limit.
    High0001,
    /// Above the inner limit.
    High0025,
    /// Within the limits.
    NotSignificant,
    /// Below the inner limit.
    Low0025,
    /// Below the outer limit.
    Low0001,
    /// A standardised rate of fewer than 10 events.
    NotApplicable,
}

/// A funnel: the average, and where each area lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// What the areas are compared with: a share, a rate per person, or 1. It includes each area itself.
    pub average: f64,
    /// One outcome for each area, in the order given.
    pub points: Vec<Result<Significance, StatsError>>,
}

/// Where each area lies: high or low where its own 95% (99.8%) interval leaves out the average. An area
/// with bad numbers has an outcome of its own and is left out of the average.
///
/// Source: Spiegelhalter DJ, *Funnel plots for comparing institutional performance*, Statistics in
/// Medicine 24 (2005).
///
/// # Errors
/// No area has numbers that can be used, or they are too large to add up, so there is no average.
///
/// # Example
/// ```
/// use staysafe::stats::{FunnelKind, FunnelPoint, Significance, funnel};
/// let point = |x, n| FunnelPoint { x, n };
/// let areas = [point(50.0, 100.0), point(480.0, 1000.0), point(90.0, 100.0), point(5.0, 0.0)];
/// let result = funnel(&areas, FunnelKind::Proportion).unwrap();
/// assert_eq!(result.points[0], Ok(Significance::NotSignificant));
/// assert_eq!(result.points[2], Ok(Significance::High0001));
/// assert!(result.points[3].is_err());
/// ```
pub fn funnel(points: &[FunnelPoint], kind: FunnelKind) -> Result<Funnel, StatsError> {
    let good = || points.iter().filter(|point| own_interval(**point, kind, Confidence::P95).is_ok());
    let have = good().count();
    if have == 0 {
        return Err(StatsError::TooFew { have, need: 1 });
    }
    let average = match kind {
        FunnelKind::Ratio => 1.0,
        _ => sum(good().map(|point| point.x)) / sum(good().map(|point| point.n)),
    };
    if !average.is_finite() {
        return Err(StatsError::TooLarge);
    }
    let points = points.iter().map(|point| judge(*point, kind, average)).collect();
    Ok(Funnel { average, points })
}

fn judge(point: FunnelPoint, kind: FunnelKind, average: f64) -> Result<Significance, StatsError> {
    let outer = own_interval(point, kind, Confidence::P998)?;
    let inner = own_interval(point, kind, Confidence::P95)?;
    Ok(if kind == FunnelKind::StandardisedRate && point.x < 10.0 {
        Significance::NotApplicable
    } else if outer.lower > average {
        Significance::High0001
    } else if inner.lower > average {
        Significance::High0025
    } else if outer.upper < average {
        Significance::Low0001
    } else if inner.upper < average {
        Significance::Low0025
    } else {
        Significance::NotSignificant
    })
}

fn own_interval(point: FunnelPoint, kind: FunnelKind, level: Confidence) -> Result<Interval, StatsError> {
    if kind == FunnelKind::Proportion {
        return wilson(point.x, point.n, level);
    }
    let n = above_zero("the denominator", point.n)?;
    Ok(poisson_limits(point.x, level)?.times(1.0 / n))
}

impl Significance {
    /// The words that published tools print.
    pub fn words(self) -> &'static str {
        match self {
            Self::High0001 => "High (0.001)",
            Self::High0025 => "High (0.025)",
            Self::NotSignificant => "Not significant",
            Self::Low0025 => "Low (0.025)",
            Self::Low0001 => "Low (0.001)",
            Self::NotApplicable => "Not applicable for events less than 10 for dsrs",
        }
    }
}

/// The lines of a funnel of proportions at `n` people: `p ∓ z √(p(1 − p)/n)`, within 0 and 1. It is the
/// score test turned round, so that an area lies outside exactly when its Wilson interval leaves out p.
///
/// # Errors
/// The average is no share, or `n` is not above 0.
pub fn proportion_limits(average: f64, n: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let average = at_least_zero("the average", average)?;
    let n = above_zero("the denominator", n)?;
    if average > 1.0 {
        return Err(StatsError::Above { numerator: average, denominator: 1.0 });
    }
    if confidence.is_certain() {
        return Ok(Interval { lower: 0.0, upper: 1.0 });
    }
    let reach = confidence.z() * (average * (1.0 - average) / n).sqrt();
    Ok(Interval { lower: (average - reach).max(0.0), upper: (average + reach).min(1.0) })
}

/// The lines of a funnel of ratios where `observed` events were seen: the ratios O / E at which the exact
/// limits of O just touch what is expected. With no event there is no line.
///
/// # Errors
/// `observed` is not above 0.
pub fn ratio_limits(observed: f64, confidence: Confidence) -> Result<Interval, StatsError> {
    let observed = above_zero("the count observed", observed)?;
    let expected = exact_poisson(observed, confidence)?;
    Ok(Interval { lower: observed / expected.upper, upper: observed / expected.lower })
}
