//! Figures from counts that somebody else made: a partner's return of numerators and denominators.
//!
//! [`take`] makes figures of nothing but counts. [`calculate`](super::calculate) takes those that stand in a return's table
//! `partner_count` where an authority's records say nothing: one definition, and records, counts or both as they come.

use std::collections::BTreeMap;

use super::reference::split::Split;
use crate::check::Checked;
use crate::definition::indicator::Kind;
use crate::period::{Period, Shown};
use crate::plan::{self, By, PlanError};
use crate::result::{
    CountsUsed, Coverage, Flags, Judged, MadeOf, NotReported, Partial, Partials, Reason, State,
};
use crate::value::{Exact, Name, Names, hex};
use sha2::{Digest, Sha256};

/// One agency's counts for an indicator, area and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The indicator's id.
    pub indicator: String,
    /// The area's code.
    pub area: String,
    /// The period.
    pub period: Period,
    /// What the agency answered.
    pub answer: Answer,
}

/// What an agency answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Counts.
    Counts(Counts),
    /// Counts that it hides, because they are small: whatever they are part of is *suppressed*.
    Suppressed,
    /// Nothing, although it was expected to report: silence is not nil.
    Silent,
}

/// The counts themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// What was counted, or what was counted above the line. Full-time equivalents may have a fraction.
    pub numerator: Exact,
    /// What was counted below the line; `None` for a count.
    pub denominator: Option<Exact>,
}

impl Counts {
    /// Whole numbers.
    ///
    /// # Example
    /// ```
    /// use staysafe::calculate::counts::Counts;
    /// use staysafe::value::Exact;
    /// assert_eq!(Counts::whole(3, Some(4)).denominator, Some(Exact::from(4_u64)));
    /// ```
    pub fn whole(numerator: u64, denominator: Option<u64>) -> Self {
        Self { numerator: numerator.into(), denominator: denominator.map(Exact::from) }
    }
}

/// Why counts were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountsError {
    /// An entry says something that cannot be.
    #[error("entry {entry}: {wrong}")]
    Entry {
        /// The entry, from 1.
        entry: usize,
        /// What is wrong with it.
        wrong: Wrong,
    },
    /// Areas cannot be kept apart by this.
    #[error(transparent)]
    By(PlanError),
    /// Counts come without the records that a breakdown would sort.
    #[error("counts cannot be broken down by '{name}': only records can; by area, or a level of areas")]
    NotFromCounts {
        /// The breakdown.
        name: String,
    },
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Wrong {
    /// No indicator goes by this id.
    #[error("no indicator is called '{id}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownIndicator {
        /// The id that was given.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// A share whose numerator is greater than its denominator.
    #[error("'{id}' is a share, and {numerator} of {denominator} is more than all of them")]
    MoreThanAll {
        /// The indicator.
        id: String,
        /// Above the line.
        numerator: Exact,
        /// Below it.
        denominator: Exact,
    },
    /// The kind of the indicator does not go with these counts.
    #[error("'{id}' {expected}")]
    WrongForKind {
        /// The indicator.
        id: String,
        /// What its kind needs.
        expected: &'static str,
    },
}

impl Wrong {
    /// A stable kebab-case code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownIndicator { .. } => "unknown-indicator",
            Self::MoreThanAll { .. } => "more-than-all",
            Self::WrongForKind { .. } => "wrong-for-kind",
        }
    }
}

/// Takes counts as partial states, which [`finish`](super::finish) adds up and divides.
///
/// Each entry stands for one agency: silence is not nil, and shows in the coverage. `by` is
/// `area`, levels of areas (`region`), or nothing, and then areas are added up. Counts are added as they come:
/// who gives counts of distinct children answers for it that no child is in two of them.
///
/// # Errors
/// The first entry that names no indicator, or whose counts do not go with the indicator's kind; a name that is
/// no level of areas.
pub fn take(checked: &Checked, entries: &[Counted], by: &[&str]) -> Result<Partials, CountsError> {
    let names: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
    let by = plan::by(checked, &names).map_err(CountsError::By)?;
    if let Some(By::Breakdown(name)) = by.iter().find(|by| matches!(by, By::Breakdown(_))) {
        return Err(CountsError::NotFromCounts { name: name.clone() });
    }
    let mut merged: BTreeMap<(Name, Name, Names, Period), Partial> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let (area, columns) = Split::of_areas(checked, &by, &entry.period).columns_of(&entry.area);
        let partial = Partial {
            indicator: entry.indicator.as_str().into(),
            authority: None,
            area,
            by: columns,
            period: entry.period,
            shown: Shown::default(),
            state: state(checked, entry).map_err(|wrong| CountsError::Entry { entry: number + 1, wrong })?,
            coverage: Coverage {
                reported: u32::from(entry.answer != Answer::Silent),
                expected: 1,
                days: None,
            },
            judged: Judged::default(),
            flags: Flags::new(),
            notes: BTreeMap::new(),
        };
        let key = (partial.indicator.clone(), partial.area.clone(), partial.by.clone(), partial.period);
        let partial = match merged.remove(&key) {
            Some(held) => Partial::combine(held, partial),
            None => partial,
        };
        merged.insert(key, partial);
    }
    let partials: Vec<Partial> = merged.into_values().collect();
    let made_of = made_of(checked, &partials);
    let columns = by.iter().filter_map(By::column).map(str::to_owned).collect();
    Ok(Partials { partials, by_area: !by.is_empty(), by: columns, made_of })
}

/// The state of an entry.
pub(super) fn state(checked: &Checked, given: &Counted) -> Result<State, Wrong> {
    let id = || given.indicator.clone();
    let Some(definition) = checked.definition(&given.indicator) else {
        return Err(Wrong::UnknownIndicator {
            id: id(),
            near: checked.nearest(&given.indicator).map(str::to_owned),
        });
    };
    let wrong = |expected| Err(Wrong::WrongForKind { id: id(), expected });
    let kind = definition.kind.value;
    if !matches!(
        kind,
        Kind::Count
            | Kind::Stock
            | Kind::Proportion
            | Kind::Ratio
            | Kind::RatioPct
            | Kind::FteRatio
            | Kind::Rate
    ) {
        return wrong("is of a kind that counts cannot say");
    }
    let Counts { numerator, denominator } = match given.answer {
        Answer::Counts(counts) => counts,
        Answer::Suppressed => return Ok(State::Absent(Reason::Suppressed)),
        Answer::Silent => return Ok(State::Absent(Reason::NotReported(NotReported::NoReturn))),
    };
    let whole = |of: Exact| of.whole().and_then(|whole| u64::try_from(whole).ok());
    if numerator < Exact::ZERO || denominator.is_some_and(|below| below < Exact::ZERO) {
        return wrong("cannot be less than 0");
    }
    match (kind, denominator) {
        (Kind::Count | Kind::Stock, Some(_)) => wrong("is a count: leave the denominator out"),
        (Kind::Count | Kind::Stock, None) => match whole(numerator) {
            Some(numerator) => Ok(State::Counted { numerator, denominator: None }),
            None => wrong("is a count: give a whole number"),
        },
        (_, None) => wrong("needs a denominator"),
        (Kind::Proportion, Some(denominator)) if numerator > denominator => {
            Err(Wrong::MoreThanAll { id: id(), numerator, denominator })
        }
        (Kind::Proportion, Some(denominator)) => match whole(numerator).zip(whole(denominator)) {
            Some((numerator, denominator)) => {
                Ok(State::Counted { numerator, denominator: Some(denominator) })
            }
            None => wrong("is a share of things counted: give whole numbers"),
        },
        (_, Some(denominator)) => Ok(State::totals(numerator, denominator)),
    }
}

fn made_of(checked: &Checked, partials: &[Partial]) -> MadeOf {
    let json = serde_json::to_string(partials).unwrap_or_else(|error| error.to_string());
    let of = |partial: &Partial| {
        let hash = checked.indicator(&partial.indicator).map(|i| i.hash().to_owned()).unwrap_or_default();
        (partial.indicator.to_string(), hash)
    };
    MadeOf {
        plan: "counts".to_owned(),
        definitions: partials.iter().map(of).collect(),
        data: hex(&Sha256::digest(json.as_bytes())),
        calendar: checked.calendar().version().to_owned(),
        parameters: BTreeMap::new(),
        readings: BTreeMap::new(),
        library: env!("CARGO_PKG_VERSION").to_owned(),
        joined: Vec::new(),
        counts: CountsUsed::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finish;
    use super::*;
    use crate::check::check;
    use crate::definition::read::read;
    use crate::result::{Flag, Outcome};

    /// An indicator that says only what it is: its counts come from elsewhere.
    fn checked(kind: &str) -> Checked {
        let indicator = format!(
            "id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"higher\"\ncycle = \"quarter\"\nholder = \"a\""
        );
        let files = [
            ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
            ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\""),
            ("indicators/i.toml", &indicator),
        ];
        check(read(files).0).0.unwrap()
    }

    fn entry(counts: Option<(u64, Option<u64>)>) -> Counted {
        Counted {
            indicator: "i".to_owned(),
            area: "E06000001".to_owned(),
            period: "2010-11 Q1".parse().unwrap(),
            answer: counts
                .map_or(Answer::Silent, |(above, below)| Answer::Counts(Counts::whole(above, below))),
        }
    }

    fn cell(kind: &str, entries: &[Counted]) -> crate::result::Cell {
        let checked = checked(kind);
        let mut results = finish(&checked, &take(&checked, entries, &["area"]).unwrap());
        results.observations.remove(0).cell
    }

    fn value(kind: &str) -> String {
        match cell(kind, &[entry(Some((3, Some(4))))]).outcome {
            Outcome::Figure { value, .. } => value.to_places(2),
            Outcome::Absent(reason) => reason.words(),
        }
    }

    #[test]
    fn a_definition_without_a_calculation_still_knows_what_it_is_per() {
        assert_eq!(value("proportion"), "75.00");
        assert_eq!(value("ratio-pct"), "75.00");
        assert_eq!(value("ratio"), "0.75");
        assert_eq!(value("rate"), "refused: its definition does not say per how many");
    }

    #[test]
    fn silence_lowers_the_coverage_and_nil_does_not() {
        let silent = cell("count", &[entry(Some((5, None))), entry(None)]);
        assert_eq!((silent.coverage.reported, silent.coverage.expected), (1, 2));
        assert!(silent.flags.contains(&Flag::PartlyReported));
        let nil = cell("count", &[entry(Some((5, None))), entry(Some((0, None)))]);
        assert_eq!((nil.coverage.reported, nil.coverage.expected), (2, 2));
        assert!(nil.flags.is_empty());
    }

    #[test]
    fn counts_of_areas_are_added_up_to_their_region() {
        let areas = "[[area]]\ncode = \"N\"\nname = \"North\"\nlevel = \"region\"\n[[area]]\ncode = \"E06000001\"\nname = \"A\"\nparents = [\"N\"]\n\
                     [[area]]\ncode = \"E06000002\"\nname = \"B\"\nparents = [\"N\"]\naliases = { lea = \"802\" }\n";
        let indicator = "id = \"i\"\ntitle = \"I\"\nkind = \"count\"\npolarity = \"higher\"\ncycle = \"quarter\"\nholder = \"a\"";
        let files = [
            (
                "framework.toml",
                "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n[breakdowns.age]\nwords = \"age\"",
            ),
            ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\""),
            ("areas.toml", areas),
            ("indicators/i.toml", indicator),
        ];
        let checked = check(read(files).0).0.unwrap();
        let of = |area: &str, n| Counted { area: area.to_owned(), ..entry(Some((n, None))) };
        let entries = [of("E06000001", 3), of("802", 4), of("elsewhere", 5)];
        let results = finish(&checked, &take(&checked, &entries, &["region"]).unwrap());
        let seen: Vec<String> = results
            .observations
            .iter()
            .map(|seen| {
                let Outcome::Figure { value, .. } = &seen.cell.outcome else { panic!("a figure") };
                format!("{} {} {}", seen.area, seen.by.join(" "), value.to_places(0))
            })
            .collect();
        assert_eq!(seen, ["N N 7", "unknown unknown 5"], "802 is B; elsewhere is in no region that is known");
        assert!(matches!(
            take(&checked, &entries, &["age"]),
            Err(CountsError::By(_) | CountsError::NotFromCounts { .. })
        ));
    }

    #[test]
    fn counts_that_do_not_go_with_the_kind_are_refused() {
        let refused = |kind, counts| match take(&checked(kind), &[entry(Some(counts))], &["area"]) {
            Err(CountsError::Entry { entry: 1, wrong }) => wrong.code(),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("proportion", (5, Some(4))), "more-than-all");
        assert_eq!(refused("proportion", (5, None)), "wrong-for-kind");
        assert_eq!(refused("count", (5, Some(9))), "wrong-for-kind");
        assert_eq!(refused("mean", (5, Some(9))), "wrong-for-kind");
    }

    #[test]
    fn what_one_agency_hides_hides_the_sum() {
        let hidden = Counted { answer: Answer::Suppressed, ..entry(None) };
        let together = cell("count", &[entry(Some((5, None))), hidden]);
        assert_eq!(together.outcome, Outcome::Absent(Reason::Suppressed));
        assert_eq!((together.coverage.reported, together.coverage.expected), (2, 2));
    }

    #[test]
    fn full_time_equivalents_have_fractions_and_people_have_none() {
        let half = Counts { numerator: Exact::new(25, 2).unwrap(), denominator: Some(Exact::from(20_u64)) };
        let of = Counted { answer: Answer::Counts(half), ..entry(None) };
        assert!(matches!(state(&checked("fte-ratio"), &of), Ok(State::Totals(_))));
        assert!(matches!(state(&checked("proportion"), &of), Err(Wrong::WrongForKind { .. })));
    }
}
