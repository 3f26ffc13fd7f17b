//! Results: figures, or the reasons why there are none.

use std::collections::BTreeSet;
use std::sync::Arc;

use pyo3::prelude::*;
use staysafe::calculate::{Behind, Sides, Tested, identities};
use staysafe::result::Results as Figures;
use staysafe::result::json;
use staysafe_arrow::{LoadError, results_batch};

use crate::column;
use crate::error::{bad_return, refused};
use crate::framework::Loaded;
use crate::source::Source;
use crate::table::Table;

/// Results in the fixed columns: a row for each indicator, area and period, with a figure or the reason
/// why there is none.
#[pyclass(frozen, extends = Table, mapping, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Results {
    inner: Figures,
    framework: Arc<Loaded>,
    /// What they were calculated from, for the records behind a sum that does not come out.
    data: Arc<Source>,
}

impl Results {
    /// Results with the framework they were calculated by.
    pub(crate) fn new(
        py: Python<'_>,
        inner: Figures,
        framework: Arc<Loaded>,
        data: Arc<Source>,
    ) -> PyResult<Py<Self>> {
        let table = Table::open("results", results_batch(&inner).map_err(refused)?);
        Py::new(py, PyClassInitializer::from(table).add_subclass(Self { inner, framework, data }))
    }

    pub(crate) fn figures(&self) -> &Figures {
        &self.inner
    }
}

#[pymethods]
impl Results {
    /// The results of one indicator, or of one reading of it such as "cs-04@same-carer". An indicator nobody knows is a `KeyError` with the nearest name.
    fn __getitem__(&self, py: Python<'_>, indicator: &str) -> PyResult<Py<Self>> {
        self.framework.known(indicator)?;
        let mut inner = self.inner.clone();
        inner.observations.retain(|observation| observation.indicator == indicator);
        inner.made_of.definitions.retain(|id, _| id == indicator);
        inner.made_of.readings.retain(|id, _| id == indicator);
        Self::new(py, inner, self.framework.clone(), self.data.clone())
    }

    /// The ids of the indicators that have a row, in order.
    #[getter]
    fn indicators(&self) -> Vec<String> {
        let ids: BTreeSet<&str> = self.inner.observations.iter().map(|one| one.indicator.as_str()).collect();
        ids.into_iter().map(str::to_owned).collect()
    }

    /// The title of an indicator, verbatim from its list; of a reading, followed by how it differs.
    fn title(&self, indicator: &str) -> PyResult<String> {
        self.framework.known(indicator)?;
        Ok(self.framework.framework.title_of(indicator).unwrap_or_default())
    }

    /// The sums between figures that must come out, each tested by area and period: a row for each, whose outcome is
    /// "holds", "broken" or "cannot-be-checked".
    ///
    /// Of a broken one both sides are given, and the places of the records that stand on one side alone: return, dataset
    /// and row, and no child's number. Where one cannot be checked, `indicator` says which figure is not there or not whole.
    #[getter]
    fn identities(&self, py: Python<'_>) -> PyResult<Table> {
        let Some(checked) = &self.framework.checked else {
            return Err(refused("the definitions have errors"));
        };
        let tested = py.detach(|| {
            let whole = self.data.records()?;
            Ok::<_, LoadError>(identities(checked, &self.inner, &whole.data))
        });
        let tested = tested.map_err(bad_return)?;
        let words = |one: &Tested| {
            let declared = checked.framework().identities.iter().find(|known| known.id.value == one.identity);
            declared.and_then(|identity| identity.words.as_ref()).map(|words| words.value.clone())
        };
        let sides = |one: &Tested| match &one.outcome {
            Sides::Broken { found, expected, .. } => Some((found.to_f64(), expected.to_f64())),
            _ => None,
        };
        let behind = |one: &Tested| match &one.outcome {
            Sides::Broken { behind, .. } => Some(behind.clone()),
            _ => None,
        };
        let in_the_way = |one: &Tested| match &one.outcome {
            Sides::CannotBeChecked { indicator } => Some(indicator.clone()),
            _ => None,
        };
        let places = |one: &Tested| {
            let each = |place: &Behind| format!("{}: {}, row {}", place.name, place.dataset, place.origin);
            behind(one).map(|behind| behind.iter().map(each).collect::<Vec<_>>().join("; "))
        };
        let batch = column::table(vec![
            column::text("identity", tested.iter().map(|one| Some(one.identity.as_str()))),
            column::text("words", tested.iter().map(words)),
            column::text("area", tested.iter().map(|one| Some(one.area.as_str()))),
            column::text("period", tested.iter().map(|one| Some(one.period.to_string()))),
            column::text("outcome", tested.iter().map(|one| Some(one.outcome.code()))),
            column::number("found", tested.iter().map(|one| sides(one).map(|(found, _)| found))),
            column::number("expected", tested.iter().map(|one| sides(one).map(|(_, expected)| expected))),
            column::text("indicator", tested.iter().map(in_the_way)),
            column::count("records", tested.iter().map(|one| behind(one).map(|behind| behind.len() as u64))),
            column::text("places", tested.iter().map(places)),
        ])
        .map_err(refused)?;
        Ok(Table::open("identities", batch))
    }

    /// As `staysafe calculate --format json` writes them: what the figures were made of, and the rows.
    fn to_json(&self) -> PyResult<String> {
        json(&self.inner).map_err(refused)
    }

    /// A line through the figures of one indicator, as an `altair.Chart`; needs altair.
    ///
    /// Only figures that returns could fully speak for are drawn: none of older cases' survivors, and none of a
    /// period that is covered in part. Periods of several lengths are never mixed: `kind` chooses one of them
    /// ('quarter', 'financial year', 'month', ...); without it, the one with most figures.
    #[pyo3(signature = (kind=None))]
    fn plot<'py>(slf: &Bound<'py, Self>, kind: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("staysafe._chart")?.call_method1("line", (slf, kind))
    }

    fn __repr__(slf: &Bound<'_, Self>) -> String {
        let observations = &slf.get().inner.observations;
        let figures = observations.iter().filter(|one| one.cell.outcome.code() == "figure").count();
        let ids: BTreeSet<&str> = observations.iter().map(|one| one.indicator.as_str()).collect();
        format!("<Results: {} indicators, {} rows, {figures} with a figure>", ids.len(), observations.len())
    }
}
