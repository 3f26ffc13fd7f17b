//! The definitions of workload W, read from the framework beside this file, and the periods they are asked for.

use std::collections::BTreeMap;

use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::period::Period;
use staysafe::plan::{Plan, Request, plan};

use super::data::ETHNICITIES;

/// The files that every size of the workload has.
const SHARED: [(&str, &str); 7] = [
    ("framework.toml", include_str!("framework/framework.toml")),
    ("agencies.toml", include_str!("framework/agencies.toml")),
    ("areas.toml", include_str!("framework/areas.toml")),
    ("lists.toml", include_str!("framework/lists.toml")),
    ("datasets/journey.toml", include_str!("framework/datasets/journey.toml")),
    ("datasets/plan.toml", include_str!("framework/datasets/plan.toml")),
    ("datasets/episode.toml", include_str!("framework/datasets/episode.toml")),
];

/// An indicator with its file and the counters that it fills: numerator, and denominator where it has one.
pub(crate) struct Measure {
    pub(crate) id: &'static str,
    file: &'static str,
    pub(crate) numerator: usize,
    pub(crate) denominator: Option<usize>,
}

/// What is counted, in the order in which every program writes it.
pub(crate) const COUNTERS: [&str; 19] = [
    "referrals",
    "re_referrals",
    "referrals_to_s47",
    "assessments",
    "assessments_in_45",
    "assessments_in_10",
    "s47s",
    "s47s_to_conference",
    "conferences",
    "conferences_in_15",
    "plans_open",
    "plans_reviewed",
    "plans_begun",
    "plans_repeated",
    "plans_ended",
    "plans_of_two_years",
    "placements_open",
    "placements_far",
    "children_moved",
];

macro_rules! measure {
    ($id:literal, $numerator:expr, $denominator:expr) => {
        Measure {
            id: $id,
            file: include_str!(concat!("framework/indicators/", $id, ".toml")),
            numerator: $numerator,
            denominator: $denominator,
        }
    };
}

/// The fourteen indicators.
pub(crate) const MEASURES: [Measure; 14] = [
    measure!("w-01", 0, None),
    measure!("w-02", 1, Some(0)),
    measure!("w-03", 4, Some(3)),
    measure!("w-04", 5, Some(3)),
    measure!("w-05", 9, Some(8)),
    measure!("w-06", 7, Some(6)),
    measure!("w-07", 2, Some(0)),
    measure!("w-08", 10, None),
    measure!("w-09", 11, Some(10)),
    measure!("w-10", 13, Some(12)),
    measure!("w-11", 15, Some(14)),
    measure!("w-12", 16, None),
    measure!("w-13", 17, Some(16)),
    measure!("w-14", 18, None),
];

/// The four overlapping filters that make 56 indicators of 14, by the beginnings of the codes that they take.
pub(crate) const FILTERS: [(&str, &[&str]); 4] = [
    ("minority", &["WI", "WO", "WR", "MW", "MO", "AI", "AP", "AB", "AO", "BC", "BA", "BO", "CH", "OO"]),
    ("white", &["WB", "WI", "WO", "WR"]),
    ("black-or-mixed", &["BC", "BA", "BO", "MW", "MO"]),
    ("asian-or-black", &["AI", "AP", "AB", "AO", "BC", "BA", "BO"]),
];

/// How many indicators are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// Fourteen, of all children.
    Fourteen,
    /// The fourteen for each of four filters by ethnic group.
    FiftySix,
}

impl Size {
    /// The size of so many indicators.
    pub(crate) fn of(indicators: usize) -> Option<Self> {
        [Self::Fourteen, Self::FiftySix].into_iter().find(|size| size.indicators() == indicators)
    }

    pub(crate) fn indicators(self) -> usize {
        MEASURES.len() * self.filters().len()
    }

    /// How many counters stand beside each other in each area and period.
    pub(crate) fn counters(self) -> usize {
        COUNTERS.len() * self.filters().len()
    }

    /// The names of the filters; one without a name where there is none.
    pub(crate) fn filters(self) -> Vec<&'static str> {
        match self {
            Self::Fourteen => vec![""],
            Self::FiftySix => FILTERS.iter().map(|(name, _)| *name).collect(),
        }
    }
}

/// Whether an ethnic group, by its place among them, passes a filter, by its place among those.
pub(crate) fn passes(filter: usize, ethnicity: u8) -> bool {
    let code = ETHNICITIES.get(usize::from(ethnicity)).map_or("", |(code, _)| *code);
    FILTERS.get(filter).is_some_and(|(_, codes)| codes.iter().any(|begins| code.starts_with(begins)))
}

/// The files of the framework of a size.
///
/// # Errors
/// An indicator that cannot be narrowed.
pub(crate) fn files(size: Size) -> Result<BTreeMap<String, String>, String> {
    let mut files: BTreeMap<String, String> =
        SHARED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (filter, name) in size.filters().into_iter().enumerate() {
        for measure in &MEASURES {
            let id = id(measure, name);
            let text =
                if name.is_empty() { measure.file.to_owned() } else { filtered(measure, &id, filter)? };
            files.insert(format!("indicators/{id}.toml"), text);
        }
    }
    Ok(files)
}

/// The framework of a size.
///
/// # Errors
/// What is wrong with it, if anything is: even a remark.
pub(crate) fn framework(size: Size) -> Result<Checked, String> {
    let files = files(size)?;
    let (framework, mut findings) = read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (checked, more) = check(framework);
    findings.extend(more);
    checked.filter(|_| findings.is_empty()).ok_or_else(|| format!("the framework of W: {findings:#?}"))
}

/// An indicator's id under a filter.
pub(crate) fn id(measure: &Measure, filter: &str) -> String {
    if filter.is_empty() { measure.id.to_owned() } else { format!("{}-{filter}", measure.id) }
}

/// An indicator of the children whose ethnic group passes a filter: the population is narrowed, the tests stay with the
/// indicator of all children.
fn filtered(measure: &Measure, id: &str, filter: usize) -> Result<String, String> {
    let taken = (0u8..).zip(&ETHNICITIES).filter(|(at, _)| passes(filter, *at));
    let codes: Vec<String> = taken.map(|(_, (code, _))| format!("'{code}'")).collect();
    let asks = format!("ethnicity IN ({})", codes.join(", "));
    let mut text = measure.file.replacen(measure.id, id, 1);
    text = match text.split_once("population = \"") {
        Some((before, after)) => format!("{before}population = \"{asks} AND {after}"),
        None => text.replacen("[calculation]\n", &format!("[calculation]\npopulation = \"{asks}\"\n"), 1),
    };
    let (definition, _) = text.split_once("[[test]]").ok_or("an indicator of W has no test")?;
    Ok(format!(
        "{definition}\n[[test]]\nname = \"of no records\"\nperiod = \"2010-11 Q1\"\nexpect = {{ outcome = \"not-reported\" }}\n"
    ))
}

/// The quarters (40) or months (120) of ten years from April 2010.
///
/// # Errors
/// Any other number.
pub(crate) fn periods(count: usize) -> Result<Vec<Period>, String> {
    let first = match count {
        40 => Period::quarter(2010, 1),
        120 => Period::month(2010, 4),
        other => return Err(format!("40 quarters or 120 months, not {other} periods")),
    };
    let first = first.map_err(|why| why.to_string())?;
    Ok(std::iter::successors(Some(first), |period| period.next()).take(count).collect())
}

/// The plan of all indicators of a framework of W, by area.
///
/// # Errors
/// Why there is no plan.
pub(crate) fn planned(checked: &Checked, periods: &[Period]) -> Result<Plan, String> {
    let request = Request { periods: periods.to_vec(), by: vec!["area".to_owned()], ..Request::default() };
    plan(checked, &request).map_err(|why| why.to_string())
}
