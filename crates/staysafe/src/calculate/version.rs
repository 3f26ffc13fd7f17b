//! Which version of a definition a period is calculated by.

use chrono::NaiveDate;

pub(crate) use super::reference::scalar::earlier;
use super::reference::table::{asked, moment};
use crate::calendar::Days;
use crate::check::tree::{CheckedCalculation, CheckedWhen};
use crate::check::{CheckedIndicator, CheckedVersion};
use crate::definition::indicator::Stretch;
use crate::period::Period;

/// How the versions of a definition lie to a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen<'a> {
    /// One holds for all its days.
    One(&'a CheckedVersion),
    /// Several hold, each for its days, and may be added up, in order of time.
    Joined(Vec<(&'a CheckedVersion, Days)>),
    /// Several hold, or one for some of its days, and nothing may be added up.
    Break,
    /// None holds; in words, why.
    Outside(String),
}

/// The version that a period is calculated by.
///
/// What counts are the days of which records are asked: of a stock the last day, of events those of the window, less
/// the lag. A definition without versions has one for all days.
///
/// # Example
/// ```
/// use staysafe::calculate::version::{Chosen, version_of};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
///     ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\""),
///     ("indicators/i.toml", "id = \"i\"\ntitle = \"I\"\nkind = \"count\"\npolarity = \"higher\"\ncycle = \"quarter\"\nholder = \"a\""),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let indicator = checked.indicator("i").unwrap();
/// assert!(matches!(version_of(indicator, "2010-11 Q1".parse().unwrap()), Chosen::One(_)));
/// ```
pub fn version_of(indicator: &CheckedIndicator, period: Period) -> Chosen<'_> {
    let versions = indicator.versions();
    let whole = |version: &&CheckedVersion| {
        let days = days_asked(version, period);
        holds(version, days.first) && holds(version, days.last)
    };
    if let Some(version) = versions.iter().rev().find(whole) {
        return Chosen::One(version);
    }
    let touched: Vec<(&CheckedVersion, Days)> = versions
        .iter()
        .filter_map(|version| {
            let days = days_asked(version, period);
            let first = version.from().map_or(days.first, |from| from.max(days.first));
            let last = version.to().map_or(days.last, |to| to.min(days.last));
            (first <= last).then_some((version, Days { first, last }))
        })
        .collect();
    if touched.is_empty() {
        return Chosen::Outside(outside(versions, period));
    }
    let ends = touched.first().zip(touched.last());
    let all_days = ends.is_some_and(|((first, from), (last, to))| {
        days_asked(first, period).first == from.first && days_asked(last, period).last == to.last
    });
    let joined = touched.iter().skip(1).all(|(version, _)| version.joins());
    if all_days && joined && touched.len() > 1 { Chosen::Joined(touched) } else { Chosen::Break }
}

/// Whether the figure of a period does not go on from the one of the period before, because the definition
/// changed between them.
pub fn begins_anew(indicator: &CheckedIndicator, period: Period) -> bool {
    let Chosen::One(version) = version_of(indicator, period) else { return false };
    let earlier = indicator.versions().first() != Some(version);
    let before = period.previous().map(|before| version_of(indicator, before));
    earlier && before.is_some_and(|before| before != Chosen::One(version))
}

fn holds(version: &CheckedVersion, day: NaiveDate) -> bool {
    version.from().is_none_or(|from| from <= day) && version.to().is_none_or(|to| day <= to)
}

/// The days of which a version asks for records in a period.
fn days_asked(version: &CheckedVersion, period: Period) -> Days {
    let asked_of = |when, window, lag| days_of(when, period, window, lag);
    let days = match version.calculation() {
        None => None,
        Some(CheckedCalculation::Ladder(ladder)) => asked_of(&ladder.table.when, ladder.window, ladder.lag),
        Some(CheckedCalculation::TwoTotals(totals)) => {
            let side = |when| asked_of(when, None, None);
            let sides = side(&totals.numerator.table.when).zip(side(&totals.denominator.table.when));
            sides.map(|(a, b)| Days { first: a.first.min(b.first), last: a.last.max(b.last) })
        }
    };
    days.unwrap_or(period.days())
}

/// The days of which a table is asked for records in a period.
pub(crate) fn days_of(
    when: &CheckedWhen,
    period: Period,
    window: Option<Stretch>,
    lag: Option<Stretch>,
) -> Option<Days> {
    asked(when, moment(&period, window)?, lag)
}

fn outside(versions: &[CheckedVersion], period: Period) -> String {
    let day = |day: NaiveDate| day.format("%-d %B %Y");
    let first = versions.first().and_then(CheckedVersion::from).filter(|from| period.last_day() < *from);
    let last = versions.last().and_then(CheckedVersion::to).filter(|to| *to < period.first_day());
    match (first, last) {
        (Some(from), _) => format!("the definition begins on {}", day(from)),
        (_, Some(to)) => format!("the definition ended on {}", day(to)),
        _ => "no version of the definition holds then".to_owned(),
    }
}
