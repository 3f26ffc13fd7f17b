//! What was found where records stood twice, and what became of it.

use std::fmt::Write as _;

use staysafe::calculate::join::{Finding, Joined};

use super::csv;
use crate::input::MASK;

/// What was found, by return and dataset; never a value.
pub(crate) fn summary(joined: &Joined<'_>) -> Vec<String> {
    let copies = joined.copies.iter();
    let mut lines: Vec<String> =
        copies.map(|copy| format!("{}: a copy of {}, and left out", copy.name, copy.of)).collect();
    let tables = joined.summary();
    if tables.is_empty() {
        return lines;
    }
    let mut text = String::from("records that stood twice:");
    for table in tables {
        let counts = [
            (table.duplicates, "repeated, counted once"),
            (table.contradictory, "contradictory, unknown where their rows differ"),
            (table.older_versions, "older versions, left out"),
            (table.revised, "revised by a later return"),
            (table.vanished, "no longer in a later return, left out"),
        ];
        let found = counts.iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = found.map(|(count, what)| format!("{count} {what}")).collect();
        let _ = write!(text, "\n  {} of {}: {}", table.dataset, table.area, words.join("; "));
    }
    text.push_str("\n  --revisions FILE.csv lists them all");
    lines.push(text);
    lines
}

/// Each record as a line of CSV.
pub(crate) fn csv(joined: &Joined<'_>, show_values: bool) -> String {
    let mut text = csv::line(["area", "dataset", "what", "record", "fields", "where"]);
    for finding in &joined.findings {
        text.push_str(&csv::line([
            &finding.area,
            &finding.dataset,
            finding.what.words(),
            &finding.key_words(show_values, MASK),
            &finding.fields.join(", "),
            &places(finding),
        ]));
    }
    text
}

fn places(finding: &Finding) -> String {
    let place = finding.origins.iter().map(|origin| format!("{} record {}", origin.name, origin.record));
    place.collect::<Vec<_>>().join("; ")
}
