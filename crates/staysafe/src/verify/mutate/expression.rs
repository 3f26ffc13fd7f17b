//! Slips of the pen in a predicate: each mutant is the whole predicate with one node changed.

use chrono::Days;
use rust_decimal::Decimal;

use super::Slip;
use super::world::World;
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Operator, Question};
use crate::diagnostic::{Span, Spanned};
use crate::value::Value;

/// A predicate with one slip in it.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) slip: Slip,
    /// What was changed, as a person reads it: `a < b -> a <= b`.
    pub(super) words: String,
    /// The node that was changed: where it stands, what it was, what it is.
    pub(super) at: Span,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) expr: Expr,
}

/// The records in scope: the name they go by and their table, from the row itself inwards.
type Frames<'a> = Vec<(String, &'a str)>;

/// Every mutant of a predicate over the rows of `table`.
pub(super) fn changes(expr: &Expr, table: &str, world: World<'_>) -> Vec<Change> {
    walk(expr, &vec![("this".to_owned(), table)], world)
}

fn walk<'a>(expr: &Expr, frames: &Frames<'a>, world: World<'a>) -> Vec<Change> {
    let mut found: Vec<Change> = own(expr, frames, world)
        .into_iter()
        .map(|(slip, words, new)| {
            let words = match words {
                Some(words) => words,
                None => format!("{expr} -> {new}"),
            };
            let (before, after) = (expr.to_string(), new.to_string());
            Change { slip, words, at: expr.span.clone(), before, after, expr: new }
        })
        .collect();
    let inner = match &expr.kind {
        ExprKind::Link(link) => {
            let of = frames.iter().rev().find_map(|(_, table)| world.link(table, &link.link.value));
            let mut inner = frames.clone();
            inner.push((link.alias.value.clone(), of.unwrap_or("")));
            inner
        }
        _ => frames.clone(),
    };
    for (position, child) in children(expr).into_iter().enumerate() {
        for change in walk(child, &inner, world) {
            let mut whole = expr.clone();
            if let Some(place) = children_mut(&mut whole).into_iter().nth(position) {
                *place = change.expr;
                found.push(Change { expr: whole, ..change });
            }
        }
    }
    found
}

/// What may go wrong at one node: the slip, its words where "before -> after" would not say it well, and
/// the node as it would be.
fn own<'a>(expr: &Expr, frames: &Frames<'a>, world: World<'a>) -> Vec<(Slip, Option<String>, Expr)> {
    let node = |kind: ExprKind| Expr { kind, span: expr.span.clone() };
    let mut found = Vec::new();
    let mut add = |slip: Slip, new: Expr| found.push((slip, None, new));
    match &expr.kind {
        ExprKind::Binary { operator, left, right } => {
            for (slip, other) in others(*operator) {
                let (left, right) = (left.clone(), right.clone());
                add(*slip, node(ExprKind::Binary { operator: *other, left, right }));
            }
            if matches!(operator, Operator::And | Operator::Or) {
                for (kept, dropped) in [(right, left), (left, right)] {
                    found.push((Slip::ClauseDropped, Some(format!("without {dropped}")), (**kept).clone()));
                }
            }
            if let (Operator::Equal | Operator::NotEqual, ExprKind::Literal(Value::Text(code))) =
                (operator, &right.kind)
                && let Some(other) = codes_of(left, frames, world).into_iter().find(|other| **other != **code)
            {
                let right = Box::new(text(right, other));
                let new = ExprKind::Binary { operator: *operator, left: left.clone(), right };
                found.push((Slip::OtherCode, None, node(new)));
            }
        }
        ExprKind::Not(inner) => add(Slip::NotDropped, (**inner).clone()),
        ExprKind::Negate(inner) => add(Slip::Arithmetic, (**inner).clone()),
        ExprKind::Literal(value) => {
            for other in neighbours(value) {
                add(Slip::Number, node(ExprKind::Literal(other)));
            }
        }
        ExprKind::Name { qualifier, name } => {
            for (slip, other) in names(qualifier.as_ref(), name, frames, world) {
                let name = Spanned { value: other, span: name.span.clone() };
                add(slip, node(ExprKind::Name { qualifier: qualifier.clone(), name }));
            }
        }
        ExprKind::In { expr: inner, list, negated } => {
            let with = |list: Vec<Expr>, negated| node(ExprKind::In { expr: inner.clone(), list, negated });
            add(Slip::NotDropped, with(list.clone(), !negated));
            for (position, code) in list.iter().enumerate().filter(|_| list.len() > 1) {
                let mut fewer = list.clone();
                fewer.remove(position);
                found.push((
                    Slip::CodeRemoved,
                    Some(format!("{inner} IN: without {code}")),
                    with(fewer, *negated),
                ));
            }
            let said = |code: &str| {
                list.iter()
                    .any(|e| matches!(&e.kind, ExprKind::Literal(Value::Text(text)) if **text == *code))
            };
            if let Some(other) = codes_of(inner, frames, world).into_iter().find(|code| !said(code)) {
                let mut more = list.clone();
                more.push(text(inner, other));
                found.push((
                    Slip::CodeAdded,
                    Some(format!("{inner} IN: with '{other}'")),
                    with(more, *negated),
                ));
            }
        }
        ExprKind::Between { expr: inner, low, high, negated } => {
            add(
                Slip::NotDropped,
                node(ExprKind::Between {
                    expr: inner.clone(),
                    low: low.clone(),
                    high: high.clone(),
                    negated: !negated,
                }),
            );
            for (above, below) in
                [(Operator::Greater, Operator::LessOrEqual), (Operator::GreaterOrEqual, Operator::Less)]
            {
                let compare = |operator, right: &Expr| {
                    Box::new(node(ExprKind::Binary {
                        operator,
                        left: inner.clone(),
                        right: Box::new(right.clone()),
                    }))
                };
                let (left, right) = (compare(above, low), compare(below, high));
                let open = node(ExprKind::Binary { operator: Operator::And, left, right });
                add(Slip::Boundary, if *negated { node(ExprKind::Not(Box::new(open))) } else { open });
            }
        }
        ExprKind::IsNull { expr: inner, negated } => {
            add(Slip::NotDropped, node(ExprKind::IsNull { expr: inner.clone(), negated: !negated }));
        }
        ExprKind::Case { arms, otherwise } => {
            for (position, (condition, _)) in arms.iter().enumerate() {
                let mut fewer = arms.clone();
                fewer.remove(position);
                let new = match (&otherwise, fewer.is_empty()) {
                    (Some(otherwise), true) => (**otherwise).clone(),
                    (None, true) => node(ExprKind::Null),
                    _ => node(ExprKind::Case { arms: fewer, otherwise: otherwise.clone() }),
                };
                found.push((Slip::ArmDropped, Some(format!("CASE: without WHEN {condition}")), new));
            }
            if otherwise.is_some() {
                let new = node(ExprKind::Case { arms: arms.clone(), otherwise: None });
                found.push((Slip::ArmDropped, Some("CASE: without ELSE".to_owned()), new));
            }
        }
        ExprKind::Call { function, arguments } => {
            let name = function.value.to_ascii_lowercase();
            for other in functions(&name) {
                let function = Spanned { value: (*other).to_owned(), span: function.span.clone() };
                add(Slip::Function, node(ExprKind::Call { function, arguments: arguments.clone() }));
            }
            if name == "coalesce" {
                for argument in arguments {
                    add(Slip::Function, argument.clone());
                }
            }
        }
        ExprKind::Link(link) => {
            for (slip, words, other) in questions(link) {
                found.push((slip, words, node(ExprKind::Link(Box::new(other)))));
            }
        }
        ExprKind::Null | ExprKind::Parameter(_) => {}
    }
    found
}

/// The operators that a slip would put in the place of one.
fn others(operator: Operator) -> &'static [(Slip, Operator)] {
    match operator {
        Operator::Or => &[(Slip::Connective, Operator::And)],
        Operator::And => &[(Slip::Connective, Operator::Or)],
        Operator::Equal => &[(Slip::Comparison, Operator::NotEqual)],
        Operator::NotEqual => &[(Slip::Comparison, Operator::Equal)],
        Operator::Less => &[(Slip::Boundary, Operator::LessOrEqual), (Slip::Comparison, Operator::Greater)],
        Operator::LessOrEqual => {
            &[(Slip::Boundary, Operator::Less), (Slip::Comparison, Operator::GreaterOrEqual)]
        }
        Operator::Greater => {
            &[(Slip::Boundary, Operator::GreaterOrEqual), (Slip::Comparison, Operator::Less)]
        }
        Operator::GreaterOrEqual => {
            &[(Slip::Boundary, Operator::Greater), (Slip::Comparison, Operator::LessOrEqual)]
        }
        Operator::Add => &[(Slip::Arithmetic, Operator::Subtract)],
        Operator::Subtract => &[(Slip::Arithmetic, Operator::Add)],
        Operator::Multiply => &[(Slip::Arithmetic, Operator::Divide)],
        Operator::Divide => &[(Slip::Arithmetic, Operator::Multiply)],
    }
}

/// Functions of the same shape that are easily taken for one another.
fn functions(name: &str) -> &'static [&'static str] {
    match name {
        "working_days" => &["days"],
        "days" => &["working_days"],
        "add_days" => &["add_working_days"],
        "add_working_days" | "add_months" => &["add_days"],
        "months_between" => &["years_between"],
        "years_between" => &["months_between"],
        _ => &[],
    }
}

/// One more and one less; a day on and a day back; the other answer.
pub(super) fn neighbours(value: &Value) -> Vec<Value> {
    match value {
        Value::Int(n) => n.checked_add(1).into_iter().chain(n.checked_sub(1)).map(Value::Int).collect(),
        Value::Decimal(n) => n
            .checked_add(Decimal::ONE)
            .into_iter()
            .chain(n.checked_sub(Decimal::ONE))
            .map(Value::Decimal)
            .collect(),
        Value::Date(day) => day
            .checked_add_days(Days::new(1))
            .into_iter()
            .chain(day.checked_sub_days(Days::new(1)))
            .map(Value::Date)
            .collect(),
        Value::Bool(answer) => vec![Value::Bool(!answer)],
        Value::Text(_) => Vec::new(),
    }
}

/// Names that may be written for another: the period's other day, another date of the same table.
fn names(
    qualifier: Option<&Spanned<String>>,
    name: &Spanned<String>,
    frames: &Frames<'_>,
    world: World<'_>,
) -> Vec<(Slip, String)> {
    if qualifier.is_none() {
        let other = match name.value.as_str() {
            "period_first_day" => Some("period_last_day"),
            "period_last_day" | "window_first_day" => Some("period_first_day"),
            _ => None,
        };
        if let Some(other) = other {
            return vec![(Slip::PeriodDay, other.to_owned())];
        }
    }
    let Some(table) = table_of(qualifier.map(|q| q.value.as_str()), frames) else { return Vec::new() };
    world
        .other_date(table, &name.value)
        .map(|other| (Slip::OtherDate, other.to_owned()))
        .into_iter()
        .collect()
}

/// The table that a field's qualifier stands for.
fn table_of<'a>(qualifier: Option<&str>, frames: &Frames<'a>) -> Option<&'a str> {
    match qualifier {
        None => frames.last().map(|(_, table)| *table),
        // The row before is of the row's own table.
        Some("this" | "prev") => frames.first().map(|(_, table)| *table),
        Some(alias) => frames.iter().rev().find(|(name, _)| name == alias).map(|(_, table)| *table),
    }
}

/// The codes of a field, in the order of its set; none where the expression is no field with codes.
fn codes_of<'a>(expr: &Expr, frames: &Frames<'a>, world: World<'a>) -> Vec<&'a str> {
    let ExprKind::Name { qualifier, name } = &expr.kind else { return Vec::new() };
    table_of(qualifier.as_ref().map(|q| q.value.as_str()), frames)
        .map(|table| world.codes(table, &name.value))
        .unwrap_or_default()
}

fn text(at: &Expr, code: &str) -> Expr {
    Expr { kind: ExprKind::Literal(Value::Text(code.into())), span: at.span.clone() }
}

/// What may go wrong in a question about related records.
fn questions(link: &LinkExpr) -> Vec<(Slip, Option<String>, LinkExpr)> {
    let asks = |question: Question| LinkExpr {
        question: Spanned { value: question, span: link.question.span.clone() },
        ..link.clone()
    };
    let mut found = Vec::new();
    let other = match link.question.value {
        Question::First => Some(asks(Question::Last)),
        Question::Last => Some(asks(Question::First)),
        Question::Min => Some(asks(Question::Max)),
        Question::Max | Question::Sum => Some(asks(Question::Min)),
        Question::Any => link.filter.clone().map(|filter| LinkExpr {
            condition: Some(filter),
            filter: None,
            ..asks(Question::All)
        }),
        Question::All => {
            let both = match (&link.filter, &link.condition) {
                (Some(filter), Some(condition)) => Some(Expr {
                    kind: ExprKind::Binary {
                        operator: Operator::And,
                        left: Box::new(filter.clone()),
                        right: Box::new(condition.clone()),
                    },
                    span: filter.span.clone(),
                }),
                (filter, condition) => filter.clone().or_else(|| condition.clone()),
            };
            Some(LinkExpr { filter: both, condition: None, ..asks(Question::Any) })
        }
        Question::Count => link.distinct.then(|| LinkExpr { distinct: false, field: None, ..link.clone() }),
    };
    found.extend(other.map(|other| (Slip::Question, None, other)));
    if let Some(filter) = &link.filter {
        let words = format!("{}: without WHERE {filter}", link.link.value);
        found.push((Slip::ClauseDropped, Some(words), LinkExpr { filter: None, ..link.clone() }));
    }
    for (position, key) in link.order.iter().enumerate().filter(|_| link.order.len() > 1) {
        let mut order = link.order.clone();
        order.remove(position);
        let words = format!("{}: BY without {key}", link.link.value);
        found.push((Slip::KeyDropped, Some(words), LinkExpr { order, ..link.clone() }));
    }
    found
}

/// The expressions directly inside one.
fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Null | ExprKind::Name { .. } | ExprKind::Parameter(_) => Vec::new(),
        ExprKind::Not(a) | ExprKind::Negate(a) => vec![a],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        // The members of a list are codes: removed and added, not counted up.
        ExprKind::In { expr, .. } | ExprKind::IsNull { expr, .. } => vec![expr],
        ExprKind::Between { expr, low, high, .. } => vec![expr, low, high],
        ExprKind::Case { arms, otherwise } => arms
            .iter()
            .flat_map(|(condition, result)| [condition, result])
            .chain(otherwise.as_deref())
            .collect(),
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Link(link) => {
            link.field.iter().chain(&link.filter).chain(&link.condition).chain(&link.order).collect()
        }
    }
}

/// The same, in the same order, to be changed.
fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Literal(_) | ExprKind::Null | ExprKind::Name { .. } | ExprKind::Parameter(_) => Vec::new(),
        ExprKind::Not(a) | ExprKind::Negate(a) => vec![a],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::In { expr, .. } | ExprKind::IsNull { expr, .. } => vec![expr],
        ExprKind::Between { expr, low, high, .. } => vec![expr, low, high],
        ExprKind::Case { arms, otherwise } => arms
            .iter_mut()
            .flat_map(|(condition, result)| [condition, result])
            .chain(otherwise.as_deref_mut())
            .collect(),
        ExprKind::Call { arguments, .. } => arguments.iter_mut().collect(),
        ExprKind::Link(link) => {
            let LinkExpr { field, filter, condition, order, .. } = &mut **link;
            field.iter_mut().chain(filter).chain(condition).chain(order).collect()
        }
    }
}
