//! Figures that need a dataset's rows of a whole period, although they only reach them by links.
//!
//! Sessions missed in one term are not those of a school year: what the dataset does not cover would make the figure too
//! low, and no record shows it.

use super::reference::Finished;
use super::reference::records::Records;
use super::reference::table::{Covered, covered_by_events};
use crate::check::{Checked, CheckedIndicator};
use crate::period::Period;
use crate::result::{Flag, NotReported, Reason, State};

/// How much of a period is covered by those datasets that an indicator needs whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole {
    covered: Covered,
    year_unknown: bool,
}

impl Whole {
    /// Of several datasets the first that covers nothing counts, else the first that covers a part.
    pub(super) fn of(
        checked: &Checked,
        records: &Records<'_>,
        indicator: &CheckedIndicator,
        period: Period,
    ) -> Self {
        let needs =
            |id: &String| checked.framework().datasets.get(id).is_some_and(|known| known.whole_period);
        let mut of = Self { covered: Covered::Whole, year_unknown: false };
        for table in indicator.reads().keys().filter(|id| needs(id)).filter_map(|id| records.table(id)) {
            match (covered_by_events(table, period.days()), of.covered) {
                (Covered::Outside, Covered::Whole | Covered::Part(_)) => {
                    of = Self { covered: Covered::Outside, year_unknown: table.cover.is_year_unknown() };
                }
                (Covered::Part(part), Covered::Whole) => of.covered = Covered::Part(part),
                _ => {}
            }
        }
        of
    }

    /// Marks a figure that has not all of what it needs; where there is none of it, there is no figure.
    pub(super) fn mark(self, finished: &mut Finished, beyond_cover: bool) {
        match self.covered {
            _ if matches!(finished.state, State::Absent(_)) => {}
            Covered::Whole => {}
            _ if beyond_cover => {
                finished.flags.insert(Flag::SurvivorsOnly);
            }
            Covered::Part(part) => {
                finished.flags.insert(Flag::PartlyCovered);
                finished.coverage.days.get_or_insert(part);
            }
            Covered::Outside => {
                let why =
                    if self.year_unknown { NotReported::YearUnknown } else { NotReported::OutsideCover };
                finished.state = State::Absent(Reason::NotReported(why));
                finished.coverage.reported = 0;
            }
        }
    }
}
