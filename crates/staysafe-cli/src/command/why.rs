//! `staysafe why`: how far each record of one child came, and the first clause that failed.

use clap::Args;
use staysafe::calculate::why::{Case, Standing, why};
use staysafe::period::{Period, PeriodKind};
use staysafe::plan::periods_inside;

use super::Form;
use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::render::cases;

/// Explain why the records of one child count or do not: the first clause that failed, down to the working day.
///
/// The answer is about one child. It is for local use.
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    /// The indicator.
    #[arg(long, value_name = "ID")]
    indicator: String,

    /// The child's identifier in the return.
    #[arg(long, value_name = "CHILD")]
    key: String,

    /// The period; without it, every quarter and financial year inside the cover.
    #[arg(long)]
    period: Option<Period>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Why {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let returns = self.input.read(&checked)?;
        let periods = self.period.map_or_else(|| periods_inside(&returns.data), |period| vec![period]);
        let found =
            why(&checked, &returns.data, &self.indicator, &self.key, &periods).map_err(Failure::new)?;
        if found.is_empty() {
            return Err(Failure::new(format!(
                "no return holds a record of that child in what `{}` is worked out from",
                self.indicator
            )));
        }
        output::note(cases::HANDLING);
        let told = if self.period.is_some() { found } else { in_some_period(found) };
        output::answer(&match self.format {
            Form::Text => cases::text(&told),
            Form::Json => serde_json::to_string_pretty(&told).map_err(Failure::new)?,
        })?;
        Ok(input::ending(&returns))
    }
}

/// Without the periods that a record has nothing to do with; where it has to do with none, the years say so.
fn in_some_period(found: Vec<Case>) -> Vec<Case> {
    let belongs = |case: &Case| case.standing != Standing::NotInPeriod;
    let is_year = |case: &Case| case.period.kind() == PeriodKind::FinancialYear;
    if found.iter().any(belongs) {
        found.into_iter().filter(belongs).collect()
    } else if found.iter().any(is_year) {
        found.into_iter().filter(is_year).collect()
    } else {
        found
    }
}
