//! Standardised rates.

use pyo3::prelude::*;
use staysafe::stats::{self, IndirectStratum, Stratum};

use super::interval::{confidence, multiplier};
use super::numbers::{Numbers, together};
use super::rows::Estimate;

/// What indirect standardisation gives. What cannot be worked out is None, and `outcome` says why.
#[pyclass(frozen, get_all, module = "staysafe.stats")]
#[derive(Debug, Default)]
pub(crate) struct Standardised {
    /// Events seen in the area.
    observed: Option<f64>,
    /// Events it would have at the reference's rates.
    expected: Option<f64>,
    /// The crude rate of the reference, times the multiplier.
    reference_rate: Option<f64>,
    /// Observed over expected, times the reference's rate.
    rate: Estimate,
    /// Observed over expected; 1 is as expected.
    ratio: Estimate,
    /// None, or what is missing and why.
    outcome: Option<String>,
}

#[pymethods]
impl Standardised {
    /// The rate.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.rate.value
    }

    /// The lower limit of the rate.
    #[getter]
    fn lower(&self) -> Option<f64> {
        self.rate.lower
    }

    /// The upper limit of the rate.
    #[getter]
    fn upper(&self) -> Option<f64> {
        self.rate.upper
    }

    fn __repr__(&self) -> String {
        format!("Standardised(rate={}, ratio={})", self.rate.__repr__(), self.ratio.__repr__())
    }
}

/// A directly standardised rate of one area, with Dobson's limits: one row for each age band.
///
/// Lists, arrays or columns give one `Estimate`. Fewer than 10 events give none, and `outcome` says so. A missing
/// count of events counts as 0, as in the published tools, and `outcome` says so as well. Where people may have
/// several events, `each` is the number of events per person and `events` counts the people who had so many.
///
/// Source: Dobson AJ, Kuulasmaa K, Eberle E, Scherer J, Statistics in Medicine 10 (1991).
///
/// >>> import staysafe as ss
/// >>> rate = ss.stats.dsr([30, 10], [5000, 1000], [1000, 1000], multiplier=1000)
/// >>> rate.value, round(rate.lower, 2), round(rate.upper, 2)
/// (8.0, 4.98, 11.83)
/// >>> ss.stats.dsr([5, 4], [5000, 1000], [1000, 1000]).outcome
/// 'there are 9 events where a directly standardised rate needs at least 10'
#[pyfunction]
#[pyo3(signature = (events, population, standard, multiplier=100_000.0, confidence=0.95, each=None), text_signature = "(events, population, standard, multiplier=100000, confidence=0.95, each=None)")]
pub(crate) fn dsr(
    events: &Bound<'_, PyAny>,
    population: &Bound<'_, PyAny>,
    standard: &Bound<'_, PyAny>,
    multiplier: f64,
    confidence: f64,
    each: Option<&Bound<'_, PyAny>>,
) -> PyResult<Estimate> {
    let level = self::confidence(confidence)?;
    let multiplier = self::multiplier(multiplier)?;
    let (events, missing) = Numbers::series("events", events)?.zero_for_missing();
    let population = Numbers::read("population", population)?;
    let standard = Numbers::read("standard", standard)?;
    let each = each.map(|each| Numbers::read("each", each)).transpose()?;
    let all: Vec<&Numbers> = [&events, &population, &standard].into_iter().chain(&each).collect();
    let (rows, _) = together(&all)?;
    let mut groups: Vec<(f64, Vec<Stratum>)> = Vec::new();
    for row in 0..rows {
        let stratum =
            Stratum { events: events.at(row), population: population.at(row), standard: standard.at(row) };
        let each = each.as_ref().map_or(1.0, |each| each.at(row));
        match groups.iter_mut().find(|(other, _)| other.total_cmp(&each).is_eq()) {
            Some((_, strata)) => strata.push(stratum),
            None => groups.push((each, vec![stratum])),
        }
    }
    let groups: Vec<(f64, &[Stratum])> =
        groups.iter().map(|(each, strata)| (*each, strata.as_slice())).collect();
    let estimate = Estimate::of(stats::dsr_of_repeated_events(&groups, multiplier, level));
    Ok(Estimate { outcome: estimate.outcome.or_else(|| counted_as_zero(missing)), ..estimate })
}

/// An indirectly standardised rate of one area: events seen against those expected at the reference's rates.
///
/// Lists, arrays or columns, one row for each age band, give one `Standardised`, with the `rate` and the
/// `ratio` of observed over expected (1 is as expected), each with its limits; its own `value`, `lower` and `upper`
/// are the rate's. A missing count of events counts as 0, as in the published tools, and `outcome` says so.
///
/// Source: Breslow NE, Day NE, Statistical methods in cancer research, volume II (1987), chapter 2.
///
/// >>> import staysafe as ss
/// >>> result = ss.stats.isr([30], [1000], [200], [10_000], multiplier=1000)
/// >>> result.expected, result.ratio.value, result.value
/// (20.0, 1.5, 30.0)
/// >>> ss.stats.isr([30], [1000], [0], [10_000]).outcome
/// 'no events are expected, so nothing can be compared with them'
#[pyfunction]
#[pyo3(signature = (events, population, ref_events, ref_population, multiplier=100_000.0, confidence=0.95), text_signature = "(events, population, ref_events, ref_population, multiplier=100000, confidence=0.95)")]
pub(crate) fn isr(
    events: &Bound<'_, PyAny>,
    population: &Bound<'_, PyAny>,
    ref_events: &Bound<'_, PyAny>,
    ref_population: &Bound<'_, PyAny>,
    multiplier: f64,
    confidence: f64,
) -> PyResult<Standardised> {
    let level = self::confidence(confidence)?;
    let multiplier = self::multiplier(multiplier)?;
    let (events, missing) = Numbers::series("events", events)?.zero_for_missing();
    let population = Numbers::series("population", population)?;
    let (ref_events, ref_missing) = Numbers::series("ref_events", ref_events)?.zero_for_missing();
    let ref_population = Numbers::series("ref_population", ref_population)?;
    let (rows, _) = together(&[&events, &population, &ref_events, &ref_population])?;
    let strata: Vec<_> = (0..rows)
        .map(|row| IndirectStratum {
            events: events.at(row),
            population: population.at(row),
            reference_events: ref_events.at(row),
            reference_population: ref_population.at(row),
        })
        .collect();
    Ok(match stats::isr(&strata, multiplier, level) {
        Ok(given) => Standardised {
            observed: Some(given.observed),
            expected: Some(given.expected),
            reference_rate: Some(given.reference_rate),
            rate: Estimate::of(Ok(given.rate)),
            ratio: Estimate::of(Ok(given.ratio)),
            outcome: counted_as_zero(missing + ref_missing),
        },
        Err(why) => Standardised {
            rate: Estimate::without(&why),
            ratio: Estimate::without(&why),
            outcome: Some(why.to_string()),
            ..Standardised::default()
        },
    })
}

fn counted_as_zero(missing: usize) -> Option<String> {
    match missing {
        0 => None,
        1 => Some("a missing count of events counts as 0".to_owned()),
        more => Some(format!("{more} missing counts of events count as 0")),
    }
}
