//! The verbs, one file each.

mod calculate;
mod check;
mod consult;
mod explain;
mod gap;
mod merge;
mod plan;
mod priorities;
mod published;
mod receipt;
mod report;
mod request;
mod template;
mod verify;
mod why;
mod workflow;

use clap::{Subcommand, ValueEnum};

use crate::Ending;
use crate::failure::Failure;

/// A verb with its options.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Check),
    Plan(plan::Plan),
    Explain(explain::Explain),
    Calculate(calculate::Calculate),
    Merge(merge::Merge),
    Why(why::Why),
    Workflow(workflow::Workflow),
    Consult(consult::Consult),
    Gap(gap::Gap),
    Report(Box<report::Write>),
    Template(template::Template),
    Request(request::Request),
    Receipt(receipt::Receipt),
    Verify(verify::Verify),
}

impl Command {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        match self {
            Self::Check(check) => check.run(),
            Self::Plan(plan) => plan.run(),
            Self::Explain(explain) => explain.run(),
            Self::Calculate(calculate) => calculate.run(),
            Self::Merge(merge) => merge.run(),
            Self::Why(why) => why.run(),
            Self::Workflow(workflow) => workflow.run(),
            Self::Consult(consult) => consult.run(),
            Self::Gap(gap) => gap.run(),
            Self::Report(report) => report.run(),
            Self::Template(template) => template.run(),
            Self::Request(request) => request.run(),
            Self::Receipt(receipt) => receipt.run(),
            Self::Verify(verify) => verify.run(),
        }
    }
}

/// For a person or for a machine.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// Words for a person.
    Text,
    /// JSON.
    Json,
}
