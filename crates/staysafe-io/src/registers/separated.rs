//! A file of separated values, whatever its separator and its characters.

use std::io::BufReader;

use super::{Raw, RawRow};
use crate::delimited::{Cells, Lines, decoded, separator, text, utf_16};
use crate::error::{FaultKind, FileFault};
use crate::returns::Notice;
use crate::workbook::Cell;

/// The separator is the one that makes most cells of so many lines.
const FIRST_LINES: usize = 40;

/// The table of a file, with what is said of how it was written.
pub(super) fn table(name: &str, bytes: &[u8], notices: &mut Vec<Notice>) -> Result<Raw, FileFault> {
    let wide = utf_16(bytes);
    if wide.is_some() {
        notices.push(Notice::new(name, "encoding", "the file is UTF-16; it was read as such"));
    }
    let lines = || Lines::new(BufReader::new(decoded(bytes, wide)));
    let unreadable = |error: std::io::Error| {
        let help = "export it again; a table's line has a few hundred characters";
        FileFault::new(
            name,
            FaultKind::NotReadable,
            format!("the file cannot be read: {}", error.kind()),
            help,
        )
    };
    let mut first = lines();
    let mut marks = std::collections::BTreeMap::new();
    for _ in 0..FIRST_LINES {
        let Some(line) = first.next().map_err(unreadable)? else { break };
        let mark = separator(&line.bytes);
        if let Cells::Row(cells) = first.cells(&line, mark, 0).map_err(unreadable)? {
            let widest: &mut usize = marks.entry(mark).or_default();
            *widest = (*widest).max(cells.len());
        }
    }
    let (mark, width) =
        marks.into_iter().max_by_key(|(mark, width)| (*width, *mark == b',')).unwrap_or((b',', 1));
    if width > 1 && mark != b',' {
        let words = match mark {
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "upright strokes",
        };
        let words = format!("its cells are separated by {words}; they were read as such");
        notices.push(Notice::new(name, "separator", words));
    }
    let mut raw = Raw::default();
    let mut lines = lines();
    let mut other = false;
    while let Some(line) = lines.next().map_err(unreadable)? {
        let cells = match lines.cells(&line, mark, width).map_err(unreadable)? {
            Cells::Blank => continue,
            Cells::Unclosed => None,
            Cells::Row(cells) => {
                let cell = |bytes: &Vec<u8>| {
                    let (text, windows) = text(bytes);
                    other |= windows;
                    if crate::delimited::trim(&text).is_empty() {
                        Cell::Blank
                    } else {
                        Cell::Text(text.into_owned())
                    }
                };
                Some(cells.iter().map(cell).collect::<Vec<Cell>>())
            }
        };
        raw.cut = !line.ended;
        if cells.as_ref().is_none_or(|cells| cells.iter().any(|cell| !cell.is_blank())) {
            raw.rows.push(RawRow { line: line.number, cells });
        }
    }
    if other {
        let words = "it is not UTF-8; it was read as Windows-1252, which spreadsheets call ANSI";
        notices.push(Notice::new(name, "not-utf-8", words));
    }
    Ok(raw)
}
