//! Reading a national return in XML: events in, typed tables out, nothing lost without a word.
//!
//! The reader holds one child at a time beyond the tables it fills. Every element of the file is in
//! exactly one column of [`Account`]: a test holds it to that for files of any shape.

mod header;
mod machine;
mod record;

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Serialize;
use staysafe::record::{Profile, Reject, Return};

use crate::error::FileFault;
use crate::layout::{CIN_CENSUS, Layout};
use crate::returns::{Notice, ReadOptions};
use crate::xml;

/// One return as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadReturn {
    /// The records.
    pub data: Return,
    /// What the return holds.
    pub profile: Profile,
    /// What could not be used.
    pub rejects: Vec<Reject>,
    /// What a reader of the figures should know.
    pub notices: Vec<Notice>,
    /// The header's elements as the file gives them.
    pub header: BTreeMap<String, String>,
    /// What became of each element.
    pub account: Account,
}

/// What became of each element of a file: the other columns add up to `elements`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Elements in the file.
    pub elements: u64,
    /// Elements that hold others together: `Child`, `Section47`, `Reviews`.
    pub structure: u64,
    /// Elements of the header.
    pub header: u64,
    /// Values that stand in a table.
    pub known: u64,
    /// Elements for a value, without one.
    pub empty: u64,
    /// Values that were rejected; each is in the list of rejects.
    pub rejected: u64,
    /// Elements that no layout knows here, repeats of a value, and all below them; reported by kind.
    pub passed_over: u64,
    /// Values of children that were rejected whole.
    pub lost_with_child: u64,
}

impl Account {
    /// Whether every element is accounted for.
    pub fn is_complete(&self) -> bool {
        let parts = [
            self.structure,
            self.header,
            self.known,
            self.empty,
            self.rejected,
            self.passed_over,
            self.lost_with_child,
        ];
        parts.iter().sum::<u64>() == self.elements
    }

    /// Counts the values that were read since then as lost: the record or the child that they are of is rejected.
    pub(crate) fn lose_since(&mut self, before: Self) {
        let known = self.known - before.known;
        let empty = self.empty - before.empty;
        let rejected = self.rejected - before.rejected;
        self.lost_with_child += known + empty + rejected;
        self.known = before.known;
        self.empty = before.empty;
        self.rejected = before.rejected;
    }
}

/// Reads a children in need census.
///
/// The file is read as a stream: beyond the tables the memory needed does not depend on its length.
/// Document types and entities are refused, so that a small file cannot become a large one.
///
/// # Errors
/// When the file is of another kind, is not well-formed or not UTF-8, ends in the middle of its header (or anywhere, with
/// [`ReadOptions::refuse_truncated`]), or its header lacks the reference date or the authority.
///
/// # Example
/// ```
/// use staysafe_io::{ReadOptions, read_census};
/// let xml = "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>
///   <ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails><Source><LEA>201</LEA></Source></Header>
///   <Children><Child><ChildIdentifiers><LAchildID>A</LAchildID></ChildIdentifiers>
///   <CINdetails><CINreferralDate>2023-05-01</CINreferralDate></CINdetails></Child></Children></Message>";
/// let read = read_census("cin.xml", xml.as_bytes(), &ReadOptions::default())?;
/// assert_eq!(read.data.tables["referral"].rows.len(), 1);
/// assert!(!read.data.tables.contains_key("section_47"), "not carried is not the same as empty");
///
/// let cut = read_census("cin.xml", &xml.as_bytes()[..300], &ReadOptions::default())?;
/// assert!(cut.data.truncated, "its figures will be marked");
/// let options = ReadOptions { refuse_truncated: true, ..ReadOptions::default() };
/// let refused = read_census("cin.xml", &xml.as_bytes()[..300], &options);
/// assert_eq!(refused.map_err(|fault| fault.kind.code()).err(), Some("truncated"));
/// # Ok::<(), staysafe_io::FileFault>(())
/// ```
pub fn read_census(name: &str, input: impl BufRead, options: &ReadOptions) -> Result<ReadReturn, FileFault> {
    read(&CIN_CENSUS, name, input, options)
}

fn read(
    layout: &Layout,
    name: &str,
    input: impl BufRead,
    options: &ReadOptions,
) -> Result<ReadReturn, FileFault> {
    let mut machine = machine::Machine::new(layout, name, options);
    xml::drive(&mut machine, input)?;
    machine.finish()
}

#[cfg(test)]
mod tests;
