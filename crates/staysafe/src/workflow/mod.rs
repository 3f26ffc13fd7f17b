//! Where a board stands in devising its framework: a pure function of its log.
//!
//! A step is *done*, *done with exception* (with its reason, shown until it is cleared) or still open. A sign-off
//! is refused where nobody with the role gave it, or where it does not say what was signed; nothing else is.

mod fold;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::definition::workflow::{Event, Role, Way};
use crate::value::hex;

pub use crate::definition::read::role_word;

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing has been recorded.
    Open,
    /// It waits until a day.
    Deferred,
    /// It is recorded and waits for its sign-off.
    Recorded,
    /// Done, with something missing that somebody accepted.
    DoneWithException,
    /// Done.
    Done,
}

/// Something that is missing from a step, shown until it is cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// The event it came with.
    pub event: String,
    /// What is missing, in words.
    pub reason: String,
    /// Who accepted it, where somebody did.
    pub accepted_by: Option<String>,
}

/// A sign-off that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Signed {
    pub event: String,
    pub date: NaiveDate,
    pub by: String,
    /// The role that allowed it, lent or held.
    pub role: Role,
    pub meeting: Option<String>,
    pub minute: Option<String>,
    /// The hash of what was signed.
    pub hash: String,
}

/// One step of the option that is walked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct StepState {
    pub id: String,
    /// Counted from 1, as printed.
    pub number: usize,
    pub words: String,
    pub makes: String,
    pub signed_by: Vec<Role>,
    pub standing: Standing,
    /// The hash of what it made, as last recorded.
    pub made: Option<String>,
    /// The file it made, from the board's folder.
    pub file: Option<String>,
    pub signed: Option<Signed>,
    /// What was signed is no longer what there is.
    pub changed_since_signed: bool,
    pub exceptions: Vec<Exception>,
    pub deferred_until: Option<NaiveDate>,
    /// Events that speak of it, in order.
    pub events: Vec<String>,
}

/// An event that changed nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Refused {
    pub event: String,
    pub why: String,
}

/// Where a board stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// Whether the log has a file that cannot be read. Then nothing is said of where the board stands: the file may hold the
    /// choice of an option, or take one back.
    pub damaged: bool,
    /// The option that is walked.
    pub option: Option<String>,
    /// That option as the source prints it: its number and title.
    pub title: Option<String>,
    /// Why it was chosen.
    pub reasons: Vec<String>,
    /// Its steps, in order.
    pub steps: Vec<StepState>,
    /// Events that changed nothing, in order.
    pub refused: Vec<Refused>,
}

/// Where a board stands on a day, by its log.
///
/// `now` holds the hash of what each step made as it is today, by the step's id; a step that is not named is
/// taken to be as it was recorded. Events after `as_of` are not looked at.
///
/// # Example
/// ```
/// use staysafe::definition::read::{read, read_log};
/// use staysafe::workflow::{Standing, state};
///
/// let (framework, _) = read([("workflow.toml", r#"
/// [[option]]
/// id = "one"
/// number = "Option 1"
/// title = "priorities first"
/// step = [{ id = "priorities", words = "define priorities", makes = "priorities" }]
/// "#)]);
/// let head = "date = 2010-05-20\nby = \"A\"\nrole = \"board\"\n";
/// let (log, _) = read_log([
///     ("a.toml", format!("event = \"choose option\"\noption = \"one\"\nreasons = [\"because\"]\n{head}")),
///     ("b.toml", format!("event = \"record\"\nstep = \"priorities\"\nmade = \"hash\"\n{head}")),
/// ]);
/// let now = state(&framework.ways, &log, &Default::default(), "2010-06-01".parse().unwrap());
/// assert_eq!(now.steps[0].standing, Standing::Done);
/// assert!(now.next().is_none());
/// ```
pub fn state(ways: &[Way], log: &[Event], now: &BTreeMap<String, String>, as_of: NaiveDate) -> State {
    fold::fold(ways, log, now, as_of)
}

/// The hash of what a step made, as a record and a sign-off carry it: SHA-256, 64 hexadecimal digits.
///
/// # Example
/// ```
/// assert!(staysafe::workflow::hash_of(b"the plan").starts_with("aab8f06f"));
/// ```
pub fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl State {
    /// The first step that is not done.
    pub fn next(&self) -> Option<&StepState> {
        self.steps.iter().find(|step| !step.standing.is_done())
    }
}

impl Standing {
    /// Whether the step counts as done, with an exception or without.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneWithException)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Deferred => "deferred",
            Self::Recorded => "recorded, not signed off",
            Self::DoneWithException => "done with exception",
            Self::Done => "done",
        }
    }
}
