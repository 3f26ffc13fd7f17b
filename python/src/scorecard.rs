//! A scorecard that was written.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use staysafe::check::Checked;
use staysafe::disclosure::Audience;
use staysafe::report::{Report, terminal};
use staysafe::result::Results as Figures;
use staysafe_io::{Wanted, write_scorecard};

use crate::error::{bad_return, refused};
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

    /// Writes it, and says aloud what must not go out with it.
    pub(crate) fn write(
        py: Python<'_>,
        checked: &Checked,
        returns: &staysafe_io::Returns,
        figures: Figures,
        wanted: &Wanted<'_>,
    ) -> PyResult<Self> {
        let written = py.detach(|| write_scorecard(checked, returns, figures, wanted)).map_err(bad_return)?;
        if let Some(warning) = written.warning() {
            let warning = CString::new(warning)?;
            PyErr::warn(py, &py.get_type::<PyUserWarning>(), &warning, 1)?;
        }
        Ok(Self { inner: written.report, folder: wanted.folder.to_owned() })
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
