//! No key that decides figures is passed over in silence.

use super::site::{CALCULATION, CLOCK, Form, STEP, TOTAL};
use crate::definition::read::read;

/// The keys of a table, as the reader lists them for a key that is near none.
fn keys(path: &str, text: &str) -> Vec<String> {
    let (_, findings) = read([(path, format!("{text}\nqqqqqqqqqq = 1\n"))]);
    let help = findings.iter().find_map(|finding| finding.help.as_deref()?.strip_prefix("its keys are "));
    help.unwrap().split(", ").map(|key| key.trim_matches('`').to_owned()).collect()
}

#[test]
fn every_key_of_a_calculation_a_clock_and_a_step_has_a_form() {
    let indicator = "indicators/a.toml";
    for (known, path, table) in [
        (CALCULATION, indicator, "[calculation]"),
        (TOTAL, indicator, "[calculation.numerator]"),
        (CLOCK, indicator, "[clock.c]"),
        (STEP, "derived/a.toml", "[[derive]]"),
    ] {
        let read: Vec<String> = keys(path, table);
        let mut known: Vec<&str> = known.iter().map(|(key, _)| *key).collect();
        for key in &read {
            assert!(known.contains(&key.as_str()), "{table}: '{key}' has no form in site.rs");
        }
        known.retain(|key| !read.iter().any(|read| read == key));
        assert!(known.is_empty(), "{table}: the reader does not know {known:?}");
    }
}

#[test]
fn what_is_kept_as_it_is_makes_another_definition() {
    let kept: Vec<&str> = [CALCULATION, TOTAL, CLOCK, STEP]
        .into_iter()
        .flatten()
        .filter(|(_, form)| *form == Form::Kept)
        .map(|(key, _)| *key)
        .collect();
    // `when` is not kept: its fields are sites of their own.
    assert_eq!(kept, ["from", "when", "from", "when", "step", "words", "rows"]);
}
