//! From one period to others: before and after, its parts, the whole it belongs to, ranges.

use chrono::{NaiveDate, TimeDelta};

use super::{Period, PeriodError, PeriodKind};
use crate::calendar::add_months;

impl Period {
    /// The period of the same kind that lies `n` steps later, earlier when negative. A step is the
    /// period's own length, so that neighbours adjoin: a rolling window moves by twelve months, a
    /// snapshot by a day. `None` outside the years that have labels.
    ///
    /// Shifting there and back is where one began, but for windows that end on 28 February of a leap
    /// year: no other year has a day between the 28th and 1 March.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// let quarter = Period::quarter(2010, 1).unwrap();
    /// assert_eq!(quarter.shift(-1).unwrap().to_string(), "2009-10 Q4");
    /// assert_eq!(quarter.shift(-4).unwrap().to_string(), "2009-10 Q1");
    /// assert_eq!(quarter.shift(i64::MAX), None);
    /// ```
    #[must_use = "the shifted period is a new one"]
    pub fn shift(self, n: i64) -> Option<Self> {
        let day = match (self.kind, self.kind.months()) {
            (_, Some((_, length))) => add_months(self.first, length.checked_mul(n)?)?,
            (PeriodKind::Snapshot, None) => self.first.checked_add_signed(TimeDelta::try_days(n)?)?,
            (_, None) => add_months(self.next, n.checked_mul(12)?)?.pred_opt()?,
        };
        Self::of(self.kind, day).ok()
    }

    /// The one after: [`shift`](Self::shift) by 1.
    #[must_use = "the next period is a new one"]
    pub fn next(self) -> Option<Self> {
        self.shift(1)
    }

    /// The one before: [`shift`](Self::shift) by −1.
    #[must_use = "the previous period is a new one"]
    pub fn previous(self) -> Option<Self> {
        self.shift(-1)
    }

    /// The twelve months that end on this period's last day. `None` outside the years that have labels.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// let quarter = Period::quarter(2010, 1).unwrap();
    /// assert_eq!(quarter.rolling_12_months().unwrap().to_string(), "12 months to 30 Jun 2010");
    /// ```
    #[must_use = "the window is a new period"]
    pub fn rolling_12_months(self) -> Option<Self> {
        Self::rolling_12_months_to(self.last_day()).ok()
    }

    /// The periods of a kind that make up this one, in order, without gap or overlap. `None` where no
    /// whole number of them does: a financial year is four quarters, an academic year is not made of
    /// quarters at all.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::{Period, PeriodKind};
    /// let year = Period::financial_year(2010).unwrap();
    /// assert_eq!(year.parts(PeriodKind::Quarter).unwrap().len(), 4);
    /// assert_eq!(year.parts(PeriodKind::CalendarYear), None);
    /// ```
    pub fn parts(self, kind: PeriodKind) -> Option<Vec<Self>> {
        if kind == self.kind {
            return Some(vec![self]);
        }
        let mut parts = Vec::new();
        let mut from = self.first;
        while from < self.next {
            let part = Self::starting(kind, from).filter(|part| self.contains_period(*part))?;
            parts.push(part);
            from = part.next;
        }
        Some(parts)
    }

    /// The period of a longer kind that wholly holds this one: the quarter's financial year. `None` where
    /// none does (a financial year straddles two calendar years), and for rolling windows, of which many
    /// do: see [`rolling_12_months`](Self::rolling_12_months).
    ///
    /// # Example
    /// ```
    /// use staysafe::period::{Period, PeriodKind};
    /// let quarter = Period::quarter(2010, 4).unwrap();
    /// assert_eq!(quarter.roll_up(PeriodKind::FinancialYear), Period::financial_year(2010).ok());
    /// assert_eq!(quarter.roll_up(PeriodKind::Month), None);
    /// ```
    pub fn roll_up(self, kind: PeriodKind) -> Option<Self> {
        if kind == self.kind {
            return Some(self);
        }
        if kind == PeriodKind::Rolling12Months {
            return None;
        }
        Self::of(kind, self.first).ok().filter(|whole| whole.contains_period(self))
    }

    /// Every period from `first` to `last`, both included, of their kind.
    ///
    /// # Errors
    /// The two are of different kinds, or the wrong way round, or (rolling windows) no whole number of
    /// steps apart.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// let april = Period::month(2010, 4).unwrap();
    /// let june = Period::month(2010, 6).unwrap();
    /// assert_eq!(Period::range(april, june).unwrap().len(), 3);
    /// let error = Period::range(june, april).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "a range from Jun 2010 to Apr 2010 runs backwards: give the earlier one first"
    /// );
    /// ```
    pub fn range(first: Self, last: Self) -> Result<Vec<Self>, PeriodError> {
        if first.kind != last.kind {
            return Err(PeriodError::Kinds { first, last });
        }
        if last < first {
            return Err(PeriodError::Backwards { first, last });
        }
        let mut periods = vec![first];
        let mut at = first;
        while at < last {
            at = at.next().ok_or(PeriodError::Steps { first, last })?;
            periods.push(at);
        }
        if at == last { Ok(periods) } else { Err(PeriodError::Steps { first, last }) }
    }

    /// Every quarter from the first of `from` to the last of `to`; each may be a quarter or a year made
    /// of quarters.
    ///
    /// # Errors
    /// One of the two is not made of whole quarters, or they are the wrong way round.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::Period;
    /// let quarters = Period::quarters("2009-10".parse().unwrap(), "2010-11".parse().unwrap()).unwrap();
    /// assert_eq!(quarters.len(), 8);
    /// assert_eq!(quarters[7].to_string(), "2010-11 Q4");
    /// assert!(Period::quarters("2010/11 academic".parse().unwrap(), "2010-11".parse().unwrap()).is_err());
    /// ```
    pub fn quarters(from: Self, to: Self) -> Result<Vec<Self>, PeriodError> {
        let part = PeriodKind::Quarter;
        let parts = |whole: Self| whole.parts(part).ok_or(PeriodError::Parts { whole, part });
        match (parts(from)?.first(), parts(to)?.last()) {
            (Some(first), Some(last)) => Self::range(*first, *last),
            _ => Err(PeriodError::Parts { whole: from, part }),
        }
    }

    /// The period of a kind that begins on a day, if one does.
    fn starting(kind: PeriodKind, first: NaiveDate) -> Option<Self> {
        let day =
            if kind == PeriodKind::Rolling12Months { add_months(first, 12)?.pred_opt()? } else { first };
        Self::of(kind, day).ok().filter(|period| period.first == first)
    }
}
