//! Conditions in English: "A is at most 15 and B is not recorded".

use super::noun::{describe_stretch, value_words};
use super::scope::Scope;
use crate::definition::indicator::Limit;
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Operator, Question};
use crate::value::{Type, Value};

/// A condition in English: of what it speaks, and what it says of it.
pub(super) struct Clause {
    /// "the end of the plan"; empty where the sentence has no subject to share.
    subject: String,
    /// "is not recorded".
    says: String,
    /// It joins several conditions, so that what is around it must hold it together.
    compound: bool,
}

impl Clause {
    fn new(subject: impl Into<String>, says: impl Into<String>) -> Self {
        Self { subject: subject.into(), says: says.into(), compound: false }
    }

    fn whole(says: impl Into<String>, compound: bool) -> Self {
        Self { subject: String::new(), says: says.into(), compound }
    }

    /// The whole clause.
    pub(super) fn text(&self) -> String {
        if self.subject.is_empty() { self.says.clone() } else { format!("{} {}", self.subject, self.says) }
    }
}

/// "A", "A and B", "A, B and C".
pub(super) fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} {word} {last}", before.join(", ")),
    }
}

impl Scope<'_, '_> {
    /// A condition, or its opposite. `nested`: inside another, so that it must say where it begins.
    pub(super) fn clause(&self, expr: &Expr, negated: bool, nested: bool) -> Clause {
        match &expr.kind {
            ExprKind::Not(inner) => self.clause(inner, !negated, nested),
            ExprKind::Binary { operator: operator @ (Operator::And | Operator::Or), .. } => {
                self.connected(expr, *operator, negated, nested)
            }
            ExprKind::Binary { operator, left, right } if !is_arithmetic(*operator) => {
                self.comparison(left, *operator, right, negated)
            }
            ExprKind::In { expr, list, negated: not_in } => self.one_of(expr, list, negated != *not_in),
            ExprKind::Between { expr, low, high, negated: not_between } => {
                let (low, high) = (self.noun(low).closed(), self.noun(high).text);
                let verb = if negated == *not_between { "lies" } else { "does not lie" };
                let says = format!("{verb} between {low} and {high}, both included");
                Clause { compound: true, ..Clause::new(self.noun(expr).closed(), says) }
            }
            ExprKind::IsNull { expr, negated: is_not } => {
                let is_field = matches!(expr.kind, ExprKind::Name { .. });
                let known = if is_field { "recorded" } else { "known" };
                let says = if negated == *is_not { format!("is not {known}") } else { format!("is {known}") };
                Clause::new(self.noun(expr).closed(), says)
            }
            ExprKind::Call { function, arguments } if function.value == "within" => {
                self.within(arguments, negated)
            }
            ExprKind::Link(link) if matches!(link.question.value, Question::Any | Question::All) => {
                Clause::whole(self.link_clause(link, negated), true)
            }
            ExprKind::Literal(Value::Bool(truth)) => {
                Clause::whole(if *truth == negated { "never" } else { "always" }, false)
            }
            ExprKind::Case { arms, otherwise } => self.case_clause(arms, otherwise.as_deref(), negated),
            ExprKind::Parameter(name) => {
                let now = match self.parameter(&name.value) {
                    Some(Value::Bool(truth)) if *truth == negated => ", which it now is not",
                    Some(Value::Bool(_)) => ", as it now is",
                    _ => "",
                };
                let truth = value_words(&Value::Bool(!negated));
                Clause::whole(format!("the parameter {} is {truth}{now}", name.value), !now.is_empty())
            }
            _ => self.yes_or_no(expr, negated),
        }
    }

    /// A value that is yes or no: "a conference was held".
    fn yes_or_no(&self, expr: &Expr, negated: bool) -> Clause {
        let noun = self.noun(expr);
        match noun.text.strip_prefix("whether ") {
            Some(fact) if negated => Clause::whole(format!("it is not so that {fact}"), true),
            Some(fact) => Clause::whole(fact, false),
            None => Clause::new(noun.closed(), if negated { "is no" } else { "is yes" }),
        }
    }

    /// `a AND b AND c`, or its opposite, in which each is its opposite and `AND` is `OR`.
    fn connected(&self, expr: &Expr, operator: Operator, negated: bool, nested: bool) -> Clause {
        let mut parts = Vec::new();
        flatten(expr, operator, &mut parts);
        let word = if (operator == Operator::And) == negated { "or" } else { "and" };
        let mut clauses: Vec<Clause> = Vec::new();
        for part in parts {
            let clause = self.clause(part, negated, true);
            match clauses.last_mut() {
                Some(last) if !last.subject.is_empty() && last.subject == clause.subject => {
                    last.take(&clause, word);
                }
                _ => clauses.push(clause),
            }
        }
        if let [_] = clauses.as_slice() {
            return clauses.remove(0);
        }
        let compound = clauses.iter().any(|clause| clause.compound || clause.says.contains(','));
        let texts: Vec<String> = clauses.iter().map(Clause::text).collect();
        let opening = match (word, texts.len(), nested) {
            ("or", 2, _) => "either ",
            ("or", _, true) => "any of the following: ",
            ("and", 2, true) => "both ",
            ("and", _, true) => "all of the following: ",
            _ => "",
        };
        let list = match texts.as_slice() {
            [one, other] if compound => format!("{one}, {word} {other}"),
            [before @ .., last] if compound => format!("{}; {word} {last}", before.join("; ")),
            texts => joined(texts, word),
        };
        Clause::whole(format!("{opening}{list}"), true)
    }

    fn comparison(&self, left: &Expr, operator: Operator, right: &Expr, negated: bool) -> Clause {
        let operator = if negated { opposite(operator) } else { operator };
        for (side, other) in [(left, right), (right, left)] {
            if let ExprKind::Literal(Value::Bool(truth)) = &other.kind
                && self.is_condition(side)
                && matches!(operator, Operator::Equal | Operator::NotEqual)
            {
                return self.clause(side, *truth != (operator == Operator::Equal), true);
            }
        }
        if let Some(clause) = self.how_many(left, operator, right) {
            return clause;
        }
        let subject = self.noun(left).closed();
        let is_date = [left, right].iter().any(|side| self.ty(side) == Some(Type::Date));
        let object = match (&right.kind, self.codes_of(left)) {
            (ExprKind::Literal(Value::Text(code)), Some(field)) => {
                field.codes.get(&**code).cloned().unwrap_or_else(|| value_words(&Value::Text(code.clone())))
            }
            _ => self.noun(right).text,
        };
        let fixed = matches!(right.kind, ExprKind::Literal(_) | ExprKind::Parameter(_));
        // "on or before 3 months after" would trip the reader.
        let is_moved = is_date && object.starts_with(|c: char| c.is_ascii_digit()) && !fixed;
        let verb = match (operator, is_date) {
            (Operator::Equal, true) if is_moved => "is exactly",
            (Operator::NotEqual, true) if is_moved => "is not exactly",
            (Operator::Less, true) if is_moved => "is earlier than",
            (Operator::LessOrEqual, true) if is_moved => "is no later than",
            (Operator::Greater, true) if is_moved => "is later than",
            (Operator::GreaterOrEqual, true) if is_moved => "is no earlier than",
            (Operator::Equal, _) if fixed => "is",
            (Operator::Equal, true) => "is the same day as",
            (Operator::Equal, false) => "is the same as",
            (Operator::NotEqual, _) if fixed => "is not",
            (Operator::NotEqual, true) => "is another day than",
            (Operator::NotEqual, false) => "is not the same as",
            (Operator::Less, true) => "is before",
            (Operator::LessOrEqual, true) => "is on or before",
            (Operator::Greater, true) => "is after",
            (Operator::GreaterOrEqual, true) => "is on or after",
            (Operator::Less, false) => "is less than",
            (Operator::LessOrEqual, false) => "is at most",
            (Operator::Greater, false) => "is more than",
            _ => "is at least",
        };
        Clause::new(subject, format!("{verb} {object}"))
    }

    /// `count(…) >= 3`: "there are at least 3 among …".
    fn how_many(&self, left: &Expr, operator: Operator, right: &Expr) -> Option<Clause> {
        let ExprKind::Link(link) = &left.kind else { return None };
        let ExprKind::Literal(Value::Int(number)) = right.kind else { return None };
        if link.question.value != Question::Count {
            return None;
        }
        let none = number == 0 && matches!(operator, Operator::Equal | Operator::LessOrEqual)
            || number == 1 && operator == Operator::Less;
        let some = number == 0 && matches!(operator, Operator::Greater | Operator::NotEqual)
            || number == 1 && operator == Operator::GreaterOrEqual;
        let amount = match operator {
            _ if none => "no".to_owned(),
            _ if some => "at least one".to_owned(),
            Operator::Equal => format!("exactly {number}"),
            Operator::Less => format!("fewer than {number}"),
            Operator::LessOrEqual => format!("at most {number}"),
            Operator::Greater => format!("more than {number}"),
            Operator::GreaterOrEqual => format!("at least {number}"),
            _ => return None,
        };
        let is = if some || number == 1 && !none { "is" } else { "are" };
        let records = self.records(link).text;
        let what = match &link.field {
            Some(field) => {
                let field = self.inside(link).noun(field).text;
                let values = if is == "is" { "value" } else { "different values" };
                format!("{amount} {values} of {field}")
            }
            None if none => return Some(Clause::whole(format!("there is none among {records}"), true)),
            None => amount,
        };
        Some(Clause::whole(format!("there {is} {what} among {records}"), true))
    }

    /// `x IN ('A', 'B')`: "x is A or B".
    fn one_of(&self, expr: &Expr, list: &[Expr], negated: bool) -> Clause {
        let field = self.codes_of(expr);
        let words: Vec<String> = list
            .iter()
            .map(|element| match (&element.kind, field) {
                (ExprKind::Literal(Value::Text(code)), Some(field)) => field
                    .codes
                    .get(&**code)
                    .cloned()
                    .unwrap_or_else(|| value_words(&Value::Text(code.clone()))),
                _ => self.noun(element).text,
            })
            .collect();
        // Words with a comma or an "and" of their own would run into their neighbours.
        let run_on =
            words.len() > 1 && words.iter().any(|w| [",", " and ", " or "].iter().any(|s| w.contains(s)));
        let words: Vec<String> = if run_on { words.iter().map(|word| quoted(word)).collect() } else { words };
        let says = match (words.as_slice(), negated) {
            ([one], false) => format!("is {one}"),
            ([one], true) => format!("is not {one}"),
            ([_, _], true) => format!("is neither {}", joined(&words, "nor")),
            (_, true) => format!("is none of {}", joined(&words, "and")),
            ([_, _], false) => format!("is either {}", joined(&words, "or")),
            (_, false) => format!("is one of {}", joined(&words, "and")),
        };
        Clause { compound: words.len() > 1, ..Clause::new(self.noun(expr).closed(), says) }
    }

    /// `within(clock)`: "B is within 15 working days of A".
    pub(super) fn within(&self, arguments: &[Expr], negated: bool) -> Clause {
        let not = if negated { "not " } else { "" };
        let name = match arguments {
            [Expr { kind: ExprKind::Name { name, .. }, .. }] => name.value.as_str(),
            _ => "",
        };
        let Some(clock) = self.vocabulary.clocks.get(name) else {
            return Clause::new(format!("the clock {name}"), format!("is {not}met"));
        };
        let start = self.field_words(Some("this"), &clock.start.value);
        let stop = self.field_words(Some("this"), &clock.stop.value);
        let limit = match &clock.limit.value {
            Limit::Literal(stretch) => describe_stretch(*stretch),
            Limit::Dated(limit) => {
                let by = clock.limit_at.as_ref().filter(|at| at.value != clock.start.value);
                self.dated(limit, by.map(|at| self.field_words(Some("this"), &at.value)).as_deref())
            }
        };
        Clause::new(stop, format!("is {not}within {limit} of {start}"))
    }

    /// "7 working days, or 10 working days from 1 April 2010 by the referral date,".
    pub(super) fn dated(&self, limit: &str, by: Option<&str>) -> String {
        let Some(limit) = self.vocabulary.limits.get(limit) else {
            return format!("the limit {limit}");
        };
        let steps: Vec<String> = limit
            .steps
            .iter()
            .map(|(from, stretch)| {
                let stretch = describe_stretch(stretch.value);
                from.as_ref().map_or(stretch.clone(), |from| {
                    format!("{stretch} from {}", value_words(&Value::Date(from.value)))
                })
            })
            .collect();
        match steps.as_slice() {
            [one] => one.clone(),
            steps => {
                let by = by.map_or_else(String::new, |by| format!(" by {by}"));
                format!("{}{by},", steps.join(", or "))
            }
        }
    }

    /// `any` and `all`.
    pub(super) fn link_clause(&self, link: &LinkExpr, negated: bool) -> String {
        let records = self.records(link);
        match &link.condition {
            Some(condition) => {
                let condition = self.inside(link).clause(condition, false, true).text();
                let opening = if negated { "it is not so that for each" } else { "for each" };
                let holds = if link.filter.is_some() { "it holds that " } else { "" };
                format!("{opening} of {}, {holds}{condition}", records.text)
            }
            None if self.leads_to_one(link) => self.of_the_one(link, negated),
            None if negated => format!("there is none among {}", records.text),
            None => format!("there is at least one among {}", records.text),
        }
    }

    /// `any` over a link to one record.
    fn of_the_one(&self, link: &LinkExpr, negated: bool) -> String {
        let words = self.linked(link);
        match &link.filter {
            None => format!("there is {} record of {words}", if negated { "no" } else { "a" }),
            Some(filter) => {
                let filter = self.inside(link).clause(filter, false, true).text();
                let opening = if negated { "it is not so that for" } else { "for" };
                format!("{opening} {words}, {filter}")
            }
        }
    }

    /// A `CASE` whose results are conditions: "if A, then B, and otherwise C".
    fn case_clause(&self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>, negated: bool) -> Clause {
        let arms = arms.iter().map(|(condition, result)| {
            let condition = self.clause(condition, false, true).text();
            format!("if {condition}, then {}", self.clause(result, negated, true).text())
        });
        let otherwise = otherwise.map(|otherwise| self.clause(otherwise, negated, true).text());
        let otherwise =
            format!("and otherwise {}", otherwise.unwrap_or_else(|| "it is not known".to_owned()));
        let text = arms.chain([otherwise]).collect::<Vec<_>>().join(", ");
        Clause::whole(text, true)
    }
}

impl Clause {
    /// Says two things of one subject: "is not recorded or is after …".
    fn take(&mut self, other: &Self, word: &str) {
        let (one, two) = (self.says.as_str(), other.says.as_str());
        let pair = match (one.strip_prefix("is "), two.strip_prefix("is ")) {
            (Some(one), Some(two)) if !self.compound && !other.compound => {
                let opening = if word == "or" { "either " } else { "" };
                format!("is {opening}{one} {word} {two}")
            }
            _ => format!("{one}, {word} {two}"),
        };
        self.says = pair;
        self.compound = true;
    }
}

/// A code's words in quotes, unless they are.
fn quoted(words: &str) -> String {
    if words.starts_with('‘') { words.to_owned() } else { format!("‘{words}’") }
}

/// The parts of a chain of one operator.
fn flatten<'e>(expr: &'e Expr, operator: Operator, parts: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Binary { operator: found, left, right } if *found == operator => {
            flatten(left, operator, parts);
            flatten(right, operator, parts);
        }
        _ => parts.push(expr),
    }
}

fn is_arithmetic(operator: Operator) -> bool {
    matches!(operator, Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide)
}

/// The comparison that is true where this one is false.
fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::GreaterOrEqual,
        Operator::LessOrEqual => Operator::Greater,
        Operator::Greater => Operator::LessOrEqual,
        Operator::GreaterOrEqual => Operator::Less,
        other => other,
    }
}
