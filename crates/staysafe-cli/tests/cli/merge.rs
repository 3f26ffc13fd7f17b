//! Partial states through the command: written apart, merged in any order, refused where they do not belong together.

use super::folder::Folder;
use super::returns::child;
use super::{Run, staysafe};

fn census(authority: &str, children: &[String]) -> String {
    format!(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>\
         <ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails><Source><LEA>{authority}</LEA>\
         <SerialNo>001</SerialNo></Source></Header><Children>{}</Children></Message>",
        children.concat()
    )
}

/// Censuses of three authorities, of which two have numbered a child alike.
fn three(name: &str) -> Folder {
    let folder = Folder::new(name);
    let one = child("KID0001", "2015-03-27", "2023-05-02");
    let two = child("KID0002", "2016-01-01", "2023-07-01");
    folder.write("a.xml", &census("201", &[one.clone(), two]));
    folder.write("b.xml", &census("202", &[one]));
    folder.write("c.xml", &census("203", &[]));
    folder
}

fn asked(words: &[&str]) -> Vec<String> {
    let all = ["--periods", "2023-24 Q1,2023-24", "--by", "region"];
    all.iter().chain(words).map(|word| (*word).to_owned()).collect()
}

fn run(folder: &Folder, verb: &[&str], words: &[String]) -> Run {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    staysafe(folder.path(), &[verb, &words].concat())
}

fn partial(folder: &Folder, file: &str, out: &str) -> Run {
    run(folder, &["calculate", file], &asked(&["--partial", out]))
}

#[test]
fn merged_states_give_what_one_calculation_gives() {
    let folder = three("merge");
    for (file, out) in [("a.xml", "a.arrow"), ("b.xml", "b.arrow"), ("c.xml", "c.arrow")] {
        let made = partial(&folder, file, out);
        assert_eq!((made.code, made.out.as_str()), (0, ""), "{}", made.err);
        assert!(made.err.contains("states of"), "{}", made.err);
    }
    let whole = run(&folder, &["calculate", "a.xml", "b.xml", "c.xml"], &asked(&["--format", "json"]));
    assert_eq!(whole.code, 0, "{}", whole.err);
    let csv = ["--format".to_owned(), "json".to_owned()];
    let merged = run(&folder, &["merge", "c.arrow", "a.arrow", "b.arrow"], &csv);
    assert_eq!(merged.code, 0, "{}", merged.err);
    assert_eq!(merged.out, whole.out);

    // And in two steps.
    let step = run(&folder, &["merge", "b.arrow", "c.arrow", "--partial", "bc.arrow"], &[]);
    assert_eq!((step.code, step.out.as_str()), (0, ""), "{}", step.err);
    assert_eq!(run(&folder, &["merge", "bc.arrow", "a.arrow"], &csv).out, whole.out);
}

#[test]
fn what_does_not_belong_together_is_refused_with_its_file() {
    let folder = three("merge-refused");
    partial(&folder, "a.xml", "a.arrow");
    let twice = run(&folder, &["merge", "a.arrow", "a.arrow"], &[]);
    assert_eq!((twice.code, twice.out.as_str()), (2, ""));
    assert!(twice.err.contains("a.arrow") && twice.err.contains("overlap"), "{}", twice.err);

    let other = ["calculate", "b.xml", "--periods", "2023-24", "--partial", "b.arrow"];
    assert_eq!(staysafe(folder.path(), &other).code, 0);
    let mixed = run(&folder, &["merge", "a.arrow", "b.arrow"], &[]);
    assert!(mixed.err.contains("b.arrow") && mixed.err.contains("the plan is"), "{}", mixed.err);

    folder.write("c.arrow", "no states");
    let none = run(&folder, &["merge", "c.arrow"], &[]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("c.arrow: these partial states are damaged"), "{}", none.err);

    let without = staysafe(folder.path(), &["calculate", "b.xml", "--partial", "b.arrow"]);
    assert_eq!(without.code, 2);
    assert!(without.err.contains("--periods"), "{}", without.err);
}
