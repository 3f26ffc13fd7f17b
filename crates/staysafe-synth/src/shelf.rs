//! Where files go, and tables of comma-separated values written row by row.

use std::fmt::{self, Display};
use std::io::{self, Write};

use crate::days::Day;

/// Where the files of a region go. Each is written from its first line to its last, and never held in memory.
pub trait Shelf {
    /// Opens a file by its path below the region's folder: `999/registers/caf.csv`.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&mut self, path: &str) -> io::Result<Box<dyn Write>>;
}

/// A table that is being written. No value that is written needs quotation marks.
pub(crate) struct Sheet {
    out: Box<dyn Write>,
    pub(crate) path: String,
    /// Lines written, the header among them.
    pub(crate) lines: u64,
}

impl Sheet {
    pub(crate) fn open(shelf: &mut dyn Shelf, path: &str, header: &str) -> io::Result<Self> {
        let mut out = shelf.open(path)?;
        writeln!(out, "{header}")?;
        Ok(Self { out, path: path.to_owned(), lines: 1 })
    }

    pub(crate) fn row(&mut self, cells: &[&dyn Display]) -> io::Result<()> {
        for (place, cell) in cells.iter().enumerate() {
            write!(self.out, "{}{cell}", if place > 0 { "," } else { "" })?;
        }
        self.lines += 1;
        writeln!(self.out)
    }

    pub(crate) fn close(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A value, or nothing.
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl<T: Display> Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |value| value.fmt(f))
    }
}

/// A day as the looked-after return writes it: 31/03/2026.
pub(crate) struct Slashed(pub(crate) Day);

impl Display for Slashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.parts();
        write!(f, "{day:02}/{month:02}/{year:04}")
    }
}

/// Yes or no, as registers write it.
pub(crate) fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
