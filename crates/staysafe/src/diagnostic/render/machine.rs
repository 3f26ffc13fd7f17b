//! The forms for machines: JSON and the annotations of a GitHub workflow.

use std::fmt::Write;

use serde::Serialize;

use super::ends;
use crate::diagnostic::{Code, Diagnostics, Severity, Sources, Span};

/// A finding; its fields are in the order they are written.
#[derive(Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    label: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    others: Vec<Other<'a>>,
    help: Option<&'a str>,
    fix: Option<Mend<'a>>,
}

/// Columns count characters from 1; the end is one past the last character.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Other<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Mend<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
}

fn place<'a>(sources: &Sources, span: &'a Span) -> Place<'a> {
    let (start, end) = ends(sources, span);
    let (line, column) = (start.line, start.column);
    Place { file: &span.file, line, column, end_line: end.line, end_column: end.column }
}

/// A JSON array of findings.
pub(super) fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let findings: Vec<Finding<'_>> = diagnostics
        .iter()
        .map(|one| Finding {
            code: one.code,
            severity: one.severity,
            message: &one.message,
            label: &one.label,
            place: one.span.as_ref().map(|span| place(sources, span)),
            others: one
                .others
                .iter()
                .map(|other| Other { place: place(sources, &other.span), text: &other.text })
                .collect(),
            help: one.help.as_deref(),
            fix: one
                .fix
                .as_ref()
                .map(|fix| Mend { place: place(sources, &fix.span), replacement: &fix.replacement }),
        })
        .collect();
    // Texts and numbers always serialise.
    serde_json::to_string_pretty(&findings).unwrap_or_default() + "\n"
}

/// Workflow commands; see "Workflow commands for GitHub Actions" in GitHub's documentation for their escapes.
pub(super) fn github(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for one in diagnostics {
        let command = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(text, "::{command} ");
        if let Some(span) = &one.span {
            let Place { file, line, column, end_line, end_column } = place(sources, span);
            let file = property(file);
            let _ = write!(
                text,
                "file={file},line={line},col={column},endLine={end_line},endColumn={end_column},"
            );
        }
        let _ = write!(text, "title={}::{}", property(one.code.as_str()), data(&one.message));
        if let Some(help) = &one.help {
            let _ = write!(text, "%0A{}", data(help));
        }
        text.push('\n');
    }
    text
}

/// A command ends at its line's end.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property also ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
