//! Safeguarding indicators as checked definitions, exact figures and typed absence.

pub mod calculate;
pub mod calendar;
pub mod check;
pub mod definition;
pub mod describe;
pub mod diagnostic;
pub mod disclosure;
pub mod gap;
pub mod period;
pub mod plan;
pub mod record;
pub mod report;
pub mod result;
pub mod value;
