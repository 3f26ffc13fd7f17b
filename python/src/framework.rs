//! A framework: checked definitions, and what can be asked of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::NaiveDate;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use staysafe::calculate::part::SettleError;
use staysafe::calculate::{finish, why};
use staysafe::check::{Checked, check_with};
use staysafe::definition::framework as core;
use staysafe::definition::read::read;
use staysafe::diagnostic as findings;
use staysafe::diagnostic::{Format, nearest, render};
use staysafe::gap::Circumstances;
use staysafe::plan::{Request, periods_inside, plan};
use staysafe::result::Results as Figures;
use staysafe::value::Value;
use staysafe_arrow::CalculateLoadedError;
use staysafe_io::{Form, Wanted};

use crate::board::{self, Board};
use crate::calendar::Day;
use crate::clock::Clock;
use crate::column;
use crate::column::word;
use crate::consult::{self, LongList};
use crate::error::{DefinitionError, bad_return, of_calculation, of_plan, of_why, refused};
use crate::explained::Explained;
use crate::gap::GapAnalysis;
use crate::loaded;
use crate::partials::Partials;
use crate::partner::{PartnerRequest, Receipt, Template};
use crate::period::{Named, Periods};
use crate::priorities::{Candidates, Selection};
use crate::published::Published;
use crate::results::Results;
use crate::returns::Returns;
use crate::scorecard::Scorecard;
use crate::setting::{Setting, settings};
use crate::source::Source;
use crate::table::{Diagnostics, Table};
use crate::watch::watched;
use crate::why::Cases;

/// A framework as it was read, with what checking it found.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) framework: core::Framework,
    pub(crate) checked: Option<Checked>,
    found: findings::Diagnostics,
    /// The parameters that were set.
    given: BTreeMap<String, Value>,
}

/// The shipped framework, read once.
pub(crate) static SHIPPED: LazyLock<Arc<Loaded>> =
    LazyLock::new(|| Arc::new(Loaded::new(read(staysafe_lscb::FILES.iter().copied()), &BTreeMap::new())));

impl Loaded {
    fn new(
        (framework, mut found): (core::Framework, findings::Diagnostics),
        given: &BTreeMap<String, Value>,
    ) -> Self {
        let (checked, more) = check_with(framework.clone(), given);
        found.extend(more);
        found.sort();
        let checked = checked.filter(|_| !found.has_errors());
        Self { framework, checked, found, given: given.clone() }
    }

    /// The title of an indicator, empty where there is none of that name.
    pub(crate) fn title(&self, id: &str) -> &str {
        self.framework.indicators.get(id).map_or("", |indicator| indicator.title.value.as_str())
    }

    /// An indicator's id, or a `KeyError` with the nearest there is.
    pub(crate) fn known(&self, id: &str) -> PyResult<()> {
        if self.framework.named(id).is_some() {
            return Ok(());
        }
        let ids: Vec<String> = self.framework.ids().collect();
        let near = nearest(id, ids.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        Err(PyKeyError::new_err(format!("no indicator is called '{id}'{hint}")))
    }
}

/// The framework that comes with the package: the indicators of a local safeguarding children board.
///
/// >>> import staysafe as ss
/// >>> ss.lscb().check().has_errors
/// False
#[pyfunction]
#[pyo3(signature = (*, parameters=None))]
pub(crate) fn lscb(py: Python<'_>, parameters: Option<BTreeMap<String, Setting>>) -> Framework {
    let Some(parameters) = parameters else { return Framework { inner: py.detach(|| SHIPPED.clone()) } };
    let given = settings(parameters);
    let loaded = py.detach(|| Loaded::new(read(staysafe_lscb::FILES.iter().copied()), &given));
    Framework { inner: Arc::new(loaded) }
}

/// Loads the framework of a folder. Mistakes in it are not raised: `check()` shows all of them.
#[pyfunction]
#[pyo3(signature = (path, *, parameters=None))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn load(
    py: Python<'_>,
    path: PathBuf,
    parameters: Option<BTreeMap<String, Setting>>,
) -> PyResult<Framework> {
    let given = settings(parameters.unwrap_or_default());
    let read = py.detach(|| staysafe_io::load(&path)).map_err(refused)?;
    if read.0.files.iter().next().is_none() {
        let help = "no definitions are here; give the folder that holds framework.toml";
        return Err(refused(format!("{}: {help}", path.display())));
    }
    Ok(Framework { inner: Arc::new(py.detach(|| Loaded::new(read, &given))) })
}

/// The framework that was sent here last: one process of a cluster does many tasks of one calculation.
static SENT: Mutex<Option<Sent>> = Mutex::new(None);

type Sent = (BTreeMap<String, String>, BTreeMap<String, Value>, Arc<Loaded>);

/// A framework out of its files and parameters, as they were sent from where it was loaded.
#[pyfunction(name = "_sent")]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn sent(
    py: Python<'_>,
    files: BTreeMap<String, String>,
    parameters: BTreeMap<String, Setting>,
) -> Framework {
    let given = settings(parameters);
    py.detach(|| {
        let mut held = SENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, loaded)) = held.as_ref().filter(|(of, set, _)| *of == files && *set == given) {
            return Framework { inner: loaded.clone() };
        }
        let all = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let loaded = Arc::new(Loaded::new(read(all), &given));
        *held = Some((files.clone(), given, loaded.clone()));
        Framework { inner: loaded }
    })
}

/// A framework of indicators: checked definitions.
#[pyclass(frozen, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Framework {
    pub(crate) inner: Arc<Loaded>,
}

impl Framework {
    /// The definitions, where nothing is wrong with them.
    pub(crate) fn checked(&self, py: Python<'_>) -> PyResult<&Checked> {
        if let Some(checked) = &self.inner.checked {
            return Ok(checked);
        }
        let text = render(&self.inner.found, &self.inner.framework.files, Format::Full);
        let error = DefinitionError::new_err(format!("the definitions have errors\n{text}"));
        error.value(py).setattr("diagnostics", self.check(py)?)?;
        Err(error)
    }

    fn figures(
        &self,
        py: Python<'_>,
        data: &Returns,
        request: Request,
        progress: Option<&Py<PyAny>>,
    ) -> PyResult<Figures> {
        self.checked(py)?;
        let (framework, data) = (self.inner.clone(), data.source.clone());
        watched(py, progress, move |watch| {
            let Some(checked) = &framework.checked else {
                return Err(refused("the definitions have errors"));
            };
            let plan = plan(checked, &request).map_err(|error| of_plan(&error))?;
            let work = staysafe_arrow::Work::together(watch);
            let of_records = || {
                let whole = data.records().map_err(bad_return)?;
                staysafe_arrow::calculate_on(checked, &plan, &whole.data, &work)
                    .map_err(|error| of_calculation(&error))
            };
            let partials = match data.columns() {
                Some(columns) => match staysafe_arrow::calculate_loaded(checked, &plan, columns, &work) {
                    // Columns of other datasets than these definitions read.
                    Err(CalculateLoadedError::Load(_)) => of_records()?,
                    Err(CalculateLoadedError::Calculate(error)) => return Err(of_calculation(&error)),
                    Err(error) => return Err(bad_return(error)),
                    Ok(partials) => partials,
                },
                None => of_records()?,
            };
            Ok(finish(checked, &partials))
        })
    }

    fn request(&self, py: Python<'_>, data: &Source, scope: Scope) -> PyResult<Request> {
        let periods = match scope.periods {
            Some(periods) => periods.0,
            None => data.periods(self.checked(py)?, scope.beyond_cover),
        };
        Ok(Request {
            indicators: scope.indicators.unwrap_or_default(),
            periods,
            by: scope.by,
            beyond_cover: scope.beyond_cover,
            readings: scope.readings,
        })
    }
}

/// What to calculate.
struct Scope {
    periods: Option<Periods>,
    by: Vec<String>,
    beyond_cover: bool,
    indicators: Option<Vec<String>>,
    readings: bool,
}

#[pymethods]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
impl Framework {
    /// Whether a dataset declares a field; false of a dataset that is not known.
    fn _has_field(&self, dataset: &str, field: &str) -> bool {
        let known = self.inner.framework.datasets.get(dataset);
        known.is_some_and(|known| known.fields.iter().any(|of| of.name.value == field))
    }

    /// Made again where it is sent to.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let native = py.import("staysafe._native")?;
        if Arc::ptr_eq(&self.inner, &SHIPPED) {
            return Ok((native.getattr("lscb")?, PyTuple::empty(py)));
        }
        let files: BTreeMap<String, String> = self
            .inner
            .framework
            .files
            .iter()
            .map(|(name, text)| (name.to_string(), text.text().to_owned()))
            .collect();
        let parameters = PyDict::new(py);
        for (name, value) in &self.inner.given {
            let value = match value {
                Value::Bool(yes) => yes.into_pyobject(py)?.to_owned().into_any(),
                Value::Int(number) => number.into_pyobject(py)?.into_any(),
                Value::Text(text) => text.as_ref().into_pyobject(py)?.into_any(),
                Value::Date(day) => day.into_pyobject(py)?.into_any(),
                Value::Decimal(number) => {
                    py.import("decimal")?.call_method1("Decimal", (number.to_string(),))?
                }
            };
            parameters.set_item(name, value)?;
        }
        Ok((native.getattr("_sent")?, (files, parameters).into_pyobject(py)?))
    }

    /// What is wrong with the definitions, and what somebody should look at: a table.
    ///
    /// >>> import staysafe as ss
    /// >>> ss.lscb().check().columns
    /// ['severity', 'code', 'file', 'line', 'column', 'message', 'help']
    fn check(&self, py: Python<'_>) -> PyResult<Py<Diagnostics>> {
        Diagnostics::new(py, &self.inner.found, &self.inner.framework.files)
    }

    /// The indicators: id, title, list, kind, whether figures can be worked out from records.
    ///
    /// >>> import staysafe as ss
    /// >>> len(ss.lscb().indicators) > 76
    /// True
    #[getter]
    fn indicators(&self) -> PyResult<Table> {
        let of = || self.inner.framework.indicators.values();
        let checked = self.inner.checked.as_ref();
        let batch = column::table(vec![
            column::text("indicator", of().map(|one| Some(one.id.value.as_str()))),
            column::text("title", of().map(|one| Some(one.title.value.as_str()))),
            column::text("list", of().map(|one| one.listed.first().map(|first| first.list.value.as_str()))),
            column::text("kind", of().map(|one| word(one.kind.value))),
            column::text("polarity", of().map(|one| word(one.polarity.value))),
            column::flag(
                "computable",
                of().map(|one| {
                    checked?.indicator(&one.id.value).map(staysafe::check::CheckedIndicator::is_computable)
                }),
            ),
        ])
        .map_err(refused)?;
        Ok(Table::open("indicators", batch))
    }

    /// Figures, or the reasons why there are none: a row for each indicator, area and period.
    ///
    /// Without `periods`, every whole quarter and financial year inside what the returns can speak for. Rows
    /// outside it come in only with `beyond_cover=True`, and their figures are marked 'survivors-only'.
    ///
    /// `by` says by what figures are kept apart: "area", a level of areas such as "region", breakdowns of the
    /// framework such as "age" and "sex", each a column of its own. Areas that are not named are added up. An
    /// indicator whose records cannot be broken down so has one row that says why.
    ///
    /// A second reading of an indicator goes by `ID@NAME`, such as "cs-04@same-carer", in `indicators` and in the results;
    /// with `readings=True` every reading of the indicators is calculated beside them.
    ///
    /// `progress` is called now and then with how much is done, of how much; what it raises stops the calculation, as Ctrl-C does.
    ///
    /// >>> import staysafe as ss, pyarrow as pa
    /// >>> from datetime import date
    /// >>> referrals = pa.table({"child": ["A"], "referral": [1], "referral_date": [date(2023, 5, 2)]})
    /// >>> data = ss.from_tables({"referral": referrals}, area="999", kind="cin-census")
    /// >>> res = ss.lscb().calculate(data, periods="2023-24 Q1", indicators=["ctx-referrals"])
    /// >>> res.to_arrow()["numerator"].to_pylist()
    /// [1]
    /// >>> ss.lscb().calculate(data, periods="2023-24 Q1", indicators=["ctx-referal"])
    /// Traceback (most recent call last):
    /// ...
    /// KeyError: "no indicator is called 'ctx-referal'; did you mean 'ctx-referrals'?"
    #[pyo3(
        signature = (data, periods=None, by=vec!["area".to_owned()], beyond_cover=false, indicators=None, readings=false, *, progress=None),
        text_signature = "($self, data, periods=None, by=['area'], beyond_cover=False, indicators=None, readings=False, *, progress=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "those of the Python method, each by its name")]
    fn calculate(
        &self,
        py: Python<'_>,
        data: &Returns,
        periods: Option<Periods>,
        by: Vec<String>,
        beyond_cover: bool,
        indicators: Option<Vec<String>>,
        readings: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Py<Results>> {
        let scope = Scope { periods, by, beyond_cover, indicators, readings };
        let request = self.request(py, &data.source, scope)?;
        let figures = self.figures(py, data, request, progress.as_ref())?;
        Results::new(py, figures, self.inner.clone(), data.source.clone())
    }

    /// How `calculate` would count: which indicators share a reading of a table, which columns are read, how often, and about how much
    /// memory that takes. Nothing is counted. Without `data` it is told as of an authority that carries everything; give `periods` then.
    ///
    /// >>> import staysafe as ss
    /// >>> how = ss.lscb().explain(periods="2023-24 Q1", indicators=["ctx-referrals", "ctx-nfa"])
    /// >>> how
    /// <Explained: 1 readings, 2 indicators share one>
    /// >>> how.to_arrow()["columns"].to_pylist()
    /// ['referral: closure_date, closure_reason, no_further_action, referral_date']
    #[pyo3(
        signature = (data=None, periods=None, by=vec!["area".to_owned()], beyond_cover=false, indicators=None, readings=false),
        text_signature = "($self, data=None, periods=None, by=['area'], beyond_cover=False, indicators=None, readings=False)"
    )]
    #[allow(clippy::too_many_arguments, reason = "those of the Python method, each by its name")]
    fn explain(
        &self,
        py: Python<'_>,
        data: Option<&Returns>,
        periods: Option<Periods>,
        by: Vec<String>,
        beyond_cover: bool,
        indicators: Option<Vec<String>>,
        readings: bool,
    ) -> PyResult<Py<Explained>> {
        self.checked(py)?;
        let nothing = Arc::new(Source::nothing(&self.inner));
        let data = data.map_or(nothing, |data| data.source.clone());
        let request = self.request(py, &data, Scope { periods, by, beyond_cover, indicators, readings })?;
        Explained::told(py, self.inner.clone(), data, request)
    }

    /// Loads tables, or returns that were read, into columns: once, for as many calculations as definitions change.
    ///
    /// `data` is a dict of tables by dataset, with `area`, `kind` and `cover` as in `from_tables`; or returns, or a list of
    /// them. What comes back is returns like any others, and every method takes it; rows that only records can settle (two under one
    /// key, two returns of one authority that carry one dataset) stay records.
    ///
    /// >>> import staysafe as ss, polars as pl
    /// >>> from datetime import date
    /// >>> fw = ss.lscb()
    /// >>> referrals = pl.DataFrame({"child": ["A", "B"], "referral": [1, 2], "referral_date": [date(2023, 5, 2)] * 2})
    /// >>> loaded = fw.load({"referral": referrals}, area="999", kind="cin-census")
    /// >>> loaded
    /// <Loaded: 1 returns, 2 rows in columns, 0 rejects>
    /// >>> [fw.calculate(loaded, quarter, indicators=["ctx-referrals"]).to_polars()["numerator"][0] for quarter in ("2023-24 Q1", "2023-24 Q2")]
    /// [2, 0]
    #[pyo3(name = "load", signature = (data, *, area=None, kind=None, cover=None))]
    fn load_data(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        area: Option<String>,
        kind: Option<String>,
        cover: Option<(Day, Day)>,
    ) -> PyResult<Py<loaded::Loaded>> {
        loaded::Loaded::made(py, &self.inner, data, (area, kind), cover)
    }

    /// Partial states of these returns, to be merged with those of others: counts, and no record. See `Partials`.
    ///
    /// Every part is counted for the same `periods`, `by` and indicators. The returns hold all records of their authorities; with
    /// `rows`, a name that no other part has, they hold some rows of them, dealt out as docs/states.md says.
    #[pyo3(
        signature = (data, periods, by=vec!["area".to_owned()], beyond_cover=false, indicators=None, readings=false, *, rows=None, progress=None),
        text_signature = "($self, data, periods, by=['area'], beyond_cover=False, indicators=None, readings=False, *, rows=None, progress=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "those of the Python method, each by its name")]
    fn calculate_part(
        &self,
        py: Python<'_>,
        data: &Returns,
        periods: Periods,
        by: Vec<String>,
        beyond_cover: bool,
        indicators: Option<Vec<String>>,
        readings: bool,
        rows: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Partials> {
        self.checked(py)?;
        let scope = Scope { periods: Some(periods), by, beyond_cover, indicators, readings };
        let request = self.request(py, &data.source, scope)?;
        Partials::counted(py, self.inner.clone(), data.source.clone(), request, (rows, progress.as_ref()))
    }

    /// Results from partial states that were counted by this framework and merged.
    fn finish(&self, py: Python<'_>, partials: &Partials) -> PyResult<Py<Results>> {
        let checked = self.checked(py)?;
        let part = partials.inner.clone();
        let figures = py.detach(|| Ok(finish(checked, &part.settle(checked)?)));
        let figures = figures.map_err(|error: SettleError| refused(error))?;
        // No record is here that could stand behind a sum that does not come out.
        Results::new(py, figures, self.inner.clone(), Arc::new(Source::nothing(&self.inner)))
    }

    /// What is missing for each entry, why, what stands in the way, and whom to ask. Without `data` nothing has arrived.
    ///
    /// `date` is the day on which agreements must still hold; without it, today. With `periods`, what is asked for then;
    /// without, whatever arrived, of whatever days. `by` names what the rows are kept apart by: any of "period", "area",
    /// "agency"; an empty list gives one row for each indicator, with its facts. Without it, a row for each entry with reasons.
    #[pyo3(signature = (data=None, date=None, *, periods=None, by=None))]
    #[allow(clippy::needless_pass_by_value, reason = "a list from Python")]
    fn gap(
        &self,
        py: Python<'_>,
        data: Option<&Returns>,
        date: Option<Day>,
        periods: Option<Periods>,
        by: Option<Vec<String>>,
    ) -> PyResult<Py<GapAnalysis>> {
        let checked = self.checked(py)?;
        let periods = periods.map_or_else(Vec::new, |periods| periods.0);
        let circumstances = Circumstances { periods, ..Circumstances::on(or_today(py, date)?) };
        let returns = match data {
            Some(data) => data.records(py)?,
            None => Arc::new(staysafe_io::Returns::collect(Vec::new())),
        };
        GapAnalysis::new(py, &self.inner, checked, &returns, circumstances, by.as_deref())
    }

    /// Where everything in a board's folder stands: its data gathering plan, task group, documents due, priorities and challenges.
    ///
    /// `date` is the day on which it is looked at; without it, today. A file with errors is an `Error` with their places.
    #[pyo3(signature = (path, data, date=None))]
    fn board(&self, py: Python<'_>, path: PathBuf, data: &Returns, date: Option<Day>) -> PyResult<Py<Board>> {
        let checked = self.checked(py)?;
        let as_of = or_today(py, date)?;
        let data = data.records(py)?;
        let now = py.detach(|| board::read(&path, checked, &data, as_of)).map_err(refused)?;
        Board::new(py, &self.inner, now)
    }

    /// Makes the data gathering plan of a board's folder from the gaps, or makes it again: nothing that people wrote
    /// in it is lost, and one that is damaged is not touched. Gives what was done, in words.
    #[pyo3(signature = (path, data, date=None))]
    fn make_plan(
        &self,
        py: Python<'_>,
        path: PathBuf,
        data: &Returns,
        date: Option<Day>,
    ) -> PyResult<String> {
        let checked = self.checked(py)?;
        let as_of = or_today(py, date)?;
        let data = data.records(py)?;
        py.detach(|| board::make(&path, checked, &data, as_of)).map_err(refused)
    }

    /// Candidates for the board's priorities from the draft framework, each with its evidence: what got worse by more than
    /// chance, what stands beyond its target or, with `published`, the country's figure, and what cannot be seen.
    ///
    /// `board` is a board's folder: a candidate that one of its priorities holds already says so. `date` is the day on
    /// which agreements must still hold; without it, today.
    #[pyo3(signature = (data, *, periods=None, board=None, published=None, date=None))]
    #[allow(clippy::too_many_arguments, reason = "keywords in Python")]
    fn propose_priorities(
        &self,
        py: Python<'_>,
        data: &Returns,
        periods: Option<Periods>,
        board: Option<PathBuf>,
        published: Option<Vec<PyRef<'_, Published>>>,
        date: Option<Day>,
    ) -> PyResult<Py<Candidates>> {
        let checked = self.checked(py)?;
        let as_of = or_today(py, date)?;
        let scope = Scope {
            periods,
            by: vec!["area".to_owned()],
            beyond_cover: false,
            indicators: None,
            readings: false,
        };
        let figures = self.figures(py, data, self.request(py, &data.source, scope)?, None)?;
        let data = data.records(py)?;
        let (gaps, priorities) = if let Some(folder) = board {
            let now = py.detach(|| board::read(&folder, checked, &data, as_of)).map_err(refused)?;
            (now.gaps, now.board.priorities)
        } else {
            let found = py.detach(|| crate::gap::analysed(checked, &data, as_of));
            (found.map_err(|error| of_calculation(&error))?, Vec::new())
        };
        let published = published.unwrap_or_default();
        let compared: Vec<_> = published.iter().flat_map(|read| read.beside()).collect();
        Candidates::found(py, checked, &figures, &gaps, &compared, &priorities)
    }

    /// What the priorities of a board's folder select that hold on a day, without `date` today: indicators, data requirements,
    /// and needs that nobody has an indicator for.
    #[pyo3(signature = (board, *, date=None))]
    fn select(&self, py: Python<'_>, board: PathBuf, date: Option<Day>) -> PyResult<Py<Selection>> {
        let checked = self.checked(py)?;
        let as_of = or_today(py, date)?;
        let read = py.detach(|| staysafe_io::read_board_folder(&board, checked.framework()));
        let (board, found, sources) = read.map_err(refused)?;
        if found.has_errors() {
            return Err(refused(render(&found, &sources, Format::Full)));
        }
        Selection::of(py, checked, &board.priorities, as_of)
    }

    /// The long list of the consultation in a board's folder.
    fn long_list(&self, py: Python<'_>, board: PathBuf) -> PyResult<Py<LongList>> {
        LongList::read(py, self.checked(py)?, &board)
    }

    /// Which entries of the framework overlap, how and why. A finding is a question to people, not an answer.
    ///
    /// >>> import staysafe as ss
    /// >>> ss.lscb().overlaps().to_polars().filter(second="cs-17")["first"].to_list()
    /// ['cs-15', 'cs-16', 'ctx-plans-ended-children', 'ctx-plans-started-children']
    fn overlaps(&self, py: Python<'_>) -> PyResult<Table> {
        consult::overlaps(py, self.checked(py)?)
    }

    /// Why the records of one child count or do not: the first clause that failed, down to the working day.
    ///
    /// Without `period`, every quarter and financial year inside the cover. The answer is about one child:
    /// it is shown only when it is printed or taken out. No row means that no return holds that child in
    /// what the indicator is worked out from.
    #[pyo3(signature = (data, indicator, *, key, period=None))]
    fn why(
        &self,
        py: Python<'_>,
        data: &Returns,
        indicator: &str,
        key: &str,
        period: Option<Named>,
    ) -> PyResult<Py<Cases>> {
        let checked = self.checked(py)?;
        let data = &data.records(py)?.data;
        let found = py.detach(|| {
            let periods = period.map_or_else(|| periods_inside(data), |period| vec![period.0]);
            why::why(checked, data, indicator, key, &periods)
        });
        Cases::new(py, found.map_err(|error| of_why(&error))?)
    }

    /// The cases behind an indicator's figure; with `late=True`, those in the denominator that are not in the
    /// numerator or cannot be judged; with `open=True`, instead, those still open on the period's last day. They
    /// are about single children.
    #[pyo3(signature = (data, indicator, *, period, late=false, open=false))]
    fn cases(
        &self,
        py: Python<'_>,
        data: &Returns,
        indicator: &str,
        period: Named,
        late: bool,
        open: bool,
    ) -> PyResult<Py<Cases>> {
        if late && open {
            return Err(refused("late=True lists cases of the figure, open=True those that wait: give one"));
        }
        let checked = self.checked(py)?;
        let data = &data.records(py)?.data;
        let found = py.detach(|| {
            if open {
                why::open_cases(checked, data, indicator, period.0)
            } else {
                why::cases(checked, data, indicator, period.0, late)
            }
        });
        Cases::new(py, found.map_err(|error| of_why(&error))?)
    }

    /// Runs the tests written inside the definitions.
    ///
    /// >>> import staysafe as ss
    /// >>> len(ss.lscb().verify().findings)
    /// 0
    fn verify(&self, py: Python<'_>) -> PyResult<Verified> {
        let checked = self.checked(py)?;
        let verified = py.detach(|| staysafe::verify::verify(checked));
        let findings = Diagnostics::new(py, &verified.findings, &checked.framework().files)?;
        Ok(Verified { run: verified.run, not_run: verified.not_run, findings })
    }

    /// A clock of an indicator on one record, on a day: when it falls due, and how it stands.
    ///
    /// A field that the record does not name, or that is None, is blank. `clock` names one where the indicator
    /// has several.
    ///
    /// >>> import staysafe as ss
    /// >>> from datetime import date
    /// >>> clock = ss.lscb().clock("cs-14", {"s47_start": date(2011, 4, 18), "icpc_date": None}, date(2011, 5, 16))
    /// >>> clock.due, clock.day_reached, clock.standing
    /// (datetime.date(2011, 5, 13), 16, 'already-late')
    /// >>> ss.lscb().clock("cs-14", {"s47_strat": None}, date(2011, 5, 16))
    /// Traceback (most recent call last):
    /// ...
    /// KeyError: "the dataset 'section_47' has no field 's47_strat'; did you mean 's47_start'?"
    #[pyo3(signature = (indicator, record, as_of, clock=None))]
    fn clock(
        &self,
        py: Python<'_>,
        indicator: &str,
        record: BTreeMap<String, Option<Setting>>,
        as_of: Day,
        clock: Option<&str>,
    ) -> PyResult<Clock> {
        Clock::read(self.checked(py)?, indicator, record, as_of.0, clock)
    }

    /// Writes a scorecard into a folder: scorecard.html, scorecard.md and scorecard.json.
    ///
    /// For publication small numbers are hidden, with everything that would give them away. `for_="board"`
    /// gives full figures, and needs a `recipient`. `date` is the day it is prepared; without
    /// it, today. Each run keeps what its audience saw beside
    /// the scorecard, and the next one says what changed. `board` is a board's folder, for the first page. `published` are
    /// tables of `read_published`: what they say of the country, and of an area's region, statistical neighbours and itself,
    /// stands beside the entries.
    #[pyo3(
        signature = (data, path, for_="publication", recipient=None, date=None, *, periods=None, by=vec![], beyond_cover=false, indicators=None, readings=false, board=None, published=None),
        text_signature = "($self, data, path, for_='publication', recipient=None, date=None, *, periods=None, by=[], beyond_cover=False, indicators=None, readings=False, board=None, published=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "keywords in Python")]
    fn report(
        &self,
        py: Python<'_>,
        data: &Returns,
        path: PathBuf,
        for_: &str,
        recipient: Option<String>,
        date: Option<Day>,
        periods: Option<Periods>,
        by: Vec<String>,
        beyond_cover: bool,
        indicators: Option<Vec<String>>,
        readings: bool,
        board: Option<PathBuf>,
        published: Option<&Bound<'_, Published>>,
    ) -> PyResult<Scorecard> {
        let prepared = or_today(py, date)?;
        let audience = Scorecard::audience(for_, recipient, prepared)?;
        let checked = self.checked(py)?;
        let scope = Scope { periods, by, beyond_cover, indicators, readings };
        let request = self.request(py, &data.source, scope)?;
        let figures = self.figures(py, data, request, None)?;
        let data = data.records(py)?;
        let published = published.map(|tables| tables.get().beside()).unwrap_or_default();
        let now = match &board {
            Some(folder) => {
                Some(py.detach(|| board::read(folder, checked, &data, prepared)).map_err(bad_return)?)
            }
            None => None,
        };
        let wanted = Wanted {
            audience: &audience,
            prepared,
            folder: &path,
            forms: &[Form::Html, Form::Markdown, Form::Json],
            board: board.as_deref().zip(now.as_ref()),
            published: &published,
        };
        Scorecard::write(py, checked, &data, figures, &wanted)
    }

    /// An empty register of a dataset for a partner to fill in, as a workbook and as comma-separated values.
    ///
    /// What is known before it is sent is filled in: `agency`, `area`, `period`. What comes back is read by
    /// `read_returns`.
    ///
    /// >>> import staysafe as ss
    /// >>> ss.lscb().template("restraint_incident", period="2010-11 Q1").csv.splitlines()[3].split(",")[:2]
    /// ['Period', '2010-11 Q1']
    #[pyo3(signature = (dataset, *, agency=None, area=None, period=None))]
    fn template(
        &self,
        py: Python<'_>,
        dataset: &str,
        agency: Option<String>,
        area: Option<String>,
        period: Option<&str>,
    ) -> PyResult<Template> {
        let period = period.map(str::parse::<staysafe::period::Period>).transpose().map_err(refused)?;
        let prefilled = staysafe_io::Prefilled { agency, area, period };
        py.detach(|| Template::made(&self.inner, dataset, &prefilled))
    }

    /// What the board asks of an agency, on one page: what, why, for which question, on which legal basis, by when, and
    /// what comes back.
    ///
    /// `datasets` narrows it down; without it, everything the agency holds that an indicator needs.
    ///
    /// >>> import staysafe as ss
    /// >>> "restraint_incident" in ss.lscb().request("yjb").datasets
    /// True
    #[pyo3(name = "request", signature = (agency, *, datasets=vec![], period=None, due=None, contact=None),
        text_signature = "($self, agency, *, datasets=[], period=None, due=None, contact=None)")]
    fn ask(
        &self,
        py: Python<'_>,
        agency: &str,
        datasets: Vec<String>,
        period: Option<&str>,
        due: Option<Day>,
        contact: Option<String>,
    ) -> PyResult<PartnerRequest> {
        let period = period.map(str::parse::<staysafe::period::Period>).transpose().map_err(refused)?;
        let asking = staysafe::request::Asking { datasets, period, due: due.map(|day| day.0), contact };
        PartnerRequest::made(self.checked(py)?, agency, &asking)
    }

    /// The receipt for returns, with the figures that they stand behind as the board will see them.
    fn receipt(&self, py: Python<'_>, data: &Returns) -> PyResult<Receipt> {
        Receipt::made(py, &data.records(py)?, Some(self.checked(py)?))
    }

    fn __repr__(&self) -> String {
        let framework = &self.inner.framework;
        let state = if self.inner.checked.is_some() { "" } else { ", with errors: see check()" };
        format!("<Framework '{}': {} indicators{state}>", framework.id, framework.indicators.len())
    }
}

/// What came of the tests written inside the definitions.
#[pyclass(frozen, get_all, module = "staysafe")]
#[derive(Debug)]
pub(crate) struct Verified {
    /// How many tests were run.
    run: usize,
    /// Tests of definitions that cannot be calculated yet, by indicator: not run.
    not_run: BTreeMap<String, usize>,
    /// A finding for each expectation that was not met.
    findings: Py<Diagnostics>,
}

#[pymethods]
impl Verified {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let unmet = self.findings.bind(py).len()?;
        Ok(format!("<Verified: {} tests run, {unmet} expectations not met>", self.run))
    }
}

/// The day that was named, or today by Python's clock; the library knows none.
pub(crate) fn or_today(py: Python<'_>, named: Option<Day>) -> PyResult<NaiveDate> {
    match named {
        Some(day) => Ok(day.0),
        None => py.import("datetime")?.getattr("date")?.call_method0("today")?.extract(),
    }
}
