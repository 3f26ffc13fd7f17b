//! What a file is, told from its first bytes.

use crate::error::{FaultKind, FileFault};
use crate::xml::not_utf_8;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Xml,
    Html,
    Utf16,
    Workbook,
    OldWorkbook,
    Zip,
    Gzip,
    Pdf,
    Json,
    AnnexA,
    /// A CIN census that some tool has turned into a table.
    CensusTable,
    Csv,
    Binary,
    Text,
}

/// Tells what a file is from its beginning; 64 kilobytes are plenty.
pub(crate) fn recognise(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) || is_utf16_xml(head) {
        return Kind::Utf16;
    }
    if head.starts_with(b"PK\x03\x04") {
        return if contains(head, b"xl/") { Kind::Workbook } else { Kind::Zip };
    }
    for (magic, kind) in
        [(&b"\xD0\xCF\x11\xE0"[..], Kind::OldWorkbook), (b"\x1F\x8B", Kind::Gzip), (b"%PDF", Kind::Pdf)]
    {
        if head.starts_with(magic) {
            return kind;
        }
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if text.is_empty() {
        return Kind::Empty;
    }
    if let Some(markup) = text.strip_prefix(b"<") {
        let start = markup.get(..markup.len().min(200)).unwrap_or_default().to_ascii_lowercase();
        return if start.starts_with(b"html") || start.starts_with(b"!doctype html") {
            Kind::Html
        } else {
            Kind::Xml
        };
    }
    if head.contains(&0) {
        return Kind::Binary;
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return Kind::Json;
    }
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    table(&String::from_utf8_lossy(first))
}

impl Kind {
    /// Says what the file is and what was expected.
    pub(crate) fn refuse(self, file: &str) -> FileFault {
        const EXPECTED: &str = "expected a children in need census (XML), or a looked-after children return (XML, or \
                                its tables as CSV)";
        let fault = |what: &str, mend: &str| {
            let help = if mend.is_empty() { EXPECTED.to_owned() } else { format!("{EXPECTED}; {mend}") };
            FileFault::new(file, FaultKind::AnotherKind, what, help)
        };
        match self {
            Self::Empty => FileFault::new(file, FaultKind::Empty, "the file is empty", EXPECTED),
            Self::Utf16 => not_utf_8(file, "this is UTF-16 text"),
            Self::Html => fault("this is a web page", "a download may have saved the sign-in page instead"),
            Self::Workbook => fault(
                "this is an Excel workbook",
                "workbooks are read with a framework, whose datasets they hold",
            ),
            Self::OldWorkbook => fault("this is an old Excel workbook (.xls)", "save it as .xlsx"),
            Self::Zip => fault("this is a zip archive", "unpack it first"),
            Self::Gzip => fault("this is a gzip archive", "unpack it first"),
            Self::Pdf => fault("this is a PDF", ""),
            Self::Json => fault("this is JSON", ""),
            Self::AnnexA => fault(
                "this is like a list of an Annex A, and has not enough of its headings",
                "put the headings back as the list has them",
            ),
            Self::CensusTable => fault(
                "this is a table made from a children in need census",
                "give the XML file it was made from",
            ),
            Self::Csv => fault("this is a table of comma-separated values", ""),
            Self::Binary => fault("this is not text", ""),
            Self::Xml | Self::Text => fault("this is text, but not XML", ""),
        }
    }
}

/// What a text is, from its first line.
fn table(line: &str) -> Kind {
    let columns: Vec<&str> =
        line.split([',', '\t', ';', '|']).map(|column| column.trim().trim_matches('"').trim()).collect();
    let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    if has("Child Unique ID") {
        return Kind::AnnexA;
    }
    if has("LAchildID") {
        return Kind::CensusTable;
    }
    if columns.len() > 1 { Kind::Csv } else { Kind::Text }
}

fn is_utf16_xml(head: &[u8]) -> bool {
    head.starts_with(b"<\0") || head.starts_with(b"\0<")
}

fn contains(head: &[u8], needle: &[u8]) -> bool {
    head.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_told_by_its_content() {
        for (head, kind) in [
            (&b""[..], Kind::Empty),
            (b"\xEF\xBB\xBF \n", Kind::Empty),
            (b"<Message>", Kind::Xml),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>", Kind::Xml),
            (b"<!DOCTYPE html><html>", Kind::Html),
            (b"\xFF\xFE<\0", Kind::Utf16),
            (b"PK\x03\x04....xl/workbook.xml", Kind::Workbook),
            (b"PK\x03\x04....cin.xml", Kind::Zip),
            (b"%PDF-1.7", Kind::Pdf),
            (b"{\"a\": 1}", Kind::Json),
            (b"Child Unique ID,Gender,Date of referral\n", Kind::AnnexA),
            (b"LAchildID,CINreferralDate\n", Kind::CensusTable),
            (b"a,b\n1,2", Kind::Csv),
            (b"Dear colleague", Kind::Text),
            (b"abc\0def", Kind::Binary),
        ] {
            assert_eq!(recognise(head), kind, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_refusal_says_what_it_is_and_what_was_expected() {
        let fault = Kind::Workbook.refuse("annex-a.xlsx");
        assert_eq!(
            fault.to_string(),
            "annex-a.xlsx: error[another-kind-of-file] this is an Excel workbook\n  help: \
             expected a children in need census (XML), or a looked-after children return (XML, or its tables as CSV); \
             workbooks are read with a framework, whose datasets they hold"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(head in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = recognise(&head).refuse("x");
        }
    }
}
