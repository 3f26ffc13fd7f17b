//! Wrong files, kind by kind and reader by reader: what an analyst is told, with counts, and that the rest computes.
//! Lists of an Annex A have tests of their own.

use std::fs;

use super::folder::Folder;
use super::returns::{census, child};
use super::{Run, staysafe};

const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
    1,01/05/2017,S,C2,N1,U4,PR1,,,,,,\n2,01/06/2017,S,C2,N1,U4,PR1,,,,,,\n";
const HEADER: &str =
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/2008,WBRI,UN1,0,\n2,2,01/02/2009,WBRI,UN1,0,\n";
const REVIEWS: &str =
    "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2008,28/05/2017,PN1\n2,01/02/2009,20/06/2017,PN1\n";

/// A looked-after return with something changed in one of its tables; its stock at the year's end and its reviews.
fn looked_after(name: &str, file: &str, from: &str, to: &str) -> Run {
    let folder = Folder::new(name);
    for (table, text) in [("episodes.csv", EPISODES), ("header.csv", HEADER), ("reviews.csv", REVIEWS)] {
        let changed = if table == file { text.replace(from, to) } else { text.to_owned() };
        assert!(table != file || changed != text, "{from} stands in {file}");
        folder.write(table, &changed);
    }
    let words = "calculate . --year 2018 --area 805 --indicator cs-20 --indicator cs-23 --periods 2017-18 --format csv";
    staysafe(folder.path(), &words.split(' ').collect::<Vec<_>>())
}

fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.err.contains(part), "{part} is not in\n{}\n{}", run.err, run.out);
    }
}

#[test]
fn a_looked_after_return_that_ends_before_it_starts_or_says_a_thing_twice() {
    let run = looked_after(
        "wrong-end",
        "episodes.csv",
        "2,01/06/2017,S,C2,N1,U4,PR1,,,",
        "2,01/06/2017,S,C2,N1,U4,PR1,01/05/2017,E4A,",
    );
    says(&run, &["1 × dates-inverted in DEC (oddities, nothing lost); first in", "line 3"]);
    assert!(run.out.contains("cs-23,percentage,,E06000001,2017-18,1,1,100,"), "{}", run.out);
    let run = looked_after(
        "wrong-twice",
        "episodes.csv",
        "2,01/06/2017,S,",
        "1,01/05/2017,S,V2,N1,U4,PR1,,,,,,\n2,01/06/2017,S,",
    );
    says(&run, &["1 × duplicate-key in CHILD, DECOM (oddities, nothing lost)", "line 3"]);
    let run = looked_after(
        "wrong-same",
        "reviews.csv",
        "2,01/02/2009,20/06/2017,PN1",
        "2,01/02/2009,20/06/2017,PN1\n2,01/02/2009,20/06/2017,PN1",
    );
    says(&run, &["1 × duplicate-row in CHILD, REVIEW"]);
    assert!(run.out.contains("cs-23,percentage,,E06000001,2017-18,2,2,100,"), "{}", run.out);
}

#[test]
fn reviews_for_children_whom_nobody_knows_are_counted_and_the_rest_computes() {
    let run = looked_after("wrong-child", "reviews.csv", "2,01/02/2009", "77,01/02/2009");
    says(
        &run,
        &[
            "rows of children who stand in no row of Header: 1 of 1 children; they are kept",
            "child-without-header",
        ],
    );
    assert!(run.out.contains("cs-23,percentage,,E06000001,2017-18,1,1,100,"), "{}", run.out);
}

#[test]
fn a_looked_after_table_with_a_column_missing_or_a_day_the_wrong_way_round() {
    let run = looked_after("wrong-column", "reviews.csv", "REVIEW_CODE", "CODE_OF_REVIEW");
    says(&run, &["unknown-column in CODE_OF_REVIEW", "missing-column in REVIEW_CODE"]);
    assert!(run.out.contains("cs-23,") && run.out.contains("not-reported"), "{}", run.out);
    assert!(run.out.contains("cs-20,"), "the stock computes\n{}", run.out);
    let run = looked_after("wrong-day", "reviews.csv", "28/05/2017", "05/28/2017");
    says(&run, &["1 × bad-date in REVIEW (values)", "reviews.csv, record 1, line 2"]);
}

#[test]
fn a_census_that_contradicts_itself_or_is_in_another_encoding() {
    let kids = [child("KID0001", "2015-03-27", "2023-05-02"), child("KID0001", "2016-01-01", "2023-11-30")];
    let folder = census("wrong-census", &kids);
    let words = "calculate cin.xml --indicator ctx-referrals --periods 2023-24 --format csv";
    let words: Vec<&str> = words.split(' ').collect();
    let run = staysafe(folder.path(), &words);
    says(&run, &["1 × duplicate-child in LAchildID", "child of 201: "]);
    assert!(run.out.contains("ctx-referrals,count,,E09000001,2023-24,2,"), "{}", run.out);
    let wrong = folder
        .read("cin.xml")
        .replace("2023-11-30", "30/11/2023")
        .replace("<ReferralNFA>0", "<Unheard>1</Unheard><ReferralNFA>0");
    folder.write("cin.xml", &wrong);
    let run = staysafe(folder.path(), &words);
    says(&run, &["1 × bad-date in CINreferralDate", "2 × unknown-element in Unheard"]);
    assert!(run.out.contains("ctx-referrals,count,,E09000001,2023-24,1,"), "{}", run.out);
    let wide: Vec<u8> = wrong.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("cin.xml"), [&[0xFF, 0xFE][..], &wide].concat()).unwrap();
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 2, "{}", run.err);
    says(&run, &["error[not-utf-8]", "help:"]);
}

#[test]
fn a_register_with_every_fault_computes_from_what_is_left() {
    let folder = Folder::new("wrong-register");
    let head = "Return,private_fostering\nAgency,childrens-services\nArea,E06000001\nPeriod,2010-11\n";
    let run = staysafe(folder.path(), &["template", "private_fostering", "--out", "t"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let empty = folder.read("t/private_fostering.csv");
    let header =
        empty.lines().find(|line| line.starts_with("arrangement,") || line.contains("child,")).unwrap();
    let columns: Vec<&str> = header.split(',').collect();
    let row = |start: &str, end: &str, id: &str| {
        let cell = |column: &&str| match *column {
            column
                if column.contains("start") || column.ends_with("from") || column.starts_with("notified") =>
            {
                start
            }
            column if column.contains("end") || column.ends_with("_to") => end,
            "arrangement" | "child" => id,
            _ => "",
        };
        columns.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    let rows = [
        row("01/05/2010", "", "K1"),
        row("01/06/2010", "01/05/2010", "K2"),
        row("13/31/2010", "", "K3"),
        row("01/05/2010", "", "K1"),
    ];
    let latin = format!("{head}{header},Caf\u{e9}\n{}\n", rows.join("\n"));
    // What spreadsheets call ANSI.
    let bytes: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    fs::write(folder.path().join("register.csv"), bytes).unwrap();
    let words = ["calculate", "register.csv", "--periods", "2010-11", "--format", "csv"];
    let run = staysafe(folder.path(), &words);
    says(&run, &["note[not-utf-8]", "unknown-column in Caf\u{e9}", "× bad-date in", "duplicate-row"]);
}

/// A looked-after return whose table of reviews is written in other bytes.
fn reviews_as(name: &str, bytes: &[u8]) -> Run {
    let folder = Folder::new(name);
    folder.write("episodes.csv", EPISODES).write("header.csv", HEADER);
    fs::write(folder.path().join("reviews.csv"), bytes).unwrap();
    let words = "calculate . --year 2018 --area 805 --indicator cs-23 --periods 2017-18 --format csv";
    staysafe(folder.path(), &words.split(' ').collect::<Vec<_>>())
}

#[test]
fn a_looked_after_table_in_another_encoding_or_with_a_column_too_many_is_read_and_said() {
    let figure = "cs-23,percentage,,E06000001,2017-18,2,2,100,";
    let wide: Vec<u8> = REVIEWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let run = reviews_as("wrong-wide", &[&[0xFF, 0xFE][..], &wide].concat());
    says(&run, &["UTF-16"]);
    assert!(run.out.contains(figure), "{}\n{}", run.out, run.err);
    // Spreadsheets still write Windows-1252: the mark of a note behind a code, and a column that nobody asked for.
    let latin =
        REVIEWS.replace("REVIEW_CODE\n", "REVIEW_CODE,Chaired by\n").replace("PN1\n", "PN1,Ren\u{e9}e\n");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let run = reviews_as("wrong-latin", &latin);
    says(&run, &["1 × unknown-column in Chaired by"]);
    assert!(run.out.contains(figure), "{}\n{}", run.out, run.err);
    let odd: Vec<u8> =
        REVIEWS.replacen("PN1", "PN\u{e9}", 1).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let run = reviews_as("wrong-code", &odd);
    says(&run, &["not-utf-8", "1 × unknown-code in REVIEW_CODE (values)"]);
}

const WORKFORCE: &str = "AgencyWorker,SWENo,FTE,OrgRole,RoleStartDate,RoleEndDate,Cases30,QualLevel\n\
    0,SW1,1,5,01/04/2009,,12,1\n1,SW2,0.6,4,07/01/2008,,0,2\n0,SW3,1,4,01/04/2009,,1,1\n";

fn workforce(name: &str, text: &str) -> Run {
    let folder = Folder::new(name);
    folder
        .write("csww/workers.csv", text)
        .write("csww/vacancies.csv", "NumberOfVacancies,NoAgencyFTE\n0.5,0.6\n");
    let words = ["calculate", "csww", "--area", "805", "--extracted", "2010-09-30", "--format", "csv"];
    let asked = ["--indicator", "nsdu-06", "--indicator", "jd-18", "--periods", "2010-11 Q2"];
    staysafe(folder.path(), &[&words[..], &asked].concat())
}

#[test]
fn a_workforce_return_with_each_fault_says_it_and_computes_from_what_is_left() {
    let run = workforce("workforce", WORKFORCE);
    assert!(run.out.contains("nsdu-06,percentage,,E06000001,2010-11 Q2,0.5,2.5,20,"), "{}", run.out);
    assert!(run.out.contains("jd-18,percentage,,E06000001,2010-11 Q2,,,,,,not-reported"), "{}", run.out);
    says(&run, &["1 × agency-worker in AgencyWorker", "workforce from 2010-09-30 to 2010-09-30"]);
    let wrong = WORKFORCE
        .replace("QualLevel", "QualLevel,Shoe size")
        .replace("0,SW1,1,5,01/04/2009,,", "0,SW1,1,5,04/31/2009,,")
        .replace("0,SW3,1,4,01/04/2009,,", "0,SW3,1,9,01/04/2009,01/03/2009,")
        + "0,SW4,one,5,01/04/2009,,12,1\n0,SW5,1,5,01/04/2009,,12,1\n0,SW5,1,5,01/04/2009,,12,1\n";
    let run = workforce("workforce-wrong", &wrong);
    says(
        &run,
        &[
            "1 × bad-date in RoleStartDate of CSWWWorker (values); first in csww, record 1, line 2",
            "1 × bad-number in FTE of CSWWWorker (values)",
            "1 × dates-inverted in RoleEndDate",
            "1 × duplicate-row in the row",
            "1 × unknown-column in Shoe size",
        ],
    );
    assert!(run.out.contains("nsdu-06,percentage,,E06000001,2010-11 Q2,0.5,1.5,33.33"), "{}", run.out);
    let run = workforce("workforce-without", &WORKFORCE.replace("FTE", "Hours"));
    says(&run, &["1 × missing-column in FTE", "1 × unknown-column in Hours"]);
    let run = workforce("workforce-dates", &WORKFORCE.replace("RoleStartDate", "Began"));
    says(&run, &["1 × missing-column in RoleStartDate"]);
    assert!(run.out.contains("nsdu-06,"), "{}", run.out);
}

#[test]
fn what_is_nearly_a_list_or_a_register_is_told_what_it_lacks() {
    let run = workforce("workforce-mark", &WORKFORCE.replace("SWENo", "Number"));
    says(
        &run,
        &[
            "7 of the 23 headings of CSWWWorker",
            "and not 'SWENo', by which that list is told: call the column that",
        ],
    );
    let folder = Folder::new("register-columns");
    folder.write(
        "police.csv",
        "Return,missing_from_home\nAgency,police\nArea,E06000001\nPeriod,2010-11 Q1\nfoo,bar\n1,2\n",
    );
    let run = staysafe(folder.path(), &["calculate", "police.csv"]);
    says(&run, &["it says that it is missing_from_home", "with the columns report, child, birth_date"]);
}
