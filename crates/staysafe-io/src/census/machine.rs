//! The machine that turns elements into rows: where it stands in the file, and what it does there.

mod oddities;
mod values;

use std::collections::BTreeMap;

use staysafe::record::{Cover, Lost, Return, Submission};
use staysafe::value::Datum;

use super::header::{self, Header, Part, Settled};
use super::record::{Building, Open, below};
use super::{Account, ReadReturn};
use crate::error::{FaultKind, FileFault};
use crate::layout::{Action, Layout, NameId};
use crate::notes::{Notes, Place};
use crate::profile::profile;
use crate::returns::{Notice, ReadOptions};
use crate::values::{is_blank, trim};
use crate::xml::{Elements, shown, without_prefix};

/// What an open element is.
#[derive(Debug, Clone, Copy)]
enum Frame {
    Message,
    Header,
    HeaderGroup,
    HeaderValue(&'static str),
    Children,
    Record,
    /// Holds values or rows of the record around it together.
    Group,
    Value(usize),
    Row(usize),
    PassedOver,
}

/// The state of reading one file.
pub(super) struct Machine<'a> {
    layout: &'a Layout,
    file: &'a str,
    options: &'a ReadOptions,
    frames: Vec<Frame>,
    /// Names of open elements that are not values, for messages.
    names: Vec<Option<NameId>>,
    open: Vec<Open>,
    tables: Vec<Building>,
    /// Text of the value that is open.
    text: String,
    /// Whether an element stands inside the value that is open.
    broken: bool,
    header: Header,
    settled: Option<Settled>,
    notices: Vec<Notice>,
    notes: Notes,
    account: Account,
    /// Values of each element that the year does not ask for, and the first of them.
    other_years: Vec<(u64, u32, u64)>,
    child: u32,
    whole_children: u64,
    account_before: Account,
    rejects_before: usize,
    begun: bool,
    truncated: bool,
}

impl<'a> Machine<'a> {
    pub(super) fn new(layout: &'a Layout, file: &'a str, options: &'a ReadOptions) -> Self {
        Self {
            layout,
            file,
            options,
            frames: Vec::new(),
            names: Vec::new(),
            open: Vec::new(),
            tables: layout.datasets.iter().map(|_| Building::default()).collect(),
            text: String::new(),
            broken: false,
            header: Header::default(),
            settled: None,
            notices: Vec::new(),
            notes: Notes::new(file),
            account: Account::default(),
            other_years: vec![(0, 0, 0); layout.values.len()],
            child: 0,
            whole_children: 0,
            account_before: Account::default(),
            rejects_before: 0,
            begun: false,
            truncated: false,
        }
    }

    /// Everything was read.
    pub(super) fn finish(mut self) -> Result<ReadReturn, FileFault> {
        self.settle()?;
        let Some(settled) = self.settled.take() else {
            return Err(not_a_return(self.layout, self.file, "it has no header"));
        };
        self.report_other_years(settled.year);
        self.report_duplicates();
        let cover = Cover::all(settled.cover);
        let mut tables = BTreeMap::new();
        for (table, dataset) in self.tables.into_iter().zip(&self.layout.datasets) {
            if table.carried {
                tables.insert(dataset.id.clone(), table.finish(dataset, cover));
            }
        }
        let data = Return {
            name: self.file.to_owned(),
            kind: self.layout.kind.clone(),
            area: settled.area,
            reference_date: Some(settled.reference_date),
            serial: settled.serial,
            made_at: settled.made_at,
            submission: Submission::default(),
            truncated: self.truncated,
            tables,
        };
        let rejects = self.notes.finish();
        let known = self.layout.datasets.iter();
        let known = known.map(|set| (set.id.as_str(), set.fields.as_slice(), set.personal.as_slice()));
        let profile = profile(known, &data, &rejects, cover);
        Ok(ReadReturn {
            data,
            profile,
            rejects,
            notices: self.notices,
            header: self.header.values,
            account: self.account,
        })
    }

    fn start_root(&mut self, name: &str, line: u64) -> Result<Frame, FileFault> {
        if self.begun {
            let help = "one file holds one return; split it at this line";
            let message = "a second document begins after the first has ended";
            return Err(FileFault::new(self.file, FaultKind::NotWellFormed, message, help).at(line));
        }
        if name.to_ascii_uppercase().contains("903") {
            let message = "this is the XML form of a looked-after children return (SSDA903)";
            let help =
                "read it as that return: read_returns tells one from the other, read_ssda903 reads this one";
            return Err(FileFault::new(self.file, FaultKind::AnotherKind, message, help).at(line));
        }
        if name != "Message" {
            let what = format!("its outermost element is {}", shown(name));
            return Err(not_a_return(self.layout, self.file, &what).at(line));
        }
        self.begun = true;
        Ok(self.structure(Frame::Message))
    }

    fn start_in_header(&mut self, name: &str, line: u64) -> Frame {
        match header::part(name) {
            Part::Value(known) => {
                self.account.header += 1;
                self.text.clear();
                Frame::HeaderValue(known)
            }
            Part::Group => {
                self.account.header += 1;
                Frame::HeaderGroup
            }
            Part::Unknown => self.pass_over(name, None, line),
        }
    }

    fn start_in_record(&mut self, name: &str, id: Option<NameId>, line: u64) -> Frame {
        let dataset = self.open.last().map_or(self.layout.top, |record| record.dataset);
        match id.and_then(|id| self.layout.action(dataset, id)) {
            Some(Action::Value(value)) => {
                self.begin_value();
                Frame::Value(value)
            }
            Some(Action::Row(value)) => {
                self.begin_value();
                if let Some(table) =
                    self.layout.values.get(value).and_then(|v| self.tables.get_mut(v.dataset))
                {
                    table.carried = true;
                }
                Frame::Row(value)
            }
            Some(Action::Open(inner)) => {
                if let Some(around) = self.open.last_mut().filter(|around| around.dataset == inner) {
                    around.wraps = true;
                }
                self.begin_record(inner);
                self.structure(Frame::Record)
            }
            Some(Action::Wrapper(inner)) => {
                if let Some(table) = self.tables.get_mut(inner) {
                    table.carried = true;
                }
                self.structure(Frame::Group)
            }
            Some(Action::Group) => self.structure(Frame::Group),
            None => self.pass_over(name, id, line),
        }
    }

    fn structure(&mut self, frame: Frame) -> Frame {
        self.account.structure += 1;
        frame
    }

    fn begin_child(&mut self) {
        self.child = self.child.saturating_add(1);
        self.account_before = self.account;
        self.rejects_before = self.notes.len();
        self.begin_record(self.layout.top);
    }

    fn begin_record(&mut self, dataset: usize) {
        let Some(layout) = self.layout.datasets.get(dataset) else { return };
        if let Some(table) = self.tables.get_mut(dataset) {
            table.carried = true;
        }
        let record = Open::begin(dataset, layout, &mut self.tables, &self.open, self.layout.top);
        self.open.push(record);
    }

    fn end_record(&mut self, name: Option<NameId>, line: u64) {
        if self.open.len() == 1 {
            self.end_child(line);
            return;
        }
        let Some(record) = self.open.pop() else { return };
        // An enclosing record is known by what stands in it, even where it has no value of its own.
        if let Some(around) = self.open.last_mut().filter(|around| around.dataset != record.dataset) {
            around.given |= record.given || record.wraps;
        }
        if !record.given && !record.wraps {
            let layout = self.layout;
            let dataset = layout.datasets.get(record.dataset);
            let element = name.and_then(|id| layout.names.iter().nth(id.place()));
            let element = element.or(dataset.map(|d| d.element.as_str())).unwrap_or_default();
            let at = Place { record: self.child, line, dataset: dataset.map(|d| d.id.as_str()), element };
            self.notes.odd(at, "empty-record", "", false, || {
                "a record without a single value makes no row".to_owned()
            });
        } else if record.given {
            self.complete_below(&record);
            if let Some(table) = self.tables.get_mut(record.dataset) {
                table.push(record.values, self.child);
            }
        }
    }

    /// What rows below a record take from it may stand after them in the file.
    fn complete_below(&mut self, record: &Open) {
        let layout = self.layout;
        let Some(number) = layout.datasets.get(record.dataset).and_then(|dataset| dataset.number) else {
            return;
        };
        for (table, dataset) in self.tables.iter_mut().zip(&layout.datasets) {
            table.complete(dataset, record, number);
        }
    }

    fn end_child(&mut self, line: u64) {
        let layout = self.layout;
        let identity = layout
            .datasets
            .get(layout.top)
            .and_then(|dataset| dataset.identity)
            .and_then(|column| self.open.last().map(|record| record.get(column).clone()));
        match identity {
            Some(identity @ Datum::Known(_)) => {
                if let Some(record) = self.open.pop()
                    && let Some(table) = self.tables.get_mut(layout.top)
                {
                    table.push(record.values, self.child);
                }
                for (table, dataset) in self.tables.iter_mut().zip(&layout.datasets) {
                    table.keep_pending(dataset, layout.top, &identity);
                }
                self.whole_children += 1;
            }
            Some(Datum::Rejected) => {
                self.reject_child("no-identifier", line, "its LAchildID cannot be read, or is given twice and differs; correct it in the case system");
            }
            _ => self.reject_child(
                "no-identifier",
                line,
                "it has no LAchildID; give it its number at the authority",
            ),
        }
    }

    /// Rejects the current child with everything below it.
    fn reject_child(&mut self, code: &'static str, line: u64, why: &str) {
        let layout = self.layout;
        self.open.clear();
        let message = format!("this child is rejected with {} below it: {why}", below(layout, &self.tables));
        for table in &mut self.tables {
            table.drop_pending();
        }
        self.notes.truncate(self.rejects_before);
        self.account.lose_since(self.account_before);
        let dataset = layout.datasets.get(layout.top).map(|d| d.id.as_str());
        let element = layout.datasets.get(layout.top).map_or("", |d| d.element.as_str());
        let at = Place { record: self.child, line, dataset, element };
        self.notes.reject(at, code, Lost::Child, "", false, message);
    }

    /// Records that a cut file left open become rows, so that they are counted with their child.
    fn flush_open_records(&mut self) {
        while self.open.len() > 1 {
            if let Some(record) = self.open.pop()
                && let Some(table) = self.tables.get_mut(record.dataset)
            {
                table.push(record.values, self.child);
            }
        }
    }

    fn settle(&mut self) -> Result<(), FileFault> {
        if self.settled.is_none() {
            let settled = self.header.settle(self.layout, self.file, self.options, &mut self.notices)?;
            self.settled = Some(settled);
        }
        Ok(())
    }
}

impl<'a> Elements<'a> for Machine<'a> {
    fn file(&self) -> &'a str {
        self.file
    }

    fn is_complete(&self) -> bool {
        self.begun && self.frames.is_empty()
    }

    fn start(&mut self, name: &str, line: u64) -> Result<(), FileFault> {
        self.account.elements += 1;
        let names = &self.layout.names;
        let whole = names.find(name);
        let name = if whole.is_some() { name } else { without_prefix(name) };
        let id = whole.or_else(|| names.find(name));
        let frame = match self.frames.last() {
            None => self.start_root(name, line)?,
            Some(Frame::Message) => match name {
                "Header" => self.structure(Frame::Header),
                "Children" => {
                    self.settle()?;
                    self.structure(Frame::Children)
                }
                _ => self.pass_over(name, id, line),
            },
            Some(Frame::Header | Frame::HeaderGroup) => self.start_in_header(name, line),
            Some(Frame::Children) if id == Some(self.layout.top_name) => {
                self.begin_child();
                self.structure(Frame::Record)
            }
            Some(Frame::Children) => self.pass_over(name, id, line),
            Some(Frame::Record | Frame::Group) => self.start_in_record(name, id, line),
            Some(Frame::Value(_) | Frame::Row(_) | Frame::HeaderValue(_)) => {
                self.broken = true;
                self.pass_over(name, id, line)
            }
            Some(Frame::PassedOver) => {
                self.account.passed_over += 1;
                Frame::PassedOver
            }
        };
        self.frames.push(frame);
        self.names.push(id);
        Ok(())
    }

    fn end(&mut self, line: u64) -> Result<(), FileFault> {
        let name = self.names.pop().flatten();
        match self.frames.pop() {
            Some(Frame::Value(value)) => self.end_value(value, line),
            Some(Frame::Row(value)) => self.end_row(value, line),
            Some(Frame::Record) => self.end_record(name, line),
            Some(Frame::HeaderValue(name)) => {
                let text = std::mem::take(&mut self.text);
                self.header.put(self.layout, self.file, name, trim(&text), line)?;
            }
            Some(Frame::Header) => self.settle()?,
            _ => {}
        }
        Ok(())
    }

    fn in_value(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Value(_) | Frame::Row(_) | Frame::HeaderValue(_)))
    }

    fn text(&mut self, text: &str, line: u64) {
        if self.in_value() {
            self.text.push_str(text);
        } else if !is_blank(text) && !matches!(self.frames.last(), Some(Frame::PassedOver)) {
            self.stray(text, line);
        }
    }

    /// An attribute: a census has none but those of namespaces and schemas.
    fn attribute(&mut self, name: &str, value: &str, line: u64) {
        let place = Place { record: self.child, line, dataset: None, element: name };
        self.notes.odd(place, "unknown-attribute", value, true, || {
            format!("the {} has no attributes; what this one says is not used", self.layout.title)
        });
    }

    /// The whole children before that count, and every figure from them is marked, because it is too low; the
    /// child that was cut is rejected. A caller may have such files refused instead.
    fn cut_off(&mut self, line: u64) -> Result<(), FileFault> {
        if !self.begun {
            return Err(not_a_return(self.layout, self.file, "there is no element in it").at(line));
        }
        let whole = self.whole_children;
        let message = format!("the file ends in the middle; whole children before that: {whole}");
        if self.options.refuse_truncated || self.settled.is_none() {
            let help = "figures from part of a census are too low; ask for the whole file";
            let kind = FaultKind::Truncated { children: whole };
            return Err(FileFault::new(self.file, kind, message, help).at(line));
        }
        self.truncated = true;
        if self.open.is_empty() {
            self.notices.push(Notice::new(
                self.file,
                "truncated",
                format!("{message}; every figure from it is too low, and marked partly reported; ask for the whole file"),
            ));
            return Ok(());
        }
        // Values still open were counted as elements only.
        let pending = self.frames.iter().filter(|f| matches!(f, Frame::Value(_) | Frame::Row(_))).count();
        self.account.lost_with_child += pending as u64;
        self.flush_open_records();
        self.reject_child("truncated", line, "the file ends inside this child; ask for the whole file");
        self.notices.push(Notice::new(
            self.file,
            "truncated",
            format!("{message}; every figure from it is too low, and marked partly reported; ask for the whole file"),
        ));
        Ok(())
    }
}

fn not_a_return(layout: &Layout, file: &str, what: &str) -> FileFault {
    let message = format!("this is not a {}: {what}", layout.title);
    let help = "expected the XML file that is sent to the Department for Education: <Message> with a <Header> whose \
                Collection is CIN, and <Children>";
    FileFault::new(file, FaultKind::AnotherKind, message, help)
}
