//! The text files of the tree, as the guards see them.

use std::path::{Path, PathBuf};

/// Folders that are made, not written.
const MADE: &[&str] = &["target", "out", "node_modules", "__pycache__", "site", "dist"];

/// Hidden folders that belong to the project.
const HIDDEN: &[&str] = &[".ci", ".cargo"];

const TEXT: &[&str] = &[
    "rs", "py", "pyi", "toml", "md", "css", "html", "js", "json", "csv", "txt", "yml", "yaml", "xml", "svg",
];

/// A text file: its path from the root, with forward slashes, and what it says.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// Every text file of the project, in order of path.
pub(crate) fn files() -> Vec<File> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 50, "the guards look at the wrong folder");
    found
}

/// One file, by its path from the root.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let skip =
            MADE.contains(&name.as_str()) || (name.starts_with('.') && !HIDDEN.contains(&name.as_str()));
        if path.is_symlink() || (skip && path.is_dir()) {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else if is_text(&path) {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
    }
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().and_then(std::ffi::OsStr::to_str);
    extension.is_some_and(|extension| TEXT.contains(&extension)) || path.ends_with(".ci/run")
}
