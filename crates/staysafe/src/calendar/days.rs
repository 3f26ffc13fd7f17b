//! A span of days.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The days, both included, that something can speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

impl Days {
    /// Whether a day is one of them.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether some spans together hold all of them; `None` is a span without limits. The spans are gone through several
    /// times, so that nothing need be put aside and sorted.
    pub(crate) fn are_held_by<I: Iterator<Item = Option<Self>>>(self, spans: impl Fn() -> I) -> bool {
        let mut next = self.first;
        loop {
            let before = next;
            for span in spans() {
                let Some(span) = span else { return true };
                if span.contains(next) {
                    match span.last.succ_opt() {
                        Some(after) if span.last < self.last => next = after,
                        _ => return true,
                    }
                }
            }
            if next == before {
                return false;
            }
        }
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}
