//! The form of test reports: `JUnit`'s XML, as build servers read it.

use std::fmt::Write;

use super::ends;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Sources};

/// A case of a test report: what was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case<'a> {
    /// What the case belongs to: a file, an indicator.
    pub class: &'a str,
    /// The case.
    pub name: String,
    /// Why it was not run, where it was not.
    pub skipped: Option<&'a str>,
    /// What was found; errors are failures, the rest is said beside a case that passes.
    pub found: Vec<&'a Diagnostic>,
}

/// A test report in the XML of `JUnit`, one suite.
pub fn junit_report(suite: &str, cases: &[Case<'_>], sources: &Sources) -> String {
    let fails = |case: &&Case<'_>| case.found.iter().any(|one| one.severity == Severity::Error);
    let (tests, failures) = (cases.len(), cases.iter().filter(fails).count());
    let skipped = cases.iter().filter(|case| case.skipped.is_some()).count();
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites {counts}>\n  <testsuite name=\"{}\" {counts}>", escaped(suite));
    for case in cases {
        let _ = write!(
            xml,
            "    <testcase classname=\"{}\" name=\"{}\"",
            escaped(case.class),
            escaped(&case.name)
        );
        if case.skipped.is_none() && case.found.is_empty() {
            xml.push_str("/>\n");
            continue;
        }
        xml.push_str(">\n");
        if let Some(why) = case.skipped {
            let _ = writeln!(xml, "      <skipped message=\"{}\"/>", escaped(why));
        }
        let said = |one: &Diagnostic| {
            let place = one.span.as_ref().map_or_else(String::new, |span| {
                let start = ends(sources, span).0;
                format!("{}:{}:{}: ", span.file, start.line, start.column)
            });
            let help = one.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
            escaped(&format!("{place}{}{help}", one.message))
        };
        for one in case.found.iter().filter(|one| one.severity == Severity::Error) {
            let (code, message) = (one.code, escaped(&one.message));
            let _ =
                writeln!(xml, "      <failure type=\"{code}\" message=\"{message}\">{}</failure>", said(one));
        }
        let rest: Vec<String> =
            case.found.iter().filter(|one| one.severity != Severity::Error).map(|one| said(one)).collect();
        if !rest.is_empty() {
            let _ = writeln!(xml, "      <system-out>{}</system-out>", rest.join("\n"));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// One case for each finding; one that passes where there are none.
pub(super) fn junit(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut cases: Vec<Case<'_>> = diagnostics
        .iter()
        .map(|one| {
            let class = one.span.as_ref().map_or("framework", |span| &span.file);
            let name = match &one.span {
                Some(span) => format!("{} in line {}", one.code, ends(sources, span).0.line),
                None => one.code.to_string(),
            };
            Case { class, name, skipped: None, found: vec![one] }
        })
        .collect();
    if cases.is_empty() {
        cases.push(Case {
            class: "framework",
            name: "definitions".to_owned(),
            skipped: None,
            found: Vec::new(),
        });
    }
    junit_report("definitions", &cases, sources)
}

/// As text of XML 1.0, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\n' => written.push_str("&#10;"),
            '\t' | '\r' => written.push(' '),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => written.push('\u{fffd}'),
            c => written.push(c),
        }
    }
    written
}
