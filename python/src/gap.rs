//! What is missing, why, and whom to ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::check::Checked;
use staysafe::gap as core;
use staysafe::gap::{Arrived, BySource, Circumstances, Gap, Thing, by_source, gap};
use staysafe::report::{gap_page, gap_pictures};

use crate::column;
use crate::column::word;
use crate::error::refused;
use crate::framework::Loaded;
use crate::table::Table;

/// The gaps of a framework: a row for each entry, with its one headline.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct GapAnalysis {
    inner: core::GapAnalysis,
    by_source: BySource,
    framework: Arc<Loaded>,
}

impl GapAnalysis {
    /// Compares what is needed with what arrived.
    pub(crate) fn new(
        py: Python<'_>,
        framework: &Arc<Loaded>,
        checked: &Checked,
        returns: &staysafe_io::Returns,
        as_of: NaiveDate,
    ) -> PyResult<Py<Self>> {
        let inner = py.detach(|| analysed(checked, returns, as_of)).map_err(refused)?;
        Self::of(py, framework, inner)
    }

    /// An analysis that was made.
    pub(crate) fn of(
        py: Python<'_>,
        framework: &Arc<Loaded>,
        inner: core::GapAnalysis,
    ) -> PyResult<Py<Self>> {
        let table = || framework.checked.as_ref().map(|checked| by_source(checked, &inner));
        let by_source = py.detach(table).unwrap_or_default();
        let of = || inner.gaps.values();
        let batch = column::table(vec![
            column::text("indicator", of().map(|gap| Some(gap.indicator.as_str()))),
            column::text("title", of().map(|gap| Some(framework.title(&gap.indicator)))),
            column::flag("listed", of().map(|gap| Some(gap.listed))),
            column::text("headline", of().map(|gap| word(gap.headline))),
            column::text("supply", of().map(|gap| word(gap.supply))),
            column::text("reasons", of().map(|gap| Some(reasons(gap)))),
            column::text("obstacle", of().map(|gap| gap.obstacle.and_then(word))),
            column::text("ask", of().map(|gap| Some(ask(gap)))),
        ])
        .map_err(refused)?;
        let table = Table::open("gaps", batch);
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(Self {
                inner,
                by_source,
                framework: framework.clone(),
            }),
        )
    }
}

/// The gaps of what arrived, after the returns of each authority were joined.
pub(crate) fn analysed(
    checked: &Checked,
    returns: &staysafe_io::Returns,
    as_of: NaiveDate,
) -> Result<core::GapAnalysis, staysafe::calculate::CalculateError> {
    let arrived = Arrived::of(checked, &returns.data, &returns.profiles)?;
    Ok(gap(checked, &arrived, &Circumstances::on(as_of)))
}

#[pymethods]
impl GapAnalysis {
    /// How many listed entries stand under each headline.
    #[getter]
    fn headlines(&self) -> BTreeMap<String, usize> {
        self.inner.headlines.iter().filter_map(|(headline, count)| Some((word(headline)?, *count))).collect()
    }

    /// What would unlock the most entries, best first.
    #[getter]
    fn unlocks(&self) -> PyResult<Table> {
        let of = || self.inner.unlocks.iter();
        let (kinds, names): (Vec<&str>, Vec<String>) = of().map(|unlock| thing(&unlock.thing)).unzip();
        let batch = column::table(vec![
            column::text("kind", kinds.into_iter().map(Some)),
            column::text("name", names.into_iter().map(Some)),
            column::count("alone", of().map(|unlock| Some(unlock.alone.len() as u64))),
            column::count("among_others", of().map(|unlock| Some(unlock.among_others.len() as u64))),
            column::text("entries", of().map(|unlock| Some(unlock.alone.join(", ")))),
        ])
        .map_err(refused)?;
        Ok(Table::open("what would unlock the most", batch))
    }

    /// Each listed entry against each source that holds what it needs: a row for each pair, with how much has arrived.
    #[getter]
    fn by_source(&self) -> PyResult<Table> {
        let cells = || {
            let rows = self.by_source.rows.iter();
            rows.flat_map(|row| row.cells.iter().map(move |(agency, cell)| (row, agency, cell)))
        };
        let datasets = |cell: &core::SourceCell| cell.datasets.keys().cloned().collect::<Vec<_>>().join(", ");
        let batch = column::table(vec![
            column::text("indicator", cells().map(|(row, ..)| Some(row.indicator.as_str()))),
            column::text("source", cells().map(|(_, agency, _)| Some(agency.as_str()))),
            column::text("supply", cells().map(|(.., cell)| word(cell.supply))),
            column::text("obstacle", cells().map(|(.., cell)| cell.obstacle.and_then(word))),
            column::text("datasets", cells().map(|(.., cell)| Some(datasets(cell)))),
        ])
        .map_err(refused)?;
        Ok(Table::open("entries against sources", batch))
    }

    /// A page of pictures, as `staysafe gap --format html` writes it.
    fn to_html(&self) -> String {
        gap_page(&self.framework.framework, &self.inner, &self.by_source)
    }

    /// What a notebook shows: what would unlock the most, and each entry against each source.
    fn _repr_html_(&self) -> String {
        gap_pictures(&self.framework.framework, &self.inner, &self.by_source)
    }

    /// The whole analysis, as `staysafe gap --format json` writes it.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.inner).map_err(refused)
    }

    fn __repr__(&self) -> String {
        let headlines: Vec<String> =
            self.headlines().into_iter().map(|(headline, count)| format!("{headline} {count}")).collect();
        format!("<GapAnalysis: {} listed entries: {}>", self.inner.entries, headlines.join(", "))
    }
}

fn reasons(gap: &Gap) -> String {
    let reasons: Vec<String> = gap.reasons.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

fn ask(gap: &Gap) -> String {
    let asks: Vec<String> = gap
        .ask
        .iter()
        .map(|ask| {
            let fields =
                if ask.fields.is_empty() { String::new() } else { format!(" ({})", ask.fields.join(", ")) };
            format!("{}: {}{fields}", ask.name, ask.dataset)
        })
        .collect();
    asks.join("; ")
}

fn thing(of: &Thing) -> (&'static str, String) {
    match of {
        Thing::Field { dataset, field } => ("field", format!("{dataset}.{field}")),
        Thing::Dataset { dataset } => ("dataset", dataset.clone()),
        Thing::Agency { name, .. } => ("agency", name.clone()),
        Thing::Agreement { name, agreement, .. } => {
            ("agreement", agreement.as_ref().map_or_else(|| name.clone(), |with| format!("{name}: {with}")))
        }
    }
}
