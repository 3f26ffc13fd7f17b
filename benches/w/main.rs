//! Workload W of the columnar engine, beside a kernel written by hand and what reading memory takes.
//!
//!     cargo bench --bench w -- --rows 1000000            # journeys; plans and episodes come with them
//!         [--indicators 14|56] [--periods 40|120] [--threads N] [--times N]
//!
//! Beside polars and DuckDB, and from Python, it runs by `cargo xtask bench w`.
#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::inline_always,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a bench may stop, and its kernel is as tight as it gets"
)]

mod counts;
mod data;
mod days;
mod definitions;
mod drive;
mod hand;
mod limit;
mod options;
mod ours;
mod process;
mod report;
mod tables;
mod whole;
mod worker;

use std::hint::black_box;
use std::time::Instant;

use counts::Counts;
use definitions::{Size, framework, periods, planned};
use options::Options;

fn main() -> Result<(), String> {
    let options = Options::read(std::env::args().skip(1))?;
    let words: Vec<&str> = options.words.iter().map(String::as_str).collect();
    match words[..] {
        [] => alone(&options),
        // Makes the tables and nothing else.
        ["tables"] => drive::lay_out(&options, &options.folder),
        ["drive"] => drive::drive(&options),
        ["drive", "whole"] => drive::drive_whole(&options),
        ["worker", name] => worker::be(name, &options),
        ref other => Err(format!("`{}` is not understood", other.join(" "))),
    }
}

/// Ours, the kernel by hand and the limit in turn, in this process.
fn alone(options: &Options) -> Result<(), String> {
    let size = Size::of(options.indicators).ok_or("14 or 56 indicators")?;
    let periods = periods(options.periods)?;
    let checked = framework(size)?;
    let plan = planned(&checked, &periods)?;
    let own = hand::Tables::new(options.rows());
    let by_hand = hand::Plan::new(&periods)?;
    let data = ours::loaded(&checked, options.rows())?;
    let watch = staysafe::progress::Watch::nobody();
    let work = ours::work(&watch, options.threads);
    let columns = limit::columns(&own);
    let bytes: usize = columns.iter().map(|column| column.len()).sum();
    println!(
        "W: {} journeys, {} plans, {} episodes; {} indicators, {} periods; {} threads; {:.1} MB of columns",
        own.journeys.area.len(),
        own.plans.area.len(),
        own.episodes.area.len(),
        options.indicators,
        options.periods,
        options.threads,
        bytes as f64 / 1e6,
    );
    if size == Size::Fourteen {
        let partials =
            staysafe_arrow::calculate_loaded(&checked, &plan, &data, &work).map_err(|why| why.to_string())?;
        let ours = Counts::of(&partials, size, &periods)?;
        let differences = ours.differences(&hand::count(&own, &by_hand, options.threads));
        if !differences.is_empty() {
            return Err(format!("the engine and the kernel by hand differ: {differences:#?}"));
        }
    }
    let mut timed = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..options.times {
        let [limit, hand, ours] = &mut timed;
        limit.push(seconds(|| limit::sum(&columns, options.threads)));
        if size == Size::Fourteen {
            hand.push(seconds(|| hand::count(&own, &by_hand, options.threads)));
        }
        ours.push(seconds(|| staysafe_arrow::calculate_loaded(&checked, &plan, &data, &work)));
    }
    for (name, times) in ["memory read", "by hand", "ours"].into_iter().zip(&mut timed) {
        times.sort_by(f64::total_cmp);
        if let (Some(median), Some(first), Some(last)) =
            (times.get(times.len() / 2), times.first(), times.last())
        {
            println!("  {name:<12} {median:>9.4} s  ({first:.4} to {last:.4})");
        }
    }
    Ok(())
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    black_box(work());
    started.elapsed().as_secs_f64()
}
