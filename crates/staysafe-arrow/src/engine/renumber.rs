//! Numbers that a reader gave to rows, given anew where the returns of one authority are joined, as the library gives them:
//! a number is good inside its return alone.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use staysafe::definition::dataset::Dataset;

use super::column::{Cells, Column};
use super::keys::NO_GROUP;
use super::loaded::Held;

/// A table: the place of its return, its dataset, its columns.
type Table<'h> = (usize, &'h Dataset, &'h Held);

type Columns = Vec<Option<Column>>;

/// New numbers of the rows of a dataset, by return and old number.
#[derive(Default)]
struct Given {
    numbers: HashMap<(usize, i64), i64>,
    last: i64,
}

/// The columns of tables whose numbers change, by return and dataset, and nothing of those that stay as they are.
pub(super) fn renumbered(
    datasets: &BTreeMap<String, Dataset>,
    held: &[BTreeMap<String, Held>],
    group: &[usize],
) -> Vec<(usize, String, Option<Columns>)> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    for place in group {
        let of = held.get(*place).into_iter().flatten();
        tables.extend(of.filter_map(|(id, held)| Some((*place, datasets.get(id)?, held))));
    }
    tables.sort_by_key(|(_, dataset, _)| &dataset.id.value);
    let unchanged = |(place, dataset, _): &Table<'_>| (*place, dataset.id.value.clone(), None);
    if group.len() < 2 {
        return tables.iter().map(unchanged).collect();
    }
    let mut given: BTreeMap<&str, Given> = BTreeMap::new();
    for (place, dataset, held) in &tables {
        let own = numbers(dataset).find(|(_, of)| *of == dataset.id.value);
        let Some((own, _)) = own else { continue };
        let followed = followed(&tables, (*place, dataset, held));
        let mut numbers = Given::default();
        for row in 0..held.rows {
            // What goes with another record has no number by itself.
            if followed.as_ref().is_some_and(|followed| followed.get(row) == Some(&true)) {
                continue;
            }
            numbers.last += 1;
            if let Some(old) = whole(held.columns.get(own), row) {
                numbers.numbers.entry((*place, old)).or_insert(numbers.last);
            }
        }
        given.insert(&dataset.id.value, numbers);
    }
    tables
        .iter()
        .map(|(place, dataset, held)| {
            let mut columns = held.columns.clone();
            for row in 0..held.rows {
                for (at, of) in numbers(dataset) {
                    let Some(old) = whole(held.columns.get(at), row) else { continue };
                    let given = given.entry(of).or_default();
                    // A number of a row that is not there stays a number of no row.
                    let next = given.last.saturating_add(1);
                    let new = *given.numbers.entry((*place, old)).or_insert(next);
                    given.last = given.last.max(new);
                }
            }
            for (at, of) in numbers(dataset) {
                let (Some(Some(column)), Some(given)) = (columns.get_mut(at), given.get(of)) else {
                    continue;
                };
                let Cells::Whole(old) = &column.cells else { continue };
                let new = |(row, old): (usize, &i64)| {
                    let new = given.numbers.get(&(*place, *old)).filter(|_| column.is_known(row));
                    new.copied().unwrap_or(*old)
                };
                let cells = Cells::Whole(old.iter().enumerate().map(new).collect::<Vec<_>>().into());
                *column = Column { cells, ..column.clone() };
            }
            (*place, dataset.id.value.clone(), Some(columns))
        })
        .collect()
}

/// The fields that number rows of a dataset.
fn numbers(dataset: &Dataset) -> impl Iterator<Item = (usize, &str)> {
    dataset
        .fields
        .iter()
        .enumerate()
        .filter_map(|(at, field)| Some((at, field.number_of.as_ref()?.value.as_str())))
}

fn whole(column: Option<&Option<Column>>, row: usize) -> Option<i64> {
    let column = column?.as_ref().filter(|column| column.is_known(row))?;
    match &column.cells {
        Cells::Whole(numbers) => numbers.get(row).copied(),
        _ => None,
    }
}

/// Whether each row's record that it goes with stands in its return; nothing where it goes with none.
fn followed(tables: &[Table<'_>], (place, dataset, held): Table<'_>) -> Option<Vec<bool>> {
    let with = dataset.goes_with.as_ref()?;
    let link = dataset.links.iter().find(|link| link.name.value == with.value)?;
    let (_, to, theirs) = tables.iter().find(|(at, to, _)| *at == place && to.id.value == link.to.value)?;
    let at = |of: &Dataset, name: &str| of.fields.iter().position(|field| field.name.value == name);
    let ours = link.on.iter().map(|(our, _)| at(dataset, &our.value)).collect::<Option<Vec<_>>>()?;
    let fields = link.on.iter().map(|(_, their)| at(to, &their.value)).collect::<Option<Vec<_>>>()?;
    let (own, leaders) = (held.frame(dataset), theirs.frame(to));
    let index = leaders.index(&fields);
    let groups = leaders.linked(&index, &own, &ours, &fields);
    let found =
        |group: u32| group != NO_GROUP && usize::try_from(group).is_ok_and(|group| group < index.len());
    Some((0..own.rows).map(|row| found(groups.at(row))).collect())
}
