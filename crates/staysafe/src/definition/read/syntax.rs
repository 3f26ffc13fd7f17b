//! What TOML itself cannot read, in words that help a writer of definitions.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};

/// How often a text is tried again without the lines that could not be read.
const TRIES: usize = 8;

/// A text that TOML can read, as far as it could be made one.
pub(super) struct Readable<'a> {
    /// The text with every line that TOML could not read blanked out: every other byte stands where it stood.
    pub(super) text: Cow<'a, str>,
    /// The lines blanked out.
    pub(super) broken: Vec<Range<usize>>,
    /// What is wrong with them.
    pub(super) found: Diagnostics,
}

/// Makes a text readable. A reader of TOML gives up at some faults; this one goes on behind them, so that one
/// broken line does not hide the mistakes of the others.
pub(super) fn readable<'a>(path: &Arc<str>, text: &'a str) -> Readable<'a> {
    let mut readable = Readable { text: Cow::Borrowed(text), broken: Vec::new(), found: Diagnostics::new() };
    unmerged(path, text, &mut readable);
    for attempt in 0..TRIES {
        let places = places(text, &readable.text);
        let mut blanked = readable.text.as_bytes().to_vec();
        let mut changed = false;
        for (place, message) in places {
            let place = never_closed(&readable.text, &place).unwrap_or(place);
            let line = line_of(text, place.start);
            if readable
                .broken
                .iter()
                .any(|broken| broken.start < line.end.max(line.start + 1) && line.start < broken.end)
            {
                continue;
            }
            let fault = Fault { path, text, line, place };
            if message == "duplicate key" {
                // TOML keeps one of the two.
                readable.found.push(fault.duplicate());
                readable.broken.push(fault.place.start..fault.place.end.max(fault.place.start + 1));
                continue;
            }
            if attempt == 0 {
                // Later complaints are about what was blanked out.
                readable.found.push(
                    fault
                        .broken_quote('\'')
                        .or_else(|| fault.broken_quote('"'))
                        .unwrap_or_else(|| fault.not_toml(&message)),
                );
            }
            let lost = fault.lost();
            for byte in blanked.get_mut(lost.clone()).unwrap_or_default() {
                if !matches!(*byte, b'\n' | b'\r') {
                    changed = true;
                    *byte = b' ';
                }
            }
            readable.broken.push(lost.start..lost.end.max(lost.start + 1));
        }
        match String::from_utf8(blanked) {
            Ok(text) if changed => readable.text = Cow::Owned(text),
            _ => break,
        }
    }
    readable
}

/// Blanks out what a merge left open: two versions of the same lines between marks, with both places told.
fn unmerged<'a>(path: &Arc<str>, text: &'a str, readable: &mut Readable<'a>) {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push(at..at + line.trim_end().len());
        at += line.len();
    }
    let marked =
        |line: &Range<usize>, mark: &str| text.get(line.clone()).is_some_and(|l| l.starts_with(mark));
    let mut blanked = text.as_bytes().to_vec();
    let mut rest = lines.as_slice();
    while let Some(open) = rest.iter().position(|line| marked(line, "<<<<<<< ")) {
        rest = rest.get(open..).unwrap_or_default();
        let Some(close) = rest.iter().position(|line| marked(line, ">>>>>>> ")) else { break };
        let (Some(first), Some(last)) = (rest.first(), rest.get(close)) else { break };
        let between = rest.get(..close).unwrap_or_default();
        let span = |line: &Range<usize>| Span { file: Arc::clone(path), start: line.start, end: line.end };
        let mut finding = Diagnostic::new(
            Code::MergeConflict,
            span(first),
            "two versions of these lines were never merged",
        )
        .label("one version begins here");
        if let Some(middle) = between.iter().find(|line| marked(line, "=======")) {
            finding = finding.other(span(middle), "the other begins here");
        }
        readable.found.push(
            finding
                .other(span(last), "and ends here")
                .help("keep what is right of both, and take out the lines with the marks"),
        );
        for byte in blanked.get_mut(first.start..last.end).unwrap_or_default() {
            if !matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        readable.broken.push(first.start..last.end);
        rest = rest.get(close + 1..).unwrap_or_default();
    }
    if !readable.broken.is_empty()
        && let Ok(blanked) = String::from_utf8(blanked)
    {
        readable.text = Cow::Owned(blanked);
    }
}

/// What TOML complains of, in order of place: one fault often makes several complaints.
fn places(text: &str, readable: &str) -> Vec<(Range<usize>, String)> {
    let (_, errors) = DeTable::parse_recoverable(readable);
    let mut places: Vec<(Range<usize>, String)> = errors
        .iter()
        .map(|error| {
            let place = inside(text, error.span().unwrap_or(text.len()..text.len()));
            (place, error.message().to_owned())
        })
        .collect();
    places.sort_by_key(|(place, _)| place.start);
    places
}

struct Fault<'a> {
    path: &'a Arc<str>,
    text: &'a str,
    line: Range<usize>,
    place: Range<usize>,
}

impl Fault<'_> {
    fn span(&self, bytes: Range<usize>) -> Span {
        Span { file: Arc::clone(self.path), start: bytes.start, end: bytes.end }
    }

    fn line_text(&self) -> &str {
        self.text.get(self.line.clone()).unwrap_or("")
    }

    /// What cannot be made sense of: the line, or all of a table whose name cannot be read.
    fn lost(&self) -> Range<usize> {
        if !self.line_text().trim_start().starts_with('[') {
            return self.line.clone();
        }
        let after = self.text.get(self.line.end..).unwrap_or("");
        let next = after.match_indices('\n').find(|(at, _)| {
            after.get(at + 1..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('['))
        });
        self.line.start..next.map_or(self.text.len(), |(at, _)| self.line.end + at)
    }

    fn is_long_quote(&self) -> bool {
        LONG_QUOTES.contains(&self.text.get(self.place.clone()).unwrap_or(""))
    }

    fn not_toml(&self, message: &str) -> Diagnostic {
        let message = if self.is_long_quote() { "a text that is never closed" } else { message };
        Diagnostic::new(Code::NotToml, self.span(self.place.clone()), format!("this is not TOML: {message}"))
            .label("TOML cannot be read from here")
            .help(self.advice())
    }

    fn advice(&self) -> &'static str {
        let line = self.line_text().trim_start();
        if self.is_long_quote() {
            "close it where the text ends, with the same three quotes"
        } else if line.starts_with('[') {
            "a table starts with its name in brackets on a line of its own: [calculation] or [[test]]"
        } else if !line.contains('=') {
            "write a key, an equals sign and a value: polarity = \"higher\""
        } else if line.matches('"').count() % 2 == 1 {
            "a text in double quotes ends on its own line: title = \"…\"; over several lines write '''…'''"
        } else {
            "a text stands in double quotes, a list in [ ], a date without quotes: from = 2010-04-01"
        }
    }

    /// `numerator = 'category = 'NEG''`: the string ended at the SQL quote; likewise with double quotes.
    fn broken_quote(&self, quote: char) -> Option<Diagnostic> {
        let line = self.line_text();
        let equals = line.find('=')?;
        let value = line.get(equals + 1..)?;
        let open = equals + 1 + (value.len() - value.trim_start().len());
        let body = line.get(open..)?.strip_prefix(quote)?;
        if body.starts_with(&String::from_iter([quote, quote])) {
            return None;
        }
        let ended = open + 1 + body.find(quote)?;
        let last = line.rfind(quote).filter(|last| *last > ended)?;
        // A text in double quotes is often followed by another; here the next word stands at the quote itself.
        let next = line.get(ended + 1..).and_then(|rest| rest.chars().next());
        if quote == '"' && !next.is_some_and(char::is_alphanumeric) {
            return None;
        }
        if self.place.start < self.line.start + ended {
            return None;
        }
        let meant = line.get(open + 1..last)?;
        // The outer quote may have been forgotten: 'category = 'NEG'
        let meant = if meant.matches(quote).count() % 2 == 1 { line.get(open + 1..=last)? } else { meant };
        let written = match quote {
            '"' => format!("\"{}\"", meant.replace('"', "'")),
            _ if meant.contains(['"', '\\']) => format!("'''{meant}'''"),
            _ => format!("\"{meant}\""),
        };
        let string = self.span(self.line.start + open..self.line.start + last + 1);
        let end = self.line.start + ended;
        Some(
            Diagnostic::new(Code::QuoteEndsString, self.span(end..end + 1), "a quote inside ends the string")
                .label("TOML reads the text to here")
                .other(
                    self.span(self.line.start + open..self.line.start + open + 1),
                    "it began with the same quote",
                )
                .help(
                    "write \"…\" around a predicate, or '''…''' over several lines, and '…' for texts inside",
                )
                .fix(string, written),
        )
    }

    fn duplicate(&self) -> Diagnostic {
        let key = self.text.get(self.place.clone()).unwrap_or("");
        let header = self.line_text().trim_start().starts_with('[');
        let message = if header {
            format!("the table `{}` is there twice", self.line_text().trim())
        } else {
            format!("the key `{key}` is there twice")
        };
        let diagnostic = Diagnostic::new(Code::DuplicateKey, self.span(self.place.clone()), message)
            .label("again here")
            .help("keep one of them");
        match self.earlier(key, header) {
            Some(first) => diagnostic.other(self.span(first), "first here"),
            None => diagnostic,
        }
    }

    /// The line before this one that says the same key in the same table, or the same header.
    fn earlier(&self, key: &str, header: bool) -> Option<Range<usize>> {
        let mut end = self.line.start;
        while let Some(before) = end.checked_sub(1) {
            let line = line_of(self.text, before);
            let words = self.text.get(line.clone())?;
            let indent = words.len() - words.trim_start().len();
            let words = words.trim_start();
            if header {
                if words.trim_end() == self.line_text().trim() {
                    return Some(line.start + indent..line.start + indent + words.trim_end().len());
                }
            } else if words.starts_with('[') {
                return None;
            } else if words.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                return Some(line.start + indent..line.start + indent + key.len());
            }
            end = line.start;
        }
        None
    }
}

const LONG_QUOTES: [&str; 2] = ["'''", "\"\"\""];

/// Where the long text begins that a fault at the end of the file is about.
fn never_closed(text: &str, place: &Range<usize>) -> Option<Range<usize>> {
    let ended = text.get(place.start..).is_some_and(|rest| rest.trim().is_empty());
    let odd = LONG_QUOTES.iter().filter(|quotes| text.matches(**quotes).count() % 2 == 1);
    let open = odd.filter_map(|quotes| text.rfind(quotes)).max().filter(|_| ended)?;
    Some(open..open + 3)
}

/// The bytes of the line that `byte` stands in, without its newline.
fn line_of(text: &str, byte: usize) -> Range<usize> {
    let start = text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(byte..).and_then(|after| after.find('\n')).map_or(text.len(), |at| byte + at);
    start..end.max(start)
}

/// A range cut to the text and to whole characters.
fn inside(text: &str, range: Range<usize>) -> Range<usize> {
    let floor =
        |byte: usize| (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = floor(range.start);
    start..floor(range.end).max(start)
}
