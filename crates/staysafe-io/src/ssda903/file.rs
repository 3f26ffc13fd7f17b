//! One file: from its lines to rows of its table, or to what could not be used and why.

use std::io::{BufReader, Read};

use staysafe::record::Lost;

use super::Reading;
use super::head::{self, FIRST_LINES, Head};
use super::layout::{Need, TableLayout};
use super::rows::{Rows, Spot, To};
use crate::delimited::{self, Cells, Line, Lines, plain, separator, trim};
use crate::error::{FaultKind, FileFault};
use crate::notes::{Notes, Place};

/// What is said of a file, beside its rows.
struct File<'a, R> {
    name: &'a str,
    lines: Lines<R>,
    separator: u8,
    head: Head,
    table: &'a TableLayout,
    notes: Notes,
    rows: Rows<'a>,
    /// Data rows so far, used or not.
    row: u32,
    short_rows: u64,
}

/// Reads a file into its table.
pub(super) fn read<R: Read>(reading: &mut Reading<'_>, name: &str, input: R) -> Result<(), FileFault> {
    let mut input = BufReader::with_capacity(64 * 1024, input);
    let start = std::io::BufRead::fill_buf(&mut input).map_err(|error| unreadable(name, 0, &error))?;
    let wide = delimited::utf_16(start);
    let mut lines = Lines::new(BufReader::with_capacity(64 * 1024, delimited::decoded(input, wide)));
    let mut notes = Notes::new(name);
    let (head, separator) = find_head(reading, name, &mut lines, &mut notes)?;
    let layout = reading.layout;
    let Some(rows) = Rows::of(layout, head.table) else { return Err(not_a_table(name)) };
    let mut file =
        File { name, lines, separator, head, table: rows.table, notes, rows, row: 0, short_rows: 0 };
    if wide.is_some() {
        reading.notice(name, "encoding", "the file is UTF-16; it was read as such");
    }
    if separator != b',' {
        let words = match separator {
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "upright strokes",
        };
        reading.notice(
            name,
            "separator",
            format!("its cells are separated by {words}; they were read as such"),
        );
    }
    file.check_columns(reading);
    while let Some(line) = file.lines.next().map_err(|error| unreadable(name, 0, &error))? {
        file.line(reading, &line)?;
    }
    file.finish(reading);
    Ok(())
}

/// The header, or what stands for it; lines above it are passed over and said.
fn find_head<R: std::io::BufRead>(
    reading: &mut Reading<'_>,
    name: &str,
    lines: &mut Lines<R>,
    notes: &mut Notes,
) -> Result<(Head, u8), FileFault> {
    let layout = reading.layout;
    let named = head::by_name(layout, name);
    let mut above: Vec<(Line, u8, Vec<String>)> = Vec::new();
    for _ in 0..FIRST_LINES {
        let Some(line) = lines.next().map_err(|error| unreadable(name, 0, &error))? else { break };
        let mark = separator(&line.bytes);
        let found = lines.cells(&line, mark, 0).map_err(|error| unreadable(name, line.number, &error))?;
        let Cells::Row(cells) = found else {
            above.push((line, mark, Vec::new()));
            continue;
        };
        let cells: Vec<String> = cells.iter().map(|cell| delimited::text(cell).0.into_owned()).collect();
        if !head::is_header(layout, &cells) {
            above.push((line, mark, cells));
            continue;
        }
        let written = above.iter().filter(|(.., cells)| !cells.is_empty()).count() as u64;
        if let Some((first, _, cells)) = above.iter().find(|(.., cells)| !cells.is_empty()) {
            let at = Place { record: 0, line: first.number, dataset: None, element: "above the header" };
            let message = format!("{written} lines above the header were passed over");
            notes.odd_many(at, "lines-above-header", written, message);
            let cells =
                above.iter().map(|(.., cells)| cells.len() as u64).sum::<u64>().max(cells.len() as u64);
            reading.account.elements += cells;
            reading.account.passed_over += cells;
        }
        let table = settle(reading, name, named, &cells).map_err(|fault| fault.at(line.number))?;
        reading.account.elements += cells.len() as u64;
        reading.account.header += cells.len() as u64;
        return Ok((head::columns(layout, table, &cells), mark));
    }
    let Some((_, mark, first)) = above.iter().find(|(.., cells)| !cells.is_empty()) else {
        let help =
            "expected at least the names of its columns; a table without cases is sent with its header only";
        return Err(FileFault::new(name, FaultKind::Empty, "the file is empty", help));
    };
    let mut fitting = head::all_by_name(layout, name)
        .into_iter()
        .filter_map(|table| head::by_order(layout, table, first, reading.year));
    // Of several tables that the name names, one alone must fit.
    let found = fitting.next().filter(|_| fitting.next().is_none());
    let Some(found) = found else { return Err(no_header(layout, name, named)) };
    let mark = *mark;
    let columns = found.names.join(", ");
    reading.notice(
        name,
        "no-header",
        format!("the file has no header; its columns were taken in the order of the return: {columns}"),
    );
    lines.put_back(above.into_iter().map(|(line, ..)| line).collect());
    Ok((found, mark))
}

/// The table of a header; where the name of the file says another, the header decides and it is said.
fn settle(
    reading: &mut Reading<'_>,
    name: &str,
    named: Option<usize>,
    cells: &[String],
) -> Result<usize, FileFault> {
    let layout = reading.layout;
    let title = |place: usize| layout.tables.get(place).map_or("", |table| table.name.as_str());
    match (head::by_header(layout, cells).as_slice(), named) {
        ([], Some(named)) => Ok(named),
        ([only], Some(named)) if *only != named => {
            reading.notice(
                name,
                "name-and-header-disagree",
                format!(
                    "the file's name says {}, its columns are those of {}; it was read as {}",
                    title(named),
                    title(*only),
                    title(*only)
                ),
            );
            Ok(*only)
        }
        ([only], _) => Ok(*only),
        (several, Some(named)) if several.contains(&named) => Ok(named),
        ([], None) => {
            let message = "its columns stand in several tables, and its name says none of them";
            let help = "call the file after its table, as in reviews.csv, or give all columns of the table";
            Err(FileFault::new(name, FaultKind::AnotherKind, message, help))
        }
        (several, _) => {
            let tables: Vec<&str> = several.iter().map(|place| title(*place)).collect();
            let message = format!("its columns are those of {} at once", tables.join(" and "));
            let help = "one file holds one table; split it";
            Err(FileFault::new(name, FaultKind::AnotherKind, message, help))
        }
    }
}

impl<R: std::io::BufRead> File<'_, R> {
    /// What is odd about the columns: unknown, called otherwise, not there.
    fn check_columns(&mut self, reading: &mut Reading<'_>) {
        let table = self.table;
        let dataset = Some(table.id.as_str());
        for (name, column) in self.head.names.iter().zip(&self.head.columns) {
            let at = Place { record: 0, line: 1, dataset, element: name };
            match column.and_then(|place| table.columns.get(place)) {
                None if name.is_empty() => {}
                None => {
                    let words = format!("the table {} has no such column; it was passed over", table.name);
                    self.notes.odd_many(at, "unknown-column", 1, words);
                }
                Some(column) if column.keys.first().is_none_or(|own| *own != plain(name)) => {
                    let words = format!("this column was read as {}", column.name);
                    self.notes.odd_many(at, "column-by-another-name", 1, words);
                }
                Some(_) => {}
            }
        }
        self.rows.check_year(reading, self.name);
        for (place, column) in table.columns.iter().enumerate() {
            let there = self.head.columns.contains(&Some(place));
            if there || !column.stands_in(reading.year) {
                continue;
            }
            let at = Place { record: 0, line: 1, dataset, element: &column.name };
            let words = if column.need == Need::Nothing {
                "the file lacks this column; it was read as blank"
            } else {
                reading.lacks(self.head.table, place);
                "the file lacks this column; figures that need it are not reported"
            };
            self.notes.odd_many(at, "missing-column", 1, words.to_owned());
        }
    }

    /// One line: a row, or nothing, or something that cannot be used.
    fn line(&mut self, reading: &mut Reading<'_>, line: &Line) -> Result<(), FileFault> {
        let width = self.head.columns.len();
        let cells = self.lines.cells(line, self.separator, width);
        let number = line.number;
        let dataset = Some(self.table.id.as_str());
        let at = |record, element| Place { record, line: number, dataset, element };
        let cells = match cells.map_err(|error| unreadable(self.name, number, &error))? {
            Cells::Blank => {
                self.notes.odd(at(self.row, "blank lines"), "blank-line", "", false, || {
                    "a line without anything in it is no row".to_owned()
                });
                return Ok(());
            }
            Cells::Unclosed => {
                self.row = self.row.saturating_add(1);
                let message = "a quotation mark is opened in this row and never closed, so that its cells cannot be \
                               told apart; correct it where it was exported";
                self.reject(reading, 1, at(self.row, "the row"), "unclosed-quotation", message.to_owned());
                return Ok(());
            }
            Cells::Row(cells) => cells,
        };
        let texts: Vec<(std::borrow::Cow<'_, str>, bool)> =
            cells.iter().map(|cell| delimited::text(cell)).collect();
        let count = texts.len() as u64;
        reading.account.elements += count;
        if texts.iter().all(|(text, _)| trim(text).is_empty()) {
            reading.account.empty += count;
            self.notes.odd(at(self.row, "empty rows"), "empty-row", "", false, || {
                "a row whose cells are all blank is no record".to_owned()
            });
            return Ok(());
        }
        if texts.len() == width
            && texts.iter().zip(&self.head.names).all(|((text, _), name)| trim(text) == name)
        {
            reading.account.passed_over += count;
            self.notes.odd(at(self.row, "the header"), "repeated-header", "", false, || {
                "the header stands among the rows again, as in files that were joined; it was passed over"
                    .to_owned()
            });
            return Ok(());
        }
        self.row = self.row.saturating_add(1);
        let row = self.row;
        if texts.iter().skip(width).any(|(text, _)| !trim(text).is_empty()) {
            let message = format!(
                "this row has {} cells and the header {width}: a separator inside a value has moved the cells, and \
                 nobody can say which; put the value in quotation marks",
                texts.len()
            );
            reading.account.elements -= count;
            self.reject(reading, count, at(row, "the row"), "long-row", message);
            return Ok(());
        }
        if texts.len() > width {
            let extra = (texts.len() - width) as u64;
            reading.account.empty += extra;
            self.notes.odd(at(row, "the row"), "blank-cells-at-end", "", false, || {
                "rows have more cells than the header, all of them blank; nothing is lost".to_owned()
            });
        }
        if texts.len() < width {
            self.short_rows += 1;
            if !line.ended && self.short_rows == 1 {
                reading.account.elements -= count;
                return self.cut_off(reading, count, at(row, "the row"));
            }
            self.notes.odd(at(row, "the row"), "short-row", "", false, || {
                "rows have fewer cells than the header, as where a program leaves out blanks at the end; the cells \
                 that are not there were read as blank"
                    .to_owned()
            });
        }
        self.record(reading, &texts, number);
        Ok(())
    }

    /// The last row has no line break and lacks cells, and no other row does: the file was cut off there.
    fn cut_off(&mut self, reading: &mut Reading<'_>, cells: u64, at: Place<'_>) -> Result<(), FileFault> {
        let whole = u64::from(self.row) - 1;
        let message = format!("the file ends in the middle of a row; whole rows before that: {whole}");
        if reading.options.refuse_truncated {
            let help = "figures from part of a return are wrong; ask for the whole file";
            let kind = FaultKind::Truncated { children: whole };
            return Err(FileFault::new(self.name, kind, message, help).at(at.line));
        }
        reading.truncated = true;
        let said = format!(
            "{message}; every figure from this return is marked partly reported; ask for the whole file"
        );
        reading.notice(self.name, "truncated", said);
        let message = "the file ends inside this row; ask for the whole file".to_owned();
        self.reject(reading, cells, at, "truncated", message);
        Ok(())
    }

    /// A row that cannot be used, with so many cells.
    fn reject(
        &mut self,
        reading: &mut Reading<'_>,
        cells: u64,
        at: Place<'_>,
        code: &'static str,
        message: String,
    ) {
        reading.account.elements += cells;
        reading.account.lost_with_child += cells;
        self.notes.reject(at, code, Lost::Record, "", false, message);
    }

    /// The record of a row.
    fn record(&mut self, reading: &mut Reading<'_>, texts: &[(std::borrow::Cow<'_, str>, bool)], line: u64) {
        let before = (reading.account, self.notes.len());
        let spot = Spot { record: self.row, line };
        let mut values = self.rows.blank();
        for (place, (text, other_encoding)) in texts.iter().enumerate().take(self.head.columns.len()) {
            let Some(column) = self.head.columns.get(place).copied().flatten() else {
                reading.account.passed_over += 1;
                continue;
            };
            let name = self.head.names.get(place).cloned().unwrap_or_default();
            if *other_encoding {
                self.notes.odd(self.rows.at(spot, &name), "not-utf-8", text, true, || {
                    "these characters are not UTF-8; they were read as Windows-1252, which spreadsheets call ANSI"
                        .to_owned()
                });
            }
            let mut to = To { reading: &mut *reading, notes: &mut self.notes };
            let datum = self.rows.value(&mut to, spot, (column, &name), text);
            self.rows.put(&mut to, spot, &mut values, (column, &name), datum);
        }
        let mut to = To { reading, notes: &mut self.notes };
        if !self.rows.reject_lacking(&mut to, spot, (&values, 0), before) {
            self.rows.push(to.reading, values, line);
        }
    }

    fn finish(mut self, reading: &mut Reading<'_>) {
        self.rows.finish(&mut To { reading: &mut *reading, notes: &mut self.notes }, self.name);
        reading.rejects.extend(self.notes.finish());
    }
}

fn no_header(layout: &super::layout::Layout, name: &str, named: Option<usize>) -> FileFault {
    let what = match named.and_then(|place| layout.tables.get(place)) {
        Some(table) => {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            return FileFault::new(
                name,
                FaultKind::Header,
                format!(
                    "the file has no header, and its rows are not what {} would hold in order",
                    table.name
                ),
                format!("expected the names of the columns in the first line: {}", columns.join(",")),
            );
        }
        None => "neither its name nor its columns are those of a table of the return",
    };
    let help =
        format!("expected a table of the {}, with the names of its columns in the first line", layout.title);
    FileFault::new(name, FaultKind::AnotherKind, what, help)
}

fn not_a_table(name: &str) -> FileFault {
    FileFault::new(name, FaultKind::AnotherKind, "this is no table of the return", "leave it out")
}

fn unreadable(name: &str, line: u64, error: &std::io::Error) -> FileFault {
    let (message, help) = match error.kind() {
        std::io::ErrorKind::FileTooLarge => (
            "a line is longer than a million bytes".to_owned(),
            "this is no table of the return; export it again",
        ),
        kind => (
            format!("the file cannot be read: {kind}"),
            "give the path of a file that can be read, or copy it to this machine and try again",
        ),
    };
    let fault = FileFault::new(name, FaultKind::NotReadable, message, help);
    if line > 0 { fault.at(line) } else { fault }
}
