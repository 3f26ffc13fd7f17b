//! Tables of separated values, whatever return they are of: their lines, characters, blanks and days.

mod cell;
mod encoding;
mod lines;

pub(crate) use cell::{NOTHING, day, day_message, plain, trim};
pub(crate) use encoding::{decoded, text, utf_16};
pub(crate) use lines::{Cells, Line, Lines, separator};
