//! `cargo xtask fuzz`: the property tests, with many more cases than the ordinary tier gives them.

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::step::Steps;
use crate::workspace;

pub(crate) fn run(words: Vec<String>) -> Result<ExitCode, String> {
    let mut arguments = Arguments::new(words);
    let cases = arguments.number("--cases", 10_000)?;
    arguments.finish()?;
    println!("There are no coverage-guided targets; every property test runs with {cases} cases.");
    let mut steps = Steps::new();
    steps.run(
        "Property tests",
        workspace::cargo(&["test", "--workspace", "--lib", "--tests", "--no-fail-fast"])
            .env("PROPTEST_CASES", cases.to_string()),
    );
    Ok(steps.finish())
}
