//! What a rate is made of, told by the headers, and where they leave it open by the figures.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::Agreement;
use super::layout::{Share, Term};
use super::recompute::{Basis, Parts, Worker};
use super::{Column, Row};
use crate::value::Supplied;

/// Words that make a column a percentage.
pub(super) const PERCENT: &[&str] =
    &["percent", "percentage", "pct", "perc", "pcent", "pc", "proportion", "prop", "share"];
/// Words that make a column a rate.
pub(super) const RATE: &[&str] = &["rate", "rates"];
/// Words that say no more than that something is counted.
const COUNTED: &[&str] = &["number", "num", "count", "no", "n", "headcount", "of", "the", "total", "sum"];
/// Words of a column that is likely to stand below the line.
const BELOW: &[&str] = &[
    "population",
    "pop",
    "denominator",
    "denom",
    "eligible",
    "elig",
    "cohort",
    "base",
    "total",
    "all",
    "possible",
    "poss",
    "estimate",
    "enrolments",
    "enrolment",
    "enrolled",
    "pupils",
    "registered",
];
/// Per how many a rate may be whose header does not say it.
pub(super) const PER: [u64; 5] = [10_000, 1_000, 100_000, 100, 1];
/// So many rows are looked at to choose between pairs.
pub(super) const LOOKED_AT: usize = 400;
/// So many must agree before figures alone tell a pair, and so many in a hundred of all that can be judged.
pub(super) const ENOUGH: u64 = 12;
pub(super) const NEARLY_ALL: u64 = 95;
/// So many rows bear a pair out of which headers tell the numerator, where at most one for each so many contradicts it; and so
/// many disprove one that headers tell whole.
const TOLD: u64 = 3;

/// A pair that a rate may be made of, and how its rows judge it.
struct Candidate {
    share: Share,
    named: bool,
    /// Whether the headers tell the numerator.
    above: bool,
    agree: u64,
    differ: u64,
}

/// The pairs of all columns that print a rate and of which no layout speaks, and the columns without one.
pub(super) fn named(worker: &Worker<'_>) -> (Vec<(Share, Basis)>, Vec<usize>) {
    let declared: BTreeSet<usize> =
        worker.table.layout.share.iter().flat_map(|share| worker.columns(&share.value.column)).collect();
    let (mut found, mut without) = (Vec::new(), Vec::new());
    for (place, column) in worker.table.columns.iter().enumerate() {
        if declared.contains(&place) {
            continue;
        }
        let Some(rate) = Rate::of(worker, place, column) else { continue };
        match rate.best(worker) {
            Some(best) => found.push(best),
            None => without.push(place),
        }
    }
    (found, without)
}

/// Whether a header says that its column prints a rate or a percentage.
pub(super) fn prints_a_rate(measure: &str) -> bool {
    let is = |word: &String| PERCENT.contains(&word.as_str()) || RATE.contains(&word.as_str());
    measure.contains('%') || words(measure).iter().any(is)
}

/// A column that prints a rate.
struct Rate<'a> {
    place: usize,
    column: &'a Column,
    /// What is left of its header without the words that make it a rate.
    stem: Vec<String>,
    per: Vec<u64>,
}

impl<'a> Rate<'a> {
    fn of(worker: &Worker<'_>, place: usize, column: &'a Column) -> Option<Self> {
        let words = words(&column.measure);
        let signs = worker.table.rows.iter().any(
            |row| matches!(row.cells.get(place), Some(Some(Supplied::Number(number))) if number.percent),
        );
        let has = |of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
        let per = if has(RATE) {
            per_so_many(&column.measure).map_or_else(|| PER.to_vec(), |per| vec![per])
        } else if has(PERCENT) || signs || column.measure.contains('%') {
            vec![100, 1]
        } else {
            return None;
        };
        let per_at = words.iter().position(|word| word == "per").unwrap_or(words.len());
        let stem = words.into_iter().take(per_at).filter(|word| {
            let word = word.as_str();
            !PERCENT.contains(&word) && !RATE.contains(&word) && !COUNTED.contains(&word)
        });
        Some(Self { place, column, stem: stem.collect(), per })
    }

    /// The pair of counts that fits best.
    fn best(&self, worker: &Worker<'_>) -> Option<(Share, Basis)> {
        let mut candidates = self.candidates(worker);
        for candidate in &mut candidates {
            self.judge(worker, candidate);
        }
        // Whose numerator the headers tell has few pairs: some rows that bear one out, and hardly any that do not, are enough.
        let told =
            |of: &&Candidate| of.above && of.agree >= TOLD && of.agree >= of.differ.saturating_mul(TOLD);
        let by_numerator = candidates.iter().filter(told).max_by_key(|of| fitness(of));
        let by_name = candidates.iter().filter(|candidate| candidate.named).max_by_key(|of| fitness(of));
        if let Some(best) = by_name {
            // A rate whose multiplier nobody says is one pair, however many multipliers are tried.
            let pair = |of: &Candidate| {
                of.share.numerator == best.share.numerator && of.share.denominator == best.share.denominator
            };
            let only = candidates.iter().filter(|candidate| candidate.named).all(pair);
            let borne_out = best.agree > 0 && best.agree >= best.differ;
            let disproved = best.differ >= TOLD && best.differ > best.agree;
            let outdone = by_numerator.is_some_and(|other| fitness(other) > fitness(best));
            if (borne_out || (only && !disproved)) && !outdone {
                return Some((best.share.clone(), Basis::Named));
            }
        }
        if let Some(best) = by_numerator {
            return Some((best.share.clone(), Basis::Named));
        }
        let enough =
            |of: &&Candidate| of.agree >= ENOUGH && of.agree * 100 >= (of.agree + of.differ) * NEARLY_ALL;
        let best = candidates.iter().filter(enough).max_by_key(|of| fitness(of))?;
        Some((best.share.clone(), Basis::Figures))
    }

    fn candidates(&self, worker: &Worker<'_>) -> Vec<Candidate> {
        let counts: Vec<(&Column, Vec<String>)> = worker
            .table
            .columns
            .iter()
            .enumerate()
            .filter(|(place, of)| {
                *place != self.place
                    && Rate::of(worker, *place, of).is_none()
                    && (of.period == self.column.period || of.period.is_none())
            })
            .map(|(_, of)| (of, stem(&of.measure)))
            .collect();
        let numerators: Vec<&(&Column, Vec<String>)> =
            counts.iter().filter(|(_, stem)| *stem == self.stem).collect();
        let by_name = !numerators.is_empty();
        let numerators = if by_name { numerators } else { counts.iter().collect() };
        let totals = totals(worker);
        let mut found = Vec::new();
        for (above, above_stem) in numerators {
            let mut add = |denominator: Term, named: bool| {
                for per in &self.per {
                    found.push(Candidate {
                        share: Share {
                            value: term(self.column),
                            numerator: term(above),
                            denominator: denominator.clone(),
                            per: *per,
                        },
                        named: named && by_name,
                        above: by_name,
                        agree: 0,
                        differ: 0,
                    });
                }
            };
            for (below, below_stem) in counts.iter().filter(|(below, _)| below.header != above.header) {
                let words = words(&below.measure);
                let likely = words.iter().any(|word| BELOW.contains(&word.as_str()));
                let prefix = !below_stem.is_empty() && above_stem.starts_with(below_stem);
                add(term(below), likely || prefix);
            }
            for filters in &totals {
                add(Term { column: above.header.clone(), filters: filters.clone() }, true);
            }
        }
        found
    }

    fn judge(&self, worker: &Worker<'_>, candidate: &mut Candidate) {
        let share = &candidate.share;
        let columns = worker
            .beside(&share.numerator.column, self.place)
            .zip(worker.beside(&share.denominator.column, self.place));
        let Some((numerator, denominator)) = columns else { return };
        let parts = Parts {
            numerator: (numerator, &share.numerator.filters),
            denominator: (denominator, &share.denominator.filters),
            per: share.per,
        };
        for row in sample(&worker.table.rows) {
            match worker.compare(0, row, self.place, worker.given(row, parts)).agreement {
                Agreement::Agrees | Agreement::AgreesWithinRounding => candidate.agree += 1,
                Agreement::Differs => candidate.differ += 1,
                Agreement::Cannot(_) => {}
            }
        }
    }
}

/// What fits more rows, then what misses fewer.
fn fitness(of: &Candidate) -> (u64, std::cmp::Reverse<u64>) {
    (of.agree.saturating_sub(of.differ), std::cmp::Reverse(of.differ))
}

/// Rows from all over the table.
fn sample(rows: &[Row]) -> impl Iterator<Item = &Row> {
    rows.iter().step_by((rows.len() / LOOKED_AT).max(1))
}

/// For each filter that has one, the value that takes all of its rows together; and all of them at once.
fn totals(worker: &Worker<'_>) -> Vec<BTreeMap<String, String>> {
    let mut found: Vec<BTreeMap<String, String>> = Vec::new();
    let mut all = BTreeMap::new();
    for (place, filter) in worker.table.filters.iter().enumerate() {
        let values: BTreeSet<&String> =
            worker.table.rows.iter().filter_map(|row| row.filters.get(place)).collect();
        let whole = values.into_iter().filter(|value| {
            let words = words(value);
            words.first().is_some_and(|word| word == "all" || word == "total")
                || words.iter().any(|w| w == "total")
        });
        for value in whole.take(3) {
            found.push(BTreeMap::from([(filter.clone(), value.clone())]));
            all.entry(filter.clone()).or_insert_with(|| value.clone());
        }
    }
    if all.len() > 1 {
        found.push(all);
    }
    found
}

fn term(column: &Column) -> Term {
    Term { column: column.header.clone(), filters: BTreeMap::new() }
}

/// The words of a header that say what is counted.
pub(super) fn stem(measure: &str) -> Vec<String> {
    words(measure).into_iter().filter(|word| !COUNTED.contains(&word.as_str())).collect()
}

/// The words of a header, in small letters.
pub(super) fn words(header: &str) -> Vec<String> {
    header
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Per how many, where the header says it: `per_10000`, `per 10,000`, `per_10k`.
pub(super) fn per_so_many(header: &str) -> Option<u64> {
    let lower = header.to_lowercase();
    let after = lower.split("per").last()?;
    let text: String = after.chars().filter(|c| !matches!(c, ',' | ' ' | '_')).collect();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().ok()?;
    let thousands = text.get(digits.len()..).is_some_and(|rest| rest.starts_with('k'));
    number.checked_mul(if thousands { 1000 } else { 1 }).filter(|per| *per > 0)
}
