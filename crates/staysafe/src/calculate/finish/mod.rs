//! From partial states to results: areas added up where asked, then the division.
//!
//! Cells go by the numbers of their names ([`order`]): each name is looked at once, no cell is copied that is not added to
//! another, and the work grows with the number of cells alone.

mod observe;
mod order;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::Checked;
use crate::definition::indicator::{Indicator, Kind};
use crate::period::Period;
use crate::result::{ALL, Observation, Outcome, Partial, Partials, Reason, Results, State};
use crate::value::Names;
use observe::{Observing, told};
use order::{At, Order};

/// Finishes a calculation: adds areas up where the plan says so, and divides.
///
/// Values stay exact; they are rounded when they are printed.
pub fn finish(checked: &Checked, partials: &Partials) -> Results {
    let cells = partials.partials.as_slice();
    let several = cells.windows(2).any(|pair| matches!(pair, [one, next] if one.area != next.area));
    let adds_areas_up = |id: &str| several && !partials.by_area && !requires_areas(checked, id);
    let order = Order::new(checked, cells, &partials.by, adds_areas_up);
    let mut observations = Vec::with_capacity(cells.len());
    for of_indicator in order.cells().chunk_by(|one, next| one.indicator == next.indicator) {
        let indicator = of_indicator.first().and_then(|at| cells.get(at.cell()));
        let Some(definition) = indicator.and_then(|partial| checked.definition(&partial.indicator)) else {
            continue;
        };
        let observing = Observing::new(checked, definition);
        let first = observations.len();
        for of_area in of_indicator.chunk_by(|one, next| one.area == next.area) {
            for merged in of_one_area(cells, of_area, is_told(definition)) {
                let area = order.area(merged.at).unwrap_or(&merged.cell.area);
                observing.observe(area, &merged.cell, &mut observations);
            }
        }
        // Categories of a distribution stand before areas.
        let own = observations.get_mut(first..).unwrap_or_default();
        if own.iter().any(|seen: &Observation| seen.category.is_some()) {
            own.sort_by(|one, other| one.category.cmp(&other.category));
        }
    }
    Results { observations, by: partials.by.clone(), made_of: partials.made_of.clone() }
}

/// What stands in one place of the results, added up.
struct Merged<'p> {
    at: At,
    cell: Cow<'p, Partial>,
}

/// The cells of one indicator and area, by what stands in each column and period.
fn of_one_area<'p>(cells: &'p [Partial], all: &[At], is_told: bool) -> Vec<Merged<'p>> {
    let of = |at: &At| cells.get(at.cell());
    let merged =
        all.chunk_by(|one, next| (one.by, one.period) == (next.by, next.period)).filter_map(|same| {
            let (first, others) = same.split_first()?;
            let cell = of(first)?;
            let others = || others.iter().filter_map(of);
            let one_of_many = is_told && others().any(|other| other.authority != cell.authority);
            let part = |cell: &Partial| {
                let mut part = cell.clone();
                if one_of_many {
                    part.state = one_of_several(part.state);
                }
                part
            };
            let cell = if others().next().is_none() {
                Cow::Borrowed(cell)
            } else {
                Cow::Owned(others().map(part).fold(part(cell), Partial::combine))
            };
            Some(Merged { at: *first, cell })
        });
    missing_from_each(merged.collect())
}

/// A score of one authority as part of the mean of several: their sum over their number, as England and regions were published.
/// Documents and words have no mean.
///
/// Source: ruling 28 (NI 71: a mean over the authorities that answered).
fn one_of_several(state: State) -> State {
    let State::Latest { day, entries } = state else { return state };
    match told(day, &entries) {
        Outcome::Figure { value, numerator: None, .. } => match value.times(&value) {
            Some(squares) => State::sum(1, value, squares),
            None => State::Absent(Reason::Refused("the square of a score does not fit".to_owned())),
        },
        Outcome::Figure { .. } => State::Absent(Reason::Refused(
            "it is told of one authority at a time: ask for it by area".to_owned(),
        )),
        Outcome::Absent(reason) => State::Absent(reason),
    }
}

/// Cells of one indicator and area by what stands in each column, and period.
type Cells<'p> = BTreeMap<(Names, Period), Merged<'p>>;

/// An authority that gave nothing stands in no category: beside others that did it is missing from each.
fn missing_from_each(all: Vec<Merged<'_>>) -> Vec<Merged<'_>> {
    let is_whole = |partial: &Partial| {
        matches!(partial.state, State::Absent(_)) && partial.by.iter().any(|value| value == ALL)
    };
    if !all.iter().any(|merged| is_whole(&merged.cell)) {
        return all;
    }
    let key = |merged: &Merged<'_>| (merged.cell.by.clone(), merged.cell.period);
    let (wholes, mut parts): (Cells<'_>, Cells<'_>) =
        all.into_iter().map(|merged| (key(&merged), merged)).partition(|(_, merged)| is_whole(&merged.cell));
    for (key, whole) in wholes {
        let lies_in = |other: &Partial| {
            let same = whole.cell.by.iter().zip(&other.by).all(|(whole, part)| whole == ALL || whole == part);
            same && other.period == whole.cell.period
        };
        let inside: Vec<&mut Merged<'_>> = parts.values_mut().filter(|other| lies_in(&other.cell)).collect();
        if inside.is_empty() {
            parts.insert(key, whole);
            continue;
        }
        for part in inside {
            part.cell = Cow::Owned(part.cell.clone().into_owned().combine((*whole.cell).clone()));
        }
    }
    let mut all: Vec<Merged<'_>> = parts.into_values().collect();
    all.sort_by_key(|merged| (merged.at.by, merged.at.period));
    all
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
