//! `staysafe template`: an empty register for a partner to fill in.

use std::path::PathBuf;

use clap::Args;
use staysafe::period::Period;
use staysafe_io::{Prefilled, template};

use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::output;

/// Write an empty register for a partner to fill in: NAME.xlsx and NAME.csv.
///
/// The workbook has lists to choose from, a worked row, notes on each column and a box for a nil return. What comes back
/// is read as it is, by calculate, report, gap and receipt.
#[derive(Debug, Args)]
pub(crate) struct Template {
    /// The dataset, by its id.
    name: String,

    #[command(flatten)]
    definitions: Definitions,

    /// The agency, filled in before it is sent.
    #[arg(long, value_name = "ID")]
    agency: Option<String>,

    /// The area, filled in before it is sent.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,

    /// The period, filled in before it is sent, as in '2010-11 Q1'.
    #[arg(long)]
    period: Option<Period>,

    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

impl Template {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let prefilled = Prefilled { agency: self.agency, area: self.area, period: self.period };
        let made = template(checked.framework(), &self.name, &prefilled).map_err(Failure::new)?;
        for path in made.write(&self.out).map_err(Failure::new)? {
            output::answer(&path.display().to_string())?;
        }
        Ok(Ending::Clean)
    }
}
