//! Standardised rates.

use pyo3::prelude::*;
use staysafe::stats::{self, IndirectStratum, Stratum};

use super::interval::multiplier;
use super::levels::Levels;
use super::numbers::{Numbers, together};
use super::rows::Estimate;
use crate::error::refused;

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
        self.rate.lower()
    }

    /// The upper limit of the rate.
    #[getter]
    fn upper(&self) -> Option<f64> {
        self.rate.upper()
    }

    fn __getattr__(&self, name: &str) -> PyResult<Option<f64>> {
        self.rate.__getattr__(name)
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
#[pyo3(signature = (events, population, standard, multiplier=100_000.0, confidence=Levels::default(), each=None), text_signature = "(events, population, standard, multiplier=100000, confidence=0.95, each=None)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn dsr(
    events: &Bound<'_, PyAny>,
    population: &Bound<'_, PyAny>,
    standard: &Bound<'_, PyAny>,
    multiplier: f64,
    confidence: Levels,
    each: Option<&Bound<'_, PyAny>>,
) -> PyResult<Estimate> {
    let multiplier = self::multiplier(multiplier)?;
    let events = Numbers::series("events", events)?;
    let population = Numbers::read("population", population)?;
    let standard = Numbers::read("standard", standard)?;
    let each = each.map(|each| Numbers::read("each", each)).transpose()?;
    let all: Vec<&Numbers> = [&events, &population, &standard].into_iter().chain(&each).collect();
    let (rows, _) = together(&all)?;
    if let Some(why) = all.iter().find_map(|numbers| (0..rows).find_map(|row| numbers.odd(row))) {
        return Err(refused(why));
    }
    let (events, missing) = events.zero_for_missing();
    let mut groups: Vec<(f64, Vec<Stratum>)> = Vec::new();
    for (row, events) in events.into_iter().enumerate() {
        let stratum = Stratum { events, population: population.at(row), standard: standard.at(row) };
        let each = each.as_ref().map_or(1.0, |each| each.at(row));
        match groups.iter_mut().find(|(other, _)| other.total_cmp(&each).is_eq()) {
            Some((_, strata)) => strata.push(stratum),
            None => groups.push((each, vec![stratum])),
        }
    }
    let groups: Vec<(f64, &[Stratum])> =
        groups.iter().map(|(each, strata)| (*each, strata.as_slice())).collect();
    let estimate =
        Estimate::of(&confidence, |level| stats::dsr_of_repeated_events(&groups, multiplier, level));
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
#[pyo3(signature = (events, population, ref_events, ref_population, multiplier=100_000.0, confidence=Levels::default()), text_signature = "(events, population, ref_events, ref_population, multiplier=100000, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn isr(
    events: &Bound<'_, PyAny>,
    population: &Bound<'_, PyAny>,
    ref_events: &Bound<'_, PyAny>,
    ref_population: &Bound<'_, PyAny>,
    multiplier: f64,
    confidence: Levels,
) -> PyResult<Standardised> {
    let multiplier = self::multiplier(multiplier)?;
    let (events, population) =
        (Numbers::series("events", events)?, Numbers::series("population", population)?);
    let ref_events = Numbers::series("ref_events", ref_events)?;
    let ref_population = Numbers::series("ref_population", ref_population)?;
    together(&[&events, &population, &ref_events, &ref_population])?;
    let ((events, missing), (ref_events, ref_missing)) =
        (events.zero_for_missing(), ref_events.zero_for_missing());
    let strata: Vec<_> = events
        .into_iter()
        .zip(ref_events)
        .enumerate()
        .map(|(row, (events, reference_events))| IndirectStratum {
            events,
            population: population.at(row),
            reference_events,
            reference_population: ref_population.at(row),
        })
        .collect();
    let at = |of: fn(&stats::Standardised) -> stats::Estimate| {
        Estimate::of(&confidence, |level| {
            stats::isr(&strata, multiplier, level).as_ref().map(of).map_err(|why| *why)
        })
    };
    let (rate, ratio) = (at(|found| found.rate), at(|found| found.ratio));
    let plain = stats::isr(&strata, multiplier, stats::Confidence::P95);
    Ok(Standardised {
        observed: plain.as_ref().ok().map(|found| found.observed),
        expected: plain.as_ref().ok().map(|found| found.expected),
        reference_rate: plain.as_ref().ok().map(|found| found.reference_rate),
        outcome: rate.outcome.clone().or_else(|| counted_as_zero(missing + ref_missing)),
        rate,
        ratio,
    })
}

fn counted_as_zero(missing: usize) -> Option<String> {
    match missing {
        0 => None,
        1 => Some("a missing count of events counts as 0".to_owned()),
        more => Some(format!("{more} missing counts of events count as 0")),
    }
}
