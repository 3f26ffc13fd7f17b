//! Levels of confidence out of Python: one, or several.

use std::ops::Deref;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString};
use staysafe::stats::Confidence;

use crate::error::refused;

/// One level of confidence or several; each a share (0.9 to 1) or a percentage.
pub(crate) struct Levels(Vec<Confidence>);

impl Default for Levels {
    fn default() -> Self {
        Self(vec![Confidence::P95])
    }
}

impl Deref for Levels {
    type Target = [Confidence];

    fn deref(&self) -> &[Confidence] {
        &self.0
    }
}

impl<'py> FromPyObject<'_, 'py> for Levels {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let level = |given: &Bound<'py, PyAny>| {
            let number = given.extract::<f64>().ok().filter(|_| !given.is_instance_of::<PyBool>());
            let found = given.get_type().qualname()?;
            number
                .ok_or_else(|| refused(format!("confidence: a level such as 0.95 is expected, not {found}")))
        };
        let is_list = given.hasattr("__iter__")? && !given.is_instance_of::<PyString>();
        let levels = if is_list
            && !given.getattr("ndim").is_ok_and(|ndim| ndim.extract::<u32>().is_ok_and(|n| n == 0))
        {
            given.try_iter()?.map(|each| level(&each?)).collect::<PyResult<Vec<_>>>()?
        } else {
            vec![level(&given.to_owned())?]
        };
        if levels.is_empty() {
            return Err(refused("confidence: at least one level is expected, such as 0.95"));
        }
        Confidence::several(&levels).map(Self).map_err(refused)
    }
}
