//! What changed since the last run, for a terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use staysafe::report::{Cause, Changes};

/// How many cells are named; the scorecard names them all.
const NAMED: usize = 20;

/// What changed and what may explain it.
pub(crate) fn text(changes: &Changes) -> String {
    let mut text = format!("\nSince the run of {}: ", changes.since);
    if changes.not_compared > 0 {
        let _ = write!(text, "{} figures differ and must not be compared; ", changes.not_compared);
    }
    if changes.cells.is_empty() && changes.headlines.is_empty() {
        text.push_str("no figure changed\n");
        return text;
    }
    let _ = writeln!(
        text,
        "{} figures changed, {} entries stand elsewhere",
        changes.cells.len(),
        changes.headlines.len()
    );
    for cell in changes.cells.iter().take(NAMED) {
        let category = cell.of().map_or_else(String::new, |of| format!(" {of}"));
        let nothing = || "nothing".to_owned();
        let _ = writeln!(
            text,
            "  {}{category}, {}: {}, was {} ({})",
            cell.indicator,
            cell.period,
            cell.now.clone().unwrap_or_else(nothing),
            cell.before.clone().unwrap_or_else(nothing),
            causes(&cell.why)
        );
    }
    if changes.cells.len() > NAMED {
        let _ = writeln!(text, "  and {} more; the scorecard lists them", changes.cells.len() - NAMED);
    }
    for (id, (before, now)) in &changes.headlines {
        let _ = writeln!(text, "  {id}: {now}, was {before}");
    }
    text
}

fn causes(why: &BTreeSet<Cause>) -> String {
    let words = |cause: &Cause| match cause {
        Cause::Definition => "another definition",
        Cause::Data => "other records",
        Cause::Parameters => "another parameter",
        Cause::Calendar => "another calendar",
        Cause::Library => "another version of the library",
        Cause::Audience => "another audience",
        Cause::Disclosure => "other rows had to be hidden",
        Cause::Unexplained => "unexplained: please report it",
    };
    why.iter().map(words).collect::<Vec<_>>().join(", ")
}
