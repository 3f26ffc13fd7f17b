//! Derived tables, worked out from a return's records step by step.

mod chain;
mod schedule;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::evaluate::{Context, Evaluated, Frame, Moment, evaluate};
use super::records::{Records, Table};
use super::table;
use crate::calendar::Calendar;
use crate::check::tree::{CheckedDerived, CheckedStep, FieldRef, Node};
use crate::check::{Checked, CheckedIndicator};
use crate::record::Row;
use crate::value::{Datum, Value};

/// The derived tables of one return that were worked out already: each once, or once for each period where
/// its rows depend on it.
#[derive(Debug, Default)]
pub(crate) struct Derivations<'a> {
    made: BTreeMap<At<'a>, Rc<Table<'a>>>,
}

/// The reading whose parameters change derived tables, the table, and the period where its rows depend on it.
type At<'a> = (Option<&'a str>, &'a str, Option<Moment>);

impl<'a> Derivations<'a> {
    /// The records with the derived tables that an indicator rests on.
    ///
    /// # Errors
    /// The words of a *refused* predicate.
    pub(crate) fn onto(
        &mut self,
        checked: &'a Checked,
        records: &Records<'a>,
        indicator: Option<&'a CheckedIndicator>,
        rests_on: &[String],
        moment: Moment,
    ) -> Result<Records<'a>, String> {
        let mut records = records.clone();
        let reading = indicator.filter(|indicator| indicator.own_derived().is_some());
        let reading = reading.map(CheckedIndicator::id);
        for derived in rests_on.iter().filter_map(|id| checked.derived_for(indicator, id)) {
            let at = (reading, derived.id.as_str(), derived.by_period.then_some(moment));
            let made = if let Some(made) = self.made.get(&at) {
                Rc::clone(made)
            } else {
                let Some(mut table) = derive(checked.calendar(), &records, derived, moment)? else {
                    continue;
                };
                table.index_for_links(checked, &derived.id);
                let made = Rc::new(table);
                self.made.insert(at, Rc::clone(&made));
                made
            };
            records.add(&derived.id, made);
        }
        Ok(records)
    }
}

/// The table, or nothing where the one it comes from is not there.
fn derive<'a>(
    calendar: &Calendar,
    records: &Records<'a>,
    derived: &'a CheckedDerived,
    moment: Moment,
) -> Result<Option<Table<'a>>, String> {
    let Some(from) = records.table(&derived.from) else { return Ok(None) };
    let context = Context { calendar, records, moment };
    let mut before: Cow<'_, Table<'a>> = Cow::Borrowed(from);
    for (step, after) in derived.steps.iter().zip(&derived.stages) {
        let Rows { rows, unplaced } = step_rows(&context, &before, step)?;
        let columns = match step {
            CheckedStep::Filter(_) | CheckedStep::Pick { .. } => before.columns().to_vec(),
            CheckedStep::Chain(_) | CheckedStep::Schedule(_) => (0..after.fields.len()).map(Some).collect(),
        };
        before = Cow::Owned(Table::made(
            after,
            before.cover,
            rows,
            columns,
            before.unplaced + unplaced,
            before.aside,
        ));
    }
    Ok(Some(before.into_owned()))
}

/// What a step leaves: its rows, and how many could not be placed because a date or key is not known.
#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Row>,
    unplaced: u64,
}

fn step_rows(context: &Context<'_>, table: &Table<'_>, step: &CheckedStep) -> Result<Rows, String> {
    match step {
        CheckedStep::Filter(keep) => {
            let mut rows = Vec::new();
            for row in table.rows.iter() {
                if holds(context, &[Frame { table, row }], keep)? {
                    rows.push(row.clone());
                }
            }
            Ok(Rows { rows, unplaced: 0 })
        }
        CheckedStep::Pick { key, order, last, as_at } => {
            Ok(pick(table, key, order, *last, as_at.then_some(context.moment.last)))
        }
        CheckedStep::Chain(chain) => chain::rows(context, table, chain),
        CheckedStep::Schedule(schedule) => schedule::rows(context, table, schedule),
    }
}

/// Whether a predicate surely holds.
fn holds(context: &Context<'_>, frames: &[Frame<'_>], node: &Node) -> Result<bool, String> {
    match evaluate(context, frames, node) {
        Evaluated::Refused(why) => Err(why),
        other => Ok(other.is_true()),
    }
}

/// One row of each key: the first or last by the order; of rows that tie, the one that stands first in the
/// return.
fn pick(
    table: &Table<'_>,
    key: &[FieldRef],
    order: &[FieldRef],
    last: bool,
    as_at: Option<chrono::NaiveDate>,
) -> Rows {
    let mut best: BTreeMap<Vec<Value>, (Vec<Value>, usize, &Row)> = BTreeMap::new();
    let mut unplaced = 0;
    for (number, row) in table.rows.iter().enumerate() {
        let (Some(key), Some(order)) = (table::values(table, row, key), table::values(table, row, order))
        else {
            unplaced += 1;
            continue;
        };
        if let (Some(day), Some(Value::Date(at))) = (as_at, order.first())
            && *at > day
        {
            continue;
        }
        let better = best.get(&key).is_none_or(|(held, ..)| if last { order > *held } else { order < *held });
        if better {
            best.insert(key, (order, number, row));
        }
    }
    let mut kept: Vec<(usize, &Row)> = best.into_values().map(|(_, number, row)| (number, row)).collect();
    kept.sort_by_key(|(number, _)| *number);
    Rows { rows: kept.into_iter().map(|(_, row)| row.clone()).collect(), unplaced }
}

fn datum(table: &Table<'_>, row: &Row, field: &FieldRef) -> Datum {
    table.value(row, field.index).clone()
}
