//! Partial states into an Arrow IPC file.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, RecordBatch, StringArray, UInt32Array, UInt64Array};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{Metadata, Schema};
use chrono::{Datelike, NaiveDate};
use serde_json::json;
use staysafe::calculate::part::Part;
use staysafe::period::Period;
use staysafe::result::{Partial, State};

use super::{FORMAT, StatesError, key, seal, states_schema};

/// 1 January 1970, counted from 1 January of the year 1.
pub(super) const EPOCH: i32 = 719_163;

/// A part as an Arrow IPC file. The same part gives the same bytes.
///
/// # Errors
/// What Arrow says of a batch is passed on; no part causes it.
///
/// # Example
/// ```
/// use staysafe::calculate::part::Given;
/// use staysafe::plan::{Request, plan};
/// use staysafe::progress::Watch;
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
/// use staysafe_arrow::{Work, calculate_part, from_ipc, to_ipc};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let part = calculate_part(&checked, &plan, &Data::default(), Given::Whole, &Work::alone(&Watch::nobody())).unwrap();
/// assert_eq!(from_ipc(&to_ipc(&part).unwrap()).unwrap(), part);
/// ```
pub fn to_ipc(part: &Part) -> Result<Vec<u8>, StatesError> {
    sealed(&batch(part)?)
}

/// A batch as a sealed file.
pub(super) fn sealed(batch: &RecordBatch) -> Result<Vec<u8>, StatesError> {
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, batch.schema_ref())?;
    writer.write(batch)?;
    writer.finish()?;
    drop(writer);
    seal::seal(&mut bytes);
    Ok(bytes)
}

/// The rows with the metadata.
fn batch(part: &Part) -> Result<RecordBatch, StatesError> {
    let candidates = part.candidates.iter().map(|of| (Some(of.latest), &of.partial));
    let rows: Vec<Row<'_>> = part.partials.iter().map(|partial| (None, partial)).chain(candidates).collect();
    let mut columns: Vec<ArrayRef> = vec![
        text(&rows, |(_, p)| Some(&p.indicator)),
        text(&rows, |(latest, _)| latest.map(|period| period.to_string())),
        text(&rows, |(_, p)| p.authority.as_ref()),
        text(&rows, |(_, p)| Some(&p.area)),
    ];
    columns.extend((0..part.by.len()).map(|at| text(&rows, |(_, p)| p.by.get(at))));
    let states: Vec<Split> = rows.iter().map(|(_, partial)| split(&partial.state)).collect();
    let state = |of: fn(&Split) -> Option<String>| -> ArrayRef {
        Arc::new(states.iter().map(of).collect::<StringArray>())
    };
    let counts: UInt64Array = states.iter().map(|state| state.count).collect();
    columns.extend([
        text(&rows, |(_, p)| Some(p.period.to_string())),
        text(&rows, |(_, p)| Some(p.shown.view.code())),
        text(&rows, |(_, p)| {
            Some(p.shown.periods.iter().map(Period::to_string).collect::<Vec<_>>().join(", "))
        }),
        state(|state| Some(state.kind.to_owned())),
        Arc::new(counts) as ArrayRef,
        state(|state| state.numerator.clone()),
        state(|state| state.denominator.clone()),
        state(|state| state.squares.clone()),
        state(|state| state.detail.clone()),
        small(&rows, |p| p.coverage.reported),
        small(&rows, |p| p.coverage.expected),
        day(&rows, |p| p.coverage.days.map(|days| days.first)),
        day(&rows, |p| p.coverage.days.map(|days| days.last)),
        large(&rows, |p| p.judged.records),
        large(&rows, |p| p.judged.unjudged),
        text(&rows, |(_, p)| {
            Some(p.flags.iter().map(staysafe::result::Flag::code).collect::<Vec<_>>().join(","))
        }),
        text(&rows, |(_, p)| {
            let notes = p.notes.iter().map(|(note, count)| format!("{}={count}", note.code()));
            Some(notes.collect::<Vec<_>>().join("; "))
        }),
    ]);
    let fields = states_schema(&part.by).fields;
    let schema = Schema::new_with_metadata(fields, metadata(part)?);
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

fn metadata(part: &Part) -> Result<Metadata, StatesError> {
    let json = |key, value: serde_json::Result<String>| {
        value.map_err(|error| StatesError::Metadata { key, why: error.to_string() })
    };
    let pairs = [
        (key::FORMAT, FORMAT.to_owned()),
        (key::SEAL, seal::unsealed()),
        (key::BY, json(key::BY, serde_json::to_string(&part.by))?),
        (key::BY_AREA, part.by_area.to_string()),
        (key::PLAN, part.made_of.plan.clone()),
        (key::FRAMEWORK, part.framework.clone()),
        (key::CALENDAR, part.made_of.calendar.clone()),
        (key::LIBRARY, part.made_of.library.clone()),
        (key::FINGERPRINT, part.made_of.data.clone()),
        (key::MADE_OF, json(key::MADE_OF, serde_json::to_string(&part.made_of))?),
        (key::FIRST_DAYS, json(key::FIRST_DAYS, serde_json::to_string(&part.first_days))?),
        (key::RETURNS, json(key::RETURNS, serde_json::to_string(&part.returns))?),
        (key::ASKED, part.asked.clone()),
        (key::REJECTED, json(key::REJECTED, serde_json::to_string(&part.rejected))?),
        (key::SHARES, json(key::SHARES, serde_json::to_string(&part.shares))?),
    ];
    Ok(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A state in columns.
#[derive(Default)]
struct Split {
    kind: &'static str,
    count: Option<u64>,
    numerator: Option<String>,
    denominator: Option<String>,
    squares: Option<String>,
    detail: Option<String>,
}

fn split(state: &State) -> Split {
    let detail = |kind, detail: serde_json::Value| Split {
        kind,
        detail: Some(detail.to_string()),
        ..Split::default()
    };
    match state {
        State::Counted { numerator, denominator } => Split {
            kind: "counted",
            numerator: Some(numerator.to_string()),
            denominator: denominator.map(|count| count.to_string()),
            ..Split::default()
        },
        State::Totals(of) => Split {
            kind: "totals",
            numerator: Some(of.numerator.to_string()),
            denominator: Some(of.denominator.to_string()),
            ..Split::default()
        },
        State::Sum(of) => Split {
            kind: "sum",
            count: Some(of.count),
            numerator: Some(of.total.to_string()),
            squares: Some(of.squares.to_string()),
            ..Split::default()
        },
        State::Survey(surveyed) => detail("survey", json!(surveyed)),
        State::Values(values) => detail("values", json!(values.iter().collect::<Vec<_>>())),
        State::Categories(counts) => detail("categories", json!(counts)),
        State::Latest { day, entries } => detail("latest", json!({ "day": day, "entries": entries })),
        State::Absent(reason) => detail("absent", json!(reason)),
    }
}

type Row<'p> = (Option<Period>, &'p Partial);

fn text<'r, S: AsRef<str>>(rows: &'r [Row<'r>], of: impl Fn(&'r Row<'r>) -> Option<S>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn small(rows: &[Row<'_>], of: impl Fn(&Partial) -> u32) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(_, partial)| of(partial))))
}

fn large(rows: &[Row<'_>], of: impl Fn(&Partial) -> u64) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(rows.iter().map(|(_, partial)| of(partial))))
}

fn day(rows: &[Row<'_>], of: impl Fn(&Partial) -> Option<NaiveDate>) -> ArrayRef {
    let number = |day: NaiveDate| day.num_days_from_ce() - EPOCH;
    Arc::new(rows.iter().map(|(_, partial)| of(partial).map(number)).collect::<Date32Array>())
}
