//! What a member puts forward, cell by cell of the form, and why a form cannot be used.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::definition::framework::Framework;
use crate::definition::indicator::Kind;
use crate::diagnostic::nearest;

/// One filled-in form: a row of a table, or a table of a TOML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The file, as its reader names it.
    pub file: String,
    /// Its line, counted from 1.
    pub line: u64,
    /// What stands under each heading, blank cells left out.
    pub cells: BTreeMap<String, String>,
}

/// A form, or a cell of it, that cannot be used. The rest of the file stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Its line, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub help: String,
}

/// What a member puts forward for the long list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Idea {
    /// The agency and the first words of the title: it stays the same wherever the form stands.
    pub id: String,
    /// The file it came in.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// What the board should look at.
    pub title: String,
    /// Who proposes it.
    pub by: String,
    /// The proposer's agency: its id where the framework knows it.
    pub agency: String,
    /// Why it matters.
    pub why: Option<String>,
    /// What would be counted.
    pub counts: Option<String>,
    /// What it would be a share or a rate of.
    pub out_of: Option<String>,
    /// The kind of the indicator: as given, or a proportion where it is out of something, and a count where it is not.
    pub kind: Kind,
    /// What is counted: "child".
    pub unit: Option<String>,
    /// Who holds the data: the agency's id where the framework knows it.
    pub holder: Option<String>,
    /// The data it needs: datasets of the framework by id, other data in words.
    pub data: Vec<String>,
    /// How often it could be had.
    pub how_often: Option<String>,
}

/// Headings of the form for an idea, in order, each with what belongs under it.
pub const IDEA: [(&str, &str); 11] = [
    ("title", "what the board should look at; needed"),
    ("by", "your name; needed"),
    ("agency", "your agency; needed"),
    ("why", "why it matters to children"),
    ("counts", "what would be counted"),
    ("out_of", "what it is a share or a rate of, where it is one"),
    ("kind", "count, stock, proportion, rate, mean, document, …: left blank if you are not sure"),
    ("unit", "what one of them is: child, conference, …"),
    ("holder", "who holds the data"),
    ("data", "which data it needs; several with a semicolon between"),
    ("how_often", "how often it could be had"),
];

const KINDS: [Kind; 16] = [
    Kind::Count,
    Kind::Stock,
    Kind::Proportion,
    Kind::Ratio,
    Kind::RatioPct,
    Kind::FteRatio,
    Kind::Rate,
    Kind::Mean,
    Kind::Median,
    Kind::Duration,
    Kind::Distribution,
    Kind::SurveyProportion,
    Kind::Score,
    Kind::Document,
    Kind::Narrative,
    Kind::Group,
];

impl Idea {
    pub(super) fn of(framework: &Framework, form: &Form) -> Result<Self, Vec<Fault>> {
        let mut faults = form.unknown_headings(&IDEA.map(|(heading, _)| heading));
        let title = form.needed("title", &mut faults);
        let by = form.needed("by", &mut faults);
        let agency = form.needed("agency", &mut faults);
        let agency = agency_of(framework, agency);
        let (counts, out_of) = (form.text("counts"), form.text("out_of"));
        let kind = match form.text("kind") {
            None if out_of.is_some() => Kind::Proportion,
            None => Kind::Count,
            Some(word) => {
                KINDS.into_iter().find(|kind| kind_word(*kind) == word.to_lowercase()).unwrap_or_else(|| {
                    let words = KINDS.map(kind_word);
                    let near = nearest(&word, words.iter().map(String::as_str));
                    let help = near.map_or_else(
                        || {
                            "leave it blank, or write count, stock, proportion, rate, mean or document"
                                .to_owned()
                        },
                        |near| format!("did you mean '{near}'?"),
                    );
                    faults.push(form.fault(format!("no kind of indicator is called '{word}'"), help));
                    Kind::Count
                })
            }
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let data = form.text("data").unwrap_or_default();
        let data = data.split(';').map(str::trim).filter(|name| !name.is_empty());
        Ok(Self {
            id: format!("{}-{}", slug(&agency, 4), slug(&title, 6)),
            file: form.file.clone(),
            line: form.line,
            title,
            by,
            agency,
            why: form.text("why"),
            counts,
            out_of,
            kind,
            unit: form.text("unit"),
            holder: form.text("holder").map(|holder| agency_of(framework, holder)),
            data: data.map(|name| dataset_of(framework, name)).collect(),
            how_often: form.text("how_often"),
        })
    }
}

impl Form {
    pub(super) fn text(&self, heading: &str) -> Option<String> {
        self.cells.get(heading).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn needed(&self, heading: &str, faults: &mut Vec<Fault>) -> String {
        self.text(heading).unwrap_or_else(|| {
            faults.push(self.fault(format!("'{heading}' is blank"), "it is needed: fill it in"));
            String::new()
        })
    }

    pub(super) fn fault(&self, what: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { file: self.file.clone(), line: self.line, what: what.into(), help: help.into() }
    }

    /// Cells under headings that the form has not: they would be lost.
    pub(super) fn unknown_headings(&self, known: &[&str]) -> Vec<Fault> {
        let unknown = self.cells.keys().filter(|heading| !known.contains(&heading.as_str()));
        let fault = |heading: &String| {
            let help = nearest(heading, known.iter().copied()).map_or_else(
                || format!("the headings are {}", known.join(", ")),
                |near| format!("did you mean '{near}'?"),
            );
            self.fault(format!("the form has no heading '{heading}'"), help)
        };
        unknown.map(fault).collect()
    }
}

/// An agency's id, where its id or name was written.
fn agency_of(framework: &Framework, written: String) -> String {
    let known = framework.agencies.values().find(|agency| {
        let is = |name: &str| name.eq_ignore_ascii_case(&written);
        is(&agency.id.value) || is(&agency.name.value)
    });
    known.map_or(written, |agency| agency.id.value.clone())
}

/// A dataset's id, where its id or title was written.
fn dataset_of(framework: &Framework, written: &str) -> String {
    let known = framework.datasets.iter().find(|(id, dataset)| {
        id.eq_ignore_ascii_case(written) || dataset.title.value.eq_ignore_ascii_case(written)
    });
    known.map_or_else(|| written.to_owned(), |(id, _)| id.clone())
}

/// The first words of a text, fit for an id.
pub(super) fn slug(text: &str, most: usize) -> String {
    let text = text.to_lowercase();
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.take(most).collect::<Vec<_>>().join("-")
}

/// A kind as definitions write it.
pub(super) fn kind_word(kind: Kind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
