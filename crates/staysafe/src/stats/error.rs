//! What a method cannot work out, and why.

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// A confidence level that is none.
    #[error("{0} is not a confidence level: expected a share from 0.9 to 1, or a percentage from 90 to 100")]
    Confidence(f64),
    /// One level of confidence, given twice in one call.
    #[error("the confidence level {0} is given twice")]
    SameConfidence(f64),
    /// A number that is missing, infinite or not a number.
    #[error("{0} is missing or not finite")]
    NotFinite(&'static str),
    /// A number below 0 that cannot be.
    #[error("{0} is negative")]
    Negative(&'static str),
    /// A number that must be above 0.
    #[error("{0} must be greater than 0")]
    NotPositive(&'static str),
    /// More counted than there was to count.
    #[error("the numerator {numerator} is greater than the denominator {denominator}: this is no proportion")]
    Above {
        /// What was counted.
        numerator: f64,
        /// What it was counted in.
        denominator: f64,
    },
    /// Too few values or points.
    #[error("there are {have} values where at least {need} are needed")]
    TooFew {
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// Too few events for a standardised rate.
    #[error("there are {0} events where a directly standardised rate needs at least 10")]
    TooFewEvents(f64),
    /// The reference population expects no event at all.
    #[error("no events are expected, so nothing can be compared with them")]
    NothingExpected,
    /// A share of 0 or 1 has no logit.
    #[error("a proportion of 0% or 100% among the points has no logit, so a trend cannot be fitted")]
    NoLogit,
    /// An interval without width has no weight.
    #[error("a point whose interval has no width cannot be weighted")]
    NoWidth,
    /// Two points of one time.
    #[error("two points have the same time")]
    SameTime,
    /// Points that are not in order of time.
    #[error("the points are not in order of time")]
    NotInOrder,
    /// A point named by its place that is not there.
    #[error("there is no point {0}; points are counted from 0")]
    NoSuchPoint(usize),
    /// A part of a survey with a single cluster, within which nothing can vary.
    #[error("stratum {0} has a single cluster: put it together with another stratum")]
    LonelyCluster(u32),
    /// Slices that do not belong together.
    #[error("there are not as many numbers on each side as there are rows")]
    Lengths,
    /// A number too large to be exact.
    #[error("the numbers are too large to be worked with exactly")]
    TooLarge,
}

/// A finite number of at least 0.
pub(super) fn at_least_zero(name: &'static str, number: f64) -> Result<f64, StatsError> {
    match number {
        _ if !number.is_finite() => Err(StatsError::NotFinite(name)),
        _ if number < 0.0 => Err(StatsError::Negative(name)),
        _ => Ok(number),
    }
}

/// A finite number above 0.
pub(super) fn above_zero(name: &'static str, number: f64) -> Result<f64, StatsError> {
    match number {
        _ if !number.is_finite() => Err(StatsError::NotFinite(name)),
        _ if number <= 0.0 => Err(StatsError::NotPositive(name)),
        _ => Ok(number),
    }
}
