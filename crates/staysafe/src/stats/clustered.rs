//! Intervals where people come in clusters: children of one family, or of one home, are alike.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::error::{above_zero, at_least_zero};
use super::{Confidence, Estimate, Interval, StatsError, length, sum, wilson};

/// One family or establishment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// The sum of the values of its members; for a proportion, how many of them count.
    pub total: f64,
    /// How many members it has.
    pub size: f64,
}

/// A proportion of members of clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredProportion {
    /// The share of 1, with its limits.
    pub estimate: Estimate,
    /// How many independent members would tell as much.
    pub effective: f64,
}

/// The mean of all members, `r = Σtᵢ / Σnᵢ` over m clusters of total tᵢ and size nᵢ, with limits
/// `r ∓ t(m − 1) √v`. The variance is that of a ratio, linearised:
/// `v = m/(m − 1) × Σ(tᵢ − r nᵢ)² / (Σnᵢ)²`.
///
/// Source: Cochran WG, *Sampling techniques*, third edition (1977), sections 2.11 and 6.4.
///
/// # Errors
/// There are fewer than two clusters, a size is not above 0, or a number is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Cluster, Confidence, clustered_mean};
/// // Days waited, by family: 40 and 44 in one, 12 in the next, 20, 21 and 25 in the third.
/// let families = [(84.0, 2.0), (12.0, 1.0), (66.0, 3.0)].map(|(total, size)| Cluster { total, size });
/// let result = clustered_mean(&families, Confidence::P95).unwrap();
/// assert_eq!(result.value, 27.0);
/// assert!(clustered_mean(&families[..1], Confidence::P95).is_err());
/// ```
pub fn clustered_mean(clusters: &[Cluster], confidence: Confidence) -> Result<Estimate, StatsError> {
    let (value, variance) = ratio(clusters)?;
    let interval = if confidence.is_certain() {
        Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY }
    } else {
        let reach = student(clusters.len(), confidence)? * variance.sqrt();
        Interval { lower: value - reach, upper: value + reach }
    };
    Estimate { value, interval }.sound(confidence)
}

/// The share of all members that count, `p = Σtᵢ / Σnᵢ`, with Wilson's limits at the effective number
/// `n* = p(1 − p) / v × (z / t(m − 1))²`, v as in [`clustered_mean`], and never above `Σnᵢ`: the limits are
/// never narrower than if the members were independent.
///
/// Where no member counts, or every one does, the data cannot tell how alike members are; each cluster then
/// counts as one member, which is the most cautious answer.
///
/// Source: Korn EL, Graubard BI, *Confidence intervals for proportions with small expected number of positive
/// counts estimated from survey data*, Survey Methodology 24 (1998), with Wilson's limits in place of exact ones.
///
/// # Errors
/// There are fewer than two clusters, a size is not above 0, a total is negative or above its size, or a number
/// is not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Cluster, Confidence, clustered_proportion, wilson};
/// // Ten families of three children: in three of them all were seen alone, in seven none.
/// let families: Vec<_> =
///     (0..10).map(|family| Cluster { total: if family < 3 { 3.0 } else { 0.0 }, size: 3.0 }).collect();
/// let result = clustered_proportion(&families, Confidence::P95).unwrap();
/// assert_eq!(result.estimate.value, 0.3);
/// assert!(result.effective < 10.0);
/// assert!(result.estimate.interval.upper > wilson(9.0, 30.0, Confidence::P95).unwrap().upper);
/// assert!(clustered_proportion(&[Cluster { total: 4.0, size: 3.0 }; 2], Confidence::P95).is_err());
/// ```
pub fn clustered_proportion(
    clusters: &[Cluster],
    confidence: Confidence,
) -> Result<ClusteredProportion, StatsError> {
    for cluster in clusters {
        at_least_zero("the total of a cluster", cluster.total)?;
        if cluster.total > cluster.size {
            return Err(StatsError::Above { numerator: cluster.total, denominator: cluster.size });
        }
    }
    let (value, variance) = ratio(clusters)?;
    let value = value.min(1.0);
    let members = sum(clusters.iter().map(|cluster| cluster.size));
    let told = if clusters.iter().all(|cluster| cluster.total <= 0.0)
        || clusters.iter().all(|cluster| cluster.total >= cluster.size)
    {
        length(clusters.len())
    } else if confidence.is_certain() {
        value * (1.0 - value) / variance
    } else {
        let shrink = confidence.z() / student(clusters.len(), confidence)?;
        value * (1.0 - value) / variance * shrink * shrink
    };
    let effective = told.min(members);
    let interval = wilson((value * effective).min(effective), effective, confidence)?;
    Ok(ClusteredProportion { estimate: Estimate { value, interval }, effective })
}

/// The ratio of totals to sizes, and its linearised variance.
fn ratio(clusters: &[Cluster]) -> Result<(f64, f64), StatsError> {
    if clusters.len() < 2 {
        return Err(StatsError::TooFew { have: clusters.len(), need: 2 });
    }
    for cluster in clusters {
        above_zero("the size of a cluster", cluster.size)?;
    }
    let members = sum(clusters.iter().map(|cluster| cluster.size));
    let value = sum(clusters.iter().map(|cluster| cluster.total)) / members;
    let residuals =
        sum(clusters.iter().map(|cluster| ((cluster.total - value * cluster.size) / members).powi(2)));
    let count = length(clusters.len());
    let variance = count / (count - 1.0) * residuals;
    if !value.is_finite() || !variance.is_finite() {
        return Err(StatsError::NotFinite("the total of a cluster"));
    }
    Ok((value, variance))
}

/// The deviate of the upper tail of Student's t for so many clusters.
pub(super) fn student(clusters: usize, confidence: Confidence) -> Result<f64, StatsError> {
    let student = StudentsT::new(0.0, 1.0, length(clusters) - 1.0)
        .map_err(|_| StatsError::TooFew { have: clusters, need: 2 })?;
    Ok(-student.inverse_cdf(confidence.tail()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::stats::mean_interval;

    fn clusters(pairs: &[(u32, u32)]) -> Vec<Cluster> {
        pairs.iter().map(|(total, size)| Cluster { total: (*total).into(), size: (*size).into() }).collect()
    }

    #[test]
    fn the_variance_by_hand() {
        // r = 4/8 = 1/2; residuals 1/2, −1, 1/2; v = 3/2 × 1.5 / 64.
        let (value, variance) = ratio(&clusters(&[(2, 3), (0, 2), (2, 3)])).unwrap();
        assert!((value - 0.5).abs() < 1e-15);
        assert!((variance - 2.25 / 64.0).abs() < 1e-15);
    }

    #[test]
    fn where_nothing_varies_each_family_counts_once() {
        for total in [0, 4] {
            let result = clustered_proportion(&clusters(&[(total, 4); 5]), Confidence::P95).unwrap();
            assert!((result.effective - 5.0).abs() < 1e-12);
            assert_eq!(
                result.estimate.interval,
                wilson(f64::from(total) * 1.25, 5.0, Confidence::P95).unwrap()
            );
        }
        // The same share in each: they tell as much as independent children, and no more.
        let same = clustered_proportion(&clusters(&[(1, 2); 6]), Confidence::P95).unwrap();
        assert!((same.effective - 12.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_cluster_is_refused() {
        let bad = |total, size| clustered_mean(&[Cluster { total, size }; 2], Confidence::P95);
        assert_eq!(bad(1.0, 0.0), Err(StatsError::NotPositive("the size of a cluster")));
        assert_eq!(bad(f64::NAN, 1.0), Err(StatsError::NotFinite("the total of a cluster")));
        assert_eq!(
            clustered_proportion(&clusters(&[(1, 1)]), Confidence::P95),
            Err(StatsError::TooFew { have: 1, need: 2 })
        );
        let certain = Confidence::new(1.0).unwrap();
        let all = clustered_proportion(&clusters(&[(1, 2), (0, 1)]), certain).unwrap().estimate.interval;
        assert_eq!(all, Interval { lower: 0.0, upper: 1.0 });
        assert!(clustered_mean(&clusters(&[(1, 2), (0, 1)]), certain).unwrap().interval.lower.is_infinite());
    }

    proptest! {
        #[test]
        fn clusters_of_one_are_a_plain_mean(values in prop::collection::vec(0u32..500, 2..40)) {
            let single: Vec<_> = values.iter().map(|value| (*value, 1)).collect();
            let values: Vec<_> = values.iter().copied().map(f64::from).collect();
            let (ours, plain) = (clustered_mean(&clusters(&single), Confidence::P95).unwrap(), mean_interval(&values, Confidence::P95).unwrap());
            prop_assert!((ours.value - plain.value).abs() < 1e-9);
            prop_assert!((ours.interval.lower - plain.interval.unwrap().lower).abs() < 1e-7);
        }

        #[test]
        fn never_narrower_than_independent_members(pairs in prop::collection::vec((0u32..8, 0u32..8), 2..30)) {
            let pairs: Vec<_> = pairs.into_iter().map(|(total, more)| (total, total + more + 1)).collect();
            let result = clustered_proportion(&clusters(&pairs), Confidence::P95).unwrap();
            let (x, n) = pairs.iter().fold((0, 0), |(x, n), (total, size)| (x + total, n + size));
            let plain = wilson(x.into(), n.into(), Confidence::P95).unwrap();
            let interval = result.estimate.interval;
            prop_assert!(interval.contains(result.estimate.value) && 0.0 <= interval.lower && interval.upper <= 1.0);
            prop_assert!(interval.lower <= plain.lower + 1e-12 && plain.upper <= interval.upper + 1e-12);
            prop_assert!(result.effective > 0.0 && result.effective <= f64::from(n));
        }
    }
}
