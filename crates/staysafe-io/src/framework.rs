//! Loading a framework from a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use staysafe::diagnostic::Sources;

use crate::error::{FaultKind, FileFault, ReadError};

/// Every TOML file of a folder and of the folders in it, by path relative to the folder with forward
/// slashes. Hidden files and folders (`.git`, `.vscode`) are left out, and so is every file that is not
/// TOML; a symbolic link to a folder that was already walked is not walked again.
///
/// # Errors
/// When the folder does not exist, or a file in it cannot be read or is not UTF-8: every such file is named.
///
/// # Example
/// ```
/// let folder = std::env::temp_dir().join(format!("staysafe-doc-{}", std::process::id()));
/// std::fs::create_dir_all(folder.join("indicators"))?;
/// std::fs::write(folder.join("indicators/cs-14.toml"), "id = 'cs-14'\n")?;
/// let sources = staysafe_io::read_folder(&folder)?;
/// assert!(sources.get("indicators/cs-14.toml").is_some());
/// std::fs::remove_dir_all(&folder)?;
///
/// assert!(staysafe_io::read_folder(&folder).is_err(), "a folder that is not there");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_folder(folder: impl AsRef<Path>) -> Result<Sources, ReadError> {
    let mut walk = Walk { sources: Sources::new(), seen: BTreeSet::new(), faults: Vec::new() };
    walk.folder(folder.as_ref(), "");
    if walk.faults.is_empty() { Ok(walk.sources) } else { Err(ReadError { faults: walk.faults }) }
}

struct Walk {
    sources: Sources,
    /// Folders by their real path, so that a loop of links ends.
    seen: BTreeSet<PathBuf>,
    faults: Vec<FileFault>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, prefix: &str) {
        let shown = if prefix.is_empty() { folder.display().to_string() } else { prefix.to_owned() };
        let entries = fs::canonicalize(folder).and_then(|real| Ok((real, fs::read_dir(folder)?)));
        let (real, entries) = match entries {
            Ok(found) => found,
            Err(error) => return self.fault(&shown, &error),
        };
        if !self.seen.insert(real) {
            return;
        }
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => names.extend(entry.file_name().into_string().ok()),
                Err(error) => self.fault(&shown, &error),
            }
        }
        names.sort();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let path = folder.join(name);
            let relative = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if path.is_dir() {
                self.folder(&path, &relative);
            } else if Path::new(name).extension().is_some_and(|ending| ending == "toml") {
                match fs::read_to_string(&path) {
                    Ok(text) => self.sources.insert(relative, text),
                    Err(error) => self.fault(&relative, &error),
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
        let sources = read_folder(folder.path()).unwrap();
        let paths: Vec<&str> = sources.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["framework.toml", "indicators/a.toml", "indicators/b.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let folder = TestFolder::new("loop");
        folder.write("datasets/child.toml", "id = 'child'\n");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("datasets/again")).unwrap();
        let sources = read_folder(folder.path()).unwrap();
        assert_eq!(sources.iter().count(), 1, "the folder is walked once");
    }

    #[test]
    fn a_file_that_is_not_text_is_named() {
        let folder = TestFolder::new("bytes");
        fs::write(folder.path().join("areas.toml"), [0xFF, 0xFE, 0x00]).unwrap();
        let error = read_folder(folder.path()).unwrap_err();
        assert!(error.to_string().starts_with("areas.toml: error[not-utf-8]"), "{error}");
    }
}
