//! Reading the looked-after children return (SSDA903): as tables of comma-separated values, one file to a table and all
//! files of a year one return, or as one file of XML.
//!
//! Nothing in the tables says whose they are or of which year: both are given. A file of XML may say it.

mod cell;
mod elements;
mod file;
mod head;
mod layout;
mod people;
mod rows;
mod said;

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use chrono::NaiveDate;
use staysafe::record::{Cover, Days, Reject, Return, Row, Submission, Table};
use staysafe::value::Datum;

use crate::census::{Account, ReadReturn};
use crate::error::{FaultKind, FileFault, ReadError};
use crate::notes::Notes;
use crate::profile::profile;
use crate::registers::look;
use crate::returns::{Notice, ReadOptions};
use layout::{Layout, SSDA903};

pub(crate) use head::{columns_known, sniff};

/// Whether a file is this return in its XML form, from its first bytes.
pub(crate) fn is_xml(head: &[u8]) -> bool {
    is_markup(head) && crate::xml::root(head).is_some_and(|name| elements::is_root(&name))
}

/// Whether a file begins as XML does.
fn is_markup(head: &[u8]) -> bool {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().starts_with(b"<")
}

/// The rows of one table so far.
#[derive(Debug)]
struct Building {
    rows: Vec<Row>,
    /// The files it came from.
    files: Vec<String>,
    /// Columns that some file of it lacks.
    lacking: Vec<bool>,
}

/// The file names its authority by another code than the caller: [`crate::Returns::resolve_areas`] compares them.
pub(crate) const AREAS_NOT_COMPARED: &str = "areas-not-compared";

/// The state of reading one return.
#[derive(Debug)]
struct Reading<'a> {
    layout: &'a Layout,
    options: &'a ReadOptions,
    year: Option<i32>,
    area: Option<String>,
    /// What a file says of itself, by the names it gives.
    said: BTreeMap<String, String>,
    tables: Vec<Building>,
    rejects: Vec<Reject>,
    notices: Vec<Notice>,
    account: Account,
    truncated: bool,
    /// Each child's number once: it stands on every row.
    children: HashSet<Arc<str>>,
}

/// Reads a looked-after children return (SSDA903) from its tables or its XML form: names of files, and what is in them.
///
/// Which table a file is, its header says, and its name where the header does not. A table that no file gives is
/// not carried; one with its header only is carried and empty. [`ReadOptions::area`] says whose return it is, and
/// [`ReadOptions::year`] the year to 31 March of which it speaks. Without a year every figure from it is *not
/// reported (return year unknown)*.
///
/// A file in XML holds all tables, and may say area and year itself; what is given must then agree. It is read as a
/// stream, child by child.
///
/// Rows are read one by one; beyond the tables the memory needed does not depend on their number.
///
/// # Errors
/// When nobody says the area, the year cannot be one, a file of XML says another area or year, is not well-formed or not
/// UTF-8, a file cannot be read to its end, or no file is of the return. A file that is no table is said in the notices, and the others are read.
///
/// # Example
/// ```
/// use staysafe_io::{ReadOptions, read_ssda903};
/// let episodes = "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\n1,01/05/2017,S,V2,U4,,\n2,2017-06-01,S,C2,K2,x,\n";
/// let reviews = "CHILD,DOB,REVIEW,REVIEW_CODE\n";
/// let files = [("episodes.csv", episodes.as_bytes()), ("reviews.csv", reviews.as_bytes())];
/// let options = ReadOptions { area: Some("E06000001".into()), year: Some(2018), ..ReadOptions::default() };
/// let read = read_ssda903("2017-18", files, &options)?;
/// assert_eq!(read.data.tables["episode"].rows.len(), 2);
/// assert!(read.data.tables["looked_after_review"].rows.is_empty(), "carried and empty");
/// assert!(!read.data.tables.contains_key("care_leaver"), "not carried");
/// assert_eq!(read.rejects.iter().filter(|reject| reject.code == "bad-date").count(), 1);
///
/// let xml = "<EXPSSDA903 LEA='805' YEAR='2018'><CHILD><HEADER><CHILDID>1</CHILDID></HEADER>
///   <EPISODE><DECOM>01/05/2017</DECOM><PL>U4</PL></EPISODE></CHILD></EXPSSDA903>";
/// let read = read_ssda903("903.xml", [("903.xml", xml.as_bytes())], &ReadOptions::default())?;
/// assert_eq!((read.data.area.as_str(), read.data.tables["episode"].rows.len()), ("805", 1));
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn read_ssda903<N: AsRef<str>, R: Read>(
    name: &str,
    files: impl IntoIterator<Item = (N, R)>,
    options: &ReadOptions,
) -> Result<ReadReturn, ReadError> {
    let mut reading = Reading::begin(&SSDA903, name, options)?;
    let mut faults = Vec::new();
    let mut read = 0u32;
    let mut stops = false;
    for (file, input) in files {
        let file = file.as_ref();
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let xml = input.fill_buf().is_ok_and(is_markup);
        let outcome = if xml {
            elements::read(&mut reading, file, input)
        } else {
            file::read(&mut reading, file, input)
        };
        match outcome {
            Ok(()) => read += 1,
            Err(fault) => {
                // What is no table is passed over; what is one and ends early is not, nor is anything in XML.
                stops |= xml || matches!(fault.kind, FaultKind::NotReadable | FaultKind::Truncated { .. });
                faults.push(fault);
            }
        }
    }
    if read == 0 || stops {
        if faults.is_empty() {
            let help = format!("expected the tables of a {}, one file to a table", SSDA903.title);
            faults.push(FileFault::new(name, FaultKind::Empty, "there is no table in it", help));
        }
        return Err(ReadError { faults });
    }
    for fault in faults {
        let line = fault.line.map_or_else(String::new, |line| format!(", line {line}"));
        let said = format!("passed over{line}: {}; {}", fault.message, fault.help);
        reading.notices.push(Notice::new(&fault.file, fault.kind.code(), said));
    }
    reading.check_given(name)?;
    Ok(reading.finish(name))
}

impl<'a> Reading<'a> {
    fn begin(layout: &'a Layout, name: &str, options: &'a ReadOptions) -> Result<Self, FileFault> {
        if options.year.is_some_and(|year| days(year).is_none()) {
            let help = "give the year in which it ends, in four digits: 2018 for the year to 31 March 2018";
            let message = "the year given is no year of a return";
            return Err(FileFault::new(name, FaultKind::NotGiven, message, help));
        }
        let mut reading = Self {
            layout,
            options,
            year: options.year,
            area: options.area.as_deref().map(str::trim).filter(|area| !area.is_empty()).map(str::to_owned),
            said: BTreeMap::new(),
            tables: Vec::new(),
            rejects: Vec::new(),
            notices: Vec::new(),
            account: Account::default(),
            truncated: false,
            children: HashSet::new(),
        };
        let empty = |table: &layout::TableLayout| Building {
            rows: Vec::new(),
            files: Vec::new(),
            lacking: vec![false; table.columns.len()],
        };
        reading.tables = layout.tables.iter().map(empty).collect();
        Ok(reading)
    }

    /// What nobody said: whose the return is stops it, of which year costs its figures.
    fn check_given(&mut self, name: &str) -> Result<(), FileFault> {
        if self.area.is_none() {
            let message = "nothing in a looked-after children return says whose it is";
            let help = "give the authority's code as area, or a pattern of folders with {area} in it";
            return Err(FileFault::new(name, FaultKind::NotGiven, message, help));
        }
        if let (Some(given), Some(said)) = (&self.area, self.said.get("LEA"))
            && given != said
        {
            let message = format!(
                "the file says that it is of authority {said}, and {given} was given; whether that is one authority, \
                 only a framework's areas can tell"
            );
            self.notices.push(Notice::new(name, AREAS_NOT_COMPARED, message));
        }
        let (first, last) = (self.layout.first_year, self.layout.last_year);
        let (code, message) = match self.year {
            Some(year) if (first..=last).contains(&year) => return Ok(()),
            Some(year) => (
                "unknown-year",
                format!(
                    "the {} of {year} is not among the years whose columns and codes are known ({first} to {last}); \
                     codes of other years are said",
                    self.layout.title
                ),
            ),
            None => (
                "no-year",
                "no year was given, and nothing in the return says it: every figure from it is not reported (return \
                 year unknown)"
                    .to_owned(),
            ),
        };
        self.notices.insert(0, Notice::new(name, code, message));
        Ok(())
    }

    /// One text for all that are the same.
    fn same(&mut self, child: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.children.get(child) {
            return known.clone();
        }
        self.children.insert(child.clone());
        child.clone()
    }

    /// A file lacks a column that its figures need.
    fn lacks(&mut self, table: usize, column: usize) {
        let lacking = self.tables.get_mut(table).and_then(|table| table.lacking.get_mut(column));
        if let Some(lacking) = lacking {
            *lacking = true;
        }
    }

    /// A file was read to its end.
    fn take(&mut self, table: usize, file: &str, rows: Vec<Row>) {
        let Some(building) = self.tables.get_mut(table) else { return };
        building.rows.extend(rows);
        building.files.push(file.to_owned());
        if let [first, .., _] = building.files.as_slice() {
            let name = self.layout.tables.get(table).map_or("", |table| table.name.as_str());
            let message =
                format!("this file and {first} both hold the table {name}; the rows of both were read");
            self.notices.push(Notice::new(file, "second-file-of-a-table", message));
        }
    }

    fn finish(mut self, name: &str) -> ReadReturn {
        self.check_people();
        let span = self.year.and_then(days);
        self.check_year(name, span);
        let cover = span.map_or(Cover::YEAR_UNKNOWN, Cover::all);
        let mut tables = BTreeMap::new();
        for (building, layout) in std::mem::take(&mut self.tables).into_iter().zip(&self.layout.tables) {
            let Some(file) = building.files.first().cloned() else { continue };
            let table = building.finish(layout, cover);
            if let Some(dataset) = self.options.registers.as_ref().and_then(|of| of.dataset(&layout.id)) {
                let mut notes = Notes::new(&file);
                let called = |field: &str| {
                    let place = layout.fields.iter().position(|own| **own == *field);
                    let column = place.and_then(|place| layout.columns.get(place));
                    column.map_or_else(|| field.to_owned(), |column| column.name.clone())
                };
                look(dataset, &table, called, false, &mut notes);
                self.rejects.extend(notes.finish());
            }
            tables.insert(layout.id.clone(), table);
        }
        let area = self.area.take().unwrap_or_default();
        let mut header = std::mem::take(&mut self.said);
        header.insert("area".to_owned(), area.clone());
        header.extend(self.year.map(|year| ("year".to_owned(), year.to_string())));
        let data = Return {
            name: name.to_owned(),
            kind: self.layout.kind.clone(),
            area,
            reference_date: span.map(|span| span.last),
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: self.truncated,
            tables,
        };
        let known = self.layout.tables.iter();
        let known =
            known.map(|table| (table.id.as_str(), table.fields.as_slice(), table.personal.as_slice()));
        let profile = profile(known, &data, &self.rejects, cover);
        ReadReturn {
            data,
            profile,
            rejects: self.rejects,
            notices: self.notices,
            header,
            account: self.account,
        }
    }
}

impl Building {
    /// The table, without the columns that some file of it lacks: what needs them is not reported.
    fn finish(mut self, layout: &layout::TableLayout, cover: Cover) -> Table {
        let mut fields = layout.fields.clone();
        if self.lacking.contains(&true) {
            let lacking = std::mem::take(&mut self.lacking);
            let keep = |place: usize| !lacking.get(place).copied().unwrap_or(false);
            fields =
                fields.into_iter().enumerate().filter(|(place, _)| keep(*place)).map(|(_, f)| f).collect();
            for row in &mut self.rows {
                let values = std::mem::take(&mut row.values).into_iter().enumerate();
                row.values =
                    values.filter(|(place, _)| keep(*place)).map(|(_, datum): (_, Datum)| datum).collect();
            }
        }
        self.rows.shrink_to_fit();
        Table { fields, rows: self.rows, cover }
    }
}

/// The financial year that ends in a year; `None` for what is no year of a return.
///
/// Source: ruling 5 (the return's financial year, for events, starts, ends and stocks).
fn days(year: i32) -> Option<Days> {
    if !(1990..=2100).contains(&year) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year - 1, 4, 1)?;
    Some(Days { first, last: NaiveDate::from_ymd_opt(year, 3, 31)? })
}

#[cfg(test)]
mod tests;
