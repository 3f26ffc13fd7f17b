//! Reads the registers of a council into records, by the framework's datasets and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use staysafe::definition::dataset::Dataset;
use staysafe::definition::framework::Framework;
use staysafe::record::{Cover, Days, Return, Row, Submission, Table};
use staysafe::value::{Datum, Type, Value};

/// The returns of a folder of registers: one for each source that carries some of them.
pub(crate) fn returns(framework: &Framework, folder: &Path, area: &str) -> Vec<Return> {
    let mut returns: BTreeMap<String, Return> = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let id = file.file_stem().unwrap().to_str().unwrap();
        let dataset = &framework.datasets[id];
        let (table, days) = table(dataset, &fs::read_to_string(&file).unwrap());
        let kind = dataset.carried_by.value.clone();
        let of = returns.entry(kind.clone()).or_insert_with(|| Return {
            name: kind.clone(),
            kind,
            area: area.to_owned(),
            reference_date: Some(days.last),
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: BTreeMap::new(),
        });
        of.tables.insert(id.to_owned(), table);
    }
    returns.into_values().collect()
}

fn table(dataset: &Dataset, text: &str) -> (Table, Days) {
    let mut lines = text.lines();
    let mut said = || lines.next().unwrap().split_once(',').unwrap().1.to_owned();
    assert_eq!(said(), dataset.id.value, "each register says which it is");
    let (_, first, last) = (said(), said(), said());
    let days = Days { first: first.parse().unwrap(), last: last.parse().unwrap() };
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let fields: Vec<&str> = dataset.fields.iter().map(|field| field.name.value.as_str()).collect();
    let mut missing = fields.clone();
    missing.retain(|field| !header.contains(field));
    assert!(missing.is_empty(), "{} lacks {missing:?}", dataset.id.value);
    let rows = lines.zip(6..).map(|(line, origin)| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), header.len(), "{line}");
        let cell = |name: &str| cells[header.iter().position(|column| *column == name).unwrap()];
        let fields = dataset.fields.iter();
        Row { values: fields.map(|f| datum(f.ty.value, cell(&f.name.value))).collect(), origin }
    });
    let fields = fields.iter().map(|field| (*field).into()).collect();
    (Table { fields, rows: rows.collect(), cover: Cover::all(days) }, days)
}

fn datum(of: Type, text: &str) -> Datum {
    if text.is_empty() {
        return Datum::Missing;
    }
    Datum::Known(match of {
        Type::Text => Value::Text(text.into()),
        Type::Int => Value::Int(text.parse().unwrap()),
        Type::Decimal => Value::Decimal(text.parse().unwrap()),
        Type::Date => Value::Date(text.parse().unwrap()),
        Type::Bool => Value::Bool(match text {
            "yes" => true,
            "no" => false,
            _ => panic!("neither yes nor no: {text}"),
        }),
    })
}
