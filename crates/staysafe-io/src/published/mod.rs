//! Reading published tables: any layout of the Department for Education's, every cell accounted for.

mod columns;
mod grid;
mod head;
mod layouts;
mod place;
mod rows;
#[cfg(test)]
mod tests;
mod time;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use staysafe::published::{Layout, Published};
use staysafe::record::Reject;
use staysafe::value::Convention;

use crate::error::{FaultKind, FileFault, ReadError};
use crate::inputs::unreadable;
use crate::kind::{Kind, recognise};
use crate::returns::Notice;

pub use layouts::{known_layouts, read_layouts};

/// How published tables are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishedOptions {
    /// What is known of tables beyond what the library knows; these come first. One without `has` fits every table.
    pub layouts: Vec<Layout>,
    /// Whose symbols the tables use, where neither their layout nor their form says it rightly.
    pub symbols: Option<Convention>,
}

/// A published table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadPublished {
    /// The figures.
    pub table: Published,
    /// What could not be used, with line and column.
    pub rejects: Vec<Reject>,
    /// What a reader of the figures should know.
    pub notices: Vec<Notice>,
    /// What became of each cell.
    pub account: CellAccount,
    /// Titles and footnotes, in the order of the file.
    pub notes: Vec<String>,
}

/// What became of each cell of a file: the other columns, but for the last, add up to `cells`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CellAccount {
    /// Cells in the file.
    pub cells: u64,
    /// Cells of titles, footnotes and blank rows.
    pub notes: u64,
    /// Cells of the header, where it stands and where it is repeated.
    pub header: u64,
    /// Cells that say where and when.
    pub places: u64,
    /// Cells that say who or what is counted.
    pub filters: u64,
    /// Numbers.
    pub numbers: u64,
    /// Figures that are withheld, blanks among them.
    pub withheld: u64,
    /// Cells that could not be read; each is in the list of rejects.
    pub rejected: u64,
    /// Cells of rows that could not be used as a whole; each row is in the list of rejects.
    pub lost: u64,
    /// Blank cells outside the table.
    pub padding: u64,
    /// Beside the sum: figures that no cell holds, because their row ends before them. They are read as blank.
    pub missing: u64,
}

impl CellAccount {
    /// Whether every cell is accounted for.
    pub fn is_complete(&self) -> bool {
        let parts = [
            self.notes,
            self.header,
            self.places,
            self.filters,
            self.numbers,
            self.withheld,
            self.rejected,
            self.lost,
            self.padding,
        ];
        parts.iter().sum::<u64>() == self.cells
    }
}

/// Reads published tables from files, and from folders the tables that lie in them.
///
/// A table is recognised by its header: columns of places, of periods where it has them, and everything else. What each
/// column is, is told by header and content, by a layout that knows the table, and by the metadata file of the publisher
/// (`NAME.meta.csv`) where it lies beside it.
///
/// # Errors
/// When a file is refused: it cannot be read, or no row of it is a header. A cell or a row that cannot be read is not an
/// error: it is in [`ReadPublished::rejects`]. What lies in a folder and is no such table is passed over, and said.
///
/// # Example
/// ```no_run
/// use staysafe::published::recompute;
/// use staysafe_io::{PublishedOptions, read_published};
/// for read in read_published(&["published/"], &PublishedOptions::default())? {
///     let tallies = recompute(&read.table).tallies();
///     println!("{}: {} figures, {} rules", read.table.name, read.table.figures().count(), tallies.len());
/// }
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn read_published<P: AsRef<Path>>(
    paths: &[P],
    options: &PublishedOptions,
) -> Result<Vec<ReadPublished>, ReadError> {
    let mut reads: Vec<ReadPublished> = Vec::new();
    let mut faults = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            match folder(path, options) {
                Ok(found) => reads.extend(found),
                Err(fault) => faults.push(fault),
            }
            continue;
        }
        match file(path, options) {
            Ok(read) => reads.push(read),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(reads) } else { Err(ReadError { faults }) }
}

const EXPECTED: &str = "expected a table of comma-separated values with a header that names places, such as geographic_level, la_name, geog_n";

/// The tables of a folder; what is none is passed over and said with the first.
fn folder(path: &Path, options: &PublishedOptions) -> Result<Vec<ReadPublished>, FileFault> {
    let name = path.display().to_string();
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(path)? {
            let path = entry?.path();
            if path.is_file() && !short(&path).starts_with('.') && !is_metadata(&path) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    };
    let files = list().map_err(|error| unreadable(&name, &error))?;
    let (mut reads, mut passed) = (Vec::new(), Vec::new());
    for path in files {
        match file(&path, options) {
            Ok(read) => reads.push(read),
            Err(fault) if fault.kind == FaultKind::NotReadable => return Err(fault),
            Err(_) => passed.push(short(&path)),
        }
    }
    match reads.first_mut() {
        Some(first) if !passed.is_empty() => {
            let message = format!("passed over, being no published table: {}", passed.join(", "));
            first.notices.push(Notice::new(&name, "passed-over", message));
        }
        Some(_) => {}
        None => {
            let message = "no published table is in this folder";
            return Err(FileFault::new(&name, FaultKind::Empty, message, EXPECTED));
        }
    }
    Ok(reads)
}

fn file(path: &Path, options: &PublishedOptions) -> Result<ReadPublished, FileFault> {
    let name = short(path);
    let bytes = fs::read(path).map_err(|error| unreadable(&name, &error))?;
    match recognise(bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default()) {
        Kind::Csv | Kind::Text | Kind::Utf16 => {}
        kind => return Err(FileFault { help: EXPECTED.to_owned(), ..kind.refuse(&name) }),
    }
    let metadata = fs::read(path.with_extension("meta.csv")).ok();
    rows::read(&name, &bytes, metadata.as_deref(), options)
}

/// Whether a file is the publisher's description of the columns of another.
fn is_metadata(path: &Path) -> bool {
    short(path).to_lowercase().ends_with(".meta.csv")
}

fn short(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
