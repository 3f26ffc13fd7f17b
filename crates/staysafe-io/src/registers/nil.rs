//! Nil returns that the register of returns asked for declares, where no file came: tables that are there and empty.

use std::sync::Arc;

use staysafe::record::{
    Cover, Data, Days, EXPECTED_RETURN, ExpectedReturn, ExpectedReturns, Return, Submission, Table,
};

use super::Registers;

/// The nil returns that are declared and that no return of the agency says already.
pub(crate) fn declared(registers: &Registers, data: &Data) -> Vec<Return> {
    let own = data.returns.iter().find(|of| of.tables.contains_key(EXPECTED_RETURN));
    let Some(own) = own else { return Vec::new() };
    let asked = ExpectedReturns::of(data).entries;
    let nil = asked.into_iter().filter(|entry| entry.nil_declared && entry.accepted != Some(false));
    nil.filter_map(|entry| {
        let area = entry.area.clone().unwrap_or_else(|| own.area.clone());
        (!came(data, &entry)).then(|| empty(registers, &entry, area)).flatten()
    })
    .collect()
}

/// Whether the agency's own return for the period is there.
fn came(data: &Data, entry: &ExpectedReturn) -> bool {
    let first = entry.period.first_day();
    data.returns.iter().any(|of| {
        let table = of.tables.get(&entry.dataset);
        of.submission.agency.as_ref() == Some(&entry.agency)
            && entry.area.as_ref().is_none_or(|area| *area == of.area)
            && table.is_some_and(|table| table.cover.stocks.is_none_or(|days| days.contains(first)))
    })
}

fn empty(registers: &Registers, entry: &ExpectedReturn, area: String) -> Option<Return> {
    let dataset = registers.dataset(&entry.dataset)?;
    let days = Days { first: entry.period.first_day(), last: entry.period.last_day() };
    let fields = dataset.fields.iter().map(|field| Arc::from(field.name.value.as_str())).collect();
    let table = Table { fields, rows: Vec::new(), cover: Cover::all(days) };
    let (agency, period) = (&entry.agency, entry.period);
    Some(Return {
        name: format!("nil return of {agency}, {}, {period}", entry.dataset),
        kind: dataset.carried_by.value.clone(),
        area,
        reference_date: Some(days.last),
        serial: None,
        made_at: None,
        submission: Submission { agency: Some(agency.clone()), nil_declared: true, ..Submission::default() },
        truncated: false,
        tables: [(entry.dataset.clone(), table)].into(),
    })
}
