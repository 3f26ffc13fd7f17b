//! Whether the tables speak of the same children and of the year given: those who stand in no header, those who
//! have no episode, birthdays that differ, days of another year.

use std::collections::{BTreeMap, BTreeSet};

use staysafe::record::{Days, Lost, Reject, Row};
use staysafe::value::{Datum, Value};

use super::Reading;
use super::layout::TableLayout;
use crate::returns::Notice;

/// The child of a row.
fn child(row: &Row) -> Option<&Value> {
    match row.values.first() {
        Some(Datum::Known(child)) => Some(child),
        _ => None,
    }
}

impl Reading<'_> {
    /// Says which children stand in one table and not in another. All rows are kept.
    pub(super) fn check_people(&mut self) {
        let place = |id: &str| self.layout.tables.iter().position(|table| table.id == id);
        let (Some(header), Some(episodes)) = (place("looked_after_child"), place("episode")) else { return };
        let carried = |table: usize| self.tables.get(table).filter(|table| !table.files.is_empty());
        let Some(people) = carried(header) else { return };
        let born = |layout: &TableLayout| layout.columns.iter().position(|column| column.name == "DOB");
        let birthday = self.layout.tables.get(header).and_then(born);
        let known: BTreeMap<&Value, Option<&Datum>> = people
            .rows
            .iter()
            .filter_map(|row| Some((child(row)?, birthday.and_then(|column| row.values.get(column)))))
            .collect();
        let mut notices = Vec::new();
        let mut rejects = Vec::new();
        for (table, layout) in self.layout.tables.iter().enumerate().filter(|(table, _)| *table != header) {
            let Some(of) = carried(table) else { continue };
            let file = of.files.first().map_or("", String::as_str);
            let strays: Vec<&Row> = of
                .rows
                .iter()
                .filter(|row| child(row).is_some_and(|child| !known.contains_key(child)))
                .collect();
            if let Some(first) = strays.first() {
                let children: BTreeSet<&Value> = strays.iter().filter_map(|row| child(row)).collect();
                let message = format!(
                    "rows of children who stand in no row of Header: {} of {} children; they are kept",
                    strays.len(),
                    children.len()
                );
                notices.push(Notice::new(file, "children-without-header", message.clone()));
                let words = "the child stands in no row of Header; the row is kept";
                rejects.push(reject(
                    file,
                    layout,
                    first,
                    "child-without-header",
                    "CHILD",
                    strays.len(),
                    words,
                ));
            }
            let column = born(layout);
            let differs = |row: &&Row| {
                let own = column.and_then(|column| row.values.get(column));
                let theirs = child(row).and_then(|child| known.get(child).copied().flatten());
                matches!((own, theirs), (Some(Datum::Known(a)), Some(Datum::Known(b))) if a != b)
            };
            let others: Vec<&Row> = of.rows.iter().filter(differs).collect();
            if let Some(first) = others.first() {
                let words = "the date of birth is another than in Header; each table keeps its own";
                rejects.push(reject(file, layout, first, "birth-dates-differ", "DOB", others.len(), words));
            }
        }
        if let Some(of) = carried(episodes) {
            let cared: BTreeSet<&Value> = of.rows.iter().filter_map(child).collect();
            let without = known.keys().filter(|child| !cared.contains(**child)).count();
            if without > 0 {
                let file = people.files.first().map_or("", String::as_str);
                let message =
                    format!("children of Header who have no row in Episodes: {without} of {}", known.len());
                notices.push(Notice::new(file, "children-without-episodes", message));
            }
        }
        self.notices.extend(notices);
        self.rejects.extend(rejects);
    }
}

impl Reading<'_> {
    /// Says it where no day of work in any table lies in the year given: it may be another return's.
    pub(super) fn check_year(&mut self, name: &str, span: Option<Days>) {
        let Some(span) = span else { return };
        let mut dates = 0u64;
        let mut all: Option<Days> = None;
        for (table, layout) in self.tables.iter().zip(&self.layout.tables) {
            let work = |place: &usize| layout.personal.get(*place) == Some(&false);
            let places: Vec<usize> = (0..layout.columns.len()).filter(work).collect();
            for datum in
                table.rows.iter().flat_map(|row| places.iter().filter_map(|place| row.values.get(*place)))
            {
                let Datum::Known(Value::Date(day)) = datum else { continue };
                if span.contains(*day) {
                    return;
                }
                dates += 1;
                let known = all.get_or_insert(Days { first: *day, last: *day });
                known.first = known.first.min(*day);
                known.last = known.last.max(*day);
            }
        }
        if let Some(Days { first, last }) = all {
            let message = format!(
                "none of its {dates} dates lies in the year given, {} to {}; they run from {first} to {last}: is it \
                 the return of another year?",
                span.first, span.last
            );
            self.notices.push(Notice::new(name, "year-fits-no-date", message));
        }
    }
}

/// Something odd that cost nothing, at its first place.
fn reject(
    file: &str,
    layout: &TableLayout,
    first: &Row,
    code: &str,
    element: &str,
    times: usize,
    message: &str,
) -> Reject {
    Reject {
        name: file.to_owned(),
        record: 0,
        line: Some(u64::from(first.origin)),
        dataset: Some(layout.id.clone()),
        element: element.to_owned(),
        value: String::new(),
        personal: true,
        code: code.to_owned(),
        message: message.to_owned(),
        lost: Lost::Nothing,
        codes: None,
        times: times as u64,
    }
}
