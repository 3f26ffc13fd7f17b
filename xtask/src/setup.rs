//! `cargo xtask setup`: everything a developer needs beside cargo.

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::python;
use crate::step::Steps;

pub(crate) fn run(words: Vec<String>) -> Result<ExitCode, String> {
    let mut arguments = Arguments::new(words);
    let install_system = arguments.flag("--install-system");
    arguments.finish()?;
    let mut steps = Steps::new();
    if python::ready(&mut steps, install_system) {
        python::build(&mut steps);
        println!("\nActivate it with `. .venv/bin/activate`; then `import staysafe as ss`.");
    }
    Ok(steps.finish())
}
