//! Laws, for generated trees and for any text at all.

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{good, places, tree};
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Operator, Placement, Question, parse};
use crate::diagnostic::{Span, Spanned};
use crate::value::Value;

/// Calls `visit` with every place in the tree.
pub(super) fn each_place(expr: &Expr, visit: &mut impl FnMut(&Span)) {
    visit(&expr.span);
    for inner in inner(expr) {
        each_place(inner, visit);
    }
}

fn inner(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Null | ExprKind::Name { .. } | ExprKind::Parameter(_) => Vec::new(),
        ExprKind::Not(e) | ExprKind::Negate(e) | ExprKind::IsNull { expr: e, .. } => vec![e],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::In { expr, list, .. } => std::iter::once(&**expr).chain(list).collect(),
        ExprKind::Between { expr, low, high, .. } => vec![expr, low, high],
        ExprKind::Case { arms, otherwise } => {
            arms.iter().flat_map(|(a, b)| [a, b]).chain(otherwise.as_deref()).collect()
        }
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Link(link) => {
            link.field.iter().chain(&link.filter).chain(&link.condition).chain(&link.order).collect()
        }
    }
}

fn at<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span { file: "".into(), start: 0, end: 0 } }
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: at(()).span }
}

fn word() -> impl Strategy<Value = Spanned<String>> {
    prop::sample::select(vec!["a", "s47_start", "date", "first", "é", "reviews", "r", "day"])
        .prop_map(|word| at(word.to_owned()))
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (any::<i64>(), 0u32..20)
            .prop_map(|(digits, scale)| Value::Decimal(Decimal::new(digits, scale).normalize())),
        "[ -~é’]{0,6}".prop_map(|text| Value::Text(text.into())),
        (0i32..=9999, 1u32..=366)
            .prop_filter_map("a day", |(y, d)| NaiveDate::from_yo_opt(y, d).map(Value::Date)),
    ]
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        value().prop_map(ExprKind::Literal),
        Just(ExprKind::Null),
        (prop::option::of(word()), word()).prop_map(|(qualifier, name)| ExprKind::Name { qualifier, name }),
        word().prop_map(ExprKind::Parameter),
    ]
    .prop_map(expr)
}

/// What may stand beside `AND`.
fn condition(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Literal(Value::Bool(_)) => e,
        ExprKind::Literal(_) => expr(ExprKind::IsNull { expr: Box::new(e), negated: true }),
        _ => e,
    }
}

/// What may be compared.
fn comparable(e: Expr) -> Expr {
    if e.kind == ExprKind::Null { expr(ExprKind::Parameter(at("p".to_owned()))) } else { e }
}

/// What may be negated without being a literal itself.
fn negatable(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Literal(Value::Int(_) | Value::Decimal(_)) => expr(ExprKind::Parameter(at("p".to_owned()))),
        _ => e,
    }
}

const OPERATORS: [Operator; 12] = [
    Operator::Or,
    Operator::And,
    Operator::Equal,
    Operator::NotEqual,
    Operator::Less,
    Operator::LessOrEqual,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
    Operator::Divide,
];

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    let (left, right) = match operator {
        Operator::Or | Operator::And => (condition(left), condition(right)),
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => (left, right),
        _ => (comparable(left), comparable(right)),
    };
    expr(ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) })
}

fn link(e: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Expr> {
    use Question::{All, Any, Count, First, Last, Max, Min, Sum};
    let questions = prop::sample::select(vec![Count, Any, All, First, Last, Min, Max, Sum]);
    let names = (word(), word(), any::<bool>());
    let order = prop::collection::vec(e.clone(), 1..3);
    (questions, names, e.clone(), prop::option::of(e.clone()), e, order).prop_map(
        |(question, (link, alias, distinct), field, filter, condition, order)| {
            let takes_order = matches!(question, First | Last);
            let distinct = distinct && question == Count;
            let takes_field = distinct || !matches!(question, Count | Any | All);
            expr(ExprKind::Link(Box::new(LinkExpr {
                question: at(question),
                distinct,
                field: takes_field.then_some(field),
                link,
                alias,
                filter,
                condition: (question == All).then_some(condition),
                order: if takes_order { order } else { Vec::new() },
            })))
        },
    )
}

/// Any tree that the parser can make.
pub(super) fn any_expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(6, 60, 4, |e| {
        let boxed = e.clone().prop_map(Box::new);
        let ends = (e.clone().prop_map(comparable), e.clone().prop_map(comparable));
        let list = prop::collection::vec(
            prop_oneof![value().prop_map(ExprKind::Literal), word().prop_map(ExprKind::Parameter)].prop_map(expr),
            1..4,
        );
        let arms = prop::collection::vec((e.clone(), e.clone()), 1..3);
        prop_oneof![
            4 => (prop::sample::select(OPERATORS.to_vec()), e.clone(), e.clone()).prop_map(|(o, a, b)| binary(o, a, b)),
            1 => boxed.clone().prop_map(|e| expr(ExprKind::Not(e))),
            1 => e.clone().prop_map(|e| expr(ExprKind::Negate(Box::new(negatable(e))))),
            1 => (boxed.clone(), list, any::<bool>())
                .prop_map(|(e, list, negated)| expr(ExprKind::In { expr: e, list, negated })),
            1 => (boxed.clone(), ends, any::<bool>()).prop_map(|(e, (low, high), negated)| expr(
                ExprKind::Between { expr: e, low: Box::new(low), high: Box::new(high), negated }
            )),
            1 => (boxed.clone(), any::<bool>()).prop_map(|(e, negated)| expr(ExprKind::IsNull { expr: e, negated })),
            1 => (arms, prop::option::of(boxed))
                .prop_map(|(arms, otherwise)| expr(ExprKind::Case { arms, otherwise })),
            1 => prop::collection::vec(e.clone(), 0..3).prop_map(|arguments| expr(ExprKind::Call {
                function: at("working_days".to_owned()),
                arguments
            })),
            1 => link(e),
        ]
    })
}

/// A valid text with a few characters cut, doubled, swapped or put in.
fn slipped() -> impl Strategy<Value = String> {
    let stray = "[()'\",.$=<>!&|*/+\\-;#’“ \\n0-9aéNULTDE]{0,3}";
    let slips = prop::collection::vec((any::<prop::sample::Index>(), 0usize..4, stray), 1..4);
    (any_expr(), slips).prop_map(|(e, slips)| {
        let mut text: Vec<char> = e.to_string().chars().collect();
        for (place, cut, put_in) in slips {
            let start = place.index(text.len() + 1);
            let end = (start + cut).min(text.len());
            text.splice(start..end, put_in.chars());
        }
        text.into_iter().collect()
    })
}

fn all_places_are_inside(text: &str) {
    let reading = parse(text, &Placement::plain("f", 0, text));
    for span in places(&reading) {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
    }
    if let Err(found) = &reading {
        assert!(!found.is_empty(), "a refusal says why");
        assert!(found.iter().all(|one| !one.message.ends_with('.')), "{found:?}");
    }
    // The same text as a TOML string with escapes: places must fall on whole escapes.
    let file = format!("é = {}", toml::Value::String(text.to_owned()));
    let place = Placement::of_toml_string("f", &file, 5..file.len());
    for span in places(&parse(text, &place)) {
        assert!(file.get(span.start..span.end).is_some(), "{span:?} in {file:?}");
        assert!(span.start > 5 && span.end < file.len(), "{span:?} lies on the quotes of {file:?}");
    }
}

fn holds_what_stands_there(e: &Expr, text: &str) {
    let written = &text[e.span.start..e.span.end];
    match &e.kind {
        ExprKind::Name { qualifier: None, name } => {
            assert_eq!(written, name.value);
            assert_eq!(&text[name.span.start..name.span.end], name.value);
        }
        _ => assert_eq!(tree(&good(written)), tree(e), "{written}"),
    }
    for e in inner(e) {
        holds_what_stands_there(e, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_printed_reads_back_as_the_same_tree(e in any_expr()) {
        let printed = e.to_string();
        let read = good(&printed);
        prop_assert_eq!(tree(&read), tree(&e), "{}", printed);
        prop_assert_eq!(read.to_string(), printed);
    }

    #[test]
    fn every_bracket_that_is_printed_is_needed(e in any_expr()) {
        let printed = e.to_string();
        let tokens = printed.match_indices('(').map(|(at, _)| at).collect::<Vec<_>>();
        for open in tokens {
            // Only brackets around an expression: not those of a call, a list, or inside text.
            if printed[..open].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\'') || printed.contains('\'') {
                continue;
            }
            let close = matching(&printed, open);
            let mut without = printed.clone();
            without.replace_range(close..=close, "");
            without.replace_range(open..=open, "");
            if printed[..open].ends_with("IN ") {
                continue;
            }
            if let Ok(read) = parse(&without, &Placement::plain("f", 0, &without)) {
                prop_assert_ne!(tree(&read), tree(&e), "{} needs no bracket at {}", printed, open);
            }
        }
    }

    #[test]
    fn a_place_holds_what_stands_there(e in any_expr()) {
        let printed = e.to_string();
        holds_what_stands_there(&good(&printed), &printed);
    }

    #[test]
    fn any_text_at_all_is_read_or_refused(text in "\\PC{0,60}") {
        all_places_are_inside(&text);
    }

    #[test]
    fn any_words_of_the_language_are_read_or_refused(words in prop::collection::vec(prop::sample::select(vec![
        "AND", "or", "NOT", "IN", "BETWEEN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "AS", "WHERE",
        "HAVE", "BY", "FROM", "DISTINCT", "DATE", "count", "first", "all", "a", "b.c", "(", ")", ",", "=", "<", "-",
        "+", "*", "1", "2.5", "'x'", "'", "$p", "2010-04-01", "\n", "working_days", "TRUE", "’x’", "--", "9223372036854775808",
    ]), 0..24)) {
        all_places_are_inside(&words.join(" "));
    }

    #[test]
    fn a_slip_in_a_good_predicate_is_read_or_refused(text in slipped()) {
        all_places_are_inside(&text);
    }
}

/// Where the bracket at `open` closes, in a text without quotes.
fn matching(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    unreachable!("brackets are balanced: {text}")
}

#[test]
fn nesting_that_would_exhaust_a_stack_is_refused() {
    let deep =
        |open: &str, close: &str, times: usize| format!("{}a = 1{}", open.repeat(times), close.repeat(times));
    for text in [
        deep("(", ")", 10_000),
        deep("(", "", 10_000),
        deep("NOT ", "", 10_000),
        deep("-", "", 10_000),
        deep("- ", "", 10_000),
        deep("+ ", "", 10_000),
        deep("CASE WHEN ", " THEN 1 END", 10_000),
        deep("coalesce(", ")", 10_000),
        deep("any(reviews AS r WHERE ", ")", 10_000),
        deep("a = 1 OR ", "", 10_000),
        deep("AND ", "", 10_000),
        deep("AND + ", "", 10_000),
        deep("AND - NOT ", "", 10_000),
        deep("a < = ", "", 10_000),
        deep("a IN b BETWEEN ", "", 10_000),
        deep("first(", " BY a)", 10_000),
        deep("count(DISTINCT ", "", 10_000),
        deep("a IS b NOT = ", "", 10_000),
        deep("2010-04-01 ", "", 10_000),
        deep("x IN (", ")", 10_000),
        deep("", ")", 10_000),
        deep("a BETWEEN ", "", 10_000),
    ] {
        all_places_are_inside(&text);
        let found = super::mistakes(&text);
        assert!(found.len() <= 20, "{} findings of {}", found.len(), &text[..20]);
    }
    good(&deep("(", ")", 90));
    good(&deep("a = 1 OR ", "", 90));
}
