//! `cargo xtask bench`: the benches of the whole workspace, for as long as they take.

use std::process::ExitCode;

use crate::step::Steps;
use crate::workspace;

pub(crate) fn run(names: Vec<String>) -> ExitCode {
    let mut steps = Steps::new();
    if names.is_empty() {
        steps.run("Benches", &mut workspace::cargo(&["bench", "--workspace", "--benches"]));
    }
    for name in names {
        steps.run(
            &format!("Bench {name}"),
            &mut workspace::cargo(&["bench", "--workspace", "--bench", &name]),
        );
    }
    steps.finish()
}
