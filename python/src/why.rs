//! The cases behind a figure, and why each counts or does not.

use std::fmt::Write as _;

use pyo3::prelude::*;
use staysafe::calculate::why::Case;

use crate::column;
use crate::column::word;
use crate::error::refused;
use crate::table::Table;

/// Said before anything about a single child.
const HANDLING: &str =
    "handling: what follows is about single children; keep it inside the authority, and send it to nobody";

/// Cases, each judged for a period. They are about single children: a notebook shows how many there are, and
/// `print` what they say.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Cases {
    inner: Vec<Case>,
}

impl Cases {
    /// Cases as a table whose rows are never shown unasked.
    pub(crate) fn new(py: Python<'_>, inner: Vec<Case>) -> PyResult<Py<Self>> {
        let of = || inner.iter();
        let batch = column::table(vec![
            column::text("period", of().map(|case| Some(case.period.to_string()))),
            column::text("key", of().map(|case| Some(case.key.as_str()))),
            column::text("return", of().map(|case| Some(case.name.as_str()))),
            column::text("dataset", of().map(|case| Some(case.dataset.as_str()))),
            column::count("record", of().map(|case| Some(case.origin.into()))),
            column::text("side", of().map(|case| case.side.and_then(word))),
            column::text("standing", of().map(|case| word(case.standing))),
            column::text("why", of().map(|case| Some(case.words.as_str()))),
        ])
        .map_err(refused)?;
        Py::new(py, PyClassInitializer::from(Table::closed("cases", batch)).add_subclass(Self { inner }))
    }
}

#[pymethods]
impl Cases {
    fn __str__(&self) -> String {
        let mut text = String::from(HANDLING);
        for case in &self.inner {
            let side = case.side.and_then(word).map_or_else(String::new, |side| format!(", {side}"));
            let standing = word(case.standing).unwrap_or_default();
            let _ = write!(
                text,
                "\n{}  {}  {} of {}, record {}{side}\n    {standing}: {}",
                case.period, case.key, case.dataset, case.name, case.origin, case.words
            );
        }
        text
    }
}
