//! `staysafe verify`: the tests written inside the definitions.

use std::path::PathBuf;

use clap::Args;
use staysafe::diagnostic::render;
use staysafe::verify::verify;

use super::check::Form;
use crate::Ending;
use crate::failure::Failure;
use crate::framework;
use crate::output;

/// Run the tests written inside the definitions.
///
/// A test that fails is a finding (exit code 1). Tests of definitions that cannot be calculated yet are named, not run.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The framework's folder; without one, the shipped framework.
    folder: Option<PathBuf>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Form::Full)]
    format: Form,
}

impl Verify {
    pub(crate) fn run(&self) -> Result<Ending, Failure> {
        let checked = framework::checked(self.folder.as_deref(), &[])?;
        let verified = verify(&checked);
        output::answer(&render(&verified.findings, &checked.framework().files, self.format.into()))?;
        for (indicator, tests) in &verified.not_run {
            output::note(&format!("{indicator}: {tests} tests not run, for it cannot be calculated yet"));
        }
        output::note(&format!(
            "{} tests run, {} expectations not met",
            verified.run,
            verified.findings.len()
        ));
        Ok(if verified.findings.is_empty() { Ending::Clean } else { Ending::Findings })
    }
}
