//! The engine's kernels, one by one: each by an indicator that asks little else, on tables that are loaded. What the tables keep
//! for the next calculation (indexes) is there from the second on; `first` loads them anew each time, and counts once.

#[path = "w/mod.rs"]
#[allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::inline_always,
    reason = "the bench of W uses the rest"
)]
mod w;

use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use divan::Bencher;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::progress::Watch;
use staysafe::record::{Cover, Return, Submission};
use staysafe::result::State;
use staysafe_arrow::{Loaded, Loading, Work, calculate_loaded};
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};
use w::data::Rows;
use w::definitions::{Size, framework, periods};

/// What a kernel is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// A million journeys, 400,000 plans, 600,000 episodes of workload W.
    W,
    /// The census of a council of 20,000 children.
    Council,
    /// Episodes of 100,000 looked-after children, three each.
    Care,
}

/// A kernel: its name, on what, the indicator that asks for it, in how many periods.
type Kernel = (&'static str, On, &'static str, usize);

const KERNELS: [Kernel; 9] = [
    ("histogram of events, 40 quarters", On::W, "w-01", 40),
    ("histogram of events, 120 months", On::W, "w-01", 120),
    ("histogram of a stock", On::W, "w-08", 40),
    ("working days", On::W, "w-04", 40),
    ("calendar days", On::W, "w-03", 40),
    ("distinct, and links of a table to itself", On::W, "w-14", 40),
    ("links to another table", On::Council, "ctx-icpc-without-s47", 40),
    ("a schedule of due dates", On::Council, "cs-09", 40),
    ("chains of episodes", On::Care, "ctx-looked-after-started", 40),
];

static SHIPPED: LazyLock<Option<Checked>> = LazyLock::new(|| {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    check(framework).0
});
static W: LazyLock<Option<Checked>> = LazyLock::new(|| framework(Size::Fourteen).ok());
static TABLES: LazyLock<[Option<Loaded>; 3]> = LazyLock::new(|| [On::W, On::Council, On::Care].map(loaded));

fn main() {
    assert!(TABLES.iter().all(Option::is_some), "every table is loaded");
    divan::main();
}

#[divan::bench(args = KERNELS.map(|kernel| kernel.0), sample_count = 9)]
fn again(bencher: Bencher<'_, '_>, name: &str) {
    let Some((kernel, checked)) = kernel(name) else { return };
    let [w, council, care] = &*TABLES;
    let on = match kernel.1 {
        On::W => w,
        On::Council => council,
        On::Care => care,
    };
    let Some(on) = on else { return };
    bencher.bench(|| assert!(counted(checked, kernel, on), "{name} counts something"));
}

#[divan::bench(args = KERNELS.map(|kernel| kernel.0), sample_count = 3)]
fn first(bencher: Bencher<'_, '_>, name: &str) {
    let Some((kernel, checked)) = kernel(name) else { return };
    bencher
        .with_inputs(|| loaded(kernel.1))
        .bench_refs(|on| assert!(on.as_ref().is_some_and(|on| counted(checked, kernel, on)), "{name}"));
}

fn kernel(name: &str) -> Option<(Kernel, &'static Checked)> {
    let kernel = KERNELS.into_iter().find(|kernel| kernel.0 == name)?;
    Some((kernel, checked(kernel.1)?))
}

fn checked(on: On) -> Option<&'static Checked> {
    if on == On::W { W.as_ref() } else { SHIPPED.as_ref() }
}

/// Whether anything came of it.
fn counted(checked: &Checked, (_, _, indicator, count): Kernel, on: &Loaded) -> bool {
    let Ok(periods) = periods(count) else { return false };
    // What was read speaks for its own year.
    let request = Request {
        indicators: vec![indicator.to_owned()],
        periods,
        by: vec!["area".to_owned()],
        beyond_cover: true,
        ..Request::default()
    };
    let Ok(plan) = plan(checked, &request) else { return false };
    let watch = Watch::nobody();
    let found = calculate_loaded(checked, &plan, on, &Work::alone(&watch));
    found.is_ok_and(|found| found.partials.iter().any(|of| !matches!(of.state, State::Absent(_))))
}

fn loaded(on: On) -> Option<Loaded> {
    match on {
        On::W => w::ours::loaded(W.as_ref()?, Rows::of(1_000_000)).ok(),
        On::Council => {
            let mut bytes = Vec::new();
            council(&Options { children: 20_000, ..Options::default() }, &mut bytes).ok()?;
            let census = read_census("cin.xml", &bytes[..], &ReadOptions::default()).ok()?;
            let mut loading = Loading::new(SHIPPED.as_ref()?.framework());
            loading.add(&census.data).ok()?;
            loading.finish().ok()
        }
        On::Care => care(),
    }
}

/// Three episodes of each child, one after the other; of every second child with one carer.
fn care() -> Option<Loaded> {
    let rows = || (0..300_000_i32).map(|row| (row / 3, row % 3));
    let text = |of: &dyn Fn(i32, i32) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows().map(|(child, step)| of(child, step))))
    };
    let day = |from: i32| move |(child, step): (i32, i32)| 14_700 + child * 17 % 2_500 + (step + from) * 100;
    let ends = rows().map(|row| (row.1 < 2).then(|| day(1)(row)));
    let carer = |child: i32, step: i32| if child % 2 == 0 { child } else { child * 3 + step };
    let batch = RecordBatch::try_from_iter([
        ("child", text(&|child, _| format!("K{child}"))),
        ("decom", Arc::new(Date32Array::from_iter_values(rows().map(day(0)))) as ArrayRef),
        ("rne", text(&|_, step| if step == 0 { "S" } else { "P" }.to_owned())),
        ("legal_status", text(&|_, _| "C2".to_owned())),
        ("place", text(&|_, _| "U4".to_owned())),
        ("placement_urn", text(&|child, step| format!("SC{}", carer(child, step)))),
        ("dec", Arc::new(ends.collect::<Date32Array>()) as ArrayRef),
        (
            "rec",
            Arc::new(rows().map(|(_, step)| (step < 2).then_some("X1")).collect::<StringArray>()) as ArrayRef,
        ),
    ]);
    let batch = batch.ok()?;
    let mut loading = Loading::new(SHIPPED.as_ref()?.framework());
    loading.begin(Return {
        name: "care".to_owned(),
        kind: "ssda903".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: std::collections::BTreeMap::new(),
    });
    loading.table("episode", Cover::UNLIMITED, &batch.schema(), [Ok(batch.clone())]).ok()?;
    loading.finish().ok()
}
