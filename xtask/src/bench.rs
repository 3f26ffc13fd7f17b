//! `cargo xtask bench`: the benches of the whole workspace, and those that hold the Python package against others, for as
//! long as they take.

use std::process::ExitCode;

use crate::step::Steps;
use crate::{python, workspace};

pub(crate) fn run(names: Vec<String>) -> ExitCode {
    let mut steps = Steps::new();
    let (scripts, names): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| name.strip_suffix(".py").is_some());
    if names.is_empty() && scripts.is_empty() {
        steps.run("Benches", &mut workspace::cargo(&["bench", "--workspace", "--benches"]));
        for script in workspace::files(&workspace::root().join("benches"), "py") {
            run_script(&mut steps, &script.to_string_lossy());
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
