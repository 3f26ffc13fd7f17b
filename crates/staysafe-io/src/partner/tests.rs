#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use staysafe::definition::framework::Framework;
use staysafe::definition::read::read as read_definitions;

use super::*;
use crate::registers::{Registers, read};
use crate::returns::ReadOptions;
use crate::workbook::{Cell, sheets};

fn shipped() -> Framework {
    read_definitions(staysafe_lscb::FILES.iter().copied()).0
}

#[test]
fn every_dataset_has_a_template_that_is_read_as_itself_and_says_nothing() {
    let framework = shipped();
    let registers = Registers::of(&framework);
    let prefilled =
        Prefilled { area: Some("E06000001".to_owned()), period: "2010-11".parse().ok(), agency: None };
    for id in framework.datasets.keys() {
        let made = template(&framework, id, &prefilled).unwrap();
        assert_eq!(made, template(&framework, id, &prefilled).unwrap(), "{id}: the same bytes");
        for (name, bytes) in [("x.csv", made.csv.as_bytes()), ("x.xlsx", made.xlsx.as_slice())] {
            let reads = read(name, bytes, &registers, &ReadOptions::default()).unwrap();
            assert_eq!(reads.len(), 1, "{id} {name}");
            let found: Vec<&str> = reads[0].notices.iter().map(|notice| notice.code.as_str()).collect();
            assert!(found.iter().all(|code| *code == "empty-not-nil"), "{id} {name}: {:?}", reads[0].notices);
            let rejects: Vec<&str> = reads[0].rejects.iter().map(|reject| reject.code.as_str()).collect();
            assert_eq!(rejects, ["worked-row"], "{id} {name}");
            assert!(reads[0].data.tables.is_empty(), "{id} {name}: nobody filled it in");
        }
    }
}

#[test]
fn a_workbook_keeps_a_period_from_becoming_a_day() {
    let framework = shipped();
    let prefilled = Prefilled { period: "2010-11".parse().ok(), ..Prefilled::default() };
    let made = template(&framework, "restraint_incident", &prefilled).unwrap();
    let sheets = sheets("x.xlsx", &made.xlsx).unwrap();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Return", "restraint_incident", "Worked row", "Fields", "Lists"]);
    let line = |label: &str| {
        let row = sheets[0].rows.iter().find(|row| row.cells[0] == Cell::Text(label.to_owned()));
        row.unwrap().cells[1].clone()
    };
    assert_eq!(line("Period"), Cell::Text("2010-11".to_owned()));
    assert_eq!(line("Nil return"), Cell::Text("no".to_owned()));
    let codes = &sheets[4].rows;
    assert_eq!(codes[0].cells[0], Cell::Text("codes of injury".to_owned()));
}

/// Types cells into a workbook as a spreadsheet would, and leaves all else as it is.
fn fill(workbook: &[u8], cells: &[(&str, &str, &str)]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut into = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..from.len() {
        let mut part = from.by_index(place).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        for (sheet, at, value) in cells.iter().filter(|(sheet, ..)| name.ends_with(&format!("/{sheet}.xml")))
        {
            let text = String::from_utf8(bytes).unwrap();
            assert!(name.starts_with("xl/worksheets/"), "{sheet}");
            let typed = format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>");
            let text = if let Some(begins) = text.find(&format!("<c r=\"{at}\"")) {
                let rest = &text[begins..];
                let tag = rest.find('>').unwrap() + 1;
                let ends = if rest[..tag].ends_with("/>") { tag } else { rest.find("</c>").unwrap() + 4 };
                format!("{}{typed}{}", &text[..begins], &rest[ends..])
            } else {
                let row = at.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
                let opened = format!("<row r=\"{row}\">");
                if let Some(begins) = text.find(&opened) {
                    let ends = begins + text[begins..].find("</row>").unwrap();
                    format!("{}{typed}{}", &text[..ends], &text[ends..])
                } else {
                    text.replace("</sheetData>", &format!("{opened}{typed}</row></sheetData>"))
                }
            };
            bytes = text.into_bytes();
        }
        into.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        into.write_all(&bytes).unwrap();
    }
    into.finish().unwrap().into_inner()
}

#[test]
fn our_own_workbook_is_read_back_as_a_partner_filled_it_in() {
    let framework = shipped();
    let registers = Registers::of(&framework);
    let prefilled = Prefilled {
        area: Some("E06000001".to_owned()),
        period: "2010-11 Q1".parse().ok(),
        agency: Some("police".to_owned()),
    };
    let made = template(&framework, "missing_from_home", &prefilled).unwrap();
    let read_back = |cells: &[(&str, &str, &str)]| {
        let filled = fill(&made.xlsx, cells);
        let mut reads = read("filled.xlsx", filled.as_slice(), &registers, &ReadOptions::default()).unwrap();
        assert_eq!(reads.len(), 1);
        reads.remove(0)
    };
    let child = |row: u8, report: &'static str| {
        let at = |column: char| format!("{column}{row}");
        [
            (at('A'), report),
            (at('B'), "9001"),
            (at('C'), "01/01/1996"),
            (at('E'), "home"),
            (at('F'), "12/05/2010"),
        ]
    };
    let cells: Vec<(String, &str)> = child(2, "MP/1").into_iter().chain(child(3, "MP/2")).collect();
    let mut rows: Vec<(&str, &str, &str)> =
        cells.iter().map(|(at, value)| ("sheet2", at.as_str(), *value)).collect();
    rows.push(("sheet1", "B7", "final"));
    let filled = read_back(&rows);
    assert_eq!(filled.data.tables["missing_from_home"].rows.len(), 2);
    assert_eq!(filled.data.submission.agency.as_deref(), Some("police"));
    let rejects: Vec<&str> = filled.rejects.iter().map(|reject| reject.code.as_str()).collect();
    assert_eq!(rejects, ["worked-row"], "the worked row that stayed is nobody's, and nothing else is wrong");

    // A code that is none, and a box for a nil return.
    let wrong = read_back(&[&rows[..], &[("sheet2", "D2", "female")]].concat());
    assert!(wrong.rejects.iter().any(|reject| reject.code == "unknown-code"), "{:?}", wrong.rejects);
    let nil = read_back(&[("sheet1", "B8", "yes")]);
    assert!(nil.data.tables["missing_from_home"].rows.is_empty(), "there, and empty: a nought");
    assert!(nil.notices.iter().all(|notice| notice.code != "empty-not-nil"), "{:?}", nil.notices);

    let lists = |workbook: &[u8]| {
        use std::io::Read;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
        let mut text = String::new();
        archive.by_name("xl/worksheets/sheet2.xml").unwrap().read_to_string(&mut text).unwrap();
        text.matches("type=\"list\"").count()
    };
    assert_eq!((lists(&made.xlsx), lists(&fill(&made.xlsx, &rows))), (2, 2), "the lists to choose from stay");
}
