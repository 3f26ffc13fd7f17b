//! Reading registers: any dataset of a framework as a table of separated values or as a workbook, as partners fill
//! it in.
//!
//! What a table is, its header says. Whose it is, of which period and whether it is a nil return stand in lines above
//! the header or on a sheet of their own; what does not stand there the caller says, and nobody guesses.

mod columns;
mod example;
mod extract;
mod file;
mod head;
mod known;
mod links;
mod nil;
mod rows;
mod separated;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::definition::alias::AliasTable;
use staysafe::definition::dataset::{CodeSet, Dataset, Field};
use staysafe::definition::framework::Framework;
use staysafe::record::{Cover, Profile, Reject, Return};
use staysafe::value::Datum;

use crate::workbook::Cell;

pub(crate) use extract::{is_list, nearly};
pub(crate) use file::{read, read_lists};
pub(crate) use head::{LABELS, Label};
pub(crate) use known::{Sniffed, sniff};
pub(crate) use links::unknown_records;
pub(crate) use nil::declared;
pub(crate) use rows::look;

/// The mark of a register in what its header says.
pub(crate) const REGISTER: &str = "register";

/// What a framework says of the files that partners fill in: its datasets, codes and agencies.
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// use staysafe_io::Registers;
/// let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
/// assert!(Registers::of(&framework).datasets().any(|id| id == "restraint_incident"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registers {
    inner: Arc<Schemas>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Schemas {
    datasets: BTreeMap<String, Dataset>,
    code_sets: BTreeMap<String, CodeSet>,
    /// Names by id.
    agencies: BTreeMap<String, String>,
    /// Local spellings by code set.
    aliases: BTreeMap<String, AliasTable>,
}

impl Registers {
    /// The datasets of a framework.
    pub fn of(framework: &Framework) -> Self {
        let agencies = framework.agencies.iter();
        Self {
            inner: Arc::new(Schemas {
                datasets: framework.datasets.clone(),
                code_sets: framework.code_sets.clone(),
                agencies: agencies.map(|(id, agency)| (id.clone(), agency.name.value.clone())).collect(),
                aliases: framework.aliases.clone(),
            }),
        }
    }

    /// The same with these local spellings in place of the framework's: see [`read_alias_file`](crate::read_alias_file).
    #[must_use]
    pub fn with_aliases(mut self, aliases: BTreeMap<String, AliasTable>) -> Self {
        Arc::make_mut(&mut self.inner).aliases = aliases;
        self
    }

    /// The local spellings of a code set.
    pub(crate) fn aliases(&self, set: &str) -> Option<&AliasTable> {
        self.inner.aliases.get(set)
    }

    /// Their ids, in order.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        self.inner.datasets.keys().map(String::as_str)
    }

    /// What a return holds of the datasets that it may carry.
    pub(crate) fn profile(&self, data: &Return, rejects: &[Reject], cover: Cover) -> Profile {
        type Known<'a> = (&'a str, Vec<Arc<str>>, Vec<bool>);
        let known: Vec<Known<'_>> = self
            .inner
            .datasets
            .values()
            .filter(|dataset| dataset.carried_by.value == data.kind)
            .map(|dataset| {
                let fields = dataset.fields.iter();
                let names = fields.clone().map(|field| Arc::from(field.name.value.as_str())).collect();
                (dataset.id.value.as_str(), names, fields.map(|field| field.personal).collect())
            })
            .collect();
        let layout = known.iter().map(|(id, fields, personal)| (*id, fields.as_slice(), personal.as_slice()));
        crate::profile::profile(layout, data, rejects, cover)
    }

    pub(crate) fn dataset(&self, id: &str) -> Option<&Dataset> {
        self.inner.datasets.get(id)
    }

    /// What stands in a field of the worked row.
    pub(crate) fn example(&self, field: &Field) -> Datum {
        example::example(self, field)
    }

    pub(crate) fn codes(&self, set: &str) -> Option<&CodeSet> {
        self.inner.code_sets.get(set)
    }
}

/// A table as it stands in a file: a sheet of a workbook, or the whole of a file of separated values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Raw {
    /// The sheet's name.
    sheet: Option<String>,
    rows: Vec<RawRow>,
    /// Whether the last line has no line break: it may have been cut.
    cut: bool,
    /// Whether a bare number may be a day counted from 1900, as in a workbook.
    serials: bool,
}

/// A row as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RawRow {
    /// Line, or row of the sheet, from 1.
    line: u64,
    /// `None` where a quotation mark is never closed, so that nobody can tell the cells apart.
    cells: Option<Vec<Cell>>,
}

impl Cell {
    /// What stands there as text.
    fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) | Self::Number(text) | Self::CutNumber(text) | Self::Moment(text) => {
                crate::delimited::trim(text).to_owned()
            }
            Self::Date(day) => day.to_string(),
            Self::Bool(answer) => if *answer { "yes" } else { "no" }.to_owned(),
            Self::Error(text) => text.clone(),
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => crate::delimited::trim(text).is_empty(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
