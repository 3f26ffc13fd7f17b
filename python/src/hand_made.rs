//! A return made by hand from tables of any kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{FieldRef, SchemaRef};
use pyo3::prelude::*;
use staysafe::diagnostic::nearest;
use staysafe::record::{Cover, Days, Return, Submission, fingerprint_of};
use staysafe_arrow::{LoadError, Loading};

use crate::calendar::Day;
use crate::capsule;
use crate::error::bad_return;
use crate::framework::{Framework, Loaded, SHIPPED};
use crate::returns::Returns;
use crate::source::Source;

/// Makes a return from tables by dataset: pandas, polars, pyarrow, duckdb, or anything that speaks Arrow.
///
/// Columns are found by name, and nothing is coerced: a value that is not one of its field is a reject. `area` is
/// the authority, `kind` the return the datasets are carried by. `cover` is the first and last day the tables
/// speak for; without it they have no limit, and periods must be named to `calculate`. A dataset that is not
/// given was not carried, which is not the same as empty. `framework` declares the datasets; without it, the
/// shipped one.
///
/// >>> import staysafe as ss, polars as pl
/// >>> from datetime import date
/// >>> plans = pl.DataFrame({"child": ["A"], "referral": [1], "plan": [1], "plan_start": [date(2023, 5, 2)]})
/// >>> ss.from_tables({"child_protection_plan": plans}, area="999", kind="cin-census")
/// <Returns: 1 returns, 1 rows, 0 rejects>
/// >>> ss.from_tables({"child_protection_plan": plans.rename({"plan_start": "plan_begin"})}, area="999", kind="cin-census")
/// Traceback (most recent call last):
/// ...
/// staysafe.ReturnError: the dataset 'child_protection_plan' has no field 'plan_begin' (did you mean 'plan_end'?); drop the column, or rename it
#[pyfunction]
#[pyo3(signature = (tables, *, area, kind, cover=None, framework=None))]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn from_tables(
    py: Python<'_>,
    tables: BTreeMap<String, Bound<'_, PyAny>>,
    area: String,
    kind: String,
    cover: Option<(Day, Day)>,
    framework: Option<&Framework>,
) -> PyResult<Returns> {
    let framework = framework.map_or_else(|| py.detach(|| SHIPPED.clone()), |given| given.inner.clone());
    let made = handed(py, &framework, tables, (area, kind), cover)?;
    Ok(Returns::new(made))
}

/// The tables of a return, as they were handed over.
pub(crate) fn handed(
    py: Python<'_>,
    framework: &Arc<Loaded>,
    tables: BTreeMap<String, Bound<'_, PyAny>>,
    (area, kind): (String, String),
    cover: Option<(Day, Day)>,
) -> PyResult<Source> {
    let cover = match cover {
        None => Cover::UNLIMITED,
        Some((Day(first), Day(last))) if first <= last => Cover::all(Days { first, last }),
        Some((Day(first), Day(last))) => {
            return Err(bad_return(format!("the cover ends on {last}, before it begins on {first}")));
        }
    };
    let mut given = BTreeMap::new();
    for (id, table) in tables {
        carried_by(framework, &id, &kind)?;
        given.insert(id.clone(), capsule::batches(&table)?);
    }
    py.detach(|| loaded(framework, (area, kind), cover, given).map_err(bad_return))
}

/// A table as it was handed over.
type Handed = (SchemaRef, Vec<RecordBatch>);

/// One return of an authority, with its tables in columns; as records, where they only can be settled so.
fn loaded(
    framework: &Arc<Loaded>,
    (area, kind): (String, String),
    cover: Cover,
    given: BTreeMap<String, Handed>,
) -> Result<Source, LoadError> {
    let mut loading = Loading::new(&framework.framework);
    loading.begin(Return {
        name: format!("{kind} of {area}"),
        kind,
        area,
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: BTreeMap::new(),
    });
    for (id, (schema, batches)) in given {
        let named = |(_, field): &(usize, &FieldRef)| !field.name().starts_with(UNNAMED_INDEX);
        let own: Vec<usize> = schema.fields().iter().enumerate().filter(named).map(|(at, _)| at).collect();
        let batches = batches.into_iter().map(|batch| batch.project(&own));
        loading.table(&id, cover, &schema.project(&own)?, batches)?;
    }
    let told = staysafe_io::Returns {
        profiles: loading.profiles(cover),
        rejects: loading.rejects().cloned().collect(),
        ..staysafe_io::Returns::default()
    };
    if loading.is_settled().is_ok() {
        let columns = loading.finish()?;
        let told = staysafe_io::Returns { data: columns.returns().clone(), ..told };
        return Ok(Source::loaded(told, columns, Arc::clone(framework)));
    }
    let (data, prints) = loading.into_records();
    let told = staysafe_io::Returns { data, fingerprint: fingerprint_of(&prints), ..told };
    Ok(Source::read(told, Arc::clone(framework)))
}

/// Whether a return of this kind carries the dataset.
fn carried_by(framework: &Loaded, id: &str, kind: &str) -> PyResult<()> {
    let datasets = &framework.framework.datasets;
    let Some(dataset) = datasets.get(id) else {
        let near = nearest(id, datasets.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
        return Err(bad_return(format!("the framework has no dataset '{id}'{hint}")));
    };
    let carrier = &dataset.carried_by.value;
    if carrier == kind {
        return Ok(());
    }
    Err(bad_return(format!("the dataset '{id}' is carried by '{carrier}', not by '{kind}'")))
}

/// What pandas calls the column of an index that nobody named; it is no data.
const UNNAMED_INDEX: &str = "__index_level_";
