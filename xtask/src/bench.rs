//! `cargo xtask bench`: the benches of the whole workspace, those that hold the Python package against others, and the large
//! workloads beside polars and `DuckDB`, for as long as they take.

use std::process::ExitCode;

use crate::step::Steps;
use crate::{python, workspace};

/// What everybody counts in turn: its name, the words that ask for it, and the sizes where nobody says one.
const TURNS: [(&str, &[&str], &[&[&str]]); 2] = [
    ("w", &["drive"], &[&["--rows", "1000000"], &["--rows", "10000000"]]),
    ("whole", &["drive", "whole"], &[&["--children", "1000000"]]),
];

pub(crate) fn run(names: Vec<String>) -> ExitCode {
    let mut steps = Steps::new();
    if let Some((first, options)) = names.split_first()
        && TURNS.iter().any(|(name, ..)| name == first)
    {
        take_turns(&mut steps, first, options);
        return steps.finish();
    }
    let (scripts, names): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| name.strip_suffix(".py").is_some());
    if names.is_empty() && scripts.is_empty() {
        steps.run("Benches", &mut workspace::cargo(&["bench", "--workspace", "--benches"]));
        for script in workspace::files(&workspace::root().join("benches"), "py") {
            run_script(&mut steps, &script.to_string_lossy());
        }
        for (name, ..) in TURNS {
            take_turns(&mut steps, name, &[]);
        }
    }
    for name in names {
        steps.run(
            &format!("Bench {name}"),
            &mut workspace::cargo(&["bench", "--workspace", "--bench", &name]),
        );
    }
    for script in scripts {
        run_script(&mut steps, &format!("benches/{script}"));
    }
    steps.finish()
}

fn run_script(steps: &mut Steps, script: &str) {
    if !(python::ready_for_benches(steps) && python::build_as_shipped(steps)) {
        return;
    }
    // A processor type that somebody pinned for other work would slow the others down.
    steps.run("Bench beside other packages", python::python().env_remove("OPENBLAS_CORETYPE").arg(script));
}

/// Ours from Rust and from Python, the peers, a kernel by hand and the limit in one run; `options` are the bench's own.
fn take_turns(steps: &mut Steps, wanted: &str, options: &[String]) {
    if !(python::ready_for_benches(steps) && python::build_as_shipped(steps)) {
        return;
    }
    for (name, words, sizes) in TURNS.iter().filter(|(name, ..)| *name == wanted) {
        let given =
            options.iter().any(|option| sizes.iter().flat_map(|size| size.first()).any(|of| of == option));
        let sizes: &[&[&str]] = if given { &[&[]] } else { sizes };
        for size in sizes {
            let mut command = workspace::cargo(&["bench", "--bench", "w", "--"]);
            command.args(*words).args(*size).args(options).arg("--python").arg(python::program());
            steps.run(&format!("In turn: {name} {}", size.join(" ")), &mut command);
        }
    }
}
