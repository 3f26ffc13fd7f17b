//! `check` and `verify`.

use std::path::Path;

use super::folder::Folder;
use super::staysafe;

const FRAMEWORK: &str = "id = \"board\"\ntitle = \"A board\"\nscope = \"Everything.\"\n";
const LISTS: &str = "[[list]]\nid = \"own\"\nheading = \"Our own\"\nlisted = true\n";
const AGENCIES: &str = "[[agency]]\nid = \"us\"\nname = \"Us\"\n";
const REFERRAL: &str = "id = \"referral\"\ntitle = \"Referrals\"\ncarried_by = \"referral\"\nholder = \"us\"\narea = \"given\"\n\
    [[field]]\nname = \"referral_date\"\ntype = \"date\"\n";

fn indicator(calculation: &str) -> String {
    format!(
        "id = \"referrals\"\ntitle = \"Referrals\"\nkind = \"count\"\nunit = \"referral\"\npolarity = \"contextual\"\n\
         cycle = \"quarter\"\nlisted = [{{ list = \"own\", number = \"1\" }}]\nholder = \"us\"\n\n[calculation]\n\
         from = \"referral\"\n{calculation}\n[words]\nnumerator = \"referrals received in the period\"\n"
    )
}

fn framework(name: &str, indicator: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("framework.toml", FRAMEWORK)
        .write("lists.toml", LISTS)
        .write("agencies.toml", AGENCIES)
        .write("datasets/referral.toml", REFERRAL)
        .write("indicators/referrals.toml", indicator);
    folder
}

const GOOD: &str = "when = { date = \"referral_date\" }\n";

fn test(expected: u32) -> String {
    format!(
        "\n[[test]]\nname = \"two in the quarter\"\nperiod = \"2010-11 Q1\"\n\
         records.referral = [{{ referral_date = 2010-04-01 }}, {{ referral_date = 2010-06-30 }}, {{ referral_date = 2010-07-01 }}]\n\
         expect = {{ numerator = {expected} }}\n"
    )
}

#[test]
fn the_shipped_framework_is_clean_and_its_tests_pass() {
    let check = staysafe(Path::new("."), &["check", "--format", "concise"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(check.err.contains("0 errors"), "{}", check.err);
    let verify = staysafe(Path::new("."), &["verify"]);
    assert_eq!(verify.code, 0, "{}{}", verify.out, verify.err);
}

#[test]
fn a_clean_folder_ends_with_0_and_a_mistake_with_1_and_its_place() {
    let good = framework("good", &(indicator(GOOD) + &test(2)));
    let run = staysafe(good.path(), &["check", "."]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);

    let bad = framework("bad", &indicator("when = { date = \"referal_date\" }\n"));
    let run = staysafe(bad.path(), &["check", ".", "--format", "concise"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.starts_with("indicators/referrals.toml:12:"), "{}", run.out);

    let run = staysafe(bad.path(), &["check", ".", "--format", "github"]);
    assert!(run.out.starts_with("::error ") && run.out.contains("line=12"), "{}", run.out);
}

#[test]
fn json_is_json_also_when_there_is_nothing_to_say() {
    for (name, text) in [("json-good", GOOD), ("json-bad", "whn = { date = \"referral_date\" }\n")] {
        let folder = framework(name, &(indicator(text) + &test(2)));
        let run = staysafe(folder.path(), &["check", ".", "--format", "json"]);
        let parsed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(parsed.as_array().unwrap().is_empty(), run.code == 0, "{}", run.out);
    }
}

#[test]
fn warnings_are_findings_only_when_they_are_asked_for() {
    let folder = framework("untested", &indicator(GOOD));
    let run = staysafe(folder.path(), &["check", ".", "--format", "concise"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("warning[no-test]"), "{}", run.out);
    let run = staysafe(folder.path(), &["check", ".", "--fail-level", "warning"]);
    assert_eq!(run.code, 1);
}

#[test]
fn a_test_that_fails_is_a_finding() {
    let folder = framework("wrong-test", &(indicator(GOOD) + &test(3)));
    assert_eq!(staysafe(folder.path(), &["check", "."]).code, 0);
    let run = staysafe(folder.path(), &["verify", ".", "--format", "concise"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("expected 3, found 2"), "{}", run.out);
}

#[test]
fn a_folder_that_is_not_there_and_one_without_definitions_are_input_errors() {
    let folder = Folder::new("empty");
    for words in [["check", "nowhere"], ["check", "."]] {
        let run = staysafe(folder.path(), &words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
        assert!(run.err.contains("framework.toml"), "{}", run.err);
    }
}

#[test]
fn mutants_that_no_test_notices_are_listed_and_a_threshold_decides() {
    let counted = GOOD.to_owned() + "counted = \"distinct referral_date\"\n";
    let folder = framework("mutants", &(indicator(&counted) + &test(2)));
    let run = staysafe(folder.path(), &["verify", ".", "--mutate"]);
    assert_eq!(run.code, 0, "survivors are listed; only a threshold makes them a fault: {}", run.err);
    assert!(run.out.contains("referrals: 0 of 1 mutants killed (0%) by 1 test"), "{}", run.out);
    assert!(run.out.contains("survives  counted: distinct referral_date -> rows"), "{}", run.out);
    assert!(run.out.contains("- distinct referral_date\n            + rows"), "{}", run.out);

    let run =
        staysafe(folder.path(), &["verify", ".", "--mutate", "--at-least", "90", "--format", "concise"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("warning[mutant-survives]"), "{}", run.out);

    let json = staysafe(folder.path(), &["verify", ".", "--mutate", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(read["definitions"][0]["survivors"][0]["slip"], "key-dropped");

    let unknown = staysafe(folder.path(), &["verify", ".", "--mutate", "--indicator", "referal"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `referrals`?"), "{}", unknown.err);
    let alone = staysafe(folder.path(), &["verify", ".", "--at-least", "90"]);
    assert_eq!(alone.code, 2, "a threshold without mutants says nothing");
}

#[test]
fn build_servers_get_their_own_forms() {
    let bad = framework("forms", &indicator("when = { date = \"referal_date\" }\n"));
    for (format, sign) in [("gitlab", "\"check_name\""), ("sarif", "\"2.1.0\""), ("junit", "<testsuites ")] {
        let run = staysafe(bad.path(), &["check", ".", "--format", format]);
        assert_eq!(run.code, 1);
        assert!(run.out.contains(sign), "{format}: {}", run.out);
    }
}
