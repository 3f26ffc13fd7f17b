//! The forms for build servers: GitLab's code quality report and SARIF.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::ends;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Sources, Span};

/// Where GitLab shows a finding that has no place of its own.
const WHOLE: &str = "framework.toml";

/// A code quality report; see "Code quality report format" in GitLab's documentation.
///
/// A fingerprint stays the same while the file, the code and the message do, wherever the lines move.
pub(super) fn gitlab(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let findings: Vec<Value> = diagnostics
        .iter()
        .map(|one| {
            let path = one.span.as_ref().map_or(WHOLE, |span| &span.file);
            let line = one.span.as_ref().map_or(1, |span| ends(sources, span).0.line);
            let same = format!("{path}\n{}\n{}", one.code, one.message);
            let times = seen.entry(same.clone()).or_default();
            *times += 1;
            let digest = Sha256::digest(format!("{same}\n{times}").as_bytes());
            let mut print = String::new();
            for byte in digest {
                let _ = write!(print, "{byte:02x}");
            }
            json!({
                "description": text(one),
                "check_name": one.code.as_str(),
                "fingerprint": print,
                "severity": match one.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                "location": { "path": path, "lines": { "begin": line } },
            })
        })
        .collect();
    written(&Value::Array(findings))
}

/// A log of SARIF 2.1.0, the standard of OASIS.
pub(super) fn sarif(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|one| one.code.as_str()).collect();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|one| {
            let level = match one.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let place = |span: &Span| location(sources, span);
            let mut result = json!({
                "ruleId": one.code.as_str(),
                "level": level,
                "message": { "text": text(one) },
                "locations": one.span.iter().map(place).collect::<Vec<_>>(),
            });
            let others: Vec<Value> = one
                .others
                .iter()
                .map(|other| {
                    let mut at = location(sources, &other.span);
                    set(&mut at, "message", json!({ "text": other.text }));
                    at
                })
                .collect();
            if !others.is_empty() {
                set(&mut result, "relatedLocations", Value::Array(others));
            }
            result
        })
        .collect();
    let driver = json!({ "name": "staysafe", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    written(&json!({
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    }))
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), value);
    }
}

fn location(sources: &Sources, span: &Span) -> Value {
    let (start, end) = ends(sources, span);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&span.file) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// A path as a relative reference: what a URI cannot hold is written in per cent.
fn uri(path: &str) -> String {
    let mut written = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

/// What is wrong and how to mend it.
fn text(one: &Diagnostic) -> String {
    match &one.help {
        Some(help) => format!("{}; {help}", one.message),
        None => one.message.clone(),
    }
}

fn written(value: &Value) -> String {
    // Texts and numbers always serialise.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
