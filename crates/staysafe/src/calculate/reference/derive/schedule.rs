//! Due dates: what falls due, what was held, and how the two compare.
//!
//! A status is given only where every history that the return leaves open leads to it. Where something may
//! have been held on a day that the return cannot show, a due date lies between an earliest and a latest
//! day: held by the earliest is in time, held after the latest is late, and between them it is *history
//! missing* (ruling 15).

use chrono::NaiveDate;

use super::{Rows, datum, holds};
use crate::calculate::reference::evaluate::{Context, Frame};
use crate::calculate::reference::records::Table;
use crate::calculate::reference::scalar::{due, later};
use crate::check::tree::CheckedSchedule;
use crate::definition::indicator::Stretch;
use crate::record::Row;
use crate::value::{Datum, Value};

/// One thing that fell due: the last day in time, as early and as late as the return leaves open.
#[derive(Debug, Clone, Copy)]
struct Due {
    earliest: Option<NaiveDate>,
    latest: NaiveDate,
}

/// One anchor with what was held after it.
#[derive(Debug)]
struct Life {
    anchor: NaiveDate,
    /// Nothing falls due on or after this day; the day after the last asked about where it goes on.
    over: Option<NaiveDate>,
    /// Days on which something was held: after the anchor, by the last day asked about and by the end.
    held: Vec<NaiveDate>,
    /// The last day on which something may have been held that the return cannot show.
    unseen: Option<NaiveDate>,
    anchor_known: bool,
}

/// A row for each due date of each anchor, in the order of the anchors.
pub(super) fn rows(
    context: &Context<'_>,
    table: &Table<'_>,
    schedule: &CheckedSchedule,
) -> Result<Rows, String> {
    let mut made = Rows::default();
    let shown_from = shown_from(context, table, schedule);
    for row in table.rows.iter() {
        let Datum::Known(Value::Date(anchor)) = table.value(row, schedule.anchor.index) else {
            made.unplaced += 1;
            continue;
        };
        let known = match &schedule.anchor_known {
            Some(known) => holds(context, &[Frame { table, row }], known)?,
            None => true,
        };
        let over = schedule.until.as_ref().and_then(|until| match table.value(row, until.index) {
            Datum::Known(Value::Date(over)) => Some(*over),
            _ => None,
        });
        let last = context.moment.last;
        let mut held = held(context, table, row, schedule);
        held.retain(|day| day > anchor && *day <= last && over.is_none_or(|over| *day <= over));
        let hidden = shown_from.and_then(|from| from.pred_opt()).filter(|day| day > anchor);
        let unseen = if known { hidden } else { Some(hidden.unwrap_or(*anchor)) };
        let over = over.filter(|over| *over <= last);
        let life = Life { anchor: *anchor, over, held, unseen, anchor_known: known };
        let kept: Vec<Datum> = schedule.kept.iter().map(|field| datum(table, row, field)).collect();
        for (due, held, status) in life.dues(context, schedule) {
            let mut values = kept.clone();
            let day =
                |day: Option<NaiveDate>| day.map_or(Datum::Missing, |day| Datum::Known(Value::Date(day)));
            values.extend([day(due), day(held)]);
            // Where the due date itself cannot be reckoned, nobody can say how it was met.
            values.push(status.map_or(Datum::Rejected, |status| Datum::Known(Value::Text(status.into()))));
            made.rows.push(Row { values, origin: row.origin });
        }
    }
    Ok(made)
}

/// The first day of the cover of what is held, where the return does not show what was held before it. A
/// return that holds any of it shows whole lives.
fn shown_from(context: &Context<'_>, table: &Table<'_>, schedule: &CheckedSchedule) -> Option<NaiveDate> {
    let held_in = context.records.table(&schedule.held.to)?;
    let from = super::super::table::shown_from(held_in, context.moment.last)?;
    if held_in.gaps().is_some() {
        return Some(from);
    }
    let shows_more = table.rows.iter().any(|row| {
        let Datum::Known(Value::Date(anchor)) = table.value(row, schedule.anchor.index) else { return false };
        held(context, table, row, schedule).iter().any(|day| day > anchor && *day < from)
    });
    (!shows_more).then_some(from)
}

/// The days of what is held for an anchor, each once, in order.
fn held(context: &Context<'_>, table: &Table<'_>, row: &Row, schedule: &CheckedSchedule) -> Vec<NaiveDate> {
    let key = table.key(row, &schedule.held.ours);
    let (Some(key), Some(to)) = (key, context.records.table(&schedule.held.to)) else { return Vec::new() };
    let mut days: Vec<NaiveDate> = to
        .related(&schedule.held.theirs, &key)
        .filter_map(|row| match to.value(row, schedule.held.date.index) {
            Datum::Known(Value::Date(day)) => Some(*day),
            _ => None,
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

impl Life {
    /// Each due date with the day something was held for it and what that comes to; a due date that cannot
    /// be reckoned ends the row of them.
    fn dues(
        &self,
        context: &Context<'_>,
        schedule: &CheckedSchedule,
    ) -> Vec<(Option<NaiveDate>, Option<NaiveDate>, Option<&'static str>)> {
        let mut dues = Vec::new();
        let mut held = self.held.iter().copied().filter(|day| self.unseen.is_none_or(|unseen| *day > unseen));
        let mut number = 0;
        let mut next = self.first(context, schedule);
        loop {
            let Some(due) = next else {
                dues.push((None, None, None));
                return dues;
            };
            let Some(day) = held.next() else {
                dues.extend(self.open(context, due).map(|(due, status)| (Some(due), None, Some(status))));
                return dues;
            };
            let (at, status) = if due.earliest.is_some_and(|earliest| day <= earliest) {
                (due.earliest.unwrap_or(due.latest), "held in time")
            } else if day > due.latest {
                (due.latest, "held late")
            } else {
                (due.latest, "history missing")
            };
            dues.push((Some(at), Some(day), Some(status)));
            next = self.after(day, number, schedule);
            number += 1;
        }
    }

    /// The first due date after what cannot be seen.
    fn first(&self, context: &Context<'_>, schedule: &CheckedSchedule) -> Option<Due> {
        let limit = schedule.first_due.at(self.anchor)?;
        let reckoned = due(context.calendar, self.anchor, limit)?;
        let Some(unseen) = self.unseen else {
            return Some(Due { earliest: Some(reckoned), latest: reckoned });
        };
        // Had something been held that cannot be seen, it was so between the day after the anchor and that day.
        let (mut earliest, mut latest) = (reckoned, reckoned);
        for stretch in &schedule.next_due {
            earliest = earliest.min(later(self.anchor.succ_opt()?, *stretch)?);
            latest = latest.max(later(unseen, *stretch)?);
        }
        Some(Due { earliest: self.anchor_known.then_some(earliest), latest })
    }

    /// The due date after something was held; which of the intervals runs depends on how many were held before.
    fn after(&self, day: NaiveDate, number: usize, schedule: &CheckedSchedule) -> Option<Due> {
        let last = schedule.next_due.len().saturating_sub(1);
        let from = number.min(last);
        let to = if self.unseen.is_some() { last } else { from };
        let open: Option<Vec<NaiveDate>> =
            schedule.next_due.get(from..=to)?.iter().map(|stretch: &Stretch| later(day, *stretch)).collect();
        let open = open?;
        Some(Due { earliest: Some(*open.iter().min()?), latest: *open.iter().max()? })
    }

    /// A due date for which nothing was held; none where the end came first.
    fn open(&self, context: &Context<'_>, due: Due) -> Option<(NaiveDate, &'static str)> {
        let by = self.over.unwrap_or(context.moment.last);
        if due.earliest.is_some_and(|earliest| by <= earliest) {
            return self.over.is_none().then(|| (due.earliest.unwrap_or(due.latest), "not yet due"));
        }
        Some((due.latest, if by > due.latest { "overdue" } else { "history missing" }))
    }
}
