//! When each open case falls due, and how it stands today.
//!
//! Who would do this: a developer of a case-management system, for the list a team manager opens every morning.
//! Why: the clock is the one the indicator is judged by. It comes from the checked definition of cs-14, so the list
//! and the board's figure cannot disagree, and it knows the bank holidays that a count by hand forgets.
//!
//! The library has no clock of its own: today is whatever the caller says it is.
//!
//! `cargo run --example statutory_clock -- 2011-05-16`

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use chrono::NaiveDate;
use staysafe::calculate::clock::{Standing, read};
use staysafe::calendar::Days;
use staysafe::check::{Checked, check};

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
    let clocks = checked.indicator("cs-14").ok_or("cs-14 is not in the framework")?.clocks();
    let clock = clocks.get("icpc").ok_or("cs-14 has no clock called icpc")?;
    let limit = clock.limit.at(today).ok_or("no limit was in force then")?;
    let calendar = checked.calendar();

    let mut text =
        format!("On {today}: conferences due within {} working days of the enquiry\n\n", limit.length);
    writeln!(text, "case  enquiry     due         day  standing")?;
    let (mut first, mut last) = (today, today);
    for (case, start, conference) in CASES {
        let start = day(start)?;
        let held = conference.map(day).transpose()?;
        // A conference that lies ahead has not been held yet.
        let held = held.filter(|held| *held <= today);
        if start > today {
            continue;
        }
        let reading = read(calendar, limit, start, held, today)?;
        let standing = words(reading.standing);
        writeln!(text, "{case:4}  {start}  {}  {:3}  {standing}", reading.due, reading.day_reached)?;
        (first, last) = (first.min(start), last.max(reading.due));
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
