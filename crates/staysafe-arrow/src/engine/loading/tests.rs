//! What is loaded is what records would have made of the same batches.

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::{Int8Type, UInt16Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int8Array, Int32Array, Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray,
    TimestampSecondArray, UInt16Array, UInt64Array,
};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, TimeUnit};
use proptest::prelude::*;
use staysafe::calculate::join::join;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::plan::financial_years_of;
use staysafe::record::{Row, Submission, fingerprints};
use staysafe::value::{Type, Value};

use super::*;
use crate::engine::column::{Cells, day_of};

const CASES: &str = r#"
id = "cases"
title = "C"
carried_by = "census"
holder = "h"
area = "given"
dates = { start = "opened" }
field = [
  { name = "opened", type = "date" },
  { name = "team", type = "text" },
  { name = "score", type = "whole number" },
  { name = "closed", type = "date", personal = true },
  { name = "share", type = "number" },
  { name = "yes", type = "yes/no" },
"#;
const LOOSE: &str = "  { name = \"name\", type = \"text\" },\n]\n";
const STRICT: &str = "  { name = \"name\", type = \"text\", missing = \"error\" },\n  { name = \"born\", type = \"date\", missing = \"error\" },\n]\n";
const KEYED: &str = "  { name = \"name\", type = \"text\" },\n]\nkey = [\"team\", \"score\"]\n";

/// The framework of a dataset whose last fields, and key, are these.
fn checked(last: &str) -> Checked {
    let cases = format!("{CASES}{last}");
    let files = [
        ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
        ("agencies.toml", "[[agency]]\nid = \"h\"\nname = \"H\""),
        ("datasets/cases.toml", &cases),
    ];
    let (framework, found) = read(files);
    let (checked, more) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:?} {more:?}"))
}

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// So many values, some of them blank.
    fn some<T: Copy>(&mut self, rows: usize, all: &[T]) -> Vec<Option<T>> {
        let blanks = self.of(&[1, 3, 1_000]);
        (0..rows).map(|_| (self.below(blanks + 1) > 0).then(|| self.of(all))).collect()
    }
}

const TEXTS: [&str; 6] = ["a", "b", "c", "", "ninety-nine", "é"];
const DAYS: [&str; 7] =
    ["2010-04-01", "2011-12-31", "01/04/2010", "2010-4-1", "2010-02-30", "1899-01-01", "2010-04-01-1"];

fn texts(dice: &mut Dice, rows: usize, kind: u64, of: &[&str]) -> ArrayRef {
    let values = dice.some(rows, of);
    match kind {
        0 => Arc::new(StringArray::from(values)),
        1 => Arc::new(LargeStringArray::from(values)),
        2 => Arc::new(StringViewArray::from(values)),
        3 => {
            let mut made = StringDictionaryBuilder::<Int8Type>::new();
            made.extend(values);
            Arc::new(made.finish())
        }
        4 => {
            // A dictionary with entries that nobody uses, one that is null, and one twice.
            let mut entries: Vec<Option<&str>> = of.iter().copied().map(Some).collect();
            entries.extend([None, Some(of[0]), Some("nobody's")]);
            let last = u64::try_from(entries.len()).unwrap() - 1;
            let keys =
                (0..rows).map(|_| (dice.below(9) > 0).then(|| u16::try_from(dice.below(last)).unwrap()));
            let keys: UInt16Array = keys.collect();
            let entries: ArrayRef = Arc::new(LargeStringArray::from(entries));
            Arc::new(DictionaryArray::<UInt16Type>::try_new(keys, entries).unwrap())
        }
        _ => Arc::new(NullArray::new(rows)),
    }
}

fn numbers(dice: &mut Dice, rows: usize, kind: u64) -> ArrayRef {
    let small = Int64Array::from(dice.some(rows, &[0, 1, 7, 99, 127]));
    let wide = dice.some(rows, &[i64::MIN, -3, 0, 12, 1 << 40, i64::MAX]);
    let doubles = dice.some(rows, &[0.0, -4.0, 1.5, f64::NAN, 1e16, f64::INFINITY, -0.0]);
    let to = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Int32)),
    ];
    match usize::try_from(kind).unwrap() {
        at if at < to.len() => cast(&small, &to[at]).unwrap(),
        7 => Arc::new(Int64Array::from(wide)),
        8 => Arc::new(UInt64Array::from(dice.some(rows, &[0, 5, u64::MAX]))),
        9 => Arc::new(Float64Array::from(doubles)),
        10 => cast(&Float64Array::from(doubles), &DataType::Float32).map(|of| of as ArrayRef).unwrap(),
        11 => Arc::new(Float32Array::from(dice.some(rows, &[2.0, 2.5]))),
        12 => {
            let values = dice.some(rows, &[0, -7, 12_345, 10_i128.pow(37)]);
            Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, 0).unwrap())
        }
        _ => Arc::new(NullArray::new(rows)),
    }
}

fn days(dice: &mut Dice, rows: usize, kind: u64) -> ArrayRef {
    let units = [
        (TimeUnit::Second, 86_400),
        (TimeUnit::Millisecond, 86_400_000),
        (TimeUnit::Microsecond, 86_400_000_000),
    ];
    let zone = [None, Some("UTC"), Some("+00:00")][usize::try_from(kind / 13 % 3).unwrap()];
    match kind % 13 {
        0 => Arc::new(Date32Array::from(dice.some(rows, &[14_700, -1, 0, i32::MAX, i32::MIN, 15_000]))),
        kind @ 1..=3 => {
            let (unit, a_day) = units[usize::try_from(kind).unwrap() - 1];
            let values = dice.some(rows, &[14_700 * a_day, -a_day, 14_700 * a_day + a_day / 3, i64::MAX]);
            cast(&Int64Array::from(values), &DataType::Timestamp(unit, zone.map(Into::into))).unwrap()
        }
        4 => {
            let values = dice.some(rows, &[14_700 * 86_400_000_000_000, 1]);
            cast(&Int64Array::from(values), &DataType::Timestamp(TimeUnit::Nanosecond, None)).unwrap()
        }
        5 => cast(&Int64Array::from(dice.some(rows, &[14_700 * 86_400_000, 5])), &DataType::Date64).unwrap(),
        6 => {
            let entries: ArrayRef = Arc::new(Date32Array::from(vec![Some(14_700), None, Some(9)]));
            let keys = (0..rows).map(|_| (dice.below(5) > 0).then(|| i8::try_from(dice.below(3)).unwrap()));
            Arc::new(DictionaryArray::<Int8Type>::try_new(keys.collect::<Int8Array>(), entries).unwrap())
        }
        kind => texts(dice, rows, kind - 7, &DAYS),
    }
}

/// A chunk of a field's column.
fn chunk(dice: &mut Dice, field: &str, rows: usize, kind: u64) -> ArrayRef {
    match field {
        "opened" | "closed" | "born" => days(dice, rows, kind),
        "team" | "name" => texts(dice, rows, kind % 6, &TEXTS),
        "score" => numbers(dice, rows, kind % 14),
        "share" if kind % 15 == 14 => {
            let values = dice.some(rows, &[0, 125, 1250, -1, 10_i128.pow(37)]);
            Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, 2).unwrap())
        }
        "share" => numbers(dice, rows, kind % 15),
        _ if kind.is_multiple_of(5) => Arc::new(NullArray::new(rows)),
        _ => Arc::new(BooleanArray::from(dice.some(rows, &[true, false]))),
    }
}

/// Batches of one table; a field that may be left out sometimes is.
fn batches(dice: &mut Dice, dataset: &Dataset) -> (Schema, Vec<RecordBatch>) {
    let mut fields: Vec<(&str, u64)> = Vec::new();
    for field in &dataset.fields {
        let name = field.name.value.as_str();
        if may_not_be_blank(dataset, name) || dice.below(6) > 0 {
            fields.insert(
                usize::try_from(dice.below(fields.len() as u64 + 1)).unwrap(),
                (name, dice.below(1_000)),
            );
        }
    }
    if fields.is_empty() {
        fields.push(("team", 0));
    }
    let count = dice.below(4);
    let mut all: Vec<RecordBatch> = Vec::new();
    let mut one = |rows: usize| {
        let columns: Vec<ArrayRef> =
            fields.iter().map(|(name, kind)| chunk(dice, name, rows, *kind)).collect();
        let of = fields
            .iter()
            .zip(&columns)
            .map(|((name, _), column)| Field::new(*name, column.data_type().clone(), true));
        let schema = Arc::new(Schema::new(of.collect::<Vec<_>>()));
        RecordBatch::try_new(schema, columns).unwrap()
    };
    let schema = one(0).schema().as_ref().clone();
    for rows in [5, 0, 17].into_iter().take(usize::try_from(count).unwrap()) {
        all.push(one(rows));
    }
    (schema, all)
}

fn shell() -> Return {
    Return {
        name: "cases.parquet".to_owned(),
        kind: "census".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: BTreeMap::new(),
    }
}

/// The same batches by way of records.
fn through_records(dataset: &Dataset, schema: &Schema, batches: &[RecordBatch]) -> (Data, Vec<Reject>) {
    let binding = bind(schema, dataset).unwrap();
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    for batch in batches {
        let first = u32::try_from(rows.len() + 1).unwrap();
        let (more, wrong) = records("cases.parquet", batch, &binding, first).unwrap();
        rows.extend(more);
        rejects.extend(wrong);
    }
    without_blanks("cases.parquet", dataset, &binding, &mut rows, &mut rejects);
    let fields = binding.fields.iter().map(|field| field.name.clone()).collect();
    let table = Table { fields, rows, cover: Cover::UNLIMITED };
    let of = Return { tables: BTreeMap::from([("cases".to_owned(), table)]), ..shell() };
    (Data { returns: vec![of] }, rejects)
}

/// What a column says, row by row, in words of its own.
fn said(column: &Column, rows: usize, words: &Words) -> Vec<(u8, String)> {
    let value = |row: usize| match &column.cells {
        Cells::Truth => String::new(),
        Cells::Days(days) => format!("{} {:?}", days[row], day_of(days[row])),
        Cells::Whole(numbers) => numbers[row].to_string(),
        Cells::Decimal(numbers) => numbers[row].to_string(),
        Cells::Words(texts) => words.text(texts[row]).to_owned(),
    };
    (0..rows).map(|row| (column.standing(row), value(row))).collect()
}

fn same(held: &Held, words: &Words, other: &Held, others: &Words) -> Result<(), TestCaseError> {
    prop_assert_eq!((held.rows, &held.declared), (other.rows, &other.declared));
    prop_assert_eq!(held.columns.len(), other.columns.len());
    for (one, two) in held.columns.iter().zip(&other.columns) {
        let told = |column: &Option<Column>, words: &Words| {
            let column = column.as_ref()?;
            let kind = std::mem::discriminant(&column.cells);
            Some((kind, column.standing.is_some(), column.hidden.clone(), said(column, held.rows, words)))
        };
        prop_assert_eq!(told(one, words), told(two, others));
    }
    Ok(())
}

fn holds(seed: u64, last: &str) -> Result<(), TestCaseError> {
    let mut dice = Dice(seed);
    let checked = checked(last);
    let dataset = &checked.framework().datasets["cases"];
    let (schema, batches) = batches(&mut dice, dataset);
    let (data, wrong) = through_records(dataset, &schema, &batches);

    let mut loading = Loading::new(checked.framework());
    loading.begin(shell());
    let given = batches.into_iter().map(Ok);
    let rejects = loading.table("cases", Cover::UNLIMITED, &schema, given).unwrap();
    prop_assert_eq!(rejects, wrong.as_slice());

    let mut by_records = Loading::new(checked.framework());
    by_records.add(&data.returns[0]).unwrap();
    let (one, two) = (&loading.held[0]["cases"], &by_records.held[0]["cases"]);
    same(one, &loading.words, two, &by_records.words)?;
    prop_assert_eq!(
        loading.shells[0].tables["cases"].fields.clone(),
        data.returns[0].tables["cases"].fields.clone()
    );

    let back = with_rows(checked.framework(), &loading.shells, &loading.held, &loading.words);
    prop_assert_eq!(&back, &data.returns);
    let back = with_rows(checked.framework(), &by_records.shells, &by_records.held, &by_records.words);
    prop_assert_eq!(&back, &data.returns);
    let mut profiles = by_records.profiles(Cover::UNLIMITED);
    profiles[0].rejected_values = wrong.iter().filter(|reject| reject.lost == Lost::Value).count() as u64;
    profiles[0].rejected_records = wrong.len() as u64 - profiles[0].rejected_values;
    prop_assert_eq!(&loading.profiles(Cover::UNLIMITED), &profiles);

    // Only records can settle what stands twice.
    let joined = join(&checked, &data).unwrap();
    let settled =
        joined.authorities()[0].of().tables["cases"].rows.len() < data.returns[0].tables["cases"].rows.len();
    match loading.finish() {
        Ok(loaded) => {
            prop_assert!(!settled);
            let few = loaded.first_days(checked.framework());
            prop_assert_eq!(financial_years_of(&checked, &few), financial_years_of(&checked, &data));
            prop_assert_eq!(loaded.fingerprints, fingerprints(&data));
        }
        Err(LoadError::SameKeys { .. }) => prop_assert!(settled),
        Err(other) => return Err(TestCaseError::fail(other.to_string())),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn batches_load_as_records_do(seed in any::<u64>(), last in 0_usize..3) {
        holds(seed, [LOOSE, STRICT, KEYED][last])?;
    }
}

#[test]
fn a_batch_of_other_columns_is_refused() {
    let checked = checked(LOOSE);
    let mut loading = Loading::new(checked.framework());
    loading.begin(shell());
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let seconds: ArrayRef = Arc::new(TimestampSecondArray::from(vec![1]));
    let [first, second] =
        [("score", numbers), ("score", seconds)].map(|column| RecordBatch::try_from_iter([column]).unwrap());
    let schema = first.schema();
    let error = loading.table("cases", Cover::UNLIMITED, &schema, [Ok(first), Ok(second)]).unwrap_err();
    assert_eq!(error.to_string(), "Schema error: a batch has another column for 'score' than the first");
}

#[test]
fn two_returns_of_one_authority_may_not_carry_one_dataset() {
    let checked = checked(LOOSE);
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let batch = RecordBatch::try_from_iter([("score", numbers)]).unwrap();
    let load = |area: &str| {
        let mut loading = Loading::new(checked.framework());
        loading.begin(Return { area: area.to_owned(), ..shell() });
        loading.table("cases", Cover::UNLIMITED, &batch.schema(), [Ok(batch.clone())]).unwrap();
        loading.finish().unwrap()
    };
    let both = |one: &Loaded, other: &Loaded| {
        let mut loading = Loading::new(checked.framework());
        loading.loaded(one).unwrap();
        loading.loaded(other).unwrap();
        loading.finish()
    };
    let (one, other) = (load("E06000001"), load("E06000002"));
    assert_eq!(both(&one, &other).unwrap().rows(), 2);
    assert!(matches!(both(&one, &one).unwrap_err(), LoadError::SeveralReturns { .. }));
}

const REFERRALS: &str = r#"
id = "referral"
title = "R"
carried_by = "census"
holder = "h"
area = "given"
recognised_by = ["name"]
field = [
  { name = "name", type = "text" },
  { name = "own", type = "whole number", number_of = "referral" },
  { name = "before", type = "whole number", number_of = "referral" },
  { name = "step", type = "whole number", number_of = "step" },
]
"#;
const STEPS: &str = r#"
id = "step"
title = "S"
carried_by = "CARRIER"
holder = "h"
area = "given"
goes_with = "its"
field = [
  { name = "referral", type = "whole number", number_of = "referral" },
  { name = "own", type = "whole number", number_of = "step" },
]
link = [{ name = "its", to = "referral", on = { referral = "own" } }]
"#;

proptest! {
    /// Beside another return of its authority a reader's numbers become those that the library gives.
    #[test]
    fn numbers_are_given_anew_as_records_have_them(seed in any::<u64>(), together in any::<bool>()) {
        let mut dice = Dice(seed);
        let steps = STEPS.replace("CARRIER", if together { "census" } else { "steps" });
        let files = [
            ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
            ("agencies.toml", "[[agency]]\nid = \"h\"\nname = \"H\""),
            ("datasets/cases.toml", &format!("{CASES}{LOOSE}").replace("\"census\"", "\"cases\"")),
            ("datasets/referral.toml", REFERRALS),
            ("datasets/step.toml", &steps),
        ];
        let (framework, found) = read(files);
        let (checked, more) = check(framework);
        let checked = checked.unwrap_or_else(|| panic!("{found:?} {more:?}"));
        let mut returns: BTreeMap<&str, Return> = BTreeMap::new();
        for dataset in checked.framework().datasets.values() {
            let kind = dataset.carried_by.value.as_str();
            let of = returns.entry(kind).or_insert_with(|| Return { name: kind.to_owned(), kind: kind.to_owned(), ..shell() });
            let rows = usize::try_from(dice.below(8)).unwrap();
            let row = |number: usize, dice: &mut Dice| Row {
                values: dataset.fields.iter().map(|field| match dice.below(9) {
                    0 => Datum::Missing,
                    1 => Datum::Rejected,
                    _ if field.ty.value == Type::Int => Datum::Known(Value::Int(i64::try_from(dice.below(6)).unwrap() * 7)),
                    _ => Datum::Missing,
                }).collect(),
                origin: u32::try_from(number + 1).unwrap(),
            };
            let rows = (0..rows).map(|number| row(number, &mut dice)).collect();
            let fields = dataset.fields.iter().map(|field| field.name.value.as_str().into()).collect();
            of.tables.insert(dataset.id.value.clone(), Table { fields, rows, cover: Cover::UNLIMITED });
        }
        let data = Data { returns: returns.into_values().collect() };
        let joined = join(&checked, &data).unwrap();
        let mut loading = Loading::new(checked.framework());
        for of in &data.returns {
            loading.add(of).unwrap();
        }
        let loaded = loading.finish().unwrap();
        for (id, held) in loaded.held.iter().flatten() {
            let mut words = Words::default();
            let table = &joined.authorities()[0].of().tables[id];
            let wanted = of_rows(&checked.framework().datasets[id], table, &mut words);
            for (at, column) in wanted.columns.iter().enumerate() {
                let told = |column: &Option<Column>| said(column.as_ref().unwrap(), held.rows, &words);
                prop_assert_eq!(told(&held.joined()[at]), told(column), "{} {}", id, at);
            }
        }
    }
}
