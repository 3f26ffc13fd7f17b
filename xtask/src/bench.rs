//! `cargo xtask bench`: the benches of the whole workspace, those that hold the Python package against others, and the large
//! workloads beside polars and `DuckDB`, for as long as they take.

use std::process::ExitCode;

use crate::step::Steps;
use crate::{python, workspace};

/// What everybody counts in turn.
struct Turns {
    name: &'static str,
    /// The words that ask the bench for it.
    words: &'static [&'static str],
    /// The option that says how large it is, and the sizes where nobody says.
    size: &'static str,
    sizes: &'static [&'static str],
}

const TURNS: [Turns; 2] = [
    Turns { name: "w", words: &["drive"], size: "--rows", sizes: &["1000000", "10000000"] },
    Turns { name: "whole", words: &["drive", "whole"], size: "--children", sizes: &["1000000"] },
];

pub(crate) fn run(names: Vec<String>) -> ExitCode {
    let mut steps = Steps::new();
    if let Some((first, options)) = names.split_first()
        && let Some(turns) = TURNS.iter().find(|turns| turns.name == first)
    {
        turns.take(&mut steps, options);
        return steps.finish();
    }
    let (scripts, names): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| name.strip_suffix(".py").is_some());
    if names.is_empty() && scripts.is_empty() {
        steps.run("Benches", &mut workspace::cargo(&["bench", "--workspace", "--benches"]));
        for script in workspace::files(&workspace::root().join("benches"), "py") {
            run_script(&mut steps, &script.to_string_lossy());
        }
        for turns in TURNS {
            turns.take(&mut steps, &[]);
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

impl Turns {
    /// Ours from Rust and from Python, the peers, a kernel by hand and the limit in one run; `options` are the bench's own.
    fn take(&self, steps: &mut Steps, options: &[String]) {
        if !(python::ready_for_benches(steps) && python::build_as_shipped(steps)) {
            return;
        }
        let mut run = |size: &[&str]| {
            let mut command = workspace::cargo(&["bench", "--bench", "w", "--"]);
            command.args(self.words).args(size).args(options).arg("--python").arg(python::program());
            steps.run(format!("In turn: {} {}", self.name, size.join(" ")).trim_end(), &mut command);
        };
        if options.iter().any(|option| option == self.size) {
            return run(&[]);
        }
        for size in self.sizes {
            run(&[self.size, size]);
        }
    }
}
