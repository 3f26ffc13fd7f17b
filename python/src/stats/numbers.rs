//! Numbers out of Python: one, or many, and the shape they came in.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow_schema::DataType;
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PySlice, PyString};

use super::shape::Shape;
use crate::capsule;
use crate::error::refused;

/// Rows that are worked on at a time while another thread may hold the interpreter's lock: few enough to stay in the
/// cache, and enough that the lock changes hands seldom.
const BLOCK: usize = 32_768;

/// One number, or many. A missing one is NaN in here, and never goes out again: every method refuses it by name.
pub(super) struct Numbers {
    name: &'static str,
    values: Values,
    /// Rows that hold something else than a number, and what; their value is NaN.
    odd: BTreeMap<usize, String>,
    pub(super) shape: Shape,
}

enum Values {
    One(f64),
    Many(Vec<f64>),
    /// An Arrow column as it lies in memory.
    Shared(Float64Array),
    /// An Arrow column of whole numbers as it lies in memory.
    SharedWhole(Int64Array),
    /// A numpy array of so many numbers. Others may write to it, so it is only looked at under the lock.
    Lent(Py<PyAny>, usize),
    /// The same of whole numbers.
    LentWhole(Py<PyAny>, usize),
}

impl Numbers {
    /// The numbers of an argument of that name, ready to be looked at without the lock.
    pub(super) fn read(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut numbers = Self::lent(name, given)?;
        if !matches!(&numbers.values, Values::One(_) | Values::Many(_) | Values::Shared(_)) {
            let mut all = Vec::new();
            numbers.fill(given.py(), 0, numbers.len(), &mut all)?;
            numbers.values = Values::Many(all);
        }
        Ok(numbers)
    }

    /// As [`Numbers::read`], and memory that holds the numbers already is not copied: for [`blocks`].
    pub(super) fn lent(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let of = |values, odd, shape| Self { name, values, odd, shape };
        if given.hasattr("__arrow_c_stream__")? || given.hasattr("__arrow_c_array__")? {
            return Ok(of(of_column(name, given)?, BTreeMap::new(), Shape::of_column(given)?));
        }
        if given.hasattr("dtype")? && given.hasattr("tolist")? {
            of_numbers(name, given)?;
            // A masked array shows what its mask hides to whoever takes its buffer.
            let plain = !given.hasattr("mask")?;
            if let Some(numbers) = lent::<f64>(given, Values::Lent).filter(|_| plain) {
                return Ok(of(numbers, BTreeMap::new(), Shape::Numpy));
            }
            if let Some(numbers) = lent::<i64>(given, Values::LentWhole).filter(|_| plain) {
                return Ok(of(numbers, BTreeMap::new(), Shape::Numpy));
            }
            let plain = given.call_method0("tolist")?;
            if plain.hasattr("__iter__")? {
                let (values, odd) = of_rows(name, &plain)?;
                return Ok(of(Values::Many(values), odd, Shape::of_array(given)?));
            }
            let (value, odd) = of_one(name, &plain)?;
            return Ok(of(Values::One(value), odd, Shape::List));
        }
        if given.hasattr("__iter__")? {
            let (values, odd) = of_rows(name, given)?;
            return Ok(of(Values::Many(values), odd, Shape::List));
        }
        let (value, odd) = of_one(name, given)?;
        Ok(of(Values::One(value), odd, Shape::List))
    }

    /// Many numbers that make one result together: a single one is refused, and so is a row that holds something else.
    pub(super) fn series(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let numbers = Self::points(name, given)?;
        match numbers.odd.first_key_value() {
            Some((row, why)) => Err(refused(format!("{name}, row {row}: {why}; None is a missing number"))),
            None => Ok(numbers),
        }
    }

    /// Many numbers of which each has a result of its own: a single one is refused.
    pub(super) fn points(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let numbers = Self::read(name, given)?;
        if numbers.is_one() {
            return Err(refused(format!("{name}: a list, an array or a column of numbers is expected")));
        }
        Ok(numbers)
    }

    pub(super) fn values(&self) -> &[f64] {
        match &self.values {
            Values::One(value) => std::slice::from_ref(value),
            Values::Many(values) => values,
            Values::Shared(values) => values.values(),
            Values::SharedWhole(_) | Values::Lent(..) | Values::LentWhole(..) => &[],
        }
    }

    /// The numbers with `None` where one is missing or infinite.
    pub(super) fn present(&self) -> Vec<Option<f64>> {
        self.values().iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect()
    }

    /// The numbers with 0 where one is missing, and how many are.
    pub(super) fn zero_for_missing(&self) -> (Vec<f64>, usize) {
        let missing = self.values().iter().filter(|value| value.is_nan()).count();
        (self.values().iter().map(|value| if value.is_nan() { 0.0 } else { *value }).collect(), missing)
    }

    pub(super) fn at(&self, row: usize) -> f64 {
        let row = if self.is_one() { 0 } else { row };
        self.values().get(row).copied().unwrap_or(f64::NAN)
    }

    /// What a row holds in place of a number.
    pub(super) fn odd(&self, row: usize) -> Option<String> {
        let row = if self.is_one() { 0 } else { row };
        self.odd.get(&row).map(|why| format!("{}: {why}", self.name))
    }

    pub(super) fn is_one(&self) -> bool {
        matches!(self.values, Values::One(_))
    }

    fn len(&self) -> usize {
        match &self.values {
            Values::SharedWhole(values) => values.len(),
            Values::Lent(_, count) | Values::LentWhole(_, count) => *count,
            Values::One(_) | Values::Many(_) | Values::Shared(_) => self.values().len(),
        }
    }

    /// Puts some rows where they can be read without the lock, unless they can be read where they are.
    #[allow(
        clippy::cast_precision_loss,
        reason = "as Python turns a whole number into a float: to the nearest"
    )]
    fn fill(&self, py: Python<'_>, from: usize, count: usize, scratch: &mut Vec<f64>) -> PyResult<()> {
        let rows = from..from + count;
        match &self.values {
            Values::One(value) => scratch.resize(count, *value),
            Values::Lent(array, _) => {
                scratch.resize(count, f64::NAN);
                part::<f64>(array.bind(py), rows)?.copy_to_slice(py, scratch)?;
            }
            Values::LentWhole(array, _) => {
                let numbers = part::<i64>(array.bind(py), rows)?.to_vec(py)?;
                scratch.clear();
                scratch.extend(numbers.iter().map(|number| *number as f64));
            }
            Values::SharedWhole(values) => {
                let numbers = values.values().get(rows).unwrap_or_default();
                scratch.clear();
                scratch.extend(numbers.iter().map(|number| *number as f64));
            }
            Values::Many(_) | Values::Shared(_) => {}
        }
        Ok(())
    }

    fn block<'a>(&'a self, from: usize, count: usize, scratch: &'a [f64]) -> &'a [f64] {
        match &self.values {
            Values::One(_) | Values::SharedWhole(_) | Values::Lent(..) | Values::LentWhole(..) => scratch,
            Values::Many(_) | Values::Shared(_) => self.values().get(from..from + count).unwrap_or_default(),
        }
    }
}

/// Hands two columns over block by block, each with the number of its first row, without the interpreter's lock.
pub(super) fn blocks(
    py: Python<'_>,
    one: &Numbers,
    other: &Numbers,
    rows: usize,
    mut work: impl FnMut(usize, &[f64], &[f64]) + Send,
) -> PyResult<()> {
    let mut scratch = (Vec::new(), Vec::new());
    for from in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - from);
        one.fill(py, from, count, &mut scratch.0)?;
        other.fill(py, from, count, &mut scratch.1)?;
        let (one, other) = (one.block(from, count, &scratch.0), other.block(from, count, &scratch.1));
        py.detach(|| work(from, one, other));
    }
    Ok(())
}

/// How many rows arguments make together, and whether that is a single number and no list. A single number
/// goes with every row of a list.
pub(super) fn together(all: &[&Numbers]) -> PyResult<(usize, bool)> {
    let mut lists = all.iter().filter(|numbers| !numbers.is_one());
    let Some(first) = lists.next() else { return Ok((1, true)) };
    match lists.find(|other| other.len() != first.len()) {
        None => Ok((first.len(), false)),
        Some(other) => Err(refused(format!(
            "{} has {} values and {} has {}: give as many of each, or a single number for all rows",
            first.name,
            first.len(),
            other.name,
            other.len()
        ))),
    }
}

/// The shape in which results go out: that of the first argument that is no single number.
pub(super) fn shape(all: &[&Numbers], py: Python<'_>) -> Shape {
    let many = all.iter().find(|numbers| !numbers.is_one());
    many.map_or(Shape::List, |numbers| numbers.shape.clone_ref(py))
}

type Read<T> = (T, BTreeMap<usize, String>);

fn of_rows(name: &'static str, rows: &Bound<'_, PyAny>) -> PyResult<Read<Vec<f64>>> {
    if rows.is_instance_of::<PyString>()
        || rows.is_instance_of::<PyBytes>()
        || rows.is_instance_of::<PyByteArray>()
    {
        return Err(refused(format!("{name}: numbers are expected, not text")));
    }
    let (mut values, mut odd) = (Vec::new(), BTreeMap::new());
    for (row, value) in rows.try_iter()?.enumerate() {
        values.push(match number(&value?)? {
            Ok(number) => number,
            Err(why) => {
                odd.insert(row, why);
                f64::NAN
            }
        });
    }
    Ok((values, odd))
}

fn of_one(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Read<f64>> {
    match number(given)? {
        Ok(number) => Ok((number, BTreeMap::new())),
        Err(why)
            if given.is_instance_of::<PyBool>()
                || given
                    .extract::<f64>()
                    .is_err_and(|error| error.is_instance_of::<PyOverflowError>(given.py())) =>
        {
            Ok((f64::NAN, BTreeMap::from([(0, why)])))
        }
        Err(why) => Err(refused(format!("{name}: {why}; None is a missing number"))),
    }
}

/// A number, NaN for a missing one, or what there is in its place.
fn number(value: &Bound<'_, PyAny>) -> PyResult<Result<f64, String>> {
    if value.is_none() {
        return Ok(Ok(f64::NAN));
    }
    let found = value.get_type().qualname()?.to_string();
    if is_yes_or_no(&found) {
        return Ok(Err(format!("a number is expected, not {found}")));
    }
    // What pandas puts where a number is missing, and numpy where it masks one.
    if found == "NAType" || found == "MaskedConstant" {
        return Ok(Ok(f64::NAN));
    }
    match value.extract::<f64>() {
        Ok(number) => Ok(Ok(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            Ok(Err("the number is too large".to_owned()))
        }
        Err(_) => Ok(Err(format!("a number is expected, not {found}"))),
    }
}

/// Whether a type holds yes or no: Python counts with those, and nobody means to.
pub(super) fn is_yes_or_no(ty: &str) -> bool {
    ty == "bool" || ty == "bool_"
}

/// A numpy array of one dimension, if it holds such numbers.
fn lent<T: Element>(given: &Bound<'_, PyAny>, of: fn(Py<PyAny>, usize) -> Values) -> Option<Values> {
    let buffer = PyBuffer::<T>::get(given).ok().filter(|buffer| buffer.dimensions() == 1)?;
    Some(of(given.clone().unbind(), buffer.item_count()))
}

/// Some rows of an array, where they lie.
fn part<T: Element>(array: &Bound<'_, PyAny>, rows: Range<usize>) -> PyResult<PyBuffer<T>> {
    let slice = PySlice::new(array.py(), rows.start.try_into()?, rows.end.try_into()?, 1);
    PyBuffer::get(&array.get_item(slice)?)
}

fn of_column(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<Values> {
    let chunks = capsule::column(given)?;
    if let [only] = chunks.as_slice()
        && only.null_count() == 0
        && let Some(whole) = only.as_primitive_opt::<Int64Type>()
    {
        return Ok(Values::SharedWhole(whole.clone()));
    }
    let numbers = chunks.iter().map(|chunk| as_floats(name, chunk)).collect::<PyResult<Vec<_>>>()?;
    if let [only] = numbers.as_slice()
        && only.null_count() == 0
    {
        return Ok(Values::Shared(only.as_primitive::<Float64Type>().clone()));
    }
    let floats = numbers.iter().flat_map(AsArray::as_primitive::<Float64Type>);
    Ok(Values::Many(floats.map(|value| value.unwrap_or(f64::NAN)).collect()))
}

fn as_floats(name: &'static str, array: &ArrayRef) -> PyResult<ArrayRef> {
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
    arrow_cast::cast(array, &DataType::Float64).map_err(refused)
}

/// Refuses an array that can hold no numbers, and one of several dimensions.
fn of_numbers(name: &'static str, given: &Bound<'_, PyAny>) -> PyResult<()> {
    let dtype = given.getattr("dtype")?;
    let kind = dtype.getattr("kind").and_then(|kind| kind.extract::<String>()).unwrap_or_default();
    if matches!(kind.as_str(), "b" | "S" | "U" | "m" | "M" | "c") {
        return Err(refused(format!("{name}: an array of numbers is expected, not of {dtype}")));
    }
    if given.getattr("ndim").and_then(|ndim| ndim.extract::<usize>()).is_ok_and(|ndim| ndim > 1) {
        return Err(refused(format!("{name}: an array of one dimension is expected; take one column of it")));
    }
    Ok(())
}
