//! Figures and typed absences, in the fixed columns.

mod cell;
mod flags;
mod interval;
mod json;
mod movement;
mod partial;
mod results;
mod survey;
mod symbol;
mod words;

pub use cell::{Cell, Coverage, Flag, Judged, NotReported, Note, Outcome, Reason};
pub use flags::Flags;
pub use interval::{Interval, Method, NoInterval};
pub use json::json;
pub use movement::{Movement, Movements, movements};
pub(crate) use movement::{higher_is_better, is_comparable};
pub use partial::{Entry, Partial, Partials, State, Summed, Totals};
pub use results::{COLUMNS, CountsUsed, JoinedTable, MadeOf, Observation, Results, Statistic};
pub use survey::{Surveyed, Weights};
pub use symbol::Symbols;
pub(crate) use words::{printed_count, printed_figure, thousands};

pub use crate::definition::breakdown::{ALL, UNKNOWN_CATEGORY};
