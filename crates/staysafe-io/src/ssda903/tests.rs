//! Each oddity of the tables with a small file of its own.
#![allow(clippy::unwrap_used, clippy::panic)]

mod elements;
mod files;
mod laws;
mod rows;

use super::*;

fn options(year: Option<i32>) -> ReadOptions {
    ReadOptions { area: Some("E06000001".to_owned()), year, ..ReadOptions::default() }
}

/// Reads files of the return of 2018.
fn good(files: &[(&str, &str)]) -> ReadReturn {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    bytes(&files, &options(Some(2018))).unwrap_or_else(|error| panic!("{error}"))
}

fn bytes(files: &[(&str, &[u8])], options: &ReadOptions) -> Result<ReadReturn, ReadError> {
    let read = read_ssda903("return", files.iter().copied(), options)?;
    assert!(read.account.is_complete(), "every cell is accounted for: {:?}", read.account);
    Ok(read)
}

/// Values of a column as text; `-` for blank and `!` for rejected.
fn column(read: &ReadReturn, dataset: &str, field: &str) -> Vec<String> {
    let table = read.data.tables.get(dataset).unwrap_or_else(|| panic!("{dataset} is not carried"));
    let place =
        table.fields.iter().position(|name| **name == *field).unwrap_or_else(|| panic!("no field {field}"));
    let shown = |row: &Row| match &row.values[place] {
        Datum::Known(value) => value.to_string(),
        Datum::Missing => "-".to_owned(),
        Datum::Rejected => "!".to_owned(),
        Datum::Suppressed => "*".to_owned(),
    };
    table.rows.iter().map(shown).collect()
}

/// Codes, elements and counts of the rejects, in order.
fn codes(read: &ReadReturn) -> Vec<String> {
    read.rejects
        .iter()
        .map(|reject| format!("{} {} x{}", reject.code, reject.element, reject.times))
        .collect()
}

fn noticed(read: &ReadReturn) -> Vec<&str> {
    read.notices.iter().map(|notice| notice.code.as_str()).collect()
}
