//! Values in English: "the number of working days from A to B".

use super::clause::joined;
use super::scope::{Scope, period_words, spaced};
use crate::definition::indicator::{SpanUnit, Stretch};
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Operator, Question};
use crate::value::{Type, Value};

/// A value in English.
pub(super) struct Noun {
    pub(super) text: String,
    /// It ends in a clause of its own, so that a comma must close it.
    pub(super) open_ended: bool,
    /// It has several parts, so that arithmetic around it must hold it together.
    pub(super) several: bool,
}

impl Noun {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), open_ended: false, several: false }
    }

    /// The text, closed so that a sentence can go on.
    pub(super) fn closed(&self) -> String {
        if self.open_ended { format!("{},", self.text) } else { self.text.clone() }
    }
}

/// A stretch of time in English: "15 working days".
///
/// # Example
/// ```
/// use staysafe::definition::indicator::{SpanUnit, Stretch};
/// use staysafe::describe::describe_stretch;
/// assert_eq!(describe_stretch(Stretch { length: 1, unit: SpanUnit::WorkingDays }), "1 working day");
/// ```
pub fn describe_stretch(stretch: Stretch) -> String {
    let unit = match stretch.unit {
        SpanUnit::Days => "day",
        SpanUnit::WorkingDays => "working day",
        SpanUnit::Months => "month",
        SpanUnit::Years => "year",
    };
    many(&stretch.length.to_string(), unit)
}

/// "1 day", "2 days".
fn many(number: &str, unit: &str) -> String {
    format!("{number} {unit}{}", if number == "1" { "" } else { "s" })
}

/// A value as a reader writes it: "1 April 2010", "‘NEG’", "yes".
pub(super) fn value_words(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.normalize().to_string(),
        Value::Text(text) => format!("‘{text}’"),
        Value::Date(date) => date.format("%-d %B %Y").to_string(),
    }
}

/// Whether the answer says something of all the records, even where there is only one.
fn asks_how_many(question: Question) -> bool {
    matches!(question, Question::Count | Question::Any | Question::All | Question::Sum)
}

impl Scope<'_, '_> {
    /// A value in English.
    pub(super) fn noun(&self, expr: &Expr) -> Noun {
        match &expr.kind {
            ExprKind::Literal(value) => Noun::plain(value_words(value)),
            ExprKind::Null => Noun::plain("nothing"),
            ExprKind::Name { qualifier: None, name } if period_words(&name.value).is_some() => {
                Noun::plain(period_words(&name.value).unwrap_or_default())
            }
            ExprKind::Name { qualifier, name } => {
                Noun::plain(self.field_words(qualifier.as_ref().map(|q| q.value.as_str()), &name.value))
            }
            ExprKind::Parameter(name) => Noun::plain(match self.parameter(&name.value) {
                Some(value) => value_words(value),
                None => format!("the parameter {}", name.value),
            }),
            ExprKind::Negate(inner) => Noun::plain(format!("minus {}", self.part(inner))),
            ExprKind::Binary { operator, left, right } => match operator {
                Operator::Add => self.arithmetic(left, "plus", right),
                Operator::Subtract => self.arithmetic(left, "minus", right),
                Operator::Multiply => self.arithmetic(left, "times", right),
                Operator::Divide => self.arithmetic(left, "divided by", right),
                _ => self.whether(expr),
            },
            ExprKind::Not(_) | ExprKind::In { .. } | ExprKind::Between { .. } | ExprKind::IsNull { .. } => {
                self.whether(expr)
            }
            ExprKind::Case { arms, otherwise } => self.case(arms, otherwise.as_deref()),
            ExprKind::Call { function, arguments } => self.call(&function.value, arguments),
            ExprKind::Link(link) => self.link_noun(link),
        }
    }

    /// A condition where a value stands: "whether A is B".
    fn whether(&self, expr: &Expr) -> Noun {
        Noun {
            text: format!("whether {}", self.clause(expr, false, true).text()),
            open_ended: true,
            several: true,
        }
    }

    /// A value inside arithmetic.
    fn part(&self, expr: &Expr) -> String {
        let noun = self.noun(expr);
        if noun.several { format!("the result of {}", noun.closed()) } else { noun.closed() }
    }

    fn arithmetic(&self, left: &Expr, word: &str, right: &Expr) -> Noun {
        let text = format!("{} {word} {}", self.part(left), self.part(right));
        Noun { open_ended: text.ends_with(','), text: text.trim_end_matches(',').to_owned(), several: true }
    }

    /// "0 if A, 1 if B, and otherwise 2".
    fn case(&self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Noun {
        let arms = arms.iter().map(|(condition, result)| {
            format!("{} if {}", self.noun(result).closed(), self.clause(condition, false, true).text())
        });
        let otherwise = otherwise.map_or_else(|| "nothing".to_owned(), |otherwise| self.noun(otherwise).text);
        let parts: Vec<String> = arms.chain([format!("and otherwise {otherwise}")]).collect();
        let text = format!("a value that is {}", parts.join(", "));
        Noun { text, open_ended: true, several: true }
    }

    fn call(&self, function: &str, arguments: &[Expr]) -> Noun {
        let between = |unit: &str, from: &Expr, to: &Expr| {
            let (from, to) = (self.noun(from), self.noun(to));
            let text = format!("the number of {unit} from {} to {}", from.closed(), to.text);
            Noun { text, open_ended: from.open_ended || to.open_ended, several: false }
        };
        match (function, arguments) {
            ("working_days", [from, to]) => between("working days", from, to),
            ("days", [from, to]) => between("days", from, to),
            ("months_between", [from, to]) => between("whole months", from, to),
            ("years_between", [from, to]) => between("whole years", from, to),
            ("add_days", [date, number]) => self.moved(date, number, "day"),
            ("add_working_days", [date, number]) => self.moved(date, number, "working day"),
            ("add_months", [date, number]) => self.moved(date, number, "month"),
            ("age_at", [birth, date]) => {
                let (birth, date) = (self.noun(birth), self.noun(date));
                let text = format!("the age on {} counted from {}", date.closed(), birth.text);
                Noun { text, open_ended: birth.open_ended, several: false }
            }
            ("coalesce", arguments) => {
                let known = arguments.iter().map(|argument| self.noun(argument).text).collect::<Vec<_>>();
                Noun::plain(format!("the first known of {}", joined(&known, "and")))
            }
            ("due_date", [date, limit]) => {
                let date = self.noun(date);
                let limit = match &limit.kind {
                    ExprKind::Literal(Value::Text(name)) => self.dated(name, None),
                    _ => self.noun(limit).text,
                };
                let text = format!("the last of the {limit} after {}", date.text);
                Noun { text, open_ended: date.open_ended, several: false }
            }
            ("within", _) => Noun::plain(format!("whether {}", self.within(arguments, false).text())),
            (function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.noun(argument).text).collect::<Vec<_>>();
                let name = spaced(function);
                Noun::plain(if arguments.is_empty() {
                    format!("the {name}")
                } else {
                    format!("the {name} of {}", joined(&arguments, "and"))
                })
            }
        }
    }

    /// "15 working days after A", "2 working days before A".
    fn moved(&self, date: &Expr, number: &Expr, unit: &str) -> Noun {
        let date = self.noun(date);
        let literal = self.whole_number(number);
        let text = match literal {
            Some(number) => {
                let direction = if number < 0 { "before" } else { "after" };
                format!("{} {direction} {}", many(&number.unsigned_abs().to_string(), unit), date.text)
            }
            None => format!("as many {unit}s after {} as {}", date.closed(), self.noun(number).text),
        };
        Noun { text, open_ended: date.open_ended, several: literal.is_none() }
    }

    /// A number that is written, or the value of a parameter, or minus either.
    fn whole_number(&self, expr: &Expr) -> Option<i64> {
        match &expr.kind {
            ExprKind::Literal(Value::Int(number)) => Some(*number),
            ExprKind::Parameter(name) => match self.parameter(&name.value)? {
                Value::Int(number) => Some(*number),
                _ => None,
            },
            ExprKind::Negate(inner) => self.whole_number(inner)?.checked_neg(),
            _ => None,
        }
    }

    /// What is asked of related records, as a value.
    fn link_noun(&self, link: &LinkExpr) -> Noun {
        let inside = self.inside(link);
        let field = link.field.as_ref().map(|field| inside.noun(field).text).unwrap_or_default();
        let bare = field.strip_prefix("the ").unwrap_or(&field);
        let is_date = link.field.as_ref().and_then(|field| inside.ty(field)) == Some(Type::Date);
        let by_itself = link.order.first().map(Expr::to_string) == link.field.as_ref().map(Expr::to_string);
        let order = || joined(&link.order.iter().map(|key| inside.noun(key).text).collect::<Vec<_>>(), "and");
        if self.leads_to_one(link) && link.filter.is_none() && !asks_how_many(link.question.value) {
            return Noun::plain(format!("{field} of {}", self.linked(link)));
        }
        let whose = match link.question.value {
            Question::Any | Question::All => {
                let text = format!("whether {}", self.link_clause(link, false));
                return Noun { text, open_ended: true, several: true };
            }
            Question::Count if link.distinct => format!("the number of different values of {field} among"),
            Question::Count => "the number of".to_owned(),
            Question::Sum => format!("the total of {field} over"),
            Question::Min if is_date => format!("the earliest {bare} among"),
            Question::Max if is_date => format!("the latest {bare} among"),
            Question::Min => format!("the least {bare} among"),
            Question::Max => format!("the greatest {bare} among"),
            Question::First if by_itself && is_date => format!("the earliest {bare} among"),
            Question::Last if by_itself && is_date => format!("the latest {bare} among"),
            Question::First => format!("the first {bare} in order of {} among", order()),
            Question::Last => format!("the last {bare} in order of {} among", order()),
        };
        let records = self.records(link);
        Noun { text: format!("{whose} {}", records.text), ..records }
    }

    /// The related records with their filter: "the plan's reviews for which A is B".
    pub(super) fn records(&self, link: &LinkExpr) -> Noun {
        let words = self.linked(link);
        match &link.filter {
            None => Noun::plain(words),
            Some(filter) => {
                let filter = self.inside(link).clause(filter, false, true).text();
                Noun { text: format!("{words} for which {filter}"), open_ended: true, several: false }
            }
        }
    }
}
