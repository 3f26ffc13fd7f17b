//! The rows that a period asks about, inside what the return can speak for.

use super::evaluate::Moment;
use super::records::{Records, Table};
use super::table::{self, Belongs, Covered};
use super::tally::Tallies;
use crate::calendar::Days;
use crate::check::tree::{CheckedTable, CheckedWhen};
use crate::definition::indicator::Stretch;
use crate::period::Period;
use crate::record::Row;
use crate::result::{Flag, NotReported, Note, Reason};

/// Rows that belong to a period, with the counters of those that may.
#[derive(Debug)]
pub(crate) struct Selection<'a> {
    pub(crate) table: &'a Table<'a>,
    pub(crate) moment: Moment,
    /// The days that are asked about and can be spoken for.
    pub(crate) days: Days,
    /// Rows with their number in the table.
    pub(crate) rows: Vec<(usize, &'a Row)>,
    /// Rows of which nobody can say whether they belong, with the counter that says so.
    pub(crate) doubtful: Vec<(&'a Row, Note)>,
    /// Rows that an earlier return held and a later one no longer holds.
    pub(crate) gone: Vec<&'a Row>,
    pub(crate) tallies: Tallies,
}

/// What part of the period is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Within {
    /// Its days; `None` is all of it.
    pub(crate) days: Option<Days>,
    /// Whether rows whose date cannot be told are counted here, and not with another part.
    pub(crate) count_doubts: bool,
}

/// Selects the rows of a table that belong to a period.
///
/// # Errors
/// Why there can be no figure: the dataset is not carried, its cover does not reach the period, or the
/// period lies where dates cannot be reckoned.
pub(crate) fn select<'a>(
    records: &'a Records<'a>,
    from: &CheckedTable,
    period: &Period,
    (window, lag): (Option<Stretch>, Option<Stretch>),
    within: Within,
    beyond_cover: bool,
) -> Result<Selection<'a>, Reason> {
    let edge = || Reason::Refused("the period lies where dates cannot be reckoned".to_owned());
    let moment = table::moment(period, window).ok_or_else(edge)?;
    let asked = table::asked(&from.when, moment, lag).ok_or_else(edge)?;
    let mut days = within.days.unwrap_or(asked);
    let Some(table) = records.table(&from.dataset) else {
        return Err(Reason::NotReported(NotReported::Dataset(from.dataset.clone())));
    };
    let mut tallies = Tallies::new();
    match table::covered(table, &from.when, days) {
        // Of a part the days are kept, until the parts together are the period.
        Covered::Whole => within.days.into_iter().for_each(|days| tallies.covers(days)),
        _ if beyond_cover => tallies.flag(Flag::SurvivorsOnly),
        Covered::Part(part) => {
            tallies.flag(Flag::PartlyCovered);
            tallies.covers(part);
            days = part;
        }
        Covered::Outside if table.cover.is_year_unknown() => {
            return Err(Reason::NotReported(NotReported::YearUnknown));
        }
        Covered::Outside => return Err(Reason::NotReported(NotReported::OutsideCover)),
    }
    if let Some(part) = window.and_then(|_| part_of_window(table, &from.when, moment)) {
        if beyond_cover {
            tallies.flag(Flag::SurvivorsOnly);
        } else {
            tallies.flag(Flag::PartlyCovered);
            tallies.covers(part);
        }
    }
    let (mut rows, mut doubtful) = (Vec::new(), Vec::new());
    for (number, row) in table.rows.iter().enumerate() {
        let doubt = match table::belongs(table, row, &from.when, days) {
            // Between the covers of two returns only survivors are known.
            Belongs::Yes if !beyond_cover && table::in_gap(table, row, &from.when) => continue,
            Belongs::Yes => {
                rows.push((number, row));
                continue;
            }
            Belongs::No => continue,
            _ if !within.count_doubts => continue,
            Belongs::Unknown => Note::Unknown,
            Belongs::Contradictory => Note::Contradictory,
        };
        doubtful.push((row, doubt));
    }
    let gone = table.gone.iter().filter(|row| table::belongs(table, row, &from.when, days) == Belongs::Yes);
    Ok(Selection { table, moment, days, rows, doubtful, gone: gone.collect(), tallies })
}

/// What a table can speak for of the window that a stock looks back over, where that is not all of it: of what ended
/// before the cover only survivors are known, so that a count over the window would rise by nothing but time.
fn part_of_window(table: &Table<'_>, when: &CheckedWhen, moment: Moment) -> Option<Days> {
    let window = Days { first: moment.window_first, last: moment.last };
    let cover = table.cover.events.filter(|_| matches!(when, CheckedWhen::Open(..)))?;
    let part = Days { first: cover.first.max(window.first), last: cover.last.min(window.last) };
    (part != window && part.first <= part.last).then_some(part)
}
