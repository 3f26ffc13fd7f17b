//! From partial states to results: areas added up where asked, then the division.

use std::collections::{BTreeMap, BTreeSet};

use super::interval;
use crate::check::Checked;
use crate::check::tree::CheckedCalculation;
use crate::definition::indicator::{Indicator, Kind};
use crate::result::{
    Cell, Flag, Interval, Note, Observation, Outcome, Partial, Partials, Reason, Results, State, Statistic,
};
use crate::value::Exact;

/// What several areas added up are called.
pub(super) const ALL_AREAS: &str = "all";

/// Ruling 4: records outside the working-day calendar above this share of the denominator, in hundredths,
/// make a figure one of low reliability.
const OUTSIDE_CALENDAR_PER_CENT: u64 = 1;

/// Finishes a calculation: adds areas up where the plan says so, and divides.
///
/// Values stay exact; they are rounded when they are printed.
pub fn finish(checked: &Checked, partials: &Partials) -> Results {
    let mut merged: BTreeMap<(String, String, crate::period::Period), Partial> = BTreeMap::new();
    let areas: BTreeSet<&str> = partials.partials.iter().map(|partial| partial.area.as_str()).collect();
    let together = !partials.by_area && areas.len() > 1;
    for partial in &partials.partials {
        let mut partial = partial.clone();
        if together {
            ALL_AREAS.clone_into(&mut partial.area);
        }
        let key = (partial.indicator.clone(), partial.area.clone(), partial.period);
        let merged_with = match merged.remove(&key) {
            Some(held) => held.combine(partial),
            None => partial,
        };
        merged.insert(key, merged_with);
    }
    let mut observations = Vec::new();
    for partial in merged.into_values() {
        if let Some(definition) = checked.definition(&partial.indicator) {
            observe(checked, definition, &partial, &mut observations);
        }
    }
    observations.sort_by(|a, b| key(a).cmp(&key(b)));
    Results { observations, made_of: partials.made_of.clone() }
}

fn key(of: &Observation) -> (&str, Statistic, &Option<String>, &str, crate::period::Period) {
    (&of.indicator, of.statistic, &of.category, &of.area, of.period)
}

fn observe(
    checked: &Checked,
    definition: &Indicator,
    partial: &Partial,
    observations: &mut Vec<Observation>,
) {
    let statistic = statistic(definition.kind.value);
    let multiplier = multiplier(checked, definition);
    let mut push = |category: Option<String>, outcome: Outcome, interval: Interval| {
        let mut flags = partial.flags.clone();
        if low_reliability(checked, definition, &outcome, &partial.notes) {
            flags.insert(Flag::LowReliability);
        }
        observations.push(Observation {
            indicator: partial.indicator.clone(),
            statistic,
            category,
            area: partial.area.clone(),
            period: partial.period,
            cell: Cell {
                outcome,
                interval,
                coverage: partial.coverage.clone(),
                flags,
                notes: partial.notes.clone(),
            },
        });
    };
    if let State::Categories(counts) = &partial.state {
        let total: u64 = counts.values().sum();
        for (category, count) in counts {
            let outcome = share(*count, total, Some(100));
            push(Some(category.clone()), outcome, interval::share(*count, total, 100));
        }
        return;
    }
    let outcome = match &partial.state {
        State::Absent(reason) => Outcome::Absent(reason.clone()),
        State::Counted { numerator, denominator: None } => {
            let count = Exact::from(*numerator);
            Outcome::Figure { value: count, numerator: Some(count), denominator: None }
        }
        State::Counted { numerator, denominator: Some(denominator) } => {
            share(*numerator, *denominator, multiplier)
        }
        State::Totals { numerator, denominator } => {
            divide(numerator, denominator, multiplier, Reason::Undefined)
        }
        State::Sum { count, total, .. } => {
            divide(total, &Exact::from(*count), Some(1), Reason::NothingToMeasure)
        }
        State::Values(values) => median(values),
        State::Categories(_) => Outcome::Absent(Reason::NothingToMeasure),
    };
    let interval = interval::of(definition.kind.value, &partial.state, &outcome, multiplier.unwrap_or(1));
    push(None, outcome, interval);
}

fn share(numerator: u64, denominator: u64, multiplier: Option<i64>) -> Outcome {
    divide(&numerator.into(), &denominator.into(), multiplier, Reason::Undefined)
}

/// A quotient times its multiplier; over nothing it is what its kind says (ruling 10: 0/0 is undefined).
fn divide(above: &Exact, below: &Exact, multiplier: Option<i64>, over_nothing: Reason) -> Outcome {
    let Some(multiplier) = multiplier else {
        return Outcome::Absent(Reason::Refused("its definition does not say per how many".to_owned()));
    };
    if *below == Exact::ZERO {
        return Outcome::Absent(over_nothing);
    }
    match above.over(below).and_then(|quotient| quotient.times(&Exact::from(multiplier))) {
        Some(value) => Outcome::Figure { value, numerator: Some(*above), denominator: Some(*below) },
        None => Outcome::Absent(Reason::Refused("the quotient does not fit".to_owned())),
    }
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &BTreeMap<Exact, u64>) -> Outcome {
    let count: u64 = values.values().sum();
    let at = |place: u64| {
        let mut passed = 0;
        values.iter().find_map(|(value, times)| {
            passed += times;
            (passed > place).then_some(*value)
        })
    };
    if count == 0 {
        return Outcome::Absent(Reason::NothingToMeasure);
    }
    let middle = at((count - 1) / 2).zip(at(count / 2));
    let half = Exact::new(1, 2);
    let value = middle.zip(half).and_then(|((a, b), half)| a.plus(&b)?.times(&half));
    match value {
        Some(value) => Outcome::Figure { value, numerator: None, denominator: Some(count.into()) },
        None => Outcome::Absent(Reason::Refused("the median does not fit".to_owned())),
    }
}

/// What a quotient is multiplied by. A definition without a calculation, which counts may still feed, has the
/// one of its kind; a rate has none until its definition says per how many.
fn multiplier(checked: &Checked, definition: &Indicator) -> Option<i64> {
    match checked.indicator(&definition.id.value).and_then(|i| i.calculation()) {
        Some(CheckedCalculation::Ladder(ladder)) => Some(ladder.multiplier),
        Some(CheckedCalculation::TwoTotals(totals)) => Some(totals.multiplier),
        None => match definition.kind.value {
            Kind::Rate => None,
            Kind::Ratio => Some(1),
            _ => Some(100),
        },
    }
}

/// What is measured of an indicator of a kind.
fn statistic(kind: Kind) -> Statistic {
    match kind {
        Kind::Count | Kind::Stock => Statistic::Count,
        Kind::Proportion | Kind::RatioPct | Kind::FteRatio | Kind::SurveyProportion => Statistic::Percentage,
        Kind::Ratio => Statistic::Ratio,
        Kind::Rate => Statistic::Rate,
        Kind::Mean => Statistic::Mean,
        Kind::Median | Kind::Duration => Statistic::Median,
        Kind::Distribution => Statistic::Share,
        Kind::Score => Statistic::Score,
        Kind::Document => Statistic::Document,
        Kind::Narrative => Statistic::Narrative,
        Kind::Group => Statistic::Group,
    }
}

/// Below a quality threshold the value stands, with a mark: no comparison, no colour.
fn low_reliability(
    checked: &Checked,
    definition: &Indicator,
    outcome: &Outcome,
    notes: &BTreeMap<Note, u64>,
) -> bool {
    let Outcome::Figure { denominator: Some(denominator), .. } = outcome else { return false };
    let quality = [definition.quality.as_ref(), checked.framework().quality.as_ref()];
    let minimum = quality.iter().flatten().find_map(|q| q.minimum_denominator.as_ref()).map(|m| m.value);
    if minimum.is_some_and(|minimum| *denominator < Exact::from(minimum)) {
        return true;
    }
    let count = |note| Exact::from(notes.get(&note).copied().unwrap_or(0));
    let hundredths = |part: Exact| part.times(&Exact::from(100u64)).and_then(|p| p.over(denominator));
    let outside = hundredths(count(Note::OutsideCalendar));
    if outside.is_some_and(|share| share > Exact::from(OUTSIDE_CALENDAR_PER_CENT)) {
        return true;
    }
    let completeness =
        quality.iter().flatten().find_map(|q| q.minimum_completeness.as_ref()).map(|m| m.value);
    let Some(completeness) =
        completeness.and_then(|m| Exact::new(m.mantissa(), 10i128.checked_pow(m.scale())?))
    else {
        return false;
    };
    // Known of known and unknown together.
    let known = denominator.plus(&count(Note::Unknown)).and_then(|all| denominator.over(&all));
    known.is_some_and(|share| share < completeness)
}
