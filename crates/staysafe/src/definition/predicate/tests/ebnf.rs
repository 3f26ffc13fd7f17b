//! The grammar on the page and the parser say the same: what one writes the other reads.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::laws::any_expr;
use crate::definition::predicate::cursor::RESERVED;
use crate::definition::predicate::{Placement, parse};

const PAGE: &str = include_str!("../../../../../../docs/predicates.md");

/// A piece of the grammar.
#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    Rule(String),
    InOrder(Vec<Piece>),
    OneOf(Vec<Piece>),
    Maybe(Box<Piece>),
    Repeated(Box<Piece>),
}

type Grammar = BTreeMap<String, Piece>;

/// What the page's grammar leaves to the words around it: one token each.
const CLASSES: [&str; 3] = ["name", "number", "text"];

fn grammar() -> Grammar {
    let block = PAGE.split("```ebnf\n").nth(1).unwrap().split("```").next().unwrap();
    let rules = block.split(" ;").map(str::trim).filter(|rule| !rule.is_empty());
    rules
        .map(|rule| {
            let (name, body) = rule.split_once('=').unwrap();
            let tokens = pieces(body);
            let mut at = 0;
            let piece = alternatives(&tokens, &mut at);
            assert_eq!(at, tokens.len(), "{rule}: read to its end");
            (name.trim().to_owned(), piece)
        })
        .collect()
}

/// The words and marks of a rule; a literal keeps its quotes.
fn pieces(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = body.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => rest.get(1..).unwrap().find('"').unwrap() + 2,
            c if c.is_alphabetic() => rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        found.push(rest.get(..length).unwrap().to_owned());
        rest = rest.get(length..).unwrap().trim_start();
    }
    found
}

fn alternatives(tokens: &[String], at: &mut usize) -> Piece {
    let mut all = vec![in_order(tokens, at)];
    while tokens.get(*at).is_some_and(|token| token == "|") {
        *at += 1;
        all.push(in_order(tokens, at));
    }
    if all.len() == 1 { all.remove(0) } else { Piece::OneOf(all) }
}

fn in_order(tokens: &[String], at: &mut usize) -> Piece {
    let mut all = vec![one(tokens, at)];
    while tokens.get(*at).is_some_and(|token| token == ",") {
        *at += 1;
        all.push(one(tokens, at));
    }
    if all.len() == 1 { all.remove(0) } else { Piece::InOrder(all) }
}

fn one(tokens: &[String], at: &mut usize) -> Piece {
    let token = tokens[*at].as_str();
    *at += 1;
    let close = match token {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => "",
    };
    if close.is_empty() {
        return match token.strip_prefix('"') {
            Some(literal) => Piece::Literal(literal.trim_end_matches('"').to_owned()),
            None => Piece::Rule(token.to_owned()),
        };
    }
    let inner = alternatives(tokens, at);
    assert_eq!(tokens[*at], close);
    *at += 1;
    match close {
        "]" => Piece::Maybe(Box::new(inner)),
        "}" => Piece::Repeated(Box::new(inner)),
        _ => inner,
    }
}

#[test]
fn every_rule_that_is_used_is_written() {
    fn uses<'g>(piece: &'g Piece, into: &mut BTreeSet<&'g str>) {
        match piece {
            Piece::Literal(_) => {}
            Piece::Rule(rule) => {
                into.insert(rule);
            }
            Piece::InOrder(all) | Piece::OneOf(all) => all.iter().for_each(|one| uses(one, into)),
            Piece::Maybe(one) | Piece::Repeated(one) => uses(one, into),
        }
    }
    let grammar = grammar();
    let mut used = BTreeSet::from(["predicate"]);
    for piece in grammar.values() {
        uses(piece, &mut used);
    }
    let written: BTreeSet<&str> = grammar.keys().map(String::as_str).collect();
    assert_eq!(written.difference(&used).count(), 0, "{written:?} beside {used:?}");
    let classes = BTreeSet::from(["number", "text", "letter", "digit"]);
    assert_eq!(used.difference(&written).copied().collect::<BTreeSet<_>>(), classes);
}

/// The tokens of a text that the parser reads.
fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let until = |stop: &dyn Fn(char) -> bool| rest.find(|c: char| stop(c)).unwrap_or(rest.len());
        let length = match first {
            '\'' => {
                let mut end = 1;
                loop {
                    end += rest.get(end..).unwrap().find('\'').unwrap() + 1;
                    if !rest.get(end..).unwrap().starts_with('\'') {
                        break end;
                    }
                    end += 1;
                }
            }
            c if c.is_ascii_digit() => until(&|c| !(c.is_ascii_digit() || c == '.')),
            c if c.is_alphabetic() || c == '_' => until(&|c| !(c.is_alphanumeric() || c == '_')),
            _ if ["<>", "<=", ">="].iter().any(|mark| rest.starts_with(mark)) => 2,
            c => c.len_utf8(),
        };
        found.push(rest.get(..length).unwrap().to_owned());
        rest = rest.get(length..).unwrap().trim_start();
    }
    found
}

/// Reads tokens by the grammar, every way at once.
struct Reader<'g> {
    grammar: &'g Grammar,
    tokens: Vec<String>,
    known: BTreeMap<(&'g str, usize), BTreeSet<usize>>,
}

impl<'g> Reader<'g> {
    /// Where a rule may end that begins at a token.
    fn rule(&mut self, rule: &'g str, at: usize) -> BTreeSet<usize> {
        if CLASSES.contains(&rule) {
            let first = self.tokens.get(at).and_then(|token| token.chars().next());
            let fits = first.is_some_and(|c| match rule {
                "number" => c.is_ascii_digit(),
                "text" => c == '\'',
                _ => c.is_alphabetic() || c == '_',
            });
            // After a full stop any word is a field.
            let word = |token: &String| RESERVED.iter().any(|word| token.eq_ignore_ascii_case(word));
            let after_stop =
                at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(|t| t == ".");
            let fits = fits && (rule != "name" || after_stop || !self.tokens.get(at).is_some_and(word));
            return if fits { BTreeSet::from([at + 1]) } else { BTreeSet::new() };
        }
        if let Some(known) = self.known.get(&(rule, at)) {
            return known.clone();
        }
        let ends = self.piece(&self.grammar[rule], at);
        self.known.insert((rule, at), ends.clone());
        ends
    }

    fn piece(&mut self, piece: &'g Piece, at: usize) -> BTreeSet<usize> {
        match piece {
            Piece::Literal(literal) => {
                let fits = self.tokens.get(at).is_some_and(|token| token.eq_ignore_ascii_case(literal));
                if fits { BTreeSet::from([at + 1]) } else { BTreeSet::new() }
            }
            Piece::Rule(rule) => self.rule(rule, at),
            Piece::InOrder(all) => all.iter().fold(BTreeSet::from([at]), |starts, one| {
                starts.into_iter().flat_map(|start| self.piece(one, start)).collect()
            }),
            Piece::OneOf(all) => all.iter().flat_map(|one| self.piece(one, at)).collect(),
            Piece::Maybe(one) => self.piece(one, at).into_iter().chain([at]).collect(),
            Piece::Repeated(one) => {
                let mut ends = BTreeSet::from([at]);
                let mut fresh = ends.clone();
                while !fresh.is_empty() {
                    let next: BTreeSet<usize> =
                        fresh.into_iter().flat_map(|start| self.piece(one, start)).collect();
                    fresh = next.difference(&ends).copied().collect();
                    ends.extend(&fresh);
                }
                ends
            }
        }
    }
}

fn is_sentence(grammar: &Grammar, text: &str) -> bool {
    let tokens = tokens(text);
    let length = tokens.len();
    Reader { grammar, tokens, known: BTreeMap::new() }.rule("predicate", 0).contains(&length)
}

#[test]
fn the_examples_on_the_page_are_sentences_of_its_grammar() {
    let grammar = grammar();
    let blocks = PAGE.split("```predicate\n").skip(1).filter_map(|rest| rest.split("```").next());
    for example in blocks.flat_map(|block| block.split("\n\n")).map(str::trim).filter(|text| !text.is_empty())
    {
        assert!(is_sentence(&grammar, example), "{example}");
    }
    for wrong in
        ["a <= b <= c", "a AND", "x IN ()", "count(r BY a)", "CASE END", "any(r HAVE a)", "NOT", "a b"]
    {
        assert!(!is_sentence(&grammar, wrong), "{wrong}");
    }
}

/// Writes a sentence of the grammar: each choice is taken from a list, and from its end on the shortest way.
struct Writer<'g> {
    grammar: &'g Grammar,
    /// The fewest rules inside one another that a rule needs.
    depths: BTreeMap<&'g str, usize>,
    choices: std::vec::IntoIter<u8>,
    written: Vec<String>,
}

impl<'g> Writer<'g> {
    fn new(grammar: &'g Grammar, choices: Vec<u8>) -> Self {
        let mut depths: BTreeMap<&str, usize> = CLASSES.iter().map(|class| (*class, 0)).collect();
        loop {
            let more: Vec<(&str, usize)> = grammar
                .iter()
                .filter(|(rule, _)| !depths.contains_key(rule.as_str()))
                .filter_map(|(rule, piece)| Some((rule.as_str(), depth(&depths, piece)? + 1)))
                .collect();
            if more.is_empty() {
                break;
            }
            depths.extend(more);
        }
        Self { grammar, depths, choices: choices.into_iter(), written: Vec::new() }
    }

    fn choice(&mut self) -> Option<usize> {
        self.choices.next().map(usize::from)
    }

    fn rule(&mut self, rule: &str) {
        let pick = |choice: Option<usize>, from: &[&str]| from[choice.unwrap_or(0) % from.len()].to_owned();
        let text = match rule {
            "name" => pick(self.choice(), &["a", "b", "plan_start", "reviews", "r"]),
            "number" => pick(self.choice(), &["1", "0", "2.5", "12"]),
            "text" => pick(self.choice(), &["'NEG'", "''", "'O''Brien'"]),
            // A text after DATE is a day.
            "date" => "DATE '2010-04-01'".to_owned(),
            _ => {
                let piece = &self.grammar[rule];
                return self.piece(piece);
            }
        };
        self.written.push(text);
    }

    fn piece(&mut self, piece: &'g Piece) {
        match piece {
            Piece::Literal(literal) => self.written.push(literal.clone()),
            Piece::Rule(rule) => self.rule(rule),
            Piece::InOrder(all) => all.iter().for_each(|one| self.piece(one)),
            Piece::OneOf(all) => {
                let chosen = match self.choice() {
                    Some(choice) => all.get(choice % all.len()),
                    None => all.iter().min_by_key(|one| depth(&self.depths, one)),
                };
                self.piece(chosen.unwrap());
            }
            Piece::Maybe(one) => {
                if self.choice().is_some_and(|choice| choice % 2 == 1) {
                    self.piece(one);
                }
            }
            Piece::Repeated(one) => {
                while self.choice().is_some_and(|choice| choice % 3 == 2) {
                    self.piece(one);
                }
            }
        }
    }
}

fn depth(depths: &BTreeMap<&str, usize>, piece: &Piece) -> Option<usize> {
    match piece {
        Piece::Literal(_) | Piece::Maybe(_) | Piece::Repeated(_) => Some(0),
        Piece::Rule(rule) => depths.get(rule.as_str()).copied(),
        Piece::InOrder(all) => {
            all.iter().map(|one| depth(depths, one)).try_fold(0, |most, one| Some(most.max(one?)))
        }
        Piece::OneOf(all) => all.iter().filter_map(|one| depth(depths, one)).min(),
    }
}

/// What the page says beside the grammar: the only reasons for which the parser refuses a sentence of it.
const BESIDE: [&str; 6] = [
    "nothing is ever equal to NULL",
    "NULL has no order",
    "needs a condition",
    "does not say whose records it asks for",
    "is not a question",
    "brackets with nothing inside",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_the_parser_writes_the_grammar_reads(expr in any_expr()) {
        let text = expr.to_string();
        prop_assert!(is_sentence(&grammar(), &text), "{}", text);
    }

    #[test]
    fn what_the_grammar_writes_the_parser_reads(choices in prop::collection::vec(any::<u8>(), 0..60)) {
        let grammar = grammar();
        let mut writer = Writer::new(&grammar, choices);
        writer.rule("predicate");
        // A sign and a full stop stand at their name.
        let text = writer.written.join(" ").replace("$ ", "$").replace(" . ", ".");
        prop_assert!(is_sentence(&grammar, &text), "{}", text);
        if let Err(found) = parse(&text, &Placement::plain("f.toml", 0, &text)) {
            let first = found.iter().next().map(|one| one.message.clone()).unwrap_or_default();
            prop_assert!(BESIDE.iter().any(|beside| first.contains(beside)), "{}\n{}", text, first);
        }
    }
}
