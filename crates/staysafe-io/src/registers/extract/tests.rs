#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use staysafe::definition::read::{read as read_framework, read_aliases};
use staysafe::value::Datum;

use super::*;
use crate::registers::file::read;

fn registers() -> Registers {
    let (framework, _) = read_framework(staysafe_lscb::FILES.iter().copied());
    Registers::of(&framework)
}

fn options() -> ReadOptions {
    ReadOptions {
        area: Some("E06000001".into()),
        extracted: NaiveDate::from_ymd_opt(2010, 12, 31),
        ..ReadOptions::default()
    }
}

fn write(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

/// A workbook as one council sends it: titles above, other case, line breaks, a heading that was renamed, an extra column,
/// days as days, as text and as numbers, letters and codes, one row twice, an empty list and a list that is not there.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let list = book.add_worksheet().set_name("List_3").unwrap();
    write(
        list,
        &[
            &["Annex A - List 3"],
            &["", "run by the performance team"],
            &[
                "child unique id",
                "Sex",
                "Ethnicity",
                "Date of\nBirth",
                "DATE OF REFERRAL ",
                "Referral Source",
                "Referral NFA?",
                "Ward",
            ],
            &["K1", "a) Male", "WBRI", "01/02/2005", "", "g) Police", "a) Yes", "North"],
            &[
                "K2",
                "b) Female",
                "WIRI - White Irish",
                "03/04/2006",
                "15/09/2010",
                "a) Individual",
                "No",
                "South",
            ],
            &[
                "K2",
                "b) Female",
                "WIRI - White Irish",
                "03/04/2006",
                "15/09/2010",
                "a) Individual",
                "No",
                "South",
            ],
            &["K3", "Female", "a) White", "2007-05-06 00:00:00", "2010-11-30", "1A", "unknown", "East"],
        ],
    );
    let format = Format::new().set_num_format("dd/mm/yyyy");
    list.write_datetime_with_format(3, 4, ExcelDateTime::from_ymd(2010, 8, 2).unwrap(), &format).unwrap();
    let list = book.add_worksheet().set_name("list 7 CP").unwrap();
    write(
        list,
        &[
            &[
                "Child Unique ID",
                "Child Protection Plan Start Date",
                "Child Protection Plan End Date",
                "Initial Category of Abuse",
                "Latest Category of Abuse",
                "Number of Previous Child Protection Plans",
            ],
            &["K1", "", "", "a) Neglect", "EMO", "0"],
        ],
    );
    list.write_number(1, 1, 40_400.0).unwrap();
    let list = book.add_worksheet().set_name("List 4").unwrap();
    write(list, &[&["Child Unique ID", "Start", "End"], &["K1", "01/09/2010", "01/10/2010"]]);
    let list = book.add_worksheet().set_name("List 5").unwrap();
    write(
        list,
        &[&[
            "Child Unique ID",
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Date of Initial Child Protection Conference",
            "Gender",
            "Was an Initial Child Protection Conference deemed unnecessary?",
        ]],
    );
    let list = book.add_worksheet().set_name("List 8").unwrap();
    write(
        list,
        &[
            &[
                "Child Unique ID",
                "Gender",
                "Ethnicity",
                "Date of Birth",
                "Age of Child (Years)",
                "Date Started to be Looked After",
                "Child's Legal Status",
                "Child's Category of Need",
                "Date Ceased to be Looked After",
                "Reason Ceased to be Looked After",
                "Placement Type",
                "Allocated Team",
                "Number of Placements in the Last 12 months",
            ],
            &[
                "K9",
                "a) Male",
                "WBRI",
                "01/02/2005",
                "5",
                "01/06/2010",
                "e) Accommodated under S20",
                "a) Abuse or neglect",
                "30/06/2010",
                "a) Adopted",
                "a) Foster",
                "T",
                "2",
            ],
        ],
    );
    book.add_worksheet().set_name("Notes").unwrap().write_string(0, 0, "hello").unwrap();
    book.save_to_buffer().unwrap()
}

fn values(table: &Table, row: usize, field: &str) -> String {
    let at = table.fields.iter().position(|name| **name == *field).unwrap_or_else(|| panic!("{field}"));
    match &table.rows[row].values[at] {
        Datum::Known(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

fn codes(rejects: &[Reject]) -> Vec<String> {
    rejects.iter().map(|of| format!("{} {} x{}", of.code, of.element, of.times)).collect()
}

#[test]
fn a_workbook_as_it_comes_is_read_and_what_is_odd_is_said() {
    let reads = read("annex-a.xlsx", &workbook(), &registers(), &options()).unwrap();
    let [census, care] = reads.as_slice() else { panic!("two returns: {reads:#?}") };
    assert_eq!((census.data.kind.as_str(), care.data.kind.as_str()), ("cin-census", "ssda903"));
    let referrals = &census.data.tables["referral"];
    assert_eq!(referrals.rows.len(), 3, "one row stood twice");
    let days: Vec<String> = (0..3).map(|row| values(referrals, row, "referral_date")).collect();
    assert_eq!(days, ["2010-08-02", "2010-09-15", "2010-11-30"]);
    assert_eq!(values(referrals, 0, "referral_source"), "6");
    assert_eq!(values(referrals, 1, "referral_source"), "Rejected", "any of four");
    assert_eq!(values(referrals, 0, "no_further_action"), "true");
    assert_eq!(values(referrals, 2, "no_further_action"), "Missing");
    let cover = referrals.cover.events.unwrap();
    assert_eq!(
        (cover.first.to_string().as_str(), cover.last.to_string().as_str()),
        ("2010-07-01", "2010-12-31")
    );
    let children = &census.data.tables["child"];
    assert_eq!(values(children, 0, "sex"), "1", "of 2010");
    assert_eq!(values(children, 1, "ethnicity"), "WIRI");
    let plans = &census.data.tables["child_protection_plan"];
    assert_eq!(values(plans, 0, "plan_start"), "2010-08-10", "a day number");
    assert_eq!(values(plans, 0, "initial_category"), "NEG");
    assert!(!census.data.tables.contains_key("assessment"), "its sheet has no list");
    assert!(!census.data.tables.contains_key("section_47"), "an empty list says nothing");
    let episodes = &care.data.tables["episode"];
    assert_eq!(values(episodes, 0, "rne"), "S");
    assert_eq!(values(episodes, 0, "legal_status"), "V2");
    assert!(
        !episodes.fields.iter().any(|field| **field == *"place"),
        "the latest placement is not the placements"
    );
    let said: Vec<&str> = census.notices.iter().map(|notice| notice.code.as_str()).collect();
    for code in ["sheet-without-its-headings", "missing-list", "empty-list", "passed-over"] {
        assert!(said.contains(&code), "{code}: {said:?}");
    }
    let found = codes(&census.rejects);
    for code in [
        "duplicate-row the row of List 3 x1",
        "unknown-code Referral Source of List 3 x1",
        "unknown-column Ward of List 3 x1",
        "day-number Child Protection Plan Start Date of List 7 x1",
        "day-with-time Date of\nBirth of List 3 x1",
        "unknown-code Ethnicity of List 3 x1",
    ] {
        assert!(found.iter().any(|of| of == code), "{code}: {found:?}");
    }
    assert_eq!(
        found.iter().filter(|of| of.starts_with("unknown-code Referral Source")).count(),
        1,
        "once: {found:?}"
    );
}

#[test]
fn an_alias_table_says_which_of_several_codes_is_meant() {
    let text = "[reason_episode_ceased]\n\"a) Adopted\" = \"E11\"\n[ethnicity]\n\"a) White\" = \"WBRI\"\n";
    let registers = registers().with_aliases(read_aliases("a.toml", text).0);
    let reads = read("annex-a.xlsx", &workbook(), &registers, &options()).unwrap();
    assert_eq!(values(&reads[1].data.tables["episode"], 0, "rec"), "E11");
    let without = read("annex-a.xlsx", &workbook(), &self::registers(), &options()).unwrap();
    assert_eq!(values(&without[1].data.tables["episode"], 0, "rec"), "Rejected");
}

#[test]
fn without_a_day_nothing_is_reported_and_the_message_says_where_to_write_it() {
    let options = ReadOptions { extracted: None, ..options() };
    let reads = read("annex-a.xlsx", &workbook(), &registers(), &options).unwrap();
    assert!(reads[0].data.tables["referral"].cover.is_year_unknown());
    let notice = reads[0].notices.iter().find(|notice| notice.code == "no-day-of-extract").unwrap();
    assert!(notice.message.contains("--extracted"), "{}", notice.message);
    let text = "Extracted on,31/12/2010\nArea,805\nChild Unique ID,Gender,Ethnicity,Date of referral\nK1,M,WBRI,01/12/2010\n";
    let none = ReadOptions::default();
    let reads = read("list3.csv", text.as_bytes(), &registers(), &none).unwrap();
    assert_eq!((reads[0].data.area.as_str(), reads[0].data.tables["referral"].rows.len()), ("805", 1));
    assert_eq!(reads[0].data.reference_date, NaiveDate::from_ymd_opt(2010, 12, 31));
    assert!(reads[0].notices.iter().all(|notice| notice.code != "missing-list"), "one list alone");
}

#[test]
fn a_nil_line_above_an_empty_list_makes_it_a_nought() {
    let text = "Nil return,yes\nChild Unique ID,Gender,Ethnicity,Date of referral\n";
    let reads = read("list3.csv", text.as_bytes(), &registers(), &options()).unwrap();
    assert!(reads[0].data.tables["referral"].rows.is_empty());
}

#[test]
fn the_workforce_return_makes_posts_and_its_vacancies_one_row() {
    let workers = "AgencyWorker,SWENo,FTE,OrgRole,RoleStartDate,RoleEndDate,Cases30,QualLevel\n\
                   0,SW1,1,5,01/04/2009,,12,1\n1,SW2,0.6,3,2008-01-07,01/02/2011,0,2\n0,SW3,1,9,01/04/2009,,1,1\n";
    let vacancies = "NumberOfVacancies,NoAgencyFTE,NoAgencyHeadcount\n2.5,0.6,1\n";
    let files = [("workers.csv", workers), ("vacancies.csv", vacancies)]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let day = NaiveDate::from_ymd_opt(2010, 9, 30);
    let options = ReadOptions { extracted: day, ..options() };
    let read = |files: &[(String, Vec<u8>)]| {
        let mut reads = crate::registers::read_lists("csww", files, &registers(), &options).unwrap();
        assert_eq!(reads.len(), 1);
        reads.remove(0)
    };
    let both = read(&files);
    let posts = &both.data.tables["workforce"];
    assert_eq!((both.data.kind.as_str(), posts.rows.len()), ("workforce-register", 3));
    let column = |field| [0, 1, 2].map(|row| values(posts, row, field));
    assert_eq!(
        column("worker"),
        ["SW1", "SW3", "Missing"],
        "the agency's worker covers a post that is vacant"
    );
    assert_eq!(column("fte"), ["1", "1", "2.5"]);
    assert_eq!(column("post_from"), ["2009-04-01", "2009-04-01", "2010-09-30"]);
    assert!(
        !posts.fields.iter().any(|field| **field == *"role"),
        "nobody says of which role a vacant post is"
    );
    let cover = (posts.cover.stocks.unwrap(), posts.cover.events.unwrap().first);
    assert_eq!(
        cover,
        (
            staysafe::record::Days { first: day.unwrap(), last: day.unwrap() },
            NaiveDate::from_ymd_opt(2009, 10, 1).unwrap()
        )
    );
    assert!(codes(&both.rejects).contains(&"agency-worker AgencyWorker x1".to_owned()), "{:?}", both.rejects);
    let alone = read(&files[..1]);
    let posts = &alone.data.tables["workforce"];
    assert!(
        !posts.fields.iter().any(|field| **field == *"agency_worker"),
        "covered posts are not all the vacant ones"
    );
    assert!(
        codes(&alone.rejects).contains(&"no-vacancies AgencyWorker x1".to_owned()),
        "{:?}",
        alone.rejects
    );
}

proptest::proptest! {
    #[test]
    fn no_table_brings_it_down(text in "(Child Unique ID|Date of referral|Gender|Ethnicity|[,\n\"a-z0-9/ ]){0,40}") {
        let _ = read("list.csv", text.as_bytes(), &Registers::default(), &options());
    }
}

/// A list is called what its sheet is called, its columns by their headings, and a list that nothing needs is missed by nobody.
#[test]
fn messages_name_the_list_and_its_headings_and_no_table_of_ours() {
    let block = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)";
    let referrals = format!(
        "{block},Date of referral,Referral Source,Referral NFA?\n,M,WBRI,01/02/2005,5,01/12/2010,1A,No\n"
    );
    let contacts = format!("{block},Date of Contact,Contact Source\nK1,M,WBRI,01/02/2005,5,01/12/2010,1A\n");
    let files = [("list 3.csv", referrals), ("list 1.csv", contacts)]
        .map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let reads = crate::registers::read_lists("annex a", &files, &registers(), &options()).unwrap();
    let rejects: Vec<String> = reads.iter().flat_map(|read| codes(&read.rejects)).collect();
    assert!(rejects.contains(&"no-value Child Unique ID of List 3 x1".to_owned()), "{rejects:?}");
    let notices = &reads[0].notices;
    let of = |code: &str| -> Vec<&str> {
        notices.iter().filter(|notice| notice.code == code).map(|notice| notice.message.as_str()).collect()
    };
    let unusable = of("no-row-can-be-used");
    assert!(
        unusable.iter().any(|said| said.contains("List 3: referrals can be used: referrals are not")),
        "{unusable:?}"
    );
    let missing: Vec<&str> = of("missing-list").iter().map(|said| said.split(':').next().unwrap()).collect();
    assert_eq!(
        missing,
        ["List 4", "List 5", "List 7", "List 8", "List 10"],
        "nothing is worked out from 2, 6, 9 and 11"
    );
    let named =
        notices.iter().find(|notice| notice.message.contains("what needs section 47 enquiries is not"));
    assert!(named.is_some(), "{notices:#?}");
}
