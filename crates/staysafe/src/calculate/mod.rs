//! Figures from records: `calculate` counts, `finish` divides.

pub mod clock;
pub mod counts;
pub mod derived;
pub mod engine;
mod error;
mod expected;
mod finish;
mod identity;
mod interval;
pub mod join;
#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod laws;
mod mix;
pub mod part;
mod parts_told;
mod quality;
mod reference;
#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic)]
mod tests;
pub mod version;
mod view;
mod whole;
pub mod why;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::check::{Checked, CheckedIndicator};
use crate::period::{Period, Shown};
use crate::plan::{By, Plan, Planned};
use crate::progress::Watch;
use crate::record::{Data, Days, fingerprint};
use crate::result::{
    ALL, CountsUsed, Coverage, Flag, Flags, Judged, MadeOf, NotReported, Partial, Partials, Reason, State,
};
use crate::value::Name;
use expected::Expected;
use mix::Mix;
use reference::derive::Derivations;
use reference::records::Records;
use reference::split::Split;
use reference::state;
use whole::Whole;

pub use error::CalculateError;
pub use finish::finish;
pub use identity::{Behind, Sides, Tested, identities};
pub use mix::partner_counts;

/// Counts what a plan asks for, record by record.
///
/// The returns of each authority are [joined](join::join) first. Each authority's records are counted apart and
/// merged exactly, so the same records give the same states in any order of returns, and two authorities that give two
/// children one number never meet. An indicator that cannot be calculated is absent, with its reason.
///
/// # Errors
/// A table or column that the framework does not know, a row of the wrong length, a value of another type
/// than its field's, or two returns of one authority of which neither is later.
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
    calculate_watched(checked, plan, data, &Watch::nobody())
}

/// As [`calculate`], while somebody watches, who may stop it.
///
/// # Errors
/// As for [`calculate`]; [`CalculateError::Stopped`] where it was stopped.
pub fn calculate_watched(
    checked: &Checked,
    plan: &Plan,
    data: &Data,
    watch: &Watch<'_>,
) -> Result<Partials, CalculateError> {
    let joined = joined(checked, data)?;
    let source = Source { checked, plan, data, joined: &joined, fingerprint: fingerprint(data), watch };
    Ok(count(source, &mut Counting::Reference, Reach::ToTheLastKnown)?.whole)
}

/// The returns of each authority joined, less those that only say what was asked for: they are nobody's figure.
fn joined<'a>(checked: &Checked, data: &'a Data) -> Result<join::Joined<'a>, CalculateError> {
    let mut joined = join::join(checked, data)?;
    joined.authorities.retain(|authority| !expected::is_register_only(&authority.of));
    Ok(joined)
}

/// What figures are worked out from.
struct Source<'a, 's> {
    checked: &'a Checked,
    plan: &'a Plan,
    data: &'s Data,
    joined: &'a join::Joined<'a>,
    fingerprint: String,
    watch: &'s Watch<'s>,
}

/// Who counts records: the reference, or an engine that has to agree with it.
enum Counting<'e, 'a> {
    Reference,
    /// Nobody yet: what is asked for is written down.
    Announced(&'e mut engine::Announced<'a>),
    By(engine::Answers<'e, 'a>),
}

/// How far back a measure is counted whose last known figure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// As far as its last known figure.
    ToTheLastKnown,
    /// So far that whoever merges parts can find the last known figure of them all.
    ForMerging,
}

/// What was counted: all of it, or a part of it, whose last known figures are still to be found among its candidates.
struct Found {
    whole: Partials,
    candidates: Vec<part::Candidate>,
    first_days: BTreeMap<String, NaiveDate>,
}

fn count<'a>(
    source: Source<'a, '_>,
    counting: &mut Counting<'_, 'a>,
    reach: Reach,
) -> Result<Found, CalculateError> {
    source.watch.of(source.plan.indicators().iter().map(units).sum());
    let States { partials, candidates, first_days, counts } = states(&source, counting, reach)?;
    let Source { checked, plan, joined, fingerprint, .. } = source;
    let whole = Partials {
        partials,
        by_area: plan.keeps_areas(),
        by: plan.by().iter().filter_map(By::column).map(str::to_owned).collect(),
        made_of: MadeOf { counts, ..made_of(checked, plan, fingerprint, joined) },
    };
    Ok(Found { whole, candidates, first_days })
}

/// The states of every indicator, and the partners' counts among them.
struct States {
    partials: Vec<Partial>,
    candidates: Vec<part::Candidate>,
    first_days: BTreeMap<String, NaiveDate>,
    counts: CountsUsed,
}

/// Asks for every indicator in its periods.
///
/// # Errors
/// It was stopped.
fn states<'a>(
    source: &Source<'a, '_>,
    counting: &mut Counting<'_, 'a>,
    reach: Reach,
) -> Result<States, CalculateError> {
    let Source { checked, plan, data, joined, watch, .. } = *source;
    let expected = Expected::of(checked, data);
    let mut mix = Mix::new(checked, data);
    let authorities: Vec<Records<'a>> =
        joined.authorities.iter().map(|authority| Records::new(checked, authority)).collect();
    let known: Vec<String> =
        joined.authorities.iter().map(|of| expected::authority(checked, &of.of)).collect();
    let codes: Vec<Name> = known.iter().map(Name::from).collect();
    let known: BTreeSet<String> = known.into_iter().collect();
    let mut derivations: Vec<Derivations<'a>> = authorities.iter().map(|_| Derivations::default()).collect();
    let (mut partials, mut candidates, mut first_days) = (Vec::new(), Vec::new(), BTreeMap::new());
    for planned in plan.indicators() {
        let Some(indicator) = checked.indicator(&planned.id) else { continue };
        let first_day = view::first_day(joined, planned, counting);
        first_days.extend(first_day.map(|day| (planned.id.clone(), day)));
        let mut ask = |period| {
            let split = match Split::new(checked, plan, planned, &period) {
                Ok(split) => Ok(Arc::new(split)),
                Err((split, why)) => Err((Arc::new(split), why)),
            };
            let asked = (indicator, period, &split);
            let of = (checked, authorities.as_slice(), (joined, codes.as_slice()), plan.beyond_cover());
            let mut found = slots(of, &mut derivations, asked, counting, (watch, mix.tells(indicator)));
            of_the_asked(&expected, &known, &mut found, asked);
            let (Ok(apart) | Err((apart, _))) = &split;
            mix.put_in(indicator, period, apart, found)
        };
        view::states(checked, planned, (first_day, reach), &mut ask, (&mut partials, &mut candidates));
        let goes_on = match counting {
            Counting::Announced(_) => watch.goes_on(),
            Counting::Reference | Counting::By(_) => watch.done(units(planned)),
        };
        if !goes_on {
            return Err(CalculateError::Stopped);
        }
    }
    Ok(States { partials, candidates, first_days, counts: mix.used })
}

/// How much work an indicator is, as it is told: its periods.
fn units(planned: &Planned) -> u64 {
    planned.speaks.len() as u64
}

/// Counts each cell's returns among those that were asked for, and adds the areas of which nothing came.
fn of_the_asked(
    expected: &Expected,
    known: &BTreeSet<String>,
    found: &mut Of,
    (indicator, period, split): (&CheckedIndicator, Period, &Apart<'_>),
) {
    if known.is_empty() || expected.asks_for_nothing() {
        return;
    }
    for partial in &mut found.partials {
        let area = partial.area.clone();
        if known.contains(area.as_str()) {
            expected.count(partial, indicator.reads(), &area);
        }
    }
    for (area, what, returns) in expected.silent(indicator.reads(), period, known) {
        let area = Name::from(area);
        let partial = Partial {
            authority: Some(area.clone()),
            area: area.clone(),
            state: State::Absent(Reason::NotReported(what)),
            coverage: Coverage { reported: 0, expected: returns, days: None },
            ..nothing(indicator.id(), period, split)
        };
        found.authorities.push((Some(area), 1));
        found.partials.push(partial);
    }
}

/// The states of one indicator and period, and the authorities that they are of, each with how many, where counts are told that
/// could stand beside them; `None` stands for *no return at all*.
#[derive(Default)]
struct Of {
    partials: Vec<Partial>,
    authorities: Vec<(Option<Name>, usize)>,
}

/// How an indicator's figures are kept apart in a period, or why they cannot be.
type Apart<'a> = Result<Arc<Split<'a>>, (Arc<Split<'a>>, Reason)>;

/// Of whom it is asked: the records of each authority, its joined return and its code, and whether rows beyond the cover are let in.
type Asking<'s, 'a> = (&'a Checked, &'s [Records<'a>], (&'s join::Joined<'s>, &'s [Name]), bool);

/// The state of each slot in a period, from each authority, by its code.
fn slots<'a>(
    (checked, authorities, (joined, codes), beyond_cover): Asking<'_, 'a>,
    derivations: &mut [Derivations<'a>],
    (indicator, period, split): (&'a CheckedIndicator, Period, &Apart<'a>),
    counting: &mut Counting<'_, 'a>,
    (watch, counts_are_told): (&Watch<'_>, bool),
) -> Of {
    if authorities.is_empty() {
        return Of { partials: vec![nothing(indicator.id(), period, split)], authorities: vec![(None, 1)] };
    }
    let (Ok(apart) | Err((apart, _))) = split;
    let id = Name::from(indicator.id());
    let mut found = Of::default();
    let all = authorities.iter().zip(derivations).zip(&joined.authorities);
    for (authority, ((records, made), of)) in all.enumerate().take_while(|_| watch.goes_on()) {
        let cut_off = indicator.reads().keys().any(|dataset| of.truncated.contains(dataset));
        let provisional =
            indicator.reads().keys().filter_map(|dataset| of.provisional.get(dataset)).flatten();
        let provisional = provisional.into_iter().any(|days| overlaps(*days, period));
        let of_authority = (authority, records, made);
        let whole = Whole::of(checked, records, indicator, period);
        let all = state(checked, of_authority, indicator, &period, split, beyond_cover, counting);
        found.partials.reserve(all.len());
        let own = counts_are_told.then(|| apart.own_area(records).into());
        found.authorities.push((own, all.len()));
        for mut finished in all {
            if !matches!(finished.state, State::Absent(_)) {
                let marks = [(Flag::PartlyReported, cut_off), (Flag::Provisional, provisional)];
                finished.flags.extend(marks.iter().filter(|(_, holds)| *holds).map(|(flag, _)| *flag));
                whole.mark(&mut finished, beyond_cover);
            }
            let partial = Partial {
                indicator: id.clone(),
                authority: codes.get(authority).cloned(),
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
            found.partials.push(partial);
        }
    }
    found
}

fn overlaps(days: Days, period: Period) -> bool {
    days.first <= period.last_day() && period.first_day() <= days.last
}

fn nothing(indicator: &str, period: Period, split: &Apart<'_>) -> Partial {
    let (Ok(split) | Err((split, _))) = split;
    Partial {
        indicator: indicator.into(),
        authority: None,
        area: ALL.into(),
        by: split.nowhere(),
        period,
        shown: Shown::default(),
        state: State::Absent(Reason::NotReported(NotReported::NoReturn)),
        coverage: Coverage::default(),
        judged: Judged::default(),
        flags: Flags::new(),
        notes: BTreeMap::new(),
    }
}

fn made_of(checked: &Checked, plan: &Plan, data: String, joined: &join::Joined<'_>) -> MadeOf {
    MadeOf {
        plan: plan.hash().to_owned(),
        definitions: plan.indicators().iter().map(|p| (p.id.clone(), p.definition.clone())).collect(),
        data,
        calendar: checked.calendar().version().to_owned(),
        parameters: checked
            .parameters()
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect(),
        readings: plan
            .indicators()
            .iter()
            .filter_map(|planned| checked.readings().get(&planned.id))
            .map(|reading| {
                let used = reading.parameters().iter();
                let printed = used.map(|(name, value)| (name.clone(), value.to_string())).collect();
                (reading.id().to_owned(), printed)
            })
            .collect(),
        library: env!("CARGO_PKG_VERSION").to_owned(),
        joined: joined.summary(),
        counts: CountsUsed::default(),
    }
}
