//! Definitions as they are written: frameworks, datasets, indicators, predicates.

pub mod alias;
pub mod area;
pub mod board;
pub mod breakdown;
pub mod dataset;
pub mod derived;
pub mod framework;
pub mod indicator;
pub mod predicate;
pub mod read;
pub mod reading;
mod schema;
pub(crate) mod version;
pub mod workflow;

pub use schema::schemas;
pub(crate) use schema::stages;
