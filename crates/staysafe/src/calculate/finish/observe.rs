//! What each cell comes to: the division, the marks, the interval.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::{interval, quality};
use crate::check::Checked;
use crate::check::tree::CheckedCalculation;
use crate::definition::indicator::{Indicator, Kind};
use crate::result::{
    Cell, Coverage, Entry, Flag, Interval, NoInterval, NotReported, Observation, Outcome, Partial, Reason,
    State, Statistic, Weights,
};
use crate::value::{Exact, Name};

/// What is known of an indicator before its cells are.
pub(super) struct Observing<'a> {
    checked: &'a Checked,
    definition: &'a Indicator,
    statistic: Statistic,
    multiplier: Option<i64>,
}

impl<'a> Observing<'a> {
    pub(super) fn new(checked: &'a Checked, definition: &'a Indicator) -> Self {
        let statistic = statistic(definition.kind.value);
        Self { checked, definition, statistic, multiplier: multiplier(checked, definition) }
    }

    /// The observations of a cell: one, or one for each category.
    pub(super) fn observe(&self, area: &Name, partial: &Partial, observations: &mut Vec<Observation>) {
        let mut push = |category: Option<Name>, outcome: Outcome, interval: Interval| {
            observations.push(self.observation(area, partial, category, (outcome, interval)));
        };
        if let State::Categories(counts) = &partial.state {
            let total: u64 = counts.values().sum();
            for (category, count) in counts {
                let outcome = share(*count, total, Some(100));
                push(Some(category.into()), outcome, interval::share(*count, total, 100));
            }
            return;
        }
        // The words of a narrative stand where a distribution has its category.
        let words = match &partial.state {
            State::Latest { entries, .. } => match entries.first() {
                Some(Entry::Words(words)) if entries.len() == 1 => Some(words.into()),
                _ => None,
            },
            _ => None,
        };
        let outcome = outcome(&partial.state, self.multiplier);
        let kind = self.definition.kind.value;
        let interval = interval::of(kind, &partial.state, &outcome, self.multiplier.unwrap_or(1));
        push(words, outcome, interval);
    }

    fn observation(
        &self,
        area: &Name,
        partial: &Partial,
        category: Option<Name>,
        (outcome, interval): (Outcome, Interval),
    ) -> Observation {
        let Self { checked, definition, statistic, .. } = *self;
        let (outcome, interval) = if quality::is_too_few(checked, definition, &outcome, partial) {
            (Outcome::Absent(Reason::Suppressed), Interval::Without(NoInterval::NoFigure))
        } else {
            (outcome, interval)
        };
        let mut flags = partial.flags;
        if let Outcome::Figure { value, .. } = &outcome {
            let Coverage { reported, expected, .. } = partial.coverage;
            let marks = [
                (Flag::PartlyReported, reported < expected),
                (Flag::LowReliability, quality::is_low(checked, definition, &outcome, partial)),
                (Flag::Low, prints_as_nought(statistic, value)),
            ];
            flags.extend(marks.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag));
        }
        Observation {
            indicator: partial.indicator.clone(),
            statistic,
            category,
            area: area.clone(),
            by: partial.by.clone(),
            period: partial.period,
            shown: partial.shown.clone(),
            cell: Cell {
                outcome,
                interval,
                coverage: partial.coverage.clone(),
                flags,
                notes: partial.notes.clone(),
            },
        }
    }
}

fn outcome(state: &State, multiplier: Option<i64>) -> Outcome {
    match state {
        State::Absent(reason) => Outcome::Absent(reason.clone()),
        State::Counted { numerator, denominator: None } => {
            let count = Exact::from(*numerator);
            Outcome::Figure { value: count, numerator: Some(count), denominator: None }
        }
        State::Counted { numerator, denominator: Some(denominator) } => {
            share(*numerator, *denominator, multiplier)
        }
        State::Totals(of) => divide(&of.numerator, &of.denominator, multiplier, Reason::Undefined),
        State::Survey(surveyed) => match surveyed.total() {
            Some(Weights { yes, all }) => divide(&yes, &all, multiplier, Reason::Undefined),
            None => Outcome::Absent(Reason::Refused("the sum of weights does not fit".to_owned())),
        },
        State::Sum(of) => divide(&of.total, &Exact::from(of.count), Some(1), Reason::NothingToMeasure),
        State::Values(values) => median(values),
        State::Latest { day, entries } => told(*day, entries),
        State::Categories(_) => Outcome::Absent(Reason::NothingToMeasure),
    }
}

/// What was told last. Entries of one day that differ refuse the cell: nobody here can say which of them holds.
pub(super) fn told(day: NaiveDate, entries: &BTreeSet<Entry>) -> Outcome {
    let one = Exact::from(1u64);
    let mut entries = entries.iter();
    match (entries.next(), entries.len()) {
        (None, _) => Outcome::Absent(Reason::NotReported(NotReported::NoEntry)),
        (Some(Entry::Score(score)), 0) => {
            Outcome::Figure { value: *score, numerator: None, denominator: None }
        }
        (Some(Entry::Received | Entry::Words(_)), 0) => {
            Outcome::Figure { value: one, numerator: Some(one), denominator: None }
        }
        (Some(Entry::Amiss), 0) => {
            Outcome::Figure { value: Exact::ZERO, numerator: Some(Exact::ZERO), denominator: None }
        }
        (Some(first), more) => {
            let scores = std::iter::once(first).chain(entries).filter_map(|entry| match entry {
                Entry::Score(score) => Some(score.to_string()),
                // Words may name a child.
                Entry::Received | Entry::Amiss | Entry::Words(_) => None,
            });
            let scores: Vec<String> = scores.collect();
            let listed = if scores.is_empty() { String::new() } else { format!(": {}", scores.join(", ")) };
            let day = day.format("%-d %B %Y");
            Outcome::Absent(Reason::Refused(format!("{} entries of {day} differ{listed}", more + 1)))
        }
    }
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

/// Whether a computed value is not 0 and yet prints as 0, to the one decimal place that reports show.
fn prints_as_nought(statistic: Statistic, value: &Exact) -> bool {
    let computed = !matches!(statistic, Statistic::Count | Statistic::Document);
    computed && *value != Exact::ZERO && value.to_places(1).trim_start_matches('-') == "0.0"
}
