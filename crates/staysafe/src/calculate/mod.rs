//! Figures from records: `calculate` counts, `finish` divides.

pub mod clock;
pub mod counts;
pub mod derived;
mod error;
mod finish;
mod interval;
#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod laws;
mod quality;
mod reference;
#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic)]
mod tests;
pub mod version;
mod view;
pub mod why;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Checked, CheckedIndicator};
use crate::period::{Period, Shown};
use crate::plan::{By, Plan};
use crate::record::{Data, fingerprint};
use crate::result::{ALL, Coverage, Flag, Judged, MadeOf, NotReported, Partial, Partials, Reason, State};
use reference::derive::Derivations;
use reference::records::Records;
use reference::split::Split;
use reference::state;

pub use error::CalculateError;
pub use finish::finish;

/// Counts what a plan asks for, record by record.
///
/// Each authority's records are counted apart and merged exactly, so the same records give the same
/// states in any order of returns. An indicator that cannot be calculated is absent, with its reason.
///
/// # Errors
/// A table or column that the framework does not know, a row of the wrong length, a value of another type
/// than its field's, or two returns that carry the same dataset for one authority.
///
/// # Example
/// ```
/// use staysafe::calculate::{calculate, finish};
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let partials = calculate(&checked, &plan, &Data::default()).unwrap();
/// assert!(finish(&checked, &partials).observations.is_empty());
/// ```
pub fn calculate(checked: &Checked, plan: &Plan, data: &Data) -> Result<Partials, CalculateError> {
    one_return_each(data)?;
    let returns: Vec<Records<'_>> =
        data.returns.iter().map(|of| Records::new(checked, of)).collect::<Result<_, _>>()?;
    let mut derivations: Vec<Derivations<'_>> = returns.iter().map(|_| Derivations::default()).collect();
    let mut partials = Vec::new();
    for planned in plan.indicators() {
        let Some(indicator) = checked.indicator(&planned.id) else { continue };
        let mut ask = |period| {
            let split = Split::new(checked, plan, planned, &period);
            slots(checked, &returns, &mut derivations, data, (indicator, period, &split), plan.beyond_cover())
        };
        partials.extend(view::states(checked, planned, data, &mut ask));
    }
    Ok(Partials {
        partials,
        by_area: plan.keeps_areas(),
        by: plan.by().iter().filter_map(By::column).map(str::to_owned).collect(),
        made_of: made_of(checked, plan, data),
    })
}

/// How an indicator's figures are kept apart in a period, or why they cannot be.
type Apart<'a> = Result<Split<'a>, (Split<'a>, Reason)>;

/// The state of each slot in a period, from all returns.
fn slots<'a>(
    checked: &'a Checked,
    returns: &'a [Records<'a>],
    derivations: &mut [Derivations<'a>],
    data: &Data,
    (indicator, period, split): (&'a CheckedIndicator, Period, &Apart<'a>),
    beyond_cover: bool,
) -> Vec<Partial> {
    if returns.is_empty() {
        return vec![nothing(indicator.id(), period, split)];
    }
    let mut held: BTreeMap<Key, Partial> = BTreeMap::new();
    for ((records, made), of) in returns.iter().zip(derivations).zip(&data.returns) {
        for mut finished in state(checked, records, made, indicator, &period, split, beyond_cover) {
            if of.truncated && !matches!(finished.state, State::Absent(_)) {
                finished.flags.insert(Flag::PartlyReported);
            }
            let partial = Partial {
                indicator: indicator.id().to_owned(),
                area: finished.area,
                by: finished.by,
                period,
                shown: Shown::default(),
                state: finished.state,
                coverage: finished.coverage,
                judged: finished.judged,
                flags: finished.flags,
                notes: finished.notes,
            };
            merge_authority(&mut held, &of.area, partial);
        }
    }
    without_wholes(held)
}

/// The returning authority, and where a figure stands.
type Key = (String, String, Vec<String>);

/// Two returns of one authority that carry different datasets report once between them.
fn merge_authority(authorities: &mut BTreeMap<Key, Partial>, authority: &str, partial: Partial) {
    let key = (authority.to_owned(), partial.area.clone(), partial.by.clone());
    let Some(held) = authorities.remove(&key) else {
        authorities.insert(key, partial);
        return;
    };
    let reported = held.coverage.reported.max(partial.coverage.reported);
    let expected = held.coverage.expected.max(partial.coverage.expected);
    let mut merged = held;
    let absent = matches!(partial.state, State::Absent(_));
    if absent && !matches!(merged.state, State::Absent(_)) {
        // What one return does not carry, the other does: nothing is missing.
    } else if matches!(merged.state, State::Absent(_)) && !absent {
        merged = partial;
    } else {
        merged = merged.combine(partial);
    }
    merged.coverage.reported = reported;
    merged.coverage.expected = expected;
    authorities.insert(key, merged);
}

/// An authority's absence as a whole says nothing once another of its returns fills the categories.
fn without_wholes(held: BTreeMap<Key, Partial>) -> Vec<Partial> {
    let filled: BTreeSet<String> = held
        .iter()
        .filter(|(_, partial)| !matches!(partial.state, State::Absent(_)))
        .map(|((authority, ..), _)| authority.clone())
        .collect();
    let empty = |authority: &String, partial: &Partial| {
        matches!(partial.state, State::Absent(_)) && filled.contains(authority)
    };
    held.into_iter()
        .filter(|((authority, ..), partial)| !empty(authority, partial))
        .map(|(_, partial)| partial)
        .collect()
}

fn nothing(indicator: &str, period: Period, split: &Apart<'_>) -> Partial {
    let (Ok(split) | Err((split, _))) = split;
    Partial {
        indicator: indicator.to_owned(),
        area: ALL.to_owned(),
        by: split.nowhere(),
        period,
        shown: Shown::default(),
        state: State::Absent(Reason::NotReported(NotReported::NoReturn)),
        coverage: Coverage::default(),
        judged: Judged::default(),
        flags: BTreeSet::new(),
        notes: BTreeMap::new(),
    }
}

/// Returns that follow on from each other need rules of their own; adding them up would count twice.
fn one_return_each(data: &Data) -> Result<(), CalculateError> {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for of in &data.returns {
        for dataset in of.tables.keys() {
            if let Some(first) = seen.insert((&of.area, dataset), &of.name) {
                return Err(CalculateError::SameAuthority {
                    first: first.to_owned(),
                    second: of.name.clone(),
                    dataset: dataset.clone(),
                    area: of.area.clone(),
                });
            }
        }
    }
    Ok(())
}

fn made_of(checked: &Checked, plan: &Plan, data: &Data) -> MadeOf {
    MadeOf {
        plan: plan.hash().to_owned(),
        definitions: plan.indicators().iter().map(|p| (p.id.clone(), p.definition.clone())).collect(),
        data: fingerprint(data),
        calendar: checked.calendar().version().to_owned(),
        parameters: checked
            .parameters()
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect(),
        library: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
