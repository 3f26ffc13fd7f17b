//! The table: what was asked of the engine, and what it came to.

use std::collections::BTreeSet;

use super::drive::{CASES, Case, Measured, WHOLE};
use super::options::Options;

/// A line of the table: what is measured, what is accepted, what is aimed at, and what it came to.
struct Line {
    what: &'static str,
    accepted: &'static str,
    aim: &'static str,
    figure: Option<String>,
}

/// Prints medians, ratios and memory of W.
pub(crate) fn print(options: &Options, measured: &Measured) {
    println!(
        "\nSeconds, medians of {} in turn, {} threads, {} journeys (least to most)",
        options.times, options.threads, options.journeys
    );
    seconds_and_bytes(measured, &CASES);
    table(lines(measured));
}

/// Prints the same of the whole framework.
pub(crate) fn print_whole(options: &Options, measured: &Measured) {
    println!(
        "\nSeconds, medians of {} in turn, {} threads, {} children (least to most)",
        options.times, options.threads, options.children
    );
    seconds_and_bytes(measured, &[WHOLE]);
    let of = |name: &str| measured.seconds.get(&(name.to_owned(), WHOLE)).map(|times| median(times));
    let figure = of("whole-polars").zip(of("whole")).map(|(polars, ours)| format!("{:.2}", polars / ours));
    table(vec![Line { what: "whole framework, fused polars / ours", accepted: "4", aim: "10", figure }]);
}

fn seconds_and_bytes(measured: &Measured, cases: &[Case]) {
    let names: BTreeSet<&String> = measured.seconds.keys().map(|(name, _)| name).collect();
    for name in names {
        for case in cases {
            let Some(times) = measured.seconds.get(&(name.clone(), *case)) else { continue };
            let sorted = sorted(times);
            let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { continue };
            println!(
                "  {name:<12} {:>3} indicators {:>4} periods {:>9.4}  ({first:.4} to {last:.4})",
                case.0,
                case.1,
                median(times)
            );
        }
    }
    if let Some(first) = cases.first() {
        println!("\nMost memory beyond the loaded tables, {} indicators, {} periods", first.0, first.1);
    }
    for (name, bytes) in &measured.bytes {
        println!("  {name:<12} {:>9.1} MB", *bytes as f64 / 1e6);
    }
    for ((name, case), why) in &measured.left_out {
        println!("\nleft out: {name}, {} indicators, {} periods: {why}", case.0, case.1);
    }
}

fn table(lines: Vec<Line>) {
    println!("\n{:<62} {:>8} {:>6}  measured", "", "accepted", "aim");
    for line in lines {
        let figure = line.figure.unwrap_or_else(|| "not measured".to_owned());
        println!("{:<62} {:>8} {:>6}  {figure}", line.what, line.accepted, line.aim);
    }
}

fn lines(measured: &Measured) -> Vec<Line> {
    let [full, more, months] = CASES;
    let of =
        |name: &str, case: Case| measured.seconds.get(&(name.to_owned(), case)).map(|times| median(times));
    let faster = |case| match (of("polars", case), of("duckdb", case)) {
        (Some(polars), Some(duckdb)) => Some(polars.min(duckdb)),
        (one, other) => one.or(other),
    };
    let ratio = |above: Option<f64>, below: Option<f64>| Some(format!("{:.2}", above? / below?));
    vec![
        Line {
            what: "W, faster of polars and DuckDB / ours",
            accepted: "5",
            aim: "10",
            figure: ratio(faster(full), of("ours", full)),
        },
        Line {
            what: "56 indicators, faster of polars and DuckDB / ours",
            accepted: "6",
            aim: "12",
            figure: ratio(faster(more), of("ours", more)),
        },
        Line {
            what: "ours at 56 / ours at 14 indicators",
            accepted: "1.25",
            aim: "1.1",
            figure: ratio(of("ours", more), of("ours", full)),
        },
        Line {
            what: "ours at 120 months / ours at 40 quarters",
            accepted: "1.15",
            aim: "1.05",
            figure: ratio(of("ours", months), of("ours", full)),
        },
        Line {
            what: "interpreted / kernel by hand",
            accepted: "1.3",
            aim: "1.1",
            figure: ratio(of("ours", full), of("hand", full)),
        },
        Line {
            what: "ours / memory-read limit",
            accepted: "reported",
            aim: "8",
            figure: ratio(of("ours", full), of("limit", full)),
        },
        Line {
            what: "most memory beyond the loaded tables",
            accepted: "100 MB",
            aim: "40 MB",
            figure: measured.bytes.get("ours").map(|bytes| format!("{:.1} MB", *bytes as f64 / 1e6)),
        },
        Line {
            what: "through Python from polars frames / from Rust",
            accepted: "1.1",
            aim: "1.02",
            figure: ratio(of("ours-python", full), of("finished", full)),
        },
    ]
}

fn sorted(times: &[f64]) -> Vec<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

pub(crate) fn median(times: &[f64]) -> f64 {
    let sorted = sorted(times);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}
