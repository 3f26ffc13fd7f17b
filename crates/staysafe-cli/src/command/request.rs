//! `staysafe request`: what a board asks of an agency, on one page.

use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use staysafe::period::Period;
use staysafe::request::{Asking, html, markdown, request};

use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::output;
use crate::today::day;

/// Write what the board asks of an agency, on one page: what, why, for which question, on which legal basis, by when, whom
/// to ask, and what comes back.
#[derive(Debug, Args)]
pub(crate) struct Request {
    /// The agency, by its id.
    agency: String,

    #[command(flatten)]
    definitions: Definitions,

    /// Datasets to ask for; without any, everything the agency holds that an indicator needs.
    #[arg(long = "dataset", value_name = "ID")]
    datasets: Vec<String>,

    /// The period it is asked for, as in '2010-11 Q1'.
    #[arg(long)]
    period: Option<Period>,

    /// The day by which it is due.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    due: Option<NaiveDate>,

    /// Whom to send it to, and whom to ask.
    #[arg(long, value_name = "WORDS")]
    contact: Option<String>,

    /// Write it to this file instead, as Markdown, or as a page for a browser where its name ends in .html.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Request {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        let checked = self.definitions.checked()?;
        let asking =
            Asking { datasets: self.datasets, period: self.period, due: self.due, contact: self.contact };
        let asked = request(&checked, &self.agency, &asking).map_err(Failure::new)?;
        let Some(path) = self.out else {
            output::answer(&markdown(&asked))?;
            return Ok(Ending::Clean);
        };
        let is_page = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
        let page = if is_page { html(&asked) } else { markdown(&asked) };
        fs::write(&path, page).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        output::answer(&path.display().to_string())?;
        Ok(Ending::Clean)
    }
}
