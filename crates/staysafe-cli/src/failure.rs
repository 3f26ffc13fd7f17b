//! Why a command could not do its work.

use std::fmt::Display;
use std::io;

/// Why a command could not do its work: exit code 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong, and how to mend it.
    Said(String),
    /// Whoever read our output has stopped reading; not a fault of ours or theirs.
    ReaderGone,
}

impl Failure {
    /// A failure in words.
    pub(crate) fn new(why: impl Display) -> Self {
        Self::Said(why.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::ReaderGone } else { Self::new(error) }
    }
}
