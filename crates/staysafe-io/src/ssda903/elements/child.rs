//! One child of the file: its own values, its records, and what becomes of them at its end.

use staysafe::record::Lost;
use staysafe::value::{Datum, Value};

use super::{Frame, Goes, Machine};
use crate::census::Account;
use crate::delimited::trim;
use crate::layout::Form;
use crate::notes::Place;
use crate::ssda903::cell::{self, Cell};
use crate::ssda903::layout::{Column, Need};
use crate::ssda903::rows::{Rows, Spot, To};

/// A record whose rows wait for the child's end.
#[derive(Debug)]
struct Record {
    table: usize,
    values: Vec<Datum>,
    /// The line on which it begins.
    line: u64,
    /// What was counted and noted before it.
    before: (Account, usize),
    /// Whether it has any element.
    touched: bool,
}

/// The child that is open.
#[derive(Debug)]
pub(super) struct Child {
    line: u64,
    before: (Account, usize),
    /// For each table the child's one record of it that stands in the child itself; the header among them.
    own: Vec<Vec<Datum>>,
    /// What is said of whether the child has a record of each table.
    flags: Vec<Option<bool>>,
    open: Option<Record>,
    records: Vec<Record>,
}

impl Child {
    /// The table of the record that is open.
    pub(super) fn open_table(&self) -> Option<usize> {
        self.open.as_ref().map(|record| record.table)
    }

    /// Forgets the open record, where nothing stood in it.
    pub(super) fn drop_untouched(&mut self) -> bool {
        self.open.take_if(|record| !record.touched).is_some()
    }
}

impl Machine<'_, '_> {
    pub(super) fn begin_child(&mut self, line: u64) {
        self.children = self.children.saturating_add(1);
        self.carry(self.header);
        self.child = Some(Child {
            line,
            before: self.now(),
            own: self.tables.iter().map(Rows::blank).collect(),
            flags: vec![None; self.tables.len()],
            open: None,
            records: Vec::new(),
        });
    }

    fn now(&self) -> (Account, usize) {
        (self.reading.account, self.notes.len())
    }

    pub(super) fn begin_record(&mut self, table: usize, line: u64) -> Frame {
        self.carry(table);
        let frame = self.structure(Frame::Record);
        let before = self.now();
        let values = self.tables.get(table).map(Rows::blank).unwrap_or_default();
        if let Some(child) = &mut self.child {
            child.open = Some(Record { table, values, line, before, touched: false });
        }
        frame
    }

    /// What says whether there is a record turns out to be the record.
    pub(super) fn flag_is_a_record(&mut self, table: usize, line: u64) {
        let frame = self.begin_record(table, line);
        if let Some(open) = self.frames.last_mut() {
            *open = frame;
        }
        let text = std::mem::take(&mut self.text);
        if !trim(&text).is_empty() {
            self.stray(trim(&text), line);
        }
    }

    pub(super) fn end_value(&mut self, goes: Goes, table: usize, column: usize, line: u64) {
        let spot = Spot { record: self.children, line };
        let datum = if self.broken {
            self.reject_broken(table, line);
            Datum::Rejected
        } else {
            let Some(rows) = self.tables.get_mut(table) else { return };
            let mut to = To { reading: &mut *self.reading, notes: &mut self.notes };
            rows.value(&mut to, spot, (column, &self.name), &self.text)
        };
        let (Some(rows), Some(child)) = (self.tables.get(table), &mut self.child) else { return };
        let values = match (goes, &mut child.open) {
            (Goes::ToRecord, Some(record)) => {
                record.touched = true;
                &mut record.values
            }
            _ => match child.own.get_mut(table) {
                Some(own) => own,
                None => return,
            },
        };
        let mut to = To { reading: &mut *self.reading, notes: &mut self.notes };
        rows.put(&mut to, spot, values, (column, &self.name), datum);
    }

    pub(super) fn end_flag(&mut self, table: usize, line: u64) {
        let layout = self.reading.layout;
        let column = Column::of_a_flag(&self.name);
        let account = &mut self.reading.account;
        let said = match cell::read(layout, &column, &self.text, self.reading.year, None) {
            Cell::Blank | Cell::BlankInWords => {
                account.empty += 1;
                return;
            }
            Cell::Known(value) | Cell::Odd(value, ..) => {
                account.known += 1;
                value == Value::Bool(true)
            }
            Cell::Bad(code, message) => {
                account.rejected += 1;
                let Some(rows) = self.tables.get(table) else { return };
                let at = rows.at(Spot { record: self.children, line }, &self.name);
                return self.notes.reject(at, code, Lost::Value, trim(&self.text), true, message);
            }
        };
        if let Some(flag) = self.child.as_mut().and_then(|child| child.flags.get_mut(table)) {
            *flag = Some(flag.unwrap_or(false) || said);
        }
    }

    /// A record ends: it waits for the child's number, unless it is lost without that.
    pub(super) fn end_record(&mut self, line: u64) {
        let Some(record) = self.child.as_mut().and_then(|child| child.open.take()) else { return };
        let Some(rows) = self.tables.get(record.table) else { return };
        let mut to = To { reading: &mut *self.reading, notes: &mut self.notes };
        let spot = Spot { record: self.children, line };
        if !rows.reject_lacking(&mut to, spot, (&record.values, 1), record.before)
            && let Some(child) = &mut self.child
        {
            child.records.push(record);
        }
    }

    pub(super) fn end_child(&mut self, line: u64) {
        let number =
            self.child.as_ref().and_then(|child| child.own.get(self.header)).and_then(|own| own.first());
        match number {
            Some(Datum::Known(_)) => {}
            Some(Datum::Rejected) => {
                let why = "its CHILDID cannot be read, or is given twice and differs; correct it in the case system";
                return self.reject_child("no-identifier", line, why);
            }
            _ => {
                return self.reject_child(
                    "no-identifier",
                    line,
                    "it has no CHILDID; give it its number at the authority",
                );
            }
        }
        let Some(mut child) = self.child.take() else { return };
        let header = child.own.get_mut(self.header).map(std::mem::take).unwrap_or_default();
        for (table, values) in std::mem::take(&mut child.own).into_iter().enumerate() {
            let values_given = values.iter().any(|datum| *datum != Datum::Missing);
            let flag = child.flags.get(table).copied().flatten();
            if values_given && flag == Some(false) {
                self.note_flag(table, child.line);
            }
            if values_given || flag == Some(true) {
                let before = self.now();
                child.records.push(Record { table, values, line: child.line, before, touched: true });
            }
        }
        for record in child.records {
            self.push(record, &header);
        }
        if let Some(rows) = self.tables.get_mut(self.header) {
            rows.push(self.reading, header, child.line);
        }
        self.whole_children += 1;
    }

    /// A record becomes a row: what several tables say of a child stands in its header only.
    fn push(&mut self, record: Record, header: &[Datum]) {
        let layout = self.reading.layout;
        let Record { table, mut values, line, .. } = record;
        let (Some(rows), Some(of)) = (self.tables.get_mut(table), layout.tables.get(self.header)) else {
            return;
        };
        if values.first() != Some(&Datum::Missing) && values.first() != header.first() {
            let known = values.iter().filter(|datum| matches!(datum, Datum::Known(_))).count() as u64;
            self.reading.account.known -= known;
            self.reading.account.lost_with_child += known;
            let at = rows.at(Spot { record: self.children, line }, "CHILDID");
            let message =
                "the record names another child than the one it stands in; correct it where it was exported";
            return self.notes.reject(at, "another-child", Lost::Record, "", false, message.to_owned());
        }
        for (datum, column) in values.iter_mut().zip(&rows.table.columns).filter(|(_, column)| !column.own) {
            let theirs = of.columns.iter().position(|own| own.name == column.name);
            if let Some(own) = theirs.and_then(|place| header.get(place))
                && *datum == Datum::Missing
            {
                *datum = own.clone();
            }
        }
        rows.push(self.reading, values, line);
    }

    fn note_flag(&mut self, table: usize, line: u64) {
        let Some(rows) = self.tables.get(table) else { return };
        let at = rows.at(Spot { record: self.children, line }, &rows.table.name);
        self.notes.odd(at, "flag-and-values-disagree", "", true, || {
            "the child is said to have no such record, and values of one are given; the record is kept"
                .to_owned()
        });
    }

    /// Rejects the child that is open with everything below it.
    pub(super) fn reject_child(&mut self, code: &'static str, line: u64, why: &str) {
        let Some(child) = self.child.take() else { return };
        let records = child.records.len() + usize::from(child.open.is_some());
        let (account, notes) = child.before;
        self.reading.account.lose_since(account);
        self.notes.truncate(notes);
        let message = format!("this child is rejected with {records} records below it: {why}");
        let dataset = self.tables.get(self.header).map(|rows| rows.table.id.as_str());
        let at = Place { record: self.children, line, dataset, element: "CHILD" };
        self.notes.reject(at, code, Lost::Child, "", false, message);
    }
}

impl Column {
    /// What says yes or no, and is no column of the return as tables.
    fn of_a_flag(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            keys: Vec::new(),
            form: Form::Flag,
            need: Need::Nothing,
            personal: true,
            from: None,
            to: None,
            most: None,
            own: false,
        }
    }
}
