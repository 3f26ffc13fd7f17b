//! The board's folder, as several verbs take it.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use staysafe::check::Checked;
use staysafe::diagnostic::{Format, render};
use staysafe::gap::{Arrived, Circumstances};
use staysafe_io::{BoardNow, Returns};

use crate::failure::Failure;
use crate::output;

/// The board's folder.
#[derive(Debug, Args)]
pub(crate) struct BoardFolder {
    /// The board's folder: plan.toml (the data gathering plan), task-group.toml, meetings.toml, priorities.toml,
    /// commentary.toml, challenges.toml, and its log.
    #[arg(long = "board", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl BoardFolder {
    /// The folder, where one was given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where everything in it stands; nothing, where no folder was given.
    pub(crate) fn read(
        &self,
        checked: &Checked,
        returns: &Returns,
        arrived: &Arrived,
        as_of: NaiveDate,
    ) -> Result<Option<BoardNow>, Failure> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let now = BoardNow::read(folder, checked, &returns.data, arrived, &Circumstances::on(as_of))
            .map_err(Failure::new)?;
        if !now.found.is_empty() {
            output::note(&render(&now.found, &now.sources, Format::Full));
        }
        if now.found.has_errors() {
            return Err(Failure::new(
                "the board's folder has files with errors; nothing is decided from half of one, and none was changed",
            ));
        }
        Ok(Some(now))
    }
}
