//! What every stage that looks at definitions has to say of some files.

#![allow(dead_code, reason = "each test uses its own part")]

pub mod pages;

use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::diagnostic::{Diagnostics, Sources};
use staysafe::verify::verify;

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
