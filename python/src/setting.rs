//! Values of parameters and of records, taken out of Python exactly.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyInt, PyString};
use staysafe::value::Value;

use crate::calendar::Day;
use crate::error::refused;

/// The value of a parameter.
#[derive(Debug)]
pub(crate) struct Setting(pub(crate) Value);

impl<'py> FromPyObject<'_, 'py> for Setting {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(if object.is_instance_of::<PyBool>() {
            Value::Bool(object.extract()?)
        } else if object.is_instance_of::<PyInt>() {
            Value::Int(object.extract()?)
        } else if object.is_instance_of::<PyString>() {
            Value::Text(object.extract::<String>()?.into())
        } else if object.is_instance_of::<PyDate>() {
            Value::Date(object.extract::<Day>()?.0)
        } else {
            // Decimals, by their exact text; a float is not exact.
            let text = object.str()?.to_string();
            let exact = object.get_type().name()? == "Decimal";
            let value = text.parse().ok().filter(|_| exact).map(Value::Decimal);
            value.ok_or_else(|| {
                refused("a value is True or False, a whole number, a Decimal, a text or a date")
            })?
        }))
    }
}

pub(crate) fn settings(given: BTreeMap<String, Setting>) -> BTreeMap<String, Value> {
    given.into_iter().map(|(name, setting)| (name, setting.0)).collect()
}
