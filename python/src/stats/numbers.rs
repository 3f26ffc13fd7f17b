//! Numbers out of Python: one, or many.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyString};

use crate::capsule;
use crate::error::refused;

/// One number, or many. A missing one is NaN in here, and never goes out again: every method refuses it by name.
pub(super) struct Numbers {
    name: &'static str,
    values: Vec<f64>,
    one: bool,
}

impl Numbers {
    /// The numbers of an argument of that name.
    pub(super) fn read(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let one = |number: f64| Self { name, values: vec![number], one: true };
        let many = |values: Vec<f64>| Self { name, values, one: false };
        if given.is_none() {
            return Ok(one(f64::NAN));
        }
        if given.hasattr("__arrow_c_stream__")? || given.hasattr("__arrow_c_array__")? {
            let mut values = Vec::new();
            for chunk in capsule::column(given)? {
                of_array(name, &chunk, &mut values)?;
            }
            return Ok(many(values));
        }
        if given.hasattr("dtype")? && given.hasattr("tolist")? {
            // A masked array shows what its mask hides to whoever takes its buffer.
            if !given.hasattr("mask")?
                && let Some(values) = of_buffer(given)
            {
                return Ok(many(values));
            }
            let plain = given.call_method0("tolist")?;
            if !plain.hasattr("__iter__")? {
                return number(name, None, &plain).map(one);
            }
            return of_rows(name, &plain).map(many);
        }
        if given.hasattr("__iter__")? {
            of_rows(name, given).map(many)
        } else {
            number(name, None, given).map(one)
        }
    }

    /// Many numbers; a single one is refused.
    pub(super) fn series(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let numbers = Self::read(name, given)?;
        if numbers.one {
            return Err(refused(format!("{name}: a list, an array or a column of numbers is expected")));
        }
        Ok(numbers)
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The numbers with `None` where one is missing or infinite.
    pub(super) fn present(&self) -> Vec<Option<f64>> {
        self.values.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect()
    }

    /// The numbers with 0 where one is missing, and how many are.
    pub(super) fn zero_for_missing(mut self) -> (Self, usize) {
        let missing = self.values.iter_mut().filter(|value| value.is_nan());
        let count = missing.map(|value| *value = 0.0).count();
        (self, count)
    }

    pub(super) fn at(&self, row: usize) -> f64 {
        let row = if self.one { 0 } else { row };
        self.values.get(row).copied().unwrap_or(f64::NAN)
    }
}

/// How many rows arguments make together, and whether that is a single number and no list. A single number
/// goes with every row of a list.
pub(super) fn together(all: &[&Numbers]) -> PyResult<(usize, bool)> {
    let mut lists = all.iter().filter(|numbers| !numbers.one);
    let Some(first) = lists.next() else { return Ok((1, true)) };
    match lists.find(|other| other.values.len() != first.values.len()) {
        None => Ok((first.values.len(), false)),
        Some(other) => Err(refused(format!(
            "{} has {} values and {} has {}: give as many of each, or a single number for all rows",
            first.name,
            first.values.len(),
            other.name,
            other.values.len()
        ))),
    }
}

fn of_rows(name: &'static str, rows: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    if rows.is_instance_of::<PyString>() || rows.is_instance_of::<PyBytes>() {
        return Err(refused(format!("{name}: numbers are expected, not text")));
    }
    rows.try_iter()?.enumerate().map(|(row, value)| number(name, Some(row), &value?)).collect()
}

fn number(name: &'static str, row: Option<usize>, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    if value.is_none() {
        return Ok(f64::NAN);
    }
    if !value.is_instance_of::<PyBool>()
        && let Ok(number) = value.extract::<f64>()
    {
        return Ok(number);
    }
    let found = value.get_type().qualname()?;
    // What pandas puts where a number is missing.
    if found == "NAType" {
        return Ok(f64::NAN);
    }
    let at = row.map(|row| format!(", row {row}")).unwrap_or_default();
    Err(refused(format!("{name}{at}: a number is expected, not {found}; None is a missing number")))
}

fn of_array(name: &'static str, array: &ArrayRef, into: &mut Vec<f64>) -> PyResult<()> {
    let ty = array.data_type();
    if matches!(ty, DataType::Struct(_)) {
        return Err(refused(format!(
            "{name}: a column is expected, not a whole table; take one column of it"
        )));
    }
    let of_numbers = match ty {
        DataType::Dictionary(_, of) => of.is_numeric(),
        plain => plain.is_numeric() || *plain == DataType::Null,
    };
    if !of_numbers {
        return Err(refused(format!("{name}: a column of numbers is expected, not of {ty}")));
    }
    let numbers = arrow_cast::cast(array, &DataType::Float64).map_err(refused)?;
    into.extend(numbers.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN)));
    Ok(())
}

/// A numpy array of one dimension, taken as it lies in memory.
fn of_buffer(given: &Bound<'_, PyAny>) -> Option<Vec<f64>> {
    let py = given.py();
    let buffer = PyBuffer::<f64>::get(given).ok()?;
    if buffer.dimensions() == 1 { buffer.to_vec(py).ok() } else { None }
}
