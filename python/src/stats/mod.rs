//! `staysafe.stats`: the methods of [`staysafe::stats`] under their Python names. Only shapes are dealt with
//! here: numbers, lists, arrays and columns in, attributes, lists and tables out.

mod areas;
mod charts;
mod clusters;
mod compare;
mod interval;
mod levels;
mod numbers;
mod places;
mod rare;
mod rows;
mod series;
mod shape;
mod standardised;
mod wholes;

pub(crate) use areas::{
    Funnel, benchmark, five_bands, funnel, funnel_limits, quantiles, round_count, round_half_even,
    round_half_up,
};
pub(crate) use charts::{Rebase, Xmr, xmr};
pub(crate) use clusters::{Clustered, clustered_mean, clustered_proportion, survey_proportion};
pub(crate) use compare::{difference, rate_difference, rate_ratio};
pub(crate) use interval::{clopper_pearson, mean_interval, median_interval, rate_interval, wilson};
pub(crate) use rare::{KaplanMeier, RareChart, g_chart, kaplan_meier, t_chart};
pub(crate) use rows::{Estimate, Estimates, Interval, Intervals, Rows};
pub(crate) use series::{RunChart, Trend, run_chart, trend};
pub(crate) use shape::Column;
pub(crate) use standardised::{Standardised, dsr, isr};
