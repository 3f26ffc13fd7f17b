//! What is missing, why, and whom to ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use chrono::NaiveDate;
use pyo3::prelude::*;
use staysafe::check::Checked;
use staysafe::definition::framework::Cadence;
use staysafe::describe::describe_stretch;
use staysafe::gap as core;
use staysafe::gap::{Arrived, BySource, Circumstances, Gap, Grain, MatrixRow, Thing, by_source, gap, matrix};
use staysafe::report::{gap_page, gap_pictures};

use crate::column;
use crate::column::word;
use crate::error::refused;
use crate::framework::Loaded;
use crate::results::Results;
use crate::table::Table;

/// The gaps of a framework: a row for each entry, with its one headline; by period, area or agency where that was asked.
#[pyclass(frozen, extends = Table, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct GapAnalysis {
    inner: core::GapAnalysis,
    by_source: BySource,
    framework: Arc<Loaded>,
    /// What it was made from; a board's gaps keep the analysis alone.
    from: Option<(Arrived, Circumstances)>,
}

impl GapAnalysis {
    /// Gaps that are known already.
    pub(crate) fn of(
        py: Python<'_>,
        framework: &Arc<Loaded>,
        inner: core::GapAnalysis,
    ) -> PyResult<Py<Self>> {
        let table = Table::open("gaps", entries(framework, &inner)?);
        let sources = || framework.checked.as_ref().map(|checked| by_source(checked, &inner));
        let by_source = py.detach(sources).unwrap_or_default();
        let own = Self { inner, by_source, framework: framework.clone(), from: None };
        Py::new(py, PyClassInitializer::from(table).add_subclass(own))
    }

    /// Compares what is needed with what arrived.
    pub(crate) fn new(
        py: Python<'_>,
        framework: &Arc<Loaded>,
        checked: &Checked,
        returns: &staysafe_io::Returns,
        circumstances: Circumstances,
        by: Option<&[String]>,
    ) -> PyResult<Py<Self>> {
        let grain =
            by.map(|names| Grain::by(names.iter().map(String::as_str))).transpose().map_err(refused)?;
        let made = py.detach(|| {
            let arrived = Arrived::of(checked, &returns.data, &returns.profiles)?;
            let matrix = grain.map(|_| matrix(checked, &arrived, &circumstances));
            Ok((gap(checked, &arrived, &circumstances), matrix, arrived))
        });
        let (inner, matrix, arrived) =
            made.map_err(|error: staysafe::calculate::CalculateError| refused(error))?;
        let table = match (&matrix, grain) {
            (Some(matrix), Some(grain)) => Table::open("gaps", rows(framework, &matrix.rows(grain), grain)?),
            _ => Table::open("gaps", entries(framework, &inner)?),
        };
        let by_source = py.detach(|| by_source(checked, &inner));
        let from = Some((arrived, circumstances));
        let own = Self { inner, by_source, framework: framework.clone(), from };
        Py::new(py, PyClassInitializer::from(table).add_subclass(own))
    }

    fn from(&self) -> PyResult<(&Checked, &Arrived, &Circumstances)> {
        let checked = self.framework.checked.as_ref();
        let from = checked.zip(self.from.as_ref());
        let (checked, (arrived, circumstances)) = from.ok_or_else(|| {
            refused("these gaps do not hold what arrived; take those of Framework.gap(data)")
        })?;
        Ok((checked, arrived, circumstances))
    }
}

fn entries(framework: &Loaded, analysis: &core::GapAnalysis) -> PyResult<RecordBatch> {
    let of = || analysis.gaps.values();
    column::table(vec![
        column::text("indicator", of().map(|gap| Some(gap.indicator.as_str()))),
        column::text("title", of().map(|gap| Some(framework.title(&gap.indicator)))),
        column::flag("listed", of().map(|gap| Some(gap.listed))),
        column::text("headline", of().map(|gap| word(gap.headline))),
        column::text("supply", of().map(|gap| word(gap.supply))),
        column::text("reasons", of().map(|gap| Some(reasons(gap)))),
        column::text("obstacle", of().map(|gap| gap.obstacle.and_then(word))),
        column::text("ask", of().map(|gap| Some(ask(&gap.ask)))),
        column::text("proxy", of().map(|gap| gap.proxy.as_ref().map(|proxy| proxy.indicator.as_str()))),
        column::text("proxy_loses", of().map(|gap| gap.proxy.as_ref().map(|proxy| proxy.loses.as_str()))),
    ])
    .map_err(refused)
}

fn rows(framework: &Loaded, of: &[MatrixRow<'_>], grain: Grain) -> PyResult<RecordBatch> {
    let mut columns = vec![
        column::text("indicator", of.iter().map(|row| Some(row.indicator))),
        column::text("title", of.iter().map(|row| Some(framework.title(row.indicator)))),
        column::flag("listed", of.iter().map(|row| Some(row.listed))),
    ];
    if grain.period {
        columns
            .push(column::text("period", of.iter().map(|row| row.period.map(|period| period.to_string()))));
    }
    if grain.area {
        columns.push(column::text("area", of.iter().map(|row| row.area)));
    }
    if grain.agency {
        columns.push(column::text("agency", of.iter().map(|row| row.agency)));
    }
    columns.push(column::text("headline", of.iter().map(|row| row.headline.and_then(word))));
    columns.push(column::text("supply", of.iter().map(|row| row.status.supply().and_then(word))));
    columns.push(column::text("facts", of.iter().map(|row| Some(row.status.words().join(" ")))));
    column::table(columns).map_err(refused)
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

    /// Which two or three things together would unlock the most.
    #[getter]
    fn bundles(&self) -> PyResult<Table> {
        let of = || self.inner.bundles.iter();
        let things = |bundle: &core::Bundle| {
            bundle.things.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let batch = column::table(vec![
            column::text("things", of().map(|bundle| Some(things(bundle)))),
            column::count("unlocks", of().map(|bundle| Some(bundle.unlocks.len() as u64))),
            column::text("entries", of().map(|bundle| Some(bundle.unlocks.join(", ")))),
            column::flag("exact", of().map(|bundle| Some(bundle.exact))),
        ])
        .map_err(refused)?;
        Ok(Table::open("pairs and triples that unlock the most", batch))
    }

    /// What is needed: a row for each entry and dataset, with fields, links, how often, how far back, breakdowns.
    #[getter]
    fn needed(&self) -> PyResult<Table> {
        let checked = self.framework.checked.as_ref();
        let rows = checked.map(core::needed).unwrap_or_default();
        let of = || rows.iter();
        let words = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
        let batch = column::table(vec![
            column::text("indicator", of().map(|row| Some(row.indicator.as_str()))),
            column::text("dataset", of().map(|row| Some(row.dataset.as_str()))),
            column::text("holder", of().map(|row| row.holder.as_deref())),
            column::text("fields", of().map(|row| Some(words(&row.fields)))),
            column::text("finds", of().map(|row| Some(words(&row.finds)))),
            column::flag("population", of().map(|row| Some(row.population))),
            column::text("due", of().map(|row| Some(row.due.as_str()))),
            column::text("reaches_back", of().map(|row| Some(row.reaches_back.join("; ")))),
            column::flag("earlier_returns", of().map(|row| Some(row.earlier_returns))),
            column::text("breakdowns", of().map(|row| Some(row.breakdowns.join(", ")))),
        ])
        .map_err(refused)?;
        Ok(Table::open("what is needed", batch))
    }

    /// What is supplied: a row for each agency and dataset that it says it gives.
    #[getter]
    fn supplied(&self) -> PyResult<Table> {
        let rows = core::supplied(&self.framework.framework);
        let of = || rows.iter();
        let fields = |row: &core::SupplySaid| {
            (!row.fields.is_empty()).then(|| row.fields.iter().cloned().collect::<Vec<_>>().join(", "))
        };
        let batch = column::table(vec![
            column::text("agency", of().map(|row| Some(row.agency.as_str()))),
            column::text("name", of().map(|row| Some(row.name.as_str()))),
            column::text("dataset", of().map(|row| Some(row.dataset.as_str()))),
            column::text("fields", of().map(fields)),
            column::text("cadence", of().map(|row| row.cadence.map(Cadence::code))),
            column::text("lag", of().map(|row| row.lag.map(describe_stretch))),
            column::day("first", of().map(|row| row.first)),
            column::text("quality", of().map(|row| row.quality.as_deref())),
            column::text("agreement", of().map(|row| row.agreement.as_deref())),
            column::day("until", of().map(|row| row.until)),
            column::text("signed_by", of().map(|row| row.signed_by.as_deref())),
        ])
        .map_err(refused)?;
        Ok(Table::open("what is supplied", batch))
    }

    /// What arrived: a row for each field of each dataset of each return, after joining.
    #[getter]
    fn arrived(&self) -> PyResult<Table> {
        let (_, arrived, _) = self.from()?;
        let rows = core::arrived_rows(&self.framework.framework, arrived);
        let of = || rows.iter();
        let batch = column::table(vec![
            column::text("area", of().map(|row| Some(row.area.as_str()))),
            column::text("agency", of().map(|row| row.agency.as_deref())),
            column::text("dataset", of().map(|row| Some(row.dataset.as_str()))),
            column::text("return", of().map(|row| Some(row.name.as_str()))),
            column::day("first", of().map(|row| row.first)),
            column::day("last", of().map(|row| row.last)),
            column::day("more_by", of().map(|row| row.more_by)),
            column::text("field", of().map(|row| Some(row.field.as_str()))),
            column::count("rows", of().map(|row| Some(row.rows))),
            column::count("known", of().map(|row| Some(row.filled.known))),
            column::count("missing", of().map(|row| Some(row.filled.missing))),
            column::count("rejected", of().map(|row| Some(row.filled.rejected))),
            column::count("suppressed", of().map(|row| Some(row.filled.suppressed))),
            column::count("rejected_records", of().map(|row| row.rejected_records)),
        ])
        .map_err(refused)?;
        Ok(Table::open("what arrived", batch))
    }

    /// The entries whose headline would change: "lose dataset ID", "gain field DATASET.FIELD", "lose agency ID",
    /// "lapse agreement AGENCY: AGREEMENT".
    #[pyo3(signature = (*changes))]
    fn what_if(&self, py: Python<'_>, changes: Vec<String>) -> PyResult<Table> {
        let changes: Result<Vec<core::Change>, _> =
            changes.into_iter().map(|change| change.parse()).collect();
        let changes = changes.map_err(refused)?;
        let (checked, arrived, circumstances) = self.from()?;
        let picture =
            py.detach(|| core::what_if(checked, arrived, circumstances, &changes)).map_err(refused)?;
        let of = || picture.moved.iter();
        let batch = column::table(vec![
            column::text("indicator", of().map(|moved| Some(moved.indicator.as_str()))),
            column::text("title", of().map(|moved| Some(self.framework.title(&moved.indicator)))),
            column::flag("listed", of().map(|moved| Some(moved.listed))),
            column::text("before", of().map(|moved| word(moved.from))),
            column::text("after", of().map(|moved| word(moved.to))),
        ])
        .map_err(refused)?;
        Ok(Table::open("what would change", batch))
    }

    /// Every cell of some results without a figure, with the reasons behind it and whom to ask.
    fn absences(&self, py: Python<'_>, results: &Results) -> PyResult<Table> {
        let (checked, arrived, circumstances) = self.from()?;
        let found = py.detach(|| core::absences(checked, arrived, circumstances, results.figures()));
        let of = || found.iter();
        let reasons = |cell: &core::Absence| {
            cell.reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let batch = column::table(vec![
            column::text("indicator", of().map(|cell| Some(cell.indicator.as_str()))),
            column::text("area", of().map(|cell| Some(cell.area.as_str()))),
            column::text("period", of().map(|cell| Some(cell.period.to_string()))),
            column::text("outcome", of().map(|cell| Some(cell.cell.code()))),
            column::text("reasons", of().map(|cell| Some(reasons(cell)))),
            column::text("obstacle", of().map(|cell| cell.obstacle.and_then(word))),
            column::text("ask", of().map(|cell| Some(ask(&cell.ask)))),
        ])
        .map_err(refused)?;
        Ok(Table::open("cells without a figure", batch))
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

fn ask(of: &[core::Ask]) -> String {
    let asks: Vec<String> = of
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
