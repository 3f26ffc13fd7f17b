//! Entries against sources as a table: a sign in each cell, its words for whoever does not see the sign.

use std::fmt::Write as _;

use super::escape;
use crate::definition::framework::Framework;
use crate::gap::{BySource, Headline, Obstacle, SourceCell, SourceRow, Supply};
use crate::report::entries::in_order;
use crate::report::words;

pub(super) fn table(framework: &Framework, matrix: &BySource) -> String {
    if matrix.rows.is_empty() {
        return "<p>No listed entry says what it needs.</p>\n".to_owned();
    }
    let mut html = legend();
    let sources = words::some(matrix.sources.len(), "source", "sources");
    let _ = writeln!(html, "<p class=\"onwards\">The table has {sources} and goes on to the right.</p>");
    html.push_str(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"gap-matrix\" tabindex=\"0\">\n<table class=\"matrix\">\n\
         <caption id=\"gap-matrix\">Each entry against each source that holds what it needs</caption>\n<thead>\n<tr>\
         <th scope=\"col\" class=\"entry-head\">Entry</th>",
    );
    for source in &matrix.sources {
        let _ = write!(html, "<th scope=\"col\" class=\"source\"><span>{}</span></th>", escape(&source.name));
    }
    html.push_str("</tr>\n</thead>\n");
    for list in framework.lists.iter().filter(|list| list.listed) {
        let of_list = in_order(framework, list);
        let rows: Vec<&SourceRow> = of_list
            .iter()
            .filter_map(|indicator| matrix.rows.iter().find(|row| row.indicator == indicator.id.value))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(
            html,
            "<tbody>\n<tr class=\"list\"><th scope=\"rowgroup\" colspan=\"{}\"><span>{}</span></th></tr>",
            matrix.sources.len() + 1,
            escape(&list.heading.value)
        );
        for row in rows {
            line(&mut html, matrix, row);
        }
        html.push_str("</tbody>\n");
    }
    html.push_str("<tfoot>\n<tr><th scope=\"row\">Entries for which all has arrived</th>");
    for source in &matrix.sources {
        let _ = write!(html, "<td>{} of {}</td>", source.arrived_for, source.needed_by);
    }
    html.push_str("</tr>\n</tfoot>\n</table>\n</div>\n");
    html
}

fn line(html: &mut String, matrix: &BySource, row: &SourceRow) {
    let ended = match row.headline {
        Headline::NotApplicable => " <i>(not applicable here)</i>",
        Headline::OutOfScope => " <i>(out of scope)</i>",
        Headline::Superseded => " <i>(superseded)</i>",
        Headline::Discontinued => " <i>(no longer collected)</i>",
        _ => "",
    };
    let _ = write!(
        html,
        "<tr><th scope=\"row\"><span class=\"id\">{}</span> {}{ended}</th>",
        escape(&row.indicator),
        escape(&row.title)
    );
    for source in &matrix.sources {
        match row.cells.get(&source.agency) {
            Some(cell) => html.push_str(&sign(cell)),
            None => html.push_str("<td></td>"),
        }
    }
    html.push_str("</tr>\n");
}

/// A sign and a letter to look at, and the same in words.
fn sign(cell: &SourceCell) -> String {
    let (class, sign, words) = signs(cell.supply);
    let (letter, why) = cell.obstacle.map_or(("", ""), letter);
    let said = if why.is_empty() { words.to_owned() } else { format!("{words}: {why}") };
    let datasets: Vec<&str> = cell.datasets.keys().map(String::as_str).collect();
    format!(
        "<td class=\"{class}\" title=\"{}\">{sign}<span class=\"letter\" aria-hidden=\"true\">{letter}</span>\
         <span class=\"said\">{said}</span></td>",
        escape(&format!("{said} ({})", datasets.join(", ")))
    )
}

/// A full, a half and an empty circle, drawn: the letters of fonts differ in size.
fn signs(supply: Supply) -> (&'static str, String, &'static str) {
    let (class, inside, words) = match supply {
        Supply::Available => ("all", "<path d=\"M7 1a6 6 0 0 0 0 12a6 6 0 0 0 0-12z\"/>", "arrived"),
        Supply::Partial => ("some", "<path d=\"M7 1a6 6 0 0 0 0 12z\"/>", "some arrived"),
        Supply::None => ("none", "", "nothing arrived"),
    };
    let svg = format!(
        "<svg class=\"sign\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><circle cx=\"7\" cy=\"7\" r=\"6\"/>{inside}</svg>"
    );
    (class, svg, words)
}

fn letter(obstacle: Obstacle) -> (&'static str, &'static str) {
    match obstacle {
        Obstacle::HeldNotYetSupplied => ("h", "held, not yet supplied"),
        Obstacle::NeedsAnAgreement => ("a", "needs an agreement"),
        Obstacle::NotRecordedAnywhere => ("r", "not recorded anywhere"),
        Obstacle::NoLongerCollected => ("n", "no longer collected"),
    }
}

fn legend() -> String {
    let obstacles = [
        Obstacle::HeldNotYetSupplied,
        Obstacle::NeedsAnAgreement,
        Obstacle::NotRecordedAnywhere,
        Obstacle::NoLongerCollected,
    ];
    let letters: Vec<String> = obstacles
        .into_iter()
        .map(letter)
        .map(|(letter, why)| format!("<li><b>{letter}</b> {why}</li>"))
        .collect();
    let signs = [
        (Supply::Available, "all of it has arrived"),
        (Supply::Partial, "some of it"),
        (Supply::None, "nothing"),
    ]
    .map(|(supply, words)| {
        let (class, sign, _) = signs(supply);
        format!("<li><span class=\"{class}\">{sign}</span> {words}</li>")
    });
    format!(
        "<ul class=\"legend\">\n{}\n{}\n<li>an empty cell: nothing is needed of that source</li>\n</ul>\n",
        signs.join("\n"),
        letters.join("\n")
    )
}
