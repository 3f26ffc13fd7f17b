//! Which column of a table is which field of a dataset.

use std::sync::Arc;

use arrow_schema::{DataType, Schema};
use staysafe::definition::dataset::Dataset;
use staysafe::diagnostic::nearest;
use staysafe::value::Type;

/// The fields of a dataset found in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The dataset's id.
    pub dataset: String,
    /// The fields that have a column, in the order of the dataset.
    pub fields: Vec<BoundField>,
    /// Fields of the dataset without a column: what needs them is *not reported*.
    pub without_column: Vec<String>,
}

/// A field with its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundField {
    /// The field's name.
    pub name: Arc<str>,
    /// The field's type.
    pub ty: Type,
    /// Whether its values are about a person.
    pub personal: bool,
    /// The column's position.
    pub column: usize,
}

/// Why a table does not fit its dataset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// A column that is no field of the dataset.
    #[error("the dataset '{dataset}' has no field '{column}'{}; drop the column, or rename it", near.as_ref().map_or_else(String::new, |near| format!(" (did you mean '{near}'?)")))]
    UnknownColumn {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
        /// The nearest field there is.
        near: Option<String>,
    },
    /// Two columns of one name.
    #[error("the table for '{dataset}' has two columns called '{column}'")]
    TwoColumns {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
    },
    /// A column whose type can never hold the field's values.
    #[error("the column '{column}' of '{dataset}' holds {found}; the field is a {expected}")]
    WrongType {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
        /// What the column holds.
        found: String,
        /// What the field is.
        expected: Type,
    },
    /// A field that identifies the records has no column.
    #[error("the table for '{dataset}' has no column '{field}', which may not be blank")]
    MissingColumn {
        /// The dataset.
        dataset: String,
        /// The field.
        field: String,
    },
}

/// Finds a dataset's fields in a table, by name.
///
/// # Errors
/// A column that is no field (nothing is dropped in silence), two columns of one name, a column whose type
/// can never hold the field, or no column for a field that may not be blank.
///
/// # Example
/// ```
/// use arrow_schema::{DataType, Field, Schema};
/// use staysafe::definition::read::read;
/// use staysafe_arrow::bind;
///
/// let cases = "id = \"cases\"\ntitle = \"C\"\ncarried_by = \"cases\"\nholder = \"h\"\narea = \"given\"\nfield = [{ name = \"opened\", type = \"date\" }]";
/// let (framework, _) = read([("datasets/cases.toml", cases)]);
/// let table = Schema::new(vec![Field::new("opened", DataType::Date32, true)]);
/// assert_eq!(bind(&table, &framework.datasets["cases"])?.fields[0].column, 0);
///
/// let misspelt = Schema::new(vec![Field::new("opend", DataType::Date32, true)]);
/// let error = bind(&misspelt, &framework.datasets["cases"]).unwrap_err();
/// assert!(error.to_string().contains("did you mean 'opened'?"));
/// # Ok::<(), staysafe_arrow::BindError>(())
/// ```
pub fn bind(schema: &Schema, dataset: &Dataset) -> Result<Binding, BindError> {
    let id = || dataset.id.value.clone();
    for (number, column) in schema.fields().iter().enumerate() {
        let name = column.name();
        if schema.fields().iter().skip(number + 1).any(|other| other.name() == name) {
            return Err(BindError::TwoColumns { dataset: id(), column: name.clone() });
        }
        if !dataset.fields.iter().any(|field| field.name.value == *name) {
            let near = nearest(name, dataset.fields.iter().map(|field| field.name.value.as_str()));
            return Err(BindError::UnknownColumn {
                dataset: id(),
                column: name.clone(),
                near: near.map(str::to_owned),
            });
        }
    }
    let mut binding = Binding { dataset: id(), fields: Vec::new(), without_column: Vec::new() };
    for field in &dataset.fields {
        let name = &field.name.value;
        let Some((column, found)) =
            schema.fields().iter().enumerate().find(|(_, column)| column.name() == name)
        else {
            if field.missing == staysafe::definition::dataset::Missing::Error {
                return Err(BindError::MissingColumn { dataset: id(), field: name.clone() });
            }
            binding.without_column.push(name.clone());
            continue;
        };
        if !can_hold(found.data_type(), field.ty.value) {
            return Err(BindError::WrongType {
                dataset: id(),
                column: name.clone(),
                found: found.data_type().to_string(),
                expected: field.ty.value,
            });
        }
        binding.fields.push(BoundField {
            name: name.as_str().into(),
            ty: field.ty.value,
            personal: field.personal,
            column,
        });
    }
    Ok(binding)
}

/// Whether a column of a type can hold any value of a field. A column of nothing but nulls can be any.
fn can_hold(found: &DataType, wanted: Type) -> bool {
    let text = |t: &DataType| matches!(t, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    match found {
        DataType::Null => true,
        DataType::Dictionary(_, values) => can_hold(values, wanted),
        DataType::Boolean => wanted == Type::Bool,
        DataType::Date32 | DataType::Date64 => wanted == Type::Date,
        DataType::Timestamp(_, zone) => wanted == Type::Date && zone.as_deref().is_none_or(is_utc),
        found if found.is_integer() => matches!(wanted, Type::Int | Type::Decimal),
        DataType::Float32 | DataType::Float64 => matches!(wanted, Type::Int | Type::Decimal),
        DataType::Decimal128(_, scale) => wanted == Type::Decimal || (wanted == Type::Int && *scale == 0),
        found => text(found) && matches!(wanted, Type::Text | Type::Date),
    }
}

/// Zones in which a whole day is a whole day of the calendar.
fn is_utc(zone: &str) -> bool {
    matches!(zone, "UTC" | "+00:00" | "Z")
}
