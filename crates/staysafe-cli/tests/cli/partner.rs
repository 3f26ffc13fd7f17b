//! What goes to partner agencies and comes back: templates filled in by hand, and the rows of the scorecard that turn.

use super::folder::Folder;
use super::staysafe;

const AREA: &str = "E06000001";

/// A template's table as a partner gets it, without its mark.
fn empty(folder: &Folder, dataset: &str, words: &[&str]) -> String {
    let made =
        staysafe(folder.path(), &[&["template", dataset, "--area", AREA, "--out", "sent"], words].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains(&format!("sent/{dataset}.xlsx")), "{}", made.out);
    folder.read(&format!("sent/{dataset}.csv")).trim_start_matches('\u{FEFF}').replace("\r\n", "\n")
}

/// Writes beside a line of the head, as by hand.
fn fill(table: &str, label: &str, value: &str) -> String {
    let lines = table.lines().map(|line| {
        let mut cells: Vec<&str> = line.splitn(3, ',').collect();
        if let [first, cell, ..] = cells.as_mut_slice()
            && *first == label
        {
            *cell = value;
        }
        cells.join(",")
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn police(folder: &Folder) -> String {
    let table = empty(folder, "missing_from_home", &["--agency", "police", "--period", "2010-11 Q1"]);
    assert!(table.contains("Period,2010-11 Q1,"), "{table}");
    table
        + "r1,KID1,01/02/1998,F,home,03/04/2010,05/04/2010\nr2,KID2,01/02/1999,M,home,10/05/2010,\nr3,KID3,2000-02-01,F,care,2010-06-01,\n"
}

/// A row of `calculate`: value, outcome, flags, reported and expected.
fn cell(folder: &Folder, files: &[&str], indicator: &str, period: &str) -> String {
    let words = ["--indicator", indicator, "--periods", period, "--by", "area", "--format", "csv"];
    let run = staysafe(folder.path(), &[&["calculate"], files, &words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let mut lines = run.out.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let row = lines.find(|row| row.contains(&AREA)).unwrap_or_default();
    let of = |name: &str| {
        let at = head.iter().position(|column| *column == name).unwrap();
        row.get(at).copied().unwrap_or("-").to_owned()
    };
    [of("value"), of("outcome"), of("flags"), of("reported"), of("expected")].join("|")
}

#[test]
fn templates_that_come_back_untouched_say_nothing() {
    let folder = Folder::new("untouched");
    let table = empty(&folder, "missing_from_home", &["--agency", "police", "--period", "2010-11 Q1"]);
    let book = std::fs::read(folder.path().join("sent/missing_from_home.xlsx")).unwrap();
    empty(&folder, "missing_from_home", &["--agency", "police", "--period", "2010-11 Q1"]);
    let again = std::fs::read(folder.path().join("sent/missing_from_home.xlsx")).unwrap();
    assert_eq!(book, again, "the same bytes");
    folder.write("police.csv", &table);
    for file in ["police.csv", "sent/missing_from_home.xlsx"] {
        let found = cell(&folder, &[file], "cs-13e", "2010-11 Q1");
        assert_eq!(found, "|not-reported||0|1", "{file}: a template that nobody filled in is no 0");
        let receipt = staysafe(folder.path(), &["receipt", file]);
        assert_eq!(receipt.code, 1);
        assert!(receipt.out.contains("missing_from_home: rejected"), "{}", receipt.out);
        assert!(receipt.out.contains("write yes beside Nil return"), "{}", receipt.out);
    }
}

#[test]
fn a_filled_in_template_a_nil_return_a_silent_agency_and_a_resubmission_turn_the_rows() {
    let folder = Folder::new("turn");
    let filled = police(&folder);
    folder.write("police.csv", &filled);
    assert_eq!(cell(&folder, &["police.csv"], "cs-13e", "2010-11 Q1"), "2|figure||1|1");

    // The register of returns asked for: another agency owes the same, and has not answered.
    let asked = empty(&folder, "expected_return", &["--agency", "lscb-business-unit"]);
    let asked = fill(&asked, "Period", "all")
        + "police,missing_from_home,E06000001,2010-11 Q1,31/07/2010,20/07/2010,,yes\n\
           schools,missing_from_home,E06000001,2010-11 Q1,31/07/2010,,,\n";
    folder.write("asked.csv", &asked);
    let both = ["police.csv", "asked.csv"];
    assert_eq!(cell(&folder, &both, "cs-13e", "2010-11 Q1"), "2|figure|partly-reported;low-reliability|1|2");
    let card =
        ["report", "police.csv", "asked.csv", "--out", "card", "--for", "board", "--recipient", "The chair"];
    let run = staysafe(folder.path(), &[&card[..], &["--date", "2010-09-01"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.read("card/scorecard.md").contains("partly reported: 1 of 2 returns"));

    // It answers that there was nothing: the figure is whole.
    folder.write("asked.csv", &asked.replace("31/07/2010,,,\n", "31/07/2010,,yes,\n"));
    assert_eq!(cell(&folder, &both, "cs-13e", "2010-11 Q1"), "2|figure||2|2");

    // The police send it again: one report was wrong, one is new.
    let again = fill(
        &fill(&filled, "Submission number", "2"),
        "Reason for sending again",
        "one report was a mistake",
    );
    folder.write(
        "police-again.csv",
        &again
            .replace("r2,KID2", "r4,KID4")
            .replace("r3,KID3,2000-02-01,F,care", "r3,KID3,2000-02-01,F,home"),
    );
    let all = ["police-again.csv", "police.csv", "asked.csv"];
    assert_eq!(cell(&folder, &all, "cs-13e", "2010-11 Q1"), "3|figure||2|2");
    let run = staysafe(
        folder.path(),
        &[&["calculate"], &all[..], &["--revisions", "revised.csv", "--indicator", "cs-13e"]].concat(),
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let revised = folder.read("revised.csv");
    assert!(
        revised.contains("vanished") && revised.contains("revised") && revised.contains("missing_place"),
        "{revised}"
    );
}

#[test]
fn a_nil_return_from_health_is_a_nought_over_the_population() {
    let folder = Folder::new("nil");
    let health =
        empty(&folder, "hospital_admission", &["--agency", "pct-public-health", "--period", "2010-11"]);
    let people = "Return,population\nArea,E06000001\nPeriod,all\narea,mid_year,sex,age,ethnicity,persons\n\
                  E06000001,30/06/2010,,5,,1000\n";
    folder.write("people.csv", people).write("health.csv", &health);
    let files = ["health.csv", "people.csv"];
    assert_eq!(cell(&folder, &files, "cs-12", "2010-11"), "|not-reported||0|1");
    folder.write("health.csv", &fill(&health, "Nil return", "yes"));
    assert_eq!(cell(&folder, &files, "cs-12", "2010-11"), "0|figure||1|1");
    // On the scorecard health's nil return is a 0 beside the police's figure.
    folder.write("police.csv", &police(&folder));
    let card = ["report", "health.csv", "people.csv", "police.csv", "--out", "card", "--periods", "2010-11"];
    let board = ["--for", "board", "--recipient", "The chair", "--date", "2011-06-01"];
    assert_eq!(staysafe(folder.path(), &[&card[..], &board].concat()).code, 0);
    let page = folder.read("card/scorecard.md");
    let entry = |id: &str| {
        page.split("\n#### ").find(|entry| entry.lines().next().is_some_and(|top| top.ends_with(id))).unwrap()
    };
    assert!(entry(", cs-12)").contains("| 2010-11 | 0.0 per 10,000 | 0 | 1,000 |"), "{}", entry(", cs-12)"));
    assert!(entry(", cs-13e)").contains("| 2010-11 | 2 | 2 |"), "{}", entry(", cs-13e)"));
    folder.write("people.csv", &people.replace(",1000", ",<5"));
    assert_eq!(cell(&folder, &files, "cs-12", "2010-11"), "|suppressed||1|1", "never a rate of what is left");
}

#[test]
fn a_wrong_file_is_said_and_the_rest_still_computes() {
    let folder = Folder::new("wrong");
    folder.write("police.csv", &police(&folder));
    folder.write("health.csv", "admission,admission_date,area_of_residence\n1,01/05/2010,E06000001\n");
    let run = staysafe(
        folder.path(),
        &[
            "calculate",
            "police.csv",
            "health.csv",
            "--indicator",
            "cs-13e",
            "--periods",
            "2010-11 Q1",
            "--format",
            "csv",
        ],
    );
    assert_eq!(run.code, 1, "a finding");
    assert!(run.err.contains("health.csv: error[not-given] nobody says whose it is"), "{}", run.err);
    assert!(run.out.contains("cs-13e,count,,E06000001,2010-11 Q1,2"), "{}", run.out);
    folder.write("elsewhere.csv", &police(&folder).replace(AREA, "Hartlepool"));
    let run = staysafe(
        folder.path(),
        &[
            "calculate",
            "police.csv",
            "elsewhere.csv",
            "--indicator",
            "cs-13e",
            "--periods",
            "2010-11 Q1",
            "--format",
            "csv",
        ],
    );
    assert!(run.code == 1 && run.err.contains("give the code of Hartlepool: E06000001"), "{}", run.err);
    assert!(run.out.contains("cs-13e,count,,E06000001,2010-11 Q1,2"), "{}", run.out);
    let mangled =
        police(&folder).replace("missing_from,", "misssing_from,").replace("05/04/2010", "04/25/2010");
    folder.write("police.csv", &mangled);
    let receipt = staysafe(folder.path(), &["receipt", "police.csv", "health.csv"]);
    assert_eq!(receipt.code, 1);
    for part in [
        "police.csv: missing_from_home: queried",
        "3 rows taken, 0 rows rejected, 1 values rejected",
        "it may be missing_from",
        "health.csv: no dataset: rejected",
    ] {
        assert!(receipt.out.contains(part), "{part} is not in\n{}", receipt.out);
    }
    assert!(
        !receipt.out.contains("KID") && !receipt.out.contains("04/25/2010"),
        "no value travels: {}",
        receipt.out
    );
}

#[test]
fn a_request_says_what_the_board_wants_and_a_wrong_name_is_answered() {
    let folder = Folder::new("request");
    let words = [
        "request",
        "police",
        "--period",
        "2010-11 Q1",
        "--due",
        "2010-07-31",
        "--contact",
        "board@example.org",
    ];
    let page = staysafe(folder.path(), &words);
    assert_eq!(page.code, 0, "{}", page.err);
    for part in ["(`missing_from_home`)", "31 July 2010", "board@example.org", "cs-13e"] {
        assert!(page.out.contains(part), "{part} is not in\n{}", page.out);
    }
    let file = staysafe(folder.path(), &[&words[..], &["--out", "police.html"]].concat());
    assert_eq!(file.code, 0, "{}", file.err);
    assert!(folder.read("police.html").starts_with("<!DOCTYPE html>"));
    let wrong = staysafe(folder.path(), &["request", "polise"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean `police`?"), "{}", wrong.err);
    let wrong = staysafe(folder.path(), &["template", "missing_from_hom"]);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `missing_from_home`?"), "{}", wrong.err);
}
