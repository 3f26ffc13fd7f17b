//! The rows of a table as records, with a reject for whatever of them cannot be used.

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::definition::alias::AliasTable;
use staysafe::definition::dataset::{CodeSet, Dataset, Field};
use staysafe::record::{Cover, Lost, Row, Table};
use staysafe::value::{Datum, Value};

use super::columns::{Columns, needs};
use super::example::is_worked_row;
use super::extract::{Layout, Soft, soften};
use super::value::{Found, read};
use super::{Raw, RawRow, Registers};
use crate::census::Account;
use crate::notes::{Notes, Place, UNKNOWN_CODE};
use crate::values::LOCAL_SPELLING;
use crate::workbook::Cell;

/// The codes of a field, with their local spellings.
type Set<'a> = Option<(&'a CodeSet, Option<&'a AliasTable>)>;

/// What a table is read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) registers: &'a Registers,
    pub(super) dataset: &'a Dataset,
    /// The year of the return, for its codes.
    pub(super) year: Option<i32>,
    /// The days it speaks for, where they are known.
    pub(super) cover: Option<Cover>,
    /// The layout of the extract that the table is of, where it is of one.
    pub(super) extract: Option<&'a Layout>,
}

/// The records of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) table: Table,
    /// Rows that hold something, used or not; the worked row of the template is none of them.
    pub(super) given: u64,
    pub(super) truncated: bool,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct Spot<'a> {
    dataset: &'a str,
    record: u32,
    line: u64,
}

impl<'a> Spot<'a> {
    /// Something of the row, for a message.
    fn at<'p>(self, element: &'p str) -> Place<'p>
    where
        'a: 'p,
    {
        Place { record: self.record, line: self.line, dataset: Some(self.dataset), element }
    }
}

impl Reading<'_> {
    /// Reads the rows below the header, which stands at a place among the rows.
    pub(super) fn take(&self, raw: &Raw, header: usize, notes: &mut Notes, account: &mut Account) -> Taken {
        let Some(top) = raw.rows.get(header) else { return self.nothing() };
        let columns = Columns::of(self.dataset, top);
        columns.report(self.dataset, top, notes);
        self.take_as(raw, header, &columns, notes, account)
    }

    fn nothing(&self) -> Taken {
        let cover = self.cover.unwrap_or(Cover::YEAR_UNKNOWN);
        Taken { table: Table { fields: Vec::new(), rows: Vec::new(), cover }, given: 0, truncated: false }
    }

    /// Reads the rows below the header, whose columns are these.
    pub(super) fn take_as(
        &self,
        raw: &Raw,
        header: usize,
        columns: &Columns,
        notes: &mut Notes,
        account: &mut Account,
    ) -> Taken {
        let dataset = self.dataset;
        let mut taken = self.nothing();
        let set = |field: &Field| {
            let id = &field.codes.as_ref()?.value;
            Some((self.registers.codes(id)?, self.registers.aliases(id)))
        };
        let sets: Vec<Set<'_>> = dataset.fields.iter().map(set).collect();
        let cells = columns.names.len() as u64;
        account.elements += cells;
        account.header += cells;
        let below: Vec<&RawRow> = raw.rows.iter().skip(header + 1).collect();
        let mut record = 0_u32;
        for (place, row) in below.iter().enumerate() {
            let last = place + 1 == below.len();
            let spot = Spot { dataset: &dataset.id.value, record: record.saturating_add(1), line: row.line };
            let at = |element| spot.at(element);
            let Some(cells) = &row.cells else {
                taken.given += 1;
                record = spot.record;
                lost(account, 1);
                let message = "a quotation mark is opened in this row and never closed, so that its cells cannot be \
                               told apart; correct it where it was exported";
                notes.reject(
                    at("the row"),
                    "unclosed-quotation",
                    Lost::Record,
                    "",
                    false,
                    message.to_owned(),
                );
                continue;
            };
            let count = cells.len() as u64;
            if cells.len() == columns.names.len()
                && cells.iter().zip(&columns.names).all(|(cell, name)| cell.shown() == *name)
            {
                passed_over(account, count);
                notes.odd(at("the header"), "repeated-header", "", false, || {
                    "the header stands among the rows again; it was passed over".to_owned()
                });
                continue;
            }
            if cells.iter().skip(columns.names.len()).any(|cell| !cell.is_blank()) {
                taken.given += 1;
                record = spot.record;
                lost(account, count);
                let message = format!(
                    "this row has {count} cells and the header {}: something stands right of the table, or a \
                     separator inside a value has moved the cells; put the value in quotation marks",
                    columns.names.len()
                );
                notes.reject(at("the row"), "long-row", Lost::Record, "", false, message);
                continue;
            }
            if last && raw.cut && cells.len() < columns.names.len() {
                taken.given += 1;
                record = spot.record;
                taken.truncated = true;
                lost(account, count);
                let message = "the file ends inside this row; ask for the whole file".to_owned();
                notes.reject(at("the row"), "truncated", Lost::Record, "", false, message);
                continue;
            }
            let before = (*account, notes.len());
            let values = self.record((columns, &sets, raw.serials), cells, spot, notes, account);
            if is_worked_row(self.registers, dataset, &values, |field| columns.has(field)) {
                *account = before.0;
                passed_over(account, count);
                notes.truncate(before.1);
                notes.odd(at("the row"), "worked-row", "", false, || {
                    "the worked row of the template was passed over".to_owned()
                });
                continue;
            }
            taken.given += 1;
            record = spot.record;
            let lacking = values.iter().enumerate().find_map(|(field, datum)| {
                let why = match datum {
                    Datum::Missing if columns.has(field) => needs(dataset, field, false),
                    Datum::Rejected => needs(dataset, field, true),
                    _ => None,
                };
                Some((field, why?))
            });
            if let Some((field, why)) = lacking {
                account.lose_since(before.0);
                notes.truncate(before.1);
                let name = columns.called(dataset, field);
                notes.reject(at(&name), "no-value", Lost::Record, "", false, why.to_owned());
                continue;
            }
            let origin = u32::try_from(row.line).unwrap_or(u32::MAX);
            taken.table.rows.push(Row { values, origin });
        }
        keep_columns(&mut taken.table, dataset, columns);
        let called = |field: &str| {
            let place = dataset.fields.iter().position(|own| own.name.value == *field);
            place.map_or_else(|| field.to_owned(), |place| columns.called(dataset, place))
        };
        look(dataset, &taken.table, called, self.cover.is_some(), notes);
        taken
    }

    /// The values of a row, in the order of the dataset's fields.
    fn record(
        &self,
        (columns, sets, serials): (&Columns, &[Set<'_>], bool),
        cells: &[Cell],
        spot: Spot<'_>,
        notes: &mut Notes,
        account: &mut Account,
    ) -> Vec<Datum> {
        let at = |name| spot.at(name);
        let mut values = vec![Datum::Missing; self.dataset.fields.len()];
        for ((cell, feeds), name) in cells.iter().zip(&columns.feeds).zip(&columns.names) {
            account.elements += 1;
            let field = feeds.and_then(|place| Some((place, self.dataset.fields.get(place)?)));
            let Some((place, field)) = field else {
                account.passed_over += 1;
                continue;
            };
            let set = sets.get(place).copied().flatten();
            let shown = cell.shown();
            // What an alias table says of a spelling goes before what the return's own words may mean.
            let aliased = set.and_then(|(_, aliases)| aliases?.find(&shown)).is_some();
            let soft = match self.extract.filter(|_| !aliased) {
                Some(layout) => soften(layout, field, set.map(|(codes, _)| codes), cell, self.year, serials),
                None => Soft::Same,
            };
            let found = match soft {
                Soft::Same => read(field, set, cell, self.year),
                Soft::Instead(other, odd) => match (read(field, set, &other, self.year), odd) {
                    (Found::Known(value), Some((code, words))) => Found::Odd(value, code, words.to_owned()),
                    (Found::Blank, Some((code, words))) => {
                        notes.odd(at(name), code, &shown, true, || words.to_owned());
                        Found::Blank
                    }
                    (found, _) => found,
                },
                Soft::Several(codes) => {
                    let words = format!(
                        "it may be any of the codes {}; write the code itself, or say in an alias table which is meant",
                        codes.join(", ")
                    );
                    Found::Bad(UNKNOWN_CODE, words)
                }
            };
            let datum = match found {
                Found::Blank | Found::BlankInWords => {
                    account.empty += 1;
                    Datum::Missing
                }
                Found::Known(value) => {
                    account.known += 1;
                    Datum::Known(value)
                }
                Found::Odd(value, code, message) => {
                    account.known += 1;
                    // A local spelling may hold anything, as a value that could not be read may.
                    let personal = field.personal || code == LOCAL_SPELLING.0;
                    notes.odd(at(name), code, &shown, personal, || message);
                    Datum::Known(value)
                }
                Found::Suppressed => {
                    account.known += 1;
                    notes.odd(at(name), "suppressed-by-supplier", &shown, field.personal, || {
                        "the supplier hides this number; figures that need it are suppressed, and never too low"
                            .to_owned()
                    });
                    Datum::Suppressed
                }
                Found::Bad(code, message) => {
                    account.rejected += 1;
                    // A value that could not be read may hold anything, a name among it.
                    notes.reject(at(name), code, Lost::Value, &shown, true, message);
                    notes.no_code_of(field.codes.as_ref().map(|set| set.value.as_str()));
                    Datum::Rejected
                }
            };
            let Some(held) = values.get_mut(place) else { continue };
            if *held == Datum::Missing {
                *held = datum;
            } else if datum != Datum::Missing && datum != *held {
                *held = Datum::Rejected;
                let message = "one field is given twice, with different values; none of them is used";
                notes.reject(at(name), "contradictory", Lost::Value, &shown, true, message.to_owned());
            }
        }
        values
    }
}

/// Looks over all records: rows under one key, ends before starts, days outside the period. Nothing is lost by it
/// here; what is settled, is settled when figures are worked out.
///
/// `called` says what the file calls a field; `outside` whether days outside the table's cover are said.
pub(crate) fn look(
    dataset: &Dataset,
    table: &Table,
    called: impl Fn(&str) -> String,
    outside: bool,
    notes: &mut Notes,
) {
    let place = |name: &str| table.fields.iter().position(|field| **field == *name);
    let spot = |row: &Row| Spot { dataset: &dataset.id.value, record: 0, line: u64::from(row.origin) };
    let by = dataset.key.as_ref().or(dataset.recognised_by.as_ref());
    let names = by.map_or(&[][..], |names| names.value.as_slice());
    let names_said = names.iter().map(|name| called(name)).collect::<Vec<_>>().join(", ");
    let key = names.iter().map(|name| place(name)).collect::<Option<Vec<usize>>>();
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        let mut seen: BTreeMap<Vec<&Datum>, &Row> = BTreeMap::new();
        for row in &table.rows {
            let values: Vec<&Datum> = key.iter().filter_map(|at| row.values.get(*at)).collect();
            if values.iter().any(|datum| !matches!(datum, Datum::Known(_))) {
                continue;
            }
            match seen.get(&values) {
                None => {
                    seen.insert(values, row);
                }
                Some(first) => {
                    let (same, line) = (first.values == row.values, first.origin);
                    let (code, what) = if dataset.key.is_none() {
                        (
                            "rows-alike",
                            "nothing says whether they are one record, and both count; take one out where they are",
                        )
                    } else if same {
                        ("duplicate-row", "it counts once")
                    } else {
                        ("duplicate-key", "what the rows disagree on is unknown; keep the right one")
                    };
                    notes.odd(spot(row).at(&names_said), code, "", false, || {
                        format!("a row with the same {names_said} stands on line {line}; {what}")
                    });
                }
            }
        }
    }
    let dates = &dataset.dates;
    let day = |row: &Row, name: &Option<staysafe::diagnostic::Spanned<String>>| match row
        .values
        .get(place(&name.as_ref()?.value)?)?
    {
        Datum::Known(Value::Date(day)) => Some(*day),
        _ => None,
    };
    for row in &table.rows {
        let (start, end) = (day(row, &dates.start), day(row, &dates.end));
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            let name = dates.end.as_ref().map_or_else(String::new, |name| called(&name.value));
            notes.odd(spot(row).at(&name), "dates-inverted", "", false, || {
                "it ends before it starts; the row is kept, and figures say that it contradicts itself; correct \
                 one of the days"
                    .to_owned()
            });
        }
        let event = day(row, &dates.event);
        if let (Some(event), Some(days)) = (event, table.cover.events)
            && outside
            && !days.contains(event)
        {
            let name = dates.event.as_ref().map_or_else(String::new, |name| called(&name.value));
            notes.odd(spot(row).at(&name), "outside-period", "", false, || {
                format!(
                    "this day lies outside {} to {}, the days that the return speaks for; the row counts in no \
                     period of them",
                    days.first, days.last
                )
            });
        }
    }
}

/// Leaves out fields that no column feeds: what needs them is not reported.
fn keep_columns(table: &mut Table, dataset: &Dataset, columns: &Columns) {
    let fields = dataset.fields.iter().enumerate().filter(|(place, _)| columns.has(*place));
    table.fields = fields.map(|(_, field)| Arc::from(field.name.value.as_str())).collect();
    for row in &mut table.rows {
        let values = std::mem::take(&mut row.values).into_iter().enumerate();
        row.values = values.filter(|(place, _)| columns.has(*place)).map(|(_, datum)| datum).collect();
    }
}

fn lost(account: &mut Account, cells: u64) {
    account.elements += cells;
    account.lost_with_child += cells;
}

fn passed_over(account: &mut Account, cells: u64) {
    account.elements += cells;
    account.passed_over += cells;
}
