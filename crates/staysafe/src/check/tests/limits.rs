//! Dated limits: what is found about them, and what they do to a hash.

use super::*;

fn with_limits(limits: &str, indicator: &str) -> (Option<Checked>, Diagnostics) {
    let mut files = files(indicator);
    files[0].1.push_str(limits);
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    check(framework)
}

fn clock(limit: &str, more: &str) -> String {
    format!(
        "{}[clock.c]\nstart = \"opened\"\nstop = \"opened\"\nlimit = \"{limit}\"\n{more}",
        numerator("within(c)")
    )
}

const ONE: &str = "[[limits.l]]\nlimit = \"5 days\"\n";
const TWO: &str = "[[limits.l]]\nlimit = \"5 days\"\n[[limits.l]]\nfrom = 2011-04-01\nlimit = \"6 days\"\n";

fn hash_with(limits: &str, indicator: &str) -> String {
    let (checked, found) = with_limits(limits, indicator);
    checked.unwrap_or_else(|| panic!("{found:#?}")).indicator("i").unwrap().hash().to_owned()
}

#[test]
fn a_limit_hashes_by_its_steps_and_not_by_its_name() {
    let dated = clock("limit('l')", "");
    assert_eq!(hash_with(ONE, &dated), hash_with(ONE, &clock("5 days", "")), "the same on every day");
    assert_ne!(hash_with(TWO, &dated), hash_with(ONE, &dated));
    let other = TWO.replace("limits.l", "limits.m");
    assert_eq!(hash_with(TWO, &dated), hash_with(&other, &clock("limit('m')", "")));
    let picked = |field: &str| clock("limit('l')", &format!("limit_at = \"{field}\"\n"));
    assert_eq!(hash_with(TWO, &picked("opened")), hash_with(TWO, &dated), "the start picks it anyway");
}

#[test]
fn a_definition_with_a_dated_limit_can_be_calculated() {
    let (checked, found) = with_limits(TWO, &clock("limit('l')", ""));
    assert!(checked.unwrap().indicator("i").unwrap().is_computable());
    assert!(!found.iter().any(|f| f.code == Code::NotSupportedYet), "{found:#?}");
}

fn found(limits: &str, indicator: &str) -> Vec<(Code, String)> {
    let (_, found) = with_limits(limits, indicator);
    found.iter().filter(|f| f.code != Code::NoTest).map(|f| (f.code, f.message.clone())).collect()
}

#[test]
fn wrong_names_and_wrong_types_are_found() {
    let unknown = "no dated limit 'm' is declared".to_owned();
    assert_eq!(found(TWO, &clock("limit('m')", "")), [(Code::UnknownName, unknown.clone()); 1]);
    assert_eq!(found(TWO, &numerator("opened <= due_date(opened, 'm')")), [(Code::UnknownName, unknown)]);
    for (predicate, code) in [
        ("opened <= due_date(opened)", Code::WrongArguments),
        ("opened <= due_date(opened, number)", Code::WrongArguments),
        ("opened <= due_date(number, 'l')", Code::TypeMismatch),
        ("5 <= due_date(opened, 'l')", Code::TypeMismatch),
    ] {
        let found = found(TWO, &numerator(predicate));
        assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code], "{predicate}");
    }
    for (limit, at, code) in [
        ("limit('l')", "child", Code::TypeMismatch),
        ("limit('l')", "nothing", Code::UnknownName),
        ("5 days", "opened", Code::UnknownKey),
    ] {
        let found = found(TWO, &clock(limit, &format!("limit_at = \"{at}\"\n")));
        assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code], "{limit} {at}");
    }
}

#[test]
fn the_words_of_a_dated_limit_say_one_of_its_numbers() {
    let limits = "[[limits.l]]\nlimit = \"7 working days\"\n[[limits.l]]\nfrom = 2010-04-01\nlimit = \"10 working days\"\n";
    let said = |words: &str| {
        let indicator = clock("limit('l')", &format!("[words]\nnumerator = \"{words}\"\n"));
        found(limits, &indicator).into_iter().map(|(_, message)| message).collect::<Vec<_>>()
    };
    assert_eq!(said("within 10 working days"), Vec::<String>::new());
    assert_eq!(said("within 9 working days"), ["the words say 9 working days, the clock 7 and 10"]);
}
