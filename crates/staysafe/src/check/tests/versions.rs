//! Versions: what is found about them, and what they do to a hash.

use super::*;

fn version(head: &str, predicate: &str) -> String {
    format!(
        "[[version]]\n{head}\n[version.calculation]\nfrom = \"cases\"\nwhen = {{ date = \"opened\" }}\nnumerator = \"{predicate}\"\n"
    )
}

fn two(first: &str, second: &str) -> String {
    format!("{HEAD}{}{}", version(first, "number = 1"), version(second, "number = 2"))
}

fn codes(indicator: &str) -> Vec<Code> {
    findings(indicator).iter().map(|found| found.code).filter(|code| *code != Code::NoTest).collect()
}

const SECOND: &str = "from = 2011-01-01\nreason = \"r\"";

#[test]
fn versions_follow_each_other_and_say_why() {
    assert_eq!(codes(&two("to = 2010-12-31", SECOND)), []);
    assert_eq!(codes(&two("to = 2010-06-30", SECOND)), [], "a gap is no mistake");
    assert_eq!(codes(&two("to = 2011-01-01", SECOND)), [Code::BadVersions], "they overlap by a day");
    assert_eq!(codes(&two("from = 2009-01-01", SECOND)), [Code::BadVersions], "the first has no end");
    assert_eq!(codes(&two("to = 2010-12-31", "reason = \"r\"")), [Code::BadVersions], "no beginning");
    assert_eq!(codes(&two("to = 2010-12-31", "from = 2011-01-01")), [Code::BadVersions], "no reason");
    assert_eq!(codes(&two("to = 2010-12-31\njoin = true", SECOND)), [Code::BadVersions], "nothing to join");
}

#[test]
fn a_calculation_that_no_version_uses_is_found() {
    let whole = numerator("number = 3");
    let both =
        format!("{whole}{}{}", version("to = 2010-12-31", "number = 1"), version(SECOND, "number = 2"));
    assert_eq!(codes(&both), [Code::BadVersions]);
    let current = format!("{whole}{}[[version]]\n{SECOND}\n", version("to = 2010-12-31", "number = 1"));
    assert_eq!(codes(&current), [], "the second version takes the calculation of the file");
    assert_eq!(checked(&current).indicator("i").unwrap().versions().len(), 2);
}

#[test]
fn only_what_adds_up_is_joined() {
    let join = format!("{SECOND}\njoin = true");
    assert_eq!(codes(&two("to = 2010-12-31", &join)), []);
    assert_eq!(codes(&two("to = 2010-06-30", &join)), [Code::BadVersions], "days between them");
    for more in
        ["window = \"12 months\"", "lag = \"1 months\"", "counted = \"distinct child\"", "multiplier = 1"]
    {
        let second = version(&join, "number = 2") + more + "\n";
        let indicator = format!("{HEAD}{}{second}", version("to = 2010-12-31", "number = 1"));
        assert_eq!(codes(&indicator), [Code::BadVersions], "{more}");
    }
}

#[test]
fn a_mistake_in_any_version_is_found() {
    let indicator =
        format!("{HEAD}{}{}", version("to = 2010-12-31", "nmber = 1"), version(SECOND, "number = 2"));
    assert_eq!(codes(&indicator), [Code::UnknownName]);
}

#[test]
fn the_hash_covers_every_version_and_not_their_reasons() {
    let base = hash(&two("to = 2010-12-31", SECOND));
    assert_eq!(base, hash(&two("to = 2010-12-31", "from = 2011-01-01\nreason = \"another\"")));
    assert_ne!(base, hash(&two("to = 2010-11-30", SECOND)));
    assert_ne!(base, hash(&two("to = 2010-12-31", &format!("{SECOND}\njoin = true"))));
    let first =
        format!("{HEAD}{}{}", version("to = 2010-12-31", "number = 9"), version(SECOND, "number = 2"));
    assert_ne!(base, hash(&first), "the first version counts too");
}

#[test]
fn a_test_names_a_version_that_there_is() {
    let test = |version: &str| {
        format!(
            "{}[[test]]\nname = \"t\"\nperiod = \"2011-12 Q1\"\nversion = \"{version}\"\nrecords.cases = []\nexpect = {{ outcome = \"undefined\" }}\n",
            two("to = 2010-12-31", SECOND)
        )
    };
    assert_eq!(codes(&test("2011-01-01")), []);
    assert_eq!(codes(&test("first")), []);
    assert_eq!(codes(&test("2012-01-01")), [Code::UnknownName]);
}
