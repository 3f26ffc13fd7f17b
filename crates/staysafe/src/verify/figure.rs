//! A test of a figure: calculated as any other, and compared.

use super::{failed, given};
use crate::calculate::version::{Chosen, version_of};
use crate::calculate::{calculate, finish};
use crate::check::Checked;
use crate::definition::indicator::{Expect, Test};
use crate::diagnostic::{Diagnostics, Span};
use crate::period::Period;
use crate::plan::{Request, plan};
use crate::record::Data;
use crate::result::{Observation, Outcome};

/// Runs one test of an indicator.
pub(super) fn run(checked: &Checked, id: &str, test: &Test, findings: &mut Diagnostics) {
    if let Some(why) = names_version(checked, id, test) {
        let place = test.version.as_ref().map_or(&test.place.span, |version| &version.span);
        findings.push(failed(id, &test.name, place, why));
    }
    let named = test.reading.as_ref().and_then(|reading| {
        let indicator = checked.definition(id)?;
        let found = indicator.readings.iter().find(|one| one.name.value == reading.value)?;
        Some(indicator.id_of(found))
    });
    let asked = named.as_deref().unwrap_or(id);
    match given::framework(checked, &test.parameters, &test.facts) {
        Ok(own) => match observations(own.as_ref().unwrap_or(checked), asked, test) {
            Ok(observations) => compare(id, test, &observations, findings),
            Err(why) => findings.push(failed(id, &test.name, &test.place.span, why)),
        },
        Err(found) => findings.extend(found),
    }
}

/// Each test of a definition with versions names the one that its period is calculated by.
fn names_version(checked: &Checked, id: &str, test: &Test) -> Option<String> {
    let indicator = checked.indicator(id)?;
    let period: Period = test.period.value.parse().ok()?;
    let several = !matches!(indicator.versions(), [only] if only.from().is_none() && only.to().is_none());
    let chosen = match version_of(indicator, period) {
        Chosen::One(version) if several => Some(version.name()),
        _ => None,
    };
    let named = test.version.as_ref().map(|version| version.value.clone());
    match (&chosen, &named) {
        (Some(chosen), None) => Some(format!("it names no version; {period} is of version = \"{chosen}\"")),
        (Some(chosen), Some(named)) if chosen != named => {
            Some(format!("{period} is of the version \"{chosen}\", and the test names \"{named}\""))
        }
        (None, Some(_)) => Some(format!("no single version speaks for {period}, and the test names one")),
        _ => None,
    }
}

fn observations(checked: &Checked, id: &str, test: &Test) -> Result<Vec<Observation>, String> {
    let period: Period =
        test.period.value.parse().map_err(|error| format!("its period cannot be read: {error}"))?;
    let request = Request { indicators: vec![id.to_owned()], periods: vec![period], ..Request::default() };
    let plan = plan(checked, &request).map_err(|error| error.to_string())?;
    let data = Data { returns: vec![given::made_return(checked, test)?] };
    let partials = calculate(checked, &plan, &data).map_err(|error| error.to_string())?;
    Ok(finish(checked, &partials).observations)
}

fn compare(id: &str, test: &Test, observations: &[Observation], findings: &mut Diagnostics) {
    let expect: &Expect = &test.expect;
    let mut differs = |place: &Span, what: &str, wanted: &str, found: &str| {
        findings.push(failed(id, &test.name, place, format!("{what}: expected {wanted}, found {found}")));
    };
    for (category, count) in &expect.categories {
        let found = observations.iter().find(|o| o.category.as_deref() == Some(category));
        let found = found.map_or_else(|| "no such category".to_owned(), |o| part(&o.cell.outcome, true));
        if found != count.value.to_string() {
            differs(&count.span, category, &count.value.to_string(), &found);
        }
    }
    let Some(first) = observations.first() else {
        differs(&test.place.span, "figures", "at least one", "none");
        return;
    };
    let outcome = &first.cell.outcome;
    for (wanted, above, what) in
        [(&expect.numerator, true, "numerator"), (&expect.denominator, false, "denominator")]
    {
        if let Some(wanted) = wanted {
            let found = part(outcome, above);
            if found != wanted.value.to_string() {
                let found = format!("{found}{}", beside(first));
                differs(&wanted.span, what, &wanted.value.to_string(), &found);
            }
        }
    }
    if let Some(wanted) = &expect.value {
        let places = wanted.value.split_once('.').map_or(0, |(_, places)| places.len());
        let found = match outcome {
            Outcome::Figure { value, .. } => value.to_places(u32::try_from(places).unwrap_or(0)),
            Outcome::Absent(reason) => reason.code().to_owned(),
        };
        if found != wanted.value {
            differs(&wanted.span, "value", &wanted.value, &found);
        }
    }
    if let Some(wanted) = &expect.outcome
        && wanted.value != outcome.code()
    {
        let found = match outcome {
            Outcome::Figure { .. } => "a figure".to_owned(),
            Outcome::Absent(reason) => reason.words(),
        };
        differs(&wanted.span, "outcome", &wanted.value, &found);
    }
    for (note, count) in &expect.notes {
        let found = first.cell.notes.iter().find(|(n, _)| n.code() == note).map_or(0, |(_, count)| *count);
        if i64::try_from(found) != Ok(count.value) {
            differs(&count.span, note, &count.value.to_string(), &found.to_string());
        }
    }
}

/// Counters beside the figure, which often say why it is another.
fn beside(observation: &Observation) -> String {
    let notes = &observation.cell.notes;
    let counted: Vec<String> = notes
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(note, count)| format!("{} = {count}", note.code()))
        .collect();
    if counted.is_empty() { String::new() } else { format!(" (beside it {})", counted.join(", ")) }
}

/// The figure's numerator or denominator as text, or why there is none.
fn part(outcome: &Outcome, above: bool) -> String {
    match outcome {
        Outcome::Figure { numerator, denominator, .. } => {
            let part = if above { numerator } else { denominator };
            part.map_or_else(|| "none".to_owned(), |n| n.to_string())
        }
        Outcome::Absent(reason) => reason.words(),
    }
}
