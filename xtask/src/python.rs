//! The project's own Python: `.venv` in the root, pinned packages, the Python package built into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::Steps;
use crate::{system, workspace};

/// Makes `.venv` with the pinned packages of the ordinary tier; says whether it is there.
pub(crate) fn ready(steps: &mut Steps, install_system: bool) -> bool {
    steps.step("Python environment", || {
        make(install_system)?;
        require("python/requirements-dev.txt")
    })
}

/// Adds the pinned packages of the heavy tier.
pub(crate) fn ready_for_heavy(steps: &mut Steps, install_system: bool) -> bool {
    steps.step("Python environment for notebooks", || {
        make(install_system)?;
        require("python/requirements-dev.txt")?;
        require("python/requirements-heavy.txt")
    })
}

/// Adds the pinned packages of the tests on Spark.
pub(crate) fn ready_for_spark(steps: &mut Steps, install_system: bool) -> bool {
    steps.step("Python environment for Spark", || {
        make(install_system)?;
        require("python/requirements-dev.txt")?;
        require("python/requirements-spark.txt")
    })
}

/// Adds the pinned packages that benches hold the Python package against.
pub(crate) fn ready_for_benches(steps: &mut Steps) -> bool {
    steps.step("Python environment for benches", || {
        make(false)?;
        require("python/requirements-dev.txt")?;
        require("python/requirements-bench.txt")
    })
}

/// Builds the Python package into `.venv` as it is shipped: whole-program, slower to build.
pub(crate) fn build_as_shipped(steps: &mut Steps) -> bool {
    steps.run(
        "Python package, as it is shipped",
        python().args(["-m", "maturin", "develop", "--release", "--manifest-path", "python/Cargo.toml"]),
    )
}

/// Builds the Python package into `.venv`.
pub(crate) fn build(steps: &mut Steps) -> bool {
    if !workspace::root().join("python/pyproject.toml").is_file() {
        steps.leave_out(
            "Python package",
            "python/pyproject.toml is not there: there is no package to build yet",
        );
        return false;
    }
    steps.run(
        "Python package",
        python().args(["-m", "maturin", "develop", "--manifest-path", "python/Cargo.toml"]),
    )
}

/// The environment's own interpreter.
pub(crate) fn python() -> Command {
    let mut command = workspace::command(program());
    command.env("VIRTUAL_ENV", folder()).env("PYO3_PYTHON", program()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// The path of the environment's own interpreter.
pub(crate) fn program() -> PathBuf {
    if cfg!(windows) {
        folder().join("Scripts").join("python.exe")
    } else {
        folder().join("bin").join("python")
    }
}

fn folder() -> PathBuf {
    workspace::root().join(".venv")
}

fn make(install_system: bool) -> Result<(), String> {
    if works(&program(), &["-m", "pip", "--version"]) {
        return Ok(());
    }
    let Some(found) = system::find(&["python3", "python"]) else {
        system::need(&["python3", "python3-venv"], install_system)?;
        return create(Path::new("python3"));
    };
    if !works(&found, &["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]) {
        return Err(format!("{} is older than Python 3.11, which the Python package needs", found.display()));
    }
    if !works(&found, &["-c", "import venv, ensurepip"]) {
        system::need(&["python3-venv"], install_system)?;
    }
    create(&found)
}

fn create(python: &Path) -> Result<(), String> {
    println!("   {} -m venv .venv", python.display());
    succeed(workspace::command(python).args(["-m", "venv", "--clear"]).arg(folder()))
}

/// Installs a file of pinned packages, unless these very lines were installed before.
fn require(file: &str) -> Result<(), String> {
    let wanted = fs::read_to_string(workspace::root().join(file)).map_err(|why| format!("{file}: {why}"))?;
    let stamp = folder().join(format!("{}.installed", file.replace(['/', '.'], "-")));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("   pip install -r {file}");
    succeed(python().args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", file]))?;
    fs::write(&stamp, wanted).map_err(|why| format!("{}: {why}", stamp.display()))
}

fn works(program: &Path, words: &[&str]) -> bool {
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.stdin(Stdio::null()).status().map_err(|why| why.to_string())?;
    if status.success() { Ok(()) } else { Err(status.to_string()) }
}
