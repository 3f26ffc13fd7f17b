//! What the language promises: messages an analyst can act on, and laws that hold for every text.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod definitions;
mod ebnf;
mod grammar;
mod laws;
mod messages;
mod page;

use super::{Expr, Placement, parse};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};

/// The tree of a text that is right.
fn good(text: &str) -> Expr {
    parse(text, &Placement::plain("f.toml", 0, text)).unwrap_or_else(|found| panic!("{text}\n{found:#?}"))
}

/// What is wrong with a text.
fn mistakes(text: &str) -> Vec<Diagnostic> {
    match parse(text, &Placement::plain("f.toml", 0, text)) {
        Ok(expr) => panic!("{text} was read as {expr}"),
        Err(found) => found.iter().cloned().collect(),
    }
}

/// The tree without its places.
fn tree(expr: &Expr) -> serde_json::Value {
    serde_json::to_value(expr).unwrap()
}

/// Every place that a reading mentions.
fn places(reading: &Result<Expr, Diagnostics>) -> Vec<Span> {
    let mut places = Vec::new();
    match reading {
        Ok(expr) => laws::each_place(expr, &mut |span| places.push(span.clone())),
        Err(found) => {
            for one in found {
                places.extend(one.span.clone());
                places.extend(one.others.iter().map(|other| other.span.clone()));
                places.extend(one.fix.iter().map(|fix| fix.span.clone()));
            }
        }
    }
    places
}

/// The text after the mend that a finding offers.
fn mended(text: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let mut text = text.to_owned();
    text.replace_range(fix.span.start..fix.span.end, &fix.replacement);
    Some(text)
}
