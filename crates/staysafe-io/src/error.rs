//! Files that cannot be read at all, each with what it is, what was expected and how to mend it.

use std::fmt;

use serde::Serialize;

/// Why files were refused: every faulty file at once, none of them read.
///
/// A file that can be read with oddities is no error: they are in [`Returns::rejects`](crate::Returns).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// One per refused file, in the order given.
    pub faults: Vec<FileFault>,
}

/// Why one file was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileFault {
    /// The file as the caller named it.
    pub file: String,
    /// Line, counted from 1, where the fault stands.
    pub line: Option<u64>,
    /// What kind of fault.
    pub kind: FaultKind,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What was expected and how to mend it.
    pub help: String,
}

/// Kinds of faults that refuse a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The file cannot be opened or read.
    NotReadable,
    /// There is nothing in it.
    Empty,
    /// It is a file of another kind.
    AnotherKind,
    /// Its text is not UTF-8.
    Encoding,
    /// It declares entities or a document type, which are never resolved.
    Entities,
    /// It is not well-formed XML.
    NotWellFormed,
    /// It ends in the middle: so many children were whole.
    Truncated {
        /// Children that were read to their end.
        children: u64,
    },
    /// Its header does not say what a return must say.
    Header,
    /// It does not say whose it is or of which year, and the caller did not say it in a way that holds.
    NotGiven,
    /// The pattern of folders cannot be used.
    Pattern,
}

impl FaultKind {
    /// The stable kebab-case code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotReadable => "not-readable",
            Self::Empty => "empty-file",
            Self::AnotherKind => "another-kind-of-file",
            Self::Encoding => "not-utf-8",
            Self::Entities => "entities",
            Self::NotWellFormed => "not-well-formed",
            Self::Truncated { .. } => "truncated",
            Self::Header => "bad-header",
            Self::NotGiven => "not-given",
            Self::Pattern => "bad-pattern",
        }
    }
}

impl FileFault {
    pub(crate) fn new(
        file: &str,
        kind: FaultKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line: None, kind, message: message.into(), help: help.into() }
    }

    pub(crate) fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": error[{}] {}\n  help: {}", self.kind.code(), self.message, self.help)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}
impl std::error::Error for FileFault {}

impl From<FileFault> for ReadError {
    fn from(fault: FileFault) -> Self {
        Self { faults: vec![fault] }
    }
}
