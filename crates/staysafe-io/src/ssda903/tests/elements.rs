//! The return in its XML form: the same tables as from its files of comma-separated values, and each oddity.

use staysafe::record::Lost;

use super::*;
use crate::returns::Returns;

/// An invented return with something in every table, one file to a table.
const TABLES: [(&str, &str); 12] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n\
         1,1,01/02/2008,WBRI,A123456789012,0,\n\
         2,2,01/03/2001,REFU,UN3,1,05/06/2017\n\
         3,1,09/09/2014,BAFR,UN1,,\n",
    ),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
         1,01/05/2017,S,C2,N1,U4,PR1,01/10/2017,X1,CARPL,AB1 2CD,EF3 4GH,7\n\
         1,01/10/2017,P,C2,N1,K2,PR4,,,,AB1 2CD,,8\n\
         2,01/06/2016,S,V2,N1,R3,PR2,01/03/2018,E4A,,,,\n",
    ),
    (
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE\n\
         1,01/02/2008,28/05/2017,PN1\n1,01/02/2008,20/08/2017,PN9\n2,01/03/2001,,PN5\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\n1,1,01/02/2008,\n2,2,01/03/2001,01/03/2019\n"),
    (
        "oc2.csv",
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,\
         SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n\
         1,01/02/2008,13,,0,,1,1,1,0,,\n2,01/03/2001,,SDQ2,1,,0,1,1,1,0,1\n",
    ),
    ("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n2,01/03/2001,YES,F2,U1\n"),
    (
        "ad1.csv",
        "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n\
         3,09/09/2014,01/06/2017,01/07/2017,0,2,MF,L11\n",
    ),
    (
        "placed_for_adoption.csv",
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n\
         3,09/09/2014,01/08/2017,01/09/2017,RD1\n3,09/09/2014,01/12/2017,,\n",
    ),
    ("previous_permanence.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n1,01/02/2008,P1,805,2012-01-01\n"),
    ("missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END\n1,01/02/2008,M,01/06/2017,02/06/2017\n"),
    ("sw_episodes.csv", "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n1,01/02/2008,SW1,01/05/2017,,\n"),
    ("DoLo.csv", "CHILD,DOB,DOLO_START,DOLO_END\n1,01/02/2008,01/06/2017,03/06/2017\n"),
];

/// The same return as XML, written by hand.
const XML: &str = "<?xml version='1.0' encoding='us-ascii'?>
<EXPSSDA903 xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>
<CHILD>
  <HEADER>
    <CHILDID>1</CHILDID><UPN>A123456789012</UPN><SEX>1</SEX><DOB>01/02/2008</DOB><ETHNIC>WBRI</ETHNIC>
    <UASC>1</UASC>
    <AREVIEW><REVIEW>28/05/2017</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
    <AREVIEW><REVIEW>20/08/2017</REVIEW><REVIEW_CODE>PN9</REVIEW_CODE></AREVIEW>
    <MOTHER>false</MOTHER><MC_DOB />
    <OC2><SDQ_SCORE>13</SDQ_SCORE><CONVICTED>false</CONVICTED><IMMUNISATIONS>true</IMMUNISATIONS><TEETH_CHECK>1</TEETH_CHECK>
      <HEALTH_ASSESSMENT>1</HEALTH_ASSESSMENT><SUBSTANCE_MISUSE>0</SUBSTANCE_MISUSE></OC2>
    <PERMANENCE><PREV_PERM>P1</PREV_PERM><LA_PERM>805</LA_PERM><DATE_PERM>01/01/2012</DATE_PERM></PERMANENCE>
    <AMISSING><MISSING>M</MISSING><MIS_START>01/06/2017</MIS_START><MIS_END>02/06/2017</MIS_END></AMISSING>
  </HEADER>
  <EPISODE><DECOM>01/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><PL_POST>EF3 4GH</PL_POST>
    <HOME_POST>AB1 2CD</HOME_POST><URN>7</URN><PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC>01/10/2017</DEC><REC>X1</REC>
    <REASON_PLACE_CHANGE>CARPL</REASON_PLACE_CHANGE></EPISODE>
  <EPISODE><DECOM>2017-10-01</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PLACE>K2</PLACE>
    <HOME_POST>AB1 2CD</HOME_POST><URN>8</URN><PLACE_PROVIDER>PR4</PLACE_PROVIDER><DEC /><REC /></EPISODE>
  <SW_EPISODE><SW_ID>SW1</SW_ID><SW_DECOM>01/05/2017</SW_DECOM></SW_EPISODE>
  <DOLO><DOLO_START>01/06/2017</DOLO_START><DOLO_END>03/06/2017</DOLO_END></DOLO>
</CHILD>
<CHILD>
  <EPISODE><DECOM>01/06/2016</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N1</CIN><PL>R3</PL><PLACE_PROVIDER>PR2</PLACE_PROVIDER>
    <DEC>01/03/2018</DEC><REC>E4A</REC></EPISODE>
  <HEADER>
    <UASC>1</UASC><DUC>01/03/2019</DUC>
    <AREVIEW><REVIEW_CODE>PN5</REVIEW_CODE></AREVIEW>
    <IN_TOUCH>YES</IN_TOUCH><ACTIV>F2</ACTIV><ACCOM>U1</ACCOM>
    <SDQ_REASON>SDQ2</SDQ_REASON><CONVICTED>1</CONVICTED><IMMUNISATIONS>0</IMMUNISATIONS><TEETH_CHECK>1</TEETH_CHECK>
    <HEALTH_ASSESSMENT>1</HEALTH_ASSESSMENT><SUBSTANCE_MISUSE>1</SUBSTANCE_MISUSE>
    <INTERVENTION_RECEIVED>0</INTERVENTION_RECEIVED><INTERVENTION_OFFERED>1</INTERVENTION_OFFERED>
    <MOTHER>1</MOTHER><MC_DOB>05/06/2017</MC_DOB>
    <CHILDID>2</CHILDID><UPN>UN3</UPN><SEX>2</SEX><DOB>01/03/2001</DOB><ETHNIC>REFU</ETHNIC>
  </HEADER>
</CHILD>
<CHILD>
  <HEADER>
    <CHILDID>3</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>09/09/2014</DOB><ETHNIC>BAFR</ETHNIC><UASC />
    <DATE_INT>01/06/2017</DATE_INT><DATE_MATCH>01/07/2017</DATE_MATCH><FOSTER_CARE>0</FOSTER_CARE>
    <NB_ADOPTR>2</NB_ADOPTR><SEX_ADOPTR>MF</SEX_ADOPTR><LS_ADOPTR>L11</LS_ADOPTR>
    <AD_PLACED><DATE_PLACED>01/08/2017</DATE_PLACED><DATE_PLACED_CEASED>01/09/2017</DATE_PLACED_CEASED>
      <REASON_PLACED_CEASED>RD1</REASON_PLACED_CEASED></AD_PLACED>
    <AD_PLACED><DATE_PLACED>01/12/2017</DATE_PLACED></AD_PLACED>
  </HEADER>
</CHILD>
</EXPSSDA903>
";

fn xml_with(text: &str, options: &ReadOptions) -> Result<ReadReturn, ReadError> {
    bytes(&[("903.xml", text.as_bytes())], options)
}

fn xml(text: &str) -> ReadReturn {
    xml_with(text, &options(Some(2018))).unwrap_or_else(|error| panic!("{error}"))
}

/// A return with one child, in whose header this stands and behind it this.
fn child(in_header: &str, behind: &str) -> ReadReturn {
    xml(&format!(
        "<EXPSSDA903><CHILD>\n<HEADER><CHILDID>1</CHILDID><DOB>01/02/2008</DOB>{in_header}</HEADER>\n{behind}</CHILD></EXPSSDA903>"
    ))
}

/// Rejects without what is never given and what the children lack, which every small file has.
fn told(read: &ReadReturn) -> Vec<String> {
    codes(read).into_iter().filter(|code| !code.starts_with("element-never-given")).collect()
}

#[test]
fn the_two_forms_are_one_return() {
    let (tables, elements) = (good(&TABLES), xml(XML));
    assert_eq!(tables.data.tables.len(), 12);
    for (id, table) in &tables.data.tables {
        let other = &elements.data.tables[id];
        assert_eq!(table.fields, other.fields, "{id}");
        let values = |table: &Table| table.rows.iter().map(|row| row.values.clone()).collect::<Vec<_>>();
        assert_eq!(values(table), values(other), "{id}");
    }
    let lost = |read: &ReadReturn| -> Vec<(String, String, Lost)> {
        let lost = read.rejects.iter().filter(|reject| reject.lost != Lost::Nothing);
        lost.map(|reject| (reject.code.clone(), reject.element.clone(), reject.lost)).collect()
    };
    assert_eq!(lost(&tables), lost(&elements));
    assert_eq!(lost(&elements).len(), 2, "a code nobody knows, and a review without its day");
    let lines: Vec<u64> =
        elements.rejects.iter().filter(|r| r.lost != Lost::Nothing).filter_map(|r| r.line).collect();
    assert_eq!(lines, [8, 28], "by the line of the file");
    let collect = |read: ReadReturn| Returns::collect(vec![read]);
    assert_eq!(collect(tables).fingerprint, collect(elements).fingerprint);
}

#[test]
fn what_the_file_has_nothing_of_is_not_carried() {
    let read = child("<UASC />", "");
    assert_eq!(read.data.tables.keys().collect::<Vec<_>>(), ["looked_after_child", "unaccompanied_child"]);
    assert!(read.data.tables["unaccompanied_child"].rows.is_empty(), "asked, and nobody is");
    assert!(!codes(&read).contains(&"element-never-given DUC x1".to_owned()), "and no record lacks its date");
    let read = xml("<EXPSSDA903></EXPSSDA903>");
    assert!(read.data.tables.is_empty());
    assert_eq!(noticed(&read), ["no-children"]);
}

#[test]
fn an_element_left_out_is_blank_and_said_where_no_record_has_it() {
    let read =
        child("", "<EPISODE><DECOM>01/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL><REC/></EPISODE>");
    assert_eq!(column(&read, "episode", "dec"), ["-"]);
    assert_eq!(
        codes(&read),
        ["element-never-given DEC x1", "element-never-given ETHNIC x1", "element-never-given SEX x1"]
    );
}

#[test]
fn what_a_child_is_said_to_have_and_what_is_given() {
    let read = child("<UASC>0</UASC><DUC>01/01/2026</DUC>", "");
    assert_eq!(column(&read, "unaccompanied_child", "status_ended"), ["2026-01-01"]);
    assert_eq!(told(&read), ["flag-and-values-disagree UASC x1"]);
    assert!(column(&child("<UASC>false</UASC>", ""), "unaccompanied_child", "child").is_empty());
    assert_eq!(
        column(&child("<DUC>01/01/2026</DUC>", ""), "unaccompanied_child", "birth_date"),
        ["2008-02-01"]
    );
    assert_eq!(told(&child("<UASC>perhaps</UASC>", "")), ["bad-flag UASC x1"]);
    let around = child("<UASC><DUC>01/01/2026</DUC></UASC><OC3><IN_TOUCH>YES</IN_TOUCH></OC3>", "");
    assert!(told(&around).is_empty(), "{:?}", codes(&around));
    assert_eq!(column(&around, "unaccompanied_child", "status_ended"), ["2026-01-01"]);
    assert_eq!(column(&around, "care_leaver", "in_touch"), ["YES"]);
}

#[test]
fn elements_around_records_in_any_case_and_with_a_prefix() {
    let read = child(
        "",
        "<Episodes><Episode><Decom>01/05/2017</Decom></Episode><EPISODE><DECOM>01/06/2017</DECOM></EPISODE></Episodes>",
    );
    assert_eq!(column(&read, "episode", "decom"), ["2017-05-01", "2017-06-01"]);
    let read = xml(
        "<a:SSDA903 xmlns:a='x'><a:CHILDREN><a:CHILD><a:CHILDID>7</a:CHILDID><a:EPISODE><a:DECOM>01/05/2017</a:DECOM></a:EPISODE></a:CHILD></a:CHILDREN></a:SSDA903>",
    );
    assert_eq!(column(&read, "episode", "child"), ["7"]);
}

#[test]
fn stray_text_strange_elements_and_misplaced_ones_are_passed_over_and_said() {
    let read = child(
        "oops<DECOM>01/01/2017</DECOM><Novelty><DOB>x</DOB></Novelty>",
        "<EPISODE>oops<DECOM>01/05/2017</DECOM><REVIEW>1</REVIEW></EPISODE>\noops",
    );
    assert_eq!(
        told(&read),
        [
            "misplaced-element REVIEW x1",
            "misplaced-element DECOM x1",
            "stray-text CHILD x1",
            "stray-text Episodes x1",
            "stray-text HEADER x1",
            "unknown-element Novelty x1"
        ]
    );
    assert_eq!(read.account.passed_over, 4);
    let read = child("<SEX><B>1</B></SEX>", "");
    assert_eq!(told(&read), ["element-inside-value SEX x1", "unknown-element B x1"]);
    assert_eq!(column(&read, "looked_after_child", "sex"), ["!"]);
}

#[test]
fn values_given_twice_agree_or_are_rejected() {
    let read = child("<SEX>1</SEX><SEX>1</SEX><ETHNIC>WBRI</ETHNIC><ETHNIC>BAFR</ETHNIC>", "");
    assert_eq!(told(&read), ["contradictory ETHNIC x1", "contradictory ETHNIC x1", "given-twice SEX x1"]);
    let own = "<EPISODE><CHILDID>2</CHILDID><DECOM>01/05/2017</DECOM></EPISODE><EPISODE><CHILD>1</CHILD><DECOM>01/06/2017</DECOM></EPISODE>";
    let read = child("", own);
    assert_eq!(told(&read), ["another-child CHILDID x1"]);
    assert_eq!(column(&read, "episode", "decom"), ["2017-06-01"]);
    let read = child("<AREVIEW><DOB>01/02/2009</DOB><REVIEW>01/05/2017</REVIEW></AREVIEW>", "");
    assert_eq!(column(&read, "looked_after_review", "birth_date"), ["2009-02-01"]);
    assert_eq!(told(&read), ["birth-dates-differ DOB x1"]);
}

#[test]
fn a_child_without_a_number_is_rejected_with_all_below_it() {
    let read = xml(
        "<EXPSSDA903><CHILD><HEADER><SEX>x</SEX></HEADER><EPISODE><DECOM>01/05/2017</DECOM></EPISODE></CHILD>\n\
         <CHILD><CHILDID>1.2E+11</CHILDID></CHILD>\n<CHILD><CHILDID>3</CHILDID></CHILD></EXPSSDA903>",
    );
    assert_eq!(column(&read, "looked_after_child", "child"), ["3"]);
    assert_eq!(told(&read), ["no-identifier CHILD x1", "no-identifier CHILD x1"]);
    assert!(read.rejects[0].message.contains("with 1 records below it"), "{}", read.rejects[0].message);
    assert_eq!(read.rejects[1].line, Some(2));
}

#[test]
fn a_file_that_ends_in_the_middle_keeps_its_whole_children_and_is_marked() {
    let cut = XML.find("<AD_PLACED>").unwrap() + 30;
    let read = xml(&XML[..cut]);
    assert!(read.data.truncated);
    assert_eq!(column(&read, "looked_after_child", "child"), ["1", "2"]);
    assert!(told(&read).contains(&"truncated CHILD x1".to_owned()), "{:?}", told(&read));
    assert_eq!(noticed(&read).last(), Some(&"truncated"));
    let refuse = ReadOptions { refuse_truncated: true, ..options(Some(2018)) };
    let error = xml_with(&XML[..cut], &refuse).unwrap_err();
    assert_eq!(error.faults[0].kind, FaultKind::Truncated { children: 2 });
}

#[test]
fn what_the_file_says_of_itself_must_agree_with_what_is_given() {
    let file = |said: &str, attributes: &str| {
        format!("<EXPSSDA903{attributes}>{said}\n{}", XML.split_once("'>\n").unwrap().1)
    };
    let of = |text: &str, area: Option<&str>, year| {
        let options = ReadOptions { area: area.map(str::to_owned), year, ..ReadOptions::default() };
        xml_with(text, &options).map_err(|error| error.to_string())
    };
    for text in [
        file(
            "<Header><CollectionDetails><Year>2018</Year></CollectionDetails><Source><LEA>805</LEA></Source></Header>",
            "",
        ),
        file("<LA_CODE>805</LA_CODE><ReferenceDate>2018-03-31</ReferenceDate>", ""),
        file("", " LA='805' YEAR=\"2017-18\""),
    ] {
        let read = of(&text, None, None).unwrap();
        assert_eq!(
            (read.data.area.as_str(), read.data.reference_date),
            ("805", Some("2018-03-31".parse().unwrap()))
        );
        assert!(codes(&read).iter().all(|code| !code.starts_with("unknown-element")), "{:?}", codes(&read));
        assert!(of(&text, Some("805"), Some(2018)).is_ok());
        let other = of(&text, Some("805"), Some(2019)).unwrap_err();
        assert!(other.contains("the return of 2018, and 2019 was given"), "{other}");
        let other = of(&text, Some("806"), None).unwrap_err();
        assert!(other.contains("of authority 805, and 806 was given"), "{other}");
        let named = of(&text, Some("E06000001"), None).unwrap();
        assert!(noticed(&named).contains(&AREAS_NOT_COMPARED));
    }
    for (said, words) in [
        ("<YEAR>soon</YEAR>", "no year of a return"),
        ("<YEAR>2018</YEAR><YEAR>2019</YEAR>", "its year twice"),
        ("<LEA>805</LEA><LEA>806</LEA>", "its authority twice"),
        ("<LEA>Hartlepool</LEA>", "not an authority's code"),
        ("<ReferenceDate>31 March</ReferenceDate>", "is not a day"),
        ("<YEAR><B/></YEAR>", "holds elements"),
        ("<CHILD><CHILDID>1</CHILDID></CHILD><YEAR>2018</YEAR>", "stands after children"),
        ("", "says whose it is"),
    ] {
        let error = of(&file(said, ""), None, None).unwrap_err();
        assert!(error.contains(words), "{said}: {error}");
    }
    assert_eq!(noticed(&of(&file("", ""), Some("805"), None).unwrap())[0], "no-year");
    let other_day =
        of(&file("<ReferenceDate>2018-05-01</ReferenceDate>", ""), Some("805"), Some(2018)).unwrap();
    assert!(noticed(&other_day).contains(&"reference-date"));
}

#[test]
fn a_framework_tells_whether_two_codes_are_one_authority() {
    let (framework, _) = staysafe::definition::read::read(staysafe_lscb::FILES.iter().copied());
    let of = |area: &str| {
        let options = ReadOptions { area: Some(area.to_owned()), year: Some(2018), ..ReadOptions::default() };
        let read = xml_with("<EXPSSDA903 LEA='805'></EXPSSDA903>", &options).unwrap();
        let mut returns = Returns::collect(vec![read]);
        returns.resolve_areas(&framework).map_err(|error| error.to_string())?;
        assert!(returns.notices.iter().all(|notice| notice.code != AREAS_NOT_COMPARED));
        returns.resolve_areas(&framework).map_err(|error| error.to_string())?;
        Ok::<_, String>(returns.data.returns[0].area.clone())
    };
    assert_eq!(of("E06000001"), Ok("E06000001".to_owned()));
    let other = of("E06000002").unwrap_err();
    assert!(other.contains("of authority 805, and E06000002 was given, which is another"), "{other}");
}

#[test]
fn files_that_are_no_such_return_are_refused_by_name_and_line() {
    let error = |text: &str| xml_with(text, &options(Some(2018))).unwrap_err().to_string();
    for (text, words) in [
        ("<Message></Message>", "its outermost element is <Message>"),
        ("<EXPSSDA903><CHILD></EXPSSDA903>", "expected the end of <CHILD>"),
        ("<!DOCTYPE x><EXPSSDA903/>", "declares a document type"),
        ("<EXPSSDA903/>\n<EXPSSDA903/>", "903.xml:2: error[not-well-formed] a second document"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><EXPSSDA903/>", "ISO-8859-1"),
        ("<", "there is no element in it"),
    ] {
        let said = error(text);
        assert!(said.contains(words), "{text}: {said}");
    }
    let mixed = [
        ("903.xml", &b"<EXPSSDA903><CHILD></EXPSSDA903>"[..]),
        ("reviews.csv", b"CHILD,DOB,REVIEW,REVIEW_CODE\n"),
    ];
    assert!(bytes(&mixed, &options(Some(2018))).is_err(), "half of a broken file is never read");
}

#[test]
fn another_years_codes_elements_and_tables_are_read_and_said() {
    let read = child("<SEX>F</SEX>", "<DOLO><DOLO_START>01/06/2017</DOLO_START></DOLO>");
    assert_eq!(told(&read), ["code-of-another-year SEX F x1"]);
    assert_eq!(noticed(&read)[0], "table-of-another-year");
    assert_eq!(column(&read, "looked_after_child", "sex"), ["F"]);
}
