//! Programs that only the system's package manager brings. They are named; they are installed only on request.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Looks a program up in `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()))
}

/// Makes Debian packages present, or says which line to type.
pub(crate) fn need(packages: &[&str], install: bool) -> Result<(), String> {
    let line = format!("apt-get update && apt-get install --yes {}", packages.join(" "));
    if !install {
        return Err(format!("type `{line}` as root, or run again with --install-system"));
    }
    if find(&["apt-get"]).is_none() {
        return Err(format!("this system has no apt-get; install what `{line}` would"));
    }
    quietly(Command::new("apt-get").arg("update"))?;
    quietly(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Whether a compilation target's standard library is installed.
pub(crate) fn has_target(name: &str) -> bool {
    Command::new("rustc").args(["--print", "sysroot"]).output().is_ok_and(|output| {
        let sysroot = String::from_utf8_lossy(&output.stdout);
        Path::new(sysroot.trim()).join("lib").join("rustlib").join(name).join("lib").is_dir()
    })
}

fn quietly(command: &mut Command) -> Result<(), String> {
    println!("   {} {}", command.get_program().display(), words(command));
    let status = command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|why| why.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{status}; try it by hand as root")) }
}

fn words(command: &Command) -> String {
    command.get_args().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
