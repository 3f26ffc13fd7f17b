#![doc = include_str!("../README.md")]

mod bind;
mod records;
mod results;

pub use bind::{BindError, Binding, bind};
pub use records::records;
pub use results::{results_batch, results_schema};
