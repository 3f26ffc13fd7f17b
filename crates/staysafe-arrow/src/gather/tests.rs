//! What is gathered from a stream is counted as its records are.

use arrow_array::{ArrayRef, Date32Array, Int64Array};
use arrow_schema::Field;
use staysafe::calculate::part::calculate_part as by_reference;
use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::progress::Watch;
use staysafe::record::Table;

use super::*;
use crate::records::{records, without_blanks};

const VISIT: &str = r#"
id = "visit"
title = "V"
carried_by = "census"
holder = "h"
area = "given"
key = ["child", "number"]
field = [
  { name = "child", type = "text", missing = "error" },
  { name = "number", type = "whole number" },
  { name = "seen", type = "date" },
]
link = [{ name = "plans", to = "plan", on = { child = "child" } }]
"#;
const PLAN: &str = r#"
id = "plan"
title = "P"
carried_by = "census"
holder = "h"
area = "given"
field = [{ name = "child", type = "text" }, { name = "start", type = "date" }]
"#;

fn checked() -> Checked {
    let indicator = |id: &str, rule: &str| {
        format!(
            "id = '{id}'\ntitle = 'T'\nkind = 'count'\npolarity = 'neutral'\ncycle = 'quarter'\nholder = 'h'\n[calculation]\nfrom = 'visit'\nwhen = {{ date = 'seen' }}\n{rule}"
        )
    };
    let files = [
        ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'".to_owned()),
        ("agencies.toml", "[[agency]]\nid = 'h'\nname = 'H'".to_owned()),
        ("datasets/visit.toml", VISIT.to_owned()),
        ("datasets/plan.toml", PLAN.to_owned()),
        ("indicators/visits.toml", indicator("visits", "")),
        ("indicators/children.toml", indicator("children", "counted = 'distinct child'")),
        (
            "indicators/planned.toml",
            indicator("planned", "population = 'any(plans AS p WHERE p.start <= this.seen)'"),
        ),
    ];
    let (framework, found) = read(files.iter().map(|(name, text)| (*name, text.as_str())));
    let (checked, more) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:?} {more:?}"))
}

/// Days after 1 April 2010.
fn days(of: &[Option<i32>]) -> ArrayRef {
    Arc::new(of.iter().map(|day| day.map(|day| 14_700 + day)).collect::<Date32Array>())
}

fn structs(columns: &[(&str, ArrayRef)]) -> StructArray {
    let fields = columns.iter().map(|(name, column)| {
        (Arc::new(Field::new(*name, column.data_type().clone(), true)), Arc::clone(column))
    });
    fields.collect::<Vec<_>>().into()
}

type Visit = (Option<&'static str>, Option<&'static str>, i64, Option<i32>);

/// A batch of visits, and one of plans: whose, the child, the number, the day.
fn batches(visits: &[Visit]) -> [RecordBatch; 2] {
    let whose: StringArray = visits.iter().map(|(whose, ..)| *whose).collect();
    let visit = structs(&[
        ("child", Arc::new(visits.iter().map(|(_, child, ..)| *child).collect::<StringArray>()) as _),
        ("number", Arc::new(visits.iter().map(|(_, _, number, _)| *number).collect::<Int64Array>()) as _),
        ("seen", days(&visits.iter().map(|(.., day)| *day).collect::<Vec<_>>())),
    ]);
    let named = |id: &str, rows: usize| Arc::new(StringArray::from(vec![id; rows])) as ArrayRef;
    let plan = structs(&[
        ("child", Arc::new(StringArray::from(vec!["a", "c"])) as _),
        ("start", days(&[Some(0), Some(9)])),
    ]);
    let batch = |id: &str, whose: StringArray, of: StructArray| {
        let rows = whose.len();
        let columns =
            [(DATASET, named(id, rows)), (AUTHORITY, Arc::new(whose) as _), (id, Arc::new(of) as _)];
        RecordBatch::try_from_iter(columns).unwrap()
    };
    [batch("visit", whose, visit), batch("plan", StringArray::from(vec!["X1", "X2"]), plan)]
}

/// The same rows as records, one after the other.
fn as_records(checked: &Checked, batches: &[RecordBatch]) -> Data {
    let mut tables: BTreeMap<String, BTreeMap<String, Table>> = BTreeMap::new();
    for whose in ["X1", "X2"] {
        for batch in batches {
            let id = batch.schema_ref().field(2).name().clone();
            let of = RecordBatch::from(batch.column(2).as_struct());
            let dataset = &checked.framework().datasets[&id];
            let binding = bind(of.schema_ref(), dataset).unwrap();
            let (mut rows, mut rejects) = records(&id, &of, &binding, 1).unwrap();
            let authorities = batch.column(1).as_string::<i32>();
            without_blanks(&id, dataset, &binding, &mut rows, &mut rejects);
            rows.retain(|row| {
                let at = row.origin as usize - 1;
                authorities.is_valid(at) && authorities.value(at) == whose
            });
            let fields = binding.fields.iter().map(|field| Arc::clone(&field.name)).collect();
            let table = Table { fields, rows, cover: Cover::UNLIMITED };
            tables.entry(whose.to_owned()).or_default().insert(id, table);
        }
    }
    let returns = tables.into_iter().map(|(area, tables)| Return { tables, ..returned("census", &area) });
    Data { returns: returns.collect() }
}

/// The part of a stream, beside that of its records by the reference; and whether it lay in columns.
fn both(visits: &[Visit]) -> (Part, Part, bool, BTreeMap<String, u64>) {
    let checked = checked();
    let batches = batches(visits);
    let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
    let plan = plan(&checked, &request).unwrap();
    let (given, nobody) = (Given::Rows("one"), Watch::nobody());
    let mut gathered = Gathered::new(checked.framework(), Cover::UNLIMITED);
    for batch in &batches {
        gathered.add(batch).unwrap();
    }
    let (stream, rejected) = gathered.finish().unwrap();
    let part = stream.calculate_part(&checked, &plan, given, &Work::alone(&nobody)).unwrap();
    let slow = by_reference(&checked, &plan, &as_records(&checked, &batches), given, &nobody).unwrap();
    (part, slow, matches!(stream, Stream::Columns(_)), rejected)
}

/// What was counted; the fingerprints tell the places of rows as well, which a stream and a table number otherwise.
fn counted(part: Part) -> Part {
    let mut part = Part { returns: std::collections::BTreeSet::new(), ..part };
    part.made_of.data = String::new();
    part
}

#[test]
fn a_stream_is_counted_in_columns_and_gives_the_part_of_its_records() {
    let visits = [
        (Some("X1"), Some("a"), 1, Some(3)),
        (Some("X2"), Some("c"), 1, Some(3)),
        (None, Some("d"), 1, Some(4)),
        (Some("X1"), Some("a"), 2, Some(80)),
        (Some("X2"), None, 7, Some(5)),
        (Some("X1"), Some("b"), 1, None),
        (Some("X2"), Some("c"), 2, Some(20)),
    ];
    let (part, slow, in_columns, rejected) = both(&visits);
    assert!(in_columns, "no row stands twice");
    assert_eq!(part.shares, slow.shares, "the same buckets");
    assert!(part.shares.rows["X1"].buckets.values().any(|buckets| buckets.len() > 1), "{:?}", part.shares);
    assert_eq!(counted(part), counted(slow));
    let told: Vec<(&str, u64)> = rejected.iter().map(|(what, times)| (what.as_str(), *times)).collect();
    assert_eq!(told, [("visit.child: blank (record)", 1), ("visit: no authority (record)", 1)]);
}

#[test]
fn rows_under_one_key_are_settled_as_records() {
    let visits = [
        (Some("X1"), Some("a"), 1, Some(3)),
        (Some("X1"), Some("a"), 1, Some(3)),
        (Some("X2"), Some("c"), 1, Some(3)),
        (Some("X2"), Some("c"), 1, Some(9)),
    ];
    let (part, slow, in_columns, _) = both(&visits);
    assert!(!in_columns);
    assert_eq!(counted(part), counted(slow));
}

#[test]
fn a_stream_without_its_columns_and_a_dataset_of_nobody_are_refused() {
    let checked = checked();
    let mut gathered = Gathered::new(checked.framework(), Cover::UNLIMITED);
    let [visits, _] = batches(&[(Some("X1"), Some("a"), 1, Some(3))]);
    let without = visits.project(&[0, 2]).unwrap();
    assert!(matches!(gathered.add(&without), Err(GatherError::Column(name)) if name == AUTHORITY));
    let of = Arc::new(visits.column(2).as_struct().clone()) as ArrayRef;
    let other = RecordBatch::try_from_iter([
        (DATASET, Arc::clone(visits.column(0))),
        (AUTHORITY, Arc::clone(visits.column(1))),
        ("call", of),
    ]);
    assert!(matches!(gathered.add(&other.unwrap()), Err(GatherError::Dataset(name)) if name == "call"));
}
