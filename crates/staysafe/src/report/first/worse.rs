//! What got worse by more than chance.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{BoardPapers, Line, Section};
use crate::board::{Freshness, freshness};
use crate::definition::framework::Framework;
use crate::disclosure::Disclosed;
use crate::report::words;
use crate::result::{Movement, is_comparable, movements};

pub(super) fn section(
    papers: Option<&BoardPapers<'_>>,
    disclosed: &Disclosed,
    framework: &Framework,
) -> Section {
    let observations = &disclosed.results().observations;
    let judged = movements(observations, framework);
    let areas: BTreeSet<&str> =
        observations.iter().filter(|seen| is_comparable(seen)).map(|seen| seen.area.as_str()).collect();
    let many = areas.len() > 1;
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
    let line = |moved: &Movement<'_>| line(moved, papers, disclosed, framework, many);
    let lines = judged.worse.iter().filter_map(line).collect();
    super::section("worse", "What got worse", &says, lines, 4)
}

fn line(
    moved: &Movement<'_>,
    papers: Option<&BoardPapers<'_>>,
    disclosed: &Disclosed,
    framework: &Framework,
    many_areas: bool,
) -> Option<Line> {
    let Movement { now, .. } = moved;
    let indicator = framework.indicators.get(now.indicator.as_str())?;
    let place = now.area.as_str();
    let place = framework.areas.get(place).map_or(place, |area| &area.name.value);
    let place = if many_areas { format!(", {place}") } else { String::new() };
    let mut says = moved.told(indicator);
    if let Some(said) = papers.map(|papers| said(moved, papers, disclosed)) {
        let _ = write!(says, ". {said}");
    }
    Some(Line { head: format!("{}{place}: {}", now.indicator, indicator.title.value), words: says })
}

/// What was said of it: the latest commentary that still speaks of the figure.
fn said(moved: &Movement<'_>, papers: &BoardPapers<'_>, disclosed: &Disclosed) -> String {
    let Movement { now, .. } = moved;
    let of = papers.board.commentary.iter().filter(|said| {
        said.indicator == now.indicator
            && said.period == now.period
            && said.area.as_ref().is_none_or(|area| *area == now.area)
    });
    match of.max_by_key(|said| said.date) {
        None => "Nobody has said why".to_owned(),
        Some(said) if freshness(said, &disclosed.results().observations) == Freshness::Current => {
            format!("{}: {}", said.author, said.words)
        }
        Some(_) => "The figure was revised since somebody said why".to_owned(),
    }
}
