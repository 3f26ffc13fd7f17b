//! A board's folder: its files, and the one that is made from the gap analysis.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use staysafe::board::{Arrivals, BoardStanding, Made, MakeError, make, make_again, promises, stand};
use staysafe::check::Checked;
use staysafe::definition::board::Board;
use staysafe::definition::framework::Framework;
use staysafe::definition::read::{PLAN_FILE, read_board};
use staysafe::diagnostic::{Diagnostics, Sources};
use staysafe::gap::{Arrived, Circumstances, GapAnalysis, gap};
use staysafe::record::{Data, ExpectedReturns};
use staysafe::workflow::State;

use crate::board::board_state;
use crate::error::ReadError;
use crate::framework::read_folder;
use crate::runs::{RunError, write_and_rename};

/// A board's folder and where everything in it stands.
#[derive(Debug)]
pub struct BoardNow {
    /// What its files say.
    pub board: Board,
    /// How everything in them stands.
    pub standing: BoardStanding,
    /// The gaps, with what its plan promises.
    pub gaps: GapAnalysis,
    /// Where it stands in devising its framework, where it has a log.
    pub workflow: Option<State>,
    /// What was found in its files and in its log.
    pub found: Diagnostics,
    /// The texts that the findings point into.
    pub sources: Sources,
}

impl BoardNow {
    /// Reads a board's folder and says where everything stands on the day of the circumstances.
    ///
    /// A file with errors says nothing, and its findings say where and why.
    ///
    /// # Errors
    /// Where the folder is not there, or a file of it cannot be read.
    pub fn read(
        folder: &Path,
        checked: &Checked,
        data: &Data,
        arrived: &Arrived,
        circumstances: &Circumstances,
    ) -> Result<Self, ReadError> {
        let (framework, as_of) = (checked.framework(), circumstances.as_of);
        let (board, mut found, mut sources) = read_board_folder(folder, framework)?;
        let mut gaps = gap(checked, arrived, circumstances);
        if let Some(plan) = &board.plan {
            let mut promised = circumstances.clone();
            promised.promised.extend(promises(plan, &gaps, as_of));
            gaps = gap(checked, arrived, &promised);
        }
        let nil = ExpectedReturns::of(data);
        let arrivals = Arrivals::of(arrived).with_nil(&nil, as_of);
        let standing = stand(&board, framework, &gaps, &arrivals, as_of);
        let mut workflow = None;
        if folder.join("log").is_dir() {
            let state = board_state(folder, &framework.ways, as_of)?;
            found.extend(state.found);
            sources.extend(state.sources);
            workflow = Some(state.state);
        }
        Ok(Self { board, standing, gaps, workflow, found, sources })
    }
}

/// Why a plan was not made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be read.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The plan that is there cannot be added to.
    #[error("{path}: {source}", path = path.display())]
    Make {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: MakeError,
    },
    /// The file cannot be written; what stood there stands there still.
    #[error(transparent)]
    Write(#[from] RunError),
}

/// Reads the files of a board's folder, with what was found in them and the texts the findings point into.
/// Folders in it, the log among them, are left to their own readers.
///
/// # Errors
/// Where the folder is not there, or a file of it cannot be read.
///
/// # Example
/// ```
/// use staysafe::definition::framework::Framework;
///
/// let folder = std::env::temp_dir().join(format!("staysafe-board-{}", std::process::id()));
/// std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("task-group.toml"), "terms = 'Fill the gaps'\nchair = 'A. Lead'\nstart = 2010-07-01\n")?;
/// let (board, found, _) = staysafe_io::read_board_folder(&folder, &Framework::default())?;
/// assert!(found.is_empty());
/// assert_eq!(board.task_group.unwrap().chair, "A. Lead");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_board_folder(
    board: &Path,
    framework: &Framework,
) -> Result<(Board, Diagnostics, Sources), ReadError> {
    let own =
        |path: &str| Path::new(path).parent().is_some_and(|folder| folder == board || same(folder, board));
    let files: Vec<(String, String)> =
        read_folder(board)?.into_iter().filter(|(path, _)| own(path)).collect();
    let (read, found) = read_board(files.iter().map(|(path, text)| (path, text)), framework);
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.insert(path, text);
    }
    Ok((read, found, sources))
}

/// Whether a folder is the board's, however either is written: `read_folder` leaves out a leading `./`.
fn same(folder: &Path, board: &Path) -> bool {
    let plain = |path: &Path| path.components().filter(|part| part.as_os_str() != ".").collect::<PathBuf>();
    plain(folder) == plain(board)
}

/// Makes the data gathering plan of a board's folder, or makes it again: nothing that people wrote is lost. A plan
/// that is damaged, or holds an open conflict, is not touched.
///
/// # Errors
/// Where the plan cannot be read, added to or written.
pub fn make_plan(board: &Path, framework: &Framework, gaps: &GapAnalysis) -> Result<Made, PlanError> {
    let path = board.join(PLAN_FILE);
    let before = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(PlanError::File { path, source }),
    };
    let made = match &before {
        None => make(framework, gaps),
        Some(text) => make_again(text, framework, gaps)
            .map_err(|source| PlanError::Make { path: path.clone(), source })?,
    };
    if before.as_ref() != Some(&made.text) {
        fs::create_dir_all(board).map_err(|source| PlanError::File { path: board.to_owned(), source })?;
        write_and_rename(&path, made.text.as_bytes())?;
    }
    Ok(made)
}
