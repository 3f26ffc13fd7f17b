//! A case-management system that carries its own indicators.
//!
//! Who would do this: the supplier of a system that social workers use all day. Why: the rules of a team change more
//! often than the program does. Here they are four TOML files in `framework/`; the same definition orders this
//! morning's worklist and gives the board's figure, so the two cannot disagree, and a mistake in a file stops the
//! program at its start with the line at fault instead of a wrong number at the end of the quarter.
//!
//! It depends on the core crate alone: no Arrow, no XML, no Python, no files read and no clock.
//!
//! `cargo run -- 2011-01-07`

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use staysafe::calculate::clock::{Standing, clock};
use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::diagnostic::{Format, render};
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Return, Row, Submission, Table};
use staysafe::result::Outcome;
use staysafe::value::{Datum, Value};

const RULES: &[(&str, &str)] = &[
    ("framework.toml", include_str!("../framework/framework.toml")),
    ("agencies.toml", include_str!("../framework/agencies.toml")),
    ("datasets/core_group.toml", include_str!("../framework/datasets/core_group.toml")),
    ("indicators/core-group-10.toml", include_str!("../framework/indicators/core-group-10.toml")),
];

const INDICATOR: &str = "core-group-10";

/// What the system holds of a case; days as its database writes them.
struct Case {
    child: &'static str,
    conference: &'static str,
    core_group: Option<&'static str>,
}

const CASES: [Case; 4] = [
    Case { child: "C-201", conference: "2010-12-06", core_group: Some("2010-12-17") },
    Case { child: "C-202", conference: "2010-12-20", core_group: Some("2011-01-06") },
    Case { child: "C-203", conference: "2010-12-20", core_group: None },
    Case { child: "C-204", conference: "2010-12-23", core_group: None },
];

fn main() -> ExitCode {
    let today = std::env::args().nth(1);
    match run(today.as_deref().unwrap_or("2011-01-07")) {
        Ok(text) => print!("{text}"),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run(today: &str) -> Result<String, Box<dyn Error>> {
    let checked = rules(RULES)?;
    Ok(worklist(&checked, &CASES, today)? + "\n" + &figure(&checked, &CASES, "2010-11 Q3")?)
}

/// The rules, checked at the program's start: with a mistake in them there is nothing to run.
fn rules(files: &[(&str, &str)]) -> Result<Checked, String> {
    let (framework, unread) = read(files.iter().copied());
    let sources = framework.files.clone();
    let (checked, findings) = check(framework);
    checked
        .ok_or_else(|| render(&unread, &sources, Format::Full) + &render(&findings, &sources, Format::Full))
}

/// This morning's list: each case by the day it falls due.
fn worklist(checked: &Checked, cases: &[Case], today: &str) -> Result<String, Box<dyn Error>> {
    let today = today.parse().map_err(|_| format!("'{today}' is no date such as 2011-01-07"))?;
    let mut list = Vec::new();
    for case in cases {
        let record = record(case)?.map(|(field, value)| (field.to_owned(), value)).into();
        let reading = clock(checked, INDICATOR, None, &record, today)?;
        let due = reading.due.ok_or_else(|| format!("{}: outside the working-day calendar", case.child))?;
        list.push((due, case.child, reading.standing));
    }
    list.sort_unstable();
    let mut text = format!("core groups on {today}\n");
    for (due, child, standing) in list {
        let words = match standing {
            Standing::MetInTime => "held in time",
            Standing::MetLate => "held late",
            Standing::OnTimeSoFar | Standing::NotYetDue => "to be held",
            Standing::AlreadyLate => "LATE",
            Standing::CannotBeJudged => "check its dates",
        };
        writeln!(text, "  due {due}  {child}  {words}")?;
    }
    Ok(text)
}

/// The board's figure, from the same cases and the same clock.
fn figure(checked: &Checked, cases: &[Case], period: &str) -> Result<String, Box<dyn Error>> {
    let periods = vec![period.parse()?];
    let plan = plan(checked, &Request { periods, ..Request::default() })?;
    let data = Data { returns: vec![records(cases)?] };
    let mut text = String::new();
    for row in finish(checked, &calculate(checked, &plan, &data)?).observations {
        write!(text, "{} {}: ", row.indicator, row.period)?;
        match row.cell.outcome {
            Outcome::Figure { value, numerator: Some(above), denominator: Some(below) } => {
                write!(text, "{} of {}, {}%", above.to_places(0), below.to_places(0), value.to_places(1))?;
            }
            Outcome::Figure { value, .. } => write!(text, "{}", value.to_places(0))?,
            Outcome::Absent(reason) => write!(text, "{}", reason.words())?,
        }
        for (note, count) in row.cell.notes {
            write!(text, "; {}: {count}", note.code())?;
        }
        writeln!(text)?;
    }
    Ok(text)
}

fn records(cases: &[Case]) -> Result<Return, String> {
    let mut rows = Vec::new();
    for (origin, case) in (1..).zip(cases) {
        rows.push(Row { values: record(case)?.map(|(_, value)| value).to_vec(), origin });
    }
    let fields = ["child", "conference_date", "core_group_date"].map(Into::into).to_vec();
    Ok(Return {
        name: "cases".to_owned(),
        kind: "core_group".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: [("core_group".to_owned(), Table { fields, rows, cover: Cover::UNLIMITED })].into(),
    })
}

/// A case as the rules read it.
fn record(case: &Case) -> Result<[(&'static str, Datum); 3], String> {
    let date =
        |text: &str| text.parse().map(|date| Datum::Known(Value::Date(date))).map_err(|_| unreadable(case));
    Ok([
        ("child", Datum::Known(Value::Text(case.child.into()))),
        ("conference_date", date(case.conference)?),
        ("core_group_date", case.core_group.map_or(Ok(Datum::Missing), date)?),
    ])
}

/// Names the place, not the child.
fn unreadable(case: &Case) -> String {
    let place = CASES.iter().position(|held| held.child == case.child).map_or(0, |place| place + 1);
    format!("case {place} holds a day that cannot be read")
}
