//! Of which days an indicator asks each dataset in a period.

use std::collections::{BTreeMap, BTreeSet};

use super::need::base;
use super::{Need, Why};
use crate::calculate::version::{Chosen, days_of, earlier, version_of};
use crate::check::tree::{CheckedCalculation, CheckedWhen};
use crate::check::{Checked, CheckedIndicator, CheckedVersion};
use crate::definition::indicator::Stretch;
use crate::period::{Period, View};
use crate::plan::cycle;
use crate::record::{Cover, Days};

/// Which side of a table's cover is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Events.
    Events,
    /// Stocks.
    Stocks,
    /// Whichever there is: rows that are looked up from other rows.
    Any,
}

/// What is asked of one dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) dataset: String,
    pub(super) fields: BTreeSet<String>,
    pub(super) side: Side,
    /// The period that the answer speaks of; `None`: any.
    pub(super) period: Option<Period>,
    /// `None`: any days.
    pub(super) days: Option<Days>,
    /// The days that the answer must look back to as well.
    pub(super) back: Option<Days>,
}

/// What an indicator asks in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// These.
    Parts(Vec<Part>),
    /// Nothing: the measure is not due in it.
    NotDue,
    /// Nothing: the definition does not hold then.
    Outside(Why),
}

/// What an indicator asks whatever the period.
pub(super) fn at_any_time(need: &Need) -> Vec<Part> {
    let part = |(dataset, fields): (&String, &BTreeSet<String>)| Part {
        dataset: dataset.clone(),
        fields: fields.clone(),
        side: Side::Any,
        period: None,
        days: None,
        back: None,
    };
    need.fields.iter().map(part).collect()
}

/// What an indicator asks in a period.
pub(super) fn in_period(
    checked: &Checked,
    indicator: &CheckedIndicator,
    need: &Need,
    period: Period,
) -> Asked {
    let Some(definition) = checked.definition(indicator.id()) else { return Asked::NotDue };
    let speaks = cycle::speaks(definition, &[period]);
    let Some(speaks) = speaks.first() else { return Asked::NotDue };
    if speaks.shown.view == View::NotDue {
        return Asked::NotDue;
    }
    let period = speaks.period;
    let versions: Vec<&CheckedVersion> = match version_of(indicator, period) {
        Chosen::One(version) => vec![version],
        Chosen::Joined(parts) => parts.into_iter().map(|(version, _)| version).collect(),
        Chosen::Break => indicator.versions().iter().collect(),
        Chosen::Outside(_) => return Asked::Outside(Why::NoVersion { period }),
    };
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    let in_force: BTreeSet<&String> = versions.iter().flat_map(|version| version.reads().keys()).collect();
    for (dataset, fields) in &need.fields {
        // What another version reads, and neither this one nor the definition's own words, is not asked for.
        let stated = definition.needs.iter().any(|need| need.dataset.value == *dataset);
        if !stated && indicator.reads().contains_key(dataset) && !in_force.contains(dataset) {
            continue;
        }
        let read = versions.iter().filter_map(|version| version.reads().get(dataset)).flatten();
        let mut fields_now: BTreeSet<String> = read.cloned().collect();
        if stated || !indicator.reads().contains_key(dataset) {
            fields_now.extend(fields.iter().cloned());
        }
        let days = Some(period.days()).filter(|_| !need.populations.contains(dataset));
        let part = Part {
            dataset: dataset.clone(),
            fields: fields_now,
            side: Side::Any,
            period: Some(period),
            days,
            back: None,
        };
        parts.insert(dataset, part);
    }
    for calculation in versions.iter().filter_map(|version| version.calculation()) {
        for (table, when, window, lag, history) in tables(calculation) {
            let dataset = base(checked, table);
            let Some(part) = parts.get_mut(dataset).filter(|_| !need.populations.contains(dataset)) else {
                continue;
            };
            let Some(days) = days_of(when, period, window, lag) else { continue };
            let stock = matches!(when, CheckedWhen::Open(..));
            part.side = if stock { Side::Stocks } else { Side::Events };
            // Two totals over one table ask for the days of both.
            part.days = Some(match part.days.filter(|_| part.back.is_some()) {
                Some(held) => Days { first: held.first.min(days.first), last: held.last.max(days.last) },
                None => days,
            });
            let window = window.filter(|_| stock);
            let first = window.or(history).and_then(|back| earlier(days.first, back));
            part.back = Some(Days { first: first.unwrap_or(days.first), last: days.last });
        }
    }
    Asked::Parts(parts.into_values().collect())
}

/// A table of a calculation: its name, its date rule, its window, its lag, and how far back it looks.
type Table<'a> = (&'a str, &'a CheckedWhen, Option<Stretch>, Option<Stretch>, Option<Stretch>);

fn tables(calculation: &CheckedCalculation) -> Vec<Table<'_>> {
    match calculation {
        CheckedCalculation::Ladder(ladder) => {
            vec![(
                ladder.table.dataset.as_str(),
                &ladder.table.when,
                ladder.window,
                ladder.lag,
                ladder.history,
            )]
        }
        CheckedCalculation::TwoTotals(totals) => [&totals.numerator.table, &totals.denominator.table]
            .map(|table| (table.dataset.as_str(), &table.when, None, None, None))
            .to_vec(),
    }
}

impl Side {
    /// The days on this side of a cover; `None` where there is no limit.
    pub(super) fn of(self, cover: &Cover) -> Option<Days> {
        match self {
            Self::Events => cover.events,
            Self::Stocks => cover.stocks,
            Self::Any => cover.events.or(cover.stocks),
        }
    }
}
