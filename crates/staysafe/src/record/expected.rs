//! Returns that were asked for: what tells silence from a nil return.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Data, Return, Row, Table};
use crate::period::Period;
use crate::value::{Datum, Value};

/// The dataset that holds them.
pub const EXPECTED_RETURN: &str = "expected_return";

/// One return that an agency owes: a dataset of an area for a period.
///
/// Source: section 6 of the design (agency, dataset, period, due, received, nil declared, accepted).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExpectedReturn {
    /// The agency, by its id in the framework.
    pub agency: String,
    /// The dataset, by its id.
    pub dataset: String,
    /// The area it is owed for, by its code; without one every area of the board.
    pub area: Option<String>,
    /// The period it speaks of.
    pub period: Period,
    /// The day by which it is due.
    pub due: Option<NaiveDate>,
    /// The day it came.
    pub received: Option<NaiveDate>,
    /// Whether the agency declared that it has nothing to report.
    pub nil_declared: bool,
    /// Whether it was accepted; nobody has said where it is blank.
    pub accepted: Option<bool>,
}

/// Where a return that was asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It came, with something in it.
    Received,
    /// The agency declared that there was nothing: a figure of 0.
    Nil,
    /// It came and was sent back: as good as not there.
    Rejected,
    /// It has not come, and its day has not either.
    NotYetDue,
    /// It has not come: nobody knows anything.
    Silent,
}

/// The register of returns asked for, and what in it could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedReturns {
    /// In order of agency, dataset, area and period; each stands once.
    pub entries: Vec<ExpectedReturn>,
    /// Rows that say no agency, dataset or period, or that contradict another.
    pub faults: Vec<ExpectedFault>,
}

/// A row of the register that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExpectedFault {
    /// What the caller calls the return.
    pub name: String,
    /// Position of the row in it, counted from 1.
    pub record: u32,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl ExpectedReturn {
    /// Where it stands on a day.
    ///
    /// # Example
    /// ```
    /// use staysafe::record::{ExpectedReturn, Standing};
    /// let day = |text: &str| text.parse().unwrap();
    /// let asked = ExpectedReturn {
    ///     agency: "police".into(),
    ///     dataset: "domestic_abuse_notification".into(),
    ///     area: None,
    ///     period: "2010-11 Q1".parse().unwrap(),
    ///     due: Some(day("2010-07-31")),
    ///     received: None,
    ///     nil_declared: false,
    ///     accepted: None,
    /// };
    /// assert_eq!(asked.standing(day("2010-07-31")), Standing::NotYetDue);
    /// assert_eq!(asked.standing(day("2010-08-01")), Standing::Silent);
    /// assert_eq!(ExpectedReturn { nil_declared: true, ..asked }.standing(day("2010-08-01")), Standing::Nil);
    /// ```
    pub fn standing(&self, on: NaiveDate) -> Standing {
        if self.is_sent_back() {
            Standing::Rejected
        } else if self.nil_declared {
            Standing::Nil
        } else if self.received.is_some_and(|day| day <= on) {
            Standing::Received
        } else if self.due.is_some_and(|due| on <= due) {
            Standing::NotYetDue
        } else {
            Standing::Silent
        }
    }

    /// Whether the board sent back what came: it is as good as not there.
    pub fn is_sent_back(&self) -> bool {
        self.accepted == Some(false)
    }

    fn key(&self) -> (String, String, Option<String>, Period) {
        (self.agency.clone(), self.dataset.clone(), self.area.clone(), self.period)
    }
}

impl ExpectedReturns {
    /// The register as the returns hold it. Of several registers the one of the later date decides; two of one date
    /// that differ say nothing, and are listed.
    ///
    /// # Example
    /// ```
    /// use staysafe::record::{Data, ExpectedReturns};
    /// assert!(ExpectedReturns::of(&Data::default()).entries.is_empty());
    /// ```
    pub fn of(data: &Data) -> Self {
        let mut held: BTreeMap<_, (Option<NaiveDate>, Option<ExpectedReturn>)> = BTreeMap::new();
        let mut faults = Vec::new();
        let mut registers: Vec<(&Return, &Table)> =
            data.returns.iter().filter_map(|of| Some((of, of.tables.get(EXPECTED_RETURN)?))).collect();
        registers.sort_by_key(|(of, _)| (of.reference_date, &of.name));
        for (of, table) in registers {
            for row in &table.rows {
                let fault = |message: &str| ExpectedFault {
                    name: of.name.clone(),
                    record: row.origin,
                    message: message.to_owned(),
                };
                let entry = match read(table, row) {
                    Ok(entry) => entry,
                    Err(message) => {
                        faults.push(fault(message));
                        continue;
                    }
                };
                let place =
                    held.entry(entry.key()).or_insert_with(|| (of.reference_date, Some(entry.clone())));
                if place.1.as_ref() == Some(&entry) {
                    continue;
                }
                if place.0 < of.reference_date {
                    *place = (of.reference_date, Some(entry));
                } else {
                    place.1 = None;
                    faults.push(fault(
                        "the same agency, dataset, area and period stands there twice and differently; keep one row",
                    ));
                }
            }
        }
        faults.sort();
        Self { entries: held.into_values().filter_map(|(_, entry)| entry).collect(), faults }
    }
}

fn read(table: &Table, row: &Row) -> Result<ExpectedReturn, &'static str> {
    let datum = |name: &str| {
        let at = table.fields.iter().position(|field| &**field == name)?;
        row.values.get(at)
    };
    let text = |name: &str| match datum(name) {
        Some(Datum::Known(Value::Text(text))) => Some(text.to_string()),
        _ => None,
    };
    let date = |name: &str| match datum(name) {
        Some(Datum::Known(Value::Date(day))) => Some(*day),
        _ => None,
    };
    let answer = |name: &str| match datum(name) {
        Some(Datum::Known(Value::Bool(answer))) => Some(*answer),
        _ => None,
    };
    let period = text("period").ok_or("no period; write one as the board prints it: 2010-11 Q1")?;
    Ok(ExpectedReturn {
        agency: text("agency").ok_or("no agency; write its id in the framework")?,
        dataset: text("dataset").ok_or("no dataset; write its id in the framework")?,
        area: text("area"),
        period: period
            .parse()
            .map_err(|_| "this is no period; write one as the board prints it: 2010-11 Q1")?,
        due: date("due"),
        received: date("received"),
        nil_declared: answer("nil_declared").unwrap_or(false),
        accepted: answer("accepted"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Cover, Submission};
    use super::*;

    const FIELDS: [&str; 8] =
        ["agency", "dataset", "area", "period", "due", "received", "nil_declared", "accepted"];

    fn text(text: &str) -> Datum {
        if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Text(text.into())) }
    }

    fn row(agency: &str, period: &str, received: Option<&str>, nil: bool) -> Row {
        let received = received.map_or(Datum::Missing, |day| Datum::Known(Value::Date(day.parse().unwrap())));
        let nil = Datum::Known(Value::Bool(nil));
        let (dataset, due) = (text("referral"), Datum::Known(Value::Date("2010-07-31".parse().unwrap())));
        let values = [text(agency), dataset, text(""), text(period), due, received, nil, Datum::Missing];
        Row { values: values.to_vec(), origin: 1 }
    }

    fn register(name: &str, date: &str, rows: Vec<Row>) -> Return {
        let table = Table { fields: FIELDS.map(Into::into).to_vec(), rows, cover: Cover::UNLIMITED };
        Return {
            name: name.to_owned(),
            kind: "board-register".to_owned(),
            area: "A".to_owned(),
            reference_date: Some(date.parse().unwrap()),
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: [(EXPECTED_RETURN.to_owned(), table)].into(),
        }
    }

    fn standings(returns: Vec<Return>) -> Vec<(String, Standing)> {
        let read = ExpectedReturns::of(&Data { returns });
        let on = "2010-08-15".parse().unwrap();
        read.entries.iter().map(|entry| (entry.agency.clone(), entry.standing(on))).collect()
    }

    #[test]
    fn silence_and_nil_are_two_things() {
        let rows = vec![
            row("health", "2010-11 Q1", None, true),
            row("police", "2010-11 Q1", None, false),
            row("schools", "2010-11 Q1", Some("2010-07-20"), false),
        ];
        let found = standings(vec![register("a", "2010-08-01", rows)]);
        let found: Vec<(&str, Standing)> = found.iter().map(|(agency, at)| (agency.as_str(), *at)).collect();
        assert_eq!(
            found,
            [("health", Standing::Nil), ("police", Standing::Silent), ("schools", Standing::Received)]
        );
    }

    #[test]
    fn the_later_register_decides_and_two_of_one_day_that_differ_do_not() {
        let (before, after) =
            (row("police", "2010-11 Q1", None, false), row("police", "2010-11 Q1", None, true));
        let early = register("early", "2010-08-01", vec![before.clone()]);
        let late = register("late", "2010-09-01", vec![after.clone()]);
        for returns in [vec![early.clone(), late.clone()], vec![late, early]] {
            assert_eq!(standings(returns), [("police".to_owned(), Standing::Nil)]);
        }
        let both = Data { returns: vec![register("one", "2010-08-01", vec![before, after])] };
        let read = ExpectedReturns::of(&both);
        assert!(read.entries.is_empty());
        assert_eq!(read.faults.len(), 1);
    }

    #[test]
    fn what_says_no_period_is_listed() {
        let data =
            Data { returns: vec![register("a", "2010-08-01", vec![row("police", "spring", None, false)])] };
        let read = ExpectedReturns::of(&data);
        assert!(read.entries.is_empty() && read.faults[0].message.contains("no period"));
    }
}
