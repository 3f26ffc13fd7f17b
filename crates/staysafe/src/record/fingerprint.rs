//! A hash of records, so that two runs can say whether they saw the same data.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Datelike;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{Cover, Data, Days, Return, Row, Status, Submission};
use crate::value::{Datum, Value, hex};

/// SHA-256 of the records, in hexadecimal: what each return is of, which tables it carries, what span
/// they speak for, and every value in order.
///
/// The names that the caller gave to returns are left out, and so is the order of the returns: the same
/// files under other names have the same fingerprint. A file that is given twice says nothing new.
///
/// # Example
/// ```
/// use staysafe::record::{Data, fingerprint};
/// assert_eq!(fingerprint(&Data::default()).len(), 64);
/// ```
pub fn fingerprint(data: &Data) -> String {
    fingerprint_of(&fingerprints(data))
}

/// SHA-256 of each return alone, in hexadecimal.
pub fn fingerprints(data: &Data) -> BTreeSet<String> {
    let mut prints = Fingerprint::default();
    for of in &data.returns {
        prints.begin(of);
        for (id, table) in &of.tables {
            prints.table(id, &table.fields, table.cover);
            prints.rows(&table.rows);
        }
    }
    prints.finish()
}

/// The fingerprint of returns that have these fingerprints alone.
pub fn fingerprint_of(returns: &BTreeSet<String>) -> String {
    let mut all = Sha256::new();
    for of in returns {
        let digits = of.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
        all.update(digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect::<Vec<u8>>());
    }
    hex(&all.finalize())
}

/// Fingerprints taken while records go by: the same as [`fingerprints`] of all of them.
///
/// Of each return its tables come in order of their ids.
///
/// # Example
/// ```
/// use staysafe::record::{Data, Fingerprint, fingerprints};
/// assert_eq!(Fingerprint::default().finish(), fingerprints(&Data::default()));
/// ```
#[derive(Debug, Default)]
pub struct Fingerprint {
    returns: BTreeSet<String>,
    of: Option<Writer>,
}

/// What stands in one field of a row, for [`Fingerprint::row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'v> {
    /// The return left it out.
    Missing,
    /// It was rejected.
    Rejected,
    /// It is hidden by whoever supplied it.
    Suppressed,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Text.
    Text(&'v str),
    /// A day, counted from 1 January of year 1, which is 1.
    Date(i32),
}

impl<'v> From<&'v Datum> for Entry<'v> {
    fn from(datum: &'v Datum) -> Self {
        match datum {
            Datum::Missing => Self::Missing,
            Datum::Rejected => Self::Rejected,
            Datum::Suppressed => Self::Suppressed,
            Datum::Known(Value::Bool(no_or_yes)) => Self::Bool(*no_or_yes),
            Datum::Known(Value::Int(number)) => Self::Int(*number),
            Datum::Known(Value::Decimal(number)) => Self::Decimal(*number),
            Datum::Known(Value::Text(text)) => Self::Text(text),
            Datum::Known(Value::Date(day)) => Self::Date(day.num_days_from_ce()),
        }
    }
}

impl Fingerprint {
    /// Begins a return; its tables follow.
    pub fn begin(&mut self, of: &Return) {
        self.end();
        self.of = Some(begun(of));
    }

    /// Begins a table of the return; its rows follow.
    pub fn table(&mut self, id: &str, fields: &[Arc<str>], cover: Cover) {
        if let Some(writer) = &mut self.of {
            writer.end_table();
            writer.text(id);
            writer.table(fields, cover);
        }
    }

    /// Rows of the table.
    pub fn rows(&mut self, rows: &[Row]) {
        for Row { values, origin: _ } in rows {
            self.row(values.iter().map(Entry::from));
        }
    }

    /// One row of the table, for who holds it as no [`Row`].
    ///
    /// # Example
    /// ```
    /// use staysafe::record::{Cover, Entry, Fingerprint, Return, Row, Submission};
    /// use staysafe::value::{Datum, Value};
    ///
    /// let of = Return {
    ///     name: "a".to_owned(), kind: "cin-census".to_owned(), area: "999".to_owned(), reference_date: None, serial: None,
    ///     made_at: None, submission: Submission::default(), truncated: false, tables: Default::default(),
    /// };
    /// let print = |row: fn(&mut Fingerprint)| {
    ///     let mut prints = Fingerprint::default();
    ///     prints.begin(&of);
    ///     prints.table("child", &["age".into(), "team".into()], Cover::UNLIMITED);
    ///     row(&mut prints);
    ///     prints.finish()
    /// };
    /// assert_eq!(
    ///     print(|prints| prints.row([Entry::Int(4), Entry::Missing])),
    ///     print(|prints| prints.rows(&[Row { values: vec![Datum::Known(Value::Int(4)), Datum::Missing], origin: 1 }])),
    /// );
    /// ```
    pub fn row<'v>(&mut self, entries: impl IntoIterator<Item = Entry<'v>>) {
        if let Some(writer) = &mut self.of {
            writer.rows = writer.rows.map(|before| before + 1);
            for entry in entries {
                writer.entry(entry);
            }
            writer.flush(1 << 16);
        }
    }

    /// The fingerprint of each return, in hexadecimal.
    pub fn finish(mut self) -> BTreeSet<String> {
        self.end();
        self.returns
    }

    fn end(&mut self) {
        if let Some(mut writer) = self.of.take() {
            writer.end_table();
            writer.flush(0);
            self.returns.insert(hex(&writer.hash.finalize()));
        }
    }
}

fn begun(of: &Return) -> Writer {
    let mut writer = Writer::default();
    writer.text(&of.kind);
    writer.text(&of.area);
    writer.text(&of.reference_date.map(|day| day.to_string()).unwrap_or_default());
    // What orders returns of one date decides figures; most files have only one, and no need of it.
    writer.text(&of.serial.map(|serial| serial.to_string()).unwrap_or_default());
    writer.text(&of.made_at.map(|time| time.to_string()).unwrap_or_default());
    if of.submission != Submission::default() {
        let Submission { agency, status, nil_declared, reason: _ } = &of.submission;
        writer.text(agency.as_deref().unwrap_or_default());
        writer.text(status.map_or("", Status::code));
        writer.text(if *nil_declared { "nil" } else { "" });
    }
    writer
}

/// Gathers bytes, because hashing them one value at a time is slow.
#[derive(Debug, Default)]
struct Writer {
    hash: Sha256,
    buffer: Vec<u8>,
    /// How many rows of the table went by; nothing where no table was begun.
    rows: Option<u64>,
}

impl Writer {
    fn table(&mut self, fields: &[Arc<str>], cover: Cover) {
        self.rows = Some(0);
        self.number(fields.len() as u64);
        for field in fields {
            self.text(field);
        }
        let Cover { events, starts, ends, stocks } = cover;
        for days in [events, starts, ends, stocks] {
            self.text(&days.map(|Days { first, last }| format!("{first}..{last}")).unwrap_or_default());
        }
    }

    /// Tells how many rows there were, so that the rows of two tables cannot be taken for those of one.
    fn end_table(&mut self) {
        if let Some(rows) = self.rows.take() {
            // No datum has this mark.
            self.buffer.push(u8::MAX);
            self.number(rows);
        }
    }

    /// Each kind of entry has a mark of its own, and texts their length, so that no two tables of
    /// records write the same bytes.
    fn entry(&mut self, entry: Entry<'_>) {
        match entry {
            Entry::Missing => self.buffer.push(0),
            Entry::Rejected => self.buffer.push(1),
            Entry::Suppressed => self.buffer.push(7),
            Entry::Bool(no_or_yes) => self.buffer.extend([2, u8::from(no_or_yes)]),
            Entry::Int(number) => {
                self.buffer.push(3);
                self.buffer.extend(number.to_le_bytes());
            }
            Entry::Decimal(number) => {
                self.buffer.push(4);
                self.text(&number.normalize().to_string());
            }
            Entry::Text(text) => {
                self.buffer.push(5);
                self.text(text);
            }
            Entry::Date(day) => {
                self.buffer.push(6);
                self.buffer.extend(day.to_le_bytes());
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.buffer.extend(text.as_bytes());
    }

    fn number(&mut self, number: u64) {
        self.buffer.extend(number.to_le_bytes());
    }

    /// Hashes what was gathered, once it is more than so many bytes.
    fn flush(&mut self, more_than: usize) {
        if self.buffer.len() > more_than || more_than == 0 {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::record::Table;

    fn data(names: &[&str], values: &[Datum]) -> Data {
        let row = Row { values: values.to_vec(), origin: 1 };
        let table = Table { fields: vec!["child".into()], rows: vec![row], cover: Cover::UNLIMITED };
        let returns = names.iter().map(|name| Return {
            name: (*name).to_owned(),
            kind: "cin-census".to_owned(),
            area: name.chars().next().unwrap().to_string(),
            reference_date: None,
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: BTreeMap::from([("child".to_owned(), table.clone())]),
        });
        Data { returns: returns.collect() }
    }

    #[test]
    fn neither_names_nor_the_order_of_returns_matter() {
        let value = [Datum::Known(Value::Int(1))];
        assert_eq!(fingerprint(&data(&["a1", "b"], &value)), fingerprint(&data(&["b", "a2"], &value)));
    }

    #[test]
    fn a_blank_a_reject_and_an_empty_text_are_three_things() {
        let prints = [Datum::Missing, Datum::Rejected, Datum::Known(Value::Text("".into()))]
            .map(|datum| fingerprint(&data(&["a"], &[datum])));
        let [blank, reject, text] = &prints;
        assert!(blank != reject && reject != text && blank != text);
    }
}
