//! Counts that a partner made for itself and handed in: numerators and denominators, and no records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Data, Return, Row, Status, Table};
use crate::period::Period;
use crate::value::{Datum, Exact, Value};

/// The dataset that holds them.
pub const PARTNER_COUNT: &str = "partner_count";

/// What a partner counted of an indicator, in an area and a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerCount {
    /// The indicator, by its id.
    pub indicator: String,
    /// The area, by its code or another it goes by.
    pub area: String,
    /// The period.
    pub period: Period,
    /// Who counted, by its id in the framework, where it says so.
    pub agency: Option<String>,
    /// What it counted.
    pub told: ToldCount,
    /// Whether it may still change it.
    pub provisional: bool,
    /// What the caller calls the return.
    pub name: String,
    /// Position of the row in it, counted from 1.
    pub record: u32,
}

/// What a partner says of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToldCount {
    /// The counts.
    Counts {
        /// What was counted, or what was counted above the line.
        numerator: Exact,
        /// What was counted below it; none for a count.
        denominator: Option<Exact>,
    },
    /// One of the two is hidden because it is small.
    Suppressed,
}

/// Every count of the returns, and what in their tables could not be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerCounts {
    /// In order of indicator, area, period and agency; each stands once.
    pub entries: Vec<PartnerCount>,
    /// Rows that could not be used.
    pub faults: Vec<CountFault>,
}

/// A row of counts that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CountFault {
    /// What the caller calls the return.
    pub name: String,
    /// Position of the row in it, counted from 1.
    pub record: u32,
    /// A stable kebab-case code.
    pub code: String,
    /// The column, as the dataset calls it.
    pub field: String,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// Indicator, area, period and agency.
type Key = (String, String, Period, Option<String>);

impl PartnerCounts {
    /// The counts as the returns hold them.
    ///
    /// Of several returns the later decides, by reference date, then by serial number and by when it was made. Two rows of
    /// one indicator, area, period and agency that say the same count once; two that differ, where nothing says which is
    /// later, say nothing, and both are listed.
    ///
    /// # Example
    /// ```
    /// use staysafe::record::{Data, PartnerCounts};
    /// assert!(PartnerCounts::of(&Data::default()).entries.is_empty());
    /// ```
    pub fn of(data: &Data) -> Self {
        let mut tables: Vec<(&Return, &Table)> =
            data.returns.iter().filter_map(|of| Some((of, of.tables.get(PARTNER_COUNT)?))).collect();
        let age = |of: &Return| (of.reference_date, of.serial, of.made_at);
        tables.sort_by(|(a, _), (b, _)| age(a).cmp(&age(b)).then_with(|| a.name.cmp(&b.name)));
        let mut faults = Vec::new();
        let mut held: BTreeMap<Key, (_, Vec<PartnerCount>)> = BTreeMap::new();
        for (of, table) in tables {
            for row in &table.rows {
                match read(of, table, row) {
                    Ok(entry) => {
                        let key =
                            (entry.indicator.clone(), entry.area.clone(), entry.period, entry.agency.clone());
                        let place = held.entry(key).or_insert_with(|| (age(of), Vec::new()));
                        if place.0 < age(of) {
                            *place = (age(of), Vec::new());
                        }
                        if !place.1.iter().any(|other| other.told == entry.told) {
                            place.1.push(entry);
                        }
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
        let mut entries = Vec::new();
        for (_, mut found) in held.into_values() {
            if found.len() == 1 {
                entries.append(&mut found);
                continue;
            }
            faults.extend(found.into_iter().map(|entry| CountFault {
                name: entry.name,
                record: entry.record,
                code: "contradictory".to_owned(),
                field: "numerator".to_owned(),
                message: format!(
                    "another row says something else of {} in {} for {}; keep one of the two, or say in 'agency' whose each is",
                    entry.indicator, entry.area, entry.period
                ),
            }));
        }
        faults.sort();
        Self { entries, faults }
    }
}

fn read(of: &Return, table: &Table, row: &Row) -> Result<PartnerCount, CountFault> {
    let fault = |field: &str, code: &str, message: String| CountFault {
        name: of.name.clone(),
        record: row.origin,
        code: code.to_owned(),
        field: field.to_owned(),
        message,
    };
    let datum = |name: &str| {
        let at = table.fields.iter().position(|field| &**field == name)?;
        row.values.get(at)
    };
    let text = |name: &str| match datum(name) {
        Some(Datum::Known(value)) => Some(value.to_string()),
        _ => None,
    };
    let indicator = text("indicator").ok_or_else(|| {
        fault("indicator", "no-indicator", "no indicator; write its id, as in jd-16".to_owned())
    })?;
    let said = text("period").unwrap_or_default();
    let period = said.parse().map_err(|error| fault("period", "bad-period", format!("{error}")))?;
    let count = |name: &str| match datum(name) {
        Some(Datum::Known(value)) => match exact(value) {
            Some(value) => Ok(Some(Some(value))),
            None => Err(fault(name, "bad-number", "this is no number that can be kept exactly".to_owned())),
        },
        Some(Datum::Suppressed) => Ok(Some(None)),
        Some(Datum::Rejected) => Err(fault(
            name,
            "rejected",
            "what stands here could not be read, so the row says nothing".to_owned(),
        )),
        Some(Datum::Missing) | None => Ok(None),
    };
    let above = count("numerator")?.ok_or_else(|| {
        fault(
            "numerator",
            "no-numerator",
            "no numerator; write 0 where there was nothing to count".to_owned(),
        )
    })?;
    let told = match (above, count("denominator")?) {
        (Some(numerator), None) => ToldCount::Counts { numerator, denominator: None },
        (Some(numerator), Some(Some(below))) => ToldCount::Counts { numerator, denominator: Some(below) },
        _ => ToldCount::Suppressed,
    };
    Ok(PartnerCount {
        indicator,
        area: text("area").unwrap_or_else(|| of.area.clone()),
        period,
        agency: text("agency").or_else(|| of.submission.agency.clone()),
        told,
        provisional: of.submission.status == Some(Status::Provisional),
        name: of.name.clone(),
        record: row.origin,
    })
}

fn exact(value: &Value) -> Option<Exact> {
    match value {
        Value::Int(value) => Some(Exact::from(*value)),
        Value::Decimal(value) => Exact::new(value.mantissa(), 10_i128.checked_pow(value.scale())?),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::super::{Cover, Submission};
    use super::*;

    /// Counts as somebody might hand them in: indicator, area, period, agency, numerator, denominator; `-` is blank, `*`
    /// suppressed.
    pub(crate) fn register(name: &str, date: Option<&str>, rows: &[[&str; 6]]) -> Return {
        let fields = ["indicator", "area", "period", "agency", "numerator", "denominator"];
        let datum = |column: usize, cell: &str| match cell {
            "-" => Datum::Missing,
            "*" => Datum::Suppressed,
            "?" => Datum::Rejected,
            number if column > 3 => Datum::Known(Value::Decimal(number.parse().unwrap())),
            text => Datum::Known(Value::Text(text.into())),
        };
        let row = |(at, cells): (usize, &[&str; 6])| Row {
            values: cells.iter().enumerate().map(|(column, cell)| datum(column, cell)).collect(),
            origin: u32::try_from(at + 1).unwrap(),
        };
        let table = Table {
            fields: fields.iter().map(|field| Arc::from(*field)).collect(),
            rows: rows.iter().enumerate().map(row).collect(),
            cover: Cover::UNLIMITED,
        };
        Return {
            name: name.to_owned(),
            kind: "partner-count-register".to_owned(),
            area: "E06000001".to_owned(),
            reference_date: date.map(|day| day.parse().unwrap()),
            serial: None,
            made_at: None,
            truncated: false,
            submission: Submission::default(),
            tables: [(PARTNER_COUNT.to_owned(), table)].into(),
        }
    }

    fn read(returns: Vec<Return>) -> PartnerCounts {
        PartnerCounts::of(&Data { returns })
    }

    fn codes(found: &PartnerCounts) -> Vec<String> {
        found.faults.iter().map(|fault| format!("{} {} {}", fault.record, fault.field, fault.code)).collect()
    }

    #[test]
    fn each_row_is_counts_or_a_reason() {
        let found = read(vec![register(
            "police.csv",
            None,
            &[
                ["jd-16", "-", "2010-11 Q1", "police", "3", "4"],
                ["jd-16", "805", "2010-11 Q1", "police", "*", "4"],
                ["-", "-", "2010-11 Q1", "-", "1", "-"],
                ["jd-04", "-", "spring", "-", "1", "-"],
                ["jd-04", "-", "2010-11 Q1", "-", "-", "-"],
                ["jd-04", "-", "2010-11 Q1", "-", "?", "-"],
            ],
        )]);
        assert_eq!(found.entries.len(), 2);
        let first = found.entries.iter().find(|entry| entry.area == "E06000001").unwrap();
        assert_eq!(
            first.told,
            ToldCount::Counts { numerator: 3_i64.into(), denominator: Some(4_i64.into()) }
        );
        assert!(found.entries.iter().any(|entry| entry.told == ToldCount::Suppressed));
        assert_eq!(
            codes(&found),
            [
                "3 indicator no-indicator",
                "4 period bad-period",
                "5 numerator no-numerator",
                "6 numerator rejected"
            ]
        );
    }

    #[test]
    fn a_later_return_decides_and_two_of_one_date_that_differ_say_nothing() {
        let row = |numerator| ["jd-04", "-", "2010-11 Q1", "health", numerator, "-"];
        let one = |name, date, numerator| register(name, Some(date), &[row(numerator)]);
        let later = read(vec![one("b", "2010-09-01", "7"), one("a", "2010-08-01", "5")]);
        assert_eq!((later.entries.len(), later.entries[0].name.as_str()), (1, "b"));
        let same = read(vec![one("a", "2010-08-01", "5"), one("b", "2010-08-01", "5")]);
        assert_eq!((same.entries.len(), same.faults.len()), (1, 0));
        let differ = read(vec![one("a", "2010-08-01", "5"), one("b", "2010-08-01", "6")]);
        assert_eq!(differ.entries, []);
        assert_eq!(codes(&differ), ["1 numerator contradictory", "1 numerator contradictory"]);
    }
}
