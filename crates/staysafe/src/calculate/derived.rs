//! The rows of a derived table, worked out from one return.

use super::error::CalculateError;
use super::join::alone;
use super::reference::derive::Derivations;
use super::reference::records::Records;
use super::reference::table;
use crate::check::Checked;
use crate::period::Period;
use crate::record::Return;
use crate::value::Datum;

/// The rows of a derived table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Its fields.
    pub fields: Vec<String>,
    /// Values of each row, in the order of the fields.
    pub rows: Vec<Vec<Datum>>,
    /// How many rows could not be placed, because a key or a date is not known.
    pub unplaced: u64,
}

/// Why a derived table has no rows to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerivedError {
    /// No derived table goes by this id.
    #[error("no derived table is called '{id}'")]
    Unknown {
        /// The id that was asked for.
        id: String,
    },
    /// The return does not carry what it is made of.
    #[error("the return does not carry what '{id}' is made of")]
    NotCarried {
        /// The derived table.
        id: String,
    },
    /// It cannot be worked out.
    #[error("it cannot be worked out: {why}")]
    Refused {
        /// Why.
        why: String,
    },
    /// The records do not fit the framework.
    #[error(transparent)]
    Records(#[from] CalculateError),
}

/// Works out a derived table from one return, as it is on the last day of a period.
///
/// # Errors
/// An unknown table, a return that does not carry what it is made of, records that do not fit their datasets,
/// a number or date that cannot be reckoned.
pub fn derived(checked: &Checked, of: &Return, id: &str, period: &Period) -> Result<Derived, DerivedError> {
    let table = checked.derived().get(id).ok_or_else(|| DerivedError::Unknown { id: id.to_owned() })?;
    let refused = |why: String| DerivedError::Refused { why };
    let moment = table::moment(period, None)
        .ok_or_else(|| refused("the period lies where dates cannot be reckoned".to_owned()))?;
    let authority = alone(checked, of)?;
    let records = Records::new(checked, &authority);
    let mut rests_on = table.rests_on.clone();
    rests_on.push(id.to_owned());
    let mut derivations = Derivations::default();
    let records = derivations.onto(checked, &records, None, &rests_on, moment).map_err(refused)?;
    let made = records.table(id).ok_or_else(|| DerivedError::NotCarried { id: id.to_owned() })?;
    let fields: Vec<String> = made.dataset.fields.iter().map(|field| field.name.value.clone()).collect();
    let values = |row| (0..fields.len()).map(|field| made.value(row, field).clone()).collect();
    let rows = made.rows.iter().map(values).collect();
    Ok(Derived { rows, unplaced: made.unplaced, fields })
}
