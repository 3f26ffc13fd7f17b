//! Counts that a partner made, from a file to figures.

use crate::folder::Folder;
use crate::{Run, staysafe};

const COUNTS: &str = "indicator,area,period,agency,numerator,denominator,note\n\
    jd-16,E06000001,2010-11,police,12,40,\n\
    jd-16,806,2010-11,police,<5,40,small\n\
    jd-16,E06000003,2010-11,police,50,40,\n\
    jd-16,E06000003,2010-11 Q1,police,5,40,\n\
    jd-99,E06000003,2010-11,police,5,40,\n";

/// Calculates 2010-11 by area, with what is rejected in `rejects.csv`.
fn by_area(folder: &Folder, asked: &[&str]) -> Run {
    let how = ["--periods", "2010-11", "--by", "area", "--format", "csv", "--rejects", "rejects.csv"];
    let run = staysafe(folder.path(), &[&["calculate"], asked, &how].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

#[test]
fn counts_alone_give_figures_and_wrong_ones_their_place() {
    let folder = Folder::new("counts");
    folder.write("police.csv", COUNTS);
    let run = by_area(&folder, &["police.csv", "--indicator", "jd-16"]);
    assert!(run.out.contains("jd-16,percentage,,E06000001,2010-11,12,40,30,"), "{}", run.out);
    assert!(run.out.contains("jd-16,percentage,,E06000002,2010-11,,,,,,suppressed"), "{}", run.out);
    assert!(!run.out.contains("E06000003"), "no figure is made of what cannot be: {}", run.out);
    let rejects = folder.read("rejects.csv");
    for expected in [
        "numerator,more-than-all,record",
        "period,period-not-of-its-cycle,record",
        "indicator,unknown-indicator,record",
    ] {
        assert!(rejects.contains(expected), "{expected} is not in\n{rejects}");
    }
}

#[test]
fn areas_roll_up_and_what_one_hides_hides_the_region() {
    let folder = Folder::new("counts-region");
    folder.write("police.csv", &COUNTS.replace("<5", "8"));
    let words = [
        "calculate",
        "police.csv",
        "--indicator",
        "jd-16",
        "--periods",
        "2010-11",
        "--by",
        "region",
        "--format",
        "csv",
    ];
    let run = staysafe(folder.path(), &words);
    assert!(run.out.contains("E12000001,E12000001,2010-11,20,80,25,"), "{}", run.out);
    folder.write("police.csv", COUNTS);
    let run = staysafe(folder.path(), &words);
    assert!(run.out.contains("E12000001,E12000001,2010-11,,,,,,suppressed"), "{}", run.out);
}

#[test]
fn counts_without_an_area_are_nobodys() {
    let folder = Folder::new("counts-nobody");
    folder.write("police.csv", "indicator,area,period,numerator\njd-04,,2010-11 Q1,5\n");
    let run = staysafe(folder.path(), &["calculate", "police.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("nobody says whose it is"), "{}", run.err);
    let run = staysafe(
        folder.path(),
        &["calculate", "police.csv", "--area", "805", "--indicator", "jd-04", "--format", "csv"],
    );
    assert!(run.out.contains("E06000001,2010-11 Q1,5,"), "{}\n{}", run.out, run.err);
}

/// What two agencies counted in four quarters; one hides a quarter of `jd-01b`, and a quarter of `rev-04` is not there.
const QUARTERS: &str = "indicator,area,period,agency,numerator,denominator,note\n\
    jd-01b,E06000001,2010-11 Q1,police,1101,,\njd-01b,E06000001,2010-11 Q2,police,<5,,\n\
    jd-01b,E06000001,2010-11 Q3,police,1203,,\njd-01b,E06000001,2010-11 Q4,police,1304,,\n\
    jd-01b,E06000001,2010-11 Q1,schools,1701,,\njd-01b,E06000001,2010-11 Q2,schools,1602,,\n\
    jd-01b,E06000001,2010-11 Q3,schools,1803,,\njd-01b,E06000001,2010-11 Q4,schools,1904,,\n\
    rev-04,E06000001,2010-11 Q1,schools,2101,,\nrev-04,E06000001,2010-11 Q2,schools,2202,,\n\
    rev-04,E06000001,2010-11 Q4,schools,2304,,\n\
    jd-01b,806,2010-11,police,40,,\nrev-04,806,2010-11,police,40,,\n";

#[test]
fn no_total_of_hidden_or_missing_quarters_stands_whole_on_any_scorecard() {
    let folder = Folder::new("counts-scorecard");
    folder.write("counts.csv", QUARTERS);
    let board = ["--for", "board", "--recipient", "The chair", "--date", "2011-06-01"];
    for (out, words) in [("board", &board[..]), ("published", &[])] {
        let all = ["report", "counts.csv", "--out", out, "--periods", "2010-11"];
        let run = staysafe(folder.path(), &[&all[..], words].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let page = folder.read(&format!("{out}/scorecard.md"));
        let entry = |id: &str| page.split("\n#### ").find(|entry| entry.contains(id)).unwrap().to_owned();
        // Of the police what is known, of the schools all, of both, and with the other area.
        let totals = ["3608", "7010", "10618", "7050", "10658", "3648"];
        let files = ["scorecard.md", "scorecard.html", "scorecard.json", "gaps.html"];
        for file in files.map(|file| format!("{out}/{file}")) {
            let text = folder.read(&file).replace(',', "");
            for total in totals {
                assert!(!text.contains(total), "{total} stands in {file}");
            }
        }
        assert!(entry("jd-01b)").contains("| hidden |"), "{}", entry("jd-01b)"));
        let partly = entry("rev-04)");
        assert!(partly.contains("partly reported: 4 of 5 returns"), "{partly}");
    }
    let words = ["calculate", "counts.csv", "--periods", "2010-11", "--format", "csv", "--indicator"];
    let whole = staysafe(folder.path(), &[&words[..], &["jd-01b"]].concat());
    assert!(whole.out.contains("jd-01b,count,,all,2010-11,,,,,,suppressed"), "{}", whole.out);
    let quarter = QUARTERS.replace("<5", "1000");
    folder.write("counts.csv", &quarter);
    let whole = staysafe(folder.path(), &[&words[..], &["jd-01b"]].concat());
    assert!(whole.out.contains("jd-01b,count,,all,2010-11,11658,,11658,"), "{}", whole.out);
}

#[test]
fn a_count_is_something_and_not_all_that_is_needed() {
    let folder = Folder::new("counts-gap");
    let rows = COUNTS.lines().take(3).collect::<Vec<_>>().join("\n");
    folder.write("police.csv", &(rows + "\n"));
    let gap = |words: &[&str]| {
        staysafe(folder.path(), &[&["gap", "police.csv", "--date", "2011-06-01"][..], words].concat()).out
    };
    let all: serde_json::Value = serde_json::from_str(&gap(&["--format", "json"])).unwrap();
    let (with, without) = (&all["gaps"]["jd-16"], &all["gaps"]["jd-17"]);
    assert_eq!((&with["headline"], &with["supply"]), (&"partial".into(), &"partial".into()));
    assert!(with["reasons"].as_array().unwrap().iter().any(|why| why["reason"] == "only-counted"), "{with}");
    assert_eq!(with["ask"][0]["dataset"], "workforce_check", "its records are still asked for");
    assert_eq!(without["headline"], "gap");
    let cells = gap(&["--periods", "2009-10,2010-11", "--by", "period,area", "--format", "csv"]);
    for cell in [
        "jd-16,2010-11,E06000001,partial,partial,not-arrived only-counted",
        "jd-16,2010-11,E06000002,partial,partial,not-arrived only-counted",
        "jd-16,2009-10,E06000001,gap,none,not-arrived",
    ] {
        assert!(cells.lines().any(|line| line == cell), "{cell} is not in\n{cells}");
    }
    let lost: serde_json::Value =
        serde_json::from_str(&gap(&["--what-if", "lose agency police", "--format", "json"])).unwrap();
    assert_eq!(lost["after"]["gaps"]["jd-16"]["headline"], "gap");
}

/// A council that the framework does not list stands under its own code, whether it gives records or counts; what is no code does not.
#[test]
fn an_area_that_the_framework_lacks_is_kept_alike_of_counts_and_of_records() {
    let folder = Folder::new("counts-unlisted");
    folder.write(
        "police.csv",
        "indicator,area,period,agency,numerator,denominator\n\
         jd-16,E06000001,2010-11,police,1,4\n\
         jd-16,Nowhere,2010-11,police,3,4\n\
         jd-16,999,2010-11,police,12,40\n",
    );
    folder.write(
        "children missing from home.csv",
        "Return,missing_from_home\nArea,999\nPeriod,2010-11\n\
         report,child,birth_date,missing_place,missing_from\nr1,k1,14/05/1999,home,12/06/2010\n",
    );
    let files = ["police.csv", "children missing from home.csv"];
    let run = by_area(&folder, &[&files[..], &["--indicator", "jd-16", "--indicator", "cs-13e"]].concat());
    assert!(run.out.contains("jd-16,percentage,,999,2010-11,12,40,30,"), "{}\n{}", run.out, run.err);
    assert!(run.out.contains("jd-16,percentage,,E06000001,2010-11,1,4,25,"), "{}", run.out);
    assert!(run.out.contains("cs-13e,count,,999,2010-11,1,,1,"), "{}", run.out);
    for file in files {
        let said = run.err.lines().find(|line| line.starts_with(file) && line.contains("unknown-area"));
        assert!(
            said.is_some_and(|line| line.contains("'999'") && line.contains("kept as given")),
            "{}",
            run.err
        );
    }
    let rejects = folder.read("rejects.csv");
    assert!(rejects.contains("area,unknown-area,record"), "{rejects}");
    assert!(!run.out.contains("Nowhere"), "{}", run.out);
}
