//! What was asked for: of several agencies that supply one dataset, how many a figure rests on.

use std::collections::BTreeSet;

use crate::check::Checked;
use crate::check::tree::Need;
use crate::period::Period;
use crate::record::{Data, Days, EXPECTED_RETURN, ExpectedReturn, ExpectedReturns, PARTNER_COUNT, Return};
use crate::result::{NotReported, Partial, Reason, State};

/// The returns that were asked for, and the returns that came.
pub(super) struct Expected {
    asked: Vec<ExpectedReturn>,
    came: Vec<Came>,
}

/// A dataset in a return that came.
struct Came {
    agency: Option<String>,
    dataset: String,
    area: String,
    /// `None` where it speaks for every day.
    days: Option<Days>,
}

impl Expected {
    /// The register of returns asked for, with the areas by their codes.
    pub(super) fn of(checked: &Checked, data: &Data) -> Self {
        let code = |area: &str, period: Period| {
            let known = checked.framework().area_on(area, period.last_day());
            known.map_or_else(|| area.to_owned(), |area| area.code.value.clone())
        };
        let mut asked = ExpectedReturns::of(data).entries;
        for entry in &mut asked {
            entry.area = entry.area.take().map(|area| code(&area, entry.period));
        }
        let mut came = Vec::new();
        if !asked.is_empty() {
            for of in &data.returns {
                came.extend(of.tables.iter().map(|(dataset, table)| Came {
                    agency: of.submission.agency.clone(),
                    dataset: dataset.clone(),
                    area: authority(checked, of),
                    days: table.cover.stocks,
                }));
            }
        }
        Self { asked, came }
    }

    /// Whether no return was asked for.
    pub(super) fn asks_for_nothing(&self) -> bool {
        self.asked.is_empty()
    }

    /// How many returns stand behind a cell of an authority, of how many that were asked for.
    ///
    /// A return counts as there where a file of its agency is; where no file names an agency, where the register says
    /// that it came, or that there was nothing. One that was sent back is not there, wherever its file lies. A cell that nothing
    /// was asked for keeps its own count.
    pub(super) fn count(&self, partial: &mut Partial, reads: &Need, area: &str) {
        let asked = self.asked_for(reads, Some(area), partial.period);
        let Ok(expected) = u32::try_from(asked.len()) else { return };
        if expected == 0 || partial.coverage.expected == 0 {
            return;
        }
        partial.coverage.expected = expected;
        if matches!(partial.state, State::Absent(Reason::NotReported(_))) {
            partial.coverage.reported = 0;
            return;
        }
        let there = asked.iter().filter(|entry| self.is_there(entry, area)).count();
        // Whatever the register says, a figure rests on something: on nothing that was accepted, where all was sent back.
        let least = u32::from(!asked.iter().any(|entry| entry.is_sent_back()));
        partial.coverage.reported = u32::try_from(there).unwrap_or(expected).clamp(least, expected);
    }

    /// Areas of which something was asked for and nothing at all came, each with what and how much.
    pub(super) fn silent(
        &self,
        reads: &Need,
        period: Period,
        known: &BTreeSet<String>,
    ) -> Vec<(String, NotReported, u32)> {
        let named = self.asked.iter().filter_map(|entry| entry.area.as_ref());
        let areas: BTreeSet<&String> = named.filter(|area| !known.contains(*area)).collect();
        areas
            .into_iter()
            .filter_map(|area| {
                let asked = self.asked_for(reads, Some(area), period);
                let own: Vec<&&ExpectedReturn> =
                    asked.iter().filter(|entry| entry.area.as_ref() == Some(area)).collect();
                let first = own.first()?;
                let expected = u32::try_from(own.len()).ok()?;
                Some((area.clone(), NotReported::Dataset(first.dataset.clone()), expected))
            })
            .collect()
    }

    /// What an authority's agencies owe for a period, of the datasets that an indicator reads.
    fn asked_for(&self, reads: &Need, area: Option<&str>, period: Period) -> Vec<&ExpectedReturn> {
        let (first, last) = (period.first_day(), period.last_day());
        let asked = self.asked.iter().filter(|entry| {
            reads.contains_key(&entry.dataset)
                && entry.area.as_deref().is_none_or(|own| Some(own) == area)
                && entry.period.first_day() <= last
                && first <= entry.period.last_day()
        });
        asked.collect()
    }

    fn is_there(&self, entry: &ExpectedReturn, area: &str) -> bool {
        if entry.is_sent_back() {
            return false;
        }
        let of_dataset: Vec<&Came> =
            self.came.iter().filter(|came| came.dataset == entry.dataset && came.area == area).collect();
        if of_dataset.iter().all(|came| came.agency.is_none()) {
            return entry.nil_declared || entry.received.is_some();
        }
        let (first, last) = (entry.period.first_day(), entry.period.last_day());
        of_dataset.iter().any(|came| {
            came.agency.as_ref() == Some(&entry.agency)
                && came.days.is_none_or(|days| days.first <= last && first <= days.last)
        })
    }
}

/// Whether a return only says what was asked for, or what partners counted: no record in it is anybody's figure.
pub(super) fn is_register_only(of: &Return) -> bool {
    !of.tables.is_empty() && of.tables.keys().all(|id| id == EXPECTED_RETURN || id == PARTNER_COUNT)
}

/// The code of the authority whose return it is.
pub(super) fn authority(checked: &Checked, of: &Return) -> String {
    let day = super::join::dated(of);
    let known = day.and_then(|day| checked.framework().area_on(&of.area, day));
    known.map_or_else(|| of.area.clone(), |area| area.code.value.clone())
}
