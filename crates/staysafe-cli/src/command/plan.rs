//! `staysafe plan`: what would be calculated, from which fields, and what cannot be.

use clap::Args;
use staysafe::period::Period;
use staysafe::plan::{Request, plan};

use crate::Ending;
use crate::command::Form;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::output;

/// Show what a calculation would read, and which indicators it cannot calculate yet.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    definitions: Definitions,

    /// Indicators; without any, all of them.
    #[arg(long = "indicator", value_name = "ID")]
    indicators: Vec<String>,

    /// Periods, such as '2021-22 Q1,2021-22'.
    #[arg(long, value_delimiter = ',', value_name = "PERIODS", required = true)]
    periods: Vec<Period>,

    /// By what figures are kept apart: 'area', a level of areas, breakdowns.
    #[arg(long, value_delimiter = ',', value_name = "NAMES", default_value = "area")]
    by: Vec<String>,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Plan {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let (indicators, periods, by) = (self.indicators, self.periods, self.by);
        let request = Request { indicators, periods, by, ..Request::default() };
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        output::answer(&match self.format {
            Form::Text => plan.explain(),
            Form::Json => serde_json::to_string_pretty(&plan).map_err(Failure::new)?,
        })?;
        Ok(Ending::Clean)
    }
}
