//! `staysafe check`: all problems of all definitions at once.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use staysafe::check::check;
use staysafe::diagnostic::{Diagnostics, Format, Severity, render};

use crate::Ending;
use crate::failure::Failure;
use crate::framework;
use crate::output;

/// Check definitions: every problem of every file, with its place and how to mend it.
///
/// Findings at or above the fail level end with exit code 1.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The framework's folder; without one, the shipped framework.
    folder: Option<PathBuf>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Form::Full)]
    format: Form,

    /// From which severity on a finding ends with exit code 1.
    #[arg(long, value_enum, default_value_t = Level::Error)]
    fail_level: Level,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// With the line, a caret and the help.
    Full,
    /// path:line:column: severity[code] message
    Concise,
    /// A JSON array.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// A test report in the XML of `JUnit`.
    Junit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Check {
    pub(crate) fn run(&self) -> Result<Ending, Failure> {
        let (framework, mut diagnostics) = framework::written(self.folder.as_deref())?;
        let sources = framework.files.clone();
        let indicators = framework.indicators.len();
        let (_, found) = check(framework);
        diagnostics.extend(found);
        diagnostics.sort();
        output::answer(&render(&diagnostics, &sources, self.format.into()))?;
        output::note(&summary(indicators, &diagnostics));
        let failing = match self.fail_level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Note,
        };
        // Severities are ordered from the gravest on.
        Ok(if diagnostics.iter().any(|d| d.severity <= failing) { Ending::Findings } else { Ending::Clean })
    }
}

fn summary(indicators: usize, diagnostics: &Diagnostics) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    format!(
        "{indicators} indicators: {} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    )
}

impl From<Form> for Format {
    fn from(form: Form) -> Self {
        match form {
            Form::Full => Self::Full,
            Form::Concise => Self::Concise,
            Form::Json => Self::Json,
            Form::Github => Self::Github,
            Form::Gitlab => Self::Gitlab,
            Form::Sarif => Self::Sarif,
            Form::Junit => Self::Junit,
        }
    }
}
