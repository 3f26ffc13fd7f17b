//! The states of one indicator for each period that its plan speaks of: as it is, carried, or not due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::join::Joined;
use super::part::Candidate;
use super::{Counting, Reach};
use crate::check::Checked;
use crate::check::tree::Need;
use crate::definition::indicator::{Cycle, Indicator};
use crate::period::{Period, Shown, View};
use crate::plan::{Planned, cycle};
use crate::result::{Flags, NotReported, Partial, Reason, State};
use crate::value::{Datum, Value};

/// Puts the states of one indicator, period by period, behind those of others, and what its last known figure may be of,
/// where parts are to be merged.
/// `ask` calculates a period as it stands.
pub(super) fn states(
    checked: &Checked,
    planned: &Planned,
    (first_day, reach): (Option<NaiveDate>, Reach),
    ask: &mut impl FnMut(Period) -> Vec<Partial>,
    (partials, candidates): (&mut Vec<Partial>, &mut Vec<Candidate>),
) {
    let Some(definition) = checked.definition(&planned.id) else { return };
    let mut found = ByPeriod::new();
    for speaks in &planned.speaks {
        let (period, found_there) = match speaks.shown.view {
            View::LastKnown if reach == Reach::ForMerging => {
                let latest = speaks.period;
                let of = |partial| Candidate {
                    latest,
                    partial: Partial { shown: speaks.shown.clone(), ..partial },
                };
                candidates.extend(sought(definition, first_day, latest, ask).into_iter().map(of));
                continue;
            }
            View::LastKnown => last_known(definition, first_day, speaks.period, ask),
            View::NotDue => (speaks.period, not_due(definition, speaks.period, ask(speaks.period))),
            View::Plain | View::Rolling12Months | View::SnapshotNow => (speaks.period, ask(speaks.period)),
        };
        show(&mut found, period, speaks.shown.clone(), found_there);
    }
    shown(found, partials);
}

/// The states of each period, and what shows them.
pub(super) type ByPeriod = BTreeMap<Period, (Shown, Vec<Partial>)>;

/// Puts the states of a period under it. What is carried may have been asked for itself.
pub(super) fn show(found: &mut ByPeriod, period: Period, shown: Shown, partials: Vec<Partial>) {
    let (shown, partials) = match found.remove(&period) {
        Some((before, partials)) => (before.combine(shown), partials),
        None => (shown, partials),
    };
    found.insert(period, (shown, partials));
}

/// Puts the states of all periods, in order, behind others.
pub(super) fn shown(found: ByPeriod, all: &mut Vec<Partial>) {
    all.reserve(found.values().map(|(_, partials)| partials.len()).sum());
    for (shown, mut partials) in found.into_values() {
        for partial in &mut partials {
            partial.shown = shown.clone();
        }
        all.append(&mut partials);
    }
}

/// How many periods of its cycle a part without any figure looks back at least: another part may have an older one.
const LOOKED_BACK: usize = 12;

/// The states of a part from the latest period back to the first of which it has a figure.
fn sought(
    definition: &Indicator,
    first_day: Option<NaiveDate>,
    latest: Period,
    ask: &mut impl FnMut(Period) -> Vec<Partial>,
) -> Vec<Partial> {
    let mut all = Vec::new();
    let mut next = Some(latest);
    let mut tried = 0;
    while let Some(period) = next {
        let may_hold_records = first_day.is_some_and(|first| period.last_day() >= first);
        if tried > LOOKED_BACK && !may_hold_records {
            break;
        }
        tried += 1;
        let partials = ask(period);
        let found = partials.iter().any(is_figure);
        all.extend(partials);
        if found {
            break;
        }
        next = cycle::before(&definition.cycle.value, period);
    }
    all
}

fn is_figure(partial: &Partial) -> bool {
    !matches!(partial.state, State::Absent(_))
}

/// The last period of the cycle of which anything is known: one period for all areas, so that areas that are
/// added up speak of the same days. Where nothing is known, the latest says why.
pub(super) fn last_known(
    definition: &Indicator,
    first_day: Option<NaiveDate>,
    latest: Period,
    ask: &mut impl FnMut(Period) -> Vec<Partial>,
) -> (Period, Vec<Partial>) {
    let may_be_older = |partial: &Partial| {
        matches!(
            partial.state,
            State::Absent(Reason::NotReported(NotReported::OutsideCover | NotReported::NoEntry))
        )
    };
    let mut period = latest;
    let mut partials = ask(period);
    let of_latest = partials.clone();
    loop {
        if partials.iter().any(is_figure) {
            return (period, partials);
        }
        let before = cycle::before(&definition.cycle.value, period);
        let before = before.filter(|before| first_day.is_some_and(|first| before.last_day() >= first));
        match before.filter(|_| partials.iter().any(may_be_older)) {
            Some(before) => {
                period = before;
                partials = ask(period);
            }
            None => return (latest, of_latest),
        }
    }
}

/// The first day that the tables an indicator reads can speak for or name; where figures are carried, for which it says how
/// far back to look.
pub(super) fn first_day(
    joined: &Joined<'_>,
    planned: &Planned,
    counting: &Counting<'_, '_>,
) -> Option<NaiveDate> {
    if !planned.speaks.iter().any(|speaks| speaks.shown.view == View::LastKnown) {
        return None;
    }
    let reads: &Need = &planned.reads;
    let all = joined.authorities().iter().enumerate();
    let tables =
        all.flat_map(|(authority, of)| of.of().tables.iter().map(move |(id, of)| (authority, id, of)));
    let firsts = tables.filter_map(|(authority, dataset, table)| {
        let fields: &BTreeSet<String> = reads.get(dataset)?;
        let cover = table.cover.events.or(table.cover.stocks).map(|days| days.first);
        let named = || {
            match counting {
                Counting::By(answers) => return answers.engine.first_day(authority, dataset, fields),
                // Nothing is known yet that would be carried.
                Counting::Announced(_) => return None,
                Counting::Reference => {}
            }
            let columns = table.fields.iter().enumerate().filter(|(_, field)| fields.contains(&***field));
            let columns: Vec<usize> = columns.map(|(column, _)| column).collect();
            let dates = table.rows.iter().flat_map(|row| {
                columns.iter().filter_map(|column| match row.values.get(*column) {
                    Some(Datum::Known(Value::Date(day))) => Some(*day),
                    _ => None,
                })
            });
            dates.min()
        };
        // A table may name days before those that it speaks for.
        cover.into_iter().chain(named()).min()
    });
    firsts.min()
}

/// What a period says in which the measure is not due. That it cannot be had at all is said before.
fn not_due(definition: &Indicator, asked: Period, partials: Vec<Partial>) -> Vec<Partial> {
    let due = due(&definition.cycle.value, asked);
    let never = |state: &State| {
        matches!(
            state,
            State::Absent(
                Reason::OutOfScope
                    | Reason::NotApplicable
                    | Reason::NotReported(
                        NotReported::NoReturn
                            | NotReported::Dataset(_)
                            | NotReported::NoCalculation
                            | NotReported::Unsupported(_)
                    )
            )
        )
    };
    let waits = |partial: Partial| Partial {
        state: State::Absent(Reason::NotYetDue(due)),
        coverage: crate::result::Coverage::default(),
        judged: crate::result::Judged::default(),
        flags: Flags::new(),
        notes: BTreeMap::new(),
        ..partial
    };
    partials.into_iter().map(|partial| if never(&partial.state) { partial } else { waits(partial) }).collect()
}

/// The day on which a measure falls due that is not due in a period.
fn due(cycle: &Cycle, asked: Period) -> Option<NaiveDate> {
    cycle::holding(cycle, asked.last_day()).map(Period::last_day)
}
