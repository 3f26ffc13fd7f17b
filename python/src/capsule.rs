//! Arrow tables through PyCapsules, in and out.
//!
//! Source: the Arrow PyCapsule interface (names of the capsules, who owns and who releases) and the Arrow C
//! data and stream interfaces (an importer moves the structure out and marks the original as released).
#![allow(unsafe_code, reason = "the Arrow C interfaces hand over raw structures")]

use std::ffi::CStr;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, make_array};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// A batch as a stream of one batch. A capsule that nobody takes releases it.
pub(crate) fn stream<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// A column as the two capsules of the interface. Capsules that nobody takes release it.
pub(crate) fn of_array<'py>(
    py: Python<'py>,
    array: &dyn Array,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let (array, schema) = to_ffi(&array.to_data()).map_err(not_a_table)?;
    Ok((PyCapsule::new_with_value(py, schema, SCHEMA)?, PyCapsule::new_with_value(py, array, ARRAY)?))
}

/// The batches of anything that speaks the Arrow PyCapsule interface.
///
/// A table on a cluster would be brought here as a whole by it: it is refused.
pub(crate) fn batches(object: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let module = object.get_type().module()?;
    if module.to_str()?.split('.').next() == Some("pyspark") {
        return Err(PyTypeError::new_err(
            "this is a Spark DataFrame, and would be brought here whole: staysafe.spark.calculate counts it where it lies",
        ));
    }
    if object.hasattr("__arrow_c_stream__")? {
        from_stream(object)
    } else if object.hasattr("__arrow_c_array__")? {
        from_array(object)
    } else if object.hasattr("collect")? && object.hasattr("lazy")? {
        Err(PyTypeError::new_err("this table is not worked out yet: call .collect() on it first"))
    } else {
        let found = object.get_type().qualname()?;
        Err(PyTypeError::new_err(format!(
            "a table is expected (pandas, polars, pyarrow, duckdb, or anything with __arrow_c_stream__), not {found}"
        )))
    }
}

/// The chunks of one column.
pub(crate) fn column(object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    if !object.hasattr("__arrow_c_stream__")? {
        return Ok(vec![array(object)?]);
    }
    let stream = taken(object)?;
    let chunks = || ArrayStreamReader::try_new(stream)?.collect::<Result<_, _>>();
    object.py().detach(chunks).map_err(not_a_table)
}

fn from_stream(object: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let stream = taken(object)?;
    object.py().detach(|| read(stream)).map_err(not_a_table)
}

fn taken(object: &Bound<'_, PyAny>) -> PyResult<FFI_ArrowArrayStream> {
    let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(STREAM))?;
    // SAFETY: a capsule of this name holds a valid `ArrowArrayStream` (the PyCapsule interface), `capsule`
    // keeps it alive, and holding the interpreter's lock nobody else moves it meanwhile. `from_raw` moves the
    // structure out and leaves a released one behind, so that the capsule's destructor frees nothing twice. A
    // stream that was taken before has no callbacks left, which `try_new` reports.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) })
}

fn read(stream: FFI_ArrowArrayStream) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let reader = RecordBatchStreamReader::try_new(stream)?;
    let schema = reader.schema();
    Ok((schema, reader.collect::<Result<_, _>>()?))
}

fn from_array(object: &Bound<'_, PyAny>) -> PyResult<(SchemaRef, Vec<RecordBatch>)> {
    let array = array(object)?;
    match array.as_struct_opt().filter(|table| table.null_count() == 0) {
        Some(table) => {
            let batch = RecordBatch::from(table);
            Ok((batch.schema(), vec![batch]))
        }
        None => Err(PyTypeError::new_err("a table is expected, not a single column")),
    }
}

fn array(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let pair = object.call_method0("__arrow_c_array__")?;
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = pair.extract()?;
    let schema_pointer = schema.pointer_checked(Some(SCHEMA))?;
    let array_pointer = array.pointer_checked(Some(ARRAY))?;
    // SAFETY: a capsule of this name holds an `ArrowArray` (the PyCapsule interface), `array` keeps it alive, and
    // holding the interpreter's lock nobody else moves it meanwhile. `from_raw` moves the structure out and
    // leaves a released one behind, so that the capsule's destructor frees nothing twice.
    let moved = unsafe { FFI_ArrowArray::from_raw(array_pointer.as_ptr().cast()) };
    // What was taken before is empty, or points at memory that is gone: it must not be looked into.
    if moved.is_released() {
        return Err(PyTypeError::new_err("the table cannot be read: its array was taken before"));
    }
    // SAFETY: the array is not released, so it and the schema handed over with it are valid and fit each other
    // (the PyCapsule interface); `schema` lives to the end of this function and is only read. The imported data
    // keeps the moved array alive.
    let data =
        unsafe { from_ffi(moved, schema_pointer.cast::<FFI_ArrowSchema>().as_ref()) }.map_err(not_a_table)?;
    Ok(make_array(data))
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_a_table(error: ArrowError) -> PyErr {
    PyTypeError::new_err(format!("the table cannot be read: {error}"))
}
