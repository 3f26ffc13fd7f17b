//! A Pratt parser for predicates.
//!
//! Precedence, from the loosest: `OR`, `AND`, `NOT`, comparisons with `IN`, `BETWEEN` and `IS NULL` (which
//! do not chain), `+ -`, `* /`, unary minus. Everything that can go wrong is reported and parsing goes on at
//! the next `AND`, `OR`, comma or bracket, so that one reading shows as many mistakes as can be told apart.

use std::ops::Range;

use super::cursor::{CLOSERS, MAX_DEPTH, Node, Parser, is_near, joined, upper};
use super::lexer::{TokenKind, tokens};
use super::power;
use super::report::Report;
use super::{Expr, ExprKind, Operator, Placement};
use crate::diagnostic::Diagnostics;
use crate::value::Value;

/// Reads a predicate; spans are those of the file it is placed in.
///
/// # Errors
/// Every mistake that can be told from the others, each with its place and how to mend it.
///
/// # Example
/// ```
/// use staysafe::definition::predicate::{Placement, parse};
/// let text = "icpc_date IS NOT NULL AND working_days(s47_start, icpc_date) <= 15";
/// assert!(parse(text, &Placement::plain("cs-14.toml", 0, text)).is_ok());
///
/// let text = "icpc_date = NULL AND AND s47_start == icpc_date";
/// let mistakes = parse(text, &Placement::plain("cs-14.toml", 0, text)).unwrap_err();
/// let messages: Vec<&str> = mistakes.iter().map(|m| m.message.as_str()).collect();
/// assert_eq!(messages, ["nothing is ever equal to NULL", "`AND` twice", "`==` is not an operator"]);
/// ```
pub fn parse(text: &str, place: &Placement) -> Result<Expr, Diagnostics> {
    let mut report = Report::new(place);
    let tokens = tokens(text, &mut report);
    if let [_] = tokens.as_slice() {
        if report.count() == 0 {
            report.error(0..text.len(), "an empty predicate").help("write a condition, or leave the key out");
        }
        return report.finish(None);
    }
    let mut parser = Parser::new(tokens, report);
    let expr = parser.whole();
    parser.report.finish(expr)
}

/// What may follow an operand.
#[derive(Clone, Copy)]
enum Infix {
    Binary(Operator),
    In,
    Between,
    Is,
    /// `NOT`, before `IN` or `BETWEEN`.
    Not,
}

impl Parser<'_> {
    fn whole(&mut self) -> Option<Expr> {
        if self.word_is("WHERE") {
            self.error_here("a predicate does not begin with WHERE").help("leave WHERE out").replace("");
            self.advance();
        }
        let first = self.expression(power::LOOSEST);
        while !matches!(self.kind(), TokenKind::End) && !self.report.is_full() {
            self.left_over();
            self.advance();
            if !matches!(self.kind(), TokenKind::End) {
                // Only to find what else is wrong.
                self.eat_word("AND");
                self.expression(power::LOOSEST);
            }
        }
        first.map(|node| node.expr)
    }

    /// Reports a token that ends the predicate too early.
    fn left_over(&mut self) {
        let found = self.shown();
        match self.kind() {
            TokenKind::Mark(")") => {
                self.error_here("a `)` that nothing opens").help("take it out, or open a bracket before it");
            }
            TokenKind::Mark(",") => {
                self.error_here("a comma between two conditions").help("join conditions with AND or OR");
            }
            TokenKind::Word(word)
                if ["WHERE", "HAVE", "BY", "FROM", "AS"].contains(&upper(word).as_str()) =>
            {
                self.error_here(format!("{found} outside the brackets of a link"))
                    .help("related records are asked for as count(LINK AS a WHERE a.field = 'x')");
            }
            TokenKind::Word(_) => {
                self.error_here(format!("{found} without its CASE"))
                    .help("write CASE WHEN condition THEN value ELSE value END");
            }
            _ => {
                self.error_here(format!("{found} is not expected here"));
            }
        }
    }

    /// An expression whose operators bind at least as tightly as `min`.
    pub(super) fn expression(&mut self, min: u8) -> Option<Node> {
        if self.depth >= MAX_DEPTH {
            let here = self.report.span(self.here());
            self.too_deep_at(&here);
            return None;
        }
        self.depth += 1;
        let mut left = self.operand(min);
        while let Some(infix) = self.infix() {
            let binds = match infix {
                Infix::Binary(operator) => power::of(operator),
                Infix::In | Infix::Between | Infix::Is | Infix::Not => power::COMPARISON,
            };
            if binds < min {
                break;
            }
            left = self.continued(left, infix, binds);
        }
        self.depth -= 1;
        left
    }

    /// `left` and what its operator does with it.
    fn continued(&mut self, left: Option<Node>, infix: Infix, binds: u8) -> Option<Node> {
        let operator_at = self.here();
        let node = match infix {
            Infix::Binary(operator) => {
                self.advance();
                let right = self.expression(binds + 1);
                self.binary(left, operator, &operator_at, right)
            }
            Infix::In => self.is_in(left, false),
            Infix::Between => self.between(left, false),
            Infix::Is => self.is_null(left),
            Infix::Not => self.not_infix(left),
        };
        if binds == power::COMPARISON && self.mark_in(&["+", "-", "*", "/"]) {
            let found = self.shown();
            self.error_here(format!("{found} after a whole condition"))
                .other(operator_at, "the condition")
                .help("put brackets around what belongs together");
            return None;
        }
        if binds == power::COMPARISON
            && let Some(second) = self.comparison_here()
        {
            self.error_here(format!("{second} after another comparison"))
                .label("comparisons do not chain")
                .other(operator_at, "the first comparison")
                .help("write each comparison by itself and join them: a <= b AND b <= c; or use BETWEEN");
            return None;
        }
        node
    }

    fn binary(
        &mut self,
        left: Option<Node>,
        operator: Operator,
        operator_at: &Range<usize>,
        right: Option<Node>,
    ) -> Option<Node> {
        let comparison = power::of(operator) == power::COMPARISON;
        if comparison && [&left, &right].iter().any(|side| side.as_ref().is_some_and(Node::is_null)) {
            self.equal_to_null(left.as_ref(), operator, operator_at);
            return None;
        }
        let (left, right) = (left?, right?);
        if matches!(operator, Operator::And | Operator::Or) {
            for side in [&left, &right] {
                self.value_as_condition(side, operator);
            }
        }
        let span = joined(&left, &right);
        let height = left.height.max(right.height);
        let kind = ExprKind::Binary { operator, left: Box::new(left.expr), right: Box::new(right.expr) };
        self.node(kind, span, height)
    }

    /// `a = NULL`, which is neither true nor false whatever `a` is.
    fn equal_to_null(&mut self, left: Option<&Node>, operator: Operator, operator_at: &Range<usize>) {
        let end = self.before().end;
        let meant = match operator {
            Operator::Equal => Some("IS NULL"),
            Operator::NotEqual => Some("IS NOT NULL"),
            _ => None,
        };
        let problem = self.report.error(operator_at.start..end, "nothing is ever equal to NULL");
        match meant {
            Some(meant) if left.is_some_and(|left| !left.is_null()) => {
                problem.help(format!("write {meant}")).replace(meant);
            }
            Some(meant) => {
                problem.help(format!("write the field, then {meant}"));
            }
            None => {
                problem.help("NULL has no order: ask IS NULL or IS NOT NULL by itself");
            }
        }
    }

    /// `a = 'x' OR 'y'`: the second is a value where a condition is due.
    fn value_as_condition(&mut self, side: &Node, operator: Operator) {
        let ExprKind::Literal(value) = &side.expr.kind else { return };
        if matches!(value, Value::Bool(_)) {
            return;
        }
        let word = if operator == Operator::Or { "OR" } else { "AND" };
        self.report
            .error_at(&side.expr.span, format!("a value where {word} needs a condition"))
            .help("to compare with several values write field IN ('x', 'y')");
    }

    /// `IN (1, 2)`, the current word being `IN`.
    fn is_in(&mut self, left: Option<Node>, negated: bool) -> Option<Node> {
        self.advance();
        let open = self.here();
        if !self.eat_mark("(") {
            self.error_here("IN without a list").help("write the values in brackets: IN ('A', 'B')");
            self.expression(power::SUM);
            return None;
        }
        let mut list = Vec::new();
        let mut good = true;
        while !matches!(self.kind(), TokenKind::Mark(")") | TokenKind::End) {
            let element = self.expression(power::LOOSEST);
            good &= element.as_ref().is_some_and(|element| self.may_stand_in_list(element));
            list.extend(element.map(|element| element.expr));
            if !self.comma() {
                break;
            }
        }
        if list.is_empty() && good && self.mark_is(")") {
            let end = self.here().end;
            self.report
                .error(open.start..end, "an empty list")
                .help("write at least one value: IN ('A', 'B')");
            good = false;
        }
        let end = self.close(&open)?;
        let left = left.filter(|_| good)?;
        let span = self.up_to(&left.expr.span, end);
        let height = left.height.max(1);
        self.node(ExprKind::In { expr: Box::new(left.expr), list, negated }, span, height)
    }

    fn may_stand_in_list(&mut self, element: &Node) -> bool {
        match element.expr.kind {
            ExprKind::Literal(_) | ExprKind::Parameter(_) => return true,
            ExprKind::Null => {
                self.report
                    .error_at(&element.expr.span, "nothing is ever equal to NULL")
                    .help("leave it out and add OR … IS NULL");
            }
            _ => {
                self.report
                    .error_at(&element.expr.span, "a list holds values and parameters only")
                    .help("compare with = and join with OR; text stands in single quotes");
            }
        }
        false
    }

    /// `BETWEEN low AND high`, the current word being `BETWEEN`.
    fn between(&mut self, left: Option<Node>, negated: bool) -> Option<Node> {
        self.advance();
        let low = self.expression(power::SUM);
        if !self.eat_word("AND") {
            if low.is_some() {
                self.error_here("BETWEEN without its second end")
                    .help("write BETWEEN low AND high; both are included");
                if self.eat_mark(",") {
                    self.expression(power::SUM);
                }
            }
            return None;
        }
        let high = self.expression(power::SUM);
        let (left, low, high) = (left?, low?, high?);
        if let Some(null) = [&low, &high].into_iter().find(|end| end.is_null()) {
            self.report
                .error_at(&null.expr.span, "NULL has no order")
                .help("write >= or <= where there is only one end");
            return None;
        }
        let span = joined(&left, &high);
        let height = left.height.max(low.height).max(high.height);
        let (low, high) = (Box::new(low.expr), Box::new(high.expr));
        self.node(ExprKind::Between { expr: Box::new(left.expr), low, high, negated }, span, height)
    }

    /// `IS NULL` or `IS NOT NULL`, the current word being `IS`.
    fn is_null(&mut self, left: Option<Node>) -> Option<Node> {
        let start = self.here().start;
        self.advance();
        let negated = self.eat_word("NOT");
        let meant = if negated { "IS NOT NULL" } else { "IS NULL" };
        if !self.word_is("NULL") {
            let end = self.here().end;
            let near = matches!(self.kind(), TokenKind::Word(word) if is_near(word, "NULL"));
            let is_operand = !self.ends_here();
            let problem = self.report.error(start..end, format!("{meant} is the only question that IS asks"));
            if near {
                problem.help(format!("write {meant}")).replace(meant);
            } else {
                problem.help("compare values with = or <>");
            }
            if is_operand {
                self.expression(power::SUM);
            }
            return None;
        }
        let end = self.here().end;
        self.advance();
        let left = left?;
        let span = self.up_to(&left.expr.span, end);
        let height = left.height;
        self.node(ExprKind::IsNull { expr: Box::new(left.expr), negated }, span, height)
    }

    /// `NOT IN` or `NOT BETWEEN`, the current word being `NOT`.
    fn not_infix(&mut self, left: Option<Node>) -> Option<Node> {
        let start = self.here().start;
        self.advance();
        if self.word_is("IN") {
            return self.is_in(left, true);
        }
        if self.word_is("BETWEEN") {
            return self.between(left, true);
        }
        let end = self.here().end;
        if self.mark_is("=") {
            self.report.error(start..end, "NOT before =").help("write <>").replace("<>");
            self.advance();
            self.expression(power::SUM);
        } else if matches!(self.kind(), TokenKind::Word(word) if upper(word) == "LIKE") {
            self.no_like();
        } else {
            self.report
                .error(start..end, "NOT between two values")
                .help("NOT stands before a condition, or in NOT IN and NOT BETWEEN");
            self.skip();
        }
        None
    }

    /// What follows an operand; `None` at the end of the expression. What fits nowhere is reported.
    fn infix(&mut self) -> Option<Infix> {
        let infix = match self.kind() {
            TokenKind::Mark(mark) => match *mark {
                "=" => Infix::Binary(Operator::Equal),
                "<>" => Infix::Binary(Operator::NotEqual),
                "<" => Infix::Binary(Operator::Less),
                "<=" => Infix::Binary(Operator::LessOrEqual),
                ">" => Infix::Binary(Operator::Greater),
                ">=" => Infix::Binary(Operator::GreaterOrEqual),
                "+" => Infix::Binary(Operator::Add),
                "-" => Infix::Binary(Operator::Subtract),
                "*" => Infix::Binary(Operator::Multiply),
                "/" => Infix::Binary(Operator::Divide),
                "(" | "." => return self.stray_operand(),
                _ => return None,
            },
            TokenKind::Word(word) => match upper(word).as_str() {
                "AND" => Infix::Binary(Operator::And),
                "OR" => Infix::Binary(Operator::Or),
                "IN" => Infix::In,
                "BETWEEN" => Infix::Between,
                "IS" => Infix::Is,
                "NOT" => Infix::Not,
                closer if CLOSERS.contains(&closer) => return None,
                _ => return self.stray_operand(),
            },
            TokenKind::End => return None,
            _ => return self.stray_operand(),
        };
        Some(infix)
    }

    /// Reports something that stands where an operator is due, and finds the next operator.
    fn stray_operand(&mut self) -> Option<Infix> {
        let found = self.shown();
        let word = match self.kind() {
            TokenKind::Word(word) => upper(word),
            _ => String::new(),
        };
        let near =
            ["AND", "OR", "IN", "BETWEEN", "IS", "NOT", "WHERE", "HAVE", "BY", "FROM", "THEN", "ELSE", "END"]
                .into_iter()
                .find(|keyword| is_near(&word, keyword));
        match word.as_str() {
            "LIKE" | "ILIKE" => self.no_like(),
            "ISNULL" | "NOTNULL" => {
                let meant = if word == "ISNULL" { "IS NULL" } else { "IS NOT NULL" };
                self.error_here(format!("{found} is not a question"))
                    .help(format!("write {meant}"))
                    .replace(meant);
            }
            "HAVING" => {
                self.reads_as(&found, "HAVE");
                self.read_as("HAVE");
                return None;
            }
            "ORDER" => {
                self.error_here(format!("{found} is not part of the language"))
                    .help("write BY alone: first(r.field BY r.date)");
                self.advance();
                return self.infix();
            }
            "ASC" | "DESC" => {
                self.error_here(format!("{found} is not part of the language"))
                    .help("an order always rises: use first(…) for the earliest and last(…) for the latest");
            }
            _ => match near {
                Some(keyword) => {
                    self.reads_as(&found, keyword);
                    self.read_as(keyword);
                    return self.infix();
                }
                None if self.mark_is(".") => {
                    self.error_here("a second full stop")
                        .help("a field is written alias.field, with one full stop");
                }
                None => {
                    self.error_here(format!("an operator is missing before {found}"))
                        .help("join conditions with AND or OR, values with = <> < <= > >= + - * /");
                }
            },
        }
        self.advance();
        self.skip();
        self.infix()
    }

    fn reads_as(&mut self, found: &str, keyword: &str) {
        self.error_here(format!("{found} is not part of the language"))
            .help(format!("did you mean {keyword}?"))
            .replace(keyword);
    }

    fn no_like(&mut self) {
        self.error_here("LIKE is not part of the language").help("list the values: field IN ('A', 'B')");
        self.advance();
        self.skip();
    }

    fn comparison_here(&self) -> Option<String> {
        let is_one = match self.kind() {
            TokenKind::Mark(_) => self.mark_in(&["=", "<>", "<", "<=", ">", ">="]),
            TokenKind::Word(word) => ["IN", "BETWEEN", "IS", "NOT"].contains(&upper(word).as_str()),
            _ => false,
        };
        is_one.then(|| self.shown())
    }
}
