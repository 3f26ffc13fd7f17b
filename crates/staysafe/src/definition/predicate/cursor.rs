//! The parser's place among the tokens, and the small questions that every rule asks there.

use std::ops::Range;

use super::lexer::{Token, TokenKind, quoted};
use super::report::{Problem, Report};
use super::{Expr, ExprKind};
use crate::diagnostic::Span;

/// How deep brackets, operators and links may nest: enough for any rule a person wrote, and little enough
/// that walking the tree never exhausts a stack.
pub const MAX_DEPTH: usize = 100;

/// Words that end an expression, because they belong to what is around it.
pub(super) const CLOSERS: &[&str] = &["THEN", "WHEN", "ELSE", "END", "WHERE", "HAVE", "BY", "FROM", "AS"];

/// Words that are never a name by themselves.
pub(super) const RESERVED: &[&str] = &[
    "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "CASE", "WHEN", "THEN", "ELSE",
    "END", "AS", "WHERE", "HAVE", "BY", "FROM", "DISTINCT",
];

/// A part of the tree and how high it is. Where parsing yields no node, the reason was reported.
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) height: usize,
}

impl Node {
    pub(super) fn is_null(&self) -> bool {
        self.expr.kind == ExprKind::Null
    }
}

pub(super) struct Parser<'p> {
    tokens: Vec<Token>,
    next: usize,
    /// How many expressions are being read inside one another.
    pub(super) depth: usize,
    pub(super) report: Report<'p>,
}

impl<'p> Parser<'p> {
    /// A parser at the first of `tokens`, the last of which is [`TokenKind::End`].
    pub(super) fn new(tokens: Vec<Token>, report: Report<'p>) -> Self {
        Self { tokens, next: 0, depth: 0, report }
    }

    /// What the current token is.
    pub(super) fn kind(&self) -> &TokenKind {
        self.tokens.get(self.next).map_or(&TokenKind::End, |token| &token.kind)
    }

    /// What the token after the current one is.
    pub(super) fn kind_after(&self) -> &TokenKind {
        self.tokens.get(self.next + 1).map_or(&TokenKind::End, |token| &token.kind)
    }

    /// What the token before the current one is.
    pub(super) fn kind_before(&self) -> &TokenKind {
        self.next
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(&TokenKind::End, |token| &token.kind)
    }

    /// Where the current token stands.
    pub(super) fn here(&self) -> Range<usize> {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0..0, |token| token.at.clone())
    }

    /// Where the token before the current one stands.
    pub(super) fn before(&self) -> Range<usize> {
        self.next.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0..0, |token| token.at.clone())
    }

    pub(super) fn advance(&mut self) {
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
    }

    /// Reads the current token as another word.
    pub(super) fn read_as(&mut self, word: &str) {
        if let Some(token) = self.tokens.get_mut(self.next) {
            token.kind = TokenKind::Word(word.to_owned());
        }
    }

    /// Whether the current token is this keyword, in capitals or not.
    pub(super) fn word_is(&self, keyword: &str) -> bool {
        matches!(self.kind(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn eat_word(&mut self, keyword: &str) -> bool {
        let is_it = self.word_is(keyword);
        if is_it {
            self.advance();
        }
        is_it
    }

    pub(super) fn mark_is(&self, mark: &str) -> bool {
        matches!(self.kind(), TokenKind::Mark(found) if *found == mark)
    }

    pub(super) fn mark_in(&self, marks: &[&str]) -> bool {
        matches!(self.kind(), TokenKind::Mark(found) if marks.contains(found))
    }

    pub(super) fn eat_mark(&mut self, mark: &str) -> bool {
        let is_it = self.mark_is(mark);
        if is_it {
            self.advance();
        }
        is_it
    }

    /// Whether nothing that could be a value stands here.
    pub(super) fn ends_here(&self) -> bool {
        match self.kind() {
            TokenKind::End | TokenKind::Mark(")" | ",") => true,
            TokenKind::Word(word) => {
                let word = upper(word);
                CLOSERS.contains(&word.as_str()) || word == "AND" || word == "OR"
            }
            _ => false,
        }
    }

    /// The current token as a message shows it.
    pub(super) fn shown(&self) -> String {
        match self.kind() {
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Parameter(name) => format!("`${name}`"),
            TokenKind::Int(number) => format!("`{number}`"),
            TokenKind::LeastInt => "this number".to_owned(),
            TokenKind::Decimal(number) => format!("`{number}`"),
            TokenKind::Text(text) => format!("`{}`", quoted(text)),
            TokenKind::BareDate(date) => format!("`{date}`"),
            TokenKind::Mark(mark) => format!("`{mark}`"),
            TokenKind::Bad => "this".to_owned(),
            TokenKind::End => "the end".to_owned(),
        }
    }

    pub(super) fn error_here(&mut self, message: impl Into<String>) -> Problem<'_, 'p> {
        self.report.error(self.here(), message)
    }

    /// Goes on to the next place where a new part begins: `AND`, `OR`, a comma, the closing bracket of what
    /// is open, a word such as `WHERE`, or the end.
    pub(super) fn skip(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::Mark("(") => open += 1,
                TokenKind::Mark(")") if open > 0 => open -= 1,
                _ if open == 0 && self.ends_here() => return,
                _ => {}
            }
            self.advance();
        }
    }

    /// After a part of a list: whether another follows. A comma before the closing bracket is reported.
    pub(super) fn comma(&mut self) -> bool {
        let comma = self.here();
        if !self.eat_mark(",") {
            return false;
        }
        if self.mark_is(")") {
            self.report.error(comma, "a comma with nothing after it").help("take it out").replace("");
        }
        true
    }

    /// The end of the bracket that closes the one at `open`.
    pub(super) fn close(&mut self, open: &Range<usize>) -> Option<usize> {
        let end = self.here().end;
        if self.eat_mark(")") {
            return Some(end);
        }
        let here = self.here();
        if matches!(self.kind(), TokenKind::End) {
            self.report
                .error(open.clone(), "a bracket that is not closed")
                .label("opened here")
                .other(here.clone(), "a `)` is missing before this")
                .help("write a `)` for every `(`")
                .replace_at(here.end..here.end, ")");
            return None;
        }
        let found = self.shown();
        self.error_here(format!("{found} does not belong here"))
            .other(open.clone(), "inside the bracket that opens here")
            .help("a `)` may be missing before it");
        while !matches!(self.kind(), TokenKind::Mark(")") | TokenKind::End) {
            self.advance();
            self.skip();
        }
        self.eat_mark(")");
        None
    }

    /// A node, unless the tree grows too high with it.
    pub(super) fn node(&mut self, kind: ExprKind, span: Span, height: usize) -> Option<Node> {
        if height >= MAX_DEPTH {
            self.too_deep_at(&span);
            return None;
        }
        Some(Node { expr: Expr { kind, span }, height: height + 1 })
    }

    /// Reports that the predicate nests too deep, and reads no further.
    pub(super) fn too_deep_at(&mut self, span: &Span) {
        self.report
            .error_at(span, "a predicate that nests too deep")
            .label(format!("more than {MAX_DEPTH} brackets or operators inside one another"))
            .help("take out brackets that do nothing; many alternatives are written field IN ('A', 'B')");
        self.report.stop();
        self.next = self.tokens.len().saturating_sub(1);
    }

    /// From where `from` begins to a byte of the decoded text.
    pub(super) fn up_to(&self, from: &Span, end: usize) -> Span {
        let end = self.report.span(end.saturating_sub(1)..end).end;
        Span { end: end.max(from.start), ..from.clone() }
    }
}

/// From where `left` begins to where `right` ends.
pub(super) fn joined(left: &Node, right: &Node) -> Span {
    Span { end: right.expr.span.end, ..left.expr.span.clone() }
}

/// Keywords are known by their capitals.
pub(super) fn upper(word: &str) -> String {
    word.to_ascii_uppercase()
}

/// Whether `word` is `keyword` but for one slip: a letter too many, too few, changed or swapped with the next.
pub(super) fn is_near(word: &str, keyword: &str) -> bool {
    let (word, keyword): (Vec<char>, Vec<char>) = (upper(word).chars().collect(), keyword.chars().collect());
    let same_start = word.iter().zip(&keyword).take_while(|(a, b)| a == b).count();
    let (left, right) = (word.get(same_start..).unwrap_or(&[]), keyword.get(same_start..).unwrap_or(&[]));
    match (left, right) {
        // A word of two letters is near to too many names, unless its letters are swapped.
        ([_], []) | ([], [_]) => keyword.len() > 2,
        ([one, after_one @ ..], [other, after_other @ ..]) => {
            let swapped = after_one.first() == Some(other)
                && after_other.first() == Some(one)
                && after_one.get(1..) == after_other.get(1..);
            let changed = after_one == after_other || after_one == right || left == after_other;
            swapped || changed && keyword.len() > 2
        }
        _ => false,
    }
}
