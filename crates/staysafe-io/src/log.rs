//! The log of a board: a folder with one file for each event, so that two people who add to it at once never
//! write the same file. Nothing in it is ever rewritten.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use staysafe::definition::read::{read_log, write_event};
use staysafe::definition::workflow::Event;
use staysafe::diagnostic::{Diagnostics, Sources};
use staysafe::workflow::hash_of;

use crate::error::ReadError;
use crate::framework::read_folder;

/// The folder of the log inside a board's folder.
const LOG: &str = "log";

/// Why a log could not be begun or added to.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// There is a log already.
    #[error("{} is there already; the log goes on from where it stands", .0.display())]
    Begun(PathBuf),
    /// There is none yet.
    #[error("{} is not there; begin one with `staysafe workflow init`", .0.display())]
    NotBegun(PathBuf),
    /// The very same event was written at the same moment.
    #[error("{} is there already: the same event was just recorded", .0.display())]
    Again(PathBuf),
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Begins a log in a board's folder.
///
/// # Errors
/// Where there is one already, or the folder cannot be made.
pub fn new_log(board: &Path) -> Result<(), LogError> {
    let folder = board.join(LOG);
    if folder.exists() {
        return Err(LogError::Begun(folder));
    }
    fs::create_dir_all(&folder).map_err(|source| LogError::File { path: folder, source })
}

/// Reads the events of a board's log, with what was found in it and the texts the findings point into.
///
/// # Errors
/// Where there is no log, or a file of it cannot be read.
pub fn read_events(board: &Path) -> Result<(Vec<Event>, Diagnostics, Sources), ReadError> {
    let files = read_folder(board.join(LOG))?;
    let (events, found) = read_log(files.iter().map(|(path, text)| (path, text)));
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.insert(path, text);
    }
    Ok((events, found, sources))
}

/// Adds an event to a board's log as a file of its own, and says which. The file's name is the day, its
/// place among the events of that day, what happened and the first digits of its hash: two different events never
/// meet in one file.
///
/// # Errors
/// Where there is no log, the same event stands in it, or the file cannot be written.
pub fn append_event(board: &Path, event: &Event) -> Result<PathBuf, LogError> {
    let folder = board.join(LOG);
    if !folder.is_dir() {
        return Err(LogError::NotBegun(folder));
    }
    let text = write_event(event);
    let hash = hash_of(text.as_bytes());
    let kind = text.lines().next().and_then(|line| line.split('"').nth(1)).unwrap_or("event");
    let step = text.lines().nth(1).and_then(|line| line.split('"').nth(1)).unwrap_or("");
    let step: String = step.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let day = event.date.value.to_string();
    let file = |source| LogError::File { path: folder.clone(), source };
    let names = fs::read_dir(&folder).map_err(file)?.filter_map(Result::ok).map(|entry| entry.file_name());
    let before = names.filter(|name| name.to_string_lossy().starts_with(&day)).count();
    let kind = kind.replace(' ', "-");
    let name = [day, format!("{:02}", before + 1), kind, step, hash.get(..8).unwrap_or("").to_owned()];
    let name = name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let path = folder.join(format!("{name}.toml"));
    let fault = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => LogError::Again(path.clone()),
        _ => LogError::File { path: path.clone(), source },
    };
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&path).map_err(fault)?;
    file.write_all(text.as_bytes()).map_err(fault)?;
    Ok(path)
}

/// The hash of a file, as a sign-off carries it.
///
/// # Errors
/// Where the file cannot be read.
pub fn file_hash(path: &Path) -> Result<String, LogError> {
    let bytes = fs::read(path).map_err(|source| LogError::File { path: path.to_owned(), source })?;
    Ok(hash_of(&bytes))
}
