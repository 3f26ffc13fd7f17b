//! Between which numbers a rounded number lies, and what follows for sums and shares.

use serde::{Deserialize, Serialize};

use crate::value::Exact;

/// Two numbers between which another lies, both included: where a half goes is not always known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The least it can be.
    pub least: Exact,
    /// The most it can be; `None` where nothing bounds it.
    pub most: Option<Exact>,
}

impl Range {
    /// One number.
    pub fn exactly(value: Exact) -> Self {
        Self { least: value, most: Some(value) }
    }

    /// What a number may have been before it was rounded to the nearest `step`; a count is never below 0.
    ///
    /// `None` where it does not fit.
    ///
    /// # Example
    /// ```
    /// use staysafe::published::Range;
    /// use staysafe::value::Exact;
    /// let range = Range::rounded(Exact::from(20_u64), Exact::from(10_u64)).unwrap();
    /// assert_eq!((range.least, range.most), (Exact::from(15_u64), Some(Exact::from(25_u64))));
    /// ```
    pub fn rounded(value: Exact, step: Exact) -> Option<Self> {
        let half = step.times(&Exact::new(1, 2)?)?;
        let below = value.plus(&half.times(&Exact::from(-1_i64))?)?;
        let least = if value >= Exact::ZERO { below.max(Exact::ZERO) } else { below };
        Some(Self { least, most: Some(value.plus(&half)?) })
    }

    /// At least 0, and bounded by nothing.
    pub fn open() -> Self {
        Self { least: Exact::ZERO, most: None }
    }

    /// The sum of two.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let most = match (self.most, other.most) {
            (Some(one), Some(two)) => Some(one.plus(&two)?),
            _ => None,
        };
        Some(Self { least: self.least.plus(&other.least)?, most })
    }

    /// `per` times this over another, for counts that are not below 0.
    ///
    /// The most is open where the other may be 0. `None` where it is surely 0, or where it does not fit.
    pub fn over(&self, other: &Self, per: u64) -> Option<Self> {
        let per = Exact::from(per);
        let least = match other.most {
            Some(most) => self.least.over(&most)?.times(&per)?,
            None => Exact::ZERO,
        };
        let most = match self.most {
            Some(most) if other.least > Exact::ZERO => Some(most.over(&other.least)?.times(&per)?),
            _ => None,
        };
        Some(Self { least, most })
    }

    /// Whether one number may be both.
    pub fn meets(&self, other: &Self) -> bool {
        let below = |least: Exact, most: Option<Exact>| most.is_none_or(|most| least <= most);
        below(self.least, other.most) && below(other.least, self.most)
    }

    /// From its least to its most.
    pub fn width(&self) -> Option<Exact> {
        self.most?.plus(&self.least.times(&Exact::from(-1_i64))?)
    }
}
