//! A test of a clock: one record on one day.

use std::collections::BTreeMap;

use super::{failed, given};
use crate::calculate::clock::{Reading, Standing, clock};
use crate::check::Checked;
use crate::definition::indicator::{ClockTest, SpanUnit, Stretch};
use crate::diagnostic::{Diagnostics, Span};

/// Runs one test of an indicator's clock.
pub(super) fn run(checked: &Checked, id: &str, test: &ClockTest, findings: &mut Diagnostics) {
    let own = match given::framework(checked, &test.parameters, &BTreeMap::new()) {
        Ok(own) => own,
        Err(found) => {
            findings.extend(found);
            return;
        }
    };
    let record = test.record.fields.iter().map(|(name, given)| (name.clone(), given.value.clone())).collect();
    let name = test.clock.as_ref().map(|clock| clock.value.as_str());
    match clock(own.as_ref().unwrap_or(checked), id, name, &record, test.as_of.value) {
        Ok(reading) => compare(id, test, &reading, findings),
        Err(why) => findings.push(failed(id, &test.name, &test.place.span, why.to_string())),
    }
}

fn compare(id: &str, test: &ClockTest, reading: &Reading, findings: &mut Diagnostics) {
    let expect = &test.expect;
    let mut differs = |place: &Span, what: &str, wanted: String, found: Option<String>| {
        let found = found.unwrap_or_else(|| "none".to_owned());
        if wanted != found {
            let why = format!("{what}: expected {wanted}, found {found}");
            findings.push(failed(id, &test.name, place, why));
        }
    };
    if let Some(standing) = &expect.standing {
        differs(&standing.span, "standing", standing.value.clone(), Some(code(reading.standing).to_owned()));
    }
    if let Some(due) = &expect.due {
        differs(&due.span, "due", due.value.to_string(), reading.due.map(|day| day.to_string()));
    }
    if let Some(day) = &expect.day_reached {
        let found = reading.day_reached.map(|day| day.to_string());
        differs(&day.span, "day_reached", day.value.to_string(), found);
    }
    if let Some(limit) = &expect.limit {
        differs(&limit.span, "limit", stretch(limit.value), reading.limit.map(stretch));
    }
    if let Some(doubt) = &expect.doubt {
        let found = reading.doubt.as_ref().map(|note| note.code().to_owned());
        differs(&doubt.span, "doubt", doubt.value.clone(), found);
    }
}

/// How a case stands, as the format writes it.
pub(super) fn code(standing: Standing) -> &'static str {
    match standing {
        Standing::MetInTime => "met-in-time",
        Standing::MetLate => "met-late",
        Standing::OnTimeSoFar => "on-time-so-far",
        Standing::AlreadyLate => "already-late",
        Standing::NotYetDue => "not-yet-due",
        Standing::CannotBeJudged => "cannot-be-judged",
    }
}

fn stretch(stretch: Stretch) -> String {
    let unit = match stretch.unit {
        SpanUnit::Days => "days",
        SpanUnit::WorkingDays => "working days",
        SpanUnit::Months => "months",
        SpanUnit::Years => "years",
    };
    format!("{} {unit}", stretch.length)
}
