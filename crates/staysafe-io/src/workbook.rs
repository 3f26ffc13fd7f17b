//! Workbooks (.xlsx): their sheets, row by row, each cell as it was typed.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use chrono::NaiveDate;

use crate::error::{FaultKind, FileFault};

/// More cells than any partner's workbook has; a small file may claim to hold many more.
const MOST_CELLS: usize = 20_000_000;

/// Columns beyond these hold no table of ours; a stray cell far to the right would make every row that wide.
const MOST_COLUMNS: u32 = 1_000;

/// The largest file; a partner's workbook has a hundredth of it.
const MOST_BYTES: usize = 512 << 20;

/// Digits of a number that a spreadsheet keeps: those behind them are gone.
const DIGITS_KEPT: usize = 15;

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// Whether its days are counted from 1904, as old ones of one maker are: a bare number is then no day of 1900's.
    pub(crate) from_1904: bool,
    /// Rows with anything in them, in order.
    pub(crate) rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetRow {
    /// As the spreadsheet numbers it, from 1.
    pub(crate) number: u64,
    /// From the first column to the last that has anything in it.
    pub(crate) cells: Vec<Cell>,
}

/// A cell as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    #[default]
    Blank,
    Text(String),
    /// A number in full, without an exponent.
    Number(String),
    /// A number of so many digits that the spreadsheet has put noughts for the last of them.
    CutNumber(String),
    Date(NaiveDate),
    /// A day with a time of day other than midnight.
    Moment(String),
    Bool(bool),
    /// What a formula could not work out: `#N/A`.
    Error(String),
}

/// The sheets of a workbook that hold cells, in their order.
///
/// # Errors
/// When it is no workbook of this kind, has a password, is damaged or too large.
pub(crate) fn sheets(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large(file));
    }
    // A damaged workbook must be a refused file, whatever the library that unpacks it makes of it.
    let read = catch_unwind(AssertUnwindSafe(|| read(file, bytes)));
    read.unwrap_or_else(|_| Err(damaged(file, "its parts contradict each other")))
}

fn read(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    let fault = |error: XlsxError| match error {
        XlsxError::Password => {
            let help = "save it without one and send it by a safe way";
            FileFault::new(file, FaultKind::NotReadable, "the workbook has a password", help)
        }
        other => damaged(file, &other.to_string()),
    };
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(fault)?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let from_1904 = workbook.has_1904_epoch();
    let mut sheets = Vec::new();
    let mut cells = 0;
    for name in names {
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(fault)?;
        let mut rows: Vec<SheetRow> = Vec::new();
        while let Some(found) = reader.next_cell().map_err(fault)? {
            let (row, column) = found.get_position();
            let cell = cell(found.get_value());
            if column >= MOST_COLUMNS || cell == Cell::Blank {
                continue;
            }
            cells += 1;
            if cells > MOST_CELLS {
                return Err(too_large(file));
            }
            place(&mut rows, u64::from(row) + 1, column, cell);
        }
        sheets.push(Sheet { name, from_1904, rows });
    }
    Ok(sheets)
}

/// Puts a cell into its row. Cells come in order, but nothing makes a file keep to that.
fn place(rows: &mut Vec<SheetRow>, number: u64, column: u32, cell: Cell) {
    let at = match rows.last() {
        Some(last) if last.number == number => Ok(rows.len() - 1),
        Some(last) if last.number > number => rows.binary_search_by_key(&number, |row| row.number),
        _ => Err(rows.len()),
    };
    let at = at.unwrap_or_else(|at| {
        rows.insert(at, SheetRow { number, cells: Vec::new() });
        at
    });
    let Ok(column) = usize::try_from(column) else { return };
    if let Some(row) = rows.get_mut(at) {
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Blank);
        }
        if let Some(held) = row.cells.get_mut(column) {
            *held = cell;
        }
    }
}

fn cell(value: &DataRef<'_>) -> Cell {
    match Data::from(value.clone()) {
        Data::Empty => Cell::Blank,
        Data::String(text) if text.trim().is_empty() => Cell::Blank,
        Data::String(text) => Cell::Text(text),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => in_full(number),
        Data::Bool(answer) => Cell::Bool(answer),
        Data::DateTime(moment) => day(&moment),
        Data::DateTimeIso(text) => match crate::values::date(&text) {
            Some(day) => Cell::Date(day),
            None => Cell::Moment(text),
        },
        Data::DurationIso(text) => Cell::Moment(text),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A number in full: the shortest that the spreadsheet's own number stands for.
fn in_full(number: f64) -> Cell {
    if !number.is_finite() {
        return Cell::Error("a number that is none".to_owned());
    }
    let text = number.to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let fraction = text.contains('.');
    if !fraction && digits > DIGITS_KEPT { Cell::CutNumber(text) } else { Cell::Number(text) }
}

fn day(moment: &ExcelDateTime) -> Cell {
    if moment.is_duration() {
        return Cell::Moment("a length of time".to_owned());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    match date {
        Some(date) if (hour, minute, second, milli) == (0, 0, 0, 0) => Cell::Date(date),
        Some(date) => Cell::Moment(format!("{date} {hour:02}:{minute:02}")),
        None => Cell::Moment("a day before the calendar of spreadsheets begins".to_owned()),
    }
}

fn damaged(file: &str, why: &str) -> FileFault {
    let help = "open it in a spreadsheet program, save it as .xlsx again, or save the sheet as CSV UTF-8";
    FileFault::new(file, FaultKind::NotReadable, format!("the workbook cannot be read: {why}"), help)
}

fn too_large(file: &str) -> FileFault {
    let help = "send the table as CSV, or in parts";
    FileFault::new(file, FaultKind::NotReadable, "the workbook is larger than any that is read", help)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime as Day, Format, Workbook};

    use super::*;

    fn workbook() -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Data").unwrap();
        sheet.write_string(0, 0, "child").unwrap();
        sheet.write_string(0, 2, "opened").unwrap();
        sheet.write_number(2, 0, 566_910.0).unwrap();
        sheet.write_number(2, 1, 12.5).unwrap();
        let date = Day::from_ymd(2010, 4, 12).unwrap();
        let format = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_datetime_with_format(2, 2, &date, &format).unwrap();
        sheet.write_boolean(3, 0, true).unwrap();
        sheet.write_number(4, 0, 1_234_567_890_123_456_800.0).unwrap();
        sheet.write_string(4, 20_000 % 16_000, "far away").unwrap();
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn cells_are_what_was_typed() {
        let sheets = sheets("a.xlsx", &workbook()).unwrap();
        let shown: Vec<(u64, &[Cell])> =
            sheets[0].rows.iter().map(|row| (row.number, row.cells.as_slice())).collect();
        let text = |text: &str| Cell::Text(text.to_owned());
        let number = |text: &str| Cell::Number(text.to_owned());
        assert_eq!(sheets[0].name, "Data");
        assert_eq!(
            shown,
            [
                (1, &[text("child"), Cell::Blank, text("opened")][..]),
                (3, &[number("566910"), number("12.5"), Cell::Date("2010-04-12".parse().unwrap())]),
                (4, &[Cell::Bool(true)]),
                (5, &[Cell::CutNumber("1234567890123456800".to_owned())]),
            ]
        );
    }

    #[test]
    fn what_is_no_workbook_is_refused_in_words() {
        let fault = sheets("a.xlsx", b"PK\x03\x04 and no more").unwrap_err();
        assert!(fault.to_string().contains("save it as .xlsx again"), "{fault}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_bring_it_down(
            at in proptest::collection::vec((0usize..1 << 16, any::<u8>()), 0..40),
            length in 0usize..1 << 16,
        ) {
            let mut bytes = workbook();
            let whole = bytes.len();
            for (place, byte) in at {
                bytes[place % whole] = byte;
            }
            bytes.truncate(length.max(whole / 2));
            let _ = sheets("a.xlsx", &bytes);
        }
    }
}
