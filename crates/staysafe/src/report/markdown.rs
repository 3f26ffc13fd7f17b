//! The scorecard as Markdown.

use std::fmt::Write;

use super::entries::{ListOf, Open, Row, Series, sentence};
use super::html::handling;
use super::{Report, words};

/// The scorecard as Markdown: the same order and the same words as the page.
pub fn markdown(report: &Report) -> String {
    let mut text = String::new();
    if let Some(line) = handling(&report.audience) {
        let _ = writeln!(text, "**{}**\n", escape(&line));
    }
    let _ = writeln!(text, "# {}\n", escape(&report.title));
    let _ = writeln!(text, "Prepared on {}. {}\n", words::day(report.prepared), escape(&report.scope));
    for page in &report.pages {
        let _ = writeln!(text, "- [{}]({})", escape(&page.words), page.file);
    }
    if !report.pages.is_empty() {
        text.push('\n');
    }
    first(&mut text, report);
    let _ = writeln!(text, "{}\n", escape(&report.says().join(" ")));
    changes(&mut text, report);
    holdings(&mut text, report);
    text.push_str("## 2. Numbers\n\n");
    for list in report.numbers.iter().chain(&report.context) {
        numbers(&mut text, list);
    }
    text.push_str("## 3. Could be had from records already held\n\n");
    table(
        &mut text,
        &["Entry", "What is wanting"],
        report.could_be_had.iter().map(|open| vec![named(open), sentence(&open.why())]),
    );
    text.push_str("## 4. To ask a partner for\n\n");
    for asked in &report.to_ask {
        let _ = writeln!(text, "### {}\n", escape(&asked.name));
        let columns = ["Entry", "Why there is no figure", "What stands in the way", "What to ask for"];
        table(
            &mut text,
            &columns,
            asked.rows.iter().map(|open| {
                let obstacle = open.obstacle.clone().unwrap_or_default();
                vec![named(open), sentence(&open.why()), obstacle, sentence(&open.ask)]
            }),
        );
    }
    text.push_str("## 5. No longer collected, superseded or out of scope\n\n");
    table(
        &mut text,
        &["Entry", "State", "Why"],
        report.ended.iter().map(|open| {
            vec![named(open), sentence(std::slice::from_ref(&open.state)), sentence(&open.why())]
        }),
    );
    made(&mut text, report);
    text
}

fn first(text: &mut String, report: &Report) {
    text.push_str("## On one page\n\n");
    for section in &report.first.sections {
        let _ = writeln!(text, "### {}\n", escape(section.heading));
        if !section.says.is_empty() {
            let _ = writeln!(text, "{}\n", escape(&section.says));
        }
        for line in &section.lines {
            let _ = writeln!(text, "- **{}:** {}", escape(&line.head), escape(&line.words));
        }
        if let Some(more) = section.more_words() {
            let _ = writeln!(text, "- {more}");
        }
        if !section.lines.is_empty() {
            text.push('\n');
        }
    }
}

fn changes(text: &mut String, report: &Report) {
    let Some(changes) = &report.changes else { return };
    let _ = writeln!(text, "## What changed since {}, and why\n", words::day(changes.since));
    let causes: Vec<String> = changes.causes.iter().map(ToString::to_string).collect();
    if !causes.is_empty() {
        let _ = writeln!(text, "{}\n", escape(&sentence(&causes)));
    }
    if let Some(words) = words::not_compared(changes.not_compared) {
        let _ = writeln!(text, "{words}\n");
    }
    table(
        text,
        &["Indicator", "Period", "Before", "Now", "Why"],
        changes.cells.iter().map(|cell| {
            let why: Vec<String> = cell.why.iter().map(ToString::to_string).collect();
            let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "no such row".to_owned());
            let of = cell.of().map_or(String::new(), |of| format!(" ({of})"));
            let name = format!("{}{of}", cell.indicator);
            vec![name, cell.period.to_string(), side(&cell.before), side(&cell.now), why.join("; ")]
        }),
    );
}

fn holdings(text: &mut String, report: &Report) {
    text.push_str("## 1. What your file holds\n\n");
    for held in &report.holdings.returns {
        let name = held.name.as_deref().map_or(String::new(), |name| format!("{name}: "));
        let _ = writeln!(text, "### {}\n", escape(&format!("{name}{} of {}", held.kind, held.area)));
        table(
            text,
            &["Module", "Carried", "Rows", "Can speak for"],
            held.modules.iter().map(|module| {
                if module.carried {
                    vec![
                        module.title.clone(),
                        "yes".into(),
                        words::how_many(&module.rows),
                        words::cover(&module.cover),
                    ]
                } else {
                    vec![module.title.clone(), "no: not reported".into(), String::new(), String::new()]
                }
            }),
        );
    }
    if !report.holdings.rejects.is_empty() {
        table(
            text,
            &["Rejected", "Where", "How many"],
            report.holdings.rejects.iter().map(|reject| {
                vec![reject.code.replace('-', " "), reject.element.clone(), words::how_many(&reject.count)]
            }),
        );
    }
}

fn numbers(text: &mut String, list: &ListOf) {
    let _ = writeln!(text, "### {}\n", escape(&list.heading));
    for row in &list.rows {
        let name = format!("{} ({}, {})", row.about.title, row.about.reference, row.about.id);
        let _ = writeln!(text, "#### {}\n", escape(&name));
        if row.hidden {
            let _ = writeln!(text, "{}\n", sentence(&[words::HIDDEN.to_owned()]));
        } else if let Some(reason) = &row.reason {
            let _ = writeln!(text, "{}\n", escape(reason));
        } else {
            for series in &row.series {
                figures(text, series);
            }
        }
        for reading in row.readings.iter().filter(|_| !row.hidden) {
            let _ =
                writeln!(text, "Read another way ({}): {}\n", escape(&reading.id), escape(&reading.title));
            if reading.hidden {
                text.push_str(
                    "Not shown: a publication has no small numbers, and one reading of an entry.\n\n",
                );
                continue;
            }
            for series in &reading.series {
                figures(text, series);
            }
        }
        published(text, row);
        remarks(text, row);
    }
}

fn figures(text: &mut String, series: &Series) {
    if let Some(category) = &series.category {
        let _ = writeln!(text, "{}\n", escape(category));
    }
    table(
        text,
        &["Period", "Value", "Numerator", "Denominator", "95% interval", "Marks"],
        series.points.iter().map(|point| {
            let mut marks = point.flags.clone();
            marks.extend(point.reason.iter().cloned());
            marks.extend(point.notes.iter().cloned());
            let side = |side: &Option<String>| side.clone().unwrap_or_default();
            let counts = (side(&point.numerator), side(&point.denominator));
            vec![
                point.period.clone(),
                point.value.clone(),
                counts.0,
                counts.1,
                point
                    .interval
                    .iter()
                    .chain(&point.method.map(|method| format!("({method})")))
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" "),
                marks.join("; "),
            ]
        }),
    );
}

fn published(text: &mut String, row: &Row) {
    if row.published.is_empty() {
        return;
    }
    text.push_str("Published figures:\n\n");
    table(
        text,
        &["Where", "Period", "Value", "Numerator", "Denominator", "Source", "In what it differs"],
        row.published.iter().map(|figure| {
            let side = |side: &Option<String>| side.clone().unwrap_or_default();
            vec![
                format!("{} ({})", figure.area, figure.nearness.words()),
                figure.period.clone(),
                figure.value.clone(),
                side(&figure.numerator),
                side(&figure.denominator),
                figure.source.clone(),
                figure.note.clone(),
            ]
        }),
    );
}

fn remarks(text: &mut String, row: &Row) {
    let mut remarks: Vec<String> = Vec::new();
    remarks.extend(row.question.iter().map(|question| format!("Ask: {question}")));
    remarks.extend(row.state.iter().map(|state| format!("State: {state}")));
    remarks.extend(row.caveats.iter().map(|caveat| format!("Bear in mind: {caveat}")));
    remarks.extend(row.warnings.iter().map(|warning| format!("Data: {warning}")));
    remarks.extend(row.broken_sums.iter().map(|broken| format!("Does not add up: {}", broken.says())));
    remarks.extend(row.unverified.iter().map(|fact| format!("Unverified: {fact}")));
    for remark in &remarks {
        let _ = writeln!(text, "- {}", escape(remark));
    }
    if !remarks.is_empty() {
        text.push('\n');
    }
}

fn made(text: &mut String, report: &Report) {
    text.push_str("## 6. How it was made\n\n");
    let made = &report.made;
    let parameters: Vec<String> =
        made.results.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let facts = [
        ("Framework", made.framework.clone()),
        ("Plan", made.results.plan.clone()),
        ("Records", made.results.data.clone()),
        ("Working-day calendar", made.results.calendar.clone()),
        ("Parameters", parameters.join("; ")),
        ("Library", made.results.library.clone()),
    ];
    table(
        text,
        &["What", "Version or fingerprint"],
        facts.into_iter().map(|(what, which)| vec![what.to_owned(), which]),
    );
    if !report.sums.is_empty() {
        text.push_str("Sums that must come out:\n\n");
        let rows = report.sums.iter().map(|sum| vec![sum.words.clone(), words::sums(sum)]);
        table(text, &["What must hold", "In areas and periods"], rows);
    }
}

fn named(open: &Open) -> String {
    format!("{} ({}, {})", open.about.title, open.about.reference, open.about.id)
}

fn table(text: &mut String, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        text.push_str("None.\n\n");
        return;
    }
    let _ = writeln!(text, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text.push('\n');
}

/// Text that Markdown shows as it is: nothing in it is markup, and it stays on one line.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
