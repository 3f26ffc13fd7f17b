//! Writes the census of a council that does not exist, and the figures that are true of it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use staysafe_synth::{Options, council};

const USAGE: &str =
    "usage: staysafe-synth --out FILE [--children N] [--seed S] [--year Y] [--lea NNN] [--truths FILE]

  --out FILE       where the census goes
  --children N     how many children it holds (3000)
  --seed S         the same seed makes the same file (1)
  --year Y         the year in which the census ends, on 31 March (2026)
  --lea NNN        the council's three digits (999)
  --truths FILE    where the true figures go, as JSON";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}

fn run(mut words: impl Iterator<Item = String>) -> Result<(), String> {
    let mut options = Options::default();
    let (mut out, mut truths) = (None, None);
    while let Some(word) = words.next() {
        if word == "--help" {
            let _ = writeln!(std::io::stdout(), "{USAGE}");
            return Ok(());
        }
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match word.as_str() {
            "--out" => out = Some(value()?),
            "--truths" => truths = Some(value()?),
            "--lea" => options.lea = lea(value()?)?,
            "--children" => options.children = number(&word, &value()?)?,
            "--seed" => options.seed = number(&word, &value()?)?,
            "--year" => options.year = number(&word, &value()?)?,
            _ => return Err(format!("unknown option {word}\n\n{USAGE}")),
        }
    }
    let out = out.ok_or_else(|| format!("--out is missing\n\n{USAGE}"))?;
    let failed = |path: &str, error: std::io::Error| format!("{path}: {error}");
    let mut file = BufWriter::new(File::create(&out).map_err(|error| failed(&out, error))?);
    let true_figures = council(&options, &mut file).map_err(|error| failed(&out, error))?;
    file.flush().map_err(|error| failed(&out, error))?;
    if let Some(path) = truths {
        std::fs::write(&path, true_figures.to_json()).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} needs a whole number, not {text}"))
}

fn lea(text: String) -> Result<String, String> {
    let three_digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if three_digits { Ok(text) } else { Err(format!("--lea needs three digits, not {text}")) }
}
