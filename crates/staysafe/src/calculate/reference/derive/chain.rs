//! Islands: rows of one key that follow on become one row.

use std::collections::BTreeMap;

use super::{Rows, datum, holds};
use crate::calculate::reference::evaluate::{Context, Evaluated, Frame, evaluate};
use crate::calculate::reference::records::Table;
use crate::calculate::reference::table::values;
use crate::check::tree::{CheckedChain, CheckedTake, Node};
use crate::record::Row;
use crate::value::{Datum, Value};

/// A row for each chain, in the order of key and order. A row follows on only where that is surely so.
pub(super) fn rows(context: &Context<'_>, table: &Table<'_>, chain: &CheckedChain) -> Result<Rows, String> {
    let mut groups: BTreeMap<Vec<Value>, Vec<(Vec<Value>, &Row)>> = BTreeMap::new();
    let mut made = Rows::default();
    for row in table.rows.iter() {
        match (values(table, row, &chain.key), values(table, row, &chain.order)) {
            (Some(key), Some(order)) => groups.entry(key).or_default().push((order, row)),
            // Nobody can say where it stands.
            _ => made.unplaced += 1,
        }
    }
    for mut group in groups.into_values() {
        group.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut island: Vec<&Row> = Vec::new();
        for (_, row) in group {
            let this = Frame { table, row };
            if let Some(skip) = &chain.skip
                && holds(context, &[this], skip)?
            {
                continue;
            }
            let joins = match island.last() {
                Some(before) => holds(context, &[this, Frame { table, row: before }], &chain.joins_when)?,
                None => true,
            };
            if !joins {
                made.rows.extend(row_of(context, table, chain, &island)?);
                island.clear();
            }
            island.push(row);
        }
        made.rows.extend(row_of(context, table, chain, &island)?);
    }
    Ok(made)
}

fn row_of(
    context: &Context<'_>,
    table: &Table<'_>,
    chain: &CheckedChain,
    island: &[&Row],
) -> Result<Option<Row>, String> {
    let (Some(first), Some(last)) = (island.first(), island.last()) else { return Ok(None) };
    let mut values: Vec<Datum> = chain.key.iter().map(|field| datum(table, first, field)).collect();
    for output in &chain.outputs {
        values.push(match &output.take {
            CheckedTake::First(field) => datum(table, first, field),
            CheckedTake::Last(field) => datum(table, last, field),
            CheckedTake::HoldsOfFirst(node) => yes_no(holds(context, &[Frame { table, row: first }], node)?),
            CheckedTake::Any(node) => any(context, table, island, node)?,
            CheckedTake::Rows => Datum::Known(Value::Int(i64::try_from(island.len()).unwrap_or(i64::MAX))),
        });
    }
    Ok(Some(Row { values, origin: first.origin }))
}

/// Yes as soon as one surely is; not known where one may be.
fn any(context: &Context<'_>, table: &Table<'_>, island: &[&Row], node: &Node) -> Result<Datum, String> {
    let mut unsure = false;
    for row in island {
        let found = evaluate(context, &[Frame { table, row }], node);
        if let Evaluated::Refused(why) = found {
            return Err(why);
        }
        if found.is_true() {
            return Ok(yes_no(true));
        }
        unsure |= found.unknown().is_some();
    }
    Ok(if unsure { Datum::Missing } else { yes_no(false) })
}

fn yes_no(yes: bool) -> Datum {
    Datum::Known(Value::Bool(yes))
}
