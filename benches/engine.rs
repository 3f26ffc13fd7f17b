//! The columnar engine beside the reference: every indicator of a census, its quarters and its year.

use std::sync::LazyLock;

use divan::Bencher;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::plan::{Plan, Request, periods_inside, plan};
use staysafe::record::Data;
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};

/// The framework, the records of a synthetic council, and a plan of all its quarters and its year.
static WORK: LazyLock<Option<(Checked, Plan, Data)>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let options = Options { children: 20_000, ..Options::default() };
    council(&options, &mut bytes).ok()?;
    let read_census = read_census("cin.xml", &bytes[..], &ReadOptions::default()).ok()?;
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let checked = check(framework).0?;
    let data = Data { returns: vec![read_census.data] };
    let request = Request { periods: periods_inside(&data), ..Request::default() };
    let plan = plan(&checked, &request).ok()?;
    Some((checked, plan, data))
});

fn main() {
    LazyLock::force(&WORK);
    divan::main();
}

#[divan::bench(sample_count = 5)]
fn reference(bencher: Bencher<'_, '_>) {
    let Some((checked, plan, data)) = &*WORK else { return };
    bencher.bench(|| staysafe::calculate::calculate(checked, plan, data));
}

#[divan::bench(sample_count = 5)]
fn engine(bencher: Bencher<'_, '_>) {
    let Some((checked, plan, data)) = &*WORK else { return };
    bencher.bench(|| staysafe_arrow::calculate(checked, plan, data));
}
