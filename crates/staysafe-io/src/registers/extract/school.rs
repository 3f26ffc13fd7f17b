//! The tables of a school census: what one of them says of a row of another, and the term that each speaks for.
//!
//! A census has pupils, their sessions and their exclusions in tables apart, told by a number of the export. Before rows are
//! read, exclusions are given their pupil, and pupils the sessions they missed, the phase of their school and the days.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use staysafe::calendar::Calendar;
use staysafe::record::{Days, Lost};

use super::widened::{Widened, cell, keep, rows};
use super::{Found, distinct};
use crate::delimited::{plain, trim};
use crate::notes::{Notes, Place};
use crate::registers::{Raw, RawRow};
use crate::workbook::Cell;

/// Codes of sessions that were missed, authorised or not. From memory: F until 2013, C1, C2 and J1 since 2024.
const ABSENT: [&str; 16] =
    ["C", "C1", "C2", "E", "F", "H", "I", "J1", "M", "R", "S", "T", "G", "N", "O", "U"];

/// Codes of sessions that were not: attended, elsewhere, not required, or impossible to attend. From memory.
const NOT_ABSENT: [&str; 22] = [
    "/", "\\", "#", "B", "D", "J", "K", "L", "P", "Q", "V", "W", "X", "Y", "Y1", "Y2", "Y3", "Y4", "Y5",
    "Y6", "Y7", "Z",
];

/// Phases of schools that have no pupil of school age.
const BELOW_SCHOOL_AGE: [&str; 2] = ["NS", "EY"];

/// Which table says more of the rows of another, and by which number.
const PUPILS: [(&str, &str, [&str; 2]); 2] = [
    ("pupilonroll", "pupilonrolltableid", ["termlysessiondetailsonroll", "termlyexclusionsonroll"]),
    (
        "pupilnolongeronroll",
        "pupilnolongeronrolltableid",
        ["termlysessiondetailsoffroll", "termlyexclusionsoffroll"],
    ),
];

/// The term of England's schools in which a day lies, as attendance is collected: to 31 December, to Easter Sunday, to 31 August.
/// Source: the guides to the school census, from memory. An academic year begins on 1 September.
fn term(day: NaiveDate) -> Option<Days> {
    let of = |month, date| NaiveDate::from_ymd_opt(day.year(), month, date);
    let year = Days { first: of(1, 1)?, last: of(8, 31)? };
    if !year.contains(day) {
        return Some(Days { first: of(9, 1)?, last: of(12, 31)? });
    }
    let calendar = Calendar::england_and_wales();
    let (easter_monday, _) = calendar.holidays(year).find(|(_, name)| *name == "Easter Monday")?;
    Some(if day < easter_monday {
        Days { first: year.first, last: easter_monday.pred_opt()? }
    } else {
        Days { first: easter_monday, last: year.last }
    })
}

/// The term so many before that of a day.
pub(super) fn terms_before(day: NaiveDate, terms: u32) -> Option<Days> {
    let mut found = term(day)?;
    for _ in 0..terms {
        found = term(found.first.pred_opt()?)?;
    }
    Some(found)
}

/// The day of the census, where its own table says one and the same for every school.
pub(super) fn day_of_census(found: &[Found<'_>]) -> Option<NaiveDate> {
    let census = found.iter().find(|of| of.is("schoolcensus"))?;
    let at = census.place("referencedate")?;
    let mut days = rows(census).map(|row| day(cell(row, at)?));
    let first = days.next()??;
    days.all(|day| day == Some(first)).then_some(first)
}

/// The tables with what other tables say of their rows.
pub(super) fn completed(found: &[Found<'_>], made_on: Option<NaiveDate>, notes: &mut Notes) -> Vec<Raw> {
    let phases = phases(found);
    let sessions = made_on.and_then(|day| terms_before(day, 1));
    let mut made = Vec::new();
    for of in found {
        let mut raw = Raw { sheet: of.raw.sheet.clone(), rows: of.raw.rows.clone(), ..*of.raw };
        let pupils = PUPILS.iter().find(|(name, ..)| of.is(name));
        let exclusions = PUPILS.iter().find(|(.., [_, name])| of.is(name));
        let whose = exclusions.map(|of_whom| Whose::of(found, of_whom, of));
        if let Some(whose) = &whose {
            whose.say(of, notes);
            raw.rows = keep(&of.raw.rows, of.header, |row| whose.pupil(row).is_some());
        }
        let mut table = Widened { raw: &mut raw, of };
        if let Some((phases, school)) = phases.as_ref().zip(of.place("NativeId")) {
            table.add("school phase", |row| {
                cell(row, school).and_then(|id| phases.get(&id.shown()).cloned()).unwrap_or_default()
            });
        }
        if let Some(whose) = &whose {
            table.add("upn", |row| whose.pupil(row).cloned().unwrap_or_default());
            table.add("reinstatementdate", |_| Cell::Blank);
        }
        if let Some((_, number, [details, _])) = pupils {
            if let Some(day) = made_on {
                table.add("day of the census", |_| Cell::Date(day));
            }
            if let Some(days) = sessions {
                table.add("first day of sessions", |_| Cell::Date(days.first));
                table.add("last day of sessions", |_| Cell::Date(days.last));
            }
            if let Some(missed) = Missed::of(found, details, number, of, notes) {
                table.add("sessions missed", |row| missed.of_row(row));
            }
        }
        made.push(raw);
    }
    made
}

/// Whose the exclusions of a table are.
struct Whose {
    /// Where the pupil's number stands in its rows.
    at: Option<usize>,
    number: &'static str,
    name: &'static str,
    pupils: BTreeMap<String, Cell>,
}

impl Whose {
    fn of(
        found: &[Found<'_>],
        (name, number, _): &(&'static str, &'static str, [&'static str; 2]),
        exclusions: &Found<'_>,
    ) -> Self {
        let mut pupils = BTreeMap::new();
        for of in found.iter().filter(|of| of.is(name)) {
            let Some((at, upn)) = of.place(number).zip(of.place("upn")) else { continue };
            let known = rows(of)
                .filter_map(|row| Some((cell(row, at)?.shown(), row.cells.as_ref()?.get(upn)?.clone())));
            pupils.extend(known);
        }
        Self { at: exclusions.place(number), number, name, pupils }
    }

    /// The pupil's number for good; `None` where no row is the pupil's.
    fn pupil(&self, row: &RawRow) -> Option<&Cell> {
        self.pupils.get(&cell(row, self.at?)?.shown())
    }

    /// Says what is lost, and what nobody says.
    fn say(&self, of: &Found<'_>, notes: &mut Notes) {
        let place = |element, line| Place { record: 0, line, dataset: Some("exclusion"), element };
        for row in rows(of).filter(|row| self.pupil(row).is_none()) {
            notes.passed_over(place(self.number, row.line), "unknown-record", || {
                format!(
                    "no row of {} has this number, so that nobody can say whose exclusion it is; give that table",
                    self.name
                )
            });
        }
        if of.place("reinstatementdate").is_none() {
            let line = of.raw.rows.get(of.header).map_or(0, |top| top.line);
            let words =
                "the table does not say which exclusions were taken back: those count as well".to_owned();
            notes.odd_many(place("reinstatementdate", line), "read-as-blank", 1, words);
        }
    }
}

/// The phases of schools by their numbers.
fn phases(found: &[Found<'_>]) -> Option<BTreeMap<String, Cell>> {
    let schools = found.iter().find(|of| of.is("school"))?;
    let (id, phase) = (schools.place("NativeId")?, schools.place("phase")?);
    let of = |row: &RawRow| {
        let phase = cell(row, phase)?.clone();
        let phase =
            if BELOW_SCHOOL_AGE.contains(&plain(&phase.shown()).as_str()) { Cell::Blank } else { phase };
        Some((cell(row, id)?.shown(), phase))
    };
    Some(rows(schools).filter_map(of).collect())
}

/// The sessions that pupils missed.
enum Missed {
    /// Added up by pupil, from a table of its own; `None` where some of them cannot be read.
    Details { at: usize, sums: BTreeMap<String, Option<u64>> },
    /// Two columns of the pupil's row.
    Columns([usize; 2]),
}

impl Missed {
    fn of(
        found: &[Found<'_>],
        details: &str,
        number: &str,
        pupils: &Found<'_>,
        notes: &mut Notes,
    ) -> Option<Self> {
        let own = || {
            let [authorised, not] = ["termlysessionsauthorised", "termlysessionsunauthorised"];
            Some(Self::Columns([pupils.place(authorised)?, pupils.place(not)?]))
        };
        if !found.iter().any(|of| of.is(details)) {
            return own();
        }
        let mut sums = BTreeMap::new();
        for of in found.iter().filter(|of| of.is(details)) {
            add_up(of, number, &mut sums, notes)?;
        }
        Some(Self::Details { at: pupils.place(number)?, sums })
    }

    /// What a pupil's row missed: none where the table of details is there and does not name the pupil.
    fn of_row(&self, row: &RawRow) -> Cell {
        let sum = match self {
            Self::Details { at, sums } => {
                cell(row, *at).and_then(|pupil| sums.get(&pupil.shown()).copied().unwrap_or(Some(0)))
            }
            Self::Columns(columns) => columns.iter().try_fold(0_u64, |sum, at| {
                let text = cell(row, *at)?.shown();
                sum.checked_add(text.strip_suffix(".0").unwrap_or(&text).parse().ok()?)
            }),
        };
        sum.map_or(Cell::Blank, |sum| Cell::Number(sum.to_string()))
    }
}

/// Adds up what each pupil missed; nothing where the table lacks a heading that says it.
fn add_up(
    details: &Found<'_>,
    number: &str,
    sums: &mut BTreeMap<String, Option<u64>>,
    notes: &mut Notes,
) -> Option<()> {
    let whose = details.place(number)?;
    let (sessions, reason) = (details.place("sessions")?, details.place("attendancereason")?);
    for row in distinct(details, notes) {
        let Some(pupil) = cell(&row, whose).map(Cell::shown) else { continue };
        let sum = sums.entry(pupil).or_insert(Some(0));
        let mut reject = |element: &str, code: &'static str, value: &str, expected: &str| {
            let place = Place { record: 0, line: row.line, dataset: Some("attendance"), element };
            let message = format!("{expected}; what the pupil missed is unknown until it is corrected");
            notes.reject(place, code, Lost::Value, value, true, message);
        };
        let code = cell(&row, reason).map(Cell::shown).unwrap_or_default();
        let text = cell(&row, sessions).map(Cell::shown).unwrap_or_default();
        let missed = match code.to_uppercase().as_str() {
            known if ABSENT.contains(&known) => true,
            known if NOT_ABSENT.contains(&known) => false,
            _ => {
                reject("attendancereason", "unknown-code", &code, "no code of attendance that is known");
                *sum = None;
                continue;
            }
        };
        match text.strip_suffix(".0").unwrap_or(&text).parse::<u64>() {
            Ok(more) if missed => *sum = sum.and_then(|sum| sum.checked_add(more)),
            Ok(_) => {}
            Err(_) => {
                reject("sessions", "bad-number", &text, "expected a whole number of sessions");
                *sum = None;
            }
        }
    }
    Some(())
}

fn day(cell: &Cell) -> Option<NaiveDate> {
    let text = cell.shown();
    let named = || NaiveDate::parse_from_str(trim(text.split([' ', 'T']).next()?), "%Y-%b-%d").ok();
    match cell {
        Cell::Date(day) => Some(*day),
        _ => crate::delimited::day(&text)
            .or_else(|| crate::delimited::day(text.split([' ', 'T']).next()?))
            .or_else(named),
    }
}

#[cfg(test)]
mod tests;
