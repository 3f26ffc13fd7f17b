//! What a period shows of a measure that is not due in it.

use serde::{Deserialize, Serialize};

use super::Period;

/// How the period that a figure speaks of stands to the one that was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// It is the one that was asked for.
    #[default]
    Plain,
    /// The twelve months to its last day.
    #[serde(rename = "rolling-12-months")]
    Rolling12Months,
    /// Its last day.
    SnapshotNow,
    /// The last one of the measure's cycle of which anything is known: carried, and no news.
    LastKnown,
    /// The measure is not due in it.
    NotDue,
}

/// In which periods a figure is shown, and why there.
///
/// A figure always stands under the period that it speaks of, so that views are never mixed: under
/// `12 months to 31 Dec 2010`, shown for `2010-11 Q3`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// How it stands to the period that was asked for; *plain* where it was asked for itself.
    pub view: View,
    /// The other periods that were asked for and show it, in order.
    #[serde(default, rename = "for")]
    pub periods: Vec<Period>,
}

impl View {
    /// The view as it is written for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Rolling12Months => "rolling-12-months",
            Self::SnapshotNow => "snapshot-now",
            Self::LastKnown => "last-known",
            Self::NotDue => "not-due",
        }
    }
}

impl Shown {
    /// What a period that is not shown itself is shown for.
    pub fn under(view: View, period: Period) -> Self {
        Self { view, periods: vec![period] }
    }

    /// All that shows the same figure. Associative and commutative.
    ///
    /// # Example
    /// ```
    /// use staysafe::period::{Shown, View};
    /// let carried = Shown::under(View::LastKnown, "2010-11 Q1".parse().unwrap());
    /// let both = carried.combine(Shown::default());
    /// assert_eq!(both.view, View::Plain, "it was asked for itself as well");
    /// assert_eq!(both.periods.len(), 1);
    /// ```
    #[must_use]
    pub fn combine(mut self, other: Self) -> Self {
        self.view = self.view.min(other.view);
        self.periods.extend(other.periods);
        self.periods.sort();
        self.periods.dedup();
        self
    }

    /// What a reader must know who asked for another period: "rolling 12 months, shown for 2010-11 Q3".
    pub fn words(&self) -> Option<String> {
        let periods = self.periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self.view {
            _ if self.periods.is_empty() => None,
            View::Plain => Some(format!("shown for {periods} as well")),
            View::Rolling12Months => Some(format!("rolling 12 months, shown for {periods}")),
            View::SnapshotNow => Some(format!("the last day, shown for {periods}")),
            View::LastKnown => Some(format!("the last known, carried to {periods}")),
            View::NotDue => None,
        }
    }
}
