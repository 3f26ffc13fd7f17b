//! Loading, column by column: a million values of each kind, one in nine blank, into the columns of the engine; their fingerprint is
//! part of it. `nothing` is a column of nulls: what any column costs.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::UInt16Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray,
    NullArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, UInt8Array,
};
use divan::Bencher;
use divan::counter::ItemsCount;
use staysafe::definition::framework::Framework;
use staysafe::definition::read::read;
use staysafe::record::{Cover, Return, Submission};
use staysafe_arrow::Loading;

const ROWS: usize = 1_000_000;
const BATCH: usize = 1 << 16;

const CASES: &str = r#"
id = "cases"
title = "Cases"
carried_by = "cases"
holder = "h"
area = "given"
field = [
  { name = "text", type = "text" },
  { name = "day", type = "date" },
  { name = "whole", type = "whole number" },
  { name = "number", type = "number" },
  { name = "yes", type = "yes/no" },
]
"#;

static FRAMEWORK: LazyLock<Framework> = LazyLock::new(|| read([("datasets/cases.toml", CASES)]).0);

/// A kind of column, and the field that it is.
const KINDS: [&str; 15] = [
    "nothing",
    "text, few",
    "text, each once",
    "text, large",
    "text, view",
    "text, dictionary",
    "day",
    "day, timestamp",
    "day, text",
    "whole, 64 bits",
    "whole, 8 bits",
    "whole, double",
    "number, decimal",
    "number, whole",
    "yes",
];

fn main() {
    LazyLock::force(&FRAMEWORK);
    divan::main();
}

#[divan::bench(args = KINDS, sample_count = 5)]
fn load(bencher: Bencher<'_, '_>, kind: &str) {
    let field = kind.split(',').next().filter(|field| *field != "nothing").unwrap_or("text");
    let batches: Vec<RecordBatch> = (0..ROWS)
        .step_by(BATCH)
        .filter_map(|first| {
            let column = column(kind, first..(first + BATCH).min(ROWS))?;
            RecordBatch::try_from_iter_with_nullable([(field, column, true)]).ok()
        })
        .collect();
    let Some(schema) = batches.first().map(RecordBatch::schema) else { return };
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut loading = Loading::new(&FRAMEWORK);
        loading.begin(Return {
            name: "cases".to_owned(),
            kind: "cases".to_owned(),
            area: "E06000001".to_owned(),
            reference_date: None,
            serial: None,
            made_at: None,
            submission: Submission::default(),
            truncated: false,
            tables: std::collections::BTreeMap::new(),
        });
        let rejects = loading.table("cases", Cover::UNLIMITED, &schema, batches.iter().cloned().map(Ok));
        assert!(rejects.is_ok_and(<[_]>::is_empty), "every value is one of its field");
        loading.finish()
    });
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, clippy::cast_possible_truncation)]
fn column(kind: &str, rows: std::ops::Range<usize>) -> Option<ArrayRef> {
    fn some<T>(rows: std::ops::Range<usize>, of: impl Fn(usize) -> T) -> impl Iterator<Item = Option<T>> {
        rows.map(move |row| (row % 9 > 0).then(|| of(row)))
    }
    let few = |row: usize| format!("code {}", row * 7 % 40);
    let day = |row: usize| 14_000 + (row * 31 % 4_000) as i32;
    Some(match kind {
        "nothing" => Arc::new(NullArray::new(rows.len())),
        "text, few" => Arc::new(some(rows, few).collect::<StringArray>()),
        "text, each once" => Arc::new(some(rows, |row| format!("K{row:08}")).collect::<StringArray>()),
        "text, large" => Arc::new(some(rows, few).collect::<LargeStringArray>()),
        "text, view" => Arc::new(some(rows, few).collect::<StringViewArray>()),
        "text, dictionary" => {
            let mut made = StringDictionaryBuilder::<UInt16Type>::new();
            made.extend(some(rows, few));
            Arc::new(made.finish())
        }
        "day" => Arc::new(some(rows, day).collect::<Date32Array>()),
        "day, timestamp" => {
            let stamps = some(rows, |row| i64::from(day(row)) * 86_400_000_000);
            Arc::new(stamps.collect::<TimestampMicrosecondArray>())
        }
        "day, text" => {
            let text = |row: usize| format!("20{:02}-{:02}-{:02}", row % 25, row % 12 + 1, row % 28 + 1);
            Arc::new(some(rows, text).collect::<StringArray>())
        }
        "whole, 64 bits" => Arc::new(some(rows, |row| row as i64).collect::<Int64Array>()),
        "whole, 8 bits" => Arc::new(some(rows, |row| (row % 256) as u8).collect::<UInt8Array>()),
        "whole, double" => Arc::new(some(rows, |row| row as f64).collect::<Float64Array>()),
        "number, decimal" => {
            let numbers = some(rows, |row| row as i128).collect::<Decimal128Array>();
            Arc::new(numbers.with_precision_and_scale(38, 2).ok()?)
        }
        "number, whole" => Arc::new(some(rows, |row| row as i64).collect::<Int64Array>()),
        "yes" => Arc::new(some(rows, |row| row % 2 == 0).collect::<BooleanArray>()),
        _ => return None,
    })
}
