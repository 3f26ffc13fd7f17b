//! Workload W: its records, its definitions, what the engine and a kernel by hand count of them. Shared by the bench and its test.

pub(crate) mod counts;
pub(crate) mod data;
pub(crate) mod days;
pub(crate) mod definitions;
pub(crate) mod hand;
pub(crate) mod ours;
pub(crate) mod tables;
