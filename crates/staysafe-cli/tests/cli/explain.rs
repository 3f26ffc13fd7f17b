//! How figures would be counted, told before anything is.

use crate::folder::Folder;
use crate::staysafe;

#[test]
fn without_a_file_it_tells_of_an_authority_that_carries_everything() {
    let folder = Folder::new("explain");
    let words = [
        "explain",
        "--periods",
        "2023-24 Q1,2023-24",
        "--indicator",
        "ctx-referrals",
        "--indicator",
        "ctx-nfa",
    ];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("referral by referral_date, once for 2 periods\n    for: ctx-nfa, ctx-referrals\n"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("memory:"), "nobody knows how many rows: {}", run.out);
    let run = staysafe(folder.path(), &["explain"]);
    assert_ne!(run.code, 0);
    assert!(run.err.contains("no period to calculate"), "{}", run.err);
}

#[test]
fn of_a_file_it_tells_rows_and_memory_and_no_value_of_any_record() {
    let folder = Folder::new("explain-file");
    folder.write(
        "children missing from home.csv",
        "Return,missing_from_home\nArea,805\nPeriod,2010-11\n\
         report,child,birth_date,sex,missing_place,missing_from,missing_to\nr1,kid-77,14/05/1999,F,home,12/06/2010,\n",
    );
    let words =
        ["explain", "children missing from home.csv", "--periods", "2010-11", "--indicator", "cs-13e"];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("missing_from_home by missing_from, 1 row, once for 1 period"), "{}", run.out);
    assert!(run.out.contains("memory: ") && !run.out.contains("kid-77"), "{}", run.out);
}
