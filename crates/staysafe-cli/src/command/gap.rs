//! `staysafe gap`: what is needed, what arrived, what is missing and whom to ask.

use std::path::Path;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use staysafe::board::promises;
use staysafe::calculate::{calculate, finish};
use staysafe::check::Checked;
use staysafe::definition::read::PLAN_FILE;
use staysafe::diagnostic::{self, render};
use staysafe::gap::{
    Arrived, Change, Circumstances, GapAnalysis, Grain, absences, arrived_rows, by_source, gap, matrix,
    needed, supplied, what_if,
};
use staysafe::period::Period;
use staysafe::plan::{self, Request};
use staysafe::report::gap_page;
use staysafe_io::{Returns, make_plan, read_board_folder};

use crate::Ending;
use crate::board::BoardFolder;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::input::{self, Input};
use crate::output;
use crate::render::gap as written;
use crate::render::{aligned, csv, sides};
use crate::today::{day, or_today};

/// Show what is missing for each entry, why, what stands in the way, and what would unlock the most; as a matrix; as it
/// would be.
///
/// Without a FILE nothing has arrived: what the framework needs, and whom to ask for it.
#[derive(Debug, Args)]
#[command(mut_arg("files", |files| files.required(false)))]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Gap {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    definitions: Definitions,

    /// The day on which agreements must still hold; without it, today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<NaiveDate>,

    #[command(flatten)]
    board: BoardFolder,

    /// Make the board's data gathering plan from the gaps, or make it again: nothing that people wrote in it is lost.
    #[arg(long, requires = "folder")]
    make_plan: bool,

    /// Show how the board's plan, task group, documents, priorities and challenges stand, instead of the gaps.
    #[arg(long, requires = "folder", conflicts_with = "make_plan")]
    plan: bool,

    /// Periods, such as '2021-22 Q1,2021-22': what is asked for then. Without any: whatever arrived, of whatever days.
    #[arg(long, value_delimiter = ',', value_name = "PERIODS")]
    periods: Vec<Period>,

    /// The matrix: a row for each indicator, kept apart by any of period, area, agency; 'indicator' for rows of
    /// indicators alone.
    #[arg(long, value_delimiter = ',', value_name = "NAMES", conflicts_with_all = ["rank", "absent", "what_if"])]
    by: Vec<String>,

    /// One of the things that are compared: what is needed, what is said to be supplied, or what arrived.
    #[arg(long, value_enum, value_name = "SIDE", conflicts_with_all = ["by", "rank", "absent", "what_if", "plan", "make_plan"])]
    list: Option<Side>,

    /// Only what would unlock the most entries: one thing, and the best pairs and triples.
    #[arg(long, conflicts_with_all = ["absent", "what_if"])]
    rank: bool,

    /// Each cell without a figure in these periods, with the reasons behind it.
    #[arg(long, conflicts_with = "what_if", requires = "periods")]
    absent: bool,

    /// How the picture would change: 'lose dataset ID', 'gain field DATASET.FIELD', 'lose agency ID',
    /// 'lapse agreement AGENCY: AGREEMENT'. May be given several times.
    #[arg(long, value_name = "CHANGE")]
    what_if: Vec<Change>,

    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is listed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Side {
    /// What each entry needs of each dataset: fields, links, how often, how far back, breakdowns, populations.
    Needed,
    /// What each agency says it supplies: fields, how often, how soon, since when, how good, under what until when.
    Supplied,
    /// How far each field of each delivery is filled in, of which days it speaks and what was rejected.
    Arrived,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// The whole analysis.
    Json,
    /// A table for a document.
    Markdown,
    /// A list, with --by or --list.
    Csv,
    /// A page of pictures: what would unlock the most, and each entry against each source.
    Html,
}

impl Gap {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let one_list = self.plan
            || self.make_plan
            || self.absent
            || self.list.is_some()
            || !self.by.is_empty()
            || !self.what_if.is_empty();
        if one_list && matches!(self.format, Format::Html) {
            return Err(Failure::new("the page of pictures is of the gap analysis alone"));
        }
        let checked = self.definitions.checked()?;
        let returns = self.input.read_any(&checked)?;
        let arrived = arrived(&checked, &returns)?;
        let as_of = or_today(self.date)?;
        if let (true, Some(folder)) = (self.make_plan, self.board.path()) {
            let gaps = gap(&checked, &arrived, &Circumstances::on(as_of));
            output::answer(&self.make(&checked, folder, &gaps)?)?;
            return Ok(input::ending(&returns));
        }
        let board = self.board.read(&checked, &returns, &arrived, as_of)?;
        if let (true, Some(now)) = (self.plan, &board) {
            output::answer(&match self.format {
                Format::Json => serde_json::to_string_pretty(&now.standing).map_err(Failure::new)?,
                Format::Text | Format::Markdown | Format::Csv | Format::Html => now.standing.told(),
            })?;
            return Ok(input::ending(&returns));
        }
        let promised = board.and_then(|now| Some(promises(now.board.plan.as_ref()?, &now.gaps, as_of)));
        let promised = promised.unwrap_or_default();
        let circumstances =
            Circumstances { periods: self.periods.clone(), promised, ..Circumstances::on(as_of) };
        output::answer(&self.written(&checked, &returns, &arrived, &circumstances)?)?;
        Ok(input::ending(&returns))
    }

    /// Makes the plan, or says with line and place why it was not touched.
    fn make(&self, checked: &Checked, folder: &Path, gaps: &GapAnalysis) -> Result<String, Failure> {
        let framework = checked.framework();
        if folder.is_dir() {
            let (_, found, sources) = read_board_folder(folder, framework).map_err(Failure::new)?;
            if !found.is_empty() {
                output::note(&render(&found, &sources, diagnostic::Format::Full));
            }
        }
        let made = make_plan(folder, framework, gaps).map_err(Failure::new)?;
        output::note(&format!("the plan: {}", folder.join(PLAN_FILE).display()));
        Ok(match self.format {
            Format::Text | Format::Markdown | Format::Csv | Format::Html => made.told(),
            Format::Json => serde_json::to_string_pretty(&made).map_err(Failure::new)?,
        })
    }

    fn listed(&self, checked: &Checked, arrived: &Arrived, side: Side) -> Result<String, Failure> {
        let framework = checked.framework();
        let (table, text) = match side {
            Side::Needed => {
                let rows = needed(checked);
                (sides::needed(&rows), serde_json::to_string_pretty(&rows))
            }
            Side::Supplied => {
                let rows = supplied(framework);
                (sides::supplied(&rows), serde_json::to_string_pretty(&rows))
            }
            Side::Arrived => {
                let rows = arrived_rows(framework, arrived);
                (sides::arrived(&rows), serde_json::to_string_pretty(&rows))
            }
        };
        match self.format {
            Format::Text => Ok(aligned(&table)),
            Format::Csv => Ok(table.into_iter().map(csv::line).collect()),
            Format::Json => json(text),
            Format::Markdown | Format::Html => Err(Failure::new("a list is written as text, csv or json")),
        }
    }

    fn written(
        &self,
        checked: &Checked,
        returns: &Returns,
        arrived: &Arrived,
        circumstances: &Circumstances,
    ) -> Result<String, Failure> {
        let framework = checked.framework();
        if !self.by.is_empty() {
            let names = self.by.iter().map(String::as_str).filter(|name| *name != "indicator");
            let grain = Grain::by(names).map_err(Failure::new)?;
            let matrix = matrix(checked, arrived, circumstances);
            let rows = matrix.rows(grain);
            return match self.format {
                Format::Text => Ok(written::matrix_text(&rows, grain)),
                Format::Csv => Ok(written::matrix_csv(&rows, grain)),
                Format::Json => json(serde_json::to_string_pretty(&rows)),
                Format::Markdown | Format::Html => {
                    Err(Failure::new("the matrix is written as text, csv or json"))
                }
            };
        }
        if let Some(side) = self.list {
            return self.listed(checked, arrived, side);
        }
        if matches!(self.format, Format::Csv) {
            return Err(Failure::new("csv is a list: say which, as in --by period,agency or --list needed"));
        }
        if self.absent {
            let request = Request { periods: self.periods.clone(), ..Request::default() };
            let plan = plan::plan(checked, &request).map_err(Failure::new)?;
            let partials = calculate(checked, &plan, &returns.data).map_err(Failure::new)?;
            let absent = absences(checked, arrived, circumstances, &finish(checked, &partials));
            return match self.format {
                Format::Json => json(serde_json::to_string_pretty(&absent)),
                _ => Ok(written::absent(&absent)),
            };
        }
        if !self.what_if.is_empty() {
            let picture = what_if(checked, arrived, circumstances, &self.what_if).map_err(Failure::new)?;
            return match self.format {
                Format::Json => json(serde_json::to_string_pretty(&picture)),
                _ => Ok(written::what_if(framework, &picture)),
            };
        }
        let analysis = gap(checked, arrived, circumstances);
        match self.format {
            Format::Json if self.rank => {
                json(serde_json::to_string_pretty(&(&analysis.unlocks, &analysis.bundles)))
            }
            Format::Json => json(serde_json::to_string_pretty(&analysis)),
            _ if self.rank => Ok(written::ranking(&analysis)),
            Format::Html => Ok(gap_page(framework, &analysis, &by_source(checked, &analysis))),
            Format::Markdown => Ok(written::markdown(framework, &analysis)),
            Format::Text | Format::Csv => Ok(written::text(framework, &analysis)),
        }
    }
}

fn json(written: Result<String, serde_json::Error>) -> Result<String, Failure> {
    written.map_err(Failure::new)
}

/// What arrived, after the returns of each authority were joined.
pub(crate) fn arrived(checked: &Checked, returns: &Returns) -> Result<Arrived, Failure> {
    Arrived::of(checked, &returns.data, &returns.profiles).map_err(Failure::new)
}
