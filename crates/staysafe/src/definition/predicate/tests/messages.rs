//! What an analyst is told, and whether doing so mends the predicate.

use super::{good, mended, mistakes};
use crate::definition::predicate::{Placement, parse};

/// Text, then each message with the text under its caret, then the text after the fix, where there is one.
type Case = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>);

const CASES: &[Case] = &[
    ("a == 1", &[("`==` is not an operator", "==")], Some("a = 1")),
    ("a != 1", &[("`!=` is not an operator", "!=")], Some("a <> 1")),
    ("a =< 1", &[("`=<` is not an operator", "=<")], Some("a <= 1")),
    ("a=1&&b=2", &[("`&&` is not an operator", "&&")], Some("a=1 AND b=2")),
    ("a = 1 || b = 2", &[("`||` is not an operator", "||")], Some("a = 1 OR b = 2")),
    ("!a", &[("`!` is not an operator", "!")], Some("NOT a")),
    ("a ≤ 1", &[("`≤` is not an operator", "≤")], Some("a <= 1")),
    ("a – 1 > 0", &[("`–` is not an operator", "–")], Some("a - 1 > 0")),
    ("a = \"NEG\"", &[("text in double quotes", "\"NEG\"")], Some("a = 'NEG'")),
    ("a = ‘NEG’", &[("text in curly quotes", "‘NEG’")], Some("a = 'NEG'")),
    ("a = “it's”", &[("text in curly quotes", "“it's”")], Some("a = 'it''s'")),
    ("a = `NEG`", &[("text in back quotes", "`NEG`")], Some("a = 'NEG'")),
    ("a = 'NEG", &[("text that is not closed", "'NEG")], None),
    ("a = ’NEG AND b", &[("text in curly quotes", "’NEG AND b")], None),
    ("a = NULL", &[("nothing is ever equal to NULL", "= NULL")], Some("a IS NULL")),
    ("a <> null", &[("nothing is ever equal to NULL", "<> null")], Some("a IS NOT NULL")),
    ("NULL = a", &[("nothing is ever equal to NULL", "= a")], None),
    ("a < NULL", &[("nothing is ever equal to NULL", "< NULL")], None),
    ("a IN ('x', NULL)", &[("nothing is ever equal to NULL", "NULL")], None),
    ("a BETWEEN NULL AND 2", &[("NULL has no order", "NULL")], None),
    ("a IS NUL", &[("IS NULL is the only question that IS asks", "IS NUL")], Some("a IS NULL")),
    (
        "a IS NOT NILL",
        &[("IS NOT NULL is the only question that IS asks", "IS NOT NILL")],
        Some("a IS NOT NULL"),
    ),
    ("a IS 'x' AND b", &[("IS NULL is the only question that IS asks", "IS 'x'")], None),
    ("a ISNULL", &[("`ISNULL` is not a question", "ISNULL")], Some("a IS NULL")),
    ("a AND AND b", &[("`AND` twice", "AND")], Some("a AND b")),
    ("a AND OR b", &[("`AND` and `OR` next to each other", "OR")], None),
    ("AND a", &[("a condition is missing before `AND`", "AND")], None),
    ("a AND", &[("the predicate ends too early", "AND")], None),
    ("a = ", &[("the predicate ends too early", "=")], None),
    ("NOT", &[("the predicate ends too early", "NOT")], None),
    ("= 5", &[("a value or a condition is missing before `=`", "=")], None),
    ("a < = 5", &[("an operator in two parts", "< =")], Some("a <= 5")),
    (
        "end IS NULL",
        &[("`end` is a word of the language, not a field by itself", "end")],
        Some("this.end IS NULL"),
    ),
    (
        "a AND from = 1",
        &[("`from` is a word of the language, not a field by itself", "from")],
        Some("a AND this.from = 1"),
    ),
    ("a < b < c", &[("`<` after another comparison", "<")], None),
    ("a = b IS NULL", &[("`IS` after another comparison", "IS")], None),
    ("a IS NULL + 1", &[("`+` after a whole condition", "+")], None),
    ("a NOT = b", &[("NOT before =", "NOT =")], Some("a <> b")),
    ("a NOT b", &[("NOT between two values", "NOT b")], None),
    ("a = NOT b", &[("NOT inside a comparison or a sum", "NOT")], None),
    ("a LIKE 'x%' AND b", &[("LIKE is not part of the language", "LIKE")], None),
    ("a NOT LIKE 'x%'", &[("LIKE is not part of the language", "LIKE")], None),
    ("a adn b", &[("`adn` is not part of the language", "adn")], Some("a AND b")),
    ("a BETWEN 1 AND 2", &[("`BETWEN` is not part of the language", "BETWEN")], Some("a BETWEEN 1 AND 2")),
    ("a BETWEEN 1, 2", &[("BETWEEN without its second end", ",")], None),
    ("a b", &[("an operator is missing before `b`", "b")], None),
    ("a = 'x' 'y' AND b", &[("an operator is missing before `'y'`", "'y'")], None),
    ("a = 'x' OR 'y'", &[("a value where OR needs a condition", "'y'")], None),
    ("(a AND b", &[("a bracket that is not closed", "(")], Some("(a AND b)")),
    ("f(a, (b + 1", &[("a bracket that is not closed", "("), ("a bracket that is not closed", "(")], None),
    ("a AND b)", &[("a `)` that nothing opens", ")")], None),
    ("()", &[("brackets with nothing inside", "()")], None),
    ("(a, b)", &[("a list outside IN", ",")], None),
    ("a IN 'x'", &[("IN without a list", "'x'")], None),
    ("a IN ()", &[("an empty list", "()")], None),
    ("a IN ('x', b)", &[("a list holds values and parameters only", "b")], None),
    ("a IN ('x', )", &[("a comma with nothing after it", ",")], Some("a IN ('x' )")),
    ("f(a, b,)", &[("a comma with nothing after it", ",")], Some("f(a, b)")),
    ("a, b", &[("a comma between two conditions", ",")], None),
    ("a >= 2010-04-01", &[("a bare date 2010-04-01", "2010-04-01")], Some("a >= DATE '2010-04-01'")),
    ("a >= 01/04/2010", &[("a bare date 01/04/2010", "01/04/2010")], Some("a >= DATE '2010-04-01'")),
    ("a >= DATE 2010-04-01", &[("a bare date 2010-04-01", "2010-04-01")], Some("a >= DATE '2010-04-01'")),
    ("a >= 2010-02-30", &[("a bare date 2010-02-30", "2010-02-30")], None),
    (
        "a >= DATE '01/04/2010'",
        &[("a date that does not begin with its year", "'01/04/2010'")],
        Some("a >= DATE '2010-04-01'"),
    ),
    ("a >= DATE '2010-02-30'", &[("there is no such date", "'2010-02-30'")], None),
    ("a > 9223372036854775808", &[("a whole number that is too large", "9223372036854775808")], None),
    ("a > 99999999999999999999", &[("a whole number that is too large", "99999999999999999999")], None),
    (
        "a > 0.12345678901234567890123456789",
        &[("a number with more digits than can be kept exactly", "0.12345678901234567890123456789")],
        None,
    ),
    ("a > .5", &[("`.5` is not a number", ".5")], Some("a > 0.5")),
    ("a > 15%", &[("`15%` is not a number", "15%")], None),
    ("a > 1e5", &[("`1e5` is not a number", "1e5")], None),
    ("a > +5", &[("a plus before a value", "+")], Some("a > 5")),
    ("a = $", &[("$ without the name of a parameter", "$")], None),
    ("a = 1;", &[("`;` means nothing here", ";")], None),
    (
        "a[1]",
        &[
            ("`[` means nothing here", "["),
            ("an operator is missing before `1`", "1"),
            ("`]` means nothing here", "]"),
        ],
        None,
    ),
    ("a = 1 -- a note", &[("a comment inside a predicate", "-- a note")], None),
    ("a.b.c = 1", &[("a second full stop", ".")], None),
    ("a. = 1", &[("a field is missing after `a.`", "=")], None),
    ("WHERE a = 1", &[("a predicate does not begin with WHERE", "WHERE")], Some(" a = 1")),
    ("a = 1 WHERE b", &[("`WHERE` outside the brackets of a link", "WHERE")], None),
    ("a THEN b", &[("`THEN` without its CASE", "THEN")], None),
    ("CASE a WHEN 1 THEN 2 END", &[("CASE without WHEN", "a")], None),
    ("CASE WHEN a THEN 2", &[("CASE without END", "CASE")], None),
    ("CASE WHEN a 2 END", &[("an operator is missing before `2`", "2")], None),
    ("CASE WHEN a ELSE 2 END", &[("WHEN without THEN", "ELSE")], None),
    ("count(*)", &[("the link to the records is missing", "*")], None),
    ("count() > 1", &[("count of nothing", "count()")], None),
    ("count(r.x)", &[("count asks for records, not for a field", ".")], None),
    (
        "count(reviews r WHERE r.x)",
        &[("a second name `r` without AS", "r")],
        Some("count(reviews AS r WHERE r.x)"),
    ),
    ("count(reviews AS this)", &[("`this` cannot be the name of related records", "this")], None),
    ("any(reviews WHER x)", &[("`WHER` is not part of the language", "WHER")], Some("any(reviews WHERE x)")),
    ("any(reviews HAVE x)", &[("HAVE does not belong here", "HAVE")], None),
    ("all(reviews WHERE x)", &[("all without HAVE", "all(reviews WHERE x)")], None),
    (
        "all(reviews WHERE x HAVING y)",
        &[("`HAVING` is not part of the language", "HAVING")],
        Some("all(reviews WHERE x HAVE y)"),
    ),
    ("first(r.x)", &[("first without BY", "first(r.x)")], None),
    ("first(r.x ORDER BY r.y)", &[("`ORDER` is not part of the language", "ORDER")], None),
    ("first(r.x BY r.y DESC)", &[("`DESC` is not part of the language", "DESC")], None),
    ("min(x)", &[("min does not say whose records it asks for", "x")], None),
    ("max(a, b)", &[("max takes one field", ",")], None),
    ("sum(DISTINCT r.x)", &[("DISTINCT in sum", "DISTINCT")], Some("sum( r.x)")),
    ("min(r.x BY r.y)", &[("BY does not belong here", "BY")], None),
    ("any(SELECT 1 FROM x)", &[("the link to the records is missing", "SELECT")], None),
    ("EXISTS (SELECT 1)", &[("`EXISTS` is not part of the language", "EXISTS")], None),
    // Several at once.
    (
        "a == 1 AND b = NULL OR AND c IN () AND d BETWEEN 1 OR e LIKE 'x'",
        &[
            ("`==` is not an operator", "=="),
            ("nothing is ever equal to NULL", "= NULL"),
            ("`OR` and `AND` next to each other", "AND"),
            ("an empty list", "()"),
            ("BETWEEN without its second end", "OR"),
            ("LIKE is not part of the language", "LIKE"),
        ],
        None,
    ),
    (
        "working_days(a, = b) <= 15 AND any(reviews r WHERE r.x == 1) AND (c",
        &[
            ("a value or a condition is missing before `=`", "="),
            ("a second name `r` without AS", "r"),
            ("`==` is not an operator", "=="),
            ("a bracket that is not closed", "("),
        ],
        None,
    ),
];

#[test]
fn each_mistake_is_named_where_it_stands() {
    let mut wrong = Vec::new();
    for (text, expected, _) in CASES {
        let found = mistakes(text);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|one| {
                let span = one.span.as_ref().unwrap();
                (one.message.as_str(), &text[span.start..span.end])
            })
            .collect();
        if found != *expected {
            wrong.push(format!("{text}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_mistake_says_how_to_mend_it() {
    for (text, _, _) in CASES {
        for one in mistakes(text) {
            assert!(one.help.is_some() || !one.others.is_empty(), "{text}: {}", one.message);
        }
    }
}

#[test]
fn a_fix_mends() {
    for (text, _, expected) in CASES {
        let found = mistakes(text);
        let fixed = found.first().filter(|_| found.len() == 1).and_then(|one| mended(text, one));
        assert_eq!(fixed.as_deref(), *expected, "{text}");
        if let Some(fixed) = fixed {
            good(&fixed);
        }
    }
}

#[test]
fn an_empty_predicate_is_refused() {
    for text in ["", "  \n ", "\u{feff}"] {
        assert_eq!(mistakes(text)[0].message, "an empty predicate");
    }
}

#[test]
fn a_bracket_points_at_where_it_opens() {
    let found = mistakes("a = 1 AND (b = 2 OR\n c = 3");
    assert_eq!(found[0].span.as_ref().unwrap().start, 10);
    assert_eq!(found[0].others[0].span.start, 26, "and at where the closing one is missing");
}

#[test]
fn no_fix_is_offered_that_would_end_the_string() {
    let file = "numerator = 'a = ‘x’'";
    let found = parse("a = ‘x’", &Placement::of_toml_string("f", file, 12..file.len())).unwrap_err();
    assert_eq!(found.iter().next().unwrap().fix, None, "single quotes do not go inside single quotes");
    let file = "numerator = \"a = ‘x’\"";
    let found = parse("a = ‘x’", &Placement::of_toml_string("f", file, 12..file.len())).unwrap_err();
    assert_eq!(found.iter().next().unwrap().fix.as_ref().unwrap().replacement, "'x'");
}

#[test]
fn an_escape_is_pointed_at_as_it_is_written() {
    let file = r#"numerator = "a = \"NEG\" AND b""#;
    let found =
        parse("a = \"NEG\" AND b", &Placement::of_toml_string("f", file, 12..file.len())).unwrap_err();
    let one = found.iter().next().unwrap();
    assert_eq!(mended(file, one).unwrap(), r#"numerator = "a = 'NEG' AND b""#);
}
