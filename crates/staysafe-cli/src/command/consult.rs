//! `staysafe consult`: what members put forward, what it overlaps, and what became of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use staysafe::consult::{long_list, overlaps};
use staysafe_io::{idea_table, idea_toml, read_consultation, write_drafts};

use super::Form;
use crate::Ending;
use crate::failure::Failure;
use crate::framework::Definitions;
use crate::output;

/// Consult members: the form of the long list, what came back, which entries overlap.
#[derive(Debug, Args)]
pub(crate) struct Consult {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print the empty form that a member fills in, as a table of comma-separated values.
    Form {
        /// As TOML, with what belongs under each heading.
        #[arg(long)]
        toml: bool,
    },
    /// Show the long list in a board's folder: who answered, each idea with what it overlaps and what became of it.
    List(List),
    /// Write a draft definition of each idea that was accepted; a file that is there is left as it is.
    Draft {
        #[command(flatten)]
        list: List,
        /// The folder that the drafts are written into.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Show which entries of the framework overlap, and why.
    Overlaps {
        #[command(flatten)]
        definitions: Definitions,
        /// How it is written.
        #[arg(long, value_enum, default_value_t = Form::Text)]
        format: Form,
    },
}

#[derive(Debug, Args)]
struct List {
    /// The board's folder; forms lie in its folder `consultation`.
    board: PathBuf,
    #[command(flatten)]
    definitions: Definitions,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

impl Consult {
    pub(crate) fn run(self) -> Result<Ending, Failure> {
        match self.verb {
            Verb::Form { toml } => {
                output::answer(&if toml { idea_toml() } else { idea_table() })?;
                Ok(Ending::Clean)
            }
            Verb::List(list) => {
                let found = list.read()?;
                output::answer(&match list.format {
                    Form::Text => found.told(),
                    Form::Json => serde_json::to_string_pretty(&found).map_err(Failure::new)?,
                })?;
                Ok(if found.faults.is_empty() { Ending::Clean } else { Ending::Findings })
            }
            Verb::Draft { list, out } => {
                let found = list.read()?;
                for draft in write_drafts(&found, &out).map_err(Failure::new)? {
                    let what = if draft.written { "drafted" } else { "left as it is" };
                    output::note(&format!("{what}: {}", draft.path.display()));
                }
                Ok(if found.faults.is_empty() { Ending::Clean } else { Ending::Findings })
            }
            Verb::Overlaps { definitions, format } => {
                let found = overlaps(&definitions.checked()?);
                output::answer(&match format {
                    Form::Text => found.iter().fold(String::new(), |text, overlap| {
                        text + &format!(
                            "{} {} {}: {}\n",
                            overlap.first,
                            overlap.kind.words(),
                            overlap.second,
                            overlap.why
                        )
                    }),
                    Form::Json => serde_json::to_string_pretty(&found).map_err(Failure::new)?,
                })?;
                Ok(Ending::Clean)
            }
        }
    }
}

impl List {
    fn read(&self) -> Result<staysafe::consult::LongList, Failure> {
        let checked = self.definitions.checked()?;
        let forms = read_consultation(&self.board).map_err(Failure::new)?;
        Ok(long_list(&checked, &forms))
    }
}
