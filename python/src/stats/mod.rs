//! `staysafe.stats`: the methods of [`staysafe::stats`] under their Python names. Only shapes are dealt with
//! here: numbers, lists, arrays and columns in, attributes, lists and tables out.

mod areas;
mod interval;
mod numbers;
mod rows;
mod series;
mod standardised;

pub(crate) use areas::{Funnel, benchmark, funnel, quantiles, round_half_up};
pub(crate) use interval::{mean_interval, rate_interval, wilson};
pub(crate) use rows::{Estimate, Interval, Intervals, Rows};
pub(crate) use series::{RunChart, Trend, Xmr, run_chart, trend, xmr};
pub(crate) use standardised::{Standardised, dsr, isr};
