//! Expressions: names resolved, types known, or a finding for each that is not.

use super::function;
use super::limit;
use super::link;
use super::scope::{PERIOD_NAMES, Scope, declared};
use super::tree::{Arithmetic, CheckedClock, Comparison, Node, NodeKind, PeriodDay};
use crate::definition::indicator::Limit;
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, nearest};
use crate::value::{Type, Value};

/// Resolves an expression; `None` where a finding was reported.
pub(super) fn resolve(scope: &mut Scope<'_, '_>, expr: &Expr) -> Option<Node> {
    let span = expr.span.clone();
    let (kind, ty) = match &expr.kind {
        ExprKind::Literal(value) => (NodeKind::Literal(value.clone()), Some(value.ty())),
        ExprKind::Null => (NodeKind::Null, None),
        ExprKind::Parameter(name) => {
            let value = scope.parameter(name)?;
            let ty = value.ty();
            (NodeKind::Literal(value), Some(ty))
        }
        ExprKind::Name { qualifier, name } => return resolve_name(scope, qualifier.as_ref(), name, &span),
        ExprKind::Not(inner) => {
            let inner = resolve_as(scope, inner, Type::Bool)?;
            (NodeKind::Not(Box::new(inner)), Some(Type::Bool))
        }
        ExprKind::Negate(inner) => {
            let inner = resolve_number(scope, inner)?;
            let ty = inner.ty;
            (NodeKind::Negate(Box::new(inner)), ty)
        }
        ExprKind::Binary { operator, left, right } => return binary(scope, *operator, left, right, span),
        ExprKind::In { expr, list, negated } => {
            let node = resolve(scope, expr);
            let items: Vec<Option<Node>> = list.iter().map(|item| resolve(scope, item)).collect();
            let node = node?;
            let mut values = Vec::new();
            for item in items {
                let item = item?;
                comparable(scope, &node, &item)?;
                let NodeKind::Literal(value) = item.kind else {
                    scope.report(
                        Diagnostic::new(
                            Code::TypeMismatch,
                            item.span,
                            "a list holds values, not expressions",
                        )
                        .label("not a value")
                        .help("write the values themselves, such as IN ('NEG', 'EMO'), or a parameter"),
                    );
                    return None;
                };
                values.push(value);
            }
            values.sort();
            values.dedup();
            negate_if(*negated, NodeKind::In(Box::new(node), values), &span)
        }
        ExprKind::Between { expr, low, high, negated } => {
            let (node, low, high) = (resolve(scope, expr), resolve(scope, low), resolve(scope, high));
            let (node, low, high) = (node?, low?, high?);
            comparable(scope, &node, &low)?;
            comparable(scope, &node, &high)?;
            let from = compare_node(Comparison::GreaterOrEqual, node.clone(), low, &span);
            let to = compare_node(Comparison::LessOrEqual, node, high, &span);
            negate_if(*negated, NodeKind::And(Box::new(from), Box::new(to)), &span)
        }
        ExprKind::IsNull { expr, negated } => {
            let node = resolve(scope, expr)?;
            negate_if(*negated, NodeKind::IsNull(Box::new(node)), &span)
        }
        ExprKind::Case { arms, otherwise } => return case(scope, arms, otherwise.as_deref(), span),
        ExprKind::Call { function, arguments } => return function::resolve(scope, function, arguments, span),
        ExprKind::Link(question) => return link::resolve(scope, question, span),
    };
    Some(Node { kind, ty, span })
}

/// Resolves an expression that must be of a type.
pub(super) fn resolve_as(scope: &mut Scope<'_, '_>, expr: &Expr, ty: Type) -> Option<Node> {
    let node = resolve(scope, expr)?;
    if node.ty.is_none_or(|found| found == ty || (ty == Type::Decimal && found == Type::Int)) {
        return Some(node);
    }
    let found = node.ty.map_or_else(|| "nothing".to_owned(), |found| found.to_string());
    scope.report(
        Diagnostic::new(Code::TypeMismatch, node.span, format!("expected a {ty}, found a {found}"))
            .label(format!("this is a {found}"))
            .help(match ty {
                Type::Bool => "a predicate asks something: compare this with a value".to_owned(),
                Type::Date => "dates are written DATE '2010-04-01'".to_owned(),
                other => format!("give a {other} here"),
            }),
    );
    None
}

fn resolve_number(scope: &mut Scope<'_, '_>, expr: &Expr) -> Option<Node> {
    resolve_as(scope, expr, Type::Decimal)
}

fn binary(
    scope: &mut Scope<'_, '_>,
    operator: Operator,
    left: &Expr,
    right: &Expr,
    span: Span,
) -> Option<Node> {
    let comparison = match operator {
        Operator::And | Operator::Or => {
            let (left, right) = (resolve_as(scope, left, Type::Bool), resolve_as(scope, right, Type::Bool));
            let (left, right) = (Box::new(left?), Box::new(right?));
            let kind = if operator == Operator::And {
                NodeKind::And(left, right)
            } else {
                NodeKind::Or(left, right)
            };
            return Some(Node { kind, ty: Some(Type::Bool), span });
        }
        Operator::Add => return arithmetic(scope, Arithmetic::Add, left, right, span),
        Operator::Subtract => return arithmetic(scope, Arithmetic::Subtract, left, right, span),
        Operator::Multiply => return arithmetic(scope, Arithmetic::Multiply, left, right, span),
        Operator::Divide => return arithmetic(scope, Arithmetic::Divide, left, right, span),
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessOrEqual => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
    };
    let (left, right) = (resolve(scope, left), resolve(scope, right));
    let (left, right) = (left?, right?);
    comparable(scope, &left, &right)?;
    Some(compare_node(comparison, left, right, &span))
}

fn arithmetic(
    scope: &mut Scope<'_, '_>,
    operator: Arithmetic,
    left: &Expr,
    right: &Expr,
    span: Span,
) -> Option<Node> {
    let (left, right) = (resolve(scope, left), resolve(scope, right));
    let (left, right) = (left?, right?);
    for side in [&left, &right] {
        if !matches!(side.ty, Some(Type::Int | Type::Decimal) | None) {
            let is_date = side.ty == Some(Type::Date);
            scope.report(
                Diagnostic::new(
                    Code::TypeMismatch,
                    side.span.clone(),
                    "arithmetic needs numbers on both sides",
                )
                .label(side.ty.map_or_else(String::new, |ty| format!("this is a {ty}")))
                .help(if is_date {
                    "for dates use days(a, b), add_days(d, n), add_months(d, n) or working_days(a, b)"
                } else {
                    "give a number here"
                }),
            );
            return None;
        }
    }
    let whole = left.ty == Some(Type::Int) && right.ty == Some(Type::Int) && operator != Arithmetic::Divide;
    let ty = Some(if whole { Type::Int } else { Type::Decimal });
    Some(Node { kind: NodeKind::Arithmetic(operator, Box::new(left), Box::new(right)), ty, span })
}

fn compare_node(comparison: Comparison, left: Node, right: Node, span: &Span) -> Node {
    Node {
        kind: NodeKind::Compare(comparison, Box::new(left), Box::new(right)),
        ty: Some(Type::Bool),
        span: span.clone(),
    }
}

fn negate_if(negated: bool, kind: NodeKind, span: &Span) -> (NodeKind, Option<Type>) {
    if !negated {
        return (kind, Some(Type::Bool));
    }
    let inner = Node { kind, ty: Some(Type::Bool), span: span.clone() };
    (NodeKind::Not(Box::new(inner)), Some(Type::Bool))
}

/// Whether two sides can be compared, and whether codes are codes of their field.
pub(super) fn comparable(scope: &mut Scope<'_, '_>, left: &Node, right: &Node) -> Option<()> {
    let number = |ty| matches!(ty, Type::Int | Type::Decimal);
    if let (Some(a), Some(b)) = (left.ty, right.ty)
        && a != b
        && !(number(a) && number(b))
    {
        let mut found = Diagnostic::new(
            Code::TypeMismatch,
            right.span.clone(),
            format!("a {a} cannot be compared with a {b}"),
        )
        .label(format!("this is a {b}"))
        .other(left.span.clone(), format!("this is a {a}"));
        if a == Type::Date && b == Type::Text {
            found = found.help("dates are written DATE '2010-04-01'");
        } else if a == Type::Bool {
            found = found.help("yes/no fields stand for themselves: write the field, or NOT the field");
        } else {
            found = found.help("compare values of one type");
        }
        scope.report(found);
        return None;
    }
    for side in [left, right] {
        if matches!(side.kind, NodeKind::Null) {
            scope.report(
                Diagnostic::new(Code::TypeMismatch, side.span.clone(), "nothing equals NULL, not even NULL")
                    .label("write IS NULL or IS NOT NULL instead"),
            );
            return None;
        }
    }
    known_code(scope, left, right)?;
    known_code(scope, right, left)
}

fn known_code(scope: &mut Scope<'_, '_>, field: &Node, value: &Node) -> Option<()> {
    let (NodeKind::Field(reference), NodeKind::Literal(Value::Text(code))) = (&field.kind, &value.kind)
    else {
        return Some(());
    };
    let dataset = scope.frames.get(reference.frame)?.dataset;
    let Some(set) = declared(dataset, reference).and_then(|f| f.codes.as_ref()) else { return Some(()) };
    let Some(set) = scope.tables.codes(set) else { return Some(()) };
    if set.codes.iter().any(|c| c.code.value.as_str() == &**code) {
        return Some(());
    }
    let codes: Vec<&str> = set.codes.iter().map(|c| c.code.value.as_str()).collect();
    let mut found = Diagnostic::new(
        Code::UnknownCode,
        value.span.clone(),
        format!("'{code}' is not a code of '{}'", set.id.value),
    )
    .label("no such code")
    .other(set.id.span.clone(), "the code set is declared here")
    .help(format!("its codes are {}", codes.join(", ")));
    if let Some(near) = nearest(code, codes) {
        found = found.fix(value.span.clone(), format!("'{near}'"));
    }
    scope.report(found);
    None
}

fn case(
    scope: &mut Scope<'_, '_>,
    arms: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
    span: Span,
) -> Option<Node> {
    let resolved: Vec<_> = arms
        .iter()
        .map(|(condition, result)| (resolve_as(scope, condition, Type::Bool), resolve(scope, result)))
        .collect();
    let otherwise = otherwise.map(|expr| resolve(scope, expr));
    let mut checked = Vec::new();
    for (condition, result) in resolved {
        checked.push((condition?, result?));
    }
    let otherwise = match otherwise {
        Some(node) => Some(Box::new(node?)),
        None => None,
    };
    let results = checked.iter().map(|(_, result)| result).chain(otherwise.as_deref());
    let mut ty: Option<Type> = None;
    for result in results {
        match (ty, result.ty) {
            (None, found) => ty = found,
            (Some(_), None) => {}
            (Some(a), Some(b)) if a == b => {}
            (Some(Type::Int | Type::Decimal), Some(Type::Int | Type::Decimal)) => ty = Some(Type::Decimal),
            (Some(a), Some(b)) => {
                let message = format!("the results of a CASE are of one type; here a {a} and a {b}");
                scope.report(
                    Diagnostic::new(Code::TypeMismatch, result.span.clone(), message)
                        .label(format!("this is a {b}"))
                        .help("give every THEN and the ELSE the same type"),
                );
                return None;
            }
        }
    }
    Some(Node { kind: NodeKind::Case(checked, otherwise), ty, span })
}

fn resolve_name(
    scope: &mut Scope<'_, '_>,
    qualifier: Option<&Spanned<String>>,
    name: &Spanned<String>,
    span: &Span,
) -> Option<Node> {
    if let Some(qualifier) = qualifier {
        return qualified(scope, qualifier, name, span);
    }
    if let Some(facts) = scope.facts.clone() {
        if facts.contains(&name.value) {
            return Some(Node {
                kind: NodeKind::AreaFact(name.value.clone()),
                ty: fact_type(scope, &name.value),
                span: span.clone(),
            });
        }
        let known: Vec<&str> = facts.iter().map(String::as_str).collect();
        let mut found = Diagnostic::new(
            Code::UnknownName,
            span.clone(),
            format!("no area states a fact '{}'", name.value),
        )
        .label("no such fact")
        .help("applies_when asks about the area: state the fact in areas.toml under facts");
        if let Some(near) = nearest(&name.value, known) {
            found = found.fix(span.clone(), near);
        }
        scope.report(found);
        return None;
    }
    if let Some(day) = period_day(&name.value) {
        return Some(Node { kind: NodeKind::Period(day), ty: Some(Type::Date), span: span.clone() });
    }
    if let Some((kind, ty)) = scope.names.get(name.value.as_str()) {
        return Some(Node { kind: kind.clone(), ty: Some(*ty), span: span.clone() });
    }
    let inner = scope.bare().unwrap_or(0);
    if inner > 0 {
        let outer = scope
            .frames
            .iter()
            .take(inner)
            .any(|f| f.dataset.fields.iter().any(|x| x.name.value == name.value));
        let own = scope.frames.get(inner).map(|f| f.name.clone()).unwrap_or_default();
        let inside = scope
            .frames
            .get(inner)
            .is_some_and(|f| f.dataset.fields.iter().any(|x| x.name.value == name.value));
        if outer {
            let message = if inside {
                format!("'{}' is a field of both records", name.value)
            } else {
                format!("'{}' is a field of the row itself, not of '{own}'", name.value)
            };
            scope.report(
                Diagnostic::new(Code::UnknownName, span.clone(), message)
                    .label("say whose field it is")
                    .help(format!("write this.{0} or {own}.{0}", name.value))
                    .fix(
                        span.clone(),
                        format!("{}.{}", if inside { own.as_str() } else { "this" }, name.value),
                    ),
            );
            return None;
        }
    }
    field_node(scope, inner, name, span)
}

fn qualified(
    scope: &mut Scope<'_, '_>,
    qualifier: &Spanned<String>,
    name: &Spanned<String>,
    span: &Span,
) -> Option<Node> {
    if let Some(frame) = scope.frames.iter().rposition(|frame| frame.name == qualifier.value) {
        return field_node(scope, frame, name, span);
    }
    let known: Vec<String> = scope.frames.iter().map(|frame| frame.name.clone()).collect();
    let mut found = Diagnostic::new(
        Code::UnknownName,
        qualifier.span.clone(),
        format!("no record here goes by '{}'", qualifier.value),
    )
    .label("not in scope")
    .help(match scope.frames.last() {
        Some(frame) if frame.dataset.links.iter().any(|link| link.name.value == qualifier.value) => format!(
            "'{0}' leads to other records: ask for them as any({0} WHERE …), count({0}) or first({0}.{1} BY {0}.{1})",
            qualifier.value, name.value
        ),
        _ => format!("in scope here: {}", known.join(", ")),
    });
    if let Some(near) = nearest(&qualifier.value, known.iter().map(String::as_str)) {
        found = found.fix(qualifier.span.clone(), near);
    }
    scope.report(found);
    None
}

fn field_node(scope: &mut Scope<'_, '_>, frame: usize, name: &Spanned<String>, span: &Span) -> Option<Node> {
    if let Some(reference) = scope.field_of(frame, &name.value) {
        let dataset = scope.frames.get(frame)?.dataset;
        let ty = declared(dataset, &reference).map(|f| f.ty.value);
        return Some(Node { kind: NodeKind::Field(reference), ty, span: span.clone() });
    }
    let period = nearest(&name.value, PERIOD_NAMES);
    if name.value.starts_with("period") || name.value.starts_with("window") {
        let mut found =
            Diagnostic::new(Code::UnknownName, span.clone(), format!("there is no '{}'", name.value))
                .label("which day is meant?")
                .help("the days of the period are period_first_day, period_last_day and window_first_day");
        if name.value == "period_end" {
            found = found.fix(span.clone(), "period_last_day");
        } else if let Some(near) = period {
            found = found.fix(span.clone(), near);
        }
        scope.report(found);
        return None;
    }
    scope.unknown_name(frame, name);
    None
}

fn period_day(name: &str) -> Option<PeriodDay> {
    match name {
        "period_first_day" => Some(PeriodDay::First),
        "period_last_day" => Some(PeriodDay::Last),
        "window_first_day" => Some(PeriodDay::WindowFirst),
        _ => None,
    }
}

fn fact_type(scope: &Scope<'_, '_>, name: &str) -> Option<Type> {
    scope.framework.areas.values().find_map(|area| match &area.facts.get(name)?.value {
        crate::value::Datum::Known(value) => Some(value.ty()),
        _ => None,
    })
}

/// `within(clock)`.
pub(super) fn within(scope: &mut Scope<'_, '_>, argument: &Expr, span: Span) -> Option<Node> {
    let ExprKind::Name { qualifier: None, name } = &argument.kind else {
        scope.report(
            Diagnostic::new(
                Code::WrongArguments,
                argument.span.clone(),
                "within() takes the name of a clock",
            )
            .label("not a clock's name"),
        );
        return None;
    };
    let clock = clock(scope, name)?;
    Some(Node { kind: NodeKind::Within(Box::new(clock)), ty: Some(Type::Bool), span })
}

/// A clock of the indicator, its fields found on the row itself.
pub(super) fn clock(scope: &mut Scope<'_, '_>, name: &Spanned<String>) -> Option<CheckedClock> {
    let clocks = scope.clocks;
    let Some(clock) = clocks.get(&name.value) else {
        let known: Vec<&str> = clocks.keys().map(String::as_str).collect();
        let mut found = Diagnostic::new(
            Code::UnknownName,
            name.span.clone(),
            format!("this indicator has no clock '{}'", name.value),
        )
        .label("no such clock")
        .help(format!("declare it as [clock.{}] with start, stop and limit", name.value));
        if let Some(near) = nearest(&name.value, known) {
            found = found.fix(name.span.clone(), near);
        }
        scope.report(found);
        return None;
    };
    let (start, stop) = (date_field(scope, &clock.start), date_field(scope, &clock.stop));
    let limit = limit::resolve(scope, &clock.limit);
    // A limit that is written out is the same on every day; a wrong name in `limit_at` is one all the same.
    let limit_at = match &clock.limit_at {
        Some(field) => Some(date_field(scope, field)?),
        None => None,
    };
    let dated = matches!(clock.limit.value, Limit::Dated(_));
    if let (Some(field), false) = (&clock.limit_at, dated) {
        scope.report(
            Diagnostic::new(
                Code::UnknownKey,
                field.span.clone(),
                "only a dated limit is picked by a date, and this one is written out",
            )
            .label("it picks nothing")
            .other(clock.limit.span.clone(), "the same on every day")
            .help("leave limit_at out, or write limit = \"limit('NAME')\""),
        );
        return None;
    }
    let limit_at = limit_at.filter(|field| start.as_ref().is_none_or(|start| start.name != field.name));
    // It is asked of the row itself, also where the clock is named inside a link.
    let inner = scope.frames.split_off(1.min(scope.frames.len()));
    // Which cases may still run is told beside a figure: a return without those fields has the figure all the same.
    let needed = scope.need.clone();
    let open = clock.open.as_ref().map(|open| resolve_as(scope, open, Type::Bool));
    *scope.need = needed;
    scope.frames.extend(inner);
    let open = match open {
        Some(open) => Some(open?),
        None => None,
    };
    Some(CheckedClock { name: name.value.clone(), start: start?, stop: stop?, limit: limit?, limit_at, open })
}

/// A field of the row itself that must be a date.
pub(super) fn date_field(scope: &mut Scope<'_, '_>, name: &Spanned<String>) -> Option<super::tree::FieldRef> {
    let reference = scope.own_field(name)?;
    let dataset = scope.frames.first()?.dataset;
    let ty = declared(dataset, &reference)?.ty.value;
    if ty == Type::Date {
        return Some(reference);
    }
    scope.report(
        Diagnostic::new(
            Code::TypeMismatch,
            name.span.clone(),
            format!("'{}' is a {ty}, and a date is needed here", name.value),
        )
        .label(format!("this is a {ty}"))
        .help("name a field of type date"),
    );
    None
}
