//! The figures of earlier runs, kept beside the report, so that the next run can say what changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use staysafe::disclosure::Audience;
use staysafe::report::Run;

use crate::values::date;

/// What the files end in, after the audience and the day of the run.
const ENDING: &str = ".json";

/// The form of the files.
const FORM: u32 = 1;

/// A run as it is stored. A form that this version does not know is refused, never half read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: u32,
    run: Run,
}

/// Why a run could not be stored or loaded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The file or folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is there and is not a run of this version.
    #[error("{path} is not a run that this version can read ({why}); move it away to start afresh", path = path.display())]
    NotARun {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// Stores a run in a folder, under its audience and day; a run of the same audience and day is replaced.
///
/// A [`Run`] is what its audience saw, and holds no record of any child: it may lie beside its report.
///
/// The file is written beside its place and then renamed, so that a reader sees the whole of one run or
/// the whole of the other. The same run makes the same bytes.
///
/// # Errors
/// When the folder cannot be made or the file not be written.
///
/// # Example
/// ```
/// use staysafe::disclosure::Audience;
/// use staysafe::report::Run;
/// use staysafe::result::{MadeOf, Results};
/// use staysafe_io::{date, last_run, store_run};
/// let folder = std::env::temp_dir().join(format!("staysafe-runs-doc-{}", std::process::id()));
/// assert!(last_run(&folder, &Audience::Publication)?.is_none(), "nothing was stored yet");
///
/// let made_of = MadeOf {
///     plan: String::new(), definitions: Default::default(), data: String::new(), calendar: String::new(),
///     parameters: Default::default(), readings: Default::default(), library: String::new(),
///     joined: Vec::new(), counts: Default::default(),
/// };
/// let run = Run {
///     prepared: date("2026-11-23").ok_or("a day")?,
///     audience: "publication".to_owned(),
///     results: Results { observations: Vec::new(), by: Vec::new(), made_of },
///     headlines: Default::default(),
/// };
/// let path = store_run(&folder, &run)?;
/// assert!(path.ends_with("publication-2026-11-23.json"));
/// assert_eq!(last_run(&folder, &Audience::Publication)?, Some(run));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn store_run(folder: impl AsRef<Path>, run: &Run) -> Result<PathBuf, RunError> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(|source| file(folder, source))?;
    let path = folder.join(format!("{}-{}{ENDING}", run.audience, run.prepared));
    let mut text = serde_json::to_string_pretty(&Stored { form: FORM, run: run.clone() })
        .map_err(|error| RunError::NotARun { path: path.clone(), why: error.to_string() })?;
    text.push('\n');
    write_and_rename(&path, text.as_bytes())?;
    Ok(path)
}

/// The last run of a folder for an audience, by its day; `None` when there is none.
///
/// Like is compared with like: what a board saw is never set beside a publication.
///
/// # Errors
/// When the folder or the file cannot be read, or the file is not a run of this version.
pub fn last_run(folder: impl AsRef<Path>, audience: &Audience) -> Result<Option<Run>, RunError> {
    let folder = folder.as_ref();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(file(folder, source)),
    };
    let mut last: Option<(NaiveDate, PathBuf)> = None;
    for entry in entries {
        let entry = entry.map_err(|source| file(folder, source))?;
        let name = entry.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix(audience.word())?.strip_prefix('-'));
        let day = day.and_then(|name| name.strip_suffix(ENDING)).and_then(date);
        if let Some(day) = day
            && last.as_ref().is_none_or(|(before, _)| *before < day)
        {
            last = Some((day, entry.path()));
        }
    }
    let Some((_, path)) = last else { return Ok(None) };
    let text = fs::read_to_string(&path).map_err(|source| file(&path, source))?;
    let not_a_run = |why: String| RunError::NotARun { path: path.clone(), why };
    let stored: Stored = serde_json::from_str(&text).map_err(|error| not_a_run(error.to_string()))?;
    if stored.form != FORM {
        return Err(not_a_run(format!("its form is {}, expected {FORM}", stored.form)));
    }
    Ok(Some(stored.run))
}

/// The runs of a folder that show full figures, in order of name.
pub(crate) fn of_boards(folder: &Path) -> Result<Vec<PathBuf>, RunError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(file(folder, source)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| file(folder, source))?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with("board-") && name.ends_with(ENDING)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file as a whole or not at all: beside its place first, then renamed.
///
/// # Errors
/// When it cannot be written; what stood there before stands there still.
pub fn write_and_rename(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|source| {
        // Nothing depends on the half-written file being gone.
        let _ = fs::remove_file(&beside);
        file(path, source)
    })
}

pub(crate) fn file(path: &Path, source: io::Error) -> RunError {
    RunError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use staysafe::result::{MadeOf, Results};

    use super::*;
    use crate::test_folder::TestFolder;

    fn run(day: &str, data: &str) -> Run {
        let made_of = MadeOf {
            plan: String::new(),
            definitions: BTreeMap::new(),
            data: data.to_owned(),
            calendar: String::new(),
            parameters: BTreeMap::new(),
            readings: BTreeMap::new(),
            library: String::new(),
            joined: Vec::new(),
            counts: staysafe::result::CountsUsed::default(),
        };
        Run {
            prepared: date(day).unwrap(),
            audience: "publication".to_owned(),
            results: Results { observations: Vec::new(), by: Vec::new(), made_of },
            headlines: BTreeMap::new(),
        }
    }

    #[test]
    fn the_last_day_is_the_last_run_and_a_day_holds_one() {
        let folder = TestFolder::new("runs");
        for (day, data) in [("2026-11-23", "a"), ("2026-02-01", "b"), ("2026-11-23", "c")] {
            store_run(folder.path(), &run(day, data)).unwrap();
        }
        let board = Run { audience: "board".to_owned(), ..run("2026-12-01", "d") };
        store_run(folder.path(), &board).unwrap();
        folder.write("publication-notes.json", "not a run, and not named like one");
        assert_eq!(last_run(folder.path(), &Audience::Publication).unwrap().unwrap(), run("2026-11-23", "c"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing half-written is left behind");
    }

    #[test]
    fn a_file_that_is_no_run_is_refused_by_name() {
        let folder = TestFolder::new("broken-runs");
        folder.write("publication-2026-01-01.json", "{}");
        assert!(
            last_run(folder.path(), &Audience::Publication)
                .unwrap_err()
                .to_string()
                .contains("publication-2026-01-01.json is not a run")
        );
        let path = store_run(folder.path(), &run("2026-01-02", "")).unwrap();
        let later = fs::read_to_string(path).unwrap().replace("\"form\": 1", "\"form\": 9");
        folder.write("publication-2026-01-02.json", &later);
        assert!(
            last_run(folder.path(), &Audience::Publication)
                .unwrap_err()
                .to_string()
                .contains("its form is 9, expected 1")
        );
    }
}
