//! `staysafe workflow`: where a board stands in devising its framework.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use staysafe::diagnostic::{Format, render};
use staysafe::report::board_page;
use staysafe::workflow::State;
use staysafe_io::{Happened, board_state, new_log, read_board_folder, read_long_list, record};

use super::priorities::{Propose, Select};
use crate::Ending;
use crate::failure::Failure;
use crate::framework::{checked, written};
use crate::output;
use crate::today::{day, or_today};

/// Walk an option for devising the framework: record what happened, see where the board stands.
#[derive(Debug, Args)]
pub(crate) struct Workflow {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Begin a log in a board's folder.
    Init {
        /// The board's folder.
        board: PathBuf,
    },
    /// Add an event to the log; one that would be refused is not added.
    Record(Box<Record>),
    /// Show every step with how it stands.
    Status(Status),
    /// Show the next step and who acts.
    Next(Status),
    /// Show candidates for priorities from the draft framework, each with its evidence (option 2).
    Propose(Box<Propose>),
    /// Show what the board's priorities select: indicators, data requirements, needs that nobody has an indicator for (option 1).
    Select(Select),
}

#[derive(Debug, Args)]
struct Status {
    /// The board's folder.
    board: PathBuf,
    /// The day on which it is looked at; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Written::Text)]
    format: Written,
    /// The folder of a framework with options of its own; without it, the shipped one.
    #[arg(long, value_name = "DIR")]
    framework: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Written {
    /// Words for a person.
    Text,
    /// JSON.
    Json,
    /// A page: the steps, the long list and the plan in time.
    Html,
}

#[derive(Debug, Args)]
struct Record {
    #[command(flatten)]
    status: Status,
    /// What happened: "choose option", "record", "sign off", "except", "clear", "reopen", "supersede", "defer",
    /// "switch option", "withdraw" or "delegate".
    #[arg(long)]
    event: String,
    /// The step it is about.
    #[arg(long)]
    step: Option<String>,
    /// The option that is chosen.
    #[arg(long)]
    option: Option<String>,
    /// Why; may be given several times where an option is chosen.
    #[arg(long)]
    reason: Vec<String>,
    /// Who acted.
    #[arg(long)]
    by: String,
    /// As what: "board", "independent chair", "business manager", …
    #[arg(long)]
    role: String,
    /// The meeting.
    #[arg(long)]
    meeting: Option<String>,
    /// The minute.
    #[arg(long)]
    minute: Option<String>,
    /// Whether the meeting had a quorum.
    #[arg(long)]
    quorum: Option<bool>,
    /// The file that the step made, or that is signed: its hash goes into the log.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A condition of a sign-off; may be given several times.
    #[arg(long)]
    subject_to: Vec<String>,
    /// Who accepted an exception.
    #[arg(long)]
    accepted_by: Option<String>,
    /// Until when a step waits or a role is lent.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: Option<NaiveDate>,
    /// The event that is taken back, by the name of its file without `.toml`.
    #[arg(long)]
    withdrawn: Option<String>,
    /// The role that is lent.
    #[arg(long)]
    lent: Option<String>,
    /// To whom.
    #[arg(long)]
    to: Option<String>,
    /// Anything to remember.
    #[arg(long)]
    note: Option<String>,
}

impl Workflow {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        match self.verb {
            Verb::Init { board } => {
                new_log(&board).map_err(Failure::new)?;
                output::note(&format!("begun: {}", board.join("log").display()));
                Ok(Ending::Clean)
            }
            Verb::Record(record) => record.run(),
            Verb::Status(status) => status.run(State::told),
            Verb::Next(status) => status.run(State::told_next),
            Verb::Propose(propose) => propose.run(),
            Verb::Select(select) => select.run(),
        }
    }
}

impl Status {
    fn run(&self, text: fn(&State) -> String) -> Result<Ending, Failure> {
        let (framework, _) = written(self.framework.as_deref())?;
        let as_of = or_today(self.date)?;
        let now = board_state(&self.board, &framework.ways, as_of).map_err(Failure::new)?;
        if now.found.has_errors() {
            output::note(&render(&now.found, &now.sources, Format::Full));
        }
        output::answer(&match self.format {
            Written::Text => text(&now.state),
            Written::Json => serde_json::to_string_pretty(&now.state).map_err(Failure::new)?,
            Written::Html => self.page(&now.state, as_of)?,
        })?;
        let clean = !now.found.has_errors() && now.state.refused.is_empty();
        Ok(if clean { Ending::Clean } else { Ending::Findings })
    }
}

impl Status {
    /// The steps with the long list and the plan, as far as the folder has them.
    fn page(&self, state: &State, as_of: NaiveDate) -> Result<String, Failure> {
        let checked = checked(self.framework.as_deref(), &[])?;
        let list = read_long_list(&checked, &self.board).map_err(Failure::new)?;
        let (board, found, sources) =
            read_board_folder(&self.board, checked.framework()).map_err(Failure::new)?;
        if !found.is_empty() {
            output::note(&render(&found, &sources, Format::Full));
        }
        Ok(board_page(&checked.framework().title, state, &list, &board, as_of))
    }
}

impl Record {
    fn run(self) -> Result<Ending, Failure> {
        let (framework, _) = written(self.status.framework.as_deref())?;
        let (board, date) = (self.status.board, or_today(self.status.date)?);
        let happened = Happened {
            event: self.event,
            date,
            by: self.by,
            role: self.role,
            step: self.step,
            option: self.option,
            reasons: self.reason,
            meeting: self.meeting,
            minute: self.minute,
            quorum: self.quorum,
            file: self.file,
            subject_to: self.subject_to,
            accepted_by: self.accepted_by,
            until: self.until,
            withdrawn: self.withdrawn,
            lent: self.lent,
            to: self.to,
            note: self.note,
        };
        let path = record(&board, &framework.ways, &happened).map_err(Failure::new)?;
        output::note(&format!("recorded: {}", path.display()));
        let now = board_state(&board, &framework.ways, date).map_err(Failure::new)?;
        output::answer(&now.state.told_next())?;
        Ok(Ending::Clean)
    }
}
