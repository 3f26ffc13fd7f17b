//! The `XmR` control chart (individual values and moving ranges): a series, its mean, and limits from how much neighbours differ.

use chrono::NaiveDate;

use super::{Cause, Direction, Flags, Interval, RuleSet, StatsError, length, sum};

/// Limits lie at so many average moving ranges from the mean: 3 ÷ 1.128, as printed.
const LIMIT_FACTOR: f64 = 2.66;

/// A moving range of so many averages or more is an outlier.
const SCREEN_FACTOR: f64 = 3.267;

/// The fewest points that limits may be fixed on.
const FEWEST_FIXED: usize = 12;

/// A group of fewer points has trial limits.
const FEWEST_SETTLED: usize = 13;

/// Which way is an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Improvement {
    /// More is better.
    Increase,
    /// Less is better.
    Decrease,
    /// Neither.
    Neutral,
}

/// How a chart is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct XmrOptions {
    /// Which way is an improvement.
    pub improvement: Improvement,
    /// The target, for the assurance.
    pub target: Targets,
    /// Where a new group begins, with a mean and limits of its own.
    pub rebase: Vec<Rebase>,
    /// Only the first so many points of each group (at least 12) make its mean and limits.
    pub fix_after: Option<usize>,
    /// Whether moving ranges that are outliers are left out of the average.
    pub screen_outliers: bool,
    /// The rules.
    pub rules: RuleSet,
}

/// The target at each point: a board may set a new one while a series runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Targets {
    /// There is none.
    #[default]
    None,
    /// The same at every point.
    Same(f64),
    /// One for each point, or none for it.
    Each(Vec<Option<f64>>),
}

/// Where a chart begins anew. A rebase that nobody explains hides a change instead of showing it, so a chart for a
/// board carries the reason and the day with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebase {
    /// The first point of the new group, counted from 0.
    pub at: usize,
    /// What changed in the service: not that the figures did.
    pub reason: Option<String>,
    /// The day on which it changed.
    pub date: Option<NaiveDate>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct XmrChart {
    /// One for each value, in their order.
    pub points: Vec<XmrPoint>,
    /// Whether the process, as it is at the last point, will meet the target. `None` without a target, a
    /// direction or limits.
    pub assurance: Option<Assurance>,
}

/// A point of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XmrPoint {
    /// The value; `None` where it is missing.
    pub value: Option<f64>,
    /// How many times the chart was rebased up to here.
    pub group: usize,
    /// Whether the group is so short that its limits are on trial.
    pub trial: bool,
    /// The mean of the group; `None` where it has no value.
    pub mean: Option<f64>,
    /// The limits of the group.
    pub limits: Option<XmrLimits>,
    /// The difference from the point before, where both make the limits.
    pub moving_range: Option<f64>,
    /// The same, where it was not left out as an outlier.
    pub moving_range_used: Option<f64>,
    /// What each rule says.
    pub flags: Flags,
    /// The one cause that the point is given.
    pub cause: Option<Cause>,
    /// What that means.
    pub point_type: PointType,
    /// The target at this point.
    pub target: Option<f64>,
    /// Whether the process, as it is in this point's group, will meet the target of this point.
    pub assurance: Option<Assurance>,
}

/// The limits of a group of points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XmrLimits {
    /// The process limits, at 2.66 average moving ranges from the mean.
    pub process: Interval,
    /// The near limits, at two thirds of that.
    pub near: Interval,
    /// The average moving range, of those used.
    pub average_moving_range: f64,
}

/// What a point means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointType {
    /// Nothing that chance does not explain.
    CommonCause,
    /// Better than chance explains.
    Improvement,
    /// Worse than chance explains.
    Concern,
    /// Higher than chance explains, where neither way is better.
    NeutralHigh,
    /// Lower than chance explains, where neither way is better.
    NeutralLow,
}

/// Whether a process will meet a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Always, unless something changes.
    ConsistentPass,
    /// Never, unless something changes.
    ConsistentFail,
    /// Sometimes, by chance.
    Inconsistent,
}

impl Default for XmrOptions {
    fn default() -> Self {
        Self {
            improvement: Improvement::Neutral,
            target: Targets::None,
            rebase: Vec::new(),
            fix_after: None,
            screen_outliers: true,
            rules: RuleSet::MDC_R_0_2_2,
        }
    }
}

/// The `XmR` chart of values in order of time. Their spacing is not looked at.
///
/// By group: the mean of the values; moving ranges between neighbours that are both there; with screening,
/// those below 3.267 averages; limits at the mean ∓ 2.66 averages of what is left. Limits are not cut off at
/// 0 or 100. A group without two neighbours has no limits, and so has one whose values differ only in
/// moving ranges that were all screened out: limits of no width would call every point special.
///
/// Source: Shewhart WA, *Economic control of quality of manufactured product* (1931); Wheeler DJ,
/// *Understanding variation* (1993); NHS England, *Making data count* (the rules).
///
/// # Errors
/// A value or a target is not finite; there is not one target for each point; limits are to be fixed on fewer than 12
/// points; a rebase names no point, or they are not in order.
///
/// # Example
/// ```
/// use staysafe::stats::{Improvement, PointType, XmrOptions, xmr};
/// let mut values = vec![Some(50.0), Some(52.0), Some(49.0), Some(51.0), Some(50.0), Some(48.0)].repeat(2);
/// values.push(Some(90.0));
/// let options = XmrOptions { improvement: Improvement::Decrease, ..XmrOptions::default() };
/// let chart = xmr(&values, &options).unwrap();
/// assert_eq!(chart.points[12].cause.unwrap().to_string(), "Above UCL");
/// assert_eq!(chart.points[12].point_type, PointType::Concern);
/// assert!(xmr(&values, &XmrOptions { fix_after: Some(5), ..options }).is_err());
/// ```
pub fn xmr(values: &[Option<f64>], options: &XmrOptions) -> Result<XmrChart, StatsError> {
    if values.iter().flatten().any(|value| !value.is_finite()) {
        return Err(StatsError::NotFinite("a value"));
    }
    options.target.fit(values.len())?;
    if let Some(have) = options.fix_after.filter(|points| *points < FEWEST_FIXED) {
        return Err(StatsError::TooFew { have, need: FEWEST_FIXED });
    }
    let mut points = Vec::with_capacity(values.len());
    let mut from = 0;
    for (number, to) in options.rebase.iter().map(|rebase| rebase.at).chain([values.len()]).enumerate() {
        if to < from || (number > 0 && to == from && to < values.len()) {
            return Err(StatsError::NotInOrder);
        }
        let group = values.get(from..to).filter(|_| number == options.rebase.len() || to < values.len());
        points.extend(chart_group(group.ok_or(StatsError::NoSuchPoint(to))?, number, options));
        from = to;
    }
    for (row, point) in points.iter_mut().enumerate() {
        point.target = options.target.at(row);
        point.assurance = assure(*point, options.improvement);
    }
    let assurance = points.last().and_then(|last| last.assurance);
    Ok(XmrChart { points, assurance })
}

fn chart_group(values: &[Option<f64>], number: usize, options: &XmrOptions) -> Vec<XmrPoint> {
    let base = values.get(..options.fix_after.unwrap_or(values.len()).min(values.len())).unwrap_or(values);
    let mean = mean(base.iter().flatten().copied());
    let mut ranges = vec![None; values.len()];
    for ((range, from), to) in ranges.iter_mut().skip(1).zip(base).zip(base.iter().skip(1)) {
        *range = from.zip(*to).map(|(from, to)| (to - from).abs());
    }
    let average = mean_of(&ranges);
    // Where nothing moves, nothing is an outlier.
    let screen = average.filter(|average| options.screen_outliers && *average > 0.0);
    let kept = |range: f64| screen.is_none_or(|average| range < SCREEN_FACTOR * average);
    let used: Vec<_> = ranges.iter().map(|range| range.filter(|range| kept(*range))).collect();
    let limits = mean.zip(mean_of(&used)).map(|(mean, average)| limits(mean, average));
    let limits =
        limits.filter(|limits| limits.average_moving_range > 0.0 || average.is_some_and(|a| a <= 0.0));
    let both = limits.map(|limits| (limits.process, limits.near));
    let flags = mean.map(|mean| options.rules.flags(values, mean, both));
    let flags = flags.unwrap_or_else(|| vec![Flags::default(); values.len()]);
    values
        .iter()
        .zip(flags)
        .zip(ranges.iter().zip(&used))
        .map(|((value, flags), (range, used))| {
            let cause = options.rules.cause(flags, options.improvement.way());
            XmrPoint {
                value: *value,
                group: number,
                trial: values.len() < FEWEST_SETTLED,
                mean,
                limits,
                moving_range: *range,
                moving_range_used: *used,
                flags,
                cause,
                point_type: meaning(cause, options.improvement),
                target: None,
                assurance: None,
            }
        })
        .collect()
}

fn limits(mean: f64, average: f64) -> XmrLimits {
    let around = |reach: f64| Interval { lower: mean - reach, upper: mean + reach };
    let reach = LIMIT_FACTOR * average;
    XmrLimits {
        process: around(reach),
        near: around(2.0 * (LIMIT_FACTOR / 3.0) * average),
        average_moving_range: average,
    }
}

fn meaning(cause: Option<Cause>, improvement: Improvement) -> PointType {
    match (cause.map(Cause::direction), improvement) {
        (None, _) => PointType::CommonCause,
        (Some(Direction::Up), Improvement::Neutral) => PointType::NeutralHigh,
        (Some(Direction::Down), Improvement::Neutral) => PointType::NeutralLow,
        (Some(Direction::Up), Improvement::Increase) | (Some(Direction::Down), Improvement::Decrease) => {
            PointType::Improvement
        }
        (Some(_), _) => PointType::Concern,
    }
}

fn assure(point: XmrPoint, improvement: Improvement) -> Option<Assurance> {
    let (target, limits) = point.target.zip(point.limits)?;
    let above = target > limits.process.upper;
    let below = target < limits.process.lower;
    match improvement {
        Improvement::Neutral => None,
        Improvement::Increase if above => Some(Assurance::ConsistentFail),
        Improvement::Increase if below => Some(Assurance::ConsistentPass),
        Improvement::Decrease if above => Some(Assurance::ConsistentPass),
        Improvement::Decrease if below => Some(Assurance::ConsistentFail),
        Improvement::Increase | Improvement::Decrease => Some(Assurance::Inconsistent),
    }
}

fn mean_of(numbers: &[Option<f64>]) -> Option<f64> {
    mean(numbers.iter().flatten().copied())
}

/// A mean in two passes, so that the mean of equal values is that value.
fn mean(numbers: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let count = length(numbers.clone().count());
    if count <= 0.0 {
        return None;
    }
    let first = sum(numbers.clone()) / count;
    Some(first + sum(numbers.map(|number| number - first)) / count)
}

impl Improvement {
    /// The way that is better.
    fn way(self) -> Option<Direction> {
        match self {
            Self::Increase => Some(Direction::Up),
            Self::Decrease => Some(Direction::Down),
            Self::Neutral => None,
        }
    }
}

impl From<usize> for Rebase {
    /// A rebase at a point, without a reason or a day.
    fn from(at: usize) -> Self {
        Self { at, reason: None, date: None }
    }
}

impl Targets {
    /// The target at a point, counted from 0.
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::Targets;
    /// assert_eq!(Targets::Each(vec![None, Some(90.0)]).at(1), Some(90.0));
    /// ```
    pub fn at(&self, point: usize) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Same(target) => Some(*target),
            Self::Each(targets) => targets.get(point).copied().flatten(),
        }
    }

    fn fit(&self, points: usize) -> Result<(), StatsError> {
        let given: &[Option<f64>] = match self {
            Self::None => return Ok(()),
            Self::Same(target) => &[Some(*target)],
            Self::Each(targets) if targets.len() != points => return Err(StatsError::Lengths),
            Self::Each(targets) => targets,
        };
        if given.iter().flatten().any(|target| !target.is_finite()) {
            return Err(StatsError::NotFinite("a target"));
        }
        Ok(())
    }
}

impl PointType {
    /// The word that published tools use.
    pub fn word(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::Improvement => "special_cause_improvement",
            Self::Concern => "special_cause_concern",
            Self::NeutralHigh => "special_cause_neutral_high",
            Self::NeutralLow => "special_cause_neutral_low",
        }
    }
}

impl Assurance {
    /// The word that published tools use.
    pub fn word(self) -> &'static str {
        match self {
            Self::ConsistentPass => "consistent_pass",
            Self::ConsistentFail => "consistent_fail",
            Self::Inconsistent => "inconsistent",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn chart(values: &[f64]) -> XmrChart {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        xmr(&values, &XmrOptions::default()).unwrap()
    }

    #[test]
    fn a_series_that_never_moves_has_limits_on_its_mean_and_nothing_special() {
        let chart = chart(&[0.1; 24]);
        let limits = chart.points[0].limits.unwrap();
        assert_eq!(limits.process, Interval { lower: 0.1, upper: 0.1 });
        assert!(chart.points.iter().all(|point| point.cause.is_none()));
    }

    #[test]
    fn one_step_between_two_constants_is_a_shift_not_sixteen_outliers() {
        let mut values = [5.0; 16];
        values[8..].fill(8.0);
        let chart = chart(&values);
        assert!(chart.points.iter().all(|point| point.limits.is_none() && point.flags.outside.is_none()));
        assert_eq!(chart.points[0].cause, Some(Cause::Shift(Direction::Down, 7)));
        assert_eq!(chart.points[15].cause, Some(Cause::Shift(Direction::Up, 7)));
    }

    #[test]
    fn a_missing_value_breaks_a_run_and_bridges_nothing() {
        let mut values: Vec<_> = (0..9).map(|n| Some(f64::from(n))).collect();
        values[4] = None;
        let chart = xmr(&values, &XmrOptions::default()).unwrap();
        assert!(chart.points.iter().all(|point| point.flags.trend.is_none()));
        assert_eq!((chart.points[4].moving_range, chart.points[5].moving_range), (None, None));
    }

    #[test]
    fn a_rebase_must_name_a_point() {
        let values = [Some(1.0), Some(2.0), Some(3.0)];
        let rebase = |rebase: &[usize]| {
            let rebase = rebase.iter().copied().map(Rebase::from).collect();
            let options = XmrOptions { rebase, ..XmrOptions::default() };
            xmr(&values, &options)
                .map(|chart| chart.points.iter().map(|point| point.group).collect::<Vec<_>>())
        };
        assert_eq!(rebase(&[1]), Ok(vec![0, 1, 1]));
        assert_eq!(rebase(&[0, 2]), Ok(vec![1, 1, 2]));
        assert_eq!(rebase(&[3]), Err(StatsError::NoSuchPoint(3)));
        assert_eq!(rebase(&[2, 1]), Err(StatsError::NotInOrder));
        assert_eq!(rebase(&[1, 1]), Err(StatsError::NotInOrder));
        assert_eq!(xmr(&[], &XmrOptions::default()).unwrap().points, []);
        assert_eq!(xmr(&[Some(f64::NAN)], &XmrOptions::default()), Err(StatsError::NotFinite("a value")));
    }

    #[test]
    fn each_point_is_held_against_its_own_target() {
        let values: Vec<_> = (0..20).map(|n| Some(if n % 2 == 0 { 10.0 } else { 12.0 })).collect();
        let mut targets = vec![Some(100.0); 20];
        targets[0] = None;
        targets[10..].fill(Some(11.0));
        let target = Targets::Each(targets);
        let options = XmrOptions { improvement: Improvement::Increase, target, ..XmrOptions::default() };
        let chart = xmr(&values, &options).unwrap();
        let verdicts = [0, 1, 10].map(|row| chart.points[row].assurance);
        assert_eq!(verdicts, [None, Some(Assurance::ConsistentFail), Some(Assurance::Inconsistent)]);
        assert_eq!((chart.points[1].target, chart.assurance), (Some(100.0), Some(Assurance::Inconsistent)));
        let few = XmrOptions { target: Targets::Each(vec![None; 3]), ..XmrOptions::default() };
        assert_eq!(xmr(&values, &few), Err(StatsError::Lengths));
        let bad = XmrOptions { target: Targets::Same(f64::NAN), ..XmrOptions::default() };
        assert_eq!(xmr(&values, &bad), Err(StatsError::NotFinite("a target")));
    }

    #[test]
    fn where_a_point_is_both_the_rule_set_decides() {
        // Far above the mean, and falling: a concern to one tool, an improvement to another.
        let values: Vec<_> = (0..40)
            .map(|n| Some(if n < 20 { 10.0 + f64::from(n % 2) } else { 60.0 - f64::from(n) }))
            .collect();
        let kind = |rules: RuleSet| {
            let options = XmrOptions {
                improvement: Improvement::Decrease,
                screen_outliers: false,
                rules,
                ..XmrOptions::default()
            };
            xmr(&values, &options).unwrap().points[20]
        };
        let (r, excel) = (kind(RuleSet::MDC_R_0_2_2), kind(RuleSet::MDC_EXCEL_2023));
        assert_eq!((r.cause, r.point_type), (Some(Cause::Outside(Direction::Up)), PointType::Concern));
        assert_eq!(
            (excel.cause, excel.point_type),
            (Some(Cause::Trend(Direction::Down, 7)), PointType::Improvement)
        );
        assert_eq!(r.flags.trend, excel.flags.trend);
    }

    proptest! {
        #[test]
        fn flags_mirror_when_the_values_are_negated(values in prop::collection::vec(prop::option::weighted(0.95, -20i32..20), 0..40)) {
            let of = |sign: f64| {
                let values: Vec<_> = values.iter().map(|v| v.map(|v| sign * f64::from(v))).collect();
                xmr(&values, &XmrOptions::default()).unwrap()
            };
            let turned = |way: Option<Direction>| way.map(|way| if way == Direction::Up { Direction::Down } else { Direction::Up });
            for (one, other) in of(1.0).points.iter().zip(&of(-1.0).points) {
                prop_assert_eq!(one.flags.outside, turned(other.flags.outside));
                prop_assert_eq!(one.flags.trend, turned(other.flags.trend));
                prop_assert_eq!(one.flags.shift, turned(other.flags.shift));
                prop_assert_eq!(one.flags.two_in_three, turned(other.flags.two_in_three));
            }
        }
    }
}
