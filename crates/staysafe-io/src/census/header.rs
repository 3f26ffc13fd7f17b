//! The header of a return: whose it is, of which year, and up to which day it speaks.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use staysafe::record::Days;

use crate::error::{FaultKind, FileFault};
use crate::layout::Layout;
use crate::returns::{Notice, ReadOptions};
use crate::values::date;

/// Elements of a header that hold a value.
const VALUES: [&str; 9] = [
    "Collection",
    "Year",
    "ReferenceDate",
    "SourceLevel",
    "LEA",
    "SoftwareCode",
    "Release",
    "SerialNo",
    "DateTime",
];

/// Elements of a header that hold others together.
const GROUPS: [&str; 2] = ["CollectionDetails", "Source"];

/// Other collections that use the same envelope, by the name their header gives.
const COLLECTIONS: [(&str, &str); 5] = [
    ("CLA", "a looked-after children return (SSDA903)"),
    ("SSDA903", "a looked-after children return (SSDA903)"),
    ("CSWW", "a children's social work workforce return"),
    ("SC", "a school census"),
    ("PNF", "a private fostering return"),
];

/// What an element of a header is.
pub(super) enum Part {
    Value(&'static str),
    Group,
    Unknown,
}

pub(super) fn part(name: &str) -> Part {
    if let Some(known) = VALUES.iter().find(|known| **known == name) {
        Part::Value(known)
    } else if GROUPS.contains(&name) {
        Part::Group
    } else {
        Part::Unknown
    }
}

/// The header's values as they are read.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) values: BTreeMap<String, String>,
    pub(super) line: u64,
}

/// What the header says, once it is complete.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) area: String,
    pub(super) reference_date: NaiveDate,
    /// The year whose elements and codes the return is held to.
    pub(super) year: i32,
    pub(super) cover: Days,
    /// What tells returns of one reference date apart; a header that does not say it as it should says nothing.
    pub(super) serial: Option<u64>,
    pub(super) made_at: Option<NaiveDateTime>,
}

impl Header {
    /// Takes a value; a second one that differs refuses the file.
    pub(super) fn put(
        &mut self,
        layout: &Layout,
        file: &str,
        name: &'static str,
        value: &str,
        line: u64,
    ) -> Result<(), FileFault> {
        self.line = line;
        if name == "Collection" && value != layout.collection {
            return Err(another_collection(layout, file, value).at(line));
        }
        match self.values.insert(name.to_owned(), value.to_owned()) {
            Some(before) if before != value => {
                let message = format!("the header gives {name} twice, with different values");
                let help =
                    "one return speaks for one authority and one reference date; send them as two files";
                Err(FileFault::new(file, FaultKind::Header, message, help).at(line))
            }
            _ => Ok(()),
        }
    }

    /// Checks that the header says what a return must say.
    pub(super) fn settle(
        &self,
        layout: &Layout,
        file: &str,
        options: &ReadOptions,
        notices: &mut Vec<Notice>,
    ) -> Result<Settled, FileFault> {
        if self.line == 0 {
            let help = "a return begins with a <Header> that names its collection, authority and reference date; \
                        the <Children> follow it";
            return Err(FileFault::new(
                file,
                FaultKind::Header,
                "there is no header before the children",
                help,
            ));
        }
        let bad =
            |message: &str, help: &str| FileFault::new(file, FaultKind::Header, message, help).at(self.line);
        let get = |name: &str| self.values.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if get("Collection").is_none() {
            let help = format!("its header must say <Collection>{}</Collection>", layout.collection);
            return Err(bad("the header does not name its collection", &help));
        }
        let Some(reference) = get("ReferenceDate") else {
            return Err(bad(
                "the header has no ReferenceDate",
                "without it nobody can say which days the file speaks for; give the last day as 2024-03-31",
            ));
        };
        let Some(reference_date) = date(reference) else {
            return Err(bad(
                "the header's ReferenceDate is not a day",
                "expected the last day the file speaks for as year-month-day: 2024-03-31",
            ));
        };
        let Some(cover) = cover(reference_date) else {
            return Err(bad(
                "the header's ReferenceDate is out of reach",
                "expected a day such as 2024-03-31",
            ));
        };
        let area = match (get("LEA"), &options.area) {
            (Some(lea), _) if is_lea(lea) => lea.to_owned(),
            (None, Some(area)) => {
                notices.push(Notice::new(
                    file,
                    "area-given",
                    "the header names no authority; the one given by the caller is used",
                ));
                area.clone()
            }
            (None, None) => {
                return Err(bad(
                    "the header names no authority",
                    "give its three digits in LEA, or give an area",
                ));
            }
            (Some(_), _) => {
                return Err(bad(
                    "the header's LEA is not an authority's number",
                    "expected three digits, as in 201",
                ));
            }
        };
        let year = reference_date.year();
        match get("Year").map(str::parse::<i32>) {
            Some(Ok(said)) if said == year => {}
            Some(Ok(said)) => notices.push(Notice::new(
                file,
                "year-and-reference-date-disagree",
                format!(
                    "the header says year {said} and reference date {reference_date}; the reference date decides: \
                     the file speaks for {} to {}",
                    cover.first, cover.last
                ),
            )),
            Some(Err(_)) | None => notices.push(Notice::new(
                file,
                "no-year",
                format!("the header gives no year; the reference date {reference_date} decides"),
            )),
        }
        if year < layout.first_year || year > layout.last_year {
            notices.push(Notice::new(
                file,
                "unknown-year",
                format!(
                    "the {} of {year} is not among the years whose elements and codes are known ({} to {}); it is \
                     read as the nearest of them",
                    layout.title, layout.first_year, layout.last_year
                ),
            ));
        }
        let year = year.clamp(layout.first_year, layout.last_year);
        let serial = get("SerialNo").and_then(|serial| serial.parse().ok());
        let made_at = get("DateTime").and_then(time);
        Ok(Settled { area, reference_date, year, cover, serial, made_at })
    }
}

/// From 1 April of the year before the reference year to the reference date.
///
/// Source: ruling 5 of the design.
fn cover(reference_date: NaiveDate) -> Option<Days> {
    let first = NaiveDate::from_ymd_opt(reference_date.year() - 1, 4, 1)?;
    Some(Days { first, last: reference_date })
}

/// A time such as `2024-05-30T09:00:00`; what follows the seconds is left out.
fn time(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.get(..19)?, "%Y-%m-%dT%H:%M:%S").ok()
}

fn is_lea(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn another_collection(layout: &Layout, file: &str, value: &str) -> FileFault {
    let known = COLLECTIONS.iter().find(|(name, _)| *name == value).map(|(_, what)| *what);
    let message = match known {
        Some(what) => format!("this is {what}, not a {}", layout.title),
        None => format!("this is another collection than the {}", layout.title),
    };
    let help =
        format!("a {} says <Collection>{}</Collection> in its header", layout.title, layout.collection);
    FileFault::new(file, FaultKind::AnotherKind, message, help)
}
