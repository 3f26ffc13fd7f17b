//! What tests at the root share.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// A file or folder of the reference data that stands beside the workspace (`../shared`). It is no part
/// of the repository: where it is absent, this says aloud which test is left out and gives `None`, and
/// the test ends.
#[allow(
    clippy::explicit_write,
    reason = "the test harness would keep what eprintln! says of a test that passes"
)]
pub fn shared(test: &str, path: &str) -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !found.exists() {
        writeln!(std::io::stderr(), "left out: {test} (there is no ../shared/{path})").unwrap();
        return None;
    }
    Some(found)
}

/// The rows of a table of reference vectors, by column; `None` where the reference data is absent.
pub fn vectors(test: &str, file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = shared(test, &format!("reference/vectors/{file}"))?;
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<_> = lines.next().unwrap().collect();
    let rows: Vec<BTreeMap<_, _>> = lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect();
    assert!(rows.len() > 50, "{file} holds many rows; {} were read", rows.len());
    Some(rows)
}
