//! A file line by line, and the cells of each line.
//!
//! No value of a return has a line break in it, so that a line is a row: a quotation mark that is never closed
//! costs its own row and not every row after it.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use csv::{ByteRecord, ReaderBuilder};

/// The longest line: a table's row has a few hundred bytes.
const LONGEST: usize = 1 << 20;

/// How many lines a quoted cell may run over.
const MOST_LINES: usize = 5;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Without its line break.
    pub(crate) bytes: Vec<u8>,
    /// Counted from 1.
    pub(crate) number: u64,
    /// Whether a line break stands behind it.
    pub(crate) ended: bool,
}

/// The lines of a file, with some of them put back.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    input: R,
    number: u64,
    after_return: bool,
    waiting: VecDeque<Line>,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cells {
    /// Nothing but white space.
    Blank,
    /// Cells.
    Row(Vec<Vec<u8>>),
    /// A quotation mark is opened and never closed.
    Unclosed,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, number: 0, after_return: false, waiting: VecDeque::new() }
    }

    /// The next line.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.read(),
        }
    }

    /// Puts lines back, so that they come next.
    pub(crate) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.waiting.push_front(line);
        }
    }

    /// The cells of a line; where a quoted cell runs over its end, of the lines it runs over, provided that they
    /// make a row of this width and none of them is such a row by itself.
    pub(crate) fn cells(&mut self, line: &Line, separator: u8, width: usize) -> io::Result<Cells> {
        let (found, open) = split(&line.bytes, separator);
        if !open {
            return Ok(found);
        }
        let mut text = line.bytes.clone();
        let mut taken = Vec::new();
        while taken.len() < MOST_LINES {
            let Some(next) = self.next()? else { break };
            let by_itself = split(&next.bytes, separator);
            if matches!(&by_itself, (Cells::Row(cells), false) if cells.len() == width) {
                taken.push(next);
                break;
            }
            text.push(b'\n');
            text.extend(&next.bytes);
            taken.push(next);
            match split(&text, separator) {
                (Cells::Row(cells), false) if cells.len() == width => return Ok(Cells::Row(cells)),
                (_, true) => {}
                _ => break,
            }
        }
        self.put_back(taken);
        Ok(Cells::Unclosed)
    }

    /// Line breaks are those of Windows, of Unix and of old spreadsheets.
    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let Some(first) = buffer.first().copied() else {
                if bytes.is_empty() {
                    return Ok(None);
                }
                self.number += 1;
                return Ok(Some(Line { bytes, number: self.number, ended: false }));
            };
            if std::mem::take(&mut self.after_return) && first == b'\n' {
                self.input.consume(1);
                continue;
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (part, rest) = buffer.split_at(end.unwrap_or(buffer.len()));
            bytes.extend_from_slice(part);
            let used = part.len() + usize::from(end.is_some());
            self.after_return = rest.first() == Some(&b'\r');
            self.input.consume(used);
            if bytes.len() > LONGEST {
                return Err(io::Error::from(io::ErrorKind::FileTooLarge));
            }
            if end.is_some() {
                self.number += 1;
                return Ok(Some(Line { bytes, number: self.number, ended: true }));
            }
        }
    }
}

/// The cells of a text, and whether a quotation mark is still open at its end.
fn split(text: &[u8], separator: u8) -> (Cells, bool) {
    if text.iter().all(u8::is_ascii_whitespace) {
        return (Cells::Blank, false);
    }
    // Most lines have no quotation mark, and then there is nothing to find out.
    if !text.contains(&b'"') {
        return (Cells::Row(text.split(|byte| *byte == separator).map(<[u8]>::to_vec).collect()), false);
    }
    // With an open quotation mark the line break belongs to the last cell.
    let ended = [text, b"\n"].concat();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .buffer_capacity(ended.len())
        .from_reader(&ended[..]);
    let mut record = ByteRecord::new();
    // Reading from memory cannot fail, and rows may have any length.
    if !reader.read_byte_record(&mut record).unwrap_or(false) {
        return (Cells::Blank, false);
    }
    let cells: Vec<Vec<u8>> = record.iter().map(<[u8]>::to_vec).collect();
    let open = cells.last().is_some_and(|cell| cell.ends_with(b"\n"));
    (Cells::Row(cells), open)
}

/// What stands between the cells of a header: the one that makes most cells.
pub(crate) fn separator(line: &[u8]) -> u8 {
    let cells = |separator: u8| match split(line, separator).0 {
        Cells::Row(cells) => cells.len(),
        _ => 0,
    };
    let mut best = (b',', cells(b','));
    for other in [b';', b'\t', b'|'] {
        let found = cells(other);
        if found > best.1 {
            best = (other, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &[u8]) -> Vec<Line> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    fn row(cells: &[&str]) -> Cells {
        Cells::Row(cells.iter().map(|cell| cell.as_bytes().to_vec()).collect())
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let found = lines(b"a\r\nb\nc\rd\r\n\r\ne");
        let shown: Vec<(&str, u64, bool)> =
            found.iter().map(|l| (std::str::from_utf8(&l.bytes).unwrap(), l.number, l.ended)).collect();
        assert_eq!(
            shown,
            [("a", 1, true), ("b", 2, true), ("c", 3, true), ("d", 4, true), ("", 5, true), ("e", 6, false)]
        );
        assert!(Lines::new(&vec![b'x'; LONGEST + 1][..]).next().is_err(), "no table has such a line");
    }

    #[test]
    fn a_quotation_mark_costs_its_own_row_only() {
        let text = b"1,\"a;\"\"b\",2\n1,\"open,2\n3,4\n5,\"two\nlines\",6\n";
        let mut lines = Lines::new(&text[..]);
        let mut next = || {
            let line = lines.next().unwrap().unwrap();
            (line.number, lines.cells(&line, b',', 3).unwrap())
        };
        assert_eq!(next(), (1, row(&["1", "a;\"b", "2"])));
        assert_eq!(next(), (2, Cells::Unclosed));
        assert_eq!(next(), (3, row(&["3", "4"])));
        assert_eq!(next(), (4, row(&["5", "two\nlines", "6"])));
    }

    #[test]
    fn the_separator_is_the_one_that_makes_most_cells() {
        for (line, expected) in [
            ("CHILD,DOB", b','),
            ("CHILD;DOB", b';'),
            ("CHILD\tDOB", b'\t'),
            ("A|B|C,D", b'|'),
            ("\"a,b\";c", b';'),
            ("x", b','),
        ] {
            assert_eq!(separator(line.as_bytes()), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn cells_without_quotation_marks_are_those_that_csv_finds(text in "[a-z0-9,; ]{0,20}") {
            let quoted = split(format!("\"\",{text}").as_bytes(), b',').0;
            if let (Cells::Row(mut found), Cells::Row(own)) = (quoted, split(text.as_bytes(), b',').0) {
                found.remove(0);
                prop_assert_eq!(found, own);
            }
        }

        #[test]
        fn any_bytes_are_lines_and_cells(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r')], 0..200)) {
            let mut lines = Lines::new(&bytes[..]);
            let mut last = 0;
            while let Some(line) = lines.next().unwrap() {
                prop_assert!(line.number > last, "each line is read once");
                last = line.number;
                let cells = lines.cells(&line, b',', 4).unwrap();
                prop_assert!(!matches!(cells, Cells::Row(cells) if cells.is_empty()));
            }
        }
    }
}
