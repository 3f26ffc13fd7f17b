//! Published tables: official statistics as typed figures, and their rates and totals worked out again.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use staysafe::published::{
    Agreement, Compared, Comparison, Figure, Published as Core, Recomputed as Again, comparators, recompute,
};
use staysafe::value::{Convention, Exact, Supplied};
use staysafe_io::{PublishedOptions, ReadPublished};

use crate::column;
use crate::column::word;
use crate::error::{bad_return, refused};
use crate::table::Table;

/// Published tables: a row for each figure, with its place, period and filters; `withheld` says why a number is not there.
#[pyclass(frozen, extends = Table, module = "staysafe")]
pub(crate) struct Published {
    inner: Arc<Vec<ReadPublished>>,
}

/// Reads published tables of the Department for Education, each whole: statistical first releases and open data.
///
/// Name files, or folders of them. `mapping` is a TOML file that says of tables what they do not say themselves: which figure
/// is made of which, how they are rounded, what a year means. `symbols` is "older" (x is suppressed) or "current" (x is not
/// available), where a table does not say it rightly itself.
#[pyfunction]
#[pyo3(signature = (*paths, mapping=None, symbols=None))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as they are")]
pub(crate) fn read_published(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    mapping: Option<PathBuf>,
    symbols: Option<&str>,
) -> PyResult<Py<Published>> {
    if paths.is_empty() {
        return Err(PyTypeError::new_err("name at least one file: read_published(\"table.csv\")"));
    }
    let symbols = match symbols {
        None => None,
        Some("current") => Some(Convention::Current),
        Some("older") => Some(Convention::Older),
        Some(other) => {
            return Err(PyValueError::new_err(format!(
                "symbols is \"current\" or \"older\", not \"{other}\""
            )));
        }
    };
    let read = py.detach(|| {
        let layouts = mapping.as_deref().map(staysafe_io::read_layouts).transpose()?.unwrap_or_default();
        staysafe_io::read_published(&paths, &PublishedOptions { layouts, symbols })
    });
    let inner = read.map_err(bad_return)?;
    let table = figures(&inner)?;
    Py::new(py, PyClassInitializer::from(table).add_subclass(Published { inner: Arc::new(inner) }))
}

impl Published {
    /// The figures that stand beside an indicator.
    pub(crate) fn beside(&self) -> Vec<Compared> {
        self.inner.iter().flat_map(|read| comparators(&read.table)).collect()
    }
}

#[pymethods]
impl Published {
    /// Every rate and total worked out again from its published parts: a row for each, with what its parts can have
    /// given and whether the two agree.
    fn recompute(&self, py: Python<'_>) -> PyResult<Py<Recomputed>> {
        let tables = Arc::clone(&self.inner);
        let found: Vec<Again> = py.detach(|| tables.iter().map(|read| recompute(&read.table)).collect());
        let table = comparisons(&tables, &found)?;
        Py::new(py, PyClassInitializer::from(table).add_subclass(Recomputed { tables, found }))
    }

    /// The figures that the layouts or the mapping set beside an indicator: a row for each, `withheld` where it is.
    #[getter]
    fn comparators(&self) -> PyResult<Table> {
        let rows = self.beside();
        let number = |of: Option<Supplied>| of.and_then(|of| of.number().map(|number| number.value.to_f64()));
        let batch = column::table(vec![
            column::text("indicator", rows.iter().map(|one| Some(one.indicator.as_str()))),
            column::text("level", rows.iter().map(|one| Some(one.place.level.to_string()))),
            column::text("area", rows.iter().map(|one| Some(one.place.known_as()))),
            column::text("name", rows.iter().map(|one| Some(one.place.name.as_str()))),
            column::text("period", rows.iter().map(|one| one.period.as_ref().map(ToString::to_string))),
            column::number("value", rows.iter().map(|one| number(Some(one.value)))),
            column::number("numerator", rows.iter().map(|one| number(one.numerator))),
            column::number("denominator", rows.iter().map(|one| number(one.denominator))),
            column::text(
                "withheld",
                rows.iter().map(|one| one.value.withheld().map(staysafe::value::Withheld::code)),
            ),
            column::text("note", rows.iter().map(|one| Some(one.note.as_str()))),
            column::text("source", rows.iter().map(|one| Some(one.source.as_str()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("comparators", batch))
    }

    /// What could not be used, and why, with line and column.
    #[getter]
    fn rejects(&self) -> PyResult<Table> {
        let rejects = || self.inner.iter().flat_map(|read| &read.rejects);
        let batch = column::table(vec![
            column::text("table", rejects().map(|reject| Some(reject.name.as_str()))),
            column::count("line", rejects().map(|reject| reject.line)),
            column::text("element", rejects().map(|reject| Some(reject.element.as_str()))),
            column::text("value", rejects().map(|reject| Some(reject.value.as_str()))),
            column::text("code", rejects().map(|reject| Some(reject.code.as_str()))),
            column::text("message", rejects().map(|reject| Some(reject.message.as_str()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("rejects", batch))
    }

    /// What became of each cell of each file; `cells` is the sum of all but the last.
    #[getter]
    fn account(&self) -> PyResult<Table> {
        let of = |part: fn(&ReadPublished) -> u64| self.inner.iter().map(move |read| Some(part(read)));
        let batch = column::table(vec![
            column::text("table", self.inner.iter().map(|read| Some(read.table.name.as_str()))),
            column::count("cells", of(|read| read.account.cells)),
            column::count("notes", of(|read| read.account.notes)),
            column::count("header", of(|read| read.account.header)),
            column::count("places", of(|read| read.account.places)),
            column::count("filters", of(|read| read.account.filters)),
            column::count("numbers", of(|read| read.account.numbers)),
            column::count("withheld", of(|read| read.account.withheld)),
            column::count("rejected", of(|read| read.account.rejected)),
            column::count("lost", of(|read| read.account.lost)),
            column::count("padding", of(|read| read.account.padding)),
            column::count("missing", of(|read| read.account.missing)),
        ])
        .map_err(refused)?;
        Ok(Table::open("account", batch))
    }

    /// What a reader of the figures should know about the files, in sentences.
    #[getter]
    fn notices(&self) -> Vec<String> {
        let all = self.inner.iter().flat_map(|read| &read.notices);
        all.map(|notice| format!("{}: {}", notice.name, notice.message)).collect()
    }
}

/// Published figures beside what their parts give.
#[pyclass(frozen, extends = Table, module = "staysafe")]
pub(crate) struct Recomputed {
    tables: Arc<Vec<ReadPublished>>,
    found: Vec<Again>,
}

#[pymethods]
impl Recomputed {
    /// Each rule, who says it, and how many figures agree, differ, or cannot be judged.
    #[getter]
    fn rules(&self) -> PyResult<Table> {
        let rows: Vec<_> = self
            .tables
            .iter()
            .zip(&self.found)
            .flat_map(|(read, again)| {
                again
                    .rules
                    .iter()
                    .zip(again.tallies())
                    .map(move |(rule, tally)| (&read.table.name, rule, tally))
            })
            .collect();
        let batch = column::table(vec![
            column::text("table", rows.iter().map(|row| Some(row.0.as_str()))),
            column::text("rule", rows.iter().map(|row| Some(row.1.text.as_str()))),
            column::text("basis", rows.iter().map(|row| word(row.1.basis))),
            column::count("agree", rows.iter().map(|row| Some(row.2.agree))),
            column::count("differ", rows.iter().map(|row| Some(row.2.differ))),
            column::count("cannot_tell", rows.iter().map(|row| Some(row.2.cannot.values().sum::<u64>()))),
        ])
        .map_err(refused)?;
        Ok(Table::open("rules", batch))
    }

    /// Whether any figure cannot be what it is published as.
    #[getter]
    fn differs(&self) -> bool {
        self.found.iter().any(Again::differs)
    }
}

/// A row for each figure of each table.
fn figures(reads: &[ReadPublished]) -> PyResult<Table> {
    let rows: Vec<(&Core, Figure<'_>)> =
        reads.iter().flat_map(|read| read.table.figures().map(|figure| (&read.table, figure))).collect();
    let value = |supplied: Supplied| supplied.number().map(|number| number.value.to_f64());
    let batch = column::table(vec![
        column::text("table", rows.iter().map(|(table, _)| Some(table.name.as_str()))),
        column::count("line", rows.iter().map(|(_, figure)| Some(figure.row.line))),
        column::text("level", rows.iter().map(|(_, figure)| Some(figure.row.place.level.to_string()))),
        column::text("area", rows.iter().map(|(_, figure)| figure.row.place.code.clone())),
        column::text("other_code", rows.iter().map(|(_, figure)| figure.row.place.other_code.clone())),
        column::text("name", rows.iter().map(|(_, figure)| Some(figure.row.place.name.as_str()))),
        column::text("period", rows.iter().map(|(_, figure)| figure.period().map(ToString::to_string))),
        column::text("filters", rows.iter().map(|(table, figure)| Some(filters(table, &figure.row.filters)))),
        column::text("column", rows.iter().map(|(_, figure)| Some(figure.column.header.as_str()))),
        column::number("value", rows.iter().map(|(_, figure)| value(figure.supplied))),
        column::text(
            "withheld",
            rows.iter().map(|(_, figure)| figure.supplied.withheld().map(staysafe::value::Withheld::code)),
        ),
    ])
    .map_err(refused)?;
    Ok(Table::open("published figures", batch))
}

/// A row for each figure that was worked out again.
fn comparisons(reads: &[ReadPublished], found: &[Again]) -> PyResult<Table> {
    let rows: Vec<(&Core, &Again, &Comparison)> = reads
        .iter()
        .zip(found)
        .flat_map(|(read, again)| again.comparisons.iter().map(move |one| (&read.table, again, one)))
        .collect();
    let number = |value: Option<Exact>| value.map(|value| value.to_f64());
    let why = |one: &Comparison| match &one.agreement {
        Agreement::Cannot(why) => Some(why.code()),
        _ => None,
    };
    let published =
        |one: &Comparison| number(one.published.and_then(|of| of.number().map(|number| number.value)));
    let batch = column::table(vec![
        column::text("table", rows.iter().map(|row| Some(row.0.name.as_str()))),
        column::count("line", rows.iter().map(|row| Some(row.2.line))),
        column::text(
            "rule",
            rows.iter().map(|row| row.1.rules.get(row.2.rule).map(|rule| rule.text.as_str())),
        ),
        column::text("column", rows.iter().map(|row| Some(row.2.column.as_str()))),
        column::text("level", rows.iter().map(|row| Some(row.2.place.level.to_string()))),
        column::text("area", rows.iter().map(|row| Some(row.2.place.known_as()))),
        column::text("name", rows.iter().map(|row| Some(row.2.place.name.as_str()))),
        column::text("period", rows.iter().map(|row| row.2.period.as_ref().map(ToString::to_string))),
        column::text("filters", rows.iter().map(|row| Some(filters(row.0, &row.2.filters)))),
        column::number("published", rows.iter().map(|row| published(row.2))),
        column::number("from_parts", rows.iter().map(|row| number(row.2.from_parts))),
        column::number("least", rows.iter().map(|row| number(row.2.between.map(|range| range.least)))),
        column::number("most", rows.iter().map(|row| number(row.2.between.and_then(|range| range.most)))),
        column::text("outcome", rows.iter().map(|row| Some(row.2.agreement.code()))),
        column::text("reason", rows.iter().map(|row| why(row.2))),
    ])
    .map_err(refused)?;
    Ok(Table::open("published figures worked out again", batch))
}

/// What stands in the filters of a row: `sex=Total; age=10`.
fn filters(table: &Core, values: &[String]) -> String {
    let each = table.filters.iter().zip(values).map(|(filter, value)| format!("{filter}={value}"));
    each.collect::<Vec<_>>().join("; ")
}
