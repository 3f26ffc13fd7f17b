//! `cargo xtask test --heavy`: what takes more than cargo and python3, at most 25 minutes on two cores.

use std::path::Path;
use std::process::ExitCode;

use crate::step::Steps;
use crate::{browser, python, spark, system, workspace};

const WASM: &str = "wasm32-unknown-unknown";

pub(crate) fn run(install_system: bool) -> ExitCode {
    let mut steps = Steps::new();
    example_workspaces(&mut steps);
    notebooks(&mut steps, install_system);
    webassembly(&mut steps);
    spark::check(&mut steps, install_system);
    browser::check(&mut steps, install_system);
    steps.finish()
}

/// Each example with a workspace of its own is tested and run, in the one target folder.
fn example_workspaces(steps: &mut Steps) {
    for manifest in workspace::manifests(&workspace::root().join("examples")) {
        let folder = manifest.parent().and_then(Path::file_name).unwrap_or_default();
        let name = folder.to_string_lossy().into_owned();
        let mut cargo = |what: &str, verb: &str| {
            let mut command = workspace::cargo(&[verb, "--quiet", "--manifest-path"]);
            steps.run(&format!("Example {name}: {what}"), command.arg(&manifest))
        };
        if cargo("tested", "test") {
            cargo("run", "run");
        }
    }
}

/// Each notebook is written from its text form and run from its first cell to its last.
fn notebooks(steps: &mut Steps, install_system: bool) {
    let sources = workspace::files(&workspace::root().join("examples").join("notebooks"), "py");
    if sources.is_empty() {
        steps.leave_out("Notebooks", "there are none in examples/notebooks");
        return;
    }
    if !python::ready_for_heavy(steps, install_system) || !python::build(steps) {
        return;
    }
    let programs = ["build", "--quiet", "--package", "staysafe-cli", "--package", "staysafe-synth"];
    steps.run("Notebooks: programs", &mut workspace::cargo(&programs));
    let folder = workspace::target().join("notebooks");
    for source in sources {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let notebook = folder.join(format!("{name}.ipynb"));
        let written = steps.step(&format!("Notebook {name}: written"), || {
            std::fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
            let status = python::python()
                .args(["-m", "jupytext", "--quiet", "--to", "ipynb", "--output"])
                .arg(&notebook)
                .arg(&source)
                .status()
                .map_err(|why| why.to_string())?;
            if status.success() { Ok(()) } else { Err(status.to_string()) }
        });
        if written {
            steps.run(
                &format!("Notebook {name}: run"),
                python::python()
                    .args([
                        "-m",
                        "pytest",
                        "-q",
                        "-p",
                        "no:cacheprovider",
                        "--nbmake",
                        "--nbmake-timeout=600",
                    ])
                    .arg(&notebook)
                    .env("STAYSAFE", workspace::built("staysafe"))
                    .env("STAYSAFE_SYNTH", workspace::built("staysafe-synth")),
            );
        }
    }
}

/// The crates without files also build for a browser.
fn webassembly(steps: &mut Steps) {
    if !system::has_target(WASM) {
        steps.leave_out(
            "WebAssembly",
            &format!("no standard library for it; `rustup target add {WASM}` brings one"),
        );
        return;
    }
    let words = ["build", "--target", WASM, "-p", "staysafe", "-p", "staysafe-lscb", "-p", "staysafe-arrow"];
    steps.run("WebAssembly", &mut workspace::cargo(&words));
}
