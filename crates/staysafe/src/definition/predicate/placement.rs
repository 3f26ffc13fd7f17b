//! Where the text of a predicate stands in its file.
//!
//! A parser counts bytes of the text that TOML decoded; a caret must point into the file. The two differ
//! by the quotes and, in a basic string, by every escape.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Span;

/// Maps bytes of a decoded predicate to its file.
///
/// # Example
/// ```
/// use staysafe::definition::predicate::Placement;
/// let file = r#"numerator = "a = \u0031""#;
/// let place = Placement::of_toml_string("cs-14.toml", file, 12..24);
/// // The decoded text is `a = 1`; its last byte is written in six.
/// let span = place.span(4..5);
/// assert_eq!(&file[span.start..span.end], r"\u0031");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    file: Arc<str>,
    quoting: Quoting,
    /// In order, without gaps in what was decoded.
    pieces: Vec<Piece>,
    /// Everything between the quotes.
    content: Range<usize>,
}

/// How the text is quoted in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    None,
    Literal,
    LongLiteral,
    Basic,
    LongBasic,
}

/// A run of decoded bytes and the bytes of the file that they were written as.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    decoded: Range<usize>,
    file: Range<usize>,
}

impl Placement {
    /// A text that is not quoted at all: its first byte is byte `start` of the file.
    pub fn plain(file: impl Into<Arc<str>>, start: usize, text: &str) -> Self {
        let content = start..start + text.len();
        let pieces = vec![Piece { decoded: 0..text.len(), file: content.clone() }];
        Self { file: file.into(), quoting: Quoting::None, pieces, content }
    }

    /// A TOML string of any of the four kinds: `string` is its range in `source`, the file's text, with
    /// its quotes, as a TOML reader gives it.
    ///
    /// A range that holds no TOML string is taken as plain text; a range outside the file is cut.
    pub fn of_toml_string(file: impl Into<Arc<str>>, source: &str, string: Range<usize>) -> Self {
        let start = floor(source, string.start);
        let raw = source.get(start..floor(source, string.end)).unwrap_or("");
        let (quoting, open, close) = if raw.len() >= 6 && raw.starts_with("'''") && raw.ends_with("'''") {
            (Quoting::LongLiteral, 3 + first_newline(raw), 3)
        } else if raw.len() >= 6 && raw.starts_with("\"\"\"") && raw.ends_with("\"\"\"") {
            (Quoting::LongBasic, 3 + first_newline(raw), 3)
        } else if raw.len() >= 2 && raw.starts_with('\'') && raw.ends_with('\'') {
            (Quoting::Literal, 1, 1)
        } else if raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"') {
            (Quoting::Basic, 1, 1)
        } else {
            (Quoting::None, 0, 0)
        };
        let body = raw.get(open..raw.len() - close).unwrap_or("");
        let content = start + open..start + open + body.len();
        let pieces = match quoting {
            Quoting::Basic | Quoting::LongBasic => pieces_of_basic(body, content.start),
            _ => vec![Piece { decoded: 0..body.len(), file: content.clone() }],
        };
        Self { file: file.into(), quoting, pieces, content }
    }

    /// The place in the file of a range of decoded bytes; what lies past the text is its end.
    pub fn span(&self, decoded: Range<usize>) -> Span {
        let start = self.start_of(decoded.start);
        let end = if decoded.is_empty() { start } else { self.end_of(decoded.end).max(start) };
        Span { file: Arc::clone(&self.file), start, end }
    }

    /// The place of the whole text, without its quotes.
    pub fn whole(&self) -> Span {
        Span { file: Arc::clone(&self.file), start: self.content.start, end: self.content.end }
    }

    /// Whether `replacement` may be written into the file as it is, without ending the string it stands in.
    pub(super) fn can_hold(&self, replacement: &str) -> bool {
        match self.quoting {
            Quoting::None => true,
            Quoting::Literal => !replacement.contains(['\'', '\n']),
            Quoting::LongLiteral => !replacement.contains("'''"),
            Quoting::Basic | Quoting::LongBasic => !replacement.contains(['"', '\\', '\n']),
        }
    }

    /// Where the decoded byte was written.
    fn start_of(&self, decoded: usize) -> usize {
        match self.pieces.get(self.pieces.partition_point(|piece| piece.decoded.end <= decoded)) {
            Some(piece) if piece.is_verbatim() => {
                piece.file.start + decoded.saturating_sub(piece.decoded.start)
            }
            Some(piece) => piece.file.start,
            None => self.content.end,
        }
    }

    /// One past where the byte before `decoded` was written.
    fn end_of(&self, decoded: usize) -> usize {
        match self.pieces.get(self.pieces.partition_point(|piece| piece.decoded.end < decoded)) {
            Some(piece) if piece.is_verbatim() => {
                piece.file.start + decoded.saturating_sub(piece.decoded.start)
            }
            Some(piece) => piece.file.end,
            None => self.content.end,
        }
    }
}

impl Piece {
    fn is_verbatim(&self) -> bool {
        self.decoded.len() == self.file.len()
    }
}

/// The nearest boundary of a character at or before `byte`.
fn floor(source: &str, byte: usize) -> usize {
    (0..=byte.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
}

/// The length of a newline right after the opening quotes of a long string: TOML drops it.
fn first_newline(raw: &str) -> usize {
    match raw.get(3..) {
        Some(rest) if rest.starts_with("\r\n") => 2,
        Some(rest) if rest.starts_with('\n') => 1,
        _ => 0,
    }
}

/// Splits the body of a basic string into runs as written and escapes.
fn pieces_of_basic(body: &str, start: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut at, mut decoded) = (0, 0);
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let (written, means) = match rest.find('\\') {
            Some(0) => escape(rest),
            Some(run) => (run, run),
            None => (rest.len(), rest.len()),
        };
        if means > 0 {
            pieces.push(Piece { decoded: decoded..decoded + means, file: start + at..start + at + written });
        }
        at += written;
        decoded += means;
    }
    pieces
}

/// The bytes of an escape at the start of `rest`: as written, and as decoded.
fn escape(rest: &str) -> (usize, usize) {
    let Some(second) = rest.chars().nth(1) else { return (1, 1) };
    let hex = |digits: usize| {
        let written = floor(rest, 2 + digits);
        let code = rest.get(2..written).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (written, code.and_then(char::from_u32).map_or(1, char::len_utf8))
    };
    match second {
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        // A backslash at the end of a line joins it to the next word.
        ' ' | '\t' | '\r' | '\n' => {
            let after = rest.get(1..).unwrap_or("");
            (rest.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len(), 0)
        }
        other => (1 + other.len_utf8(), 1),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The TOML string that `file` assigns to `p`: what the reader decodes and where we put each character.
    fn written(file: &str) -> Vec<(char, String)> {
        #[derive(serde::Deserialize)]
        struct Raw {
            p: toml::Spanned<String>,
        }
        let raw: Raw = toml::from_str(file).unwrap();
        let place = Placement::of_toml_string("f", file, raw.p.span());
        let text = raw.p.into_inner();
        text.char_indices()
            .map(|(at, c)| {
                let span = place.span(at..at + c.len_utf8());
                (c, file[span.start..span.end].to_owned())
            })
            .collect()
    }

    fn verbatim(file: &str) -> bool {
        written(file).iter().all(|(c, text)| c.to_string() == *text)
    }

    #[test]
    fn strings_without_escapes_stand_as_they_are_read() {
        for file in
            ["p = 'a > 1'", "p = \"a = 'é'\"", "p = '''\na\n = '''", "p = '''\r\na\r\n = 1'''", "p = ''"]
        {
            assert!(verbatim(file), "{file:?}: {:?}", written(file));
        }
        assert!(verbatim("p = '''a = 'b''''"), "a quote before the closing quotes belongs to the text");
    }

    #[test]
    fn an_escape_stands_where_it_is_written() {
        let file = "p = \"a\\t= \\\"x\\\" \\u00e9\\U0001F600\\x41 b\"";
        let expected =
            ["a", "\\t", "=", " ", "\\\"", "x", "\\\"", " ", "\\u00e9", "\\U0001F600", "\\x41", " ", "b"];
        let found: Vec<String> = written(file).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_joined_line_is_skipped() {
        let found = written("p = \"\"\"\na AND \\\n     b\"\"\"");
        assert_eq!(found.last().unwrap(), &('b', "b".to_owned()));
    }

    #[test]
    fn a_bad_range_gives_a_place_inside_the_file() {
        for range in [0..99, 3..4, 50..60, Range { start: 2, end: 1 }] {
            let place = Placement::of_toml_string("f", "é='x'", range);
            let span = place.span(7..9);
            assert!(span.start <= span.end && span.end <= 6, "{span:?}");
        }
    }
}
