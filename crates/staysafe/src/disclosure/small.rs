//! Small counts.

use std::ops::RangeInclusive;

use crate::result::{Observation, Outcome, Statistic};
use crate::value::Exact;

/// Counts that are hidden in a publication. 0 is not small: it is shown.
pub const SMALL: RangeInclusive<i128> = 1..=5;

/// Where [`SMALL`] comes from.
pub const SMALL_SOURCE: &str = "Department for Education, Characteristics of children in need, data guidance: \
     values from 1 to 5 inclusive are suppressed";

/// Whether a count is small. What is more than 0 and not more than 5 is, a fraction too.
///
/// # Example
/// ```
/// use staysafe::disclosure::is_small;
/// use staysafe::value::Exact;
/// assert!(is_small(&Exact::from(5_i64)));
/// assert!(!is_small(&Exact::from(0_i64)));
/// assert!(!is_small(&Exact::from(6_i64)));
/// ```
pub fn is_small(count: &Exact) -> bool {
    *count > Exact::ZERO && *count <= Exact::from(5_i64)
}

/// Whether a row's cell holds a small count: above the line, below it, or what is left between the two.
pub(super) fn has_small_count(seen: &Observation) -> bool {
    let Outcome::Figure { value, numerator, denominator } = &seen.cell.outcome else { return false };
    let is_count = seen.statistic == Statistic::Count;
    let left = numerator
        .zip(*denominator)
        .and_then(|(above, below)| below.plus(&above.times(&Exact::from(-1_i64))?));
    let counts = [is_count.then_some(*value), *numerator, *denominator, left];
    counts.iter().flatten().any(is_small)
}
