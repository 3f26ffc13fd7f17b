//! The tables of one authority.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::Datelike;
use staysafe::calculate::join::Authority;
use staysafe::check::Checked;
use staysafe::definition::dataset::{CodeOf, Dataset};
use staysafe::record::Return;

use super::frame::Frame;
use super::loaded::Held;
use super::words::Words;

/// Tables by dataset, the derived ones among them.
#[derive(Debug, Clone)]
pub(crate) struct Tables<'a> {
    frames: BTreeMap<&'a str, Arc<Frame<'a>>>,
    /// What the return calls the authority.
    pub(crate) area: &'a str,
}

impl<'a> Tables<'a> {
    /// The tables of a joined return.
    pub(crate) fn new(checked: &'a Checked, authority: &'a Authority<'_>, words: &mut Words) -> Self {
        let of = authority.of();
        let mut frames = BTreeMap::new();
        for (id, table) in &of.tables {
            let Some(dataset) = checked.framework().datasets.get(id) else { continue };
            let mut frame = Frame::new(dataset, table, authority.aside(id), words);
            frame.codes = codes(checked, dataset, of, words).into();
            frames.insert(id.as_str(), Arc::new(frame));
        }
        Self { frames, area: &of.area }
    }

    /// The tables of returns whose columns were made before; those that were kept as records have theirs made now.
    pub(crate) fn loaded(
        checked: &'a Checked,
        authority: &'a Authority<'_>,
        held: &[BTreeMap<String, Held>],
        words: &mut Words,
    ) -> Self {
        let made = Self::new(checked, authority, words);
        let of = authority.of();
        let mut frames = made.frames;
        for (id, held) in authority.places().iter().filter_map(|place| held.get(*place)).flatten() {
            let (Some((id, table)), Some(dataset)) =
                (of.tables.get_key_value(id), checked.framework().datasets.get(id))
            else {
                continue;
            };
            let columns = (held.rows, &held.kept);
            let mut frame =
                Frame::of_columns(dataset, held.joined(), columns, &table.cover, authority.aside(id));
            frame.codes = codes(checked, dataset, of, words).into();
            frames.insert(id.as_str(), Arc::new(frame));
        }
        Self { frames, area: made.area }
    }

    /// The table of a dataset or a derived table; `None` where the return does not carry it.
    pub(crate) fn frame(&self, id: &str) -> Option<&Frame<'a>> {
        self.frames.get(id).map(Arc::as_ref)
    }

    /// As [`frame`](Self::frame), to keep.
    pub(crate) fn shared_frame(&self, id: &str) -> Option<&Arc<Frame<'a>>> {
        self.frames.get(id)
    }

    /// Where each table lies: tables of the same places are the same.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = usize> {
        self.frames.values().map(|frame| Arc::as_ptr(frame).addr())
    }

    /// Puts a derived table beside the datasets.
    pub(crate) fn add(&mut self, id: &'a str, frame: Arc<Frame<'a>>) {
        self.frames.insert(id, frame);
    }
}

/// The codes of each field in the year of a return; of any year, where it has no day that it speaks of.
fn codes(checked: &Checked, dataset: &Dataset, of: &Return, words: &mut Words) -> Vec<Option<BTreeSet<u32>>> {
    let year = of.reference_date.map(|day| day.year());
    let valid = |code: &&CodeOf| {
        let begun = |year: i32| code.from.as_ref().is_none_or(|from| from.value <= year);
        let goes_on = |year: i32| code.to.as_ref().is_none_or(|to| year <= to.value);
        year.is_none_or(|year| begun(year) && goes_on(year))
    };
    let of_field = |field: &staysafe::definition::dataset::Field| {
        let set = checked.framework().code_sets.get(&field.codes.as_ref()?.value)?;
        Some(
            set.codes
                .iter()
                .filter(valid)
                .map(|code| words.number(&code.code.value.as_str().into()))
                .collect(),
        )
    };
    dataset.fields.iter().map(of_field).collect()
}
