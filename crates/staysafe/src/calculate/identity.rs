//! Identities: sums between figures that must come out, whatever the records say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::why::{Case, Standing, cases};
use crate::check::Checked;
use crate::definition::framework::{Identity, IdentityKind};
use crate::period::Period;
use crate::record::Data;
use crate::result::{ALL, Flag, Note, Observation, Outcome, Reason, Results};
use crate::value::Exact;

/// An identity in one area and period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    /// The identity's id.
    pub identity: String,
    /// The area's code, or `all`.
    pub area: String,
    /// The period.
    pub period: Period,
    /// What came out.
    pub outcome: Sides,
}

/// Both sides of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// They are one.
    Holds,
    /// They differ: a record contradicts itself, or a definition is wrong.
    Broken {
        /// What the figures give.
        found: Exact,
        /// What they would have to give.
        expected: Exact,
        /// The records that stand on one side alone, by their places in the returns; no one's number stands here.
        behind: Vec<Behind>,
    },
    /// A figure is not there, or speaks for fewer days or authorities than the others.
    CannotBeChecked {
        /// The indicator that is in the way.
        indicator: String,
    },
}

/// Where a record stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Behind {
    /// What the caller calls the return.
    pub name: String,
    /// The dataset.
    pub dataset: String,
    /// Position in the source, counted from 1.
    pub origin: u32,
}

impl Sides {
    /// The stable code: `holds`, `broken` or `cannot-be-checked`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken { .. } => "broken",
            Self::CannotBeChecked { .. } => "cannot-be-checked",
        }
    }
}

/// Tests every identity of the framework on the figures of a calculation, in the order of the framework, area and
/// period. Asked are the totals, not their breakdowns; one of which no figure was asked for is left out.
///
/// # Example
/// ```
/// use staysafe::calculate::{calculate, finish, identities};
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"board\"\ntitle = \"A board\"")]);
/// let checked = check(framework).0.ok_or("unsound")?;
/// let data = Data::default();
/// let request = Request { periods: vec!["2010-11 Q1".parse()?], ..Request::default() };
/// let plan = plan(&checked, &request)?;
/// let results = finish(&checked, &calculate(&checked, &plan, &data)?);
/// assert!(identities(&checked, &results, &data).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn identities(checked: &Checked, results: &Results, data: &Data) -> Vec<Tested> {
    let mut totals: Totals<'_> = BTreeMap::new();
    for seen in results.observations.iter().filter(|seen| is_total(seen)) {
        totals.entry((&seen.indicator, &seen.area, seen.period)).or_default().push(seen);
    }
    let mut tested = Vec::new();
    for identity in &checked.framework().identities {
        let Some(first) = identity.of.first() else { continue };
        let of_the_first = totals.keys().filter(|(id, ..)| *id == first.value);
        for (_, area, period) in of_the_first.copied() {
            let outcome = test(&Place { checked, totals: &totals, data, identity, area }, period);
            tested.push(Tested {
                identity: identity.id.value.clone(),
                area: area.to_owned(),
                period,
                outcome,
            });
        }
    }
    tested
}

fn is_total(seen: &Observation) -> bool {
    seen.by.iter().all(|value| value == ALL)
}

/// The cells of an indicator that are no part of a breakdown, by area and period.
type Totals<'a> = BTreeMap<(&'a str, &'a str, Period), Vec<&'a Observation>>;

struct Place<'a> {
    checked: &'a Checked,
    totals: &'a Totals<'a>,
    data: &'a Data,
    identity: &'a Identity,
    area: &'a str,
}

/// A figure's two counts, and those that stand beside it because nobody could judge them.
struct Counts {
    numerator: Exact,
    denominator: Exact,
}

/// Both sides, or the indicator that is in the way.
type Compared = Result<(Exact, Exact), String>;

fn test(place: &Place<'_>, period: Period) -> Sides {
    match place.compare(period) {
        Err(indicator) => Sides::CannotBeChecked { indicator },
        Ok((found, expected)) if found == expected => Sides::Holds,
        Ok((found, expected)) => Sides::Broken { found, expected, behind: place.behind(period) },
    }
}

impl Place<'_> {
    fn id(&self, role: usize) -> &str {
        self.identity.of.get(role).map_or("", |id| &id.value)
    }

    fn compare(&self, period: Period) -> Compared {
        match self.identity.kind.value {
            IdentityKind::StockAndFlow => {
                let (stock, started, ended) = (self.id(0), self.id(1), self.id(2));
                let before = period.previous().ok_or_else(|| stock.to_owned())?;
                let expected = self
                    .counts(stock, before)?
                    .numerator
                    .plus(&self.counts(started, period)?.numerator)
                    .and_then(|sum| {
                        Some((sum, Exact::from(-1i64).times(&self.counts(ended, period).ok()?.numerator)?))
                    })
                    .and_then(|(sum, less)| sum.plus(&less))
                    .ok_or_else(|| ended.to_owned())?;
                Ok((self.counts(stock, period)?.numerator, expected))
            }
            IdentityKind::Share => {
                let share = self.counts(self.id(0), period)?;
                let part = self.counts(self.id(1), period)?;
                let whole = self.counts(self.id(2), period)?;
                // The numerators first: the part is what it is a share of.
                if share.numerator == part.numerator {
                    Ok((share.denominator, whole.numerator))
                } else {
                    Ok((share.numerator, part.numerator))
                }
            }
            IdentityKind::Categories => {
                let sum = self.counts(self.id(0), period)?;
                Ok((sum.numerator, self.counts(self.id(1), period)?.numerator))
            }
        }
    }

    /// A figure's counts; of a distribution those of its categories together. `Err` where one is not there or not whole.
    fn counts(&self, id: &str, period: Period) -> Result<Counts, String> {
        let in_the_way = || id.to_owned();
        let mut counts: Option<Counts> = None;
        for seen in self.totals.get(&(id, self.area, period)).map_or(&[][..], Vec::as_slice) {
            if seen.cell.flags.iter().any(|flag| PARTIAL.contains(&flag)) {
                return Err(in_the_way());
            }
            let (numerator, denominator) = match &seen.cell.outcome {
                Outcome::Figure { numerator: Some(above), denominator, .. } => {
                    (*above, denominator.unwrap_or(Exact::ZERO))
                }
                // Nothing was below the line.
                Outcome::Absent(Reason::Undefined) => (Exact::ZERO, Exact::ZERO),
                _ => return Err(in_the_way()),
            };
            let aside: u64 = ASIDE.iter().filter_map(|note| seen.cell.notes.get(note)).sum();
            let held = counts.map_or(Exact::ZERO, |held| held.numerator);
            counts = Some(Counts {
                numerator: held.plus(&numerator).ok_or_else(in_the_way)?,
                denominator: denominator.plus(&Exact::from(aside)).ok_or_else(in_the_way)?,
            });
        }
        counts.ok_or_else(in_the_way)
    }

    /// The names of the area's own returns; none where several areas were added up, or where rows name their area.
    fn returns(&self) -> BTreeSet<&str> {
        let area = self.checked.framework().areas.get(self.area);
        let own = |called: &str| {
            called == self.area
                || area.is_some_and(|area| area.aliases.iter().any(|(_, alias)| alias.value == called))
        };
        self.data.returns.iter().filter(|of| own(&of.area)).map(|of| of.name.as_str()).collect()
    }

    /// The records that stand on one side alone.
    fn behind(&self, period: Period) -> Vec<Behind> {
        let theirs = self.returns();
        let counted = |role: usize, period: Period| -> Vec<Case> {
            let found = cases(self.checked, self.data, self.id(role), period, false).unwrap_or_default();
            let here = |case: &Case| theirs.is_empty() || theirs.contains(case.name.as_str());
            found.into_iter().filter(|case| case.standing == Standing::Counted && here(case)).collect()
        };
        match self.identity.kind.value {
            IdentityKind::StockAndFlow => {
                let rows = |role, period| counted(role, period).iter().map(row).collect::<BTreeSet<Behind>>();
                let before = period.previous().map_or_else(BTreeSet::new, |before| rows(0, before));
                let came: BTreeSet<Behind> = before.union(&rows(1, period)).cloned().collect();
                let went = rows(2, period);
                let left: BTreeSet<Behind> = came.difference(&went).cloned().collect();
                let open = rows(0, period);
                let mut behind: BTreeSet<Behind> = left.symmetric_difference(&open).cloned().collect();
                behind.extend(went.difference(&came).cloned());
                behind.into_iter().collect()
            }
            // A child has a row here and another there: told apart by whom they are about.
            IdentityKind::Share | IdentityKind::Categories => {
                let (one, other) = (counted(0, period), counted(1, period));
                let keys =
                    |cases: &[Case]| cases.iter().map(|case| case.key.clone()).collect::<BTreeSet<String>>();
                let (left, right) = (keys(&one), keys(&other));
                let alone = |case: &&Case| left.contains(&case.key) != right.contains(&case.key);
                let behind: BTreeSet<Behind> = one.iter().chain(&other).filter(alone).map(row).collect();
                behind.into_iter().collect()
            }
        }
    }
}

const PARTIAL: [Flag; 3] = [Flag::PartlyCovered, Flag::PartlyReported, Flag::SurvivorsOnly];
const ASIDE: [Note; 2] = [Note::Unknown, Note::HistoryMissing];

fn row(case: &Case) -> Behind {
    Behind { name: case.name.clone(), dataset: case.dataset.clone(), origin: case.origin }
}
