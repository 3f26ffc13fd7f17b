//! `staysafe workflow`: where a board stands in devising its framework.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use staysafe::definition::read::read_log;
use staysafe::definition::workflow::Event;
use staysafe::diagnostic::{Format, render};
use staysafe::workflow::{State, state};
use staysafe_io::{append_event, file_hash, new_log, read_events};

use super::Form;
use crate::Ending;
use crate::failure::Failure;
use crate::framework::written;
use crate::output;
use crate::render::workflow as shown;
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
}

#[derive(Debug, Args)]
struct Status {
    /// The board's folder.
    board: PathBuf,
    /// The day on which it is looked at; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// The folder of a framework with options of its own; without it, the shipped one.
    #[arg(long, value_name = "DIR")]
    framework: Option<PathBuf>,
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
            Verb::Status(status) => status.run(shown::status),
            Verb::Next(status) => status.run(shown::next),
        }
    }
}

impl Status {
    fn run(&self, text: fn(&State) -> String) -> Result<Ending, Failure> {
        let (now, damaged) = self.state(None)?;
        output::answer(&match self.format {
            Form::Text => text(&now),
            Form::Json => serde_json::to_string_pretty(&now).map_err(Failure::new)?,
        })?;
        Ok(if damaged || !now.refused.is_empty() { Ending::Findings } else { Ending::Clean })
    }

    /// Where the board stands, with an event that is not yet in the log; and whether a file of the log is damaged.
    fn state(&self, with: Option<&Event>) -> Result<(State, bool), Failure> {
        let (framework, _) = written(self.framework.as_deref())?;
        let (mut events, found, sources) = read_events(&self.board).map_err(Failure::new)?;
        if found.has_errors() {
            output::note(&render(&found, &sources, Format::Full));
        }
        events.extend(with.cloned());
        events.sort_by(|a, b| (a.date.value, &a.id.value).cmp(&(b.date.value, &b.id.value)));
        let today = or_today(self.date)?;
        let recorded = state(&framework.ways, &events, &BTreeMap::new(), today);
        // A file that is gone is no longer what was signed.
        let now = recorded.steps.iter().filter_map(|step| {
            let file = self.board.join(step.file.as_ref()?);
            Some((step.id.clone(), file_hash(&file).unwrap_or_default()))
        });
        Ok((state(&framework.ways, &events, &now.collect(), today), found.has_errors()))
    }
}

impl Record {
    fn run(&self) -> Result<Ending, Failure> {
        let text = self.text()?;
        // Behind every event of the same day, as it will stand in the log.
        let (events, found) = read_log([("log/~.toml", text.as_str())]);
        let [event] = events.as_slice() else {
            let why: Vec<String> = found.iter().map(|finding| finding.message.clone()).collect();
            return Err(Failure::new(format!("this is not an event: {}", why.join("; "))));
        };
        let (now, damaged) = self.status.state(Some(event))?;
        if damaged {
            return Err(Failure::new("the log has files that cannot be read; mend them first"));
        }
        if let Some(refused) = now.refused.iter().find(|refused| refused.event == "~") {
            return Err(Failure::new(format!("refused: {}", refused.why)));
        }
        let path = append_event(&self.status.board, event).map_err(Failure::new)?;
        output::note(&format!("recorded: {}", path.display()));
        let (now, _) = self.status.state(None)?;
        output::answer(&shown::next(&now))?;
        Ok(Ending::Clean)
    }

    /// The event as its file would say it.
    fn text(&self) -> Result<String, Failure> {
        let mut table: Vec<(&str, String)> = Vec::new();
        // A JSON string is a TOML string.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut say = |key: &'static str, value: Option<&String>| {
            table.extend(value.map(|value| (key, quoted(value))));
        };
        say("event", Some(&self.event));
        say("step", self.step.as_ref());
        say("option", self.option.as_ref());
        say("by", Some(&self.by));
        say("role", Some(&self.role));
        say("meeting", self.meeting.as_ref());
        say("minute", self.minute.as_ref());
        say("accepted_by", self.accepted_by.as_ref());
        say("withdrawn", self.withdrawn.as_ref());
        say("lent", self.lent.as_ref());
        say("to", self.to.as_ref());
        say("note", self.note.as_ref());
        let list = |texts: &[String]| {
            format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
        };
        if self.option.is_some() {
            table.push(("reasons", list(&self.reason)));
        } else if let [reason] = self.reason.as_slice() {
            table.push(("reason", quoted(reason)));
        } else if !self.reason.is_empty() {
            return Err(Failure::new("only the choice of an option takes several reasons"));
        }
        if !self.subject_to.is_empty() {
            table.push(("subject_to", list(&self.subject_to)));
        }
        if let Some(file) = &self.file {
            let hash = file_hash(file).map_err(Failure::new)?;
            if self.event == "sign off" {
                table.push(("signed", quoted(&hash)));
            } else {
                table.push(("made", quoted(&hash)));
                if self.event == "record" {
                    table.push(("file", quoted(&inside(&self.status.board, file)?)));
                }
            }
        }
        let date = or_today(self.status.date)?;
        table.push(("date", date.to_string()));
        table.extend(self.until.map(|until| ("until", until.to_string())));
        table.extend(self.quorum.map(|quorum| ("quorum", quorum.to_string())));
        let lines: Vec<String> = table.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
        Ok(lines.join("\n"))
    }
}

/// A file's path from the board's folder, with forward slashes: the log must read the same elsewhere.
fn inside(board: &Path, file: &Path) -> Result<String, Failure> {
    let (board, file) =
        (board.canonicalize().map_err(Failure::new)?, file.canonicalize().map_err(Failure::new)?);
    let path = file.strip_prefix(&board).map_err(|_| {
        Failure::new(format!("{} does not lie in the board's folder; put it there", file.display()))
    })?;
    Ok(path.to_string_lossy().replace('\\', "/"))
}
