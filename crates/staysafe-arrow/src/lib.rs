#![doc = include_str!("../README.md")]

mod bind;
mod engine;
mod records;
mod results;

pub use bind::{BindError, Binding, bind};
pub use engine::{calculate, calculate_watched};
pub use records::records;
pub use results::{results_batch, results_schema};
