//! `staysafe explain`: how a calculation would read its tables.

use clap::Args;
use staysafe::plan::plan;
use staysafe_arrow::explain;

use super::calculate::Scope;
use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;

/// Show how figures would be counted: which indicators share a reading of a table, which columns are read, how often, and about
/// how much memory that takes. Nothing is counted.
///
/// Without a file it is told as of an authority that carries everything: name periods then.
#[derive(Debug, Args)]
#[command(mut_arg("files", |files| files.required(false)))]
pub(crate) struct Explain {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    scope: Scope,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let returns = self.input.read_any(&checked)?;
        let request = self.scope.request(&checked, &returns.data);
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        let explained = explain(&checked, &plan, &returns.data).map_err(Failure::new)?;
        output::answer(&explained.to_string())?;
        Ok(input::ending(&returns))
    }
}
