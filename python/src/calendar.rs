//! Working days in England and Wales.

use std::sync::LazyLock;

use chrono::NaiveDate;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDateTime;
use staysafe::calendar::Calendar;

use crate::error::refused;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::england_and_wales);

/// Working days from one day to another: the first day is day 0.
///
/// >>> import staysafe as ss
/// >>> from datetime import date
/// >>> ss.working_days(date(2010, 4, 1), date(2010, 4, 14))  # Good Friday and Easter Monday lie between
/// 7
#[pyfunction]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn working_days(start: Day, end: Day) -> PyResult<i64> {
    CALENDAR.working_days(start.0, end.0).map_err(refused)
}

/// The last day in time: so many working days after the start.
///
/// >>> import staysafe as ss
/// >>> from datetime import date
/// >>> ss.due_date(date(2010, 4, 1), 7)
/// datetime.date(2010, 4, 14)
/// >>> ss.due_date(date(1990, 4, 1), 7)  # doctest: +ELLIPSIS
/// Traceback (most recent call last):
/// ...
/// staysafe.Error: 1990-04-01 lies outside the working-day calendar, which covers 2005-01-01 to 2030-12-31; ...
#[pyfunction]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn due_date(start: Day, working_days: u32) -> PyResult<NaiveDate> {
    CALENDAR.due_date(start.0, working_days).map_err(refused)
}

/// So many working days after a day, or before it.
///
/// >>> import staysafe as ss
/// >>> from datetime import date
/// >>> ss.add_working_days(date(2010, 4, 14), -7)
/// datetime.date(2010, 4, 1)
#[pyfunction]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn add_working_days(day: Day, working_days: i64) -> PyResult<NaiveDate> {
    CALENDAR.add_working_days(day.0, working_days).map_err(refused)
}

/// Whether a day is a working day.
///
/// >>> import staysafe as ss
/// >>> from datetime import date
/// >>> ss.is_working_day(date(2022, 9, 19))  # the state funeral
/// False
#[pyfunction]
#[allow(clippy::needless_pass_by_value, reason = "taken out of Python as it is")]
pub(crate) fn is_working_day(day: Day) -> PyResult<bool> {
    CALENDAR.is_working_day(day.0).map_err(refused)
}

/// A `datetime.date`, and not a `datetime.datetime`, whose time of day would be dropped in silence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day(pub(crate) NaiveDate);

impl<'py> FromPyObject<'_, 'py> for Day {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyDateTime>() {
            return Err(PyTypeError::new_err("a date is expected, not a datetime: take its .date()"));
        }
        object.extract().map(Self)
    }
}
