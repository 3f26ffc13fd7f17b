//! Local spellings: values that are no code are listed with the nearest, and an alias table reads them, in every reader.

use super::folder::Folder;
use super::returns::{census, child};
use super::{Run, staysafe};

fn three(name: &str) -> Folder {
    let kid = |id: &str, source: &str| {
        child(id, "2015-03-27", "2023-05-02")
            .replace("<ReferralSource>1A<", &format!("<ReferralSource>{source}<"))
    };
    census(name, &[kid("KID0001", "Police"), kid("KID0002", "the police"), kid("KID0003", "the police")])
}

fn calculate(folder: &Folder, words: &[&str]) -> Run {
    let fixed = [
        "calculate",
        "cin.xml",
        "--indicator",
        "ctx-referral-source",
        "--periods",
        "2023-24",
        "--format",
        "csv",
    ];
    staysafe(folder.path(), &[&fixed, words].concat())
}

#[test]
fn what_no_code_was_found_for_is_counted_with_the_nearest_code_and_masked() {
    let folder = three("aliases-listed");
    let run = calculate(&folder, &["--unmapped", "unmapped.csv"]);
    assert!(
        run.err.contains("3 × in ReferralSource of referral (code set referral_source), 2 spellings"),
        "{}",
        run.err
    );
    assert!(run.err.contains("1 × (masked): nearest 6"), "{}", run.err);
    assert!(!run.err.contains("the police"), "{}", run.err);
    assert!(!folder.read("unmapped.csv").contains("the police"));
    let run = calculate(&folder, &["--unmapped", "unmapped.csv", "--show-values"]);
    assert!(run.err.contains("2 × 'the police'"), "{}", run.err);
    assert!(folder.read("unmapped.csv").contains("referral_source,referral,ReferralSource,Police,1,6\n"));
}

#[test]
fn a_table_of_spellings_reads_them_whatever_their_case_and_marks() {
    let folder = three("aliases-read");
    folder.write("ours.toml", "[referral_source]\n\"POLICE.\" = \"6\"\n\"The Police\" = \"6\"\n");
    let run = calculate(&folder, &["--aliases", "ours.toml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.err.contains("no code of their set"), "{}", run.err);
    assert!(run.err.contains("3 × local-spelling in ReferralSource (oddities, nothing lost)"), "{}", run.err);
    assert!(run.out.contains("ctx-referral-source,share,6,E09000001,2023-24,3,3,100,"), "{}", run.out);
}

#[test]
fn a_wrong_table_is_refused_with_every_fault_in_its_place() {
    let folder = three("aliases-wrong");
    let wrong = "[referral_source]\n\"Police\" = \"6\"\n\"police\" = \"7\"\n\"Cops\" = \"66\"\n\"1A\" = \"1B\"\n\n\
                 [referal_source]\n\"x\" = \"6\"\n";
    folder.write("wrong.toml", wrong);
    let run = calculate(&folder, &["--aliases", "wrong.toml"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    for part in [
        "alias-contradicts",
        "'police' stands for 7 and, but for case, spaces and marks, for 6",
        "'66' is no code of referral_source",
        "'1A' is a code itself",
        "did you mean `referral_source`?",
        "wrong.toml:3:1",
    ] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    let run = calculate(&folder, &["--aliases", "none.toml"]);
    assert!(
        run.code == 2 && run.err.contains("none.toml: the file of local spellings cannot be read"),
        "{}",
        run.err
    );
}

#[test]
fn the_looked_after_return_and_registers_read_by_it_too() {
    let folder = Folder::new("aliases-903");
    folder.write("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,,2018-01-05,attended\n2,,2018-01-06,PN7\n");
    folder.write(
        "ours.toml",
        "[participation]\n\"Attended\" = \"PN1\"\n[missing_place]\n\"at home\" = \"home\"\n",
    );
    let words = [
        "calculate",
        "reviews.csv",
        "--year",
        "2018",
        "--area",
        "805",
        "--indicator",
        "cs-23",
        "--periods",
        "2017-18",
    ];
    let before = staysafe(folder.path(), &words);
    assert!(before.err.contains("1 × in REVIEW_CODE of looked_after_review"), "{}", before.err);
    let after = staysafe(folder.path(), &[&words[..], &["--aliases", "ours.toml"]].concat());
    assert!(after.err.contains("1 × local-spelling in REVIEW_CODE"), "{}", after.err);
}
