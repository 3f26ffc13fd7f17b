//! Questions about related records.

use super::expression::{resolve as resolve_expression, resolve_as};
use super::scope::{Frame, Scope, declared};
use super::tree::{LinkNode, Node, NodeKind};
use crate::definition::dataset::{Dataset, Link};
use crate::definition::predicate::{LinkExpr, Question};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::value::Type;

/// Resolves a question; `None` where a finding was reported.
pub(super) fn resolve(scope: &mut Scope<'_, '_>, question: &LinkExpr, span: Span) -> Option<Node> {
    let from_frame = scope.bare();
    let Some(from) = from_frame.and_then(|frame| scope.frames.get(frame)).map(|frame| frame.dataset) else {
        scope.report(
            Diagnostic::new(Code::UnknownName, span, "there is no record here that could have related ones")
                .label("only predicates over records may ask about links"),
        );
        return None;
    };
    let from_frame = from_frame?;
    let (link, to) = target(scope, from, question)?;
    let positions = |dataset: &Dataset, name: &str| dataset.fields.iter().position(|f| f.name.value == name);
    let mut on = Vec::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (our, their) in &link.on {
        // A link whose fields do not exist is reported where the dataset is checked.
        ours.push(positions(from, &our.value)?);
        theirs.push(positions(to, &their.value)?);
        on.push((our.value.clone(), their.value.clone()));
        scope.need.entry(from.id.value.clone()).or_default().insert(our.value.clone());
        scope.need.entry(to.id.value.clone()).or_default().insert(their.value.clone());
    }
    if scope.frames.iter().any(|frame| frame.name == question.alias.value) {
        scope.report(
            Diagnostic::new(
                Code::DuplicateId,
                question.alias.span.clone(),
                format!("'{}' already names a record here", question.alias.value),
            )
            .label("choose another name after AS"),
        );
        return None;
    }
    scope.frames.push(Frame { name: question.alias.value.clone(), dataset: to });
    let parts = parts(scope, question);
    scope.frames.pop();
    let (field, filter, condition, order) = parts?;
    let ty = result_type(question.question.value, field.as_ref());
    if matches!(question.question.value, Question::First | Question::Last) {
        total_order(
            scope,
            question,
            to,
            &link.on.iter().map(|(_, t)| t.value.as_str()).collect::<Vec<_>>(),
            &order,
        )?;
    }
    let node = LinkNode {
        question: question.question.value,
        distinct: question.distinct,
        to: to.id.value.clone(),
        from_frame,
        on,
        ours,
        theirs,
        field,
        filter,
        condition,
        order,
    };
    Some(Node { kind: NodeKind::Link(Box::new(node)), ty, span })
}

fn target<'a>(
    scope: &mut Scope<'a, '_>,
    from: &'a Dataset,
    question: &LinkExpr,
) -> Option<(&'a Link, &'a Dataset)> {
    let Some(link) = from.links.iter().find(|link| link.name.value == question.link.value) else {
        let known: Vec<&str> = from.links.iter().map(|link| link.name.value.as_str()).collect();
        let help = if known.is_empty() {
            format!("'{}' declares no links; add a [[link]] to its file", from.id.value)
        } else {
            format!("the links of '{}' are {}", from.id.value, known.join(", "))
        };
        let mut found = Diagnostic::new(
            Code::UnknownName,
            question.link.span.clone(),
            format!("the dataset '{}' has no link '{}'", from.id.value, question.link.value),
        )
        .label("no such link")
        .other(from.id.span.clone(), "the dataset is declared here")
        .help(help);
        if let Some(near) = nearest(&question.link.value, known) {
            found = found.fix(question.link.span.clone(), near);
        }
        scope.report(found);
        return None;
    };
    // That it is declared at all is checked with the dataset, and what its fields are with the derived table.
    let to = scope.tables.get(&link.to.value)?;
    scope.need.entry(to.id.value.clone()).or_default();
    Some((link, to))
}

type Parts = (Option<Node>, Option<Node>, Option<Node>, Vec<Node>);

fn parts(scope: &mut Scope<'_, '_>, question: &LinkExpr) -> Option<Parts> {
    let numeric = question.question.value == Question::Sum;
    let field = question.field.as_ref().map(|field| {
        if numeric { resolve_as(scope, field, Type::Decimal) } else { resolve_expression(scope, field) }
    });
    let filter = question.filter.as_ref().map(|filter| resolve_as(scope, filter, Type::Bool));
    let condition = question.condition.as_ref().map(|condition| resolve_as(scope, condition, Type::Bool));
    let order: Vec<Option<Node>> = question.order.iter().map(|by| resolve_expression(scope, by)).collect();
    let flip = |node: Option<Option<Node>>| match node {
        Some(None) => None,
        Some(Some(node)) => Some(Some(node)),
        None => Some(None),
    };
    Some((flip(field)?, flip(filter)?, flip(condition)?, order.into_iter().collect::<Option<_>>()?))
}

fn result_type(question: Question, field: Option<&Node>) -> Option<Type> {
    match question {
        Question::Count => Some(Type::Int),
        Question::Any | Question::All => Some(Type::Bool),
        Question::First | Question::Last | Question::Min | Question::Max | Question::Sum => {
            field.and_then(|f| f.ty)
        }
    }
}

/// `first` and `last` need an order that leaves no ties: it must hold the dataset's key, less what the
/// link already fixes. A dataset without a key is ordered as far as it can be; ties are found at run time.
fn total_order(
    scope: &mut Scope<'_, '_>,
    question: &LinkExpr,
    to: &Dataset,
    fixed: &[&str],
    order: &[Node],
) -> Option<()> {
    let word = if question.question.value == Question::First { "first" } else { "last" };
    if order.is_empty() {
        scope.report(
            Diagnostic::new(
                Code::OrderNotTotal,
                question.question.span.clone(),
                format!("{word}() of what order?"),
            )
            .label("no BY")
            .help(format!("write {word}({}.field BY {}.date)", question.alias.value, question.alias.value)),
        );
        return None;
    }
    let Some(key) = &to.key else { return Some(()) };
    let named: Vec<&str> = order
        .iter()
        .filter_map(|node| match &node.kind {
            NodeKind::Field(field) => declared(to, field).map(|f| f.name.value.as_str()),
            _ => None,
        })
        .collect();
    let left: Vec<&str> =
        key.value.iter().map(String::as_str).filter(|f| !named.contains(f) && !fixed.contains(f)).collect();
    if left.is_empty() {
        return Some(());
    }
    scope.report(
        Diagnostic::new(
            Code::OrderNotTotal,
            question.question.span.clone(),
            format!("two records may tie, and {word}() would pick one by chance"),
        )
        .label("this order leaves ties")
        .other(key.span.clone(), "the key that breaks ties")
        .help(format!("add {} after BY", left.join(", "))),
    );
    None
}
