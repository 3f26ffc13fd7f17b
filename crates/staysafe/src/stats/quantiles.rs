//! Quantile bands: which fifth (or tenth) of the areas each area falls in.

use super::{StatsError, length};

/// The band of each value, 1 to `bands`. With `invert` (the usual way) band 1 holds the highest values,
/// else the lowest. A missing value has no band, and a value that is not a number counts as missing.
///
/// The band is `⌊(k + 1) − ⌈(N + 1 − r) / (N / k)⌉⌋`, at least 1, where r is the rank from 1 (equal values
/// share the lowest) and N counts the values present. Equal values stay together, so a band may be
/// empty.
///
/// Source: the national indicator library's technical guidance on quantiles, as its published tool
/// computes them.
///
/// # Errors
/// Fewer values than bands, or no band at all.
///
/// # Example
/// ```
/// use staysafe::stats::{StatsError, quantiles};
/// let values = [1.0, 2.0, 3.0, 4.0].map(Some);
/// assert_eq!(quantiles(&values, 2, true).unwrap(), [2, 2, 1, 1].map(Some));
/// assert_eq!(quantiles(&values, 5, true), Err(StatsError::TooFew { have: 4, need: 5 }));
/// ```
pub fn quantiles(values: &[Option<f64>], bands: u32, invert: bool) -> Result<Vec<Option<u32>>, StatsError> {
    let key = |value: f64| if invert { -value } else { value };
    let mut sorted: Vec<f64> = values.iter().flatten().copied().filter(|v| !v.is_nan()).map(key).collect();
    sorted.sort_by(f64::total_cmp);
    let need = usize::try_from(bands).map_err(|_| StatsError::TooLarge)?;
    let have = sorted.len();
    if bands == 0 {
        return Err(StatsError::NotPositive("the number of bands"));
    }
    if have < need {
        return Err(StatsError::TooFew { have, need });
    }
    let per_band = length(have) / f64::from(bands);
    let band = |value: f64| {
        let below = sorted.partition_point(|other| *other < key(value));
        let from_top = length(have - below) / per_band;
        // Between 0 and `bands`: ceil of a number from just above 0 to `bands`.
        let counted = (f64::from(bands) + 1.0 - from_top.ceil()).floor().max(1.0);
        whole(counted)
    };
    Ok(values.iter().map(|value| value.filter(|v| !v.is_nan()).map(band)).collect())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the number of bands")]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn higher_values_are_never_in_a_lower_band(values in prop::collection::vec(-50i32..50, 5..40), invert: bool) {
            let values: Vec<_> = values.into_iter().map(|v| Some(f64::from(v))).collect();
            let bands = quantiles(&values, 5, invert).unwrap();
            for (a, left) in values.iter().zip(&bands) {
                for (b, right) in values.iter().zip(&bands) {
                    prop_assert!(a.partial_cmp(b).unwrap().is_ge() || invert || left <= right);
                    prop_assert!(a.partial_cmp(b).unwrap().is_ge() || !invert || left >= right);
                    prop_assert!(a != b || left == right, "equal values stay together");
                }
            }
            prop_assert!(bands.iter().all(|band| (1..=5).contains(&band.unwrap())));
        }
    }
}
