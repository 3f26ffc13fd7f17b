//! Who handed a return in, and as what.

use serde::{Deserialize, Serialize};

/// Who handed a return in, and as what: a partner's register names its agency, a statutory return does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The agency, by its id in the framework; without one the authority itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Whether the supplier may still change it; blank where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether the supplier declares that there was nothing to report: an empty table is then a 0.
    #[serde(default)]
    pub nil_declared: bool,
    /// Why it was handed in again, where it replaces what was handed in before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Whether a supplier may still change what it handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It may.
    Provisional,
    /// It is done with.
    Final,
}

impl Status {
    /// The word that stands for it in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Final => "final",
        }
    }
}

impl Submission {
    /// Whether figures from it are provisional.
    ///
    /// # Example
    /// ```
    /// use staysafe::record::{Status, Submission};
    /// let of = Submission { status: Some(Status::Provisional), ..Submission::default() };
    /// assert!(of.is_provisional() && !Submission::default().is_provisional());
    /// ```
    pub fn is_provisional(&self) -> bool {
        self.status == Some(Status::Provisional)
    }
}
