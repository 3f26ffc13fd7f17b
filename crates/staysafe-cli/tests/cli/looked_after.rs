//! The looked-after return: folders and files of tables, whose and of which year is said, beside a census.

use super::folder::Folder;
use super::returns::{census, child};
use super::{Run, staysafe};

const HEADER: &str =
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/2008,WBRI,UN1,,\n2,2,01/03/2009,WBRI,UN1,,\n";
const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
    1,01/05/2017,S,C2,N1,U4,PR1,,,,,,7\n2,01/06/2016,S,C2,N1,U4,PR1,,,,,,8\n";

/// A return under a path of the folder.
fn tables(folder: &Folder, path: &str) {
    folder.write(&format!("{path}/header.csv"), HEADER).write(&format!("{path}/episodes.csv"), EPISODES);
}

fn stock(folder: &Folder, words: &[&str]) -> Run {
    let asked = ["--indicator", "cs-20", "--format", "csv"];
    staysafe(folder.path(), &[&["calculate"], words, &asked].concat())
}

#[test]
fn a_folder_of_tables_is_one_return_of_the_year_and_authority_given() {
    let folder = Folder::new("903");
    tables(&folder, "ssda903");
    let run = stock(&folder, &["ssda903", "--year", "2018", "--area", "805", "--periods", "2017-18"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("cs-20,count,,E06000001,2017-18,2,,2,"),
        "an alias becomes the code\n{}",
        run.out
    );
    assert!(run.err.contains("ssda903: ssda903, area E06000001, 2 of 12 modules, 4 rows"), "{}", run.err);
    let files = [
        "ssda903/header.csv",
        "ssda903/episodes.csv",
        "--year",
        "2018",
        "--area",
        "E06000001",
        "--periods",
        "2017-18",
    ];
    assert_eq!(stock(&folder, &files).out, run.out, "file by file it is the same return");
    let earlier = stock(&folder, &["ssda903", "--year", "2018", "--area", "805", "--periods", "2016-17"]);
    assert!(earlier.out.contains("not-reported"), "the cover is the year\n{}", earlier.out);
}

#[test]
fn without_a_year_there_is_no_figure_and_without_an_authority_no_return() {
    let folder = Folder::new("903-not-given");
    tables(&folder, "ssda903");
    let run = stock(&folder, &["ssda903", "--area", "805", "--periods", "2017-18"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("not-reported") && run.err.contains("note[no-year]"),
        "{}\n{}",
        run.out,
        run.err
    );
    let table = staysafe(folder.path(), &["calculate", "ssda903", "--area", "805", "--periods", "2017-18"]);
    assert!(table.out.contains("return year unknown; give the year of the return"), "{}", table.out);
    let run = stock(&folder, &["ssda903", "--area", "805"]);
    assert!(run.code == 2 && run.err.contains("once their year is given"), "{}", run.err);
    for (words, said) in [
        (vec!["ssda903", "--year", "2018"], "says whose it is"),
        (vec!["ssda903", "--year", "18", "--area", "805"], "four digits"),
        (vec!["ssda903", "--year", "2018", "--area", "Hartlepool"], "give the code of Hartlepool: E06000001"),
        (
            vec!["ssda903", "--year", "2018", "--area", "E06000001", "--pattern", "*.csv"],
            "neither {area} nor {year}",
        ),
    ] {
        let run = stock(&folder, &words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.contains(said), "{said} is not in\n{}", run.err);
    }
}

#[test]
fn folders_say_whose_and_of_which_year_by_a_declared_pattern() {
    let folder = Folder::new("903-pattern");
    tables(&folder, "returns/805/2017-18");
    tables(&folder, "returns/E09000001/2018");
    folder.write("returns/805/latest/episodes.csv", EPISODES).write("returns/notes.txt", "Ask Ann.\n");
    let pattern = ["returns", "--pattern", "{area}/{year}/*.csv", "--by", "area", "--periods", "2017-18"];
    let run = stock(&folder, &pattern);
    assert_eq!(run.code, 0, "{}", run.err);
    for area in ["E06000001", "E09000001"] {
        assert!(run.out.contains(&format!("{area},2017-18,2,,2,")), "{}", run.out);
    }
    for said in [
        "outside the pattern: 805/latest/episodes.csv",
        "no table of one: notes.txt",
        "returns/805/2017-18: ssda903",
    ] {
        assert!(run.err.contains(said), "{said} is not in\n{}", run.err);
    }
    let twice = stock(&folder, &["returns", "--pattern", "{area}/{year}/*.csv", "--year", "2018"]);
    assert!(twice.code == 2 && twice.err.contains("take {year} out of the pattern"), "{}", twice.err);
    let deep = stock(&folder, &["returns", "--area", "805"]);
    assert!(deep.code == 2 && deep.err.contains("{area}/{year}/*.csv"), "{}", deep.err);
    let nowhere = stock(&folder, &["returns", "--pattern", "{year}/*.csv", "--area", "805"]);
    assert!(
        nowhere.code == 2 && nowhere.err.contains("found 805/2017-18/episodes.csv instead"),
        "{}",
        nowhere.err
    );
}

#[test]
fn tables_and_a_census_go_into_one_calculation() {
    let folder = census("903-and-cin", &[child("KID0001", "2015-03-27", "2023-05-02")]);
    tables(&folder, "ssda903");
    let words = [
        "calculate",
        "cin.xml",
        "ssda903",
        "--year",
        "2018",
        "--area",
        "201",
        "--indicator",
        "cs-20",
        "--indicator",
    ];
    let run = staysafe(
        folder.path(),
        &[&words[..], &["ctx-referrals", "--periods", "2017-18,2023-24", "--format", "csv"]].concat(),
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains(",2017-18,2,,2,") && run.out.contains(",2023-24,1,,1,"), "{}", run.out);
    assert!(run.err.contains("cin.xml: cin-census") && run.err.contains("ssda903: ssda903"), "{}", run.err);
    let mixed = staysafe(folder.path(), &["gap", ".", "--area", "201"]);
    assert_eq!(mixed.code, 0, "a folder that holds a census alone is that census\n{}", mixed.err);
}

/// The same return as XML, which says itself whose it is and of which year.
const XML: &str = "<EXPSSDA903 LA='805' YEAR='2018'>\n\
    <CHILD><HEADER><CHILDID>1</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>01/02/2008</DOB><ETHNIC>WBRI</ETHNIC><MC_DOB/></HEADER>\n\
    <EPISODE><DECOM>01/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><URN>7</URN>\
    <PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC/><REC/></EPISODE></CHILD>\n\
    <CHILD><HEADER><CHILDID>2</CHILDID><UPN>UN1</UPN><SEX>2</SEX><DOB>01/03/2009</DOB><ETHNIC>WBRI</ETHNIC></HEADER>\n\
    <EPISODE><DECOM>01/06/2016</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><URN>8</URN>\
    <PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE></CHILD>\n</EXPSSDA903>\n";

#[test]
fn the_xml_form_gives_the_figures_of_the_tables_and_says_itself_whose_it_is() {
    let folder = Folder::new("903-xml");
    tables(&folder, "ssda903");
    folder.write("903.xml", XML);
    let all = ["--periods", "2017-18", "--format", "csv"];
    let calculate = |words: &[&str]| staysafe(folder.path(), &[&["calculate"], words, &all].concat());
    let of_tables = calculate(&["ssda903", "--year", "2018", "--area", "E06000001"]);
    let of_xml = calculate(&["903.xml"]);
    assert_eq!((of_xml.code, of_tables.code), (0, 0), "{}", of_xml.err);
    assert!(of_xml.out.contains("cs-20,count,,E06000001,2017-18,2,,2,"), "{}", of_xml.out);
    assert_eq!(of_xml.out, of_tables.out, "every figure of every indicator");
    assert!(
        of_xml.err.contains("903.xml: ssda903, area E06000001, 2 of 12 modules, 4 rows"),
        "{}",
        of_xml.err
    );
    assert_eq!(calculate(&["903.xml", "--year", "2018", "--area", "E06000001"]).out, of_xml.out);
    for (words, said) in [
        (["--year", "2019"], "the return of 2018, and 2019 was given"),
        (["--area", "806"], "of authority 805, and 806 was given"),
        (["--area", "E06000002"], "of authority 805, and E06000002 was given, which is another"),
    ] {
        let run = calculate(&[&["903.xml"], &words[..]].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.contains(said), "{said} is not in\n{}", run.err);
    }
}

#[test]
fn xml_of_both_returns_is_told_by_its_outermost_element_and_by_the_folders() {
    let folder = census("903-xml-and-cin", &[child("KID0001", "2015-03-27", "2023-05-02")]);
    let silent = XML.replace(" LA='805' YEAR='2018'", "").replace('\n', "\n\t");
    folder
        .write("looked-after.xml", &silent)
        .write("header.xml", &silent)
        .write("returns/805/2018/903.xml", &silent);
    let both = ["cin.xml", "looked-after.xml", "--year", "2018", "--area", "201", "--periods", "2017-18"];
    let run = stock(&folder, &both);
    assert!(run.code == 0 && run.out.contains("2017-18,2,,2,"), "{}{}", run.out, run.err);
    assert!(
        run.err.contains("cin.xml: cin-census") && run.err.contains("looked-after.xml: ssda903"),
        "{}",
        run.err
    );
    let pattern = ["returns", "--pattern", "{area}/{year}/*.xml", "--periods", "2017-18"];
    let run = stock(&folder, &pattern);
    assert!(run.code == 0 && run.out.contains("E06000001,2017-18,2,,2,"), "{}{}", run.out, run.err);
    let named = stock(&folder, &["header.xml", "--year", "2018", "--area", "805", "--periods", "2017-18"]);
    assert!(named.code == 0 && named.out.contains("2017-18,2,,2,"), "{}{}", named.out, named.err);
    let run = stock(&folder, &["looked-after.xml", "--year", "2018"]);
    assert!(run.code == 2 && run.err.contains("says whose it is"), "{}", run.err);
}

#[test]
fn a_census_that_says_805_and_a_looked_after_return_of_e06000001_are_one_authority() {
    let folder = census("903-one-authority", &[child("KID0001", "2015-03-27", "2023-05-02")]);
    let said = folder.read("cin.xml").replace("<LEA>201</LEA>", "<LEA>805</LEA>");
    assert!(said.contains("<LEA>805</LEA>"));
    tables(&folder, "ssda903");
    folder.write("cin.xml", &said).write("903.xml", XML);
    let asked = [
        "--indicator",
        "cs-20",
        "--indicator",
        "ctx-referrals",
        "--by",
        "area",
        "--periods",
        "2017-18,2023-24",
    ];
    let of = |words: &[&str]| {
        staysafe(folder.path(), &[&["calculate"], words, &asked[..], &["--format", "csv"]].concat())
    };
    let run = of(&["cin.xml", "ssda903", "--year", "2018", "--area", "E06000001"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let figures: Vec<&str> =
        run.out.lines().filter(|line| line.contains("-20") && line.contains(",count,")).collect();
    assert!(figures.len() >= 2 && figures.iter().all(|line| line.contains(",E06000001,")), "{}", run.out);
    assert!(
        run.out.contains("E06000001,2017-18,2,,2,") && run.out.contains("E06000001,2023-24,1,,1,"),
        "{}",
        run.out
    );
    let both = of(&["cin.xml", "903.xml", "ssda903", "--year", "2018", "--area", "E06000001"]);
    assert_eq!(both.code, 0, "{}", both.err);
    assert_eq!(both.out, run.out, "the two forms of one return, under two codes, are one return");
}

#[test]
fn what_is_rejected_is_masked_and_counted_by_file_line_and_column() {
    let folder = Folder::new("903-rejects");
    folder
        .write("ssda903/header.csv", &HEADER.replace("01/02/2008", "born 2008"))
        .write("ssda903/episodes.csv", &EPISODES.replace(",C2,N1,U4,PR1,,,,,,8", ",C9,N1,U4,PR1,,,,,,8"));
    let words =
        ["ssda903", "--year", "2018", "--area", "805", "--periods", "2017-18", "--rejects", "rejects.csv"];
    let run = stock(&folder, &words);
    assert_eq!(run.code, 0, "{}", run.err);
    let list = folder.read("rejects.csv");
    assert!(
        list.contains("ssda903/header.csv,1,2,looked_after_child,DOB,bad-date,value,1,(masked),"),
        "{list}"
    );
    assert!(list.contains("ssda903/episodes.csv,2,3,episode,LS,unknown-code,value,1,(masked),"), "{list}");
    assert!(
        run.err.contains("1 × bad-date in DOB (values); first in ssda903/header.csv, record 1, line 2"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("born 2008") && !list.contains("born 2008"), "a personal value shows");
    stock(&folder, &[&words[..], &["--show-values"]].concat());
    assert!(folder.read("rejects.csv").contains("born 2008"));
}

/// One child who moved twice, once with the same carer.
fn moved(folder: &Folder) {
    let header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/2010,WBRI,UN1,,\n";
    let episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
        1,01/05/2017,S,C2,N1,U4,PR1,01/08/2017,X1,CHILD,,,7\n\
        1,01/08/2017,T,C2,N1,U4,PR1,01/12/2017,X1,CHILD,,,8\n\
        1,01/12/2017,U,C2,N1,U6,PR1,,,,,,9\n";
    folder.write("ssda903/header.csv", header).write("ssda903/episodes.csv", episodes);
}

const OF_2018: [&str; 5] = ["ssda903", "--year", "2018", "--area", "805"];

#[test]
fn a_second_reading_is_asked_for_by_its_id_or_with_all_of_its_indicator() {
    let folder = Folder::new("903-readings");
    moved(&folder);
    let run = |words: &[&str]| {
        let asked = ["--periods", "2017-18", "--format", "csv"];
        staysafe(folder.path(), &[&["calculate"], &OF_2018[..], words, &asked].concat())
    };
    let one = run(&["--indicator", "cs-04@same-carer"]);
    assert_eq!(one.code, 0, "{}", one.err);
    assert!(one.out.contains("cs-04@same-carer,percentage,,E06000001,2017-18,1,1,100,"), "{}", one.out);
    assert!(!one.out.contains("cs-04,"), "{}", one.out);
    let said = "With a move that keeps the carer counted as another placement (same_carer_move_is_a_placement = true)";
    assert!(one.err.replace('\n', " ").contains(said), "{}", one.err);
    let both = run(&["--indicator", "cs-04", "--readings"]);
    assert!(both.out.contains("cs-04,percentage,,E06000001,2017-18,0,1,0,"), "{}", both.out);
    assert!(both.out.contains("cs-04@same-carer,percentage,,E06000001,2017-18,1,1,100,"), "{}", both.out);
    let near = run(&["--indicator", "cs-04@same-carrer"]);
    assert!(near.code == 2 && near.err.contains("did you mean 'cs-04@same-carer'?"), "{}", near.err);
    let why = ["--indicator", "cs-04@same-carer", "--key", "1", "--period", "2017-18"];
    let why = staysafe(folder.path(), &[&["why"], &OF_2018[..], &why].concat());
    assert_eq!(why.code, 0, "{}", why.err);
    let list = ["--list", "cs-04@same-carer", "--period", "2017-18"];
    let list = staysafe(folder.path(), &[&["calculate"], &OF_2018[..], &list].concat());
    assert!(list.code == 0 && list.err.contains("cs-04@same-carer, 2017-18: "), "{}", list.err);
}

#[test]
fn the_scorecard_of_a_board_shows_readings_below_their_indicator() {
    let folder = Folder::new("903-readings-report");
    moved(&folder);
    let to =
        ["--out", "out", "--for", "board", "--recipient", "The chair", "--readings", "--periods", "2017-18"];
    let run = staysafe(folder.path(), &[&["report"], &OF_2018[..], &to].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let page = std::fs::read_to_string(folder.path().join("out/scorecard.md")).unwrap();
    let (_, below) = page.split_once(", cs-04)").unwrap();
    let (entry, _) = below.split_once("\n#### ").unwrap();
    assert!(entry.contains("Read another way (cs-04@same-carer): With a move"), "{entry}");
    let html = std::fs::read_to_string(folder.path().join("out/scorecard.html")).unwrap();
    assert!(html.contains("Read another way: With a move that keeps the carer"), "the page too");
    assert!(run.out.contains("cs-04@same-carer  read another way"), "{}", run.out);
}
