//! The return in its XML form: elements in, rows of the same tables out.
//!
//! A child's records become rows when the child ends, because its number may stand anywhere in it; beyond that and
//! the tables nothing is held.

mod child;

use std::io::BufRead;

use staysafe::record::Lost;

use super::Reading;
use super::layout::Need;
use super::rows::{Rows, Spot, To};
use super::said::{self, Part};
use crate::delimited::{plain, trim};
use crate::error::{FaultKind, FileFault};
use crate::notes::{Notes, Place};
use crate::values::is_blank;
use crate::xml::{self, Elements, shown, without_prefix};
use child::Child;

/// Where a value goes.
#[derive(Debug, Clone, Copy)]
enum Goes {
    /// To the child's one record of a table: its header, or what stands in it without an element of its own.
    ToChild,
    /// To the record that is open.
    ToRecord,
}

/// What an open element is.
#[derive(Debug, Clone, Copy)]
enum Frame {
    /// The outermost, or what stands around all children.
    Outer,
    SaidGroup,
    Said(Part),
    Child,
    Header,
    /// A record of a table.
    Record,
    /// Stands around records of a table.
    Around(usize),
    /// Says whether the child has a record of a table, or is the record.
    Flag(usize),
    Value(Goes, usize, usize),
    PassedOver,
}

/// The state of reading one file.
struct Machine<'r, 'a> {
    reading: &'r mut Reading<'a>,
    file: &'r str,
    header: usize,
    frames: Vec<Frame>,
    /// The name of the value that is open, as the file writes it.
    name: String,
    /// Its text.
    text: String,
    /// Whether an element stands inside it.
    broken: bool,
    tables: Vec<Rows<'a>>,
    /// Which tables the file has anything of.
    carried: Vec<bool>,
    /// Which columns of each table the file has an element of.
    given: Vec<Vec<bool>>,
    notes: Notes,
    child: Option<Child>,
    children: u32,
    whole_children: u64,
    /// The first thing that an attribute of the outermost element got wrong.
    fault: Option<FileFault>,
    begun: bool,
}

/// Reads a file in XML.
pub(super) fn read(reading: &mut Reading<'_>, name: &str, input: impl BufRead) -> Result<(), FileFault> {
    let layout = reading.layout;
    let tables: Vec<Rows<'_>> =
        (0..layout.tables.len()).filter_map(|place| Rows::of(layout, place)).collect();
    let mut machine = Machine {
        header: layout.tables.iter().position(|table| table.id == "looked_after_child").unwrap_or_default(),
        file: name,
        frames: Vec::new(),
        name: String::new(),
        text: String::new(),
        broken: false,
        carried: vec![false; tables.len()],
        given: tables.iter().map(|rows| vec![false; rows.table.columns.len()]).collect(),
        tables,
        notes: Notes::new(name),
        child: None,
        children: 0,
        whole_children: 0,
        fault: None,
        begun: false,
        reading,
    };
    xml::drive(&mut machine, input)?;
    machine.finish();
    Ok(())
}

impl<'r> Elements<'r> for Machine<'r, '_> {
    fn file(&self) -> &'r str {
        self.file
    }

    fn is_complete(&self) -> bool {
        self.begun && self.frames.is_empty()
    }

    fn in_value(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Value(..) | Frame::Said(_) | Frame::Flag(_)))
    }

    fn attribute(&mut self, name: &str, value: &str, line: u64) {
        let part = said::part(&plain(name)).filter(|_| !self.begun);
        if let Some(part) = part {
            let outcome = self.reading.said(self.file, (part, name), value, line);
            self.fault = self.fault.take().or(outcome.err());
            return;
        }
        let at = Place { record: self.children, line, dataset: None, element: name };
        let title = &self.reading.layout.title;
        self.notes.odd(at, "unknown-attribute", value, true, || {
            format!("the {title} has no such attribute; what it says is not used")
        });
    }

    fn start(&mut self, name: &str, line: u64) -> Result<(), FileFault> {
        self.reading.account.elements += 1;
        let name = without_prefix(name);
        let frame = match self.frames.last().copied() {
            None => self.start_root(name, line)?,
            Some(Frame::Outer) => self.start_outside(name, line)?,
            Some(Frame::SaidGroup) => self.start_said(name, line),
            Some(Frame::Child | Frame::Header) => self.start_in_child(name, line),
            Some(Frame::Record) => self.start_in_record(name, line),
            Some(Frame::Around(table)) => match self.table_called(&plain(name)) {
                Some(found) if found == table => self.begin_record(table, line),
                _ => self.pass_over(name, line),
            },
            Some(Frame::Flag(table)) => {
                self.flag_is_a_record(table, line);
                self.start_in_record(name, line)
            }
            Some(Frame::Value(..) | Frame::Said(_)) => {
                self.broken = true;
                self.pass_over(name, line)
            }
            Some(Frame::PassedOver) => {
                self.reading.account.passed_over += 1;
                Frame::PassedOver
            }
        };
        self.frames.push(frame);
        Ok(())
    }

    fn text(&mut self, text: &str, line: u64) {
        if self.in_value() {
            self.text.push_str(text);
        } else if !is_blank(text) && !matches!(self.frames.last(), Some(Frame::PassedOver)) {
            self.stray(trim(text), line);
        }
    }

    fn end(&mut self, line: u64) -> Result<(), FileFault> {
        match self.frames.pop() {
            Some(Frame::Value(goes, table, column)) => self.end_value(goes, table, column, line),
            Some(Frame::Flag(table)) => self.end_flag(table, line),
            Some(Frame::Record) => self.end_record(line),
            Some(Frame::Child) => self.end_child(line),
            Some(Frame::Said(part)) => {
                if self.broken {
                    let message = format!("the file's {} holds elements", shown(&self.name));
                    let help = "expected a value without elements inside it";
                    return Err(FileFault::new(self.file, FaultKind::Header, message, help).at(line));
                }
                return self.reading.said(self.file, (part, &self.name), &self.text, line);
            }
            _ => {}
        }
        Ok(())
    }

    fn cut_off(&mut self, line: u64) -> Result<(), FileFault> {
        if !self.begun {
            return Err(self.not_a_return("there is no element in it").at(line));
        }
        let whole = self.whole_children;
        let message = format!("the file ends in the middle; whole children before that: {whole}");
        if self.reading.options.refuse_truncated {
            let help = "figures from part of a return are wrong; ask for the whole file";
            let kind = FaultKind::Truncated { children: whole };
            return Err(FileFault::new(self.file, kind, message, help).at(line));
        }
        self.reading.truncated = true;
        if self.child.is_some() {
            // Values still open were counted as elements only.
            let open = self.frames.iter().filter(|frame| matches!(frame, Frame::Value(..) | Frame::Flag(_)));
            self.reading.account.lost_with_child += open.count() as u64;
            self.reject_child("truncated", line, "the file ends inside this child; ask for the whole file");
        }
        let said = format!(
            "{message}; every figure from this return is marked partly reported; ask for the whole file"
        );
        self.reading.notice(self.file, "truncated", said);
        Ok(())
    }
}

impl Machine<'_, '_> {
    fn start_root(&mut self, name: &str, line: u64) -> Result<Frame, FileFault> {
        if self.begun {
            let help = "one file holds one return; split it at this line";
            let message = "a second document begins after the first has ended";
            return Err(FileFault::new(self.file, FaultKind::NotWellFormed, message, help).at(line));
        }
        if !is_root(name) {
            let what = format!("its outermost element is {}", shown(name));
            return Err(self.not_a_return(&what).at(line));
        }
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        self.begun = true;
        Ok(self.structure(Frame::Outer))
    }

    fn start_outside(&mut self, name: &str, line: u64) -> Result<Frame, FileFault> {
        let key = plain(name);
        match key.as_str() {
            "CHILD" => {
                self.begin_child(line);
                Ok(self.structure(Frame::Child))
            }
            "CHILDREN" => Ok(self.structure(Frame::Outer)),
            _ if said::part(&key).is_none() => Ok(self.pass_over(name, line)),
            _ if self.children > 0 => {
                let message = format!("{} stands after children", shown(name));
                let help = "whose the return is and of which year stands above them";
                Err(FileFault::new(self.file, FaultKind::Header, message, help).at(line))
            }
            _ => Ok(self.start_said(name, line)),
        }
    }

    fn start_said(&mut self, name: &str, line: u64) -> Frame {
        let Some(part) = said::part(&plain(name)) else { return self.pass_over(name, line) };
        self.reading.account.header += 1;
        self.begin_value(name);
        if part == Part::Group { Frame::SaidGroup } else { Frame::Said(part) }
    }

    fn start_in_child(&mut self, name: &str, line: u64) -> Frame {
        let key = plain(name);
        let layout = self.reading.layout;
        if key == "HEADER" && matches!(self.frames.last(), Some(Frame::Child)) {
            return self.structure(Frame::Header);
        }
        if let Some(column) = layout.tables.get(self.header).and_then(|table| table.called(&key)) {
            return self.start_value(Goes::ToChild, self.header, column, name);
        }
        if let Some(table) = self.table_called(&key).filter(|table| *table != self.header) {
            self.carry(table);
            if layout.tables.get(table).is_some_and(|of| of.flag.as_ref() == Some(&key)) {
                self.begin_value(name);
                return Frame::Flag(table);
            }
            return self.begin_record(table, line);
        }
        let mut in_child = layout.tables.iter().enumerate().filter(|(_, table)| table.in_child);
        match in_child.find_map(|(place, table)| table.called(&key).map(|column| (place, column))) {
            Some((table, column)) => self.start_value(Goes::ToChild, table, column, name),
            None => self.pass_over(name, line),
        }
    }

    fn start_in_record(&mut self, name: &str, line: u64) -> Frame {
        let Some(table) = self.child.as_ref().and_then(Child::open_table) else {
            return self.pass_over(name, line);
        };
        let key = plain(name);
        let column = self.tables.get(table).and_then(|rows| rows.table.called(&key));
        if let Some(column) = column {
            return self.start_value(Goes::ToRecord, table, column, name);
        }
        // An element of its own name inside: then the outer one only stands around records.
        if self.table_called(&key) == Some(table) && self.child.as_mut().is_some_and(Child::drop_untouched) {
            if let Some(around) = self.frames.last_mut() {
                *around = Frame::Around(table);
            }
            return self.begin_record(table, line);
        }
        self.pass_over(name, line)
    }

    fn start_value(&mut self, goes: Goes, table: usize, column: usize, name: &str) -> Frame {
        self.carry(table);
        if let Some(given) = self.given.get_mut(table).and_then(|given| given.get_mut(column)) {
            *given = true;
        }
        self.begin_value(name);
        Frame::Value(goes, table, column)
    }

    fn begin_value(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.text.clear();
        self.broken = false;
    }

    fn structure(&mut self, frame: Frame) -> Frame {
        self.reading.account.structure += 1;
        frame
    }

    fn carry(&mut self, table: usize) {
        if let Some(carried) = self.carried.get_mut(table)
            && !std::mem::replace(carried, true)
            && let Some(rows) = self.tables.get(table)
        {
            rows.check_year(self.reading, self.file);
        }
    }

    /// The table that an element is a record of.
    fn table_called(&self, key: &str) -> Option<usize> {
        self.reading.layout.tables.iter().position(|table| table.names.iter().any(|name| name == key))
    }

    /// An element that means nothing here: it and all below it are passed over, and reported by name.
    fn pass_over(&mut self, name: &str, line: u64) -> Frame {
        self.reading.account.passed_over += 1;
        let layout = self.reading.layout;
        let key = plain(name);
        let known = layout.knows(&key) || self.table_called(&key).is_some() || key == "CHILD";
        let is_record = self.table_called(&key).is_some() || key == "CHILD";
        let at = Place { record: self.children, line, dataset: None, element: name };
        let code = if known { "misplaced-element" } else { "unknown-element" };
        let message = || {
            if known {
                return format!("{} does not belong here; it was passed over with all below it", shown(name));
            }
            let columns = layout.tables.iter().flat_map(|table| &table.columns);
            let names = columns.flat_map(|column| &column.keys).map(String::as_str);
            let tables = layout.tables.iter().flat_map(|table| &table.names).map(String::as_str);
            let near = staysafe::diagnostic::nearest(&key, names.chain(tables));
            let near = near.map(|near| format!("; the nearest known is {}", shown(near))).unwrap_or_default();
            format!("the {} has no such element; it was passed over with all below it{near}", layout.title)
        };
        if is_record || matches!(self.frames.last(), Some(Frame::Outer | Frame::Around(_))) {
            self.notes.passed_over(at, code, message);
        } else {
            self.notes.odd(at, code, "", false, message);
        }
        Frame::PassedOver
    }

    fn stray(&mut self, text: &str, line: u64) {
        let open = self.child.as_ref().and_then(Child::open_table);
        let table = open.and_then(|table| self.reading.layout.tables.get(table));
        let element = match self.frames.last() {
            Some(Frame::Child) => "CHILD",
            Some(Frame::Header) => "HEADER",
            _ => table.map_or("the return", |table| table.name.as_str()),
        };
        let dataset = table.map(|table| table.id.as_str());
        let at = Place { record: self.children, line, dataset, element };
        self.notes.odd(at, "stray-text", text, true, || {
            format!("text that belongs to no element stands inside {element}; it is not used")
        });
    }

    /// Everything was read.
    fn finish(mut self) {
        if self.children == 0 {
            self.reading.notice(self.file, "no-children", "there is no child in the file");
        }
        for (place, rows) in self.tables.into_iter().enumerate() {
            if !self.carried.get(place).copied().unwrap_or(false) {
                continue;
            }
            let given = self.given.get(place).map(Vec::as_slice).unwrap_or_default();
            for (column, _) in rows.table.columns.iter().zip(given).filter(|(column, given)| {
                // What the child itself gives needs no element of its own here.
                let of_the_child = place != self.header && !column.own;
                let asked = column.stands_in(self.reading.year) && column.need != Need::Nothing;
                !**given && !of_the_child && asked && !rows.is_empty()
            }) {
                let at = rows.at(Spot { record: 0, line: 1 }, &column.name);
                let words = "no record of the file gives this element; it was read as blank everywhere";
                self.notes.odd_many(at, "element-never-given", 1, words.to_owned());
            }
            rows.finish(&mut To { reading: &mut *self.reading, notes: &mut self.notes }, self.file);
        }
        self.reading.rejects.extend(self.notes.finish());
    }

    /// A value that has elements inside it.
    fn reject_broken(&mut self, table: usize, line: u64) {
        self.reading.account.rejected += 1;
        let Some(rows) = self.tables.get(table) else { return };
        let at = rows.at(Spot { record: self.children, line }, &self.name);
        let message = "expected a value without elements inside it".to_owned();
        self.notes.reject(at, "element-inside-value", Lost::Value, trim(&self.text), true, message);
    }

    fn not_a_return(&self, what: &str) -> FileFault {
        let title = &self.reading.layout.title;
        let help = "expected the XML file of the return: <EXPSSDA903> with a <CHILD> for each child";
        FileFault::new(self.file, FaultKind::AnotherKind, format!("this is not a {title}: {what}"), help)
    }
}

/// Whether an element is the outermost of this return.
pub(super) fn is_root(name: &str) -> bool {
    plain(name).contains("903")
}
