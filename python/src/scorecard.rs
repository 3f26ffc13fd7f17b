//! A scorecard that was written.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::calculate::identities;
use staysafe::check::Checked;
use staysafe::disclosure::{Audience, disclose};
use staysafe::published::Compared;
use staysafe::report::{BoardPapers, Inputs, Report, Run, html, json, markdown, report, terminal};
use staysafe::result::Results as Figures;
use staysafe_io::{last_run, pages_beside, store_run, write_and_rename};

use crate::board;
use crate::error::refused;
use crate::gap::analysed;
use crate::table::escape;

/// How wide the summary is.
const WIDTH: usize = 100;

/// A scorecard that was written, and what it says in a few sentences.
#[pyclass(frozen, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Scorecard {
    inner: Report,
    folder: PathBuf,
}

/// What to write, for whom, where.
pub(crate) struct Wanted {
    pub(crate) audience: Audience,
    pub(crate) prepared: NaiveDate,
    pub(crate) folder: PathBuf,
    /// The board's folder, for the first page.
    pub(crate) board: Option<PathBuf>,
    /// What others published of the indicators.
    pub(crate) published: Vec<Compared>,
}

impl Scorecard {
    /// Who will read it.
    pub(crate) fn audience(for_: &str, recipient: Option<String>, date: NaiveDate) -> PyResult<Audience> {
        let recipient = recipient.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        match (for_, recipient) {
            ("board", Some(recipient)) => Ok(Audience::Board { recipient, date }),
            ("board", None) => Err(refused("full figures need a recipient: a named person or meeting")),
            ("publication", None) => Ok(Audience::Publication),
            ("publication", Some(_)) => {
                Err(refused("a publication has no recipient; say for_=\"board\" for full figures"))
            }
            (other, ..) => Err(refused(format!("for_ is \"publication\" or \"board\", not \"{other}\""))),
        }
    }

    /// Discloses figures to their audience, and writes what it may see.
    pub(crate) fn write(
        checked: &Checked,
        returns: &staysafe_io::Returns,
        figures: Figures,
        wanted: Wanted,
    ) -> Result<Self, String> {
        let Wanted { audience, prepared, folder, board, published } = wanted;
        let at = board;
        let board = at.as_ref().map(|board| board::read(board, checked, returns, prepared)).transpose()?;
        let gaps = match &board {
            Some(now) => now.gaps.clone(),
            None => analysed(checked, returns, prepared).map_err(|error| error.to_string())?,
        };
        let tested = identities(checked, &figures, &returns.data);
        let disclosed = disclose(figures, checked, &audience);
        let runs = folder.join("runs");
        let previous = last_run(&runs, &audience).map_err(|error| error.to_string())?;
        let inputs = Inputs {
            gaps: &gaps,
            profiles: &returns.profiles,
            rejects: &returns.rejects,
            previous: previous.as_ref(),
            board: board.as_ref().map(|now| BoardPapers {
                board: &now.board,
                standing: &now.standing,
                workflow: now.workflow.as_ref(),
            }),
            published: &published,
            identities: &tested,
            prepared,
        };
        let mut inner = report(&disclosed, checked, &inputs);
        let now = at.as_deref().zip(board.as_ref());
        let pages = pages_beside(checked, &gaps, now, &audience).map_err(|error| error.to_string())?;
        inner.pages = pages.iter().map(|(page, _)| page.clone()).collect();
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let data = json(&inner).map_err(|error| error.to_string())? + "\n";
        let files =
            [("scorecard.html", html(&inner)), ("scorecard.md", markdown(&inner)), ("scorecard.json", data)];
        let beside = pages.iter().map(|(page, text)| (page.file.as_str(), text));
        for (name, text) in files.iter().map(|(name, text)| (*name, text)).chain(beside) {
            write_and_rename(&folder.join(name), text.as_bytes()).map_err(|error| error.to_string())?;
        }
        store_run(&runs, &Run::of(&disclosed, Some(&gaps), prepared)).map_err(|error| error.to_string())?;
        Ok(Self { inner, folder })
    }
}

#[pymethods]
impl Scorecard {
    /// The page for a browser and a printer.
    #[getter]
    fn html(&self) -> PathBuf {
        self.folder.join("scorecard.html")
    }

    /// The text for a document.
    #[getter]
    fn markdown(&self) -> PathBuf {
        self.folder.join("scorecard.md")
    }

    /// The data.
    #[getter]
    fn json(&self) -> PathBuf {
        self.folder.join("scorecard.json")
    }

    /// The pages beside it, linked from it: the gaps as pictures, and for a board its way.
    #[getter]
    fn beside(&self) -> Vec<PathBuf> {
        self.inner.pages.iter().map(|page| self.folder.join(&page.file)).collect()
    }

    /// What it says, in a few sentences.
    #[getter]
    fn says(&self) -> Vec<String> {
        self.inner.says()
    }

    /// The summary for a terminal.
    fn __str__(&self) -> String {
        terminal(&self.inner, WIDTH)
    }

    fn __repr__(&self) -> String {
        format!("<Scorecard: {}>", shown(&self.html()))
    }

    /// What a notebook shows: where the page is, and what it says.
    fn _repr_html_(&self) -> String {
        let says: Vec<String> = self.inner.says().iter().map(|line| escape(line)).collect();
        format!("<p><b>{}</b></p><ul><li>{}</li></ul>", escape(&shown(&self.html())), says.join("</li><li>"))
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
