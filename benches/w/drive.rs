//! Everybody in turn, in one run: counts compared first, then times and memory, then the table.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::counts::Counts;
use super::days::DayTable;
use super::definitions::{Size, periods};
use super::options::Options;
use super::report;
use super::tables::Batches;

/// A number of indicators, in a number of periods.
pub(crate) type Case = (usize, usize);

/// The cases of the table.
pub(crate) const CASES: [Case; 3] = [(14, 40), (56, 40), (14, 120)];

/// Who takes part: a name, and whether it is a Python program.
const PROGRAMS: [(&str, bool); 7] = [
    ("limit", false),
    ("limit-1", false),
    ("hand", false),
    ("ours", false),
    ("ours-python", true),
    ("polars", true),
    ("duckdb", true),
];

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

/// Runs everybody and prints the table.
///
/// # Errors
/// Counts that differ: then no time is worth anything.
pub(crate) fn drive(options: &Options) -> Result<(), String> {
    let folder = options.folder.join(format!("w-{}", options.journeys));
    println!("tables: {}", folder.display());
    Batches::new(options.rows()).write(&folder)?;
    for count in [40, 120] {
        let file = folder.join(format!("days-{count}.csv"));
        let text = DayTable::new(&periods(count)?)?.text();
        std::fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
    }
    let mut measured = Measured::default();
    let mut workers = Vec::new();
    for (name, in_python) in PROGRAMS {
        if options.without.iter().any(|without| without == name) {
            continue;
        }
        // Memory first, in a process that has done nothing yet.
        let begun = Worker::new(name, in_python, options, &folder).and_then(|mut worker| {
            let answer = worker.ask(&format!("peak {} {}", CASES[0].0, CASES[0].1))?;
            Ok((worker, answer.number("bytes")))
        });
        match begun {
            Ok((worker, bytes)) => {
                measured.bytes.extend(bytes.map(|bytes| (name.to_owned(), bytes as u64)));
                workers.push(worker);
            }
            Err(why) => {
                for case in CASES {
                    measured.left_out.insert((name.to_owned(), case), why.clone());
                }
            }
        }
    }
    for case in CASES {
        let able = compare(&mut workers, case, &folder, &mut measured)?;
        for round in 0..=options.times {
            for worker in workers.iter_mut().filter(|worker| able.contains(&worker.name)) {
                let answer = worker.ask(&format!("run {} {}", case.0, case.1))?;
                let Some(seconds) = answer.number("seconds") else {
                    measured.left_out.insert((worker.name.clone(), case), answer.0);
                    continue;
                };
                // The first round warms up.
                if round > 0 {
                    measured.seconds.entry((worker.name.clone(), case)).or_default().push(seconds);
                }
            }
            eprint!(".");
        }
        eprintln!();
    }
    report::print(options, &measured);
    Ok(())
}

/// Everybody's counts of a case are the same; gives those who can run it.
fn compare(
    workers: &mut [Worker],
    case: Case,
    folder: &std::path::Path,
    measured: &mut Measured,
) -> Result<Vec<String>, String> {
    let size = Size::of(case.0).ok_or("14 or 56 indicators")?;
    let mut first: Option<(String, Counts)> = None;
    let mut able = Vec::new();
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
        let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let counts = Counts::from_bytes(&bytes, size, case.1);
        match &first {
            None => first = Some((worker.name.clone(), counts)),
            Some((name, held)) => {
                let differences = held.differences(&counts);
                if !differences.is_empty() {
                    return Err(format!("{name} and {} differ: {differences:#?}", worker.name));
                }
            }
        }
        able.push(worker.name.clone());
    }
    println!(
        "{} indicators in {} periods: the same {} counts by {}",
        case.0,
        case.1,
        first.as_ref().map_or(0, |(_, counts)| counts.all.len()),
        able.iter().filter(|name| !name.starts_with("limit")).cloned().collect::<Vec<_>>().join(", ")
    );
    Ok(able)
}

struct Worker {
    name: String,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What a worker said.
struct Answer(String);

impl Answer {
    /// The number behind a word.
    fn number(&self, word: &str) -> Option<f64> {
        self.0.strip_prefix(word)?.trim().parse().ok()
    }
}

impl Worker {
    fn new(name: &str, in_python: bool, options: &Options, folder: &std::path::Path) -> Result<Self, String> {
        let mut command = if in_python {
            let Some(python) = &options.python else {
                return Err("no Python was given".to_owned());
            };
            let mut command = Command::new(python);
            command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/w/peers.py"));
            command.arg(name).arg(folder).arg(options.threads.to_string());
            command
        } else {
            let (program, threads) = match name.split_once('-') {
                Some((program, threads)) => (program, threads.to_owned()),
                None => (name, options.threads.to_string()),
            };
            let mut command = Command::new(std::env::current_exe().map_err(|why| why.to_string())?);
            command.args(["worker", program, "--threads", &threads, "--rows", &options.journeys.to_string()]);
            command
        };
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.map_err(|why| why.to_string())?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("no pipes".to_owned());
        };
        let mut worker = Self { name: name.to_owned(), process, input, output: BufReader::new(output) };
        match worker.answer() {
            Ok(Answer(line)) if line == "ready" => Ok(worker),
            Ok(Answer(line)) => Err(line),
            Err(why) => Err(why),
        }
    }

    fn ask(&mut self, line: &str) -> Result<Answer, String> {
        writeln!(self.input, "{line}")
            .and_then(|()| self.input.flush())
            .map_err(|why| self.ended(&why.to_string()))?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer, String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => Err(self.ended("it said nothing more")),
            Ok(_) => Ok(Answer(line.trim_end().to_owned())),
            Err(why) => Err(self.ended(&why.to_string())),
        }
    }

    fn ended(&self, why: &str) -> String {
        format!("{} ended: {why}", self.name)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
