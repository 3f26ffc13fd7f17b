//! Reading returns from files of any number, each recognised by what is in it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Serialize;
use staysafe::record::{Data, Profile, Reject};

use crate::census::{Account, ReadReturn, read_census};
use crate::error::{FaultKind, FileFault, ReadError};
use crate::kind::{Kind, recognise};

/// How returns are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Refuse a file that ends in the middle, instead of reading the whole children before that. Figures from
    /// part of a census are too low: those that are read are marked *partly reported*, every one.
    pub refuse_truncated: bool,
    /// The returning authority, for files whose header does not name it.
    pub area: Option<String>,
}

/// Returns that were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Returns {
    /// The records, in the order of the files given.
    pub data: Data,
    /// What each return holds, in the same order.
    pub profiles: Vec<Profile>,
    /// What could not be used, of all returns. Values may be personal.
    pub rejects: Vec<Reject>,
    /// What a reader of the figures should know.
    pub notices: Vec<Notice>,
    /// The headers' elements as the files give them, in the same order.
    pub headers: Vec<BTreeMap<String, String>>,
    /// What became of each element of the files, in the same order.
    pub accounts: Vec<Account>,
    /// Hash of the records: the same for the same records in the same order, whatever their files are called.
    pub fingerprint: String,
}

/// Something that a reader of the figures should know about a file that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Notice {
    /// The file.
    pub name: String,
    /// A stable kebab-case code.
    pub code: String,
    /// What it is, in a sentence without a full stop.
    pub message: String,
}

impl Notice {
    pub(crate) fn new(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), code: code.to_owned(), message: message.into() }
    }
}

/// Reads returns. What each file is, is told from its content, never from its name.
///
/// # Errors
/// When any file is refused: the error names every such file, with what it is and how to mend it. A file
/// that can be read with oddities is not refused: they are in [`Returns::rejects`].
///
/// # Example
/// ```no_run
/// use staysafe_io::{ReadOptions, read_returns};
/// let returns = read_returns(&["cin-2023.xml", "cin-2024.xml"], &ReadOptions::default())?;
/// for profile in &returns.profiles {
///     println!("{}: {} values rejected", profile.name, profile.rejected_values);
/// }
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn read_returns<P: AsRef<Path>>(paths: &[P], options: &ReadOptions) -> Result<Returns, ReadError> {
    let names = names(paths);
    let mut reads = Vec::new();
    let mut faults = Vec::new();
    for (path, name) in paths.iter().zip(&names) {
        match read_one(path.as_ref(), name, options) {
            Ok(read) => reads.push(read),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(Returns::collect(reads)) } else { Err(ReadError { faults }) }
}

impl Returns {
    /// Puts returns that were read one by one together.
    pub fn collect(reads: Vec<ReadReturn>) -> Self {
        let mut all = Self {
            data: Data::default(),
            profiles: Vec::new(),
            rejects: Vec::new(),
            notices: Vec::new(),
            headers: Vec::new(),
            accounts: Vec::new(),
            fingerprint: String::new(),
        };
        for read in reads {
            all.data.returns.push(read.data);
            all.profiles.push(read.profile);
            all.rejects.extend(read.rejects);
            all.notices.extend(read.notices);
            all.headers.push(read.header);
            all.accounts.push(read.account);
        }
        all.fingerprint = staysafe::record::fingerprint(&all.data);
        all
    }
}

fn read_one(path: &Path, name: &str, options: &ReadOptions) -> Result<ReadReturn, FileFault> {
    let unreadable = |error: &std::io::Error| {
        let help = "give the path of a file that can be read";
        FileFault::new(
            name,
            FaultKind::NotReadable,
            format!("the file cannot be read: {}", error.kind()),
            help,
        )
    };
    if path.is_dir() {
        let help = "name the files inside it one by one";
        return Err(FileFault::new(name, FaultKind::NotReadable, "this is a folder, not a file", help));
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut input = BufReader::with_capacity(64 * 1024, file);
    let head = input.fill_buf().map_err(|error| unreadable(&error))?;
    match recognise(head) {
        Kind::Xml => read_census(name, input, options),
        kind => Err(kind.refuse(name)),
    }
}

/// What returns are called: the file's name, or its whole path where two files have one name.
fn names<P: AsRef<Path>>(paths: &[P]) -> Vec<String> {
    let short = |path: &P| {
        let name = path.as_ref().file_name();
        name.map_or_else(|| path.as_ref().display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    paths
        .iter()
        .map(|path| {
            let name = short(path);
            let alone = paths.iter().filter(|other| short(other) == name).count() == 1;
            if alone { name } else { path.as_ref().display().to_string().replace('\\', "/") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_of_one_name_are_told_apart_by_their_path() {
        assert_eq!(
            names(&["a/cin.xml", "b/cin.xml", "c/other.xml"]),
            ["a/cin.xml", "b/cin.xml", "other.xml"]
        );
    }

    #[test]
    fn every_refused_file_is_named_at_once() {
        let error = read_returns(&["no/such/file.xml", env!("CARGO_MANIFEST_DIR")], &ReadOptions::default());
        let error = error.unwrap_err();
        let kinds: Vec<FaultKind> = error.faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [FaultKind::NotReadable, FaultKind::NotReadable]);
        assert!(error.to_string().contains("this is a folder"), "{error}");
    }
}
