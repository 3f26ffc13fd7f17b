//! The versions of a definition: stretches of its history, each with its own calculation and clocks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::scope::Scope;
use super::tree::{CheckedCalculation, CheckedClock, CheckedMeasure, CheckedTotals, CheckedWhen, Need};
use crate::definition::indicator::{Calculation, Indicator, Version};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A stretch of a definition's history. A definition without versions has one, without a beginning or an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedVersion {
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
    pub(super) join: bool,
    #[serde(skip)]
    pub(super) reason: Option<String>,
    pub(super) calculation: Option<CheckedCalculation>,
    pub(super) clocks: BTreeMap<String, CheckedClock>,
    #[serde(skip)]
    pub(super) reads: Need,
    #[serde(skip)]
    pub(super) rests_on: Vec<String>,
    #[serde(skip)]
    pub(super) uses_working_days: bool,
}

impl CheckedVersion {
    /// The first day it holds for; `None` where it has no beginning.
    pub fn from(&self) -> Option<NaiveDate> {
        self.from
    }

    /// The last day it holds for; `None` where it has no end.
    pub fn to(&self) -> Option<NaiveDate> {
        self.to
    }

    /// Whether a period that begins in the version before and ends in this one is added up from both.
    pub fn joins(&self) -> bool {
        self.join
    }

    /// Why it differs from the version before.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What tests call it: the day it begins, or `first`.
    ///
    /// Source: docs/format.md.
    pub fn name(&self) -> String {
        name(self.from)
    }

    /// How it is calculated, where it can be.
    pub fn calculation(&self) -> Option<&CheckedCalculation> {
        self.calculation.as_ref()
    }

    /// Its clocks by name.
    pub fn clocks(&self) -> &BTreeMap<String, CheckedClock> {
        &self.clocks
    }

    /// Fields by dataset that it reads.
    pub fn reads(&self) -> &Need {
        &self.reads
    }

    /// The derived tables it rests on, each after those that it rests on itself.
    pub fn rests_on(&self) -> &[String] {
        &self.rests_on
    }

    /// Whether it counts working days.
    pub fn uses_working_days(&self) -> bool {
        self.uses_working_days
    }
}

pub(super) fn name(from: Option<NaiveDate>) -> String {
    from.map_or_else(|| "first".to_owned(), |from| from.to_string())
}

fn finding(place: &Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::BadVersions, place.clone(), message)
}

/// Whether versions follow each other in time and say why they differ, and whether anything is left over.
pub(super) fn follow(scope: &mut Scope<'_, '_>, indicator: &Indicator) {
    for (before, version) in indicator.versions.iter().zip(indicator.versions.iter().skip(1)) {
        let place = version.from.as_ref().map_or(&version.place.span, |from| &from.span);
        let follows = match (&before.to, &version.from) {
            (Some(to), Some(from)) => to.value < from.value,
            _ => false,
        };
        if !follows {
            let ends = before.to.as_ref().map_or(&before.place.span, |to| &to.span);
            scope.report(
                finding(place, "this version does not begin after the one before ends")
                    .label("it begins here")
                    .other(ends.clone(), "the one before ends here, or does not say when")
                    .help("put them in order of time: each but the last has a to, each but the first a from after it"),
            );
        }
        if version.reason.is_none() {
            scope.report(
                finding(&version.place.span, "a version says why it differs from the one before")
                    .label("no reason")
                    .help("add reason = \"…\": readers of the figures see it beside the break"),
            );
        }
    }
    if let Some(first) = indicator.versions.first().filter(|first| first.join) {
        scope.report(
            finding(&first.place.span, "there is no version before the first to join")
                .label("it is the first"),
        );
    }
    let all_own = indicator.versions.iter().all(|version| version.calculation.is_some());
    if let (Some(calculation), true) = (&indicator.calculation, !indicator.versions.is_empty() && all_own) {
        scope.report(
            finding(&place(calculation), "no version uses this calculation: each has its own")
                .label("never calculated")
                .help("leave it out, or leave out [version.calculation] of the version that it is meant for"),
        );
    }
}

fn place(calculation: &Calculation) -> Span {
    match calculation {
        Calculation::Ladder(ladder) => ladder.place.span.clone(),
        Calculation::TwoTotals(totals) => totals.place.span.clone(),
    }
}

/// Whether two versions that are joined count what can be added exactly.
pub(super) fn join(
    scope: &mut Scope<'_, '_>,
    written: &Version,
    before: &CheckedVersion,
    version: &CheckedVersion,
) {
    let (Some(a), Some(b)) = (&before.calculation, &version.calculation) else { return };
    let next = before.to.and_then(|to| to.succ_opt());
    let why = if next == version.from {
        cannot_add(a, b)
    } else {
        Some("days lie between them, of which neither speaks")
    };
    if let Some(why) = why {
        scope.report(
            finding(&written.place.span, format!("these versions cannot be joined: {why}"))
                .label("join = true")
                .help("leave join out: a period across both is then absent, as a break"),
        );
    }
}

/// Why figures of parts do not add up to the figure of the whole.
fn cannot_add(a: &CheckedCalculation, b: &CheckedCalculation) -> Option<&'static str> {
    match (a, b) {
        (CheckedCalculation::Ladder(a), CheckedCalculation::Ladder(b)) => {
            let names = |fields: &Option<Vec<super::tree::FieldRef>>| {
                fields.as_ref().map(|fields| fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>())
            };
            if [a, b].into_iter().any(|ladder| matches!(ladder.table.when, CheckedWhen::Open(..))) {
                Some("a stock is of one day, and a day has one version")
            } else if [a, b].into_iter().any(|ladder| ladder.window.is_some() || ladder.lag.is_some()) {
                Some("a window or a lag looks beyond the part")
            } else if names(&a.counted) != names(&b.counted) {
                Some("they do not count the same things")
            } else if a.multiplier != b.multiplier {
                Some("they are not per the same number")
            } else {
                None
            }
        }
        (CheckedCalculation::TwoTotals(a), CheckedCalculation::TwoTotals(b)) => {
            if [a, b].into_iter().any(|totals| not_of_events(totals)) {
                Some("a stock is of one day, and a day has one version")
            } else if [a, b].into_iter().any(|totals| counts_distinct(totals)) {
                Some("what is counted once in each part may be the same thing")
            } else if a.multiplier != b.multiplier {
                Some("they are not per the same number")
            } else {
                None
            }
        }
        _ => Some("one has one table, the other two totals"),
    }
}

fn not_of_events(totals: &CheckedTotals) -> bool {
    [&totals.numerator, &totals.denominator].iter().any(|t| matches!(t.table.when, CheckedWhen::Open(..)))
}

fn counts_distinct(totals: &CheckedTotals) -> bool {
    [&totals.numerator, &totals.denominator]
        .iter()
        .any(|total| matches!(total.measure, CheckedMeasure::CountDistinct(_)))
}
