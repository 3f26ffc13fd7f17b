//! Reading extracts: returns that come as lists, a sheet or a file to a list, under headings of their own.
//!
//! A list is recognised by its headings, wherever they stand below its title. It makes rows of the framework's datasets; what it
//! cannot say whole it does not make, so that what needs it is not reported.

mod layout;
mod school;
mod soften;
#[cfg(test)]
mod tests;
mod widened;
mod workforce;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Datelike, Months, NaiveDate};
use staysafe::diagnostic::nearest;
use staysafe::record::{Cover, Days, Lost, Reject, Row, Submission, Table};
use staysafe::value::{Datum, Value};

use super::columns::Columns;
use super::file::{self, Made};
use super::head::{self, Head};
use super::known::FIRST_ROWS;
use super::rows::Reading;
use super::{Raw, RawRow, Registers};
use crate::census::ReadReturn;
use crate::delimited::plain;
use crate::error::FileFault;
use crate::notes::{Notes, Place};
use crate::returns::{Notice, ReadOptions};

pub(super) use layout::Layout;
use layout::{Feed, LAYOUTS, List, WorkedOut};
pub(super) use soften::{Soft, soften};

/// A list in a file.
struct Found<'r> {
    layout: &'static Layout,
    list: &'static List,
    raw: &'r Raw,
    /// The place of its headings among the rows.
    header: usize,
    /// For each cell of a row the heading it stands under.
    headings: Vec<Option<usize>>,
}

impl Found<'_> {
    /// The same list in a table that was made from this one.
    fn again<'r>(&self, raw: &'r Raw) -> Found<'r> {
        let top = raw.rows.get(self.header).and_then(|row| row.cells.as_deref()).unwrap_or_default();
        let keys: Vec<String> = top.iter().map(|cell| plain(&cell.shown())).collect();
        Found {
            raw,
            layout: self.layout,
            list: self.list,
            header: self.header,
            headings: places(self.list, &keys),
        }
    }

    /// Whether it is the list of this name.
    fn is(&self, name: &str) -> bool {
        self.list.name.split(':').next() == Some(name)
    }

    /// The place of a heading among the cells of a row.
    fn place(&self, heading: &str) -> Option<usize> {
        let heading = self.list.place(heading)?;
        self.headings.iter().position(|place| *place == Some(heading))
    }
}

/// The list that a table is, by the row that has most of its headings.
fn recognise(raw: &Raw) -> Option<Found<'_>> {
    let name = raw.sheet.as_deref().unwrap_or_default();
    let mut best: Option<((usize, bool), Found<'_>)> = None;
    for (header, row) in raw.rows.iter().take(FIRST_ROWS).enumerate() {
        let cells = row.cells.as_deref().unwrap_or_default().iter();
        let cells: Vec<String> = cells.map(|cell| plain(&cell.shown())).collect();
        for layout in &*LAYOUTS {
            for list in &layout.list {
                let Some(headings) = headings(list, &cells) else { continue };
                let fit = (headings.iter().flatten().count(), list.is_called(name));
                if best.as_ref().is_none_or(|(known, _)| *known < fit) {
                    best = Some((fit, Found { layout, list, raw, header, headings }));
                }
            }
        }
        if best.is_some() {
            break;
        }
    }
    best.map(|(_, found)| found)
}

/// The headings of a row, where they are enough of a list's: its mark, and a third of them.
fn headings(list: &List, keys: &[String]) -> Option<Vec<Option<usize>>> {
    if !list.is_marked(keys) {
        return None;
    }
    let found = places(list, keys);
    let named = found.iter().flatten().count();
    (list.mark_is_enough || named >= 3 && named * 3 >= list.columns.len()).then_some(found)
}

/// For each cell of a row the heading of a list that it is; of two that are one the first.
fn places(list: &List, keys: &[String]) -> Vec<Option<usize>> {
    let mut seen = BTreeSet::new();
    keys.iter().map(|key| list.heading(key).filter(|place| seen.insert(*place))).collect()
}

/// How many of a row's cells are headings of the list that it fits best; 0 where it is none's.
pub(super) fn columns(cells: &[String]) -> usize {
    let keys: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    let lists = LAYOUTS.iter().flat_map(|layout| &layout.list);
    let fits = lists.filter_map(|list| headings(list, &keys)).map(|found| found.iter().flatten().count());
    fits.max().unwrap_or(0)
}

/// Whether the beginning of a file is a list's.
pub(crate) fn is_list(name: &str, start: &[u8]) -> bool {
    let raw = super::separated::table(name, start, columns, &mut Vec::new());
    raw.is_ok_and(|raw| recognise(&raw).is_some())
}

/// Where the beginning of a file is nearly a list's: which, and what it lacks.
pub(crate) fn nearly(name: &str, start: &[u8]) -> Option<String> {
    let raw = super::separated::table(name, start, columns, &mut Vec::new()).ok()?;
    let rows = raw.rows.iter().take(FIRST_ROWS).filter_map(|row| row.cells.as_deref());
    let near = rows.flat_map(|cells| {
        let keys: Vec<String> = cells.iter().map(|cell| plain(&cell.shown())).collect();
        let lists = LAYOUTS.iter().flat_map(|layout| layout.list.iter().map(move |list| (layout, list)));
        let named = lists.map(move |(layout, list)| {
            let named: BTreeSet<usize> = keys.iter().filter_map(|key| list.heading(key)).collect();
            (named.len(), list.is_marked(&keys), layout, list)
        });
        named.collect::<Vec<_>>()
    });
    let (named, marked, layout, list) = near.max_by_key(|(named, ..)| *named)?;
    (named >= 3 && (named + 1) * 3 >= list.columns.len()).then(|| {
        let lacks = if marked {
            "and it takes a third of them to tell it".to_owned()
        } else {
            format!("and not '{}', by which that list is told: call the column that", list.mark)
        };
        let all = list.columns.len();
        format!("a row of it has {named} of the {all} headings of {} ({}), {lacks}", list.name, layout.title)
    })
}

/// Reads the lists of a return, where its tables hold any.
pub(super) fn read(
    name: &str,
    raws: &[Raw],
    registers: &Registers,
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Option<Result<Vec<ReadReturn>, FileFault>> {
    let mut found: Vec<Found<'_>> = raws.iter().filter_map(recognise).collect();
    if found.is_empty() {
        return None;
    }
    let mut reads = Vec::new();
    while let Some(first) = found.first() {
        let layout = first.layout;
        let (own, others) = found.into_iter().partition(|of| std::ptr::eq(of.layout, layout));
        found = others;
        // A table of another return is none that this one lacks or passes over.
        let is_others = |raw: &Raw| found.iter().any(|of| std::ptr::eq(of.raw, raw));
        let around: Vec<&Raw> = raws.iter().filter(|raw| !is_others(raw)).collect();
        match lists(name, &around, &own, registers, options, notices) {
            Ok(read) => reads.extend(read),
            Err(fault) => return Some(Err(fault)),
        }
    }
    Some(Ok(reads))
}

fn lists(
    name: &str,
    raws: &[&Raw],
    found: &[Found<'_>],
    registers: &Registers,
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<Vec<ReadReturn>, FileFault> {
    let labelled = raws.iter().flat_map(|raw| {
        let until = found.iter().find(|of| std::ptr::eq(of.raw, *raw)).map_or(FIRST_ROWS, |of| of.header);
        raw.rows.get(..until.min(raw.rows.len())).unwrap_or_default()
    });
    let head = head::read(name, labelled, registers, notices);
    let area = file::whose(name, &head, options, notices)?;
    let worked_out = found.first().and_then(|of| of.layout.worked_out);
    let cover = head.cover(options).filter(|_| worked_out.is_none());
    let made_on = head
        .extracted
        .or(options.extracted)
        .or_else(|| school::day_of_census(found))
        .or(cover.and_then(|cover| cover.stocks).map(|days| days.last));
    let mut extract = Extract { name, registers, cover, made_on, made: BTreeMap::new(), notices };
    if made_on.is_none() {
        let words = "nobody says when its lists were made: every figure from them is not reported (return year unknown); \
                     write the day beside 'Extracted on' above a list's headings, or give it as --extracted";
        extract.say("no-day-of-extract", words.to_owned());
    }
    extract.read_as(found);
    extract.missing(raws, found);
    if let Some(worked_out) = worked_out {
        let mut notes = Notes::new(name);
        let made = match worked_out {
            WorkedOut::SchoolCensus => school::completed(found, made_on, &mut notes),
            WorkedOut::Workforce => workforce::completed(found, made_on, &mut notes),
        };
        let whole: Vec<Found<'_>> = found.iter().zip(&made).map(|(of, raw)| of.again(raw)).collect();
        if let Some(first) = whole.first() {
            // What is said of several lists together is of none of them alone.
            extract.keep(first, notes.finish());
        }
        for of in &whole {
            extract.list(of);
        }
    } else {
        for of in found {
            extract.list(of);
        }
    }
    Ok(extract.finish(&area, &head))
}

/// What was said of a list already: of its headings, and of rows that a dataset lost.
#[derive(Default)]
struct Seen {
    headings: BTreeSet<String>,
    lost: BTreeSet<(String, String, Option<u64>)>,
}

impl Seen {
    fn key(reject: &Reject) -> (String, String, Option<u64>) {
        (reject.code.clone(), reject.element.clone(), reject.line)
    }

    /// A row that only a later dataset cannot take is said, though its heading was seen.
    fn is_new(&self, reject: &Reject) -> bool {
        if reject.lost == Lost::Record {
            return !self.lost.contains(&Self::key(reject));
        }
        !self.headings.contains(&reject.element)
    }
}

/// A return in the making.
struct Extract<'a> {
    name: &'a str,
    registers: &'a Registers,
    cover: Option<Cover>,
    /// The day on which its lists were made.
    made_on: Option<NaiveDate>,
    made: BTreeMap<String, Made>,
    notices: &'a mut Vec<Notice>,
}

impl Extract<'_> {
    fn say(&mut self, code: &str, words: String) {
        self.notices.push(Notice::new(self.name, code, words));
    }

    /// Says what it was taken for, and of which days its lists speak.
    fn read_as(&mut self, found: &[Found<'_>]) {
        let Some(first) = found.first() else { return };
        let names: Vec<&str> = found.iter().map(|of| of.list.short()).collect();
        let mut words = format!("read as {}: {}", first.layout.title, names.join(", "));
        let days = found.iter().filter_map(|of| Some((Some(of.list.short())?, self.days(of.list)?.events?)));
        let own = |feed: &&Feed| feed.terms.is_some() || feed.on_the_day;
        let feeds =
            found.iter().flat_map(|of| of.list.feeds.iter().filter(own).map(move |feed| (of.list, feed)));
        let terms =
            feeds.filter_map(|(list, feed)| Some((feed.dataset.as_str(), self.days_of(list, feed)?.stocks?)));
        let mut spans: BTreeMap<(NaiveDate, NaiveDate), Vec<&str>> = BTreeMap::new();
        for (list, Days { first, last }) in days.chain(terms) {
            let named = spans.entry((first, last)).or_default();
            if !named.contains(&list) {
                named.push(list);
            }
        }
        for ((first, last), lists) in spans {
            let _ = write!(words, "; {} from {first} to {last}", lists.join(", "));
        }
        self.say("read-as", words);
    }

    /// Says which lists are not there, which sheets are called like one and are none, and which were passed over.
    fn missing(&mut self, raws: &[&Raw], found: &[Found<'_>]) {
        let Some(layout) = found.first().map(|of| of.layout) else { return };
        // One list alone is no workbook that lacks the others.
        if raws.iter().all(|raw| raw.sheet.is_none()) {
            return;
        }
        let is_found = |list: &List| found.iter().any(|of| of.list.name == list.name);
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for list in layout.list.iter().filter(|list| !is_found(list)) {
            let fed: Vec<&str> = list
                .fed()
                .filter_map(|dataset| self.registers.dataset(dataset))
                .map(|of| of.title.value.as_str())
                .collect();
            let is_needed = list.lost.is_some() || !fed.is_empty();
            let taken = |raw: &Raw| found.iter().any(|of| std::ptr::eq(of.raw, raw));
            let sheets = raws.iter().filter(|raw| !taken(raw)).filter_map(|raw| raw.sheet.as_deref());
            let sheet = sheets.filter(|sheet| list.is_called(sheet)).find(|sheet| !named.contains(sheet));
            let lost = list.lost.clone().unwrap_or_else(|| {
                if is_needed {
                    format!(
                        "what needs {} is not reported",
                        fed.iter().map(|of| lowered(of)).collect::<Vec<_>>().join(" and ")
                    )
                } else {
                    "nothing is worked out from it".to_owned()
                }
            });
            match sheet {
                Some(sheet) => {
                    named.insert(sheet);
                    self.say(
                        "sheet-without-its-headings",
                        format!(
                            "the sheet '{sheet}' is called like {}, and no row of it has the headings of that list, '{}' \
                             among them; {lost}: put the headings back as the list has them",
                            list.name, list.mark
                        ),
                    );
                }
                // A list from which nothing is worked out is missed by nobody.
                None if !is_needed => {}
                None => self.say(
                    "missing-list",
                    format!(
                        "{} is not there; {lost}: a sheet is known by its headings, '{}' among them",
                        list.name, list.mark
                    ),
                ),
            }
        }
        let others: Vec<&str> = raws
            .iter()
            .filter(|raw| !found.iter().any(|of| std::ptr::eq(of.raw, **raw)))
            .filter_map(|raw| raw.sheet.as_deref())
            .filter(|sheet| !named.contains(sheet))
            .collect();
        if !others.is_empty() {
            self.say(
                "passed-over",
                format!("sheets that are no list were passed over: {}", others.join(", ")),
            );
        }
    }

    /// Reads one list into the datasets that it feeds.
    fn list(&mut self, of: &Found<'_>) {
        let (list, sheet) = (of.list, of.raw.sheet.as_deref().unwrap_or_default());
        if !sheet.is_empty()
            && !list.is_called(sheet)
            && of.layout.list.iter().any(|other| other.is_called(sheet))
        {
            self.say(
                "name-and-header-disagree",
                format!("'{sheet}' has the headings of {}; it was read as that", list.name),
            );
        }
        let mut notes = Notes::new(self.name);
        report(of, &mut notes);
        if list.adds {
            return self.rejects(of, notes.finish());
        }
        let mut quiet = Vec::new();
        let above = of.raw.rows.get(..of.header).unwrap_or_default();
        let nil = head::read(self.name, above.iter(), self.registers, &mut quiet).nil;
        let rows = distinct(of, &mut notes);
        self.rejects(of, notes.finish());
        if list.feeds.is_empty() {
            let words = format!("{}: {} rows, from which no indicator is worked out", list.name, rows.len());
            return self.say("list-feeds-nothing", words);
        }
        if rows.is_empty() && !nil {
            let words = format!(
                "{} has no row, and nothing is reported from it: an empty list may be one that was not run; where there was \
                 nothing, write 'Nil return' and yes beside it above its headings",
                list.name
            );
            return self.say("empty-list", words);
        }
        let mut seen = Seen::default();
        for feed in &list.feeds {
            self.feed(of, feed, &rows, &mut seen);
        }
    }

    /// Makes the rows of a dataset; what is wrong with a heading is said once, however many datasets it feeds.
    fn feed(&mut self, of: &Found<'_>, feed: &'static Feed, rows: &[RawRow], seen: &mut Seen) {
        let Some(dataset) = self.registers.dataset(&feed.dataset) else { return };
        let mut raw = Raw { sheet: of.raw.sheet.clone(), rows: Vec::new(), ..*of.raw };
        raw.rows.extend(of.raw.rows.get(of.header).cloned());
        let given = feed
            .where_given
            .as_ref()
            .and_then(|name| of.list.place(name))
            .and_then(|heading| of.headings.iter().position(|place| *place == Some(heading)));
        let is_given = |row: &&RawRow| match (&feed.where_given, given) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(at)) => {
                row.cells.as_ref().is_none_or(|cells| cells.get(at).is_some_and(|cell| !cell.is_blank()))
            }
        };
        if feed.where_given.is_some() && given.is_none() {
            return;
        }
        raw.rows.extend(rows.iter().filter(is_given).cloned());
        let cover = self.days_of(of.list, feed);
        let year = cover.and_then(|cover| cover.stocks).map(|days| days.last.year());
        let reading = Reading { registers: self.registers, dataset, year, cover, extract: Some(of.layout) };
        let mut notes = Notes::new(self.name);
        let columns = self.columns(of, feed);
        let kind = dataset.carried_by.value.clone();
        let made = self.made.entry(kind).or_default();
        let taken = reading.take_as(&raw, 0, &columns, &mut notes, &mut made.account);
        // That a child stands in several rows of a list is what the list is for.
        let is_child_again = |reject: &Reject| feed.once && reject.code == "duplicate-row";
        let found =
            notes.finish().into_iter().filter(|reject| !is_child_again(reject) && seen.is_new(reject));
        let found: Vec<Reject> = found.collect();
        seen.lost.extend(found.iter().filter(|reject| reject.lost == Lost::Record).map(Seen::key));
        made.rejects.extend(of.list.named(found));
        let fed = columns.names.iter().zip(&columns.feeds).filter(|(_, feeds)| feeds.is_some());
        seen.headings.extend(fed.map(|(name, _)| name.clone()));
        made.truncated |= taken.truncated;
        let (used, given) = (taken.table.rows.len(), taken.given);
        if used == 0 && given > 0 {
            let words = format!(
                "none of the {given} rows of {} can be used: {} are not reported from it; the list of rejects says why",
                of.list.name,
                lowered(&dataset.title.value)
            );
            return self.say("no-row-can-be-used", words);
        }
        let mut table = taken.table;
        complete(&mut table, feed);
        let empty = || Table { fields: table.fields.clone(), rows: Vec::new(), cover: table.cover };
        if feed.once {
            once(made.tables.entry(feed.dataset.clone()).or_insert_with(empty), table);
        } else if let Some(held) = made.tables.get_mut(&feed.dataset) {
            let rows = laid_as(held, table);
            held.rows.extend(rows);
        } else {
            made.tables.insert(feed.dataset.clone(), table);
        }
    }

    /// Which cell of a row feeds which field.
    fn columns(&self, of: &Found<'_>, feed: &Feed) -> Columns {
        let names = of.raw.rows.get(of.header).and_then(|row| row.cells.as_deref()).unwrap_or_default();
        let fields =
            self.registers.dataset(&feed.dataset).map_or(&[][..], |dataset| dataset.fields.as_slice());
        let field = |place: &Option<usize>| {
            let heading = of.list.columns.get((*place)?)?;
            let (field, _) = feed.fields.iter().find(|(_, from)| **from == heading.name)?;
            fields.iter().position(|known| known.name.value == *field)
        };
        Columns {
            feeds: of.headings.iter().map(field).collect(),
            names: names.iter().map(super::Cell::shown).collect(),
        }
    }

    /// The days a list speaks for.
    fn days(&self, list: &List) -> Option<Cover> {
        let (Some(months), Some(last)) = (list.look_back, self.made_on) else { return self.cover };
        let first = last.checked_sub_months(Months::new(months))?.succ_opt()?;
        Some(Cover::all(Days { first, last }))
    }

    /// The days that a dataset speaks for.
    fn days_of(&self, list: &List, feed: &Feed) -> Option<Cover> {
        if let Some(terms) = feed.terms {
            return Some(Cover::all(school::terms_before(self.made_on?, terms)?));
        }
        if !feed.on_the_day {
            return self.days(list);
        }
        let last = self.made_on?;
        let first = last.checked_sub_months(Months::new(list.look_back.unwrap_or(12)))?.succ_opt()?;
        Some(Cover { stocks: Some(Days { first: last, last }), ..Cover::all(Days { first, last }) })
    }

    /// Rejects of a list stand with the first dataset it feeds; of one that feeds none, with the first that its return does.
    fn rejects(&mut self, of: &Found<'_>, rejects: Vec<Reject>) {
        self.keep(of, of.list.named(rejects));
    }

    fn keep(&mut self, of: &Found<'_>, rejects: Vec<Reject>) {
        let own = of.list.feeds.iter().find(|feed| !feed.once).or(of.list.feeds.first());
        let first = own.or_else(|| of.layout.list.iter().flat_map(|list| &list.feeds).next());
        let dataset = first.and_then(|feed| self.registers.dataset(&feed.dataset));
        if let Some(dataset) = dataset.filter(|_| !rejects.is_empty()) {
            self.made.entry(dataset.carried_by.value.clone()).or_default().rejects.extend(rejects);
        }
    }

    fn finish(self, area: &str, head: &Head) -> Vec<ReadReturn> {
        let several = self.made.len() > 1;
        let mut reads = Vec::new();
        for (kind, of) in self.made {
            let name = if several { format!("{} ({kind})", self.name) } else { self.name.to_owned() };
            let data = staysafe::record::Return {
                name,
                kind,
                area: area.to_owned(),
                reference_date: self.made_on,
                serial: head.number,
                made_at: None,
                submission: Submission {
                    agency: None,
                    status: head.status,
                    nil_declared: false,
                    reason: head.reason.clone(),
                },
                truncated: of.truncated,
                tables: of.tables,
            };
            let cover = data.tables.values().next().map(|table| table.cover).or(self.cover);
            reads.push(file::finish(data, self.registers, head, of.rejects, of.account, cover));
        }
        if let Some(first) = reads.first_mut() {
            first.notices = std::mem::take(self.notices);
        }
        reads
    }
}

/// Says what is odd about the headings of a list: one that it does not have, one that it lacks and that feeds something.
fn report(of: &Found<'_>, notes: &mut Notes) {
    let Some(top) = of.raw.rows.get(of.header) else { return };
    let line = top.line;
    let lacking: Vec<&str> = of
        .list
        .columns
        .iter()
        .enumerate()
        .filter(|(place, _)| !of.headings.contains(&Some(*place)))
        .map(|(_, heading)| heading.name.as_str())
        .collect();
    let names = top.cells.as_deref().unwrap_or_default().iter().map(super::Cell::shown);
    for (name, _) in names.zip(&of.headings).filter(|(name, place)| place.is_none() && !name.is_empty()) {
        if of.list.passes_over(&name) {
            continue;
        }
        let message = match nearest(&name, lacking.iter().copied()) {
            Some(meant) => format!(
                "{} has no heading of this name and it was not read; it may be '{meant}', which is not there: if so, call it \
                 that",
                of.list.name
            ),
            None => format!("{} has no heading of this name; it was passed over", of.list.name),
        };
        notes.odd_many(
            Place { record: 0, line, dataset: None, element: &name },
            "unknown-column",
            1,
            message,
        );
    }
    for name in lacking {
        let fed: Vec<&str> = of
            .list
            .feeds
            .iter()
            .filter(|feed| feed.fields.values().any(|heading| heading == name))
            .map(|feed| feed.dataset.as_str())
            .collect();
        if !fed.is_empty() {
            let message = format!(
                "{} lacks this heading; figures that need it of {} are not reported",
                of.list.name,
                fed.join(", ")
            );
            notes.odd_many(
                Place { record: 0, line, dataset: None, element: name },
                "missing-column",
                1,
                message,
            );
        }
    }
}

/// The rows below the headings, each once: a row that stands twice word for word is one that was joined twice.
fn distinct(of: &Found<'_>, notes: &mut Notes) -> Vec<RawRow> {
    let mut seen: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in of.raw.rows.iter().skip(of.header + 1) {
        let Some(cells) = &row.cells else {
            rows.push(row.clone());
            continue;
        };
        if cells.iter().all(super::Cell::is_blank) {
            continue;
        }
        let key: Vec<String> = cells.iter().map(super::Cell::shown).collect();
        if let Some(first) = seen.get(&key) {
            let place = Place { record: 0, line: row.line, dataset: None, element: "the row" };
            notes.odd(place, "duplicate-row", "", false, || {
                format!(
                    "this row of {} stands word for word in row {first} as well; it counts once",
                    of.list.name
                )
            });
        } else {
            seen.insert(key, row.line);
            rows.push(row.clone());
        }
    }
    rows
}

/// Adds what the list says of itself: the numbers of its rows, and what is the same in all.
fn complete(table: &mut Table, feed: &Feed) {
    if let Some(number) = &feed.number {
        table.fields.push(number.as_str().into());
        for (row, at) in table.rows.iter_mut().zip(1_i64..) {
            row.values.push(Datum::Known(Value::Int(at)));
        }
    }
    for (field, text) in &feed.constants {
        table.fields.push(field.as_str().into());
        for row in &mut table.rows {
            row.values.push(Datum::Known(Value::Text(text.as_str().into())));
        }
    }
}

/// Adds children of another list: a child stands in many, and what one of them leaves blank another may say. Where two say
/// different things both rows stay, and what they disagree on is unknown when figures are worked out.
fn once(held: &mut Table, other: Table) {
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let mut order = Vec::new();
    let laid = laid_as(held, other);
    for row in std::mem::take(&mut held.rows).into_iter().chain(laid) {
        let child = format!("{:?}", row.values.first());
        let same = rows.entry(child.clone()).or_default();
        if same.is_empty() {
            order.push(child);
        }
        let agrees = |known: &&mut Row| {
            let mut pairs = known.values.iter().zip(&row.values);
            pairs.all(|(a, b)| a == b || *a == Datum::Missing || *b == Datum::Missing)
        };
        match same.iter_mut().find(agrees) {
            Some(known) => {
                for (value, more) in known.values.iter_mut().zip(row.values) {
                    if *value == Datum::Missing {
                        *value = more;
                    }
                }
            }
            None => same.push(row),
        }
    }
    held.rows = order.iter().filter_map(|child| rows.remove(child)).flatten().collect();
}

/// The rows of another list in the fields of a table, which gets those that it has not; what a list does not say is blank.
fn laid_as(held: &mut Table, other: Table) -> Vec<Row> {
    for field in &other.fields {
        if !held.fields.contains(field) {
            held.fields.push(field.clone());
            held.rows.iter_mut().for_each(|row| row.values.push(Datum::Missing));
        }
    }
    let places: Vec<Option<usize>> =
        held.fields.iter().map(|field| other.fields.iter().position(|own| own == field)).collect();
    let lay = |row: Row| {
        let value = |at: &Option<usize>| at.and_then(|at| row.values.get(at)).cloned().unwrap_or_default();
        Row { values: places.iter().map(value).collect(), origin: row.origin }
    };
    other.rows.into_iter().map(lay).collect()
}

/// A title within a sentence.
fn lowered(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
