//! Functions of the predicate language: their names, arguments and results.

use super::expression::{self, comparable, resolve_as, within};
use super::limit;
use super::scope::Scope;
use super::tree::{Function, Node, NodeKind};
use crate::definition::predicate::{Expr, ExprKind};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, nearest};
use crate::value::{Type, Value};

/// Name, function, types of the arguments, type of the result; `coalesce`, `due_date` and `within` stand apart.
const SIGNATURES: [(&str, Function, [Type; 2], Type); 8] = [
    ("working_days", Function::WorkingDays, [Type::Date, Type::Date], Type::Int),
    ("days", Function::Days, [Type::Date, Type::Date], Type::Int),
    ("months_between", Function::MonthsBetween, [Type::Date, Type::Date], Type::Int),
    ("years_between", Function::YearsBetween, [Type::Date, Type::Date], Type::Int),
    ("add_days", Function::AddDays, [Type::Date, Type::Int], Type::Date),
    ("add_working_days", Function::AddWorkingDays, [Type::Date, Type::Int], Type::Date),
    ("add_months", Function::AddMonths, [Type::Date, Type::Int], Type::Date),
    ("age_at", Function::AgeAt, [Type::Date, Type::Date], Type::Int),
];

/// Resolves a call; `None` where a finding was reported.
pub(super) fn resolve(
    scope: &mut Scope<'_, '_>,
    function: &Spanned<String>,
    arguments: &[Expr],
    span: Span,
) -> Option<Node> {
    let name = function.value.to_lowercase();
    if name == "within" {
        return match arguments {
            [clock] => within(scope, clock, span),
            _ => wrong_count(scope, function, "one argument, the name of a clock", arguments.len()),
        };
    }
    if name == "due_date" {
        return due_date(scope, function, arguments, span);
    }
    if name == "coalesce" {
        return coalesce(scope, function, arguments, span);
    }
    let Some((_, found, types, result)) = SIGNATURES.iter().find(|(known, ..)| *known == name) else {
        return unknown(scope, function, &name);
    };
    let [first, second] = arguments else {
        let expected = format!("two arguments, a {} and a {}", types[0], types[1]);
        return wrong_count(scope, function, &expected, arguments.len());
    };
    let (first, second) = (resolve_as(scope, first, types[0]), resolve_as(scope, second, types[1]));
    Some(Node { kind: NodeKind::Call(*found, vec![first?, second?]), ty: Some(*result), span })
}

/// `due_date(date, 'limit')`.
fn due_date(
    scope: &mut Scope<'_, '_>,
    function: &Spanned<String>,
    arguments: &[Expr],
    span: Span,
) -> Option<Node> {
    let [date, limit] = arguments else {
        return wrong_count(scope, function, "a date and the name of a dated limit", arguments.len());
    };
    let date = resolve_as(scope, date, Type::Date);
    let ExprKind::Literal(Value::Text(name)) = &limit.kind else {
        scope.report(
            Diagnostic::new(
                Code::WrongArguments,
                limit.span.clone(),
                "due_date() takes the name of a dated limit, in quotes",
            )
            .label("not a limit's name")
            .help("declare it in framework.toml as [[limits.NAME]] and write due_date(date, 'NAME')"),
        );
        return None;
    };
    let name = Spanned { value: name.to_string(), span: limit.span.clone() };
    let limit = limit::dated(scope, &name, |near| format!("'{near}'"));
    Some(Node { kind: NodeKind::DueDate(Box::new(date?), limit?), ty: Some(Type::Date), span })
}

fn coalesce(
    scope: &mut Scope<'_, '_>,
    function: &Spanned<String>,
    arguments: &[Expr],
    span: Span,
) -> Option<Node> {
    if arguments.len() < 2 {
        return wrong_count(scope, function, "two or more arguments of one type", arguments.len());
    }
    let nodes: Vec<Option<Node>> =
        arguments.iter().map(|argument| expression::resolve(scope, argument)).collect();
    let nodes: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
    let (first, rest) = nodes.split_first()?;
    for other in rest {
        comparable(scope, first, other)?;
    }
    let ty = nodes.iter().find_map(|node| node.ty);
    Some(Node { kind: NodeKind::Call(Function::Coalesce, nodes), ty, span })
}

fn wrong_count(
    scope: &mut Scope<'_, '_>,
    function: &Spanned<String>,
    expected: &str,
    found: usize,
) -> Option<Node> {
    scope.report(
        Diagnostic::new(
            Code::WrongArguments,
            function.span.clone(),
            format!("{}() takes {expected}; {found} given", function.value),
        )
        .label(format!("takes {expected}")),
    );
    None
}

fn unknown(scope: &mut Scope<'_, '_>, function: &Spanned<String>, name: &str) -> Option<Node> {
    let known = SIGNATURES.iter().map(|(known, ..)| *known).chain(["coalesce", "due_date", "within"]);
    let mut found = Diagnostic::new(
        Code::UnknownFunction,
        function.span.clone(),
        format!("there is no function '{}'", function.value),
    )
    .label("no such function")
    .help(format!("the functions are {}", known.clone().collect::<Vec<_>>().join(", ")));
    if let Some(near) = nearest(name, known) {
        found = found.fix(function.span.clone(), near);
    }
    scope.report(found);
    None
}
