//! `staysafe calculate`: figures, or the reason why there is none.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use staysafe::calculate::part::{Given, Part};
use staysafe::calculate::{Sides, Tested, finish, identities, why};
use staysafe::check::Checked;
use staysafe::period::{Period, PeriodKind};
use staysafe::plan::{Request, financial_years_of, periods_inside, plan};
use staysafe::progress::Watch;
use staysafe::record::Data;
use staysafe::result::{Results, Symbols, json};
use staysafe_arrow::Work;

use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::render::{cases, csv, table};

/// Calculate indicators from returns: a figure for each period, or the reason why there is none.
#[derive(Debug, Args)]
pub(crate) struct Calculate {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    #[command(flatten)]
    scope: Scope,

    /// Instead of figures, the cases behind one indicator's figure. For local use.
    #[arg(long, value_name = "ID", conflicts_with_all = ["indicators", "readings", "by", "beyond_cover", "periods", "symbols"])]
    list: Option<String>,

    /// Of the cases, those in the denominator that are not in the numerator, or cannot be judged.
    #[arg(long, requires = "list")]
    late: bool,

    /// Instead of the cases that are finished, those still open on the period's last day, with the day each is due.
    #[arg(long, requires = "list", conflicts_with = "late")]
    open: bool,

    /// The cases' period; without it, the last financial year inside the cover, or else the last quarter.
    #[arg(long, requires = "list")]
    period: Option<Period>,

    /// Instead of figures, what was counted, into this file: partial states, which `staysafe merge` adds to those of other authorities.
    #[arg(long, value_name = "FILE.arrow", requires = "periods", conflicts_with_all = ["list", "format", "symbols"])]
    partial: Option<PathBuf>,

    #[command(flatten)]
    printed: Printed,
}

/// How figures are written.
#[derive(Debug, Args)]
pub(super) struct Printed {
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Of CSV, one more column after the fixed ones: the symbol that stands for an absence or a mark.
    #[arg(long, value_enum)]
    symbols: Option<Letters>,
}

/// Whose symbols.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Letters {
    /// The Department for Education's: z, x, c, k, low, u.
    Dfe,
    /// The observation status of SDMX: A, B, L, M, O, P, Q, U.
    Sdmx,
}

/// Which indicators, periods and areas.
#[derive(Debug, Args)]
pub(crate) struct Scope {
    /// Indicators, or second readings of them such as 'cs-04@same-carer'; without any, all indicators.
    #[arg(long = "indicator", value_name = "ID")]
    indicators: Vec<String>,

    /// Beside each indicator, every second reading that its definition names.
    #[arg(long)]
    readings: bool,

    /// Periods, such as '2021-22 Q1,2021-22'; without any, every quarter and financial year inside the cover.
    #[arg(long, value_delimiter = ',', value_name = "PERIODS")]
    periods: Vec<Period>,

    /// By what figures are kept apart: 'area', a level of areas such as 'region', breakdowns such as 'age,sex'. Areas
    /// that are not named are added up.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    by: Vec<String>,

    /// Let rows outside the cover in: what is left of older cases. Such figures are marked 'survivors-only'.
    #[arg(long)]
    beyond_cover: bool,
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
        self.printed.fits()?;
        if self.list.is_none() && self.period.is_some() {
            return Err(Failure::new("--period is that of --list; figures are asked for with --periods"));
        }
        let checked = self.definitions.checked()?;
        let returns = self.input.read(&checked)?;
        if let Some(indicator) = &self.list {
            self.list(&checked, &returns.data, indicator)?;
            return Ok(input::ending(&returns));
        }
        let request = self.scope.request(&checked, &returns.data);
        let plan = plan(&checked, &request).map_err(Failure::new)?;
        let nobody = Watch::nobody();
        let work = Work::together(&nobody);
        if let Some(path) = &self.partial {
            let part = staysafe_arrow::calculate_part(&checked, &plan, &returns.data, Given::Whole, &work);
            write(&part.map_err(Failure::new)?, path)?;
            return Ok(input::ending(&returns));
        }
        let partials =
            staysafe_arrow::calculate_on(&checked, &plan, &returns.data, &work).map_err(Failure::new)?;
        self.printed.answer(&checked, &finish(&checked, &partials), &returns.data)?;
        Ok(input::ending(&returns))
    }

    /// Prints the cases behind a figure.
    fn list(&self, checked: &Checked, data: &Data, indicator: &str) -> Result<(), Failure> {
        let Some(period) = self.period.or_else(|| last_period(data)) else {
            return Err(Failure::new("no whole period lies inside the cover; name one with --period"));
        };
        let found = if self.open {
            why::open_cases(checked, data, indicator, period)
        } else {
            why::cases(checked, data, indicator, period, self.late)
        };
        let found = found.map_err(Failure::new)?;
        output::note(cases::HANDLING);
        output::answer(&match self.printed.format {
            Format::Table => cases::text(&found),
            Format::Csv => cases::csv(&found),
            Format::Json => serde_json::to_string_pretty(&found).map_err(Failure::new)?,
        })?;
        output::note(&format!("{indicator}, {period}: {} cases", found.len()));
        Ok(())
    }
}

impl Printed {
    /// Whether its options go together.
    pub(super) fn fits(&self) -> Result<(), Failure> {
        if self.symbols.is_some() && !matches!(self.format, Format::Csv) {
            return Err(Failure::new(
                "--symbols adds a column to --format csv; JSON always has both kinds, and a table says absences in words",
            ));
        }
        Ok(())
    }

    /// Prints figures, and says beside them what whoever reads them should know.
    pub(super) fn answer(&self, checked: &Checked, results: &Results, data: &Data) -> Result<(), Failure> {
        for (id, set) in &results.made_of.readings {
            let title = checked.framework().title_of(id).unwrap_or_default();
            let set: Vec<String> = set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            output::note(&format!("{id}: {title} ({})", set.join(", ")));
        }
        for (indicator, area, period) in &results.made_of.counts.records_stand {
            output::note(&format!(
                "{indicator}, {area}, {period}: a partner gave counts too; the records' figure stands, and nothing is added twice"
            ));
        }
        for tested in identities(checked, results, data) {
            if let Some(said) = identity(checked, &tested) {
                output::note(&said);
            }
        }
        output::answer(&match self.format {
            Format::Table => table::results(results),
            Format::Csv => csv::results(results, self.symbols.map(Letters::symbols)),
            Format::Json => json(results).map_err(Failure::new)?,
        })
    }
}

/// Writes partial states.
pub(super) fn write(part: &Part, path: &Path) -> Result<(), Failure> {
    let bytes = staysafe_arrow::to_ipc(part).map_err(Failure::new)?;
    staysafe_io::write_and_rename(path, &bytes).map_err(Failure::new)?;
    let authorities: Vec<&str> = part.shares.authorities().map(String::as_str).collect();
    let of = if authorities.is_empty() { "no authority".to_owned() } else { authorities.join(", ") };
    output::note(&format!(
        "{}: {} states of {of}",
        path.display(),
        part.partials.len() + part.candidates.len()
    ));
    output::note(
        "These are counts as they are, small ones too: send them as you would send the figures of a board.",
    );
    Ok(())
}

/// What is said of an identity that does not hold. The records behind it go by their places: no number of a child.
fn identity(checked: &Checked, tested: &Tested) -> Option<String> {
    let Sides::Broken { found, expected, behind } = &tested.outcome else { return None };
    let declared =
        checked.framework().identities.iter().find(|identity| identity.id.value == tested.identity);
    let words =
        declared.and_then(|identity| identity.words.as_ref()).map_or("", |words| words.value.as_str());
    let mut said = format!(
        "identity {} is broken, {}, {}: {found} where {expected} is due. {words}",
        tested.identity, tested.area, tested.period
    );
    let places = behind.iter().take(SHOWN);
    said.extend(places.map(|place| format!("\n  {}: {}, row {}", place.name, place.dataset, place.origin)));
    let more = behind.len().saturating_sub(SHOWN);
    said.extend((more > 0).then(|| format!("\n  and {more} more")));
    Some(said)
}

/// How many records behind a broken identity are listed.
const SHOWN: usize = 10;

impl Letters {
    fn symbols(self) -> Symbols {
        match self {
            Self::Dfe => Symbols::Dfe,
            Self::Sdmx => Symbols::Sdmx,
        }
    }
}

/// The last financial year inside the cover, or else the last quarter.
fn last_period(data: &Data) -> Option<Period> {
    let periods = periods_inside(data);
    let last = |kind| {
        periods.iter().copied().filter(|period| period.kind() == kind).max_by_key(|period| period.last_day())
    };
    last(PeriodKind::FinancialYear).or_else(|| last(PeriodKind::Quarter))
}

impl Scope {
    /// What to calculate from these records.
    pub(crate) fn request(self, checked: &Checked, data: &Data) -> Request {
        let mut periods = self.periods;
        if periods.is_empty() {
            periods = periods_inside(data);
            if self.beyond_cover {
                periods.extend(financial_years_of(checked, data));
            }
        }
        Request {
            indicators: self.indicators,
            readings: self.readings,
            periods,
            by: self.by,
            beyond_cover: self.beyond_cover,
        }
    }
}
