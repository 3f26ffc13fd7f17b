//! The two streams: what was asked for on standard output, everything else on standard error.

use std::io::{self, Write};

use crate::failure::Failure;

/// Writes what was asked for.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Says something beside the answer. A closed standard error is nobody's fault.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
