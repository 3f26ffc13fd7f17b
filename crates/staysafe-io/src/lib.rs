#![doc = include_str!("../README.md")]

mod aliases;
mod board;
mod census;
mod consultation;
mod delimited;
mod error;
mod framework;
mod gathering;
mod inputs;
mod kind;
mod layout;
mod log;
mod notes;
mod partner;
mod pattern;
mod profile;
mod published;
mod registers;
mod returns;
mod runs;
mod scorecard;
mod ssda903;
#[cfg(test)]
mod test_folder;
mod values;
mod workbook;
mod xml;

pub use aliases::{AliasError, Unmapped, read_alias_file, unmapped};
pub use board::{BoardState, Happened, RecordError, board_state, record};
pub use census::{Account, ReadReturn, read_census};
pub use consultation::{Drafted, idea_table, idea_toml, read_consultation, write_drafts};
pub use error::{FaultKind, FileFault, ReadError};
pub use framework::{load, read_folder};
pub use gathering::{BoardNow, PlanError, make_plan, read_board_folder};
pub use log::{LogError, append_event, file_hash, new_log, read_events};
pub use partner::{
    Accepted, FiguresError, Prefilled, Receipt, ReceiptFigure, ReceiptLine, Template, TemplateError,
    figures_fed, receipt, template,
};
pub use pattern::{Found, Pattern, PatternError};
pub use published::{
    CellAccount, PublishedOptions, ReadPublished, known_layouts, read_layouts, read_published,
};
pub use registers::Registers;
pub use returns::{Notice, ReadOptions, Returns, read_returns};
pub use runs::{RunError, last_run, store_run, write_and_rename};
pub use scorecard::{Form, ScorecardError, Wanted, Written, read_long_list, write_scorecard};
pub use ssda903::read_ssda903;
pub use values::date;

/// The root README's example runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct RootReadme;
