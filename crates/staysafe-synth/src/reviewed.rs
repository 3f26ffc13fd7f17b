//! Whether a child's plan was reviewed in time: counted from the days that were decided, and from what the files show.

use crate::days::Day;
use crate::ledger::{Ledger, Told};
use crate::life::{Life, Plan};

const REVIEWED: &str = "cs-09";

pub(crate) fn declare(ledger: &mut Ledger) {
    ledger.share(REVIEWED, Told::Stock);
    ledger.yearly_or_now(REVIEWED);
}

/// Children with a plan that has run for three months; the files show nothing that was held before their first day.
pub(crate) fn count(ledger: &mut Ledger, life: &Life, first: Day) {
    let plans = || life.episodes.iter().flat_map(|episode| &episode.plans);
    ledger.judge((REVIEWED, ""), |period| {
        let on = period.last;
        let mut open = plans().filter(|plan| plan.is_open(on) && plan.start.plus_months(3) <= on).peekable();
        open.peek()?;
        let all: Option<Vec<bool>> = open.map(|plan| is_reviewed_in_time(plan, first, on)).collect();
        all.map(|all| (u64::from(all.contains(&true)), 1))
    });
}

/// `None` where it hangs on a review that the files do not show.
fn is_reviewed_in_time(plan: &Plan, first: Day, on: Day) -> Option<bool> {
    let three_months = plan.start.plus_months(3);
    let before = first.plus(-1);
    // A review fell due between two days, which are one unless something may have been held before the files begin.
    let (mut earliest, mut latest) = (three_months, three_months);
    if plan.start < before {
        latest = before.plus_months(6).max(three_months);
    }
    let mut in_time = true;
    let seen = plan.reviews.iter().filter(|day| **day > plan.start && **day >= first && **day <= on);
    for held in seen {
        match (*held <= earliest, *held > latest) {
            (true, _) => {}
            (_, true) => in_time = false,
            _ => return None,
        }
        (earliest, latest) = (held.plus_months(6), held.plus_months(6));
    }
    match (on <= earliest, on > latest) {
        (true, _) => Some(in_time),
        (_, true) => Some(false),
        _ => None,
    }
}
