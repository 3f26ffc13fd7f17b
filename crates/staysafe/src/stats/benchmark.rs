//! Benchmark bands: higher, similar, lower; better, similar, worse.

use super::{Interval, StatsError};

/// Where an interval lies against a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Wholly above.
    Higher,
    /// It holds the benchmark; equality is holding.
    Similar,
    /// Wholly below.
    Lower,
}

/// Which way is better, if either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither, or nobody has said.
    Neither,
}

/// A band in words of judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Better than the benchmark.
    Better,
    /// No different that chance would not explain.
    Similar,
    /// Worse than the benchmark.
    Worse,
    /// Higher, where neither way is better.
    Higher,
    /// Lower, where neither way is better.
    Lower,
}

/// Where an interval lies against a benchmark. Only an interval that leaves the benchmark out differs from
/// it: a figure that is merely above or below is similar.
///
/// Source: the comparison method of the national public health profiles (overlap with the benchmark).
///
/// # Errors
/// A number is not finite, except that an interval may be unbounded above.
///
/// # Example
/// ```
/// use staysafe::stats::{Band, Better, Confidence, Verdict, benchmark, wilson};
/// // 3 of 11 against a national 60%: lower, and not by chance; against 50% nobody can say.
/// let interval = wilson(3.0, 11.0, Confidence::P95).unwrap();
/// assert_eq!(benchmark(interval, 0.6).unwrap(), Band::Lower);
/// assert_eq!(benchmark(interval, 0.5).unwrap(), Band::Similar);
/// assert_eq!(Band::Lower.judged(Better::Higher), Verdict::Worse);
/// ```
pub fn benchmark(interval: Interval, value: f64) -> Result<Band, StatsError> {
    if !value.is_finite() {
        return Err(StatsError::NotFinite("the benchmark"));
    }
    if interval.lower.is_nan() || interval.upper.is_nan() {
        return Err(StatsError::NotFinite("a limit"));
    }
    Ok(if interval.lower > value {
        Band::Higher
    } else if interval.upper < value {
        Band::Lower
    } else {
        Band::Similar
    })
}

/// Five bands from two intervals, the second wider: the band, and whether it holds at the wider one too.
///
/// # Errors
/// As [`benchmark`].
pub fn five_bands(inner: Interval, outer: Interval, value: f64) -> Result<(Band, bool), StatsError> {
    let band = benchmark(inner, value)?;
    Ok((band, band != Band::Similar && benchmark(outer, value)? == band))
}

impl Band {
    /// The band in words of judgement.
    pub fn judged(self, better: Better) -> Verdict {
        match (self, better) {
            (Self::Similar, _) => Verdict::Similar,
            (Self::Higher, Better::Higher) | (Self::Lower, Better::Lower) => Verdict::Better,
            (Self::Higher, Better::Lower) | (Self::Lower, Better::Higher) => Verdict::Worse,
            (Self::Higher, Better::Neither) => Verdict::Higher,
            (Self::Lower, Better::Neither) => Verdict::Lower,
        }
    }
}

impl Verdict {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Similar => "similar",
            Self::Worse => "worse",
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }
}
