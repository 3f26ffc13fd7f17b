//! `staysafe merge`: partial states of several authorities into figures.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use staysafe::calculate::finish;
use staysafe::calculate::part::Part;
use staysafe::record::Data;

use super::calculate::{Printed, write};
use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;

/// Add up partial states that `staysafe calculate --partial` wrote, in any order, into the figures of all their records.
///
/// They must be of one plan (definitions, parameters, indicators, periods, 'by'), calendar and version; and no record may be in two.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// Partial states.
    #[arg(required = true, value_name = "FILE.arrow")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    definitions: Definitions,

    /// Instead of figures, the merged states into this file, to be merged with more.
    #[arg(long, value_name = "FILE.arrow", conflicts_with_all = ["format", "symbols"])]
    partial: Option<PathBuf>,

    #[command(flatten)]
    printed: Printed,
}

impl Merge {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        self.printed.fits()?;
        let mut merged: Option<Part> = None;
        for path in &self.files {
            let part = read(path)?;
            merged = Some(match merged {
                None => part,
                Some(held) => held.merge(part).map_err(|error| {
                    Failure::new(format!("{}, beside those before it: {error}", path.display()))
                })?,
            });
        }
        let Some(merged) = merged else {
            return Err(Failure::new("name at least one file of partial states"));
        };
        if let Some(path) = &self.partial {
            write(&merged, path)?;
            return Ok(Ending::Clean);
        }
        let checked = self.definitions.checked()?;
        let partials = merged.settle(&checked).map_err(Failure::new)?;
        self.printed.answer(&checked, &finish(&checked, &partials), &Data::default())?;
        Ok(Ending::Clean)
    }
}

fn read(path: &Path) -> Result<Part, Failure> {
    let failed = |error: String| Failure::new(format!("{}: {error}", path.display()));
    let bytes = fs::read(path).map_err(|error| failed(error.to_string()))?;
    staysafe_arrow::from_ipc(&bytes).map_err(|error| failed(error.to_string()))
}
