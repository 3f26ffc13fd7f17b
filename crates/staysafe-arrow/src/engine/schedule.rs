//! Due dates: what falls due, what was held, and how the two compare. The rule is told in `docs/derived.md`.

use std::sync::Arc;

use staysafe::check::tree::CheckedSchedule;
use staysafe::definition::dataset::Dataset;
use staysafe::definition::indicator::Stretch;

use super::calendar::{Counted, later, limit_at};
use super::column::{Column, blank, number_of};
use super::derive::{Made, surely, under};
use super::evaluate::{Context, Scope, evaluate};
use super::frame::Frame;
use super::keys::{Grouped, Index};
use super::lanes::{Lanes, Run, Values};
use super::standing::{BLANK, KNOWN, UNKNOWN};

/// What a due date can come to.
pub(crate) const STATUSES: [&str; 5] =
    ["held in time", "held late", "overdue", "not yet due", "history missing"];

/// The last day in time, as early and as late as the return leaves open; without an earliest, any day.
#[derive(Clone, Copy)]
struct Due {
    earliest: Option<i32>,
    latest: i32,
}

/// A due date as it is written down: the day, the day on which it was met, the status.
type Written = (Option<i32>, Option<i32>, Option<&'static str>);

/// An anchor and what came after it.
struct Life<'x> {
    anchor: i32,
    anchor_known: bool,
    over: Option<i32>,
    held: Vec<i32>,
    /// The last day on which something may have been held that the return cannot show.
    unseen: Option<i32>,
    last: i32,
    schedule: &'x CheckedSchedule,
    calendar: &'x Counted<'x>,
}

pub(super) fn rows(
    context: &Context<'_>,
    frame: &Frame<'_>,
    schedule: &CheckedSchedule,
    after: &Dataset,
) -> Result<Made, String> {
    let last = number_of(context.moment.last);
    let known_anchors = known_anchors(context, frame, schedule)?;
    let held = Held::new(context, frame, schedule);
    let shown_from = shown_from(frame, schedule, held.as_ref(), last);
    let (mut from, mut written, mut unplaced) = (Vec::new(), Vec::new(), 0);
    for row in 0..frame.rows {
        let Some(anchor) = frame.day(schedule.anchor.index, row) else {
            unplaced += 1;
            continue;
        };
        let anchor_known =
            known_anchors.as_ref().is_none_or(|known| known.get(row).copied().unwrap_or(false));
        let over = schedule.until.as_ref().and_then(|until| frame.day(until.index, row));
        let counts = |day: &i32| *day > anchor && *day <= last && over.is_none_or(|over| *day <= over);
        let hidden = shown_from.map(|from| from - 1).filter(|day| *day > anchor);
        let life = Life {
            anchor,
            anchor_known,
            over: over.filter(|over| *over <= last),
            held: days_of(held.as_ref(), row).into_iter().filter(counts).collect(),
            unseen: if anchor_known { hidden } else { Some(hidden.unwrap_or(anchor)) },
            last,
            schedule,
            calendar: context.calendar,
        };
        let dues = life.dues();
        from.resize(from.len() + dues.len(), u32::try_from(row).unwrap_or(u32::MAX));
        written.extend(dues);
    }
    let mut columns: Vec<Option<Column>> = schedule
        .kept
        .iter()
        .enumerate()
        .map(|(position, field)| under(frame, field, &from, after, position))
        .collect();
    let missing = |position: usize| after.fields.get(position).map_or(BLANK, |field| blank(field.missing));
    for side in [|w: &Written| w.0, |w: &Written| w.1] {
        let missing = missing(columns.len());
        columns.push(Some(days(&written, missing, side)));
    }
    let words = written.iter().map(|(.., status)| status.map_or(0, |status| context.words.find(status)));
    let standing = written.iter().map(|(.., status)| if status.is_some() { KNOWN } else { UNKNOWN });
    let statuses =
        Lanes { values: Values::Words(Run::Each(words.collect())), standing: Run::Each(standing.collect()) };
    columns.push(Some(Column::of(statuses, written.len())));
    Ok(Made { columns, from, unplaced })
}

fn days(written: &[Written], missing: u8, of: impl Fn(&Written) -> Option<i32>) -> Column {
    let days = written.iter().map(|one| of(one).unwrap_or_default()).collect();
    let standing = written.iter().map(|one| if of(one).is_some() { KNOWN } else { missing }).collect();
    Column::of(Lanes { values: Values::Days(Run::Each(days)), standing: Run::Each(standing) }, written.len())
}

/// Of each row with an anchor, whether that is a known day; `None` where all are.
fn known_anchors(
    context: &Context<'_>,
    frame: &Frame<'_>,
    schedule: &CheckedSchedule,
) -> Result<Option<Vec<bool>>, String> {
    let Some(node) = &schedule.anchor_known else { return Ok(None) };
    let anchored: Vec<u32> = (0u32..)
        .take(frame.rows)
        .filter(|row| usize::try_from(*row).is_ok_and(|row| frame.day(schedule.anchor.index, row).is_some()))
        .collect();
    let found = evaluate(context, &Scope::list(frame, &anchored), node);
    let mut known = vec![false; frame.rows];
    for lane in surely(&found, anchored.len())? {
        let row = usize::try_from(lane).ok().and_then(|lane| anchored.get(lane));
        if let Some(known) = row.and_then(|row| known.get_mut(usize::try_from(*row).ok()?)) {
            *known = true;
        }
    }
    Ok(Some(known))
}

/// The first day of the cover of what is held, where the return does not show what was held before it.
fn shown_from(
    frame: &Frame<'_>,
    schedule: &CheckedSchedule,
    held: Option<&Held<'_>>,
    last: i32,
) -> Option<i32> {
    let to = held?.to;
    let from = to.speaks.shown_from(last)?;
    if to.speaks.has_gaps {
        return Some(from);
    }
    let shows_more = (0..frame.rows).any(|row| {
        let Some(anchor) = frame.day(schedule.anchor.index, row) else { return false };
        days_of(held, row).iter().any(|day| *day > anchor && *day < from)
    });
    (!shows_more).then_some(from)
}

/// What was held, found by the rows that it was held for.
struct Held<'f> {
    to: &'f Frame<'f>,
    date: usize,
    index: Arc<Index>,
    groups: Grouped,
}

impl<'f> Held<'f> {
    fn new(context: &Context<'f>, frame: &Frame<'_>, schedule: &CheckedSchedule) -> Option<Self> {
        let held = &schedule.held;
        let to = context.tables.frame(&held.to)?;
        let index = to.index(&held.theirs);
        let groups = to.linked(&index, frame, &held.ours, &held.theirs);
        Some(Self { to, date: held.date.index, index, groups })
    }
}

/// The days of what is held for a row, each once, in order.
fn days_of(held: Option<&Held<'_>>, row: usize) -> Vec<i32> {
    let Some((held, group)) = held.map(|held| (held, held.groups.at(row))) else {
        return Vec::new();
    };
    let day = |row: &u32| held.to.day(held.date, usize::try_from(*row).ok()?);
    let mut days: Vec<i32> = held.index.group(group).iter().filter_map(day).collect();
    days.sort_unstable();
    days.dedup();
    days
}

impl Life<'_> {
    /// Each due date in order; one that cannot be reckoned is written without a day, and ends them.
    fn dues(&self) -> Vec<Written> {
        let mut dues = Vec::new();
        let seen = self.held.iter().copied().filter(|day| self.unseen.is_none_or(|unseen| *day > unseen));
        let mut next = self.first();
        for (number, day) in seen.enumerate() {
            let Some(due) = next else { break };
            dues.push(match due.earliest {
                Some(earliest) if day <= earliest => (Some(earliest), Some(day), Some("held in time")),
                _ if day > due.latest => (Some(due.latest), Some(day), Some("held late")),
                _ => (Some(due.latest), Some(day), Some("history missing")),
            });
            next = self.after(day, number);
        }
        match next {
            None => dues.push((None, None, None)),
            Some(due) => dues.extend(self.open(due).map(|(due, status)| (Some(due), None, Some(status)))),
        }
        dues
    }

    /// The first due date after what cannot be seen.
    fn first(&self) -> Option<Due> {
        let limit = limit_at(&self.schedule.first_due, self.anchor)?;
        let reckoned = self.calendar.due(self.anchor, limit)?;
        let Some(unseen) = self.unseen else {
            return Some(Due { earliest: Some(reckoned), latest: reckoned });
        };
        // Had something been held that cannot be seen, it was so from the day after the anchor up to that day.
        let (mut earliest, mut latest) = (reckoned, reckoned);
        for stretch in &self.schedule.next_due {
            earliest = earliest.min(later(self.anchor + 1, *stretch)?);
            latest = latest.max(later(unseen, *stretch)?);
        }
        Some(Due { earliest: self.anchor_known.then_some(earliest), latest })
    }

    /// The due date after something was held; which interval runs depends on how many were held before.
    fn after(&self, day: i32, number: usize) -> Option<Due> {
        let last = self.schedule.next_due.len().checked_sub(1)?;
        let from = number.min(last);
        let to = if self.unseen.is_some() { last } else { from };
        let open: Option<Vec<i32>> = self
            .schedule
            .next_due
            .get(from..=to)?
            .iter()
            .map(|stretch: &Stretch| later(day, *stretch))
            .collect();
        let open = open?;
        Some(Due { earliest: open.iter().min().copied(), latest: *open.iter().max()? })
    }

    /// A due date for which nothing was held; none where the end came first.
    fn open(&self, due: Due) -> Option<(i32, &'static str)> {
        let by = self.over.unwrap_or(self.last);
        match due.earliest {
            Some(earliest) if by <= earliest => self.over.is_none().then_some((earliest, "not yet due")),
            _ if by > due.latest => Some((due.latest, "overdue")),
            _ => Some((due.latest, "history missing")),
        }
    }
}
