//! What a table of several returns speaks for: the days of all of them, and no day between.

use chrono::NaiveDate;

use super::order::Carrier;
use crate::record::{Cover, Days};

/// Days inside the first and last of a table's cover that no return speaks for, side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// For events.
    pub(crate) events: Vec<Days>,
    /// For starts.
    pub(crate) starts: Vec<Days>,
    /// For ends.
    pub(crate) ends: Vec<Days>,
    /// For stocks.
    pub(crate) stocks: Vec<Days>,
}

/// The cover of a table, and the gaps in it.
pub(super) fn of(carriers: &[Carrier<'_>]) -> (Cover, Gaps) {
    let side = |pick: fn(&Cover) -> Option<Days>| {
        let days: Option<Vec<Days>> = carriers.iter().map(|carrier| pick(&carrier.table.cover)).collect();
        // A return without a limit speaks for every day.
        let Some(days) = days else { return (None, Vec::new()) };
        let first = days.first().copied();
        let spans = union(days);
        let hull = spans.first().zip(spans.last()).map(|(a, b)| Days { first: a.first, last: b.last });
        (hull.or(first), between(&spans))
    };
    let (events, gaps_of_events) = side(|cover| cover.events);
    let (starts, gaps_of_starts) = side(|cover| cover.starts);
    let (ends, gaps_of_ends) = side(|cover| cover.ends);
    let (stocks, gaps_of_stocks) = side(|cover| cover.stocks);
    let gaps =
        Gaps { events: gaps_of_events, starts: gaps_of_starts, ends: gaps_of_ends, stocks: gaps_of_stocks };
    (Cover { events, starts, ends, stocks }, gaps)
}

/// Every day there is, for a return without a limit.
const EVER: Days = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };

/// The days of provisional returns that no later return of the same agency speaks for and says are done with.
pub(super) fn provisional(carriers: &[Carrier<'_>]) -> Vec<Days> {
    let days = |carrier: &Carrier<'_>| carrier.table.cover.stocks.unwrap_or(EVER);
    let mut left = Vec::new();
    for (place, carrier) in carriers.iter().enumerate() {
        if carrier.of.submission.is_provisional() {
            let later = carriers.iter().skip(place + 1);
            let done =
                later.filter(|of| of.is_of_the_same_agency(carrier) && !of.of.submission.is_provisional());
            left.extend(without(days(carrier), &done.map(days).collect::<Vec<_>>()));
        }
    }
    union(left)
}

/// Stretches of days as few stretches that neither touch nor overlap, in order. A stretch that ends before it
/// begins holds no day.
pub(crate) fn union(mut days: Vec<Days>) -> Vec<Days> {
    days.retain(|days| days.first <= days.last);
    days.sort_by_key(|days| days.first);
    let mut spans: Vec<Days> = Vec::new();
    for next in days {
        match spans.last_mut() {
            Some(held) if touches(held.last, next.first) => held.last = held.last.max(next.last),
            _ => spans.push(next),
        }
    }
    spans
}

fn touches(last: NaiveDate, first: NaiveDate) -> bool {
    last.succ_opt().is_none_or(|after| first <= after)
}

/// The days between stretches.
fn between(spans: &[Days]) -> Vec<Days> {
    let gap = |pair: &[Days]| match pair {
        [a, b] => Some(Days { first: a.last.succ_opt()?, last: b.first.pred_opt()? }),
        _ => None,
    };
    spans.windows(2).filter_map(gap).collect()
}

/// What is left of some days without others.
pub(crate) fn without(days: Days, others: &[Days]) -> Vec<Days> {
    let mut left = vec![days];
    for other in others {
        left = left
            .into_iter()
            .flat_map(|days| {
                let before =
                    other.first.pred_opt().map(|last| Days { first: days.first, last: days.last.min(last) });
                let after =
                    other.last.succ_opt().map(|first| Days { first: days.first.max(first), last: days.last });
                let apart = days.last < other.first || other.last < days.first;
                let kept = if apart { vec![Some(days)] } else { vec![before, after] };
                kept.into_iter().flatten().filter(|days| days.first <= days.last)
            })
            .collect();
    }
    left
}

impl Gaps {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
