//! The workforce return: vacant posts are told as one number for the authority, and agency workers are cover for some of them.

use chrono::NaiveDate;

use super::Found;
use super::widened::{Widened, cell, keep, rows};
use crate::notes::{Notes, Place};
use crate::registers::value::answer;
use crate::registers::{Raw, RawRow};
use crate::workbook::Cell;

const AGENCY: &str = "AgencyWorker";

/// The lists as posts: those of agency workers are vacant posts, which the authority's number has already. Without that number
/// nobody can say which posts are vacant, and what would tell it is taken out.
pub(super) fn completed(found: &[Found<'_>], made_on: Option<NaiveDate>, notes: &mut Notes) -> Vec<Raw> {
    let knows_vacancies = found.iter().any(|of| of.is("LALevelVacancies") && rows(of).next().is_some());
    let mut made = Vec::new();
    for of in found {
        let mut raw = Raw { sheet: of.raw.sheet.clone(), rows: of.raw.rows.clone(), ..*of.raw };
        match of.place(AGENCY) {
            Some(at) if knows_vacancies => {
                let is_agency = |row: &RawRow| cell(row, at).and_then(answer) == Some(true);
                let set_aside: Vec<&RawRow> = rows(of).filter(|row| is_agency(row)).collect();
                if let Some(first) = set_aside.first() {
                    let place =
                        Place { record: 0, line: first.line, dataset: Some("workforce"), element: AGENCY };
                    let words = "agency workers are set aside: the posts they cover are among the vacancies";
                    notes.odd_many(place, "agency-worker", set_aside.len() as u64, words.to_owned());
                }
                raw.rows = keep(&of.raw.rows, of.header, |row| !is_agency(row));
            }
            Some(at) => {
                let line = of.raw.rows.get(of.header).map_or(0, |top| top.line);
                let place = Place { record: 0, line, dataset: Some("workforce"), element: AGENCY };
                let words = "nobody says how many posts are vacant, and this column alone would tell too few: it is left out, and what \
                             needs it is not reported; give the row of LALevelVacancies beside it";
                notes.odd_many(place, "no-vacancies", 1, words.to_owned());
                for row in raw.rows.iter_mut().skip(of.header) {
                    if let Some(cell) = row.cells.as_mut().and_then(|cells| cells.get_mut(at)) {
                        *cell = Cell::Blank;
                    }
                }
            }
            None => {}
        }
        if let Some(day) = made_on {
            Widened { raw: &mut raw, of }.add("day of the count", |_| Cell::Date(day));
        }
        made.push(raw);
    }
    made
}
