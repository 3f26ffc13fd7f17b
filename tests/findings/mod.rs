//! What every stage that looks at definitions has to say of some files.

#![allow(dead_code, reason = "each test uses its own part")]

pub mod pages;

use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::diagnostic::{Diagnostics, Sources};
use staysafe::verify::mutate::{Mutated, mutate, subjects};
use staysafe::verify::verify;

/// The mutants of every definition that no test notices, and arguments that have become pointless.
pub fn of_mutants(files: impl IntoIterator<Item = (String, String)>) -> (Sources, Diagnostics) {
    let (framework, _) = read(files);
    let sources = framework.files.clone();
    let checked = check(framework).0.expect("the definitions can be calculated");
    let definitions = subjects(&checked).iter().filter_map(|id| mutate(&checked, id)).collect();
    (sources, Mutated { definitions }.findings())
}

/// Reads, checks and verifies; everything found, in order of place.
pub fn of_all_stages(files: impl IntoIterator<Item = (String, String)>) -> (Sources, Diagnostics) {
    let (framework, mut findings) = read(files);
    let sources = framework.files.clone();
    let (checked, more) = check(framework);
    findings.extend(more);
    if let Some(checked) = checked {
        findings.extend(verify(&checked).findings);
    }
    findings.sort();
    (sources, findings)
}
