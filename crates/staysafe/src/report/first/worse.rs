//! What got worse by more than chance.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{BoardPapers, Line, Section};
use crate::board::{Freshness, freshness};
use crate::definition::framework::Framework;
use crate::definition::indicator::Polarity;
use crate::disclosure::Disclosed;
use crate::report::entries::multiplier;
use crate::report::words;
use crate::result::{Flag, Observation, Outcome};

/// A figure beside the one of the period before.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    title: String,
    before: &'a Observation,
    now: &'a Observation,
    multiplier: Option<i64>,
}

/// Figures judged: the listed indicators of which more, or less, is better.
#[derive(Debug, Default)]
pub(super) struct Judged<'a> {
    pub(super) worse: Vec<Pair<'a>>,
    pub(super) better: usize,
    pub(super) within_chance: usize,
    /// Figures of which there is no earlier whole period to compare with.
    pub(super) alone: usize,
}

impl<'a> Judged<'a> {
    /// Compares the last two whole periods of one kind of each figure. Worse, or better, is one whose 95% intervals do
    /// not overlap: a rule that sees less than a test of the difference would, and takes chance for news less often.
    pub(super) fn of(disclosed: &'a Disclosed, framework: &Framework) -> Self {
        let mut figures: BTreeMap<_, Vec<&Observation>> = BTreeMap::new();
        for seen in disclosed.results().observations.iter().filter(|seen| is_comparable(seen)) {
            let key = (&seen.indicator, seen.statistic, &seen.area, &seen.by, seen.period.kind());
            figures.entry(key).or_default().push(seen);
        }
        let areas: BTreeSet<&String> = figures.keys().map(|(_, _, area, ..)| *area).collect();
        let many = areas.len() > 1;
        let mut judged = Self::default();
        for ((id, _, area, ..), mut all) in figures {
            let Some(indicator) = framework.indicators.get(id) else { continue };
            let is_listed = indicator.listed.iter().any(|listing| {
                framework.lists.iter().any(|list| list.listed && list.id.value == listing.list.value)
            });
            let higher = match indicator.polarity.value {
                Polarity::Higher => true,
                Polarity::Lower => false,
                Polarity::Neutral | Polarity::Contextual => continue,
            };
            all.sort_by_key(|seen| seen.period);
            let Some(now) = all.pop().filter(|_| is_listed) else { continue };
            let Some(before) = all.into_iter().rev().find(|seen| !seen.period.overlaps(now.period)) else {
                judged.alone += 1;
                continue;
            };
            match (before.cell.interval.limits(), now.cell.interval.limits()) {
                (Some((lower, upper)), Some((now_lower, now_upper))) => {
                    let (fell, rose) = (now_upper < lower, now_lower > upper);
                    let multiplier = multiplier(indicator);
                    let place = framework.areas.get(area).map_or(area, |area| &area.name.value);
                    let place = if many { format!(", {place}") } else { String::new() };
                    let title = format!("{id}{place}: {}", indicator.title.value);
                    match (fell, rose) {
                        (false, false) => judged.within_chance += 1,
                        _ if fell == higher => judged.worse.push(Pair { title, before, now, multiplier }),
                        _ => judged.better += 1,
                    }
                }
                _ => judged.alone += 1,
            }
        }
        judged
    }
}

/// Whole, reliable, of no category.
fn is_comparable(seen: &Observation) -> bool {
    let flawed = [
        Flag::PartlyReported,
        Flag::PartlyCovered,
        Flag::SurvivorsOnly,
        Flag::LowReliability,
        Flag::Break,
        Flag::Rounded,
    ];
    let by_category = seen.by.iter().any(|value| value == crate::result::UNKNOWN_CATEGORY);
    seen.category.is_none()
        && !by_category
        && matches!(seen.cell.outcome, Outcome::Figure { .. })
        && !flawed.iter().any(|flag| seen.cell.flags.contains(flag))
}

pub(super) fn section(
    judged: &Judged<'_>,
    papers: Option<&BoardPapers<'_>>,
    disclosed: &Disclosed,
) -> Section {
    let compared = judged.worse.len() + judged.better + judged.within_chance;
    let alone = judged.alone;
    let number = |of: usize| if of == 0 { "none".to_owned() } else { of.to_string() };
    let figures = |number| words::some(number, "figure", "figures");
    let says = if compared == 0 {
        let why = "no figure stands beside a whole period before it";
        format!("Nothing can be said: {why}.")
    } else {
        let rest = if alone > 0 { format!(" {} cannot be compared.", figures(alone)) } else { String::new() };
        format!(
            "Of {} beside the period before: {} worse, {} better, {} within chance, their 95% intervals overlap.{rest}",
            figures(compared),
            number(judged.worse.len()),
            number(judged.better),
            number(judged.within_chance),
        )
    };
    let lines = judged.worse.iter().map(|pair| pair.line(papers, disclosed)).collect();
    super::section("worse", "What got worse", &says, lines, 4)
}

impl Pair<'_> {
    fn line(&self, papers: Option<&BoardPapers<'_>>, disclosed: &Disclosed) -> Line {
        let print = |seen: &Observation| match &seen.cell.outcome {
            Outcome::Figure { value, .. } => words::value(seen.statistic, value, self.multiplier),
            Outcome::Absent(_) => String::new(),
        };
        let (before, now) = (print(self.before), print(self.now));
        let mut says = format!("{before} in {}, now {now} in {}", self.before.period, self.now.period);
        if let Some(said) = papers.map(|papers| self.said(papers, disclosed)) {
            let _ = write!(says, ". {said}");
        }
        Line { head: self.title.clone(), words: says }
    }

    /// What was said of it: the latest commentary that still speaks of the figure.
    fn said(&self, papers: &BoardPapers<'_>, disclosed: &Disclosed) -> String {
        let observations = &disclosed.results().observations;
        let of = papers.board.commentary.iter().filter(|said| {
            said.indicator == self.now.indicator
                && said.period == self.now.period
                && said.area.as_ref().is_none_or(|area| *area == self.now.area)
        });
        let mut all: Vec<_> = of.collect();
        all.sort_by_key(|said| said.date);
        match all.last() {
            None => "Nobody has said why".to_owned(),
            Some(said) if freshness(said, observations) == Freshness::Current => {
                format!("{}: {}", said.author, said.words)
            }
            Some(_) => "The figure was revised since somebody said why".to_owned(),
        }
    }
}
