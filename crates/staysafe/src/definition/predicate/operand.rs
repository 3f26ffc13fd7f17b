//! What stands between operators: values, names, calls, brackets, `CASE`.

use chrono::NaiveDate;

use super::cursor::{Node, Parser, RESERVED, upper};
use super::lexer::TokenKind;
use super::link::question_named;
use super::{Expr, ExprKind, power};
use crate::diagnostic::{Span, Spanned};
use crate::value::Value;

impl Parser<'_> {
    /// An operand for an operator that binds as tightly as `min`.
    pub(super) fn operand(&mut self, min: u8) -> Option<Node> {
        let at = self.here();
        let kind = match self.kind().clone() {
            TokenKind::Int(number) => ExprKind::Literal(Value::Int(number)),
            TokenKind::Decimal(number) => ExprKind::Literal(Value::Decimal(number)),
            TokenKind::Text(text) => ExprKind::Literal(Value::Text(text)),
            TokenKind::BareDate(date) => ExprKind::Literal(Value::Date(date)),
            TokenKind::Parameter(name) => {
                ExprKind::Parameter(Spanned { value: name, span: self.report.span(at.clone()) })
            }
            TokenKind::LeastInt => {
                self.error_here("a whole number that is too large")
                    .help(format!("a whole number is at most {}", i64::MAX));
                self.advance();
                return None;
            }
            TokenKind::Bad => {
                self.advance();
                return None;
            }
            TokenKind::Mark("(") => return self.bracketed(),
            TokenKind::Mark("-") => return self.negated(),
            TokenKind::Mark("+") => {
                self.error_here("a plus before a value").help("leave the + out").replace("");
                while self.eat_mark("+") {}
                return self.expression(power::MINUS);
            }
            TokenKind::Word(word) => return self.word(&word, min),
            TokenKind::Mark(_) | TokenKind::End => {
                self.missing_operand();
                return None;
            }
        };
        self.advance();
        let span = self.report.span(at);
        self.node(kind, span, 0)
    }

    fn word(&mut self, word: &str, min: u8) -> Option<Node> {
        let at = self.here();
        let keyword = upper(word);
        let kind = match keyword.as_str() {
            "TRUE" => ExprKind::Literal(Value::Bool(true)),
            "FALSE" => ExprKind::Literal(Value::Bool(false)),
            "NULL" => ExprKind::Null,
            "NOT" => return self.not(min),
            "CASE" => return self.case(),
            "DATE" if matches!(self.kind_after(), TokenKind::Text(_) | TokenKind::BareDate(_)) => {
                return self.date();
            }
            "AND" | "OR" => return self.doubled(&keyword, min),
            "EXISTS" | "SELECT" => {
                self.error_here(format!("`{word}` is not part of the language"))
                    .help("ask for related records with any(LINK AS a WHERE …) or count(LINK AS a WHERE …)");
                self.advance();
                self.skip();
                return None;
            }
            reserved if RESERVED.contains(&reserved) => {
                if self.compared_next() {
                    self.error_here(format!("`{word}` is a word of the language, not a field by itself"))
                        .help(format!("write this.{word} if the field is of that name"))
                        .replace(format!("this.{word}"));
                    self.advance();
                } else {
                    self.missing_operand();
                }
                return None;
            }
            _ => return self.name_or_call(),
        };
        self.advance();
        let span = self.report.span(at);
        self.node(kind, span, 0)
    }

    /// Whether the next token compares this one with something.
    fn compared_next(&self) -> bool {
        match self.kind_after() {
            TokenKind::Mark(mark) => ["=", "<>", "<", "<=", ">", ">="].contains(mark),
            TokenKind::Word(word) => ["IS", "IN", "BETWEEN"].contains(&upper(word).as_str()),
            _ => false,
        }
    }

    /// Reports that a value is due here, and leaves the token to whoever can use it.
    fn missing_operand(&mut self) {
        let found = self.shown();
        let before = self.before();
        let after_operator = !before.is_empty();
        match self.kind() {
            TokenKind::End => {
                self.report
                    .error(before, "the predicate ends too early")
                    .label("a value or a condition is missing after this")
                    .help("finish it, or take the last word out");
            }
            TokenKind::Mark("=") if matches!(self.kind_before(), TokenKind::Mark("<" | ">")) => {
                let at = before.start..self.here().end;
                let meant = if matches!(self.kind_before(), TokenKind::Mark("<")) { "<=" } else { ">=" };
                self.report
                    .error(at, "an operator in two parts")
                    .help(format!("write {meant} without a space"))
                    .replace(meant);
                self.advance();
                self.expression(power::SUM);
            }
            TokenKind::Mark("*") => {
                self.error_here("`*` without a value before it")
                    .help("records are counted with count(LINK AS a WHERE …), without a *");
            }
            _ => {
                let problem = self
                    .error_here(format!("a value or a condition is missing before {found}"))
                    .help("a condition compares two values: field = 'x', start <= stop");
                if after_operator {
                    problem.other(before, "after this");
                }
            }
        }
    }

    /// `AND AND`, or a condition that begins with `AND`.
    fn doubled(&mut self, keyword: &str, min: u8) -> Option<Node> {
        let at = self.here();
        let before = self.before();
        let previous = self.previous_word();
        match previous.as_deref() {
            Some(previous) if previous == keyword => {
                self.error_here(format!("`{keyword}` twice"))
                    .help("take one out")
                    .replace_at(before.end..at.end, "");
            }
            Some(previous @ ("AND" | "OR" | "NOT")) => {
                let previous = previous.to_owned();
                self.error_here(format!("`{previous}` and `{keyword}` next to each other"))
                    .other(before, "the first of the two")
                    .help("keep the one that you mean");
            }
            _ => {
                self.error_here(format!("a condition is missing before `{keyword}`"))
                    .help(format!("finish it, or take `{keyword}` out"));
            }
        }
        self.advance();
        // Only to find what else is wrong; `AND AND AND …` must not nest.
        if !matches!(self.kind(), TokenKind::Word(word) if ["AND", "OR"].contains(&upper(word).as_str())) {
            self.expression(min);
        }
        None
    }

    /// `NOT condition`.
    fn not(&mut self, min: u8) -> Option<Node> {
        let at = self.here();
        self.advance();
        if min > power::NOT {
            self.report
                .error(at.clone(), "NOT inside a comparison or a sum")
                .help("put the whole condition in brackets: (NOT a), or write <>");
        }
        let inner = self.expression(power::NOT)?;
        let span = self.report.span(at);
        let span = Span { end: inner.expr.span.end, ..span };
        self.node(ExprKind::Not(Box::new(inner.expr)), span, inner.height)
    }

    /// `-value`; minus a number is a number.
    fn negated(&mut self) -> Option<Node> {
        let at = self.here();
        self.advance();
        if matches!(self.kind(), TokenKind::LeastInt) {
            let end = self.here().end;
            self.advance();
            let span = self.report.span(at.start..end);
            return self.node(ExprKind::Literal(Value::Int(i64::MIN)), span, 0);
        }
        let inner = self.expression(power::MINUS)?;
        let span = Span { end: inner.expr.span.end, ..self.report.span(at) };
        let kind = match inner.expr.kind {
            ExprKind::Literal(Value::Int(number)) if number >= 0 => ExprKind::Literal(Value::Int(-number)),
            ExprKind::Literal(Value::Decimal(number)) if number.is_zero() => {
                ExprKind::Literal(Value::Decimal(number))
            }
            ExprKind::Literal(Value::Decimal(number)) if number.is_sign_positive() => {
                ExprKind::Literal(Value::Decimal(-number))
            }
            kind => {
                let expr = Expr { kind, span: inner.expr.span };
                return self.node(ExprKind::Negate(Box::new(expr)), span, inner.height);
            }
        };
        self.node(kind, span, 0)
    }

    /// `( … )`.
    fn bracketed(&mut self) -> Option<Node> {
        let open = self.here();
        self.advance();
        if self.mark_is(")") {
            let end = self.here().end;
            self.report
                .error(open.start..end, "brackets with nothing inside")
                .help("write a condition or take them out");
            self.advance();
            return None;
        }
        let inner = self.expression(power::LOOSEST);
        if self.mark_is(",") {
            self.error_here("a list outside IN").help("a list follows IN: field IN ('A', 'B')");
            while self.eat_mark(",") {
                self.expression(power::LOOSEST);
            }
            self.close(&open);
            return None;
        }
        let end = self.close(&open)?;
        let mut inner = inner?;
        inner.expr.span = self.report.span(open.start..end);
        Some(inner)
    }

    /// `DATE '2010-04-01'`.
    fn date(&mut self) -> Option<Node> {
        let start = self.here().start;
        self.advance();
        let at = self.here();
        let date = match self.kind() {
            TokenKind::Text(text) => read_date(text),
            TokenKind::BareDate(date) => Some((*date, true)),
            _ => None,
        };
        self.advance();
        match date {
            Some((date, true)) => {
                let span = self.report.span(start..at.end);
                self.node(ExprKind::Literal(Value::Date(date)), span, 0)
            }
            Some((date, false)) => {
                self.report
                    .error(at, "a date that does not begin with its year")
                    .help(format!("write DATE '{date}', if the day came first"))
                    .replace(format!("'{date}'"));
                None
            }
            None => {
                self.report
                    .error(at, "there is no such date")
                    .help("a date is written DATE 'YYYY-MM-DD': DATE '2010-04-01'");
                None
            }
        }
    }

    /// `CASE WHEN condition THEN value … ELSE value END`.
    fn case(&mut self) -> Option<Node> {
        let start = self.here();
        self.advance();
        let mut good = true;
        let mut height = 0;
        if !self.word_is("WHEN") {
            self.error_here("CASE without WHEN")
                .other(start.clone(), "the CASE")
                .help("write CASE WHEN condition THEN value ELSE value END");
            good = false;
            if !self.ends_here() {
                self.expression(power::LOOSEST);
            }
        }
        let mut arms = Vec::new();
        while self.eat_word("WHEN") {
            let reported = self.report.count();
            let condition = self.expression(power::LOOSEST);
            let result = if self.eat_word("THEN") {
                self.expression(power::LOOSEST)
            } else {
                if self.report.count() == reported {
                    self.error_here("WHEN without THEN")
                        .other(start.clone(), "in this CASE")
                        .help("write WHEN condition THEN value");
                }
                None
            };
            if let (Some(condition), Some(result)) = (condition, result) {
                height = height.max(condition.height).max(result.height);
                arms.push((condition.expr, result.expr));
            } else {
                good = false;
            }
        }
        let mut otherwise = None;
        if self.eat_word("ELSE") {
            if let Some(node) = self.expression(power::LOOSEST) {
                height = height.max(node.height);
                otherwise = Some(Box::new(node.expr));
            } else {
                good = false;
            }
        }
        let end = self.here().end;
        if !self.eat_word("END") {
            if good {
                let found = self.shown();
                let here = self.here();
                self.report
                    .error(start, "CASE without END")
                    .label("opened here")
                    .other(here, format!("END is missing before {found}"))
                    .help("write CASE WHEN condition THEN value ELSE value END");
            }
            return None;
        }
        if !good {
            return None;
        }
        let span = self.report.span(start.start..end);
        self.node(ExprKind::Case { arms, otherwise }, span, height)
    }

    /// `name`, `alias.name`, `function(…)` or a question about related records.
    fn name_or_call(&mut self) -> Option<Node> {
        let first = self.spanned_word()?;
        let start = self.before();
        if self.mark_is("(") {
            return match question_named(&first.value) {
                Some(question) => self.link(Spanned { value: question, span: first.span }, start.start),
                None => self.call(first, start.start),
            };
        }
        let (qualifier, name) = if self.eat_mark(".") {
            let Some(name) = self.spanned_word() else {
                let alias = &first.value;
                self.error_here(format!("a field is missing after `{alias}.`"))
                    .help(format!("write the field right after the full stop: {alias}.start_date"));
                return None;
            };
            (Some(first), name)
        } else {
            (None, first)
        };
        let span = self.report.span(start.start..self.before().end);
        self.node(ExprKind::Name { qualifier, name }, span, 0)
    }

    /// `function(a, b)`. Whether it exists is for `check` to say; its name is written in any case.
    fn call(&mut self, name: Spanned<String>, start: usize) -> Option<Node> {
        let open = self.here();
        self.advance();
        let mut arguments = Vec::new();
        let mut height = 0;
        let mut good = true;
        while !matches!(self.kind(), TokenKind::Mark(")") | TokenKind::End) {
            if let Some(argument) = self.expression(power::LOOSEST) {
                height = height.max(argument.height);
                arguments.push(argument.expr);
            } else {
                good = false;
            }
            if !self.comma() {
                break;
            }
        }
        let end = self.close(&open)?;
        let span = self.report.span(start..end);
        let function = Spanned { value: name.value.to_ascii_lowercase(), span: name.span };
        if good { self.node(ExprKind::Call { function, arguments }, span, height) } else { None }
    }

    /// The keyword just before the current token.
    fn previous_word(&self) -> Option<String> {
        match self.kind_before() {
            TokenKind::Word(word) => Some(upper(word)),
            _ => None,
        }
    }

    /// The current word with its place, whatever it means elsewhere.
    pub(super) fn spanned_word(&mut self) -> Option<Spanned<String>> {
        let TokenKind::Word(word) = self.kind() else { return None };
        let word = Spanned { value: word.clone(), span: self.report.span(self.here()) };
        self.advance();
        Some(word)
    }
}

/// A date as text: the day, and whether it is written the right way round.
fn read_date(text: &str) -> Option<(NaiveDate, bool)> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.']).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    if [first, second, third].iter().any(|part| !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let iso = first.len() == 4;
    let (year, month, day) = if iso { (first, second, third) } else { (third, second, first) };
    if year.len() != 4 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some((date, date.to_string() == text))
}
