//! One silent agency, one return that was sent back, one nil return, beside one that came: in the cells of the matrix, in the
//! figure, and on the scorecard.

use crate::folder::Folder;
use crate::staysafe;

const HEAD: &str = "report,child,birth_date,sex,missing_place,missing_from,missing_to\n";

fn register(agency: &str, rows: &str) -> String {
    format!("Return,missing_from_home\nAgency,{agency}\nArea,E06000001\nPeriod,2010-11 Q1\n{HEAD}{rows}")
}

/// Who owes what: due, received, nil declared, accepted.
fn asked(schools: &str) -> String {
    let of = |agency: &str, rest: &str| format!("{agency},missing_from_home,E06000001,2010-11 Q1,{rest}\n");
    let rows = [
        of("police", "31/07/2010,20/07/2010,no,yes"),
        of("schools", schools),
        of("caf-coordinator", "31/07/2010,,no,"),
        of("pct-public-health", "31/07/2010,,yes,"),
    ];
    let head = "agency,dataset,area,period,due,received,nil_declared,accepted\n";
    format!(
        "Return,expected_return\nAgency,lscb-business-unit\nArea,E06000001\nPeriod,all\n{head}{}",
        rows.concat()
    )
}

fn board(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("police.csv", &register("police", "r1,KID1,01/02/1998,F,home,03/04/2010,05/04/2010\n"))
        .write("schools.csv", &register("schools", "s1,KID8,01/02/1998,F,home,04/04/2010,05/04/2010\n"))
        .write("asked.csv", &asked("31/07/2010,25/07/2010,no,no"));
    folder
}

const FILES: [&str; 3] = ["police.csv", "schools.csv", "asked.csv"];

fn run(folder: &Folder, verb: &str, files: &[&str], words: &[&str]) -> String {
    let run = staysafe(folder.path(), &[&[verb], files, words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

/// The rows of the matrix, of one entry: agency, headline, supply and facts.
fn matrix(folder: &Folder, date: &str) -> Vec<String> {
    let words = ["--periods", "2010-11 Q1", "--by", "period,area,agency", "--date", date, "--format", "csv"];
    let rows = run(folder, "gap", &FILES, &words);
    let own = rows.lines().filter_map(|row| row.strip_prefix("cs-13e,2010-11 Q1,E06000001,"));
    own.map(str::to_owned).collect()
}

fn figure(folder: &Folder, files: &[&str]) -> String {
    let words = ["--indicator", "cs-13e", "--periods", "2010-11 Q1", "--by", "area", "--format", "csv"];
    let rows = run(folder, "calculate", files, &words);
    rows.lines().nth(1).unwrap().to_owned()
}

#[test]
fn each_agency_has_its_own_cell_in_the_matrix() {
    let folder = board("silence-matrix");
    assert_eq!(
        matrix(&folder, "2010-09-01"),
        [
            "caf-coordinator,gap,none,silent",
            "pct-public-health,available,available,nil-declared",
            "police,available,available,",
            "schools,partial,partial,sent-back",
        ]
    );
    // Before its day nobody is silent.
    assert_eq!(matrix(&folder, "2010-07-31")[0], "caf-coordinator,gap,none,not-yet-due");
    // What came again and was accepted leaves no trace of having been sent back.
    folder.write("asked.csv", &asked("31/07/2010,25/07/2010,no,yes"));
    assert_eq!(matrix(&folder, "2010-09-01")[3], "schools,available,available,");
}

#[test]
fn a_figure_knows_who_is_missing_from_it() {
    let folder = board("silence-figure");
    let row = figure(&folder, &FILES);
    assert!(row.contains(",2,,2,") && row.ends_with(",figure,partly-reported;low-reliability,2,4,"), "{row}");
    folder.write("asked.csv", &asked("31/07/2010,25/07/2010,no,yes"));
    assert!(
        figure(&folder, &FILES).ends_with(",figure,partly-reported;low-reliability,3,4,"),
        "{}",
        figure(&folder, &FILES)
    );
    // Where all there is was sent back, the figure stands on nothing that was accepted.
    let alone = asked("31/07/2010,25/07/2010,no,no");
    let others = ["police,", "caf-", "pct-"];
    let alone = alone.lines().filter(|line| !others.iter().any(|start| line.starts_with(start)));
    let alone = alone.collect::<Vec<_>>().join("\n") + "\n";
    folder.write("asked.csv", &alone);
    let row = figure(&folder, &["schools.csv", "asked.csv"]);
    assert!(row.ends_with(",figure,partly-reported;low-reliability,0,1,"), "{row}");
}

#[test]
fn the_scorecard_says_who_is_silent_what_was_sent_back_and_who_had_nothing() {
    let folder = board("silence-card");
    let words = [
        "--periods",
        "2010-11 Q1",
        "--for",
        "board",
        "--recipient",
        "The chair",
        "--date",
        "2010-09-01",
        "--out",
        "card",
    ];
    run(&folder, "report", &FILES, &words);
    for form in ["card/scorecard.md", "card/scorecard.html"] {
        let page = folder.read(form).replace("\\_", "_");
        for said in [
            "partly reported: 2 of 4 returns",
            "has not sent children reported missing to the police for 2010-11 Q1, due by 31 July 2010",
            "of Schools for 2010-11 Q1 was sent back",
            "nil return of pct-public-health, missing_from_home, 2010-11 Q1",
        ] {
            assert!(page.to_lowercase().contains(&said.to_lowercase()), "{said} is not in {form}");
        }
    }
}
