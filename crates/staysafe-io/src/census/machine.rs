//! The machine that turns elements into rows: where it stands in the file, and what it does there.

use std::collections::BTreeMap;

use staysafe::record::{Cover, Lost, Return};
use staysafe::value::Datum;

use super::events::shown;
use super::header::{self, Header, Part, Settled};
use super::notes::{Notes, Place};
use super::record::{Building, Open, below, move_to_lost};
use super::{Account, ReadReturn};
use crate::error::{FaultKind, FileFault};
use crate::layout::{Action, Layout, NameId, years};
use crate::profile::profile;
use crate::returns::{Notice, ReadOptions};
use crate::values::{Parsed, is_blank, known, parse, trim};

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
        }
    }

    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// Whether the root element was there and has ended.
    pub(super) fn is_complete(&self) -> bool {
        self.begun && self.frames.is_empty()
    }

    /// An element begins.
    pub(super) fn start(&mut self, name: &str, line: u64) -> Result<(), FileFault> {
        self.account.elements += 1;
        let id = self.layout.names.find(name);
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

    /// An element ends.
    pub(super) fn end(&mut self, line: u64) -> Result<(), FileFault> {
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

    /// Text: part of a value, or a stray.
    pub(super) fn text(&mut self, text: &str, line: u64) {
        match self.frames.last() {
            Some(Frame::Value(_) | Frame::Row(_) | Frame::HeaderValue(_)) => self.text.push_str(text),
            Some(Frame::PassedOver) => {}
            _ if is_blank(text) => {}
            _ => self.stray(text, line),
        }
    }

    /// An attribute: a census has none but those of namespaces and schemas.
    pub(super) fn attribute(&mut self, name: &str, value: &str, line: u64) {
        if name == "xmlns"
            || name.starts_with("xmlns:")
            || name.starts_with("xsi:")
            || name.starts_with("xml:")
        {
            return;
        }
        let place = Place { record: self.child, line, dataset: None, element: name };
        self.notes.odd(place, "unknown-attribute", value, true, || {
            format!("the {} has no attributes; what this one says is not used", self.layout.title)
        });
    }

    /// The file ends in the middle.
    ///
    /// What was read before would count up to figures that look right and are too low, so the file is
    /// refused unless the caller accepts that; the child that was cut is rejected either way.
    pub(super) fn cut_off(&mut self, line: u64) -> Result<(), FileFault> {
        if !self.begun {
            return Err(not_a_return(self.layout, self.file, "there is no element in it").at(line));
        }
        let whole = self.whole_children;
        let message = format!("the file ends in the middle; whole children before that: {whole}");
        if !self.options.accept_truncated || self.settled.is_none() {
            let help = "figures from part of a census would look right and be too low; ask for the file again, or \
                        accept truncated files to read the whole children";
            let kind = FaultKind::Truncated { children: whole };
            return Err(FileFault::new(self.file, kind, message, help).at(line));
        }
        if self.open.is_empty() {
            self.notices.push(Notice::new(
                self.file,
                "truncated",
                format!("{message}; every figure may be too low"),
            ));
            return Ok(());
        }
        // Values still open were counted as elements only.
        let pending = self.frames.iter().filter(|f| matches!(f, Frame::Value(_) | Frame::Row(_))).count();
        self.account.lost_with_child += pending as u64;
        self.flush_open_records();
        self.reject_child("truncated", line, "the file ends inside this child");
        self.notices.push(Notice::new(
            self.file,
            "truncated",
            format!("{message}; every figure may be too low"),
        ));
        Ok(())
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
            tables,
        };
        let rejects = self.notes.finish();
        let profile = profile(self.layout, &data, &rejects, cover);
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

    /// An element that means nothing here: it and all below it are passed over, and reported by name.
    fn pass_over(&mut self, name: &str, id: Option<NameId>, line: u64) -> Frame {
        self.account.passed_over += 1;
        let layout = self.layout;
        let dataset = self.open.last().and_then(|record| layout.datasets.get(record.dataset));
        let place =
            Place { record: self.child, line, dataset: dataset.map(|d| d.id.as_str()), element: name };
        if id.is_some_and(|id| layout.uses(id)) {
            self.notes.odd(place, "misplaced-element", "", false, || {
                format!("{} does not belong here; it was passed over with all below it", shown(name))
            });
        } else {
            self.notes.odd(place, "unknown-element", "", false, || {
                let near = staysafe::diagnostic::nearest(name, layout.names.iter());
                let near =
                    near.map(|near| format!("; the nearest known is {}", shown(near))).unwrap_or_default();
                format!(
                    "the {} has no such element; it was passed over with all below it{near}",
                    layout.title
                )
            });
        }
        Frame::PassedOver
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

    fn begin_value(&mut self) {
        self.text.clear();
        self.broken = false;
    }

    fn end_value(&mut self, place: usize, line: u64) {
        if let Some(datum) = self.take_value(place, line) {
            self.put(place, datum, line);
        }
    }

    /// A value that is a row of its own: a disability, a factor, a review.
    fn end_row(&mut self, place: usize, line: u64) {
        let Some(datum) = self.take_value(place, line) else { return };
        let layout = self.layout;
        let Some(value) = layout.values.get(place) else { return };
        let Some(dataset) = layout.datasets.get(value.dataset) else { return };
        let mut row = Open::begin(value.dataset, dataset, &mut self.tables, &self.open, layout.top);
        row.set(value.column, datum);
        if let Some(record) = self.open.last_mut() {
            record.given = true;
        }
        if let Some(table) = self.tables.get_mut(value.dataset) {
            table.push(row.values, self.child);
        }
    }

    /// Reads the text of a value that ended; `None` when there was none. It is counted here.
    fn take_value(&mut self, place: usize, line: u64) -> Option<Datum> {
        let layout = self.layout;
        let value = layout.values.get(place)?;
        let text = trim(&self.text);
        let year = self.settled.as_ref().map_or(layout.last_year, |settled| settled.year);
        if text.is_empty() && !self.broken {
            self.account.empty += 1;
            return None;
        }
        let other_year = value.from.is_some_and(|from| year < from) || value.to.is_some_and(|to| year > to);
        if other_year && let Some((times, child, first)) = self.other_years.get_mut(place) {
            if *times == 0 {
                (*child, *first) = (self.child, line);
            }
            *times += 1;
        }
        let dataset = layout.datasets.get(value.dataset).map(|d| d.id.as_str());
        let at = Place { record: self.child, line, dataset, element: &value.element };
        let parsed = if self.broken {
            Parsed::Bad("element-inside-value", "expected a value without elements inside it".to_owned())
        } else {
            parse(text, value.form, &layout.code_sets, year)
        };
        match parsed {
            Parsed::Known(parsed) => {
                self.account.known += 1;
                Some(known(parsed))
            }
            Parsed::OtherYear(parsed, span) => {
                self.account.known += 1;
                let element = format!("{} {text}", value.element);
                let at = Place { element: &element, ..at };
                self.notes.odd(at, "code-of-another-year", text, value.personal, || {
                    format!("this code stands {span}, and the return is of {year}; it was read as it is")
                });
                Some(known(parsed))
            }
            Parsed::Bad(code, mut message) => {
                self.account.rejected += 1;
                if let Some(hint) = &value.hint {
                    message = format!("{message}; {hint}");
                }
                // A value that could not be read may hold anything, a name among it.
                self.notes.reject(at, code, Lost::Value, text, true, message);
                Some(Datum::Rejected)
            }
        }
    }

    /// Puts a value into its record; two different values for one field are both rejected.
    fn put(&mut self, place: usize, datum: Datum, line: u64) {
        let layout = self.layout;
        let Some(value) = layout.values.get(place) else { return };
        let Some(record) = self.open.last_mut() else { return };
        record.given = true;
        let before = record.get(value.column).clone();
        let dataset = layout.datasets.get(value.dataset).map(|d| d.id.as_str());
        let at = Place { record: self.child, line, dataset, element: &value.element };
        match (&before, &datum) {
            (Datum::Missing, _) => record.set(value.column, datum),
            (Datum::Known(first), Datum::Known(second)) if first == second => {
                self.account.known -= 1;
                self.account.passed_over += 1;
                self.notes.odd(at, "given-twice", "", value.personal, || {
                    "the same value is given twice in one record; it counts once".to_owned()
                });
            }
            (first, second) => {
                record.set(value.column, Datum::Rejected);
                for datum in [first, second] {
                    if let Datum::Known(known) = datum {
                        self.account.known -= 1;
                        self.account.rejected += 1;
                        let message = "one record gives different values for one field; none of them is used";
                        let text = known.to_string();
                        self.notes.reject(
                            at,
                            "contradictory",
                            Lost::Value,
                            &text,
                            value.personal,
                            message.to_owned(),
                        );
                    }
                }
            }
        }
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
                self.reject_child("no-identifier", line, "its LAchildID contradicts itself");
            }
            _ => self.reject_child("no-identifier", line, "it has no LAchildID"),
        }
    }

    /// Rejects the current child with everything below it.
    fn reject_child(&mut self, code: &'static str, line: u64, why: &str) {
        let layout = self.layout;
        self.open.clear();
        let message = format!(
            "this child is rejected with {} below it: {why}; give it its number at the authority",
            below(layout, &self.tables)
        );
        for table in &mut self.tables {
            table.drop_pending();
        }
        self.notes.truncate(self.rejects_before);
        move_to_lost(&mut self.account, self.account_before);
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

    fn stray(&mut self, text: &str, line: u64) {
        let layout = self.layout;
        let dataset = self.open.last().and_then(|record| layout.datasets.get(record.dataset));
        let element = match self.names.last().copied().flatten() {
            Some(id) => layout.names.iter().nth(id.place()).unwrap_or("Message"),
            None => "Message",
        };
        let at = Place { record: self.child, line, dataset: dataset.map(|d| d.id.as_str()), element };
        self.notes.odd(at, "stray-text", trim(text), true, || {
            format!("text that belongs to no element stands inside {}; it is not used", shown(element))
        });
    }

    fn settle(&mut self) -> Result<(), FileFault> {
        if self.settled.is_none() {
            let settled = self.header.settle(self.layout, self.file, self.options, &mut self.notices)?;
            self.settled = Some(settled);
        }
        Ok(())
    }

    fn report_other_years(&mut self, year: i32) {
        for (value, (times, record, line)) in self.layout.values.iter().zip(&self.other_years) {
            if *times == 0 {
                continue;
            }
            let dataset = self.layout.datasets.get(value.dataset).map(|d| d.id.as_str());
            let at = Place { record: *record, line: *line, dataset, element: &value.element };
            let span = years(value.from, value.to);
            let message =
                format!("the census asks for this {span}, and the return is of {year}; it was read as it is");
            self.notes.odd_many(at, "element-of-another-year", *times, message);
        }
    }

    /// Two children under one number: both are kept, because which one is meant cannot be known here.
    fn report_duplicates(&mut self) {
        let layout = self.layout;
        let Some(dataset) = layout.datasets.get(layout.top) else { return };
        let (Some(column), Some(table)) = (dataset.identity, self.tables.get(layout.top)) else { return };
        let rows = table.rows();
        let id = |place: u32| rows.get(place as usize).and_then(|row| row.values.get(column));
        let mut order: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|a, b| id(*a).cmp(&id(*b)).then(a.cmp(b)));
        for group in order.chunk_by(|a, b| id(*a) == id(*b)).filter(|group| group.len() > 1) {
            let (Some(first), Some(Datum::Known(number))) =
                (group.first(), group.first().and_then(|p| id(*p)))
            else {
                continue;
            };
            let record = rows.get(*first as usize).map_or(0, |row| row.origin);
            let message = format!(
                "the number of this child stands on {} children of the file; all are kept, and figures that count \
                 children count them as one: correct the number in the case system",
                group.len()
            );
            self.notes.duplicate(record, &dataset.id, &number.to_string(), group.len() as u64 - 1, message);
        }
    }
}

fn not_a_return(layout: &Layout, file: &str, what: &str) -> FileFault {
    let message = format!("this is not a {}: {what}", layout.title);
    let help = "expected the XML file that is sent to the Department for Education: <Message> with a <Header> whose \
                Collection is CIN, and <Children>";
    FileFault::new(file, FaultKind::AnotherKind, message, help)
}
