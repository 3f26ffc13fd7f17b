//! `staysafe gap`: what is needed, what arrived, what is missing and whom to ask.

use std::path::Path;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::check::Checked;
use staysafe::definition::read::PLAN_FILE;
use staysafe::diagnostic::{self, render};
use staysafe::gap::{Arrived, Circumstances, GapAnalysis, gap};
use staysafe_io::{Returns, make_plan, read_board_folder};

use crate::Ending;
use crate::board::BoardFolder;
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

    #[command(flatten)]
    board: BoardFolder,

    /// Make the board's data gathering plan from the gaps, or make it again: nothing that people wrote in it is lost.
    #[arg(long, requires = "folder")]
    make_plan: bool,

    /// Show how the board's plan, task group, documents, priorities and challenges stand, instead of the gaps.
    #[arg(long, requires = "folder", conflicts_with = "make_plan")]
    plan: bool,

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
        let as_of = or_today(self.date)?;
        if let (true, Some(folder)) = (self.make_plan, self.board.path()) {
            let gaps = gap(&checked, &arrived, &Circumstances::on(as_of));
            output::answer(&self.make(&checked, folder, &gaps)?)?;
            return Ok(input::ending(&returns));
        }
        let board = self.board.read(&checked, &returns, &arrived, as_of)?;
        if let (true, Some(now)) = (self.plan, &board) {
            output::answer(&match self.format {
                Format::Text | Format::Markdown => now.standing.told(),
                Format::Json => serde_json::to_string_pretty(&now.standing).map_err(Failure::new)?,
            })?;
            return Ok(input::ending(&returns));
        }
        let analysis = match board {
            Some(now) => now.gaps,
            None => gap(&checked, &arrived, &Circumstances::on(as_of)),
        };
        output::answer(&match self.format {
            Format::Text => written::text(checked.framework(), &analysis),
            Format::Markdown => written::markdown(checked.framework(), &analysis),
            Format::Json => serde_json::to_string_pretty(&analysis).map_err(Failure::new)?,
        })?;
        Ok(input::ending(&returns))
    }

    /// Makes the plan, or says with line and place why it was not touched.
    fn make(&self, checked: &Checked, folder: &Path, gaps: &GapAnalysis) -> Result<String, Failure> {
        let framework = checked.framework();
        if folder.is_dir() {
            let (_, found, sources) = read_board_folder(folder, framework).map_err(Failure::new)?;
            if !found.is_empty() {
                output::note(&render(&found, &sources, diagnostic::Format::Full));
            }
        }
        let made = make_plan(folder, framework, gaps).map_err(Failure::new)?;
        output::note(&format!("the plan: {}", folder.join(PLAN_FILE).display()));
        Ok(match self.format {
            Format::Text | Format::Markdown => made.told(),
            Format::Json => serde_json::to_string_pretty(&made).map_err(Failure::new)?,
        })
    }
}

/// What arrived, after the returns of each authority were joined.
pub(crate) fn arrived(checked: &Checked, returns: &Returns) -> Result<Arrived, Failure> {
    Arrived::of(checked, &returns.data, &returns.profiles).map_err(Failure::new)
}
