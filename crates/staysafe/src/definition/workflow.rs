//! The ways to devise a framework, and the events of a board that walks one.

use chrono::NaiveDate;
use serde::Serialize;

use crate::diagnostic::Spanned;

/// Who acts. A board decides; the others do so where a step or an event says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Role {
    IndependentChair,
    Board,
    SubGroupChair,
    BusinessManager,
    AgencyRepresentative,
    AgencyDataLead,
    ChildrensTrustChair,
    TaskGroupLead,
}

/// One of the options for devising a framework: steps in their own order and words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Way {
    pub id: Spanned<String>,
    /// As printed: "Option 1".
    pub number: Spanned<String>,
    /// As printed.
    pub title: Spanned<String>,
    pub steps: Vec<WayStep>,
}

/// One step of an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct WayStep {
    pub id: Spanned<String>,
    /// As printed.
    pub words: Spanned<String>,
    /// What it makes: "gap analysis". A sign-off carries the hash of it.
    pub makes: Spanned<String>,
    /// Who may sign it off; nobody, where recording it is enough.
    pub signed_by: Vec<Spanned<Role>>,
}

/// Something that happened, as one file of a log says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Event {
    /// The file's name without `.toml`; a later event may name it.
    pub id: Spanned<String>,
    pub date: Spanned<NaiveDate>,
    /// Who acted.
    pub by: Spanned<String>,
    pub role: Spanned<Role>,
    pub meeting: Option<Spanned<String>>,
    pub minute: Option<Spanned<String>>,
    /// Whether the meeting had one.
    pub quorum: Option<bool>,
    pub what: Spanned<What>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum What {
    /// An option is chosen, with the reasons.
    Choose { way: Spanned<String>, reasons: Vec<Spanned<String>> },
    /// Another option is walked from now on; steps of the same id stay as they are.
    Switch { way: Spanned<String>, reasons: Vec<Spanned<String>> },
    /// A step is done, or what it makes has changed.
    Record {
        step: Spanned<String>,
        made: Option<Spanned<String>>,
        /// The file that was made, from the board's folder.
        file: Option<Spanned<String>>,
        note: Option<Spanned<String>>,
    },
    /// What a step made is signed off, whole or subject to conditions.
    SignOff { step: Spanned<String>, signed: Option<Spanned<String>>, subject_to: Vec<Spanned<String>> },
    /// A step counts as done with something missing.
    Except { step: Spanned<String>, reason: Spanned<String>, accepted_by: Spanned<String> },
    /// An exception, a condition or a deferral is dealt with.
    Clear { step: Spanned<String>, note: Option<Spanned<String>> },
    /// A step is open again.
    Reopen { step: Spanned<String>, reason: Spanned<String> },
    /// What a step made is replaced by something newer, which must be signed again.
    Supersede { step: Spanned<String>, made: Spanned<String>, reason: Spanned<String> },
    /// A step waits until a day.
    Defer { step: Spanned<String>, until: Spanned<NaiveDate>, reason: Spanned<String> },
    /// An event is taken back.
    Withdraw { event: Spanned<String>, reason: Spanned<String> },
    /// A role is lent to somebody until a day.
    Delegate { lent: Spanned<Role>, to: Spanned<String>, until: Spanned<NaiveDate> },
}
