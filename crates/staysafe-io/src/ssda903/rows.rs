//! The rows of one table as a file gives them, whatever its form: values read, what is odd about them noted, records
//! that cannot be without a value rejected.

use staysafe::record::{Lost, Row};
use staysafe::value::{Datum, Value};

use super::Reading;
use super::cell::{self, Cell};
use super::layout::{Column, Layout, Need, TableLayout};
use crate::census::Account;
use crate::delimited::trim;
use crate::layout::Form;
use crate::notes::{Notes, Place};
use crate::returns::Notice;
use crate::values::LOCAL_SPELLING;

/// The rows of one table from one file.
pub(super) struct Rows<'a> {
    pub(super) table: &'a TableLayout,
    /// The table, by its place in the layout.
    place: usize,
    taken: Vec<Row>,
    /// Values of columns that the year does not ask for: how many, and the record and line of the first.
    other_years: Vec<(u64, u32, u64)>,
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) record: u32,
    pub(super) line: u64,
}

/// Where what is found goes.
pub(super) struct To<'t, 'a> {
    pub(super) reading: &'t mut Reading<'a>,
    pub(super) notes: &'t mut Notes,
}

impl<'a> Rows<'a> {
    pub(super) fn of(layout: &'a Layout, place: usize) -> Option<Self> {
        let table = layout.tables.get(place)?;
        Some(Self { table, place, taken: Vec::new(), other_years: vec![(0, 0, 0); table.columns.len()] })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// A record without a value.
    pub(super) fn blank(&self) -> Vec<Datum> {
        vec![Datum::Missing; self.table.columns.len()]
    }

    /// Something of this table, for a message.
    pub(super) fn at<'p>(&'p self, spot: Spot, element: &'p str) -> Place<'p> {
        Place { record: spot.record, line: spot.line, dataset: Some(&self.table.id), element }
    }

    /// Says it where the return of the year does not ask for the table.
    pub(super) fn check_year(&self, reading: &mut Reading<'_>, file: &str) {
        let asked = self.table.from.is_none_or(|from| reading.year.is_none_or(|year| from <= year));
        if let Some(from) = self.table.from.filter(|_| !asked) {
            let message =
                format!("the return asks for {} from {from} on; it was read as it is", self.table.name);
            reading.notice(file, "table-of-another-year", message);
        }
    }

    /// Reads a value; what is odd about it is noted.
    pub(super) fn value(
        &mut self,
        to: &mut To<'_, '_>,
        spot: Spot,
        (place, name): (usize, &str),
        text: &str,
    ) -> Datum {
        let To { reading, notes } = to;
        let table = self.table;
        let Some(column) = table.columns.get(place) else { return Datum::Missing };
        let at = Place { record: spot.record, line: spot.line, dataset: Some(&table.id), element: name };
        let registers = reading.options.registers.as_ref();
        let found = cell::read(reading.layout, column, text, reading.year, registers);
        let given = !matches!(found, Cell::Blank | Cell::BlankInWords);
        if given
            && !column.stands_in(reading.year)
            && let Some((times, row, first)) = self.other_years.get_mut(place)
        {
            if *times == 0 {
                (*row, *first) = (spot.record, spot.line);
            }
            *times += 1;
        }
        match found {
            Cell::Blank => {
                reading.account.empty += 1;
                Datum::Missing
            }
            Cell::BlankInWords => {
                reading.account.empty += 1;
                notes.odd(at, "blank-in-words", text, false, || {
                    "a word that programs write for nothing (NULL, NaN) was read as blank".to_owned()
                });
                Datum::Missing
            }
            Cell::Known(value) => {
                reading.account.known += 1;
                Datum::Known(value)
            }
            Cell::Odd(value, code, message) => {
                reading.account.known += 1;
                let of_a_code = format!("{name} {}", trim(text));
                let element = if code == "code-of-another-year" { &of_a_code } else { name };
                // A local spelling may hold anything, as a value that could not be read may.
                let personal = column.personal || code == LOCAL_SPELLING.0;
                notes.odd(Place { element, ..at }, code, trim(text), personal, || message);
                Datum::Known(value)
            }
            Cell::Bad(code, message) => {
                reading.account.rejected += 1;
                // A value that could not be read may hold anything, a name among it.
                notes.reject(at, code, Lost::Value, trim(text), true, message);
                if let Form::Code(set) = column.form {
                    notes.no_code_of(reading.layout.code_sets.get(set).map(|set| set.id.as_str()));
                }
                Datum::Rejected
            }
        }
    }

    /// Puts a value into its record; two values of one field must agree.
    pub(super) fn put(
        &self,
        to: &mut To<'_, '_>,
        spot: Spot,
        values: &mut [Datum],
        (place, name): (usize, &str),
        datum: Datum,
    ) {
        let To { reading, notes } = to;
        let Some(held) = values.get_mut(place) else { return };
        let at = self.at(spot, name);
        let personal = self.table.columns.get(place).is_some_and(|column| column.personal);
        match (&*held, &datum) {
            (_, Datum::Missing) => {}
            (Datum::Missing, _) => *held = datum,
            (Datum::Known(first), Datum::Known(second)) if first == second => {
                notes.odd(at, "given-twice", "", false, || {
                    "one field is given twice; where both agree it counts once".to_owned()
                });
            }
            (first, second) => {
                for datum in [first, second] {
                    if let Datum::Known(known) = datum {
                        reading.account.known -= 1;
                        reading.account.rejected += 1;
                        let message = "one field is given twice, with different values; none of them is used";
                        let text = known.to_string();
                        notes.reject(at, "contradictory", Lost::Value, &text, personal, message.to_owned());
                    }
                }
                *held = Datum::Rejected;
            }
        }
    }

    /// The first column, from one on, that a record cannot be without and that this one is without.
    fn lacking(&self, values: &[Datum], from: usize) -> Option<(usize, &'static str)> {
        let needed = |(place, (column, datum)): (usize, (&Column, &Datum))| match datum {
            Datum::Missing if column.need == Need::Value => {
                Some((place, "a record without it says nothing; give it in the case system"))
            }
            // A day that cannot be read leaves a record that cannot be placed, which is counted; a child that
            // cannot be told from others must not be.
            Datum::Rejected if place == 0 => {
                Some((place, "the child's number cannot be read, or is given twice and differs; correct it"))
            }
            _ => None,
        };
        self.table.columns.iter().zip(values).enumerate().skip(from).find_map(needed)
    }

    /// Rejects a record that lacks what it cannot be without; what was counted and noted of it since then is its own.
    pub(super) fn reject_lacking(
        &self,
        to: &mut To<'_, '_>,
        spot: Spot,
        (values, from): (&[Datum], usize),
        (account, notes): (Account, usize),
    ) -> bool {
        let Some((needed, why)) = self.lacking(values, from) else { return false };
        let code = if needed == 0 { "no-identifier" } else { "no-value" };
        let element = self.table.columns.get(needed).map_or("", |column| column.name.as_str());
        to.reading.account.lose_since(account);
        to.notes.truncate(notes);
        to.notes.reject(self.at(spot, element), code, Lost::Record, "", false, why.to_owned());
        true
    }

    /// A record becomes a row.
    pub(super) fn push(&mut self, reading: &mut Reading<'_>, mut values: Vec<Datum>, line: u64) {
        let origin = u32::try_from(line).unwrap_or(u32::MAX);
        if let Some(Datum::Known(Value::Text(child))) = values.first_mut() {
            *child = reading.same(child);
        }
        self.taken.push(Row { values, origin });
    }

    /// The table was read to its end.
    pub(super) fn finish(self, to: &mut To<'_, '_>, file: &str) {
        for (column, (times, record, line)) in self.table.columns.iter().zip(&self.other_years) {
            if *times > 0 {
                let at = self.at(Spot { record: *record, line: *line }, &column.name);
                let years = crate::layout::years(column.from, column.to);
                let words = format!("the return asks for this column {years}; it was read as it is");
                to.notes.odd_many(at, "column-of-another-year", *times, words);
            }
        }
        to.reading.take(self.place, file, self.taken);
    }
}

impl Reading<'_> {
    pub(super) fn notice(&mut self, file: &str, code: &str, message: impl Into<String>) {
        self.notices.push(Notice::new(file, code, message));
    }
}
