#![doc = include_str!("../README.md")]

mod bind;
mod engine;
mod gather;
mod records;
mod results;
mod states;

pub use bind::{BindError, Binding, bind};
pub use engine::{calculate, calculate_part, calculate_watched};
pub use gather::{AUTHORITY, DATASET, GatherError, Gathered};
pub use records::{records, without_blanks};
pub use results::{results_batch, results_schema};
pub use states::{FORMAT, StatesError, from_ipc, states_schema, to_ipc};
