//! Which figures moved by more than chance, and which way.

use std::collections::BTreeMap;

use super::cell::{Flag, Outcome};
use super::results::Observation;
use super::{UNKNOWN_CATEGORY, words};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Indicator, Polarity};
use crate::value::Exact;

/// A figure beside the one of the last whole period before its own.
#[derive(Debug, Clone, Copy)]
pub struct Movement<'a> {
    /// The figure of the earlier period.
    pub before: &'a Observation,
    /// The latest figure.
    pub now: &'a Observation,
}

/// The figures of the listed indicators of which more, or less, is better.
#[derive(Debug, Default)]
pub struct Movements<'a> {
    /// Those that got worse by more than chance, in order of id and area.
    pub worse: Vec<Movement<'a>>,
    /// How many got better by more than chance.
    pub better: usize,
    /// How many moved within chance.
    pub within_chance: usize,
    /// How many have no earlier whole period to stand beside.
    pub alone: usize,
}

/// Compares the last two whole periods of one kind of each figure. Worse, or better, is one whose 95% intervals do not
/// overlap: a rule that sees less than a test of the difference would, and takes chance for news less often.
///
/// Left out are indicators outside the board's lists, those of which neither more nor less is better, categories, and
/// figures with a mark: partly reported or covered, survivors only, unreliable, rounded, after a break.
///
/// # Example
/// ```
/// use staysafe::definition::framework::Framework;
/// use staysafe::result::movements;
/// assert!(movements(&[], &Framework::default()).worse.is_empty());
/// ```
pub fn movements<'a>(observations: &'a [Observation], framework: &Framework) -> Movements<'a> {
    let mut figures: BTreeMap<_, Vec<&Observation>> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| is_comparable(seen)) {
        let key = (&seen.indicator, seen.statistic, &seen.area, &seen.by, seen.period.kind());
        figures.entry(key).or_default().push(seen);
    }
    let mut found = Movements::default();
    for ((id, ..), mut all) in figures {
        let indicator = framework.indicators.get(id.as_str()).filter(|of| framework.is_listed(of));
        let Some(higher_is_better) = indicator.and_then(higher_is_better) else { continue };
        all.sort_by_key(|seen| seen.period);
        let Some(now) = all.pop() else { continue };
        let before = all.into_iter().rev().find(|seen| !seen.period.overlaps(now.period));
        let limits = |seen: &'a Observation| seen.cell.interval.limits();
        match before.and_then(|before| Some((before, limits(before)?, limits(now)?))) {
            None => found.alone += 1,
            Some((before, (lower, upper), (now_lower, now_upper))) => {
                match (now_upper < lower, now_lower > upper) {
                    (false, false) => found.within_chance += 1,
                    (fell, _) if fell == higher_is_better => found.worse.push(Movement { before, now }),
                    _ => found.better += 1,
                }
            }
        }
    }
    found
}

/// Whether more of it is better; `None` where neither more nor less is.
pub(crate) fn higher_is_better(indicator: &Indicator) -> Option<bool> {
    match indicator.polarity.value {
        Polarity::Higher => Some(true),
        Polarity::Lower => Some(false),
        Polarity::Neutral | Polarity::Contextual => None,
    }
}

/// A figure, whole, reliable, of no category.
pub(crate) fn is_comparable(seen: &Observation) -> bool {
    let flawed = [
        Flag::PartlyReported,
        Flag::PartlyCovered,
        Flag::SurvivorsOnly,
        Flag::LowReliability,
        Flag::Break,
        Flag::Rounded,
    ];
    let by_category = seen.by.iter().any(|value| value == UNKNOWN_CATEGORY);
    seen.category.is_none()
        && !by_category
        && matches!(seen.cell.outcome, Outcome::Figure { .. })
        && !flawed.iter().any(|flag| seen.cell.flags.contains(flag))
}

impl Movement<'_> {
    /// "66.7% in 2010-11 Q1, now 45.0% in 2010-11 Q2".
    pub fn told(&self, indicator: &Indicator) -> String {
        format!(
            "{} in {}, now {} in {}",
            words::printed_figure(self.before, indicator),
            self.before.period,
            words::printed_figure(self.now, indicator),
            self.now.period
        )
    }

    /// How many times the smaller of the two the larger is; `None` where the smaller is 0: no number is large enough.
    pub fn times(&self) -> Option<Exact> {
        let value = |seen: &Observation| match &seen.cell.outcome {
            Outcome::Figure { value, .. } => Some(*value),
            Outcome::Absent(_) => None,
        };
        let (before, now) = (value(self.before)?, value(self.now)?);
        before.max(now).over(&before.min(now))
    }
}
