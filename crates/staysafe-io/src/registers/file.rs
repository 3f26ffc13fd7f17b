//! One file: its tables, what it says of itself, and the returns that these make.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use staysafe::record::{Cover, PARTNER_COUNT, Return, Submission, Table};
use staysafe::value::Datum;

use super::extract;
use super::head::{self, Head};
use super::known::{self, Of};
use super::rows::Reading;
use super::{REGISTER, Raw, RawRow, Registers};
use crate::census::{Account, ReadReturn};
use crate::delimited::plain;
use crate::error::{FaultKind, FileFault};
use crate::kind::{Kind, recognise};
use crate::notes::Notes;
use crate::returns::{Notice, ReadOptions};
use crate::workbook;

/// Sheets of a template that hold nothing to be read.
const OURS: [&str; 2] = ["LISTS", "FIELDS"];

/// A table of the file, with its place among the file's tables and that of its header among its rows.
struct Found<'a> {
    raw: &'a Raw,
    header: usize,
    dataset: String,
}

/// A return in the making.
#[derive(Default)]
pub(super) struct Made {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) rejects: Vec<staysafe::record::Reject>,
    pub(super) account: Account,
    pub(super) truncated: bool,
}

/// Reads files that are lists of one return, each file a list.
///
/// # Errors
/// When a file cannot be read, or nobody says whose they are.
pub(crate) fn read_lists(
    name: &str,
    files: &[(String, Vec<u8>)],
    registers: &Registers,
    options: &ReadOptions,
) -> Result<Vec<ReadReturn>, FileFault> {
    let mut notices = Vec::new();
    let mut all = Vec::new();
    for (file, bytes) in files {
        let several = files.len() > 1;
        for mut raw in raws(if several { file } else { name }, bytes, registers, &mut notices)? {
            raw.sheet.get_or_insert_with(|| file.clone());
            all.push(raw);
        }
    }
    extract::read(name, &all, registers, options, &mut notices)
        .unwrap_or_else(|| Err(no_table(name, registers, None, &all)))
}

/// Reads the tables of a file. Those that one return carries are one return.
///
/// # Errors
/// When the file cannot be read, holds no table of the framework, or nobody says whose it is.
pub(crate) fn read(
    name: &str,
    bytes: &[u8],
    registers: &Registers,
    options: &ReadOptions,
) -> Result<Vec<ReadReturn>, FileFault> {
    let mut notices = Vec::new();
    let raws = raws(name, bytes, registers, &mut notices)?;
    if let Some(lists) = extract::read(name, &raws, registers, options, &mut notices) {
        return lists;
    }
    let (found, above) = tables(name, &raws, registers, &mut notices)?;
    let head = head::read(name, above.into_iter(), registers, &mut notices);
    let whose = whose(name, &head, options, &mut notices);
    let cover = head.cover(options);
    // Counts name area and period in each row.
    let only_counts = found.iter().all(|table| table.dataset == PARTNER_COUNT);
    if cover.is_none() && !only_counts {
        let words = "nobody says of which period it speaks: every figure from it is not reported (return year \
                     unknown); write the period beside Period, as in 2010-11 Q1, or give it as --period";
        notices.push(Notice::new(name, "no-period", words));
    }
    let stocks = cover.and_then(|cover| cover.stocks);
    let year = stocks.map(|days| days.last.year());
    let mut made: BTreeMap<String, Made> = BTreeMap::new();
    let mut empty = BTreeSet::new();
    for Found { raw, header, dataset } in found {
        let Some(dataset) = registers.dataset(&dataset) else { continue };
        let mut notes = Notes::new(name);
        let of = made.entry(dataset.carried_by.value.clone()).or_default();
        let reading = Reading { registers, dataset, year, cover, extract: None };
        let taken = reading.take(raw, header, &mut notes, &mut of.account);
        of.rejects.extend(notes.finish());
        of.truncated |= taken.truncated;
        let id = &dataset.id.value;
        match (taken.table.rows.is_empty(), taken.given, head.nil) {
            // The sheet with the worked row says nothing beside the one for the rows.
            (true, 0, true) if of.tables.contains_key(id) => continue,
            (true, 0, false) => {
                empty.insert(id.clone());
                continue;
            }
            (true, given, _) if given > 0 => {
                let words = format!(
                    "none of its {given} rows of {id} can be used, so that nothing is reported from it; the list of \
                     rejects says why"
                );
                notices.push(Notice::new(name, "no-row-can-be-used", words));
                continue;
            }
            (false, given, true) => {
                let words =
                    format!("it is declared to be a nil return, and holds {given} rows of {id}; they count");
                notices.push(Notice::new(name, "nil-and-rows", words));
            }
            _ => {}
        }
        match of.tables.get_mut(id).filter(|held| !held.rows.is_empty()) {
            None => {
                of.tables.insert(id.clone(), taken.table);
            }
            Some(held) => {
                let words = format!("two of its sheets hold rows of {id}; the rows of both were read");
                notices.push(Notice::new(name, "second-sheet-of-a-table", words));
                join(held, taken.table);
            }
        }
    }
    let area = match whose {
        Ok(area) => area,
        Err(fault) => made.values().find_map(|of| in_each_row(of.tables.get(PARTNER_COUNT)?)).ok_or(fault)?,
    };
    let taken = |id: &String| made.values().any(|of| of.tables.contains_key(id));
    for id in empty.iter().filter(|id| !taken(id)) {
        let words = format!(
            "there is no row of {id} in it, and it is not declared to be a nil return: nothing is reported from it; where \
             there was nothing, write yes beside Nil return"
        );
        notices.push(Notice::new(name, "empty-not-nil", words));
    }
    let submission = Submission {
        agency: head.agency.clone().or_else(|| options.agency.clone()),
        status: head.status.or(options.status),
        nil_declared: head.nil,
        reason: head.reason.clone(),
    };
    let several = made.len() > 1;
    let mut reads = Vec::new();
    for (kind, of) in made {
        let name = if several { format!("{name} ({kind})") } else { name.to_owned() };
        let data = Return {
            name,
            kind,
            area: area.clone(),
            reference_date: stocks.map(|days| days.last),
            serial: head.number,
            made_at: head.filled_in_on.and_then(|day| day.and_hms_opt(0, 0, 0)),
            submission: submission.clone(),
            truncated: of.truncated,
            tables: of.tables,
        };
        reads.push(finish(data, registers, &head, of.rejects, of.account, cover));
    }
    if let Some(first) = reads.first_mut() {
        first.notices = notices;
    }
    Ok(reads)
}

/// The first area of a table of which every row names one: what is handed in stands under it.
fn in_each_row(table: &Table) -> Option<String> {
    let at = table.fields.iter().position(|field| &**field == "area")?;
    let areas: Option<Vec<String>> = table
        .rows
        .iter()
        .map(|row| match row.values.get(at) {
            Some(Datum::Known(value)) => Some(value.to_string()),
            _ => None,
        })
        .collect();
    areas?.into_iter().next()
}

pub(super) fn finish(
    data: Return,
    registers: &Registers,
    head: &Head,
    rejects: Vec<staysafe::record::Reject>,
    account: Account,
    cover: Option<Cover>,
) -> ReadReturn {
    let profile = registers.profile(&data, &rejects, cover.unwrap_or(Cover::YEAR_UNKNOWN));
    let mut header =
        BTreeMap::from([(REGISTER.to_owned(), data.kind.clone()), ("area".to_owned(), data.area.clone())]);
    let said = [
        ("agency", data.submission.agency.clone()),
        ("period", head.period.clone()),
        ("status", data.submission.status.map(|status| status.code().to_owned())),
        ("reason", head.reason.clone()),
        ("nil", head.nil.then(|| "yes".to_owned())),
    ];
    header.extend(said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    ReadReturn { data, profile, rejects, notices: Vec::new(), header, account }
}

/// The tables of a file as they stand in it.
fn raws(
    name: &str,
    bytes: &[u8],
    registers: &Registers,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Raw>, FileFault> {
    let columns = |cells: &[String]| known::columns(registers, cells).max(extract::columns(cells));
    if !matches!(
        recognise(bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default()),
        Kind::Workbook | Kind::Zip
    ) {
        return Ok(vec![super::separated::table(name, bytes, columns, notices)?]);
    }
    let sheets = workbook::sheets(name, bytes)?;
    let raw = |sheet: workbook::Sheet| Raw {
        sheet: Some(sheet.name),
        rows: sheet.rows.into_iter().map(|row| RawRow { line: row.number, cells: Some(row.cells) }).collect(),
        cut: false,
        serials: !sheet.from_1904,
    };
    Ok(sheets.into_iter().map(raw).collect())
}

/// The tables of the framework in it, and the rows that say whose it is.
fn tables<'r>(
    name: &str,
    raws: &'r [Raw],
    registers: &Registers,
    notices: &mut Vec<Notice>,
) -> Result<(Vec<Found<'r>>, Vec<&'r RawRow>), FileFault> {
    let labelled = labelled(registers, raws);
    let said = head::read(name, labelled.iter().copied(), registers, &mut Vec::new()).dataset;
    let mut found = Vec::new();
    let mut others: Vec<&str> = Vec::new();
    for raw in raws {
        let Some((header, fitting)) = known::header(registers, raw) else {
            others.extend(raw.sheet.as_deref().filter(|_| !head::is_labelled(raw)));
            continue;
        };
        let named = said.as_ref().and_then(|id| registers.dataset(id));
        let top = raw.rows.get(header);
        let dataset = match named.zip(top) {
            Some((dataset, top)) if known::fits(dataset, top) => dataset.id.value.clone(),
            _ => {
                let names = [raw.sheet.as_deref().unwrap_or_default(), name];
                match known::settle(fitting, &names) {
                    Of::One(id) => id,
                    Of::Several(ids) => {
                        let message = format!("its columns are those of {} at once", ids.join(" and "));
                        let help = "write which of them it is beside Return, above the header or on the sheet Return";
                        let fault = FileFault::new(name, FaultKind::AnotherKind, message, help);
                        return Err(fault.at(top.map_or(1, |row| row.line)));
                    }
                }
            }
        };
        if let Some(said) = said.as_ref().filter(|said| **said != dataset) {
            let words = format!(
                "it says that it is {said}, and its columns are those of {dataset}; it was read as {dataset}"
            );
            notices.push(Notice::new(name, "name-and-header-disagree", words));
        }
        found.push(Found { raw, header, dataset });
    }
    if found.is_empty() {
        return Err(no_table(name, registers, said.as_deref(), raws));
    }
    others.retain(|sheet| !OURS.contains(&plain(sheet).as_str()));
    if !others.is_empty() {
        let words =
            format!("sheets without a table of the framework were passed over: {}", others.join(", "));
        notices.push(Notice::new(name, "passed-over", words));
    }
    Ok((found, labelled))
}

/// The rows that say whose it is: those above each table, and those of the sheet that holds nothing else. The sheet of a
/// template comes first, because one about its columns may look like it.
fn labelled<'r>(registers: &Registers, raws: &'r [Raw]) -> Vec<&'r RawRow> {
    let called = |raw: &Raw, name: &str| raw.sheet.as_deref().is_some_and(|sheet| plain(sheet) == name);
    let own = raws.iter().find(|raw| called(raw, "RETURN") && head::is_labelled(raw));
    let says = |raw: &&Raw| {
        let is_table = known::header(registers, raw).is_some();
        match own {
            _ if is_table || raw.sheet.is_none() => true,
            Some(own) => std::ptr::eq(*raw, own),
            None => head::is_labelled(raw) && !OURS.iter().any(|name| called(raw, name)),
        }
    };
    raws.iter().filter(says).flat_map(|raw| above(registers, raw)).collect()
}

/// The rows above a table's header, or all of them where there is none.
fn above<'r>(registers: &Registers, raw: &'r Raw) -> &'r [RawRow] {
    let until = known::header(registers, raw).map_or(raw.rows.len(), |(place, _)| place);
    raw.rows.get(..until.min(known::FIRST_ROWS)).unwrap_or_default()
}

fn no_table(name: &str, registers: &Registers, said: Option<&str>, raws: &[Raw]) -> FileFault {
    let dataset = said.and_then(|id| registers.dataset(id));
    let help = match dataset {
        Some(dataset) => {
            let columns: Vec<&str> = dataset.fields.iter().map(|field| field.name.value.as_str()).collect();
            format!("expected one sheet or table with the columns {}", columns.join(", "))
        }
        None => "expected a table whose header names the columns of a dataset; `staysafe template NAME` writes an empty \
                 one"
            .to_owned(),
    };
    let sheets: Vec<&str> = raws.iter().filter_map(|raw| raw.sheet.as_deref()).collect();
    let message = match (dataset, sheets.as_slice()) {
        (Some(dataset), []) => {
            format!("it says that it is {}, and its columns are not there", dataset.id.value)
        }
        (Some(dataset), sheets) => {
            format!("no sheet has the columns of {}; its sheets are {}", dataset.id.value, sheets.join(", "))
        }
        (None, []) => "its header names the columns of no dataset".to_owned(),
        (None, sheets) => {
            format!("no sheet has the columns of a dataset; its sheets are {}", sheets.join(", "))
        }
    };
    FileFault::new(name, FaultKind::AnotherKind, message, help)
}

/// Whose it is: what the file says, or else the caller.
pub(super) fn whose(
    name: &str,
    head: &Head,
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<String, FileFault> {
    let given = options.area.as_deref().map(str::trim).filter(|area| !area.is_empty());
    match (&head.area, given) {
        (Some(said), _) => Ok(said.clone()),
        (None, Some(given)) => {
            let words = format!("it does not say whose it is; it was read as that of {given}, as given");
            notices.push(Notice::new(name, "area-as-given", words));
            Ok(given.to_owned())
        }
        (None, None) => {
            let message = "nobody says whose it is";
            let help = "write the area's code beside Area, above the header or on the sheet Return, or give it as area";
            Err(FileFault::new(name, FaultKind::NotGiven, message, help))
        }
    }
}

/// Puts the rows of a second sheet below those of the first, in its columns.
pub(super) fn join(held: &mut Table, other: Table) {
    let places: Vec<Option<usize>> =
        held.fields.iter().map(|field| other.fields.iter().position(|own| own == field)).collect();
    // A column that one of them lacks is lacking in both.
    let keep = |at: usize| places.get(at).copied().flatten().is_some();
    for row in &mut held.rows {
        let values = std::mem::take(&mut row.values).into_iter().enumerate();
        row.values = values.filter(|(at, _)| keep(*at)).map(|(_, datum)| datum).collect();
    }
    let fields = std::mem::take(&mut held.fields).into_iter().enumerate();
    held.fields = fields.filter(|(at, _)| keep(*at)).map(|(_, field)| field).collect();
    let places: Vec<usize> = places.into_iter().flatten().collect();
    held.rows.extend(other.rows.into_iter().map(|mut row| {
        row.values = places.iter().filter_map(|at| row.values.get(*at).cloned()).collect();
        row
    }));
}
