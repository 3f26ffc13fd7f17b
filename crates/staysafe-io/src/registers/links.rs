//! Rows that name a record of another table which no row of that table is: a review of an unknown child.

use std::collections::{BTreeMap, BTreeSet};

use staysafe::definition::dataset::Link;
use staysafe::record::{Data, Return, Table};
use staysafe::value::{Datum, Value};

use super::Registers;
use crate::returns::Notice;

/// What records are named by.
type Keys<'d> = BTreeSet<Vec<&'d Value>>;

/// Says, for each register and each link of its datasets, how many of its rows name a record that no return of the
/// same authority holds. A table that nobody gave is no table that lacks a record.
///
/// `authorities` are those of the returns, in their order; of returns of national systems nothing is said here.
pub(crate) fn unknown_records(
    registers: &Registers,
    data: &Data,
    authorities: &[String],
    is_register: &[bool],
) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut held: BTreeMap<(&str, &str, Vec<&str>), Option<Keys<'_>>> = BTreeMap::new();
    let all: Vec<(&Return, &str)> =
        data.returns.iter().zip(authorities).map(|(of, authority)| (of, authority.as_str())).collect();
    for ((of, authority), _) in all.iter().zip(is_register).filter(|(_, is_register)| **is_register) {
        for (id, table) in &of.tables {
            let links = registers.dataset(id).map(|dataset| dataset.links.as_slice()).unwrap_or_default();
            for link in links.iter().filter(|link| names_one(registers, link)) {
                let ours: Vec<&str> = link.on.iter().map(|(ours, _)| ours.value.as_str()).collect();
                let theirs: Vec<&str> = link.on.iter().map(|(_, theirs)| theirs.value.as_str()).collect();
                let to = link.to.value.as_str();
                let there = held
                    .entry((authority, to, theirs.clone()))
                    .or_insert_with(|| records(&all, authority, to, &theirs));
                let Some(there) = there else { continue };
                let unknown: Vec<u32> = keys(table, &ours)
                    .filter(|(_, key)| !there.contains(key))
                    .map(|(line, _)| line)
                    .collect();
                if let Some(first) = unknown.first() {
                    let message = format!(
                        "{} of {} rows of {id} name a record that no row of {to} is ({}), the first on line {first}; \
                         they count wherever {to} is not asked for; see whether the {} differs in spelling, or ask for \
                         the rows of {to} that are missing",
                        unknown.len(),
                        table.rows.len(),
                        theirs.join(", "),
                        ours.join(", ")
                    );
                    notices.push(Notice::new(&of.name, "unknown-record", message));
                }
            }
        }
    }
    notices
}

/// Whether a link leads to the one record that its fields name, rather than to any number of rows.
fn names_one(registers: &Registers, link: &Link) -> bool {
    let key = registers.dataset(&link.to.value).and_then(|to| to.key.as_ref());
    key.is_some_and(|key| {
        let theirs: BTreeSet<&String> = link.on.iter().map(|(_, theirs)| &theirs.value).collect();
        !theirs.is_empty() && key.value.iter().collect::<BTreeSet<_>>() == theirs
    })
}

/// What the records of a dataset are named by, in all returns of an authority; `None` where nobody gave it.
fn records<'d>(all: &[(&'d Return, &str)], authority: &str, to: &str, fields: &[&str]) -> Option<Keys<'d>> {
    let own = all.iter().filter(|(_, other)| *other == authority);
    let tables: Vec<&Table> = own.filter_map(|(of, _)| of.tables.get(to)).collect();
    let all = tables.iter().flat_map(|table| keys(table, fields)).map(|(_, key)| key).collect();
    (!tables.is_empty()).then_some(all)
}

/// The values of some fields of each row that has them all, with the row's place in its file.
fn keys<'d>(table: &'d Table, fields: &[&str]) -> impl Iterator<Item = (u32, Vec<&'d Value>)> {
    let place = |name: &&str| table.fields.iter().position(|field| **field == **name);
    let places: Option<Vec<usize>> = fields.iter().map(place).collect();
    table.rows.iter().filter_map(move |row| {
        let known = |at: &usize| match row.values.get(*at) {
            Some(Datum::Known(value)) => Some(value),
            _ => None,
        };
        let key = places.as_ref()?.iter().map(known).collect::<Option<Vec<_>>>()?;
        Some((row.origin, key))
    })
}
