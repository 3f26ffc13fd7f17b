//! A board's folder: where it stands by its log, and what happened, as people say it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use staysafe::definition::read::read_log;
use staysafe::definition::workflow::{Event, Way};
use staysafe::diagnostic::{Diagnostics, Format, Sources, render};
use staysafe::workflow::{State, state};

use crate::error::ReadError;
use crate::log::{LogError, append_event, file_hash, read_events};

/// Where a board stands on a day, and what is damaged in its log.
#[derive(Debug)]
pub struct BoardState {
    /// Where it stands; nothing, where a file of the log is damaged.
    pub state: State,
    /// What was found in the log's files.
    pub found: Diagnostics,
    /// The texts that the findings point into.
    pub sources: Sources,
}

/// Something that happened, as a form or a command line says it; what does not apply is left empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// "choose option", "record", "sign off", "except", "clear", "reopen", "supersede", "defer", "switch option",
    /// "withdraw" or "delegate".
    pub event: String,
    /// The day it happened.
    pub date: NaiveDate,
    /// Who acted.
    pub by: String,
    /// As what: "board", "business manager", …
    pub role: String,
    /// The step it is about.
    pub step: Option<String>,
    /// The option that is chosen.
    pub option: Option<String>,
    /// Why; several only where an option is chosen.
    pub reasons: Vec<String>,
    /// The meeting.
    pub meeting: Option<String>,
    /// The minute.
    pub minute: Option<String>,
    /// Whether the meeting had a quorum.
    pub quorum: Option<bool>,
    /// The file that the step made, or that is signed: its hash goes into the log.
    pub file: Option<PathBuf>,
    /// Conditions of a sign-off.
    pub subject_to: Vec<String>,
    /// Who accepted an exception.
    pub accepted_by: Option<String>,
    /// Until when a step waits or a role is lent.
    pub until: Option<NaiveDate>,
    /// The event that is taken back.
    pub withdrawn: Option<String>,
    /// The role that is lent.
    pub lent: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// Anything to remember.
    pub note: Option<String>,
}

/// Why something was not recorded. The log is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A key is missing or says what it cannot say.
    #[error("this is not an event: {0}")]
    NotAnEvent(String),
    /// Only the choice of an option takes several reasons.
    #[error("only the choice of an option takes several reasons")]
    Reasons,
    /// The log has files that cannot be read: each with its line.
    #[error("the log has files that cannot be read; mend them first\n{0}")]
    Damaged(String),
    /// It would change nothing, and why.
    #[error("refused: {0}")]
    Refused(String),
    /// A file that a step made must lie in the board's folder, so that its path is the same for everybody.
    #[error("{} does not lie in the board's folder; put it there", .0.display())]
    Outside(PathBuf),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log cannot be added to, or a file cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Where a board stands on a day, by the log in its folder and by the files that its steps made, as they are now.
///
/// # Errors
/// Where there is no log, or a file of it cannot be opened. A file that can be opened and not understood is a finding.
pub fn board_state(board: &Path, ways: &[Way], as_of: NaiveDate) -> Result<BoardState, ReadError> {
    state_with(board, ways, as_of, None)
}

/// Records what happened in the log of a board's folder, and says in which file.
///
/// # Errors
/// Where it is no event, would be refused, or the log is damaged. Nothing is written then.
pub fn record(board: &Path, ways: &[Way], happened: &Happened) -> Result<PathBuf, RecordError> {
    let text = happened.text(board)?;
    // Behind every event of the same day, as it will stand in the log.
    let (events, found) = read_log([("log/~.toml", text.as_str())]);
    let [event] = events.as_slice() else {
        let why: Vec<String> = found.iter().map(|finding| finding.message.clone()).collect();
        return Err(RecordError::NotAnEvent(why.join("; ")));
    };
    let now = state_with(board, ways, happened.date, Some(event))?;
    if now.found.has_errors() {
        return Err(RecordError::Damaged(render(&now.found, &now.sources, Format::Full)));
    }
    match now.state.refused.into_iter().find(|refused| refused.event == "~") {
        Some(refused) => Err(RecordError::Refused(refused.why)),
        None => Ok(append_event(board, event)?),
    }
}

fn state_with(
    board: &Path,
    ways: &[Way],
    as_of: NaiveDate,
    with: Option<&Event>,
) -> Result<BoardState, ReadError> {
    let (mut events, found, sources) = read_events(board)?;
    if found.has_errors() {
        return Ok(BoardState { state: State { damaged: true, ..State::default() }, found, sources });
    }
    events.extend(with.cloned());
    events.sort_by(|a, b| (a.date.value, &a.id.value).cmp(&(b.date.value, &b.id.value)));
    let recorded = state(ways, &events, &BTreeMap::new(), as_of);
    // A file that is gone is no longer what was signed.
    let now = recorded.steps.iter().filter_map(|step| {
        let file = board.join(step.file.as_ref()?);
        Some((step.id.clone(), file_hash(&file).unwrap_or_default()))
    });
    Ok(BoardState { state: state(ways, &events, &now.collect(), as_of), found, sources })
}

impl Happened {
    /// The event as its file would say it.
    fn text(&self, board: &Path) -> Result<String, RecordError> {
        // A JSON string is a TOML string.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let list = |texts: &[String]| {
            format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
        };
        let texts = [
            ("event", Some(&self.event)),
            ("step", self.step.as_ref()),
            ("option", self.option.as_ref()),
            ("by", Some(&self.by)),
            ("role", Some(&self.role)),
            ("meeting", self.meeting.as_ref()),
            ("minute", self.minute.as_ref()),
            ("accepted_by", self.accepted_by.as_ref()),
            ("withdrawn", self.withdrawn.as_ref()),
            ("lent", self.lent.as_ref()),
            ("to", self.to.as_ref()),
            ("note", self.note.as_ref()),
        ];
        let mut table: Vec<(&str, String)> =
            texts.into_iter().filter_map(|(key, text)| Some((key, quoted(text?)))).collect();
        match self.reasons.as_slice() {
            reasons if self.option.is_some() => table.push(("reasons", list(reasons))),
            [] => {}
            [reason] => table.push(("reason", quoted(reason))),
            _ => return Err(RecordError::Reasons),
        }
        if !self.subject_to.is_empty() {
            table.push(("subject_to", list(&self.subject_to)));
        }
        if let Some(file) = &self.file {
            let hash = quoted(&file_hash(file)?);
            if self.event == "sign off" {
                table.push(("signed", hash));
            } else {
                table.push(("made", hash));
                if self.event == "record" {
                    table.push(("file", quoted(&inside(board, file)?)));
                }
            }
        }
        table.push(("date", self.date.to_string()));
        table.extend(self.until.map(|until| ("until", until.to_string())));
        table.extend(self.quorum.map(|quorum| ("quorum", quorum.to_string())));
        let lines: Vec<String> = table.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
        Ok(lines.join("\n"))
    }
}

/// A file's path from the board's folder, with forward slashes: the log must read the same elsewhere.
fn inside(board: &Path, file: &Path) -> Result<String, RecordError> {
    let real =
        |path: &Path| path.canonicalize().map_err(|source| LogError::File { path: path.to_owned(), source });
    let (board, real) = (real(board)?, real(file)?);
    let path = real.strip_prefix(&board).map_err(|_| RecordError::Outside(file.to_owned()))?;
    Ok(path.to_string_lossy().replace('\\', "/"))
}
