//! Returns from files and folders, and what could not be used of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use staysafe::calculate::join::join;
use staysafe::check::Checked;
use staysafe::period::Period;
use staysafe::record::{Data, Lost, Reject};
use staysafe_io::{
    Pattern, ReadOptions, Registers, Returns, Unmapped, read_alias_file, read_returns, unmapped,
};

use crate::Ending;
use crate::failure::Failure;
use crate::output;
use crate::render::{csv, revisions};

/// What stands in place of a value that may be personal.
pub(crate) const MASK: &str = "(masked)";

/// The returns to read.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Returns: a children in need census (XML), the tables of a looked-after children return (CSV) one by one
    /// or as their folder, and registers that partners filled in (CSV or xlsx).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The returning authority, for returns that do not name it: its code, or another it goes by, as 805.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,

    /// The year to 31 March of which a return speaks, for returns that do not name it: 2018 is 2017-18.
    #[arg(long, value_name = "YYYY")]
    year: Option<i32>,

    /// The agency that filled a register in, for registers that do not name it.
    #[arg(long, value_name = "ID")]
    agency: Option<String>,

    /// The period of which a register speaks, for registers that do not name it, as in '2010-11 Q1'.
    #[arg(long, value_name = "PERIOD")]
    return_period: Option<Period>,

    /// The day on which the lists of an Annex A were made, where they do not say it, as 2010-12-31.
    #[arg(long, value_name = "DAY")]
    extracted: Option<NaiveDate>,

    /// How the folders below a folder say whose a table is and of which year, as in '{area}/{year}/*.csv'.
    #[arg(long, value_name = "PATTERN")]
    pattern: Option<Pattern>,

    /// Refuse a file that ends in the middle. Without it the whole children before that count, and every
    /// figure from them is marked partly reported, because it is too low.
    #[arg(long)]
    refuse_truncated: bool,

    /// Write everything that could not be used to this file, as CSV.
    #[arg(long, value_name = "FILE.csv")]
    rejects: Option<PathBuf>,

    /// A TOML file of local spellings of codes, a table to a code set, beside those of the framework.
    #[arg(long, value_name = "FILE.toml")]
    aliases: Option<PathBuf>,

    /// Write each value that is no code of its set to this file, as CSV: how often, and the nearest code.
    #[arg(long, value_name = "FILE.csv")]
    unmapped: Option<PathBuf>,

    /// Write each record that stood twice, or that a later return revised or no longer holds, to this file, as CSV.
    #[arg(long, value_name = "FILE.csv")]
    revisions: Option<PathBuf>,

    /// Show values that may be personal instead of masking them.
    #[arg(long)]
    pub(crate) show_values: bool,
}

impl Input {
    /// Reads the returns, as [`read`](Self::read) does; of no file there are none.
    pub(crate) fn read_any(&self, checked: &Checked) -> Result<Returns, Failure> {
        if self.files.is_empty() { Ok(Returns::collect(Vec::new())) } else { self.read(checked) }
    }

    /// Reads the returns, and says on standard error what was read, what could not be used and what stood twice.
    pub(crate) fn read(&self, checked: &Checked) -> Result<Returns, Failure> {
        let mut registers = Registers::of(checked.framework());
        if let Some(path) = &self.aliases {
            let aliases = read_alias_file(path, checked.framework()).map_err(Failure::new)?;
            registers = registers.with_aliases(aliases);
        }
        let options = ReadOptions {
            refuse_truncated: self.refuse_truncated,
            area: self.area.clone(),
            year: self.year,
            pattern: self.pattern.clone(),
            registers: Some(registers),
            agency: self.agency.clone(),
            period: self.return_period,
            status: None,
            extracted: self.extracted,
        };
        let mut returns = read_returns(&self.files, &options).map_err(Failure::new)?;
        returns.settle(checked.framework()).map_err(Failure::new)?;
        returns.reject_counts(checked);
        for fault in &returns.refused {
            output::note(&fault.to_string());
        }
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
        for notice in returns.notices_told() {
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
        self.say_unmapped(&unmapped(&returns.rejects, checked.framework()))?;
        self.say_joined(checked, &returns.data)?;
        Ok(returns)
    }

    /// Says what no code was found for, column by column; the values themselves only where they are asked for.
    fn say_unmapped(&self, found: &[Unmapped]) -> Result<(), Failure> {
        if !found.is_empty() {
            output::note(&unmapped_summary(found, self.show_values));
        }
        if let Some(path) = &self.unmapped {
            fs::write(path, unmapped_list(found, self.show_values))
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            output::note(&format!("{} spellings in {}", found.len(), path.display()));
        }
        Ok(())
    }

    /// Says what was found where records stood twice: in one return, or in several of one authority.
    fn say_joined(&self, checked: &Checked, data: &Data) -> Result<(), Failure> {
        let joined = join(checked, data).map_err(Failure::new)?;
        for text in revisions::summary(&joined) {
            output::note(&text);
        }
        if let Some(path) = &self.revisions {
            fs::write(path, revisions::csv(&joined, self.show_values))
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            output::note(&format!("{} revisions in {}", joined.findings.len(), path.display()));
        }
        Ok(())
    }
}

/// How a command ends that had its answer: a partner's file that could not be used is a finding.
pub(crate) fn ending(returns: &Returns) -> Ending {
    if returns.refused.is_empty() { Ending::Clean } else { Ending::Findings }
}

/// How many of what was not used, by code and element; never a value.
pub(crate) fn summary(rejects: &[Reject]) -> Option<String> {
    let mut sorts: BTreeMap<(Lost, &str, &str), (u64, &Reject)> = BTreeMap::new();
    for reject in rejects {
        sorts.entry((reject.lost, &reject.code, &reject.element)).or_insert((0, reject)).0 += reject.times;
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
        let record = if first.record > 0 { format!(", record {}", first.record) } else { String::new() };
        let _ =
            write!(text, "\n  {count} × {code} in {element} ({what}); first in {}{record}{line}", first.name);
    }
    text.push_str("\n  --rejects FILE.csv lists them all");
    Some(text)
}

/// Values that are no code of their set: for each column how many and which codes are near, and how to mend it.
fn unmapped_summary(found: &[Unmapped], show_values: bool) -> String {
    let mut columns: BTreeMap<(&str, &str, &str), Vec<&Unmapped>> = BTreeMap::new();
    for of in found {
        columns.entry((&of.codes, &of.dataset, &of.element)).or_default().push(of);
    }
    let mut text = String::from("no code of their set:");
    for ((codes, dataset, element), of) in columns {
        let times: u64 = of.iter().map(|of| of.times).sum();
        let spellings =
            if of.len() == 1 { "one spelling".to_owned() } else { format!("{} spellings", of.len()) };
        let _ = write!(text, "\n  {times} × in {element} of {dataset} (code set {codes}), {spellings}");
        for of in of {
            let value = if show_values { format!("'{}'", of.value) } else { MASK.to_owned() };
            let near = of
                .nearest
                .as_deref()
                .map_or_else(|| "none is near".to_owned(), |near| format!("nearest {near}"));
            let _ = write!(text, "\n    {} × {value}: {near}", of.times);
        }
    }
    let asked = if show_values { "" } else { " --show-values shows the values," };
    let _ = write!(
        text,
        "\n  {asked} --unmapped FILE.csv lists them; write what they stand for into a file, as in [ethnicity] \"White - \
         British\" = \"WBRI\", and give it as --aliases FILE.toml"
    );
    text
}

/// Every value that is no code of its set as a line of CSV.
fn unmapped_list(found: &[Unmapped], show_values: bool) -> String {
    let mut text = csv::line(["codes", "dataset", "element", "value", "times", "nearest"]);
    for of in found {
        let value = if show_values { of.value.as_str() } else { MASK };
        let near = of.nearest.as_deref().unwrap_or_default();
        text.push_str(&csv::line([&of.codes, &of.dataset, &of.element, value, &of.times.to_string(), near]));
    }
    text
}

/// Every reject as a line of CSV.
pub(crate) fn list(rejects: &[Reject], show_values: bool) -> String {
    let columns =
        ["return", "record", "line", "dataset", "element", "code", "lost", "times", "value", "message"];
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
            &reject.times.to_string(),
            value,
            &reject.message,
        ]));
    }
    text
}
