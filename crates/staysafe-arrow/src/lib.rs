#![doc = include_str!("../README.md")]

mod bind;
mod engine;
mod explained;
mod gather;
mod records;
mod results;
mod scalar;
mod states;

pub use bind::{BindError, Binding, BoundField, bind};
pub use engine::{
    CalculateLoadedError, LoadError, Loaded, Loading, Work, calculate, calculate_loaded, calculate_on,
    calculate_part, calculate_part_loaded, explain, explain_loaded,
};
pub use explained::{Derived, Explained, Lying, Reading, Totalled};
pub use gather::{AUTHORITY, DATASET, GatherError, Gathered, Stream};
pub use records::{records, without_blanks};
pub use results::{results_batch, results_schema};
pub use states::{FORMAT, StatesError, from_ipc, states_schema, to_ipc};
