//! The project's chores, as `cargo xtask VERB`. One file per verb.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod arguments;
mod bench;
mod browser;
mod demo;
mod fuzz;
mod heavy;
mod python;
mod setup;
mod spark;
mod step;
mod system;
mod test;
mod workspace;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask VERB

  setup [--install-system]             make .venv, install the pinned Python packages, build the Python package into it
  demo  [--input FILE]... [--out DIR]  the main job, from a council's census to a scorecard (needs cargo only)
        [--children N] [--seed N]      without --input the council is a synthetic one
        [--for board --recipient NAME --date DATE]
  test  [--install-system]             every test of the ordinary tier: Rust, Python, the independent script, examples
  test  --heavy [--install-system]     example workspaces, notebooks, WebAssembly, the scorecard in a browser
  bench [NAME]...                      the benches, unbounded; NAME.py is one beside other Python packages
  bench w [--rows N] [--times N]       workload W beside polars and DuckDB, in turn, counts compared first; a million and
        [--threads N] [--without NAME] ten million rows, where no number is given
  bench whole [--children N] [...]     the same of every measure that a census feeds, on a council of a million children
  fuzz  [--cases N] [--minutes N]      the property tests with many more cases; --engine: only the engine beside the
        [--seed N] [--engine]          reference on any definitions, which --minutes and --seed speak of

System packages are named, never installed, unless --install-system is given.
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let verb = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let outcome = match verb.as_str() {
        "setup" => setup::run(rest),
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "bench" => Ok(bench::run(rest)),
        "fuzz" => fuzz::run(rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("no verb `{other}`; `cargo xtask help` lists them")),
    };
    outcome.unwrap_or_else(|why| {
        eprintln!("xtask: {why}");
        ExitCode::from(2)
    })
}
