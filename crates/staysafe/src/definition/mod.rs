//! Definitions as they are written: frameworks, datasets, indicators, predicates.

pub mod area;
pub mod dataset;
pub mod framework;
pub mod indicator;
pub mod predicate;
pub mod read;
