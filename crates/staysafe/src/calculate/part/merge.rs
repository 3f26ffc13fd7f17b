//! Parts added up, in any order.

use std::collections::BTreeMap;

use super::{Candidate, Part, Shares};
use crate::period::Period;
use crate::result::{CountsUsed, Coverage, JoinedTable, Partial};
use crate::value::{Name, Names};

/// Why two parts cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// They were counted in different ways.
    #[error("these parts do not belong together: {what} '{ours}' in one and '{theirs}' in the other; {help}")]
    Different {
        /// What differs.
        what: &'static str,
        /// In the one.
        ours: String,
        /// In the other.
        theirs: String,
        /// How to mend it.
        help: &'static str,
    },
    /// Rows of one authority go by two codes.
    #[error("rows of {area} go by '{ours}' and by '{theirs}'; call it by one code in all tables")]
    TwoCodes {
        /// The authority.
        area: String,
        /// The one.
        ours: String,
        /// The other.
        theirs: String,
    },
    /// Some records are in both.
    #[error(
        "these parts overlap, and what is counted once would be counted twice: of {area}, {what}; give each record to one part, and each part once"
    )]
    Overlap {
        /// The authority.
        area: String,
        /// What is in both.
        what: String,
    },
}

/// Where a state belongs: indicator, the latest period it could have been of, period, authority, area, what stands in each column.
type Key = (Name, Option<Period>, Period, Option<Name>, Name, Names);

impl Part {
    /// Both parts together. Associative and commutative; a part of nothing changes nothing but the fingerprint.
    ///
    /// States of one authority are those of its rows, and its coverage stays that of one authority.
    ///
    /// # Errors
    /// Parts of different plans, calendars or versions of this library; parts that were told different things about what was
    /// asked for; records that are in both.
    pub fn merge(self, other: Self) -> Result<Self, MergeError> {
        self.agrees(&other)?;
        let shares = self.shares.clone().merge(other.shares.clone())?;
        let mut rows: BTreeMap<Key, Partial> = BTreeMap::new();
        for part in [&self, &other] {
            for (latest, partial) in part.states() {
                // Silent is who gave nothing to any part.
                let silent = partial.authority.as_ref().is_some_and(|area| !part.shares.holds(area));
                if silent && partial.authority.as_ref().is_some_and(|area| shares.holds(area)) {
                    continue;
                }
                put(&mut rows, (latest, partial), silent);
            }
        }
        let nobody = |key: &Key| key.3.is_none();
        let answered: Vec<(Name, Option<Period>, Period)> = rows
            .keys()
            .filter(|key| !nobody(key))
            .map(|(indicator, latest, period, ..)| (indicator.clone(), *latest, *period))
            .collect();
        // That no return was given is said only where none was.
        rows.retain(|key, _| !nobody(key) || answered.binary_search(&(key.0.clone(), key.1, key.2)).is_err());
        let (mut partials, mut candidates) = (Vec::new(), Vec::new());
        for ((_, latest, ..), partial) in rows {
            match latest {
                None => partials.push(partial),
                Some(latest) => candidates.push(Candidate { latest, partial }),
            }
        }
        Ok(self.with(other, partials, candidates, shares))
    }

    fn with(self, other: Self, partials: Vec<Partial>, candidates: Vec<Candidate>, shares: Shares) -> Self {
        let mut merged = Self { partials, candidates, shares, ..self };
        for (indicator, day) in other.first_days {
            let first = merged.first_days.entry(indicator).or_insert(day);
            *first = day.min(*first);
        }
        merged.returns.extend(other.returns);
        for (what, times) in other.rejected {
            *merged.rejected.entry(what).or_default() += times;
        }
        merged.made_of.joined = joined(merged.made_of.joined, other.made_of.joined);
        let CountsUsed { used, records_stand } = other.made_of.counts;
        merged.made_of.counts.used += used;
        merged.made_of.counts.records_stand.extend(records_stand);
        merged.fingerprinted()
    }

    fn states(&self) -> impl Iterator<Item = (Option<Period>, &Partial)> {
        let standing = self.partials.iter().map(|partial| (None, partial));
        standing.chain(self.candidates.iter().map(|candidate| (Some(candidate.latest), &candidate.partial)))
    }

    /// Whether two parts were counted in one way.
    fn agrees(&self, other: &Self) -> Result<(), MergeError> {
        let (ours, theirs) = (&self.made_of, &other.made_of);
        let plan = "calculate both with the same definitions, parameters, indicators, periods and 'by'";
        let calendar = "calculate both with the same working-day calendar";
        let library = "calculate both with the same version";
        let asked = "give every part the same register of what was asked for";
        let both = [
            ("the calendar is", &ours.calendar, &theirs.calendar, calendar),
            ("the library's version is", &ours.library, &theirs.library, library),
            ("the framework is", &self.framework, &other.framework, plan),
            ("the plan is", &ours.plan, &theirs.plan, plan),
            ("what was asked for is", &self.asked, &other.asked, asked),
        ];
        match both.into_iter().find(|(_, ours, theirs, _)| ours != theirs) {
            None => Ok(()),
            Some((what, ours, theirs, help)) => {
                Err(MergeError::Different { what, ours: ours.clone(), theirs: theirs.clone(), help })
            }
        }
    }
}

fn put(rows: &mut BTreeMap<Key, Partial>, (latest, partial): (Option<Period>, &Partial), silent: bool) {
    let key = (
        partial.indicator.clone(),
        latest,
        partial.period,
        partial.authority.clone(),
        partial.area.clone(),
        partial.by.clone(),
    );
    let with = match rows.remove(&key) {
        // Whoever is silent, and that nothing was given, is said once.
        Some(held) if silent || partial.authority.is_none() => held,
        Some(held) => of_one_authority(held, partial.clone()),
        None => partial.clone(),
    };
    rows.insert(key, with);
}

/// Two states of one authority, from different rows of it: what stands behind them is one authority.
fn of_one_authority(a: Partial, b: Partial) -> Partial {
    let coverage = Coverage {
        reported: a.coverage.reported.max(b.coverage.reported),
        expected: a.coverage.expected.max(b.coverage.expected),
        days: a.coverage.combine(&b.coverage).days,
    };
    Partial { coverage, ..a.combine(b) }
}

/// What was found while returns were joined, added up.
fn joined(ours: Vec<JoinedTable>, theirs: Vec<JoinedTable>) -> Vec<JoinedTable> {
    let mut tables: BTreeMap<(String, String), JoinedTable> = BTreeMap::new();
    for table in ours.into_iter().chain(theirs) {
        let key = (table.area.clone(), table.dataset.clone());
        let Some(held) = tables.get_mut(&key) else {
            tables.insert(key, table);
            continue;
        };
        held.duplicates += table.duplicates;
        held.contradictory += table.contradictory;
        held.older_versions += table.older_versions;
        held.revised += table.revised;
        held.vanished += table.vanished;
    }
    tables.into_values().collect()
}
