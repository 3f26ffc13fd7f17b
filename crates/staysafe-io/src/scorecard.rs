//! A scorecard as files: its forms, the pages beside it, and the run that the next one is compared with.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use staysafe::calculate::{CalculateError, identities};
use staysafe::check::Checked;
use staysafe::consult::{LongList, long_list};
use staysafe::disclosure::{Audience, disclose};
use staysafe::gap::{Arrived, Circumstances, GapAnalysis, by_source, gap};
use staysafe::published::Compared;
use staysafe::report::{
    BoardPapers, Inputs, LinkedPage, Report, Run, board_page, gap_page, html, json, markdown, report,
};
use staysafe::result::Results;

use crate::consultation::read_consultation;
use crate::error::ReadError;
use crate::gathering::BoardNow;
use crate::returns::Returns;
use crate::runs::{self, RunError, last_run, store_run, write_and_rename};

/// The pages beside a scorecard: the gaps, and the board's way.
const GAPS: &str = "gaps.html";
const WAY: &str = "board.html";

/// What a scorecard can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A page for a browser and a printer, with the pages beside it.
    Html,
    /// Text for a document.
    Markdown,
    /// Data.
    Json,
}

/// A scorecard to write: for whom, on which day, where and how.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Who will read it.
    pub audience: &'a Audience,
    /// The day it is prepared.
    pub prepared: NaiveDate,
    /// The folder to write to; it is made where it is not there.
    pub folder: &'a Path,
    /// What is written.
    pub forms: &'a [Form],
    /// The board's folder, and where everything in it stands.
    pub board: Option<(&'a Path, &'a BoardNow)>,
    /// What others published of the indicators.
    pub published: &'a [Compared],
}

/// A scorecard that was written.
#[derive(Debug)]
pub struct Written {
    /// What it says.
    pub report: Report,
    /// The pages, in the order in which they were written.
    pub files: Vec<PathBuf>,
    /// The figures, kept for the next run to compare with.
    pub run: PathBuf,
    /// Beside a publication, files of other runs that may hold what a publication may not.
    pub not_to_publish: Vec<PathBuf>,
}

/// Why no scorecard was written.
#[derive(Debug, thiserror::Error)]
pub enum ScorecardError {
    /// The returns cannot be joined.
    #[error(transparent)]
    Join(#[from] CalculateError),
    /// The board's consultation cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The last run cannot be read, or a file not be written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The data cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Discloses figures to their audience and writes what it may see, with a word on what changed since its last run.
///
/// # Errors
/// Where the last run or the board's consultation cannot be read, the returns not be joined, or a file not be written.
pub fn write_scorecard(
    checked: &Checked,
    returns: &Returns,
    figures: Results,
    wanted: &Wanted<'_>,
) -> Result<Written, ScorecardError> {
    let Wanted { audience, prepared, folder, .. } = *wanted;
    let gaps = if let Some((_, now)) = wanted.board {
        now.gaps.clone()
    } else {
        let arrived = Arrived::of(checked, &returns.data, &returns.profiles)?;
        gap(checked, &arrived, &Circumstances::on(prepared))
    };
    let tested = identities(checked, &figures, &returns.data);
    let disclosed = disclose(figures, checked, audience);
    let runs = folder.join("runs");
    let previous = last_run(&runs, audience)?;
    let inputs = Inputs {
        gaps: &gaps,
        profiles: &returns.profiles,
        rejects: &returns.rejects,
        previous: previous.as_ref(),
        board: wanted.board.map(|(_, now)| BoardPapers {
            board: &now.board,
            standing: &now.standing,
            workflow: now.workflow.as_ref(),
        }),
        published: wanted.published,
        identities: &tested,
        prepared,
    };
    let mut made = report(&disclosed, checked, &inputs);
    let is_page = wanted.forms.contains(&Form::Html);
    let beside = if is_page { pages_beside(checked, &gaps, wanted.board, audience)? } else { Vec::new() };
    made.pages = beside.iter().map(|(page, _)| page.clone()).collect();
    let mut texts: Vec<(String, String)> = beside.into_iter().map(|(page, text)| (page.file, text)).collect();
    for form in wanted.forms {
        let text = match form {
            Form::Html => html(&made),
            Form::Markdown => markdown(&made),
            Form::Json => json(&made)? + "\n",
        };
        texts.push((form.file().to_owned(), text));
    }
    fs::create_dir_all(folder).map_err(|source| runs::file(folder, source))?;
    let mut files = Vec::new();
    for (name, text) in texts {
        let path = folder.join(name);
        write_and_rename(&path, text.as_bytes())?;
        files.push(path);
    }
    let not_to_publish = match audience {
        Audience::Publication => of_other_runs(folder, &runs, &files)?,
        Audience::Board { .. } => Vec::new(),
    };
    let run = store_run(&runs, &Run::of(&disclosed, Some(&gaps), prepared))?;
    Ok(Written { report: made, files, run, not_to_publish })
}

/// Pages that this run did not write, and runs that were not for publication.
fn of_other_runs(folder: &Path, runs: &Path, written: &[PathBuf]) -> Result<Vec<PathBuf>, RunError> {
    let forms = [Form::Html, Form::Markdown, Form::Json].map(Form::file);
    let pages = [WAY, GAPS].into_iter().chain(forms).map(|name| folder.join(name));
    let mut others: Vec<PathBuf> = pages.filter(|path| path.exists() && !written.contains(path)).collect();
    others.extend(runs::of_boards(runs)?);
    Ok(others)
}

impl Form {
    const fn file(self) -> &'static str {
        match self {
            Self::Html => "scorecard.html",
            Self::Markdown => "scorecard.md",
            Self::Json => "scorecard.json",
        }
    }
}

impl Written {
    /// What must not go out with a publication, in words; nothing, where there is no such file.
    pub fn warning(&self) -> Option<String> {
        let names: Vec<String> = self.not_to_publish.iter().map(|path| path.display().to_string()).collect();
        let (are, them) = match names.len() {
            0 => return None,
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        Some(format!(
            "{} {are} there from an earlier run, and may hold what is not for everybody: take {them} away before the folder is published",
            names.join(", ")
        ))
    }
}

/// The pages that stand beside a scorecard, each with its text: the gaps of whoever reads it, and for a board the way on
/// which it devises its framework, where its folder has a log.
fn pages_beside(
    checked: &Checked,
    gaps: &GapAnalysis,
    board: Option<(&Path, &BoardNow)>,
    audience: &Audience,
) -> Result<Vec<(LinkedPage, String)>, ReadError> {
    let framework = checked.framework();
    let page = |file: &str, words: &str| LinkedPage { file: file.to_owned(), words: words.to_owned() };
    let pictures = gap_page(framework, gaps, &by_source(checked, gaps));
    let mut pages = vec![(page(GAPS, "The gaps as pictures"), pictures)];
    // Who proposed what, and who owes it by when, is the board's own business.
    if let (Some((folder, now)), Audience::Board { .. }) = (board, audience)
        && let Some(state) = &now.workflow
    {
        let list = read_long_list(checked, folder)?;
        let way = board_page(&framework.title, state, &list, &now.board, gaps.as_of);
        pages.push((page(WAY, "The board's way: its steps, long list and plan"), way));
    }
    Ok(pages)
}

/// The long list of a board's folder; empty, where nobody was consulted.
///
/// # Errors
/// Where the folder of the forms is there and cannot be read.
pub fn read_long_list(checked: &Checked, board: &Path) -> Result<LongList, ReadError> {
    if !board.join(crate::consultation::FOLDER).is_dir() {
        return Ok(LongList::default());
    }
    Ok(long_list(checked, &read_consultation(board)?))
}
