//! `staysafe calculate`: figures, or the reason why there is none.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use staysafe::calculate::{calculate, finish};
use staysafe::check::Checked;
use staysafe::period::{Period, PeriodKind};
use staysafe::plan::{Request, periods_inside, plan};
use staysafe::record::Data;
use staysafe::value::{Datum, Value};

use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::Input;
use crate::output;
use crate::render::{csv, json, table};

/// Calculate indicators from returns: a figure for each period, or the reason why there is none.
#[derive(Debug, Args)]
pub(crate) struct Calculate {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    scope: Scope,

    /// How the figures are written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Which indicators, periods and areas.
#[derive(Debug, Args)]
pub(crate) struct Scope {
    /// Indicators; without any, all of them.
    #[arg(long = "indicator", value_name = "ID")]
    indicators: Vec<String>,

    /// Periods, such as '2021-22 Q1,2021-22'; without any, every quarter and financial year inside the cover.
    #[arg(long, value_delimiter = ',', value_name = "PERIODS")]
    periods: Vec<Period>,

    /// Keep areas apart; without it they are added up.
    #[arg(long, value_enum)]
    by: Option<By>,

    /// Let rows outside the cover in: what is left of older cases. Such figures are marked 'survivors-only'.
    #[arg(long)]
    beyond_cover: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Area,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Columns for a terminal.
    Table,
    /// The fixed columns, a blank where there is nothing.
    Csv,
    /// What the figures were made of, and the fixed columns.
    Json,
}

impl Calculate {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let returns = self.input.read()?;
        let request = self.scope.request(&checked, &returns.data);
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        let partials = calculate(&checked, &plan, &returns.data).map_err(Failure::new)?;
        let results = finish(&checked, &partials);
        output::answer(&match self.format {
            Format::Table => table::results(&results),
            Format::Csv => csv::results(&results),
            Format::Json => json::results(&results).map_err(Failure::new)?,
        })?;
        Ok(Ending::Clean)
    }
}

impl Scope {
    /// What to calculate from these records.
    pub(crate) fn request(self, checked: &Checked, data: &Data) -> Request {
        let mut periods = self.periods;
        if periods.is_empty() {
            periods = periods_inside(data);
            if self.beyond_cover {
                periods.extend(years_of(checked, data));
            }
        }
        Request {
            indicators: self.indicators,
            periods,
            by_area: self.by.is_some(),
            beyond_cover: self.beyond_cover,
        }
    }
}

/// Every financial year from the first day that any record of work names to the last day of any cover.
fn years_of(checked: &Checked, data: &Data) -> Vec<Period> {
    let tables = || data.returns.iter().flat_map(|of| &of.tables);
    let last = tables().filter_map(|(_, table)| table.cover.events.map(|days| days.last)).max();
    let mut years = BTreeSet::new();
    for (id, table) in tables() {
        let Some(dataset) = checked.framework().datasets.get(id) else { continue };
        let work: BTreeSet<&str> = dataset
            .fields
            .iter()
            .filter(|field| !field.personal)
            .map(|field| field.name.value.as_str())
            .collect();
        for row in &table.rows {
            for (field, value) in table.fields.iter().zip(&row.values) {
                if let Datum::Known(Value::Date(day)) = value
                    && work.contains(field.as_ref())
                    && last.is_none_or(|last| *day <= last)
                {
                    years.extend(Period::of(PeriodKind::FinancialYear, *day).ok());
                }
            }
        }
    }
    let first = years.first().copied();
    first
        .zip(years.last().copied())
        .and_then(|(first, last)| Period::range(first, last).ok())
        .unwrap_or_default()
}
