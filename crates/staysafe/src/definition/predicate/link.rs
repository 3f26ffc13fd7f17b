//! Questions about related records: `count(reviews AS r WHERE …)`.

use super::cursor::{Node, Parser, RESERVED, is_near, upper};
use super::lexer::TokenKind;
use super::{Expr, ExprKind, LinkExpr, Question, power};
use crate::diagnostic::Spanned;

/// The question of that name, in capitals or not.
pub(super) fn question_named(name: &str) -> Option<Question> {
    Some(match name.to_ascii_lowercase().as_str() {
        "count" => Question::Count,
        "any" => Question::Any,
        "all" => Question::All,
        "first" => Question::First,
        "last" => Question::Last,
        "min" => Question::Min,
        "max" => Question::Max,
        "sum" => Question::Sum,
        _ => return None,
    })
}

/// The name of a question.
pub(super) fn name_of(question: Question) -> &'static str {
    match question {
        Question::Count => "count",
        Question::Any => "any",
        Question::All => "all",
        Question::First => "first",
        Question::Last => "last",
        Question::Min => "min",
        Question::Max => "max",
        Question::Sum => "sum",
    }
}

/// How a question is written.
fn form(question: Question) -> &'static str {
    match question {
        Question::Count => {
            "count(LINK AS a WHERE condition) or count(DISTINCT a.field FROM LINK AS a WHERE condition)"
        }
        Question::Any => "any(LINK AS a WHERE condition)",
        Question::All => "all(LINK AS a WHERE filter HAVE condition)",
        Question::First => "first(a.field FROM LINK AS a WHERE condition BY a.date)",
        Question::Last => "last(a.field FROM LINK AS a WHERE condition BY a.date)",
        Question::Min => "min(a.field FROM LINK AS a WHERE condition)",
        Question::Max => "max(a.field FROM LINK AS a WHERE condition)",
        Question::Sum => "sum(a.field FROM LINK AS a WHERE condition)",
    }
}

/// What follows the link in the brackets.
#[derive(Default)]
struct Clauses {
    filter: Option<Expr>,
    condition: Option<Expr>,
    order: Vec<Expr>,
    height: usize,
    /// Something was reported.
    bad: bool,
}

impl Parser<'_> {
    /// The rest of a question whose name has been read, the current token being its bracket.
    pub(super) fn link(&mut self, question: Spanned<Question>, start: usize) -> Option<Node> {
        let open = self.here();
        self.advance();
        let asked = question.value;
        if self.mark_is(")") {
            let end = self.here().end;
            self.report
                .error(start..end, format!("{} of nothing", name_of(asked)))
                .help(format!("write {}", form(asked)));
            self.advance();
            return None;
        }
        let distinct_at = self.here();
        let distinct = self.eat_word("DISTINCT");
        if distinct && asked != Question::Count {
            self.report
                .error(distinct_at, format!("DISTINCT in {}", name_of(asked)))
                .help("only count takes DISTINCT")
                .replace("");
        }
        let takes_field = distinct || !matches!(asked, Question::Count | Question::Any | Question::All);
        let field = if takes_field { self.expression(power::LOOSEST) } else { None };
        let source = if takes_field { self.source_of(field.as_ref(), asked) } else { self.source(asked) };
        let mut clauses = Clauses::default();
        if source.is_none() {
            clauses.bad = true;
            self.skip_to_clause();
        }
        self.clauses(asked, &mut clauses);
        let end = self.close(&open)?;
        self.required(asked, &clauses, start..end);
        let (link, alias) = source?;
        if clauses.bad || takes_field && field.is_none() {
            return None;
        }
        let height = clauses.height.max(field.as_ref().map_or(0, |field| field.height));
        let Clauses { filter, condition, order, .. } = clauses;
        let field = field.map(|field| field.expr);
        let link = LinkExpr { question, distinct, field, link, alias, filter, condition, order };
        let span = self.report.span(start..end);
        self.node(ExprKind::Link(Box::new(link)), span, height)
    }

    /// `LINK AS a`.
    fn source(&mut self, asked: Question) -> Option<(Spanned<String>, Spanned<String>)> {
        let link = self.declared_name("the link to the records is missing", asked)?;
        if self.mark_is(".") {
            self.error_here(format!("{} asks for records, not for a field", name_of(asked)))
                .help(format!("write {}", form(asked)));
            return None;
        }
        let alias = if self.eat_word("AS") {
            let alias = self.declared_name("the name after AS is missing", asked)?;
            if ["this", "prev"].contains(&alias.value.as_str()) {
                self.report
                    .error_at(&alias.span, format!("`{}` cannot be the name of related records", alias.value))
                    .help("`this` is the row itself and `prev` the one before it; take another name: AS r");
                return None;
            }
            alias
        } else {
            if self.alias_without_as() {
                return None;
            }
            link.clone()
        };
        Some((link, alias))
    }

    /// Reports `LINK a`, which SQL allows and we do not: a slip in `WHERE` would become a name.
    fn alias_without_as(&mut self) -> bool {
        let TokenKind::Word(word) = self.kind() else { return false };
        let keyword = upper(word);
        let is_clause = RESERVED.contains(&keyword.as_str())
            || ["HAVING", "ORDER"].contains(&keyword.as_str())
            || ["WHERE", "HAVE", "BY", "AS"].iter().any(|clause| is_near(word, clause));
        if is_clause {
            return false;
        }
        let word = word.clone();
        self.error_here(format!("a second name `{word}` without AS"))
            .help(format!("write AS {word}"))
            .replace(format!("AS {word}"));
        self.advance();
        true
    }

    /// The link of a question about a field: after `FROM`, or else the field's qualifier.
    fn source_of(
        &mut self,
        field: Option<&Node>,
        asked: Question,
    ) -> Option<(Spanned<String>, Spanned<String>)> {
        if self.mark_is(",") {
            self.error_here(format!("{} takes one field", name_of(asked)))
                .help(format!("write {}", form(asked)));
            return None;
        }
        if self.eat_word("FROM") {
            return self.source(asked);
        }
        let field = field?;
        if let ExprKind::Name { qualifier: Some(qualifier), .. } = &field.expr.kind
            && !["this", "prev"].contains(&qualifier.value.as_str())
        {
            return Some((qualifier.clone(), qualifier.clone()));
        }
        let help = match &field.expr.kind {
            ExprKind::Name { qualifier: None, name } => {
                format!("write LINK.{} with the link's name, or {}", name.value, form(asked))
            }
            _ => format!("write {}", form(asked)),
        };
        self.report
            .error_at(&field.expr.span, format!("{} does not say whose records it asks for", name_of(asked)))
            .help(help);
        None
    }

    fn declared_name(&mut self, missing: &str, asked: Question) -> Option<Spanned<String>> {
        match self.kind() {
            TokenKind::Word(word) if !RESERVED.contains(&upper(word).as_str()) && upper(word) != "SELECT" => {
                self.spanned_word()
            }
            _ => {
                self.error_here(missing).help(format!("write {}", form(asked)));
                None
            }
        }
    }

    /// After a fault in the source: on to `WHERE`, `HAVE`, `BY` or the closing bracket.
    fn skip_to_clause(&mut self) {
        self.skip();
        while !(matches!(self.kind(), TokenKind::Mark(")") | TokenKind::End) || self.at_clause()) {
            self.advance();
            self.skip();
        }
    }

    fn at_clause(&self) -> bool {
        ["WHERE", "HAVE", "BY"].iter().any(|keyword| self.word_is(keyword))
    }

    /// `WHERE …`, `HAVE …` and `BY …`, as far as the question takes them.
    fn clauses(&mut self, asked: Question, clauses: &mut Clauses) {
        self.mend_clause();
        while self.at_clause() {
            let at = self.here();
            let Some(word) = self.spanned_word() else { return };
            let keyword = upper(&word.value);
            let fault = match keyword.as_str() {
                "HAVE" if asked != Question::All => Some("only all takes HAVE"),
                "BY" if !matches!(asked, Question::First | Question::Last) => {
                    Some("only first and last take BY")
                }
                "WHERE" if clauses.filter.is_some() => Some("join the two conditions with AND"),
                "WHERE" if clauses.condition.is_some() || !clauses.order.is_empty() => {
                    Some("WHERE comes before HAVE and BY")
                }
                "HAVE" if clauses.condition.is_some() => Some("join the two conditions with AND"),
                "BY" if !clauses.order.is_empty() => Some("write BY once, with commas"),
                _ => None,
            };
            if let Some(fault) = fault {
                clauses.bad = true;
                self.report
                    .error(at, format!("{keyword} does not belong here"))
                    .help(format!("{fault}: {}", form(asked)));
            }
            if keyword == "BY" {
                loop {
                    let key = self.expression(power::LOOSEST);
                    clauses.take(key, |clauses, expr| clauses.order.push(expr));
                    if !self.comma() || self.mark_is(")") {
                        break;
                    }
                }
            } else {
                let condition = self.expression(power::LOOSEST);
                clauses.take(condition, |clauses, expr| {
                    if keyword == "HAVE" {
                        clauses.condition = Some(expr);
                    } else {
                        clauses.filter = Some(expr);
                    }
                });
            }
            self.mend_clause();
        }
    }

    /// Reads a slip as the clause that is meant: `WHER`, `HAVING`, `ORDER BY`.
    fn mend_clause(&mut self) {
        let TokenKind::Word(word) = self.kind() else { return };
        let (written, word) = (word.clone(), upper(word));
        let meant = match word.as_str() {
            "HAVING" => Some("HAVE"),
            "ORDER" if matches!(self.kind_after(), TokenKind::Word(next) if upper(next) == "BY") => {
                Some("BY")
            }
            _ => ["WHERE", "HAVE", "BY"].into_iter().find(|keyword| is_near(&word, keyword)),
        };
        let Some(meant) = meant else { return };
        let start = self.here().start;
        if word == "ORDER" {
            self.advance();
        }
        let end = self.here().end;
        self.report
            .error(start..end, format!("`{written}` is not part of the language"))
            .help(format!("write {meant}"))
            .replace(meant);
        self.read_as(meant);
    }

    /// Reports the clause that the question cannot do without.
    fn required(&mut self, asked: Question, clauses: &Clauses, at: std::ops::Range<usize>) {
        if clauses.bad {
            return;
        }
        let missing = match asked {
            Question::All if clauses.condition.is_none() => "all without HAVE",
            Question::First if clauses.order.is_empty() => "first without BY",
            Question::Last if clauses.order.is_empty() => "last without BY",
            _ => return,
        };
        self.report.error(at, missing).help(format!("write {}", form(asked)));
    }
}

impl Clauses {
    fn take(&mut self, node: Option<Node>, keep: impl FnOnce(&mut Self, Expr)) {
        match node {
            Some(node) => {
                self.height = self.height.max(node.height);
                keep(self, node.expr);
            }
            None => self.bad = true,
        }
    }
}
