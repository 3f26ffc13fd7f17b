//! Records of any kind for a framework: any values, blanks and rejects in any field, in any number of returns.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days as DaysOn, NaiveDate};
use staysafe::check::Checked;
use staysafe::definition::dataset::{Dataset, Field};
use staysafe::plan::Plan;
use staysafe::progress::Watch;
use staysafe::record::{Cover, Data, Days, Return, Row, Submission, Table};
use staysafe::result::Partials;
use staysafe::value::{Datum, Type, Value};
use staysafe_arrow::{Loaded, Loading, Work, calculate_loaded};

/// A row of numbers that looks random and is the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    /// A position among so many.
    pub fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap()
    }

    /// One of them.
    pub fn of<'x, T>(&mut self, all: &'x [T]) -> &'x T {
        &all[self.index(all.len())]
    }
}

fn day(dice: &mut Dice) -> NaiveDate {
    let first: NaiveDate = if dice.one_in(30) { "1970-01-01" } else { "2008-04-01" }.parse().unwrap();
    // Days lie on a few, so that many meet.
    let step = if dice.one_in(3) { 1 } else { 13 };
    first + DaysOn::new(dice.below(1900 / step) * step)
}

fn value(checked: &Checked, field: &Field, areas: &[String], dice: &mut Dice) -> Value {
    let name = field.name.value.as_str();
    match field.ty.value {
        Type::Bool => Value::Bool(dice.one_in(2)),
        Type::Int => Value::Int(i64::try_from(dice.below(6)).unwrap()),
        Type::Decimal => {
            Value::Decimal(rust_decimal::Decimal::new(i64::try_from(dice.below(400)).unwrap(), 1))
        }
        Type::Date => Value::Date(day(dice)),
        Type::Text => {
            let set = field.codes.as_ref().and_then(|set| checked.framework().code_sets.get(&set.value));
            let codes: Vec<&str> = set
                .map(|set| set.codes.iter().map(|code| code.code.value.as_str()).collect())
                .unwrap_or_default();
            let text = if name == "area" || name == "la_code" {
                dice.of(areas).clone()
            } else if codes.is_empty() || dice.one_in(20) {
                format!("{}", dice.below(5))
            } else {
                (*dice.of(&codes)).to_owned()
            };
            Value::Text(text.into())
        }
    }
}

fn datum(checked: &Checked, field: &Field, areas: &[String], dice: &mut Dice) -> Datum {
    match dice.below(40) {
        0..4 => Datum::Missing,
        4 => Datum::Rejected,
        5 => Datum::Suppressed,
        _ => Datum::Known(value(checked, field, areas, dice)),
    }
}

fn cover(dice: &mut Dice) -> Cover {
    let mut side = || {
        if dice.one_in(3) {
            return None;
        }
        let first = day(dice);
        Some(Days { first, last: first + DaysOn::new(dice.below(900)) })
    };
    Cover { events: side(), starts: side(), ends: side(), stocks: side() }
}

fn table(checked: &Checked, dataset: &Dataset, areas: &[String], rows: u64, dice: &mut Dice) -> Table {
    let fields: Vec<&Field> = dataset.fields.iter().filter(|_| !dice.one_in(60)).collect();
    let count = dice.below(rows);
    let mut made: Vec<Row> = Vec::new();
    for origin in 1..=count {
        // Now and then a row stands twice.
        let values = match made.last() {
            Some(before) if dice.one_in(12) => before.values.clone(),
            _ => fields.iter().map(|field| datum(checked, field, areas, dice)).collect(),
        };
        made.push(Row { values, origin: u32::try_from(origin).unwrap() });
    }
    Table {
        fields: fields.iter().map(|f| Arc::from(f.name.value.as_str())).collect(),
        rows: made,
        cover: cover(dice),
    }
}

/// Returns of one or two authorities, each of one or two dates.
pub fn data(checked: &Checked, areas: &[String], rows: u64, seed: u64) -> Data {
    let mut dice = Dice(seed.wrapping_mul(977).wrapping_add(1));
    let mut kinds: BTreeMap<&str, Vec<&Dataset>> = BTreeMap::new();
    for dataset in checked.framework().datasets.values() {
        kinds.entry(dataset.carried_by.value.as_str()).or_default().push(dataset);
    }
    let mut returns = Vec::new();
    for area in areas.iter().take(1 + usize::try_from(dice.below(2)).unwrap()) {
        let years = if dice.one_in(3) { 2 } else { 1 };
        for year in 0..years {
            for (kind, datasets) in &kinds {
                let carried: Vec<&&Dataset> = datasets.iter().filter(|_| !dice.one_in(15)).collect();
                let tables = carried.into_iter().map(|dataset| {
                    (dataset.id.value.clone(), table(checked, dataset, areas, rows, &mut dice))
                });
                let tables = tables.collect();
                returns.push(Return {
                    name: format!("{area}-{kind}-{year}"),
                    kind: (*kind).to_owned(),
                    area: area.clone(),
                    reference_date: Some(NaiveDate::from_ymd_opt(2010 + year, 3, 31).unwrap()),
                    serial: None,
                    made_at: None,
                    submission: Submission::default(),
                    truncated: dice.one_in(20),
                    tables,
                });
            }
        }
    }
    Data { returns }
}

#[allow(dead_code, reason = "for some of the tests that make records")]
/// Records loaded in columns; nothing where only records can settle them.
pub fn columns(checked: &Checked, data: &Data) -> Option<Loaded> {
    let mut loading = Loading::new(checked.framework());
    for of in &data.returns {
        loading.add(of).unwrap();
    }
    loading.finish().ok()
}

#[allow(dead_code, reason = "for some of the tests that make records")]
/// The states of records that were loaded in columns before; nothing where only records can settle them.
pub fn loaded(checked: &Checked, plan: &Plan, data: &Data) -> Option<Partials> {
    let loaded = columns(checked, data)?;
    Some(calculate_loaded(checked, plan, &loaded, &Work::alone(&Watch::nobody())).unwrap())
}
