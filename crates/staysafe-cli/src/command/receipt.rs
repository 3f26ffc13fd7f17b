//! `staysafe receipt`: what became of what was handed in, and what the board will see of it.

use clap::Args;
use staysafe_io::{figures_fed, receipt};

use super::Form;
use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::Input;
use crate::output;

/// Say what became of what was handed in: accepted, queried or rejected, by dataset, with counts; and the figures as the
/// board will see them.
///
/// It shows no value of any record, so that it may go back to whoever sent the files. Exit code 1 where there is something
/// to ask or to send again.
#[derive(Debug, Args)]
pub(crate) struct Receipt {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Receipt {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let returns = self.input.read(&checked)?;
        let results = figures_fed(&checked, &returns).map_err(Failure::new)?;
        let made = receipt(&returns, results.as_ref());
        output::answer(&match self.format {
            Form::Text => made.markdown(),
            Form::Json => serde_json::to_string_pretty(&made).map_err(Failure::new)?,
        })?;
        Ok(if made.is_clean() { Ending::Clean } else { Ending::Findings })
    }
}
