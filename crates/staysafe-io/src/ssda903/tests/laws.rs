//! Laws that hold for files of any shape.

use proptest::prelude::*;
use staysafe::record::Lost;
use staysafe::value::Value;

use super::*;

/// Bytes that look a little like a table.
fn tableish() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "CHILD",
        "DOB",
        "REVIEW",
        "REVIEW_CODE",
        "DECOM",
        "SEX",
        "1",
        "PN1",
        "PN9",
        "05/06/2017",
        "2017-06-05",
        "\"",
        ",",
        ",",
        ",",
        ";",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "NULL",
        "\u{FEFF}",
        "é",
    ]);
    let piece = prop_oneof![8 => pieces.prop_map(|text| text.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// A cell that holds anything that a table may hold and that no program writes for nothing.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9][A-Za-z0-9 ,;\"é-]{0,8}[A-Za-z0-9]", Just(String::new())].prop_filter(
        "a word for nothing, or a number that a spreadsheet spoilt",
        |text| {
            !["NULL", "null", "NaN", "nan", "NaT", "None"].contains(&text.as_str())
                && !text.contains(['E', 'e'])
        },
    )
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', ';']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

const NAMES: [&str; 26] = [
    "HEADER",
    "CHILDID",
    "CHILD",
    "SEX",
    "DOB",
    "UASC",
    "DUC",
    "AREVIEW",
    "REVIEW",
    "REVIEW_CODE",
    "AMISSING",
    "MISSING",
    "MIS_START",
    "OC2",
    "SDQ_SCORE",
    "IN_TOUCH",
    "EPISODE",
    "EPISODES",
    "DECOM",
    "PL",
    "AD_PLACED",
    "DATE_PLACED",
    "PERMANENCE",
    "PREV_PERM",
    "YEAR",
    "Novelty",
];

/// Elements of any order and depth, known and unknown, with values of any kind.
fn content() -> impl Strategy<Value = String> {
    let name = prop::sample::select(NAMES.to_vec());
    let values = vec![
        "",
        "1",
        "0",
        "05/06/2017",
        "2017-06-05",
        "PN1",
        "M",
        "WBRI",
        "false",
        "x",
        " ",
        "&amp;",
        "1.0",
        "2018",
    ];
    let leaf = (name.clone(), prop::sample::select(values)).prop_map(|(n, v)| format!("<{n}>{v}</{n}>"));
    leaf.prop_recursive(4, 40, 6, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..6), prop::sample::select(vec!["", "oops"]))
            .prop_map(|(n, parts, stray)| format!("<{n}>{}{stray}</{n}>", parts.concat()))
    })
}

fn elements(xml: &str) -> u64 {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) | quick_xml::events::Event::Empty(_) => count += 1,
            quick_xml::events::Event::Eof => return count,
            _ => {}
        }
    }
}

/// What holds of everything that was read.
fn holds(read: &ReadReturn) -> Result<(), TestCaseError> {
    prop_assert!(read.account.is_complete(), "{:?}", read.account);
    let listed = read.rejects.iter().filter(|r| r.lost == Lost::Value).count() as u64;
    prop_assert_eq!(listed, read.account.rejected, "each rejected value is listed");
    prop_assert!(
        read.account.passed_over == 0 || !read.rejects.is_empty(),
        "nothing is passed over in silence"
    );
    for table in read.data.tables.values() {
        prop_assert!(table.rows.iter().all(|row| row.values.len() == table.fields.len()));
        prop_assert!(
            table.rows.iter().all(|row| matches!(row.values[0], Datum::Known(_))),
            "each row has its child"
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_element_is_in_a_table_or_reported(children in prop::collection::vec(prop::collection::vec(content(), 0..8), 0..5)) {
        let children = children.iter().map(|of| format!("<CHILD><CHILDID>7</CHILDID>{}</CHILD>", of.concat()));
        let xml = format!("<EXPSSDA903>{}</EXPSSDA903>", children.collect::<String>());
        let read = read_ssda903("return", [("903.xml", xml.as_bytes())], &options(Some(2018))).unwrap();
        holds(&read)?;
        prop_assert_eq!(read.account.elements, elements(&xml));
    }

    #[test]
    fn cut_and_changed_elements_never_bring_it_down(
        inside in prop::collection::vec(content(), 0..5), said in content(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
        cut in any::<prop::sample::Index>(), refuse in any::<bool>(), year in prop::option::of(2010..2030i32), area in any::<bool>(),
    ) {
        let text = format!("<EXPSSDA903 LEA='805'>{said}<CHILD><CHILDID>7</CHILDID>{}</CHILD></EXPSSDA903>", inside.concat());
        let mut bytes = text.into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        let _ = is_xml(&bytes);
        let mut options = ReadOptions { refuse_truncated: refuse, ..options(year) };
        options.area = options.area.filter(|_| area);
        if let Ok(read) = read_ssda903("return", [("903.xml", &bytes[..])], &options) {
            holds(&read)?;
        }
    }

    #[test]
    fn any_bytes_behind_a_bracket_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let all = [b"<EXPSSDA903>".to_vec(), bytes].concat();
        let _ = is_xml(&all);
        if let Ok(read) = read_ssda903("return", [("903.xml", &all[..])], &options(Some(2018))) {
            holds(&read)?;
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in tableish(), name in prop::sample::select(vec!["reviews.csv", "x.csv", "header.txt"]), with_header in any::<bool>(), year in prop::option::of(2010..2030i32)) {
        let mut all = if with_header { b"CHILD,DOB,REVIEW,REVIEW_CODE\n".to_vec() } else { Vec::new() };
        all.extend(&bytes);
        let _ = sniff(name, &all);
        if let Ok(read) = read_ssda903("return", [(name, &all[..])], &options(year)) {
            holds(&read)?;
        }
    }

    #[test]
    fn what_was_written_is_read(
        rows in prop::collection::vec((0..5000u32, 0..20_000i32, prop::option::of(0..8u8), text(), text()), 1..20),
        mark in prop::sample::select(vec![',', ';', '\t']), iso in any::<bool>(), wide in any::<bool>(), end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let day = |n: i32| NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::Duration::days(i64::from(n));
        let mut file = ["CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC", "HOME_POST", "PL_POST"].join(&mark.to_string());
        file.push_str(end);
        for (child, decom, code, home, place) in &rows {
            let date = day(*decom).format(if iso { "%Y-%m-%d" } else { "%d/%m/%Y" }).to_string();
            let ls = code.map_or("", |code| ["C1", "C2", "D1", "E1", "V2", "V3", "V4", "L1"][usize::from(code)]);
            let cells = [child.to_string(), date, "S".into(), ls.into(), "U4".into(), String::new(), String::new(), quoted(home), quoted(place)];
            file.push_str(&cells.join(&mark.to_string()));
            file.push_str(end);
        }
        let bytes: Vec<u8> = if wide { file.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { file.into_bytes() };
        let read = read_ssda903("return", [("episodes.csv", &bytes[..])], &options(Some(2018))).unwrap();
        let lost: Vec<String> = read.rejects.iter().filter(|r| r.lost != Lost::Nothing).map(|r| r.code.clone()).collect();
        prop_assert!(lost.is_empty(), "{:?}", lost);
        let table = &read.data.tables["episode"];
        prop_assert_eq!(table.rows.len(), rows.len());
        let at = |field: &str| table.fields.iter().position(|name| **name == *field).unwrap();
        let text = |text: &str| if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Text(text.into())) };
        for (row, (child, decom, code, home, place)) in table.rows.iter().zip(&rows) {
            prop_assert_eq!(&row.values[0], &text(&child.to_string()));
            prop_assert_eq!(&row.values[at("decom")], &Datum::Known(Value::Date(day(*decom))));
            prop_assert_eq!(row.values[at("legal_status")] == Datum::Missing, code.is_none());
            prop_assert_eq!(&row.values[at("home_postcode")], &text(home));
            prop_assert_eq!(&row.values[at("placement_postcode")], &text(place));
        }
    }
}
