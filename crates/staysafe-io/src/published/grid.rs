//! A table's text as rows of cells, whatever it was written with.

use csv::ReaderBuilder;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How many lines a quoted cell may run over.
const MOST_LINES: usize = 6;

/// A row with at least one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GridRow {
    /// Its first line, counted from 1.
    pub(super) line: u64,
    /// Its cells; none where a quotation mark is opened and never closed.
    pub(super) cells: Option<Vec<String>>,
}

/// What a file says, and how it was written.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
    pub(super) separator: char,
    /// How it was written, where that is not UTF-8.
    pub(super) encoding: Option<&'static str>,
}

/// Takes a file apart.
pub(super) fn grid(bytes: &[u8]) -> Grid {
    let (text, encoding) = decode(bytes);
    let lines: Vec<&str> = lines(&text);
    let separator = separator(&lines);
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let mut whole = (*line).to_owned();
        let mut taken = 1;
        while is_open(&whole) && taken < MOST_LINES {
            let Some(next) = lines.get(at + taken) else { break };
            whole.push('\n');
            whole.push_str(next);
            taken += 1;
        }
        let number = u64::try_from(at + 1).unwrap_or(u64::MAX);
        if is_open(&whole) {
            rows.push(GridRow { line: number, cells: None });
            at += 1;
        } else {
            rows.push(GridRow { line: number, cells: Some(split(&whole, separator)) });
            at += taken;
        }
    }
    Grid { rows, separator: char::from(separator), encoding }
}

fn decode(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling(rest).0.into_owned();
        return (text, (encoding != UTF_8).then(|| encoding.name()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Some("windows-1252")),
    }
}

/// The lines of a text; line breaks are those of Windows, of Unix and of old spreadsheets.
fn lines(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        found.push(line);
        rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(['\n', '\r'])).unwrap_or(after);
    }
    found
}

/// Whether a quotation mark that is opened is still open at the end.
fn is_open(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1
}

/// What parts the cells: what stands most often in the line that has most of it.
fn separator(lines: &[&str]) -> u8 {
    let most = |separator: u8| {
        let count = |line: &&str| line.bytes().filter(|byte| *byte == separator).count();
        lines.iter().take(40).map(count).max().unwrap_or(0)
    };
    let mut best = (b',', most(b','));
    for other in [b';', b'\t', b'|'] {
        if most(other) > best.1 {
            best = (other, most(other));
        }
    }
    best.0
}

fn split(text: &str, separator: u8) -> Vec<String> {
    if !text.contains('"') {
        return text.split(char::from(separator)).map(str::to_owned).collect();
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .buffer_capacity(text.len().max(1))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // Reading UTF-8 from memory cannot fail, and rows may have any length.
    if !reader.read_record(&mut record).unwrap_or(false) {
        return vec![String::new()];
    }
    record.iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        grid(text.as_bytes()).rows.into_iter().filter_map(|row| row.cells).collect()
    }

    #[test]
    fn cells_lines_and_separators() {
        assert_eq!(cells("a,\"b, c\"\r\n1,\"x\ny\"\n"), [["a", "b, c"], ["1", "x\ny"]]);
        assert_eq!(cells("a\tb,c\td\n1\t2\t3"), [["a", "b,c", "d"], ["1", "2", "3"]]);
        assert_eq!(cells("a;b\r1;2\r"), [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_costs_its_own_line() {
        let grid = grid(b"a,b\n\"1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n");
        let broken: Vec<u64> =
            grid.rows.iter().filter(|row| row.cells.is_none()).map(|row| row.line).collect();
        assert_eq!((broken, grid.rows.len()), (vec![2], 8));
    }

    #[test]
    fn encodings_are_told() {
        let wide: Vec<u8> = "\u{feff}a,é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, encoding) in [
            (&b"a,\xe9"[..], Some("windows-1252")),
            ("\u{feff}a,é".as_bytes(), None),
            (&wide[..], Some("UTF-16LE")),
        ] {
            let grid = grid(bytes);
            assert_eq!(grid.encoding, encoding);
            assert_eq!(grid.rows.into_iter().find_map(|row| row.cells), Some(vec!["a".into(), "é".into()]));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_rows(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n')], 0..300)) {
            let mut last = 0;
            for row in grid(&bytes).rows {
                prop_assert!(row.line > last, "each line is read once");
                last = row.line;
            }
        }
    }
}
