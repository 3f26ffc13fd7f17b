//! What goes wrong, as a small tree of exceptions.

use std::fmt::Display;

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::{PyErr, create_exception};
use staysafe::calculate::CalculateError;
use staysafe::calculate::why::WhyError;
use staysafe::plan::PlanError;

create_exception!(staysafe, Error, PyValueError, "Something that staysafe refuses, with how to mend it.");
create_exception!(
    staysafe,
    DefinitionError,
    Error,
    "Definitions with errors; `diagnostics` holds all of them, with file, line and column."
);
create_exception!(staysafe, ReturnError, Error, "A return or table that cannot be used.");

/// A refusal that belongs to no narrower kind.
pub(crate) fn refused(why: impl Display) -> PyErr {
    Error::new_err(why.to_string())
}

/// A return or table that cannot be used.
pub(crate) fn bad_return(why: impl Display) -> PyErr {
    ReturnError::new_err(why.to_string())
}

/// A plan that could not be made; an unknown indicator is a `KeyError` with the nearest name.
pub(crate) fn of_plan(error: &PlanError) -> PyErr {
    match error {
        PlanError::UnknownIndicator { .. } => PyKeyError::new_err(error.to_string()),
        _ => refused(error),
    }
}

/// A calculation that could not be started.
pub(crate) fn of_calculation(error: &CalculateError) -> PyErr {
    match error {
        CalculateError::UnknownIndicator { .. } => PyKeyError::new_err(error.to_string()),
        _ => bad_return(error),
    }
}

/// A question without an answer.
pub(crate) fn of_why(error: &WhyError) -> PyErr {
    match error {
        WhyError::UnknownIndicator { .. } => PyKeyError::new_err(error.to_string()),
        WhyError::Records(error) => of_calculation(error),
        _ => refused(error),
    }
}
