//! Loading a framework from a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use staysafe::definition::framework::Framework;
use staysafe::definition::read::read;
use staysafe::diagnostic::Diagnostics;

use crate::error::{FaultKind, FileFault, ReadError};

/// Loads a framework from a folder: every definition that could be read, and every finding.
///
/// Findings name files by the folder as it was given, so that an editor or a workflow can open them.
///
/// # Errors
/// When the folder does not exist, or a file in it cannot be read or is not UTF-8: every such file is
/// named. Faults inside definitions are findings, not errors.
///
/// # Example
/// ```
/// let folder = std::env::temp_dir().join(format!("staysafe-load-{}", std::process::id()));
/// std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("framework.toml"), "id = 'board'\ntitle = 'A board'\n")?;
/// let (framework, findings) = staysafe_io::load(&folder)?;
/// assert_eq!(framework.title, "A board");
/// assert!(findings.is_empty());
///
/// std::fs::write(folder.join("framework.toml"), "id = 'board'\ntitel = 'A board'\n")?;
/// let (_, findings) = staysafe_io::load(&folder)?;
/// assert!(findings.iter().any(|finding| finding.code.as_str() == "unknown-key"));
/// std::fs::remove_dir_all(&folder)?;
///
/// assert!(staysafe_io::load(&folder).is_err(), "a folder that is not there");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(folder: impl AsRef<Path>) -> Result<(Framework, Diagnostics), ReadError> {
    Ok(read(read_folder(folder)?))
}

/// The TOML files of a folder and of the folders in it, sorted: path with forward slashes, and text.
///
/// Hidden files and folders (`.git`, `.vscode`) are left out, and so is every file that is not TOML; a
/// link to a folder that was already walked is not walked again.
///
/// # Errors
/// When the folder does not exist, or a file in it cannot be read or is not UTF-8: every such file is named.
pub fn read_folder(folder: impl AsRef<Path>) -> Result<Vec<(String, String)>, ReadError> {
    let folder = folder.as_ref();
    let given = folder.to_string_lossy().replace('\\', "/");
    let prefix = match given.trim_end_matches('/') {
        "." => "",
        // The root of a file system is nothing but its slash.
        "" if !given.is_empty() => "/",
        given => given,
    };
    let mut walk = Walk { files: Vec::new(), seen: BTreeSet::new(), faults: Vec::new() };
    walk.folder(if given.is_empty() { Path::new(".") } else { folder }, prefix);
    walk.files.sort();
    if walk.faults.is_empty() { Ok(walk.files) } else { Err(ReadError { faults: walk.faults }) }
}

struct Walk {
    files: Vec<(String, String)>,
    /// Folders by their real path, so that a loop of links ends.
    seen: BTreeSet<PathBuf>,
    faults: Vec<FileFault>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, prefix: &str) {
        let shown = if prefix.is_empty() { "." } else { prefix };
        let entries = fs::canonicalize(folder).and_then(|real| Ok((real, fs::read_dir(folder)?)));
        let (real, entries) = match entries {
            Ok(found) => found,
            Err(error) => return self.fault(shown, &error),
        };
        if !self.seen.insert(real) {
            return;
        }
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => names.extend(entry.file_name().into_string().ok()),
                Err(error) => self.fault(shown, &error),
            }
        }
        names.sort();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let path = folder.join(name);
            let shown = match prefix {
                "" => name.clone(),
                prefix => format!("{}/{name}", prefix.trim_end_matches('/')),
            };
            if path.is_dir() {
                self.folder(&path, &shown);
            } else if Path::new(name).extension().is_some_and(|ending| ending == "toml") {
                match fs::read_to_string(&path) {
                    Ok(text) => self.files.push((shown, text)),
                    Err(error) => self.fault(&shown, &error),
                }
            }
        }
    }

    fn fault(&mut self, shown: &str, error: &std::io::Error) {
        let fault = match error.kind() {
            std::io::ErrorKind::InvalidData => {
                let help = "definitions are UTF-8 text; save the file with that encoding";
                FileFault::new(shown, FaultKind::Encoding, "the file is not UTF-8 text", help)
            }
            kind => {
                let help = "give the folder that holds framework.toml";
                FileFault::new(shown, FaultKind::NotReadable, format!("cannot be read: {kind}"), help)
            }
        };
        self.faults.push(fault);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_folder::TestFolder;

    #[test]
    fn a_walk_is_sorted_and_leaves_hidden_and_other_files_out() {
        let folder = TestFolder::new("walk");
        for path in
            ["framework.toml", "indicators/b.toml", "indicators/a.toml", ".git/x.toml", "notes.md", ".y.toml"]
        {
            folder.write(path, "id = 'x'\n");
        }
        let files = read_folder(folder.path()).unwrap();
        let given = format!("{}/", folder.path().display());
        let paths: Vec<&str> = files.iter().filter_map(|(path, _)| path.strip_prefix(&given)).collect();
        assert_eq!(paths, ["framework.toml", "indicators/a.toml", "indicators/b.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let folder = TestFolder::new("loop");
        folder.write("datasets/child.toml", "id = 'child'\n");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("datasets/again")).unwrap();
        let files = read_folder(folder.path()).unwrap();
        assert_eq!(files.len(), 1, "the folder is walked once");
    }

    #[test]
    fn a_file_that_is_not_text_is_named() {
        let folder = TestFolder::new("bytes");
        fs::write(folder.path().join("areas.toml"), [0xFF, 0xFE, 0x00]).unwrap();
        let error = read_folder(folder.path()).unwrap_err();
        assert!(error.to_string().contains("/areas.toml: error[not-utf-8]"), "{error}");
    }
}
