//! Diagnostics as people and machines read them.

use super::{Diagnostics, Sources};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// With the line, a caret and the help.
    Full,
    /// `path:line:column: severity[code] message`
    Concise,
    /// A JSON array.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

/// Writes diagnostics.
pub fn render(diagnostics: &Diagnostics, _sources: &Sources, _format: Format) -> String {
    diagnostics.iter().map(|d| format!("{}\n", d.message)).collect()
}
