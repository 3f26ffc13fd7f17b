//! How long the statuses of a region take: every indicator of the shipped framework's lists in 152 authorities and 40
//! quarters, of which eight agencies are asked. The aim is one second on one core and half a gigabyte.
//!
//! Peak memory is read from the system where it says: the deliveries that are compared are in it.

use divan::Bencher;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::gap::{Arrived, Circumstances, Grain, matrix};
use staysafe::period::Period;
use staysafe::record::{Cover, Days, FieldProfile, Module, Profile};

const AUTHORITIES: usize = 152;
const QUARTERS: usize = 40;

fn main() {
    let checked = framework();
    let (arrived, when) = (arrived(&checked), circumstances());
    let cells = matrix(&checked, &arrived, &when);
    let agencies = cells.agencies().len();
    println!(
        "{} indicators x {AUTHORITIES} authorities x {QUARTERS} quarters x {agencies} agencies: {} cells; peak memory {}",
        cells.indicators().len(),
        cells.len(),
        peak().unwrap_or_else(|| "not known".to_owned())
    );
    divan::main();
}

/// The shipped framework with the indicators of its lists, held by the eight agencies that hold most of its datasets.
#[allow(clippy::expect_used, reason = "a benchmark may stop")]
fn framework() -> Checked {
    let (mut framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let listed: std::collections::BTreeSet<String> =
        framework.lists.iter().filter(|list| list.listed).map(|list| list.id.value.clone()).collect();
    let in_lists = |id: &String| {
        let indicator = framework.indicators.get(id);
        indicator.is_some_and(|of| of.listed.iter().any(|at| listed.contains(&at.list.value)))
    };
    let kept: std::collections::BTreeSet<String> =
        framework.indicators.keys().filter(|id| in_lists(id)).cloned().collect();
    framework.indicators.retain(|id, _| kept.contains(id));
    framework.identities.clear();
    for indicator in framework.indicators.values_mut() {
        indicator.relations.retain(|relation| kept.contains(&relation.target.value));
    }
    const HOLDERS: [&str; 8] = [
        "childrens-services",
        "police",
        "la-hr",
        "caf-coordinator",
        "pct-public-health",
        "ons",
        "conference-administration",
        "lado",
    ];
    let name = |number: usize, was: &mut String| {
        if !HOLDERS.contains(&was.as_str())
            && let Some(holder) = HOLDERS.get(number % HOLDERS.len())
        {
            (*holder).clone_into(was);
        }
    };
    for (number, dataset) in framework.datasets.values_mut().enumerate() {
        name(number, &mut dataset.holder.value);
    }
    for (number, indicator) in framework.indicators.values_mut().enumerate() {
        for holder in &mut indicator.holders {
            name(number, &mut holder.value);
        }
        for holder in indicator.needs.iter_mut().filter_map(|need| need.holder.as_mut()) {
            name(number, &mut holder.value);
        }
    }
    let (checked, findings) = check(framework);
    checked.unwrap_or_else(|| panic!("the framework does not check: {findings:?}"))
}

fn quarters() -> Vec<Period> {
    let first = Period::quarter(2000, 1).ok();
    std::iter::successors(first, |period| period.next()).take(QUARTERS).collect()
}

fn circumstances() -> Circumstances {
    let as_of = chrono::NaiveDate::from_ymd_opt(2010, 4, 30).unwrap_or_default();
    Circumstances { periods: quarters(), ..Circumstances::on(as_of) }
}

/// A delivery of every dataset in every quarter from every authority; one in seven did not come, one in eleven lacks a
/// column, one in thirteen is thin.
fn arrived(checked: &Checked) -> Arrived {
    let quarters = quarters();
    let datasets: Vec<_> = checked.framework().datasets.values().collect();
    let places = (0..AUTHORITIES).flat_map(|authority| (0..quarters.len()).map(move |at| (authority, at)));
    let pieces =
        places.flat_map(|(authority, at)| (0..datasets.len()).map(move |number| (authority, at, number)));
    Arrived::of_profiles(pieces.filter_map(|(authority, at, number)| {
        let (quarter, dataset) = (quarters.get(at)?, datasets.get(number)?);
        let chance = authority * 31 + at * 17 + number * 7;
        let thin = if chance % 13 == 0 { 60 } else { 100 };
        let fields = dataset.fields.iter().skip(usize::from(chance % 11 == 0)).map(|field| FieldProfile {
            field: field.name.value.as_str().into(),
            known: thin,
            missing: 100 - thin,
            rejected: 0,
            suppressed: 0,
            days: None,
        });
        let module = Module {
            dataset: dataset.id.value.clone(),
            carried: true,
            rows: 100,
            cover: Cover::all(Days { first: quarter.first_day(), last: quarter.last_day() }),
            fields: fields.collect(),
        };
        (chance % 7 != 0).then(|| Profile {
            name: format!("{}-{at}", dataset.id.value),
            kind: dataset.carried_by.value.clone(),
            area: format!("E{authority:08}"),
            reference_date: Some(quarter.last_day()),
            modules: vec![module],
            rejected_records: 0,
            rejected_values: 0,
        })
    }))
}

/// The most memory that the process has held, where the system says.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn statuses(bencher: Bencher<'_, '_>) {
    let checked = framework();
    let (arrived, when) = (arrived(&checked), circumstances());
    bencher.bench_local(|| matrix(&checked, &arrived, &when));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn rolled_up_to_periods_and_agencies(bencher: Bencher<'_, '_>) {
    let checked = framework();
    let (arrived, when) = (arrived(&checked), circumstances());
    let matrix = matrix(&checked, &arrived, &when);
    bencher.bench_local(|| matrix.rows(Grain { period: true, agency: true, ..Grain::default() }).len());
}
