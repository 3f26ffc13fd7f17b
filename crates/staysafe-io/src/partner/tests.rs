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
