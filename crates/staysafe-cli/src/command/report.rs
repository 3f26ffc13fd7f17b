//! `staysafe report`: the main job, from a council's return to a scorecard.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::calculate::{finish, identities};
use staysafe::disclosure::{Audience, disclose};
use staysafe::gap::{Circumstances, gap};
use staysafe::plan::plan;
use staysafe::progress::Watch;
use staysafe::report::{Inputs, Report, Run, html, json, markdown, report, terminal};
use staysafe_arrow::Work;
use staysafe_io::{last_run, pages_beside, store_run, write_and_rename};

use super::calculate::Scope;
use super::gap::arrived;
use super::published::Beside;
use crate::Ending;
use crate::board::{BoardFolder, papers};
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
        let arrived = arrived(&checked, &returns)?;
        let board = self.board.read(&checked, &returns, &arrived, prepared)?;
        let gaps = match &board {
            Some(now) => now.gaps.clone(),
            None => gap(&checked, &arrived, &Circumstances::on(prepared)),
        };
        let published = self.beside.figures()?;
        let results = finish(&checked, &partials);
        let tested = identities(&checked, &results, &returns.data);
        let disclosed = disclose(results, &checked, &audience);
        let runs = self.out.join("runs");
        let previous = last_run(&runs, &audience).map_err(Failure::new)?;
        let inputs = Inputs {
            gaps: &gaps,
            profiles: &returns.profiles,
            rejects: &returns.rejects,
            previous: previous.as_ref(),
            board: board.as_ref().map(papers),
            published: &published,
            identities: &tested,
            prepared,
        };
        let mut made = report(&disclosed, &checked, &inputs);
        let now = self.board.path().zip(board.as_ref());
        let beside = pages_beside(&checked, &gaps, now, &audience).map_err(Failure::new)?;
        let pages = if self.format.contains(&Form::Html) { beside } else { Vec::new() };
        made.pages = pages.iter().map(|(page, _)| page.clone()).collect();
        fs::create_dir_all(&self.out).map_err(|error| at(&self.out, &error))?;
        for (page, text) in &pages {
            let path = self.out.join(&page.file);
            write_and_rename(&path, text.as_bytes()).map_err(Failure::new)?;
            output::note(&format!("wrote {}", path.display()));
        }
        // A page of another edition would tell a reader of this one what is not meant for them.
        let other = self.out.join("board.html");
        if audience == Audience::Publication && other.exists() {
            output::note(&format!(
                "{} is there from a run for the board: take it away before the folder is published",
                other.display()
            ));
        }
        for form in &self.format {
            let (name, text) = written(&made, *form)?;
            let path = self.out.join(name);
            write_and_rename(&path, text.as_bytes()).map_err(Failure::new)?;
            output::note(&format!("wrote {}", path.display()));
        }
        let kept = store_run(&runs, &Run::of(&disclosed, Some(&gaps), prepared)).map_err(Failure::new)?;
        output::note(&format!("kept {}, for the next run to compare with", kept.display()));
        output::answer(&terminal(&made, WIDTH))?;
        if let Some(changes) = &made.changes {
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

fn written(made: &Report, form: Form) -> Result<(&'static str, String), Failure> {
    Ok(match form {
        Form::Html => ("scorecard.html", html(made)),
        Form::Md => ("scorecard.md", markdown(made)),
        Form::Json => ("scorecard.json", json(made).map_err(Failure::new)? + "\n"),
    })
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
