//! A file of separated values, whatever its separator and its characters.

use std::io::BufReader;

use super::{Raw, RawRow};
use crate::delimited::{Cells, Lines, decoded, text, utf_16};
use crate::error::{FaultKind, FileFault};
use crate::returns::Notice;
use crate::workbook::Cell;

/// What may stand between cells; of two that fit alike the first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The separator is the one that makes a header of one of so many lines, or else most cells.
const FIRST_LINES: usize = 40;

/// The table of a file, with what is said of how it was written.
///
/// `columns` says how many of a row's cells are columns of a dataset.
pub(super) fn table(
    name: &str,
    bytes: &[u8],
    columns: impl Fn(&[String]) -> usize,
    notices: &mut Vec<Notice>,
) -> Result<Raw, FileFault> {
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
    let mut best: Option<(usize, usize, u8)> = None;
    for _ in 0..FIRST_LINES {
        let Some(line) = first.next().map_err(unreadable)? else { break };
        // A separator inside somebody's words makes cells too: the one that makes a header of a line is right.
        for mark in SEPARATORS {
            let Cells::Row(cells) = first.cells(&line, mark, 0).map_err(unreadable)? else { continue };
            let words: Vec<String> = cells.iter().map(|cell| text(cell).0.into_owned()).collect();
            let fit = (columns(&words), words.len(), mark);
            best = best.filter(|best| (best.0, best.1) >= (fit.0, fit.1)).or(Some(fit));
        }
    }
    let (_, width, mark) = best.unwrap_or((0, 1, b','));
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
