//! What a return holds: modules present, rows, spans of dates, completeness of each field.

use std::sync::Arc;

use staysafe::record::{Cover, Days, FieldProfile, Lost, Module, Profile, Reject, Return, Table};
use staysafe::value::{Datum, Value};

/// A dataset as a layout knows it: its id, its fields, and which of them describe a person.
pub(crate) type Known<'a> = (&'a str, &'a [Arc<str>], &'a [bool]);

/// Looks through the tables of a return; modules that it does not carry are listed as such.
pub(crate) fn profile<'a>(
    layout: impl Iterator<Item = Known<'a>>,
    data: &Return,
    rejects: &[Reject],
    cover: Cover,
) -> Profile {
    let modules = layout.map(|(id, known, personal)| match data.tables.get(id) {
        Some(table) => Module {
            dataset: id.to_owned(),
            carried: true,
            rows: table.rows.len() as u64,
            cover,
            fields: fields(table, known, personal),
        },
        None => Module { dataset: id.to_owned(), carried: false, rows: 0, cover, fields: Vec::new() },
    });
    let count = |lost: &[Lost]| rejects.iter().filter(|r| lost.contains(&r.lost)).map(|r| r.times).sum();
    Profile {
        name: data.name.clone(),
        kind: data.kind.clone(),
        area: data.area.clone(),
        reference_date: data.reference_date,
        modules: modules.collect(),
        rejected_records: count(&[Lost::Child, Lost::Record]),
        rejected_values: count(&[Lost::Value]),
    }
}

/// Spans of dates are given for cases only: the first and the last birthday are somebody's birthday.
fn fields(table: &Table, known: &[Arc<str>], personal: &[bool]) -> Vec<FieldProfile> {
    let is_personal = |field: &Arc<str>| {
        let place = known.iter().position(|name| name == field);
        place.and_then(|place| personal.get(place)).copied().unwrap_or(true)
    };
    let personal: Vec<bool> = table.fields.iter().map(is_personal).collect();
    let mut fields: Vec<FieldProfile> = table
        .fields
        .iter()
        .map(|field| FieldProfile {
            field: field.clone(),
            known: 0,
            missing: 0,
            rejected: 0,
            suppressed: 0,
            days: None,
        })
        .collect();
    for row in &table.rows {
        for ((field, personal), datum) in fields.iter_mut().zip(&personal).zip(&row.values) {
            match datum {
                Datum::Missing => field.missing += 1,
                Datum::Rejected => field.rejected += 1,
                Datum::Suppressed => field.suppressed += 1,
                Datum::Known(value) => {
                    field.known += 1;
                    if let Value::Date(day) = value
                        && !*personal
                    {
                        let days = field.days.get_or_insert(Days { first: *day, last: *day });
                        days.first = days.first.min(*day);
                        days.last = days.last.max(*day);
                    }
                }
            }
        }
    }
    fields
}
