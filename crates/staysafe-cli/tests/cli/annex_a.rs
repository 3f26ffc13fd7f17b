//! Lists of an Annex A: their figures, and what is said of a list that is not what it should be.

use rust_xlsxwriter::Workbook;

use super::folder::Folder;
use super::{Run, staysafe};

const BLOCK: &str = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)";

fn lists(name: &str) -> Folder {
    let folder = Folder::new(name);
    let referral =
        |id: u32, day: &str| format!("KID{id:04},a) Male,WBRI,01/02/2005,5,{day},g) Police,No,1,T,W\n");
    folder.write(
        "list 3.csv",
        &format!(
            "Annex A: list 3\n{BLOCK},Date of referral,Referral Source,Referral NFA?,Number of Referrals in Last 12 Months,\
             Allocated Team,Allocated Worker\n{}{}{}",
            referral(1, "01/11/2010"),
            referral(2, "15/12/2010"),
            referral(3, "01/08/2010")
        ),
    );
    folder.write(
        "list 5.csv",
        &format!(
            "{BLOCK},Does the Child have a Disability,Strategy discussion initiating Section 47 Enquiry Start Date,Was an Initial \
             Child Protection Conference deemed unnecessary?,Date of Initial Child Protection Conference\n\
             KID0001,a) Male,WBRI,01/02/2005,5,No,01/11/2010,No,15/11/2010\n\
             KID0002,a) Male,WBRI,01/02/2005,5,No,01/11/2010,No,13/12/2010\n"
        ),
    );
    folder
}

fn calculate(folder: &Folder, words: &[&str]) -> Run {
    let fixed = [
        "calculate",
        ".",
        "--area",
        "E06000001",
        "--extracted",
        "2010-12-31",
        "--format",
        "csv",
        "--periods",
    ];
    staysafe(folder.path(), &[&fixed, words].concat())
}

#[test]
fn figures_come_from_the_days_that_the_lists_speak_for_and_from_no_other() {
    let folder = lists("annex-a");
    let run = calculate(&folder, &["2010-11 Q3", "--indicator", "ctx-referrals", "--indicator", "cs-14"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("ctx-referrals,count,,E06000001,2010-11 Q3,2,,2,"), "{}", run.out);
    assert!(run.out.contains("cs-14,percentage,,E06000001,2010-11 Q3,1,2,50,"), "{}", run.out);
    assert!(run.err.contains("List 3, List 5 from 2010-07-01 to 2010-12-31"), "{}", run.err);
    let before = calculate(&folder, &["2010-11 Q1", "--indicator", "ctx-referrals"]);
    assert!(before.out.contains("2010-11 Q1,,,,,,not-reported"), "{}", before.out);
}

#[test]
fn a_wrong_list_is_told_so_that_it_can_be_mended_and_the_others_compute() {
    let folder = lists("annex-a-wrong");
    let list = folder.read("list 3.csv");
    folder.write(
        "list 3.csv",
        &list.replace("Date of referral", "Referral made on").replace("Annex A: list 3\n", ""),
    );
    let run = calculate(&folder, &["2010-11 Q3", "--indicator", "ctx-referrals", "--indicator", "cs-14"]);
    assert!(run.err.contains("list 3.csv"), "{}", run.err);
    assert!(
        run.err.contains("List 3: referrals is not there; what needs referrals is not reported"),
        "{}",
        run.err
    );
    assert!(run.out.contains("2010-11 Q3,1,2,50"), "the other list computes\n{}", run.out);
    assert!(run.out.contains("ctx-referrals,count,,E06000001,2010-11 Q3,,,,,,not-reported"), "{}", run.out);
    // A list without one of its columns, with one that nobody knows, a day the wrong way round and one row twice.
    let wrong = list
        .replace("Referral Source", "Source of the referal")
        .replace("15/12/2010", "12/15/2010")
        .replace("KID0003,", "KID0003,a) Male,WBRI,01/02/2005,5,01/08/2010,g) Police,No,1,T,W\nKID0003,");
    folder.write("list 3.csv", &wrong);
    let run = calculate(&folder, &["2010-11 Q3", "--indicator", "ctx-referrals", "--rejects", "rejects.csv"]);
    for part in [
        "1 × bad-date in Date of referral of List 3",
        "1 × duplicate-row in the row of List 3",
        "1 × unknown-column in Source of the referal of List 3",
        "1 × missing-column in Referral Source of List 3",
    ] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    assert!(
        folder.read("rejects.csv").contains("see whether the month was written first"),
        "{}",
        folder.read("rejects.csv")
    );
    assert!(run.out.contains("ctx-referrals,count,,E06000001,2010-11 Q3,1,,1,"), "{}", run.out);
}

/// A workbook with a sheet for each name and its rows.
fn workbook(folder: &Folder, sheets: &[(&str, &str)]) {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save(folder.path().join("annex-a.xlsx")).unwrap();
}

#[test]
fn a_sheet_that_is_renamed_is_read_and_one_that_is_missing_is_told_while_the_rest_computes() {
    let made = lists("annex-a-book-lists");
    let (referrals, enquiries) = (made.read("list 3.csv"), made.read("list 5.csv"));
    let folder = Folder::new("annex-a-book");
    let asked = ["2010-11 Q3", "--indicator", "ctx-referrals", "--indicator", "cs-14"];
    workbook(&folder, &[("List 3", &referrals), ("List 5", &enquiries)]);
    let whole = calculate(&folder, &asked);
    assert_eq!(whole.code, 0, "{}", whole.err);
    assert!(whole.out.contains("ctx-referrals,count,,E06000001,2010-11 Q3,2,,2,"), "{}", whole.out);

    // Called otherwise: the headings tell what it is.
    workbook(&folder, &[("New cases", &referrals), ("List 5", &enquiries)]);
    let renamed = calculate(&folder, &asked);
    assert_eq!((renamed.code, &renamed.out), (0, &whole.out), "{}", renamed.err);
    assert!(!renamed.err.contains("List 3: referrals is not there"), "{}", renamed.err);

    // Called like another list: the headings decide, and it is said.
    workbook(&folder, &[("List 4", &referrals), ("List 5", &enquiries)]);
    let misnamed = calculate(&folder, &asked);
    assert_eq!((misnamed.code, &misnamed.out), (0, &whole.out), "{}", misnamed.err);
    let said = "'List 4' has the headings of List 3: referrals; it was read as that";
    assert!(misnamed.err.contains(said), "{}", misnamed.err);

    // Not there: its figures are not reported, never 0, and the other list computes.
    workbook(&folder, &[("List 5", &enquiries)]);
    let missing = calculate(&folder, &asked);
    assert_eq!(missing.code, 0, "{}", missing.err);
    let said = "List 3: referrals is not there; what needs referrals is not reported";
    assert!(missing.err.contains(said), "{}", missing.err);
    assert!(missing.out.contains("cs-14,percentage,,E06000001,2010-11 Q3,1,2,50,"), "{}", missing.out);
    let absent = "ctx-referrals,count,,E06000001,2010-11 Q3,,,,,,not-reported";
    assert!(missing.out.contains(absent), "{}", missing.out);
}
