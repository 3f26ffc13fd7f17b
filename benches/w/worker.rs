//! One program in a process of its own, with its tables loaded, that does what it is told line by line:
//!
//! - `run INDICATORS PERIODS`: counts, and says `seconds S`;
//! - `peak INDICATORS PERIODS`: counts, and says `bytes B`: the most memory beyond what was held before;
//! - `counts INDICATORS PERIODS FILE`: counts, and writes the counts;
//! - whatever cannot be done is answered by `cannot WHY`.
//!
//! The peers in Python understand the same lines.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use staysafe::calculate::finish;
use staysafe::check::Checked;
use staysafe::period::Period;
use staysafe::result::{Partials, Results};

use super::counts::Counts;
use super::definitions::{Size, framework, periods, planned};
use super::options::Options;
use super::{hand, limit, ours, whole};

/// A number of indicators, in a number of periods.
type Case = (usize, usize);

/// Something that counts W.
trait Program {
    type Found;

    /// What does not belong to the time of a case.
    fn prepare(&mut self, case: Case) -> Result<(), String>;
    fn run(&self, case: Case) -> Result<Self::Found, String>;
    /// The counts, in the bytes in which every program writes them.
    fn counts(&self, case: Case, found: &Self::Found) -> Result<Vec<u8>, String>;
}

/// Is the program of this name until its input ends.
pub(crate) fn be(name: &str, options: &Options) -> Result<(), String> {
    match name {
        "ours" => serve(Ours::new(options)?),
        "finished" => serve(Finished(Ours::new(options)?)),
        "hand" => serve(Hand::new(options)),
        "limit" => serve(Limit { tables: hand::Tables::new(options.rows()), threads: options.threads }),
        "whole" => serve(Whole::new(options)?),
        other => Err(format!("no program is called `{other}`")),
    }
}

fn serve(mut program: impl Program) -> Result<(), String> {
    say("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|why| why.to_string())?;
        let answer = answer(&mut program, &line);
        say(&answer.unwrap_or_else(|why| format!("cannot {}", why.replace('\n', " "))));
    }
    Ok(())
}

fn say(line: &str) {
    println!("{line}");
    let _ = std::io::stdout().flush();
}

fn answer(program: &mut impl Program, line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split(' ').collect();
    let number = |word: &str| word.parse().map_err(|_| format!("`{word}` is no number"));
    let [verb, indicators, periods, rest @ ..] = &words[..] else { return Err(format!("`{line}`")) };
    let case = (number(indicators)?, number(periods)?);
    program.prepare(case)?;
    match (*verb, rest) {
        ("run", []) => {
            let started = Instant::now();
            let found = black_box(program.run(case)?);
            let seconds = started.elapsed().as_secs_f64();
            drop(found);
            Ok(format!("seconds {seconds}"))
        }
        ("peak", []) => {
            let before = forget_peak().ok_or("this system does not tell the peak of memory")?;
            let found = black_box(program.run(case)?);
            let peak = memory("VmHWM:").ok_or("this system does not tell the peak of memory")?;
            drop(found);
            Ok(format!("bytes {}", peak.saturating_sub(before)))
        }
        ("counts", [file]) => {
            let counts = program.counts(case, &program.run(case)?)?;
            std::fs::write(file, counts).map_err(|why| format!("{file}: {why}"))?;
            Ok("written".to_owned())
        }
        _ => Err(format!("`{line}` is not understood")),
    }
}

/// Starts the peak of memory anew, and gives what is held now.
fn forget_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    memory("VmRSS:")
}

fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

struct Ours {
    data: staysafe_arrow::Loaded,
    threads: usize,
    cases: BTreeMap<Case, (Checked, Vec<Period>)>,
}

impl Ours {
    fn new(options: &Options) -> Result<Self, String> {
        let data = ours::loaded(&framework(Size::Fourteen)?, options.rows())?;
        Ok(Self { data, threads: options.threads, cases: BTreeMap::new() })
    }
}

impl Program for Ours {
    type Found = Partials;

    fn prepare(&mut self, case: Case) -> Result<(), String> {
        if let Entry::Vacant(entry) = self.cases.entry(case) {
            let size = Size::of(case.0).ok_or("there are 14 or 56 indicators")?;
            entry.insert((framework(size)?, periods(case.1)?));
        }
        Ok(())
    }

    /// Planning is part of it: the others plan their queries too.
    fn run(&self, case: Case) -> Result<Partials, String> {
        let (checked, periods) = self.cases.get(&case).ok_or("not prepared")?;
        let plan = planned(checked, periods)?;
        let watch = staysafe::progress::Watch::nobody();
        let work = ours::work(&watch, self.threads);
        staysafe_arrow::calculate_loaded(checked, &plan, &self.data, &work).map_err(|why| why.to_string())
    }

    fn counts(&self, case: Case, found: &Partials) -> Result<Vec<u8>, String> {
        let (_, periods) = self.cases.get(&case).ok_or("not prepared")?;
        let counts = Counts::of(found, Size::of(case.0).ok_or("there are 14 or 56 indicators")?, periods)?;
        Ok(counts.bytes())
    }
}

/// As ours, with every figure divided and every interval worked out.
struct Finished(Ours);

impl Program for Finished {
    type Found = (Partials, Results);

    fn prepare(&mut self, case: Case) -> Result<(), String> {
        self.0.prepare(case)
    }

    fn run(&self, case: Case) -> Result<(Partials, Results), String> {
        let (checked, _) = self.0.cases.get(&case).ok_or("not prepared")?;
        let partials = self.0.run(case)?;
        let results = finish(checked, &partials);
        Ok((partials, results))
    }

    fn counts(&self, case: Case, (partials, _): &Self::Found) -> Result<Vec<u8>, String> {
        self.0.counts(case, partials)
    }
}

struct Hand {
    tables: hand::Tables,
    threads: usize,
    plans: BTreeMap<usize, hand::Plan>,
}

impl Hand {
    fn new(options: &Options) -> Self {
        Self { tables: hand::Tables::new(options.rows()), threads: options.threads, plans: BTreeMap::new() }
    }
}

impl Program for Hand {
    type Found = Counts;

    fn prepare(&mut self, (indicators, count): Case) -> Result<(), String> {
        if Size::of(indicators) != Some(Size::Fourteen) {
            return Err("the kernel by hand counts 14 indicators".to_owned());
        }
        if let Entry::Vacant(entry) = self.plans.entry(count) {
            entry.insert(hand::Plan::new(&periods(count)?)?);
        }
        Ok(())
    }

    fn run(&self, (_, count): Case) -> Result<Counts, String> {
        let plan = self.plans.get(&count).ok_or("not prepared")?;
        Ok(hand::count(&self.tables, plan, self.threads))
    }

    fn counts(&self, _: Case, found: &Counts) -> Result<Vec<u8>, String> {
        Ok(found.bytes())
    }
}

/// Reads the columns and counts nothing.
struct Limit {
    tables: hand::Tables,
    threads: usize,
}

impl Program for Limit {
    type Found = u64;

    fn prepare(&mut self, _: Case) -> Result<(), String> {
        Ok(())
    }

    fn run(&self, _: Case) -> Result<u64, String> {
        Ok(limit::sum(&limit::columns(&self.tables), self.threads))
    }

    fn counts(&self, _: Case, _: &u64) -> Result<Vec<u8>, String> {
        Err("reading memory counts nothing".to_owned())
    }
}

/// The shipped framework on a census; there is one case.
struct Whole {
    checked: Checked,
    data: staysafe_arrow::Loaded,
    threads: usize,
}

impl Whole {
    fn new(options: &Options) -> Result<Self, String> {
        let folder = options.whole();
        whole::lay_out(options.children, &folder)?;
        let checked = whole::framework()?;
        let data = whole::loaded(&checked, &folder)?;
        Ok(Self { checked, data, threads: options.threads })
    }
}

impl Program for Whole {
    type Found = Partials;

    fn prepare(&mut self, _: Case) -> Result<(), String> {
        Ok(())
    }

    fn run(&self, _: Case) -> Result<Partials, String> {
        let plan = whole::planned(&self.checked)?;
        let watch = staysafe::progress::Watch::nobody();
        let work = ours::work(&watch, self.threads);
        staysafe_arrow::calculate_loaded(&self.checked, &plan, &self.data, &work)
            .map_err(|why| why.to_string())
    }

    fn counts(&self, _: Case, found: &Partials) -> Result<Vec<u8>, String> {
        whole::lines(found).map(String::into_bytes)
    }
}
