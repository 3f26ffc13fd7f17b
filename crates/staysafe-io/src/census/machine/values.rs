//! Values: from the text of an element into its record, or into the list of rejects.

use staysafe::record::Lost;
use staysafe::value::Datum;

use super::super::record::Open;
use super::Machine;
use crate::layout::Form;
use crate::notes::Place;
use crate::values::{LOCAL_SPELLING, Parsed, known, parse_local, trim};

impl Machine<'_> {
    pub(super) fn begin_value(&mut self) {
        self.text.clear();
        self.broken = false;
    }

    pub(super) fn end_value(&mut self, place: usize, line: u64) {
        if let Some(datum) = self.take_value(place, line) {
            self.put(place, datum, line);
        }
    }

    /// A value that is a row of its own: a disability, a factor, a review.
    pub(super) fn end_row(&mut self, place: usize, line: u64) {
        let Some(datum) = self.take_value(place, line) else { return };
        let layout = self.layout;
        let Some(value) = layout.values.get(place) else { return };
        let Some(dataset) = layout.datasets.get(value.dataset) else { return };
        let mut row = Open::begin(value.dataset, dataset, &mut self.tables, &self.open, layout.top);
        row.set(value.column, datum);
        if let Some(record) = self.open.last_mut() {
            record.given = true;
        }
        if let Some(table) = self.tables.get_mut(value.dataset) {
            table.push(row.values, self.child);
        }
    }

    /// Reads the text of a value that ended; `None` when there was none. It is counted here.
    pub(super) fn take_value(&mut self, place: usize, line: u64) -> Option<Datum> {
        let layout = self.layout;
        let value = layout.values.get(place)?;
        let text = trim(&self.text);
        let year = self.settled.as_ref().map_or(layout.last_year, |settled| settled.year);
        if text.is_empty() && !self.broken {
            self.account.empty += 1;
            return None;
        }
        let other_year = value.from.is_some_and(|from| year < from) || value.to.is_some_and(|to| year > to);
        if other_year && let Some((times, child, first)) = self.other_years.get_mut(place) {
            if *times == 0 {
                (*child, *first) = (self.child, line);
            }
            *times += 1;
        }
        let dataset = layout.datasets.get(value.dataset).map(|d| d.id.as_str());
        let at = Place { record: self.child, line, dataset, element: &value.element };
        let parsed = if self.broken {
            Parsed::Bad("element-inside-value", "expected a value without elements inside it".to_owned())
        } else {
            parse_local(text, value.form, &layout.code_sets, year, self.options.registers.as_ref())
        };
        match parsed {
            Parsed::Known(parsed) => {
                self.account.known += 1;
                Some(known(parsed))
            }
            Parsed::OtherYear(parsed, span) => {
                self.account.known += 1;
                let element = format!("{} {text}", value.element);
                let at = Place { element: &element, ..at };
                self.notes.odd(at, "code-of-another-year", text, value.personal, || {
                    format!("this code stands {span}, and the return is of {year}; it was read as it is")
                });
                Some(known(parsed))
            }
            Parsed::Local(parsed) => {
                self.account.known += 1;
                let (code, words) = LOCAL_SPELLING;
                self.notes.odd(at, code, text, true, || words.to_owned());
                Some(known(parsed))
            }
            Parsed::Bad(code, mut message) => {
                self.account.rejected += 1;
                if let Some(hint) = &value.hint {
                    message = format!("{message}; {hint}");
                }
                // A value that could not be read may hold anything, a name among it.
                self.notes.reject(at, code, Lost::Value, text, true, message);
                if let Form::Code(set) = value.form {
                    self.notes.no_code_of(layout.code_sets.get(set).map(|set| set.id.as_str()));
                }
                Some(Datum::Rejected)
            }
        }
    }

    /// Puts a value into its record; two different values for one field are both rejected.
    pub(super) fn put(&mut self, place: usize, datum: Datum, line: u64) {
        let layout = self.layout;
        let Some(value) = layout.values.get(place) else { return };
        let Some(record) = self.open.last_mut() else { return };
        record.given = true;
        let before = record.get(value.column).clone();
        let dataset = layout.datasets.get(value.dataset).map(|d| d.id.as_str());
        let at = Place { record: self.child, line, dataset, element: &value.element };
        match (&before, &datum) {
            (Datum::Missing, _) => record.set(value.column, datum),
            (Datum::Known(first), Datum::Known(second)) if first == second => {
                self.account.known -= 1;
                self.account.passed_over += 1;
                self.notes.odd(at, "given-twice", "", value.personal, || {
                    "the same value is given twice in one record; it counts once".to_owned()
                });
            }
            (first, second) => {
                record.set(value.column, Datum::Rejected);
                for datum in [first, second] {
                    if let Datum::Known(known) = datum {
                        self.account.known -= 1;
                        self.account.rejected += 1;
                        let message = "one record gives different values for one field; none of them is used";
                        let text = known.to_string();
                        self.notes.reject(
                            at,
                            "contradictory",
                            Lost::Value,
                            &text,
                            value.personal,
                            message.to_owned(),
                        );
                    }
                }
            }
        }
    }
}
