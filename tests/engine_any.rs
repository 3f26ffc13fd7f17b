//! The engine gives what the reference gives, whatever the definitions say and whatever the records hold.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "engine/any/mod.rs"]
mod any;
#[path = "engine/records.rs"]
mod records;

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use records::Dice;
use staysafe::calculate::calculate;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::diagnostic::Severity;
use staysafe::plan::{Request, plan};
use staysafe::record::{Cover, Data, PARTNER_COUNT, Return, Row, Submission, Table};
use staysafe::result::{Note, Reason, State};
use staysafe::value::{Datum, Value};

const LABELS: [&str; 12] = [
    "2009-10 Q4",
    "2010-11 Q1",
    "2010-11 Q2",
    "2010-11 Q3",
    "2010-11",
    "2010",
    "2010/11 academic",
    "12 months to 31 Dec 2010",
    "Apr 2010",
    "Oct 2010",
    "30 Sep 2010",
    "2008-09",
];

const BY: [&[&str]; 9] = [
    &[],
    &[],
    &["area"],
    &["region"],
    &["size"],
    &["area", "shade"],
    &["overlap"],
    &["ward", "size"],
    &["region", "overlap", "shade"],
];

/// A framework made from a number, or what is wrong with it.
fn framework(seed: u64) -> (Vec<(String, String)>, Result<Checked, String>) {
    let files = any::files(&mut Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let (framework, mut found) = read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (checked, more) = check(framework);
    found.extend(more);
    let errors: Vec<String> = found
        .iter()
        .filter(|finding| finding.code.severity() == Severity::Error)
        .map(|finding| format!("{} {:?}: {}", finding.code, finding.span, finding.message))
        .collect();
    (files, checked.ok_or_else(|| errors.join("\n")))
}

fn request(dice: &mut Dice) -> Request {
    let by = *dice.of(&BY);
    let mut periods: Vec<_> = (0..2 + dice.below(3)).map(|_| dice.of(&LABELS).parse().unwrap()).collect();
    periods.sort();
    periods.dedup();
    let by = by.iter().map(|name| (*name).to_owned()).collect();
    Request { periods, by, beyond_cover: dice.one_in(3), readings: dice.one_in(2), indicators: Vec::new() }
}

/// How often records could be loaded.
static LOADED: AtomicU64 = AtomicU64::new(0);

/// Nothing where engine and reference say the same to the byte; else how they differ.
fn difference(checked: &Checked, request: &Request, data: &Data) -> Option<String> {
    let plan = match plan(checked, request) {
        Ok(plan) => plan,
        Err(error) => return Some(format!("no plan: {error}")),
    };
    let engine = catch_unwind(AssertUnwindSafe(|| staysafe_arrow::calculate(checked, &plan, data)));
    let reference = catch_unwind(AssertUnwindSafe(|| calculate(checked, &plan, data)));
    let loaded = catch_unwind(AssertUnwindSafe(|| records::loaded(checked, &plan, data)));
    let (Ok(engine), Ok(reference), Ok(loaded)) = (engine, reference, loaded) else {
        return Some("it panicked".to_owned());
    };
    if let (Some(loaded), Ok(engine)) = (&loaded, &engine) {
        LOADED.fetch_add(1, Ordering::Relaxed);
        let [loaded, engine] = [loaded, engine].map(|all| serde_json::to_string(all).unwrap());
        if loaded != engine {
            return Some(format!("what was loaded gives\n{loaded}\nthe engine's\n{engine}"));
        }
    }
    match (engine, reference) {
        (Ok(engine), Ok(reference)) => {
            let cells = engine.partials.iter().zip(&reference.partials);
            if let Some((engine, reference)) =
                cells.into_iter().find(|(engine, reference)| engine != reference)
            {
                return Some(format!("the engine's\n{engine:#?}\nthe reference's\n{reference:#?}"));
            }
            let [engine, reference] = [engine, reference].map(|all| serde_json::to_string(&all).unwrap());
            (engine != reference).then(|| format!("the engine's\n{engine}\nthe reference's\n{reference}"))
        }
        (Err(engine), Err(reference)) if engine.to_string() == reference.to_string() => None,
        (engine, reference) => Some(format!(
            "the engine's {:?}\nthe reference's {:?}",
            engine.map(|_| ()),
            reference.map(|_| ())
        )),
    }
}

/// What is left of a request and records when all is taken away that the difference does not need.
fn smallest(checked: &Checked, request: &Request, data: &Data) -> (Request, Data, String) {
    let (mut request, mut data) = (request.clone(), data.clone());
    let differs = |request: &Request, data: &Data| difference(checked, request, data);
    let ids: Vec<String> = checked.indicators().keys().chain(checked.readings().keys()).cloned().collect();
    for id in ids {
        let one = Request { indicators: vec![id], readings: false, ..request.clone() };
        if differs(&one, &data).is_some() {
            request = one;
            break;
        }
    }
    for period in request.periods.clone() {
        let one = Request { periods: vec![period], ..request.clone() };
        if differs(&one, &data).is_some() {
            request = one;
            break;
        }
    }
    for at in (0..request.by.len()).rev() {
        let mut less = request.clone();
        less.by.remove(at);
        if differs(&less, &data).is_some() {
            request = less;
        }
    }
    for at in (0..data.returns.len()).rev() {
        let mut less = data.clone();
        less.returns.remove(at);
        if differs(&request, &less).is_some() {
            data = less;
        }
    }
    for at in 0..data.returns.len() {
        for name in data.returns[at].tables.keys().cloned().collect::<Vec<_>>() {
            let mut less = data.clone();
            less.returns[at].tables.remove(&name);
            if differs(&request, &less).is_some() {
                data = less;
                continue;
            }
            for row in (0..data.returns[at].tables[&name].rows.len()).rev() {
                let mut less = data.clone();
                less.returns[at].tables.get_mut(&name).unwrap().rows.remove(row);
                if differs(&request, &less).is_some() {
                    data = less;
                }
            }
        }
    }
    let how = differs(&request, &data).unwrap_or_default();
    (request, data, how)
}

fn told(seed: u64, files: &[(String, String)], checked: &Checked, request: &Request, data: &Data) -> String {
    let (request, data, how) = smallest(checked, request, data);
    let mut told = format!("STAYSAFE_SEED={seed}: engine and reference differ\n{request:?}\n");
    for of in &data.returns {
        let _ = writeln!(
            told,
            "return {} {} {} {:?} cut={}",
            of.name, of.kind, of.area, of.reference_date, of.truncated
        );
        for (name, table) in &of.tables {
            let _ = writeln!(told, "  {name} {:?}\n  {:?}", table.fields, table.cover);
            for row in &table.rows {
                let values: Vec<String> = row.values.iter().map(|value| format!("{value:?}")).collect();
                let _ = writeln!(told, "    {} {}", row.origin, values.join(", "));
            }
        }
    }
    let named = request.indicators.first().map(|id| id.split('@').next().unwrap_or(id).to_owned());
    for (path, text) in files {
        let others = path.starts_with("indicators/")
            && named.as_ref().is_some_and(|id| *path != format!("indicators/{id}.toml"));
        if !others && path != "areas.toml" && path != "datasets/partner_count.toml" && path != "agencies.toml"
        {
            let _ = writeln!(told, "--- {path}\n{text}");
        }
    }
    let _ = write!(told, "{how}");
    told
}

/// What became of one number.
enum Outcome {
    Rejected(String),
    Held,
    Differs(String),
}

/// Definitions from a number, and several sets of records for them.
fn run(seed: u64) -> Outcome {
    let (files, checked) = framework(seed);
    let checked = match checked {
        Ok(checked) => checked,
        Err(why) => return Outcome::Rejected(why),
    };
    let areas: Vec<String> = any::AREAS.map(str::to_owned).into();
    let mut dice = Dice(seed ^ 0xA5A5);
    for number in 0..SETS {
        let request = request(&mut dice);
        let rows = *dice.of(&[2, 8, 20]);
        let mut data = records::data(&checked, &areas, rows, seed.wrapping_add(number));
        if dice.one_in(3) {
            // Now and then nothing but what partners counted.
            if dice.one_in(4) {
                data.returns.clear();
            }
            data.returns.retain(|of| !of.tables.contains_key(PARTNER_COUNT));
            data.returns.push(any::counts(&checked, &request.periods, &mut dice));
        }
        if difference(&checked, &request, &data).is_some() {
            return Outcome::Differs(told(seed, &files, &checked, &request, &data));
        }
    }
    Outcome::Held
}

/// Sets of records for each framework: to check one costs more than to calculate by it.
const SETS: u64 = 4;

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} wants a number, not {text}")))
}

/// `STAYSAFE_CASES` and `STAYSAFE_MINUTES` say how many, `STAYSAFE_SEED` which to begin with, and `STAYSAFE_FAILURES` how
/// many that differ are told: `cargo xtask fuzz` sets them.
#[test]
fn on_any_definitions_and_any_records_the_engine_agrees() {
    let minutes = number("STAYSAFE_MINUTES");
    let cases = number("STAYSAFE_CASES").unwrap_or(if minutes.is_some() { u64::MAX } else { 2000 });
    let first = number("STAYSAFE_SEED").unwrap_or(1);
    let (began, mut said) = (Instant::now(), Instant::now());
    let (mut held, mut rejected, mut done) = (0u64, 0u64, 0u64);
    let mut why = String::new();
    let most = number("STAYSAFE_FAILURES").unwrap_or(1);
    let mut differing: Vec<String> = Vec::new();
    while done < cases
        && (differing.len() as u64) < most
        && minutes.is_none_or(|minutes| began.elapsed() < Duration::from_secs(60 * minutes))
    {
        match run(first.wrapping_add(done / SETS)) {
            Outcome::Held => held += 1,
            Outcome::Rejected(found) => {
                rejected += 1;
                why = found;
            }
            Outcome::Differs(how) => differing.push(how),
        }
        done += SETS;
        if said.elapsed() > Duration::from_secs(10) {
            said = Instant::now();
            eprintln!("{done} cases, {rejected} of {} frameworks refused by check", held + rejected);
        }
    }
    eprintln!("{done} cases, {rejected} of {} frameworks refused by check", held + rejected);
    let loaded = LOADED.load(Ordering::Relaxed);
    eprintln!("{loaded} of them loaded");
    assert!(loaded * 4 >= held, "records are loaded now and then: {loaded} times of {done}");
    assert!(differing.is_empty(), "{}", differing.join("\n==========\n"));
    assert!(
        rejected * 20 <= held,
        "{rejected} of {} frameworks were no valid ones, the last for:\n{why}",
        held + rejected
    );
}

/// What was found, and must not come back.
fn small(dataset: &str, indicator: &str) -> Checked {
    let framework = "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n";
    let agencies = "[[agency]]\nid = \"council\"\nname = \"Council\"\n";
    let files = [
        ("framework.toml", framework),
        ("agencies.toml", agencies),
        ("datasets/cases.toml", dataset),
        ("indicators/i.toml", indicator),
    ];
    let (framework, _) = read(files);
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

const CASES: &str = r#"
id = "cases"
title = "Cases"
carried_by = "cases"
holder = "council"
area = "ward"
row = "a case"
field = [
  { name = "begun", type = "date" },
  { name = "ended", type = "date" },
  { name = "times", type = "whole number" },
  { name = "ward", type = "text" },
]
"#;

const HEAD: &str = "id = \"i\"\ntitle = \"I\"\nkind = \"proportion\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n";

fn one_case(begun: &str, ended: Option<&str>) -> Data {
    let day = |text: &str| Datum::Known(Value::Date(text.parse().unwrap()));
    let values =
        vec![day(begun), ended.map_or(Datum::Missing, day), Datum::Known(Value::Int(2)), Datum::Missing];
    let fields = ["begun", "ended", "times", "ward"].map(Into::into).into();
    let table = Table { fields, rows: vec![Row { values, origin: 1 }], cover: Cover::UNLIMITED };
    let of = Return {
        name: "a".to_owned(),
        kind: "cases".to_owned(),
        area: "A".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: [("cases".to_owned(), table)].into(),
    };
    Data { returns: vec![of] }
}

fn asked(periods: &[&str], by: &[&str]) -> Request {
    let periods = periods.iter().map(|label| label.parse().unwrap()).collect();
    Request { periods, by: by.iter().map(|name| (*name).to_owned()).collect(), ..Request::default() }
}

#[test]
fn a_stock_that_is_refused_is_refused_on_every_day_that_it_stands_in() {
    let indicator = format!(
        "{HEAD}[calculation]\nfrom = \"cases\"\nwhen = {{ open = [\"begun\", \"ended\"] }}\nnumerator = \"times * 9223372036854775807 > 0\"\n"
    );
    let (checked, data) = (small(CASES, &indicator), one_case("2008-04-04", None));
    let request = asked(&["2010-11 Q2", "2010-11 Q3"], &[]);
    assert_eq!(difference(&checked, &request, &data), None);
    let found = staysafe_arrow::calculate(&checked, &plan(&checked, &request).unwrap(), &data).unwrap();
    assert_eq!(found.partials.len(), 2);
    for partial in found.partials {
        assert!(matches!(partial.state, State::Absent(Reason::Refused(_))), "{partial:?}");
    }
}

#[test]
fn what_still_runs_is_told_beside_every_figure_of_joined_versions() {
    let part = "[version.calculation]\nfrom = \"cases\"\nwhen = { date = \"ended\" }\n";
    let clock = "[version.clock.quick]\nstart = \"begun\"\nstop = \"ended\"\nlimit = \"5 days\"\n";
    let indicator = format!(
        "{HEAD}[[version]]\nto = 2010-09-30\n{part}numerator = \"times > 1\"\n[[version]]\nfrom = 2010-10-01\nreason = \"why\"\njoin = true\n{part}numerator = \"within(quick)\"\n{clock}"
    );
    let (checked, data) = (small(CASES, &indicator), one_case("2010-05-01", Some("2010-05-03")));
    let request = asked(&["2010-11"], &["area"]);
    assert_eq!(difference(&checked, &request, &data), None);
    let found = calculate(&checked, &plan(&checked, &request).unwrap(), &data).unwrap();
    assert!(found.partials.iter().any(|partial| partial.area == "unknown"));
    for partial in found.partials {
        assert_eq!(partial.notes.get(&Note::OpenInTime), Some(&0), "{partial:?}");
    }
}
