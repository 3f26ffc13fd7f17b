//! Returns from files and folders, and what could not be used of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use staysafe::record::{Lost, Reject};
use staysafe_io::{ReadOptions, Returns, read_returns};

use crate::failure::Failure;
use crate::output;
use crate::render::csv;

/// What stands in place of a value that may be personal.
pub(crate) const MASK: &str = "(masked)";

/// The returns to read.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Returns, such as a children in need census in XML; of a folder, the XML files in it.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The returning authority, for files whose header does not name it.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,

    /// Refuse a file that ends in the middle. Without it the whole children before that count, and every
    /// figure from them is marked partly reported, because it is too low.
    #[arg(long)]
    refuse_truncated: bool,

    /// Write everything that could not be used to this file, as CSV.
    #[arg(long, value_name = "FILE.csv")]
    rejects: Option<PathBuf>,

    /// Show values that may be personal instead of masking them.
    #[arg(long)]
    pub(crate) show_values: bool,
}

impl Input {
    /// Reads the returns, and says on standard error what was read and what could not be used.
    pub(crate) fn read(&self) -> Result<Returns, Failure> {
        let options = ReadOptions { refuse_truncated: self.refuse_truncated, area: self.area.clone() };
        let returns = read_returns(&files(&self.files)?, &options).map_err(Failure::new)?;
        for profile in &returns.profiles {
            let carried = profile.modules.iter().filter(|module| module.carried).count();
            let rows: u64 = profile.modules.iter().map(|module| module.rows).sum();
            output::note(&format!(
                "{}: {}, area {}, {carried} of {} modules, {rows} rows",
                profile.name,
                profile.kind,
                profile.area,
                profile.modules.len()
            ));
        }
        for notice in &returns.notices {
            output::note(&format!("{}: note[{}] {}", notice.name, notice.code, notice.message));
        }
        if let Some(text) = summary(&returns.rejects) {
            output::note(&text);
        }
        if let Some(path) = &self.rejects {
            fs::write(path, list(&returns.rejects, self.show_values))
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            output::note(&format!("{} rejects in {}", returns.rejects.len(), path.display()));
        }
        Ok(returns)
    }
}

/// Files as they are; of a folder the XML files in it, in order of name.
fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in given {
        if path.is_dir() {
            let inside =
                in_folder(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            if inside.is_empty() {
                return Err(Failure::new(format!("{}: no XML file is in this folder", path.display())));
            }
            found.extend(inside);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml")) {
            inside.push(path);
        }
    }
    inside.sort();
    Ok(inside)
}

/// How many of what was not used, by code and element; never a value.
fn summary(rejects: &[Reject]) -> Option<String> {
    let mut sorts: BTreeMap<(Lost, &str, &str), (u64, &Reject)> = BTreeMap::new();
    for reject in rejects {
        sorts.entry((reject.lost, &reject.code, &reject.element)).or_insert((0, reject)).0 += 1;
    }
    if sorts.is_empty() {
        return None;
    }
    let mut text = String::from("not used:");
    for ((lost, code, element), (count, first)) in sorts {
        let what = match lost {
            Lost::Value => "values",
            Lost::Record => "records",
            Lost::Child => "children",
            Lost::Nothing => "oddities, nothing lost",
        };
        let line = first.line.map_or_else(String::new, |line| format!(", line {line}"));
        let _ = write!(
            text,
            "\n  {count} × {code} in {element} ({what}); first in {}, record {}{line}",
            first.name, first.record
        );
    }
    text.push_str("\n  --rejects FILE.csv lists them all");
    Some(text)
}

/// Every reject as a line of CSV.
fn list(rejects: &[Reject], show_values: bool) -> String {
    let columns = ["return", "record", "line", "dataset", "element", "code", "lost", "value", "message"];
    let mut text = csv::line(columns);
    for reject in rejects {
        let value =
            if reject.personal && !show_values && !reject.value.is_empty() { MASK } else { &reject.value };
        let lost = match reject.lost {
            Lost::Value => "value",
            Lost::Record => "record",
            Lost::Child => "child",
            Lost::Nothing => "nothing",
        };
        text.push_str(&csv::line([
            &reject.name,
            &reject.record.to_string(),
            &reject.line.map_or_else(String::new, |line| line.to_string()),
            reject.dataset.as_deref().unwrap_or_default(),
            &reject.element,
            &reject.code,
            lost,
            value,
            &reject.message,
        ]));
    }
    text
}
