//! The scorecard in a terminal: what it says, the last figures, and what to do next.

use std::fmt::Write;

use super::chart::comparable;
use super::entries::{Row, Series};
use super::html::handling;
use super::{Report, words};
use crate::value::Exact;

/// The scorecard in plain text, at most `width` columns wide (never narrower than 40).
pub fn terminal(report: &Report, width: usize) -> String {
    let width = width.max(40);
    let mut text = String::new();
    if let Some(line) = handling(&report.audience) {
        wrap(&mut text, &line, "", width);
    }
    wrap(&mut text, &report.title, "", width);
    let _ = writeln!(text, "{}", "=".repeat(plain(&report.title).chars().count().min(width)));
    for section in &report.first.sections {
        if section.id != "know" {
            let _ = writeln!(text);
            wrap(&mut text, section.heading, "", width);
        }
        wrap(&mut text, &section.says, "", width);
        for line in &section.lines {
            wrap(&mut text, &format!("{}: {}", line.head, line.words), "  ", width);
        }
        if let Some(more) = section.more_words() {
            wrap(&mut text, &more, "  ", width);
        }
    }
    for list in report.numbers.iter().chain(&report.context) {
        let _ = writeln!(text);
        wrap(&mut text, &list.heading, "", width);
        for row in &list.rows {
            figure(&mut text, row, width);
        }
    }
    let best: Vec<_> = report.unlocks.iter().filter(|line| !line.alone.is_empty()).take(3).collect();
    if !best.is_empty() {
        let _ = writeln!(text);
        wrap(&mut text, "What would unlock the most:", "", width);
        for line in best {
            let entries = words::some(line.alone.len(), "entry", "entries");
            wrap(&mut text, &format!("{}: {entries} ({})", line.thing, line.alone.join(", ")), "  ", width);
        }
    }
    text
}

/// The id and title, then the last figure on a line of its own.
fn figure(text: &mut String, row: &Row, width: usize) {
    wrap(text, &format!("{}  {}", row.about.id, row.about.title), "  ", width);
    if row.hidden {
        wrap(text, words::HIDDEN, "      ", width);
        return;
    }
    if let Some(reason) = &row.reason {
        wrap(text, reason, "      ", width);
    }
    lines(text, &row.series, width);
    for reading in &row.readings {
        wrap(text, &format!("{}  read another way: {}", reading.id, reading.title), "    ", width);
        if reading.hidden {
            wrap(text, "not shown: one reading of an entry, no small numbers", "      ", width);
        } else {
            lines(text, &reading.series, width);
        }
    }
}

/// The last figure of each series.
fn lines(text: &mut String, all: &[Series], width: usize) {
    for series in all {
        let points = comparable(&series.points);
        let Some(last) = points.iter().rev().find(|point| point.figure.is_some()).or(points.last()) else {
            continue;
        };
        if series.category.is_some() && last.figure.is_some_and(|figure| figure == Exact::ZERO) {
            continue;
        }
        let mut line = series.category.as_ref().map_or(String::new(), |category| format!("{category}: "));
        line.push_str(last.reason.as_deref().unwrap_or(&last.value));
        if let (Some(above), Some(below)) = (&last.numerator, &last.denominator) {
            let _ = write!(line, "  {above} of {below}");
        }
        let _ = write!(line, "  {}", last.period);
        if let Some(interval) = last.interval.as_ref().filter(|_| series.category.is_none()) {
            let _ = write!(line, "  95% interval {interval}");
            if let Some(method) = last.method {
                let _ = write!(line, " ({method})");
            }
        }
        if !last.flags.is_empty() {
            let _ = write!(line, "  ({})", last.flags.join("; "));
        }
        wrap(text, &line, "      ", width);
    }
}

/// Writes words in lines of at most `width` columns; a word that is longer is cut.
fn wrap(text: &mut String, words: &str, indent: &str, width: usize) {
    let room = width.saturating_sub(indent.chars().count()).max(1);
    let mut line = String::new();
    let mut flush = |line: &mut String| {
        let _ = writeln!(text, "{indent}{}", line.trim_end());
        line.clear();
    };
    for word in plain(words).split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        if !line.is_empty() && line.chars().count() + 1 + rest.len() > room {
            flush(&mut line);
        } else if !line.is_empty() {
            line.push(' ');
        }
        while rest.len() > room {
            line.extend(rest.drain(..room));
            flush(&mut line);
        }
        line.extend(rest);
    }
    flush(&mut line);
}

/// Without control characters: no text can move the cursor or change colours.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
