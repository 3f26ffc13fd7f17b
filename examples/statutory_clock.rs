//! When each open case falls due, and how it stands today.
//!
//! Who would do this: a developer of a case-management system, for the list a team manager opens every morning.
//! Why: the clock is the one the indicator is judged by. It comes from the checked definition of cs-14, so the list
//! and the board's figure cannot disagree, and it knows the bank holidays that a count by hand forgets.
//!
//! The library has no clock of its own: today is whatever the caller says it is.
//!
//! `cargo run --example statutory_clock -- 2011-05-16`

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use chrono::NaiveDate;
use staysafe::calculate::clock::{Standing, clock};
use staysafe::calendar::Days;
use staysafe::check::{Checked, check};
use staysafe::value::{Datum, Value};

/// Case, start of the section 47 enquiry, conference where one was held.
const CASES: &[(&str, &str, Option<&str>)] = &[
    ("A", "2011-04-18", Some("2011-05-13")),
    ("B", "2011-04-18", Some("2011-05-16")),
    ("C", "2011-04-18", None),
    ("D", "2011-04-21", None),
    ("E", "2011-05-16", None),
    ("F", "2011-05-09", Some("2011-05-06")),
];

fn main() -> ExitCode {
    let today = std::env::args().nth(1);
    match run(today.as_deref().unwrap_or("2011-05-16")) {
        Ok(text) => print!("{text}"),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

pub fn run(today: &str) -> Result<String, Box<dyn Error>> {
    let today = day(today)?;
    let checked = framework()?;
    let calendar = checked.calendar();

    let mut text = format!("On {today}: conferences due after the start of the enquiry\n\n");
    writeln!(text, "case  enquiry     due         day  standing")?;
    let (mut first, mut last) = (today, today);
    for (case, start, conference) in CASES {
        let (start, held) = (day(start)?, conference.map(day).transpose()?);
        if start > today {
            continue;
        }
        let record = BTreeMap::from([
            ("s47_start".to_owned(), Datum::Known(Value::Date(start))),
            ("icpc_date".to_owned(), held.map_or(Datum::Missing, |held| Datum::Known(Value::Date(held)))),
        ]);
        let reading = clock(&checked, "cs-14", None, &record, today)?;
        let due = reading.due.ok_or_else(|| format!("case {case}: no limit was in force on {start}"))?;
        let reached = reading.day_reached.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let standing = words(reading.standing);
        writeln!(text, "{case:4}  {start}  {due}  {reached:>3}  {standing}")?;
        (first, last) = (first.min(start), last.max(due));
    }
    writeln!(text, "\nbank holidays in between:")?;
    for (day, name) in calendar.holidays(Days { first, last }) {
        writeln!(text, "  {day}  {name}")?;
    }
    Ok(text)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|error| format!("'{text}' is no date such as 2011-05-16: {error}"))
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::MetInTime => "held in time",
        Standing::MetLate => "held late",
        Standing::OnTimeSoFar => "open, in time so far",
        Standing::AlreadyLate => "open, and late",
        Standing::NotYetDue => "begun today",
        Standing::CannotBeJudged => "cannot be judged: the conference lies before the enquiry",
    }
}

fn framework() -> Result<Checked, Box<dyn Error>> {
    let (framework, _) = staysafe::definition::read::read(staysafe_lscb::FILES.iter().copied());
    let (checked, findings) = check(framework);
    Ok(checked.ok_or_else(|| format!("{} mistakes in the shipped definitions", findings.len()))?)
}
