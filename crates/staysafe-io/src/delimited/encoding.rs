//! What characters a file is written in: UTF-8, UTF-16, or what spreadsheets call ANSI.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

/// The encoding of UTF-16, told from the first bytes; `None` for everything that has a byte for a letter.
pub(crate) fn utf_16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    // Without a mark: the first letters of a table are Latin, so that every other byte of them is 0.
    let start = head.get(..16)?;
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (8, 0) => Some(UTF_16BE),
        (0, 8) => Some(UTF_16LE),
        _ => None,
    }
}

/// A reader that turns UTF-16 into UTF-8, takes the mark off UTF-8, and leaves all other bytes alone.
pub(crate) fn decoded<R: Read>(
    input: R,
    encoding: Option<&'static Encoding>,
) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new().encoding(encoding).utf8_passthru(true).strip_bom(true).build(input)
}

/// The text of a cell, and whether it had to be read as Windows-1252.
pub(crate) fn text(cell: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(cell) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(cell).0, true),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn utf_16_is_told_with_and_without_its_mark() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        assert_eq!(utf_16(&wide("CHILD,DOB,REVIEW")), Some(UTF_16LE));
        assert_eq!(utf_16(&wide("\u{FEFF}C")), Some(UTF_16LE));
        let big: Vec<u8> = "CHILD,DOB".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf_16(&big), Some(UTF_16BE));
        assert_eq!(utf_16(b"CHILD,DOB,REVIEW"), None);
        let mut read = String::new();
        decoded(&wide("\u{FEFF}CHILD,\u{E9}")[..], None).read_to_string(&mut read).unwrap();
        assert_eq!(read, "CHILD,\u{E9}");
    }

    #[test]
    fn a_cell_that_is_not_utf_8_is_read_as_a_spreadsheet_meant_it() {
        assert_eq!(text(b"Caf\xE9"), ("Café".into(), true));
        assert_eq!(text("Café".as_bytes()), ("Café".into(), false));
    }
}
