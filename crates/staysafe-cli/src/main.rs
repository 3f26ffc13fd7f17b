#![doc = include_str!("../README.md")]

mod board;
mod command;
mod failure;
mod framework;
mod input;
mod output;
mod render;
mod today;

use std::process::ExitCode;

use clap::Parser;

use command::Command;
use failure::Failure;

/// Safeguarding indicators: what a board needs, what is known, and what is missing.
///
/// Exit codes: 0 clean, 1 findings, 2 usage or input error.
/// Findings and figures go to standard output, progress and messages to standard error.
#[derive(Debug, Parser)]
#[command(name = "staysafe", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// How a command ended when nothing stood in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing to report.
    Clean,
    /// Something a person should mend.
    Findings,
}

fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(Ending::Clean) | Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        Err(Failure::Said(why)) => {
            output::note(&format!("error: {why}"));
            ExitCode::from(2)
        }
    }
}
