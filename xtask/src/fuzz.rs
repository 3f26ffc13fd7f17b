//! `cargo xtask fuzz`: the property tests, with many more cases than the ordinary tier gives them.

use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::step::Steps;
use crate::workspace;

pub(crate) fn run(words: Vec<String>) -> Result<ExitCode, String> {
    let mut arguments = Arguments::new(words);
    let engine_only = arguments.flag("--engine");
    let minutes = arguments.value("--minutes")?;
    let seed = arguments.value("--seed")?;
    let cases = arguments.value("--cases")?;
    arguments.finish()?;
    for (name, given) in [("--cases", &cases), ("--minutes", &minutes), ("--seed", &seed)] {
        if let Some(word) = given.as_ref().filter(|word| word.parse::<u64>().is_err()) {
            return Err(format!("`{name}` wants a whole number, not `{word}`"));
        }
    }
    println!("There are no coverage-guided targets; every property test runs with more cases.");
    let mut steps = Steps::new();
    if !engine_only {
        steps.run(
            "Property tests",
            workspace::cargo(&["test", "--workspace", "--lib", "--tests", "--no-fail-fast"])
                .env("PROPTEST_CASES", cases.as_deref().unwrap_or("10000")),
        );
    }
    steps.run(
        "Engine and reference, on any definitions and any records",
        &mut engine(cases.as_deref(), minutes.as_deref(), seed.as_deref()),
    );
    Ok(steps.finish())
}

/// The one test that makes definitions, built for speed: it prints how far it is, and the seed of what differs.
fn engine(cases: Option<&str>, minutes: Option<&str>, seed: Option<&str>) -> Command {
    let mut command = workspace::cargo(&["test", "--release", "--test", "engine_any", "--", "--nocapture"]);
    let cases = cases.or(if minutes.is_none() { Some("100000") } else { None });
    for (name, value) in [("STAYSAFE_CASES", cases), ("STAYSAFE_MINUTES", minutes), ("STAYSAFE_SEED", seed)] {
        command.envs(value.map(|value| (name, value)));
    }
    command
}
