//! Returns: read from files, looked at, and handed to a framework.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_schema::ArrowError;
use chrono::{Datelike, NaiveDate};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use staysafe::calculate::join::{Finding, join};
use staysafe::definition::framework::Area;
use staysafe::period::Period;
use staysafe::record::{Profile, Reject, Table as Records};
use staysafe::value::Datum;
use staysafe::value::Type;
use staysafe_io::{Pattern, ReadOptions, Registers, Unmapped};

use crate::column;
use crate::column::word;
use crate::error::{bad_return, refused};
use crate::framework::{Framework, Loaded, SHIPPED};
use crate::partner::Receipt;
use crate::source::Source;
use crate::table::Table;

/// What stands in place of a value that may be personal.
const MASK: &str = "(masked)";

/// Returns of one or more authorities: tables of records, what they hold, and what could not be used.
#[pyclass(frozen, subclass, module = "staysafe")]
pub(crate) struct Returns {
    pub(crate) source: Arc<Source>,
    /// The records as tables, made when they are first asked for.
    tables: PyOnceLock<BTreeMap<String, Py<Table>>>,
}

/// Reads returns, each recognised by what is in it: a children in need census in XML, a looked-after children return
/// (SSDA903) in XML or as tables in CSV, and registers that partners filled in, as CSV or xlsx.
///
/// Registers are the datasets of `framework` (the shipped one where none is given). What they do not say themselves is
/// said here: `area`, `period` (as in `"2010-11 Q1"`), `agency`.
///
/// Name files, or the folder that holds the tables. `year` (2018 is the year to 31 March 2018) and `area` (an
/// authority's code, or another it goes by) belong to returns that do not name them, as the tables do not; without
/// a year their figures are not reported. `pattern` says how folders name them instead, as in
/// `"{area}/{year}/*.csv"`. A census names both; where there is nothing else to read, a `year` that contradicts it
/// is refused, and so is an `area`.
///
/// Of a file that ends in the middle what is whole counts, and every figure from it is marked `partly-reported`;
/// `refuse_truncated` refuses such a file.
///
/// `extracted` is the day on which the lists of an Ofsted Annex A were made, where they do not say it. `aliases` is a TOML
/// file of local spellings, a table to a code set; `unmapped` lists what no code was found for.
#[pyfunction]
#[pyo3(signature = (
    *paths, year=None, area=None, pattern=None, refuse_truncated=false, framework=None, period=None, agency=None,
    aliases=None, extracted=None
))]
#[allow(
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    reason = "taken out of Python as they are"
)]
pub(crate) fn read_returns(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    year: Option<i32>,
    area: Option<String>,
    pattern: Option<&str>,
    refuse_truncated: bool,
    framework: Option<&Bound<'_, Framework>>,
    period: Option<&str>,
    agency: Option<String>,
    aliases: Option<PathBuf>,
    extracted: Option<NaiveDate>,
) -> PyResult<Returns> {
    if paths.is_empty() {
        return Err(PyTypeError::new_err("name at least one file: read_returns(\"cin.xml\")"));
    }
    let framework = match framework {
        Some(framework) => framework.get().inner.clone(),
        None => py.detach(|| SHIPPED.clone()),
    };
    let pattern = pattern.map(str::parse::<Pattern>).transpose().map_err(bad_return)?;
    let period = period.map(str::parse::<Period>).transpose().map_err(bad_return)?;
    let mut registers = Registers::of(&framework.framework);
    if let Some(path) = aliases {
        let read = py.detach(|| staysafe_io::read_alias_file(&path, &framework.framework));
        registers = registers.with_aliases(read.map_err(bad_return)?);
    }
    let registers = Some(registers);
    let options = ReadOptions {
        refuse_truncated,
        area,
        year,
        pattern,
        registers,
        agency,
        period,
        status: None,
        extracted,
    };
    let returns = py.detach(|| {
        let mut returns = staysafe_io::read_returns(&paths, &options)?;
        returns.settle(&framework.framework)?;
        if let Some(checked) = &framework.checked {
            returns.reject_counts(checked);
        }
        Ok::<_, staysafe_io::ReadError>(returns)
    });
    let returns = returns.map_err(bad_return)?;
    // Beside tables that name no year, the year given is theirs.
    let named_by_hand = |header: &BTreeMap<String, String>| header.contains_key("register");
    let by_hand: Vec<bool> = returns.headers.iter().map(named_by_hand).collect();
    let tables = returns.profiles.iter().any(|profile| profile.kind == "ssda903") || by_hand.contains(&true);
    for (profile, _) in returns.profiles.iter().zip(&by_hand).filter(|(_, by_hand)| !**by_hand) {
        agrees(&framework, profile, year.filter(|_| !tables), options.area.as_deref())?;
    }
    Ok(Returns::new(Source::read(returns, framework)))
}

/// Whether a return is of the year and authority that the caller said.
fn agrees(framework: &Loaded, profile: &Profile, year: Option<i32>, area: Option<&str>) -> PyResult<()> {
    let name = &profile.name;
    if let (Some(said), Some(own)) = (year, profile.reference_date)
        && said != own.year()
    {
        return Err(bad_return(format!(
            "{name}: its header says it speaks up to {own}, so it is not of {said}; leave year out: this return names its own"
        )));
    }
    // Both may be any of the codes that one area goes by.
    let known_as = |code: &str| {
        let goes_by = |area: &Area, code: &str| {
            area.code.value == code || area.aliases.iter().any(|(_, alias)| alias.value == code)
        };
        framework.framework.areas.values().any(|area| goes_by(area, code) && goes_by(area, &profile.area))
    };
    if let Some(said) = area.filter(|said| *said != profile.area && !known_as(said)) {
        return Err(bad_return(format!(
            "{name}: its header names authority {}, not {said}; leave area out: this return names its own",
            profile.area
        )));
    }
    Ok(())
}

#[pymethods]
impl Returns {
    /// The records by dataset, each with the authority in a first column `area`.
    ///
    /// What a return left out and what was rejected from it are both null here; `rejects` tells them apart.
    #[getter]
    fn tables(&self, py: Python<'_>) -> PyResult<BTreeMap<String, Py<Table>>> {
        let made = self.tables.get_or_try_init(py, || {
            let whole = self.records(py)?;
            let ids: BTreeSet<&String> = whole.data.returns.iter().flat_map(|of| of.tables.keys()).collect();
            let made = py.detach(|| {
                ids.into_iter()
                    .map(|id| Ok((id.clone(), self.table(&whole, id)?)))
                    .collect::<Result<Vec<_>, ArrowError>>()
            });
            let own = |(id, table)| Ok((id, Py::new(py, table)?));
            made.map_err(refused)?.into_iter().map(own).collect::<PyResult<BTreeMap<_, _>>>()
        })?;
        Ok(made.iter().map(|(id, table)| (id.clone(), table.clone_ref(py))).collect())
    }

    /// What each return holds: modules, rows, spans of dates, and how complete each field is.
    #[getter]
    fn profile(&self) -> PyResult<Table> {
        let profiles = &self.told().profiles;
        let rows: Vec<_> = profiles
            .iter()
            .flat_map(|profile| profile.modules.iter().map(move |module| (profile, module)))
            .flat_map(|(profile, module)| {
                let fields: Vec<_> = if module.fields.is_empty() {
                    vec![None]
                } else {
                    module.fields.iter().map(Some).collect()
                };
                fields.into_iter().map(move |field| (profile, module, field))
            })
            .collect();
        let batch = column::table(vec![
            column::text("return", rows.iter().map(|row| Some(row.0.name.as_str()))),
            column::text("kind", rows.iter().map(|row| Some(row.0.kind.as_str()))),
            column::text("area", rows.iter().map(|row| Some(row.0.area.as_str()))),
            column::day("reference_date", rows.iter().map(|row| row.0.reference_date)),
            column::text("dataset", rows.iter().map(|row| Some(row.1.dataset.as_str()))),
            column::flag("carried", rows.iter().map(|row| Some(row.1.carried))),
            column::count("rows", rows.iter().map(|row| Some(row.1.rows))),
            column::text("field", rows.iter().map(|row| row.2.map(|field| field.field.to_string()))),
            column::count("known", rows.iter().map(|row| row.2.map(|field| field.known))),
            column::count("missing", rows.iter().map(|row| row.2.map(|field| field.missing))),
            column::count("rejected", rows.iter().map(|row| row.2.map(|field| field.rejected))),
            column::day("first", rows.iter().map(|row| row.2?.days.map(|days| days.first))),
            column::day("last", rows.iter().map(|row| row.2?.days.map(|days| days.last))),
        ])
        .map_err(refused)?;
        Ok(Table::open("profile", batch))
    }

    /// What could not be used, and why. Values that may be personal are masked; see `rejects_with_values`.
    #[getter]
    fn rejects(&self) -> PyResult<Table> {
        let masked = |reject: &Reject| {
            if reject.personal && !reject.value.is_empty() { MASK.to_owned() } else { reject.value.clone() }
        };
        Ok(Table::open("rejects", self.reject_table(masked)?))
    }

    /// What could not be used, with every value as the file gives it. Values may be personal.
    fn rejects_with_values(&self) -> PyResult<Table> {
        Ok(Table::closed("rejects with values", self.reject_table(|reject| reject.value.clone())?))
    }

    /// Values that are no code of their set, each with how often it stands there and the code that comes nearest. Values are
    /// masked unless `show_values` is true: what is no code may be anything, a name among it.
    #[pyo3(signature = (*, show_values = false))]
    fn unmapped(&self, show_values: bool) -> PyResult<Table> {
        let found = staysafe_io::unmapped(&self.told().rejects, &self.source.framework().framework);
        let value = |of: &Unmapped| if show_values { of.value.clone() } else { MASK.to_owned() };
        let batch = column::table(vec![
            column::text("codes", found.iter().map(|of| Some(of.codes.as_str()))),
            column::text("dataset", found.iter().map(|of| Some(of.dataset.as_str()))),
            column::text("element", found.iter().map(|of| Some(of.element.as_str()))),
            column::text("value", found.iter().map(|of| Some(value(of)))),
            column::count("times", found.iter().map(|of| Some(of.times))),
            column::text("nearest", found.iter().map(|of| of.nearest.as_deref())),
        ])
        .map_err(refused)?;
        Ok(if show_values { Table::closed("unmapped", batch) } else { Table::open("unmapped", batch) })
    }

    /// The receipt: what became of each dataset of each file. `Framework.receipt` has the figures beside it.
    fn receipt(&self, py: Python<'_>) -> PyResult<Receipt> {
        Receipt::made(py, &self.records(py)?, None)
    }

    /// Records that stood twice, contradict each other, were revised by a later return or have vanished from it.
    ///
    /// Values that may be personal are masked unless `show_values` is true. The returns are joined as `calculate` joins
    /// them; `framework` says by which datasets, where it is not the one they were read with.
    ///
    /// >>> import staysafe as ss
    /// >>> from datetime import date
    /// >>> import polars as pl
    /// >>> kids = pl.DataFrame({"child": ["A", "A"], "disability": ["VIS", "VIS"]})
    /// >>> data = ss.from_tables({"disability": kids}, area="999", kind="cin-census")
    /// >>> data.revisions().to_arrow().to_pylist()[0]["what"]
    /// 'duplicate'
    #[pyo3(signature = (*, show_values = false, framework = None))]
    fn revisions(&self, py: Python<'_>, show_values: bool, framework: Option<&Framework>) -> PyResult<Table> {
        let framework =
            framework.map_or_else(|| self.source.framework().clone(), |given| given.inner.clone());
        let data = &self.records(py)?.data;
        let found = py.detach(|| {
            let checked = framework.checked.as_ref().ok_or("the definitions have errors; see check()")?;
            join(checked, data).map(|joined| joined.findings).map_err(|error| error.to_string())
        });
        let found = found.map_err(bad_return)?;
        let origins = |finding: &Finding| {
            let places = finding.origins.iter();
            places.map(|at| format!("{} record {}", at.name, at.record)).collect::<Vec<_>>().join("; ")
        };
        let batch = column::table(vec![
            column::text("area", found.iter().map(|finding| Some(finding.area.as_str()))),
            column::text("dataset", found.iter().map(|finding| Some(finding.dataset.as_str()))),
            column::text("what", found.iter().map(|finding| Some(finding.what.words()))),
            column::text("record", found.iter().map(|finding| Some(finding.key_words(show_values, MASK)))),
            column::text("fields", found.iter().map(|finding| Some(finding.fields.join(", ")))),
            column::text("where", found.iter().map(|finding| Some(origins(finding)))),
        ])
        .map_err(refused)?;
        Ok(if show_values { Table::closed("revisions", batch) } else { Table::open("revisions", batch) })
    }

    /// What a reader of the figures should know about the files, in sentences.
    #[getter]
    fn notices(&self) -> Vec<String> {
        let told = self.told().notices_told().into_iter();
        told.map(|notice| format!("{}: {}", notice.name, notice.message)).collect()
    }

    /// The authorities' codes, one for each return.
    #[getter]
    fn areas(&self) -> Vec<String> {
        self.told().data.returns.iter().map(|of| of.area.clone()).collect()
    }

    /// A hash of the records: the same for the same records, whatever their files are called.
    #[getter]
    fn fingerprint(&self) -> String {
        self.told().fingerprint.clone()
    }

    fn __len__(&self) -> usize {
        self.told().data.returns.len()
    }

    /// These returns and others beside them, as if all had been read at once: a population table beside a return.
    ///
    /// >>> import staysafe as ss, polars as pl
    /// >>> from datetime import date
    /// >>> plans = pl.DataFrame({"child": ["A"], "referral": [1], "plan": [1], "plan_start": [date(2023, 5, 2)]})
    /// >>> people = pl.DataFrame({"area": ["999"], "mid_year": [date(2023, 6, 30)], "age": [5], "persons": [5000]})
    /// >>> census = ss.from_tables({"child_protection_plan": plans}, area="999", kind="cin-census")
    /// >>> census + ss.from_tables({"population": people}, area="999", kind="ons-population")
    /// <Returns: 2 returns, 2 rows, 0 rejects>
    fn __add__(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        let (own, others) = (self.source.framework(), other.source.framework());
        if !Arc::ptr_eq(own, others) && own.framework != others.framework {
            return Err(bad_return("these returns were made for two frameworks; make both for the same one"));
        }
        let both = py.detach(|| self.source.and(&other.source));
        Ok(Self::new(both.map_err(bad_return)?))
    }

    fn __repr__(&self) -> String {
        let told = self.told();
        format!(
            "<Returns: {} returns, {} rows, {} rejects>",
            told.data.returns.len(),
            self.source.rows(),
            told.rejects.len()
        )
    }

    /// What a notebook shows: a row for each return, and no records.
    fn _repr_html_(&self) -> PyResult<String> {
        let profiles = || self.told().profiles.iter();
        let carried = |profile: &Profile| profile.modules.iter().filter(|module| module.carried).count();
        let rows = |profile: &Profile| profile.modules.iter().map(|module| module.rows).sum();
        let batch = column::table(vec![
            column::text("return", profiles().map(|profile| Some(profile.name.as_str()))),
            column::text("kind", profiles().map(|profile| Some(profile.kind.as_str()))),
            column::text("area", profiles().map(|profile| Some(profile.area.as_str()))),
            column::day("reference date", profiles().map(|profile| profile.reference_date)),
            column::count("modules", profiles().map(|profile| Some(carried(profile) as u64))),
            column::count("rows", profiles().map(|profile| Some(rows(profile)))),
            column::count("rejected records", profiles().map(|profile| Some(profile.rejected_records))),
            column::count("rejected values", profiles().map(|profile| Some(profile.rejected_values))),
        ])
        .map_err(refused)?;
        Table::open("returns", batch).html()
    }
}

impl Returns {
    pub(crate) fn new(source: Source) -> Self {
        Self { source: Arc::new(source), tables: PyOnceLock::new() }
    }

    /// What there is to tell of the returns, perhaps without their rows.
    pub(crate) fn told(&self) -> &staysafe_io::Returns {
        self.source.told()
    }

    /// The returns with every row.
    pub(crate) fn records(&self, py: Python<'_>) -> PyResult<Arc<staysafe_io::Returns>> {
        py.detach(|| self.source.records()).map_err(bad_return)
    }

    /// The rows of one dataset of all returns.
    fn table(&self, whole: &staysafe_io::Returns, id: &str) -> Result<Table, ArrowError> {
        let carried: Vec<(&str, &Records)> = whole
            .data
            .returns
            .iter()
            .filter_map(|of| of.tables.get(id).map(|table| (of.area.as_str(), table)))
            .collect();
        let mut fields: Vec<&str> = Vec::new();
        for field in carried.iter().flat_map(|(_, table)| &table.fields) {
            if !fields.contains(&field.as_ref()) {
                fields.push(field);
            }
        }
        let mut columns = Vec::with_capacity(fields.len() + 1);
        if !fields.contains(&"area") {
            let areas = carried.iter().flat_map(|(area, table)| table.rows.iter().map(|_| Some(*area)));
            columns.push(("area".to_owned(), column::text("area", areas).1));
        }
        for field in fields {
            let cells = carried.iter().flat_map(|(_, table)| {
                let at = table.fields.iter().position(|name| name.as_ref() == field);
                table.rows.iter().map(move |row| at.and_then(|at| row.values.get(at)))
            });
            columns.push((field.to_owned(), column::values(self.type_of(id, field, &carried), cells)?));
        }
        Ok(Table::closed(format!("records of {id}"), column::records(columns)?))
    }

    /// The type that the dataset declares; of a field it does not know, that of its first value.
    fn type_of(&self, id: &str, field: &str, carried: &[(&str, &Records)]) -> Type {
        let dataset = self.source.framework().framework.datasets.get(id);
        let declared = dataset.and_then(|dataset| dataset.fields.iter().find(|one| one.name.value == field));
        if let Some(field) = declared {
            return field.ty.value;
        }
        let known = carried.iter().find_map(|(_, table)| {
            let at = table.fields.iter().position(|name| name.as_ref() == field)?;
            table.rows.iter().find_map(|row| match row.values.get(at) {
                Some(Datum::Known(value)) => Some(value.ty()),
                _ => None,
            })
        });
        known.unwrap_or(Type::Text)
    }

    fn reject_table(&self, value: impl Fn(&Reject) -> String) -> PyResult<arrow_array::RecordBatch> {
        let rejects = || self.told().rejects.iter();
        column::table(vec![
            column::text("return", rejects().map(|reject| Some(reject.name.as_str()))),
            column::count("record", rejects().map(|reject| Some(reject.record.into()))),
            column::count("line", rejects().map(|reject| reject.line)),
            column::text("dataset", rejects().map(|reject| reject.dataset.as_deref())),
            column::text("element", rejects().map(|reject| Some(reject.element.as_str()))),
            column::text("code", rejects().map(|reject| Some(reject.code.as_str()))),
            column::text("lost", rejects().map(|reject| word(reject.lost))),
            column::text("value", rejects().map(|reject| Some(value(reject)))),
            column::text("message", rejects().map(|reject| Some(reject.message.as_str()))),
            column::count("times", rejects().map(|reject| Some(reject.times))),
        ])
        .map_err(refused)
    }
}
