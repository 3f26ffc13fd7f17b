//! A clock of an indicator on one record.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use staysafe::calculate::clock::{ClockError, Reading, clock};
use staysafe::check::Checked;
use staysafe::describe::describe_stretch;
use staysafe::value::Datum;

use crate::column::word;
use crate::error::refused;
use crate::setting::Setting;

/// A case against its clock, on a day.
#[pyclass(frozen, get_all, module = "staysafe")]
#[derive(Debug)]
#[allow(clippy::struct_field_names, reason = "an attribute in Python")]
pub(crate) struct Clock {
    /// The clock's name.
    clock: String,
    /// The limit in force, such as "15 working days"; None where it is not known.
    limit: Option<String>,
    /// The last day in time; None where it is not known.
    due: Option<NaiveDate>,
    /// The day it had reached: working days for a limit in working days. The start is day 0.
    day_reached: Option<i64>,
    /// "met-in-time", "met-late", "on-time-so-far", "already-late", "not-yet-due" or "cannot-be-judged".
    standing: String,
    /// Why it cannot be judged, such as "dates-inverted"; None where it can.
    doubt: Option<String>,
}

impl Clock {
    /// Reads a clock of an indicator on a record.
    pub(crate) fn read(
        checked: &Checked,
        indicator: &str,
        record: BTreeMap<String, Option<Setting>>,
        as_of: NaiveDate,
        name: Option<&str>,
    ) -> PyResult<Self> {
        let datum = |value: Option<Setting>| value.map_or(Datum::Missing, |value| Datum::Known(value.0));
        let record = record.into_iter().map(|(field, value)| (field, datum(value))).collect();
        match clock(checked, indicator, name, &record, as_of) {
            Ok(reading) => Ok(Self::of(reading)),
            Err(
                error @ (ClockError::UnknownIndicator { .. }
                | ClockError::UnknownClock { .. }
                | ClockError::UnknownField { .. }),
            ) => Err(PyKeyError::new_err(error.to_string())),
            Err(error) => Err(refused(error)),
        }
    }

    fn of(reading: Reading) -> Self {
        Self {
            clock: reading.clock,
            limit: reading.limit.map(describe_stretch),
            due: reading.due,
            day_reached: reading.day_reached,
            standing: word(reading.standing).unwrap_or_default(),
            doubt: reading.doubt.map(|note| note.code().to_owned()),
        }
    }
}

#[pymethods]
impl Clock {
    fn __repr__(&self) -> String {
        let due = self.due.map_or_else(String::new, |due| format!(", due {due}"));
        format!("<Clock '{}': {}{due}>", self.clock, self.standing)
    }
}
