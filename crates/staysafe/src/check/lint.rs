//! Findings that no type shows: words that say another number, a duration where a deadline is meant, a
//! calculation that nothing tests.

use std::collections::BTreeMap;

use super::censored;
use super::tree::{CheckedCalculation, CheckedDerived, CheckedLadder, Comparison, Function, Node, NodeKind};
use super::version::CheckedVersion;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Clock, Indicator, Limit, SpanUnit, Stretch};
use crate::definition::version::Written;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Spanned};
use crate::value::Value;

/// Looks at one indicator.
pub(super) fn check(
    framework: &Framework,
    derived: &BTreeMap<String, CheckedDerived>,
    indicator: &Indicator,
    written: &[Written<'_>],
    versions: &[CheckedVersion],
    diagnostics: &mut Diagnostics,
) {
    if versions.iter().any(|version| version.calculation().is_some()) && indicator.tests.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::NoTest,
                indicator.id.span.clone(),
                format!("'{}' has a calculation and no [[test]]", indicator.id.value),
            )
            .help("write one with two or three records and the figures you expect, worked out by hand"),
        );
    }
    for part in written {
        let own = part.version.and_then(|version| version.words.numerator.as_ref());
        if let Some(words) = own.or(indicator.words.numerator.as_ref()) {
            words_and_clocks(framework, words, &part.clocks, diagnostics);
        }
    }
    for version in versions {
        if let Some(CheckedCalculation::Ladder(ladder)) = version.calculation() {
            for node in rungs(ladder) {
                durations(node, diagnostics);
            }
            let rungs: Vec<&Node> = rungs(ladder).chain(&ladder.value).chain(&ladder.category).collect();
            censored::check(derived, ladder, &rungs, diagnostics);
        }
    }
}

fn rungs(ladder: &CheckedLadder) -> impl Iterator<Item = &Node> {
    let rungs = [&ladder.population, &ladder.exclude, &ladder.unknown, &ladder.history_missing];
    rungs.into_iter().chain([&ladder.denominator, &ladder.numerator]).filter_map(Option::as_ref)
}

/// "within 7 working days" in the words, 10 working days in the clock.
fn words_and_clocks(
    framework: &Framework,
    words: &Spanned<String>,
    clocks: &BTreeMap<String, Clock>,
    diagnostics: &mut Diagnostics,
) {
    let said = working_days_said(&words.value);
    if said.is_empty() {
        return;
    }
    for clock in clocks.values() {
        let limits: Vec<Stretch> = match &clock.limit.value {
            Limit::Literal(limit) => vec![*limit],
            Limit::Dated(name) => framework.limits.get(name).map_or_else(Vec::new, |limit| {
                limit.steps.iter().map(|(_, stretch)| stretch.value).collect()
            }),
        };
        let working: Vec<u32> = limits
            .into_iter()
            .filter(|limit| limit.unit == SpanUnit::WorkingDays)
            .map(|limit| limit.length)
            .collect();
        if !working.is_empty() && !working.iter().any(|length| said.contains(length)) {
            let listed =
                |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(" and ");
            diagnostics.push(
                Diagnostic::new(
                    Code::WordsDisagree,
                    words.span.clone(),
                    format!("the words say {} working days, the clock {}", listed(&said), listed(&working)),
                )
                .label("what the board reads")
                .other(clock.limit.span.clone(), "what is calculated"),
            );
        }
    }
}

/// Every number before "working day" in a text.
fn working_days_said(text: &str) -> Vec<u32> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(3)
        .filter(|w| w.get(1) == Some(&"working") && w.get(2).is_some_and(|day| day.starts_with("day")))
        .filter_map(|w| w.first()?.parse().ok())
        .collect()
}

/// `working_days(received, conference) >= 2` measures a duration where a deadline is meant: late becomes
/// a negative number, and is then unknown instead of late (ruling 3).
fn durations(node: &Node, diagnostics: &mut Diagnostics) {
    if let NodeKind::Compare(Comparison::GreaterOrEqual | Comparison::Greater, left, right) = &node.kind
        && let NodeKind::Call(function @ (Function::WorkingDays | Function::Days), _) = &left.kind
        && let NodeKind::Literal(Value::Int(n)) = &right.kind
        && *n > 0
    {
        let instead = if *function == Function::WorkingDays { "add_working_days" } else { "add_days" };
        diagnostics.push(
            Diagnostic::new(
                Code::DurationForDeadline,
                node.span.clone(),
                "a duration of at least so many days reads like a deadline",
            )
            .label("unknown, not late, when the dates are the other way round")
            .help(format!("compare dates instead: first <= {instead}(second, -{n})")),
        );
    }
    for child in node.children() {
        durations(child, diagnostics);
    }
}
