//! Counts that a partner made, from a file to figures.

use crate::folder::Folder;
use crate::staysafe;

const COUNTS: &str = "indicator,area,period,agency,numerator,denominator,note\n\
    jd-16,E06000001,2010-11,police,12,40,\n\
    jd-16,806,2010-11,police,<5,40,small\n\
    jd-16,E06000003,2010-11,police,50,40,\n\
    jd-16,E06000003,2010-11 Q1,police,5,40,\n\
    jd-99,E06000003,2010-11,police,5,40,\n";

#[test]
fn counts_alone_give_figures_and_wrong_ones_their_place() {
    let folder = Folder::new("counts");
    folder.write("police.csv", COUNTS);
    let words = [
        "calculate",
        "police.csv",
        "--indicator",
        "jd-16",
        "--periods",
        "2010-11",
        "--by",
        "area",
        "--format",
        "csv",
        "--rejects",
        "rejects.csv",
    ];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 0, "{}", run.err);
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
