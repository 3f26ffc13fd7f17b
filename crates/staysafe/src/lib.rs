//! Safeguarding indicators as checked definitions, exact figures and typed absence.
//!
//! ```text
//! files ─ read ─▶ Framework ─ check ─▶ Checked ─ plan ─▶ Plan ─ calculate ─▶ Results ─ disclose ─▶ Disclosed ─ report
//!                                         │                                     │
//!                                         └──────────────── gap ────────────────┴──▶ GapAnalysis
//! ```
//!
//! Each arrow is one public function of that name in the module of that name. Types carry the order: only
//! [`check`](check::check) makes a [`Checked`](check::Checked), and only what disclosure control has seen is
//! published.
//!
//! The crate is a set of pure functions on values: it reads no files, knows no clock and no environment, starts
//! no threads and prints nothing. The same input gives the same bytes. Reading files is `staysafe-io`'s work.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod board;
pub mod calculate;
pub mod calendar;
pub mod check;
pub mod consult;
pub mod definition;
pub mod describe;
pub mod diagnostic;
pub mod disclosure;
pub mod gap;
pub mod period;
pub mod plan;
pub mod progress;
pub mod published;
pub mod record;
pub mod report;
pub mod request;
pub mod result;
pub mod stats;
pub mod value;
pub mod verify;
pub mod workflow;
