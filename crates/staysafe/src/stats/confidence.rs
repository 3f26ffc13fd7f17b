//! How sure an interval is.

use statrs::distribution::{ContinuousCDF, Normal};

use super::StatsError;

/// A two-sided confidence level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    /// 95%: the usual limits.
    pub const P95: Self = Self { level: 0.95, z: 1.959_963_984_540_054 };

    /// 99.8%: the outer limits of funnels and of five bands.
    pub const P998: Self = Self { level: 0.998, z: 3.090_232_306_167_813 };

    /// A level as a share (0.9 to 1) or a percentage (90 to 100).
    ///
    /// # Errors
    /// Any other number: a level below 90% is more often a slip than a wish.
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::Confidence;
    /// assert_eq!(Confidence::new(95.0).unwrap().level(), 0.95);
    /// assert!(Confidence::new(0.05).is_err());
    /// ```
    pub fn new(level: f64) -> Result<Self, StatsError> {
        let share = if level >= 90.0 { level / 100.0 } else { level };
        if !(0.9..=1.0).contains(&share) {
            return Err(StatsError::Confidence(level));
        }
        let normal = Normal::new(0.0, 1.0).map_err(|_| StatsError::Confidence(level))?;
        let z = if share < 1.0 { normal.inverse_cdf(share + (1.0 - share) / 2.0) } else { f64::INFINITY };
        Ok(Self { level: share, z })
    }

    /// Several levels for one call: at least one, and each of them once.
    ///
    /// # Errors
    /// There is no level, one is none, or one is given twice.
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::{Confidence, wilson};
    /// let both = Confidence::several(&[0.95, 99.8])?;
    /// let widths = both.iter().map(|level| wilson(3.0, 11.0, *level).map(|limits| limits.upper - limits.lower));
    /// let widths = widths.collect::<Result<Vec<_>, _>>()?;
    /// assert!(widths[0] < widths[1]);
    /// assert!(Confidence::several(&[0.95, 95.0]).is_err());
    /// # Ok::<(), staysafe::stats::StatsError>(())
    /// ```
    pub fn several(levels: &[f64]) -> Result<Vec<Self>, StatsError> {
        if levels.is_empty() {
            return Err(StatsError::TooFew { have: 0, need: 1 });
        }
        let mut several: Vec<Self> = Vec::with_capacity(levels.len());
        for level in levels {
            let confidence = Self::new(*level)?;
            if several.iter().any(|other| other.name() == confidence.name()) {
                return Err(StatsError::SameConfidence(*level));
            }
            several.push(confidence);
        }
        Ok(several)
    }

    /// The level as part of a name, in percent: `95`, and `99_8` for 99.8%.
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::Confidence;
    /// assert_eq!(format!("lower_{}", Confidence::P998.name()), "lower_99_8");
    /// ```
    pub fn name(self) -> String {
        // More digits than these are what the percentage was rounded by, or no level that anybody means.
        let percent = format!("{:.9}", self.level * 100.0);
        percent.trim_end_matches('0').trim_end_matches('.').replace('.', "_")
    }

    /// The level as a share.
    pub fn level(self) -> f64 {
        self.level
    }

    /// The standard normal deviate of the upper tail; infinite at 100%.
    pub fn z(self) -> f64 {
        self.z
    }

    /// The probability in each tail.
    pub(super) fn tail(self) -> f64 {
        (1.0 - self.level) / 2.0
    }

    /// Whether the level is 100%, where nothing is left out.
    pub(super) fn is_certain(self) -> bool {
        self.level >= 1.0
    }
}
