//! Intervals where people come in clusters: families, homes, the schools of a survey.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict};
use staysafe::stats::{self, Cluster, SurveyAnswer};

use super::levels::Levels;
use super::numbers::{Numbers, together};
use super::rows::{Estimate, Level};
use crate::error::refused;

/// A proportion of members of clusters: an `Estimate`, with the number of independent members that would tell as much.
#[pyclass(frozen, module = "staysafe.stats")]
#[derive(Debug)]
pub(crate) struct Clustered {
    estimate: Estimate,
    /// How many independent members, or answers of a simple random sample, would tell as much.
    #[pyo3(get)]
    effective: Option<f64>,
    /// How many times larger the variance is than that of a simple random sample; None but for a survey.
    #[pyo3(get)]
    design_effect: Option<f64>,
}

#[pymethods]
impl Clustered {
    /// The share of 1.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.estimate.value
    }

    /// The lower limit.
    #[getter]
    fn lower(&self) -> Option<f64> {
        self.estimate.lower()
    }

    /// The upper limit.
    #[getter]
    fn upper(&self) -> Option<f64> {
        self.estimate.upper()
    }

    /// None, or what is missing and why.
    #[getter]
    fn outcome(&self) -> Option<String> {
        self.estimate.outcome.clone()
    }

    fn __getattr__(&self, name: &str) -> PyResult<Option<f64>> {
        self.estimate.__getattr__(name)
    }

    fn __repr__(&self) -> String {
        let effective = self.effective.map_or_else(|| "None".to_owned(), |effective| effective.to_string());
        format!("Clustered({}, effective={effective})", self.estimate.__repr__())
    }
}

fn clusters(total: &Bound<'_, PyAny>, size: &Bound<'_, PyAny>) -> PyResult<Vec<Cluster>> {
    let (total, size) = (Numbers::series("total", total)?, Numbers::series("size", size)?);
    let (rows, _) = together(&[&total, &size])?;
    Ok((0..rows).map(|row| Cluster { total: total.at(row), size: size.at(row) }).collect())
}

/// The share of all members of clusters that count, with limits that know that members of one cluster are alike.
///
/// One row for each cluster (family, home): `total` of its members count, of `size`. Gives one `Clustered`: `value`,
/// `lower`, `upper`, `effective` and `outcome`. The limits are never narrower than if members were independent.
///
/// Source: Korn EL, Graubard BI, Survey Methodology 24 (1998), with Wilson's limits in place of exact ones; Cochran WG,
/// Sampling techniques (1977), sections 2.11 and 6.4.
///
/// >>> import staysafe as ss
/// >>> seen = ss.stats.clustered_proportion([3, 3, 3, 0, 0, 0, 0, 0, 0, 0], [3] * 10)  # ten families of three
/// >>> seen.value, round(seen.effective, 1), round(seen.upper, 2)
/// (0.3, 6.8, 0.66)
#[pyfunction]
#[pyo3(signature = (total, size, confidence=Levels::default()), text_signature = "(total, size, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn clustered_proportion(
    total: &Bound<'_, PyAny>,
    size: &Bound<'_, PyAny>,
    confidence: Levels,
) -> PyResult<Clustered> {
    let clusters = clusters(total, size)?;
    let found = confidence
        .iter()
        .map(|level| stats::clustered_proportion(&clusters, *level))
        .collect::<Result<Vec<_>, _>>();
    Ok(match found {
        Ok(found) => Clustered {
            estimate: Estimate {
                value: found.first().map(|first| first.estimate.value),
                limits: confidence
                    .iter()
                    .zip(&found)
                    .map(|(level, at)| Level::new(*level, at.estimate.interval))
                    .collect(),
                outcome: None,
            },
            effective: found.first().map(|first| first.effective),
            design_effect: None,
        },
        Err(why) => nothing(&confidence, &why),
    })
}

/// The mean of all members of clusters, with limits that know that members of one cluster are alike.
///
/// One row for each cluster (family, home): the `total` of its members' values, and its `size`. Gives one `Estimate`.
///
/// Source: Cochran WG, Sampling techniques (1977), sections 2.11 and 6.4.
///
/// >>> import staysafe as ss
/// >>> wait = ss.stats.clustered_mean([84, 12, 66], [2, 1, 3])  # days, by family
/// >>> wait.value
/// 27.0
#[pyfunction]
#[pyo3(signature = (total, size, confidence=Levels::default()), text_signature = "(total, size, confidence=0.95)")]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn clustered_mean(
    total: &Bound<'_, PyAny>,
    size: &Bound<'_, PyAny>,
    confidence: Levels,
) -> PyResult<Estimate> {
    let clusters = clusters(total, size)?;
    Ok(Estimate::of(&confidence, |level| stats::clustered_mean(&clusters, level)))
}

/// The weighted share of the answers to a survey that count, with limits that know how the survey was drawn.
///
/// One row for each answer. `yes` is True or False, or 1 or 0. `weight` is how many people an answer speaks for, `cluster`
/// what was drawn (a school, a team), `stratum` within what (a district): labels of any kind; left out, each answer is
/// drawn by itself, and all from one stratum. Gives one `Clustered`: `value`, `lower`, `upper`, `effective`,
/// `design_effect` and `outcome`. A missing answer is for the caller to leave out, and to say so.
///
/// Source: Cochran WG, Sampling techniques (1977), section 6.4 and chapter 9A; Korn EL, Graubard BI, Survey Methodology
/// 24 (1998), with Wilson's limits in place of exact ones.
///
/// >>> import staysafe as ss
/// >>> schools = ["a", "a", "a", "b", "b", "b", "c", "c", "c"]
/// >>> safe = ss.stats.survey_proportion([1, 1, 1, 0, 0, 1, 1, 1, 0], [2, 2, 2, 1, 1, 1, 3, 3, 3], schools)
/// >>> round(safe.value, 3), round(safe.effective, 1)
/// (0.722, 2.0)
#[pyfunction]
#[pyo3(
    signature = (yes, weight=None, cluster=None, stratum=None, confidence=Levels::default()),
    text_signature = "(yes, weight=None, cluster=None, stratum=None, confidence=0.95)"
)]
#[allow(clippy::needless_pass_by_value, reason = "as pyo3 hands it over")]
pub(crate) fn survey_proportion(
    py: Python<'_>,
    yes: &Bound<'_, PyAny>,
    weight: Option<&Bound<'_, PyAny>>,
    cluster: Option<&Bound<'_, PyAny>>,
    stratum: Option<&Bound<'_, PyAny>>,
    confidence: Levels,
) -> PyResult<Clustered> {
    let yes = answers(yes)?;
    let weight = weight.map(|weight| Numbers::series("weight", weight)).transpose()?;
    let cluster = cluster.map(|cluster| numbered(py, "cluster", cluster)).transpose()?;
    let stratum = stratum.map(|stratum| numbered(py, "stratum", stratum)).transpose()?;
    for (name, have) in [
        ("weight", weight.as_ref().map(|weight| weight.values().len())),
        ("cluster", cluster.as_ref().map(Vec::len)),
        ("stratum", stratum.as_ref().map(Vec::len)),
    ] {
        if let Some(have) = have.filter(|have| *have != yes.len()) {
            return Err(refused(format!(
                "yes has {} values and {name} has {have}: give as many of each",
                yes.len()
            )));
        }
    }
    let answers: Vec<_> = (0_u32..)
        .zip(&yes)
        .enumerate()
        .map(|(row, (own, yes))| SurveyAnswer {
            yes: *yes,
            weight: weight.as_ref().map_or(1.0, |weight| weight.at(row)),
            cluster: cluster.as_ref().and_then(|cluster| cluster.get(row).copied()).unwrap_or(own),
            stratum: stratum.as_ref().and_then(|stratum| stratum.get(row).copied()).unwrap_or(0),
        })
        .collect();
    let found = py.detach(|| {
        confidence
            .iter()
            .map(|level| stats::survey_proportion(&answers, *level))
            .collect::<Result<Vec<_>, _>>()
    });
    Ok(match found {
        Ok(found) => Clustered {
            estimate: Estimate {
                value: found.first().map(|first| first.estimate.value),
                limits: confidence
                    .iter()
                    .zip(&found)
                    .map(|(level, at)| Level::new(*level, at.estimate.interval))
                    .collect(),
                outcome: None,
            },
            effective: found.first().map(|first| first.effective),
            design_effect: found.first().and_then(|first| first.design_effect),
        },
        Err(why) => nothing(&confidence, &why),
    })
}

fn nothing(levels: &Levels, why: &stats::StatsError) -> Clustered {
    Clustered { estimate: Estimate::without(levels, why), effective: None, design_effect: None }
}

/// Answers, each True or False, 1 or 0.
pub(super) fn answers(given: &Bound<'_, PyAny>) -> PyResult<Vec<bool>> {
    let mut answers = Vec::new();
    for (row, value) in plain(given)?.try_iter()?.enumerate() {
        let value = value?;
        let number = value.extract::<f64>().ok();
        answers.push(match value.cast::<PyBool>() {
            Ok(answer) => answer.is_true(),
            Err(_) if number.is_some_and(|number| number.total_cmp(&1.0).is_eq()) => true,
            Err(_) if number.is_some_and(|number| number.abs() <= 0.0) => false,
            Err(_) => {
                let found = value.repr()?;
                return Err(refused(format!(
                    "row {row}: True or False is expected (or 1 or 0), not {found}"
                )));
            }
        });
    }
    Ok(answers)
}

/// Python's own objects out of an array or a column.
fn plain<'py>(given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    for method in ["to_pylist", "tolist"] {
        if given.hasattr(method)? {
            return given.call_method0(method);
        }
    }
    Ok(given.clone())
}

/// Labels of any kind as numbers, one for each that differs.
fn numbered(py: Python<'_>, name: &str, labels: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    let labels = plain(labels)?;
    let known = PyDict::new(py);
    let mut numbers = Vec::new();
    for (row, label) in labels.try_iter()?.enumerate() {
        let label = label?;
        if label.is_none() || label.extract::<f64>().is_ok_and(f64::is_nan) {
            return Err(refused(format!("{name}, row {row}: a label is expected, and it is missing")));
        }
        let number = match known.get_item(&label) {
            Ok(Some(number)) => number.extract()?,
            Ok(None) => {
                let number =
                    u32::try_from(known.len()).map_err(|_| refused(format!("{name}: too many labels")))?;
                known.set_item(&label, number)?;
                number
            }
            Err(error) if error.is_instance_of::<PyTypeError>(py) => {
                return Err(refused(format!(
                    "{name}, row {row}: a label is a text, a number or a tuple of these"
                )));
            }
            Err(error) => return Err(error),
        };
        numbers.push(number);
    }
    Ok(numbers)
}
