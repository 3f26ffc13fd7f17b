//! Misuse of a calculation: what no cell can say.

use crate::check::Checked;
use crate::definition::dataset::{Dataset, Field};
use crate::diagnostic::nearest;
use crate::value::Type;

/// Why a calculation could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalculateError {
    /// No indicator goes by this id.
    #[error("no indicator is called '{id}'{}", did_you_mean(near.as_ref()))]
    UnknownIndicator {
        /// The id that was asked for.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// Somebody who watched it stopped it.
    #[error("the calculation was stopped")]
    Stopped,
    /// A return holds a table that the framework does not know.
    #[error("{name}: the framework has no dataset '{dataset}'{}", did_you_mean(near.as_ref()))]
    UnknownDataset {
        /// What the caller calls the return.
        name: String,
        /// The dataset.
        dataset: String,
        /// The nearest dataset there is.
        near: Option<String>,
    },
    /// A table has a column that its dataset does not declare.
    #[error("{name}: the dataset '{dataset}' has no field '{field}'{}", did_you_mean(near.as_ref()))]
    UnknownField {
        /// What the caller calls the return.
        name: String,
        /// The dataset.
        dataset: String,
        /// The column.
        field: String,
        /// The nearest field there is.
        near: Option<String>,
    },
    /// A row has more or fewer values than its table has fields.
    #[error("{name}: row {row} of '{dataset}' has {found} values, and the table has {expected} fields")]
    ShortRow {
        /// What the caller calls the return.
        name: String,
        /// The dataset.
        dataset: String,
        /// The row, from 1.
        row: usize,
        /// Values in the row.
        found: usize,
        /// Fields of the table.
        expected: usize,
    },
    /// A value is of another type than its field.
    #[error("{name}: row {row} of '{dataset}': the field '{field}' is a {expected}, and a {found} was given")]
    WrongType {
        /// What the caller calls the return.
        name: String,
        /// The dataset.
        dataset: String,
        /// The field.
        field: String,
        /// The row, from 1.
        row: usize,
        /// The field's type.
        expected: Type,
        /// The value's type.
        found: Type,
    },
    /// Two returns of one authority carry the same dataset, and nothing says which is later.
    #[error(
        "{first} and {second} both carry '{dataset}' for area {area}, and neither reference date, serial number nor time says which is later; give the one that holds, or their reference dates"
    )]
    NeitherIsLater {
        /// One return.
        first: String,
        /// The other.
        second: String,
        /// The dataset that both carry.
        dataset: String,
        /// The authority.
        area: String,
    },
}

fn did_you_mean(near: Option<&String>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"))
}

impl CalculateError {
    pub(crate) fn unknown_dataset(checked: &Checked, name: &str, id: &str) -> Self {
        let near = nearest(id, checked.framework().datasets.keys().map(String::as_str)).map(str::to_owned);
        Self::UnknownDataset { name: name.to_owned(), dataset: id.to_owned(), near }
    }

    pub(crate) fn unknown_field(name: &str, dataset: &Dataset, field: &str) -> Self {
        let near = nearest(field, dataset.fields.iter().map(|f| f.name.value.as_str())).map(str::to_owned);
        Self::UnknownField {
            name: name.to_owned(),
            dataset: dataset.id.value.clone(),
            field: field.to_owned(),
            near,
        }
    }

    pub(crate) fn short_row(
        name: &str,
        dataset: &Dataset,
        number: usize,
        found: usize,
        expected: usize,
    ) -> Self {
        let dataset = dataset.id.value.clone();
        Self::ShortRow { name: name.to_owned(), dataset, row: number + 1, found, expected }
    }

    pub(crate) fn wrong_type(
        name: &str,
        dataset: &Dataset,
        field: &Field,
        number: usize,
        found: Type,
    ) -> Self {
        Self::WrongType {
            name: name.to_owned(),
            dataset: dataset.id.value.clone(),
            field: field.name.value.clone(),
            row: number + 1,
            expected: field.ty.value,
            found,
        }
    }
}
