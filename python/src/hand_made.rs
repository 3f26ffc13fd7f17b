//! A return made by hand from tables of any kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use pyo3::prelude::*;
use staysafe::definition::dataset::Dataset;
use staysafe::diagnostic::nearest;
use staysafe::record::{
    Cover, Data, Days, FieldProfile, Lost, Module, Profile, Reject, Return, Row, Submission, Table,
    fingerprint,
};
use staysafe::value::{Datum, Value};
use staysafe_arrow::{bind, records, without_blanks};

use crate::calendar::Day;
use crate::capsule;
use crate::error::bad_return;
use crate::framework::{Framework, Loaded, SHIPPED};
use crate::returns::Returns;

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
    let cover = match cover {
        None => Cover::UNLIMITED,
        Some((Day(first), Day(last))) if first <= last => Cover::all(Days { first, last }),
        Some((Day(first), Day(last))) => {
            return Err(bad_return(format!("the cover ends on {last}, before it begins on {first}")));
        }
    };
    let mut given = BTreeMap::new();
    for (id, table) in &tables {
        carried_by(&framework, id, &kind)?;
        given.insert(id.clone(), capsule::batches(table)?);
    }
    let made = py.detach(|| {
        let mut made = Made::new(area, kind, cover);
        for (id, (schema, batches)) in given {
            let dataset = framework.framework.datasets.get(&id);
            let dataset = dataset.ok_or_else(|| format!("the framework has no dataset '{id}'"))?;
            made.add(dataset, &schema, &batches).map_err(|error| error.to_string())?;
        }
        Ok(made.finish(&framework))
    });
    let inner = made.map_err(|error: String| bad_return(error))?;
    Ok(Returns::new(inner, framework))
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

/// A return in the making.
struct Made {
    of: Return,
    cover: Cover,
    rejects: Vec<Reject>,
    modules: BTreeMap<String, Module>,
}

impl Made {
    fn new(area: String, kind: String, cover: Cover) -> Self {
        let name = format!("{kind} of {area}");
        let of = Return {
            name,
            kind,
            area,
            reference_date: None,
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: BTreeMap::new(),
        };
        Self { of, cover, rejects: Vec::new(), modules: BTreeMap::new() }
    }

    fn add(
        &mut self,
        dataset: &Dataset,
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<(), Box<dyn std::error::Error>> {
        let own: Vec<usize> = schema
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.name().starts_with(UNNAMED_INDEX))
            .map(|(at, _)| at)
            .collect();
        let binding = bind(&schema.project(&own)?, dataset)?;
        let mut rows: Vec<Row> = Vec::new();
        for batch in batches {
            let first = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_add(1);
            let (more, rejects) = records(&self.of.name, &batch.project(&own)?, &binding, first)?;
            rows.extend(more);
            self.rejects.extend(rejects);
        }
        without_blanks(&self.of.name, dataset, &binding, &mut rows, &mut self.rejects);
        let fields: Vec<Arc<str>> = binding.fields.iter().map(|field| field.name.clone()).collect();
        let profiled = binding
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| profile(&field.name, field.personal, at, &rows));
        let module = Module {
            dataset: binding.dataset.clone(),
            carried: true,
            rows: rows.len() as u64,
            cover: self.cover,
            fields: profiled.collect(),
        };
        self.modules.insert(binding.dataset.clone(), module);
        self.of.tables.insert(binding.dataset.clone(), Table { fields, rows, cover: self.cover });
        Ok(())
    }

    /// The return with its profile, which names the datasets of its kind that were not given too.
    fn finish(mut self, framework: &Loaded) -> staysafe_io::Returns {
        let cover = self.cover;
        for dataset in
            framework.framework.datasets.values().filter(|one| one.carried_by.value == self.of.kind)
        {
            let id = dataset.id.value.clone();
            let absent = Module { dataset: id.clone(), carried: false, rows: 0, cover, fields: Vec::new() };
            self.modules.entry(id).or_insert(absent);
        }
        let lost = |lost| self.rejects.iter().filter(|reject| reject.lost == lost).count() as u64;
        let profile = Profile {
            name: self.of.name.clone(),
            kind: self.of.kind.clone(),
            area: self.of.area.clone(),
            reference_date: None,
            rejected_records: lost(Lost::Record),
            rejected_values: lost(Lost::Value),
            modules: self.modules.into_values().collect(),
        };
        let data = Data { returns: vec![self.of] };
        staysafe_io::Returns {
            fingerprint: fingerprint(&data),
            data,
            profiles: vec![profile],
            rejects: self.rejects,
            notices: Vec::new(),
            headers: Vec::new(),
            accounts: Vec::new(),
            refused: Vec::new(),
        }
    }
}

/// How complete a field is. Spans of dates are given for cases only: the first birthday is somebody's.
fn profile(name: &Arc<str>, personal: bool, at: usize, rows: &[Row]) -> FieldProfile {
    let mut profile =
        FieldProfile { field: name.clone(), known: 0, missing: 0, rejected: 0, suppressed: 0, days: None };
    for row in rows {
        match row.values.get(at) {
            Some(Datum::Known(value)) => {
                profile.known += 1;
                if let (Value::Date(day), false) = (value, personal) {
                    let days = profile.days.get_or_insert(Days { first: *day, last: *day });
                    days.first = days.first.min(*day);
                    days.last = days.last.max(*day);
                }
            }
            Some(Datum::Rejected) => profile.rejected += 1,
            Some(Datum::Suppressed) => profile.suppressed += 1,
            Some(Datum::Missing) | None => profile.missing += 1,
        }
    }
    profile
}
