//! What is supplied: what each agency says it can give.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use crate::definition::framework::{Cadence, Framework};
use crate::definition::indicator::{SpanUnit, Stretch};

/// What an agency says of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SupplySaid {
    /// The agency's id.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// The dataset's id.
    pub dataset: String,
    /// Which of its fields; empty: all of them.
    pub fields: BTreeSet<String>,
    /// How often.
    pub cadence: Option<Cadence>,
    /// How long after the end of what it speaks for it comes.
    pub lag: Option<Stretch>,
    /// The first day it speaks for.
    pub first: Option<NaiveDate>,
    /// What the supplier says of how good it is.
    pub quality: Option<String>,
    /// What allows it.
    pub agreement: Option<String>,
    /// The agreement's last day.
    pub until: Option<NaiveDate>,
    /// Who signs it.
    pub signed_by: Option<String>,
}

/// What every agency says it supplies, in order of agency and as written.
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// use staysafe::gap::supplied;
///
/// let agencies = "[[agency]]\nid = 'police'\nname = 'Police'\n\
///     [[agency.supplies]]\ndataset = 'crime'\ncadence = 'quarterly'\nlag = '6 weeks'";
/// let (framework, findings) = read([("agencies.toml", agencies)]);
/// assert!(findings.has_errors(), "a lag is in days, months or years");
/// assert_eq!(supplied(&framework)[0].dataset, "crime");
/// ```
pub fn supplied(framework: &Framework) -> Vec<SupplySaid> {
    let agencies = framework.agencies.values();
    let said = agencies.flat_map(|agency| agency.supplies.iter().map(move |supplies| (agency, supplies)));
    said.map(|(agency, supplies)| SupplySaid {
        agency: agency.id.value.clone(),
        name: agency.name.value.clone(),
        dataset: supplies.dataset.value.clone(),
        fields: supplies.fields.iter().map(|field| field.value.clone()).collect(),
        cadence: supplies.cadence.as_ref().map(|cadence| cadence.value),
        lag: supplies.lag.as_ref().map(|lag| lag.value),
        first: supplies.first.as_ref().map(|first| first.value),
        quality: supplies.quality.as_ref().map(|quality| quality.value.clone()),
        agreement: supplies.agreement.as_ref().map(|agreement| agreement.value.clone()),
        until: supplies.until.as_ref().map(|until| until.value),
        signed_by: supplies.signed_by.as_ref().map(|by| by.value.clone()),
    })
    .collect()
}

impl SupplySaid {
    /// Whether the agreement still holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }

    /// Whether it says that it supplies a field.
    pub fn has(&self, field: &str) -> bool {
        self.fields.is_empty() || self.fields.contains(field)
    }

    /// The day by which more should be there than what speaks for the days up to `last`: a period of the cadence
    /// later, and the lag. `None` where the supplier names no rhythm.
    ///
    /// # Example
    /// ```
    /// use staysafe::definition::read::read;
    /// use staysafe::gap::supplied;
    ///
    /// let agencies = "[[agency]]\nid = 'police'\nname = 'Police'\n\
    ///     [[agency.supplies]]\ndataset = 'crime'\ncadence = 'quarterly'\nlag = '30 days'";
    /// let said = supplied(&read([("agencies.toml", agencies)]).0);
    /// let due = said[0].more_by("2010-06-30".parse().unwrap());
    /// assert_eq!(due, Some("2010-10-30".parse().unwrap()));
    /// ```
    pub fn more_by(&self, last: NaiveDate) -> Option<NaiveDate> {
        let months = match self.cadence? {
            Cadence::Monthly => 1,
            Cadence::Quarterly => 3,
            Cadence::Termly => 4,
            Cadence::HalfYearly => 6,
            Cadence::Annual => 12,
            Cadence::OnRequest => return None,
        };
        later(month_on(last, months)?, self.lag)
    }
}

/// So many months on; the last day of a month leads to the last day of a month.
fn month_on(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    let next = day.succ_opt()?;
    let from = if next.month() == day.month() { day } else { next };
    let reached = from.checked_add_months(Months::new(months))?;
    if from == day { Some(reached) } else { reached.pred_opt() }
}

fn later(day: NaiveDate, lag: Option<Stretch>) -> Option<NaiveDate> {
    let Some(lag) = lag else { return Some(day) };
    match lag.unit {
        SpanUnit::Days => day.checked_add_days(chrono::Days::new(u64::from(lag.length))),
        // Five working days are a week; a bank holiday more or less does not make a supplier late.
        SpanUnit::WorkingDays => {
            day.checked_add_days(chrono::Days::new(u64::from(lag.length).div_ceil(5) * 7))
        }
        SpanUnit::Months => day.checked_add_months(Months::new(lag.length)),
        SpanUnit::Years => day.checked_add_months(Months::new(lag.length.checked_mul(12)?)),
    }
}
