//! Rates of long tables, where a filter says what each row is: "Number with plans", "Percentage with plans".
//!
//! Their counts stand in other rows of the same place, period and other filters.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::Agreement;
use super::layout::{Share, Term};
use super::naming::{
    ENOUGH, LOOKED_AT, NEARLY_ALL, PER, PERCENT, RATE, per_so_many, prints_a_rate, stem, words,
};
use super::recompute::{Basis, Parts, Worker};

/// A filter with more values than these does not say what is counted; pairs of them would be too many to try.
const MOST_VALUES: usize = 40;

/// A pair of values that may stand above and below the line, and how rows judge it.
struct Pair {
    share: Share,
    named: bool,
    agree: u64,
    differ: u64,
}

/// The pairs of all rates that filters name and of which no layout speaks, and the rates without one.
pub(super) fn in_rows(worker: &Worker<'_>) -> (Vec<(Share, Basis)>, Vec<Term>) {
    let (mut found, mut without) = (Vec::new(), Vec::new());
    let declared = |term: &Term| worker.table.layout.share.iter().any(|share| share.value == *term);
    for (place, filter) in worker.table.filters.iter().enumerate() {
        let values: BTreeSet<&str> =
            worker.table.rows.iter().filter_map(|row| row.filters.get(place)).map(String::as_str).collect();
        let (rates, counts): (Vec<&str>, Vec<&str>) =
            values.into_iter().partition(|value| prints_a_rate(value));
        if rates.is_empty() || counts.is_empty() || rates.len() + counts.len() > MOST_VALUES {
            continue;
        }
        for column in worker.table.columns.iter().filter(|column| !prints_a_rate(&column.measure)) {
            let term = |value: &str| Term {
                column: column.header.clone(),
                filters: BTreeMap::from([(filter.clone(), value.to_owned())]),
            };
            for rate in rates.iter().filter(|rate| !declared(&term(rate))) {
                match best(worker, rate, &counts, term) {
                    Some(best) => found.push(best),
                    None => without.push(term(rate)),
                }
            }
        }
    }
    (found, without)
}

/// The pair that fits best: one that its words tell, or one that nearly all of many rows bear out.
fn best(
    worker: &Worker<'_>,
    rate: &str,
    counts: &[&str],
    term: impl Fn(&str) -> Term,
) -> Option<(Share, Basis)> {
    let mut pairs = pairs(rate, counts, term);
    for pair in &mut pairs {
        judge(worker, pair);
    }
    let fits = |pair: &&Pair| pair.agree > 0 && pair.agree >= pair.differ;
    let fitness = |pair: &&Pair| (pair.agree.saturating_sub(pair.differ), std::cmp::Reverse(pair.differ));
    if let Some(best) = pairs.iter().filter(|pair| pair.named).filter(fits).max_by_key(fitness) {
        return Some((best.share.clone(), Basis::Named));
    }
    let enough =
        |pair: &&Pair| pair.agree >= ENOUGH && pair.agree * 100 >= (pair.agree + pair.differ) * NEARLY_ALL;
    let best = pairs.iter().filter(enough).max_by_key(fitness)?;
    Some((best.share.clone(), Basis::Figures))
}

fn pairs(rate: &str, counts: &[&str], term: impl Fn(&str) -> Term) -> Vec<Pair> {
    let own: Vec<String> = stem(rate)
        .into_iter()
        .filter(|word| !PERCENT.contains(&word.as_str()) && !RATE.contains(&word.as_str()) && word != "per")
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let is_rate = words(rate).iter().any(|word| RATE.contains(&word.as_str()));
    let per =
        if is_rate { per_so_many(rate).map_or_else(|| PER.to_vec(), |per| vec![per]) } else { vec![100, 1] };
    let mut pairs = Vec::new();
    for above in counts {
        let named_above = stem(above);
        // All that the rate says is said of the count above the line; what stands below is of the same people or more.
        let named = !own.is_empty() && own.iter().all(|word| named_above.contains(word));
        for below in counts.iter().filter(|below| *below != above) {
            pairs.extend(per.iter().map(|per| Pair {
                share: Share {
                    value: term(rate),
                    numerator: term(above),
                    denominator: term(below),
                    per: *per,
                },
                named,
                agree: 0,
                differ: 0,
            }));
        }
    }
    pairs
}

fn judge(worker: &Worker<'_>, pair: &mut Pair) {
    let share = &pair.share;
    for value in worker.columns(&share.value.column) {
        let Some(column) = worker.beside(&share.numerator.column, value) else { continue };
        let parts = Parts {
            numerator: (column, &share.numerator.filters),
            denominator: (column, &share.denominator.filters),
            per: share.per,
        };
        let rows = worker.table.rows.iter().filter(|row| worker.holds(row, &share.value));
        for row in rows.take(LOOKED_AT) {
            match worker.compare(0, row, value, worker.given(row, parts)).agreement {
                Agreement::Agrees | Agreement::AgreesWithinRounding => pair.agree += 1,
                Agreement::Differs => pair.differ += 1,
                Agreement::Cannot(_) => {}
            }
        }
    }
}
