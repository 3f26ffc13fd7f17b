//! What the paths that a caller gives stand for: files that are returns of their own, and tables that together
//! are one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::{FaultKind, FileFault};
use crate::kind::{Kind, recognise};
use crate::pattern::{Found, Pattern};
use crate::registers::{self, Sniffed};
use crate::returns::{Notice, ReadOptions};
use crate::ssda903::{columns_known, is_xml, sniff};

/// So many files that are passed over are named.
const MOST_NAMED: usize = 10;

/// One return to be read.
#[derive(Debug)]
pub(crate) enum Input {
    /// A file that is a return.
    Census { name: String, path: PathBuf },
    /// A file that holds tables of the framework, with the area and year that its folders name.
    Register(Register),
    /// Files that are one looked-after return: its tables, or the one file of its XML form.
    LookedAfter(LookedAfter),
}

/// A register, with the area and year that its folders name.
#[derive(Debug, Default)]
pub(crate) struct Register {
    pub(crate) name: String,
    /// One, but for the lists of an extract: the name of each, and where it is.
    pub(crate) files: Vec<(String, PathBuf)>,
    pub(crate) area: Option<String>,
    pub(crate) year: Option<i32>,
}

/// A looked-after return, with the area and year that its folders name.
#[derive(Debug, Default)]
pub(crate) struct LookedAfter {
    pub(crate) name: String,
    /// The name of each file within the return, and where it is.
    pub(crate) files: Vec<(String, PathBuf)>,
    pub(crate) area: Option<String>,
    pub(crate) year: Option<i32>,
}

impl Input {
    fn tables(name: String, files: Vec<PathBuf>) -> Self {
        Self::LookedAfter(LookedAfter::tables(name, files))
    }

    fn register(name: String, path: PathBuf) -> Self {
        Self::Register(Register { files: vec![(name.clone(), path)], name, ..Register::default() })
    }

    /// Lists of one extract, a file to a list.
    fn lists(name: String, files: Vec<PathBuf>) -> Self {
        let files = files.into_iter().map(|path| (short(&path), path)).collect();
        Self::Register(Register { name, files, ..Register::default() })
    }

    /// A file that is a whole return.
    fn xml(name: String, path: PathBuf) -> Self {
        Self::LookedAfter(LookedAfter { files: vec![(name.clone(), path)], name, ..LookedAfter::default() })
    }
}

impl LookedAfter {
    fn tables(name: String, files: Vec<PathBuf>) -> Self {
        let files = files.into_iter().map(|path| (format!("{name}/{}", short(&path)), path)).collect();
        Self { name, files, ..Self::default() }
    }
}

/// The area, the year and the folder that a pattern finds.
type Of = (Option<String>, Option<i32>, String);

/// Everything that the paths stand for, in their order.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) found: Vec<Input>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) faults: Vec<FileFault>,
}

/// What a file is: enough to say where it goes.
enum What {
    Census,
    LookedAfterXml,
    Table,
    Register,
    /// A list of an extract.
    List,
    /// Nothing that is read; what it nearly is, in words.
    Other(Kind, Option<String>),
}

/// Looks at every path.
pub(crate) fn inputs<P: AsRef<Path>>(paths: &[P], options: &ReadOptions) -> Inputs {
    let names = names(paths);
    let mut all = Inputs::default();
    // Tables that are named one by one are one return for each folder they lie in.
    let mut loose: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut lists: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for (path, name) in paths.iter().zip(&names) {
        let path = path.as_ref();
        if path.is_dir() {
            match &options.pattern {
                Some(pattern) => all.by_pattern(path, name, pattern, options),
                None => all.folder(path, name, options),
            }
            continue;
        }
        match look(path, options) {
            Err(error) => all.faults.push(unreadable(name, &error)),
            Ok(What::Census) => all.found.push(Input::Census { name: name.clone(), path: path.to_owned() }),
            Ok(What::LookedAfterXml) => all.found.push(Input::xml(name.clone(), path.to_owned())),
            Ok(What::Table) => all.loose(path, &mut loose),
            Ok(What::Register) => all.found.push(Input::register(name.clone(), path.to_owned())),
            Ok(What::List) => lists.entry(parent(path)).or_default().push(path.to_owned()),
            Ok(What::Other(kind, None)) => all.faults.push(kind.refuse(name)),
            Ok(What::Other(_, Some(help))) => {
                let message = "it is nearly a list that is read, and cannot be told to be one";
                all.faults.push(FileFault::new(name, FaultKind::AnotherKind, message, help));
            }
        }
    }
    for (folder, files) in lists {
        let alone = if let [only] = files.as_slice() { Some(short(only)) } else { None };
        let of_folder = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = alone.or_else(of_folder).unwrap_or_else(|| "lists".to_owned());
        all.found.push(Input::lists(name, files));
    }
    all
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

impl Inputs {
    fn loose(&mut self, path: &Path, loose: &mut BTreeMap<PathBuf, usize>) {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let known = loose.get(&folder).and_then(|place| self.found.get_mut(*place));
        if let Some(Input::LookedAfter(of)) = known {
            of.files.push((format!("{}/{}", of.name, short(path)), path.to_owned()));
            return;
        }
        let name = folder
            .file_name()
            .map_or_else(|| "ssda903".to_owned(), |name| name.to_string_lossy().into_owned());
        loose.insert(folder, self.found.len());
        self.found.push(Input::tables(name, vec![path.to_owned()]));
    }

    /// A folder: each census in it is a return, its tables together are one.
    fn folder(&mut self, folder: &Path, name: &str, options: &ReadOptions) {
        let (files, folders) = match entries(folder) {
            Ok(found) => found,
            Err(error) => return self.faults.push(unreadable(name, &error)),
        };
        let mut tables = Vec::new();
        let mut lists = Vec::new();
        let mut passed = Vec::new();
        let before = self.found.len();
        for file in files {
            let within = format!("{}/{}", name.trim_end_matches('/'), short(&file));
            match look(&file, options) {
                Err(error) => self.faults.push(unreadable(&within, &error)),
                Ok(What::Census) => self.found.push(Input::Census { name: within, path: file }),
                Ok(What::LookedAfterXml) => self.found.push(Input::xml(within, file)),
                Ok(What::Table) => tables.push(file),
                Ok(What::Register) => self.found.push(Input::register(within, file)),
                Ok(What::List) => lists.push(file),
                Ok(What::Other(_, near)) => {
                    let near = near.map(|near| Notice::new(&within, "nearly-a-list", near));
                    self.notices.extend(near);
                    passed.push(short(&file));
                }
            }
        }
        if !lists.is_empty() {
            self.found.push(Input::lists(name.to_owned(), lists));
        }
        if !tables.is_empty() {
            self.found.push(Input::tables(name.to_owned(), tables));
        }
        if self.found.len() == before {
            let help = if folders.is_empty() {
                "expected children in need censuses (XML) or looked-after children returns (XML, or their tables as CSV)"
            } else {
                "there are folders in it: give each of them, or say with a pattern what they are called for, as in \
                 {area}/{year}/*.csv"
            };
            self.faults.push(FileFault::new(name, FaultKind::Empty, "no return is in this folder", help));
        } else if !passed.is_empty() {
            self.passed_over(name, &passed, "no return and no table of one");
        }
    }

    /// A folder whose folders say whose a file is and of which year.
    fn by_pattern(&mut self, folder: &Path, name: &str, pattern: &Pattern, options: &ReadOptions) {
        let mut files = Vec::new();
        let mut seen = BTreeSet::new();
        if let Err(error) = walk(folder, "", &mut seen, &mut files) {
            return self.faults.push(unreadable(name, &error));
        }
        let mut groups: BTreeMap<Of, Vec<PathBuf>> = BTreeMap::new();
        let mut lists: BTreeMap<Of, Vec<(String, PathBuf)>> = BTreeMap::new();
        let mut outside = Vec::new();
        let mut other = Vec::new();
        let before = self.found.len();
        for (within, path) in files {
            let whole = format!("{}/{within}", name.trim_end_matches('/'));
            match (look(&path, options), pattern.find(&within)) {
                (Err(error), _) => self.faults.push(unreadable(&whole, &error)),
                (Ok(What::Census), _) => self.found.push(Input::Census { name: whole, path }),
                (Ok(What::LookedAfterXml), found) => {
                    let Found { area, year, .. } = found.unwrap_or_default();
                    let files = vec![(whole.clone(), path)];
                    self.found.push(Input::LookedAfter(LookedAfter { name: whole, files, area, year }));
                }
                (Ok(What::Register), found) => {
                    let Found { area, year, .. } = found.unwrap_or_default();
                    let files = vec![(whole.clone(), path)];
                    self.found.push(Input::Register(Register { name: whole, files, area, year }));
                }
                (Ok(What::Table), Some(found)) => {
                    groups.entry((found.area, found.year, found.folder)).or_default().push(path);
                }
                (Ok(What::List), found) => {
                    let Found { area, year, folder } = found.unwrap_or_default();
                    lists.entry((area, year, folder)).or_default().push((within, path));
                }
                (Ok(What::Table), None) => outside.push(within),
                (Ok(What::Other(_, near)), _) => {
                    let near = near.map(|near| Notice::new(&whole, "nearly-a-list", near));
                    self.notices.extend(near);
                    other.push(within);
                }
            }
        }
        for ((area, year, below), files) in lists {
            let name = if below.is_empty() {
                name.to_owned()
            } else {
                format!("{}/{below}", name.trim_end_matches('/'))
            };
            self.found.push(Input::Register(Register { name, files, area, year }));
        }
        for ((area, year, below), files) in groups {
            let name = if below.is_empty() {
                name.to_owned()
            } else {
                format!("{}/{below}", name.trim_end_matches('/'))
            };
            let mut of = LookedAfter::tables(name, files);
            (of.area, of.year) = (area, year);
            self.found.push(Input::LookedAfter(of));
        }
        if self.found.len() == before {
            let message = format!("no table of a return lies where the pattern {pattern} says");
            let help = match outside.first() {
                Some(first) => format!(
                    "found {first} instead; write the pattern so that it fits the whole path below the folder"
                ),
                None => "there is no table of a looked-after children return below this folder".to_owned(),
            };
            self.faults.push(FileFault::new(name, FaultKind::Pattern, message, help));
        } else {
            self.passed_over(name, &outside, "outside the pattern");
            self.passed_over(name, &other, "no return and no table of one");
        }
    }

    fn passed_over(&mut self, name: &str, files: &[String], why: &str) {
        let named: Vec<&str> = files.iter().take(MOST_NAMED).map(String::as_str).collect();
        if !named.is_empty() {
            let more = files.len() - named.len();
            let others = if more == 0 { String::new() } else { format!(" and {more} more") };
            let message = format!("passed over, being {why}: {}{others}", named.join(", "));
            self.notices.push(Notice::new(name, "passed-over", message));
        }
    }
}

/// Looks at the beginning of a file.
fn look(path: &Path, options: &ReadOptions) -> io::Result<What> {
    let mut input = BufReader::with_capacity(64 * 1024, File::open(path)?);
    let head = input.fill_buf()?;
    let name = short(path);
    let kind = recognise(head);
    if let Some(registers) = &options.registers {
        let is_workbook =
            matches!(kind, Kind::Workbook | Kind::Zip) && !name.to_lowercase().ends_with(".zip");
        let may_be_list = matches!(kind, Kind::Csv | Kind::AnnexA | Kind::Text | Kind::Utf16);
        if may_be_list && registers::is_list(&name, head) {
            return Ok(What::List);
        }
        let is_text = matches!(kind, Kind::Csv | Kind::CensusTable | Kind::Text | Kind::Utf16);
        // A dataset may be named as the looked-after return names its columns: who knows more of them is right.
        let is_register =
            |sniffed: Sniffed| sniffed.labelled || sniffed.named > columns_known(&sniffed.header);
        if is_workbook || is_text && registers::sniff(registers, &name, head).is_some_and(is_register) {
            return Ok(What::Register);
        }
    }
    if sniff(&name, head).is_some() {
        return Ok(What::Table);
    }
    Ok(match kind {
        Kind::Xml if is_xml(head) => What::LookedAfterXml,
        Kind::Xml => What::Census,
        kind => {
            let near = options.registers.as_ref().filter(|_| matches!(kind, Kind::Csv | Kind::AnnexA));
            What::Other(kind, near.and_then(|_| registers::nearly(&name, head)))
        }
    })
}

/// The files and the folders of a folder, in order of name; hidden ones are left out.
fn entries(folder: &Path) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !short(&path).starts_with('.') {
            found.push(path);
        }
    }
    found.sort();
    Ok(found.into_iter().partition(|path| path.is_file()))
}

/// Every file below a folder with its path from there; a loop of links ends.
fn walk(
    folder: &Path,
    within: &str,
    seen: &mut BTreeSet<PathBuf>,
    found: &mut Vec<(String, PathBuf)>,
) -> io::Result<()> {
    if !seen.insert(fs::canonicalize(folder)?) {
        return Ok(());
    }
    let (files, folders) = entries(folder)?;
    let below =
        |path: &Path| if within.is_empty() { short(path) } else { format!("{within}/{}", short(path)) };
    found.extend(files.into_iter().map(|path| (below(&path), path)));
    for folder in folders.into_iter().filter(|path| path.is_dir()) {
        walk(&folder, &below(&folder), seen, found)?;
    }
    Ok(())
}

fn short(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> FileFault {
    let help = "give the path of a file that can be read";
    FileFault::new(name, FaultKind::NotReadable, format!("the file cannot be read: {}", error.kind()), help)
}

/// What returns are called: the file's or folder's name, or its whole path where two have one name.
fn names<P: AsRef<Path>>(paths: &[P]) -> Vec<String> {
    let shown = |path: &P| path.as_ref().display().to_string().replace('\\', "/");
    let name = |path: &P| {
        path.as_ref().file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned())
    };
    paths
        .iter()
        .map(|path| {
            let short = name(path);
            let alone = paths.iter().filter(|other| name(other) == short).count() == 1;
            if alone { short } else { shown(path) }
        })
        .collect()
}

/// A file that is opened when it is first read, so that a folder of many does not hold all of them open.
#[derive(Debug)]
pub(crate) enum Later {
    Closed(PathBuf),
    Open(File),
}

impl Read for Later {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Closed(path) = self {
            *self = Self::Open(File::open(path)?);
        }
        match self {
            Self::Open(file) => file.read(buffer),
            Self::Closed(_) => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_told_apart_by_their_path() {
        assert_eq!(
            names(&["a/cin.xml", "b/cin.xml", "c/other.xml", "d/ssda903/"]),
            ["a/cin.xml", "b/cin.xml", "other.xml", "ssda903"]
        );
    }
}
