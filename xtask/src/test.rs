//! `cargo xtask test`: the ordinary tier, at most 20 minutes on two cores from nothing.

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::step::Steps;
use crate::{heavy, python, workspace};

pub(crate) fn run(words: Vec<String>) -> Result<ExitCode, String> {
    let mut arguments = Arguments::new(words);
    let install_system = arguments.flag("--install-system");
    let is_heavy = arguments.flag("--heavy");
    arguments.finish()?;
    if is_heavy { Ok(heavy::run(install_system)) } else { Ok(ordinary(install_system)) }
}

fn ordinary(install_system: bool) -> ExitCode {
    let mut steps = Steps::new();
    let has_python = python::ready(&mut steps, install_system);
    rust(&mut steps, has_python);
    examples(&mut steps);
    if has_python {
        if python::build(&mut steps) {
            pytest(&mut steps, "Python tests", "python/tests");
        }
        pytest(&mut steps, "Agreement with the independent script", "tests/independent");
    }
    steps.finish()
}

/// Unit tests, doctests, and the tests of the whole tree; the programs that later steps run are built on the way.
fn rust(steps: &mut Steps, has_python: bool) {
    let mut command = workspace::cargo(&["test", "--workspace", "--no-fail-fast"]);
    if has_python {
        // One interpreter for every build, or each switch would compile the bindings again.
        command.env("PYO3_PYTHON", python::program());
    }
    steps.run("Rust tests", &mut command);
}

/// Every example program runs to its end.
fn examples(steps: &mut Steps) {
    for path in workspace::files(&workspace::root().join("examples"), "rs") {
        let Some(name) = path.file_stem().and_then(std::ffi::OsStr::to_str) else { continue };
        steps.run(
            &format!("Example {name}"),
            &mut workspace::cargo(&["run", "--quiet", "--package", "staysafe-workspace", "--example", name]),
        );
    }
}

fn pytest(steps: &mut Steps, name: &str, folder: &str) {
    let programs = ["build", "--quiet", "--package", "staysafe-cli", "--package", "staysafe-synth"];
    if !steps.run(&format!("{name}: programs"), &mut workspace::cargo(&programs)) {
        return;
    }
    steps.run(
        name,
        python::python()
            .args(["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", folder])
            .env("STAYSAFE", workspace::built("staysafe"))
            .env("STAYSAFE_SYNTH", workspace::built("staysafe-synth")),
    );
}
