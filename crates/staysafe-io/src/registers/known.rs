//! Which dataset a table is of, told by its header.

use staysafe::definition::dataset::Dataset;

use super::{Raw, RawRow, Registers, head};
use crate::delimited::plain;

/// A header stands among so many rows: the lines that say whose it is stand above it.
pub(super) const FIRST_ROWS: usize = 40;

/// How well a header fits a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Fields that it names.
    named: usize,
    /// Fields that it lacks, fewer being better.
    lacking: std::cmp::Reverse<usize>,
}

/// What the header of a table says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Of {
    /// One dataset.
    One(String),
    /// Several fit equally well.
    Several(Vec<String>),
}

/// The cells of a row in the form in which names are compared.
fn keys(row: &RawRow) -> Vec<String> {
    let cells = row.cells.as_deref().unwrap_or_default();
    cells.iter().map(|cell| plain(&cell.shown())).filter(|key| !key.is_empty()).collect()
}

fn fit(dataset: &Dataset, keys: &[String]) -> Option<Fit> {
    let is_named = |name: &str| keys.contains(&plain(name));
    let named = dataset.fields.iter().filter(|field| is_named(&field.name.value)).count();
    let enough = named >= 2 || (named == 1 && dataset.fields.len() == 1);
    (enough && named * 2 >= keys.len())
        .then(|| Fit { named, lacking: std::cmp::Reverse(dataset.fields.len() - named) })
}

/// The first row that is a header, by its place, with the datasets that it fits best.
pub(super) fn header(registers: &Registers, raw: &Raw) -> Option<(usize, Vec<String>)> {
    raw.rows.iter().take(FIRST_ROWS).enumerate().find_map(|(place, row)| {
        let best = best(registers, &keys(row));
        (!best.is_empty()).then_some((place, best))
    })
}

fn best(registers: &Registers, keys: &[String]) -> Vec<String> {
    let fits: Vec<(Fit, &String)> =
        registers.inner.datasets.iter().filter_map(|(id, dataset)| Some((fit(dataset, keys)?, id))).collect();
    let Some(most) = fits.iter().map(|(fit, _)| *fit).max() else { return Vec::new() };
    fits.into_iter().filter(|(fit, _)| *fit == most).map(|(_, id)| id.clone()).collect()
}

/// How many of a row's cells are columns of the dataset that it fits best; 0 where it is no header.
pub(super) fn columns(registers: &Registers, cells: &[String]) -> usize {
    let keys: Vec<String> = cells.iter().map(|cell| plain(cell)).filter(|key| !key.is_empty()).collect();
    registers
        .inner
        .datasets
        .values()
        .filter_map(|dataset| fit(dataset, &keys))
        .map(|fit| fit.named)
        .max()
        .unwrap_or(0)
}

/// Whether a header names any field of a dataset, and no more strangers than fields.
pub(super) fn fits(dataset: &Dataset, row: &RawRow) -> bool {
    fit(dataset, &keys(row)).is_some()
}

/// Of the datasets that a header fits, the one that the names say, where one alone is not enough.
pub(super) fn settle(fitting: Vec<String>, names: &[&str]) -> Of {
    let said = |id: &String| names.iter().any(|name| plain(name).contains(&plain(id)));
    match fitting.as_slice() {
        [only] => Of::One(only.clone()),
        several => {
            let mut named: Vec<&String> = several.iter().filter(|id| said(id)).collect();
            named.sort_by_key(|id| std::cmp::Reverse(id.len()));
            match named.as_slice() {
                [] => Of::Several(fitting),
                [first, ..] => Of::One((*first).clone()),
            }
        }
    }
}

/// Whether the beginning of a file is a register's; with how many of its columns are a dataset's, and its header.
pub(crate) fn sniff(registers: &Registers, name: &str, start: &[u8]) -> Option<Sniffed> {
    let columns = |cells: &[String]| columns(registers, cells);
    let raw = super::separated::table(name, start, columns, &mut Vec::new()).ok()?;
    let labelled = head::is_labelled(&raw);
    let Some((place, fitting)) = header(registers, &raw) else {
        // A template whose columns nobody knows is a register all the same, and is told what its columns should be.
        return labelled.then(|| Sniffed { labelled, named: 0, header: Vec::new() });
    };
    let row = raw.rows.get(place)?;
    let keys = keys(row);
    let dataset = registers.dataset(fitting.first()?)?;
    Some(Sniffed {
        labelled,
        named: fit(dataset, &keys)?.named,
        header: row.cells.as_deref().unwrap_or_default().iter().map(super::Cell::shown).collect(),
    })
}

/// What the beginning of a file says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sniffed {
    /// Whether lines above the header say whose it is, as no other return's do.
    pub(crate) labelled: bool,
    /// Columns that are a dataset's.
    pub(crate) named: usize,
    /// The header as it is written.
    pub(crate) header: Vec<String>,
}
