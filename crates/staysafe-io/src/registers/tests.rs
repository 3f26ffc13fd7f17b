#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use staysafe::record::{Data, Row, Status, Table};
use staysafe::value::Datum;

use super::*;
use crate::census::ReadReturn;
use crate::error::FileFault;
use crate::returns::ReadOptions;

const DATASETS: [(&str, &str); 3] = [
    (
        "incident",
        r#"
id = "incident"
title = "Incidents of restraint"
carried_by = "incident-register"
holder = "yjb"
area = "given"
key = ["incident"]
dates = { event = "incident_date" }
field = [
  { name = "incident", type = "text", missing = "error", example = "example-1" },
  { name = "incident_date", type = "date" },
  { name = "injury", type = "text", codes = "injury" },
  { name = "child", type = "text", personal = true },
  { name = "staff", type = "whole number" },
  { name = "reviewed", type = "yes/no", missing = "no" },
]
link = [{ name = "children", to = "inmate", on = { child = "child" } }]
"#,
    ),
    (
        "inmate",
        r#"
id = "inmate"
title = "Children"
carried_by = "inmate-register"
holder = "yjb"
area = "given"
key = ["child"]
dates = { start = "from_day", end = "to_day" }
field = [
  { name = "child", type = "text", missing = "error", personal = true },
  { name = "from_day", type = "date" },
  { name = "to_day", type = "date" },
]
"#,
    ),
    (
        "stay",
        r#"
id = "stay"
title = "Stays"
carried_by = "inmate-register"
holder = "yjb"
area = "given"
key = ["child", "from_day"]
field = [
  { name = "child", type = "text", missing = "error", personal = true },
  { name = "from_day", type = "date" },
  { name = "to_day", type = "date" },
]
"#,
    ),
];

pub(super) fn registers() -> Registers {
    let fixed = [
        ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
        (
            "agencies.toml",
            "[[agency]]\nid = \"yjb\"\nname = \"Youth Justice Board\"\n[[agency]]\nid = \"police\"\nname = \"Police\"",
        ),
        (
            "codes/injury.toml",
            "id = \"injury\"\n[[code]]\ncode = \"minor\"\nwords = \"a minor injury\"\n[[code]]\ncode = \
             \"serious\"\nwords = \"a serious injury\"\nto = 2009",
        ),
    ];
    let fixed = fixed.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let datasets = DATASETS.map(|(id, text)| (format!("datasets/{id}.toml"), text.to_owned()));
    let (framework, found) = staysafe::definition::read::read(fixed.into_iter().chain(datasets));
    assert!(!found.has_errors(), "{found:#?}");
    Registers::of(&framework)
}

const HEAD: &str = "Return,incident\nAgency,police\nArea,E06000001\nPeriod,2010-11 Q1\n";
const COLUMNS: &str = "incident,incident_date,injury,child,staff,reviewed\n";

fn refused(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<ReadReturn, FileFault> {
    let mut reads = read(name, bytes, &registers(), options)?;
    assert_eq!(reads.len(), 1);
    let read = reads.remove(0);
    assert!(read.account.is_complete(), "every cell is accounted for: {:?}", read.account);
    Ok(read)
}

fn good(text: impl AsRef<[u8]>) -> ReadReturn {
    refused("incidents.csv", text.as_ref(), &ReadOptions::default()).unwrap()
}

fn shown(row: &Row) -> String {
    let cells = row.values.iter().map(|datum| match datum {
        Datum::Known(value) => value.to_string(),
        Datum::Missing => "-".to_owned(),
        Datum::Rejected => "!".to_owned(),
        Datum::Suppressed => "*".to_owned(),
    });
    cells.collect::<Vec<_>>().join(" ")
}

fn rows(read: &ReadReturn) -> Vec<String> {
    let table: &Table = read.data.tables.get("incident").unwrap_or_else(|| panic!("{:?}", read.notices));
    table.rows.iter().map(shown).collect()
}

fn codes(read: &ReadReturn) -> Vec<String> {
    let rejects = read.rejects.iter().map(|reject| {
        format!("{} {} line {} x{}", reject.code, reject.element, reject.line.unwrap(), reject.times)
    });
    rejects.collect()
}

fn notices(read: &ReadReturn) -> Vec<&str> {
    read.notices.iter().map(|notice| notice.code.as_str()).collect()
}

#[test]
fn a_table_says_whose_it_is_and_what_it_is() {
    let read = good(format!(
        "{HEAD}Status,provisional\nSubmission number,2\nReason for sending again,two dates were wrong\n\n{COLUMNS}i1,12/04/2010,minor,c1,3,yes\ni2,2010-05-01,,c2,<5,\n"
    ));
    assert_eq!(rows(&read), ["i1 2010-04-12 minor c1 3 true", "i2 2010-05-01 - c2 * -"]);
    let of = &read.data;
    assert_eq!((of.kind.as_str(), of.area.as_str(), of.serial), ("incident-register", "E06000001", Some(2)));
    assert_eq!(of.reference_date.unwrap().to_string(), "2010-06-30");
    assert_eq!(of.submission.agency.as_deref(), Some("police"));
    assert_eq!(of.submission.status, Some(Status::Provisional));
    assert_eq!(of.submission.reason.as_deref(), Some("two dates were wrong"));
    let days = of.tables["incident"].cover.events.unwrap();
    assert_eq!((days.first.to_string(), days.last.to_string()), ("2010-04-01".into(), "2010-06-30".into()));
    assert_eq!(codes(&read), ["suppressed-by-supplier staff line 11 x1"]);
    assert_eq!(read.profile.modules[0].fields[4].suppressed, 1);
}

#[test]
fn whatever_a_spreadsheet_saves_is_read_the_same() {
    let text = format!("{HEAD}{COLUMNS}i1,12/04/2010,minor,Zoë,3,Y\n");
    let expected = rows(&good(&text));
    let semicolons = text.replace(',', ";");
    let tabs = text.replace(',', "\t");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ansi: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let marked = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    for (bytes, code) in [
        (semicolons.into_bytes(), "separator"),
        (tabs.into_bytes(), "separator"),
        (wide, "encoding"),
        (ansi, "not-utf-8"),
        (marked.into_bytes(), ""),
        // Excel pads the lines above the table.
        (text.replace("police\n", "police,,,,\n").into_bytes(), ""),
    ] {
        let read = good(&bytes);
        assert_eq!(rows(&read), expected, "{code}");
        assert_eq!(notices(&read).first().copied().unwrap_or_default(), code);
    }
}

#[test]
fn columns_that_are_wrong_are_named_with_the_one_that_is_meant() {
    let read = good(format!(
        "{HEAD}incident,incidnet_date,Injury,child,staff,comment\ni1,12/04/2010,minor,c1,3,x\n"
    ));
    assert_eq!(rows(&read), ["i1 minor c1 3"]);
    assert_eq!(
        codes(&read),
        [
            "missing-column incident_date line 5 x1",
            "missing-column reviewed line 5 x1",
            "unknown-column comment line 5 x1",
            "unknown-column incidnet_date line 5 x1",
        ]
    );
    assert!(read.rejects[3].message.contains("it may be incident_date"), "{}", read.rejects[3].message);
}

#[test]
fn every_wrong_value_is_a_reject_that_says_what_was_expected() {
    let read = good(format!(
        "{HEAD}{COLUMNS}i1,04/25/2010,minor,c1,3,yes\ni2,3/4/2010,mnior,c2,3.5,perhaps\n,01/05/2010,minor,c3,x,no\n\"i4,01/05/2010,minor,c4,1,no\ni5,01/05/2010,serious,1.23E+11,1,no\n"
    ));
    assert_eq!(
        rows(&read),
        ["i1 ! minor c1 3 true", "i2 ! ! c2 ! !", "i5 2010-05-01 serious ! 1 false"],
        "what could be read of each record stays"
    );
    let found = codes(&read);
    assert_eq!(
        found,
        [
            "bad-date incident_date line 6 x1",
            "bad-date incident_date line 7 x1",
            "unknown-code injury line 7 x1",
            "bad-number staff line 7 x1",
            "bad-flag reviewed line 7 x1",
            "no-value incident line 8 x1",
            "unclosed-quotation the row line 9 x1",
            "spreadsheet-number child line 10 x1",
            "code-of-another-year injury line 10 x1",
        ]
    );
    assert!(read.rejects[0].message.contains("the month was written first"), "{}", read.rejects[0].message);
    assert!(read.rejects[2].message.contains("the nearest is minor"), "{}", read.rejects[2].message);
    assert_eq!((read.profile.rejected_records, read.profile.rejected_values), (2, 6));
}

#[test]
fn rows_that_contradict_are_counted_and_kept() {
    let read = good(format!(
        "{HEAD}{COLUMNS}i1,12/04/2010,minor,c1,3,no\ni1,12/04/2010,minor,c1,3,no\ni1,13/04/2010,minor,c1,3,no\ni2,12/04/2012,minor,c1,3,no\n"
    ));
    assert_eq!(rows(&read).len(), 4);
    assert_eq!(
        codes(&read),
        [
            "duplicate-key incident line 8 x1",
            "duplicate-row incident line 7 x1",
            "outside-period incident_date line 9 x1",
        ]
    );
    let inverted =
        "Return,inmate\nArea,E06000001\nPeriod,2010-11\nchild,from_day,to_day\nc1,01/05/2010,01/04/2010\n";
    let read = good(inverted);
    assert_eq!(codes(&read), ["dates-inverted to_day line 5 x1"]);
    assert_eq!(read.data.tables["inmate"].rows.len(), 1);
}

#[test]
fn silence_is_not_a_nil_return() {
    let empty = good(format!("{HEAD}{COLUMNS}"));
    assert!(empty.data.tables.is_empty(), "nothing is reported");
    assert_eq!(notices(&empty), ["empty-not-nil"]);
    let nil = good(format!("{HEAD}Nil return,yes\n{COLUMNS}"));
    assert!(nil.data.submission.nil_declared && nil.data.tables["incident"].rows.is_empty());
    let both = good(format!("{HEAD}Nil return,yes\n{COLUMNS}i1,12/04/2010,minor,c1,3,no\n"));
    assert_eq!((rows(&both).len(), notices(&both)), (1, vec!["nil-and-rows"]));
    let useless = good(format!("{HEAD}{COLUMNS},12/04/2010,minor,c1,3,no\n"));
    assert!(useless.data.tables.is_empty(), "rows came, and none can be used: that is no 0");
    assert_eq!(notices(&useless), ["no-row-can-be-used"]);
    let untouched = good(format!("{HEAD}{COLUMNS}example-1,12/04/2010,minor,example,1,yes\n"));
    assert_eq!(notices(&untouched), ["empty-not-nil"], "the worked row is nobody's record");
    assert_eq!(codes(&untouched), ["worked-row the row line 6 x1"]);
}

#[test]
fn what_a_file_does_not_say_the_caller_says_and_nobody_guesses() {
    let bare = format!("{COLUMNS}i1,12/04/2010,minor,c1,3,no\n");
    let fault = refused("incidents.csv", bare.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert!(fault.to_string().contains("nobody says whose it is"), "{fault}");
    let area = ReadOptions { area: Some("805".to_owned()), ..ReadOptions::default() };
    let read = refused("incidents.csv", bare.as_bytes(), &area).unwrap();
    assert_eq!(notices(&read), ["area-as-given", "no-period"]);
    assert!(read.data.tables["incident"].cover.is_year_unknown());
    let whole = ReadOptions { period: "2010-11".parse().ok(), agency: Some("police".to_owned()), ..area };
    let read = refused("incidents.csv", bare.as_bytes(), &whole).unwrap();
    assert_eq!(read.data.reference_date.unwrap().to_string(), "2011-03-31");
    assert_eq!(read.data.submission.agency.as_deref(), Some("police"));
    let all = good(format!("Return,incident\nArea,E06000001\nPeriod,all\n{bare}"));
    assert_eq!(all.data.tables["incident"].cover, Cover::UNLIMITED);
}

#[test]
fn lines_above_the_table_that_cannot_be_read_are_said() {
    let read = good(format!(
        "Return,incidant\nAgency,polise\nArea,E06000001\nPeriod,spring\nStatus,nearly\nNil return,perhaps\nSubmission number,two\nFirst day,31/02/2010\n{COLUMNS}i1,12/04/2010,minor,c1,3,no\n"
    ));
    assert_eq!(
        notices(&read),
        [
            "unknown-return",
            "unknown-agency",
            "bad-period",
            "bad-status",
            "bad-nil-return",
            "bad-number",
            "bad-date",
            "no-period"
        ]
    );
    assert!(read.notices[1].message.contains("did you mean police?"), "{}", read.notices[1].message);
    let read = good(format!(
        "Area,E06000001\nFirst day,01/07/2010\nLast day,01/04/2010\n{COLUMNS}i1,12/04/2010,minor,c1,3,no\n"
    ));
    assert_eq!(notices(&read), ["bad-period", "no-period"]);
}

#[test]
fn of_two_datasets_with_the_same_columns_somebody_must_say_which() {
    let bare = "Area,E06000001\nPeriod,2010-11\nchild,from_day,to_day\nc1,01/05/2010,\n";
    let options = ReadOptions::default();
    let fault = refused("x.csv", bare.as_bytes(), &options).unwrap_err();
    assert!(fault.to_string().contains("its columns are those of inmate and stay at once"), "{fault}");
    let named = refused("stay-2010.csv", bare.as_bytes(), &options).unwrap();
    assert!(named.data.tables.contains_key("stay"));
    let said = refused("stay-2010.csv", format!("Return,Children\n{bare}").as_bytes(), &options).unwrap();
    assert!(said.data.tables.contains_key("inmate"), "what it says of itself comes first");
}

fn workbook(data: &str, header: [&str; 3]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let head = workbook.add_worksheet().set_name("Return").unwrap();
    let lines =
        [("Return", "incident"), ("Agency", "Police"), ("Area", "E06000001"), ("Period", "2010-11 Q1")];
    for (row, (label, value)) in (0..).zip(lines) {
        head.write_string(row, 0, label).unwrap();
        head.write_string(row, 1, value).unwrap();
    }
    let sheet = workbook.add_worksheet().set_name(data).unwrap();
    for (column, name) in (0..).zip(header) {
        sheet.write_string(0, column, name).unwrap();
    }
    sheet.write_number(1, 0, 17.0).unwrap();
    let format = Format::new().set_num_format("dd/mm/yyyy");
    let day = ExcelDateTime::from_ymd(2010, 4, 12).unwrap();
    sheet.write_datetime_with_format(1, 1, &day, &format).unwrap();
    sheet.write_number(1, 2, 1_234_567_890_123_456_800.0).unwrap();
    let notes = workbook.add_worksheet().set_name("Our notes").unwrap();
    notes.write_string(0, 0, "ask Jo").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_by_its_columns_whatever_its_sheets_are_called() {
    for sheet in ["incident", "Sheet1 (2)"] {
        let bytes = workbook(sheet, ["incident", "incident_date", "child"]);
        let read = refused("police.xlsx", &bytes, &ReadOptions::default()).unwrap();
        assert_eq!(rows(&read), ["17 2010-04-12 !"], "a number with noughts for its last digits is nobody's");
        assert_eq!(read.data.submission.agency.as_deref(), Some("police"));
        assert_eq!(notices(&read), ["passed-over"]);
        assert!(read.notices[0].message.contains("Our notes"));
    }
    let bytes = workbook("incident", ["a", "b", "c"]);
    let fault = refused("police.xlsx", &bytes, &ReadOptions::default()).unwrap_err().to_string();
    assert!(
        fault.contains("no sheet has the columns of incident; its sheets are Return, incident, Our notes"),
        "{fault}"
    );
    assert!(fault.contains("incident, incident_date, injury"), "{fault}");
}

#[test]
fn a_file_that_ends_inside_a_row_is_partly_reported() {
    let read = good(format!("{HEAD}{COLUMNS}i1,12/04/2010,minor,c1,3,no\ni2,13/0"));
    assert!(read.data.truncated);
    assert_eq!((rows(&read).len(), codes(&read)), (1, vec!["truncated the row line 7 x1".to_owned()]));
}

#[test]
fn rows_that_name_a_record_nobody_gave_are_said() {
    let of = |text: String| good(text).data;
    let incidents = of(format!("{HEAD}{COLUMNS}i1,12/04/2010,minor,c1,3,no\ni2,12/04/2010,minor,c9,3,no\n"));
    let children =
        of("Return,inmate\nArea,E06000001\nPeriod,2010-11\nchild,from_day,to_day\nc1,01/04/2010,\n"
            .to_owned());
    let data = Data { returns: vec![incidents.clone(), children] };
    let areas = vec!["E06000001".to_owned(); 2];
    let said = unknown_records(&registers(), &data, &areas, &[true, true]);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].message.starts_with("1 of 2 rows of incident name a record that no row of inmate is"),
        "{said:?}"
    );
    assert!(!said[0].message.contains("c9"), "no child's number is shown");
    let alone = Data { returns: vec![incidents] };
    assert!(unknown_records(&registers(), &alone, &areas, &[true]).is_empty(), "nobody gave any");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read("x", &bytes, &registers(), &ReadOptions::default());
        let _ = sniff(&registers(), "x", &bytes);
    }

    #[test]
    fn no_table_brings_it_down_and_every_row_is_somewhere(
        cells in proptest::collection::vec("[a-z0-9<*/\", ;-]{0,12}", 0..40),
    ) {
        let mut text = format!("{HEAD}Nil return,yes\n{COLUMNS}");
        for row in cells.chunks(6) {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        let reads = read("x.csv", text.as_bytes(), &registers(), &ReadOptions::default()).unwrap();
        let of = &reads[0];
        prop_assert!(of.account.is_complete(), "{:?}", of.account);
    }
}
