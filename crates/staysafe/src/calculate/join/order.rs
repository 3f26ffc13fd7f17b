//! Which of several returns is the latest.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::roles::Roles;
use crate::calculate::error::CalculateError;
use crate::record::{Return, Status, Table};

/// What makes a return the later one.
type Rank = (Option<NaiveDate>, Option<u64>, Option<Status>, Option<NaiveDateTime>, bool);

/// A return that carries a dataset, with its place among the returns of the authority.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier<'a> {
    pub(super) place: usize,
    pub(super) of: &'a Return,
    pub(super) table: &'a Table,
}

impl Carrier<'_> {
    /// Whether both were handed in by one agency: only then can one replace the other.
    pub(super) fn is_of_the_same_agency(&self, other: &Self) -> bool {
        self.of.submission.agency == other.of.submission.agency
    }
}

/// The returns that carry a dataset, the latest last.
///
/// Later is who has the later reference date (or, without one, the later last day of cover); of returns of one
/// date, who has the greater serial number, who is final rather than provisional, or who has the later time, as far as
/// all of them say; at last, who gives a reason for sending again.
///
/// # Errors
/// Two returns of one agency of which neither is later, and which do not say the same.
pub(super) fn carriers<'a>(
    roles: &Roles<'_>,
    returns: &[&'a Return],
) -> Result<Vec<Carrier<'a>>, CalculateError> {
    let dataset = &roles.dataset.id.value;
    let mut carriers: Vec<Carrier<'a>> = returns
        .iter()
        .enumerate()
        .filter_map(|(place, of)| Some(Carrier { place, of, table: of.tables.get(dataset)? }))
        .collect();
    if carriers.len() < 2 {
        return Ok(carriers);
    }
    let all_serial = carriers.iter().all(|carrier| carrier.of.serial.is_some());
    let all_timed = carriers.iter().all(|carrier| carrier.of.made_at.is_some());
    let all_stated = carriers.iter().all(|carrier| carrier.of.submission.status.is_some());
    let rank = |carrier: &Carrier<'_>| -> Rank {
        let serial = carrier.of.serial.filter(|_| all_serial);
        let submission = &carrier.of.submission;
        let status = submission.status.filter(|_| all_stated);
        let time = carrier.of.made_at.filter(|_| all_timed);
        (dated(carrier.of), serial, status, time, submission.reason.is_some())
    };
    carriers.sort_by_key(rank);
    let mut by_agency: BTreeMap<Option<&str>, Vec<Carrier<'a>>> = BTreeMap::new();
    for carrier in &carriers {
        by_agency.entry(carrier.of.submission.agency.as_deref()).or_default().push(*carrier);
    }
    for pair in by_agency.values().flat_map(|carriers| carriers.windows(2)) {
        if let [a, b] = pair
            && (rank(a) == rank(b) || dated(a.of).is_none())
            && !a.table.says_the_same_as(b.table)
        {
            return Err(CalculateError::NeitherIsLater {
                first: a.of.name.clone(),
                second: b.of.name.clone(),
                dataset: dataset.clone(),
                area: b.of.area.clone(),
            });
        }
    }
    Ok(carriers)
}

/// The day a return speaks of: its reference date, or else the last day of its cover.
pub(crate) fn dated(of: &Return) -> Option<NaiveDate> {
    let covers = of.tables.values().map(|table| table.cover).filter(|cover| !cover.is_year_unknown());
    let last = covers.flat_map(|cover| [cover.stocks, cover.events, cover.ends, cover.starts]);
    of.reference_date.or_else(|| last.flatten().map(|days| days.last).max())
}
