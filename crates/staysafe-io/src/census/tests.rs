//! Each oddity of a census with a small file of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod files;
mod laws;
mod real;
mod structure;
mod values;

use staysafe::record::{Reject, Row};
use staysafe::value::Datum;

use super::*;
use crate::error::FaultKind;

/// A census of 2024 with these children.
fn census(children: &str) -> String {
    message("2024", "2024-03-31", children)
}

fn message(year: &str, reference: &str, children: &str) -> String {
    format!(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>\
         <ReferenceDate>{reference}</ReferenceDate></CollectionDetails><Source><SourceLevel>L</SourceLevel>\
         <LEA>201</LEA></Source></Header>\n<Children>{children}</Children></Message>"
    )
}

/// A child with one referral that holds this.
fn child(inside: &str) -> String {
    format!(
        "<Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers>\
         <CINdetails><CINreferralDate>2023-06-01</CINreferralDate>{inside}</CINdetails></Child>"
    )
}

fn good(xml: &str) -> ReadReturn {
    let read =
        read_census("cin.xml", xml.as_bytes(), &ReadOptions::default()).unwrap_or_else(|f| panic!("{f}"));
    assert!(read.account.is_complete(), "every element is accounted for: {:?}", read.account);
    read
}

fn bad(xml: &str) -> FileFault {
    read_census("cin.xml", xml.as_bytes(), &ReadOptions::default()).map(|_| ()).unwrap_err()
}

fn rows<'a>(read: &'a ReadReturn, dataset: &str) -> &'a [Row] {
    &read.data.tables.get(dataset).unwrap_or_else(|| panic!("{dataset} is not carried")).rows
}

fn datum(read: &ReadReturn, dataset: &str, row: usize, field: &str) -> Datum {
    let table = &read.data.tables[dataset];
    let column =
        table.fields.iter().position(|f| **f == *field).unwrap_or_else(|| panic!("no field {field}"));
    table.rows[row].values[column].clone()
}

/// A value as text; `-` for blank and `!` for rejected.
fn shown(read: &ReadReturn, dataset: &str, row: usize, field: &str) -> String {
    match datum(read, dataset, row, field) {
        Datum::Known(value) => value.to_string(),
        Datum::Missing => "-".to_owned(),
        Datum::Rejected => "!".to_owned(),
        Datum::Suppressed => "*".to_owned(),
    }
}

/// Codes and elements of the rejects, in order.
fn codes(read: &ReadReturn) -> Vec<String> {
    read.rejects.iter().map(|r| format!("{} {} x{}", r.code, r.element, r.times)).collect()
}

fn only(read: &ReadReturn) -> &Reject {
    assert_eq!(read.rejects.len(), 1, "{:?}", codes(read));
    &read.rejects[0]
}

fn is(fault: &FileFault, kind: FaultKind) -> bool {
    fault.kind == kind
}
