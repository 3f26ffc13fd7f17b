//! The first page: one side of A4 for somebody with ten minutes.
//!
//! Each section holds at most so many lines of at most so many letters that the page fits its side whatever it says;
//! what does not fit is counted, and stands in full further on.

mod lines;
mod worse;

use std::fmt::Write as _;

use serde::Serialize;

use super::{Inputs, Report, words};
use crate::board::BoardStanding;
use crate::definition::board::Board;
use crate::definition::framework::Framework;
use crate::disclosure::{Audience, Disclosed};
use crate::workflow::State;

/// The papers of a board, for its first page.
#[derive(Debug, Clone, Copy)]
pub struct BoardPapers<'a> {
    /// What its files say.
    pub board: &'a Board,
    /// How everything in them stands.
    pub standing: &'a BoardStanding,
    /// Where it stands in devising its framework, where it has a log.
    pub workflow: Option<&'a State>,
}

/// The first page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FirstPage {
    /// Its sections, in the order in which they are read.
    pub sections: Vec<Section>,
}

/// A section of the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it goes by: `worse`.
    pub id: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// What it says before its lines.
    pub says: String,
    /// Its lines, the most pressing first.
    pub lines: Vec<Line>,
    /// How many more there are.
    pub more: usize,
}

/// A line of the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is about.
    pub head: String,
    /// What is to be known of it.
    pub words: String,
}

/// The letters that a line's head has room for.
const HEAD: usize = 70;
/// And its head and words together: three lines of a column.
const LINE: usize = 150;
/// And what a section says first.
const SAYS: usize = 150;
/// And the first section, which has the page's width.
const SAYS_WIDE: usize = 320;

/// The first page. Names of people, decisions, challenges and commentary stand on a board's page alone.
pub(super) fn first(
    report: &Report,
    disclosed: &Disclosed,
    framework: &Framework,
    inputs: &Inputs<'_>,
) -> FirstPage {
    let papers = inputs.board.as_ref();
    let is_board = matches!(report.audience, Audience::Board { .. });
    let for_board = papers.filter(|_| is_board);
    let mut sections = vec![
        known(report, papers),
        worse::section(for_board, disclosed, framework),
        lines::unseen(report, framework, papers, is_board),
    ];
    if let Some(papers) = for_board {
        sections.push(lines::decisions(papers));
        sections.push(lines::challenges(papers, framework));
    }
    if let Some(papers) = papers {
        sections.push(lines::documents(&papers.standing.forward, framework));
    }
    FirstPage { sections }
}

fn known(report: &Report, papers: Option<&BoardPapers<'_>>) -> Section {
    let priorities = papers.map_or(&[][..], |papers| papers.standing.priorities.as_slice());
    let lines = priorities.iter().map(|standing| {
        let (seen, all) = (standing.seen.len(), standing.priority.indicators.len());
        let mut says = format!("{seen} of {} can be seen", words::some(all, "indicator", "indicators"));
        let needs = standing.priority.needs.len();
        if needs > 0 {
            let _ = write!(says, "; {} no indicator for", words::some(needs, "need has", "needs have"));
        }
        Line { head: standing.priority.words.clone(), words: says }
    });
    let mut known = section("know", "What we know", "", lines.collect(), 3);
    known.says = clipped(&report.says().join(" "), SAYS_WIDE);
    known
}

/// A section with as many lines as it has room for.
fn section(
    id: &'static str,
    heading: &'static str,
    says: &str,
    mut lines: Vec<Line>,
    most: usize,
) -> Section {
    let more = lines.len().saturating_sub(most);
    lines.truncate(most);
    for line in &mut lines {
        line.head = clipped(&line.head, HEAD);
        line.words = clipped(&line.words, LINE - line.head.chars().count());
    }
    Section { id, heading, says: clipped(says, SAYS), lines, more }
}

/// Words that fit: cut at a word's end where they do not, and marked as cut.
fn clipped(words: &str, most: usize) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    let room: String = words.chars().take(most.saturating_sub(1)).collect();
    let cut = room.rfind(' ').filter(|cut| cut * 2 > room.len()).and_then(|cut| room.get(..cut));
    format!("{}…", cut.unwrap_or(&room))
}

impl Section {
    /// What stands below its lines, where there are more.
    pub fn more_words(&self) -> Option<String> {
        (self.more > 0).then(|| format!("and {} more", self.more))
    }
}

#[cfg(test)]
mod tests;
