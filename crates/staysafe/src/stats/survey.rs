//! A weighted share of the answers to a survey, with limits that know how the survey was drawn.

use std::collections::BTreeMap;

use super::clustered::student;
use super::error::above_zero;
use super::{Confidence, Estimate, StatsError, length, sum, wilson};

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurveyAnswer {
    /// Whether it counts.
    pub yes: bool,
    /// How many people it speaks for.
    pub weight: f64,
    /// The cluster (a school, a team, a family) that was drawn and in which it was given, by a number of the
    /// caller's; without clusters, a number of its own.
    pub cluster: u32,
    /// The stratum (a district, a year group) within which clusters were drawn; without strata, the same number
    /// for all.
    pub stratum: u32,
}

/// A weighted share of answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurveyProportion {
    /// The share of 1, with its limits.
    pub estimate: Estimate,
    /// How many answers of a simple random sample would tell as much.
    pub effective: f64,
    /// How many times larger the variance is than that of a simple random sample of as many answers; `None` where
    /// all answers are alike, so that neither has one.
    pub design_effect: Option<f64>,
}

/// The weighted share of answers that count, `p = Σ wᵢyᵢ / Σ wᵢ`, with Wilson's limits at the effective number
/// `n* = p(1 − p) / v × (z / t(m − h))²`, for m clusters in h strata and never above the number of answers.
///
/// The variance is that of a ratio, linearised, between the clusters of each stratum: with
/// `zₖ = Σ wᵢ(yᵢ − p) / Σ wᵢ` over the answers of cluster k, `v = Σₛ mₛ/(mₛ − 1) × Σₖ (zₖ − z̄ₛ)²`. Clusters count as
/// drawn with replacement, which errs on the side of caution where many of all were drawn.
///
/// Where all answers are alike the data cannot tell how alike those of a cluster are; each cluster then counts as one
/// answer.
///
/// Source: Cochran WG, *Sampling techniques*, third edition (1977), section 6.4 and chapter 9A; Korn EL, Graubard BI,
/// *Confidence intervals for proportions with small expected number of positive counts estimated from survey data*,
/// Survey Methodology 24 (1998), with Wilson's limits in place of exact ones.
///
/// # Errors
/// There are fewer than two clusters, a stratum has only one, or a weight is not above 0 or not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, SurveyAnswer, survey_proportion, wilson};
/// // Six schools of ten pupils each: in three of them nearly all feel safe, in three half do.
/// let answers: Vec<_> = (0..60)
///     .map(|pupil| {
///         let school = pupil / 10;
///         SurveyAnswer { yes: pupil % 10 < if school < 3 { 9 } else { 5 }, weight: 1.0, cluster: school, stratum: 0 }
///     })
///     .collect();
/// let result = survey_proportion(&answers, Confidence::P95)?;
/// assert_eq!(result.estimate.value, 0.7);
/// assert!(result.effective < 30.0 && result.design_effect > Some(1.0));
/// assert!(result.estimate.interval.lower < wilson(42.0, 60.0, Confidence::P95)?.lower);
/// assert!(survey_proportion(&answers[..10], Confidence::P95).is_err(), "one school alone");
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn survey_proportion(
    answers: &[SurveyAnswer],
    confidence: Confidence,
) -> Result<SurveyProportion, StatsError> {
    for answer in answers {
        above_zero("a weight", answer.weight)?;
    }
    let all = sum(answers.iter().map(|answer| answer.weight));
    if !all.is_finite() {
        return Err(StatsError::TooLarge);
    }
    let value = (sum(answers.iter().filter(|answer| answer.yes).map(|answer| answer.weight)) / all).min(1.0);
    let mut strata: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    for answer in answers {
        let away = if answer.yes { 1.0 - value } else { -value };
        *strata.entry(answer.stratum).or_default().entry(answer.cluster).or_default() +=
            answer.weight / all * away;
    }
    let alike = answers.iter().all(|answer| answer.yes) || answers.iter().all(|answer| !answer.yes);
    let away: Vec<(u32, Vec<f64>)> =
        strata.into_iter().map(|(stratum, clusters)| (stratum, clusters.into_values().collect())).collect();
    of_linearised(&away, (value, alike), length(answers.len()), confidence)
}

/// The same share, from the weights of each cluster: `(Σ wᵢyᵢ, Σ wᵢ)`, in a list for each stratum, and the number of
/// answers.
///
/// # Errors
/// As [`survey_proportion`].
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, SurveyAnswer, survey_of_clusters, survey_proportion};
/// // Two schools: one of two pupils, both bullied, and one of two of whom one was.
/// let answers = [(true, 0), (true, 0), (true, 1), (false, 1)]
///     .map(|(yes, cluster)| SurveyAnswer { yes, weight: 1.5, cluster, stratum: 0 });
/// let one_by_one = survey_proportion(&answers, Confidence::P95)?;
/// let by_school = survey_of_clusters(&[vec![(3.0, 3.0), (1.5, 3.0)]], 4, Confidence::P95)?;
/// assert_eq!(by_school.estimate.value, one_by_one.estimate.value);
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn survey_of_clusters(
    strata: &[Vec<(f64, f64)>],
    answers: usize,
    confidence: Confidence,
) -> Result<SurveyProportion, StatsError> {
    let clusters = || strata.iter().flatten();
    for (_, all) in clusters() {
        above_zero("a weight", *all)?;
    }
    let (yes, all) = (sum(clusters().map(|(yes, _)| *yes)), sum(clusters().map(|(_, all)| *all)));
    if !all.is_finite() {
        return Err(StatsError::TooLarge);
    }
    let value = (yes / all).min(1.0);
    let away: Vec<(u32, Vec<f64>)> = (0u32..)
        .zip(strata)
        .map(|(stratum, clusters)| {
            (stratum, clusters.iter().map(|(yes, of)| (yes - value * of) / all).collect())
        })
        .collect();
    let alike = clusters().all(|(yes, _)| *yes <= 0.0) || clusters().all(|(yes, of)| yes >= of);
    of_linearised(&away, (value, alike), length(answers), confidence)
}

/// From what each cluster adds to the linearised share, by stratum.
fn of_linearised(
    strata: &[(u32, Vec<f64>)],
    (value, alike): (f64, bool),
    given: f64,
    confidence: Confidence,
) -> Result<SurveyProportion, StatsError> {
    let clusters: usize = strata.iter().map(|(_, clusters)| clusters.len()).sum();
    if clusters < 2 {
        return Err(StatsError::TooFew { have: clusters, need: 2 });
    }
    let mut variance = 0.0;
    for (stratum, clusters) in strata {
        let count = length(clusters.len());
        if count < 2.0 {
            return Err(StatsError::LonelyCluster(*stratum));
        }
        let mean = sum(clusters.iter().copied()) / count;
        variance += count / (count - 1.0) * sum(clusters.iter().map(|total| (total - mean).powi(2)));
    }
    let simple = value * (1.0 - value);
    let told = if alike {
        length(clusters)
    } else if confidence.is_certain() {
        simple / variance
    } else {
        // One degree of freedom is lost for each stratum.
        let shrink = confidence.z() / student(clusters + 1 - strata.len(), confidence)?;
        simple / variance * shrink * shrink
    };
    // Clusters that are all alike have no variance between them: they tell as much as all their answers.
    let effective = if told.is_nan() { given } else { told.min(given) };
    let interval = wilson((value * effective).min(effective), effective, confidence)?;
    let design_effect = (!alike).then_some(variance * given / simple).filter(|effect| effect.is_finite());
    Ok(SurveyProportion { estimate: Estimate { value, interval }, effective, design_effect })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::stats::{Cluster, clustered_proportion};

    fn answer(yes: bool, weight: f64, cluster: u32, stratum: u32) -> SurveyAnswer {
        SurveyAnswer { yes, weight, cluster, stratum }
    }

    #[test]
    fn two_strata_by_hand() {
        // p = (2 + 3)/10 = 1/2. In stratum 0 the clusters' totals are (2 × 1/2)/10 and (−2 × 1/2)/10, in stratum 1
        // (3 × 1/2)/10 and (−3 × 1/2)/10; v = 2 × (2 × 0.1²) + 2 × (2 × 0.15²).
        let answers = [
            answer(true, 2.0, 1, 0),
            answer(false, 2.0, 2, 0),
            answer(true, 3.0, 1, 1),
            answer(false, 3.0, 2, 1),
        ];
        let result = survey_proportion(&answers, Confidence::P95).unwrap();
        assert!((result.estimate.value - 0.5).abs() < 1e-15);
        let variance = 2.0 * 2.0 * (0.01 + 0.0225);
        assert!((result.design_effect.unwrap() - variance * 4.0 / 0.25).abs() < 1e-12);
        let t = 4.302_652_729_911_275;
        assert!((result.effective - 0.25 / variance * (Confidence::P95.z() / t).powi(2)).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_survey_is_refused() {
        let of = |answers: &[SurveyAnswer]| survey_proportion(answers, Confidence::P95);
        assert_eq!(of(&[]), Err(StatsError::TooFew { have: 0, need: 2 }));
        assert_eq!(of(&[answer(true, 0.0, 1, 0)]), Err(StatsError::NotPositive("a weight")));
        assert_eq!(of(&[answer(true, f64::NAN, 1, 0)]), Err(StatsError::NotFinite("a weight")));
        let lonely = [answer(true, 1.0, 1, 7), answer(true, 1.0, 1, 8), answer(true, 1.0, 2, 8)];
        assert_eq!(of(&lonely), Err(StatsError::LonelyCluster(7)));
    }

    proptest! {
        #[test]
        fn with_equal_weights_in_one_stratum_it_is_that_of_clusters(pairs in prop::collection::vec((0u32..6, 0u32..6), 2..20), sure in 0.9f64..=1.0) {
            let level = Confidence::new(sure).unwrap();
            let pairs: Vec<_> = pairs.into_iter().map(|(yes, no)| (yes, yes + no + 1)).collect();
            let answers: Vec<_> = (0u32..).zip(&pairs).flat_map(|(cluster, (yes, size))| {
                (0..*size).map(move |member| answer(member < *yes, 2.5, cluster, 3))
            }).collect();
            let clusters: Vec<_> = pairs.iter().map(|(yes, size)| Cluster { total: (*yes).into(), size: (*size).into() }).collect();
            let (ours, plain) = (survey_proportion(&answers, level).unwrap(), clustered_proportion(&clusters, level).unwrap());
            prop_assert!((ours.estimate.value - plain.estimate.value).abs() < 1e-12);
            prop_assert!((ours.effective - plain.effective).abs() < 1e-6 * plain.effective);
            let interval = ours.estimate.interval;
            prop_assert!(interval.contains(ours.estimate.value) && 0.0 <= interval.lower && interval.upper <= 1.0);
            prop_assert!((interval.lower - plain.estimate.interval.lower).abs() < 1e-9);
        }

        #[test]
        fn the_unit_of_the_weights_does_not_matter(yes in prop::collection::vec(any::<bool>(), 4..40), times in 0.01f64..1e6) {
            let of = |times: f64| {
                let answers: Vec<_> = (0u32..).zip(&yes).map(|(n, yes)| answer(*yes, times * f64::from(n % 5 + 1), n / 2, 0)).collect();
                survey_proportion(&answers, Confidence::P95).unwrap()
            };
            let (one, other) = (of(1.0), of(times));
            prop_assert!((one.estimate.interval.lower - other.estimate.interval.lower).abs() < 1e-9);
            prop_assert!((one.estimate.interval.upper - other.estimate.interval.upper).abs() < 1e-9);
        }
    }
}
