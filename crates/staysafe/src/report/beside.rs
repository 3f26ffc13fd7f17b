//! What stands beside an entry's figures: figures that somebody else published, and sums that did not come out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Inputs, words};
use crate::calculate::{Sides, Tested};
use crate::definition::framework::{Area, Framework};
use crate::disclosure::Audience;
use crate::period::Period;
use crate::published::{Compared, Level};
use crate::result::{Observation, printed_count, thousands};
use crate::value::Supplied;

/// How a published place lies to the areas of the scorecard, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nearness {
    /// The country.
    Country,
    /// The region that an area lies in.
    Region,
    /// A statistical neighbour of an area.
    Neighbour,
    /// An area itself, as it was published.
    Itself,
}

/// A figure that somebody else published, beside an entry: nothing is mixed with it and nothing is coloured by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedFigure {
    /// The place's name.
    pub area: String,
    /// How it lies to the areas of the scorecard.
    pub nearness: Nearness,
    /// The period, or the table's own words where they can mean several.
    pub period: String,
    /// The figure as it was published, or why it is withheld.
    pub value: String,
    /// The code of the reason why it is withheld.
    pub withheld: Option<&'static str>,
    /// What is counted above the line, where the table has it.
    pub numerator: Option<String>,
    /// What is counted below it.
    pub denominator: Option<String>,
    /// In what it differs from the entry.
    pub note: String,
    /// Where it was published.
    pub source: String,
}

/// A sum that did not come out, of which an entry is part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenSum {
    /// The identity's id.
    pub identity: String,
    /// What must hold, in words.
    pub words: String,
    /// The area's name.
    pub area: String,
    /// The period.
    pub period: String,
    /// Both sides, found and expected; a publication does not say them.
    pub sides: Option<[String; 2]>,
    /// How many records of which dataset of which return stand on one side alone; a publication does not say them.
    pub behind: Vec<RecordsBehind>,
}

/// How many records of a dataset stand behind a broken sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordsBehind {
    /// What the caller calls the return.
    pub name: String,
    /// The dataset, in words.
    pub dataset: String,
    /// How many.
    pub records: usize,
}

/// How often an identity was tested, and what came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SumsTested {
    /// The identity's id.
    pub identity: String,
    /// What must hold, in words.
    pub words: String,
    /// In how many areas and periods it holds.
    pub holds: usize,
    /// In how many it is broken.
    pub broken: usize,
    /// In how many a figure was not there, or not whole.
    pub cannot_be_checked: usize,
}

impl Nearness {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Neighbour => "statistical neighbour",
            Self::Itself => "as published",
        }
    }
}

impl BrokenSum {
    /// The finding as a sentence.
    pub fn says(&self) -> String {
        let mut text = format!("{}: not so in {}, {}", self.words, self.area, self.period);
        if let Some([found, expected]) = &self.sides {
            let _ = write!(text, ": {found} where {expected} is due");
        }
        text.push_str(". A record contradicts itself, or a definition is wrong.");
        let behind: Vec<String> = self
            .behind
            .iter()
            .map(|of| {
                format!("{} of {} in {}", words::some(of.records, "record", "records"), of.dataset, of.name)
            })
            .collect();
        if !behind.is_empty() {
            let _ = write!(text, " Behind it: {}.", behind.join("; "));
        }
        text
    }
}

/// What may stand beside entries, sorted by indicator.
pub(super) struct Beside<'a> {
    framework: &'a Framework,
    published: BTreeMap<&'a str, Vec<(Near, &'a Compared)>>,
    broken: BTreeMap<&'a str, Vec<BrokenSum>>,
}

impl<'a> Beside<'a> {
    pub(super) fn new(
        framework: &'a Framework,
        inputs: &Inputs<'a>,
        seen: &[Observation],
        audience: &Audience,
    ) -> Self {
        let mut beside = Self { framework, published: BTreeMap::new(), broken: BTreeMap::new() };
        let places = Places::new(framework, inputs, seen);
        for figure in inputs.published {
            if let Some(near) = places.near(figure) {
                beside.published.entry(&figure.indicator).or_default().push((near, figure));
            }
        }
        for tested in inputs.identities {
            let identity = framework.identities.iter().find(|known| known.id.value == tested.identity);
            let (Some(identity), Some(broken)) = (identity, broken(framework, tested, audience)) else {
                continue;
            };
            let of: BTreeSet<&str> = identity.of.iter().map(|id| id.value.as_str()).collect();
            for id in of {
                beside.broken.entry(id).or_default().push(broken.clone());
            }
        }
        beside
    }

    /// The sums that an indicator is part of and that did not come out.
    pub(super) fn broken(&self, id: &str) -> Vec<BrokenSum> {
        self.broken.get(id).cloned().unwrap_or_default()
    }

    /// Published figures of the periods that the entry shows; of a place without any, its latest.
    pub(super) fn published(&self, id: &str, cells: &[&Observation]) -> Vec<PublishedFigure> {
        let shown: BTreeSet<Period> = cells.iter().map(|seen| seen.period).collect();
        let ends: BTreeSet<NaiveDate> = shown.iter().map(|period| period.last_day()).collect();
        let is_shown = |figure: &Compared| {
            let period = figure.period.as_ref().and_then(|told| told.period);
            period.is_some_and(|period| {
                let is_a_day = period.first_day() == period.last_day();
                shown.contains(&period) || is_a_day && ends.contains(&period.last_day())
            })
        };
        let mut by_place: BTreeMap<&Near, Vec<&Compared>> = BTreeMap::new();
        for (near, figure) in self.published.get(id).map_or(&[][..], Vec::as_slice) {
            by_place.entry(near).or_default().push(figure);
        }
        let mut found = Vec::new();
        for (near, mut figures) in by_place {
            figures.sort_by_key(|figure| when(figure));
            let latest = figures.last().map(|figure| when(figure));
            let of_the_periods = figures.iter().any(|figure| is_shown(figure));
            let wanted = |figure: &&&Compared| {
                if of_the_periods { is_shown(figure) } else { Some(when(figure)) == latest }
            };
            found.extend(figures.iter().filter(wanted).map(|figure| told(near, figure)));
        }
        found
    }

    /// How often each identity was tested.
    pub(super) fn tested(&self, tested: &[Tested]) -> Vec<SumsTested> {
        let lines = self.framework.identities.iter().map(|identity| {
            let id = identity.id.value.as_str();
            let of = || tested.iter().filter(|one| one.identity == id);
            let count = |code: &str| of().filter(|one| one.outcome.code() == code).count();
            SumsTested {
                identity: id.to_owned(),
                words: identity.words.as_ref().map_or(id, |words| &words.value).to_owned(),
                holds: count("holds"),
                broken: count("broken"),
                cannot_be_checked: count("cannot-be-checked"),
            }
        });
        lines.filter(|line| line.holds + line.broken + line.cannot_be_checked > 0).collect()
    }
}

/// By its last day where the period is one, and by the table's words.
fn when(figure: &Compared) -> (Option<NaiveDate>, &str) {
    let told = figure.period.as_ref();
    let last = told.and_then(|told| told.period).map(Period::last_day);
    (last, told.map_or("", |told| told.text.as_str()))
}

fn told(near: &Near, figure: &Compared) -> PublishedFigure {
    let count = |side: Option<Supplied>| side.map(printed);
    let together =
        near.together.then(|| format!("published for {} together, and for none of them alone", near.name));
    let notes = together.into_iter().chain((!figure.note.is_empty()).then(|| figure.note.clone()));
    PublishedFigure {
        area: near.name.clone(),
        nearness: near.nearness,
        period: figure.period.as_ref().map_or_else(|| "not said".to_owned(), ToString::to_string),
        value: printed(figure.value),
        withheld: figure.value.withheld().map(crate::value::Withheld::code),
        numerator: count(figure.numerator),
        denominator: count(figure.denominator),
        note: notes.collect::<Vec<_>>().join("; "),
        source: figure.source.clone(),
    }
}

/// As it was published, to the last place; or why it is withheld.
fn printed(supplied: Supplied) -> String {
    match supplied {
        Supplied::Number(number) => {
            let percent = if number.percent { "%" } else { "" };
            format!("{}{percent}", thousands(&number.value.to_places(number.places)))
        }
        Supplied::Withheld(why) => why.to_string(),
    }
}

fn broken(framework: &Framework, tested: &Tested, audience: &Audience) -> Option<BrokenSum> {
    let Sides::Broken { found, expected, behind } = &tested.outcome else { return None };
    let identity = framework.identities.iter().find(|known| known.id.value == tested.identity)?;
    let whole = matches!(audience, Audience::Board { .. });
    let mut records: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for place in behind.iter().filter(|_| whole) {
        *records.entry((&place.name, &place.dataset)).or_default() += 1;
    }
    Some(BrokenSum {
        identity: tested.identity.clone(),
        words: identity.words.as_ref().map_or(&identity.id.value, |words| &words.value).clone(),
        area: area_name(framework, &tested.area),
        period: tested.period.to_string(),
        sides: whole.then(|| [printed_count(found), printed_count(expected)]),
        behind: records
            .into_iter()
            .map(|((name, dataset), records)| RecordsBehind {
                name: name.to_owned(),
                dataset: words::dataset(framework, dataset),
                records,
            })
            .collect(),
    })
}

fn area_name(framework: &Framework, code: &str) -> String {
    match framework.areas.get(code) {
        Some(area) => area.name.value.clone(),
        None if code == crate::result::ALL => "all areas".to_owned(),
        None => code.to_owned(),
    }
}

/// How a published place lies to the areas, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Near {
    nearness: Nearness,
    name: String,
    /// Whether it is several areas that are published as one.
    together: bool,
}

/// The areas that the scorecard is about, and what lies around them.
struct Places<'a> {
    framework: &'a Framework,
    prepared: NaiveDate,
    own: BTreeSet<&'a str>,
    neighbours: BTreeSet<&'a str>,
    regions: BTreeMap<&'a str, &'a str>,
}

impl<'a> Places<'a> {
    fn new(framework: &'a Framework, inputs: &Inputs<'_>, seen: &[Observation]) -> Self {
        let prepared = inputs.prepared;
        let named = inputs.profiles.iter().map(|profile| profile.area.as_str());
        let named = named.chain(seen.iter().map(|seen| seen.area.as_str()));
        let known = |code: &str| framework.area_on(code, prepared).map(|area| area.code.value.as_str());
        let mut own: BTreeSet<&str> = BTreeSet::new();
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for name in named.filter(|name| asked.insert(name)) {
            own.extend(known(name));
        }
        let mut regions = BTreeMap::new();
        for code in &own {
            // An area that is gone lay in its region on its last day.
            let gone = framework.areas.get(*code).and_then(|area| area.valid_to.as_ref());
            let day = gone.map_or(prepared, |last| last.value.min(prepared));
            if let Some(region) = framework.area_at(code, "region", day) {
                regions.insert(region.code.value.as_str(), region.name.value.as_str());
            }
        }
        let neighbours = own.iter().flat_map(|code| framework.neighbours_of(code));
        let neighbours = neighbours.map(|area| area.code.value.as_str()).collect();
        Self { framework, prepared, own, neighbours, regions }
    }

    /// How a published place lies to the areas, and its name; `None` where it is nothing to them.
    fn near(&self, figure: &Compared) -> Option<Near> {
        let near = |nearness, name: &str| Near { nearness, name: name.to_owned(), together: false };
        let place = &figure.place;
        let day = figure.period.as_ref().and_then(|told| told.period).map_or(self.prepared, Period::last_day);
        match &place.level {
            Level::National => Some(near(Nearness::Country, &place.name)),
            Level::Regional => self
                .regions
                .iter()
                .find(|(code, name)| match &place.code {
                    Some(given) => given == *code,
                    None => place.name.eq_ignore_ascii_case(name),
                })
                .map(|(_, name)| near(Nearness::Region, name)),
            Level::LocalAuthority => {
                let together = self.together(&place.name, day);
                if together.len() > 1 {
                    // Whatever code stands there, the figure is of none of them alone.
                    let nearness = together.iter().filter_map(|code| self.nearness(code)).max()?;
                    return Some(Near { together: true, ..near(nearness, &place.name) });
                }
                let code = place.code.as_deref().or(place.other_code.as_deref())?;
                let area = self.framework.area_on(code, day)?;
                Some(near(self.nearness(&area.code.value)?, &area.name.value))
            }
            Level::Other(_) => None,
        }
    }

    fn nearness(&self, code: &str) -> Option<Nearness> {
        match (self.own.contains(code), self.neighbours.contains(code)) {
            (true, _) => Some(Nearness::Itself),
            (_, true) => Some(Nearness::Neighbour),
            _ => None,
        }
    }

    /// The authorities that a name names one after the other, as in *Hackney and City of London*; none where any part of it is no
    /// authority's name, as in *Bath and North East Somerset*.
    fn together(&self, name: &str, day: NaiveDate) -> Vec<&str> {
        let mut plain = format!(" {} ", spelt(name));
        for word in [" and ", " with ", " including ", " incl. ", " inc. "] {
            plain = plain.replace(word, " / ");
        }
        let parts: Vec<&str> = plain.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 {
            return Vec::new();
        }
        let of = |part: &&str| {
            let is_it = |area: &&Area| area.is_valid_on(day) && spelt(&area.name.value) == **part;
            self.framework.areas.values().find(is_it).map(|area| area.code.value.as_str())
        };
        let found: Option<Vec<&str>> = parts.iter().map(of).collect();
        found.unwrap_or_default()
    }
}

/// A name in small letters, with what parts two names written as a stroke.
fn spelt(name: &str) -> String {
    let parted = name.replace('&', " and ").replace(['(', ')', ',', '+', ';', '/'], " / ");
    parted.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
