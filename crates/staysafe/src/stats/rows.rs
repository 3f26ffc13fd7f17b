//! Many rows at once: slices in, slices out, nothing allocated for a row.
//!
//! Each function gives for each row, to the last bit, what the function of one row gives. Rows that have no limits
//! are listed apart, so that one bad row never costs the others theirs.

use multiversion::multiversion;

use super::error::above_zero;
use super::poisson::{EXACT_BELOW, byar_at, per_head};
use super::wilson::score;
use super::{Confidence, Interval, StatsError, byar, clopper_pearson, exact_poisson, rate_interval, wilson};

/// Rows are looked at in blocks that stay in the cache.
const BLOCK: usize = 1024;

/// Exact limits of whole counts up to this are worked out once and then looked up.
const LOOKED_UP: f64 = 10_000.0;

/// Where the limits of many rows at one level go: as many places on each side as there are rows.
#[derive(Debug)]
pub struct LimitRows<'a> {
    /// The lower limits.
    pub lower: &'a mut [f64],
    /// The upper limits.
    pub upper: &'a mut [f64],
}

/// A row without limits, at one level at least: its places mean nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refused {
    /// Which row, counted from 0.
    pub row: usize,
    /// Why it has none.
    pub why: StatsError,
}

/// How the limits of a count of events are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountMethod {
    /// Exact below 10 events, Byar's from 10 on.
    ExactBelow10,
    /// Exact throughout.
    Exact,
    /// Byar's throughout.
    Byar,
}

/// [`wilson`] of many rows, at each of several levels of confidence.
///
/// # Errors
/// The slices differ in length, or there are not as many places as levels. A bad row is in the list that is given.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, LimitRows, wilson_rows};
/// let (mut lower, mut upper) = ([0.0; 2], [0.0; 2]);
/// let limits = LimitRows { lower: &mut lower, upper: &mut upper };
/// let refused = wilson_rows(&[3.0, 1.0], &[11.0, 0.0], &[Confidence::P95], &mut [limits])?;
/// assert_eq!(format!("{:.3} to {:.3}", lower[0], upper[0]), "0.097 to 0.566");
/// assert_eq!((refused.len(), refused[0].row), (1, 1));
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn wilson_rows(
    x: &[f64],
    n: &[f64],
    levels: &[Confidence],
    limits: &mut [LimitRows<'_>],
) -> Result<Vec<Refused>, StatsError> {
    rows(
        x,
        n,
        levels,
        limits,
        |level, x, n, limits| {
            let sound = !level.is_certain() && wilson_block(x, n, level.z(), limits);
            if sound { Ok(()) } else { Err(Slow) }
        },
        wilson,
    )
}

/// [`rate_interval`] of many rows, at each of several levels of confidence, or by another method for counts.
///
/// # Errors
/// As [`wilson_rows`]; also a multiplier that is not above 0.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, CountMethod, LimitRows, rate_rows};
/// let (mut lower, mut upper) = ([0.0; 2], [0.0; 2]);
/// let limits = LimitRows { lower: &mut lower, upper: &mut upper };
/// let method = CountMethod::ExactBelow10;
/// rate_rows(&[0.0, 25.0], &[1000.0; 2], 10_000.0, method, &[Confidence::P95], &mut [limits])?;
/// assert_eq!((lower[0], format!("{:.1}", upper[0])), (0.0, "36.9".to_owned()));
/// # Ok::<(), staysafe::stats::StatsError>(())
/// ```
pub fn rate_rows(
    x: &[f64],
    n: &[f64],
    multiplier: f64,
    method: CountMethod,
    levels: &[Confidence],
    limits: &mut [LimitRows<'_>],
) -> Result<Vec<Refused>, StatsError> {
    RateRows::new(multiplier, method, levels)?.fill(x, n, limits)
}

/// [`rate_rows`] for rows that come in parts: exact limits that were worked out for one part are known for the next.
#[derive(Debug)]
pub struct RateRows {
    multiplier: f64,
    method: CountMethod,
    /// One for each level.
    tables: Vec<Table>,
}

impl RateRows {
    /// Limits at each of several levels of confidence.
    ///
    /// # Errors
    /// The multiplier is not above 0.
    pub fn new(multiplier: f64, method: CountMethod, levels: &[Confidence]) -> Result<Self, StatsError> {
        let multiplier = above_zero("the multiplier", multiplier)?;
        let tables = levels.iter().map(|level| Table { level: *level, known: Vec::new() }).collect();
        Ok(Self { multiplier, method, tables })
    }

    /// Fills the limits of the next rows; those refused are counted from the first of these rows.
    ///
    /// # Errors
    /// As [`rate_rows`].
    ///
    /// # Example
    /// ```
    /// use staysafe::stats::{Confidence, CountMethod, LimitRows, RateRows};
    /// let mut rates = RateRows::new(100.0, CountMethod::Exact, &[Confidence::P95])?;
    /// for part in [[1.0, 7.0], [7.0, 1.0]] {
    ///     let (mut lower, mut upper) = ([0.0; 2], [0.0; 2]);
    ///     let limits = LimitRows { lower: &mut lower, upper: &mut upper };
    ///     assert!(rates.fill(&part, &[200.0; 2], &mut [limits])?.is_empty());
    /// }
    /// # Ok::<(), staysafe::stats::StatsError>(())
    /// ```
    pub fn fill(
        &mut self,
        x: &[f64],
        n: &[f64],
        limits: &mut [LimitRows<'_>],
    ) -> Result<Vec<Refused>, StatsError> {
        let levels: Vec<Confidence> = self.tables.iter().map(|table| table.level).collect();
        rate_parts(x, n, (self.multiplier, self.method), &levels, &mut self.tables, limits)
    }
}

fn rate_parts(
    x: &[f64],
    n: &[f64],
    (times, method): (f64, CountMethod),
    levels: &[Confidence],
    tables: &mut [Table],
    limits: &mut [LimitRows<'_>],
) -> Result<Vec<Refused>, StatsError> {
    let rate =
        |count: Interval, n: f64| Interval { lower: count.lower / n * times, upper: count.upper / n * times };
    let one = |x: f64, n: f64, level: Confidence| match method {
        CountMethod::ExactBelow10 => rate_interval(x, n, times, level),
        CountMethod::Exact => {
            per_head(exact_poisson(x, level)?, above_zero("the denominator", n)?, times, level)
        }
        CountMethod::Byar => per_head(byar(x, level)?, above_zero("the denominator", n)?, times, level),
    };
    // Below so many events the exact limits are looked up; the table is filled as counts turn up.
    let exact_below = match method {
        CountMethod::ExactBelow10 => EXACT_BELOW,
        CountMethod::Exact => f64::INFINITY,
        CountMethod::Byar => 0.0,
    };
    rows(
        x,
        n,
        levels,
        limits,
        |level, x, n, limits| {
            let z = level.z();
            let table = tables.iter_mut().find(|table| table.level == level).filter(|_| !level.is_certain());
            let table = table.ok_or(Slow)?;
            if exact_below.is_finite() && !byar_block(x, n, z, times, limits) {
                return Err(Slow);
            }
            if exact_below <= 0.0 {
                return Ok(());
            }
            let places = limits.lower.iter_mut().zip(&mut *limits.upper);
            for ((x, n), (lower, upper)) in x.iter().zip(n).zip(places) {
                // Where all are exact, nobody has looked at the row yet: NaN compares with nothing.
                if *x < exact_below || exact_below.is_infinite() {
                    let found =
                        Some(*n).filter(|n| is_rate(*x, *n)).and_then(|_| table.of(*x)).ok_or(Slow)?;
                    let found = Some(rate(found, *n)).filter(|found| found.upper.is_finite()).ok_or(Slow)?;
                    (*lower, *upper) = (found.lower, found.upper);
                }
            }
            Ok(())
        },
        one,
    )
}

/// [`clopper_pearson`] of many rows, at each of several levels of confidence.
///
/// # Errors
/// As [`wilson_rows`].
pub fn clopper_pearson_rows(
    x: &[f64],
    n: &[f64],
    levels: &[Confidence],
    limits: &mut [LimitRows<'_>],
) -> Result<Vec<Refused>, StatsError> {
    rows(x, n, levels, limits, |_, _, _, _| Err(Slow), clopper_pearson)
}

/// A block has to be worked out row by row: some row of it is bad, or out of the ordinary.
struct Slow;

/// Fills each block the fast way and, where that is not to be had, row by row.
fn rows(
    x: &[f64],
    n: &[f64],
    levels: &[Confidence],
    limits: &mut [LimitRows<'_>],
    mut fast: impl FnMut(Confidence, &[f64], &[f64], &mut LimitRows<'_>) -> Result<(), Slow>,
    one: impl Fn(f64, f64, Confidence) -> Result<Interval, StatsError>,
) -> Result<Vec<Refused>, StatsError> {
    let fits = |limits: &LimitRows<'_>| limits.lower.len() == x.len() && limits.upper.len() == x.len();
    if n.len() != x.len() || limits.len() != levels.len() || !limits.iter().all(fits) {
        return Err(StatsError::Lengths);
    }
    let mut refused: Vec<Refused> = Vec::new();
    for (level, limits) in levels.iter().zip(limits) {
        let blocks = x.chunks(BLOCK).zip(n.chunks(BLOCK));
        let places = limits.lower.chunks_mut(BLOCK).zip(limits.upper.chunks_mut(BLOCK));
        for (block, ((x, n), (lower, upper))) in blocks.zip(places).enumerate() {
            let mut limits = LimitRows { lower, upper };
            if fast(*level, x, n, &mut limits).is_ok() {
                continue;
            }
            let places = limits.lower.iter_mut().zip(&mut *limits.upper);
            for (row, ((x, n), (lower, upper))) in x.iter().zip(n).zip(places).enumerate() {
                let found = one(*x, *n, *level);
                if let Err(why) = found {
                    refused.push(Refused { row: block * BLOCK + row, why });
                }
                let found = found.unwrap_or(Interval { lower: 0.0, upper: 0.0 });
                (*lower, *upper) = (found.lower, found.upper);
            }
        }
    }
    if levels.len() > 1 {
        refused.sort_by_key(|refused| refused.row);
        refused.dedup_by_key(|refused| refused.row);
    }
    Ok(refused)
}

/// Wilson's limits of a block, without a branch on any row; says whether every row was sound. Processors that take
/// several rows at a time do so: the numbers are the same to the last bit.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx+avx2"))]
fn wilson_block(x: &[f64], n: &[f64], z: f64, limits: &mut LimitRows<'_>) -> bool {
    filled(x, n, limits, |x, n| (is_share(x, n), score(x, n, z)))
}

/// As [`wilson_block`], Byar's limits of rates.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx+avx2"))]
fn byar_block(x: &[f64], n: &[f64], z: f64, times: f64, limits: &mut LimitRows<'_>) -> bool {
    filled(x, n, limits, |x, n| {
        let count = byar_at(x, z);
        let found = Interval { lower: count.lower / n * times, upper: count.upper / n * times };
        (is_rate(x, n) & found.upper.is_finite(), found)
    })
}

/// Fills a block; inlined wherever it is used, so that it is built for the processor there.
#[allow(clippy::inline_always, reason = "what is not inlined is built for the plainest processor")]
#[inline(always)]
fn filled(
    x: &[f64],
    n: &[f64],
    limits: &mut LimitRows<'_>,
    of: impl Fn(f64, f64) -> (bool, Interval),
) -> bool {
    let mut sound = true;
    for ((x, n), (lower, upper)) in x.iter().zip(n).zip(limits.lower.iter_mut().zip(&mut *limits.upper)) {
        let (good, found) = of(*x, *n);
        sound &= good;
        *lower = found.lower;
        *upper = found.upper;
    }
    sound
}

#[inline]
#[allow(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "no branch, so that rows go side by side"
)]
fn is_share(x: f64, n: f64) -> bool {
    (x >= 0.0) & (n > 0.0) & (x <= n) & (n < f64::INFINITY)
}

#[inline]
#[allow(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "no branch, so that rows go side by side"
)]
fn is_rate(x: f64, n: f64) -> bool {
    (x >= 0.0) & (x < f64::INFINITY) & (n > 0.0) & (n < f64::INFINITY)
}

/// The exact limits of whole counts at one level, once worked out.
#[derive(Debug)]
struct Table {
    level: Confidence,
    known: Vec<Option<Interval>>,
}

impl Table {
    fn of(&mut self, x: f64) -> Option<Interval> {
        if x.fract() > 0.0 || !(0.0..=LOOKED_UP).contains(&x) {
            return exact_poisson(x, self.level).ok();
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, from 0 to the largest"
        )]
        let at = x as usize;
        if self.known.len() <= at {
            self.known.resize(at + 1, None);
        }
        let place = self.known.get_mut(at)?;
        if place.is_none() {
            *place = exact_poisson(x, self.level).ok();
        }
        *place
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    type One = fn(f64, f64, Confidence) -> Result<Interval, StatsError>;
    type Many = fn(&[f64], &[f64], &[Confidence], &mut [LimitRows<'_>]) -> Result<Vec<Refused>, StatsError>;

    fn exact(x: f64, n: f64, level: Confidence) -> Result<Interval, StatsError> {
        per_head(exact_poisson(x, level)?, above_zero("the denominator", n)?, 100.0, level)
    }

    const METHODS: [(&str, One, Many); 4] = [
        ("Wilson", wilson, wilson_rows),
        ("Clopper-Pearson", clopper_pearson, clopper_pearson_rows),
        (
            "rate",
            |x, n, level| rate_interval(x, n, 100.0, level),
            |x, n, levels, limits| rate_rows(x, n, 100.0, CountMethod::ExactBelow10, levels, limits),
        ),
        ("exact rate", exact, |x, n, levels, limits| {
            rate_rows(x, n, 100.0, CountMethod::Exact, levels, limits)
        }),
    ];

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            20 => (0u32..3000).prop_map(f64::from),
            20 => (0u32..15).prop_map(f64::from),
            2 => 0.0f64..20.0,
            1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, -1.0, -0.0, 1e6, 1e308, 1e-308]),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn each_row_is_what_it_is_alone(pairs in prop::collection::vec((number(), number()), 0..1500), sure in 0.9f64..=1.0) {
            let (x, n): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let levels = [Confidence::P95, Confidence::new(sure).unwrap()];
            for (name, one, many) in METHODS {
                let mut all = vec![vec![7.0; x.len()]; 4];
                let [first_lower, first_upper, second_lower, second_upper] = &mut all[..] else { panic!() };
                let mut limits = [
                    LimitRows { lower: first_lower, upper: first_upper },
                    LimitRows { lower: second_lower, upper: second_upper },
                ];
                let refused = many(&x, &n, &levels, &mut limits).unwrap();
                let mut refused = refused.iter();
                for row in 0..x.len() {
                    let alone: Result<Vec<_>, _> = levels.iter().map(|level| one(x[row], n[row], *level)).collect();
                    let Ok(alone) = alone else {
                        prop_assert_eq!(refused.next().map(|r| r.row), Some(row), "{}", name);
                        continue;
                    };
                    for (number, alone) in alone.iter().enumerate() {
                        let here = (all[2 * number][row].to_bits(), all[2 * number + 1][row].to_bits());
                        prop_assert_eq!(here, (alone.lower.to_bits(), alone.upper.to_bits()), "{} of {} and {}", name, x[row], n[row]);
                    }
                }
                prop_assert_eq!(refused.next(), None);
            }
        }
    }

    #[test]
    fn lengths_must_fit() {
        let (mut lower, mut upper) = ([0.0; 2], [0.0; 1]);
        let limits = LimitRows { lower: &mut lower, upper: &mut upper };
        assert_eq!(
            wilson_rows(&[1.0; 2], &[2.0; 2], &[Confidence::P95], &mut [limits]),
            Err(StatsError::Lengths)
        );
        assert_eq!(wilson_rows(&[1.0], &[2.0; 2], &[], &mut []), Err(StatsError::Lengths));
        assert_eq!(wilson_rows(&[], &[], &[], &mut []), Ok(Vec::new()));
    }
}
