#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use staysafe::definition::read::read as read_framework;
use staysafe::record::{Return, Table};
use staysafe::value::Datum;

use super::*;
use crate::census::ReadReturn;
use crate::registers::{Registers, read_lists};
use crate::returns::ReadOptions;

const ROLL: &str = "pupilonrolltableid,NativeId,upn,formerupn,surname,dob,entrydate,enrolstatus,ncyearactual,senprovision,termlysessionspossible\n\
    1,8054000,A805000000001,,Doe,1997-Jan-01 00:00:00,2008-Sep-03 00:00:00,C,8,N,140\n\
    2,8054000,A805000000002,B805000000002,Doe,,,C,8,K,140\n\
    3,8052000,A805000000003,,Doe,,,C,R,N,\n\
    4,8054000,,,Doe,,,C,9,N,140\n";
const LEFT: &str = "pupilnolongeronrolltableid,NativeId,upn,leavingdate,ncyearleaving,termlysessionspossible\n\
    9,8054000,A805000000009,2010-11-30,11,90\n";
const DETAILS: &str = "termlysessiondetailsonrolltableid,pupilonrolltableid,NativeId,sessions,attendancereason\n\
    1,1,8054000,20,I\n2,1,8054000,3,O\n3,1,8054000,100,/\n4,2,8054000,5,?\n4,2,8054000,5,?\n";
const DETAILS_2: &str = "pupilonrolltableid,NativeId,sessions,attendancereason\n1,8054000,7,O\n";
const LEFT_DETAILS: &str = "pupilnolongeronrolltableid,NativeId,sessions,attendancereason\n9,8054000,40,U\n";
const EXCLUSIONS: &str = "pupilonrolltableid,NativeId,startdate,sessions,category,reason1,reason2,senprovision\n\
    1,8054000,12/05/2010,4,SUSP,PP,,N\n77,8054000,12/05/2010,4,SUSP,PP,,N\n";
const LEFT_EXCLUSIONS: &str = "pupilnolongeronrolltableid,NativeId,startdate,sessions,category,reason,senprovision,reinstatementdate\n\
    9,8054000,30/06/2010,,PERM,PA,N,\n";
const SCHOOLS: &str = "schooltableid,NativeId,schoolname,phase\n1,8054000,High,SS\n2,8052000,Infants,NS\n";
const CENSUS: &str = "schoolcensustableid,NativeId,term,year,referencedate\n\
    1,8054000,SPR,2011,2011-Jan-20 00:00:00\n2,8052000,SPR,2011,2011-Jan-20 00:00:00\n";

fn files() -> Vec<(String, Vec<u8>)> {
    let of = |name: &str, text: &str| (format!("2011_spring_{name}.csv"), text.as_bytes().to_vec());
    vec![
        of("pupilonroll", ROLL),
        of("pupilnolongeronroll", LEFT),
        of("termlysessiondetailsonroll", DETAILS),
        of("termlysessiondetailsoffroll", LEFT_DETAILS),
        of("termlyexclusionsonroll", EXCLUSIONS),
        of("termlyexclusionsoffroll", LEFT_EXCLUSIONS),
        of("school", SCHOOLS),
        of("schoolcensus", CENSUS),
    ]
}

fn read(files: &[(String, Vec<u8>)], extracted: Option<&str>) -> ReadReturn {
    let (framework, _) = read_framework(staysafe_lscb::FILES.iter().copied());
    let extracted = extracted.map(|day| day.parse().unwrap());
    let options = ReadOptions { area: Some("805".into()), extracted, ..ReadOptions::default() };
    let mut reads = read_lists("spring", files, &Registers::of(&framework), &options).unwrap();
    assert_eq!(reads.len(), 1, "one return");
    reads.remove(0)
}

fn column(of: &Return, dataset: &str, field: &str) -> Vec<String> {
    let table: &Table = &of.tables[dataset];
    let at = table.fields.iter().position(|name| **name == *field).unwrap_or_else(|| panic!("{field}"));
    let shown = |datum: &Datum| match datum {
        Datum::Known(value) => value.to_string(),
        other => format!("{other:?}"),
    };
    table.rows.iter().map(|row| shown(&row.values[at])).collect()
}

fn cover(of: &Return, dataset: &str) -> String {
    of.tables[dataset].cover.events.unwrap().to_string()
}

#[test]
fn terms_follow_each_other_without_a_day_between_them() {
    let of = |day: &str, terms| terms_before(day.parse().unwrap(), terms).unwrap().to_string();
    assert_eq!(of("2011-01-20", 0), "2011-01-01 to 2011-04-24");
    assert_eq!(of("2011-01-20", 1), "2010-09-01 to 2010-12-31");
    assert_eq!(of("2011-01-20", 2), "2010-04-05 to 2010-08-31");
    assert_eq!(of("2011-05-19", 1), "2011-01-01 to 2011-04-24");
    assert_eq!(of("2010-10-07", 1), "2010-04-05 to 2010-08-31");
    assert_eq!(of("2010-10-07", 2), "2010-01-01 to 2010-04-04");
    assert_eq!(terms_before("1800-05-01".parse().unwrap(), 0), None, "no Easter that the calendar knows");
}

#[test]
fn pupils_sessions_and_exclusions_come_together_from_tables_apart() {
    let read = read(&files(), None);
    let of = &read.data;
    assert_eq!((of.kind.as_str(), of.reference_date), ("school-census", "2011-01-20".parse().ok()));
    assert_eq!(column(of, "pupil_on_roll", "pupil"), ["A805000000001", "A805000000002", "A805000000003"]);
    assert_eq!(column(of, "pupil_on_roll", "counted_on"), ["2011-01-20"; 3]);
    assert_eq!(column(of, "pupil_on_roll", "school_phase"), ["secondary", "secondary", "Missing"]);
    assert_eq!(column(of, "pupil_on_roll", "year_group"), ["8", "8", "R"]);
    assert_eq!(column(of, "pupil_on_roll", "entry_date"), ["2008-09-03", "Missing", "Missing"]);
    let pupils = column(of, "attendance", "pupil");
    assert_eq!(pupils, ["A805000000001", "A805000000002", "A805000000009"], "those with sessions");
    assert_eq!(column(of, "attendance", "sessions_absent"), ["23", "Missing", "40"], "a code nobody knows");
    assert_eq!(column(of, "attendance", "sessions_possible"), ["140", "140", "90"]);
    assert_eq!(column(of, "attendance", "attendance_from"), ["2010-09-01"; 3]);
    assert_eq!(column(of, "exclusion", "pupil"), ["A805000000001", "A805000000009"]);
    assert_eq!(column(of, "exclusion", "exclusion_kind"), ["FIXD", "PERM"]);
    assert_eq!(column(of, "exclusion", "reason"), ["PP", "PA"]);
    assert_eq!(cover(of, "pupil_on_roll"), "2011-01-01 to 2011-04-24");
    assert_eq!(cover(of, "attendance"), "2010-09-01 to 2010-12-31");
    assert_eq!(cover(of, "exclusion"), "2010-04-05 to 2010-08-31");
    let mut codes: Vec<String> =
        read.rejects.iter().map(|of| format!("{} {} x{}", of.code, of.element, of.times)).collect();
    codes.sort();
    assert_eq!(
        codes,
        [
            "day-with-time entrydate of pupilonroll x1",
            "duplicate-row the row x1",
            "no-value upn of pupilonroll x1",
            "read-as-blank reinstatementdate x1",
            "unknown-code attendancereason x1",
            "unknown-record pupilonrolltableid x1"
        ],
        "the other headings are known"
    );
    assert!(read.rejects.iter().all(|of| of.line.is_some()), "{:#?}", read.rejects);
    let said: Vec<&str> = read.notices.iter().map(|notice| notice.code.as_str()).collect();
    assert_eq!(said, ["area-as-given", "read-as"], "{:#?}", read.notices);
}

#[test]
fn what_no_table_says_is_not_made_up() {
    let without = |names: &[&str]| -> Vec<(String, Vec<u8>)> {
        files().into_iter().filter(|(file, _)| !names.iter().any(|name| file.ends_with(name))).collect()
    };
    let none = read(&without(&["_schoolcensus.csv"]), None);
    assert!(none.data.tables["pupil_on_roll"].cover.is_year_unknown(), "nobody says the day");
    assert!(none.notices.iter().any(|notice| notice.code == "no-day-of-extract"));
    let given = read(&without(&["_schoolcensus.csv"]), Some("2011-01-20"));
    assert_eq!(cover(&given.data, "attendance"), "2010-09-01 to 2010-12-31");
    let phases = read(&without(&["_school.csv"]), None);
    let has = |of: &Return, name: &str| of.tables["attendance"].fields.iter().any(|field| **field == *name);
    assert!(!has(&phases.data, "school_phase") && has(&phases.data, "sessions_absent"));
    let missed = read(&without(&["detailsonroll.csv", "detailsoffroll.csv"]), None);
    assert!(!has(&missed.data, "sessions_absent"), "nobody says how many were missed");
    let left = read(&without(&["pupilnolongeronroll.csv"]), None);
    let words = "pupils who left before the day of the census";
    assert!(left.notices.iter().any(|notice| notice.message.contains(words)), "{:#?}", left.notices);
    assert_eq!(column(&left.data, "exclusion", "pupil"), ["A805000000001"]);
}

#[test]
fn sessions_missed_may_stand_in_the_pupil_s_own_row() {
    let roll = "pupilonrolltableid,NativeId,upn,ncyearactual,enrolstatus,senprovision,termlysessionspossible,termlysessionsauthorised,termlysessionsunauthorised\n\
                1,8054000,A1,8,C,N,140,10,2\n2,8054000,A2,8,C,N,140,10,\n";
    let read = read(&[("pupilonroll.csv".to_owned(), roll.as_bytes().to_vec())], Some("2011-01-20"));
    assert_eq!(column(&read.data, "attendance", "sessions_absent"), ["12", "Missing"], "a blank is no 0");
}

#[test]
fn sessions_after_the_may_half_term_are_none_of_the_term_before() {
    let mut with = files();
    with.insert(
        0,
        ("2011_spring_summerhalfterm2sessiondetailsonroll.csv".to_owned(), DETAILS_2.as_bytes().to_vec()),
    );
    let read = read(&with, None);
    assert_eq!(column(&read.data, "attendance", "sessions_absent"), ["23", "Missing", "40"]);
    assert!(
        read.notices.iter().any(|of| of.message.starts_with("summerhalfterm2sessiondetailsonroll")
            && of.code == "list-feeds-nothing")
    );
}
