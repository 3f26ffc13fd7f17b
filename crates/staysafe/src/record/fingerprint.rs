//! A hash of records, so that two runs can say whether they saw the same data.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Cover, Data, Days, Return, Row, Status, Submission, Table};
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
    data.returns.iter().map(|of| hex(&of_return(of))).collect()
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

fn of_return(of: &Return) -> [u8; 32] {
    let mut writer = Writer { hash: Sha256::new(), buffer: Vec::new() };
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
    for (id, table) in &of.tables {
        writer.text(id);
        writer.table(table);
    }
    writer.flush(0);
    writer.hash.finalize().into()
}

/// Gathers bytes, because hashing them one value at a time is slow.
struct Writer {
    hash: Sha256,
    buffer: Vec<u8>,
}

impl Writer {
    fn table(&mut self, table: &Table) {
        self.number(table.fields.len() as u64);
        for field in &table.fields {
            self.text(field);
        }
        let Cover { events, starts, ends, stocks } = table.cover;
        for days in [events, starts, ends, stocks] {
            self.text(&days.map(|Days { first, last }| format!("{first}..{last}")).unwrap_or_default());
        }
        self.number(table.rows.len() as u64);
        for Row { values, origin: _ } in &table.rows {
            for datum in values {
                self.datum(datum);
            }
            self.flush(1 << 16);
        }
    }

    /// Each kind of datum has a mark of its own, and texts their length, so that no two tables of
    /// records write the same bytes.
    fn datum(&mut self, datum: &Datum) {
        match datum {
            Datum::Missing => self.buffer.push(0),
            Datum::Rejected => self.buffer.push(1),
            Datum::Suppressed => self.buffer.push(7),
            Datum::Known(Value::Bool(no_or_yes)) => self.buffer.extend([2, u8::from(*no_or_yes)]),
            Datum::Known(Value::Int(number)) => {
                self.buffer.push(3);
                self.buffer.extend(number.to_le_bytes());
            }
            Datum::Known(Value::Decimal(number)) => {
                self.buffer.push(4);
                self.text(&number.normalize().to_string());
            }
            Datum::Known(Value::Text(text)) => {
                self.buffer.push(5);
                self.text(text);
            }
            Datum::Known(Value::Date(day)) => {
                self.buffer.push(6);
                self.buffer.extend(chrono::Datelike::num_days_from_ce(day).to_le_bytes());
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
