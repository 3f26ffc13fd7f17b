//! Need, supply and what arrived as lists: a head, then a line for each row.

use std::fmt::Display;

use staysafe::definition::framework::Cadence;
use staysafe::describe::describe_stretch;
use staysafe::gap::{ArrivedRow, NeedRow, SupplySaid};

type Table = Vec<Vec<String>>;

/// What each entry needs of each dataset.
pub(crate) fn needed(rows: &[NeedRow]) -> Table {
    let head = [
        "indicator",
        "dataset",
        "holder",
        "fields",
        "finds",
        "population",
        "due",
        "reaches_back",
        "earlier_returns",
        "breakdowns",
    ];
    table(head, rows, |row| {
        [
            row.indicator.clone(),
            row.dataset.clone(),
            or_blank(row.holder.as_ref()),
            joined(&row.fields),
            joined(&row.finds),
            yes(row.population),
            row.due.clone(),
            row.reaches_back.join("; "),
            yes(row.earlier_returns),
            row.breakdowns.join(" "),
        ]
    })
}

/// What each agency says it supplies.
pub(crate) fn supplied(rows: &[SupplySaid]) -> Table {
    let head = [
        "agency",
        "dataset",
        "fields",
        "cadence",
        "lag",
        "first",
        "quality",
        "agreement",
        "until",
        "signed_by",
    ];
    table(head, rows, |row| {
        [
            row.agency.clone(),
            row.dataset.clone(),
            if row.fields.is_empty() { "all".to_owned() } else { joined(&row.fields) },
            or_blank(row.cadence.map(Cadence::code).as_ref()),
            or_blank(row.lag.map(describe_stretch).as_ref()),
            or_blank(row.first.as_ref()),
            or_blank(row.quality.as_ref()),
            or_blank(row.agreement.as_ref()),
            or_blank(row.until.as_ref()),
            or_blank(row.signed_by.as_ref()),
        ]
    })
}

/// How far each field of each delivery is filled in.
pub(crate) fn arrived(rows: &[ArrivedRow]) -> Table {
    let head = [
        "area",
        "agency",
        "dataset",
        "return",
        "first",
        "last",
        "more_by",
        "field",
        "rows",
        "known",
        "missing",
        "rejected",
        "suppressed",
        "rejected_records",
    ];
    table(head, rows, |row| {
        [
            row.area.clone(),
            or_blank(row.agency.as_ref()),
            row.dataset.clone(),
            row.name.clone(),
            or_blank(row.first.as_ref()),
            or_blank(row.last.as_ref()),
            or_blank(row.more_by.as_ref()),
            row.field.clone(),
            row.rows.to_string(),
            row.filled.known.to_string(),
            row.filled.missing.to_string(),
            row.filled.rejected.to_string(),
            row.filled.suppressed.to_string(),
            or_blank(row.rejected_records.as_ref()),
        ]
    })
}

fn table<R, const N: usize>(head: [&str; N], rows: &[R], cells: impl Fn(&R) -> [String; N]) -> Table {
    let head = head.into_iter().map(str::to_owned).collect();
    std::iter::once(head).chain(rows.iter().map(|row| cells(row).to_vec())).collect()
}

fn or_blank(cell: Option<&impl Display>) -> String {
    cell.map_or_else(String::new, ToString::to_string)
}

fn joined(names: &std::collections::BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn yes(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}
