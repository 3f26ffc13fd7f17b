//! Cuts the text of a predicate into tokens.
//!
//! What cannot be a token is reported here and handed on as the token that was meant, so that the parser
//! can go on and find the next mistake.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::report::Report;

/// A token and its bytes in the decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a keyword: keywords are told apart by the parser, because most are only words elsewhere.
    Word(String),
    /// `$name`, without the sign.
    Parameter(String),
    /// A whole number.
    Int(i64),
    /// `9223372036854775808`: a whole number only when a minus stands before it.
    LeastInt,
    /// A decimal number.
    Decimal(Decimal),
    /// `'text'`, with its quotes undone.
    Text(Arc<str>),
    /// A date that was written bare; reported already.
    BareDate(NaiveDate),
    /// `=`, `(`, `<=`: an operator or a mark.
    Mark(&'static str),
    /// Something that was reported and stands for a value.
    Bad,
    /// The end of the text.
    End,
}

/// Marks of two characters before those of one, each with the mark that is meant by it.
const MARKS: &[(&str, &str)] = &[
    ("<>", "<>"),
    ("<=", "<="),
    (">=", ">="),
    ("==", "="),
    ("!=", "<>"),
    ("=<", "<="),
    ("=>", ">="),
    ("&&", "AND"),
    ("||", "OR"),
    ("\u{2260}", "<>"),
    ("\u{2264}", "<="),
    ("\u{2265}", ">="),
    ("\u{2212}", "-"),
    ("\u{2013}", "-"),
    ("\u{d7}", "*"),
    ("\u{f7}", "/"),
    ("\u{ac}", "NOT"),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("(", "("),
    (")", ")"),
    (",", ","),
    (".", "."),
    ("&", "AND"),
    ("|", "OR"),
    ("!", "NOT"),
];

/// All tokens of the text, the last being [`TokenKind::End`].
pub(super) fn tokens(text: &str, report: &mut Report<'_>) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, report };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    // The end stands right behind the last token, where the missing word belongs.
    let end = tokens.last().map_or(0, |token: &Token| token.at.end);
    tokens.push(Token { kind: TokenKind::End, at: end..end });
    tokens
}

struct Lexer<'a, 'r, 'p> {
    text: &'a str,
    at: usize,
    report: &'r mut Report<'p>,
}

impl<'a> Lexer<'a, '_, '_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            self.at += length_while(self.rest(), |c| c.is_whitespace() || is_invisible(c));
            let start = self.at;
            let first = self.rest().chars().next()?;
            let kind = match first {
                '\'' => Some(self.text_literal()),
                '"' | '\u{2018}'..='\u{201F}' | '`' | '\u{b4}' => Some(self.foreign_quotes(first)),
                '$' => Some(self.parameter()),
                '0'..='9' => Some(self.number()),
                c if is_word_start(c) => {
                    self.at += length_while(self.rest(), is_word);
                    Some(TokenKind::Word(self.text.get(start..self.at).unwrap_or("").to_owned()))
                }
                _ => self.mark(first),
            };
            if let Some(kind) = kind {
                return Some(Token { kind, at: start..self.at });
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// `'it''s'`.
    fn text_literal(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let run = length_while(self.rest(), |c| c != '\'' && c != '\n');
            text.push_str(self.rest().get(..run).unwrap_or(""));
            self.at += run;
            if self.rest().starts_with("''") {
                text.push('\'');
                self.at += 2;
            } else if self.rest().starts_with('\'') {
                self.at += 1;
                return TokenKind::Text(text.into());
            } else {
                self.report
                    .error(start..self.at, "text that is not closed")
                    .label("no ' before the end of the line")
                    .help("text stands between two single quotes; a quote inside it is written twice: 'O''Brien'");
                return TokenKind::Text(text.trim_end().into());
            }
        }
    }

    /// Text in quotes that are not single quotes: `"NEG"`, `‘NEG’`.
    fn foreign_quotes(&mut self, open: char) -> TokenKind {
        let start = self.at;
        self.at += open.len_utf8();
        let closes = |c: char| match open {
            '"' | '`' => c == open,
            '\u{201C}'..='\u{201F}' => matches!(c, '"' | '\u{201C}'..='\u{201F}'),
            _ => matches!(c, '\'' | '\u{b4}' | '\u{2018}'..='\u{201B}'),
        };
        let run = length_while(self.rest(), |c| !closes(c) && c != '\n');
        let text = self.rest().get(..run).unwrap_or("");
        self.at += run;
        let close = self.rest().chars().next().filter(|c| closes(*c));
        self.at += close.map_or(0, char::len_utf8);
        let literal = quoted(text);
        let what = match open {
            '"' => "text in double quotes",
            '`' => "text in back quotes",
            _ => "text in curly quotes",
        };
        let problem = self.report.error(start..self.at, what);
        if close.is_some() {
            problem
                .label("text stands in single quotes")
                .help(format!("write {literal}; a field's name stands without quotes"))
                .replace(literal);
        } else {
            problem.label("not closed either").help("text stands between two straight single quotes: 'NEG'");
        }
        TokenKind::Text(text.into())
    }

    fn parameter(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        let length = length_while(self.rest(), is_word);
        let name = self.rest().get(..length).unwrap_or("").to_owned();
        self.at += length;
        if name.is_empty() {
            self.report
                .error(start..self.at, "$ without the name of a parameter")
                .help("write the name right after it: $cs_10_linked");
            return TokenKind::Bad;
        }
        TokenKind::Parameter(name)
    }

    fn number(&mut self) -> TokenKind {
        let start = self.at;
        if let Some((length, date)) = bare_date(self.rest()) {
            self.at += length;
            let written = self.text.get(start..self.at).unwrap_or("").to_owned();
            let problem = self.report.error(start..self.at, format!("a bare date {written}"));
            return if let Some(date) = date {
                let before = self.text.get(..start).unwrap_or("").trim_end();
                let word = before.get(before.len().saturating_sub("DATE".len())..).unwrap_or("");
                let after_date = word.eq_ignore_ascii_case("DATE");
                let literal = format!("{}'{date}'", if after_date { "" } else { "DATE " });
                problem
                    .label("this would be arithmetic")
                    .help(format!("write DATE '{date}'"))
                    .replace(literal);
                TokenKind::BareDate(date)
            } else {
                problem
                    .label("and there is no such day")
                    .help("a date is written DATE 'YYYY-MM-DD': DATE '2010-04-01'");
                TokenKind::Bad
            };
        }
        self.at += length_while(self.rest(), |c| c.is_ascii_digit());
        let mut decimal = false;
        if let Some(after) = self.rest().strip_prefix('.')
            && after.starts_with(|c: char| c.is_ascii_digit())
        {
            self.at += 1 + length_while(after, |c| c.is_ascii_digit());
            decimal = true;
        }
        let digits = self.text.get(start..self.at).unwrap_or("");
        let stray = length_while(self.rest(), |c| is_word(c) || c == '%');
        if stray > 0 {
            self.at += stray;
            self.report
                .error(
                    start..self.at,
                    format!("`{}` is not a number", self.text.get(start..self.at).unwrap_or("")),
                )
                .help("a number is written in digits only: 12, 2.5");
            return TokenKind::Bad;
        }
        if decimal {
            return if let Ok(number) = Decimal::from_str_exact(digits) {
                TokenKind::Decimal(number.normalize())
            } else {
                self.report
                    .error(start..self.at, "a number with more digits than can be kept exactly")
                    .help("a decimal number has at most 28 digits");
                TokenKind::Bad
            };
        }
        match digits.parse::<i64>() {
            Ok(number) => TokenKind::Int(number),
            Err(_) if digits.trim_start_matches('0') == "9223372036854775808" => TokenKind::LeastInt,
            Err(_) => {
                self.report.error(start..self.at, "a whole number that is too large").help(format!(
                    "a whole number is at most {}; a code or a reference number is text: '{digits}'",
                    i64::MAX
                ));
                TokenKind::Bad
            }
        }
    }

    /// An operator or a mark; `None` for what is reported and left out.
    fn mark(&mut self, first: char) -> Option<TokenKind> {
        let start = self.at;
        let rest = self.rest();
        if rest.starts_with("--") || rest.starts_with("/*") || first == '#' {
            self.at += length_while(rest, |c| c != '\n');
            self.report.error(start..self.at, "a comment inside a predicate").help(
                "put comments above the key, on a line that begins with #; minus a minus is written -(-1)",
            );
            return None;
        }
        if rest.starts_with('.')
            && rest.get(1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.at += 1 + length_while(rest.get(1..).unwrap_or(""), |c| c.is_ascii_digit());
            let digits = self.text.get(start..self.at).unwrap_or("");
            let glued = self.text.get(..start).is_some_and(|before| before.ends_with(is_word));
            let problem = self.report.error(start..self.at, format!("`{digits}` is not a number"));
            if glued {
                problem.help("a name and its field are joined by a full stop; a field begins with a letter");
            } else {
                problem.help(format!("write 0{digits}")).replace(format!("0{digits}"));
            }
            return Some(TokenKind::Bad);
        }
        let Some((written, meant)) = MARKS.iter().find(|(written, _)| rest.starts_with(written)) else {
            self.at += first.len_utf8();
            self.report.error(start..self.at, format!("`{}` means nothing here", first.escape_debug())).help(
                match first {
                    ';' => "a predicate is one condition and has no ; at its end",
                    '[' | ']' | '{' | '}' => "only round brackets group: ( and )",
                    '%' => "write a share as a fraction (0.5), a remainder is not part of the language",
                    '?' | '@' | ':' => "a parameter is written $name",
                    _ => "the operators are = <> < <= > >= + - * / and AND, OR, NOT",
                },
            );
            return None;
        };
        self.at += written.len();
        if written != meant {
            let replacement = self.spaced(start, meant);
            self.report
                .error(start..self.at, format!("`{written}` is not an operator"))
                .help(format!("write `{meant}`"))
                .replace(replacement);
        }
        Some(match *meant {
            "AND" | "OR" | "NOT" => TokenKind::Word((*meant).to_owned()),
            meant => TokenKind::Mark(meant),
        })
    }

    /// `meant` with the spaces that a word needs where a mark stood.
    fn spaced(&self, start: usize, meant: &str) -> String {
        let is_a_word = meant.starts_with(is_word_start);
        let before = is_a_word && self.text.get(..start).is_some_and(|text| text.ends_with(is_word));
        let after = is_a_word && self.rest().starts_with(is_word);
        format!("{}{meant}{}", if before { " " } else { "" }, if after { " " } else { "" })
    }
}

/// A text literal with its quotes: `it's` is `'it''s'`.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Characters that a copy from a web page or a word processor brings along and nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{ad}')
}

/// The bytes at the start of `text` whose characters satisfy `wanted`.
fn length_while(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// `2010-04-01` or `01/04/2010` at the start of the text: its length and the day, where there is one.
fn bare_date(text: &str) -> Option<(usize, Option<NaiveDate>)> {
    let length = length_while(text, |c| c.is_ascii_digit() || matches!(c, '-' | '/'));
    let written = text.get(..length)?;
    let separator = written.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = written.split(separator).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => (first, second, third),
        (1..=2, 1..=2, 4) => (third, second, first),
        _ => return None,
    };
    let date = || NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some((length, date()))
}
