//! What each form is read as.

use super::{good, mistakes, tree};
use crate::definition::predicate::{Expr, ExprKind, LinkExpr, Question};

/// The tree with a bracket around every operator.
fn bracketed(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Binary { operator, left, right } => {
            format!("({} {} {})", bracketed(left), operator.as_str(), bracketed(right))
        }
        ExprKind::Not(e) => format!("(NOT {})", bracketed(e)),
        ExprKind::Negate(e) => format!("(-{})", bracketed(e)),
        ExprKind::IsNull { expr, negated } => {
            format!("({} IS {}NULL)", bracketed(expr), if *negated { "NOT " } else { "" })
        }
        ExprKind::Between { expr, low, high, .. } => {
            format!("({} BETWEEN {} AND {})", bracketed(expr), bracketed(low), bracketed(high))
        }
        _ => expr.to_string(),
    }
}

#[test]
fn operators_bind_as_the_page_says() {
    for (text, expected) in [
        ("a OR b AND c", "(a OR (b AND c))"),
        ("a AND b OR c AND d", "((a AND b) OR (c AND d))"),
        ("NOT a AND b", "((NOT a) AND b)"),
        ("NOT a = b", "(NOT (a = b))"),
        ("NOT NOT a", "(NOT (NOT a))"),
        ("a + b < c * d", "((a + b) < (c * d))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("-a * b", "((-a) * b)"),
        ("a * -b", "(a * (-b))"),
        ("- - a", "(-(-a))"),
        ("a BETWEEN b AND c AND d", "((a BETWEEN b AND c) AND d)"),
        ("a + 1 IS NULL AND b", "(((a + 1) IS NULL) AND b)"),
        ("(a = b) = c", "((a = b) = c)"),
        ("a AND (b OR c)", "(a AND (b OR c))"),
    ] {
        assert_eq!(bracketed(&good(text)), expected, "{text}");
    }
}

#[test]
fn keywords_and_functions_are_read_in_any_case() {
    let loud = good(
        "NOT A IN ('x') AND B IS NULL OR CASE WHEN c THEN TRUE ELSE FALSE END AND DATE '2010-04-01' < d",
    );
    let quiet = good(
        "not A in ('x') and B is null or case when c then true else false end and date '2010-04-01' < d",
    );
    assert_eq!(tree(&loud), tree(&quiet));
    assert_eq!(tree(&good("COALESCE(a, 1)")), tree(&good("coalesce(a, 1)")));
    assert_eq!(tree(&good("COUNT(r)")), tree(&good("count(r)")));
    assert_ne!(tree(&good("Field")), tree(&good("field")), "names keep their case: check says which exists");
}

#[test]
fn literals_are_exact() {
    for (text, printed) in [
        ("007", "7"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-5", "-5"),
        ("-(5)", "-5"),
        ("-(-5)", "-(-5)"),
        ("2.50", "2.5"),
        ("2.0", "2.0"),
        ("-0.0", "0.0"),
        ("0.1234567890123456789012345678", "0.1234567890123456789012345678"),
        ("'it''s'", "'it''s'"),
        ("''", "''"),
        ("DATE '2012-02-29'", "DATE '2012-02-29'"),
        ("$cs_10_linked", "$cs_10_linked"),
    ] {
        assert_eq!(good(text).to_string(), printed, "{text}");
    }
}

#[test]
fn words_of_links_and_dates_are_names_elsewhere() {
    for text in
        ["date = first", "count > last", "r.from = this.by", "date", "prev.rec = 'X1'", "a.end IS NULL"]
    {
        assert_eq!(good(text).to_string(), text);
    }
    for text in ["end IS NULL", "from = 1", "distinct"] {
        mistakes(text);
    }
}

fn link(text: &str) -> LinkExpr {
    match good(text).kind {
        ExprKind::Link(link) => *link,
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn every_question_is_read() {
    for (text, question) in [
        ("count(reviews)", Question::Count),
        ("count(reviews AS r WHERE r.held = 1)", Question::Count),
        ("count(DISTINCT r.review_date FROM reviews AS r WHERE r.held = 1)", Question::Count),
        ("count(DISTINCT reviews.review_date)", Question::Count),
        ("any(reviews WHERE reviews.held = this.held)", Question::Any),
        ("all(reviews AS r HAVE r.held = 1)", Question::All),
        ("all(reviews AS r WHERE r.a HAVE r.b)", Question::All),
        ("first(r.x FROM reviews AS r WHERE r.a BY r.date, r.key)", Question::First),
        ("last(reviews.x WHERE reviews.a BY reviews.date)", Question::Last),
        ("min(r.x FROM reviews AS r)", Question::Min),
        ("max(add_months(r.x, 6) FROM reviews AS r)", Question::Max),
        ("sum(reviews.x)", Question::Sum),
    ] {
        assert_eq!(link(text).question.value, question, "{text}");
        assert_eq!(good(text).to_string(), text, "is in its canonical form");
    }
}

#[test]
fn a_link_goes_by_its_own_name_without_as() {
    let plain = link("count(reviews WHERE reviews.held)");
    assert_eq!((plain.link.value.as_str(), plain.alias.value.as_str()), ("reviews", "reviews"));
    let long = good("first(reviews.x FROM reviews AS reviews BY reviews.date)");
    assert_eq!(tree(&long), tree(&good("first(reviews.x BY reviews.date)")));
    assert_eq!(long.to_string(), "first(reviews.x BY reviews.date)");
}
