//! `staysafe report`: the main job, from a council's return to a scorecard.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::calculate::finish;
use staysafe::disclosure::Audience;
use staysafe::plan::plan;
use staysafe::progress::Watch;
use staysafe::report::terminal;
use staysafe_arrow::Work;
use staysafe_io::{Wanted, write_scorecard};

use super::calculate::Scope;
use super::gap::arrived;
use super::published::Beside;
use crate::Ending;
use crate::board::BoardFolder;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::render::changed;
use crate::today::{day, or_today};

/// How wide the summary in the terminal is.
const WIDTH: usize = 100;

/// Write a scorecard: what is known, what is missing and who has it. The main job.
///
/// Without --for board it is for publication: small numbers are hidden, with everything that would give them away.
/// Each run keeps what its audience saw beside the scorecard, and the next one says what changed and why.
#[derive(Debug, Args)]
pub(crate) struct Write {
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

    /// The folder to write to; it is made where it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Who will read it.
    #[arg(long = "for", value_enum, default_value_t = For::Publication)]
    audience: For,

    /// Who receives full figures: a named person or meeting.
    #[arg(long, value_name = "NAME", required_if_eq("audience", "board"))]
    recipient: Option<String>,

    /// The day it is prepared; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,

    /// What is written.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Form::Html, Form::Md, Form::Json])]
    format: Vec<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    /// Full figures, with a handling line, the recipient and the date on each page.
    Board,
    /// What may be shown to anybody.
    Publication,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Html,
    Md,
    Json,
}

impl Write {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let prepared = or_today(self.date)?;
        let audience = self.audience(prepared)?;
        let checked = self.definitions.checked()?;
        let returns = self.input.read(&checked)?;
        let request = self.scope.request(&checked, &returns.data);
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        let nobody = Watch::nobody();
        let work = Work::together(&nobody);
        let partials =
            staysafe_arrow::calculate_on(&checked, &plan, &returns.data, &work).map_err(Failure::new)?;
        let board = match self.board.path() {
            Some(_) => self.board.read(&checked, &returns, &arrived(&checked, &returns)?, prepared)?,
            None => None,
        };
        let published = self.beside.figures()?;
        let forms: Vec<staysafe_io::Form> = self.format.iter().map(|form| form.of()).collect();
        let wanted = Wanted {
            audience: &audience,
            prepared,
            folder: &self.out,
            forms: &forms,
            board: self.board.path().zip(board.as_ref()),
            published: &published,
        };
        let written = write_scorecard(&checked, &returns, finish(&checked, &partials), &wanted)
            .map_err(Failure::new)?;
        for path in &written.files {
            output::note(&format!("wrote {}", path.display()));
        }
        output::note(&format!("kept {}, for the next run to compare with", written.run.display()));
        if let Some(warning) = written.warning() {
            output::note(&warning);
        }
        output::answer(&terminal(&written.report, WIDTH))?;
        if let Some(changes) = &written.report.changes {
            output::answer(&changed::text(changes))?;
        }
        Ok(input::ending(&returns))
    }

    fn audience(&self, date: NaiveDate) -> Result<Audience, Failure> {
        match (self.audience, self.recipient.as_deref().map(str::trim)) {
            (For::Board, Some(recipient)) if !recipient.is_empty() => {
                Ok(Audience::Board { recipient: recipient.to_owned(), date })
            }
            (For::Board, _) => {
                Err(Failure::new("full figures need a --recipient: a named person or meeting"))
            }
            (For::Publication, None) => Ok(Audience::Publication),
            (For::Publication, Some(_)) => {
                Err(Failure::new("a publication has no recipient; say --for board for full figures"))
            }
        }
    }
}

impl Form {
    const fn of(self) -> staysafe_io::Form {
        match self {
            Self::Html => staysafe_io::Form::Html,
            Self::Md => staysafe_io::Form::Markdown,
            Self::Json => staysafe_io::Form::Json,
        }
    }
}
