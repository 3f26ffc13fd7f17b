//! Writes the census of a council that does not exist, and the figures that are true of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use staysafe_synth::{Options, Region, Shelf, Truths, consecutive, council, region};

const USAGE: &str =
    "usage: staysafe-synth --out FILE [--children N] [--seed S] [--year Y] [--years N] [--lea NNN] [--truths FILE]

  --out FILE       where the census goes; of several years, their folder
  --children N     how many children it holds (3000)
  --seed S         the same seed makes the same file (1)
  --year Y         the year in which the census ends, on 31 March (2026)
  --years N        a census of each of so many years, the last Y: cin2024.xml, cin2025.xml (1)
  --lea NNN        the council's three digits (999)
  --truths FILE    where the true figures go, as JSON

usage: staysafe-synth --areas NNN[,NNN…] --out FOLDER [--children N] [--seed S] [--year Y] [--years N] [--secure NNN]
                      [--faults N] [--annex-a]

  --areas NNN,…    councils with every return and register of theirs, and their truths in FOLDER/truths.tsv;
                   --years is then how many years they tell of (3); before 2019 there are registers only
  --secure NNN,…   those of them in which children are held in custody
  --annex-a        the lists of an inspection as well, as on the last day: NNN/annex-a/list-3.csv, …
  --faults N       so many faults of each kind, listed in FOLDER/faults.tsv (0)";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}

fn run(mut words: impl Iterator<Item = String>) -> Result<(), String> {
    let mut options = Options::default();
    let (mut out, mut truths, mut years, mut areas) = (None, None, None, Vec::new());
    let (mut secure, mut faults, mut annex_a) = (Vec::new(), 0, false);
    while let Some(word) = words.next() {
        if word == "--help" {
            let _ = writeln!(io::stdout(), "{USAGE}");
            return Ok(());
        }
        if word == "--annex-a" {
            annex_a = true;
            continue;
        }
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match word.as_str() {
            "--out" => out = Some(value()?),
            "--truths" => truths = Some(value()?),
            "--lea" => options.lea = lea(value()?)?,
            "--children" => options.children = number(&word, &value()?)?,
            "--seed" => options.seed = number(&word, &value()?)?,
            "--year" => options.year = number(&word, &value()?)?,
            "--years" => years = Some(number(&word, &value()?)?),
            "--areas" => areas = leas(&value()?)?,
            "--faults" => faults = number(&word, &value()?)?,
            "--secure" => secure = leas(&value()?)?,
            _ => return Err(format!("unknown option {word}\n\n{USAGE}")),
        }
    }
    let out = out.ok_or_else(|| format!("--out is missing\n\n{USAGE}"))?;
    let failed = |path: &str, error: io::Error| format!("{path}: {error}");
    if !areas.is_empty() {
        if truths.is_some() {
            return Err(format!(
                "--truths is for one council: with --areas they are in the folder\n\n{USAGE}"
            ));
        }
        let Options { children, seed, year, .. } = options;
        let made = Region { children, seed, year, years: years.unwrap_or(3), areas, secure, faults, annex_a };
        return region(&made, &mut Folder(PathBuf::from(&out))).map_err(|error| failed(&out, error));
    }
    if annex_a {
        return Err(format!("--annex-a goes with --areas\n\n{USAGE}"));
    }
    let years = years.unwrap_or(1);
    let true_figures = if years == 1 { one(&options, &out) } else { several(&options, years, &out) }
        .map_err(|error| failed(&out, error))?;
    if let Some(path) = truths {
        fs::write(&path, true_figures.to_json()).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

/// A folder on disk.
struct Folder(PathBuf);

impl Shelf for Folder {
    fn open(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&self.0))?;
        Ok(Box::new(BufWriter::new(File::create(path)?)))
    }
}

fn one(options: &Options, out: &str) -> io::Result<Truths> {
    let mut file = BufWriter::new(File::create(out)?);
    let truths = council(options, &mut file)?;
    file.flush()?;
    Ok(truths)
}

fn several(options: &Options, years: i32, out: &str) -> io::Result<Truths> {
    let made = consecutive(options, years)?;
    fs::create_dir_all(out)?;
    for (census, year) in made.censuses.iter().rev().zip((0..=options.year).rev()) {
        fs::write(Path::new(out).join(format!("cin{year}.xml")), census)?;
    }
    Ok(made.truths)
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} needs a whole number, not {text}"))
}

fn leas(text: &str) -> Result<Vec<String>, String> {
    text.split(',').map(|area| lea(area.to_owned())).collect()
}

fn lea(text: String) -> Result<String, String> {
    let three_digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if three_digits { Ok(text) } else { Err(format!("a council goes by three digits, not by {text}")) }
}
