//! Records made ready: each dataset's fields found in its table, values of the declared types, links
//! indexed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::Datelike;

use crate::calculate::error::CalculateError;
use crate::calculate::join::{Aside, Authority, Gaps};
use crate::check::breakdown::CheckedSort;
use crate::check::tree::{CheckedCalculation, CheckedDerived, CheckedStep, Node, NodeKind};
use crate::check::{Checked, CheckedIndicator, CheckedVersion};
use crate::definition::dataset::{CodeOf, Dataset, Field};
use crate::record::{Cover, Return, Row};
use crate::value::{Datum, Type, Value};

/// The tables of one authority.
#[derive(Debug, Clone)]
pub(crate) struct Records<'a> {
    tables: BTreeMap<&'a str, Rc<Table<'a>>>,
    /// The returning authority.
    pub(crate) area: &'a str,
}

/// One table, addressed by the positions of its dataset's fields.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) cover: Cover,
    pub(crate) rows: Cow<'a, [Row]>,
    /// Rows that a derived table could not place, because a date or key is not known.
    pub(crate) unplaced: u64,
    /// What joined returns say of it beside the rows; a row's origin is its place in it.
    pub(crate) aside: Option<&'a Aside>,
    /// Rows that an earlier return held, and a later one could have held and does not.
    pub(crate) gone: &'a [Row],
    columns: Vec<Option<usize>>,
    /// The codes that each field has in the return's year, where it has codes.
    codes: Vec<Option<BTreeSet<&'a str>>>,
    /// Rows by the values of some fields, for links.
    indexes: BTreeMap<Vec<usize>, BTreeMap<Vec<Value>, Vec<usize>>>,
}

impl<'a> Records<'a> {
    /// Makes an authority's tables ready.
    pub(crate) fn new(checked: &'a Checked, authority: &'a Authority<'_>) -> Self {
        let mut tables = BTreeMap::new();
        for (id, table) in &authority.of.tables {
            if let Some(dataset) = checked.framework().datasets.get(id) {
                let mut table = Table::new(dataset, table, authority.aside.get(id));
                table.codes = codes_of(checked, dataset, &authority.of);
                tables.insert(id.as_str(), table);
            }
        }
        for (dataset, fields) in links(checked) {
            if let Some(table) = tables.get_mut(dataset.as_str()) {
                table.index(&fields);
            }
        }
        let tables = tables.into_iter().map(|(id, table)| (id, Rc::new(table))).collect();
        Self { tables, area: &authority.of.area }
    }

    /// Puts a derived table beside the datasets.
    pub(crate) fn add(&mut self, id: &'a str, table: Rc<Table<'a>>) {
        self.tables.insert(id, table);
    }

    pub(crate) fn table(&self, dataset: &str) -> Option<&Table<'a>> {
        self.tables.get(dataset).map(Rc::as_ref)
    }
}

impl<'a> Table<'a> {
    fn new(dataset: &'a Dataset, table: &'a crate::record::Table, aside: Option<&'a Aside>) -> Self {
        Self {
            dataset,
            cover: table.cover,
            rows: Cow::Borrowed(table.rows.as_slice()),
            unplaced: 0,
            aside,
            gone: aside.map_or(&[], |aside| aside.gone.as_slice()),
            columns: columns(dataset, table),
            codes: Vec::new(),
            indexes: BTreeMap::new(),
        }
    }

    /// A table that a step made; its rows hold the values of the dataset's fields at these positions.
    pub(crate) fn made(
        dataset: &'a Dataset,
        cover: Cover,
        rows: Vec<Row>,
        columns: Vec<Option<usize>>,
        unplaced: u64,
        aside: Option<&'a Aside>,
    ) -> Self {
        let (rows, codes) = (Cow::Owned(rows), Vec::new());
        Self { dataset, cover, rows, unplaced, aside, gone: &[], columns, codes, indexes: BTreeMap::new() }
    }

    /// Days inside the cover of events that no return speaks for.
    pub(crate) fn gaps(&self) -> Option<&'a Gaps> {
        self.aside.map(|aside| &aside.gaps).filter(|gaps| !gaps.is_empty())
    }

    pub(crate) fn columns(&self) -> &[Option<usize>] {
        &self.columns
    }

    /// Makes ready for every link that leads here.
    pub(crate) fn index_for_links(&mut self, checked: &Checked, id: &str) {
        for (_, fields) in links(checked).into_iter().filter(|(to, _)| to == id) {
            self.index(&fields);
        }
    }

    /// Whether a row holds, in one of these fields, what is no code in the return's year.
    pub(crate) fn is_unmapped(&self, row: &Row, fields: &BTreeSet<usize>) -> bool {
        fields.iter().any(|field| match (self.codes.get(*field), self.value(row, *field)) {
            (Some(Some(codes)), Datum::Known(Value::Text(code))) => !codes.contains(&**code),
            _ => false,
        })
    }

    /// Whether the table has a column for a field.
    pub(crate) fn has(&self, field: &str) -> bool {
        let position = self.dataset.fields.iter().position(|f| f.name.value == field);
        position.and_then(|position| self.columns.get(position)).is_some_and(Option::is_some)
    }

    /// A row's value of a field, by the field's position in the dataset.
    pub(crate) fn value<'r>(&self, row: &'r Row, field: usize) -> &'r Datum {
        let column = self.columns.get(field).copied().flatten();
        column.and_then(|column| row.values.get(column)).unwrap_or(&Datum::Missing)
    }

    /// A row's values of some fields, by their positions; `None` where one of them has no value.
    pub(crate) fn key(&self, row: &Row, fields: &[usize]) -> Option<Vec<Value>> {
        let known = |field: &usize| match self.value(row, *field) {
            Datum::Known(value) => Some(value.clone()),
            Datum::Missing | Datum::Rejected | Datum::Suppressed => None,
        };
        fields.iter().map(known).collect()
    }

    /// Rows whose fields have these values.
    pub(crate) fn related<'s>(&'s self, fields: &[usize], key: &[Value]) -> impl Iterator<Item = &'s Row> {
        let found = self.indexes.get(fields).and_then(|index| index.get(key));
        found.into_iter().flatten().filter_map(|row| self.rows.get(*row))
    }

    fn index(&mut self, fields: &[usize]) {
        let mut index: BTreeMap<Vec<Value>, Vec<usize>> = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate() {
            let key = self.key(row, fields);
            if let Some(key) = key {
                index.entry(key).or_default().push(number);
            }
        }
        self.indexes.insert(fields.to_vec(), index);
    }
}

/// The codes of each field of a dataset in the year of a return; of any year, where the return has no day that it
/// speaks of.
fn codes_of<'a>(checked: &'a Checked, dataset: &'a Dataset, of: &Return) -> Vec<Option<BTreeSet<&'a str>>> {
    let year = of.reference_date.map(|day| day.year());
    let valid = |code: &&CodeOf| {
        year.is_none_or(|year| {
            code.from.as_ref().is_none_or(|from| from.value <= year)
                && code.to.as_ref().is_none_or(|to| year <= to.value)
        })
    };
    let codes = |field: &'a Field| {
        let set = checked.framework().code_sets.get(&field.codes.as_ref()?.value)?;
        Some(set.codes.iter().filter(valid).map(|code| code.code.value.as_str()).collect())
    };
    dataset.fields.iter().map(codes).collect()
}

fn columns(dataset: &Dataset, table: &crate::record::Table) -> Vec<Option<usize>> {
    let position = |field: &str| table.fields.iter().position(|f| &**f == field);
    dataset.fields.iter().map(|f| position(&f.name.value)).collect()
}

/// Whether a return's tables are those of the framework, row by row.
///
/// # Errors
/// A table or column that the framework does not know, a row of the wrong length, a value of another type than its
/// field's.
pub(crate) fn validate(checked: &Checked, of: &Return) -> Result<(), CalculateError> {
    let name = &of.name;
    for (id, table) in &of.tables {
        let Some(dataset) = checked.framework().datasets.get(id) else {
            return Err(CalculateError::unknown_dataset(checked, name, id));
        };
        for field in &table.fields {
            if !dataset.fields.iter().any(|f| f.name.value == **field) {
                return Err(CalculateError::unknown_field(name, dataset, field));
            }
        }
        let columns = columns(dataset, table);
        for (number, row) in table.rows.iter().enumerate() {
            let (found, expected) = (row.values.len(), table.fields.len());
            if found != expected {
                return Err(CalculateError::short_row(name, dataset, number, found, expected));
            }
            for (field, column) in dataset.fields.iter().zip(&columns) {
                let Some(Datum::Known(value)) = column.and_then(|column| row.values.get(column)) else {
                    continue;
                };
                if !fits(value.ty(), field.ty.value) {
                    return Err(CalculateError::wrong_type(name, dataset, field, number, value.ty()));
                }
            }
        }
    }
    Ok(())
}

fn fits(found: Type, declared: Type) -> bool {
    found == declared || (found == Type::Int && declared == Type::Decimal)
}

/// Every dataset that is reached by a link, with the fields it is reached by.
fn links(checked: &Checked) -> BTreeSet<(String, Vec<usize>)> {
    let mut found = BTreeSet::new();
    let calculations = checked.indicators().values().chain(checked.readings().values());
    // A link that only an earlier version asks about leads somewhere as well.
    let versions = calculations.flat_map(CheckedIndicator::versions);
    let calculations = versions.filter_map(CheckedVersion::calculation);
    let derived = checked.derived().values();
    let nodes = calculations.flat_map(CheckedCalculation::nodes);
    let nodes = nodes.chain(derived.flat_map(CheckedDerived::nodes));
    for node in nodes.chain(checked.sorts().iter().flat_map(CheckedSort::nodes)) {
        from_node(node, &mut found);
    }
    for step in checked.derived().values().flat_map(|derived| &derived.steps) {
        if let CheckedStep::Schedule(schedule) = step {
            found.insert((schedule.held.to.clone(), schedule.held.theirs.clone()));
        }
    }
    found
}

fn from_node(node: &Node, found: &mut BTreeSet<(String, Vec<usize>)>) {
    if let NodeKind::Link(link) = &node.kind {
        found.insert((link.to.clone(), link.theirs.clone()));
    }
    for child in node.children() {
        from_node(child, found);
    }
}
