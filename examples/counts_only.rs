//! One figure from what three agencies counted for themselves, when one of them has not answered.
//!
//! Who would do this: a board's business unit, which gets a spreadsheet of counts from each partner and never sees
//! a record. Why: silence is not nil. The figure has to say whose counts it rests on, and an agency that did
//! not answer must not pass for one that has nothing to report. The core crate is enough: there is nothing to read.
//!
//! Only counts of different people may be added up. A child known to two agencies would be counted twice, so such
//! an indicator needs records; staff work for one agency each.
//!
//! `cargo run --example counts_only`

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use staysafe::calculate::counts::{Answer, Counted, Counts, take};
use staysafe::calculate::finish;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::diagnostic::{Format, render};
use staysafe::result::{Cell, Outcome};

/// The board's own framework, as small as one can be.
const FRAMEWORK: &[(&str, &str)] = &[
    ("framework.toml", "id = \"board\"\ntitle = \"A board\"\nscope = \"Staff who work with children\""),
    ("agencies.toml", "[[agency]]\nid = \"partners\"\nname = \"Partner agencies\""),
    ("indicators/staff-trained.toml", STAFF_TRAINED),
];

const STAFF_TRAINED: &str = r#"
id       = "staff-trained"
title    = "Staff who work with children and are up to date with safeguarding training"
kind     = "proportion"
polarity = "higher"
cycle    = "quarter"
holder   = "partners"
"#;

/// Agency, staff up to date, staff in post; the last one has not answered.
const RETURNED: [(&str, Option<(u64, u64)>); 3] =
    [("Police", Some((171, 190))), ("Health", Some((402, 460))), ("Probation", None)];

fn main() -> ExitCode {
    match run() {
        Ok(text) => print!("{text}"),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

pub fn run() -> Result<String, Box<dyn Error>> {
    let checked = framework()?;
    let mut text = String::from("Staff up to date with safeguarding training, 2010-11 Q1\n\n");
    let mut entries = Vec::new();
    for (agency, counted) in RETURNED {
        match counted {
            Some((trained, staff)) => writeln!(text, "  {agency:10} {trained} of {staff}")?,
            None => writeln!(text, "  {agency:10} no answer")?,
        }
        entries.push(entry(counted)?);
    }
    let results = finish(&checked, &take(&checked, &entries, &["area"])?);
    for row in &results.observations {
        writeln!(text, "  {:10} {}", "Together", words(&row.cell))?;
    }

    // A slip of the keyboard in somebody's spreadsheet is refused, not averaged away.
    if let Err(error) = take(&checked, &[entry(Some((46, 40)))?], &["area"]) {
        writeln!(text, "\nA fourth return is refused: {error}")?;
    }
    Ok(text)
}

fn framework() -> Result<Checked, String> {
    let (framework, unread) = read(FRAMEWORK.iter().copied());
    let sources = framework.files.clone();
    let (checked, findings) = check(framework);
    checked
        .ok_or_else(|| render(&unread, &sources, Format::Full) + &render(&findings, &sources, Format::Full))
}

/// One agency's answer, or its silence.
fn entry(counted: Option<(u64, u64)>) -> Result<Counted, Box<dyn Error>> {
    Ok(Counted {
        indicator: "staff-trained".to_owned(),
        area: "E06000001".to_owned(),
        period: "2010-11 Q1".parse()?,
        answer: counted
            .map_or(Answer::Silent, |(trained, staff)| Answer::Counts(Counts::whole(trained, Some(staff)))),
    })
}

fn words(cell: &Cell) -> String {
    let coverage = format!("{} of {} agencies", cell.coverage.reported, cell.coverage.expected);
    match &cell.outcome {
        Outcome::Figure { value, numerator: Some(above), denominator: Some(below) } => {
            let flags: Vec<&str> = cell.flags.iter().map(staysafe::result::Flag::code).collect();
            format!(
                "{} of {} = {}%, from {coverage} [{}]",
                above.to_places(0),
                below.to_places(0),
                value.to_places(1),
                flags.join(", ")
            )
        }
        Outcome::Figure { value, .. } => format!("{}, from {coverage}", value.to_places(0)),
        Outcome::Absent(reason) => format!("{}, from {coverage}", reason.words()),
    }
}
