//! Everybody in turn, in one run: counts compared first, then times and memory, then the table.

use std::collections::BTreeMap;
use std::path::Path;

use super::counts::Counts;
use super::days::DayTable;
use super::definitions::{Size, files, periods};
use super::options::Options;
use super::process::Worker;
use super::report;
use super::tables::Batches;
use super::whole;

/// A number of indicators, in a number of periods.
pub(crate) type Case = (usize, usize);

/// The cases of W.
pub(crate) const CASES: [Case; 3] = [(14, 40), (56, 40), (14, 120)];

/// The case of the whole framework: the census's measures, in four quarters and their year.
pub(crate) const WHOLE: Case = (whole::MEASURES.len(), 5);

/// Who takes part in W: a name, and whether it is a Python program.
const PROGRAMS: [(&str, bool); 8] = [
    ("limit", false),
    ("limit-1", false),
    ("hand", false),
    ("ours", false),
    // With figures and intervals finished, as Python has them.
    ("finished", false),
    ("ours-python", true),
    ("polars", true),
    ("duckdb", true),
];

/// Who takes part in the whole framework.
const PROGRAMS_OF_WHOLE: [(&str, bool); 3] =
    [("whole", false), ("whole-polars", true), ("whole-duckdb", true)];

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Seconds, by program and case.
    pub(crate) seconds: BTreeMap<(String, Case), Vec<f64>>,
    /// The most bytes beyond the loaded tables, by program, of the first case.
    pub(crate) bytes: BTreeMap<String, u64>,
    /// Why a program has no figure for a case.
    pub(crate) left_out: BTreeMap<(String, Case), String>,
}

/// How the counts of a case differ, in words.
type Differences = fn(Case, &[u8], &[u8]) -> Vec<String>;

/// Runs everybody on W and prints the table.
///
/// # Errors
/// Counts that differ: then no time is worth anything.
pub(crate) fn drive(options: &Options) -> Result<(), String> {
    let folder = options.folder.join(format!("w-{}", options.journeys));
    println!("tables: {}", folder.display());
    lay_out(options, &folder)?;
    let measured = turns(options, &folder, &PROGRAMS, &CASES, |case, own, theirs| {
        let counts = |bytes| Size::of(case.0).map(|size| Counts::from_bytes(bytes, size, case.1));
        match (counts(own), counts(theirs)) {
            (Some(own), Some(theirs)) => own.differences(&theirs),
            _ => vec![format!("there is no case of {} indicators", case.0)],
        }
    })?;
    report::print(options, &measured);
    Ok(())
}

/// Runs everybody on the whole framework and prints the table.
///
/// # Errors
/// Counts that differ.
pub(crate) fn drive_whole(options: &Options) -> Result<(), String> {
    let folder = options.whole();
    println!("tables: {}", folder.display());
    whole::lay_out(options.children, &folder)?;
    println!("measures: {}", whole::MEASURES.join(", "));
    let measured = turns(options, &folder, &PROGRAMS_OF_WHOLE, &[WHOLE], |_, own, theirs| {
        let lines = |bytes| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
        let (own, theirs) = (lines(own), lines(theirs));
        let only = |of: &[String], other: &[String], who: &str| {
            let lines = of.iter().filter(|line| !other.contains(line));
            lines.take(10).map(|line| format!("{who}: {line}")).collect::<Vec<_>>()
        };
        [only(&own, &theirs, "only the first"), only(&theirs, &own, "only the second")].concat()
    })?;
    report::print_whole(options, &measured);
    Ok(())
}

/// Loads everybody, compares their counts of each case, and lets them take turns.
fn turns(
    options: &Options,
    folder: &Path,
    programs: &[(&str, bool)],
    cases: &[Case],
    differences: Differences,
) -> Result<Measured, String> {
    let mut measured = Measured::default();
    let mut workers = Vec::new();
    let first = cases.first().ok_or("no cases")?;
    for (name, in_python) in programs {
        if options.without.iter().any(|without| without == name) {
            continue;
        }
        // Memory first, in a process that has done nothing yet.
        let begun = Worker::new(name, *in_python, options, folder).and_then(|mut worker| {
            let answer = worker.ask(&format!("peak {} {}", first.0, first.1))?;
            Ok((worker, answer.number("bytes")))
        });
        match begun {
            Ok((worker, bytes)) => {
                measured.bytes.extend(bytes.map(|bytes| ((*name).to_owned(), bytes as u64)));
                workers.push(worker);
            }
            Err(why) => {
                for case in cases {
                    measured.left_out.insert(((*name).to_owned(), *case), why.clone());
                }
            }
        }
    }
    for case in cases {
        let able = compare(&mut workers, *case, folder, &mut measured, differences)?;
        for round in 0..=options.times {
            for worker in workers.iter_mut().filter(|worker| able.contains(&worker.name)) {
                let answer = worker.ask(&format!("run {} {}", case.0, case.1))?;
                let Some(seconds) = answer.number("seconds") else {
                    measured.left_out.insert((worker.name.clone(), *case), answer.0);
                    continue;
                };
                // The first round warms up.
                if round > 0 {
                    measured.seconds.entry((worker.name.clone(), *case)).or_default().push(seconds);
                }
            }
            eprint!(".");
        }
        eprintln!();
    }
    Ok(measured)
}

/// Writes what the programs in Python read: tables, days, and the frameworks as folders.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn lay_out(options: &Options, folder: &Path) -> Result<(), String> {
    Batches::new(options.rows()).write(folder)?;
    for count in [40, 120] {
        put(&folder.join(format!("days-{count}.csv")), &DayTable::new(&periods(count)?)?.text())?;
    }
    for size in [Size::Fourteen, Size::FiftySix] {
        for (path, text) in files(size)? {
            put(&folder.join(format!("framework-{}", size.indicators())).join(path), &text)?;
        }
    }
    Ok(())
}

fn put(file: &Path, text: &str) -> Result<(), String> {
    let parent = file.parent().unwrap_or(Path::new(""));
    let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(file, text));
    written.map_err(|why| format!("{}: {why}", file.display()))
}

/// Everybody's counts of a case are the same; gives those who can run it.
fn compare(
    workers: &mut [Worker],
    case: Case,
    folder: &Path,
    measured: &mut Measured,
    differences: Differences,
) -> Result<Vec<String>, String> {
    let mut first: Option<(String, Vec<u8>)> = None;
    let mut able = Vec::new();
    let mut alike = Vec::new();
    for worker in workers {
        if worker.name.starts_with("limit") {
            able.push(worker.name.clone());
            continue;
        }
        let file = folder.join(format!("{}-{}-{}.counts", worker.name, case.0, case.1));
        let answer = worker.ask(&format!("counts {} {} {}", case.0, case.1, file.display()))?;
        if answer.0 != "written" {
            measured.left_out.insert((worker.name.clone(), case), answer.0);
            continue;
        }
        let counts = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        match &first {
            None => first = Some((worker.name.clone(), counts)),
            Some((name, held)) if *held != counts => {
                let differences = differences(case, held, &counts);
                return Err(format!("{name} and {} differ: {differences:#?}", worker.name));
            }
            Some(_) => {}
        }
        alike.push(worker.name.clone());
        able.push(worker.name.clone());
    }
    println!("{} indicators in {} periods: the same counts by {}", case.0, case.1, alike.join(", "));
    Ok(able)
}
