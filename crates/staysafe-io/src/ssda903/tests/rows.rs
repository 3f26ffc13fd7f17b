//! Rows and cells that are not what they should be.

use staysafe::record::Lost;

use super::*;

const REVIEWS: &str = "CHILD,DOB,REVIEW,REVIEW_CODE\n";

fn reviews(rows: &str) -> ReadReturn {
    good(&[("reviews.csv", &format!("{REVIEWS}{rows}"))])
}

#[test]
fn a_bad_value_is_rejected_with_its_place_and_the_row_is_kept() {
    let read = reviews("1,01/02/2010,5/6/2017,PN1\n2,01/02/2010,05/06/2017,PN9\n");
    assert_eq!(codes(&read), ["bad-date REVIEW x1", "unknown-code REVIEW_CODE x1"]);
    assert_eq!(column(&read, "looked_after_review", "review_date"), ["!", "2017-06-05"]);
    assert_eq!(column(&read, "looked_after_review", "participation"), ["PN1", "!"]);
    let first = &read.rejects[0];
    assert_eq!((first.name.as_str(), first.record, first.line), ("reviews.csv", 1, Some(2)));
    assert!(first.personal && first.message.contains("31/03/2018"), "{}", first.message);
    assert!(read.rejects[1].message.contains("one of 8 codes"), "{}", read.rejects[1].message);
    assert_eq!(read.data.tables["looked_after_review"].rows[1].origin, 3, "the line");
}

#[test]
fn a_row_without_what_it_cannot_be_without_is_no_record() {
    let read = reviews(
        ",01/02/2010,05/06/2017,PN1\n1,01/02/2010,,PN1\n1.23E+11,x,y,z\n2,01/02/2010,05/06/2017,PN1\n",
    );
    assert_eq!(column(&read, "looked_after_review", "child"), ["2"]);
    assert_eq!(codes(&read), ["no-identifier CHILD x1", "no-value REVIEW x1", "no-identifier CHILD x1"]);
    assert!(read.rejects.iter().all(|reject| reject.lost == Lost::Record));
    assert_eq!((read.profile.rejected_records, read.profile.rejected_values), (3, 0));
}

#[test]
fn rows_of_another_length() {
    let read = reviews(
        "1,01/02/2010,05/06/2017\n2,01/02/2010,05/06/2017,PN1,,\n3,01/02/2010,05/06/2017,PN1,x\n4,01/02/2010,05/06/2017,PN2\n",
    );
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "2", "4"]);
    assert_eq!(column(&read, "looked_after_review", "participation"), ["-", "PN1", "PN2"]);
    assert_eq!(
        codes(&read),
        ["long-row the row x1", "blank-cells-at-end the row x1", "short-row the row x1"]
    );
    assert!(read.rejects[0].message.contains("5 cells and the header 4"), "{}", read.rejects[0].message);
}

#[test]
fn lines_that_are_no_rows() {
    let read = reviews(
        "\n1,01/02/2010,05/06/2017,PN1\n,,,\nCHILD,DOB,REVIEW,REVIEW_CODE\n2,01/02/2010,05/06/2017,PN1\n\n\n",
    );
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "2"]);
    assert_eq!(
        codes(&read),
        ["blank-line blank lines x3", "empty-row empty rows x1", "repeated-header the header x1"]
    );
    assert!(read.rejects.iter().all(|reject| reject.lost == Lost::Nothing));
}

#[test]
fn quotation_marks() {
    let read = reviews(
        "\"1\",\"01/02/2010\",\"05/06/2017\",\"PN1\"\n2,\"01/02/2010,05/06/2017,PN1\n3,01/02/2010,05/06/2017,PN1\n",
    );
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "3"]);
    assert_eq!(codes(&read), ["unclosed-quotation the row x1"]);
    assert_eq!(read.rejects[0].line, Some(3));
}

#[test]
fn a_column_that_stands_twice_counts_where_it_agrees() {
    let text = "CHILD,DOB,REVIEW,REVIEW_CODE,CHILDID,REVIEW\n1,01/02/2010,05/06/2017,PN1,1,05/06/2017\n2,01/02/2010,05/06/2017,PN1,2,06/06/2017\n3,01/02/2010,,PN1,,06/06/2017\n";
    let read = good(&[("reviews.csv", text)]);
    assert_eq!(column(&read, "looked_after_review", "review_date"), ["2017-06-05", "!", "2017-06-06"]);
    assert_eq!(
        codes(&read),
        [
            "contradictory REVIEW x1",
            "contradictory REVIEW x1",
            "column-by-another-name CHILDID x1",
            "given-twice CHILDID x2",
            "given-twice REVIEW x1"
        ]
    );
}

#[test]
fn codes_columns_and_tables_of_another_year_are_read_and_said() {
    let episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
                    1,01/05/2017,S,C2,N1,U4,PR1,01/06/2017,E45,,,,\n2,01/05/2017,S,C2,N1,U4,PR1,01/06/2017,E45,,,,\n";
    let workers = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n";
    let read = good(&[("episodes.csv", episodes), ("sw_episodes.csv", workers)]);
    assert_eq!(codes(&read), ["code-of-another-year REC E45 x2"]);
    assert!(read.rejects[0].message.contains("from 2019"), "{}", read.rejects[0].message);
    assert_eq!(column(&read, "episode", "rec"), ["E45", "E45"]);
    assert_eq!(noticed(&read), ["table-of-another-year"]);
    assert!(read.data.tables["social_worker_episode"].rows.is_empty(), "carried and empty");
    let later =
        read_ssda903("return", [("episodes.csv", episodes.as_bytes())], &options(Some(2019))).unwrap();
    assert!(later.rejects.is_empty(), "{:?}", codes(&later));
}

#[test]
fn children_who_stand_in_one_table_only_are_kept_and_said() {
    let header =
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,2,01/02/2010,WBRI,UN1,,\n2,1,01/02/2011,WBRI,UN1,,\n";
    let reviews = format!(
        "{REVIEWS}1,02/02/2010,05/06/2017,PN1\n9,01/02/2010,05/06/2017,PN1\n9,01/02/2010,06/07/2017,PN1\n"
    );
    let episodes = "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\n1,01/05/2017,S,C2,U4,,\n";
    let read = good(&[("header.csv", header), ("reviews.csv", &reviews), ("episodes.csv", episodes)]);
    assert_eq!(column(&read, "looked_after_review", "child"), ["1", "9", "9"]);
    let said: Vec<&str> = read.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "rows of children who stand in no row of Header: 2 of 1 children; they are kept",
            "children of Header who have no row in Episodes: 1 of 2"
        ]
    );
    let odd: Vec<String> =
        codes(&read).into_iter().filter(|code| !code.starts_with("missing-column")).collect();
    assert_eq!(odd, ["child-without-header CHILD x2", "birth-dates-differ DOB x1"]);
}
