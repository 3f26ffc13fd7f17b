//! What the XML form of the return says of itself: whose it is and of which year.
//!
//! The files known name neither, so that the names of these elements are from memory; they are read as elements above
//! the children, alone or grouped, and as attributes of the outermost element.

use chrono::{Datelike, NaiveDate};
use staysafe::definition::area::is_area_code;

use super::{Reading, days};
use crate::delimited::{day, trim};
use crate::error::{FaultKind, FileFault};
use crate::pattern;
use crate::values::shorten;

/// What an element or attribute above the children is, by its name in capitals and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Area,
    ReferenceDate,
    /// Known, and nothing to a figure.
    Other,
    /// Holds others together.
    Group,
}

const PARTS: [(Part, &[&str]); 5] = [
    (Part::Year, &["YEAR", "COLLECTIONYEAR", "RETURNYEAR"]),
    (Part::Area, &["LEA", "LA", "LACODE", "LEACODE", "LANUMBER", "LEANUMBER"]),
    (Part::ReferenceDate, &["REFERENCEDATE"]),
    (
        Part::Other,
        &[
            "COLLECTION",
            "SOURCELEVEL",
            "SOFTWARECODE",
            "SOFTWARE",
            "RELEASE",
            "VERSION",
            "SERIALNO",
            "DATETIME",
        ],
    ),
    (Part::Group, &["HEADER", "COLLECTIONDETAILS", "SOURCE"]),
];

pub(super) fn part(key: &str) -> Option<Part> {
    PARTS.iter().find(|(_, names)| names.contains(&key)).map(|(part, _)| *part)
}

impl Reading<'_> {
    /// Takes what the file says of itself; what the caller gave must agree.
    pub(super) fn said(
        &mut self,
        file: &str,
        (part, name): (Part, &str),
        text: &str,
        line: u64,
    ) -> Result<(), FileFault> {
        let text = trim(text);
        if text.is_empty() {
            return Ok(());
        }
        let bad =
            |message: String, help: &str| FileFault::new(file, FaultKind::Header, message, help).at(line);
        match part {
            Part::Year => {
                let year = pattern::year(text).filter(|year| days(*year).is_some());
                let year = year.ok_or_else(|| {
                    let help = "expected the year in which it ends, in four digits, as in 2018, or 2017-18";
                    bad(format!("the file's {name} is no year of a return"), help)
                })?;
                self.year_said(file, year).map_err(|fault| fault.at(line))?;
            }
            Part::ReferenceDate => {
                let date = day(text).ok_or_else(|| {
                    let help = "expected the last day it speaks for: 2018-03-31, or 31/03/2018";
                    bad(format!("the file's {name} is not a day"), help)
                })?;
                if NaiveDate::from_ymd_opt(date.year(), 3, 31) == Some(date) {
                    self.year_said(file, date.year()).map_err(|fault| fault.at(line))?;
                } else {
                    let message = format!(
                        "the file's {name} is {date}, and the return speaks for a year to 31 March; it says nothing of \
                         the year"
                    );
                    self.notice(file, "reference-date", message);
                }
            }
            Part::Area if !is_area_code(text) => {
                let help = "expected an authority's code, as in E06000001, or its three digits, as in 805";
                return Err(bad(format!("the file's {name} is not an authority's code"), help));
            }
            Part::Area => self.area_said(file, text).map_err(|fault| fault.at(line))?,
            Part::Other | Part::Group => {
                self.said.insert(shorten(name), shorten(text));
            }
        }
        Ok(())
    }

    fn year_said(&mut self, file: &str, year: i32) -> Result<(), FileFault> {
        match (self.options.year, self.year) {
            (Some(given), _) if given != year => {
                let message = format!("the file says that it is the return of {year}, and {given} was given");
                let help = "leave the year out, or give the file of that year";
                Err(FileFault::new(file, FaultKind::NotGiven, message, help))
            }
            (None, Some(before)) if before != year => Err(twice(file, "year")),
            _ => {
                self.year = Some(year);
                Ok(())
            }
        }
    }

    fn area_said(&mut self, file: &str, area: &str) -> Result<(), FileFault> {
        if self.said.insert("LEA".to_owned(), area.to_owned()).is_some_and(|before| before != area) {
            return Err(twice(file, "authority"));
        }
        match &self.area {
            None => self.area = Some(area.to_owned()),
            Some(given) if given == area => {}
            // Two codes of one kind are two authorities; of a code and a number only the areas of a framework can tell.
            Some(given) if is_area_code(given) && given.len() == area.len() => {
                let message = format!("the file says that it is of authority {area}, and {given} was given");
                let help = "leave the area out, or give the file of that authority";
                return Err(FileFault::new(file, FaultKind::NotGiven, message, help));
            }
            Some(_) => {}
        }
        Ok(())
    }
}

fn twice(file: &str, what: &str) -> FileFault {
    let message = format!("the file gives its {what} twice, with different values");
    let help = "one return speaks for one authority and one year; send them as two files";
    FileFault::new(file, FaultKind::Header, message, help)
}
