//! The Python package: frozen handles on the library's own values, and nothing worked out here.
//!
//! Each module is named as what it shows. Work on records happens without the interpreter's lock; tables go in
//! and out through Arrow's capsules ([`capsule`]); beside a line in `stats` that gives memory back, it is the only unsafe code.
#![allow(
    clippy::doc_markdown,
    clippy::doc_link_with_quotes,
    reason = "what documents a thing here is its docstring in Python"
)]

mod board;
mod calendar;
mod capsule;
mod clock;
mod cluster;
mod column;
mod consult;
mod error;
mod explained;
mod framework;
mod gap;
mod hand_made;
mod loaded;
mod partials;
mod partner;
mod period;
mod priorities;
mod published;
mod results;
mod returns;
mod scorecard;
mod setting;
mod source;
mod stats;
mod table;
mod watch;
mod why;
mod workflow;

use pyo3::prelude::*;

/// The native half of staysafe.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::board::Board;
    #[pymodule_export]
    use super::calendar::{add_working_days, due_date, is_working_day, working_days};
    #[pymodule_export]
    use super::clock::Clock;
    #[pymodule_export]
    use super::cluster::Job;
    #[pymodule_export]
    use super::consult::{LongList, consultation_form};
    #[pymodule_export]
    use super::error::{DefinitionError, Error, ReturnError};
    #[pymodule_export]
    use super::explained::Explained;
    #[pymodule_export]
    use super::framework::{Framework, Verified, load, lscb, sent};
    #[pymodule_export]
    use super::gap::GapAnalysis;
    #[pymodule_export]
    use super::hand_made::from_tables;
    #[pymodule_export]
    use super::loaded::Loaded;
    #[pymodule_export]
    use super::partials::Partials;
    #[pymodule_export]
    use super::partner::{PartnerRequest, Receipt, Template};
    #[pymodule_export]
    use super::period::{Period, quarters};
    #[pymodule_export]
    use super::priorities::{Candidates, Selection};
    #[pymodule_export]
    use super::published::{Published, Recomputed, read_published};
    #[pymodule_export]
    use super::results::Results;
    #[pymodule_export]
    use super::returns::{Returns, read_returns};
    #[pymodule_export]
    use super::scorecard::Scorecard;
    #[pymodule_export]
    use super::stats::{
        Clustered, Column, Estimate, Estimates, Funnel, Interval, Intervals, KaplanMeier, RareChart, Rebase,
        Rows, RunChart, Standardised, Trend, Xmr, benchmark, clopper_pearson, clustered_mean,
        clustered_proportion, difference, dsr, five_bands, funnel, funnel_limits, g_chart, isr, kaplan_meier,
        mean_interval, median_interval, quantiles, rate_difference, rate_interval, rate_ratio, round_count,
        round_half_even, round_half_up, run_chart, survey_proportion, t_chart, trend, wilson, xmr,
    };
    #[pymodule_export]
    use super::table::{Diagnostics, Table};
    #[pymodule_export]
    use super::why::Cases;
    #[pymodule_export]
    use super::workflow::Workflow;

    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
