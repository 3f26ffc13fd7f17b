//! `staysafe gap`: what is needed, what arrived, what is missing and whom to ask.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::check::Checked;
use staysafe::gap::{Arrived, Circumstances, gap};
use staysafe_io::Returns;

use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::render::gap as written;
use crate::today::{day, or_today};

/// Show what is missing for each entry, why, what stands in the way, and what would unlock the most.
#[derive(Debug, Args)]
pub(crate) struct Gap {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    /// The day on which agreements must still hold; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// The whole analysis.
    Json,
    /// A table for a document.
    Markdown,
}

impl Gap {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let returns = self.input.read(&checked)?;
        let arrived = arrived(&checked, &returns)?;
        let analysis = gap(&checked, &arrived, &Circumstances::on(or_today(self.date)?));
        output::answer(&match self.format {
            Format::Text => written::text(checked.framework(), &analysis),
            Format::Markdown => written::markdown(checked.framework(), &analysis),
            Format::Json => serde_json::to_string_pretty(&analysis).map_err(Failure::new)?,
        })?;
        Ok(input::ending(&returns))
    }
}

/// What arrived, after the returns of each authority were joined.
pub(crate) fn arrived(checked: &Checked, returns: &Returns) -> Result<Arrived, Failure> {
    Arrived::of(checked, &returns.data, &returns.profiles).map_err(Failure::new)
}
