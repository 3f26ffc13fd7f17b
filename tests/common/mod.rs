//! What tests at the root share.

use std::path::PathBuf;

/// A file or folder of the reference data that stands beside the workspace (`../shared`). It is no part
/// of the repository: where it is absent, this says aloud which test is left out and gives `None`, and
/// the test ends.
#[allow(clippy::print_stderr, reason = "a test that is left out must say so")]
pub fn shared(test: &str, path: &str) -> Option<PathBuf> {
    let found = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !found.exists() {
        eprintln!("left out: {test} (there is no ../shared/{path})");
        return None;
    }
    Some(found)
}
