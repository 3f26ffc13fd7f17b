//! From partial states to results: areas added up where asked, then the division.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{interval, quality};
use crate::check::Checked;
use crate::check::tree::CheckedCalculation;
use crate::definition::indicator::{Indicator, Kind};
use crate::period::Period;
use crate::result::{
    ALL, Cell, Coverage, Entry, Flag, Interval, NoInterval, NotReported, Observation, Outcome, Partial,
    Partials, Reason, Results, State, Statistic, UNKNOWN_CATEGORY, Weights,
};
use crate::value::Exact;

/// Finishes a calculation: adds areas up where the plan says so, and divides.
///
/// Values stay exact; they are rounded when they are printed.
pub fn finish(checked: &Checked, partials: &Partials) -> Results {
    let areas: BTreeSet<&str> = partials.partials.iter().map(|partial| partial.area.as_str()).collect();
    let several = areas.len() > 1;
    let mut merged: BTreeMap<Key, Partial> = BTreeMap::new();
    let together = told_together(checked, &partials.partials);
    for partial in &partials.partials {
        let mut partial = partial.clone();
        if together.contains(&key_of(&partial)) {
            partial.state = one_of_several(partial.state);
        }
        if several && !partials.by_area && !requires_areas(checked, &partial.indicator) {
            ALL.clone_into(&mut partial.area);
        }
        merge(&mut merged, partial);
    }
    let mut observations = Vec::new();
    for partial in missing_from_each(merged).into_values() {
        if let Some(definition) = checked.definition(&partial.indicator) {
            observe(checked, definition, &partial, &mut observations);
        }
    }
    let ranks: Vec<BTreeMap<String, usize>> = partials.by.iter().map(|name| ranks(checked, name)).collect();
    observations.sort_by_cached_key(|seen| key(seen, &ranks));
    Results { observations, by: partials.by.clone(), made_of: partials.made_of.clone() }
}

/// Indicator, area, what stands in each column of `by`, period.
type Key = (String, String, Vec<String>, Period);

fn key_of(partial: &Partial) -> Key {
    (partial.indicator.clone(), partial.area.clone(), partial.by.clone(), partial.period)
}

/// Cells in which something that is told of one authority is asked of several: a region's score.
fn told_together(checked: &Checked, partials: &[Partial]) -> BTreeSet<Key> {
    let mut first: BTreeMap<Key, &Option<String>> = BTreeMap::new();
    let mut several = BTreeSet::new();
    let told = |partial: &&Partial| checked.definition(&partial.indicator).is_some_and(is_told);
    for partial in partials.iter().filter(told) {
        let key = key_of(partial);
        if *first.entry(key.clone()).or_insert(&partial.authority) != &partial.authority {
            several.insert(key);
        }
    }
    several
}

/// A score of one authority as part of the mean of several: their sum over their number, as England and regions were published.
/// Documents and words have no mean.
///
/// Source: ruling 28 (NI 71: a mean over the authorities that answered).
fn one_of_several(state: State) -> State {
    let State::Latest { day, entries } = state else { return state };
    match told(day, &entries) {
        Outcome::Figure { value, numerator: None, .. } => match value.times(&value) {
            Some(squares) => State::Sum { count: 1, total: value, squares },
            None => State::Absent(Reason::Refused("the square of a score does not fit".to_owned())),
        },
        Outcome::Figure { .. } => State::Absent(Reason::Refused(
            "it is told of one authority at a time: ask for it by area".to_owned(),
        )),
        Outcome::Absent(reason) => State::Absent(reason),
    }
}

fn merge(merged: &mut BTreeMap<Key, Partial>, partial: Partial) {
    let key = key_of(&partial);
    let with = match merged.remove(&key) {
        Some(held) => held.combine(partial),
        None => partial,
    };
    merged.insert(key, with);
}

/// An authority that gave nothing stands in no category: beside others that did it is missing from each.
fn missing_from_each(merged: BTreeMap<Key, Partial>) -> BTreeMap<Key, Partial> {
    let is_whole = |partial: &Partial| {
        matches!(partial.state, State::Absent(_)) && partial.by.iter().any(|value| value == ALL)
    };
    let (wholes, mut merged): (BTreeMap<Key, Partial>, BTreeMap<Key, Partial>) =
        merged.into_iter().partition(|(_, partial)| is_whole(partial));
    for (key, whole) in wholes {
        let lies_in = |other: &Partial| {
            let same = whole.by.iter().zip(&other.by).all(|(whole, part)| whole == ALL || whole == part);
            same && other.period == whole.period
        };
        let first: Key = (key.0.clone(), key.1.clone(), Vec::new(), whole.period);
        let of_area = merged.range(first..).take_while(|(other, _)| (&other.0, &other.1) == (&key.0, &key.1));
        let inside: Vec<Key> =
            of_area.filter(|(_, other)| lies_in(other)).map(|(key, _)| key.clone()).collect();
        if inside.is_empty() {
            merged.insert(key, whole);
            continue;
        }
        for key in inside {
            if let Some(part) = merged.remove(&key) {
                merged.insert(key, part.combine(whole.clone()));
            }
        }
    }
    merged
}

/// Whether a definition's figures are never shown for several areas together: what is told is told of one.
fn requires_areas(checked: &Checked, id: &str) -> bool {
    if checked.definition(id).is_some_and(is_told) {
        return true;
    }
    let required = checked.definition(id).and_then(|definition| definition.required_breakdown.as_ref());
    required.is_some_and(|name| {
        name.value == "area" || checked.framework().area_levels().contains(name.value.as_str())
    })
}

/// Whether it is told, and nothing is counted.
fn is_told(definition: &Indicator) -> bool {
    matches!(definition.kind.value, Kind::Score | Kind::Document | Kind::Narrative)
}

/// The place of each category of a breakdown in its order; none of a level's areas, which go by their codes.
fn ranks(checked: &Checked, name: &str) -> BTreeMap<String, usize> {
    let framework = checked.framework();
    let codes = framework.breakdowns.get(name).map_or_else(Vec::new, |breakdown| breakdown.codes(framework));
    codes.into_iter().enumerate().map(|(rank, code)| (code, rank)).collect()
}

type Order = (String, Statistic, Option<String>, String, Vec<(usize, String)>, Period);

fn key(of: &Observation, ranks: &[BTreeMap<String, usize>]) -> Order {
    let by = of.by.iter().zip(ranks).map(|(value, ranks)| {
        // `all` stands before the categories, `unknown` behind them.
        let rank = match value.as_str() {
            ALL => 0,
            UNKNOWN_CATEGORY => usize::MAX,
            code => ranks.get(code).map_or(1, |rank| rank + 1),
        };
        (rank, value.clone())
    });
    (of.indicator.clone(), of.statistic, of.category.clone(), of.area.clone(), by.collect(), of.period)
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
        let (outcome, interval) = if quality::is_too_few(checked, definition, &outcome, partial) {
            (Outcome::Absent(Reason::Suppressed), Interval::Without(NoInterval::NoFigure))
        } else {
            (outcome, interval)
        };
        let mut flags = partial.flags.clone();
        if let Outcome::Figure { value, .. } = &outcome {
            let Coverage { reported, expected, .. } = partial.coverage;
            let marks = [
                (Flag::PartlyReported, reported < expected),
                (Flag::LowReliability, quality::is_low(checked, definition, &outcome, partial)),
                (Flag::Low, prints_as_nought(statistic, value)),
            ];
            flags.extend(marks.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag));
        }
        observations.push(Observation {
            indicator: partial.indicator.clone(),
            statistic,
            category,
            area: partial.area.clone(),
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
    let words = match &partial.state {
        State::Latest { entries, .. } => match entries.first() {
            Some(Entry::Words(words)) if entries.len() == 1 => Some(words.clone()),
            _ => None,
        },
        _ => None,
    };
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
        State::Survey(surveyed) => match surveyed.total() {
            Some(Weights { yes, all }) => divide(&yes, &all, multiplier, Reason::Undefined),
            None => Outcome::Absent(Reason::Refused("the sum of weights does not fit".to_owned())),
        },
        State::Sum { count, total, .. } => {
            divide(total, &Exact::from(*count), Some(1), Reason::NothingToMeasure)
        }
        State::Values(values) => median(values),
        State::Latest { day, entries } => told(*day, entries),
        State::Categories(_) => Outcome::Absent(Reason::NothingToMeasure),
    };
    let interval = interval::of(definition.kind.value, &partial.state, &outcome, multiplier.unwrap_or(1));
    // The words of a narrative stand where a distribution has its category.
    push(words, outcome, interval);
}

/// What was told last. Entries of one day that differ refuse the cell: nobody here can say which of them holds.
fn told(day: NaiveDate, entries: &BTreeSet<Entry>) -> Outcome {
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
