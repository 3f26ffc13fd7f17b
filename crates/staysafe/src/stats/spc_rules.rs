//! The rules that tell special from common cause on a control chart, as named versions: published tools
//! disagree, and a chart must say whose rules it follows.

use super::Interval;

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSet {
    name: &'static str,
    shift: usize,
    trend: usize,
    outside_is_near: bool,
    improvement_first: bool,
}

/// Which way a line runs, or on which side of the mean points lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Upwards, or above.
    Up,
    /// Downwards, or below.
    Down,
}

/// Why a point is special; where several rules hold, the first of this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Outside a process limit.
    Outside(Direction),
    /// Part of a trend of so many points.
    Trend(Direction, usize),
    /// One of two in three near a limit.
    TwoInThree(Direction),
    /// Part of a shift of so many points on one side of the mean.
    Shift(Direction, usize),
}

/// What each rule says of one point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// Outside a process limit.
    pub outside: Option<Direction>,
    /// Part of a trend: points that each rise (or fall). A point where a rise turns into a fall belongs to
    /// the fall.
    pub trend: Option<Direction>,
    /// One of two in three near a limit, all three on one side of the mean.
    pub two_in_three: Option<Direction>,
    /// Part of a run on one side of the mean.
    pub shift: Option<Direction>,
}

impl RuleSet {
    /// Making Data Count, as the R package of version 0.2.2 has it: trends and shifts of 7; a point beyond a
    /// process limit is not one of two in three.
    pub const MDC_R_0_2_2: Self =
        Self { name: "mdc-r-0.2.2", shift: 7, trend: 7, outside_is_near: false, improvement_first: false };

    /// Making Data Count, as the spreadsheet has it since late 2023: a point beyond a process limit counts
    /// towards two in three as well, and a point that is both an improvement and a concern is an improvement.
    pub const MDC_EXCEL_2023: Self =
        Self { name: "mdc-excel-2023", shift: 7, trend: 7, outside_is_near: true, improvement_first: true };

    /// A rule set by its name, as it is printed; `None` for a name that is not known.
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::RuleSet;
    /// assert_eq!(RuleSet::named("mdc-r-0.2.2"), Some(RuleSet::MDC_R_0_2_2));
    /// assert_eq!(RuleSet::named("mdc"), None, "a rule set has a version");
    /// let six = RuleSet::MDC_R_0_2_2.with_shift(6);
    /// assert_eq!(six.to_string(), "mdc-r-0.2.2, shift of 6");
    /// assert_eq!(RuleSet::named("mdc-r-0.2.2, shift of 6"), Some(six));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let mut parts = name.split(", ");
        let plain = parts.next()?;
        let rules =
            [Self::MDC_R_0_2_2, Self::MDC_EXCEL_2023].into_iter().find(|rules| rules.name == plain)?;
        parts.try_fold(rules, |rules, part| match part.split_once(" of ")? {
            ("shift", points) => {
                points.parse().ok().filter(|points| *points >= 2).map(|points| rules.with_shift(points))
            }
            ("trend", points) => {
                points.parse().ok().filter(|points| *points >= 3).map(|points| rules.with_trend(points))
            }
            _ => None,
        })
    }

    /// The same rules with a shift of so many points (at least 2).
    #[must_use]
    pub fn with_shift(self, points: usize) -> Self {
        Self { shift: points.max(2), ..self }
    }

    /// The same rules with a trend of so many points (at least 3).
    #[must_use]
    pub fn with_trend(self, points: usize) -> Self {
        Self { trend: points.max(3), ..self }
    }

    /// What the rules say of each of a group of points with one mean and one pair of limits; without limits
    /// only trends and shifts can be told. A missing value breaks every run.
    pub(super) fn flags(
        self,
        values: &[Option<f64>],
        mean: f64,
        limits: Option<(Interval, Interval)>,
    ) -> Vec<Flags> {
        let mut flags = vec![Flags::default(); values.len()];
        let side = |value: Option<f64>| value.and_then(|value| Direction::from(mean, value));
        let outside = |value: Option<f64>| {
            value.zip(limits).and_then(|(value, (outer, _))| Direction::beyond(outer, value))
        };
        let near = |value: Option<f64>| {
            let beyond = value.zip(limits).and_then(|(value, (_, inner))| Direction::beyond(inner, value));
            beyond.filter(|_| self.outside_is_near || outside(value).is_none())
        };
        for (flag, value) in flags.iter_mut().zip(values) {
            flag.outside = outside(*value);
        }
        for (at, run) in values.windows(self.shift).enumerate() {
            let same = all_same(run.iter().map(|value| side(*value)));
            flags.iter_mut().skip(at).take(self.shift).for_each(|flag| flag.shift = flag.shift.or(same));
        }
        for (at, run) in values.windows(self.trend).enumerate() {
            let steps = run.iter().zip(run.iter().skip(1));
            let same = all_same(
                steps.map(|(from, to)| from.zip(*to).and_then(|(from, to)| Direction::from(from, to))),
            );
            flags.iter_mut().skip(at).take(self.trend).for_each(|flag| flag.trend = same.or(flag.trend));
        }
        for (at, three) in values.windows(3).enumerate() {
            let close = three.iter().filter(|value| near(**value).is_some()).count();
            let same = all_same(three.iter().map(|value| side(*value))).filter(|_| close >= 2);
            for (flag, value) in flags.iter_mut().skip(at).zip(three) {
                flag.two_in_three = flag.two_in_three.or(same.filter(|_| near(*value).is_some()));
            }
        }
        flags
    }

    /// The one cause that a point is given, where `better` is the way of an improvement, if either is.
    pub(super) fn cause(self, flags: Flags, better: Option<Direction>) -> Option<Cause> {
        let outside = flags.outside.map(Cause::Outside);
        let trend = flags.trend.map(|way| Cause::Trend(way, self.trend));
        let two_in_three = flags.two_in_three.map(Cause::TwoInThree);
        let shift = flags.shift.map(|way| Cause::Shift(way, self.shift));
        let causes = || [outside, trend, two_in_three, shift].into_iter().flatten();
        let improvement = causes().find(|cause| self.improvement_first && Some(cause.direction()) == better);
        improvement.or_else(|| causes().next())
    }
}

impl std::fmt::Display for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)?;
        if self.shift != 7 {
            write!(f, ", shift of {}", self.shift)?;
        }
        if self.trend != 7 {
            write!(f, ", trend of {}", self.trend)?;
        }
        Ok(())
    }
}

impl Direction {
    /// The way from one number to another; level is no way.
    fn from(from: f64, to: f64) -> Option<Self> {
        match to.partial_cmp(&from)? {
            std::cmp::Ordering::Greater => Some(Self::Up),
            std::cmp::Ordering::Less => Some(Self::Down),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Beyond which of two limits a number lies; on a limit is not beyond it.
    fn beyond(limits: Interval, value: f64) -> Option<Self> {
        if value > limits.upper {
            Some(Self::Up)
        } else if value < limits.lower {
            Some(Self::Down)
        } else {
            None
        }
    }
}

impl Cause {
    /// Which way the point is special.
    pub fn direction(self) -> Direction {
        match self {
            Self::Outside(way) | Self::Trend(way, _) | Self::TwoInThree(way) | Self::Shift(way, _) => way,
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = if self.direction() == Direction::Up { "Above" } else { "Below" };
        match self {
            Self::Outside(Direction::Up) => f.write_str("Above UCL"),
            Self::Outside(Direction::Down) => f.write_str("Below LCL"),
            Self::Trend(Direction::Up, points) => write!(f, "{points} Point Trend (Increasing)"),
            Self::Trend(Direction::Down, points) => write!(f, "{points} Point Trend (Decreasing)"),
            Self::TwoInThree(_) => write!(f, "2 in 3 {side} CL"),
            Self::Shift(_, points) => write!(f, "{points} Points {side} CL"),
        }
    }
}

/// The way that all share, if they do and there is one.
fn all_same(mut ways: impl Iterator<Item = Option<Direction>>) -> Option<Direction> {
    let first = ways.next()??;
    ways.all(|way| way == Some(first)).then_some(first)
}
