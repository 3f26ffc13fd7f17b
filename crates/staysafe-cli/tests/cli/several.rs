//! Several returns of one authority, as the command joins them.

use super::folder::Folder;
use super::returns::child;
use super::{Run, staysafe};

/// A census of a year, with what tells two of one year apart.
fn census(year: i32, serial: u32, children: &[String]) -> String {
    format!(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>\
         <ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails><Source><LEA>201</LEA>\
         <SerialNo>{serial:03}</SerialNo></Source></Header><Children>{}</Children></Message>",
        children.concat()
    )
}

fn closed(referred: &str, day: &str) -> String {
    referred.replace(
        "<ReferralNFA>",
        &format!(
            "<CINclosureDate>{day}</CINclosureDate><ReasonForClosure>RC8</ReasonForClosure><ReferralNFA>"
        ),
    )
}

/// Three children: one whose case runs on, one whose case was closed in the first year, one whose open case the
/// second year forgets.
fn two_years(name: &str) -> Folder {
    let runs = child("KID0001", "2015-03-27", "2023-05-02");
    let over = closed(&child("KID0002", "2016-01-01", "2023-06-01"), "2023-09-01");
    let gone = child("KID0003", "2016-01-01", "2023-07-01");
    let folder = Folder::new(name);
    folder.write("cin2024.xml", &census(2024, 1, &[runs.clone(), over, gone]));
    let new = child("KID0004", "2017-01-01", "2024-05-01");
    folder.write("cin2025.xml", &census(2025, 1, &[closed(&runs, "2024-10-01"), new]));
    folder
}

fn calculate(folder: &Folder, files: &[&str], words: &[&str]) -> Run {
    let asked = ["--indicator", "ctx-referrals", "--periods", "2023-24,2024-25", "--format", "csv"];
    staysafe(folder.path(), &[&["calculate"], files, &asked, words].concat())
}

fn values(run: &Run) -> Vec<String> {
    assert_eq!(run.code, 0, "{}", run.err);
    let column = |line: &str| line.split(',').nth(5).unwrap_or_default().to_owned();
    run.out.lines().skip(1).map(column).collect()
}

#[test]
fn two_years_are_one_in_any_order() {
    let folder = two_years("several-order");
    let forwards = calculate(&folder, &["cin2024.xml", "cin2025.xml"], &[]);
    assert_eq!(values(&forwards), ["2", "1"], "the forgotten case is dropped\n{}", forwards.out);
    assert!(forwards.out.contains("vanished=1"), "{}", forwards.out);
    let said = "referral of 201: 1 revised by a later return; 1 no longer in a later return, left out";
    assert!(forwards.err.contains(said), "{}", forwards.err);
    assert!(!forwards.err.contains("KID"), "nobody is named\n{}", forwards.err);
    let backwards = calculate(&folder, &["cin2025.xml", "cin2024.xml"], &[]);
    assert_eq!(backwards.out, forwards.out);
    folder.write("again.xml", &folder.read("cin2024.xml"));
    let stacked = calculate(&folder, &["again.xml", "cin2024.xml", "cin2025.xml"], &[]);
    assert_eq!(stacked.out, forwards.out);
    assert!(stacked.err.contains("cin2024.xml: a copy of again.xml, and left out"), "{}", stacked.err);
}

#[test]
fn revisions_are_listed_and_masked() {
    let folder = two_years("several-list");
    let files = ["cin2024.xml", "cin2025.xml"];
    let run = calculate(&folder, &files, &["--revisions", "revisions.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let list = folder.read("revisions.csv");
    assert!(list.starts_with("area,dataset,what,record,fields,where\n"), "{list}");
    assert!(
        list.contains("vanished,\"child (masked), referral_date 2023-07-01\",,cin2024.xml record 3"),
        "{list}"
    );
    assert!(
        list.contains("\"closure_date, closure_reason\",cin2024.xml record 1; cin2025.xml record 1"),
        "{list}"
    );
    calculate(&folder, &files, &["--revisions", "revisions.csv", "--show-values"]);
    assert!(folder.read("revisions.csv").contains("KID0003"));
    let json = staysafe(
        folder.path(),
        &["calculate", "cin2024.xml", "cin2025.xml", "--indicator", "ctx-referrals", "--format", "json"],
    );
    assert!(json.out.contains("\"vanished\": 1"), "{}", json.out);
}

#[test]
fn the_greater_serial_number_decides_and_without_one_nobody_does() {
    let folder = Folder::new("several-serial");
    let kid = |day| child("KID0001", "2015-03-27", day);
    folder
        .write("a.xml", &census(2024, 2, &[kid("2023-05-02"), child("KID0002", "2015-03-27", "2023-05-02")]));
    folder.write("b.xml", &census(2024, 1, &[kid("2023-05-03")]));
    assert_eq!(values(&calculate(&folder, &["a.xml", "b.xml"], &[])), ["2", ""]);
    folder.write("b.xml", &census(2024, 2, &[kid("2023-05-03")]));
    let run = calculate(&folder, &["a.xml", "b.xml"], &[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("a.xml and b.xml both carry 'child'"), "{}", run.err);
    assert!(
        run.err.contains("neither reference date, serial number nor time says which is later"),
        "{}",
        run.err
    );
}

#[test]
fn a_case_is_told_with_the_file_it_comes_from() {
    let folder = two_years("several-why");
    let words = [
        "why",
        "cin2024.xml",
        "cin2025.xml",
        "--indicator",
        "ctx-referrals",
        "--key",
        "KID0002",
        "--period",
        "2023-24",
    ];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("cin2024.xml"), "{}", run.out);
}
