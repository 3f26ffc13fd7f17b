//! From a table of your own to a figure you can defend.
//!
//! Who would do this: a developer whose system already holds section 47 enquiries, and who is asked for the
//! indicators a safeguarding board lists. Why: the board's rules (what counts, which clock, what to say when the
//! data is not there) come with the library, so the developer writes none of them.
//!
//! `cargo run --example quickstart`

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use staysafe::calculate::{calculate, finish, why::why};
use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::diagnostic::{Format, render};
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, Return, Row, Submission, Table};
use staysafe::result::Outcome;
use staysafe::value::{Datum, Value};

/// Child, start of the enquiry, conference. Easter, the royal wedding and May Day lie in between.
const ENQUIRIES: &[(&str, &str, &str)] = &[
    ("C-101", "2011-04-18", "2011-05-13"),
    ("C-102", "2011-04-18", "2011-05-16"),
    ("C-103", "2011-05-03", "2011-05-20"),
    ("C-104", "2011-06-06", ""),
];

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
    // Read and check: nothing can be calculated from definitions with a mistake in them.
    let (framework, unread) = read(staysafe_lscb::FILES.iter().copied());
    let sources = framework.files.clone();
    let (checked, findings) = check(framework);
    let refuse = || render(&unread, &sources, Format::Full) + &render(&findings, &sources, Format::Full);
    let checked = checked.ok_or_else(refuse)?;
    let mut text = format!("{}\n\n", checked.framework().title);

    // Plan: which indicators, in which period.
    let quarter = "2011-12 Q1".parse()?;
    let indicators = ["cs-14", "cs-15", "ctx-s47"].map(str::to_owned).to_vec();
    let plan = plan(&checked, &Request { indicators, periods: vec![quarter], ..Request::default() })?;

    // Calculate from plain records, then finish: only now is anything divided.
    let data = Data { returns: vec![enquiries()?] };
    let results = finish(&checked, &calculate(&checked, &plan, &data)?);
    for row in &results.observations {
        write!(text, "{:8} {}  ", row.indicator, row.period)?;
        match &row.cell.outcome {
            Outcome::Figure { value, numerator: Some(above), denominator: Some(below) } => {
                write!(text, "{} of {} = {}%", above.to_places(0), below.to_places(0), value.to_places(1))?;
            }
            Outcome::Figure { value, .. } => write!(text, "{}", value.to_places(0))?,
            Outcome::Absent(reason) => write!(text, "no figure; {}", reason.words())?,
        }
        for flag in &row.cell.flags {
            write!(text, "  [{}]", flag.code())?;
        }
        writeln!(text)?;
    }

    // Why: for local use, because it names a child.
    writeln!(text)?;
    for case in why(&checked, &data, "cs-14", "C-102", &[quarter])? {
        writeln!(text, "{} in cs-14: {}", case.key, case.words)?;
    }
    Ok(text)
}

/// Your rows as a return: one authority, the tables it carries, and the dates they can speak for.
fn enquiries() -> Result<Return, Box<dyn Error>> {
    let mut rows = Vec::new();
    for (origin, (child, start, conference)) in (1..).zip(ENQUIRIES) {
        let child = Datum::Known(Value::Text((*child).into()));
        rows.push(Row { values: vec![child, date(start)?, date(conference)?], origin });
    }
    let fields = ["child", "s47_start", "icpc_date"].map(Into::into).to_vec();
    let table = Table { fields, rows, cover: Cover::UNLIMITED };
    Ok(Return {
        name: "our case system".to_owned(),
        kind: "cin-census".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: [("section_47".to_owned(), table)].into(),
    })
}

/// A date, or nothing; whatever else stands there is refused, not guessed at.
fn date(text: &str) -> Result<Datum, String> {
    if text.is_empty() {
        return Ok(Datum::Missing);
    }
    let date = text.parse().map_err(|error| format!("'{text}' is no date: {error}"))?;
    Ok(Datum::Known(Value::Date(date)))
}
