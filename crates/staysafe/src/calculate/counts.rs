//! Figures from counts that somebody else made: a partner's return of numerators and denominators.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::split::Split;
use crate::check::Checked;
use crate::definition::indicator::Kind;
use crate::period::{Period, Shown};
use crate::plan::{self, By, PlanError};
use crate::result::{Coverage, Judged, MadeOf, NotReported, Partial, Partials, Reason, State};
use crate::value::hex;
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
    /// The counts, or `None` from an agency that was expected to report and did not.
    pub counts: Option<Counts>,
}

/// The counts themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// What was counted, or what was counted above the line.
    pub numerator: u64,
    /// What was counted below the line; `None` for a count.
    pub denominator: Option<u64>,
}

/// Why counts were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountsError {
    /// No indicator goes by this id.
    #[error("entry {entry}: no indicator is called '{id}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownIndicator {
        /// The entry, from 1.
        entry: usize,
        /// The id that was given.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// A share whose numerator is greater than its denominator.
    #[error("entry {entry}: '{id}' is a share, and {numerator} of {denominator} is more than all of them")]
    MoreThanAll {
        /// The entry, from 1.
        entry: usize,
        /// The indicator.
        id: String,
        /// Above the line.
        numerator: u64,
        /// Below it.
        denominator: u64,
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
    /// The kind of the indicator does not go with these counts.
    #[error("entry {entry}: '{id}' {expected}")]
    WrongForKind {
        /// The entry, from 1.
        entry: usize,
        /// The indicator.
        id: String,
        /// What its kind needs.
        expected: &'static str,
    },
}

/// Takes counts as partial states, which [`finish`](super::finish) adds up and divides.
///
/// Each entry stands for one agency: silence (`counts: None`) is not nil, and shows in the coverage. `by` is
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
    let mut merged: BTreeMap<(String, String, Vec<String>, Period), Partial> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let (area, columns) = Split::of_areas(checked, &by, &entry.period).columns_of(&entry.area);
        let partial = Partial {
            indicator: entry.indicator.clone(),
            area,
            by: columns,
            period: entry.period,
            shown: Shown::default(),
            state: state(checked, number + 1, entry)?,
            coverage: Coverage { reported: u32::from(entry.counts.is_some()), expected: 1, days: None },
            judged: Judged::default(),
            flags: BTreeSet::new(),
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

fn state(checked: &Checked, entry: usize, given: &Counted) -> Result<State, CountsError> {
    let id = || given.indicator.clone();
    let Some(definition) = checked.definition(&given.indicator) else {
        let near = checked.nearest(&given.indicator).map(str::to_owned);
        return Err(CountsError::UnknownIndicator { entry, id: id(), near });
    };
    let Some(counts) = given.counts else {
        return Ok(State::Absent(Reason::NotReported(NotReported::NoReturn)));
    };
    match (definition.kind.value, counts.denominator) {
        (Kind::Count | Kind::Stock, None) => {
            Ok(State::Counted { numerator: counts.numerator, denominator: None })
        }
        (Kind::Count | Kind::Stock, Some(_)) => Err(CountsError::WrongForKind {
            entry,
            id: id(),
            expected: "is a count: leave the denominator out",
        }),
        (Kind::Proportion, Some(denominator)) if counts.numerator > denominator => {
            Err(CountsError::MoreThanAll { entry, id: id(), numerator: counts.numerator, denominator })
        }
        (Kind::Proportion, Some(_)) => {
            Ok(State::Counted { numerator: counts.numerator, denominator: counts.denominator })
        }
        (Kind::Ratio | Kind::RatioPct | Kind::FteRatio | Kind::Rate, Some(denominator)) => {
            Ok(State::Totals { numerator: counts.numerator.into(), denominator: denominator.into() })
        }
        (Kind::Proportion | Kind::Ratio | Kind::RatioPct | Kind::FteRatio | Kind::Rate, None) => {
            Err(CountsError::WrongForKind { entry, id: id(), expected: "needs a denominator" })
        }
        _ => Err(CountsError::WrongForKind {
            entry,
            id: id(),
            expected: "is of a kind that counts cannot say",
        }),
    }
}

fn made_of(checked: &Checked, partials: &[Partial]) -> MadeOf {
    let json = serde_json::to_string(partials).unwrap_or_else(|error| error.to_string());
    let of = |partial: &Partial| {
        let hash = checked.indicator(&partial.indicator).map(|i| i.hash().to_owned()).unwrap_or_default();
        (partial.indicator.clone(), hash)
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
            counts: counts.map(|(numerator, denominator)| Counts { numerator, denominator }),
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
        let refused = |kind, counts| take(&checked(kind), &[entry(Some(counts))], &["area"]).unwrap_err();
        assert!(matches!(refused("proportion", (5, Some(4))), CountsError::MoreThanAll { .. }));
        assert!(matches!(refused("proportion", (5, None)), CountsError::WrongForKind { .. }));
        assert!(matches!(refused("count", (5, Some(9))), CountsError::WrongForKind { .. }));
    }
}
