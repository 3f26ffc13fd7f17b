//! Files as they come in real life: names, headers, encodings, separators.

use super::*;

const ROW: &str = "1,01/02/2010,05/06/2017,PN1";

fn reviews_from(bytes_: &[u8]) -> ReadReturn {
    let read =
        bytes(&[("reviews.csv", bytes_)], &options(Some(2018))).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(column(&read, "looked_after_review", "review_date"), ["2017-06-05"]);
    read
}

#[test]
fn names_of_columns_in_any_case_and_with_marks() {
    for header in [
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        "\u{FEFF}child, dob ,Review,Review Code",
        "\"Child\",\"D.O.B.\",\"REVIEW\",\"review-code\"",
    ] {
        let read = reviews_from(format!("{header}\r\n{ROW}\r\n").as_bytes());
        assert!(read.rejects.is_empty() && read.notices.is_empty(), "{header}: {:?}", codes(&read));
    }
    let read = reviews_from(format!("CHILDID,DOB,REVIEW,REVIEW_CODE\n{ROW}\n").as_bytes());
    assert_eq!(codes(&read), ["column-by-another-name CHILDID x1"]);
}

#[test]
fn other_encodings_and_separators_are_read_and_said() {
    let text = format!("CHILD,DOB,REVIEW,REVIEW_CODE\n{ROW}\n");
    let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(noticed(&reviews_from(&wide)), ["encoding"]);
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(noticed(&reviews_from(&big)), ["encoding"]);
    for mark in [";", "\t", "|"] {
        let read = reviews_from(text.replace(',', mark).as_bytes());
        assert_eq!(noticed(&read), ["separator"], "{mark:?}");
    }
    let ansi = b"CHILD,DOB,REVIEW,REVIEW_CODE\nZo\xEB,01/02/2010,05/06/2017,PN1\n";
    let read = reviews_from(ansi);
    assert_eq!(column(&read, "looked_after_review", "child"), ["Zoë"]);
    assert_eq!(codes(&read), ["not-utf-8 CHILD x1"]);
    reviews_from(text.replace('\n', "\r").as_bytes());
}

#[test]
fn the_header_decides_what_a_file_is_and_a_name_that_says_otherwise_is_said() {
    let read = good(&[("missing.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1\n")]);
    assert_eq!(noticed(&read), ["name-and-header-disagree"]);
    assert!(
        read.notices[0].message.contains("says Missing")
            && read.data.tables.contains_key("looked_after_review")
    );
    let read = good(&[(
        "table7.csv",
        "Title of the export\n\nCHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1\n",
    )]);
    assert_eq!(codes(&read), ["lines-above-header above the header x1"]);
}

#[test]
fn without_a_header_the_order_is_taken_only_where_everything_fits() {
    let read = good(&[("reviews.csv", "1,01/02/2010,05/06/2017,PN1\n2,01/02/2010,05/06/2017,PN2\n")]);
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "2"], "the first row is a row");
    assert_eq!(noticed(&read), ["no-header"]);
    let two_names = good(&[("reviews_no_header.csv", "1,01/02/2010,05/06/2017,PN1\n")]);
    assert_eq!(column(&two_names, "looked_after_review", "child"), ["1"], "only one of the two fits");
    let refused = |name: &str, text: &str| {
        bytes(&[(name, text.as_bytes())], &options(Some(2018))).unwrap_err().faults.remove(0)
    };
    let fault = refused("reviews.csv", "1,05/06/2017,PN1\n");
    assert!(
        fault.message.contains("no header") && fault.help.contains("CHILD,DOB,REVIEW,REVIEW_CODE"),
        "{fault}"
    );
    let fault = refused("table7.csv", "1,01/02/2010,05/06/2017,PN1\n");
    assert_eq!(fault.kind, FaultKind::AnotherKind, "{fault}");
}

#[test]
fn unknown_and_missing_columns_are_findings_and_the_rest_is_read() {
    let read = good(&[("episodes.csv", "CHILD,DECOM,RNE,LS,PLACE,DEC,Team\n1,01/05/2017,S,C2,U4,,North\n")]);
    let found = codes(&read);
    assert!(found.contains(&"unknown-column Team x1".to_owned()), "{found:?}");
    assert!(
        found.contains(&"missing-column REC x1".to_owned())
            && found.contains(&"missing-column URN x1".to_owned())
    );
    let fields = &read.data.tables["episode"].fields;
    assert!(!fields.iter().any(|field| **field == *"rec"), "what needs it is not reported");
    assert_eq!(column(&read, "episode", "placement_urn"), ["-"], "the return is complete without it");
    assert_eq!(column(&read, "episode", "decom"), ["2017-05-01"]);
}

#[test]
fn a_file_that_is_no_table_does_not_keep_the_others_from_being_read() {
    let read = good(&[
        ("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1\n"),
        ("costs.csv", "a,b\n1,2\n"),
        ("uasc.csv", ""),
        ("reviews2.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n2,01/02/2010,05/06/2017,PN1\n"),
    ]);
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "2"]);
    assert_eq!(noticed(&read), ["second-file-of-a-table", "another-kind-of-file", "empty-file"]);
    assert_eq!(read.data.tables.len(), 1);
}

#[test]
fn a_file_cut_in_its_last_row_marks_the_return() {
    let cut = "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1\n2,01/02/20";
    let read = good(&[("reviews.csv", cut)]);
    assert!(read.data.truncated);
    assert_eq!(column(&read, "looked_after_review", "child"), ["1"]);
    assert_eq!((noticed(&read), codes(&read)), (vec!["truncated"], vec!["truncated the row x1".to_owned()]));
    let refuse = ReadOptions { refuse_truncated: true, ..options(Some(2018)) };
    let fault = bytes(&[("reviews.csv", cut.as_bytes())], &refuse).unwrap_err().faults.remove(0);
    assert_eq!((fault.kind, fault.line), (FaultKind::Truncated { children: 1 }, Some(3)));
    let whole = good(&[("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1")]);
    assert!(!whole.data.truncated, "the last line break may be left out");
}

#[test]
fn whose_and_of_which_year_is_given_or_it_is_said() {
    let file: [(&str, &[u8]); 1] =
        [("reviews.csv", b"CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/02/2010,05/06/2017,PN1\n")];
    let refused = |options: ReadOptions| bytes(&file, &options).unwrap_err().faults.remove(0);
    let fault = refused(ReadOptions { year: Some(2018), ..ReadOptions::default() });
    assert!(fault.kind == FaultKind::NotGiven && fault.help.contains("area"), "{fault}");
    let fault = refused(options(Some(18)));
    assert!(fault.kind == FaultKind::NotGiven && fault.help.contains("four digits"), "{fault}");

    let read = bytes(&file, &options(Some(2018))).unwrap();
    let cover = read.data.tables["looked_after_review"].cover;
    for side in [cover.events, cover.starts, cover.ends, cover.stocks] {
        assert_eq!(
            side.map(|days| (days.first.to_string(), days.last.to_string())),
            Some(("2017-04-01".into(), "2018-03-31".into()))
        );
    }
    assert_eq!(read.data.reference_date.unwrap().to_string(), "2018-03-31");
    assert_eq!((read.data.kind.as_str(), read.data.area.as_str()), ("ssda903", "E06000001"));

    let read = bytes(&file, &options(None)).unwrap();
    assert!(read.data.tables["looked_after_review"].cover.is_year_unknown());
    assert_eq!((read.data.reference_date, noticed(&read)), (None, vec!["no-year"]));
    let later = bytes(&file, &options(Some(2030))).unwrap();
    assert_eq!(noticed(&later), ["unknown-year", "year-fits-no-date"]);
    assert!(
        later.notices[1].message.contains("they run from 2017-06-05 to 2017-06-05"),
        "birthdays are not said"
    );
}
