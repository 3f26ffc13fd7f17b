//! Intervals, standardised rates, funnels, bands and trends: numbers in, numbers out, one method to a
//! file, each with its formula and where it was published.
//!
//! Figures are exact everywhere else in this library; here they are floats, because limits are. No
//! method returns NaN: what cannot be worked out is a typed [`StatsError`], and one bad row of many is
//! one such outcome.

mod benchmark;
mod binomial_exact;
mod clopper_pearson;
mod clustered;
mod confidence;
mod difference;
mod dsr;
mod error;
mod funnel;
mod g_chart;
mod isr;
mod kaplan_meier;
#[cfg(test)]
mod laws;
mod mean;
mod median;
mod poisson;
mod poisson_exact;
mod quantiles;
mod rates;
mod rounding;
mod rows;
mod run_chart;
mod spc_rules;
mod survey;
mod t_chart;
mod tail;
mod trend;
mod wilson;
mod xmr;

pub use benchmark::{Band, Better, Verdict, benchmark, five_bands};
pub use clopper_pearson::clopper_pearson;
pub use clustered::{Cluster, ClusteredProportion, clustered_mean, clustered_proportion};
pub use confidence::Confidence;
pub use difference::difference;
pub use dsr::{Stratum, dsr, dsr_of_repeated_events};
pub use error::StatsError;
pub use funnel::{Funnel, FunnelKind, FunnelPoint, Significance, funnel, proportion_limits, ratio_limits};
pub use g_chart::{RareChart, g_chart};
pub use isr::{IndirectStratum, Standardised, isr};
pub use kaplan_meier::{KaplanMeier, KaplanMeierStep, Span, kaplan_meier};
pub use mean::{Mean, mean_interval, mean_interval_of_sums};
pub use median::{MedianInterval, median_interval, median_ranks};
pub use poisson::{byar, exact_poisson, poisson_limits, rate_interval};
pub use quantiles::quantiles;
pub use rates::{rate_difference, rate_ratio};
pub use rounding::{Ties, round_count, round_half_up, round_share};
pub use rows::{CountMethod, LimitRows, RateRows, Refused, clopper_pearson_rows, rate_rows, wilson_rows};
pub use run_chart::{RunChart, Runs, run_chart};
pub use spc_rules::{Cause, Direction, Flags, RuleSet};
pub use survey::{SurveyAnswer, SurveyProportion, survey_of_clusters, survey_proportion};
pub use t_chart::t_chart;
pub use trend::{Trend, TrendWord, trend_of_estimates, trend_of_proportions};
pub use wilson::wilson;
pub use xmr::{
    Assurance, Improvement, PointType, Rebase, Targets, XmrChart, XmrLimits, XmrOptions, XmrPoint, xmr,
};

/// The limits of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit; infinite only at a confidence of 100% where there is no bound.
    pub upper: f64,
}

/// A value and its interval, in the same unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its limits.
    pub interval: Interval,
}

impl Estimate {
    /// The estimate, unless a number of it has no float: an infinite limit is one only where nothing is left out.
    fn sound(self, confidence: Confidence) -> Result<Self, StatsError> {
        let Interval { lower, upper } = self.interval;
        let bounded = lower.is_finite() && upper.is_finite();
        let open = confidence.is_certain() && !lower.is_nan() && !upper.is_nan();
        if self.value.is_finite() && (bounded || open) { Ok(self) } else { Err(StatsError::TooLarge) }
    }
}

impl Interval {
    fn times(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, upper: self.upper * factor }
    }

    /// Whether a number lies inside, the limits included.
    pub fn contains(&self, number: f64) -> bool {
        self.lower <= number && number <= self.upper
    }
}

/// A sum whose error does not grow with its length (Neumaier 1974): twelve times 0.1 is 1.2.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// A length as a float: exact up to 2^53.
#[allow(clippy::cast_precision_loss, reason = "no slice is as long as 2^53")]
fn length(count: usize) -> f64 {
    count as f64
}
