//! Disclosure control: what may be shown to whom.
//!
//! Only [`disclose`] makes a [`Disclosed`], and only a `Disclosed` can be reported. A board sees full
//! figures under a handling line. Everybody else sees what is left after the interim rule of design
//! section 9: where any count of an indicator's row is small the whole row is hidden, the rows tied to
//! it as well, and every row that would give a small count away when published counts are subtracted
//! from each other.

mod audit;
mod holdings;
mod population;
mod related;
mod small;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::Checked;
use crate::definition::breakdown::ALL;
use crate::definition::framework::Framework;
use crate::definition::indicator::Disclosure;
use crate::result::{Coverage, Flags, Interval, NoInterval, Observation, Outcome, Reason, Results};

pub(crate) use holdings::completeness;
pub use holdings::{
    Amount, Completeness, FieldHeld, Holdings, ModuleHeld, RejectCount, ReturnHeld, holdings,
};
pub use small::{SMALL, SMALL_SOURCE, is_small};

/// Who will read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "for")]
pub enum Audience {
    /// A board: full figures, a handling line, and the recipient and date on each page.
    Board {
        /// Who receives it: a named person or meeting.
        recipient: String,
        /// The day it was handed over.
        date: NaiveDate,
    },
    /// Anybody.
    #[default]
    Publication,
}

impl Audience {
    /// The audience in a word: `board` or `publication`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Board { .. } => "board",
            Self::Publication => "publication",
        }
    }
}

/// Results that may be shown to their audience.
///
/// It cannot be deserialised or built by hand: that would be a way round disclosure control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosed {
    results: Results,
    audience: Audience,
    hidden: BTreeSet<String>,
}

impl Disclosed {
    /// What may be shown.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// Whom it may be shown to.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Indicators whose rows are hidden. Which of them hold a small count, and which protect another, is
    /// not said: that would give the small one away.
    pub fn hidden(&self) -> &BTreeSet<String> {
        &self.hidden
    }
}

/// Hides what the audience may not see.
///
/// For a publication, a row with a count of 1 to 5 ([`SMALL`]) anywhere (numerator, denominator, their
/// difference, any category, period or area, any cell of a breakdown) is hidden whole; so are the rows tied to it, and rows are
/// hidden until no published pair or triple of counts of nested populations differs by 1 to 5. Hidden
/// cells keep no value, count, flag or note, and *undefined* (a denominator of 0) is hidden with them.
/// Of several readings of an indicator the first is shown.
/// Notes are counts of people too, so that a publication shows none of an indicator about people.
/// An indicator that says `disclosure = "not-personal"` is left as it is; one that the framework does
/// not know is taken to be about people.
///
/// # Example
/// ```
/// use staysafe::calculate::{calculate, finish};
/// use staysafe::disclosure::{Audience, disclose};
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let results = finish(&checked, &calculate(&checked, &plan, &Data::default()).unwrap());
///
/// let disclosed = disclose(results, &checked, &Audience::default());
/// assert_eq!(*disclosed.audience(), Audience::Publication, "the careful one is the default");
/// assert!(disclosed.hidden().is_empty(), "there was nothing to hide");
/// ```
/// A `Disclosed` cannot be had in any other way:
/// ```compile_fail
/// let made_up: staysafe::disclosure::Disclosed = serde_json::from_str("{}").unwrap();
/// ```
pub fn disclose(results: Results, checked: &Checked, audience: &Audience) -> Disclosed {
    disclose_within(results, checked.framework(), audience)
}

/// The rule itself, on a framework.
pub(crate) fn disclose_within(mut results: Results, framework: &Framework, audience: &Audience) -> Disclosed {
    let mut hidden = BTreeSet::new();
    if *audience == Audience::Publication {
        let personal: Vec<&Observation> =
            results.observations.iter().filter(|seen| is_personal(framework, &seen.indicator)).collect();
        let second = second_readings(framework, &personal);
        let first: Vec<&Observation> =
            personal.iter().copied().filter(|seen| !second.contains(seen.indicator.as_str())).collect();
        hidden = rows_to_hide(framework, &first, &results.by);
        hidden.extend(second);
        hidden.retain(|id| {
            personal.iter().any(|seen| seen.indicator == *id && holds_something(&seen.cell.outcome))
        });
        results.observations = strip(results.observations, &results.by, framework, &hidden);
        // How many records were revised or have vanished are counts of people as well.
        results.made_of.joined.clear();
    }
    Disclosed { results, audience: audience.clone(), hidden }
}

/// Whether an indicator is about people.
fn is_personal(framework: &Framework, id: &str) -> bool {
    let declared = framework
        .named(id)
        .and_then(|(indicator, _)| indicator.disclosure.as_ref().or(framework.disclosure.as_ref()));
    declared.is_none_or(|disclosure| disclosure.value == Disclosure::Person)
}

/// All but the first of the readings of each indicator. Two readings of one rule differ by a few people, and how their
/// populations lie to each other cannot be told from what is written: a publication shows one of them.
fn second_readings(framework: &Framework, observations: &[&Observation]) -> BTreeSet<String> {
    let ids: BTreeSet<&str> = observations.iter().map(|seen| seen.indicator.as_str()).collect();
    let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in ids {
        if let Some((indicator, _)) = framework.named(id) {
            of.entry(&indicator.id.value).or_default().push(id);
        }
    }
    // The indicator's own id comes before those of its readings.
    of.into_values().flat_map(|ids| ids.into_iter().skip(1)).map(str::to_owned).collect()
}

/// Small rows, the rows related to them, and rows that would give them away; to a fixed point.
fn rows_to_hide(framework: &Framework, observations: &[&Observation], by: &[String]) -> BTreeSet<String> {
    let rows: BTreeSet<&str> = observations.iter().map(|seen| seen.indicator.as_str()).collect();
    let small: BTreeSet<String> = observations
        .iter()
        .filter(|seen| small::has_small_count(seen))
        .map(|seen| seen.indicator.to_string())
        .collect();
    let counted = population::counted(framework, observations, by);
    let mut hidden = related::close(framework, &related::beside(framework, &small));
    loop {
        hidden.retain(|id| rows.contains(id.as_str()));
        let shown: Vec<&population::Counted> =
            counted.iter().filter(|count| !hidden.contains(&count.indicator)).collect();
        let mut found = audit::rows_that_give_away(&shown);
        found.extend(related::declared_differences(framework, &shown));
        if found.is_empty() {
            return hidden;
        }
        hidden.extend(found);
        hidden = related::close(framework, &hidden);
    }
}

fn strip(
    observations: Vec<Observation>,
    by: &[String],
    framework: &Framework,
    hidden: &BTreeSet<String>,
) -> Vec<Observation> {
    let mut kept: Vec<Observation> = Vec::with_capacity(observations.len());
    for mut seen in observations {
        if is_personal(framework, &seen.indicator) {
            seen.cell.notes = BTreeMap::new();
        }
        if hidden.contains(seen.indicator.as_str()) {
            // Which categories occur is told by the rows of a distribution: one line stands for all.
            seen.category = None;
            for (name, value) in by.iter().zip(seen.by.make_mut()) {
                if framework.breakdowns.contains_key(name) {
                    *value = ALL.into();
                }
            }
            seen.cell.flags = Flags::new();
            seen.cell.interval = Interval::Without(NoInterval::NoFigure);
            if holds_something(&seen.cell.outcome) {
                seen.cell.outcome = Outcome::Absent(Reason::Suppressed);
                seen.cell.coverage = Coverage { days: None, ..seen.cell.coverage };
            }
            if kept.iter().rev().take_while(|other| other.indicator == seen.indicator).any(|other| {
                (other.statistic, &other.area, &other.by, other.period)
                    == (seen.statistic, &seen.area, &seen.by, seen.period)
            }) {
                continue;
            }
        }
        kept.push(seen);
    }
    kept
}

/// Whether the outcome speaks of records; everything else follows from the definitions and the layout
/// of the returns.
fn holds_something(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Figure { .. }
            | Outcome::Absent(
                Reason::Undefined | Reason::NothingToMeasure | Reason::Refused(_) | Reason::Suppressed
            )
    )
}

#[cfg(test)]
mod tests;
