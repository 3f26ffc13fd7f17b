//! Lists the files of `framework/`, so that no registry has to be kept by hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[allow(clippy::print_stdout)] // this is how a build script speaks to Cargo
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=framework");
    let root = Path::new("framework");
    let mut files = Vec::new();
    collect(root, &mut files)?;
    let mut names: Vec<String> = files.iter().filter_map(|file| name_in(root, file)).collect();
    names.sort();
    let mut code = String::from("&[\n");
    for name in names {
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),",
            format!("/framework/{name}")
        );
    }
    code.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("Cargo sets OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("files.rs"), code)
}

/// Every `.toml` below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The path below the framework's folder, with `/` on every system.
fn name_in(root: &Path, file: &Path) -> Option<String> {
    let parts = file.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = parts.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
