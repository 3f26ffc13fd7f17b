//! Limits of many rows: the slices of the library, one thread. `benches/stats.py` holds them against numpy and scipy.

use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use staysafe::stats::{
    Confidence, CountMethod, LimitRows, clopper_pearson_rows, exact_poisson, rate_rows, wilson_rows,
};

const ROWS: usize = 1_000_000;

/// Counts below 1,000 out of up to 5,000, by a small generator, so that every run has the same.
static PAIRS: LazyLock<(Vec<f64>, Vec<f64>)> = LazyLock::new(|| {
    let mut state = 20_261_125_u64;
    let mut next = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap_or(0) % below
    };
    (0..ROWS)
        .map(|_| {
            let x = next(1000);
            (f64::from(x), f64::from(x + 1 + next(4000)))
        })
        .unzip()
});

fn main() {
    LazyLock::force(&PAIRS);
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, rows: usize, method: impl Fn(&[f64], &[f64], &mut [LimitRows<'_>]) + Sync) {
    let (x, n) = &*PAIRS;
    let (x, n) = (x.get(..rows).unwrap_or(x), n.get(..rows).unwrap_or(n));
    let (mut lower, mut upper) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    bencher.counter(ItemsCount::new(x.len())).bench_local(|| {
        method(x, n, &mut [LimitRows { lower: &mut lower, upper: &mut upper }]);
        black_box((lower.last().copied(), upper.last().copied()))
    });
}

#[divan::bench]
fn wilson(bencher: Bencher<'_, '_>) {
    run(bencher, ROWS, |x, n, limits| {
        black_box(wilson_rows(x, n, &[Confidence::P95], limits).is_ok());
    });
}

#[divan::bench(args = [CountMethod::Byar, CountMethod::ExactBelow10, CountMethod::Exact])]
fn rate(bencher: Bencher<'_, '_>, method: CountMethod) {
    run(bencher, ROWS, |x, n, limits| {
        black_box(rate_rows(x, n, 10_000.0, method, &[Confidence::P95], limits).is_ok());
    });
}

#[divan::bench]
fn clopper_pearson(bencher: Bencher<'_, '_>) {
    run(bencher, 10_000, |x, n, limits| {
        black_box(clopper_pearson_rows(x, n, &[Confidence::P95], limits).is_ok());
    });
}

/// One count at a time, none of them looked up.
#[divan::bench(args = [50.0, 500.0, 5000.0, 50_000.0, 500.5])]
fn exact_count(bencher: Bencher<'_, '_>, count: f64) {
    bencher.bench(|| exact_poisson(black_box(count), Confidence::P95));
}
