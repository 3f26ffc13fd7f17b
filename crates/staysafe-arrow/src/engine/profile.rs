//! What returns hold that were loaded: rows, spans of dates, and how complete each field is.

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::definition::dataset::{Dataset, Field};
use staysafe::record::{Cover, Days, FieldProfile, Lost, Module, Profile};

use super::column::{Cells, Column, day_of};
use super::loaded::Held;
use super::loading::{Loading, of_rows};
use super::standing::is_blank;
use super::words::Words;

impl Loading<'_> {
    /// What each return holds, so far; datasets of its kind that it does not carry are named too, with `cover` for what the return
    /// can speak for.
    pub fn profiles(&self, cover: Cover) -> Vec<Profile> {
        let datasets = &self.framework.datasets;
        let all = self.shells.iter().zip(&self.held).zip(&self.rejects);
        all.map(|((shell, held), rejects)| {
            let mut modules: BTreeMap<&str, Module> = BTreeMap::new();
            for (id, table) in &shell.tables {
                let Some(dataset) = datasets.get(id) else { continue };
                let module = match held.get(id) {
                    Some(held) => held.module(dataset, &table.fields, table.cover),
                    None => of_rows(dataset, table, &mut Words::default()).module(
                        dataset,
                        &table.fields,
                        table.cover,
                    ),
                };
                modules.insert(id, module);
            }
            for (id, _) in datasets.iter().filter(|(_, dataset)| dataset.carried_by.value == shell.kind) {
                let absent =
                    Module { dataset: id.clone(), carried: false, rows: 0, cover, fields: Vec::new() };
                modules.entry(id).or_insert(absent);
            }
            let lost = |lost| rejects.iter().filter(|reject| reject.lost == lost).count() as u64;
            Profile {
                name: shell.name.clone(),
                kind: shell.kind.clone(),
                area: shell.area.clone(),
                reference_date: shell.reference_date,
                rejected_records: lost(Lost::Record),
                rejected_values: lost(Lost::Value),
                modules: modules.into_values().collect(),
            }
        })
        .collect()
    }
}

impl Held {
    fn module(&self, dataset: &Dataset, fields: &[Arc<str>], cover: Cover) -> Module {
        let of = |name: &Arc<str>| {
            let at = dataset.fields.iter().position(|field| field.name.value == **name)?;
            Some(profile(dataset.fields.get(at)?, self.columns.get(at)?.as_ref()?, name, self.rows))
        };
        let fields = fields.iter().filter_map(of).collect();
        Module { dataset: dataset.id.value.clone(), carried: true, rows: self.rows as u64, cover, fields }
    }
}

/// How complete a field is. Spans of dates are given for cases only: the first birthday is somebody's.
fn profile(field: &Field, column: &Column, name: &Arc<str>, rows: usize) -> FieldProfile {
    let name = Arc::clone(name);
    let mut profile =
        FieldProfile { field: name, known: 0, missing: 0, rejected: 0, suppressed: 0, days: None };
    for row in 0..rows {
        if column.is_known(row) {
            profile.known += 1;
        } else if is_blank(column.standing(row)) {
            profile.missing += 1;
        } else {
            profile.rejected += 1;
        }
    }
    profile.suppressed = column.hidden.len() as u64;
    profile.rejected = profile.rejected.saturating_sub(profile.suppressed);
    if let (Cells::Days(days), false) = (&column.cells, field.personal) {
        let known = || days.iter().enumerate().filter(|(row, _)| column.is_known(*row)).map(|(_, day)| *day);
        let span = known().min().and_then(day_of).zip(known().max().and_then(day_of));
        profile.days = span.map(|(first, last)| Days { first, last });
    }
    profile
}
