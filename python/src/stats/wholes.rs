//! Whole numbers out of Python, exactly: none of them goes through a float.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use arrow_cast::CastOptions;
use arrow_schema::DataType;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString};

use super::numbers::{Numbers, is_yes_or_no};
use crate::capsule;
use crate::error::refused;

/// One whole number, or many; what is none says why.
pub(super) struct Wholes {
    name: &'static str,
    rows: Vec<Result<i64, String>>,
    pub(super) one: bool,
}

impl Wholes {
    /// The whole numbers of an argument of that name.
    pub(super) fn read(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let of = |rows, one| Self { name, rows, one };
        if given.hasattr("__arrow_c_stream__")? || given.hasattr("__arrow_c_array__")? {
            let chunks = capsule::column(given)?;
            if chunks.iter().all(|chunk| chunk.data_type().is_integer()) {
                let rows = chunks.iter().map(|chunk| of_chunk(name, chunk)).collect::<PyResult<Vec<_>>>()?;
                return Ok(of(rows.concat(), false));
            }
            return Ok(of(
                Numbers::read(name, given)?.values().iter().map(|number| whole(*number)).collect(),
                false,
            ));
        }
        let is_array = given.hasattr("dtype")? && given.hasattr("tolist")?;
        let plain = if is_array { given.call_method0("tolist")? } else { given.clone() };
        if plain.is_instance_of::<PyString>() || !plain.hasattr("__iter__")? {
            if plain.is_none() {
                return Ok(of(vec![Err(MISSING.to_owned())], true));
            }
            return match of_item(&plain)? {
                Err(_) if plain.is_instance_of::<PyString>() => {
                    Err(refused(format!("{name}: whole numbers are expected, not text")))
                }
                row => Ok(of(vec![row], true)),
            };
        }
        let rows = plain.try_iter()?.map(|item| of_item(&item?)).collect::<PyResult<Vec<_>>>()?;
        Ok(of(rows, false))
    }

    pub(super) fn at(&self, row: usize) -> Result<i64, String> {
        let row = if self.one { 0 } else { row };
        let found = self.rows.get(row).cloned().unwrap_or_else(|| Err(MISSING.to_owned()));
        found.map_err(|why| format!("the {} {why}", self.name))
    }

    /// How many rows two arguments make together, and whether that is a single number and no list.
    pub(super) fn together(&self, other: &Self) -> PyResult<(usize, bool)> {
        match (self.one, other.one) {
            (true, true) => Ok((1, true)),
            (false, true) => Ok((self.rows.len(), false)),
            (true, false) => Ok((other.rows.len(), false)),
            (false, false) if self.rows.len() == other.rows.len() => Ok((self.rows.len(), false)),
            _ => Err(refused(format!(
                "{} has {} values and {} has {}: give as many of each, or a single number for all rows",
                self.name,
                self.rows.len(),
                other.name,
                other.rows.len()
            ))),
        }
    }
}

const MISSING: &str = "is missing or not finite";

fn of_chunk(name: &str, chunk: &ArrayRef) -> PyResult<Vec<Result<i64, String>>> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    let wholes = arrow_cast::cast_with_options(chunk, &DataType::Int64, &options)
        .map_err(|why| refused(format!("{name}: {why}")))?;
    Ok(wholes
        .as_primitive::<Int64Type>()
        .iter()
        .map(|value| value.ok_or_else(|| MISSING.to_owned()))
        .collect())
}

fn of_item(item: &Bound<'_, PyAny>) -> PyResult<Result<i64, String>> {
    if item.is_none() {
        return Ok(Err(MISSING.to_owned()));
    }
    let found = item.get_type().qualname()?.to_string();
    if is_yes_or_no(&found) {
        return Ok(Err(format!("is no number but {found}")));
    }
    if found == "NAType" || found == "MaskedConstant" {
        return Ok(Err(MISSING.to_owned()));
    }
    if item.is_instance_of::<PyInt>() {
        return Ok(item.extract::<i64>().map_err(|_| "is too large to be rounded exactly".to_owned()));
    }
    match item.extract::<f64>() {
        Ok(number) => Ok(whole(number)),
        Err(_) => Ok(Err(format!("is no number but {found}"))),
    }
}

/// A number that a float holds exactly as a whole one.
fn whole(number: f64) -> Result<i64, String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        Err(MISSING.to_owned())
    } else if number.fract() != 0.0 {
        Err("is no whole number".to_owned())
    } else if number.abs() >= EXACT {
        Err("is too large to be rounded exactly".to_owned())
    } else {
        #[allow(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        Ok(number as i64)
    }
}
