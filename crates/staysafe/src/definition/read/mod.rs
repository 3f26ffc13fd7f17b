//! Reading a framework's files: all problems of all files at once, each with its place.
//!
//! ```text
//! text ─ TOML ─▶ Table, Entry ─ framework, lists, dataset, indicator, … ─▶ Framework, Diagnostics
//! ```
//! A value that cannot be read is reported and left out, and its file is named in
//! [`Framework::incomplete`]: what else the file says can still be checked, but is never calculated.

mod aliases;
mod board;
mod breakdown;
mod calculation;
mod dataset;
mod derived;
mod example;
mod file;
mod framework;
mod hint;
mod indicator;
mod lists;
mod phrase;
#[cfg(test)]
mod robust;
mod scalar;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod workflow;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use aliases::read_aliases;
pub use board::{PLAN_FILE, every_word, read_board};
pub use workflow::{read_log, role_word, write_event};

use file::File;
use syntax::readable;
use toml::de::DeTable;
use workflow::ROLES;

use super::framework::Framework;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span, nearest};

/// Reads the files of a framework: pairs of path and text, in any order.
///
/// What a file is follows from the end of its path (`indicators/cs-14.toml`), so that a caller may give
/// paths as its user knows them. Findings come in the order of file and place; a framework with errors is
/// returned as far as it could be read, with the files at fault in [`Framework::incomplete`].
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// let framework = ("framework.toml", "id = \"board\"\ntitle = \"A board\"\n");
/// let (read_well, findings) = read([framework]);
/// assert!(findings.is_empty());
/// assert_eq!(read_well.title, "A board");
///
/// let (_, findings) = read([framework, ("lists.toml", "[[list]]\nid = \"a\"\nheding = \"A\"\n")]);
/// let finding = findings.iter().next().unwrap();
/// assert_eq!(finding.code.as_str(), "unknown-key");
/// assert_eq!(finding.label, "did you mean `heading`?");
/// ```
pub fn read<P, T>(files: impl IntoIterator<Item = (P, T)>) -> (Framework, Diagnostics)
where
    P: Into<Arc<str>>,
    T: Into<Arc<str>>,
{
    let mut diagnostics = Diagnostics::new();
    let mut texts: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for (path, text) in files {
        let path: Arc<str> = path.into();
        let path: Arc<str> = if path.contains('\\') { path.replace('\\', "/").into() } else { path };
        if texts.contains_key(&path) {
            let place = Span { file: path, start: 0, end: 0 };
            let twice = Diagnostic::new(Code::DuplicateId, place, "this file is given twice");
            diagnostics.push(twice.help("give each file once; the first text was read"));
            continue;
        }
        texts.insert(path, text.into());
    }
    let mut framework = Framework::default();
    for (path, text) in &texts {
        let found = one_file(&mut framework, path, text);
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            framework.incomplete.insert(Arc::clone(path));
        }
        diagnostics.extend(found);
    }
    if !texts.keys().any(|path| Place::of(path) == Some(Place::Framework)) {
        let message = "a framework needs a file `framework.toml`";
        let help = "add one that says what the framework is: id = \"board\" and title = \"…\"";
        diagnostics.push(Diagnostic::nowhere(Code::MissingFile, message).help(help));
    }
    for (path, text) in texts {
        framework.files.insert(path, text);
    }
    diagnostics.sort();
    (framework, diagnostics)
}

/// What a file is, by where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Framework,
    Lists,
    Sources,
    Agencies,
    Areas,
    Aliases,
    Workflow,
    CodeSet,
    Dataset,
    Derived,
    Indicator,
}

const FILES: &[(&str, Place)] = &[
    ("framework.toml", Place::Framework),
    ("lists.toml", Place::Lists),
    ("sources.toml", Place::Sources),
    ("agencies.toml", Place::Agencies),
    ("areas.toml", Place::Areas),
    ("aliases.toml", Place::Aliases),
    ("workflow.toml", Place::Workflow),
];
const FOLDERS: &[(&str, Place)] = &[
    ("codes", Place::CodeSet),
    ("datasets", Place::Dataset),
    ("derived", Place::Derived),
    ("indicators", Place::Indicator),
];

impl Place {
    fn of(path: &str) -> Option<Self> {
        let mut parts = path.rsplit('/');
        let (name, folder) = (parts.next()?, parts.next().unwrap_or(""));
        let of = |places: &[(&str, Self)], word: &str| {
            places.iter().find(|(known, _)| *known == word).map(|(_, place)| *place)
        };
        match of(FOLDERS, folder) {
            Some(place) => name.strip_suffix(".toml").filter(|stem| !stem.is_empty()).map(|_| place),
            None => of(FILES, name),
        }
    }
}

/// Reads one file into the framework; what was found in it.
fn one_file(framework: &mut Framework, path: &Arc<str>, text: &str) -> Diagnostics {
    let Some(place) = Place::of(path) else {
        return Diagnostics::from(unknown_file(path));
    };
    let readable = readable(path, text);
    let (table, _) = DeTable::parse_recoverable(&readable.text);
    let table = table.get_ref();
    let file = File::new(Arc::clone(path), text, readable.broken, readable.found);
    match place {
        Place::Framework => framework::framework(&file, table, framework),
        Place::Lists => lists::lists(&file, table, framework),
        Place::Sources => lists::sources(&file, table, framework),
        Place::Agencies => lists::agencies(&file, table, framework),
        Place::Areas => lists::areas(&file, table, framework),
        Place::Aliases => aliases::aliases(&file, table, &mut framework.aliases),
        Place::Workflow => workflow::ways(&file, table, framework),
        Place::CodeSet => dataset::code_set(&file, table, framework),
        Place::Dataset => dataset::dataset(&file, table, framework),
        Place::Derived => derived::derived(&file, table, framework),
        Place::Indicator => indicator::indicator(&file, table, framework),
    }
    file.into_found()
}

fn unknown_file(path: &Arc<str>) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = FILES.iter().map(|(name, _)| *name);
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a framework has framework.toml, lists.toml, sources.toml, agencies.toml, areas.toml, aliases.toml, workflow.toml, and TOML files \
                 in the folders codes, datasets, derived and indicators"
            .to_owned(),
    };
    let place = Span { file: Arc::clone(path), start: 0, end: 0 };
    Diagnostic::new(Code::UnknownFile, place, format!("`{path}` is not a file of a framework")).help(help)
}
