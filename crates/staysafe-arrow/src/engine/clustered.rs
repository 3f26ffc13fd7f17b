//! A table's rows laid out anew by a key, those of one key side by side: what counts by key is then read in one sweep.

use std::sync::{Arc, OnceLock};

use super::column::Column;
use super::frame::Kept;
use super::keys::Index;

/// Columns in the order of a key. Each is laid out when it is asked for, and kept.
#[derive(Debug)]
pub(crate) struct Clustered {
    /// The fields of the key.
    pub(crate) fields: Vec<usize>,
    /// The table's rows by that key.
    pub(crate) index: Arc<Index>,
    /// The table's own columns.
    of: Vec<Option<Column>>,
    columns: Vec<OnceLock<Option<Column>>>,
    /// The number of the table that this is a layout of.
    pub(crate) number: u64,
    pub(crate) kept: Arc<Kept>,
}

impl Clustered {
    pub(crate) fn new(fields: &[usize], index: Arc<Index>, of: &[Option<Column>], kept: &Kept) -> Self {
        Self {
            fields: fields.to_vec(),
            index,
            of: of.to_vec(),
            columns: of.iter().map(|_| OnceLock::new()).collect(),
            number: kept.number,
            kept: Arc::new(kept.laid_out()),
        }
    }

    pub(crate) fn column(&self, field: usize) -> Option<&Column> {
        let laid_out = || self.of.get(field)?.as_ref().map(|column| column.pick(self.index.by_group()));
        self.columns.get(field)?.get_or_init(laid_out).as_ref()
    }

    /// The table's own column.
    pub(crate) fn own(&self, field: usize) -> Option<&Column> {
        self.of.get(field)?.as_ref()
    }

    /// The row of the table that stands at a place.
    pub(crate) fn row(&self, place: u32) -> u32 {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.index.by_group().get(place))
            .copied()
            .unwrap_or(place)
    }
}
