//! Columns of results, in the shape in which the numbers came: a list for a list, a numpy array for a numpy array, a
//! column of polars, pandas or pyarrow for one of theirs.

use std::sync::Arc;

use arrow_array::{Array, Float64Array};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList};

use crate::capsule;

/// The shape in which numbers came.
pub(super) enum Shape {
    List,
    Numpy,
    /// A column, with its index.
    Pandas(Py<PyAny>),
    Polars,
    Pyarrow,
    /// A column of whatever else speaks Arrow.
    Arrow,
}

impl Shape {
    /// That of something which speaks Arrow.
    pub(super) fn of_column(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let module: String = given.get_type().getattr("__module__")?.extract().unwrap_or_default();
        Ok(match module.split('.').next() {
            Some("pandas") => Self::Pandas(given.getattr("index")?.unbind()),
            Some("polars") => Self::Polars,
            Some("pyarrow") => Self::Pyarrow,
            _ => Self::Arrow,
        })
    }

    /// That of something which looks like a numpy array.
    pub(super) fn of_array(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.hasattr("index")? && given.hasattr("array")? {
            Self::of_column(given)
        } else {
            Ok(Self::Numpy)
        }
    }

    pub(super) fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Self::List => Self::List,
            Self::Numpy => Self::Numpy,
            Self::Pandas(index) => Self::Pandas(index.clone_ref(py)),
            Self::Polars => Self::Polars,
            Self::Pyarrow => Self::Pyarrow,
            Self::Arrow => Self::Arrow,
        }
    }

    /// Numbers in this shape.
    pub(super) fn column<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        numbers: &Arc<Float64Array>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let column = || Bound::new(py, Column { numbers: numbers.clone() });
        match self {
            Self::List => Ok(PyList::new(py, numbers.iter())?.into_any()),
            Self::Numpy => numpy(py, numbers),
            Self::Pandas(index) => {
                let pandas = py.import("pandas")?;
                let plain = values(py, numbers)?;
                let array = pandas
                    .getattr("arrays")?
                    .call_method1("FloatingArray", (plain, missing(py, numbers)?))?;
                let options = PyDict::new(py);
                options.set_item("index", index)?;
                options.set_item("name", name)?;
                pandas.getattr("Series")?.call((array,), Some(&options))
            }
            Self::Polars => py.import("polars")?.call_method1("Series", (name, column()?)),
            Self::Pyarrow => py.import("pyarrow")?.call_method1("array", (column()?,)),
            Self::Arrow => Ok(column()?.into_any()),
        }
    }
}

/// A numpy array on the memory that the results lie in; a masked one where a row has none.
fn numpy<'py>(py: Python<'py>, numbers: &Arc<Float64Array>) -> PyResult<Bound<'py, PyAny>> {
    let plain = values(py, numbers)?;
    if numbers.null_count() == 0 {
        return Ok(plain);
    }
    let (options, missing) = (PyDict::new(py), missing(py, numbers)?);
    // Whoever takes the mask off finds no number that was made up.
    let below = py.import("numpy")?.call_method1("where", (&missing, f64::NAN, plain))?;
    options.set_item("mask", missing)?;
    options.set_item("fill_value", f64::NAN)?;
    py.import("numpy.ma")?.getattr("masked_array")?.call((below,), Some(&options))
}

fn values<'py>(py: Python<'py>, numbers: &Arc<Float64Array>) -> PyResult<Bound<'py, PyAny>> {
    py.import("numpy")?.call_method1("asarray", (Bound::new(py, Memory { numbers: numbers.clone() })?,))
}

/// Which rows have no number.
fn missing<'py>(py: Python<'py>, numbers: &Arc<Float64Array>) -> PyResult<Bound<'py, PyAny>> {
    let numpy = py.import("numpy")?;
    let none = numpy.call_method1("zeros", (numbers.len(), "bool"))?;
    let rows: Vec<usize> = (0..numbers.len()).filter(|row| numbers.is_null(*row)).collect();
    if !rows.is_empty() {
        none.set_item(numpy.call_method1("asarray", (rows, "intp"))?, true)?;
    }
    Ok(none)
}

/// Memory that numpy may look at and not write to; it lives as long as the array that numpy makes of it.
#[pyclass(frozen)]
#[derive(Debug)]
struct Memory {
    numbers: Arc<Float64Array>,
}

#[pymethods]
impl Memory {
    /// Source: numpy's array interface protocol, version 3.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", (self.numbers.len(),))?;
        interface.set_item("typestr", if cfg!(target_endian = "little") { "<f8" } else { ">f8" })?;
        interface.set_item("data", (self.numbers.values().as_ptr().expose_provenance(), true))?;
        Ok(interface)
    }
}

/// A column of numbers, None where a row has none: it reads like a list, and polars, pandas, pyarrow and numpy take it.
#[pyclass(frozen, sequence, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Column {
    numbers: Arc<Float64Array>,
}

#[pymethods]
impl Column {
    /// The column as capsules, for whatever takes Arrow.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // The interface lets a producer leave the wish for another schema unanswered.
        let _ = requested_schema;
        capsule::of_array(py, &*self.numbers)
    }

    /// As a numpy array; a masked one where a row has no number.
    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<&Bound<'py, PyAny>>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let array = numpy(py, &self.numbers)?;
        match dtype {
            None if copy != Some(true) => Ok(array),
            None => array.call_method0("copy"),
            Some(dtype) => array.call_method1("astype", (dtype,)),
        }
    }

    /// As a list, None where a row has no number.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.numbers.iter())
    }

    fn __len__(&self) -> usize {
        self.numbers.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.to_list(py)?.as_any().get_item(index)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_list(py)?.try_iter()
    }

    /// Equal to a list of the same numbers.
    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        match other.cast::<Self>() {
            Ok(other) => Ok(self.numbers == other.get().numbers),
            Err(_) => self.to_list(py)?.eq(other),
        }
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.to_list(py)?.repr()?.to_string())
    }
}
