//! Derived tables: what is found about them, what fields they have, and what they do to a hash.

use super::*;
use crate::diagnostic::Severity;

const CHAIN: &str = "step = \"chain\"\nkey = [\"child\"]\norder = [\"opened\", \"number\"]\njoins_when = \"prev.need = need\"\nfirst = { since = \"opened\" }\nstart_known = \"need = 'N1'\"\n";

fn with_derived(derived: &[(&'static str, &str)], indicator: &str) -> (Option<Checked>, Diagnostics) {
    let mut files = files(indicator);
    files.extend(derived.iter().map(|(path, text)| (*path, (*text).to_owned())));
    let (framework, mut found) = read(files);
    let (checked, more) = check(framework);
    found.extend(more);
    (checked, found)
}

fn table(id: &str, from: &str, steps: &[&str]) -> String {
    let steps = steps.join("[[derive]]\n");
    format!("id = \"{id}\"\nfrom = \"{from}\"\n[[derive]]\n{steps}")
}

fn over(from: &str, numerator: &str) -> String {
    format!(
        "{HEAD}[calculation]\nfrom = \"{from}\"\nwhen = {{ date = \"since\" }}\nnumerator = \"{numerator}\"\n"
    )
}

/// The errors about one derived table, with the text each points at.
fn errors(text: &str) -> Vec<(Code, String)> {
    let (_, found) = with_derived(&[("derived/t.toml", text)], &numerator("number = 1"));
    found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            let span = finding.span.clone().unwrap();
            (finding.code, text[span.start..span.end].to_owned())
        })
        .collect()
}

#[test]
fn a_chain_has_the_fields_it_says_and_no_others() {
    let chain = table("t", "cases", &[CHAIN]);
    let found = |numerator: &str| {
        let (_, found) = with_derived(&[("derived/t.toml", &chain)], &over("t", numerator));
        found.iter().filter(|f| f.code != Code::NoTest).map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(found("start_known"), []);
    assert_eq!(found("any(others AS o WHERE o.opened < this.since)"), [], "a link by a field that is kept");
    assert_eq!(found("opened = since"), [Code::UnknownName], "fields of the rows below are gone");
    assert_eq!(found("since = 1"), [Code::TypeMismatch]);
}

#[test]
fn mistakes_are_found_where_they_stand() {
    let chain = |from: &str, to: &str| table("t", "cases", &[&CHAIN.replace(from, to)]);
    let one = |code, text: &str| vec![(code, text.to_owned())];
    assert_eq!(errors(&chain("\"child\"", "\"chid\"")), one(Code::UnknownName, "chid"));
    assert_eq!(errors(&chain(", \"number\"", "")), one(Code::OrderNotTotal, "opened"));
    assert_eq!(errors(&chain("since = \"opened\"", "since = \"open\"")), one(Code::UnknownName, "open"));
    assert_eq!(errors(&chain("prev.need", "previous.need")), one(Code::UnknownName, "previous"));
    assert_eq!(
        errors(&chain("prev.need = need", "prev.number + 1")),
        one(Code::TypeMismatch, "prev.number + 1")
    );
    assert_eq!(errors(&chain("'N1'", "'N9'")), one(Code::UnknownCode, "'N9'"));
    assert_eq!(
        errors(&chain("since = \"opened\"", "start_known = \"opened\"")),
        one(Code::DuplicateId, "start_known")
    );
    assert_eq!(errors(&chain("first =", "take = \"last\"\nfirst =")), one(Code::UnknownKey, "take"));
    let filter = table("t", "cases", &["step = \"filter\"\n"]);
    assert_eq!(errors(&filter), one(Code::MissingKey, "[[derive]]"));
    let prev = table("t", "cases", &["step = \"filter\"\nwhere = \"prev.need = need\"\n"]);
    assert_eq!(errors(&prev), one(Code::UnknownName, "prev"), "only a chain knows the row before");
}

#[test]
fn a_schedule_says_which_dates_it_needs() {
    const SCHEDULE: &str = "step = \"schedule\"\nkey = [\"number\"]\nanchor = \"opened\"\nheld = \"others.opened\"\nfirst_due = \"3 months\"\nnext_due = \"6 months\"\n";
    let schedule = |from: &str, to: &str| {
        table("t", "cases", &["step = \"filter\"\nwhere = \"need = 'N1'\"\n", &SCHEDULE.replace(from, to)])
    };
    let one = |code, text: &str| vec![(code, text.to_owned())];
    assert_eq!(errors(&schedule("", "")), []);
    assert_eq!(
        errors(&schedule("anchor = \"opened\"", "anchor = \"need\"")),
        one(Code::TypeMismatch, "need")
    );
    assert_eq!(errors(&schedule("others.opened", "others.need")), one(Code::TypeMismatch, "others.need"));
    assert_eq!(errors(&schedule("others.opened", "opened")), one(Code::UnknownWord, "opened"));
    assert_eq!(errors(&schedule("6 months", "six months")), one(Code::BadTime, "six months"));
    assert_eq!(errors(&schedule("\"3 months\"", "\"limit('x')\"")), one(Code::UnknownName, "limit('x')"));
    let text = schedule("", "");
    let status = |word: &str| {
        let numerator = format!("status = '{word}'");
        let indicator = over("t", &numerator).replace("\"since\"", "\"due\"");
        let (_, found) = with_derived(&[("derived/t.toml", &text)], &indicator);
        found.iter().filter(|f| f.code != Code::NoTest).map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(status("held in time"), []);
    assert_eq!(status("held on time"), [Code::UnknownCode]);
}

#[test]
fn what_needs_itself_is_a_circle() {
    let (a, b) = (table("a", "b", &[CHAIN]), table("b", "a", &[CHAIN]));
    let (_, found) =
        with_derived(&[("derived/a.toml", &a), ("derived/b.toml", &b)], &numerator("number = 1"));
    let codes: Vec<Code> =
        found.iter().map(|finding| finding.code).filter(|code| *code != Code::NoTest).collect();
    assert_eq!(codes, [Code::Circle, Code::Circle]);
}

#[test]
fn a_derived_table_is_part_of_the_hash_of_what_rests_on_it() {
    let hash = |derived: &str| {
        let (checked, found) = with_derived(&[("derived/t.toml", derived)], &over("t", "start_known"));
        checked.unwrap_or_else(|| panic!("{found:#?}")).indicator("i").unwrap().hash().to_owned()
    };
    let chain = table("t", "cases", &[CHAIN]);
    let words = format!("words = \"rows\"\n{chain}");
    assert_eq!(hash(&chain), hash(&words), "words are not");
    assert_ne!(hash(&chain), hash(&chain.replace("'N1'", "'N2'")));
    let through = |derived: &str| {
        let second = table("u", "t", &["step = \"filter\"\nwhere = \"start_known\"\n"]);
        let files = [("derived/t.toml", derived), ("derived/u.toml", second.as_str())];
        let (checked, found) = with_derived(&files, &over("u", "start_known"));
        let checked = checked.unwrap_or_else(|| panic!("{found:#?}"));
        let indicator = checked.indicator("i").unwrap();
        assert_eq!(indicator.versions()[0].rests_on(), ["t", "u"]);
        let reads: Vec<&str> = indicator.reads()["cases"].iter().map(String::as_str).collect();
        assert_eq!(reads, ["child", "need", "number", "opened"], "what the tables below read is read");
        indicator.hash().to_owned()
    };
    assert_ne!(through(&chain), through(&chain.replace("'N1'", "'N2'")), "nor at one remove");
}
