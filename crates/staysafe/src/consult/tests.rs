#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use super::words::{Rareness, limits, words};
use super::{OverlapKind, overlaps};
use crate::check::check;
use crate::definition::read::read;

/// `id`, title, kind, words above and below, and the rest of the file.
type Written<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn found(entries: &[Written<'_>]) -> Vec<(String, OverlapKind, String)> {
    let mut files = vec![
        ("framework.toml".to_owned(), "id = 'f'\ntitle = 'F'\nscope = 'all'".to_owned()),
        ("lists.toml".to_owned(), "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true".to_owned()),
        ("agencies.toml".to_owned(), "[[agency]]\nid = 'council'\nname = 'Council'".to_owned()),
    ];
    for table in ["plan", "stay"] {
        let field =
            |name: &str, ty: &str| format!("[[field]]\nname = '{name}'\ntype = '{ty}'\nwords = '{name}'\n");
        let mut text = format!(
            "id = '{table}'\ntitle = '{table}'\nholder = 'council'\ncarried_by = 'register'\narea = 'given'\nrow = 'a {table}'\n"
        );
        for (name, ty) in
            [("child", "text"), ("began", "date"), ("ended", "date"), ("due", "date"), ("took_part", "text")]
        {
            text += &field(name, ty);
        }
        files.push((format!("datasets/{table}.toml"), text));
    }
    for (id, title, kind, said, logic) in entries {
        let mut text = format!(
            "id = '{id}'\ntitle = '{title}'\nkind = '{kind}'\npolarity = 'lower'\ncycle = 'quarter'\nholder = 'council'\n\
             unit = 'child'\nlisted = [{{ list = 'ours', number = '{id}' }}]\n"
        );
        let (before, tables) = logic.split_once('|').unwrap_or(("", logic));
        let _ = writeln!(text, "{before}\n{tables}");
        if let Some((above, below)) = said.split_once('/') {
            let _ = writeln!(text, "[words]\nnumerator = '{above}'\ndenominator = '{below}'");
        }
        files.push((format!("indicators/{id}.toml"), text));
    }
    let read = read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    assert_eq!(read.1.iter().map(|finding| &finding.message).collect::<Vec<_>>(), Vec::<&String>::new());
    let (checked, findings) = check(read.0);
    let checked = checked.unwrap_or_else(|| panic!("{findings:?}"));
    overlaps(&checked).into_iter().map(|overlap| (overlap.first, overlap.kind, overlap.second)).collect()
}

fn one(first: &str, kind: OverlapKind, second: &str) -> Vec<(String, OverlapKind, String)> {
    vec![(first.to_owned(), kind, second.to_owned())]
}

const ENDED: &str = "[calculation]\nfrom = 'plan'\nwhen = { date = 'ended' }\n";

#[test]
fn the_same_calculation_written_twice_is_the_same_in_any_order_of_clauses() {
    let first = format!("{ENDED}population = \"child IS NOT NULL AND due IS NOT NULL\"");
    let second = format!("{ENDED}population = \"due IS NOT NULL AND child IS NOT NULL\"");
    let entries = [("a", "Plans", "count", "", first.as_str()), ("b", "Ended", "count", "", second.as_str())];
    assert_eq!(found(&entries), one("a", OverlapKind::SameAs, "b"));
}

#[test]
fn a_row_that_is_left_out_is_not_one_that_is_wanted() {
    let first = format!("{ENDED}population = \"due IS NULL\"");
    let second = format!("{ENDED}exclude = \"due IS NULL\"");
    let entries = [("a", "Plans", "count", "", first.as_str()), ("b", "Ended", "count", "", second.as_str())];
    assert_eq!(found(&entries), []);
}

#[test]
fn one_calculation_under_another_printed_limit_is_only_similar() {
    let entries = [
        ("a", "Held within 15 days", "count", "", ENDED),
        ("b", "Held within 15 working days", "count", "", "same_calculation_as = 'a'|"),
    ];
    assert_eq!(found(&entries), one("a", OverlapKind::SimilarTo, "b"));
}

#[test]
fn another_limit_is_similar_and_replaces_where_the_number_says_revised() {
    let share = |months: u8, before: &str| {
        format!("{before}|{ENDED}numerator = \"add_months(began, {months}) <= ended\"")
    };
    let (old, new) = (share(24, "national = ['NI 1']"), share(12, "national = ['NI 2']"));
    let entries =
        [("a", "Long", "proportion", "", old.as_str()), ("b", "Longer", "proportion", "", new.as_str())];
    assert_eq!(found(&entries), one("a", OverlapKind::SimilarTo, "b"));
    let new = share(12, "national = ['NI 1 (revised)']");
    let entries =
        [("a", "Long", "proportion", "", old.as_str()), ("b", "Longer", "proportion", "", new.as_str())];
    assert_eq!(found(&entries), one("b", OverlapKind::Replaces, "a"));
}

#[test]
fn a_count_of_what_was_in_time_is_a_share_of_all() {
    let in_time = format!("{ENDED}population = \"ended <= due\"");
    let entries = [("all", "Ended", "count", "", ENDED), ("some", "Prompt", "count", "", in_time.as_str())];
    assert_eq!(found(&entries), one("all", OverlapKind::DenominatorOf, "some"));
    let known = format!("{ENDED}population = \"child IS NOT NULL\"");
    let entries = [("all", "Ended", "count", "", ENDED), ("some", "Prompt", "count", "", known.as_str())];
    assert_eq!(found(&entries), one("some", OverlapKind::SubsetOf, "all"));
}

#[test]
fn the_same_codes_in_two_registers_are_one_question() {
    let part = |table: &str, codes: &str| {
        format!(
            "[calculation]\nfrom = '{table}'\nwhen = {{ date = 'ended' }}\npopulation = \"took_part IN ({codes})\""
        )
    };
    let (first, second) = (part("plan", "'A', 'B'"), part("stay", "'B', 'A'"));
    let entries =
        [("a", "Conferences", "count", "", first.as_str()), ("b", "Reviews", "count", "", second.as_str())];
    assert_eq!(found(&entries), one("a", OverlapKind::SimilarTo, "b"));
    let other = part("stay", "'A', 'C'");
    let entries =
        [("a", "Conferences", "count", "", first.as_str()), ("b", "Reviews", "count", "", other.as_str())];
    assert_eq!(found(&entries), []);
}

#[test]
fn without_a_calculation_words_and_needs_tell() {
    let need = "[[need]]\ndataset = 'stay'\nfields = ['child']";
    let other = "[[need]]\ndataset = 'plan'\nfields = ['child']";
    let entries = [
        ("a", "Stays in hospital", "count", "stays in hospital that ended/", need),
        ("b", "Share of stays", "proportion", "x/stays in a hospital that ended", need),
    ];
    assert_eq!(found(&entries), one("a", OverlapKind::DenominatorOf, "b"));
    let entries = [
        ("a", "Stays in hospital", "count", "stays in hospital that ended/", need),
        ("b", "Share of stays", "proportion", "x/stays in a hospital that ended", other),
    ];
    assert_eq!(found(&entries), []);
    let entries = [
        ("a", "Children in hospital", "count", "children who stayed in hospital/", need),
        ("b", "Number of children who stay in hospital", "count", "children who stayed in hospital/", need),
    ];
    assert_eq!(found(&entries), one("a", OverlapKind::SimilarTo, "b"));
}

#[test]
fn documents_are_not_alike_because_all_are_annual_reports() {
    let need = "[[need]]\ndataset = 'document'\nfields = ['due']";
    let entries = [
        ("a", "MAPPA annual report", "document", "the annual report/", need),
        ("b", "MARAC annual report", "document", "the annual report/", need),
    ];
    assert_eq!(found(&entries), []);
}

#[test]
fn rare_words_weigh_more_than_common_ones() {
    let texts = [
        words("children reviewed"),
        words("children held"),
        words("children placed"),
        words("children reviewed late"),
    ];
    let rareness = Rareness::of(texts.iter());
    let [first, second, _, fourth] = &texts;
    assert!(rareness.alike(first, fourth) > rareness.alike(first, second));
    assert_eq!(rareness.alike(&words(""), &words("")), 0);
}

#[test]
fn limits_are_read_off_titles() {
    let of = |title| limits(title).into_iter().collect::<Vec<_>>();
    assert_eq!(of("Held within 15 working days of the start"), ["15 working days"]);
    assert_eq!(of("Plans lasting 2 years or more"), ["2 years"]);
    assert_eq!(of("Rate per 10,000 under 18"), Vec::<String>::new());
}
