//! Partial states out of an Arrow IPC file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_schema::Schema;
use chrono::NaiveDate;
use serde_json::Value;
use staysafe::calculate::part::{Candidate, Part};
use staysafe::period::{Period, Shown};
use staysafe::record::Days;
use staysafe::result::{Coverage, Flags, Judged, MadeOf, Partial, State};
use staysafe::value::Name;

use super::write::EPOCH;
use super::{FORMAT, StatesError, key, seal, states_schema};

/// A part out of an Arrow IPC file, exactly as it was written.
///
/// # Errors
/// A file that is none, is damaged, is cut off or of another version of the layout; a column or value that is none of it, with its row.
pub fn from_ipc(bytes: &[u8]) -> Result<Part, StatesError> {
    if !seal::is_whole(bytes) {
        return Err(StatesError::Damaged);
    }
    let reader = FileReader::try_new(Cursor::new(bytes), None)?;
    let schema = reader.schema();
    let head = Head { schema: &schema };
    let format = head.text(key::FORMAT)?;
    if format != FORMAT {
        return Err(StatesError::Format { found: format.to_owned() });
    }
    let by: Vec<String> = head.json(key::BY)?;
    let due = states_schema(&by);
    if schema.fields() != due.fields() {
        return Err(StatesError::Columns { found: columns(&schema), due: columns(&due) });
    }
    let made_of = MadeOf {
        plan: head.text(key::PLAN)?.to_owned(),
        calendar: head.text(key::CALENDAR)?.to_owned(),
        library: head.text(key::LIBRARY)?.to_owned(),
        data: head.text(key::FINGERPRINT)?.to_owned(),
        ..head.json(key::MADE_OF)?
    };
    let mut part = Part {
        partials: Vec::new(),
        candidates: Vec::new(),
        first_days: head.json(key::FIRST_DAYS)?,
        by_area: head.json(key::BY_AREA)?,
        by,
        made_of,
        framework: head.text(key::FRAMEWORK)?.to_owned(),
        returns: head.json(key::RETURNS)?,
        asked: head.text(key::ASKED)?.to_owned(),
        shares: head.json(key::SHARES)?,
        rejected: head.json(key::REJECTED)?,
    };
    let mut before = 0;
    for batch in reader {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let (latest, partial) = partial(&Row { batch: &batch, at: row, before }, part.by.len())?;
            match latest {
                None => part.partials.push(partial),
                Some(latest) => part.candidates.push(Candidate { latest, partial }),
            }
        }
        before += batch.num_rows();
    }
    Ok(part)
}

fn columns(schema: &Schema) -> String {
    let fields = schema.fields().iter();
    let words = |field: &arrow_schema::Field| {
        format!(
            "{} ({}{})",
            field.name(),
            field.data_type(),
            if field.is_nullable() { ", may be null" } else { "" }
        )
    };
    fields.map(|field| words(field)).collect::<Vec<_>>().join(", ")
}

/// The metadata.
struct Head<'s> {
    schema: &'s Schema,
}

impl Head<'_> {
    fn text(&self, key: &'static str) -> Result<&str, StatesError> {
        self.schema.metadata().get(key).map(String::as_str).ok_or(StatesError::NotStates(key))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, key: &'static str) -> Result<T, StatesError> {
        let text = self.text(key)?;
        serde_json::from_str(text).map_err(|error| StatesError::Metadata { key, why: error.to_string() })
    }
}

/// One row of a batch.
struct Row<'b> {
    batch: &'b RecordBatch,
    at: usize,
    /// Rows of the batches before.
    before: usize,
}

impl Row<'_> {
    fn text(&self, column: &'static str) -> Option<&str> {
        let array = self.batch.column_by_name(column)?.as_string_opt::<i32>()?;
        array.is_valid(self.at).then(|| array.value(self.at))
    }

    fn count(&self, column: &'static str) -> Option<u64> {
        let array = self.batch.column_by_name(column)?.as_primitive_opt::<UInt64Type>()?;
        array.is_valid(self.at).then(|| array.value(self.at))
    }

    fn small(&self, column: &'static str) -> Option<u32> {
        let array = self.batch.column_by_name(column)?.as_primitive_opt::<UInt32Type>()?;
        array.is_valid(self.at).then(|| array.value(self.at))
    }

    fn day(&self, column: &'static str) -> Result<Option<NaiveDate>, StatesError> {
        let array = self.batch.column_by_name(column).and_then(|of| of.as_primitive_opt::<Date32Type>());
        let Some(days) = array.filter(|of| of.is_valid(self.at)).map(|of| of.value(self.at)) else {
            return Ok(None);
        };
        let day = days.checked_add(EPOCH).and_then(NaiveDate::from_num_days_from_ce_opt);
        day.map(Some).ok_or_else(|| self.wrong(column, days.to_string(), "a day"))
    }

    fn due(&self, column: &'static str) -> Result<&str, StatesError> {
        self.text(column).ok_or_else(|| self.wrong(column, "nothing".to_owned(), "a text"))
    }

    /// A word or number as the library's own types are written.
    fn word<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
        word: &str,
        due: &'static str,
    ) -> Result<T, StatesError> {
        let value = Value::String(word.to_owned());
        serde_json::from_value(value).map_err(|_| self.wrong(column, format!("'{word}'"), due))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, StatesError> {
        let text = self.due(column)?;
        serde_json::from_str(text).map_err(|error| {
            // The text may be a narrative: it is not repeated.
            self.wrong(column, format!("something else ({error})"), "the detail of its state")
        })
    }

    fn period(&self, column: &'static str, label: &str) -> Result<Period, StatesError> {
        label.parse().map_err(|_| self.wrong(column, format!("'{label}'"), "a period"))
    }

    fn wrong(&self, column: &'static str, found: String, due: &'static str) -> StatesError {
        StatesError::Value { row: self.before + self.at + 1, column, found, due }
    }
}

fn partial(row: &Row<'_>, by: usize) -> Result<(Option<Period>, Partial), StatesError> {
    let latest = row.text("latest").map(|label| row.period("latest", label)).transpose()?;
    let shown_for = row.due("shown_for")?;
    let periods = shown_for.split(", ").filter(|label| !label.is_empty());
    let days = match (row.day("first_day")?, row.day("last_day")?) {
        (Some(first), Some(last)) => Some(Days { first, last }),
        (None, None) => None,
        _ => return Err(row.wrong("first_day", "one day without the other".to_owned(), "both or none")),
    };
    let missing = |column| row.wrong(column, "nothing".to_owned(), "a number");
    let area = row.batch.schema_ref().index_of("area").unwrap_or_default();
    let columns = (area + 1..=area + by).map(|at| {
        let column = row.batch.columns().get(at).and_then(|column| column.as_string_opt::<i32>());
        column.map(|column| Name::from(column.value(row.at))).unwrap_or_default()
    });
    let partial = Partial {
        indicator: row.due("indicator")?.into(),
        authority: row.text("authority").map(Name::from),
        area: row.due("area")?.into(),
        by: columns.collect(),
        period: row.period("period", row.due("period")?)?,
        shown: Shown {
            view: row.word("view", row.due("view")?, "a view")?,
            periods: periods.map(|label| row.period("shown_for", label)).collect::<Result<_, _>>()?,
        },
        state: state(row)?,
        coverage: Coverage {
            reported: row.small("reported").ok_or_else(|| missing("reported"))?,
            expected: row.small("expected").ok_or_else(|| missing("expected"))?,
            days,
        },
        judged: Judged {
            records: row.count("judged").ok_or_else(|| missing("judged"))?,
            unjudged: row.count("unjudged").ok_or_else(|| missing("unjudged"))?,
        },
        flags: row
            .due("flags")?
            .split(',')
            .filter(|code| !code.is_empty())
            .map(|code| row.word("flags", code, "flags"))
            .collect::<Result<Flags, _>>()?,
        notes: notes(row)?,
    };
    Ok((latest, partial))
}

fn notes(row: &Row<'_>) -> Result<BTreeMap<staysafe::result::Note, u64>, StatesError> {
    let mut notes = BTreeMap::new();
    for note in row.due("notes")?.split("; ").filter(|note| !note.is_empty()) {
        let wrong = || row.wrong("notes", format!("'{note}'"), "a note and how often");
        let (code, count) = note.split_once('=').ok_or_else(wrong)?;
        notes.insert(row.word("notes", code, "a note")?, count.parse().map_err(|_| wrong())?);
    }
    Ok(notes)
}

fn state(row: &Row<'_>) -> Result<State, StatesError> {
    let exact = |column| {
        let text = row.text(column).ok_or_else(|| row.wrong(column, "nothing".to_owned(), "a number"))?;
        row.word(column, text, "an exact number, as '3' or '2/3'")
    };
    let whole = |column| {
        let text = row.text(column).ok_or_else(|| row.wrong(column, "nothing".to_owned(), "a count"))?;
        text.parse().map_err(|_| row.wrong(column, format!("'{text}'"), "a count"))
    };
    Ok(match row.due("state")? {
        "counted" => State::Counted {
            numerator: whole("numerator")?,
            denominator: row.text("denominator").map(|_| whole("denominator")).transpose()?,
        },
        "totals" => State::totals(exact("numerator")?, exact("denominator")?),
        "sum" => State::sum(
            row.count("count").ok_or_else(|| row.wrong("count", "nothing".to_owned(), "a count"))?,
            exact("numerator")?,
            exact("squares")?,
        ),
        "survey" => State::Survey(row.json("detail")?),
        "values" => {
            State::Values(row.json::<Vec<(staysafe::value::Exact, u64)>>("detail")?.into_iter().collect())
        }
        "categories" => State::Categories(row.json("detail")?),
        "latest" => {
            let Latest { day, entries } = row.json("detail")?;
            State::Latest { day, entries }
        }
        "absent" => State::Absent(row.json("detail")?),
        other => return Err(row.wrong("state", format!("'{other}'"), "a kind of state")),
    })
}

#[derive(serde::Deserialize)]
struct Latest {
    day: NaiveDate,
    entries: BTreeSet<staysafe::result::Entry>,
}
