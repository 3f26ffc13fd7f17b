//! Makes the files of a synthetic region and reads them as a user would.
#![allow(dead_code)]

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::record::{Data, Profile, Reject};
use staysafe_io::{Notice, Pattern, ReadOptions, Registers, Returns, read_returns};
use staysafe_synth::{Region, Shelf, region};

/// A line of the truths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Truth {
    pub(crate) indicator: String,
    pub(crate) category: String,
    pub(crate) area: String,
    pub(crate) period: String,
    pub(crate) numerator: String,
    pub(crate) denominator: String,
}

/// A region that was written and read again.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) data: Data,
    pub(crate) truths: Vec<Truth>,
    /// What could not be used, and what is odd.
    pub(crate) rejects: Vec<Reject>,
    /// The list of faults that were planted.
    pub(crate) faults: String,
    /// What each return holds.
    pub(crate) profiles: Vec<Profile>,
}

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Shelf for Folder {
    fn open(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap())?;
        Ok(Box::new(BufWriter::new(File::create(path)?)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn framework() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let (checked, findings) = check(framework);
    checked.unwrap_or_else(|| panic!("the shipped framework does not check: {findings:?}"))
}

pub(crate) fn made(checked: &Checked, options: &Region) -> Made {
    let mut folder = Folder(fresh_folder());
    region(options, &mut folder).unwrap();
    let mut returns: Option<Returns> = None;
    let mut add = |more: Returns| {
        if options.faults == 0 {
            assert_eq!(more.rejects, [], "files by the rules have nothing to reject");
        }
        returns = Some(match returns.take() {
            Some(read) => read.and(more),
            None => more,
        });
    };
    for area in &options.areas {
        add(named(checked, registers(checked, &folder.0.join(area).join("registers"))));
        if !folder.0.join(area).join("cin").exists() {
            continue;
        }
        add(named(checked, census(&folder.0.join(area).join("cin"))));
        add(named(checked, looked_after(&folder.0.join(area).join("ssda903"), area)));
    }
    let truths = truths(checked, &fs::read_to_string(folder.0.join("truths.tsv")).unwrap());
    let read = returns.unwrap();
    let faults = fs::read_to_string(folder.0.join("faults.tsv")).unwrap_or_default();
    Made { data: read.data, truths, rejects: read.rejects, faults, profiles: read.profiles }
}

/// Tests run beside each other, and may make the same region.
fn fresh_folder() -> PathBuf {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let name = format!("staysafe-region-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    std::env::temp_dir().join(name)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn census(folder: &Path) -> Returns {
    read_returns(&files(folder), &ReadOptions::default()).unwrap()
}

/// What the files say of themselves is enough.
fn registers(checked: &Checked, folder: &Path) -> Returns {
    let registers = Some(Registers::of(checked.framework()));
    let options = ReadOptions { registers, ..ReadOptions::default() };
    let read = read_returns(&files(folder), &options).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.notices, [], "registers by the rules leave nothing to say");
    read
}

/// The lists of an inspection alone.
pub(crate) fn made_of_lists(checked: &Checked, options: &Region) -> (Made, Vec<Notice>) {
    let mut folder = Folder(fresh_folder());
    region(options, &mut folder).unwrap();
    let registers = Some(Registers::of(checked.framework()));
    let reading = ReadOptions { registers, ..ReadOptions::default() };
    let folders: Vec<PathBuf> =
        options.areas.iter().map(|area| folder.0.join(area).join("annex-a")).collect();
    let read = read_returns(&folders, &reading).unwrap_or_else(|error| panic!("{error}"));
    let read = named(checked, read);
    let truths = truths(checked, &fs::read_to_string(folder.0.join("truths.tsv")).unwrap());
    let faults = fs::read_to_string(folder.0.join("faults.tsv")).unwrap_or_default();
    let made = Made { data: read.data, truths, rejects: read.rejects, faults, profiles: read.profiles };
    (made, read.notices)
}

fn looked_after(folder: &Path, area: &str) -> Returns {
    let pattern = Some("{year}/*.csv".parse::<Pattern>().unwrap());
    let options = ReadOptions { area: Some(area.to_owned()), pattern, ..ReadOptions::default() };
    read_returns(&[folder], &options).unwrap_or_else(|error| panic!("{error}"))
}

/// By the framework's codes, where it knows the area.
fn named(checked: &Checked, mut returns: Returns) -> Returns {
    returns.resolve_areas(checked.framework()).unwrap();
    returns
}

/// The framework's code of an area, where it knows the area.
fn code(checked: &Checked, lea: &str) -> String {
    let mut areas = checked.framework().areas.values();
    let area = areas.find(|area| area.aliases.iter().any(|(_, alias)| alias.value == *lea));
    area.map_or_else(|| lea.to_owned(), |area| area.code.value.clone())
}

fn truths(checked: &Checked, text: &str) -> Vec<Truth> {
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [indicator, category, area, period, numerator, denominator] = cells[..] else {
                panic!("{line}")
            };
            Truth {
                indicator: indicator.to_owned(),
                category: category.to_owned(),
                area: code(checked, area),
                period: period.to_owned(),
                numerator: numerator.to_owned(),
                denominator: denominator.to_owned(),
            }
        })
        .collect()
}
