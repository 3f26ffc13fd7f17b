//! `staysafe workflow propose` and `staysafe workflow select`: from a draft framework to priorities, and from priorities to a
//! framework.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::board::{candidates, candidates_told, drafted, select};
use staysafe::calculate::finish;
use staysafe::diagnostic::{self, render};
use staysafe::gap::{Circumstances, gap};
use staysafe::plan::plan;
use staysafe_io::read_board_folder;

use super::Form;
use super::calculate::Scope;
use super::gap::arrived;
use super::published::Beside;
use crate::Ending;
use crate::board::BoardFolder;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::today::{day, or_today};

/// Candidates for priorities.
#[derive(Debug, Args)]
pub(crate) struct Propose {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    scope: Scope,

    #[command(flatten)]
    board: BoardFolder,

    #[command(flatten)]
    beside: Beside,

    /// The day on which agreements must still hold; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,

    /// Only so many candidates, the weightiest.
    #[arg(long, value_name = "N")]
    most: Option<usize>,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// Everything.
    Json,
    /// Drafts for priorities.toml, as comments: a person keeps what the board decides.
    Toml,
}

impl Propose {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let as_of = or_today(self.date)?;
        let checked = self.definitions.checked()?;
        let published = self.beside.figures()?;
        let returns = self.input.read(&checked)?;
        let request = self.scope.request(&checked, &returns.data);
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        let partials = staysafe_arrow::calculate(&checked, &plan, &returns.data).map_err(Failure::new)?;
        let results = finish(&checked, &partials);
        let arrived = arrived(&checked, &returns)?;
        let board = self.board.read(&checked, &returns, &arrived, as_of)?;
        let (gaps, priorities) = match board {
            Some(now) => (now.gaps, now.board.priorities),
            None => (gap(&checked, &arrived, &Circumstances::on(as_of)), Vec::new()),
        };
        let mut found =
            candidates(checked.framework(), &results.observations, &gaps, &published, &priorities);
        found.truncate(self.most.unwrap_or(usize::MAX));
        output::note("figures in full: for the board alone, not to be published");
        output::answer(&match self.format {
            Format::Text => candidates_told(&found),
            Format::Json => serde_json::to_string_pretty(&found).map_err(Failure::new)?,
            Format::Toml => drafted(&found),
        })?;
        Ok(input::ending(&returns))
    }
}

/// What the board's priorities select.
#[derive(Debug, Args)]
pub(crate) struct Select {
    /// The board's folder, with its priorities.toml.
    board: PathBuf,

    #[command(flatten)]
    definitions: Definitions,

    /// The day on which the priorities hold; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Select {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let as_of = or_today(self.date)?;
        let checked = self.definitions.checked()?;
        let (board, found, sources) =
            read_board_folder(&self.board, checked.framework()).map_err(Failure::new)?;
        if !found.is_empty() {
            output::note(&render(&found, &sources, diagnostic::Format::Full));
        }
        if found.has_errors() {
            return Err(Failure::new(
                "the board's folder has files with errors; nothing is decided from half of one, and none was changed",
            ));
        }
        let selected = select(&checked, &board.priorities, as_of);
        output::answer(&match self.format {
            Form::Text => selected.told(),
            Form::Json => serde_json::to_string_pretty(&selected).map_err(Failure::new)?,
        })?;
        Ok(Ending::Clean)
    }
}
