//! Partial states as an Arrow IPC file: documented in `docs/states.md`, versioned, and exact there and back.

mod read;
mod seal;
mod write;

use arrow_schema::{DataType, Field, Schema};

/// The version of the layout. A reader takes its own and no other.
pub const FORMAT: &str = "1";

/// Keys of the file's metadata.
mod key {
    pub(super) const FORMAT: &str = "staysafe.format";
    pub(super) const BY: &str = "staysafe.by";
    pub(super) const BY_AREA: &str = "staysafe.by_area";
    pub(super) const PLAN: &str = "staysafe.plan";
    pub(super) const FRAMEWORK: &str = "staysafe.framework";
    pub(super) const CALENDAR: &str = "staysafe.calendar";
    pub(super) const LIBRARY: &str = "staysafe.library";
    pub(super) const FINGERPRINT: &str = "staysafe.fingerprint";
    pub(super) const MADE_OF: &str = "staysafe.made_of";
    pub(super) const FIRST_DAYS: &str = "staysafe.first_days";
    pub(super) const RETURNS: &str = "staysafe.returns";
    pub(super) const ASKED: &str = "staysafe.asked";
    pub(super) const SEAL: &str = "staysafe.seal";
    pub(super) const REJECTED: &str = "staysafe.rejected";
    pub(super) const SHARES: &str = "staysafe.shares";
}

/// Why a file of partial states cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatesError {
    /// It is no Arrow IPC file, or it is cut off or damaged.
    #[error(
        "these are no partial states: {0}; give a file that 'staysafe calculate --partial' or Partials.to_ipc() wrote, whole"
    )]
    Arrow(#[from] arrow_schema::ArrowError),
    /// It is not as it was written.
    #[error(
        "these partial states are damaged, cut off or none at all: their bytes are not those that were sealed; send the file again, as it is"
    )]
    Damaged,
    /// It is an Arrow IPC file of something else.
    #[error("this Arrow file holds no partial states: its metadata has no '{0}'")]
    NotStates(&'static str),
    /// It is of another version of the layout.
    #[error(
        "these partial states are of format {found}, and this version of staysafe reads {FORMAT}; calculate them again, or merge them with the version that wrote them"
    )]
    Format {
        /// The version that was found.
        found: String,
    },
    /// The metadata cannot be understood.
    #[error("the metadata '{key}' of these partial states cannot be read: {why}")]
    Metadata {
        /// Which.
        key: &'static str,
        /// Why.
        why: String,
    },
    /// A column is missing, or of another type.
    #[error("the columns of these partial states are {found}; due are {due}")]
    Columns {
        /// What was found.
        found: String,
        /// What is due.
        due: String,
    },
    /// A value cannot be understood.
    #[error("row {row} of these partial states: '{column}' holds {found}; {due} is due")]
    Value {
        /// The row, from 1.
        row: usize,
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What is due.
        due: &'static str,
    },
}

/// The columns of partial states, in order; those of `by` stand between `area` and `period`, as `by:age`: a breakdown may go by the
/// name of another column.
pub fn states_schema(by: &[String]) -> Schema {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields =
        vec![text("indicator", false), text("latest", true), text("authority", true), text("area", false)];
    fields.extend(by.iter().map(|name| text(&format!("by:{name}"), false)));
    fields.extend([
        text("period", false),
        text("view", false),
        text("shown_for", false),
        text("state", false),
        Field::new("count", DataType::UInt64, true),
        text("numerator", true),
        text("denominator", true),
        text("squares", true),
        text("detail", true),
        Field::new("reported", DataType::UInt32, false),
        Field::new("expected", DataType::UInt32, false),
        Field::new("first_day", DataType::Date32, true),
        Field::new("last_day", DataType::Date32, true),
        Field::new("judged", DataType::UInt64, false),
        Field::new("unjudged", DataType::UInt64, false),
        text("flags", false),
        text("notes", false),
    ]);
    Schema::new(fields)
}

pub use read::from_ipc;
pub use write::to_ipc;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use arrow_array::RecordBatch;
    use arrow_schema::Metadata;

    use super::*;

    fn file(schema: Schema, metadata: &[(&str, &str)]) -> Vec<u8> {
        let own = [(key::SEAL.to_owned(), seal::unsealed())].into_iter();
        let metadata: Metadata =
            own.chain(metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))).collect();
        write::sealed(&RecordBatch::new_empty(Arc::new(schema.with_metadata(metadata)))).unwrap()
    }

    #[test]
    fn a_sealed_file_of_something_else_is_told_by_what_it_lacks() {
        let refused = |metadata: &[(&str, &str)]| from_ipc(&file(states_schema(&[]), metadata)).unwrap_err();
        assert!(refused(&[]).to_string().contains("no 'staysafe.format'"));
        let later = refused(&[(key::FORMAT, "2")]).to_string();
        assert!(later.contains("of format 2") && later.contains("reads 1"), "{later}");
        let odd = refused(&[(key::FORMAT, FORMAT), (key::BY, "age")]);
        assert!(matches!(odd, StatesError::Metadata { key: key::BY, .. }), "{odd}");
        let other = refused(&[(key::FORMAT, FORMAT), (key::BY, "[\"age\"]")]).to_string();
        assert!(other.contains("by:age (Utf8)"), "{other}");
    }
}
