//! `staysafe verify --published`: rates and totals of official statistics, worked out again from their parts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use staysafe::published::{Compared, comparators, recompute};
use staysafe::value::Convention;
use staysafe_io::{PublishedOptions, ReadPublished, read_layouts, read_published};

use crate::Ending;
use crate::failure::Failure;
use crate::input;
use crate::output;
use crate::render::published;

/// Published tables instead of definitions.
#[derive(Debug, Args)]
pub(crate) struct Published {
    /// Instead of the tests inside definitions: work out every rate and total of these published tables again (files, or
    /// folders of them), as far as rounding and suppression leave them open.
    #[arg(long = "published", id = "published", value_name = "FILE", num_args = 1.., conflicts_with_all = ["folder", "mutate"])]
    tables: Vec<PathBuf>,

    /// With --published: a TOML file that says which figure is made of which, how they are rounded, and what a year means.
    #[arg(long, value_name = "FILE.toml", requires = "published")]
    mapping: Option<PathBuf>,

    /// With --published: whose symbols the tables use, where they do not say it rightly themselves.
    #[arg(long, value_enum, requires = "published")]
    symbols: Option<Symbols>,

    /// With --published: write every figure beside what its parts give to this file, as CSV.
    #[arg(long, value_name = "FILE.csv", requires = "published")]
    rows: Option<PathBuf>,

    /// With --published: write every figure that the layouts or the mapping set beside an indicator to this file, as CSV.
    #[arg(long, value_name = "FILE.csv", requires = "published")]
    comparators: Option<PathBuf>,

    /// With --published: write every cell that could not be read to this file, as CSV.
    #[arg(long, value_name = "FILE.csv", requires = "published")]
    rejects: Option<PathBuf>,
}

/// Whose symbols.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Symbols {
    /// The open data standard: x is not available, c is suppressed.
    Current,
    /// Statistical first releases: x is suppressed, a full stop not applicable.
    Older,
}

impl Published {
    pub(crate) fn is_asked(&self) -> bool {
        !self.tables.is_empty()
    }

    pub(crate) fn run(&self, as_json: bool) -> Result<Ending, Failure> {
        let reads = read(&self.tables, self.mapping.as_deref(), self.symbols)?;
        let again = |read: ReadPublished| {
            let recomputed = recompute(&read.table);
            (read, recomputed)
        };
        let found: Vec<_> = reads.into_iter().map(again).collect();
        write(self.rows.as_deref(), || published::rows(&found))?;
        write(self.comparators.as_deref(), || published::compared(&found))?;
        let rejects: Vec<_> = found.iter().flat_map(|(read, _)| read.rejects.iter().cloned()).collect();
        write(self.rejects.as_deref(), || input::list(&rejects, true))?;
        output::answer(&if as_json {
            serde_json::to_string_pretty(&published::json(&found)).map_err(Failure::new)?
        } else {
            published::text(&found)
        })?;
        let differs = found.iter().any(|(_, again)| again.differs());
        Ok(if differs { Ending::Findings } else { Ending::Clean })
    }
}

/// Published tables, which a report shows beside its own figures.
#[derive(Debug, Args)]
pub(crate) struct Beside {
    /// Published tables (files, or folders of them): what they say of the country, of an area's region, of its statistical
    /// neighbours and of itself stands beside the entries.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    published: Vec<PathBuf>,

    /// With --published: a TOML file that says which figure stands beside which indicator, and what a year means.
    #[arg(long, value_name = "FILE.toml", requires = "published")]
    mapping: Option<PathBuf>,

    /// With --published: whose symbols the tables use, where they do not say it rightly themselves.
    #[arg(long = "published-symbols", value_enum, requires = "published")]
    symbols: Option<Symbols>,
}

impl Beside {
    /// The figures that the tables set beside an indicator; none where no table was given.
    pub(crate) fn figures(&self) -> Result<Vec<Compared>, Failure> {
        if self.published.is_empty() {
            return Ok(Vec::new());
        }
        let reads = read(&self.published, self.mapping.as_deref(), self.symbols)?;
        let found: Vec<Compared> = reads.iter().flat_map(|read| comparators(&read.table)).collect();
        if found.is_empty() {
            output::note(
                "nothing in the published tables stands beside an indicator: say it in a --mapping, under [[table.comparator]]",
            );
        }
        Ok(found)
    }
}

/// Reads published tables, and says of each what was read and what could not be.
fn read(
    tables: &[PathBuf],
    mapping: Option<&Path>,
    symbols: Option<Symbols>,
) -> Result<Vec<ReadPublished>, Failure> {
    let layouts = match mapping {
        Some(path) => read_layouts(path).map_err(Failure::new)?,
        None => Vec::new(),
    };
    let symbols = symbols.map(|of| match of {
        Symbols::Current => Convention::Current,
        Symbols::Older => Convention::Older,
    });
    let reads = read_published(tables, &PublishedOptions { layouts, symbols }).map_err(Failure::new)?;
    reads.iter().for_each(say);
    Ok(reads)
}

/// Writes a list, where one is asked for.
fn write(path: Option<&Path>, text: impl Fn() -> String) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    fs::write(path, text()).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// Says beside the answer what was read and what could not be.
fn say(read: &ReadPublished) {
    let account = &read.account;
    output::note(&format!(
        "{}: {} cells in {} rows: {} numbers, {} withheld, {} rejected, {} in rows that could not be used",
        read.table.name,
        account.cells,
        read.table.rows.len(),
        account.numbers,
        account.withheld,
        account.rejected,
        account.lost
    ));
    for notice in &read.notices {
        output::note(&format!("{}: note[{}] {}", notice.name, notice.code, notice.message));
    }
    if let Some(text) = input::summary(&read.rejects) {
        output::note(&text);
    }
}
