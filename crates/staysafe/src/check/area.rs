//! What areas say of each other in time.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::definition::framework::{Area, Framework, Parent};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Spanned};

/// First and last day of a validity; none on a side where it has no end.
type Span = (Option<NaiveDate>, Option<NaiveDate>);

/// Checks the areas of a framework: no circle, no code that means two areas on one day, no two parents of one
/// level on one day, successors that are there when they should follow.
pub(super) fn check(framework: &Framework, diagnostics: &mut Diagnostics) {
    let mut aliases: BTreeMap<&str, Vec<(&Area, &Spanned<String>)>> = BTreeMap::new();
    for area in framework.areas.values() {
        circle(framework, area, "lies in", above, diagnostics);
        circle(framework, area, "is followed by", |area| area.successors.iter().collect(), diagnostics);
        two_parents(framework, area, diagnostics);
        successors(framework, area, diagnostics);
        for (_, alias) in &area.aliases {
            alias_twice(framework, &mut aliases, area, alias, diagnostics);
        }
    }
}

fn above(area: &Area) -> Vec<&Spanned<String>> {
    area.parents.iter().map(|parent| &parent.code).collect()
}

/// Whether the way up, or on, leads back to the area. The finding stands at the area of the circle whose code
/// comes first, once.
fn circle<'a>(
    framework: &'a Framework,
    from: &'a Area,
    says: &str,
    next: impl Fn(&'a Area) -> Vec<&'a Spanned<String>>,
    diagnostics: &mut Diagnostics,
) {
    for first in next(from) {
        let mut seen = Vec::new();
        let mut waiting = vec![first];
        while let Some(at) = waiting.pop() {
            if at.value == from.code.value {
                if seen.iter().all(|code| *code >= from.code.value.as_str()) {
                    let message = format!("'{}' {says} itself", from.code.value);
                    diagnostics.push(
                        Diagnostic::new(Code::Circle, first.span.clone(), message)
                            .label("this leads back")
                            .help("one of the areas on the way names another that it should not"),
                    );
                }
                break;
            }
            if !seen.contains(&at.value.as_str()) {
                seen.push(&at.value);
                waiting.extend(framework.areas.get(&at.value).into_iter().flat_map(&next));
            }
        }
    }
}

/// Roll-up adds an area to one parent of each level: two on one day would count it twice.
fn two_parents(framework: &Framework, area: &Area, diagnostics: &mut Diagnostics) {
    let level = |parent: &Parent| {
        framework
            .areas
            .get(&parent.code.value)
            .and_then(|above| above.level.as_ref())
            .map(|of| of.value.as_str())
    };
    for (place, parent) in area.parents.iter().enumerate() {
        let Some(of) = level(parent) else { continue };
        let same = |other: &&Parent| level(other) == Some(of) && meet(span_of(other), span_of(parent));
        if let Some(other) = area.parents.iter().take(place).find(same) {
            let message = format!("'{}' lies in two areas of the level '{of}' on one day", area.code.value);
            diagnostics.push(
                Diagnostic::new(Code::TwoParents, parent.code.span.clone(), message)
                    .label("the second")
                    .other(other.code.span.clone(), "the first")
                    .help("say when each holds: { code = \"…\", valid_from = 2009-04-01, valid_to = … }"),
            );
        }
    }
}

fn span_of(parent: &Parent) -> Span {
    (parent.valid_from.as_ref().map(|day| day.value), parent.valid_to.as_ref().map(|day| day.value))
}

/// A successor is there on the day after the last one of the area.
fn successors(framework: &Framework, area: &Area, diagnostics: &mut Diagnostics) {
    for code in &area.successors {
        let Some(next) = framework.areas.get(&code.value) else { continue };
        let Some(last) = &area.valid_to else {
            let message = format!("'{}' has a successor and no last day", area.code.value);
            diagnostics.push(
                Diagnostic::new(Code::SuccessorNotValid, code.span.clone(), message)
                    .label("what it follows is still there")
                    .help("say until when the area is there: valid_to = 2009-03-31"),
            );
            continue;
        };
        if last.value.succ_opt().is_none_or(|day| !next.is_valid_on(day)) {
            let message = format!("'{}' is not there on the day after {}", code.value, last.value);
            let dates = next.valid_from.iter().chain(&next.valid_to).map(|day| day.span.clone()).next();
            diagnostics.push(
                Diagnostic::new(Code::SuccessorNotValid, code.span.clone(), message)
                    .label("cannot follow on")
                    .other(dates.unwrap_or_else(|| next.code.span.clone()), "when it is there")
                    .help("name the area that is there then, or mend a date"),
            );
        }
    }
}

fn alias_twice<'a>(
    framework: &'a Framework,
    aliases: &mut BTreeMap<&'a str, Vec<(&'a Area, &'a Spanned<String>)>>,
    area: &'a Area,
    alias: &'a Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let own = framework.areas.get(&alias.value).map(|other| (other, &other.code));
    let held = aliases.entry(&alias.value).or_default();
    let days = |area: &Area| {
        (area.valid_from.as_ref().map(|day| day.value), area.valid_to.as_ref().map(|day| day.value))
    };
    // A code that is an area's own means that area on every day.
    let other = own.or_else(|| {
        held.iter()
            .find(|(other, _)| other.code.value != area.code.value && meet(days(other), days(area)))
            .copied()
    });
    if let Some((other, place)) = other {
        let message = format!(
            "'{}' stands for '{}' and for '{}' on one day",
            alias.value, other.code.value, area.code.value
        );
        diagnostics.push(
            Diagnostic::new(Code::AliasTwice, alias.span.clone(), message)
                .label("here as well")
                .other(place.span.clone(), "here")
                .help("give both areas the days on which they are there, or take one of the codes out"),
        );
    }
    held.push((area, alias));
}

/// Whether two spans share a day.
fn meet(a: Span, b: Span) -> bool {
    let before = |last: Option<NaiveDate>, first: Option<NaiveDate>| {
        last.zip(first).is_some_and(|(last, first)| last < first)
    };
    !before(a.1, b.0) && !before(b.1, a.0)
}
