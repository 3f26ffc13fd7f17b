//! The long list, and what became of each idea on it: accepted, merged or declined, each traceable to who proposed it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use super::compare::Comparer;
use super::entry::Entry;
use super::idea::{Fault, Form, Idea, kind_word};
use super::{Overlap, OverlapKind};
use crate::check::Checked;
use crate::diagnostic::nearest;

/// The forms of a consultation, as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// Who was asked.
    pub asked: Vec<Form>,
    /// What was put forward.
    pub ideas: Vec<Form>,
    /// What became of it.
    pub outcomes: Vec<Form>,
    /// What could not be read at all.
    pub faults: Vec<Fault>,
}

/// A consultation as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LongList {
    /// Who was asked, in the order of the files.
    pub asked: Vec<Asked>,
    /// Every idea, in the order of the files.
    pub lines: Vec<ListLine>,
    /// Forms that could not be used, by file and line.
    pub faults: Vec<Fault>,
}

/// Somebody who was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Whom.
    pub who: String,
    /// When.
    pub on: NaiveDate,
    /// When they answered, where they did.
    pub answered: Option<NaiveDate>,
    /// How many ideas of theirs are on the list.
    pub ideas: usize,
}

/// An idea with what it overlaps and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListLine {
    /// What was put forward, by whom.
    pub idea: Idea,
    /// Entries that it overlaps.
    pub overlaps: Vec<Overlap>,
    /// What became of it; nothing yet, where there is none.
    pub outcome: Option<Outcome>,
}

/// What became of an idea.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Accepted, merged or declined.
    pub what: Refined,
    /// Why.
    pub because: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// How an idea was refined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refined {
    /// It becomes an entry of this id.
    Accepted(String),
    /// It goes into this entry.
    Merged(String),
    /// It does not go on.
    Declined,
}

const ASKED: [&str; 3] = ["who", "on", "answered"];
const OUTCOME: [&str; 6] = ["idea", "accept", "merge_with", "decline", "by", "on"];

/// The long list of a consultation: who answered, what was put forward, what it overlaps, what became of it.
///
/// A form that cannot be used is a fault with its file and line, and is left out; nothing else is.
///
/// # Example
/// ```
/// use staysafe::consult::{Form, Forms, OverlapKind, Refined, long_list};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'police'\nname = 'Police'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Young victims of crime'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'police'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'crime'\nfields = ['victim']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let form = |cells: &[(&str, &str)]| Form { file: "police.csv".into(), line: 2,
///     cells: cells.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect() };
/// let forms = Forms {
///     ideas: vec![form(&[("title", "Victims of crime who are young"), ("by", "B. Constable"), ("agency", "Police")])],
///     outcomes: vec![form(&[("idea", "police-victims-of-crime-who-are-young"), ("merge_with", "a"),
///         ("because", "it is there"), ("by", "The Board"), ("on", "2010-06-20")])],
///     ..Forms::default()
/// };
/// let list = long_list(&checked, &forms);
/// assert_eq!(list.faults, []);
/// assert_eq!(list.lines[0].overlaps[0].kind, OverlapKind::SimilarTo);
/// assert_eq!(list.lines[0].outcome.as_ref().unwrap().what, Refined::Merged("a".into()));
/// ```
pub fn long_list(checked: &Checked, forms: &Forms) -> LongList {
    let framework = checked.framework();
    let mut list = LongList { faults: forms.faults.clone(), ..LongList::default() };
    let mut ideas: Vec<Idea> = Vec::new();
    for form in &forms.ideas {
        match Idea::of(framework, form) {
            Err(faults) => list.faults.extend(faults),
            Ok(idea) => match ideas.iter().find(|other| other.id == idea.id) {
                Some(other) => list.faults.push(form.fault(
                    format!(
                        "{} has put this forward already, in line {} of {}",
                        idea.agency, other.line, other.file
                    ),
                    "take one of the two out, or give it another title",
                )),
                None => ideas.push(idea),
            },
        }
    }
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut accepted: BTreeSet<String> = BTreeSet::new();
    for form in &forms.outcomes {
        match outcome(checked, &ideas, form) {
            Err(faults) => list.faults.extend(faults),
            Ok((idea, _)) if outcomes.contains_key(&idea) => {
                list.faults
                    .push(form.fault(format!("'{idea}' was decided already"), "take one of the two out"));
            }
            Ok((idea, outcome)) => {
                if let Refined::Accepted(id) = &outcome.what
                    && !accepted.insert(id.clone())
                {
                    let help = "merge the two, or give one of them another id";
                    list.faults.push(form.fault(format!("another idea was accepted as '{id}'"), help));
                    continue;
                }
                outcomes.insert(idea, outcome);
            }
        }
    }
    let entries = Entry::all(checked);
    let comparer = Comparer::of(&entries);
    list.lines = ideas
        .into_iter()
        .map(|idea| {
            let written = Entry::of_idea(&idea);
            let overlaps = comparer.leaders().into_iter().filter_map(|entry| comparer.near(&written, entry));
            let mut overlaps: Vec<Overlap> = overlaps.collect();
            overlaps.sort();
            ListLine { overlaps, outcome: outcomes.remove(&idea.id), idea }
        })
        .collect();
    for form in &forms.asked {
        match asked(form, &list.lines) {
            Ok(asked) => list.asked.push(asked),
            Err(faults) => list.faults.extend(faults),
        }
    }
    list.faults.sort();
    list
}

fn asked(form: &Form, lines: &[ListLine]) -> Result<Asked, Vec<Fault>> {
    let mut faults = form.unknown_headings(&ASKED);
    let who = form.needed("who", &mut faults);
    let on = form.day("on", &mut faults);
    let answered = form.text("answered").and_then(|_| form.day("answered", &mut faults));
    let ideas = lines.iter().filter(|line| line.idea.agency == who || line.idea.by == who).count();
    match (on, faults.is_empty()) {
        (Some(on), true) => Ok(Asked { who, on, answered, ideas }),
        _ => Err(faults),
    }
}

fn outcome(checked: &Checked, ideas: &[Idea], form: &Form) -> Result<(String, Outcome), Vec<Fault>> {
    let known: Vec<&str> = OUTCOME.into_iter().chain(["because"]).collect();
    let mut faults = form.unknown_headings(&known);
    let idea = form.needed("idea", &mut faults);
    if !idea.is_empty() && !ideas.iter().any(|known| known.id == idea) {
        let near = nearest(&idea, ideas.iter().map(|idea| idea.id.as_str()));
        let help = near.map_or_else(
            || "name an idea of the long list".to_owned(),
            |near| format!("did you mean '{near}'?"),
        );
        faults.push(form.fault(format!("no idea is called '{idea}'"), help));
    }
    let because = form.needed("because", &mut faults);
    let by = form.needed("by", &mut faults);
    let on = form.day("on", &mut faults);
    let ids = || checked.indicators().keys().map(String::as_str);
    let what = match (form.text("accept"), form.text("merge_with"), form.text("decline")) {
        (Some(id), None, None) => {
            if ids().any(|known| known == id) {
                faults.push(
                    form.fault(format!("'{id}' is an entry already"), "write merge_with, or another id"),
                );
            }
            Some(Refined::Accepted(id))
        }
        (None, Some(id), None) => {
            if !ids().any(|known| known == id) {
                let near = nearest(&id, ids());
                let help =
                    near.map_or_else(|| "name an entry".to_owned(), |near| format!("did you mean '{near}'?"));
                faults.push(form.fault(format!("no entry is called '{id}'"), help));
            }
            Some(Refined::Merged(id))
        }
        (None, None, Some(word)) if word == "true" => Some(Refined::Declined),
        _ => {
            let help = "write one of accept = \"new-id\", merge_with = \"id\" or decline = true";
            faults.push(form.fault("an idea is accepted, merged or declined: one of the three", help));
            None
        }
    };
    match (what, on, faults.is_empty()) {
        (Some(what), Some(on), true) => Ok((idea, Outcome { what, because, by, on })),
        _ => Err(faults),
    }
}

impl Form {
    fn day(&self, heading: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
        let text = self.text(heading);
        let day = text.as_ref().and_then(|text| text.parse().ok());
        if day.is_none() {
            let what = format!(
                "'{heading}' is {}, and no day",
                text.map_or("blank".to_owned(), |text| format!("'{text}'"))
            );
            faults.push(self.fault(what, "write it as 2010-06-20"));
        }
        day
    }
}

impl LongList {
    /// A draft definition of each idea that was accepted, by its id: a file to be completed, with its proposer.
    pub fn drafts(&self) -> BTreeMap<String, String> {
        let draft = |line: &ListLine| match &line.outcome {
            Some(Outcome { what: Refined::Accepted(id), on, by, .. }) => {
                Some((id.clone(), draft(&line.idea, id, by, *on)))
            }
            _ => None,
        };
        self.lines.iter().filter_map(draft).collect()
    }

    /// The consultation in lines of words; it ends with a line's end.
    pub fn told(&self) -> String {
        let mut text = String::new();
        for asked in &self.asked {
            let answered = asked.answered.map_or("no answer yet".to_owned(), |day| format!("answered {day}"));
            let _ = writeln!(
                text,
                "asked {} on {}: {answered}, ideas on the list: {}",
                asked.who, asked.on, asked.ideas
            );
        }
        for line in &self.lines {
            let idea = &line.idea;
            let _ = writeln!(text, "{}\n    {} ({}, {})", idea.id, idea.title, idea.by, idea.agency);
            for overlap in &line.overlaps {
                let _ = writeln!(text, "    {} {}: {}", overlap.kind.words(), overlap.second, overlap.why);
            }
            let outcome = line.outcome.as_ref().map_or("not decided yet".to_owned(), Outcome::told);
            let _ = writeln!(text, "    {outcome}");
        }
        for fault in &self.faults {
            let _ = writeln!(text, "{}:{}: {}; {}", fault.file, fault.line, fault.what, fault.help);
        }
        text
    }
}

impl Outcome {
    /// What became of it, why, and who decided.
    pub fn told(&self) -> String {
        let what = match &self.what {
            Refined::Accepted(id) => format!("accepted as {id}"),
            Refined::Merged(id) => format!("merged with {id}"),
            Refined::Declined => "declined".to_owned(),
        };
        format!("{what}: {} ({}, {})", self.because, self.by, self.on)
    }
}

/// The file of an indicator, as far as the form says it. Whoever completes it takes the marks out.
fn draft(idea: &Idea, id: &str, by: &str, on: NaiveDate) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut text = format!(
        "# Put forward by {} ({}); accepted by {} on {on}. Complete what is marked TODO, then `staysafe check`.\n\
         id       = {}\ntitle    = {}\nkind     = {}\npolarity = \"contextual\"    # TODO: higher, lower, neutral or contextual\n\
         cycle    = \"quarter\"       # TODO: put forward as {}\n",
        one_line(&idea.by),
        one_line(&idea.agency),
        one_line(by),
        quoted(id),
        quoted(&idea.title),
        quoted(&kind_word(idea.kind)),
        idea.how_often.as_deref().map_or("(not said)".to_owned(), one_line),
    );
    let mut line = |key: &str, value: Option<&String>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    };
    line("unit    ", idea.unit.as_ref());
    line("holder  ", Some(idea.holder.as_ref().unwrap_or(&idea.agency)));
    text.push_str("listed   = []               # TODO: [{ list = \"…\", number = \"…\" }]\n");
    for data in &idea.data {
        let _ = writeln!(text, "\n[[need]]\ndataset = {}\nfields  = []                # TODO", quoted(data));
    }
    text.push_str("\n[words]\n");
    let words = [("numerator", &idea.counts), ("denominator", &idea.out_of), ("why_it_matters", &idea.why)];
    for (key, value) in words {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    }
    let _ = write!(
        text,
        "\n[provenance]\nconfidence  = \"unverified\"\nfrom_memory = [{}]\n",
        quoted(&format!("The whole definition, as {} of {} put it forward", idea.by, idea.agency))
    );
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Comparer<'_> {
    /// How an idea, of which only words are known, overlaps an entry.
    pub(super) fn near(&self, idea: &Entry, entry: &Entry) -> Option<Overlap> {
        self.compare(idea, entry).or_else(|| {
            let shared = self.alike_in_words(idea, entry)?;
            let why = format!("they say nearly the same ({shared})");
            Some(Overlap {
                first: idea.id.clone(),
                kind: OverlapKind::SimilarTo,
                second: entry.id.clone(),
                why,
            })
        })
    }
}
