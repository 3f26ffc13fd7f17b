//! Second readings: what is found about them, and their hashes.

use std::collections::BTreeMap;

use super::*;

const PARAMETERS: &str = "[parameters.wide]\ntype = \"yes/no\"\ndefault = false\n[parameters.other]\ntype = \"yes/no\"\ndefault = false\n";

fn checked_with(readings: &str, given: &BTreeMap<String, Value>) -> (Option<Checked>, Vec<Code>) {
    let mut files = files(&format!("{}{readings}", numerator("number = 1 OR $wide")));
    files[0].1.push_str(PARAMETERS);
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check_with(framework, given);
    (checked, found.iter().map(|found| found.code).filter(|code| *code != Code::NoTest).collect())
}

fn codes(readings: &str) -> Vec<Code> {
    checked_with(readings, &BTreeMap::new()).1
}

#[test]
fn a_reading_has_a_hash_and_parameters_of_its_own() {
    let text = "[[reading]]\nname = \"wide\"\nparameters = { wide = true }\n";
    let (checked, found) = checked_with(text, &BTreeMap::new());
    let checked = checked.unwrap();
    assert_eq!(found, []);
    let (plain, wide) = (checked.indicator("i").unwrap(), checked.indicator("i@wide").unwrap());
    assert_ne!(plain.hash(), wide.hash());
    assert_eq!(plain.parameters()["wide"], Value::Bool(false));
    assert_eq!(wide.parameters()["wide"], Value::Bool(true));
    assert_eq!(wide.id(), "i@wide");
    assert!(checked.indicators().keys().eq(["i"]), "a reading is no indicator of its own");
    let given = BTreeMap::from([("wide".to_owned(), Value::Bool(true))]);
    let (set, found) = checked_with(text, &given);
    assert_eq!(set.unwrap().indicator("i").unwrap().hash(), wide.hash(), "one meaning, one hash");
    assert_eq!(found, [], "where a board takes the reading for its own, the second one is no mistake");
}

#[test]
fn what_is_wrong_with_a_reading_is_found() {
    let reading = |name: &str, parameters: &str| {
        format!("[[reading]]\nname = \"{name}\"\nparameters = {{ {parameters} }}\n")
    };
    let wide = reading("wide", "wide = true");
    assert_eq!(codes(&reading("a", "wid = true")), [Code::UnknownName]);
    assert_eq!(codes(&reading("a", "wide = 1")), [Code::TypeMismatch]);
    assert_eq!(codes(&format!("{wide}{wide}")), [Code::DuplicateId]);
    assert_eq!(codes(&reading("a", "other = true")), [Code::IdleReading], "it asks for no such parameter");
    assert_eq!(codes(&reading("a", "wide = false")), [Code::IdleReading], "that holds without it");
    assert_eq!(codes("[[reading]]\nname = \"a\"\n"), [Code::IdleReading], "it sets nothing");
    let test = |name: &str| {
        format!(
            "{wide}[[test]]\nname = \"t\"\nperiod = \"2010-11 Q1\"\nreading = \"{name}\"\nrecords.cases = []\nexpect = {{ numerator = 0 }}\n"
        )
    };
    assert_eq!(codes(&test("wide")), []);
    assert_eq!(codes(&test("narrow")), [Code::UnknownName]);
}
