//! Counts of parts of a period, put together where nothing is counted twice by it.
//!
//! Four quarters of events are a year. Four quarters of distinct children are not: a child of two quarters would be two. A
//! stock on the last day of the last quarter is the year's. Which of these an indicator is, its calculation says.

use std::collections::BTreeMap;

use super::version::{Chosen, version_of};
use crate::check::tree::{
    CheckedCalculation, CheckedMeasure, CheckedWhen, FieldRef, Node, NodeKind, PeriodDay,
};
use crate::check::{CheckedIndicator, CheckedVersion};
use crate::period::{Period, PeriodKind};
use crate::result::{Coverage, Flags, State};

/// What an agency told of a period, and its marks.
pub(super) type Told = (State, Flags);

/// What an agency told, by period.
pub(super) type ByPeriod = BTreeMap<Period, Told>;

/// How counts of parts of a period make one of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Together {
    /// They are added.
    AddUp,
    /// The one that ends on the same day is it.
    LastStands,
    /// Not at all.
    Never,
}

impl Together {
    pub(super) fn of(indicator: &CheckedIndicator, period: Period) -> Self {
        match version_of(indicator, period) {
            Chosen::One(version) => Self::of_version(version),
            Chosen::Joined(versions) => {
                let adds = versions.iter().all(|(version, _)| Self::of_version(version) == Self::AddUp);
                if adds { Self::AddUp } else { Self::Never }
            }
            Chosen::Break | Chosen::Outside(_) => Self::Never,
        }
    }

    fn of_version(version: &CheckedVersion) -> Self {
        // A table that is derived may be another one in each period.
        let Some(calculation) = version.calculation().filter(|_| version.rests_on().is_empty()) else {
            return Self::Never;
        };
        let asks = |days: &[PeriodDay]| calculation.nodes().into_iter().any(|node| asks_for(node, days));
        let sides = match calculation {
            CheckedCalculation::Ladder(ladder) if ladder.window.is_none() => {
                vec![side(&ladder.table.when, ladder.counted.as_deref())]
            }
            CheckedCalculation::Ladder(_) => return Self::Never,
            CheckedCalculation::TwoTotals(totals) => [&totals.numerator, &totals.denominator]
                .into_iter()
                .map(|total| match &total.measure {
                    CheckedMeasure::CountDistinct(fields) => side(&total.table.when, Some(fields)),
                    CheckedMeasure::Count | CheckedMeasure::Sum(_) => side(&total.table.when, None),
                })
                .collect(),
        };
        let all = |wanted| sides.iter().all(|side| *side == wanted);
        if all(Self::AddUp) && !asks(&[PeriodDay::First, PeriodDay::Last, PeriodDay::WindowFirst]) {
            Self::AddUp
        } else if all(Self::LastStands) && !asks(&[PeriodDay::First, PeriodDay::WindowFirst]) {
            Self::LastStands
        } else {
            Self::Never
        }
    }
}

/// How one table's counts go together: what is counted once is counted once in all parts only where its day is part of it.
fn side(when: &CheckedWhen, counted: Option<&[FieldRef]>) -> Together {
    match when {
        CheckedWhen::Date(date) => match counted {
            Some(fields) if !fields.iter().any(|field| field.name == date.name) => Together::Never,
            _ => Together::AddUp,
        },
        CheckedWhen::Open(..) => Together::LastStands,
    }
}

fn asks_for(node: &Node, days: &[PeriodDay]) -> bool {
    matches!(&node.kind, NodeKind::Period(day) if days.contains(day))
        || node.children().into_iter().any(|child| asks_for(child, days))
}

/// What all agencies of an area told of a period together, and of how much of what makes it up; nothing where none told
/// anything that a figure can be made of.
pub(super) fn of_area<'t>(
    together: Together,
    period: Period,
    agencies: impl Iterator<Item = &'t ByPeriod>,
) -> Option<(Told, Coverage)> {
    let units = units(period);
    let mut all: Option<Told> = None;
    let (mut there, mut asked) = (0_usize, 0_usize);
    for told in agencies {
        let (found, reported, expected) = of_agency(together, period, &units, told);
        (there, asked) = (there + reported, asked + expected);
        if let Some((state, marks)) = found {
            all = Some(match all {
                Some((held, mut flags)) => {
                    flags.extend(marks);
                    (held.combine(state), flags)
                }
                None => (state, marks),
            });
        }
    }
    let whole = (1, 1);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (reported, expected) = if there == asked { whole } else { (count(there), count(asked)) };
    Some((all?, Coverage { reported, expected, days: None }))
}

/// What one agency told of a period, how many units of it, and of how many.
fn of_agency(
    together: Together,
    period: Period,
    units: &[Period],
    told: &ByPeriod,
) -> (Option<Told>, usize, usize) {
    if let Some(own) = told.get(&period) {
        return (Some(own.clone()), units.len(), units.len());
    }
    let inside: Vec<(&Period, &Told)> =
        told.iter().filter(|(part, _)| period.contains_period(**part)).collect();
    if inside.is_empty() {
        return (None, 0, 0);
    }
    match together {
        Together::Never => (None, 0, units.len()),
        Together::LastStands => {
            let ends = inside.iter().filter(|(part, _)| part.last_day() == period.last_day());
            let last = ends.min_by_key(|(part, _)| part.first_day()).map(|(_, told)| (*told).clone());
            let there = if last.is_some() { units.len() } else { 0 };
            (last, there, units.len())
        }
        Together::AddUp => {
            let chosen = side_by_side(inside);
            let there = units.iter().filter(|unit| is_told(**unit, &chosen)).count();
            let states = chosen.iter().map(|(_, told)| (*told).clone());
            let sum = states.reduce(|(held, mut flags), (state, marks)| {
                flags.extend(marks);
                (held.combine(state), flags)
            });
            (sum, there, units.len())
        }
    }
}

/// Parts of which no two share a day, the longest first.
fn side_by_side<'t>(mut parts: Vec<(&'t Period, &'t Told)>) -> Vec<(&'t Period, &'t Told)> {
    parts.sort_by_key(|(part, _)| (part.first_day() - part.last_day(), part.first_day()));
    let mut chosen: Vec<(&Period, &Told)> = Vec::new();
    for (part, told) in parts {
        if !chosen.iter().any(|(other, _)| other.overlaps(*part)) {
            chosen.push((part, told));
        }
    }
    chosen
}

/// What a period is made of: quarters, or else months, or else itself.
fn units(period: Period) -> Vec<Period> {
    let parts = [PeriodKind::Quarter, PeriodKind::Month].into_iter().filter_map(|kind| period.parts(kind));
    parts.into_iter().find(|parts| parts.len() > 1).unwrap_or_else(|| vec![period])
}

fn is_told(unit: Period, chosen: &[(&Period, &Told)]) -> bool {
    let months = unit.parts(PeriodKind::Month).unwrap_or_else(|| vec![unit]);
    months.iter().all(|month| chosen.iter().any(|(part, _)| part.contains_period(*month)))
}
